"""Fits of very many organisations in columns, each criterion with its source and day: ``qualify_many`` without objects.

For organisations of which one record tells everything, so that one source and few days stand behind all of it. What is
judged is judged by ``qualify.fit_columns``; a test holds that both ways say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salestrigger.matchers.attribute_specs import ATTRIBUTES
from salestrigger.matchers.qualify import FitColumns, Line, criterion_fit
from salestrigger.matchers.types import CriterionFit
from salestrigger.matchers.universe import text_column

_EPOCH = date(1970, 1, 1)
_NO_DAY = np.iinfo(np.int32).min


@dataclass(frozen=True, slots=True)
class Told:
    """Who told the values of a universe table, and when; one row per row of the table."""

    source: pa.Array  #: source id
    known_on: pa.Array  #: the day since when we know it
    days: Mapping[str, pa.Array]  #: attribute → the day it is true since, null: not stated
    municipality: pa.Array  #: its name, "" unknown


@dataclass(frozen=True, slots=True)
class DatedLine:
    """One criterion over all rows: what it says in each distinct case, and which case each row is."""

    distinct: tuple[CriterionFit, ...]
    rows: npt.NDArray[np.int64]


def dated_lines(universe: pa.Table, columns: FitColumns, told: Told) -> tuple[DatedLine, ...]:
    """Every criterion of every row, with its source and day."""
    sources = told.source.dictionary_encode()
    return tuple(_dated(line, universe, told, sources) for line in columns.lines)


def _dated(line: Line, universe: pa.Table, told: Told, sources: pa.DictionaryArray) -> DatedLine:
    source, day = _standing(line.attribute, universe, told, sources)
    names = pa.repeat(pa.scalar(""), universe.num_rows)
    if line.attribute == "municipality_code":
        names = told.municipality
    named = names.dictionary_encode()
    name = named.indices.to_numpy(zero_copy_only=False)
    _, first, rows = np.unique(
        _combined(line.rows, source, day, name), return_index=True, return_inverse=True
    )  # fmt: skip
    known, places = sources.dictionary.to_pylist(), named.dictionary.to_pylist()
    distinct = tuple(
        criterion_fit(
            line, int(line.rows[at]),
            municipality=places[name[at]], source_id=known[source[at]] if source[at] >= 0 else "",
            as_of=None if day[at] == _NO_DAY else _EPOCH + timedelta(days=int(day[at])),
        )
        for at in first.tolist()
    )  # fmt: skip
    return DatedLine(distinct, rows)


def _standing(
    attribute: str, universe: pa.Table, told: Told, sources: pa.DictionaryArray
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Which source (-1: none) and which day stands behind the attribute of each row."""
    source = sources.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    if attribute not in ATTRIBUTES or attribute not in universe.column_names:
        return np.full(len(source), -1), np.full(len(source), _NO_DAY, dtype=np.int64)
    day = told.known_on if attribute not in told.days else pc.coalesce(told.days[attribute], told.known_on)
    days = day.cast(pa.date32()).cast(pa.int32()).to_numpy(zero_copy_only=False).astype(np.int64)
    is_stated = pc.not_equal(text_column(universe, attribute), "").to_numpy(zero_copy_only=False)
    return np.where(is_stated, source, -1), np.where(is_stated, days, _NO_DAY)


def _combined(*codes: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """One number per row that differs where any of the codes does."""
    combined = np.zeros(len(codes[0]), dtype=np.int64)
    for code in codes:
        _, dense = np.unique(code, return_inverse=True)
        _, combined = np.unique(combined * (int(dense.max(initial=0)) + 1) + dense, return_inverse=True)
    return combined
