"""Storing the same day twice changes nothing: the promise that the whole run rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from salestrigger.icp_profiles.profile import load_profiles
from salestrigger.matchers.analyse import Findings
from salestrigger.sources.records import Collected, Identifier
from salestrigger.warehouse import write
from salestrigger.warehouse.checks import run_checks
from salestrigger.warehouse.connect import Warehouse
from tests.warehouse import examples as ex

#: The bookkeeping of runs: each run has its own rows there, and sources remember their last attempt.
BOOKKEEPING = {"runs", "source_runs", "run_counts", "source_states"}


def tables(wh: Warehouse) -> list[str]:
    """Every table there is."""
    names = wh.select("SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()")
    return sorted(names.column("table_name").to_pylist())


def content(wh: Warehouse, *, without: set[str] = frozenset()) -> dict[str, list[str]]:  # type: ignore[assignment]
    """Every row of every table as text, sorted."""
    return {t: sorted(map(repr, wh.relation(t).to_pylist())) for t in tables(wh) if t not in without}


def run_a_day(wh: Warehouse) -> tuple[str, Findings]:
    """One whole run over the same published things."""
    run_id = write.start_run(wh, as_of=ex.DAY1, kind="demo", profiles=load_profiles())
    register = Collected(
        records=(ex.record(), ex.full_record()),
        changes=(ex.change(), ex.change("address", "Sjøgata 1, 8006 Bodø")),
        cursor={"from": "2026-03-02"},
    )
    write.store_collected(wh, run_id, ex.outcome(ex.REGISTER, register), ex.REGISTER)
    own = Collected(records=(ex.account("7", "Nordlys", Identifier("NO-BRC", "800000001")),))
    write.store_collected(wh, run_id, ex.outcome(ex.ACCOUNTS, own), ex.ACCOUNTS)
    news = Collected(
        documents=(ex.document(), ex.document("a2", "Ingenting skjer")),
        set_aside=(("http://kyst.example/x", "no_title"),),
    )
    write.store_collected(wh, run_id, ex.outcome(ex.NEWS, news), ex.NEWS)
    found = ex.relocated(ex.document())
    quiet = ex.detection(ex.document("a2", "Ingenting skjer"), matched=False)
    outcomes = tuple((c.change_id, "alias") for c in register.changes)
    found = replace(found, detections=(*found.detections, quiet), change_outcomes=outcomes)
    found = replace(found, funnel=ex.funnel_of(found))
    write.store_findings(wh, run_id, found)
    write.record_reported(wh, run_id, [found.triggers[0].trigger_id], report_id="r1", reported_at=ex.DAY1)
    write.finish_run(wh, run_id)
    return run_id, found


def test_the_same_day_twice_changes_no_row_of_any_table(wh: Warehouse) -> None:
    """All tables but the bookkeeping of runs are equal, row by row, and the cursors too."""
    run_a_day(wh)
    before, cursors = content(wh, without=BOOKKEEPING), wh.rows("source_cursors")
    untouched = ("tombstones", "owner_assignments", "owner_absences", "event_changes", "second_readings",
                 "second_reading_differences", "link_candidates")  # fmt: skip
    assert all(before[t] for t in before if t not in untouched), [t for t in before if not before[t]]
    run_a_day(wh)
    assert content(wh, without=BOOKKEEPING) == before
    assert wh.rows("source_cursors") == cursors
    assert run_checks(wh) == []


def test_the_bookkeeping_has_rows_for_each_run(wh: Warehouse) -> None:
    """Each run is counted, and the second one found nothing new."""
    (first, _), (second, _) = run_a_day(wh), run_a_day(wh)
    assert first != second
    rows = {(r["run_id"], r["source_id"]): r for r in wh.relation("source_runs").to_pylist()}
    assert rows[first, "kyst-news"]["new_document_count"] == 2
    assert rows[second, "kyst-news"]["new_document_count"] == 0
    assert rows[first, "fjord-register"]["changed_record_count"] == 2
    assert rows[second, "fjord-register"]["changed_record_count"] == 0
    assert rows[second, "fjord-register"]["new_change_count"] == 0


def test_storing_findings_twice_in_one_run_changes_nothing_at_all(wh: Warehouse) -> None:
    """A repeated step of the same run leaves every table as it is."""
    run_id, found = run_a_day(wh)
    before = content(wh)
    write.store_findings(wh, run_id, found)
    assert content(wh) == before


def test_a_trigger_gets_a_version_only_when_something_changed(wh: Warehouse) -> None:
    """Rank, effect and reasons have a history; an equal evaluation adds nothing."""
    run_a_day(wh)
    happened = ex.event(ex.document())
    run_id = write.start_run(wh, as_of=ex.DAY2)
    write.store_findings(wh, run_id, ex.findings(triggers=(ex.trigger(happened),)))
    assert wh.relation("trigger_versions").num_rows == 1
    write.store_findings(wh, run_id, ex.findings(triggers=(ex.trigger(happened, rank=60.0),)))
    write.store_findings(wh, run_id, ex.findings(triggers=(ex.trigger(happened, rank=60.0),)))
    versions: list[dict[str, Any]] = wh.relation("trigger_versions").to_pylist()
    assert sorted((v["version_number"], v["rank"]) for v in versions) == [(1, 71.5), (2, 60.0)]


def test_only_a_change_that_matters_is_told_again(wh: Warehouse) -> None:
    """A new rank is no news; a trigger that was held back and is not any more, is."""
    run_a_day(wh)
    happened = ex.event(ex.document())
    for day, values in enumerate(({"rank": 60.0}, {"held_back": "outside_window"}, {}), start=1):
        run_id = write.start_run(wh, as_of=ex.DAY1 + timedelta(days=day))
        write.store_findings(wh, run_id, ex.findings(triggers=(ex.trigger(happened, **values),)))
    assert sorted(wh.relation("outbox").column("version_number").to_pylist()) == [1, 4]
