"""Whether two tellings are of one event: type, who, and what tells events of the type apart, within a time. Pure.

Types that the press takes for each other are kin: a deal is told as an acquisition by one and as a merger by another,
an appointment as a hire or as a promotion. Kin tellings are one event when both parties, or person and organisation,
are the same. A register or filing may state a deal and only one of its parties (``states_one_side``): it joins what is
told of a deal of that party. Places and countries are compared by ``place_names``, so that another language is no
contradiction.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from salestrigger.matchers.place_names import place_key
from salestrigger.matchers.reader import ORGANISATION_WORDS
from salestrigger.matchers.types import Event

#: days between two tellings of one event, by type; the figures are ours (reference triggers.md 5 asks for one per type)
WINDOW_DAYS = 60
LONG_WINDOW_DAYS = 365  #: announced long before they are done
LONG = frozenset(
    {"acquisition", "merger", "divestiture", "ownership_change", "stock_listing", "site_opening", "site_expansion",
     "relocation", "site_closure", "lawsuit", "closure"}
)  # fmt: skip
CLOSED = frozenset({"denied", "cancelled"})
#: roles that are often told in part: a difference there is no contradiction
PARTIAL = frozenset({"investor", "provider", "old_owner", "seller", "authority"})
_PERSON_TYPES = frozenset({"executive_hire", "executive_departure", "executive_promotion", "board_change"})
#: types told apart by their day; one notice states it, another lets it be counted
_DATED_TYPES = frozenset({"renewal_due"})
SAME_END_DAYS = 45
_PLACE_TYPES = frozenset({"site_opening", "site_closure", "site_expansion", "real_estate_deal", "incident"})
_PRODUCT_TYPES = frozenset({"product_launch", "product_development", "product_discontinuation", "market_entry"})
#: an alliance and a deal of the same two, or an opening and an expansion in one place, within these days are one story;
#: later the one has grown out of the other
STORY_DAYS = 14
_GROWING = frozenset({"partnership", "site_opening"})
#: types that are told for each other, the better one first: a buyer is more than a partner, "from within" than "new",
#: a new hall than a new site
KIN: tuple[tuple[str, ...], ...] = (
    ("divestiture", "acquisition", "merger", "partnership", "restructuring"),
    ("executive_promotion", "executive_hire"),
    ("site_expansion", "site_opening"),
)
_PLACES = frozenset({"location", "from_location", "market"})
_DEALS = frozenset({"divestiture", "acquisition", "merger"})
_STATED = frozenset({"register", "stated"})  #: features of the evidence of what was not read from a text


def kin_of(event_type: str) -> tuple[str, ...]:
    """The types that one type may be told as, the better first; itself alone for most."""
    return next((family for family in KIN if event_type in family), (event_type,))


def same_event(one: Event, other: Event) -> bool:
    """Whether two tellings are of one event."""
    if other.type not in kin_of(one.type) or not near(one, other):
        return False
    if one.modality in CLOSED and other.modality not in CLOSED and first_told(other) > last_told(one):
        return False  # closed, and told anew later: a new event
    if one.type != other.type or states_one_side(one) or states_one_side(other):
        return kin_alike(one, other)
    shared = False
    for name in {r.name for r in one.roles} & {r.name for r in other.roles}:
        if name == "party" and _other_partner(one, other):
            return False
        if _holders(one, name) & _holders(other, name):
            shared = shared or name not in PARTIAL
        elif name not in PARTIAL:
            return False
    return shared and not _contradict(one, other)


def _other_partner(one: Event, other: Event) -> bool:
    """Whether two alliances name both partners and have at most one in common."""
    sides = [
        [{r.organization_id or "", core_name(r.surface)} for r in e.roles if r.name == "party"] for e in (one, other)
    ]
    common = sum(any((mine & theirs) - {""} for theirs in sides[1]) for mine in sides[0])
    return min(map(len, sides)) > 1 and common < 2


def kin_alike(one: Event, other: Event) -> bool:
    """The same two parties in whatever parts; or the same organisation and the same person, or place; or the one party
    that a register states, in a deal."""
    key = "person" if one.type in _PERSON_TYPES else "location" if one.type in _PLACE_TYPES else ""
    if key:
        told = values(one, key), values(other, key)
        return bool(_everybody(one) & _everybody(other)) and bool(told[0] and told[1]) and not differs(*told)
    if states_one_side(one) or states_one_side(other):
        return all(e.type in _DEALS or states_one_side(e) for e in (one, other)) and parties_in_common(one, other) >= 1
    return parties_in_common(one, other) >= 2


def states_one_side(event: Event) -> bool:
    """Whether a source states in its own fields that a deal was done, and names nobody but one party to it.

    A register of legal entities enters a merger (or demerger) with each of them; an 8-K item reports "an acquisition or
    disposition" of the filer.
    """
    if len(event.roles) != 1 or event.modality != "completed":
        return False
    if event.type == "restructuring":
        return any(e.feature == "register" and e.value == "status" for e in event.evidence)
    return event.type in _DEALS and event.roles[0].name == "party" and any(e.feature in _STATED for e in event.evidence)


def parties_in_common(one: Event, other: Event) -> int:
    """How many names of the one have a part in the other, whichever part."""
    theirs = _everybody(other)
    return len({core_name(r.surface) for r in one.roles if {r.organization_id or "", core_name(r.surface)} & theirs})


def share_a_party(one: Event, other: Event) -> bool:
    """Whether somebody has a part in both."""
    return bool(_everybody(one) & _everybody(other))


def _everybody(event: Event) -> set[str]:
    return {name for r in event.roles for name in (r.organization_id, core_name(r.surface)) if name}


def first_told(event: Event) -> datetime:
    return min(s.published_at for s in event.sources)


def last_told(event: Event) -> datetime:
    return max(s.published_at for s in event.sources)


def near(one: Event, other: Event) -> bool:
    """Whether two tellings are close enough in time for their type."""
    days = timedelta(days=LONG_WINDOW_DAYS if LONG & {one.type, other.type} else WINDOW_DAYS)
    if one.type != other.type and _GROWING & {one.type, other.type}:
        days = timedelta(days=STORY_DAYS)
    return first_told(other) - last_told(one) <= days and first_told(one) - last_told(other) <= days


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
    ends = [e.effective_on for e in (one, other) if e.type in _DATED_TYPES and e.effective_on]
    if len(ends) == 2 and abs((ends[0] - ends[1]).days) > SAME_END_DAYS:
        return True
    if one.type in _PERSON_TYPES:
        keys.append("person")
    if one.type in _PLACE_TYPES:
        keys.append("location")
    if one.type in _PRODUCT_TYPES:
        keys += ["product", "market"]
    return any(differs(values(one, key), values(other, key)) for key in keys)


def values(event: Event, key: str) -> set[str]:
    """The values of an attribute, folded for comparison."""
    fold = place_key if key in _PLACES else core_name
    return {fold(a.value) for a in event.attributes if a.key == key}


def differs(one: set[str], other: set[str]) -> bool:
    """Both state it, and no value of one is part of one of the other ("Lunn", "Bård Lunn")."""
    return bool(one and other) and not any(f" {a} " in f" {b} " or f" {b} " in f" {a} " for a in one for b in other)
