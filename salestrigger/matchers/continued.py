"""One story, one trigger: which stored trigger goes on when an event's type, and so its roles, changed.

A trigger's id names the event and the role under which it was first told. When the event becomes another (an alliance
turns out to be a take-over, two events turn out to be one), the organisation's new role would make a second trigger.
Here it takes up the one that was told: the id stays, role and event are those of today. What the trigger says is not
decided here. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from salestrigger.matchers.subjects import Subject
from salestrigger.matchers.types import Event, Trigger
from salestrigger.sources.records import content_id

Told = Mapping[tuple[str, str, str], Sequence[Trigger]]  #: (event, organisation, profile) → its stored triggers


def told_of(events: Iterable[Event], stored: Iterable[Trigger]) -> Told:
    """The stored triggers of the events, those of events that went into one of them included."""
    now = {event.event_id: event.merged_into or event.event_id for event in events}
    found: dict[tuple[str, str, str], list[Trigger]] = defaultdict(list)
    for trigger in stored:
        if trigger.event_id in now:
            found[now[trigger.event_id], trigger.organization_id, trigger.profile].append(trigger)
    return found


def trigger_ids(subjects: Sequence[Subject], profile: str, told: Told) -> list[str]:
    """The trigger id of each subject under a profile: of the one that told it, else a new one."""
    fresh = [content_id("trg", s.cause_id, s.organization_id, profile, s.role) for s in subjects]
    alike: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, subject in enumerate(subjects):
        alike[subject.cause_id, subject.organization_id].append(at)
    ids = list(fresh)
    for (cause, organization), places in alike.items():
        if known := told.get((cause, organization, profile)):
            for at, key in _taken_up([(at, subjects[at].role) for at in places], fresh, known).items():
                ids[at] = key
    return _each_once(ids)


def _taken_up(roles: Sequence[tuple[int, str]], fresh: Sequence[str], known: Sequence[Trigger]) -> dict[int, str]:
    """Subject → id: of a trigger of the same role first, then of one whose role nobody has any more."""
    left = {t.trigger_id: t for t in sorted(known, key=lambda t: (bool(t.held_back), t.valid_from, t.trigger_id))}
    found: dict[int, str] = {}
    for at, role in roles:
        same = [t for t in left.values() if t.role == role]
        own = next((t for t in same if t.trigger_id == fresh[at]), same[0] if same else None)
        if own is not None:
            found[at] = left.pop(own.trigger_id).trigger_id
    for at, _ in roles:
        if at not in found and left:
            found[at] = left.pop(next(iter(left))).trigger_id
    return found


def _each_once(ids: Sequence[str]) -> list[str]:
    """An id that by now stands for another role is not used twice."""
    used: set[str] = set()
    found = []
    for key in ids:
        found.append(content_id(key, "again") if key in used else key)
        used.add(key)
    return found
