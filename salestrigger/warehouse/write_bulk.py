"""Store a bulk file's records in columns: what a register of a million entities brings the first time.

New records go in by plain INSERTs, slice by slice, without being objects; those that are stored already and differ, or
state what the columns cannot spell, go the ordinary way. Both ways give the same rows. It begins and ends no
transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from salestrigger.matchers.attribute_specs import ATTRIBUTES
from salestrigger.sources.record_columns import slices_of
from salestrigger.sources.records import OrgRecord
from salestrigger.warehouse.collected_values import record_from_row
from salestrigger.warehouse.connect import Warehouse

#: records that are staged at a time
SLICE = 50_000

_INSERTS = ("organizations", "links", "identifiers", "names", "facts", "records")


def hashed(wh: Warehouse, records: pa.Table) -> dict[str, pa.Table]:
    """The staging relation of records with their hashes: what "did it change?" compares."""
    with wh.staged({"staged_records": records}):
        return {"staged_records": wh.query("hashed_records", {"reading": ",".join(ATTRIBUTES)})}


def store(
    wh: Warehouse, one: pa.Table, values: Mapping[str, Any], other: Callable[[Sequence[OrgRecord]], tuple[int, int]]
) -> tuple[int, int]:
    """How many records of one slice are new or different, and how many facts they brought.

    ``values`` are the run's ``run_id``, ``at`` and ``run_number``; ``other`` stores records the ordinary way.
    """
    with wh.staged(hashed(wh, one)):
        fresh, rest = wh.query("bulk_new"), wh.rows("bulk_other")
    facts = _insert(wh, fresh, values) if fresh.num_rows else 0
    more = other([record_from_row(row) for row in rest]) if rest else (0, 0)
    return fresh.num_rows + more[0], facts + more[1]


def _insert(wh: Warehouse, fresh: pa.Table, values: Mapping[str, Any]) -> int:
    """New records and all that hangs on them; how many facts."""
    with wh.staged({"staged_bulk": fresh}), wh.staged({"staged_links": wh.query("bulk_links")}):
        counts = {name: wh.execute_file(f"insert_bulk_{name}", _wanted(name, values)) for name in _INSERTS}
    return counts["facts"]


def _wanted(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that a statement names; DuckDB refuses others."""
    keys = {
        "organizations": ("at", "run_id", "run_number"), "links": ("at", "run_id"), "facts": ("run_id", "run_number"),
        "records": ("run_id",),
    }.get(name, ())  # fmt: skip
    return {key: values[key] for key in keys}


def slices(path: Path) -> Iterator[pa.Table]:
    """The file in tables of about SLICE records, with a position and room for the hash."""
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in slices_of(path):
        held.append(batch)
        count += batch.num_rows
        if count >= SLICE:
            yield _positioned(held)
            held, count = [], 0
    if count:
        yield _positioned(held)


def _positioned(batches: Sequence[pa.RecordBatch]) -> pa.Table:
    table = pa.Table.from_batches(batches)
    position = pa.array(range(table.num_rows), type=pa.int64())
    blank = pa.repeat(pa.scalar(""), table.num_rows)
    return table.append_column("position", position).append_column("content_hash", blank)
