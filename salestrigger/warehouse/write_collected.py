"""Store what one source yielded, in one transaction: all of it with its new cursor, or nothing. Only the records of a
bulk file are stored slice by slice, and the cursor after the last one.

::

    records ─► link to organisations ─► names, numbers, facts (only what differs)
    parents that changed without their records ─► the stored record, with its new parent
    changes ─► ``before`` from the record as it was stored until now
    documents ─► pending (new or edited ones only; never their bodies)
    removed ─► purged everywhere, a hash stays

A source that failed moves no cursor. Nothing here fetches or analyses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pyarrow as pa

from salestrigger.matchers.facts import facts_from_record
from salestrigger.sources.collect import SourceOutcome
from salestrigger.sources.errors import WarehouseError
from salestrigger.sources.records import OrgRecord
from salestrigger.sources.spec import SourceSpec
from salestrigger.warehouse import collected_rows as rows
from salestrigger.warehouse import collected_values, write_bulk
from salestrigger.warehouse.before import fill_before
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.link import Link, link_records
from salestrigger.warehouse.parents import with_other_parents, with_stored_parents
from salestrigger.warehouse.purge import purge, tombstone_id
from salestrigger.warehouse.staging import chunk_ids, staged, storable

#: Records that are staged at a time: what bounds the memory of a register's bulk file.
RECORD_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class StoredCounts:
    """What one source brought that was not known yet."""

    new_documents: int = 0
    edited_documents: int = 0
    changed_records: int = 0  #: new or different
    new_changes: int = 0
    new_facts: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class RunContext:
    """The run that is storing."""

    run_id: str
    number: int
    now: datetime  #: its logical time
    values: dict[str, Any] = field(default_factory=dict)  #: run_id and at, as parameters

    @classmethod
    def of(cls, wh: Warehouse, run_id: str, now: datetime | None) -> RunContext:
        """The run by its id; ``now`` defaults to its logical time.

        Raises:
            WarehouseError: there is no such run.
        """
        found = wh.rows("run_by_id", {"run_id": run_id})
        if not found:
            raise WarehouseError(f"cannot store for run {run_id!r}: no such run")
        at = now or collected_values.aware(found[0]["as_of_at"])
        return cls(run_id, found[0]["run_number"], at, {"run_id": run_id, "at": storable(at)})


def store_collected(
    wh: Warehouse, run_id: str, outcome: SourceOutcome, spec: SourceSpec, *, now: datetime | None = None
) -> StoredCounts:
    """Keep one source's yield in one transaction; what it brought that was new.

    Raises:
        StorageError: the disk or the file failed; nothing of it is stored.
        WarehouseError: there is no such run.
    """
    run = RunContext.of(wh, run_id, now)
    with wh.transaction():
        with wh.staged(staged("staged_source", [rows.source_row(spec)])):
            wh.execute_file("merge_source")
        purge(wh, outcome, spec, run.values)
        tombstones = wh.rows("tombstoned")
        gone = {row["tombstone_id"] for row in tombstones}
        outcome = _without(outcome, {row["tombstone_id"] for row in tombstones if row["adapter"] == spec.adapter})
        new_changes = _store_changes(wh, outcome, run, gone)  # first: ``before`` is what is stored until now
        records = tuple(r for r in outcome.collected.records if tombstone_id(r.record_id) not in gone)
        changed, facts = _store_records(wh, _parented(wh, outcome, records), spec.trust, run)
        new, edited = _store_documents(wh, outcome, run)
        counts = StoredCounts(new, edited, changed, new_changes, facts, len(outcome.collected.removed))
        if outcome.collected.record_file is None:
            counts = _store_rest(wh, outcome, spec, run, counts=counts)
    if outcome.collected.record_file is not None:
        counts = _store_file(wh, outcome, spec, run, counts=counts)
    return counts


def _store_file(
    wh: Warehouse, outcome: SourceOutcome, spec: SourceSpec, run: RunContext, *, counts: StoredCounts
) -> StoredCounts:
    """A bulk file, each slice in a transaction of its own, and the cursor when all of it is stored.

    One transaction over a million records would hold gigabytes. After a crash the cursor has not moved: the file is
    read again, and what is stored already costs a look at a hash.
    """
    if outcome.collected.record_file is None:
        return counts
    values = run.values | {"run_number": run.number}
    changed, facts = counts.changed_records, counts.new_facts
    for one in write_bulk.slices(outcome.collected.record_file.path):
        with wh.transaction():
            more = write_bulk.store(
                wh, one, values, lambda held: _store_records(wh, _parented(wh, outcome, held), spec.trust, run)
            )
        changed, facts = changed + more[0], facts + more[1]
    counts = replace(counts, changed_records=changed, new_facts=facts)
    with wh.transaction():
        counts = _store_rest(wh, outcome, spec, run, counts=counts)
    # a copy less: what the register removes on legal grounds must not live on in a working file
    outcome.collected.record_file.path.unlink(missing_ok=True)
    return counts


def _parented(wh: Warehouse, outcome: SourceOutcome, records: Sequence[OrgRecord]) -> Sequence[OrgRecord]:
    return records if outcome.collected.tells_parents or not records else with_stored_parents(wh, records)


def _store_rest(
    wh: Warehouse, outcome: SourceOutcome, spec: SourceSpec, run: RunContext, *, counts: StoredCounts
) -> StoredCounts:
    """What follows all records: parents that changed without them, and the source's state with its new cursor."""
    for some in with_other_parents(wh, outcome.collected.parents, outcome.source_id, run.now):
        changed, facts = _store_records(wh, some, spec.trust, run)
        counts = replace(counts, changed_records=counts.changed_records + changed, new_facts=counts.new_facts + facts)
    _store_state(wh, outcome, counts, run)
    return counts


def _store_state(wh: Warehouse, outcome: SourceOutcome, counts: StoredCounts, run: RunContext) -> None:
    row = rows.source_run_row(
        outcome,
        {
            "new_document_count": counts.new_documents,
            "edited_document_count": counts.edited_documents,
            "changed_record_count": counts.changed_records,
            "new_change_count": counts.new_changes,
        },
    )
    with wh.staged(staged("staged_source_run", [row])):
        wh.execute_file("merge_source_state")
        wh.execute_file("merge_source_run", {"run_id": run.run_id})


def _store_documents(wh: Warehouse, outcome: SourceOutcome, run: RunContext) -> tuple[int, int]:
    """How many are new, and how many edited."""
    counted = {"new_count": 0, "edited_count": 0}
    if outcome.collected.documents:
        documents = rows.document_rows(outcome.collected.documents, outcome.documents_ref)
        with wh.staged(staged("staged_documents", documents)):
            counted = wh.rows("count_new_documents")[0]
            wh.execute_file("merge_documents", run.values)
    if outcome.collected.set_aside:
        with wh.staged(staged("staged_documents", rows.set_aside_rows(outcome, run.now))):
            wh.execute_file("merge_set_aside", run.values)
    return counted["new_count"], counted["edited_count"]


def _store_changes(wh: Warehouse, outcome: SourceOutcome, run: RunContext, gone: set[str]) -> int:
    changes = tuple(c for c in outcome.collected.changes if tombstone_id(c.record_id) not in gone)
    if not changes:
        return 0
    with wh.staged(chunk_ids([c.record_id for c in changes])):
        stored = {row["record_id"]: collected_values.record_from_row(row) for row in wh.rows("stored_records")}
    with wh.staged(staged("staged_changes", rows.change_rows(fill_before(changes, stored)))):
        new = wh.rows("count_new_changes")[0]["new_count"]
        wh.execute_file("merge_changes", {"run_id": run.run_id})
    return int(new)


def _store_records(wh: Warehouse, records: Sequence[OrgRecord], trust: str, run: RunContext) -> tuple[int, int]:
    """How many records are new or different, and how many facts they brought; unchanged ones cost a look at a hash."""
    stored = facts = 0
    latest = list({record.record_id: record for record in records}.values())
    for start in range(0, len(latest), RECORD_CHUNK):
        changed = _changed(wh, latest[start : start + RECORD_CHUNK], trust)
        if changed:
            stored += len(changed)
            facts += _store_changed(wh, changed, run)
    return stored, facts


def _changed(wh: Warehouse, records: Sequence[OrgRecord], trust: str) -> list[OrgRecord]:
    with wh.staged(_staged_records(wh, records)):
        outranked = {row["record_id"] for row in wh.rows("outranked_records", {"trust": trust})}
        changed = {row["record_id"] for row in wh.rows("changed_records")} - outranked
    return [record for record in records if record.record_id in changed]


def _store_changed(wh: Warehouse, records: Sequence[OrgRecord], run: RunContext) -> int:
    links = _link(wh, records)
    with wh.staged(
        _staged_records(wh, records)
        | staged("staged_identifiers", rows.identifier_rows(records))
        | staged("staged_names", rows.name_rows(records))
        | staged("staged_links", (_link_row(link) for link in links))
    ):
        wh.execute_file("merge_records", {"run_id": run.run_id})
        wh.execute_file("merge_identifiers")
        wh.execute_file("merge_names", {"at": storable(run.now)})
        wh.execute_file("merge_organizations", run.values | {"run_number": run.number})
        wh.execute_file("merge_links", run.values)
    return _store_facts(wh, records, run)


def _staged_records(wh: Warehouse, records: Sequence[OrgRecord]) -> dict[str, pa.Table]:
    return write_bulk.hashed(wh, staged("staged_records", rows.record_rows(records))["staged_records"])


def _link_row(link: Link) -> dict[str, Any]:
    return {
        "record_id": link.record_id,
        "organization_id": link.organization_id,
        "basis": link.basis,
        "probability": link.probability,
        "is_new": link.is_new,
    }


def _link(wh: Warehouse, records: Sequence[OrgRecord]) -> tuple[Link, ...]:
    ids = [r.record_id for r in records] + [str(i) for r in records for i in r.other_ids]
    with wh.staged(chunk_ids(ids)):
        linked = {row["record_id"]: row["organization_id"] for row in wh.rows("known_links")}
        named_by = {row["full_id"]: row["organization_id"] for row in wh.rows("named_links")}
    return link_records(records, linked=linked, named_by=named_by)


def _store_facts(wh: Warehouse, records: Sequence[OrgRecord], run: RunContext) -> int:
    ids = chunk_ids([r.record_id for r in records])
    with wh.staged(ids):
        organization = {row["record_id"]: row["organization_id"] for row in wh.rows("known_links")}
        facts = (
            rows.fact_row(organization[record.record_id], fact, record_id=record.record_id)
            for record in records
            for fact in facts_from_record(record, record.fetched_at)
        )
        with wh.staged(staged("staged_facts", facts)):
            return wh.execute_file("insert_record_facts", run.values | {"run_number": run.number})


def _without(outcome: SourceOutcome, gone: set[str]) -> SourceOutcome:
    """The outcome without documents about what this register removed."""
    if not gone:
        return outcome
    kept = tuple(
        document
        for document in outcome.collected.documents
        if not any(tombstone_id(str(identifier)) in gone for identifier in document.identifiers)
    )
    return replace(outcome, collected=replace(outcome.collected, documents=kept))
