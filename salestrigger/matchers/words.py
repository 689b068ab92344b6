"""Columns of words: many normalised names (or texts) as flat arrays of 64-bit word hashes, and hashes over them.

Nothing here works name by name. A hash of any run of bytes or words is a difference of two prefix sums, so that three
exact keys, word deletions and character deletions are all array arithmetic. The hashes are stable across runs and
machines (they are stored in the saved index). This module knows nothing about companies.

Formulas: polynomial (Rabin-Karp) hashes modulo 2^64 with odd, hence invertible, bases; each is passed through the
finaliser of SplitMix64 (Steele, Lea, Flood 2014) so that sums of hashes do not collide systematically.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
I32 = NDArray[np.int32]
Bytes = NDArray[np.uint8]

BYTE_BASE = 0x9E3779B97F4A7C15
WORD_BASE = 0xD1342543DE82EF95
_BLOCK = 1 << 16  # bytes hashed at a time: their sums and the tables of powers stay in the processor's cache
_SPACE, _NEWLINE = 32, 10


def mix(values: U64) -> U64:
    """SplitMix64's finaliser: every input bit changes about half of the output bits."""
    x: U64 = values ^ (values >> np.uint64(30))
    x *= np.uint64(0xBF58476D1CE4E5B9)
    x ^= x >> np.uint64(27)
    x *= np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    return x


@functools.cache
def _powers(base: int, size: int) -> tuple[U64, U64]:
    """The powers of ``base`` and of its inverse modulo 2^64, from exponent 0."""

    def table(value: int) -> U64:
        factors = np.full(size, value, dtype=np.uint64)
        factors[0] = 1
        return np.multiply.accumulate(factors)

    return table(base), table(pow(base, -1, 1 << 64))


def _table(base: int, size: int) -> tuple[U64, U64]:
    return _powers(base, 1 << max(12, int(size - 1).bit_length() if size > 1 else 0))


class RangeHashes:
    """Ordered hashes of any ranges of one column of values, over prefix sums made once."""

    def __init__(self, values: U64, *, base: int = WORD_BASE) -> None:
        up, self._down = _table(base, len(values) + 1)
        self._sums = np.zeros(len(values) + 1, dtype=np.uint64)
        np.cumsum(values * up[: len(values)], out=self._sums[1:])

    def of(self, starts: I64, ends: I64) -> U64:
        """The hash of every range ``values[start:end]``; an empty range has hash 0."""
        raw = self.raw(starts, ends)
        raw += (ends - starts).astype(np.uint64)
        hashed = mix(raw)
        hashed[ends <= starts] = 0
        return hashed

    def raw(self, starts: I64, ends: I64) -> U64:
        """The hash of every range before its length is added and it is mixed."""
        raw: U64 = self._sums[ends]
        raw -= self._sums[starts]
        raw *= self._down[starts]
        return raw


def range_hashes(values: U64, starts: I64, ends: I64, *, base: int = WORD_BASE) -> U64:
    """The ordered hash of every range ``values[start:end]``; an empty range has hash 0."""
    return RangeHashes(values, base=base).of(starts, ends)


def word_power(exponent: int) -> np.uint64:
    """The factor of the word in that place of an ordered key."""
    return np.uint64(pow(WORD_BASE, exponent, 1 << 64))


def byte_hashes(data: Bytes, starts: I64, ends: I64) -> U64:
    """The hash of every byte range of ``data``. Ranges must be in ascending order of their starts."""
    out = np.empty(len(starts), dtype=np.uint64)
    done = 0
    while done < len(starts):
        origin = int(starts[done])
        stop = max(int(np.searchsorted(starts, origin + _BLOCK)), done + 1)
        last = int(ends[done:stop].max())
        block = data[origin:last].astype(np.uint64) + np.uint64(1)
        out[done:stop] = range_hashes(block, starts[done:stop] - origin, ends[done:stop] - origin, base=BYTE_BASE)
        done = stop
    return out


def deletion_hashes(data: Bytes, starts: I64, ends: I64) -> U64:
    """The hash of every byte range without each of its bytes in turn, range by range; starts ascending.

    It is the hash of the range that would remain: what stands after the byte moves one place to the front.
    """
    size = ends - starts
    parts, done = [np.zeros(0, dtype=np.uint64)], 0
    while done < len(starts):
        origin = int(starts[done])
        stop = max(int(np.searchsorted(starts, origin + _BLOCK)), done + 1)
        last = int(ends[done:stop].max())
        sums = RangeHashes(data[origin:last].astype(np.uint64) + np.uint64(1), base=BYTE_BASE)
        counts = size[done:stop]
        begin = np.repeat(starts[done:stop] - origin, counts)
        finish = np.repeat(ends[done:stop] - origin, counts)
        gone = ranges(starts[done:stop] - origin, counts)
        power = _table(BYTE_BASE, int(counts.max()) + 1)[0][gone - begin]
        raw = sums.raw(begin, gone) + sums.raw(gone + 1, finish) * power
        parts.append(mix(raw + (finish - begin - 1).astype(np.uint64)))
        done = stop
    return np.concatenate(parts)


@dataclass(frozen=True, slots=True)
class WordColumns:
    """Many names as one run of bytes, with where each word begins and ends and which name it belongs to."""

    data: Bytes  #: UTF-8 of all names, joined by newlines
    first: I64  #: first word of each name, and one more: the number of words
    start: I64  #: first byte of each word
    end: I64  #: byte after each word
    hash: U64  #: mixed hash of each word

    def __len__(self) -> int:
        return len(self.first) - 1

    @property
    def counts(self) -> I64:
        """Words per name."""
        return np.diff(self.first)

    @property
    def owner(self) -> I64:
        """The name each word belongs to."""
        return np.repeat(np.arange(len(self), dtype=np.int64), self.counts)


def word_columns(normalised: Sequence[str]) -> WordColumns:
    """The words of normalised names: single spaces between them, no newline inside."""
    return words_of_lines("\n".join(normalised).encode("utf-8", "replace"), len(normalised))


def words_of_lines(lines: bytes, count: int) -> WordColumns:
    """The words of ``count`` normalised names as UTF-8, one per line."""
    data = np.frombuffer(lines, dtype=np.uint8)
    if not len(data):
        empty = np.zeros(0, dtype=np.int64)
        return WordColumns(data, np.zeros(count + 1, np.int64), empty, empty, empty.astype(np.uint64))
    is_word = np.zeros(len(data) + 2, dtype=np.bool_)
    np.greater(data, _SPACE, out=is_word[1:-1])
    edges = np.flatnonzero(is_word[1:] != is_word[:-1])
    start, end = edges[0::2].astype(np.int64), edges[1::2].astype(np.int64)
    line_ends = np.append(np.flatnonzero(data == _NEWLINE), len(data))
    first = np.concatenate(([0], np.searchsorted(start, line_ends))).astype(np.int64)
    return WordColumns(data, first, start, end, byte_hashes(data, start, end))


def ordered_keys(words: WordColumns, low: I64, high: I64) -> U64:
    """The ordered key of the words ``low[i]:high[i]``."""
    return range_hashes(words.hash, low, high)


def bag_keys(words: WordColumns, low: I64, high: I64) -> U64:
    """The order-free key: a sum, so that a word is added or taken away by arithmetic."""
    sums = np.zeros(len(words.hash) + 1, dtype=np.uint64)
    np.cumsum(bag_value(words.hash), out=sums[1:])
    return sums[high] - sums[low]


def bag_value(hashes: U64) -> U64:
    """What one word adds to a bag key."""
    return mix(hashes + np.uint64(0x5851F42D4C957F2D))


def joined_keys(words: WordColumns, low: I64, high: I64) -> U64:
    """The key of the words ``low[i]:high[i]`` written without spaces; 0 for none."""
    length = words.end - words.start
    position = np.zeros(len(length) + 1, dtype=np.int64)
    np.cumsum(length, out=position[1:])
    if not len(length):
        return np.zeros(len(low), dtype=np.uint64)
    kept = words.data[words.data > _SPACE]
    return byte_hashes(kept, position[low], np.maximum(position[high], position[low]))


def ranges(starts: I64, lengths: I64) -> I64:
    """``[s, s+1, …, s+n-1]`` for every start and length, one after the other."""
    some = lengths > 0
    if not some.all():
        starts, lengths = starts[some], lengths[some]
    ends = lengths.cumsum()
    if not len(ends):
        return np.zeros(0, dtype=np.int64)
    run = np.ones(ends[-1], dtype=np.int64)  # the step to each number from the one before it
    run[0] = starts[0]
    run[ends[:-1]] = starts[1:] - starts[:-1] - lengths[:-1] + 1
    return np.cumsum(run, out=run)
