"""What kinds of words there are in names: generic ones, places, numbers, roman numerals, initials; and their keys.

The lists are ours (``name_words.toml``) and the country names of locale data (``country_words.json``); how much a word
weighs in a given register is the index's business.
"""

from __future__ import annotations

import functools
import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from salestrigger.matchers.columns import member
from salestrigger.matchers.names import normalise_column
from salestrigger.matchers.words import U64, word_columns

_PRIOR_NAMES = 1000.0  # how many names the prior on generic words counts for
_PRIOR_RATE = 0.02  # a generic word ("group", "bygg") is expected in 2 % of the names of any register
_OFTEN = 20  # names
SMALL = 20_000  #: names: the name model has learnt from no smaller list (24,000; benchmarks/name_model.py)


@dataclass(frozen=True, slots=True)
class NameWords:
    """``name_words.toml``; read without ``sources.declare``, as the legal forms are."""

    generic: tuple[str, ...]
    places: tuple[str, ...]
    same: dict[str, str]


@functools.cache
def name_words() -> NameWords:
    """The declared lists, read once."""
    data = tomllib.loads(Path(__file__).with_name("name_words.toml").read_text(encoding="utf-8"))
    return NameWords(**data | {key: tuple(data[key]) for key in ("generic", "places")})


@functools.cache
def places() -> frozenset[str]:
    """Normalised words that are places: ours, and countries of one word in our languages."""
    countries = json.loads(Path(__file__).with_name("country_words.json").read_text(encoding="utf-8"))
    return frozenset(w for w in normalise_column(name_words().places) if w and " " not in w).union(countries)


def keys_of(words: Iterable[str]) -> U64:
    """The word hashes of single words, ascending."""
    return np.sort(word_columns(sorted(set(words))).hash)


@functools.cache
def generic() -> frozenset[str]:
    """Normalised generic words."""
    return frozenset(normalise_column(name_words().generic))


@functools.cache
def generic_keys() -> U64:
    """Keys of the generic words."""
    return keys_of(generic())


@functools.cache
def same_words() -> dict[str, str]:
    """Normalised abbreviation → normalised word."""
    same = name_words().same
    return dict(zip(normalise_column(list(same)), normalise_column(list(same.values())), strict=True))


@functools.cache
def roman_numerals() -> frozenset[str]:
    """The roman numerals from 1 to 39, without those that are ordinary words or common abbreviations (mix, di)."""
    tens, ones = ("", "x", "xx", "xxx"), ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
    return frozenset(t + o for t in tens for o in ones if t + o)


def register_size(names: float) -> float:
    """How many names a list stands for: a small one is read as the part that we were given of a register of SMALL
    names, so that its weights are such as the model knows, and one name more does not change them."""
    return max(names, float(SMALL))


def word_weights(hashes: U64, counts: NDArray[np.int64], names: float) -> NDArray[np.float64]:
    """Minus the logarithm of each word's share of the register's names, with a prior on generic words that a small
    register outgrows.

    A list smaller than SMALL is taken for a part of a register of that size, whose other names hold generic words and
    no others; only what more than _OFTEN of its names hold is taken at its share of the list.
    """
    plain = member(hashes, generic_keys())
    prior = np.where(plain, _PRIOR_RATE * _PRIOR_NAMES, 0.0)
    if names >= SMALL:
        return np.asarray(-np.log((counts + 0.5 + prior) / (names + _PRIOR_NAMES)))
    known = np.where(plain, np.maximum(counts, _PRIOR_RATE * SMALL), counts)
    share = np.maximum((known + 0.5 + prior) / (SMALL + _PRIOR_NAMES), (counts - _OFTEN) / (names + _PRIOR_NAMES))
    return np.asarray(-np.log(share))
