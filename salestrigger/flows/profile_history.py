"""The stored past, told again under another profile: which triggers it would have given, run by run.

For every run that analysed something, the organisations that it spoke of are put together from the facts that were
known after that run and after the one before it, and its events and register changes are qualified by the same
function as in the daily run. Stored events are told as they stand now (an event that grew later has its later sources
too); nothing is detected or matched again, and nothing is written.

A register's past speaks of very many organisations, so it is read some runs at a time::

    runs ─► groups of at most MANY changes ─► what was ever stated of their organisations ─► run by run: before, after
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache, partial
from typing import Any

from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers.facts import best_facts
from salestrigger.matchers.lexicon import Lexicon
from salestrigger.matchers.owners import Owners
from salestrigger.matchers.survey import Survey
from salestrigger.matchers.trigger import due_events, triggers_for
from salestrigger.matchers.types import Detection, Event, Fact, Fit, Match, Mention, Organization, Trigger
from salestrigger.sources.records import OrgChange
from salestrigger.warehouse import read
from salestrigger.warehouse.collected_values import aware, change_from_row, decode_value
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.lazily import Lazily, places_stated
from salestrigger.warehouse.owners import read_owners
from salestrigger.warehouse.staging import staged_organizations

#: changes that are held at a time, unless a single run has more
MANY = 20_000
#: (run number, fact, statement): a statement is what one record or one event says about one attribute
_Stated = tuple[int, Fact | None, tuple[str, str, str], datetime]
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PastRun:
    """One run that analysed something."""

    number: int
    now: datetime
    events: tuple[Event, ...]  #: first stored by it
    change_count: int  #: register changes that it analysed


@dataclass(frozen=True, slots=True)
class History:
    """The stored past, as far as it can be qualified again."""

    warehouse: Warehouse
    runs: tuple[PastRun, ...]
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


def read_history(wh: Warehouse) -> History:
    """The stored past: every run with its events; its changes are read when it is told again."""
    first_run = {row["event_id"]: row["first_run_number"] for row in wh.rows("profile_events")}
    events: dict[int, list[Event]] = defaultdict(list)
    for event in read.open_events(wh, _BEGINNING, days=0):
        events[first_run[event.event_id]].append(event)
    counts = {row["run_number"]: row["change_count"] for row in wh.rows("profile_change_counts")}
    runs = tuple(
        PastRun(number, aware(row["as_of_at"]), tuple(events.get(number, ())), counts.get(number, 0))
        for row in wh.rows("runs_all")
        if row["analysed_at"] is not None
        for number in (row["run_number"],)
    )
    trust = {row["source_id"]: row["trust"] for row in wh.rows("source_trust")}
    return History(wh, runs, trust, _detections(wh), read_owners(wh))


def _detections(wh: Warehouse) -> tuple[Detection, ...]:
    """Who is mentioned where and how prominently; everything else of a detection is not needed again."""
    return tuple(
        Detection(
            row["document_id"], "", (Mention("m", row["document_id"], "", 0, 0, row["prominence"], "known"),),
            {"m": Match("m", row["organization_id"], 1.0, "accept", None, 1.0, 0, ())}, (), "", "",
        )
        for row in wh.rows("profile_mentions")
    )  # fmt: skip


class Said:
    """Everything that was ever stated of the organisations that somebody asks about, read once."""

    def __init__(self, history: History) -> None:
        self._wh, self._trust = history.warehouse, history.trust
        self._organizations: dict[str, Organization] = {}
        self._stated: dict[str, list[_Stated]] = defaultdict(list)
        self._asked: set[str] = set()

    def ensure(self, ids: Iterable[str]) -> None:
        """Read what is not read yet, in one go."""
        new = set(ids) - self._asked
        if not new:
            return
        self._asked |= new
        self._organizations |= read.organizations(self._wh, new)
        with self._wh.staged({"staged_subjects": staged_organizations(new)["staged_organizations"]}):
            rows = self._wh.rows("profile_facts")
        for row in rows:
            statement = (row["record_id"] or "", row["cause_id"] if row["record_id"] is None else "", row["attribute"])
            self._stated[row["organization_id"]].append(
                (row["run_number"], _fact(row), statement, aware(row["known_from_at"]))
            )

    def after(self, number: int, on: date) -> Lazily[str, Organization]:
        """The organisations as they were known after a run, by what was true on ``on``; absent: not known then."""

        def fetch(keys: Collection[str]) -> dict[str, Organization]:
            self.ensure(keys)
            found = ((key, self._as_known(key, number, on)) for key in keys)
            return {key: organization for key, organization in found if organization is not None}

        return Lazily(fetch, tuple)

    def _as_known(self, key: str, number: int, on: date) -> Organization | None:
        last: dict[tuple[str, str, str], Fact | None] = {}
        since: dict[str, datetime] = {}
        for run_number, fact, statement, known_from in self._stated.get(key, ()):
            if run_number > number:
                break
            last[statement] = fact
            if statement[0]:
                since[statement[0]] = max(since.get(statement[0], known_from), known_from)
        if not since or key not in self._organizations:
            return None
        facts = [
            replace(fact, known_from=since[statement[0]]) if statement[0] else fact
            for statement, fact in last.items()
            if fact is not None
        ]
        return replace(self._organizations[key], facts=best_facts(facts, self._trust, on=on))


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


def replay(history: History, profiles: Sequence[Profile], lexicon: Lexicon) -> dict[str, dict[str, Trigger]]:
    """Profile name → trigger id → the trigger as it would stand now, held-back ones included."""
    stored: dict[str, Trigger] = {}
    fits: dict[tuple[str, str], Fit] = {}
    past: list[Event] = []
    last: PastRun | None = None
    survey = _survey(history)
    for group in _groups(history.runs):
        said, changes = Said(history), _changes(history.warehouse, group)
        links = read.organization_of(history.warehouse, {c.record_id for part in changes.values() for c, _ in part})
        said.ensure({*links.values(), *(key for run in group for key in _named(run.events))})
        for run in group:
            due = due_events(past, lexicon.types, since=last.now.date(), today=run.now.date()) if last else ()
            said.ensure(_named(due))
            known = _Known(
                lexicon, tuple(profiles), said.after(run.number, run.now.date()),
                said.after(last.number, last.now.date()) if last else {}, links, fits, history.trust, run.now,
                history.owners, survey,
            )  # fmt: skip
            result = triggers_for(
                (*run.events, *due), changes[run.number], known=known, stored=stored, detections=history.detections
            )
            stored |= {t.trigger_id: t for t in result.triggers}
            fits |= {(f.organization_id, f.profile): f for f in result.fits}
            last = run
            past += run.events
    by_profile: dict[str, dict[str, Trigger]] = {profile.name: {} for profile in profiles}
    for key, trigger in stored.items():
        by_profile[trigger.profile][key] = trigger
    return by_profile


def _groups(runs: Sequence[PastRun]) -> Iterator[list[PastRun]]:
    """Consecutive runs with at most MANY changes together, or one with more."""
    group: list[PastRun] = []
    for run in runs:
        if group and sum(one.change_count for one in group) + run.change_count > MANY:
            yield group
            group = []
        group.append(run)
    if group:
        yield group


def _changes(wh: Warehouse, group: Sequence[PastRun]) -> Mapping[int, list[tuple[OrgChange, str]]]:
    """By run, the register changes that it analysed, with what became of them."""
    found: dict[int, list[tuple[OrgChange, str]]] = defaultdict(list)
    for row in wh.rows("profile_changes", {"first_number": group[0].number, "last_number": group[-1].number}):
        found[row["analysed_run_number"]].append((change_from_row(row), row["outcome"]))
    return found


def _named(events: Iterable[Event]) -> set[str]:
    return {role.organization_id for event in events for role in event.roles if role.organization_id}


def _survey(history: History) -> Survey:
    """Only what happened is told again: nobody's fit is looked at because it may be known by now."""
    places = cache(partial(places_stated, history.warehouse))
    return Survey(unsettled=lambda _: (), places=places, expect=lambda _: None)
