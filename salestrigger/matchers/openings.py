"""How the names of a segment begin, and a small set of bits that most runs of words which are no names fail.

Worked out when a segment is saved or first looked at, some tenths of a second for a million names; saved beside the
segment and loaded memory-mapped. All indexes that share a segment share its openings.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salestrigger.matchers.columns import distinct
from salestrigger.matchers.segment import Segment
from salestrigger.matchers.words import I64, U64, Bytes, range_hashes

_KEPT = 32  # segments whose openings are kept
_SPARSE = 16  # bits for each key: about one run in sixteen that is no name passes
_FEWEST_BITS, _MOST_BITS = 10, 27  # as powers of two: 128 bytes to 16 MB


@dataclass(frozen=True, slots=True)
class Openings:
    """How the names of a segment begin."""

    heads: U64  #: first words, with or without the legal form, ascending
    pairs: U64  #: keys of the first two words of names that have more, ascending
    longest: I64  #: words in the longest name, one number
    marks: Bytes  #: one bit for the leading bits of every key, with and without the legal form

    def may_have(self, keys: U64) -> NDArray[np.bool_]:
        """Whether the segment may have a name with each key: no is certain."""
        place = keys >> _shift(len(self.marks) * 8)
        bit = np.uint8(1) << (place & np.uint64(7)).astype(np.uint8)
        return np.asarray(self.marks[place >> np.uint64(3)] & bit > 0)


def _shift(bits: int) -> np.uint64:
    return np.uint64(64 - (bits.bit_length() - 1))


def _marks(segment: Segment) -> Bytes:
    tables = (segment.by_ordered.keys, segment.by_whole.keys)
    wanted = (_SPARSE * sum(map(len, tables))).bit_length()
    bits = 1 << min(max(wanted, _FEWEST_BITS), _MOST_BITS)
    there = np.zeros(bits, dtype=np.bool_)
    for keys in tables:
        there[keys >> _shift(bits)] = True
    return np.packbits(there, bitorder="little")


def _openings(segment: Segment) -> Openings:
    names = segment.names
    counts = names.counts
    words = np.asarray(names.words)
    heads = np.concatenate([words[names.first[:-1][counts > 0]], np.asarray(names.whole)[counts == 0]])
    first = names.first[:-1][counts > 2]
    longest = np.array([counts.max(initial=0)], dtype=np.int64)
    return Openings(distinct(heads), distinct(range_hashes(words, first, first + 2)), longest, _marks(segment))


class _Known:
    """The openings of the segments last used, by identity: a segment is immutable and may be very large."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[int, tuple[Segment, Openings]] = OrderedDict()

    def of(self, segment: Segment) -> Openings:
        with self._lock:
            found = self._known.get(id(segment))
            if found is None:
                found = self._put(segment, _openings(segment))
            self._known.move_to_end(id(segment))
            return found[1]

    def keep(self, segment: Segment, openings: Openings) -> None:
        with self._lock:
            self._put(segment, openings)

    def _put(self, segment: Segment, openings: Openings) -> tuple[Segment, Openings]:
        found = self._known[id(segment)] = (segment, openings)
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return found


_KNOWN = _Known()


def openings_of(segment: Segment) -> Openings:
    """The openings of a segment, worked out once."""
    return _KNOWN.of(segment)


def keep_openings(segment: Segment, openings: Openings) -> None:
    """These are a loaded segment's openings."""
    _KNOWN.keep(segment, openings)
