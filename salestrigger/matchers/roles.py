"""Who has which part: names from a phrase's slots, else the organisation that the sentence is about.

A name is only taken from the title or from the event's own sentence; what cannot be grounded there stays empty.
Decides nothing about types or modality.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from salestrigger.matchers.encode import Line
from salestrigger.matchers.finding import Finding, slot_name
from salestrigger.matchers.naming import Group
from salestrigger.matchers.patterns import VALUE_SLOTS
from salestrigger.matchers.reader import ORGANISATION_WORDS
from salestrigger.matchers.types import Role

LEAD_GOES_ON = 2  #: the sentence after the lead
NEAR_THE_HEAD = 2  #: up to this sentence the headline's company is the subject when none is named
OPENS = 5  #: within so many words a sentence names whom it is about
_AND = frozenset({"and", "en", "og", "och", "und", "ja"})
_APART = frozenset(
    {",", ";", ":", "–", "-", "that", "dass", "dat", "att"}
)  #: before a clause with a subject of its own
_NAMED_VALUES = frozenset(VALUE_SLOTS) - {"title", "money", "percent", "n"}


@dataclass(frozen=True, slots=True)
class Grounding:
    """The roles of one finding and how its subject was found."""

    roles: tuple[Role, ...]
    how: str  #: slot, sentence, title, lead, outside (an excerpt: named elsewhere) or empty (no subject)
    line: Line  #: the sentence that the roles are grounded in (beside the title)


def ground(finding: Finding, *, excerpt: bool = False) -> Grounding:
    """The roles of a finding; ``how`` is empty when nobody can be named. An ``excerpt`` is a sentence without its
    article: whom it speaks of may be named there, unless the phrase is a weak one."""
    event_type, line = finding.event_type, finding.line
    roles = _from_slots(finding)
    if any(role.name == event_type.subject for role in roles):
        return Grounding(roles, "slot", line)
    if any(role.name in event_type.roles[:2] for role in roles):
        left_out = _left_out(finding, roles)  # else not guessed: that would turn the direction
        return Grounding((_role(event_type.subject, left_out), *roles) if left_out else roles, "slot", line)
    group, how, where = _subject(finding, {role.start for role in roles} | _taken(finding))
    if group is None:
        too_weak = finding.pattern.strength == "weak" and _left_open(finding)
        return Grounding(roles, "outside" if excerpt and not too_weak else "", line)
    return Grounding((_role(event_type.subject, group), *roles), how, where)


def _from_slots(finding: Finding) -> tuple[Role, ...]:
    found: dict[tuple[str, int], Role] = {}
    for label in finding.pattern.slots:
        name = slot_name(label)
        if name in VALUE_SLOTS:
            continue
        for group in _told_of(finding, label):
            if group.kind != "U":
                found.setdefault((name, group.start), _role(name, group))
    return tuple(role for role in found.values() if not _held_before(role, found.values()))


def _told_of(finding: Finding, label: str) -> list[Group]:
    """The names that a slot took. "Acme sells an arm to Teasel and shuts a depot": who shuts it is Acme, whom the
    sentence opens with, not the name before "and"."""
    groups, line = finding.groups(label), finding.line
    if label != finding.pattern.slots[0] or len(groups) != 1 or finding.match.span(label)[0] != finding.hit[0]:
        return groups
    words, at = line.text.split(), line.token_at(finding.hit[0])
    if at + 2 >= len(words) or words[at + 1] not in _AND or words[at + 2] not in finding.pattern.words:
        return groups
    first = next((n for n, word in enumerate(words[: min(at, OPENS)]) if word[:2] in ("§O", "§Q")), None)
    if first is None or words[at - 1] in _APART or finding.reader.openers.isdisjoint(words[first + 1 : at]):
        return groups
    return [line.groups[int(words[first][2:])]]


def _held_before(role: Role, roles: Iterable[Role]) -> bool:
    """Whether an earlier slot gave the same name, its legal form aside, another part: nobody buys himself."""
    name = _bare(role)
    first = next(r for r in roles if _bare(r) == name)
    return first.name != role.name


def _bare(role: Role) -> str:
    words = [word for word in role.surface.casefold().split() if word.strip(".,") not in ORGANISATION_WORDS]
    return " ".join(words) or role.surface.casefold()


def _unnamed(finding: Finding) -> bool:
    """Whether the phrase's subject is "the company": the nearest name is then somebody else's."""
    return any(group.kind == "U" for group in _parties(finding))


def _left_open(finding: Finding) -> bool:
    """Whether the sentence has not even a word for the phrase's subject."""
    return any(group.kind == "U" and not group.surface for group in _parties(finding))


def _parties(finding: Finding) -> Iterable[Group]:
    """Who fills the slots of the type's first two roles."""
    labels = (label for label in finding.pattern.slots if slot_name(label) in finding.event_type.roles[:2])
    return (group for label in labels for group in finding.groups(label))


def _left_out(finding: Finding, roles: tuple[Role, ...]) -> Group | None:
    """Whom a headline without a subject speaks of: the organisation that the text opens with, if it is no other's."""
    if finding.line is not finding.title or finding.lead is None or not finding.match[0].startswith("§U"):
        return None
    group = only_organisation(finding.lead, first=True)
    others = " ".join(role.surface for role in roles)
    return group if group and group.surface not in others and others not in group.surface else None


def _taken(finding: Finding) -> set[int]:
    """Where names stand that a slot took as something else than an organisation."""
    labels = [label for label in finding.pattern.slots if slot_name(label) in _NAMED_VALUES]
    return {group.start for label in labels for group in finding.groups(label)}


def _role(name: str, group: Group) -> Role:
    return Role(name, group.surface, group.start, group.end, group.mention_id)


def _subject(finding: Finding, taken: set[int]) -> tuple[Group | None, str, Line]:
    """The organisation nearest before the hit, else after it, else the headline's, else the lead's."""
    line, title, lead = finding.line, finding.title, finding.lead
    nearest = _nearest(finding, taken) if not _unnamed(finding) else None
    if nearest is not None:
        usable = nearest.kind != "G" or finding.event_type.public_subject
        return (nearest if usable else None), "sentence" if usable else "", line
    if title is not None and line is not title and (group := only_organisation(title)):
        near = line.sentence.number <= NEAR_THE_HEAD
        return (group if near else None), "title" if near else "", line
    if line is title and lead is not None and (group := only_organisation(lead, first=True)):
        return group, "lead", lead
    if _goes_on(finding) and lead is not None and (group := only_organisation(lead)):
        return group, "lead", lead
    return None, "", line


def _goes_on(finding: Finding) -> bool:
    """Whether a telling phrase stands in the sentence after the lead and nobody is named in it or in the headline."""
    told = finding.line.sentence.number == LEAD_GOES_ON and finding.pattern.strength == "strong"
    return told and (finding.title is None or finding.title.kinds.isdisjoint("OQG"))


def _nearest(finding: Finding, taken: set[int]) -> Group | None:
    """The name nearest before the end of the hit, else the first after it; an organisation before an ambiguous name."""
    free = [g for g in finding.line.groups if g.start not in taken]
    known = [g for g in free if g.kind in ("O", "Q", "G")]
    if not known:
        return next((g for g in free if g.kind == "K"), None)
    first, last = finding.span
    before = [g for g in known if g.end <= last]
    if before:
        return ([g for g in before if g.kind != "Q"] or before)[-1]
    after = [g for g in known if g.start >= first]
    return next((g for g in after if g.kind != "Q"), after[0] if after else None)


def only_organisation(line: Line, *, first: bool = False) -> Group | None:
    """The one organisation of a line; with ``first``, the first of several."""
    known = [g for g in line.groups if g.kind in ("O", "Q")]
    sure = [g for g in known if g.kind == "O"] or known
    return sure[0] if sure and (first or len({g.surface for g in sure}) == 1) else None
