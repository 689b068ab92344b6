"""What the flow asks of the warehouse: where to go on, what is pending, who exists, what we knew.

Everything comes back as the frozen values of ``sources`` and ``matchers``. What reports ask is in ``report_rows``
and re-exported here. Nothing is written.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from salestrigger.matchers.facts import best_facts, organization_from
from salestrigger.matchers.types import Event, Fact, Fit, Organization, Trigger
from salestrigger.sources.records import OrgChange, OrgName, OrgRecord
from salestrigger.warehouse.collected_values import aware, change_from_row, decode_value, record_from_row
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.found_values import event_from_rows, fit_from_row, trigger_from_row
from salestrigger.warehouse.report_rows import (
    fit_change_rows,
    funnel_rows,
    last_run,
    prospect_rows,
    runs,
    source_rows,
    trigger_rows,
    universe_line,
    unreported,
)
from salestrigger.warehouse.staging import chunk_ids, staged_organizations, storable

__all__ = [
    "fit_change_rows", "fits", "funnel_rows", "last_analysed_on", "last_run", "open_events", "organization_ids",
    "organization_of", "organizations", "organizations_before", "organizations_by_number", "organizations_changed",
    "pending_changes", "pending_documents", "prospect_rows", "runs", "source_cursors", "source_rows",
    "trigger_rows", "triggers", "universe_line", "unreported",
]  # fmt: skip

#: How long a new document may still belong to an event: longer than any type's same-event window.
OPEN_EVENT_DAYS = 400

#: A run number above all others.
_NOW = 2**31 - 1


def source_cursors(wh: Warehouse) -> dict[str, dict[str, Any]]:
    """Where each source goes on, by source id; a source that was never collected is absent."""
    return {row["source_id"]: json.loads(row["cursor"]) for row in wh.rows("source_cursors")}


def pending_documents(wh: Warehouse) -> list[tuple[str, str, str]]:
    """(document id, raw store's reference, source id) of all that is to be analysed, in the stated order."""
    return [(r["document_id"], r["raw_ref"], r["source_id"]) for r in wh.rows("pending_documents")]


def pending_changes(wh: Warehouse) -> tuple[OrgChange, ...]:
    """The register changes that are to be analysed, in the stated order."""
    return tuple(change_from_row(row) for row in wh.rows("pending_changes"))


def organization_of(wh: Warehouse, only: Collection[str] | None = None) -> dict[str, str]:
    """Record id → organisation id, merges resolved; ``only`` of these records."""
    with wh.staged(chunk_ids(tuple(only or ()))):
        rows = wh.rows("organization_of", {"is_restricted": only is not None})
    return {row["record_id"]: row["organization_id"] for row in rows}


def organizations(wh: Warehouse, only: Collection[str] | None = None) -> dict[str, Organization]:
    """Every organisation as we know it now, by id; ``only`` these."""
    runs_so_far = wh.rows("last_run", {"as_of": None})
    on = runs_so_far[0]["as_of_at"].date() if runs_so_far else None
    trust = _trust(wh)
    facts = _facts_known(wh, _NOW, only=only)
    return {
        organization_id: _organization(organization_id, records, facts.get(organization_id, ()), trust, on)
        for organization_id, records in _linked_records(wh, only).items()
    }


def organization_as_of(wh: Warehouse, organization_id: str, *, known_at: datetime, on: date) -> Organization | None:
    """One organisation by what was true on a day, as far as it was known at a time; None: not known then.

    What was stated later than the day is left out and what stood before it counts; a word without a day of its own is
    true since it was known. Names are today's: only facts are asked for in the past.
    """
    runs_then = [row["run_number"] for row in wh.rows("runs_all") if aware(row["as_of_at"]) <= known_at]
    records = _linked_records(wh, {organization_id}).get(organization_id)
    if not runs_then or records is None:
        return None
    with wh.staged(staged_organizations({organization_id})):
        rows = wh.rows("facts_as_of", {"run_number": max(runs_then), "on": on})
    facts = _facts(rows).get(organization_id)
    return _organization(organization_id, records, facts, _trust(wh), on) if facts else None


def find_organizations(wh: Warehouse, asked: str) -> list[dict[str, Any]]:
    """Organisations of this id, register number or exact name: organization_id, name, city, country; at most 20."""
    return wh.rows("find_organizations", {"asked": asked})


def organizations_by_number(wh: Warehouse, asked: Collection[str]) -> dict[str, str]:
    """Register number (``SCHEME-value``) or organisation id → organisation id, of those that are known."""
    with wh.staged(chunk_ids(tuple(asked))):
        return {row["asked"]: row["organization_id"] for row in wh.rows("organizations_by_number")}


def organizations_before(wh: Warehouse, now: Mapping[str, Organization] | None = None) -> dict[str, Organization]:
    """Every organisation (or those in ``now``) as we knew it when the last analysis was stored; absent: not known then.

    Empty before the first analysis. ``now`` saves reading the present a second time. Names are today's: only facts are
    asked for in the past.
    """
    last = wh.rows("last_analysed_run")
    if not last:
        return {}
    number, on = last[0]["run_number"], last[0]["as_of_at"].date()
    later = {row["organization_id"] for row in wh.rows("organizations_since", {"run_number": number})}
    touched = {row["organization_id"] for row in wh.rows("organizations_touched", {"run_number": number, "on": on})}
    before = {k: v for k, v in (now if now is not None else organizations(wh)).items() if k not in later}
    touched &= before.keys()
    trust, facts = _trust(wh), _facts_known(wh, number, only=touched) if touched else {}
    for key in touched:
        before[key] = replace(before[key], facts=best_facts(facts.get(key, ()), trust, on=on))
    return before


def organizations_changed(wh: Warehouse, run_id: str | None = None) -> frozenset[str]:
    """The organisations that may differ from what they were in a run, by default the last that was analysed; all of
    them when there was none."""
    last = wh.rows("run_by_id", {"run_id": run_id}) if run_id is not None else wh.rows("last_analysed_run")
    if not last:
        return frozenset(organization_ids(wh))
    at = last[0]["as_of_at"]
    rows = wh.query("organizations_changed", {"run_number": last[0]["run_number"], "at": at, "on": at.date()})
    return frozenset(rows.column(0).to_pylist())


def organization_ids(wh: Warehouse) -> tuple[str, ...]:
    """Every organisation that stands and has a record, ascending."""
    return tuple(wh.query("organization_ids").column(0).to_pylist())


def _organization(
    organization_id: str, records: list[OrgRecord], facts: Iterable[Fact], trust: Mapping[str, str], on: date | None
) -> Organization:
    """The records joined by the rule of ``matchers.facts``; the facts with the time since when we know them."""
    joined = organization_from(organization_id, records, trust=trust)
    return replace(joined, facts=best_facts(facts, trust, on=on))


def _trust(wh: Warehouse) -> dict[str, str]:
    return {row["source_id"]: row["trust"] for row in wh.rows("source_trust")}


def _linked_records(wh: Warehouse, only: Collection[str] | None = None) -> dict[str, list[OrgRecord]]:
    with wh.staged(staged_organizations(only or ())):
        rows = wh.rows("linked_records", {"is_restricted": only is not None})
    former: dict[str, list[OrgName]] = defaultdict(list)
    for row in wh.rows("replaced_names"):
        former[row["record_id"]].append(OrgName(row["name"], "former", row["valid_from_on"], row["valid_to_on"]))
    records: dict[str, list[OrgRecord]] = defaultdict(list)
    for row in rows:
        records[row["organization_id"]].append(record_from_row(row, former.get(row["record_id"], ())))
    return records


def _facts_known(wh: Warehouse, run_number: int, *, only: Iterable[str] | None = None) -> dict[str, list[Fact]]:
    """By organisation: the last word of every record and event, as known after that run; withdrawn ones left out."""
    with wh.staged(staged_organizations(only or ())):
        rows = wh.rows("facts_known", {"run_number": run_number, "is_restricted": only is not None})
    return _facts(rows)


def _facts(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Fact]]:
    facts: dict[str, list[Fact]] = defaultdict(list)
    for row in rows:
        if row["value"] is None:
            continue
        facts[row["organization_id"]].append(
            Fact(
                attribute=row["attribute"],
                value=decode_value(row["value_type"], row["value"]),
                source_id=row["source_id"],
                known_from=aware(row["known_from_at"]),
                valid_from=row["valid_from_on"],
                confidence=row["confidence"],
                cause_id=row["cause_id"],
            )
        )
    return facts


def fits(wh: Warehouse, only: Collection[str] | None = None) -> dict[tuple[str, str], Fit]:
    """(organisation id, profile name) → the fit that holds; ``only`` of these organisations."""
    with wh.staged(staged_organizations(only or ())):
        rows = wh.rows("fits_now", {"is_restricted": only is not None})
    return {(row["organization_id"], row["profile"]): fit_from_row(row) for row in rows}


def triggers(wh: Warehouse) -> dict[str, Trigger]:
    """Trigger id → the trigger as it stands, held-back ones included."""
    return {row["trigger_id"]: trigger_from_row(row) for row in wh.rows("triggers_now")}


def last_analysed_on(wh: Warehouse) -> date | None:
    """The logical day of the last stored analysis; None before the first."""
    last = wh.rows("last_analysed_run")
    return last[0]["as_of_at"].date() if last else None


def open_events(wh: Warehouse, now: datetime, *, days: int = OPEN_EVENT_DAYS) -> tuple[Event, ...]:
    """Whole events that a document of ``now`` may still belong to: told of within the last ``days``."""
    since = {"since": storable(now - timedelta(days=days))}
    roles, attributes = _by_event(wh, "open_event_roles", since), _by_event(wh, "open_event_attributes", since)
    sources = _by_event(wh, "open_event_sources", since)
    return tuple(
        event_from_rows(row, roles[row["event_id"]], attributes[row["event_id"]], sources[row["event_id"]])
        for row in wh.rows("open_events", since)
    )


def _by_event(wh: Warehouse, query: str, parameters: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in wh.rows(query, parameters):
        grouped[row["event_id"]].append(row)
    return grouped
