"""What two lists say besides names: country, city, website; and all evidence of a match in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salestrigger.matchers.features import FEATURES
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.list_columns import Keyed
from salestrigger.matchers.ranking import Ranked
from salestrigger.matchers.words import I64

# log-odds for an equal and for a different value; judgements (see corroborate.py)
COUNTRY, CITY, WEBSITE = (0.3, -2.0), (1.5, -0.5), (4.0, -0.7)
_PARTS = (("country", COUNTRY), ("city", CITY), ("domain", WEBSITE))


@dataclass(frozen=True, slots=True)
class Corroborated:
    """What the other columns add to each pair of query and organisation."""

    odds: NDArray[np.float64]
    supported: NDArray[np.bool_]  #: city or website are equal
    relation: dict[str, NDArray[np.int8]]  #: per column 1 for equal, -1 for different, 0 for not known

    def at(self, place: I64) -> Corroborated:
        """In another order."""
        relation = {name: values[place] for name, values in self.relation.items()}
        return Corroborated(self.odds[place], self.supported[place], relation)


def corroborate(universe: Keyed, queries: Keyed, query: I64, org: I64) -> Corroborated:
    """Compare the other columns of every pair."""
    odds = np.zeros(len(query))
    relation = {}
    for name, (equal, different) in _PARTS:
        one, other = getattr(queries, name)[query], getattr(universe, name)[org]
        known = (one != 0) & (other != 0)
        relation[name] = np.where(known, np.where(one == other, 1, -1), 0).astype(np.int8)
        odds += np.where(known, np.where(one == other, equal, different), 0.0)
    return Corroborated(odds, (relation["city"] > 0) | (relation["domain"] > 0), relation)


_SAYS = {
    "same_words": "same name",
    "same_bag": "same words in another order",
    "same_joined": "same letters, spaced differently",
    "form_equal": "same legal form",
    "form_conflict": "the legal form differs",
    "form_near": "legal form of another country",
    "number_conflict": "a different number",
    "initial_conflict": "different initials",
    "place_conflict": "different places",
}
_AT = {name: FEATURES.index(name) for name in _SAYS}
_COLUMN_SAYS = {
    ("country", 1): "same country", ("country", -1): "another country", ("city", 1): "same city",
    ("city", -1): "another city", ("domain", 1): "same website", ("domain", -1): "another website",
}  # fmt: skip


def corroborate_nothing(size: int) -> Corroborated:
    """For pairs of which only the names are known."""
    empty = {name: np.zeros(size, dtype=np.int8) for name, _ in _PARTS}
    return Corroborated(np.zeros(size), np.zeros(size, dtype=np.bool_), empty)


def explain_rows(
    index: OrganizationIndex, ranked: Ranked, rows: I64, relation: dict[str, NDArray[np.int8]], namesakes: I64
) -> list[str]:
    """The evidence of each of these rows, readable: the name it matched and what agrees or differs."""
    values = ranked.compared.values[ranked.pair[rows]]
    told: list[list[str]] = [[] for _ in range(len(rows))]
    exact = values[:, [_AT[f] for f in ("same_words", "same_bag", "same_joined")]].max(axis=1, initial=0.0) > 0
    _tell(told, np.logical_not(exact), "similar name")
    for feature, text in _SAYS.items():
        _tell(told, values[:, _AT[feature]] > 0, text)
    for (column, value), text in _COLUMN_SAYS.items():
        _tell(told, np.equal(relation[column][rows], value), text)
    for row in np.flatnonzero(namesakes > 0).tolist():
        told[row].append(f"{namesakes[row]} other{'s' if namesakes[row] > 1 else ''} with this name")
    names = index.texts(ranked.name[rows], "names.raw")
    return [f"{name}: {'; '.join(parts)}" for name, parts in zip(names, told, strict=True)]


def _tell(told: list[list[str]], where: NDArray[np.bool_], text: str) -> None:
    for row in np.flatnonzero(where).tolist():
        told[row].append(text)
