"""Parents that a register tells without the records of their children, and records that it tells without parents."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from salestrigger.sources.record_columns import RecordWriter, table_of
from salestrigger.sources.records import Collected, Identifier, OrgName, OrgRecord, ParentChange, RecordFile
from salestrigger.warehouse import write
from salestrigger.warehouse.connect import Warehouse
from tests.warehouse import examples as ex

MOTHER, OTHER = Identifier("XI-LEI", "9999EXAMPLE000000657"), Identifier("XI-LEI", "9999EXAMPLE000000754")
CHILD = Identifier("XI-LEI", "9999EXAMPLE000000172")


def child(**changes: Any) -> OrgRecord:
    """An organisation with an identifier that has relationships of its own."""
    own: dict[str, Any] = {"record_id": str(CHILD), "scheme": CHILD.scheme, "identifier": CHILD.value}
    return replace(ex.record(name="Fjellmørk AS"), **(own | changes))


def store(wh: Warehouse, collected: Collected, day: datetime = ex.DAY1) -> write.StoredCounts:
    """One source's yield."""
    run_id = write.start_run(wh, as_of=day, kind="real", profiles=())
    return write.store_collected(wh, run_id, ex.outcome(ex.REGISTER, collected, at=day), ex.REGISTER)


def change(before: Identifier | None, after: Identifier | None) -> Collected:
    """A delta of relationships alone."""
    return Collected(parents=(ParentChange(str(CHILD), before, after), ParentChange("XI-LEI-unknown", None, MOTHER)))


def parents(wh: Warehouse) -> list[str | None]:
    """The fact's history."""
    facts = wh.relation("facts").sort_by("fact_number").to_pylist()
    return [row["value"] and row["value"].strip('"') for row in facts if row["attribute"] == "parent"]


def test_a_relationship_alone_sets_changes_and_ends_a_parent(wh: Warehouse) -> None:
    """Each becomes a fact of its day and the stored record's own; who is not stored brings nothing."""
    store(wh, Collected(records=(child(),)))
    assert store(wh, change(None, MOTHER), ex.DAY2).changed_records == 1
    assert store(wh, change(None, MOTHER), ex.DAY2).changed_records == 0
    assert store(wh, change(MOTHER, OTHER), ex.DAY2).new_facts == 1
    assert store(wh, change(MOTHER, None), ex.DAY2).changed_records == 0, "it ends the one that it names, no other"
    store(wh, change(OTHER, None), ex.DAY2)
    assert parents(wh) == [str(MOTHER), str(OTHER), None]
    (record,) = wh.relation("org_records").to_pylist()
    assert (record["name"], record["parent_id"]) == ("Fjellmørk AS", None)


def test_who_does_not_tell_parents_keeps_the_stored_one(wh: Warehouse, tmp_path: Path) -> None:
    """Be it one by one or in a bulk file; who does tell them and names none ends it."""
    store(wh, Collected(records=(child(parent=MOTHER),)))
    renamed = child(names=(OrgName("Fjellmørk Group AS"),))
    store(wh, Collected(records=(renamed,), tells_parents=False))
    writer = RecordWriter(tmp_path / "records")
    writer.add(table_of([child(names=(OrgName("Fjellmørk Invest AS"),))]))
    writer.close()
    store(wh, Collected(record_file=RecordFile(tmp_path / "records", writer.count), tells_parents=False))
    (record,) = wh.relation("org_records").to_pylist()
    assert (record["name"], record["parent_id"]) == ("Fjellmørk Invest AS", str(MOTHER))
    store(wh, Collected(records=(renamed,)))
    assert parents(wh) == [str(MOTHER), None]


def test_a_parent_that_changed_is_stored_with_a_file_of_records(wh: Warehouse, tmp_path: Path) -> None:
    """After the last slice, when all that the file holds is known."""
    writer = RecordWriter(tmp_path / "records")
    writer.add(table_of([child()]))
    writer.close()
    collected = replace(change(None, MOTHER), record_file=RecordFile(tmp_path / "records", writer.count))
    assert store(wh, collected).changed_records == 2
    assert parents(wh) == [str(MOTHER)]
