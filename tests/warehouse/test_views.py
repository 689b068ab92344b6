"""Analysts' views: one row per what each says, and numbers that add up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from salestrigger.sources.records import Collected, Identifier
from salestrigger.warehouse import read, write
from salestrigger.warehouse.checks import run_checks
from salestrigger.warehouse.connect import Warehouse, sql_names
from salestrigger.warehouse.unify import refuse
from tests.warehouse import examples as ex
from tests.warehouse.conftest import copy_of

#: The grain that each view's comment states.
GRAINS = {
    "link_review": ("record_id", "organization_id"),
    "trigger_feed": ("trigger_id",),
    "trigger_history": ("trigger_id", "version_number"),
    "prospects": ("organization_id", "profile"),
    "organizations_current": ("organization_id",),
    "organization_ids": ("organization_id", "full_id"),
    "source_health": ("source_id",),
    "run_funnel": ("run_id", "profile", "stage", "reason"),
    "events_current": ("event_id",),
    "second_reader_runs": ("run_id", "mode", "model"),
}


def fill(wh: Warehouse) -> None:
    """Two days with merged and linked organisations, copies of one story, two profiles and a held-back trigger."""
    for day in (ex.DAY1, ex.DAY2):
        run = write.start_run(wh, as_of=day)
        other = ex.record("800000002", "Sørvind AS", other_ids=(Identifier("XI-LEI", "5493SORVIND"),))
        register = Collected(records=(ex.record(), other, ex.record("800000003", "Sørvind Drift AS")))
        write.store_collected(wh, run, ex.outcome(ex.REGISTER, register, at=day), ex.REGISTER)
        nordlys = Identifier("NO-BRC", "800000001")
        mine = tuple(ex.account(n, "Nordlys", nordlys, relation=r) for n, r in (("1", "account"), ("2", "customer")))
        write.store_collected(wh, run, ex.outcome(ex.ACCOUNTS, Collected(records=mine), at=day), ex.ACCOUNTS)
        copies = tuple(ex.document(key) for key in ("a1", "a2", "a3"))
        write.store_collected(wh, run, ex.outcome(ex.NEWS, Collected(documents=copies), at=day), ex.NEWS)
        if day == ex.DAY1:
            found = ex.relocated(copies[0])
            sources = tuple(ex.event_source(d, group="one wire") for d in copies)
            told = replace(found.events[0], sources=sources)
            silent = tuple(ex.detection(d, events=(told,)) for d in copies[1:])
            triggers = (*found.triggers, ex.trigger(told, profile="kyst", held_back="customer", rank=12.0))
            found = replace(
                found, events=(told,), detections=(*found.detections, *silent), triggers=triggers,
                fits=(ex.fit(), ex.fit(profile="kyst", verdict="unknown", lower=20)),
            )  # fmt: skip
            found = replace(found, readings=ex.readings(*copies))
            write.store_findings(wh, run, replace(found, funnel=ex.funnel_of(found)))
        else:
            later = (ex.trigger(ex.event(ex.document()), rank=55.5),)
            write.store_findings(wh, run, ex.findings(triggers=later))
        write.finish_run(wh, run)
    # an organisation that turned out to be another, as a later matching would record it
    twin, stays = (ex.content_id("org", f"NO-BRC-80000000{n}") for n in (3, 2))
    wh.select(
        "UPDATE organizations SET merged_into_id = $stays WHERE organization_id = $twin", {"stays": stays, "twin": twin}
    )
    refuse(wh, "ACCOUNT-1", stays, ex.DAY2)
    wh.select("UPDATE link_candidates SET decision = 'review'")
    assert run_checks(wh) == []


@pytest.fixture(scope="module")
def prepared(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of this module's tests, made once."""
    path = tmp_path_factory.mktemp("prepared") / "warehouse.duckdb"
    with copy_of(migrated, path) as warehouse:
        fill(warehouse)
    return path


@pytest.fixture
def full(prepared: Path, path: Path) -> Iterator[Warehouse]:
    """Those two days."""
    with copy_of(prepared, path) as warehouse:
        yield warehouse


def test_each_view_has_one_row_per_grain(full: Warehouse) -> None:
    """No two rows share the columns that the view's comment names."""
    for view, grain in GRAINS.items():
        rows = full.relation(view).to_pylist()
        assert rows, view
        keys = [tuple(row[column] for column in grain) for row in rows]
        assert len(set(keys)) == len(keys), view
        assert None not in {part for key in keys for part in key}, view
        comment = full.select("SELECT comment FROM duckdb_views() WHERE view_name = $view", {"view": view})
        assert comment.column("comment").to_pylist()[0].startswith("One row per "), view


def test_no_view_goes_without_a_grain() -> None:
    """A new view states its grain here."""
    assert sorted(name.partition("_")[2] for name in sql_names("views")) == sorted(GRAINS)


def test_the_feed_says_all_that_a_line_of_a_report_needs(full: Warehouse) -> None:
    """The row as it stands now: the newest version, the organisation's data, the sources, the reasons."""
    told, held = read.trigger_rows(full)
    assert (told["company"], told["country"], told["city"], told["relation"]) == (
        "Nordlys Maskin AS", "NO", "Tromsø", "customer",
    )  # fmt: skip
    assert told["identifiers"] == ["NO-BRC-800000001", "ACCOUNT-1", "ACCOUNT-2"]
    assert (told["rank"], told["version_number"], told["effect"]) == (55.5, 2, "enters_icp")
    assert (told["first_recorded_at"], told["recorded_at"]) == (ex.DAY1, ex.DAY2)
    assert (told["event_type"], told["modality"], told["effective_on"]) == ("relocation", "announced", date(2026, 4, 1))
    assert (told["document_count"], told["independent_source_count"]) == (3, 1)
    assert [s["url"] for s in told["sources"]] == [f"http://kyst.example/a{n}" for n in (1, 2, 3)]
    assert told["sources"][0]["published_at"] == "2026-03-02T03:00:00Z"
    assert (told["match_probability"], told["match_decision"], told["mention"]) == (0.97, "accept", "Nordlys Maskin")
    assert told["match_evidence"][0]["says"] == "same name as in the register"
    assert told["roles"][0]["name"] == "Nordlys Maskin AS"
    assert (told["verdict_before"], told["verdict"], told["flipped"]) == ("does_not_fit", "fits", "city")
    assert [c["state"] for c in told["criteria"]] == ["met", "unknown"]
    assert told["rank_terms"][0] == {"name": "fit", "value": 0.8, "says": "fits well"}
    assert {a["key"]: a["value"] for a in told["attributes"]}["location"] == "Bodø"
    assert (held["profile"], held["held_back"], held["is_open"]) == ("kyst", "customer", True)


def test_the_reasons_are_those_for_the_organisation_of_the_trigger(full: Warehouse) -> None:
    """When its mention is read again and means another one, the other's evidence is not told as this one's."""
    meant = {"organization_id": ex.content_id("org", "NO-BRC-800000002")}
    full.select("UPDATE matches SET organization_id = $organization_id, namesakes_count = 7", meant)
    for row in read.trigger_rows(full):
        assert (row["company"], row["mention"], row["match_probability"]) == (
            "Nordlys Maskin AS",
            "Nordlys Maskin",
            0.97,
        )
        assert (row["match_evidence"], row["namesakes_count"], row["runner_up_id"]) == ([], 0, None)


def test_the_feed_as_of_a_time_is_what_was_known_then(full: Warehouse) -> None:
    """The version that held, not the one that holds; and nothing before the first run."""
    then = read.trigger_rows(full, as_of=ex.DAY1)
    assert [r["rank"] for r in then] == [71.5, 12.0]
    assert [r["rank"] for r in read.trigger_rows(full, as_of=ex.DAY2)] == [55.5, 12.0]
    assert read.trigger_rows(full, as_of=ex.DAY1.replace(hour=5)) == []
    assert read.trigger_rows(full, since=ex.DAY1) == []
    assert [r["profile"] for r in read.trigger_rows(full, profile="kyst")] == ["kyst"]


def test_a_trigger_closes_after_its_last_day(full: Warehouse) -> None:
    """By the logical day of the last run, not by a clock."""
    assert all(r["is_open"] for r in read.trigger_rows(full))
    write.start_run(full, as_of=ex.DAY1.replace(month=10))
    assert not any(r["is_open"] for r in read.trigger_rows(full))


def test_the_funnel_adds_up(full: Warehouse) -> None:
    """The reasons of a stage add up to what entered it, per profile."""
    first = read.runs(full)[0]["run_id"]
    rows = read.funnel_rows(full, run_id=first)
    assert {(r["profile"], r["stage"], r["reason"]): (r["unit_count"], r["stage_count"]) for r in rows} == {
        ("", "documents", "event"): (3, 3),
        ("", "events", "resolved"): (1, 1),
        ("kyst", "subjects", "customer"): (1, 1),
        ("maskin", "subjects", "enters_icp"): (1, 1),
    }
    assert {r["run_number"] for r in read.funnel_rows(full)} == {2}
    assert {r["run_number"] for r in read.funnel_rows(full, as_of=ex.DAY1)} == {1}


def test_merged_organisations_are_one_in_every_view(full: Warehouse) -> None:
    """Their records, numbers and fits are those of the one that stands."""
    current = {r["organization_id"]: r for r in full.relation("organizations_current").to_pylist()}
    stays = ex.content_id("org", "NO-BRC-800000002")
    assert len(current) == 2
    assert (current[stays]["name"], current[stays]["record_count"]) == ("Sørvind AS", 2)
    ids = [r for r in full.relation("organization_ids").to_pylist() if r["organization_id"] == stays]
    assert sorted((r["full_id"], r["id_kind"], r["is_own_record"]) for r in ids) == [
        ("NO-BRC-800000002", "register", True),
        ("NO-BRC-800000003", "register", True),
        ("XI-LEI-5493SORVIND", "lei", False),
    ]
    assert len(read.organizations(full)) == 2


def test_prospects_join_fit_and_open_triggers(full: Warehouse) -> None:
    """A customer stays a customer; what is held back is not open business."""
    rows = {r["profile"]: r for r in read.prospect_rows(full)}
    assert (rows["maskin"]["stage"], rows["maskin"]["open_trigger_count"], rows["maskin"]["best_rank"]) == (
        "customer",
        1,
        55.5,
    )
    assert (rows["kyst"]["open_trigger_count"], rows["kyst"]["score"]) == (0, 20.0)


def test_the_health_of_sources(full: Warehouse) -> None:
    """What came, when, and whether a source is silent."""
    rows = {r["source_id"]: r for r in read.source_rows(full)}
    news = rows[ex.NEWS.id]
    assert (news["document_count"], news["seen_7d"], news["new_document_count"], news["per_day"]) == (3, 3, 0, 3.0)
    assert (news["is_silent"], rows[ex.REGISTER.id]["is_silent"]) == (False, None)
    assert (news["last_status"], news["last_ok_at"]) == ("ok", ex.DAY1.replace(day=3))
    run = write.start_run(full, as_of=ex.DAY1.replace(month=4))
    write.store_collected(full, run, ex.outcome(ex.NEWS, status="failed", at=ex.DAY1.replace(month=4)), ex.NEWS)
    failed = read.source_rows(full)[2]
    assert (failed["is_silent"], failed["last_status"]) == (True, "failed")
    assert failed["last_reason"].startswith("http_500")


def test_nothing_is_missed_before_a_source_is_known_for_a_week(wh: Warehouse) -> None:
    """A feed that has nothing on the first morning has not been silent for seven days."""
    seen = []
    for day in (0, 6, 7):
        at = ex.DAY1 + timedelta(days=day)
        run = write.start_run(wh, as_of=at)
        write.store_collected(wh, run, ex.outcome(ex.NEWS, status="empty", at=at), ex.NEWS)
        (row,) = read.source_rows(wh)
        seen.append((row["known_days"], row["is_silent"]))
    assert seen == [(0, False), (6, False), (7, True)]


@pytest.mark.parametrize(("last_week", "is_below"), [(0, True), (2, True), (4, False), (12, False)])
def test_a_volume_below_its_own_usual_is_noticed(wh: Warehouse, last_week: int, is_below: bool) -> None:
    """What had piled up at first does not count; after three weeks of two a day, fewer than a quarter is odd."""
    quiet = ex.NEWS.model_copy(update={"per_day": None})
    volumes = [90, *[6] * 9, last_week]  # every third day; the last one stands for a week
    keys = iter(range(1000))
    for number, volume in enumerate(volumes):
        at = ex.DAY1 + timedelta(days=3 * number + (4 if number == len(volumes) - 1 else 0))
        run = write.start_run(wh, as_of=at)
        found = tuple(ex.document(f"n{next(keys)}") for _ in range(volume))
        write.store_collected(wh, run, ex.outcome(quiet, Collected(documents=found), at=at), quiet)
    (row,) = (row for row in read.source_rows(wh) if row["source_id"] == quiet.id)
    assert (row["seen_7d"], row["usual_7d"]) == (last_week, 15.1)
    assert row["is_below_usual"] is is_below


def test_one_line_says_what_is_known(full: Warehouse) -> None:
    """Organisations, records and what is pending."""
    assert read.universe_line(full) == "2 organisations from 5 records; pending: 0 documents, 0 register changes"


def test_the_last_run_up_to_a_time(full: Warehouse) -> None:
    """None before the first."""
    last = read.last_run(full)
    assert last is not None
    assert (last["run_number"], last["as_of_at"]) == (2, ex.DAY2)
    assert read.last_run(full, as_of=ex.DAY1.replace(hour=5)) is None


def test_the_second_reader_is_accounted_for_per_run(full: Warehouse) -> None:
    """How much it was given and read, what it cost, and where it differs, in one row; failures count as given only."""
    (row,) = full.relation("second_reader_runs").to_pylist()
    assert (row["document_count"], row["given_document_count"], row["given_share"]) == (3, 3, 1.0)
    assert (row["read_document_count"], row["cached_document_count"], row["changed_document_count"]) == (2, 1, 1)
    assert (row["difference_count"], row["refused_event_count"]) == (1, 1)
    assert (row["input_token_count"], row["output_token_count"], row["cost"]) == (1_200, 90, 0.5)
    assert row["as_of_at"] == ex.DAY1.replace(tzinfo=None)


def test_differences_are_kept_point_by_point(full: Warehouse) -> None:
    """An analyst can ask on what the two readers disagree."""
    rows = full.relation("second_reading_differences").to_pylist()
    assert [(r["kind"], r["event_type"], r["rules_say"], r["reader_says"]) for r in rows] == [
        ("modality", "relocation", "announced", "planned"),
        ("refused", "layoffs", "", "invented_name"),
    ]


def test_every_ready_query_runs(full: Warehouse) -> None:
    """What an analyst copies from the page is answered; a query over a file of one's own needs that file."""
    page = (Path(__file__).parents[2] / "docs" / "warehouse.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    queries = [query for block in blocks for query in block.split(";\n") if query.strip() and "mine.csv" not in query]
    assert len(queries) > 15
    for query in queries:
        full.select(query)
