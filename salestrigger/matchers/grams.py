"""Character grams of names: which names hold four letters in a row, the rarest first.

A gram is four bytes of a core whose words have a space on either side; it may begin or end with that space, never hold
it inside. It is a number of 22 bits: those of letters, digits and spaces have one of their own, of others some share
one. What most names have says little and is counted, not listed.
"""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from salestrigger.matchers.columns import U32, Spans, distinct
from salestrigger.matchers.words import I32, I64, U64, Bytes

COMMON = 2000  #: the names of a gram that occurs more often are not listed
_SPACE = 32
_BASE = 37  # the space, a to z, 0 to 9
_CODES = 1 << 22
_OTHER = _CODES // 2
_BLOCK = 1 << 15  # cores worked on at a time: what they need stays in the processor's cache
_MANY = 1 << 22  # grams from which on counting them in a table is faster than sorting
_FACTOR = 2654435761
_CLASS = np.zeros(256, dtype=np.uint32)
_CLASS[97:123] = np.arange(1, 27)
_CLASS[48:58] = np.arange(27, 37)
_CLASSES = _CLASS.tolist()


@dataclass(frozen=True, slots=True)
class Postings:
    """Which names hold which gram: compressed rows."""

    grams: U32  #: ascending
    counts: I32  #: how often each occurs; those that do so more often than ``COMMON`` have no names here
    starts: I64  #: of each gram's names, and one more
    names: I32  #: ascending for each gram

    @classmethod
    def of(cls, cores: Spans) -> Postings:
        """The grams of names."""
        codes, owners = gram_pairs(cores)
        grams, counts = _counted(codes)
        common = grams[counts > COMMON]
        if len(common):
            wanted = np.ones(_CODES, dtype=np.bool_)
            wanted[common] = False
            rare = np.flatnonzero(wanted[codes])
            codes, owners = codes[rare], owners[rare]
        pairs = distinct_pairs(codes, owners)
        starts = np.searchsorted(pairs, grams.astype(np.uint64) << np.uint64(32))
        names = (pairs & np.uint64(0xFFFFFFFF)).astype(np.int32)
        return cls(grams, counts, np.append(starts, len(pairs)).astype(np.int64), names)


def distinct_pairs(high: U32, low: U32) -> U64:
    """Two numbers in one, ascending, each once."""
    pairs = high.astype(np.uint64)
    pairs <<= np.uint64(32)
    pairs |= low
    pairs.sort()  # np.unique hashes first, which is slower by far on many distinct values
    new = np.ones(len(pairs), dtype=np.bool_)
    np.not_equal(pairs[1:], pairs[:-1], out=new[1:])
    return pairs[new]


def _counted(codes: U32) -> tuple[U32, I32]:
    """The grams there are, ascending, and how often."""
    if len(codes) < _MANY:
        ordered = np.sort(codes)
        grams = distinct(ordered)
        return grams, np.diff(np.searchsorted(ordered, grams), append=len(ordered)).astype(np.int32)
    table = np.zeros(_CODES, dtype=np.int64)
    for low in range(0, len(codes), _CODES):  # in parts: each is copied to wider numbers
        table += np.bincount(codes[low : low + _CODES], minlength=_CODES)
    seen = np.flatnonzero(table)
    return seen.astype(np.uint32), table[seen].astype(np.int32)


def gram_pairs(cores: Spans) -> tuple[U32, U32]:
    """Every gram of every core and the core it is of, repetitions included, ascending by core."""
    blocks = range(0, len(cores), _BLOCK)
    if len(blocks) < 2:
        return _block(cores, 0)
    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(lambda low: _block(cores, low), blocks))
    return np.concatenate([codes for codes, _ in parts]), np.concatenate([owners for _, owners in parts])


def _block(cores: Spans, low: int) -> tuple[U32, U32]:
    """The grams of some cores."""
    start, end = cores.start[low : low + _BLOCK], cores.end[low : low + _BLOCK]
    if not len(start) or not len(cores.data):
        return np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.uint32)
    first = int(start[0])
    text = _padded(cores.data[first : int(end.max())], start - first, end - first)
    at = np.flatnonzero((text[1:-2] != _SPACE) & (text[2:-1] != _SPACE))
    letters = _CLASS[text]
    code = letters[:-3] * _BASE
    for step in (1, 2):
        code += letters[step : step - 3]
        code *= _BASE
    code += letters[3:]
    if int(text.max()) > 127:
        _code_others(text, code)
    edges = np.searchsorted(at, start - first)  # a gram's second byte is in its core, its first one before that
    counts = np.diff(np.append(edges, len(at)))
    return code[at], np.repeat(np.arange(low, low + len(start), dtype=np.uint32), counts)


@functools.lru_cache(maxsize=1 << 15)
def word_grams(word: bytes) -> frozenset[int]:
    """The grams of one word of a core."""
    text = b" " + word + b" "
    return frozenset(_code(text[at : at + 4]) for at in range(len(word) - 1))


def _code(four: bytes) -> int:
    if not four.isascii():
        return _OTHER + ((int.from_bytes(four, "little") * _FACTOR & 0xFFFFFFFF) >> 11)
    code = 0
    for byte in four:
        code = code * _BASE + _CLASSES[byte]
    return code


def _padded(data: Bytes, start: I32, end: I32) -> Bytes:
    """The bytes with spaces where no core is, one before and three after."""
    size = len(data)
    step = np.zeros(size + 1, dtype=np.int8)
    some = end > start
    step[start[some]] = 1
    step[end[some]] -= 1
    text = np.full(size + 4, _SPACE, dtype=np.uint8)
    inside = np.cumsum(step[:-1], dtype=np.int8).view(np.bool_) & (data > _SPACE)
    np.copyto(text[1 : size + 1], data, where=inside)
    return text


def _code_others(data: Bytes, code: U32) -> None:
    """Grams with other than ASCII bytes: a hash of the four bytes, apart from the rest."""
    high = data > 127
    some = np.flatnonzero(high[:-3] | high[1:-2] | high[2:-1] | high[3:])
    wide = data.astype(np.uint32)
    four = wide[some] | wide[some + 1] << 8 | wide[some + 2] << 16 | wide[some + 3] << 24
    code[some] = _OTHER + ((four * np.uint32(_FACTOR)) >> np.uint32(11))
