"""Delete every copy of what a register removed on legal grounds (brreg answers 410), and all that only it told.

::

    removed ─► its changes and the register's documents about it ─► events that only these tell
            ─► triggers, roles, mentions, quotes ─► names, facts, fits ─► the record; a hash stays

Its names, numbers and addresses leave every table; news by others stays, without the link. What stands without the
removed record (one's own account) is judged anew. Bodies are deleted in the raw store (:func:`told_by` says whose), and
the index of names is built anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from salestrigger.sources.collect import SourceOutcome
from salestrigger.sources.records import content_id
from salestrigger.sources.spec import SourceSpec
from salestrigger.warehouse.connect import Warehouse, sql_names
from salestrigger.warehouse.staging import staged


def tombstone_id(record_id: str) -> str:
    """What is left of a record that had to be deleted."""
    return content_id("gone", record_id)


def told_by(wh: Warehouse, outcome: SourceOutcome, spec: SourceSpec) -> tuple[str, ...]:
    """The ids of the sources whose bodies may hold what ``outcome`` removes; empty when it removes nothing."""
    if not outcome.collected.removed:
        return ()
    with wh.staged(_staged_removed(outcome)):
        return tuple(row["source_id"] for row in wh.rows("sources_of_removed", {"adapter": spec.adapter}))


def purge(wh: Warehouse, outcome: SourceOutcome, spec: SourceSpec, values: Mapping[str, Any]) -> None:
    """Delete what ``outcome`` removes, within the caller's transaction; ``values`` are run_id and at."""
    if not outcome.collected.removed:
        return
    with wh.staged(_staged_removed(outcome)):
        gone = staged("staged_gone", wh.rows("orphaned_organizations"))
        documents = staged("staged_gone_documents", wh.rows("documents_of_removed", {"adapter": spec.adapter}))
        with wh.staged(gone | documents):
            events = staged("staged_gone_events", wh.rows("events_of_removed"))
            judged = staged("staged_organizations", wh.rows("linked_to_removed"))
            with wh.staged(events | judged):
                for name in sql_names("queries"):
                    if name.startswith("purge_"):
                        wh.execute_file(name)
        wh.execute_file("merge_tombstones", {**values, "source_id": spec.id})


def _staged_removed(outcome: SourceOutcome) -> dict[str, Any]:
    removed = sorted(set(outcome.collected.removed))
    return staged("staged_removed", ({"record_id": r, "tombstone_id": tombstone_id(r)} for r in removed))
