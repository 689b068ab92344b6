"""Where a register and the press disagree about one event: noted on the event, so that a rep is told. Pure.

A register fact that agrees confirms the news (``merge`` counts it as a source). Conflicts that are looked for: another
place or person within one event; another person in the same post of the same organisation at about the same time; a
denial in the press of what the register states. Amounts that differ stand side by side and are no conflict.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Sequence

from salestrigger.matchers.corrections import EventChange
from salestrigger.matchers.merge import Merged
from salestrigger.matchers.same_event import CLOSED, core_name, differs, kin_alike, kin_of, near, share_a_party, values
from salestrigger.matchers.types import Attribute, Event, Evidence

CONFLICT = "conflict"  #: the feature of the evidence
_COST = 0.15  #: of confidence in what the press says
#: in our own words: what the two sides say stands among the event's values
_SAYS = {
    "location": "the register gives another place than the press",
    "person": "the register names another person than the press",
}
_POSTS = frozenset({"executive_hire", "executive_promotion", "board_change"})


def is_official(event: Event) -> bool:
    """Whether a register itself tells of it."""
    return any(_is_change(source.document_id) for source in event.sources)


def with_conflicts(merged: Merged, open_events: Iterable[Event]) -> Merged:
    """The merged events with what registers say against them; open events that a new fact contradicts are added."""
    events = {event.event_id: event for event in open_events if event.merged_into is None}
    fresh = {event.event_id for event in merged.events}
    events |= {event.event_id: event for event in merged.events}
    standing = [event for event in events.values() if event.merged_into is None]
    official: dict[str, list[Event]] = defaultdict(list)
    for event in standing:
        if is_official(event):
            official[kin_of(event.type)[0]].append(event)
    found: dict[str, Event] = {}
    history = []
    for event in standing:
        rivals = official.get(kin_of(event.type)[0], ())
        news = [o for o in rivals if o.event_id in fresh or event.event_id in fresh]
        for one, says in _conflicts(event, news):
            held = found.get(one.event_id, one)
            if says in {e.says for e in held.evidence if e.feature == CONFLICT}:
                continue
            found[one.event_id] = _noted(held, says)
            history.append(EventChange(one.event_id, CONFLICT, says))
    if not found:
        return merged
    touched = {event.event_id: event for event in merged.events} | found
    return Merged(tuple(touched[key] for key in sorted(touched)), merged.successors, (*merged.history, *history))


def _noted(event: Event, says: str) -> Event:
    conflict = Evidence(CONFLICT, event.type, -_COST, says)
    confidence = event.confidence if is_official(event) else round(max(0.0, event.confidence - _COST), 3)
    return dataclasses.replace(event, evidence=(*event.evidence, conflict), confidence=confidence)


def _within(event: Event) -> str:
    """A place or person that the register and the press each tell alone, and differently."""
    for key, says in _SAYS.items():
        told = [a for a in event.attributes if a.key == key]
        register, press = _split(told)
        if any(not a.document_id for a in told) or not (register and press):
            continue  # one value is told by both: they agree
        if differs(_folded(event, register), _folded(event, press)):
            return says
    return ""


def _split(told: Sequence[Attribute]) -> tuple[list[Attribute], list[Attribute]]:
    register = [a for a in told if a.document_id and _is_change(a.document_id)]
    return register, [a for a in told if a.document_id and not _is_change(a.document_id)]


def _folded(event: Event, attributes: Sequence[Attribute]) -> set[str]:
    return values(dataclasses.replace(event, attributes=tuple(attributes)), attributes[0].key)


def _conflicts(event: Event, others: Sequence[Event]) -> list[tuple[Event, str]]:
    """What is to be noted, and on which event: within this one, or between it and registers' own of its kind.

    A denial is noted on the register's event too, for nobody is shown the one that was denied.
    """
    if is_official(event):
        return [(event, says)] if (says := _within(event)) else []
    for other in others:
        if not near(event, other) or not share_a_party(event, other):
            continue
        if "restructuring" in {event.type, other.type} and event.type != other.type and not kin_alike(event, other):
            continue  # a new legal form says nothing of a deal
        if event.modality in CLOSED and other.modality not in CLOSED:
            return [
                (event, "the register states that it happened"),
                (other, f"the press tells that it was {event.modality}"),
            ]
        mine, theirs = values(event, "person"), values(other, "person")
        if event.type in _POSTS and _same_post(event, other) and differs(mine, theirs):
            return [(event, _SAYS["person"])]
    return []


def _same_post(one: Event, other: Event) -> bool:
    """The head of the organisation (the post that registers know), or the same words."""
    titles = [{core_name(a.value) for a in event.attributes if a.key == "title"} for event in (one, other)]
    return one.type == "board_change" or not titles[0] or bool(titles[0] & titles[1]) or _is_head(titles[0])


def _is_head(titles: Iterable[str]) -> bool:
    return any(word in title for title in titles for word in _HEADS)


#: words for the managing director in our languages, as ``core_name`` folds them
_HEADS = (
    "ceo", "chief executive", "managing director", "daglig leder", "dagleg leiar", "administrerende direktør",
    "adm direktør", "direkteur", "algemeen directeur", "directeur", "vd", "verkställande direktör", "toimitusjohtaja",
    "geschäftsführer", "geschäftsführerin", "vorstandsvorsitzender",
)  # fmt: skip


def _is_change(document_id: str) -> bool:
    return document_id.startswith("chg_")
