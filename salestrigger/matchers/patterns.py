"""The small pattern language of the type files, compiled to one regular expression over an encoded sentence.

A sentence is encoded (``encode.py``) as tokens with one space before, between and after them; words are in lower case,
and what was recognised stands as one token with its number: ``§O3`` a name (its letter is of ``name_groups.py``),
``§M0`` money, ``§R0`` a percentage, ``§Y0`` a year, ``§N0`` another number. A pattern is a row of::

    word  word*  *word      a token, its beginning, its end
    (a|b c|d*)  (a|b)?      alternatives of one or more words; optional
    $name                   a set of alternatives declared by the language ([sets]); $title: its person titles
    ~                       nothing between a role and the words after it
    ..  ...                 a gap of at most 5 (after a role 9), at most 10 tokens, over no other organisation
    {acquirer} {target's}   a role: one name or several in a row ("A, B en C"); with 's: in the genitive
    {buyer}?                a role that need not be there
    {person} {title} {place} {product} {money} {percent} {n}      a value; {who}: a person by the surname alone
    @completed @weak …      at the end: the modality that the words themselves state; how strong the cue is

Between a role and the words beside it up to five ordinary words (articles, trade words) are allowed. All repetitions
are bounded and no two of them can take the same token in turn without end, so matching is bounded by the sentence.
This module knows no language and no event type.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import get_args

from salestrigger.matchers.anchors import Anchor, best_anchors, has_anchor
from salestrigger.matchers.expressions import Expression
from salestrigger.matchers.pattern_slots import BETWEEN, ORDINARY, VALUES, slot_regex
from salestrigger.matchers.phrase_ends import add_end, end_of
from salestrigger.matchers.types import Modality
from salestrigger.matchers.word_needs import WordNeed, word_need

MODALITY_TAGS: tuple[Modality, ...] = get_args(Modality)  # what a phrase itself may state
STRENGTH_TAGS = ("weak", "strong")
VALUE_SLOTS = ("person", "who", "title", "place", "from", "product", "market", "money", "percent", "n", "previous")

_PIECE = re.compile(r"\{[^{}]*\}\??|\([^()]*\)\??|\.\.\.?(?=\s|$)|\$[a-z_]+|@[a-z_]+|[^\s(){}]+")
_NO_WORDS, _BRACKETS = re.compile(r"[${@]|\.\."), re.compile(r"[|()?]")
_WORDS = r"\*?[^\W_]{2}[^|(){}$@.?]*"
_PLAIN = re.compile(rf"\({_WORDS}(?:\|{_WORDS})*\)|{_WORDS}")  # what most pieces are: nothing is wrong with them
_SLOT = re.compile(r"([a-z_]+)('s)?\Z")


class PatternError(ValueError):
    """A pattern that is not of the language; the message names the piece."""


@dataclass(frozen=True)
class Infinitives:
    """Which infinitive a language's verbs have: a phrase with "opens" is met by "plans to open" as well."""

    of: Mapping[str, str]  #: finite verb → infinitive
    purpose: str = ""  #: what before an infinitive says that it is only what something else is for: "for å"

    def after(self, alternatives: Sequence[str]) -> tuple[str, ...]:
        """The infinitives of those alternatives that begin with a verb, without the alternatives themselves."""
        if not self.of:
            return ()
        split = (a.split(" ", 1) for a in alternatives)
        more = (" ".join((self.of[words[0]], *words[1:])) for words in split if words[0] in self.of)
        return tuple(dict.fromkeys(a for a in more if a not in alternatives))


_NO_INFINITIVES = Infinitives({})


@dataclass(frozen=True)
class Pattern:
    """One compiled phrase."""

    source: str  #: as written, for explanations
    slots: tuple[str, ...]  #: role and value names, in order
    modality: Modality | None  #: None: to be found from the sentence
    strength: str  #: weak, strong or empty
    literals: tuple[tuple[str, ...], ...]  #: the alternatives of each piece that must stand there, in this order
    needs: tuple[str, ...]  #: of each string one letter must be a kind of name or value in the sentence: "OQ", "M"
    counts: bool  #: whether it needs a number: money, a percentage, a count
    words: frozenset[str]  #: its whole words, which are no names when a capital is due to their place
    verbs: frozenset[str]  #: those that follow its first role: what a headline without that name opens with
    parts: tuple[str | tuple[str, ...], ...]  #: of its expression: text, or the words of a set of alternatives

    @property
    def pieces(self) -> int:
        """How many of its words or sets of alternatives must stand there: how specific it is."""
        return len(self.literals)

    @cached_property
    def anchors(self) -> tuple[Anchor, ...]:
        """The words that it is found by."""
        return best_anchors(self.literals)

    @cached_property
    def required(self) -> tuple[WordNeed, ...]:
        """What must stand in the sentence, in this order: checked before the expression is tried."""
        return tuple(map(word_need, self.literals))

    @property
    def regex(self) -> str:
        """Over an encoded sentence."""
        return r"(?<= )" + "".join(part if isinstance(part, str) else _alternatives(part) for part in self.parts)

    @cached_property
    def expression(self) -> Expression:
        """Compiled when first needed: most patterns never meet a text of their kind in one run."""
        return Expression(self.regex)


@dataclass(slots=True)
class _Build:
    parts: list[str | tuple[str, ...]]
    slots: list[str]
    literals: list[tuple[str, ...]]  #: required alternatives, as written
    words: set[str]
    needs: list[str]
    verbs: set[str] = field(default_factory=set)
    infinitives: Infinitives = _NO_INFINITIVES
    maybe: tuple[str, ...] = ()  #: the words of an optional piece right before
    modality: Modality | None = None
    strength: str = ""
    after: str = ""  #: what the previous piece was: "", word, slot, gap


Sets = Mapping[str, Sequence[str]]
_NO_LITERAL = "no literal word of at least 2 letters to look for"


def compile_pattern(
    source: str, sets: Sets, known_slot: Callable[[str], bool], *, infinitives: Infinitives = _NO_INFINITIVES
) -> Pattern:
    """Parse ``source``; where it has a verb of ``infinitives``, that verb's infinitive will do as well.

    Raises:
        PatternError: an unknown set, slot or tag, an empty alternative, or nothing literal to look for.
    """
    build = _Build([], [], [], set(), [], infinitives=infinitives)
    pieces = _pieces(source)
    for piece in pieces[: end_of(pieces)]:
        before = build.maybe
        _add(piece, build, sets, known_slot)
        build.maybe = () if build.maybe is before else build.maybe
    add_end(pieces[end_of(pieces) :], build, lambda piece: _add(piece, build, sets, known_slot))
    if not has_anchor(build.literals):
        raise PatternError(_NO_LITERAL)
    return Pattern(
        source,
        tuple(build.slots),
        build.modality,
        build.strength,
        tuple(build.literals),
        tuple(dict.fromkeys(build.needs)),
        not {"M", "R", "N"}.isdisjoint(build.needs),
        frozenset(build.words),
        frozenset(build.verbs),
        tuple(build.parts),
    )


def check_pattern(source: str, anchors: Callable[[str], bool]) -> None:
    """Refuse what :func:`compile_pattern` refuses; ``anchors`` is :func:`anchors_phrase` for each piece.

    Raises:
        PatternError: as there.
    """
    if not sum(map(anchors, _pieces(source))):  # all are asked
        raise PatternError(_NO_LITERAL)


def anchors_phrase(piece: str, sets: Sets, known_slot: Callable[[str], bool]) -> bool:
    """Whether a phrase can be looked for by this piece of it.

    Raises:
        PatternError: it cannot be read.
    """
    if piece.islower() and _PLAIN.fullmatch(piece):
        return True
    build = _Build([], [], [], set(), [])
    _add(piece, build, sets, known_slot)
    return has_anchor(build.literals)


def _pieces(source: str) -> list[str]:
    pieces = _PIECE.findall(source)
    if "".join(pieces).replace(" ", "") != source.replace(" ", ""):
        raise PatternError(f"cannot read {source!r}: brackets must be closed and not nested")
    return pieces


def _add(piece: str, build: _Build, sets: Sets, known_slot: Callable[[str], bool]) -> None:
    if piece.startswith("@"):
        _add_tag(piece[1:], build)
    elif piece.startswith("{"):
        _add_slot(piece.rstrip("?")[1:-1], build, sets, known_slot, optional=piece.endswith("?"))
    elif piece == "~":
        build.after = ""
    elif piece in ("..", "..."):
        limit = 10 if piece == "..." else 9 if build.after == "slot" else 5
        build.parts.append(ORDINARY + f"{{0,{limit}}}?")
        build.after = "gap"
    elif piece.startswith("("):
        optional = piece.endswith("?")
        _add_words(tuple(piece.rstrip("?")[1:-1].split("|")), build, optional=optional)
    elif piece.startswith("$"):
        if piece[1:] not in sets:
            raise PatternError(f"unknown set {piece!r}; known: {', '.join('$' + s for s in sorted(sets))}")
        _add_words(tuple(sets[piece[1:]]), build, optional=False)
    else:
        _add_words((piece,), build, optional=False)


def _add_tag(tag: str, build: _Build) -> None:
    modality = next((m for m in MODALITY_TAGS if m == tag), None)
    if modality is not None:
        build.modality = modality
    elif tag in STRENGTH_TAGS:
        build.strength = tag
    else:
        allowed = ", ".join("@" + t for t in MODALITY_TAGS + STRENGTH_TAGS)
        raise PatternError(f"unknown tag {'@' + tag!r}; allowed: {allowed}")


def _add_slot(inside: str, build: _Build, sets: Sets, known_slot: Callable[[str], bool], *, optional: bool) -> None:
    found = _SLOT.match(inside)
    name = found[1] if found else inside
    if not found or not (name in VALUE_SLOTS or known_slot(name)):
        raise PatternError(f"unknown slot {'{' + inside + '}'!r}")
    label = f"{name}__{sum(s.split('__')[0] == name for s in build.slots)}"
    regex = _slot_parts(name, label, build, sets, genitive=bool(found[2]))
    if name == "title" and not optional:
        build.literals.append(tuple(sets.get("title", ())))
    if not optional and name != "title":
        build.needs.append(VALUES[name].strip("§[]d+\\ ") if name in VALUES else "OQKGU")
    build.parts += ("(?:", *regex, ")?") if optional else regex
    build.slots.append(label)
    build.after = "gap" if optional else "slot"


def _slot_parts(
    name: str, label: str, build: _Build, sets: Sets, *, genitive: bool
) -> tuple[str | tuple[str, ...], ...]:
    if name != "title":
        return (slot_regex(name, label, after=build.after, maybe=build.maybe, genitive=genitive),)
    return f"{BETWEEN[build.after]}(?P<{label}>", tuple(sets.get("title", ())), ")"


@functools.lru_cache(maxsize=8192)
def _readable(alternatives: tuple[str, ...]) -> tuple[str, ...]:
    """The alternatives, stripped; the same few sets stand in many phrases."""
    alternatives = tuple(a.strip() for a in alternatives)
    if not all(alternatives):
        raise PatternError("an alternative is empty; write (a|b)? for something optional")
    text = "\n".join(alternatives)
    if _NO_WORDS.search(text):
        raise PatternError(f"alternatives are plain words, not gaps, slots or sets: {'|'.join(alternatives)!r}")
    if _BRACKETS.search(text):
        raise PatternError(f"alternatives stand in brackets: {'|'.join(alternatives)!r}")
    if text != text.lower():
        raise PatternError(f"words are written in lower case: {next(a for a in alternatives if a != a.lower())!r}")
    return alternatives


def _add_words(alternatives: tuple[str, ...], build: _Build, *, optional: bool) -> None:
    alternatives = _readable(alternatives)
    more = build.infinitives.after(alternatives)
    if build.after == "slot":
        build.parts.append(ORDINARY + "{0,5}?")
    build.parts += _with_more(alternatives, more, build.infinitives.purpose)
    if optional:
        build.parts.append("?")
    build.words.update(_whole_words(alternatives + more))
    if not (optional or build.literals) and len(build.slots) == 1:
        build.verbs.update(a.split()[0] for a in alternatives if "*" not in a.split()[0])
    if not optional:
        build.literals.append(alternatives + more)
        build.after = "word"
    elif build.after != "word":
        build.after = "gap" if build.after else ""
        build.maybe = tuple(a.split()[-1] for a in alternatives if "*" not in a)


def _with_more(alternatives: tuple[str, ...], more: tuple[str, ...], purpose: str) -> tuple[str | tuple[str, ...], ...]:
    """The alternatives, or one of ``more`` where no ``purpose`` stands before it."""
    if not more:
        return (alternatives,)
    return ("(?:", alternatives, "|", f"(?<! {re.escape(purpose)} )" if purpose else "", more, ")")


@functools.lru_cache(maxsize=8192)
def _whole_words(alternatives: tuple[str, ...]) -> frozenset[str]:
    return frozenset(w for a in alternatives for w in a.split() if "*" not in w)


@functools.lru_cache(maxsize=8192)
def _alternatives(alternatives: tuple[str, ...]) -> str:
    return "(?:" + "|".join("".join(_word(w) + " " for w in a.split()) for a in alternatives) + ")"


def _word(word: str) -> str:
    return re.escape(word).replace(r"\*", "[^ §]*")
