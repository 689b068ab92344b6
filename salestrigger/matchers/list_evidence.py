"""What two lists say besides names: country, city, website; and all evidence of a match in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from salestrigger.matchers.columns import distinct, numbers
from salestrigger.matchers.features import FEATURES
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.legal_forms import country_text
from salestrigger.matchers.list_columns import Keyed
from salestrigger.matchers.ranking import Ranked, namesakes_of
from salestrigger.matchers.words import I64

# log-odds for an equal and for a different value; judgements (see corroborate.py)
COUNTRY, CITY, WEBSITE = (0.3, -2.0), (1.5, -0.5), (4.0, -0.7)
#: what the evidence of an equal name says
SAME_NAME = "same name"
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
    "same_words": SAME_NAME,
    "same_bag": "same words in another order",
    "same_joined": "same letters, spaced differently",
    "form_equal": "same legal form",
    "form_conflict": "the legal form differs",
    "form_near": "legal form of another country",
    "number_conflict": "a different number",
    "initial_conflict": "different initials",
    "place_conflict": "different places",
    "acronym": "a word is the initials of the other name",
}
_COUNT = 12  # bits of a number of namesakes, of which at most 1000 are counted
_MOST = (1 << _COUNT) - 1
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
) -> pa.StringArray:
    """The evidence of each of these rows, readable: the name it matched and what agrees or differs.

    Rows that have the same said of them share one text, which is made once.
    """
    values = ranked.compared.values[ranked.pair[rows]]
    exact = values[:, [_AT[f] for f in ("same_words", "same_bag", "same_joined")]].max(axis=1, initial=0.0) > 0
    said = [("similar name", np.logical_not(exact))]
    said += [(text, values[:, _AT[feature]] > 0) for feature, text in _SAYS.items()]
    said += [(text, np.equal(relation[column][rows], value)) for (column, value), text in _COLUMN_SAYS.items()]
    here, country = _in_country(index, ranked, rows, namesakes)
    code = ((country << _COUNT | here) << _COUNT | np.maximum(namesakes, 0)) << len(said)
    for place, (_, where) in enumerate(said):
        code |= where.astype(np.int64) << place
    codes = distinct(code)
    at = np.searchsorted(codes, code)
    texts = pa.array([_told(one, [text for text, _ in said]) for one in codes.tolist()], pa.string())
    names = pa.array(index.texts(ranked.name[rows], "names.raw"), pa.string())
    return pc.binary_join_element_wise(names, texts.take(numbers(at)), ": ")


def _told(code: int, texts: list[str]) -> str:
    parts = [text for place, text in enumerate(texts) if code >> place & 1]
    code >>= len(texts)
    namesakes, here, country = code & _MOST, code >> _COUNT & _MOST, country_text(code >> 2 * _COUNT)
    if namesakes:
        where = f" ({here} in {country})" if country else ""
        parts.append(f"{namesakes} other{'s' if namesakes > 1 else ''} with this name{where}")
    return "; ".join(parts)


def _in_country(index: OrganizationIndex, ranked: Ranked, rows: I64, namesakes: I64) -> tuple[I64, I64]:
    """How many of each row's namesakes are of its own country, and which that is; 0 where it is not known."""
    here, country = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    some = np.flatnonzero(namesakes > 0)
    if len(some):
        country[some] = index.country_of(ranked.org[rows[some]])
        here[some] = np.maximum(namesakes_of(index, ranked.name[rows[some]], country[some]) - 1, 0)
    return here, country
