"""What a corrected document takes back before it is merged anew.

A document that is read again (its text changed) has a place in the events that it told of. Where it says the same,
nothing happens. Where it says something else, its old words go: an event that it alone told becomes what it tells now,
under the old id, or is retracted when it tells of nothing like it any more; an event that others told too loses its
part, and what it tells now is another event (a split). Pure.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from salestrigger.matchers.grow import modality_of
from salestrigger.matchers.same_event import core_name, kin_of, parties_in_common, same_event
from salestrigger.matchers.types import Event, Evidence
from salestrigger.sources.records import content_id

RETRACTED = "correction"  #: the feature of the evidence on an event that nobody tells any more


@dataclass(frozen=True, slots=True)
class EventChange:
    """Something that happened to an event after it was first told."""

    event_id: str
    kind: str  #: merged, absorbed, split, corrected, retracted, retyped
    detail: str  #: the other event's id, or what it was and is
    document_id: str = ""  #: the document behind it


@dataclass(frozen=True, slots=True)
class Corrected:
    """Held events and new ones after what was taken back; ``touched`` are the ids of held events that changed."""

    held: Mapping[str, Event]
    new: tuple[Event, ...]
    touched: tuple[str, ...]
    history: tuple[EventChange, ...]


def take_back(held: Mapping[str, Event], new: Sequence[Event], read: Set[str]) -> Corrected:
    """Apply corrections: ``read`` are the documents that were read in this batch, also those without an event."""
    found, touched, history = dict(held), [], []
    left = list(new)
    for event_id, event in held.items():
        again = {s.document_id for s in event.sources} & read
        if not again or event.merged_into is not None:
            continue
        tellings = [e for e in left if e.sources[0].document_id in again]
        if {e.sources[0].document_id for e in tellings if _says_the_same(event, e)} == again:
            continue
        fresh = [e for e in tellings if e.event_id not in held]
        after, changes, left = _after(event, again, tellings, left, fresh=fresh)
        if after != event:
            found[event_id] = after
            touched.append(event_id)
            history += changes
    return Corrected(found, tuple(left), tuple(touched), tuple(history))


def _says_the_same(event: Event, telling: Event) -> bool:
    """Whether a document that was read again adds and takes away nothing."""
    said = telling.sources[0]
    old = next((s for s in event.sources if s.document_id == said.document_id), None)
    if old is None or telling.type not in kin_of(event.type):
        return False
    same_source = dataclasses.replace(old, copy_group="") == dataclasses.replace(said, copy_group="")
    values = {(a.key, a.value) for a in event.attributes}
    own = {(a.key, a.value) for a in event.attributes if a.document_id == said.document_id}
    told = {(a.key, a.value) for a in telling.attributes}
    return same_source and told <= values and own <= told and same_event(event, telling)


def _after(
    event: Event, again: Set[str], tellings: Sequence[Event], left: list[Event], *, fresh: Sequence[Event]
) -> tuple[Event, list[EventChange], list[Event]]:
    """The event after its corrected documents were taken out of it, what to note, and the tellings still to merge."""
    key = min(again)
    others = tuple(s for s in event.sources if s.document_id not in again)
    if others:
        rest = dataclasses.replace(
            event,
            sources=others,
            modality=modality_of(others),
            attributes=tuple(a for a in event.attributes if a.document_id not in again),
        )
        moved = [e for e in tellings if e.event_id == event.event_id and not same_event(rest, e)]
        parted = {e.event_id: _another(e) for e in moved}
        changes = [EventChange(event.event_id, "split", p.event_id, key) for p in parted.values()]
        kept = [parted.get(e.event_id, e) for e in left]
        return rest, changes or [EventChange(event.event_id, "corrected", "one source read again", key)], kept
    twin = next((e for e in tellings if _is_successor(event, e)), None) or _another_kind(event, fresh)
    if twin is None:
        gone = Evidence(RETRACTED, key, -event.confidence, "the article was corrected and no longer says so")
        evidence = tuple(e for e in event.evidence if e.feature != RETRACTED)
        after = dataclasses.replace(event, confidence=0.0, evidence=(*evidence, gone))
        return after, [EventChange(event.event_id, "retracted", event.type, key)], left
    after = dataclasses.replace(twin, event_id=event.event_id)
    kept = [e for e in left if e is not twin]
    return after, [EventChange(event.event_id, "corrected", f"{_told(event)} → {_told(twin)}", key)], kept


def _is_successor(event: Event, telling: Event) -> bool:
    """What a document tells now in place of an event that it alone told: the same id, or the same kind of thing."""
    return telling.event_id == event.event_id or (telling.type in kin_of(event.type) and same_event(event, telling))


def _another_kind(event: Event, fresh: Sequence[Event]) -> Event | None:
    """The one new telling of the same two parties, of whatever type: the document calls the story something else."""
    alike = [e for e in fresh if e.type != event.type and parties_in_common(event, e) >= 2]
    return alike[0] if len(alike) == 1 else None


def _another(event: Event) -> Event:
    """The event under an id of its own, because another has grown under the one that its document gave it."""
    who = "|".join(sorted(f"{r.name}:{core_name(r.surface)}" for r in event.roles))
    return dataclasses.replace(
        event, event_id=content_id("evt", event.sources[0].document_id, event.type, who, "split")
    )  # fmt: skip


def _told(event: Event) -> str:
    """In few words: type, modality and organisations, for the record."""
    return f"{event.type} {event.modality} {', '.join(r.surface for r in event.roles)}"[:200]
