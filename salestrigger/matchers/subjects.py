"""Who is affected by what happened: one subject per event, role and organisation, with what it was before and is after.

"Before" is a counterfactual: the organisation as we know it now, but with the attributes that this event or register
change touched as they were before it. So the difference between before and after is exactly what this one did; facts
that were merely learned in the same run are in both and decide nothing. No profile has a say here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers.attribute_specs import ATTRIBUTES
from salestrigger.matchers.facts import facts_from_event, with_facts, without
from salestrigger.matchers.lexicon import EventType, Lexicon
from salestrigger.matchers.owners import Owners
from salestrigger.matchers.places import PLACE, Places, place_of, places_of
from salestrigger.matchers.survey import Survey
from salestrigger.matchers.types import Decision, Detection, Event, Fact, Fit, Organization, Prominence, Role
from salestrigger.sources.records import OrgChange

#: An organisation that we see for the first time is a baseline, unless it is itself this young.
NEW_DAYS = 90
#: Attributes that a change of a register's field touches; a field that is not here touches none.
TOUCHES: Mapping[str, frozenset[str]] = {
    "created": frozenset(ATTRIBUTES),
    "address": frozenset(PLACE),
    "industry": frozenset({"industry"}),
    "employees": frozenset({"employees"}),
    "accounts": frozenset({"revenue", "employees"}),
    "legal_form": frozenset({"legal_form"}),
    "status": frozenset({"status"}),
    "parent": frozenset({"parent"}),
    "website": frozenset({"website"}),
}
#: What a register that withholds small headcounts gives for them. A number that takes its place may have been right
#: long before: it is learned, not changed.
WITHHELD = "0-4"
#: Changes that say nothing new about the organisation itself.
NO_CHANGE = frozenset({"alias", "recoding", "set_up"})
_BEST_FIRST: tuple[Prominence, ...] = ("title", "lead", "body")
_DECISIONS: Mapping[Decision, int] = {"accept": 2, "review": 1, "reject": 0}


class Known(Protocol):
    """What is known before and now: the part of ``analyse.Knowledge`` that qualifying needs."""

    @property
    def lexicon(self) -> Lexicon: ...
    @property
    def profiles(self) -> tuple[Profile, ...]: ...
    @property
    def organizations(self) -> Mapping[str, Organization]: ...
    @property
    def organizations_before(self) -> Mapping[str, Organization]: ...
    @property
    def organization_of(self) -> Mapping[str, str]: ...
    @property
    def fits(self) -> Mapping[tuple[str, str], Fit]: ...
    @property
    def trust(self) -> Mapping[str, str]: ...
    @property
    def owners(self) -> Owners: ...
    @property
    def survey(self) -> Survey | None: ...
    @property
    def now(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Subject:
    """One organisation in one role of what happened."""

    cause_id: str  #: of the event, or of the change when there is no event
    event: Event | None
    change: OrgChange | None
    change_reason: str  #: why the change is no event; empty for an event
    type: EventType | None  #: None for a bare register change
    role: str
    decision: Decision
    probability: float
    prominence: Prominence | None  #: the best mention of it in any of the event's texts; None: not from a text
    before: Organization | None  #: None: there was none
    after: Organization
    was_known: bool  #: at the last analysis
    facts: tuple[Fact, ...]  #: that the event states about it
    anchor: date  #: the day from which its window counts

    @property
    def organization_id(self) -> str:
        """Whose it is."""
        return self.after.organization_id

    @property
    def is_official(self) -> bool:
        """Whether a register itself states it."""
        return self.event is None or any(s.document_id.startswith("chg_") for s in self.event.sources)


@dataclass(frozen=True, slots=True)
class NoSubject:
    """A role of an event, or a change, that ends before any profile is asked."""

    cause_id: str
    role: str
    organization_id: str  #: empty when there is none
    reason: str  #: no_organization, unknown_organization, unknown_type, merged, alias, recoding, set_up


def subjects_of(
    events: Sequence[Event],
    changes: Sequence[tuple[OrgChange, str]],
    known: Known,
    detections: Iterable[Detection] = (),
) -> list[Subject | NoSubject]:
    """Every role of every event and every change that is no event, in the given order.

    ``changes`` are register changes with what became of them: ``event`` when one of ``events`` tells of it, else the
    reason for none.
    """
    by_id = {change.change_id: change for change, _ in changes}
    prominence = best_prominence(detections)
    places = _places(known, events)
    found: list[Subject | NoSubject] = []
    for event in events:
        for role in _distinct_roles(event):
            found.append(_of_role(event, role, known, changes=by_id, prominence=prominence, places=places))
    found += [_of_change(change, reason, known) for change, reason in changes if reason != "event"]
    return found


def _places(known: Known, events: Sequence[Event]) -> Places:
    """Only needed, and only computed, when something moved."""
    if not any(event.type == "relocation" for event in events):
        return {}
    cities = [v for p in known.profiles for c in p.criteria if c.kind == "city" for v in c.values]
    survey = known.survey
    found = survey.places() if survey is not None else (place_of(o) for o in known.organizations.values())
    return places_of(found, cities)


def best_prominence(detections: Iterable[Detection]) -> dict[tuple[str, str], Prominence]:
    """(document, organization) → the most prominent mention of it there."""
    best: dict[tuple[str, str], Prominence] = {}
    for detection in detections:
        for mention in detection.mentions:
            match = detection.matches.get(mention.mention_id)
            if match is None or match.organization_id is None:
                continue
            key = (detection.document_id, match.organization_id)
            best[key] = min(best.get(key, mention.prominence), mention.prominence, key=_BEST_FIRST.index)
    return best


def _distinct_roles(event: Event) -> list[Role]:
    """Each role and organisation once, by its best match; a role without organisation by what is written."""
    best: dict[tuple[str, str], Role] = {}
    for role in event.roles or (Role("", "", -1, -1),):
        key = (role.name, role.organization_id or f"\x00{role.surface}")
        if key not in best or _standing(role) > _standing(best[key]):
            best[key] = role
    return list(best.values())


def _standing(role: Role) -> tuple[int, float]:
    return _DECISIONS[role.decision], role.probability


def _of_role(
    event: Event,
    role: Role,
    known: Known,
    *,
    changes: Mapping[str, OrgChange],
    prominence: Mapping[tuple[str, str], Prominence],
    places: Places,
) -> Subject | NoSubject:
    organization = known.organizations.get(role.organization_id or "")
    reason = _why_none(event, role, organization, known)
    if organization is None or reason:
        return NoSubject(event.event_id, role.name, role.organization_id or "", reason)
    causes = [changes[s.document_id] for s in event.sources if s.document_id in changes]
    own = [c for c in causes if known.organization_of.get(c.record_id) == organization.organization_id]
    facts = facts_from_event(event, role, organization=organization, now=known.now, places=places)
    seen = [prominence.get((s.document_id, organization.organization_id)) for s in event.sources]
    before, was_known = _before(
        organization, known, event_id=event.event_id, changes=own, is_birth=event.type == "incorporation"
    )
    return Subject(
        cause_id=event.event_id,
        event=event,
        change=own[0] if own else None,
        change_reason="",
        type=known.lexicon.types[event.type],
        role=role.name,
        decision=role.decision,
        probability=role.probability,
        prominence=min((p for p in seen if p), key=_BEST_FIRST.index, default=None),
        before=before,
        after=with_facts(organization, facts),
        was_known=was_known,
        facts=facts,
        anchor=anchor_of(event, known.now.date()),
    )


def _why_none(event: Event, role: Role, organization: Organization | None, known: Known) -> str:
    if event.merged_into is not None:
        return "merged"
    if event.type not in known.lexicon.types:
        return "unknown_type"
    if role.organization_id is None or role.decision == "reject":
        return "no_organization"
    return "unknown_organization" if organization is None else ""


def _of_change(change: OrgChange, reason: str, known: Known) -> Subject | NoSubject:
    organization_id = known.organization_of.get(change.record_id, "")
    organization = known.organizations.get(organization_id)
    if reason in NO_CHANGE or change.details.get("recoding"):
        reason = reason if reason in NO_CHANGE else "recoding"
        return NoSubject(change.change_id, "organization", organization_id, reason)
    if organization is None:
        return NoSubject(change.change_id, "organization", organization_id, "unknown_organization")
    before, was_known = _before(organization, known, event_id="", changes=[change], is_birth=change.field == "created")
    facts = _readings(change, organization, known)
    return Subject(
        cause_id=change.change_id,
        event=None,
        change=change,
        change_reason=reason,
        type=None,
        role="organization",
        decision="accept",
        probability=1.0,
        prominence=None,
        before=before,
        after=with_facts(organization, facts),
        was_known=was_known,
        facts=facts,
        anchor=change.effective_on or change.published_at.date(),
    )


def _readings(change: OrgChange, organization: Organization, known: Known) -> tuple[Fact, ...]:
    """The headcounts before and after a register's change of it, with their days: growth is read from these.

    Filed accounts that state a revenue tell the revenue of their year.
    """
    year = change.details.get("year", "")
    if change.field == "accounts" and change.details.get("revenue") and "1900" <= year < "9999":
        revenue = f"{change.details['revenue']} {change.details.get('currency', 'NOK')}"
        ended = date(int(year), 12, 31)
        return (Fact("revenue", revenue, change.source_id, change.published_at, ended, cause_id=change.change_id),)
    old = known.organizations_before.get(organization.organization_id)
    held = [f for o in (old, organization) if o is not None for f in o.facts if f.attribute == "employees"]
    exact = [(f.valid_from or f.known_from.date(), f.value) for f in held if isinstance(f.value, int)]
    if change.field != "employees" or len(exact) < 2:
        return ()
    value = tuple(sorted({f"{day}={number}" for day, number in exact}))
    day = change.effective_on or change.published_at.date()
    return (Fact("headcounts", value, change.source_id, change.published_at, day, cause_id=change.change_id),)


def _before(
    organization: Organization, known: Known, *, event_id: str, changes: Sequence[OrgChange], is_birth: bool
) -> tuple[Organization | None, bool]:
    """The organisation without what happened, and whether we knew it at the last analysis; see the module's head."""
    old = known.organizations_before.get(organization.organization_id)
    if old is None and is_birth and is_new(organization, known.now.date()):
        return None, False
    touched = {a for c in changes for a in _touched(c, is_known=old is not None)}
    touched |= {f.attribute for f in organization.facts if event_id and f.cause_id == event_id}
    if old is not None and "employees" in touched and old.get("employees") == WITHHELD:
        old = without(old, {"employees"}, instead=None)
    if old is not None and event_id:
        old = without(old, {f.attribute for f in old.facts if f.cause_id == event_id}, instead=None)
    return without(organization, touched, instead=old), old is not None


def _touched(change: OrgChange, *, is_known: bool) -> Iterable[str]:
    """What a change of the register touches; of what it deletes it states hardly more than the name from then on, so
    that all of what was known before counts, where something was."""
    is_deleted = change.field == "status" and change.after == "dissolved"
    return ATTRIBUTES if is_deleted and is_known else TOUCHES.get(change.field, ())


def is_new(organization: Organization, today: date) -> bool:
    """Whether it was founded or registered in the last 90 days."""
    born = min((d for d in (organization.get("founded"), organization.get("registered")) if d), default=None)
    return born is not None and timedelta(0) <= today - born <= timedelta(days=NEW_DAYS)


def anchor_of(event: Event, today: date) -> date:
    """The day from which an event's window counts: when it takes effect, else when it happened, else was first told."""
    first = min((s.published_at.date() for s in event.sources), default=today)
    return event.effective_on or event.event_on or first
