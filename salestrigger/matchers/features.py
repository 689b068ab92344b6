"""What is alike and what differs between a query and a candidate name: one row of numbers per pair, no verdict.

Distinctive words decide: the weight of a word is what the register's own frequencies say (``index.weights_of``), so
that "Bygg", "Holding", "Bank" hardly count. Words that differ are compared on their own, so that a typo is told from
another company.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler, Prefix
from rapidfuzz.fuzz import partial_ratio, ratio, token_sort_ratio
from rapidfuzz.process import cpdist

from salestrigger.matchers.candidates import Pairs
from salestrigger.matchers.columns import Spans, Strings, distinct
from salestrigger.matchers.country_weights import in_countries
from salestrigger.matchers.index_lookups import NameLookups
from salestrigger.matchers.legal_forms import RELATIONS, form_table
from salestrigger.matchers.name_columns import INITIAL, NUMBER, PLACE, NameColumns
from salestrigger.matchers.weights import register_size
from salestrigger.matchers.word_pairs import Words, acronyms, standing
from salestrigger.matchers.words import I64, U64, ranges

Floats = NDArray[np.floating[Any]]
_SPACE, _NEWLINE = 32, 10

FEATURES = (
    "same_words",  #: the cores have the same words in the same order
    "same_bag",  #: the same words in another order
    "same_joined",  #: the same letters, split into words differently
    "ratio",  #: RapidFuzz ratio of the cores, 0..1
    "sorted_ratio",  #: the same with the words sorted
    "jaro_winkler",
    "partial",  #: best matching part
    "prefix",  #: letters that both cores begin with, over those of the shorter
    "raw_ratio",  #: ratio of the names as written, lower case
    "matched",  #: weight of the words both have, over the weight of all words
    "extra",  #: weight of the words only the query has, in units of ln(names)
    "missing",  #: weight of the words only the candidate has
    "heaviest_extra",  #: the most distinctive word that only the query has
    "heaviest_missing",
    "rest_ratio",  #: how alike the differing words are when both have some, 0..1; 0 otherwise
    "rest_partial",
    "both_rest",  #: both have words that the other has not
    "first_word",  #: the first words are equal
    "number_conflict",  #: one has a number or roman numeral that the other has not
    "initial_conflict",
    "place_conflict",  #: both have a place word that the other has not
    "place_missing",  #: one has a place word that the other has not
    "form_equal",
    "form_near",
    "form_conflict",
    "form_missing",
    "mass",  #: weight of the query's words: how distinctive the name is
    "length",  #: letters of the shorter core, up to 30, over 30
    "one_word",  #: the shorter core has one word
    "plain_extra",  #: extra, less the words that stand for a word of the other side (cut short, a typo)
    "plain_missing",
    "extra_words",  #: how many words only the query has, up to 8, over 8
    "missing_words",
    "acronym",  #: a word is the initials of the words that only the other side has
)


@dataclass(frozen=True, slots=True)
class Compared:
    """Features of candidate pairs, one row each, in the order of FEATURES."""

    values: Floats

    def column(self, name: str) -> Floats:
        """One feature."""
        return self.values[:, FEATURES.index(name)]


@dataclass(frozen=True, slots=True)
class _Side:
    """The words of one side of every pair, flat."""

    owner: I64  #: pair of each word
    first: I64  #: first word of each pair, and one more
    word: I64  #: the word's place in the side's columns
    weight: Floats
    flags: NDArray[np.uint8]
    start: I64  #: bytes in the side's cores
    end: I64


def _side(columns: NameColumns, rows: I64, register: Register) -> _Side:
    counts = columns.first[rows + 1] - columns.first[rows]
    words = ranges(columns.first[rows], counts)
    owner = np.repeat(np.arange(len(rows), dtype=np.int64), counts)
    weights = register.weights_of(columns.words)[words]
    if register.local:
        weights = register.local(columns.words[words], owner, weights)
    return _Side(
        owner, np.concatenate(([0], np.cumsum(counts))), words, weights, columns.flags[words],
        columns.word_start[words].astype(np.int64), columns.word_end[words].astype(np.int64),
    )  # fmt: skip


def _alone(left: _Side, right: _Side, words: tuple[U64, U64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which words of either side the other has not; every word is held against every word of its pair."""
    counts = np.diff(right.first)[left.owner]
    one = np.repeat(np.arange(len(left.owner), dtype=np.int64), counts)
    other = ranges(right.first[left.owner], counts)
    equal = np.flatnonzero(words[0][left.word][one] == words[1][right.word][other])
    alone = np.ones(len(left.owner), dtype=np.bool_), np.ones(len(right.owner), dtype=np.bool_)
    alone[0][one[equal]] = False
    alone[1][other[equal]] = False
    return alone


def _sums(owner: I64, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(owner, weights=values, minlength=size), dtype=np.float64)


def _heaviest(owner: I64, values: Floats, size: int) -> Floats:
    """The largest value of each owner, 0 without one; the owners ascend."""
    out = np.zeros(size)
    first = np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1]))[: len(owner)])
    out[owner[first]] = np.maximum.reduceat(values, first) if len(first) else 0.0
    return out


def _rests(columns: NameColumns, side: _Side, alone: NDArray[np.bool_], pairs: I64) -> list[str]:
    """The words that only this side has, joined by spaces, of each of these pairs; every one of them has some."""
    wanted = np.zeros(len(side.first) - 1, dtype=np.bool_)
    wanted[pairs] = True
    rows = np.flatnonzero(alone & wanted[side.owner])
    lengths = side.end[rows] - side.start[rows] + 1
    data = columns.core.data[np.minimum(ranges(side.start[rows], lengths), max(len(columns.core.data) - 1, 0))]
    ends = np.cumsum(lengths) - 1
    last = np.ones(len(rows), dtype=np.bool_)
    np.not_equal(side.owner[rows][1:], side.owner[rows][:-1], out=last[:-1])
    data[ends] = np.where(last, _NEWLINE, _SPACE)
    return data.tobytes().decode("utf-8", "replace").split("\n")[:-1]


def _at(pairs: I64, values: Floats, size: int) -> Floats:
    """The values of these pairs, 0 elsewhere."""
    out = np.zeros(size, dtype=np.float32)
    out[pairs] = values
    return out


def compare(index: NameLookups, queries: NameColumns, pairs: Pairs) -> Compared:
    """The features of every pair."""
    if not len(pairs):
        return Compared(np.zeros((0, len(FEATURES)), dtype=np.float32))
    rows = distinct(pairs.name)
    at = np.searchsorted(rows, pairs.name)
    local = in_countries([s.local for s in index.segments], lambda: index.country_of(index.org_of(pairs.name)))
    register = Register(float(index.name_base[-1]), index.weights_of, local)
    return compare_columns((queries, index.columns_of(rows)), (pairs.query, at), register)


@dataclass(frozen=True, slots=True)
class Register:
    """What words weigh."""

    names: float  #: how many names there are
    weights_of: Callable[[U64], Floats]  #: of word hashes; see ``index.weights_of``
    local: Callable[[U64, I64, Floats], Floats] | None = None  #: of words, pairs and their weights: weights there


def compare_columns(columns: tuple[NameColumns, NameColumns], rows: tuple[I64, I64], register: Register) -> Compared:
    """The features of every pair of a row of the one columns and a row of the other."""
    queries, names = columns
    query, name = rows
    out = np.zeros((len(FEATURES), len(query)), dtype=np.float32).T  # columns lie together
    values: dict[str, Floats] = {}
    values |= _keys(queries, names, query, name)
    values |= _strings(queries, names, query, name)
    values |= _words(register, columns, rows)
    values |= _forms(queries, names, query, name)
    for place, feature in enumerate(FEATURES):
        out[:, place] = values[feature]
    return Compared(out)


def _keys(queries: NameColumns, names: NameColumns, query: I64, name: I64) -> dict[str, Floats]:
    same = queries.ordered[query] == names.ordered[name]
    bag = queries.bag[query] == names.bag[name]
    joined = queries.joined[query] == names.joined[name]
    first = queries.words[queries.first[query]] == names.words[names.first[name]]
    return {
        "same_words": same.astype(float),
        "same_bag": (bag & ~same).astype(float),
        "same_joined": (joined & ~bag).astype(float),
        "first_word": first.astype(float),
    }


def _strings(queries: NameColumns, names: NameColumns, query: I64, name: I64) -> dict[str, Floats]:
    left, right = _repeated(queries.core, query), _repeated(names.core, name)
    raw_left, raw_right = _repeated(queries.raw, query, lower=True), _repeated(names.raw, name, lower=True)
    letters = queries.core.end - queries.core.start, names.core.end - names.core.start
    shorter = np.minimum(letters[0][query], letters[1][name])
    return {
        "ratio": _alike(left, right, ratio),
        "sorted_ratio": _alike(left, right, token_sort_ratio),
        "jaro_winkler": cpdist(left, right, scorer=JaroWinkler.similarity, dtype=np.float32),
        "partial": _alike(left, right, partial_ratio),
        "prefix": cpdist(left, right, scorer=Prefix.similarity, dtype=np.float32) / np.maximum(shorter, 1),
        "raw_ratio": _alike(raw_left, raw_right, ratio),
        "length": np.minimum(shorter, 30) / 30,
        "one_word": np.minimum(queries.counts[query], names.counts[name]) == 1,
    }


def _repeated(strings: Strings | Spans, rows: I64, *, lower: bool = False) -> list[str]:
    """The strings of rows that repeat: each is made once."""
    once = np.array(strings.take(np.arange(len(strings), dtype=np.int64), lower=lower), dtype=object)
    texts: list[str] = once[rows].tolist()
    return texts


def _alike(left: list[str], right: list[str], scorer: Callable[..., float]) -> Floats:
    scores: Floats = cpdist(left, right, scorer=scorer, dtype=np.float32) / np.float32(100)
    return scores


def _words(register: Register, columns: tuple[NameColumns, NameColumns], rows: tuple[I64, I64]) -> dict[str, Floats]:
    size = len(rows[0])
    scale = float(np.log(register_size(register.names) + 1000.0))
    left, right = (_side(c, r, register) for c, r in zip(columns, rows, strict=True))
    alone_left, alone_right = _alone(left, right, (columns[0].words, columns[1].words))
    extra, missing = (
        _sums(left.owner, left.weight * alone_left, size),
        _sums(right.owner, right.weight * alone_right, size),
    )
    total = _sums(left.owner, left.weight, size) + _sums(right.owner, right.weight, size)
    both = (extra > 0) & (missing > 0)
    differing = np.flatnonzero(both)
    rest_left = _rests(columns[0], left, alone_left, differing)
    rest_right = _rests(columns[1], right, alone_right, differing)
    return {
        "matched": 1 - (extra + missing) / np.maximum(total, 1e-9),
        "extra": extra / scale,
        "missing": missing / scale,
        "heaviest_extra": _heaviest(left.owner, left.weight * alone_left, size) / scale,
        "heaviest_missing": _heaviest(right.owner, right.weight * alone_right, size) / scale,
        "rest_ratio": _at(differing, _alike(rest_left, rest_right, ratio), size),
        "rest_partial": _at(differing, _alike(rest_left, rest_right, partial_ratio), size),
        "both_rest": both.astype(float),
        "mass": _sums(left.owner, left.weight, size) / scale / 3,
        "extra_words": np.minimum(np.bincount(left.owner[alone_left], minlength=size), 8) / 8,
        "missing_words": np.minimum(np.bincount(right.owner[alone_right], minlength=size), 8) / 8,
        **_standing(_lonely(columns[0], left, alone_left), _lonely(columns[1], right, alone_right), size, scale),
    } | _conflicts((left, right), (alone_left, alone_right), size)


def _lonely(columns: NameColumns, side: _Side, alone: NDArray[np.bool_]) -> Words:
    rows = np.flatnonzero(alone)
    start, size = side.start[rows], side.end[rows] - side.start[rows]
    return Words(side.owner[rows], columns.words[side.word[rows]], side.weight[rows], columns.core.data, start, size)


def _standing(left: Words, right: Words, size: int, scale: float) -> dict[str, Floats]:
    stood = standing(left, right, size)
    return {
        "plain_extra": _sums(left.owner, left.weight * (1 - stood[0]), size) / scale,
        "plain_missing": _sums(right.owner, right.weight * (1 - stood[1]), size) / scale,
        "acronym": acronyms(left, right, size).astype(float),
    }


def _conflicts(
    sides: tuple[_Side, _Side], alone: tuple[NDArray[np.bool_], NDArray[np.bool_]], size: int
) -> dict[str, Floats]:
    def has(side: int, flag: int) -> NDArray[np.bool_]:
        marked = alone[side] & ((sides[side].flags & flag) > 0)
        return np.bincount(sides[side].owner[marked], minlength=size) > 0

    place = has(0, PLACE), has(1, PLACE)
    return {
        "number_conflict": (has(0, NUMBER) | has(1, NUMBER)).astype(float),
        "initial_conflict": (has(0, INITIAL) | has(1, INITIAL)).astype(float),
        "place_conflict": (place[0] & place[1]).astype(float),
        "place_missing": (place[0] ^ place[1]).astype(float),
    }


def _forms(queries: NameColumns, names: NameColumns, query: I64, name: I64) -> dict[str, Floats]:
    relation = form_table().relation[queries.form[query], names.form[name]]
    return {f"form_{r}": (relation == RELATIONS.index(r)).astype(float) for r in RELATIONS if r != "none"}
