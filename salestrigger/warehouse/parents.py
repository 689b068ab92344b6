"""Who is whose parent, where a source tells of relationships and of organisations apart. No transaction of its own.

GLEIF publishes a new parent without the record of its child, and its records without their parents. So a record that
says nothing of parents keeps the stored one, and a relationship alone makes the stored record a new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from salestrigger.sources.records import OrgRecord, ParentChange
from salestrigger.warehouse.collected_values import identifier, record_from_row
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.staging import chunk_ids

#: relationships that are looked up at a time
CHUNK = 20_000


def with_stored_parents(wh: Warehouse, records: Sequence[OrgRecord]) -> tuple[OrgRecord, ...]:
    """The records of a source that does not tell parents, each with the parent that is stored for it."""
    with wh.staged(chunk_ids([record.record_id for record in records if record.parent is None])):
        stored = {row["record_id"]: row["parent_id"] for row in wh.rows("stored_records") if row["parent_id"]}
    return tuple(
        replace(record, parent=identifier(stored[record.record_id])) if record.record_id in stored else record
        for record in records
    )


def with_other_parents(
    wh: Warehouse, changes: Sequence[ParentChange], source_id: str, at: datetime
) -> Iterator[tuple[OrgRecord, ...]]:
    """The stored records whose parent is another by now, some at a time, as ``source_id`` states them ``at`` a time.

    A relationship that ended ends no other parent than the one it named. Who is not stored is left out.
    """
    rest = iter(changes)
    while some := {change.record_id: change for change in islice(rest, CHUNK)}:
        with wh.staged(chunk_ids(list(some))):
            stored = [record_from_row(row) for row in wh.rows("stored_records")]
        yield tuple(
            replace(record, parent=change.after, source_id=source_id, fetched_at=at)
            for record in stored
            if (change := some[record.record_id]).after != record.parent
            and (change.after is not None or change.before == record.parent)
        )
