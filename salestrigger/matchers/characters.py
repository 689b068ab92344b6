"""Where the words of many texts begin and end, worked out on all characters at once.

A word is a run of letters and digits; an apostrophe inside it, combining marks and invisible characters (soft hyphens,
joiners) belong to it; ``&`` is a word of its own; initials written together (B.V., A/S, J.P.) are one. Knows no
language and no names.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salestrigger.matchers.words import I64, U64, RangeHashes

Bools = NDArray[np.bool_]
Codes = NDArray[np.uint32]

_WORD, _LETTER, _UPPER, _LOWER, _END, _INNER, _LOOSE, _APOSTROPHE = (1 << n for n in range(8))
_UNKNOWN = 0xFF  # no character is all of them
_SENTENCE_END = frozenset('.!?:;\n•–—«»"“”„|')
_APOSTROPHES = frozenset("'’")
_NEWLINE, _SPACE, _AMPERSAND, _DOT, _SLASH, _HYPHEN, _COMMA, _HARD_SPACE = 10, 32, 38, 46, 47, 45, 44, 0xA0
_INSIDE_NAMES = frozenset(" ,()-–/+'’\"”“»«|")  # what may stand between the words of a listed name
_LOOSEST = 3  # such characters
_LONGEST = 60  # characters: a longer run is no word
_WRAPPED = 0.25  # share of line breaks before a small letter from which on a text is wrapped at a width
_FEWEST = 3  # such breaks
_FULL = 0.7  # share of the usual width from which on a line was broken because the next word did not fit


@dataclass(frozen=True, slots=True)
class Runs:
    """The words of texts that lie one after the other, a line break between them."""

    start: I64
    end: I64
    text: I64  #: which text each word is of
    key: U64  #: hash of the characters as written
    opens: Bools  #: first word of a sentence, line or quotation
    spaced: Bools  #: nothing but a space, a hyphen or nothing at all lies between it and the word before
    dotted: Bools  #: a dot, with or without a space, lies between it and the word before
    loose: Bools  #: only signs that names hold, such as a comma, a bracket, a dash, lie between it and the word before
    comma: Bools  #: a comma and a space lie between it and the word before
    hyphen: Bools  #: a hyphen lies between it and the word before
    before: Codes  #: the character before it, 0 for none
    after: Codes  #: the character after it, 0 for none
    next: Codes  #: the one after that


def _kinds_of(char: str) -> int:
    category = unicodedata.category(char)
    kinds = _WORD if char.isalnum() or category[0] == "M" else 0
    kinds |= _LETTER if char.isalpha() else 0
    kinds |= _UPPER if char.isupper() or category == "Lt" else 0
    kinds |= _LOWER if char.islower() else 0
    kinds |= _END if char in _SENTENCE_END else 0
    kinds |= _LOOSE if char in _INSIDE_NAMES else 0
    kinds |= _APOSTROPHE if char in _APOSTROPHES else 0
    return kinds | (_INNER if category == "Cf" else 0)


@functools.cache
def _plane() -> NDArray[np.uint8]:
    """What each character of the Basic Multilingual Plane is, as bits; filled as they are met."""
    return np.full(1 << 16, _UNKNOWN, dtype=np.uint8)


def _kinds(codes: Codes) -> NDArray[np.uint8]:
    plane = _plane()
    kinds = plane[np.minimum(codes, 0xFFFF)]
    asked = np.flatnonzero((kinds == _UNKNOWN) | (codes > 0xFFFF))
    if len(asked):
        values, place = np.unique(codes[asked], return_inverse=True)
        found = np.array([_kinds_of(chr(code)) for code in values.tolist()], dtype=np.uint8)
        kinds[asked] = found[place]
        near = values <= 0xFFFF
        plane[values[near]] = found[near]
    return kinds


def runs_of(texts: Sequence[str]) -> Runs:
    """The words of every text; offsets are in the texts joined by line breaks."""
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32)
    kinds = _kinds(codes)
    begin = np.cumsum([0, *(len(text) + 1 for text in texts)])[:-1].astype(np.int64)
    codes = _unwrapped(codes, kinds, begin)
    start, end = _initials_joined(codes, kinds, *_words(codes, kinds))
    text = np.searchsorted(begin, start, "right") - 1
    values = RangeHashes(codes.astype(np.uint64) + np.uint64(1))
    return _with_gaps(codes, kinds, Spots(start, end, text, values.of(start, end)))


def _unwrapped(codes: Codes, kinds: NDArray[np.uint8], begin: I64) -> Codes:
    """With spaces for the line breaks inside the sentences of texts that are wrapped at a width."""
    breaks = np.flatnonzero(codes[1:-1] == _NEWLINE) + 1
    inside = breaks[~np.isin(breaks + 1, begin)]
    soft = inside[
        ((kinds[inside - 1] & (_WORD | _END) != _END) | _initial(codes, kinds, inside))
        & (codes[inside - 1] != _NEWLINE)
    ]
    soft = soft[(kinds[soft + 1] & _WORD) > 0]
    owner = np.searchsorted(begin, soft, "right") - 1
    small = np.bincount(owner[(kinds[soft + 1] & _LOWER) > 0], minlength=len(begin))
    wrapped = (small >= _FEWEST) & (small >= _WRAPPED * np.bincount(owner, minlength=len(begin)))
    reach = _reach(codes, breaks, soft)
    width = np.bincount(owner, weights=np.where(kinds[soft + 1] & _LOWER > 0, reach, 0), minlength=len(begin))
    full = reach >= _FULL * (width / np.maximum(small, 1))[owner]
    first = np.searchsorted(breaks, begin)  # the title's own line break stays one
    titles = breaks[np.minimum(first, len(breaks) - 1)] if len(breaks) else breaks
    soft = soft[wrapped[owner] & full & ~np.isin(soft, titles)]
    if len(soft):
        codes = codes.copy()
        codes[soft] = _SPACE
    return codes


def _initial(codes: Codes, kinds: NDArray[np.uint8], breaks: I64) -> Bools:
    """Whether a line ends with an initial: "Rick J."."""
    at = np.maximum(breaks, 3)
    return np.asarray((codes[at - 1] == _DOT) & (kinds[at - 2] & _UPPER > 0) & (codes[at - 3] == _SPACE))


def _reach(codes: Codes, breaks: I64, soft: I64) -> I64:
    """How long each line would have been with the first word of the next."""
    ends = np.append(np.flatnonzero((codes == _SPACE) | (codes == _NEWLINE)), len(codes))
    line = np.concatenate(([-1], breaks))[np.searchsorted(breaks, soft)]
    return np.asarray(ends[np.searchsorted(ends, soft, "right")] - line - 1)


def _words(codes: Codes, kinds: NDArray[np.uint8]) -> tuple[I64, I64]:
    word = (kinds & _WORD) > 0
    if len(codes) > 2:
        between = word[:-2] & word[2:]
        join = (kinds[1:-1] & _INNER > 0) & between
        join |= (kinds[1:-1] & _APOSTROPHE > 0) & between & (kinds[2:] & _LETTER > 0)
        word[1:-1] |= join
    padded = np.zeros(len(word) + 2, dtype=np.bool_)
    padded[1:-1] = word
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    ampersand = np.flatnonzero(codes == _AMPERSAND)
    start = np.concatenate([edges[0::2], ampersand])
    end = np.concatenate([edges[1::2], ampersand + 1])
    order = np.argsort(start, kind="stable")
    start, end = start[order], end[order]
    short = end - start <= _LONGEST
    return start[short], end[short]


def _initials_joined(codes: Codes, kinds: NDArray[np.uint8], start: I64, end: I64) -> tuple[I64, I64]:
    """Single letters of one case with a dot or a slash between them are one word."""
    if len(start) < 2:
        return start, end
    kind = kinds[start]
    single = (end - start == 1) & ((kind & _LETTER) > 0)
    gap = codes[end[:-1]]
    link = single[1:] & single[:-1] & (start[1:] - end[:-1] == 1) & ((gap == _DOT) | (gap == _SLASH))
    link &= (kind[1:] & _UPPER) == (kind[:-1] & _UPPER)
    head = np.flatnonzero(np.concatenate(([True], ~link)))
    return start[head], end[np.append(head[1:], len(start)) - 1]


@dataclass(frozen=True, slots=True)
class Spots:
    """Where words are, before it is said what lies between them."""

    start: I64
    end: I64
    text: I64
    key: U64


def _with_gaps(codes: Codes, kinds: NDArray[np.uint8], spots: Spots) -> Runs:
    start, end = spots.start, spots.end
    size = len(start)
    ahead = np.concatenate([codes, np.zeros(3, dtype=np.uint32)])
    ends = np.concatenate(([0], np.cumsum((kinds & _END) > 0)))
    tight = np.concatenate(([0], np.cumsum((kinds & _LOOSE) == 0)))
    left = np.concatenate(([0], end[:-1])) if size else end
    gap, c0, c1 = start - left, ahead[left], ahead[left + 1]
    new = np.ones(size, dtype=np.bool_)
    new[1:] = spots.text[1:] != spots.text[:-1]
    ended = ends[start] - ends[left] > 0
    loose = ~new & (gap <= _LOOSEST) & (tight[start] - tight[left] == 0)
    one, two = gap == 1, gap == 2
    hyphen = one & (c0 == _HYPHEN)
    return Runs(
        start=start, end=end, text=spots.text, key=spots.key,
        opens=new | ended,
        spaced=~new & ((gap == 0) | hyphen | one & ((c0 == _SPACE) | (c0 == _HARD_SPACE))),
        dotted=~new & (c0 == _DOT) & (one | two & (c1 == _SPACE)),
        loose=loose,
        comma=~new & two & (c0 == _COMMA) & (c1 == _SPACE),
        hyphen=~new & hyphen,
        before=np.where(start > 0, codes[np.maximum(start - 1, 0)], 0) if size else np.zeros(0, dtype=np.uint32),
        after=ahead[end], next=ahead[end + 1],
    )  # fmt: skip
