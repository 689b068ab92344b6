"""analyse(batch, knowledge) → Findings: the one pure entry point of the matchers.

::

    documents ─► read_documents: spot ─► detect ─► resolve ─┐
                                                            ├─► merge ─► qualify before / after ─► triggers
    register changes ─► event_from_change ──────────────────┘

It reads nothing and writes nothing: what it needs is in ``Knowledge``, what it found is in ``Findings``. The left half
looks at each document alone and may be split over processes; :func:`conclude` is the right half, in a stated order.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers.changes import event_from_change
from salestrigger.matchers.conflicts import with_conflicts
from salestrigger.matchers.corrections import EventChange
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.lexicon import Lexicon
from salestrigger.matchers.merge import merge
from salestrigger.matchers.owners import Owners
from salestrigger.matchers.read_documents import read_all
from salestrigger.matchers.second_reader import SecondReading
from salestrigger.matchers.survey import Survey
from salestrigger.matchers.trigger import due_events, triggers_for
from salestrigger.matchers.types import Detection, Event, Fact, Fit, FitChange, Organization, Trigger
from salestrigger.sources.records import Document, OrgChange


@dataclass(frozen=True, slots=True)
class FunnelCount:
    """How many units of a stage ended with a reason; the reasons of a stage add up to what entered it."""

    profile: str  #: empty for the stages that no profile has a say in
    stage: str  #: documents, changes, events, subjects (an organisation in a role of an event or change)
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything that is pending, in the stated order (documents by published_at, document_id; changes by
    published_at, change_id), so that one process, many processes and Dask give the same rows."""

    documents: tuple[Document, ...]
    changes: tuple[OrgChange, ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What we knew before this run, and the run's own logical time."""

    lexicon: Lexicon
    index: OrganizationIndex
    profiles: tuple[Profile, ...]
    organizations: Mapping[str, Organization]  #: now, after collecting, by organization id
    organizations_before: Mapping[str, Organization]  #: as of the last analysis; absent: not known then
    organization_of: Mapping[str, str]  #: record id → organization id
    open_events: tuple[Event, ...]  #: that new documents may still belong to
    fits: Mapping[tuple[str, str], Fit]  #: (organization id, profile name) → as last stored
    triggers: Mapping[str, Trigger]  #: those already stored, by id
    trust: Mapping[str, str]  #: source id → trust class
    countries: Mapping[str, str]  #: source id → ISO 3166-1 alpha-2, where the source is of one country
    last_analysed_on: date | None  #: the logical day of the last analysis; None: this is the first
    now: datetime
    owners: Owners = dataclasses.field(default_factory=lambda: Owners(()))  #: whose an organisation is, by day
    survey: Survey | None = None  #: of organisations that are not all held; None: they are


@dataclass(frozen=True, slots=True)
class Findings:
    """What analysing found; stored in one transaction."""

    detections: tuple[Detection, ...]  #: one per document: mentions, matches, outcome
    events: tuple[Event, ...]  #: new and grown ones, whole
    facts: tuple[tuple[str, Fact], ...]  #: (organization id, fact) that events state
    fits: tuple[Fit, ...]  #: those that are new or differ from the stored ones
    fit_changes: tuple[FitChange, ...]
    triggers: tuple[Trigger, ...]  #: new and changed ones, held-back ones included
    change_outcomes: tuple[tuple[str, str], ...]  #: (change id, reason): event, alias, fact_only, recoding, set_up …
    funnel: tuple[FunnelCount, ...]
    history: tuple[EventChange, ...] = ()  #: what happened to events that were told before
    readings: tuple[SecondReading, ...] = ()  #: what became of each document that a second reader was to read


def in_order(documents: Iterable[Document], changes: Iterable[OrgChange]) -> Batch:
    """The batch in its stated order."""
    return Batch(
        documents=tuple(sorted(documents, key=lambda d: (d.published_at or d.fetched_at, d.document_id))),
        changes=tuple(sorted(changes, key=lambda c: (c.published_at, c.change_id))),
    )


def analyse(batch: Batch, knowledge: Knowledge) -> Findings:
    """Both halves in this process."""
    detections = read_all(
        batch.documents, lexicon=knowledge.lexicon, index=knowledge.index, countries=knowledge.countries
    )
    return conclude(batch.changes, detections, knowledge)


def conclude(changes: Sequence[OrgChange], detections: Sequence[Detection], knowledge: Knowledge) -> Findings:
    """Everything that looks across documents: register changes, merging, qualifying, and the account of it all."""
    told, by_change = _events_of_changes(changes, knowledge)
    news = [event for detection in detections for event in detection.events]
    read = frozenset(d.document_id for d in detections if d.outcome != "body_missing")
    merged = with_conflicts(merge([*told, *news], knowledge.open_events, read=read), knowledge.open_events)
    judged = triggers_for(
        (*merged.events, *_due(merged.events, knowledge)),
        [(change, by_change[change.change_id]) for change in changes],
        known=knowledge,
        detections=detections,
        stored=knowledge.triggers,
        since=knowledge.last_analysed_on,
    )
    subjects = Counter((outcome.profile, "subjects", outcome.reason) for outcome in judged.outcomes)
    counts = subjects + Counter(
        [("", "documents", detection.outcome) for detection in detections]
        + [("", "changes", reason) for reason in by_change.values()]
        + [("", "events", _resolution(event)) for event in merged.events]
    )
    return Findings(
        detections=tuple(detections),
        events=merged.events,
        facts=judged.facts,
        fits=judged.fits,
        fit_changes=judged.fit_changes,
        triggers=judged.triggers,
        change_outcomes=tuple(sorted(by_change.items())),
        funnel=tuple(FunnelCount(profile, stage, reason, n) for (profile, stage, reason), n in sorted(counts.items())),
        history=merged.history,
    )


def _events_of_changes(changes: Sequence[OrgChange], knowledge: Knowledge) -> tuple[list[Event], dict[str, str]]:
    """The events that register changes tell of, and what became of every change."""
    events: list[Event] = []
    reasons: dict[str, str] = {}
    for change in changes:
        key = knowledge.organization_of.get(change.record_id, "")
        # as it was before: the change itself is already in the record of today
        organization = knowledge.organizations_before.get(key) or knowledge.organizations.get(key)
        if organization is None:
            reasons[change.change_id] = "unknown_organization"
            continue
        event, reasons[change.change_id] = event_from_change(change, organization)
        if event is not None:
            events.append(event)
    return events, reasons


def _due(fresh: Sequence[Event], knowledge: Knowledge) -> tuple[Event, ...]:
    """Stored events whose day came since the last analysis: planned ones come back when they are due."""
    if knowledge.last_analysed_on is None:
        return ()
    seen = {event.event_id for event in fresh}
    waiting = [event for event in knowledge.open_events if event.event_id not in seen]
    return due_events(waiting, knowledge.lexicon.types, since=knowledge.last_analysed_on, today=knowledge.now.date())


def _resolution(event: Event) -> str:
    """What became of an event's organisations: the best decision among its roles."""
    decisions = {role.decision for role in event.roles if role.organization_id}
    return next((word for word, decision in _RESOLUTIONS if decision in decisions), "unknown_organization")


_RESOLUTIONS = (("resolved", "accept"), ("review", "review"))
