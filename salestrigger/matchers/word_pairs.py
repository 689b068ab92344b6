"""Which of the words that only one side of a pair has stand for a word of the other: cut short, without vowels, with a
typo, or as initials.

``MED`` and ``MEDICAL``, ``HLTH`` and ``HEALTH``, ``KNIGT`` and ``KNIGHT``, ``AHK`` and ``Alfred H Knight``. Everything
is done on the first bytes of many words at once; it weighs nothing (``features.py`` does).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salestrigger.matchers.acronyms import joining
from salestrigger.matchers.words import I64, U64, Bytes, ranges

Floats = NDArray[np.floating[Any]]
Flags = NDArray[np.bool_]

WIDE = 16  #: bytes of a word that are compared
MOST = 8  #: letters of an acronym
#: how well a shorter word stands for a longer one: cut off after three letters, two, one; letters left out
CUT, CUT_TWO, CUT_ONE, THINNED, THINNED_TWO = 1.0, 0.8, 0.6, 0.9, 0.6


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one side that the other has not, pair by pair."""

    owner: I64  #: pair of each word, ascending
    hash: U64
    weight: Floats
    data: Bytes  #: where the words lie
    start: I64
    size: I64  #: bytes

    @property
    def initial(self) -> Bytes:
        """The first byte of each word."""
        return self.data[self.start] if len(self.data) else np.zeros(len(self.start), dtype=np.uint8)

    def first(self, pairs: int) -> I64:
        """First word of each pair, and one more."""
        return np.searchsorted(self.owner, np.arange(pairs + 1)).astype(np.int64)

    def letters(self, rows: I64) -> Bytes:
        """The first bytes of these words, zeros after their ends."""
        padded = np.concatenate((self.data, np.zeros(WIDE, dtype=np.uint8)))
        out: Bytes = np.lib.stride_tricks.sliding_window_view(padded, WIDE)[self.start[rows]]
        out[np.arange(WIDE) >= self.size[rows, None]] = 0
        return out

    def last(self, rows: I64) -> Bytes:
        """The last bytes of these words, backwards."""
        padded = np.concatenate((np.zeros(WIDE, dtype=np.uint8), self.data))
        window = np.lib.stride_tricks.sliding_window_view(padded, WIDE)
        out: Bytes = window[self.start[rows] + self.size[rows]][:, ::-1]
        out[np.arange(WIDE) >= self.size[rows, None]] = 0
        return out


def _equal_run(one: Bytes, other: Bytes) -> I64:
    """How many bytes two rows begin with alike."""
    differs = (one != other) | (one == 0)
    return np.where(differs.any(axis=1), differs.argmax(axis=1), WIDE)


def _within(short: Bytes, size: I64, long: Bytes) -> Flags:
    """Whether the letters of the shorter word stand in the longer one in their order."""
    at = np.zeros(len(short), dtype=np.int64)
    row = np.arange(len(short))
    for place in range(WIDE):
        at += (at < size) & (short[row, np.minimum(at, WIDE - 1)] == long[:, place])
    return at >= size


def stands_for(left: Words, right: Words, one: I64, other: I64) -> Floats:
    """How well these words of the left stand for those of the right, 0 to 1; the first letters agree."""
    sizes = left.size[one], right.size[other]
    swap = sizes[0] > sizes[1]
    a, b = left.letters(one), right.letters(other)
    short, long = np.where(swap[:, None], b, a), np.where(swap[:, None], a, b)
    size, full = np.minimum(*sizes), np.maximum(*sizes)
    head = _equal_run(short, long)
    tail = np.minimum(_equal_run(left.last(one), right.last(other)), size - np.minimum(head, size))
    alike = (head + tail) / np.maximum(np.minimum(full, 2 * WIDE), 1)
    out = np.where((alike >= 0.6) & (size > 3), alike * 0.95, 0.0)
    thin = np.flatnonzero((size < full) & (size > 1) & (size < WIDE) & (head < size))
    thinned = thin[_within(short[thin], size[thin], long[thin])]
    out[thinned] = np.maximum(out[thinned], np.where(size[thinned] > 2, THINNED, THINNED_TWO))
    cut = head >= np.minimum(size, WIDE)
    return np.where(cut, np.select([size > 2, size > 1], [CUT, CUT_TWO], CUT_ONE), out)


def standing(left: Words, right: Words, pairs: int) -> tuple[Floats, Floats]:
    """For every word of either side how well its best partner on the other stands for it."""
    first = right.first(pairs)
    counts = np.diff(first)[left.owner]
    one = np.repeat(np.arange(len(left.owner), dtype=np.int64), counts)
    other = ranges(first[left.owner], counts)
    near = np.flatnonzero(left.initial[one] == right.initial[other])
    one, other = one[near], other[near]
    values = stands_for(left, right, one, other)
    out = np.zeros(len(left.owner)), np.zeros(len(right.owner))
    np.maximum.at(out[0], one, values)
    np.maximum.at(out[1], other, values)
    return out


def _initials(words: Words, pairs: int) -> Bytes:
    """The first letters of each pair's words, joining words left out."""
    telling = np.flatnonzero(~np.isin(words.hash, joining()))
    owner = words.owner[telling]
    place = np.arange(len(owner)) - np.searchsorted(owner, owner)
    few = place < MOST
    out = np.zeros((pairs, WIDE), dtype=np.uint8)
    out[owner[few], place[few]] = words.initial[telling[few]]
    out[owner[~few]] = 0
    return out


def acronyms(left: Words, right: Words, pairs: int) -> Flags:
    """Whether a word of one side is the initials of the words that only the other has."""
    found = np.zeros(pairs, dtype=np.bool_)
    for words, others in ((left, right), (right, left)):
        initials = _initials(others, pairs)
        some = np.flatnonzero((words.size > 1) & (words.size <= MOST))
        some = some[words.initial[some] == initials[words.owner[some], 0]]
        hit = some[(words.letters(some) == initials[words.owner[some]]).all(axis=1)]
        found[words.owner[hit]] = True
    return found
