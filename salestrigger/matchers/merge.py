"""One event over many documents: what several outlets, languages and days tell of the same thing.

Same type, same subject, nothing that contradicts (another counterparty, person or place), within the time that the type
allows. The first event keeps its id and grows: sources are added, copies of one text count once, modality moves forward
(rumour → planned → announced → in progress → completed; a denial or cancellation closes), amounts that disagree stand
side by side. Events are taken in the order of publication, one after the other, so that cutting the same documents into
other batches in that order gives the same events. This module reads no text.
"""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from salestrigger.matchers.near_copies import COPY_SIMILARITY, signature, similarity
from salestrigger.matchers.reader import ORGANISATION_WORDS
from salestrigger.matchers.types import Attribute, Event, EventSource, Modality, Role

__all__ = ["Merged", "merge", "same_event", "signature"]

#: days between two tellings of one event, by type; the figures are ours (reference triggers.md 5 asks for one per type)
WINDOW_DAYS = 60
LONG_WINDOW_DAYS = 365  #: announced long before they are done
LONG = frozenset(
    {"acquisition", "merger", "divestiture", "ownership_change", "stock_listing", "site_opening", "site_expansion",
     "relocation", "site_closure", "lawsuit", "closure"}
)  # fmt: skip
FORWARD: tuple[Modality, ...] = ("rumour", "planned", "announced", "in_progress", "completed")
CLOSED = frozenset({"denied", "cancelled"})
#: roles that are often told in part: a difference there is no contradiction
_PARTIAL = frozenset({"investor", "provider", "old_owner", "seller", "authority"})
#: what one outlet tells as the first another tells as the second: one list for both
_ALIKE = {"merger": "acquisition", "executive_promotion": "executive_hire"}
_ALIKE_DAYS = 7  #: days between two such tellings
_PERSON_TYPES = frozenset({"executive_hire", "executive_departure", "executive_promotion", "board_change"})
_PLACE_TYPES = frozenset({"site_opening", "site_closure", "site_expansion", "real_estate_deal", "incident"})
_PRODUCT_TYPES = frozenset({"product_launch", "product_development", "product_discontinuation", "market_entry"})


@dataclass(frozen=True, slots=True)
class Merged:
    """``events``: new and grown ones, whole. ``successors``: (id that is no more, id of the event it went into)."""

    events: tuple[Event, ...]
    successors: tuple[tuple[str, str], ...]


def merge(new: Sequence[Event], open_events: Sequence[Event] = ()) -> Merged:
    """Join ``new`` events with each other and with ``open_events``; see the module for the rules. Deterministic."""
    held: dict[str, Event] = {event.event_id: event for event in _in_order(open_events)}
    by_type: dict[str, list[str]] = defaultdict(list)
    for event in held.values():
        by_type[_family(event)].append(event.event_id)
    touched: dict[str, None] = {}
    successors: dict[str, str] = {}
    for event in _in_order(new):
        home = event.event_id if event.event_id in held else _home(event, by_type[_family(event)], held)
        if home is None:
            held[event.event_id] = event
            by_type[_family(event)].append(event.event_id)
            touched[event.event_id] = None
            continue
        grown = _grow(held[home], event)
        if grown != held[home]:
            held[home], touched[home] = grown, None
        if home != event.event_id:
            successors[event.event_id] = home
    return Merged(tuple(held[i] for i in sorted(touched)), tuple(sorted(successors.items())))


def same_event(one: Event, other: Event) -> bool:
    """Whether two tellings are of one event."""
    if one.type != other.type:
        return _family(one) == _family(other) and _told_alike(one, other)
    if not _near(one, other):
        return False
    if one.modality in CLOSED and other.modality not in CLOSED and _first(other) > _last(one):
        return False  # closed, and told anew later: a new event
    shared = False
    for name in {r.name for r in one.roles} & {r.name for r in other.roles}:
        if name == "party" and _other_partner(one, other):
            return False
        if _holders(one, name) & _holders(other, name):
            shared = shared or name not in _PARTIAL
        elif name not in _PARTIAL:
            return False
    return shared and not _contradict(one, other)


def _other_partner(one: Event, other: Event) -> bool:
    """Whether two alliances name both partners and have at most one in common."""
    sides = [{r.organization_id or core_name(r.surface) for r in e.roles if r.name == "party"} for e in (one, other)]
    return min(map(len, sides)) > 1 and len(sides[0] & sides[1]) < 2


def _family(event: Event) -> str:
    return _ALIKE.get(event.type, event.type)


def _told_alike(one: Event, other: Event) -> bool:
    """Whether two tellings of kindred types are of one event: the same two companies, or the same person at the same
    company, within a week."""
    days = timedelta(days=_ALIKE_DAYS)
    if _first(other) - _last(one) > days or _first(one) - _last(other) > days:
        return False
    if one.type in _PERSON_TYPES:
        people = _values(one, "person"), _values(other, "person")
        same = bool(people[0] and people[1]) and not _differs(*people)
        return same and bool(_everybody(one) & _everybody(other))
    return len({core_name(r.surface) for r in one.roles} & {core_name(r.surface) for r in other.roles}) > 1


def _everybody(event: Event) -> set[str]:
    return set().union(*(_holders(event, role.name) for role in event.roles))


def _in_order(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda e: (_first(e), e.event_id))


def _home(event: Event, ids: Sequence[str], held: dict[str, Event]) -> str | None:
    """The held event that this one belongs to: the one told last, of several."""
    homes = [held[i] for i in ids if held[i].merged_into is None and same_event(held[i], event)]
    return max(homes, key=lambda e: (_last(e), e.event_id)).event_id if homes else None


def _first(event: Event) -> datetime:
    return min(s.published_at for s in event.sources)


def _last(event: Event) -> datetime:
    return max(s.published_at for s in event.sources)


def _near(one: Event, other: Event) -> bool:
    days = timedelta(days=LONG_WINDOW_DAYS if one.type in LONG else WINDOW_DAYS)
    return _first(other) - _last(one) <= days and _first(one) - _last(other) <= days


def _holders(event: Event, name: str) -> set[str]:
    """Who has a role, as organisation ids and as core names, so that a resolved and an unresolved telling meet."""
    roles = [role for role in event.roles if role.name == name]
    return {r.organization_id for r in roles if r.organization_id} | {core_name(r.surface) for r in roles}


def core_name(surface: str) -> str:
    """A name without its legal form, case, signs and genitive: for comparing tellings only."""
    words = [w for w in re.split(r"[^\w]+", surface.casefold()) if w]
    core = [w for w in words if w not in ORGANISATION_WORDS] or words
    return " ".join(core)


def _contradict(one: Event, other: Event) -> bool:
    """Whether a person, place or product that tells events of the type apart differs."""
    keys = []
    if one.type in _PERSON_TYPES:
        keys.append("person")
    if one.type in _PLACE_TYPES:
        keys.append("location")
    if one.type in _PRODUCT_TYPES:
        keys += ["product", "market"]
    return any(_differs(_values(one, key), _values(other, key)) for key in keys)


def _values(event: Event, key: str) -> set[str]:
    return {core_name(a.value) for a in event.attributes if a.key == key}


def _differs(one: set[str], other: set[str]) -> bool:
    """Both state it, and no value of one is part of one of the other ("Lunn", "Bård Lunn")."""
    return bool(one and other) and not any(f" {a} " in f" {b} " or f" {b} " in f" {a} " for a in one for b in other)


def _grow(held: Event, event: Event) -> Event:
    """The held event with what the other adds."""
    sources = _sources(held.sources, event.sources)
    more = len({s.copy_group for s in sources}) > held.independent_sources
    confidence = max(held.confidence, event.confidence)
    return dataclasses.replace(
        held,
        modality=_modality(held, event),
        roles=_roles(held.roles, event.roles) if held.type == event.type else held.roles,
        attributes=_attributes(held.attributes, event.attributes),
        confidence=round(min(0.99, confidence + 0.04), 3) if more else confidence,
        sources=sources,
        event_on=held.event_on or event.event_on,
        effective_on=event.effective_on or held.effective_on,
        precision=held.precision or event.precision,
    )


def _sources(held: Sequence[EventSource], new: Sequence[EventSource]) -> tuple[EventSource, ...]:
    """By document; one that is read again (corrected) takes its old place. A near copy joins the group of its like."""
    found = {source.document_id: source for source in held}
    for source in new:
        group = next(
            (s.copy_group for s in found.values() if _copies(s.copy_group, source.copy_group)), source.copy_group
        )
        found[source.document_id] = dataclasses.replace(source, copy_group=group)
    return tuple(sorted(found.values(), key=lambda s: (s.published_at, s.document_id)))


def _copies(one: str, other: str) -> bool:
    return one == other or similarity(one, other) >= COPY_SIMILARITY


def _modality(held: Event, event: Event) -> Modality:
    """Forward only; what was said last closes. A late copy of an old telling changes nothing."""
    later = _last(event) >= _last(held)
    if event.modality in CLOSED:
        return event.modality if later else held.modality
    if held.modality in CLOSED:
        return held.modality
    return max(held.modality, event.modality, key=FORWARD.index)


def _roles(held: Sequence[Role], new: Sequence[Role]) -> tuple[Role, ...]:
    """The held roles with what they lacked: holders of empty roles, and organisations found for names that had none."""
    found = list(held)
    for role in new:
        twin = next((i for i, r in enumerate(found) if r.name == role.name and _same_holder(r, role)), None)
        if twin is None and (role.name in _PARTIAL or all(r.name != role.name for r in held)):
            found.append(role)
        elif twin is not None and found[twin].organization_id is None and role.organization_id is not None:
            found[twin] = dataclasses.replace(
                found[twin], organization_id=role.organization_id, probability=role.probability, decision=role.decision
            )
    return tuple(found)


def _same_holder(one: Role, other: Role) -> bool:
    if one.organization_id and other.organization_id:
        return one.organization_id == other.organization_id
    return core_name(one.surface) == core_name(other.surface)


def _attributes(held: Sequence[Attribute], new: Sequence[Attribute]) -> tuple[Attribute, ...]:
    """All values that were told, each once; the first telling's first."""
    found = {(a.key, a.value.casefold(), a.unit): a for a in reversed((*held, *new))}
    order = {key: i for i, key in enumerate(dict.fromkeys((a.key, a.value.casefold(), a.unit) for a in (*held, *new)))}
    return tuple(found[key] for key in sorted(found, key=order.__getitem__))
