"""One event over many documents: what several outlets, languages and days tell of the same thing.

::

    held events ─► corrections: what documents that are read again take back ─► each telling in the order of publication
                ─► finds its event (``same_event``) and makes it grow (``grow``), joins two that turn out to be one, or
                   begins a new one

The first event keeps its id and grows: sources are added, copies of one text count once, modality moves forward
(rumour → planned → announced → in progress → completed; a denial or cancellation closes), amounts that disagree stand
side by side. Events are taken one after the other, so that cutting the same documents into other batches in that order
gives the same events. This module reads no text.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from salestrigger.matchers.corrections import EventChange, take_back
from salestrigger.matchers.grow import grow, with_origins
from salestrigger.matchers.near_copies import signature
from salestrigger.matchers.same_event import first_told, kin_of, last_told, same_event
from salestrigger.matchers.types import Event

__all__ = ["EventChange", "Merged", "merge", "same_event", "signature"]


@dataclass(frozen=True, slots=True)
class Merged:
    """``events``: new and changed ones, whole, and those that went into another (``merged_into``). ``successors``: (id
    that is no more, id of the event it went into). ``history``: what happened to events that were told before."""

    events: tuple[Event, ...]
    successors: tuple[tuple[str, str], ...]
    history: tuple[EventChange, ...] = ()


@dataclass(slots=True)
class _Book:
    """All events while they are merged."""

    held: dict[str, Event]
    by_type: dict[str, list[str]]
    touched: dict[str, None]
    successors: dict[str, str]
    history: list[EventChange]

    def put(self, event: Event) -> None:
        """Keep an event as new or changed."""
        old = self.held.get(event.event_id)
        if old is None or old.type != event.type:
            self.by_type[event.type].append(event.event_id)
        self.held[event.event_id] = event
        self.touched[event.event_id] = None


def merge(new: Sequence[Event], open_events: Sequence[Event] = (), *, read: Set[str] = frozenset()) -> Merged:
    """Join ``new`` events with each other and with ``open_events``; see the module for the rules. Deterministic.

    ``read`` are the documents that were read for ``new``, also those in which nothing was found.
    """
    tellings = [with_origins(event) for event in _in_order(new)]
    before = {event.event_id: event for event in _in_order(open_events)}
    again = read | {s.document_id for event in tellings if len(event.sources) == 1 for s in event.sources}
    corrected = take_back(before, tellings, again)
    book = _Book(dict(corrected.held), defaultdict(list), {}, {}, list(corrected.history))
    for event in book.held.values():
        book.by_type[event.type].append(event.event_id)
    book.touched = dict.fromkeys(corrected.touched)
    for telling in corrected.new:
        _add(telling, book)
    return Merged(
        tuple(book.held[i] for i in sorted(book.touched)), tuple(sorted(book.successors.items())), tuple(book.history)
    )


def _add(event: Event, book: _Book) -> None:
    """Give one telling its event."""
    homes = [event.event_id] if event.event_id in book.held else _homes(event, book)
    if not homes:
        book.put(event)
        return
    home = homes[0]
    grown = grow(book.held[home], event)
    if grown != book.held[home]:
        if grown.type != book.held[home].type:
            said = f"{book.held[home].type} → {grown.type}"
            book.history.append(EventChange(home, "retyped", said, event.sources[0].document_id))
        book.put(grown)
    if home != event.event_id:
        book.successors[event.event_id] = home
    _join(home, homes[1:], book)


def _join(home: str, others: Sequence[str], book: _Book) -> None:
    """Events that a telling shows to be one: the first told stays, the others point to it."""
    for other in others:
        one, two = sorted((book.held[home], book.held[other]), key=lambda e: (first_told(e), e.event_id))
        if not same_event(one, two):
            continue
        book.put(grow(one, two))
        book.put(dataclasses.replace(two, merged_into=one.event_id))
        book.successors[two.event_id] = one.event_id
        book.history.append(EventChange(two.event_id, "merged", one.event_id))
        book.history.append(EventChange(one.event_id, "absorbed", two.event_id))
        home = one.event_id


def _in_order(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda e: (first_told(e), e.event_id))


def _homes(event: Event, book: _Book) -> list[str]:
    """The held events that this one belongs to, the one told last first."""
    ids = dict.fromkeys(i for name in kin_of(event.type) for i in book.by_type[name])
    known = [book.held[i] for i in ids]
    found = [e for e in known if e.merged_into is None and same_event(e, event)]
    return [e.event_id for e in sorted(found, key=lambda e: (last_told(e), e.event_id), reverse=True)]
