"""Of many candidates of a query the few that are worth comparing in full, by what can be told of all of them cheaply.

How alike the letters are, whether they begin alike, and how much weight the words have that both sides hold: the best
candidate by every feature is among the first few by these in all but a few of a thousand queries. Nothing is decided.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Prefix
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cpdist

from salestrigger.matchers.columns import distinct
from salestrigger.matchers.index_lookups import NameLookups
from salestrigger.matchers.name_columns import NameColumns
from salestrigger.matchers.words import I64, ranges

Floats = NDArray[np.float64]
PREFIX = 0.3  #: what beginning alike counts for, against 1 for equal letters and 1 for equal words


def narrowed(index: NameLookups, queries: NameColumns, pairs: tuple[I64, I64], *, most: int) -> NDArray[np.bool_]:
    """Which pairs (of query and name, ascending) to keep: all of a query that has at most ``most``, else its best."""
    query, name = pairs
    kept = np.ones(len(query), dtype=np.bool_)
    several = np.flatnonzero(np.bincount(query, minlength=len(queries))[query] > most)
    if not len(several):
        return kept
    query, name = query[several], name[several]
    order = np.lexsort((name, -_promise(index, queries, query, name), query))
    first = np.searchsorted(query, query)  # in order of the query, before and after
    kept[several[order[np.arange(len(order)) - first >= most]]] = False
    return kept


def _promise(index: NameLookups, queries: NameColumns, query: I64, name: I64) -> Floats:
    rows = distinct(name)
    at = np.searchsorted(rows, name)
    names = index.columns_of(rows)
    left, right = _texts(queries, query), _texts(names, at)
    lengths = queries.core.end - queries.core.start, names.core.end - names.core.start
    shorter = np.maximum(np.minimum(lengths[0][query], lengths[1][at]), 1)
    alike = cpdist(left, right, scorer=ratio, dtype=np.float32) / 100
    begin = cpdist(left, right, scorer=Prefix.similarity, dtype=np.int32) / shorter
    promise: Floats = np.round(alike + PREFIX * begin + _common(index, (queries, names), (query, at)), 6)
    return promise


def _texts(columns: NameColumns, rows: I64) -> list[str]:
    """The cores of rows that repeat: each is made once."""
    once = distinct(rows)
    texts = np.array(columns.core.take(once), dtype=object)
    out: list[str] = texts[np.searchsorted(once, rows)].tolist()
    return out


def _common(index: NameLookups, columns: tuple[NameColumns, NameColumns], rows: tuple[I64, I64]) -> Floats:
    """The weight of the words that both sides have over that of all words, 0 to 1."""
    weights = [index.weights_of(side.words) for side in columns]
    (left, right), (query, name) = columns, rows
    size = left.counts[query]
    word, pair = ranges(left.first[query], size), np.repeat(np.arange(len(query), dtype=np.int64), size)
    others = right.counts[name][pair]
    one = np.repeat(word, others)
    equal = np.flatnonzero(left.words[one] == right.words[ranges(right.first[name][pair], others)])
    both = np.bincount(np.repeat(pair, others)[equal], weights=2 * weights[0][one[equal]], minlength=len(query))
    masses = [np.bincount(c.owner, weights=w, minlength=len(c)) for c, w in zip(columns, weights, strict=True)]
    total = masses[0][query] + masses[1][name]
    return np.asarray(np.minimum(both / np.maximum(total, 1e-9), 1.0))
