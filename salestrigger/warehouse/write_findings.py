"""Store what analysing found, in one transaction: mentions, matches, events, facts, fits, triggers, outbox and funnel,
and the documents and register changes that are then no longer pending.

A crash before the commit leaves them pending, and the next run analyses them again; a crash after it leaves nothing to
do. Nothing here decides what a finding means.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from salestrigger.warehouse import found_rows as rows
from salestrigger.warehouse.collected_rows import fact_row
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.staging import staged
from salestrigger.warehouse.write_collected import RunContext

if TYPE_CHECKING:
    from salestrigger.matchers.analyse import Findings

#: The statements in their order: name, the relation without whose rows there is nothing to do, parameters.
_STATEMENTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("mark_analysed", "staged_analysed", ("run_id",)),
    ("merge_mentions", "staged_analysed", ()),
    ("merge_matches", "staged_analysed", ()),
    ("merge_events", "staged_events", ("at", "run_id")),
    ("merge_event_roles", "staged_events", ()),
    ("merge_event_attributes", "staged_events", ()),
    ("merge_event_sources", "staged_events", ()),
    ("insert_event_facts", "staged_facts", ("run_id", "run_number")),
    ("insert_fits", "staged_fits", ("at", "run_id", "run_number")),
    ("merge_fit_changes", "staged_fit_changes", ("at", "run_id", "run_number")),
    ("merge_triggers", "staged_triggers", ("at", "run_id")),
    ("insert_trigger_versions", "staged_triggers", ("at", "run_id")),
    ("insert_outbox", "staged_triggers", ("at", "run_id")),
    ("mark_outcomes", "staged_outcomes", ("run_id",)),
    ("merge_event_changes", "staged_event_changes", ("at", "run_id")),
    ("merge_second_readings", "staged_readings", ("run_id",)),
    ("merge_reading_differences", "staged_differences", ("run_id",)),
)


def store_findings(wh: Warehouse, run_id: str, findings: Findings, *, now: datetime | None = None) -> None:
    """Keep everything that analysing found; storing the same findings again changes nothing.

    Raises:
        StorageError: the disk or the file failed; nothing of it is stored.
        WarehouseError: there is no such run.
    """
    run = RunContext.of(wh, run_id, now)
    values = run.values | {"run_number": run.number}
    counts = {
        "document_count": len(findings.detections),
        "change_count": len(findings.change_outcomes),
        "event_count": len(findings.events),
    }
    relations = _staged(findings)
    with wh.transaction(), wh.staged(relations):
        for name, relation, needed in _STATEMENTS:
            if relations[relation].num_rows:
                wh.execute_file(name, {key: values[key] for key in needed})
        wh.execute_file("merge_run_counts", {"run_id": run_id})
        wh.execute_file("mark_run_analysed", run.values | counts)


def _staged(findings: Findings) -> Mapping[str, pa.Table]:
    return {
        **staged("staged_analysed", rows.analysed_rows(findings.detections)),
        **staged("staged_mentions", rows.mention_rows(findings.detections)),
        **staged("staged_matches", rows.match_rows(findings.detections)),
        **staged("staged_events", rows.event_rows(findings.events)),
        **staged("staged_roles", rows.role_rows(findings.events)),
        **staged("staged_attributes", rows.attribute_rows(findings.events)),
        **staged("staged_event_sources", rows.event_source_rows(findings.events)),
        **staged("staged_facts", (fact_row(org, fact, record_id=None) for org, fact in findings.facts)),
        **staged("staged_fits", rows.fit_rows(findings.fits)),
        **staged("staged_fit_changes", rows.fit_change_rows(findings.fit_changes)),
        **staged("staged_triggers", rows.trigger_rows(findings.triggers)),
        **staged("staged_outcomes", rows.outcome_rows(findings.change_outcomes)),
        **staged("staged_counts", rows.count_rows(findings.funnel)),
        **staged("staged_event_changes", rows.event_change_rows(findings.history)),
        **staged("staged_readings", rows.reading_rows(findings.readings)),
        **staged("staged_differences", rows.difference_rows(findings.readings)),
    }
