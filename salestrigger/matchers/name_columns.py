"""Any names as columns, of a universe or of queries: cores, legal forms, keys, and the words with what they are.

This is the form in which names are compared; it is made once per list and never name by name.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from salestrigger.matchers.columns import Strings
from salestrigger.matchers.legal_forms import split_forms
from salestrigger.matchers.names import normalise_column
from salestrigger.matchers.weights import generic, keys_of, places, roman_numerals, same_words
from salestrigger.matchers.words import (
    I32,
    I64,
    U64,
    Bytes,
    WordColumns,
    bag_keys,
    joined_keys,
    ordered_keys,
    ranges,
    word_columns,
)

NUMBER, INITIAL, PLACE, GENERIC = 1, 2, 4, 8  #: what a word is, as bits


@dataclass(frozen=True, slots=True)
class NameColumns:
    """Names with everything that comparing needs; one row per name."""

    raw: Strings
    core: Strings
    form: I32  #: row of the table of legal forms, -1 for none
    whole: U64  #: ordered key with the legal form
    ordered: U64  #: the core's words in order; 0 for an empty name
    bag: U64  #: the core's words in any order
    joined: U64  #: the core without spaces
    first: I64  #: first word of each core in the columns below, and one more
    words: U64  #: hash of each core word; an abbreviation has the hash of the word it stands for
    word_start: I32  #: first byte of the word in ``core.data``
    word_end: I32
    flags: Bytes  #: NUMBER, INITIAL, PLACE, GENERIC

    def __len__(self) -> int:
        return len(self.ordered)

    @property
    def counts(self) -> I64:
        """Words in each core."""
        return np.diff(self.first)

    @property
    def owner(self) -> I64:
        """The name each word belongs to."""
        return np.repeat(np.arange(len(self), dtype=np.int64), self.counts)


@functools.cache
def _abbreviations() -> tuple[U64, U64]:
    """Hash of each abbreviation (ascending) and of the word it stands for."""
    same = same_words()
    short, full = word_columns(list(same)).hash, word_columns(list(same.values())).hash
    order = np.argsort(short)
    return short[order], full[order]


@functools.cache
def _flag_keys() -> tuple[tuple[int, U64], ...]:
    return (NUMBER, keys_of(roman_numerals())), (PLACE, keys_of(places())), (GENERIC, keys_of(generic()))


def _member(values: U64, keys: U64) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    place = np.minimum(np.searchsorted(keys, values), len(keys) - 1)
    return np.asarray(keys[place] == values)


def _flags(words: WordColumns) -> Bytes:
    flags = np.zeros(len(words.hash), dtype=np.uint8)
    if not len(flags):
        return flags
    digits = np.concatenate(([0], np.cumsum((words.data >= 48) & (words.data <= 57))))
    flags[digits[words.end] > digits[words.start]] = NUMBER
    letter = (words.end - words.start == 1) & (flags == 0)
    flags[letter] = INITIAL
    for bit, keys in _flag_keys():
        flags[_member(words.hash, keys)] |= bit
    return flags


def expanded(words: WordColumns) -> WordColumns:
    """The same words, abbreviations with the hash of the word they stand for."""
    short, full = _abbreviations()
    hit = np.flatnonzero(_member(words.hash, short))
    hashes = words.hash.copy()
    hashes[hit] = full[np.searchsorted(short, words.hash[hit])]
    return WordColumns(words.data, words.first, words.start, words.end, hashes)


def name_columns(names: Sequence[str], countries: I64) -> NameColumns:
    """Normalise, split off legal forms and compute the keys; ``countries`` are country codes, 0 for unknown."""
    words = word_columns(normalise_column(names))
    cores = split_forms(words, countries)
    flags = _flags(words)
    words = expanded(words)
    low, high = cores.low, cores.high
    counts = high - low
    kept = ranges(low, counts)
    core, shift = _core_strings(words, low, high)
    moved = np.repeat(shift, counts)
    return NameColumns(
        raw=Strings.of(names),
        core=core,
        form=cores.form.astype(np.int32),
        whole=ordered_keys(words, words.first[:-1], words.first[1:]),
        ordered=ordered_keys(words, low, high),
        bag=bag_keys(words, low, high),
        joined=joined_keys(words, low, high),
        first=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        words=words.hash[kept],
        word_start=(words.start[kept] + moved).astype(np.int32),
        word_end=(words.end[kept] + moved).astype(np.int32),
        flags=flags[kept],
    )


def _core_strings(words: WordColumns, low: I64, high: I64) -> tuple[Strings, I64]:
    """The cores as strings, and by how much each core's bytes moved."""
    if not len(words.start):
        return Strings(words.data[:0], np.zeros(len(low) + 1, dtype=np.int64)), np.zeros(len(low), dtype=np.int64)
    some = high > low
    begin = np.where(some, words.start[np.minimum(low, len(words.start) - 1)], 0)
    length = np.where(some, words.end[np.maximum(high - 1, 0)] - begin, 0)
    offsets = np.concatenate(([0], np.cumsum(length))).astype(np.int64)
    return Strings(words.data[ranges(begin, length)], offsets), offsets[:-1] - begin


def _take_strings(strings: Strings, rows: I64) -> tuple[Strings, I64]:
    begin = strings.offsets[rows]
    length = strings.offsets[rows + 1] - begin
    offsets = np.concatenate(([0], np.cumsum(length))).astype(np.int64)
    return Strings(strings.data[ranges(begin, length)], offsets), offsets[:-1] - begin


def take_columns(columns: NameColumns, rows: I64) -> NameColumns:
    """The given rows, copied together; a row may be asked for more than once."""
    counts = columns.first[rows + 1] - columns.first[rows]
    kept = ranges(columns.first[rows], counts)
    core, shift = _take_strings(columns.core, rows)
    moved = np.repeat(shift, counts)
    return NameColumns(
        raw=_take_strings(columns.raw, rows)[0],
        core=core,
        form=columns.form[rows],
        whole=columns.whole[rows],
        ordered=columns.ordered[rows],
        bag=columns.bag[rows],
        joined=columns.joined[rows],
        first=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        words=columns.words[kept],
        word_start=(columns.word_start[kept] + moved).astype(np.int32),
        word_end=(columns.word_end[kept] + moved).astype(np.int32),
        flags=columns.flags[kept],
    )


def _join_strings(parts: Sequence[Strings]) -> Strings:
    base = accumulate((len(p.data) for p in parts), initial=0)
    offsets = [p.offsets[:-1] + b for p, b in zip(parts, base, strict=False)]
    total = sum(len(p.data) for p in parts)
    return Strings(np.concatenate([p.data for p in parts]), np.concatenate([*offsets, [total]]).astype(np.int64))


def join_columns(parts: Sequence[NameColumns]) -> NameColumns:
    """Several columns one after the other."""
    counts = np.concatenate([p.counts for p in parts])
    base = list(accumulate((len(p.core.data) for p in parts), initial=0))[: len(parts)]
    pieces = list(zip(parts, base, strict=True))

    def joined(name: str) -> U64:
        return np.concatenate([getattr(p, name) for p in parts])

    return NameColumns(
        raw=_join_strings([p.raw for p in parts]),
        core=_join_strings([p.core for p in parts]),
        form=np.concatenate([p.form for p in parts]),
        whole=joined("whole"),
        ordered=joined("ordered"),
        bag=joined("bag"),
        joined=joined("joined"),
        first=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        words=joined("words"),
        word_start=np.concatenate([p.word_start + b for p, b in pieces]).astype(np.int32),
        word_end=np.concatenate([p.word_end + b for p, b in pieces]).astype(np.int32),
        flags=np.concatenate([p.flags for p in parts]),
    )
