"""What a source yielded is stored whole or not at all: records linked, changes completed, documents pending."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestrigger.sources.errors import UsageError, WarehouseError
from salestrigger.sources.records import (
    Address,
    Collected,
    Headcount,
    Identifier,
    IndustryCode,
    Money,
    OrgName,
    OrgRecord,
    content_id,
)
from salestrigger.warehouse import read, write, write_collected
from salestrigger.warehouse.before import fill_before
from salestrigger.warehouse.checks import run_checks
from salestrigger.warehouse.collected_values import identifier, record_from_row
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.link import link_records, organization_id_for
from salestrigger.warehouse.migrate import migrate
from salestrigger.warehouse.staging import staged, storable, to_json
from tests.warehouse import examples as ex


def store(wh: Warehouse, spec: Any, collected: Collected, *, status: str = "ok", day: Any = ex.DAY1) -> Any:
    """One source's yield in a run of its own."""
    run_id = write.start_run(wh, as_of=day)
    return write.store_collected(wh, run_id, ex.outcome(spec, collected, status=status, at=day), spec)


def one(wh: Warehouse, sql: str) -> dict[str, Any]:
    """The only row of a query."""
    rows: list[dict[str, Any]] = wh.select(sql).to_pylist()
    assert len(rows) == 1, rows
    return rows[0]


def test_a_record_comes_back_as_it_was(wh: Warehouse) -> None:
    """Every field of a record survives storing, and an almost empty one too."""
    bare = OrgRecord("XI-LEI-1", "XI-LEI", "1", (OrgName("Bare BV"),), ex.REGISTER.id, ex.DAY1)
    stored = (ex.full_record(), bare, ex.record())
    store(wh, ex.REGISTER, Collected(records=stored))
    back = {r["record_id"]: record_from_row(r) for r in wh.relation("org_records").to_pylist()}
    assert back == {r.record_id: r for r in stored}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NO-BRC-923609016", Identifier("NO-BRC", "923609016")),
        ("US-EIN-12-3456789", Identifier("US-EIN", "12-3456789")),
        ("ACCOUNT-a-b-c", Identifier("ACCOUNT", "a-b-c")),
        ("ODD-1", Identifier("ODD", "1")),
    ],
)
def test_an_official_number_is_read_back_from_its_text(text: str, expected: Identifier) -> None:
    """The number keeps its dashes and zeros."""
    assert identifier(text) == expected
    assert str(expected) == text


def test_documents_become_pending_once_and_again_when_edited(wh: Warehouse) -> None:
    """The same text is not read twice; another one is, under the same id; a new date alone is no edit."""
    first = store(wh, ex.NEWS, Collected(documents=(ex.document(), ex.document())))
    assert (first.new_documents, first.edited_documents) == (1, 0)
    assert [d for d, _, _ in read.pending_documents(wh)] == [ex.document().document_id]
    run_id = write.start_run(wh, as_of=ex.DAY1)
    write.store_findings(wh, run_id, ex.findings(detections=(ex.detection(ex.document()),)))
    redated = replace(ex.document(), published_at=ex.DAY1, fetched_at=ex.DAY2)
    assert store(wh, ex.NEWS, Collected(documents=(redated,)), day=ex.DAY2).edited_documents == 0
    assert read.pending_documents(wh) == []
    edited = replace(redated, text="Bedriften flytter likevel ikke.")
    assert store(wh, ex.NEWS, Collected(documents=(edited,)), day=ex.DAY2).edited_documents == 1
    assert len(read.pending_documents(wh)) == 1
    stored = one(wh, "SELECT published_at, fetched_at, first_seen_at FROM documents")
    assert stored["published_at"] == storable(ex.document().published_at)
    assert stored["first_seen_at"] == storable(ex.DAY1)


def test_no_body_is_ever_stored(path: Path) -> None:
    """The text of a document is nowhere in the database file."""
    secret = "Uforglemmelig setning som bare står i brødteksten"
    with Warehouse.open(path) as wh:
        migrate(wh)
        store(wh, ex.NEWS, Collected(documents=(ex.document(text=secret),)))
        wh.script("CHECKPOINT")
    assert secret.encode() not in path.read_bytes()
    with Warehouse.open(path, read_only=True) as wh:
        assert "brødteksten" not in repr(wh.relation("documents").to_pylist())


def test_what_could_not_be_read_is_set_aside_with_its_reason(wh: Warehouse) -> None:
    """It is counted, it is not pending, and it never hides a document that could be read."""
    store(wh, ex.NEWS, Collected(set_aside=(("http://kyst.example/bad", "no_title"), ("a1", "too_long"))))
    assert one(wh, "SELECT state, outcome FROM documents WHERE url <> ''") == {
        "state": "set_aside",
        "outcome": "no_title",
    }
    assert read.pending_documents(wh) == []
    store(wh, ex.NEWS, Collected(documents=(ex.document(),)))
    assert len(read.pending_documents(wh)) == 1
    store(wh, ex.NEWS, Collected(set_aside=(("a1", "too_long"),)))
    assert len(read.pending_documents(wh)) == 1


def test_a_failed_source_moves_no_cursor(wh: Warehouse) -> None:
    """Failures are counted in a row and forgotten after a good answer, also an empty one."""
    store(wh, ex.NEWS, Collected(cursor={"etag": "1"}))
    for expected in (1, 2):
        store(wh, ex.NEWS, Collected(cursor={"etag": "2"}), status="failed", day=ex.DAY2)
        state = one(wh, "SELECT * FROM source_states")
        assert (state["failure_count"], state["last_status"]) == (expected, "failed")
        assert read.source_cursors(wh) == {ex.NEWS.id: {"etag": "1"}}
        assert state["last_ok_at"] == storable(ex.DAY1)
    store(wh, ex.NEWS, Collected(cursor={"etag": "3"}), status="not_modified", day=ex.DAY3)
    assert read.source_cursors(wh) == {ex.NEWS.id: {"etag": "3"}}
    assert one(wh, "SELECT failure_count FROM source_states")["failure_count"] == 0


def test_a_source_that_never_worked_has_an_empty_cursor(wh: Warehouse) -> None:
    """Its first attempt is remembered all the same."""
    store(wh, ex.NEWS, Collected(), status="refused")
    assert read.source_cursors(wh) == {ex.NEWS.id: {}}
    assert read.source_rows(wh)[0]["last_ok_at"] is None


def test_nothing_is_stored_when_one_part_fails(wh: Warehouse) -> None:
    """A record that no column can hold takes its documents and its cursor with it."""
    bad = replace(ex.record(), employees=Headcount(2**40, None))
    with pytest.raises(Exception, match=r"INT32|range|convert"):
        store(wh, ex.REGISTER, Collected(records=(bad,), documents=(ex.document(),), cursor={"x": 1}))
    assert wh.relation("documents").num_rows == wh.relation("sources").num_rows == 0
    assert read.source_cursors(wh) == {}


def test_records_that_share_a_number_are_one_organisation(wh: Warehouse) -> None:
    """In either order: the account that names the register's number, or the register that comes later."""
    nordlys = Identifier("NO-BRC", "800000001")
    store(wh, ex.ACCOUNTS, Collected(records=(ex.account("7", "Nordlys", nordlys),)))
    store(wh, ex.REGISTER, Collected(records=(ex.record(),)))
    store(wh, ex.ACCOUNTS, Collected(records=(ex.account("8", "Nordlys igjen", nordlys),)))
    assert read.organization_of(wh) == {
        "ACCOUNT-7": organization_id_for("ACCOUNT-7"),
        "ACCOUNT-8": organization_id_for("ACCOUNT-7"),
        "NO-BRC-800000001": organization_id_for("ACCOUNT-7"),
    }
    organization = read.organizations(wh)[organization_id_for("ACCOUNT-7")]
    assert (organization.name, organization.relation) == ("Nordlys Maskin AS", "account")


def test_an_account_with_two_numbers_merges_nothing() -> None:
    """It joins the first it names; the other organisation stays its own."""
    both = ex.account("1", "Gruppen", Identifier("NO-BRC", "1"), Identifier("NL-KVK", "2"))
    links = link_records((both,), linked={"NO-BRC-1": "org_a", "NL-KVK-2": "org_b"}, named_by={})
    assert [(link.organization_id, link.basis) for link in links] == [("org_a", "identifier")]


def test_links_within_one_batch_count_in_both_directions() -> None:
    """A record that names a later one, and one that names an earlier one, belong together."""
    a = ex.account("1", "A", Identifier("NO-BRC", "800000001"))
    c = ex.account("2", "A igjen", Identifier("NO-BRC", "800000001"))
    links = link_records((a, ex.record(), c), linked={}, named_by={})
    assert {link.organization_id for link in links} == {organization_id_for("ACCOUNT-1")}
    assert [link.is_new for link in links] == [True, False, False]


def test_a_long_list_is_stored_piece_by_piece_as_if_at_once(wh: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records that belong together find each other also across pieces; the last one of a record counts."""
    monkeypatch.setattr(write_collected, "RECORD_CHUNK", 2)
    nordlys = Identifier("NO-BRC", "800000001")
    others = tuple(ex.record(f"80000001{n}", f"Nummer {n} AS") for n in range(5))
    records = (ex.account("7", "Nordlys", nordlys), *others, ex.record(name="Old name AS"), ex.record())
    counts = store(wh, ex.REGISTER, Collected(records=records))
    assert counts.changed_records == 7
    assert len(read.organizations(wh)) == 6
    assert read.organization_of(wh)["NO-BRC-800000001"] == organization_id_for("ACCOUNT-7")
    assert store(wh, ex.REGISTER, Collected(records=records)).changed_records == 0


def test_a_register_keeps_its_record_from_ones_own_list(wh: Warehouse) -> None:
    """A list that states a register's number as its own key replaces nothing that the register states."""
    store(wh, ex.REGISTER, Collected(records=(ex.record(),)))
    mine = replace(ex.record(name="My name for them"), source_id=ex.ACCOUNTS.id)
    assert store(wh, ex.ACCOUNTS, Collected(records=(mine,))).changed_records == 0
    assert one(wh, "SELECT name FROM org_records")["name"] == "Nordlys Maskin AS"


def test_facts_are_appended_only_where_the_value_differs(wh: Warehouse) -> None:
    """The past stays; an attribute that is no longer stated is withdrawn, not forgotten."""
    store(wh, ex.REGISTER, Collected(records=(ex.record(),)))
    count = wh.relation("facts").num_rows
    moved = ex.record(
        fetched_at=ex.DAY2,
        addresses=(Address("business", ("Sjøgata 1",), "8006", "Bodø", "Bodø", "1804", "Nordland", "NO"),),
        website=None,
    )
    stored = store(wh, ex.REGISTER, Collected(records=(moved,)), day=ex.DAY2)
    assert stored.new_facts == wh.relation("facts").num_rows - count == 6
    history = wh.select(
        "SELECT attribute, value::VARCHAR AS v FROM facts WHERE attribute IN ('city', 'website') ORDER BY ALL"
    ).to_pylist()
    assert [(h["attribute"], h["v"]) for h in history] == [
        ("city", '"Bodø"'), ("city", '"Tromsø"'), ("website", '"nordlys.example"'), ("website", None),
    ]  # fmt: skip
    organization = read.organizations(wh)[ex.ORG]
    assert (organization.get("city"), organization.get("website")) == ("Bodø", None)
    assert (organization.get("postcode"), organization.get("country")) == ("8006", "NO")


def test_a_replaced_name_stays_as_a_former_one(wh: Warehouse) -> None:
    """The index can still find an organisation by the name it had."""
    store(wh, ex.REGISTER, Collected(records=(ex.record(),)))
    store(wh, ex.REGISTER, Collected(records=(ex.record(name="Nordlys Robot AS", fetched_at=ex.DAY2),)), day=ex.DAY2)
    assert read.organizations(wh)[ex.ORG].names == (
        OrgName("Nordlys Robot AS"),
        OrgName("Nordlys Maskin AS", "former", None, ex.DAY2.date()),
    )


def test_before_is_filled_from_the_record_as_it_was_stored(wh: Warehouse) -> None:
    """The record that comes with the change does not hide what it replaced."""
    store(wh, ex.REGISTER, Collected(records=(ex.record(),)))
    changes = (
        ex.change("name", "Nordlys Robot AS"),
        ex.change("address", "Sjøgata 1, 8006 Bodø", details={"kind": "business"}),
        ex.change("employees", "60"),
        ex.change("industry", "62.100", details={"rank": "1"}),
        ex.change("capital", "1,000,000 NOK"),
        ex.change("status", "bankrupt", before="under reconstruction"),
    )
    new = ex.record(name="Nordlys Robot AS", employees=Headcount(60, 60), fetched_at=ex.DAY2)
    store(wh, ex.REGISTER, Collected(records=(new,), changes=changes), day=ex.DAY2)
    assert {c.field: c.before for c in read.pending_changes(wh)} == {
        "name": "Nordlys Maskin AS", "address": "Kaiveien 7, 9008 Tromsø", "employees": "42", "industry": "28.920",
        "capital": None, "status": "under reconstruction",
    }  # fmt: skip


def test_of_two_changes_of_one_field_the_second_replaced_the_first() -> None:
    """Whatever order they came in; and a record that already has the new value says nothing."""
    first = ex.change("website", "one.example", published_at=ex.DAY1)
    second = ex.change("website", "two.example", published_at=ex.DAY2)
    filled = fill_before((second, first), {"NO-BRC-800000001": ex.record()})
    assert [c.before for c in filled] == ["one.example", "nordlys.example"]
    (same,) = fill_before((ex.change("name", "Nordlys Maskin AS"),), {"NO-BRC-800000001": ex.record()})
    assert same.before is None


def test_changes_come_back_as_published_and_leave_when_analysed(wh: Warehouse) -> None:
    """Pending until their outcome is stored; published again they are not new."""
    change = ex.change(before="x")
    store(wh, ex.REGISTER, Collected(records=(ex.record(),), changes=(change,)))
    assert read.pending_changes(wh) == (change,)
    run_id = write.start_run(wh, as_of=ex.DAY1)
    write.store_findings(wh, run_id, ex.findings(change_outcomes=((change.change_id, "alias"),)))
    assert read.pending_changes(wh) == ()
    assert store(wh, ex.REGISTER, Collected(changes=(change,)), day=ex.DAY2).new_changes == 0
    assert read.pending_changes(wh) == ()


def test_a_removed_record_is_gone_from_everywhere_and_does_not_come_back(path: Path) -> None:
    """Its name and number are in no table, news about it lose the link, and only a hash stays."""
    with Warehouse.open(path) as wh:
        migrate(wh)
        other = ex.record("800000002", "Sørvind AS")
        store(wh, ex.REGISTER, Collected(records=(ex.record(), other), changes=(ex.change(),)))
        store(wh, ex.NEWS, Collected(documents=(ex.document(),)))
        run_id = write.start_run(wh, as_of=ex.DAY1)
        found = ex.relocated(ex.document())
        source = replace(ex.event_source(ex.document()), document_id=ex.change().change_id)
        own = replace(ex.event(ex.document(), type_="insolvency"), sources=(source,))
        write.store_findings(wh, run_id, replace(found, events=(*found.events, own), funnel=()))
        removed = Collected(removed=("NO-BRC-800000001",), records=(ex.record(),), changes=(ex.change("website", "x"),))
        assert store(wh, ex.REGISTER, removed, day=ex.DAY2).removed == 1
        store(wh, ex.REGISTER, Collected(records=(ex.record(),)), day=ex.DAY3)
        assert read.organization_of(wh) == {"NO-BRC-800000002": organization_id_for("NO-BRC-800000002")}
        assert [e["type"] for e in wh.relation("events").to_pylist()] == ["relocation"]
        assert one(wh, "SELECT organization_id, decision FROM event_roles") == {
            "organization_id": None, "decision": "reject",
        }  # fmt: skip
        for table in ("triggers", "trigger_versions", "outbox", "fits", "fit_changes"):
            assert wh.relation(table).num_rows == 0, table
        assert wh.relation("org_changes").num_rows == 0
        assert wh.relation("tombstones").num_rows == 1
        left = {
            table: repr(wh.relation(table).to_pylist())
            for table in (
                "org_records",
                "org_identifiers",
                "organization_names",
                "facts",
                "organization_links",
                "matches",
            )
        }
        assert not [t for t, rows in left.items() if "800000001" in rows or "Nordlys" in rows or ex.ORG in rows]
        assert [f for f in run_checks(wh) if f.check != "funnel_sums"] == []


def test_removing_one_of_two_records_keeps_the_organisation(wh: Warehouse) -> None:
    """One's own account stays, with what it states itself."""
    account = ex.account("7", "Nordlys", Identifier("NO-BRC", "800000001"))
    store(wh, ex.REGISTER, Collected(records=(ex.record(),)))
    store(wh, ex.ACCOUNTS, Collected(records=(account,)))
    store(wh, ex.REGISTER, Collected(removed=("NO-BRC-800000001",)))
    assert [o.name for o in read.organizations(wh).values()] == ["Nordlys"]
    assert run_checks(wh) == []


def test_a_run_cannot_be_before_the_last_one(wh: Warehouse) -> None:
    """What is known cannot be un-known; the same time again is allowed."""
    write.start_run(wh, as_of=ex.DAY2)
    write.start_run(wh, as_of=ex.DAY2)
    with pytest.raises(UsageError, match=r"2026-03-02.*2026-03-03"):
        write.start_run(wh, as_of=ex.DAY1)


def test_a_run_that_was_cut_off_is_marked_when_the_next_one_starts(wh: Warehouse) -> None:
    """Only one run is ever at work."""
    first = write.start_run(wh, as_of=ex.DAY1)
    second = write.start_run(wh, as_of=ex.DAY1)
    write.finish_run(wh, second)
    assert {r["run_id"]: r["status"] for r in read.runs(wh)} == {first: "interrupted", second: "finished"}


def test_storing_for_an_unknown_run_is_refused(wh: Warehouse) -> None:
    """Every row names the run that stored it."""
    with pytest.raises(WarehouseError, match="no such run"):
        write.store_collected(wh, "run_x", ex.outcome(ex.NEWS), ex.NEWS)
    with pytest.raises(UsageError, match="no such run"):
        write.finish_run(wh, "run_x")
    with pytest.raises(UsageError, match="'finished', 'failed'"):
        write.finish_run(wh, write.start_run(wh, as_of=ex.DAY1), status="ok")


NAUGHTY = (
    "'; DROP TABLE documents; --", '" OR ""="', "$name ${name} {name}", "%s %(a)s", "\x00NUL", "\ud800 lone",
    "\u202egnp.exe", "<script>alert(1)</script>", "=1+1", "NULL", "null",
    "\\u0000 \\", "𝕿𝖊𝖝𝖙 😀 ﷽", "a\nb\tc\r\n", "'" * 50, "",
)  # fmt: skip


def test_hostile_texts_come_back_as_they_were(wh: Warehouse) -> None:
    """Every text goes through as a value: nothing of it is ever read as SQL or JSON."""
    texts = [t for t in NAUGHTY if t]
    records = tuple(
        ex.record(
            str(n), text, description=text, names=(OrgName(text), OrgName(text, "alias")),
            addresses=(Address(lines=(text,), city=text),), industries=(IndustryCode(text, text),),
        )
        for n, text in enumerate(texts)
    )  # fmt: skip
    documents = tuple(ex.document(str(n), text, text) for n, text in enumerate(texts))
    changes = tuple(ex.change(after=text, details={text: text}, published_at=ex.DAY1) for text in texts)
    store(wh, ex.REGISTER, Collected(records=records, changes=changes))
    store(wh, ex.NEWS, Collected(documents=documents, cursor={t: t for t in texts}))
    expected = {t.encode("utf-8", "replace").decode() for t in texts}
    assert set(wh.relation("documents").column("title").to_pylist()) == expected
    back = {record_from_row(r).name for r in wh.relation("org_records").to_pylist()}
    assert back == expected
    assert {c.after for c in read.pending_changes(wh)} == expected
    assert len(read.organizations(wh)) == len(texts)
    assert run_checks(wh) == []


@given(st.text(), st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**15), max_value=10**15))
def test_any_text_and_amount_can_be_stored(text: str, amount: Decimal) -> None:
    """Values become columns without an error, whatever they are."""
    row = {"tombstone_id": text, "record_id": to_json({"a": text, "b": amount, "c": ex.DAY1})}
    table = staged("staged_removed", [row])["staged_removed"]
    table.validate(full=True)
    assert storable(Money(amount, "NOK").amount) == amount


KILLED = """
import sys
from pathlib import Path
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.migrate import migrate
from salestrigger.warehouse import write
from salestrigger.sources.records import Collected
from tests.warehouse import examples as ex
with Warehouse.open(sys.argv[1]) as wh:
    migrate(wh)
    run = write.start_run(wh, as_of=ex.DAY1)
    for n in range(int(sys.argv[2]), 10**6):
        yielded = Collected(documents=tuple(ex.document(f"{n}-{k}") for k in range(5)), cursor={"n": n})
        write.store_collected(wh, run, ex.outcome(ex.NEWS, yielded), ex.NEWS)
        print(n, flush=True)
"""


def test_a_kill_at_any_moment_leaves_documents_and_cursor_together(path: Path) -> None:
    """What was acknowledged is there, what is there is whole, and the next run needs no hand."""
    acknowledged = -1
    for pause in (0.05, 0.23):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(path), str(acknowledged + 1)], stdout=subprocess.PIPE, text=True,
            cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )  # fmt: skip
        assert process.stdout is not None
        seen = process.stdout.readline()
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        lines = [seen, *process.stdout.read().splitlines()]
        process.wait()
        acknowledged = max(acknowledged, *(int(line) for line in lines if line.strip()))
        with Warehouse.open(path) as wh:
            stored = read.source_cursors(wh)[ex.NEWS.id]["n"]
            assert stored in (acknowledged, acknowledged + 1)
            assert wh.relation("documents").num_rows == 5 * (stored + 1)
            assert run_checks(wh) == []
        acknowledged = stored


def test_organization_ids_are_minted_from_the_first_record() -> None:
    """The id is a content hash, so that the same record always mints the same organisation."""
    assert organization_id_for("NO-BRC-800000001") == content_id("org", "NO-BRC-800000001") == ex.ORG


def test_open_events_are_those_of_the_last_months(wh: Warehouse) -> None:
    """An event that was told of long ago is closed to new documents."""
    store(wh, ex.NEWS, Collected(documents=(ex.document(),)))
    run_id = write.start_run(wh, as_of=ex.DAY1)
    found = ex.relocated(ex.document())
    write.store_findings(wh, run_id, found)
    assert read.open_events(wh, ex.DAY1) == found.events
    assert read.open_events(wh, ex.DAY1 + timedelta(days=390)) == found.events  # a deal may take a year to close
    assert read.open_events(wh, ex.DAY1 + timedelta(days=450)) == ()


def test_a_planned_event_stays_open_until_its_day(wh: Warehouse) -> None:
    """However long ago it was told."""
    store(wh, ex.NEWS, Collected(documents=(ex.document(),)))
    run_id = write.start_run(wh, as_of=ex.DAY1)
    far = replace(ex.event(ex.document()), effective_on=ex.DAY1.date() + timedelta(days=800))
    write.store_findings(wh, run_id, ex.findings(events=(far,)))
    assert read.open_events(wh, ex.DAY1 + timedelta(days=799)) == (far,)
