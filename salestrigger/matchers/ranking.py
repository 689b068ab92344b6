"""For every query the best candidate organisation, the runner-up, and the probability from the names alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salestrigger.matchers.candidates import Effort, Pairs, find_candidates
from salestrigger.matchers.columns import distinct
from salestrigger.matchers.features import FEATURES, Compared, Floats, compare
from salestrigger.matchers.few_lookups import rows_of
from salestrigger.matchers.few_pairs import FEW, few_pairs
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.model import NameModel, name_model
from salestrigger.matchers.name_columns import NameColumns
from salestrigger.matchers.weights import register_size
from salestrigger.matchers.words import I64

NO_LEAD = 12.0  #: log-odds: the lead of an only candidate
_COUNTED = 1000  # namesakes that are counted
_CLOSE = 2.0  # log-odds: a rival that near counts as close
_AMONG = ("score", "lead", "sole", "next", "close", "candidates", "namesakes", "log_names")
_OF_PAIR = (
    "extra", "missing", "plain_extra", "plain_missing", "extra_words", "missing_words", "mass", "length", "one_word",
    "form_equal", "form_near", "form_conflict", "form_missing", "raw_ratio", "ratio", "number_conflict",
    "initial_conflict", "place_conflict", "place_missing", "same_bag", "same_joined", "prefix", "first_word", "acronym",
    "both_rest", "same_words",
)  # fmt: skip
_EQUAL = 4.6  #: log-odds (.99) that divide equal names from others, in small lists
#: What the second model sees: the candidate among the others of its query, and what its pair looks like.
FINAL = (*_AMONG, *_OF_PAIR)
_AT = [FEATURES.index(name) for name in _OF_PAIR]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidate organisations of every query, best first; one row per query and organisation."""

    query: I64
    org: I64
    name: I64  #: the organisation's best matching name
    pair: I64  #: that name's row in ``compared``
    score: Floats  #: log-odds from the names
    first: I64  #: first row of each query, and one more
    compared: Compared

    def at(self, place: I64) -> Ranked:
        """The same rows in another order, which keeps the queries together."""
        return Ranked(
            self.query[place], self.org[place], self.name[place], self.pair[place], self.score[place], self.first,
            self.compared,
        )  # fmt: skip

    def without(self, gone: NDArray[np.bool_]) -> Ranked:
        """The rows that are not gone."""
        kept = np.flatnonzero(~gone)
        query = self.query[kept]
        first = np.searchsorted(query, np.arange(len(self.first))).astype(np.int64)
        return Ranked(query, self.org[kept], self.name[kept], self.pair[kept], self.score[kept], first, self.compared)

    def best(self) -> I64:
        """The first row of every query that has candidates."""
        return self.first[:-1][np.diff(self.first) > 0]


def rank(
    index: OrganizationIndex,
    queries: NameColumns,
    *,
    effort: Effort | None = None,
    model: NameModel | None = None,
    own: I64 | None = None,
) -> Ranked:
    """Find, compare and order the candidates of all queries; ties by the organisation's id. ``own``: see
    ``find_candidates``."""
    if len(queries) <= FEW:
        pairs, compared = few_pairs(index, queries, effort=effort, own=own)
    else:
        pairs = find_candidates(index, queries, effort=effort, own=own)
        compared = compare(index, queries, pairs)
    return order(index, pairs, compared, (model or name_model()).scores(compared.values), size=len(queries))


def order(index: OrganizationIndex, pairs: Pairs, compared: Compared, scores: Floats, *, size: int) -> Ranked:
    """One row per query and organisation: its best name; the organisations by score."""
    org = index.org_of(pairs.name) if len(pairs) else pairs.name
    # of equal scores the name as it is, then a current name before a former one, then the first
    tie = compared.column("raw_ratio") if len(pairs) else np.zeros(0)
    best = np.lexsort((pairs.name, -tie, -np.round(scores, 9), org, pairs.query))
    query, org = pairs.query[best], org[best]
    new = np.concatenate(([True], (query[1:] != query[:-1]) | (org[1:] != org[:-1])))[: len(query)]
    kept = best[new]
    query, org = query[new], org[new]
    place = _placed(index, query, org, tie[kept], np.round(scores[kept], 9))
    first = np.searchsorted(query, np.arange(size + 1)).astype(np.int64)
    return Ranked(
        query[place], org[place], pairs.name[kept][place], kept[place], scores[kept][place], first, compared
    )  # fmt: skip


def _placed(index: OrganizationIndex, query: I64, org: I64, tie: Floats, scores: Floats) -> I64:
    """Best first within each query; of rows that are still equal the one with the first id."""
    place = np.lexsort((-tie, -scores, query))
    equal = np.zeros(len(place) + 1, dtype=np.bool_)
    for column in (query, scores, tie):
        same = column[place[1:]] == column[place[:-1]]
        equal[1:-1] = same if column is query else equal[1:-1] & same
    tied = np.flatnonzero(equal[1:] | equal[:-1])
    if not len(tied):
        return place
    ids = np.zeros(len(place), dtype=np.int64)
    ranks = np.argsort(np.argsort(np.array(index.texts(org[place[tied]], "org_id"), dtype=object), kind="stable"))
    ids[place[tied]] = ranks
    return np.lexsort((ids, -tie, -scores, query))


def namesakes_of(index: OrganizationIndex, names: I64, countries: I64 | None = None) -> I64:
    """How many organisations, itself included, share the core name of each name, in any country or in these."""
    keys = index.key_of(names, "ordered")
    if len(names) <= FEW and countries is None:
        return np.array([_namesakes(index, key) for key in keys.tolist()], dtype=np.int64)
    if countries is not None:
        asked, rows = index.names_by("by_ordered", keys, limit=_COUNTED)
        orgs = index.org_of(rows)
        same = index.country_of(orgs) == countries[asked]
        pair = distinct(asked[same].astype(np.uint64) << np.uint64(32) | orgs[same].astype(np.uint64))
        return np.bincount((pair >> np.uint64(32)).astype(np.int64), minlength=len(names)).astype(np.int64)
    unique = distinct(keys)
    at = np.searchsorted(unique, keys)
    asked, rows = index.names_by("by_ordered", unique, limit=_COUNTED)
    orgs = index.org_of(rows)
    pair = distinct(asked.astype(np.uint64) << np.uint64(32) | orgs.astype(np.uint64))
    return np.bincount((pair >> np.uint64(32)).astype(np.int64), minlength=len(unique))[at].astype(np.int64)


def _namesakes(index: OrganizationIndex, key: int) -> int:
    rows = rows_of(index, "by_ordered", [key], limit=_COUNTED)
    return len(rows) if len(rows) < 2 else len(set(index.org_of(np.array(rows, dtype=np.int64)).tolist()))


def final_columns(index: OrganizationIndex, ranked: Ranked, rows: I64) -> NDArray[np.float32]:
    """What the second model sees of each of these rows: FINAL's columns.

    The lead is over the best organisation with another core name: namesakes are counted, they are no rivals.
    """
    out = np.zeros((len(FINAL), len(rows)), dtype=np.float32).T  # columns lie together
    if not len(rows):
        return out
    values = _among(index, ranked, rows)
    values["namesakes"] = np.log(np.maximum(namesakes_of(index, ranked.name[rows]), 1))
    values["log_names"] = np.full(len(rows), _log_names(float(index.name_base[-1])))
    for place, name in enumerate(_AMONG):
        out[:, place] = values[name]
    out.T[len(_AMONG) :] = ranked.compared.values.T[_AT][:, ranked.pair[rows]]
    return out


def odds_of(final: NDArray[np.float32], *, equal_is_same: bool = True) -> Floats:
    """The calibrated log-odds, from the names alone, of candidates with these FINAL columns.

    Left to itself the model doubts a name that is listed letter by letter: the sets of real aliases that it learns from
    list no company under the name that is asked for, so that an equal name is always another company's. So it counts
    as sure, unless the lists that are matched are such sets themselves (not ``equal_is_same``). Of lists of up to
    ``weights.SMALL`` names the model knows nothing at all: there an equal name is surer than any other, and at least
    as sure as one that is only written otherwise ("A/S" and "AS").
    """
    odds = name_model().odds(final)
    equal = (final[:, _FINAL["same_words"]] > 0) & ~np.any(final[:, _OTHER_FORM] > 0, axis=1)
    written = equal & (final[:, _FINAL["raw_ratio"]] == 1)
    held = np.where(written, np.maximum(odds, _EQUAL), np.where(equal, _EQUAL, np.minimum(odds, _EQUAL)))
    large = np.where(written, np.maximum(odds, _EQUAL), odds) if equal_is_same else odds
    return np.where(final[:, _FINAL["log_names"]] <= np.float32(_log_names(0)), held, large)


_FINAL = {name: place for place, name in enumerate(FINAL)}
_OTHER_FORM = [_FINAL[name] for name in ("form_near", "form_conflict", "form_missing")]


def _log_names(names: float) -> float:
    return float(np.log(register_size(names) + 1000.0) / 10)


def _among(index: OrganizationIndex, ranked: Ranked, rows: I64) -> dict[str, Floats]:
    """Each row against the other candidates of its query."""
    keys = index.key_of(ranked.name, "ordered")
    if len(rows) <= FEW:
        told = [_among_few(ranked, keys.tolist(), row) for row in rows.tolist()]
        return dict(zip(_AMONG, np.array(told).T, strict=False))
    start, stop = ranked.first[ranked.query[rows]], ranked.first[ranked.query[rows] + 1]
    rival, close = np.full(len(rows), -np.inf), np.zeros(len(rows))
    for step in range(1, int((stop - start).max(initial=1))):
        at = np.minimum(start + step, stop - 1)
        there = start + step < stop
        other = there & (keys[at] != keys[rows]) & np.isinf(rival)
        rival[other] = ranked.score[at[other]]
        close += there & (ranked.score[at] > ranked.score[rows] - _CLOSE)
    following = np.where(start + 1 < stop, ranked.score[np.minimum(start + 1, stop - 1)], -NO_LEAD)
    return {
        "score": np.clip(ranked.score[rows], -12, 12),
        "lead": np.clip(np.where(np.isinf(rival), NO_LEAD, ranked.score[rows] - rival), 0, NO_LEAD),
        "sole": np.isinf(rival).astype(float),
        "next": np.clip(following, -NO_LEAD, 12),
        "close": close,
        "candidates": np.log1p(stop - start),
    }


def _among_few(ranked: Ranked, keys: list[int], row: int) -> tuple[float, ...]:
    """The same for one row, in plain numbers."""
    query = int(ranked.query[row])
    start, stop = int(ranked.first[query]), int(ranked.first[query + 1])
    scores: list[float] = ranked.score[start:stop].tolist()
    own = scores[row - start]
    rival = next((scores[at - start] for at in range(start + 1, stop) if keys[at] != keys[row]), None)
    return (
        min(max(own, -12), 12),
        NO_LEAD if rival is None else min(max(own - rival, 0), NO_LEAD),
        float(rival is None),
        min(max(scores[1], -NO_LEAD), 12) if stop > start + 1 else -NO_LEAD,
        sum(score > own - _CLOSE for score in scores[1:]),
        np.log1p(stop - start),
    )
