"""The stored past, told again under another profile: which triggers it would have given, run by run.

For every run that analysed something, the organisations that it spoke of are put together from the facts that were
known after that run and after the one before it, and its events and register changes are qualified by the same
function as in the daily run. Stored events are told as they stand now (an event that grew later has its later sources
too); nothing is detected or matched again, and nothing is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers.facts import best_facts
from salestrigger.matchers.lexicon import Lexicon
from salestrigger.matchers.owners import Owners
from salestrigger.matchers.places import PLACE
from salestrigger.matchers.survey import Survey
from salestrigger.matchers.trigger import due_events, triggers_for
from salestrigger.matchers.types import Detection, Event, Fact, Fit, Match, Mention, Organization, Trigger
from salestrigger.sources.records import OrgChange
from salestrigger.warehouse import read
from salestrigger.warehouse.collected_values import aware, change_from_row, decode_value
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.owners import read_owners

#: (run number, fact, statement): a statement is what one record or one event says about one attribute
_Stated = tuple[int, Fact | None, tuple[str, str, str], datetime]
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PastRun:
    """What one run analysed."""

    number: int
    now: datetime
    events: tuple[Event, ...]  #: first stored by it
    changes: tuple[tuple[OrgChange, str], ...]  #: with what became of them


@dataclass(frozen=True, slots=True)
class History:
    """The stored past, as far as it can be qualified again."""

    runs: tuple[PastRun, ...]
    organizations: Mapping[str, Organization]  #: those that events and changes are about, and one for every place
    stated: Mapping[str, tuple[_Stated, ...]]  #: everything ever said about each
    organization_of: Mapping[str, str]
    trust: Mapping[str, str]
    detections: tuple[Detection, ...]  #: only what says how prominently whom a document mentions
    owners: Owners  #: as they are now

    @property
    def weeks(self) -> float:
        """How long the past is, in weeks; at least one day."""
        if not self.runs:
            return 0.0
        return max((self.runs[-1].now - self.runs[0].now).days + 1, 1) / 7


@dataclass(frozen=True, slots=True)
class _Known:
    """What was known at one run, in the shape of ``analyse.Knowledge``."""

    lexicon: Lexicon
    profiles: tuple[Profile, ...]
    organizations: Mapping[str, Organization]
    organizations_before: Mapping[str, Organization]
    organization_of: Mapping[str, str]
    fits: Mapping[tuple[str, str], Fit]
    trust: Mapping[str, str]
    now: datetime
    owners: Owners
    survey: Survey | None = None


def read_history(wh: Warehouse, organizations: Mapping[str, Organization]) -> History:
    """The stored past of ``organizations`` (as they are known now, all of them)."""
    everything = read.open_events(wh, _BEGINNING, days=0)
    first_run = {row["event_id"]: row["first_run_number"] for row in wh.rows("profile_events")}
    organization_of = read.organization_of(wh)
    changes: dict[int, list[tuple[OrgChange, str]]] = defaultdict(list)
    for row in wh.rows("profile_changes"):
        changes[row["analysed_run_number"]].append((change_from_row(row), row["outcome"]))
    events: dict[int, list[Event]] = defaultdict(list)
    for event in everything:
        events[first_run[event.event_id]].append(event)
    subjects = {role.organization_id for event in everything for role in event.roles if role.organization_id}
    subjects |= {organization_of.get(c.record_id, "") for part in changes.values() for c, _ in part}
    kept = {key: o for key, o in organizations.items() if key in subjects} | _one_of_each_place(organizations)
    runs = tuple(
        PastRun(number, aware(row["as_of_at"]), tuple(events.get(number, ())), tuple(changes.get(number, ())))
        for row in wh.rows("runs_all")
        if row["analysed_at"] is not None
        for number in (row["run_number"],)
    )
    trust = {row["source_id"]: row["trust"] for row in wh.rows("source_trust")}
    return History(runs, kept, _everything_stated(wh, kept), organization_of, trust, _detections(wh), read_owners(wh))


def _one_of_each_place(organizations: Mapping[str, Organization]) -> dict[str, Organization]:
    """One organisation for every distinct place, so that place names are known as in the daily run."""
    found: dict[tuple[Any, ...], str] = {}
    for key, organization in organizations.items():
        place = tuple(sorted((f.attribute, f.value) for f in organization.facts if f.attribute in PLACE[:-1]))
        found.setdefault(place, key)
    return {key: organizations[key] for key in found.values()}


def _detections(wh: Warehouse) -> tuple[Detection, ...]:
    """Who is mentioned where and how prominently; everything else of a detection is not needed again."""
    return tuple(
        Detection(
            row["document_id"], "", (Mention("m", row["document_id"], "", 0, 0, row["prominence"], "known"),),
            {"m": Match("m", row["organization_id"], 1.0, "accept", None, 1.0, 0, ())}, (), "", "",
        )
        for row in wh.rows("profile_mentions")
    )  # fmt: skip


def _everything_stated(wh: Warehouse, organizations: Iterable[str]) -> dict[str, tuple[_Stated, ...]]:
    stated: dict[str, list[_Stated]] = defaultdict(list)
    asked = pa.table({"organization_id": pa.array(list(organizations), pa.string())})
    with wh.staged({"staged_subjects": asked}):
        rows = wh.rows("profile_facts")
    for row in rows:
        statement = (row["record_id"] or "", row["cause_id"] if row["record_id"] is None else "", row["attribute"])
        stated[row["organization_id"]].append(
            (row["run_number"], _fact(row), statement, aware(row["known_from_at"]))
        )  # fmt: skip
    return {key: tuple(found) for key, found in stated.items()}


def _fact(row: Mapping[str, Any]) -> Fact | None:
    """None: the record no longer states one."""
    if row["value"] is None:
        return None
    return Fact(
        attribute=row["attribute"],
        value=decode_value(row["value_type"], row["value"]),
        source_id=row["source_id"],
        known_from=aware(row["known_from_at"]),
        valid_from=row["valid_from_on"],
        confidence=row["confidence"],
        cause_id=row["cause_id"],
    )


def as_known(history: History, number: int, on: date) -> dict[str, Organization]:
    """The organisations as they were known after a run, by what was true on ``on``; absent: not known then."""
    known: dict[str, Organization] = {}
    for key, organization in history.organizations.items():
        last: dict[tuple[str, str, str], Fact | None] = {}
        since: dict[str, datetime] = {}
        for run_number, fact, statement, known_from in history.stated.get(key, ()):
            if run_number > number:
                break
            last[statement] = fact
            if statement[0]:
                since[statement[0]] = max(since.get(statement[0], known_from), known_from)
        facts = [
            replace(fact, known_from=since[statement[0]]) if statement[0] else fact
            for statement, fact in last.items()
            if fact is not None
        ]
        if since:
            known[key] = replace(organization, facts=best_facts(facts, history.trust, on=on))
    return known


def replay(history: History, profiles: Sequence[Profile], lexicon: Lexicon) -> dict[str, dict[str, Trigger]]:
    """Profile name → trigger id → the trigger as it would stand now, held-back ones included."""
    stored: dict[str, Trigger] = {}
    fits: dict[tuple[str, str], Fit] = {}
    before: dict[str, Organization] = {}
    past: list[Event] = []
    last: datetime | None = None
    for run in history.runs:
        organizations = as_known(history, run.number, run.now.date())
        known = _Known(
            lexicon, tuple(profiles), organizations, before, history.organization_of, fits, history.trust, run.now,
            history.owners,
        )  # fmt: skip
        due = due_events(past, lexicon.types, since=last.date(), today=run.now.date()) if last else ()
        result = triggers_for(
            (*run.events, *due), run.changes, known=known, stored=stored, detections=history.detections
        )
        stored |= {t.trigger_id: t for t in result.triggers}
        fits |= {(f.organization_id, f.profile): f for f in result.fits}
        before, last = organizations, run.now
        past += run.events
    by_profile: dict[str, dict[str, Trigger]] = {profile.name: {} for profile in profiles}
    for key, trigger in stored.items():
        by_profile[trigger.profile][key] = trigger
    return by_profile
