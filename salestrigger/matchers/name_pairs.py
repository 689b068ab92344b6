"""The probability that two names mean one company, for pairs that come from no list: pure, symmetric, nothing is looked
up. A match against a list knows more (how frequent its words are, the rivals): use ``match_lists``.

Words weigh what they would in a register of _NAMES names that holds none of them, generic words aside.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from salestrigger.matchers.features import FEATURES, Compared, Floats, Register, compare_columns
from salestrigger.matchers.legal_forms import country_code
from salestrigger.matchers.model import name_model, sigmoid
from salestrigger.matchers.name_columns import NameColumns, name_columns
from salestrigger.matchers.ranking import FINAL, NO_LEAD
from salestrigger.matchers.weights import word_weights
from salestrigger.matchers.words import I64, U64

_NAMES = 300_000.0
_ABROAD = -2.0  # log-odds of different countries; a judgement, as in list_evidence.py


def _weights(hashes: U64) -> NDArray[np.float64]:
    return word_weights(hashes, np.zeros(len(hashes), dtype=np.int64), _NAMES)


def same_company(
    ones: Sequence[str],
    others: Sequence[str],
    *,
    countries: Sequence[str | None] | None = None,
    other_countries: Sequence[str | None] | None = None,
) -> Floats:
    """The probability, 0 to 1, that each of ``ones`` and its partner in ``others`` are one company, from their names
    and countries (ISO 3166-1 alpha-2, None for unknown) alone; 0 where one has no name.

    Raises:
        ValueError: the sequences differ in length.
    """
    codes = _codes(countries, len(ones)), _codes(other_countries, len(others))
    if len(ones) != len(others):
        raise ValueError(f"{len(ones)} names and {len(others)} others: each needs one partner")
    left, right = name_columns(ones, codes[0]), name_columns(others, codes[1])
    rows = np.flatnonzero((left.counts > 0) & (right.counts > 0))
    odds = (_odds(left, right, rows) + _odds(right, left, rows)) / 2
    known = (codes[0] > 0) & (codes[1] > 0)
    out = np.zeros(len(ones))
    out[rows] = sigmoid(odds + np.where(known & (codes[0] != codes[1]), _ABROAD, 0.0)[rows])
    return out


def _codes(countries: Sequence[str | None] | None, size: int) -> I64:
    if countries is None:
        return np.zeros(size, dtype=np.int64)
    if len(countries) != size:
        raise ValueError(f"{len(countries)} countries for {size} names")
    return np.array([country_code(country) for country in countries], dtype=np.int64)


def _odds(left: NameColumns, right: NameColumns, rows: I64) -> Floats:
    """Log-odds of these rows as if the right name were the only candidate of the register."""
    compared = compare_columns((left, right), (rows, rows), Register(_NAMES, _weights))
    scores = name_model().scores(compared.values)
    return name_model().odds(_alone(compared, scores))


def _alone(compared: Compared, scores: Floats) -> NDArray[np.float32]:
    """FINAL's columns of candidates that have no rivals."""
    values = {
        "score": np.clip(scores, -12, 12), "lead": NO_LEAD, "sole": 1.0, "next": -NO_LEAD, "close": 0.0,
        "candidates": np.log(2.0), "namesakes": 0.0, "log_names": np.log(_NAMES + 1000.0) / 10,
    }  # fmt: skip
    out = np.zeros((len(scores), len(FINAL)), dtype=np.float32)
    for place, name in enumerate(FINAL):
        out[:, place] = values[name] if name in values else compared.values[:, FEATURES.index(name)]
    return out
