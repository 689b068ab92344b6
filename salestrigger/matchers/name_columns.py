"""Any names as columns, of a universe or of queries: cores, legal forms, keys, and the words with what they are.

This is the form in which names are compared; it is made once per list and never name by name.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from salestrigger.matchers.columns import Spans, Strings
from salestrigger.matchers.few_names import FEW, WordKinds, few_columns
from salestrigger.matchers.forked import forked_map
from salestrigger.matchers.legal_forms import form_table, split_forms
from salestrigger.matchers.names import MAX_NAME, normal_lines
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
    words_of_lines,
)

_NEWLINE = 10
_SIXTEEN = np.uint64(0xFFFF)
_BREAK = np.full(1, 32, dtype=np.uint8)
_BLOCK = 1 << 15  # names worked on at a time
NUMBER, INITIAL, PLACE, GENERIC = 1, 2, 4, 8  #: what a word is, as bits


@dataclass(frozen=True, slots=True)
class NameColumns:
    """Names with everything that comparing needs; one row per name."""

    raw: Strings
    core: Spans
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
    """Which values are among a few keys: most are told from them by a few of their bits."""
    near = np.zeros(1 << 16, dtype=np.bool_)
    near[keys & _SIXTEEN] = True
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = near[values & _SIXTEEN]
    at = np.flatnonzero(found)
    place = np.minimum(np.searchsorted(keys, values[at]), len(keys) - 1)
    found[at] = keys[place] == values[at]
    return found


def _flags(words: WordColumns) -> Bytes:
    flags = np.zeros(len(words.hash), dtype=np.uint8)
    if not len(flags):
        return flags
    digits = np.flatnonzero((words.data >= 48) & (words.data <= 57))
    flags[np.searchsorted(words.start, digits, "right") - 1] = NUMBER
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


def name_columns(names: Sequence[str] | Strings, countries: I64, *, processes: int = 1) -> NameColumns:
    """Normalise, split off legal forms and compute the keys; ``countries`` are country codes, 0 for unknown.

    Many names are worked on in blocks, whose columns stay in the processor's cache, by several ``processes``.
    """
    if 0 < len(names) <= FEW:
        return _few(names, countries)
    raw = names if isinstance(names, Strings) else Strings.of(names)
    size = len(raw)

    def block(low: int) -> NameColumns:
        high = min(low + _BLOCK, size)
        lines = normal_lines(raw.lines(low, high, longest=MAX_NAME))
        return _columns(lines, countries[low:high], Strings.empty(high - low))

    if size <= _BLOCK:
        return replace(block(0), raw=raw)
    tables()  # once, before processes share the work
    parts = list(forked_map(block, range(0, size, _BLOCK), processes=processes))
    return replace(join_columns(parts), raw=raw)


@functools.cache
def _word_kinds() -> WordKinds:
    flags: dict[int, int] = {}
    for bit, keys in _flag_keys():
        flags |= {key: flags.get(key, 0) | bit for key in keys.tolist()}
    short, full = _abbreviations()
    return WordKinds(flags, dict(zip(short.tolist(), full.tolist(), strict=True)))


def _few(names: Sequence[str] | Strings, countries: I64) -> NameColumns:
    texts = names.take(np.arange(len(names))) if isinstance(names, Strings) else names
    few = few_columns(texts, countries, _word_kinds())
    form, *keys = zip(*few.rows, strict=True)
    whole, ordered, bag, joined = (np.array(key, dtype=np.uint64) for key in keys)
    words, start, end, flags = zip(*few.words, strict=True) if few.words else ((),) * 4
    return NameColumns(
        raw=names if isinstance(names, Strings) else few.raw,
        core=few.core,
        form=np.array(form, dtype=np.int32),
        whole=whole,
        ordered=ordered,
        bag=bag,
        joined=joined,
        first=np.array(few.first, dtype=np.int64),
        words=np.array(words, dtype=np.uint64),
        word_start=np.array(start, dtype=np.int32),
        word_end=np.array(end, dtype=np.int32),
        flags=np.array(flags, dtype=np.uint8),
    )


def tables() -> None:
    """Read the declared words and forms that all names need."""
    form_table()
    _flag_keys()
    _abbreviations()


def _columns(lines: bytes, countries: I64, raw: Strings) -> NameColumns:
    words = words_of_lines(lines, len(countries))
    cores = split_forms(words, countries)
    flags = _flags(words)
    words = expanded(words)
    low, high = cores.low, cores.high
    counts = high - low
    kept = ranges(low, counts)
    return NameColumns(
        raw=raw,
        core=_core_spans(words, low, high),
        form=cores.form.astype(np.int32),
        whole=ordered_keys(words, words.first[:-1], words.first[1:]),
        ordered=ordered_keys(words, low, high),
        bag=bag_keys(words, low, high),
        joined=joined_keys(words, low, high),
        first=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        words=words.hash[kept],
        word_start=words.start[kept].astype(np.int32),
        word_end=words.end[kept].astype(np.int32),
        flags=flags[kept],
    )


def _core_spans(words: WordColumns, low: I64, high: I64) -> Spans:
    """Where the cores lie; an empty one at the beginning of its line."""
    lines = np.zeros(len(low), dtype=np.int64)
    if len(words.data):
        lines[1:] = np.flatnonzero(words.data == _NEWLINE)[: len(low) - 1] + 1
    start, end = lines.copy(), lines.copy()
    some = np.flatnonzero(high > low)
    start[some], end[some] = words.start[low[some]], words.end[high[some] - 1]
    return Spans(words.data, start.astype(np.int32), end.astype(np.int32))


def _take_strings(strings: Strings, rows: I64) -> Strings:
    begin = strings.offsets[rows]
    length = strings.offsets[rows + 1] - begin
    offsets = np.concatenate(([0], np.cumsum(length))).astype(np.int64)
    return Strings(strings.data[ranges(begin, length)], offsets)


def take_columns(columns: NameColumns, rows: I64) -> NameColumns:
    """The given rows, copied together; a row may be asked for more than once."""
    counts = columns.first[rows + 1] - columns.first[rows]
    kept = ranges(columns.first[rows], counts)
    core = columns.core.copied(rows)
    moved = np.repeat(core.start.astype(np.int64) - columns.core.start[rows], counts)
    return NameColumns(
        raw=_take_strings(columns.raw, rows),
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
    base = list(accumulate((len(p.core.data) + 1 for p in parts), initial=0))[: len(parts)]
    pieces = list(zip(parts, base, strict=True))

    def joined(name: str) -> U64:
        return np.concatenate([getattr(p, name) for p in parts])

    return NameColumns(
        raw=_join_strings([p.raw for p in parts]),
        core=Spans(
            np.concatenate([part for p in parts for part in (p.core.data, _BREAK)]),
            np.concatenate([p.core.start + b for p, b in pieces]).astype(np.int32),
            np.concatenate([p.core.end + b for p, b in pieces]).astype(np.int32),
        ),
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
