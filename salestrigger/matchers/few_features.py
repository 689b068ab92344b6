"""The features of a few pairs of names, pair by pair: what ``features.py`` gives for many, bit for bit.

Sums run in the order of the words, as they do there. ``tests/matchers/test_few.py`` holds that.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler, Prefix
from rapidfuzz.fuzz import partial_ratio, ratio, token_sort_ratio

from salestrigger.matchers.country_weights import local_weights
from salestrigger.matchers.features import FEATURES
from salestrigger.matchers.few_candidates import Asked
from salestrigger.matchers.few_lookups import PlainName, listed_name
from salestrigger.matchers.few_words import added, is_acronym, standing_of
from salestrigger.matchers.legal_forms import RELATIONS, form_table
from salestrigger.matchers.name_columns import INITIAL, NUMBER, PLACE, NameColumns
from salestrigger.matchers.weights import register_size
from salestrigger.matchers.words import I64

_HUNDREDTHS = ("ratio", "sorted_ratio", "partial", "raw_ratio", "rest_ratio", "rest_partial")
_SCORES = [FEATURES.index(name) for name in _HUNDREDTHS]
_FORMS = [(f"form_{relation}", code) for code, relation in enumerate(RELATIONS) if relation != "none"]


class _Side(NamedTuple):
    """One of the two names of a pair."""

    name: PlainName
    raw: str  #: as written, lower case
    weights: Sequence[float]  #: of its words


class _Rest(NamedTuple):
    """The words of one side that the other has not."""

    words: list[tuple[int, bytes]]  #: hash and text
    weights: list[float]
    flags: int  #: all their flags together

    @property
    def text(self) -> str:
        return b" ".join(text for _, text in self.words).decode("utf-8", "replace")


def compare_few(asked: Asked, queries: NameColumns, row: int, names: I64) -> NDArray[np.float32]:
    """A row of :data:`features.FEATURES` for the query in that row and each of these names of the index."""
    index = asked.index
    own, listed = _keys(queries, row), [index.key_of(names, key).tolist() for key in ("ordered", "bag", "joined")]
    relations = form_table().relation[int(queries.form[row]), index.form_of(names)].tolist()
    scale = float(np.log(register_size(float(index.name_base[-1])) + 1000.0))
    out = []
    for place, (left, right) in enumerate(_sides(asked, queries.raw.take(np.array([row]), lower=True)[0], names)):
        same, bag, joined = (mine == theirs[place] for mine, theirs in zip(own, listed, strict=True))
        values = _strings(left, right) | _words(left, right, scale)
        values |= {"same_words": same, "same_bag": bag and not same, "same_joined": joined and not bag}
        values |= {name: relations[place] == code for name, code in _FORMS}
        out.append(_ordered(values))
    found = np.array(out, dtype=np.float32)
    found[:, _SCORES] /= np.float32(100)
    return found


_ordered = operator.itemgetter(*FEATURES)


def _keys(columns: NameColumns, row: int) -> tuple[int, int, int]:
    return int(columns.ordered[row]), int(columns.bag[row]), int(columns.joined[row])


def _sides(asked: Asked, raw: str, names: I64) -> list[tuple[_Side, _Side]]:
    """Both names of every pair, with the weights that words have in the country of the listed one."""
    index, query = asked.index, asked.name
    others = [listed_name(index, name) for name in names.tolist()]
    words = [word for other in others for word in (*query.words, *other.words)]
    asked.weights.learn(words)
    weights = list(map(asked.weights.of, words))
    parts = [segment.local for segment in index.segments]
    if any(len(part.key) for part in parts):
        sizes = [len(query.words) + len(other.words) for other in others]
        countries = index.country_of(index.org_of(names)).repeat(sizes)
        weights = local_weights(parts, np.array(words, np.uint64), countries, np.array(weights)).tolist()
    out, at = [], 0
    for other, text in zip(others, index.texts(names, "names.raw"), strict=True):
        middle, end = at + len(query.words), at + len(query.words) + len(other.words)
        out.append((_Side(query, raw, weights[at:middle]), _Side(other, text.lower(), weights[middle:end])))
        at = end
    return out


def _strings(left: _Side, right: _Side) -> dict[str, float]:
    one, other = left.name.core.decode(), right.name.core.decode()
    shorter = min(len(left.name.core), len(right.name.core))
    return {
        "ratio": ratio(one, other),
        "sorted_ratio": token_sort_ratio(one, other),
        "jaro_winkler": JaroWinkler.similarity(one, other),
        "partial": partial_ratio(one, other),
        "prefix": Prefix.similarity(one, other) / max(shorter, 1),
        "raw_ratio": ratio(left.raw, right.raw),
        "length": min(shorter, 30) / 30,
        "one_word": min(len(left.name.words), len(right.name.words)) == 1,
        "first_word": left.name.words[0] == right.name.words[0],
    }


def _rest(side: _Side, other: _Side) -> _Rest:
    name, has = side.name, other.name.words
    words, weights, flags = [], [], 0
    for word, text, weight, kinds in zip(name.words, name.texts, side.weights, name.flags, strict=True):
        if word not in has:
            words.append((word, text))
            weights.append(weight)
            flags |= kinds
    return _Rest(words, weights, flags)


def _words(left: _Side, right: _Side, scale: float) -> dict[str, float]:
    mine, theirs = _rest(left, right), _rest(right, left)
    extra, missing = added(mine.weights), added(theirs.weights)
    mass = added(left.weights)
    total = mass + added(right.weights)
    both = extra > 0 and missing > 0
    texts = (mine.text, theirs.text) if both else ("", "")
    stood = standing_of([text for _, text in mine.words], [text for _, text in theirs.words])
    either, place = mine.flags | theirs.flags, (mine.flags & PLACE > 0, theirs.flags & PLACE > 0)
    return {
        "matched": 1 - (extra + missing) / max(total, 1e-9),
        "extra": extra / scale,
        "missing": missing / scale,
        "heaviest_extra": max(_or_nothing(left, mine)) / scale,
        "heaviest_missing": max(_or_nothing(right, theirs)) / scale,
        "rest_ratio": ratio(*texts) if both else 0.0,
        "rest_partial": partial_ratio(*texts) if both else 0.0,
        "both_rest": both,
        "number_conflict": either & NUMBER > 0,
        "initial_conflict": either & INITIAL > 0,
        "place_conflict": place[0] and place[1],
        "place_missing": place[0] != place[1],
        "mass": mass / scale / 3,
        "plain_extra": added([w * (1 - s) for w, s in zip(mine.weights, stood[0], strict=True)]) / scale,
        "plain_missing": added([w * (1 - s) for w, s in zip(theirs.weights, stood[1], strict=True)]) / scale,
        "extra_words": min(len(mine.words), 8) / 8,
        "missing_words": min(len(theirs.words), 8) / 8,
        "acronym": is_acronym(mine.words, theirs.words),
    }


def _or_nothing(side: _Side, rest: _Rest) -> list[float]:
    """The weights of a rest; those of the words that both have count 0."""
    return rest.weights if len(rest.weights) == len(side.weights) else [*rest.weights, 0.0]
