"""Who has which part: names from a phrase's slots, else the organisation that the sentence is about.

A name is only taken from the title or from the event's own sentence; what cannot be grounded there stays empty.
Decides nothing about types or modality.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from salestrigger.matchers.encode import Group, Line
from salestrigger.matchers.lexicon import EventType
from salestrigger.matchers.patterns import VALUE_SLOTS
from salestrigger.matchers.reader import Reader
from salestrigger.matchers.types import Role

_CODE = re.compile(r"§[A-Z](\d+)")


@dataclass(frozen=True, slots=True)
class Grounding:
    """The roles of one hit and how its subject was found."""

    roles: tuple[Role, ...]
    how: str  #: slot, sentence, title, lead or empty (no subject)
    line: Line  #: the sentence that the roles are grounded in (beside the title)


def slot_groups(line: Line, match: re.Match[str], label: str) -> list[Group]:
    """The names that a slot of a phrase took."""
    return [line.groups[int(number)] for number in _CODE.findall(match[label] or "")]


def ground(
    event_type: EventType,
    line: Line,
    match: re.Match[str],
    slots: Sequence[str],
    *,
    title: Line | None,
    lead: Line | None,
    reader: Reader,
) -> Grounding:
    """The roles of a hit; ``how`` is empty when nobody can be named."""
    roles = _from_slots(line, match, slots)
    if any(role.name == event_type.subject for role in roles):
        return Grounding(roles, "slot", line)
    taken = {role.start for role in roles} | _people(line, match, slots)
    public = event_type.public_subject
    group, how, where = _subject(line, match.span(), taken, title, lead, reader, public=public)
    if group is None:
        return Grounding(roles if len(event_type.roles) > 1 else (), "slot" if _enough(roles, event_type) else "", line)
    return Grounding((_role(event_type.subject, group), *roles), how, where)


def _enough(roles: tuple[Role, ...], event_type: EventType) -> bool:
    """Whether another role than the subject carries the event: a target whose buyer is not named."""
    return any(role.name in event_type.roles[:2] for role in roles)


def _from_slots(line: Line, match: re.Match[str], slots: Sequence[str]) -> tuple[Role, ...]:
    found: dict[tuple[str, int], Role] = {}
    for label in slots:
        name = label.split("__")[0]
        if name in VALUE_SLOTS:
            continue
        for group in slot_groups(line, match, label):
            found.setdefault((name, group.start), _role(name, group))
    return tuple(found.values())


def _people(line: Line, match: re.Match[str], slots: Sequence[str]) -> set[int]:
    """Where names stand that a slot took as something else than an organisation."""
    labels = [s for s in slots if s.split("__")[0] in VALUE_SLOTS and s.split("__")[0] not in ("money", "percent", "n")]
    return {g.start for label in labels for g in slot_groups(line, match, label) if label.split("__")[0] != "title"}


def _role(name: str, group: Group) -> Role:
    return Role(name, group.surface, group.start, group.end, group.mention_id)


def _subject(
    line: Line,
    hit: tuple[int, int],
    taken: set[int],
    title: Line | None,
    lead: Line | None,
    reader: Reader,
    *,
    public: bool,
) -> tuple[Group | None, str, Line]:
    """The organisation nearest before the hit, else after it, else the headline's, else the lead's."""
    nearest = _nearest(line, hit, taken)
    if nearest is not None:
        usable = nearest.kind != "G" or public
        return (nearest if usable else None), "sentence" if usable else "", line
    if title is not None and line is not title and (group := _only(title)):
        if line.sentence.number <= 2 or _refers_back(line, reader):
            return group, "title", line
    if line is title and lead is not None and (group := _only(lead, first=True)):
        return group, "lead", lead
    return None, "", line


def _refers_back(line: Line, reader: Reader) -> bool:
    """Whether the sentence speaks of "the company": the one of the headline."""
    return reader.anaphora.possible(line.words, line.text) and reader.anaphora.search(line.text) is not None


def _nearest(line: Line, hit: tuple[int, int], taken: set[int]) -> Group | None:
    """The name nearest before the end of the hit, else the first after it; an organisation before an ambiguous name."""
    known = [g for g in line.groups if g.kind in ("O", "Q", "G") and g.start not in taken]
    if not known:
        return next((g for g in line.groups if g.kind == "K" and g.start not in taken), None)
    first, last = line.span(*hit)
    before = [g for g in known if g.end <= last]
    sure = [g for g in before if g.kind != "Q"]
    if sure or before:
        return (sure or before)[-1]
    after = [g for g in known if g.start >= first]
    return next((g for g in after if g.kind != "Q"), after[0] if after else None)


def _only(line: Line, *, first: bool = False) -> Group | None:
    """The one organisation of a line; with ``first``, the first of several."""
    known = [g for g in line.groups if g.kind in ("O", "Q")]
    sure = [g for g in known if g.kind == "O" or g.mention_id] or known
    return sure[0] if sure and (first or len({g.surface for g in sure}) == 1) else None
