"""A universe and queries out of tables: what a person's file may lack or get wrong is settled here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from salestrigger.matchers.entries import domain_of
from salestrigger.matchers.legal_forms import country_code
from salestrigger.matchers.names import normalise_column
from salestrigger.matchers.segment import NAME_KINDS, Raw, text_keys
from salestrigger.matchers.words import I64, U64

_LEGAL, _ALIAS = NAME_KINDS.index("legal"), NAME_KINDS.index("alias")


@dataclass(frozen=True, slots=True)
class Keyed:
    """Country, city and website as numbers, 0 where they are not given."""

    country: I64
    city: U64
    domain: U64

    def slice(self, low: int, high: int) -> Keyed:
        """Some rows."""
        return Keyed(self.country[low:high], self.city[low:high], self.domain[low:high])


@dataclass(frozen=True, slots=True)
class Universe:
    """The organisations of a list."""

    raw: Raw
    keyed: Keyed  #: one row per organisation


@dataclass(frozen=True, slots=True)
class Queries:
    """The names that are asked for."""

    ids: Sequence[str]
    names: Sequence[str]
    keyed: Keyed

    @property
    def countries(self) -> I64:
        """Country codes."""
        return self.keyed.country

    def slice(self, low: int, high: int) -> Queries:
        """Some queries."""
        return Queries(self.ids[low:high], self.names[low:high], self.keyed.slice(low, high))


def texts_of(table: pa.Table, column: str) -> list[str]:
    """A column as text; empty where the table has no such column or no value."""
    if column not in table.column_names:
        return [""] * table.num_rows
    return ["" if value is None else str(value) for value in table.column(column).to_pylist()]


def _hashed(values: Sequence[str]) -> U64:
    if not any(values):
        return np.zeros(len(values), dtype=np.uint64)
    return np.where([bool(v) for v in values], text_keys(values), np.uint64(0))


def _keyed(table: pa.Table) -> Keyed:
    nothing = np.zeros(table.num_rows, dtype=np.uint64)
    has = set(table.column_names)
    sites = texts_of(table, "website") if "website" in has else []
    domains = {site: domain_of(site) for site in set(sites)}
    codes = [country_code(c.strip()) for c in texts_of(table, "country")] if "country" in has else nothing
    return Keyed(
        country=np.asarray(codes, dtype=np.int64),
        city=_hashed(normalise_column(texts_of(table, "city"))) if "city" in has and table.num_rows else nothing,
        domain=_hashed([domains[site] for site in sites]) if sites else nothing,
    )


def universe_of(table: pa.Table) -> Universe:
    """The columns of a universe; rows with one id are one organisation with several names, whose other columns are
    those of its first row."""
    ids, names, aliases = (texts_of(table, c) for c in ("org_id", "name", "aliases"))
    row_of: dict[str, int] = {}
    org = np.array([row_of.setdefault(i, len(row_of)) for i in ids], dtype=np.int64)
    first = np.unique(org, return_index=True)[1]
    keyed = _keyed(table)
    more = [
        (alias.strip(), at) for at, text in zip(org.tolist(), aliases, strict=True) if text for alias in text.split("|")
    ]
    more = [(alias, at) for alias, at in more if alias]
    raw = Raw(
        org_ids=list(row_of),
        countries=keyed.country[first].tolist(),
        entries=[""] * len(row_of),
        names=[*names, *(alias for alias, _ in more)],
        name_org=np.concatenate([org, np.array([at for _, at in more], dtype=np.int64)]),
        name_kind=np.concatenate([np.full(len(names), _LEGAL), np.full(len(more), _ALIAS)]),
    )
    return Universe(raw, Keyed(keyed.country[first], keyed.city[first], keyed.domain[first]))


def queries_of(table: pa.Table) -> Queries:
    """The columns of queries."""
    return Queries(texts_of(table, "query_id"), texts_of(table, "name"), _keyed(table))
