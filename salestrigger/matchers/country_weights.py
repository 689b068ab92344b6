"""What a word says in one country: "Bygg" is everywhere in Norway and tells a company in the Netherlands.

A register of several countries counts the words of each; the share in all countries is the prior, so that a country
with few names says little of its own. A universe of one country, or of none that is known, has nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salestrigger.matchers.columns import span
from salestrigger.matchers.name_columns import NameColumns
from salestrigger.matchers.words import I32, I64, U64, mix

Floats = NDArray[np.floating[Any]]

_CODES = 677  # see ``legal_forms.country_code``
_PRIOR_NAMES = 1000.0  # how many names the share in all countries counts for


@dataclass(frozen=True, slots=True)
class CountryWords:
    """How many words of each kind the names of each country hold."""

    key: U64  #: of word and country, ascending
    count: I32
    names: I64  #: names of each country code


def _keys(words: U64, countries: I64) -> U64:
    return mix(words ^ mix(countries.astype(np.uint64)))


def country_words(columns: NameColumns, countries: I64) -> CountryWords:
    """Count the words of names by the country of each; nothing where fewer than two countries are known."""
    names = np.bincount(countries, minlength=_CODES).astype(np.int64)
    if np.count_nonzero(names[1:]) < 2:
        return CountryWords(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int32), np.zeros(_CODES, np.int64))
    known = np.flatnonzero(countries[columns.owner] > 0)
    keys, counts = np.unique(_keys(columns.words[known], countries[columns.owner[known]]), return_counts=True)
    return CountryWords(keys, counts.astype(np.int32), names)


def in_countries(
    parts: Sequence[CountryWords], countries: Callable[[], I64]
) -> Callable[[U64, I64, Floats], Floats] | None:
    """A function of words, the rows they belong to and their overall weights, where the register has several
    countries; ``countries`` gives the country of each row and is called only then."""
    if not any(len(part.key) for part in parts):
        return None
    codes = countries()
    return lambda words, rows, overall: local_weights(parts, words, codes[rows], overall)


def local_weights(parts: Sequence[CountryWords], words: U64, countries: I64, overall: Floats) -> Floats:
    """The weight of each word in the country beside it; ``overall`` where the country is 0 or not counted.

    Weights are minus the logarithm of a share (``weights.word_weights``); the overall share is the prior.
    """
    names, counts = np.zeros(_CODES, dtype=np.int64), np.zeros(len(words), dtype=np.int64)
    keys = _keys(words, countries)
    for part in parts:
        names += part.names
        if len(part.key):
            left, found = span(part.key, keys)
            hit = np.flatnonzero(found)
            counts[hit] += part.count[left[hit]]
    size = np.where(countries > 0, names[countries], 0)
    share = (counts + _PRIOR_NAMES * np.exp(-overall)) / (size + _PRIOR_NAMES)
    return np.where(size > 0, -np.log(share), overall)
