"""A universe and queries out of tables: what a person's file may lack or get wrong is settled here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salestrigger.matchers.columns import Strings
from salestrigger.matchers.entries import domain_of
from salestrigger.matchers.legal_forms import country_code
from salestrigger.matchers.names import normalise_column
from salestrigger.matchers.segment import NAME_KINDS, Raw, text_keys
from salestrigger.matchers.universe import text_column
from salestrigger.matchers.words import I64, U64

if TYPE_CHECKING:
    from salestrigger.matchers.index import OrganizationIndex

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

    ids: pa.Array
    names: Strings
    keyed: Keyed
    own: I64 | None = None  #: the organisation (row) that each is a name of, where a list is matched with itself

    @property
    def countries(self) -> I64:
        """Country codes."""
        return self.keyed.country

    def slice(self, low: int, high: int) -> Queries:
        """Some queries."""
        names = Strings(self.names.data, self.names.offsets[low : high + 1])
        own = None if self.own is None else self.own[low:high]
        return Queries(self.ids.slice(low, high - low), names, self.keyed.slice(low, high), own)


def texts_of(table: pa.Table, column: str) -> list[str]:
    """A column as text; empty where the table has no such column or no value."""
    if not _has(table, column):
        return [""] * table.num_rows
    values: list[str] = text_column(table, column).to_pylist()
    return values


def _has(table: pa.Table, column: str) -> bool:
    """Whether a column is there and says something."""
    return column in table.column_names and table.column(column).null_count < table.num_rows


def _keys_of_column(table: pa.Table, column: str, clean: Callable[[Sequence[str]], Sequence[str]]) -> U64:
    """A key of each value, worked out once per distinct value; 0 where there is none."""
    if not _has(table, column):
        return np.zeros(table.num_rows, dtype=np.uint64)
    values, rows = _distinct(table, column)
    cleaned = clean(values)
    keys = np.where([bool(value) for value in cleaned], text_keys(cleaned), np.uint64(0))
    return keys[rows]


def _distinct(table: pa.Table, column: str) -> tuple[list[str], I64]:
    texts = text_column(table, column)
    encoded = pc.dictionary_encode(texts)
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy().astype(np.int64)


def _countries(table: pa.Table) -> I64:
    if not _has(table, "country"):
        return np.zeros(table.num_rows, dtype=np.int64)
    values, rows = _distinct(table, "country")
    return np.array([country_code(value.strip()) for value in values], dtype=np.int64)[rows]


def _keyed(table: pa.Table) -> Keyed:
    return Keyed(
        country=_countries(table),
        city=_keys_of_column(table, "city", normalise_column),
        domain=_keys_of_column(table, "website", lambda sites: [domain_of(site) for site in sites]),
    )


def keyed_of(index: OrganizationIndex, orgs: I64) -> Keyed:
    """Country, city and website of these organisations of an index, by row; of all others nothing."""
    rows = np.unique(orgs)
    entries = [index.entry(row) for row in rows.tolist()]
    size = int(index.org_base[-1])
    country = np.zeros(size, dtype=np.int64)
    country[rows] = index.country_of(rows)
    keys = []
    for texts in (normalise_column([one.city for one in entries]), [one.domain for one in entries]):
        keys.append(np.zeros(size, dtype=np.uint64))
        keys[-1][rows] = np.where([bool(text) for text in texts], text_keys(texts), np.uint64(0))
    return Keyed(country, *keys)


def universe_of(table: pa.Table) -> Universe:
    """The columns of a universe; rows with one id are one organisation with several names, whose other columns are
    those of its first row."""
    ids, org, keys = _organizations(table)
    names = text_column(table, "name")
    keyed = _keyed(table)
    kind = np.full(len(names), _LEGAL)
    name_org = org
    if _has(table, "aliases"):
        aliases, owners = _aliases(table)
        names = pa.concat_arrays([names, aliases])
        name_org = np.concatenate([org, org[owners]])
        kind = np.concatenate([kind, np.full(len(aliases), _ALIAS)])
    first = np.unique(org, return_index=True)[1] if len(ids) < len(org) else org
    keyed = Keyed(keyed.country[first], keyed.city[first], keyed.domain[first])
    packed = Strings.from_arrow(names)
    raw = Raw(ids, keyed.country, (), packed, name_org, kind, id_keys=keys)
    return Universe(raw, keyed)


def _organizations(table: pa.Table) -> tuple[Strings, I64, U64]:
    """The distinct ids in the order of their first rows, which of them each row has, and their keys."""
    ids = Strings.from_arrow(text_column(table, "org_id"))
    keys = text_keys(ids)
    ordered = np.sort(keys)
    if not (ordered[1:] == ordered[:-1]).any():
        return ids, np.arange(len(ids), dtype=np.int64), keys
    encoded = pc.dictionary_encode(text_column(table, "org_id"))
    distinct = Strings.from_arrow(encoded.dictionary)
    return distinct, encoded.indices.to_numpy().astype(np.int64), text_keys(distinct)


def _aliases(table: pa.Table) -> tuple[pa.Array, I64]:
    """All aliases that say something, and the row each is of."""
    parts = pc.split_pattern(text_column(table, "aliases"), "|")
    texts = pc.utf8_trim_whitespace(parts.flatten())
    said = pc.not_equal(texts, "")
    return texts.filter(said), pc.list_parent_indices(parts).filter(said).to_numpy().astype(np.int64)


def own_queries(table: pa.Table, universe: Universe) -> Queries:
    """Every row of a universe as a query, which knows whose name it is."""
    names = Strings.from_arrow(text_column(table, "name"))
    own = np.asarray(universe.raw.name_org, dtype=np.int64)[: len(names)]  # aliases come after the rows' own names
    return Queries(text_column(table, "org_id"), names, _keyed(table), own)


def queries_of(table: pa.Table) -> Queries:
    """The columns of queries."""
    names = Strings.from_arrow(text_column(table, "name"))
    return Queries(text_column(table, "query_id"), names, _keyed(table))
