"""Choosing among the hits of one text: one event per type and subject, the more specific type before the general.

A title and a lead that tell the same are one event. Decides nothing about a single hit (``detect.py`` does).
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from salestrigger.matchers.encode import Line
from salestrigger.matchers.event_type import Recast
from salestrigger.matchers.finding import Finding
from salestrigger.matchers.lexicon import EventType, Lexicon
from salestrigger.matchers.markers import Markers
from salestrigger.matchers.modality import ORDER
from salestrigger.matchers.reader import ORGANISATION_WORDS
from salestrigger.matchers.roles import Grounding
from salestrigger.matchers.sentences import Sentence
from salestrigger.matchers.types import Attribute, Evidence, Modality, Role

_RANK = {"strong": 2, "": 1, "weak": 0}


@dataclass(frozen=True, slots=True)
class Hit:
    """A finding that is an event by itself."""

    finding: Finding
    modality: Modality
    grounding: Grounding
    attributes: tuple[Attribute, ...]
    confidence: float
    evidence: tuple[Evidence, ...]
    title_end: int  #: where the title ends in the full text

    @property
    def type(self) -> EventType:
        """The event type."""
        return self.finding.event_type

    @property
    def roles(self) -> tuple[Role, ...]:
        """Who has which part."""
        return self.grounding.roles

    @property
    def sentence(self) -> Sentence:
        """Where the phrase stands."""
        return self.finding.line.sentence

    @property
    def subject(self) -> str:
        """The holder of the first role that is filled, folded for comparison."""
        first = next((r for name in self.type.roles for r in self.roles if r.name == name), None)
        return fold_name(first.surface) if first else ""

    @property
    def cue(self) -> frozenset[int]:
        """The tokens of the sentence that the phrase's own words stand for, without its slots and gaps."""
        line, pattern = self.finding.line, self.finding.pattern
        first, last = line.token_at(self.finding.hit[0]), line.token_at(self.finding.hit[1] - 2)
        words = line.text.split()
        return frozenset(
            i
            for i in range(first, last + 1)
            if words[i] in pattern.words or any(anchor.text in words[i] for anchor in pattern.anchors)
        )


def fold_name(name: str) -> str:
    """For comparing two surfaces in one text."""
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()


def same_subject(one: str, other: str) -> bool:
    """Whether two folded surfaces of one text name the same: the words of one, legal forms aside, are in the other, or
    one is not named."""
    mine, theirs = _core(one), _core(other)
    return mine <= theirs or theirs <= mine


def _core(name: str) -> set[str]:
    words = set(name.split())
    return words - ORGANISATION_WORDS or words


def _quality(hit: Hit) -> tuple[float, ...]:
    pattern = hit.finding.pattern
    return (
        _RANK[pattern.strength],
        hit.grounding.how == "slot",
        len(hit.roles),
        pattern.pieces,
        len(hit.attributes),
        -hit.finding.hit[0],
    )


def best_of_line(found: Iterable[Hit]) -> list[Hit]:
    """Of hits of one type, and of hits on the same words, the best one; in the order of quality.

    Who has a part that the best one leaves open is taken from another hit of its type in the sentence: "started a
    tender offer" says who buys, "tender offer for" whom.
    """
    kept: list[Hit] = []
    for hit in sorted(found, key=lambda c: (*(-q for q in _quality(c)), c.type.id, c.finding.pattern.source)):
        same = next((i for i, k in enumerate(kept) if k.type.id == hit.type.id), None)
        if same is not None:
            kept[same] = _completed(kept[same], hit)
        elif not any(k.cue & hit.cue for k in kept):
            kept.append(hit)
    return kept


def _completed(best: Hit, other: Hit) -> Hit:
    """The hit with those parts of the other's phrase that it leaves open, if nobody has two parts then."""
    if other.grounding.how != "slot":
        return best
    names, holders = {r.name for r in best.roles}, [fold_name(r.surface) for r in best.roles]
    more = tuple(
        role
        for role in other.roles
        if role.name not in names and not any(same_subject(fold_name(role.surface), holder) for holder in holders)
    )
    if not more:
        return best
    roles = tuple(sorted((*best.roles, *more), key=lambda r: best.type.roles.index(r.name)))
    return dataclasses.replace(best, grounding=dataclasses.replace(best.grounding, roles=roles))


def recast(hit: Hit, lexicon: Lexicon, head: Sequence[Line]) -> Hit:
    """The hit as the type that it is by its own type's rules; ``head``: the title and the first sentences."""
    for number, rule in enumerate(hit.type.recast):
        languages = hit.finding.reader.chain
        if rule.languages and languages[0] not in rule.languages:
            continue
        markers = (_recast_markers(lexicon, hit.type.id, number, language) for language in languages)
        if _ends_so(hit, rule) or any(m.possible(x.words, x.text) and m.search(x.text) for m in markers for x in head):
            return _as_type(hit, lexicon.types[rule.to], rule)
    return hit


@functools.lru_cache(maxsize=512)
def _recast_markers(lexicon: Lexicon, type_id: str, number: int, language: str) -> Markers:
    phrases = lexicon.types[type_id].recast[number].phrases.get(language, ())
    return Markers(lexicon.patterns(phrases, language))


def _ends_so(hit: Hit, rule: Recast) -> bool:
    public = {group.start for group in hit.finding.line.groups if group.kind == "G"}
    if any(role.name == (rule.public if role.start in public else rule.private) for role in hit.roles):
        return True
    held = (fold_name(role.surface).rsplit(" ", 1)[-1] for role in hit.roles if role.name == rule.role)
    return any(word in rule.words for word in held)


def _as_type(hit: Hit, other: EventType, rule: Recast) -> Hit:
    named = (dataclasses.replace(r, name=rule.rename.get(r.name, r.name)) for r in hit.roles)
    roles = tuple(sorted((r for r in named if r.name in other.roles), key=lambda r: other.roles.index(r.name)))
    return dataclasses.replace(
        hit,
        finding=dataclasses.replace(hit.finding, event_type=other),
        grounding=dataclasses.replace(hit.grounding, roles=roles),
        attributes=tuple(a for a in hit.attributes if a.key in other.attributes),
    )


def one_each(found: list[Hit]) -> list[Hit]:
    """One hit per type and subject; a type gives way to those it ``yields_to``."""
    kept: list[Hit] = []
    for hit in sorted(found, key=lambda c: (c.sentence.number, c.type.id)):
        twin = next((i for i, k in enumerate(kept) if k.type.id == hit.type.id and _same_event(k, hit)), None)
        if twin is None:
            kept.append(hit)
        else:
            kept[twin] = _joined(kept[twin], hit)
    return [c for c in kept if not any(o.type.id in c.type.yields_to and _about_the_same(o, c) for o in kept)]


def _same_event(one: Hit, other: Hit) -> bool:
    """Told later, a second event of the same type needs holders of its own, named by its phrase; the headline's is
    told again in the lead."""
    if one.sentence.where == "title" and other.sentence.where == "lead":
        return True
    shared = {r.name for r in one.roles} & {r.name for r in other.roles}
    if not shared or any(_same_holder(one, other, name) for name in shared):
        return True
    if other.grounding.how != "slot" or other.sentence.where == "body":
        return True
    return _only_in_title(one) and other.sentence.where == "lead"


def _same_holder(one: Hit, other: Hit, name: str) -> bool:
    mine, theirs = ([fold_name(r.surface) for r in hit.roles if r.name == name] for hit in (one, other))
    return any(same_subject(a, b) for a in mine for b in theirs)


def _only_in_title(hit: Hit) -> bool:
    """Whether what the headline seems to name never returns: "Gründere henter 22 millioner" names nobody."""
    if hit.sentence.where != "title":
        return False
    full = hit.finding.line.full
    return all(r.mention_id is None and " " not in r.surface and full.count(r.surface) == 1 for r in hit.roles)


def _about_the_same(one: Hit, other: Hit) -> bool:
    """The same sentence, organisation or person; not the same when each tells of a person of its own."""
    if one.finding.line is other.finding.line:
        return True
    people = [{a.value for a in hit.attributes if a.key == "person"} for hit in (one, other)]
    if all(people) and not any(same_subject(fold_name(a), fold_name(b)) for a in people[0] for b in people[1]):
        return False
    mine = [fold_name(r.surface) for r in one.roles]
    return bool(people[0] & people[1]) or any(same_subject(fold_name(r.surface), m) for r in other.roles for m in mine)


def _joined(one: Hit, other: Hit) -> Hit:
    """Two tellings as one. The sentence of the text is shown rather than the title (roles are grounded in either); the
    better grounded roles win, the fuller form of a name, and the sharper modality."""
    shown = other if one.sentence.where == "title" else one
    best, rest = (one, other) if _quality(one)[:3] >= _quality(other)[:3] else (other, one)
    if _rivals(one, other):
        best, rest = (other, one) if _only_in_title(one) else (one, other)
        shown = shown if all(_grounded(r, shown) for r in best.roles) else best
        rest = dataclasses.replace(rest, grounding=Grounding((), "", rest.grounding.line))
    roles = [_fuller(role, rest.roles, shown) for role in best.roles]
    names = {role.name for role in roles}
    if rest.grounding.how == "slot" or best.grounding.how != "slot":
        roles += [r for r in rest.roles if r.name not in names]
    keys = {a.key for a in best.attributes}
    kept = tuple(r for r in roles if _grounded(r, shown))
    return dataclasses.replace(
        best,
        attributes=best.attributes + tuple(a for a in rest.attributes if a.key not in keys),
        modality=min((one.modality, other.modality), key=ORDER.index),
        confidence=round(min(0.99, max(one.confidence, other.confidence) + 0.03), 3),
        grounding=Grounding(kept, best.grounding.how, shown.grounding.line),
    )


def _rivals(one: Hit, other: Hit) -> bool:
    """Whether a headline and its text have nobody in common in the parts that both fill: one of them is mistaken."""
    shared = {r.name for r in one.roles} & {r.name for r in other.roles}
    headline = one.sentence.where == "title"
    return headline and bool(shared) and not any(_same_holder(one, other, name) for name in shared)


def _fuller(role: Role, others: tuple[Role, ...], shown: Hit) -> Role:
    """The longer form of the same name ("Techno Groep N.V." for "Techno"), else the form that can be shown."""
    mine = fold_name(role.surface)
    twins = [o for o in others if o.name == role.name and same_subject(mine, fold_name(o.surface))]
    usable = [r for r in (role, *twins) if _grounded(r, shown)] or [role]
    return max(usable, key=lambda r: len(r.surface))


def _grounded(role: Role, shown: Hit) -> bool:
    """In the title, or in the sentence that is shown."""
    sentence = shown.grounding.line.sentence
    return sentence.start <= role.start < sentence.end or role.start < shown.title_end
