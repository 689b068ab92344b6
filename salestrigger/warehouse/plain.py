"""Organisations of which one record tells everything, in columns: nearly all of a register, without being objects.

Those with several records, with news behind them or with earlier names go the ordinary way (``read.organizations``).
Both ways say the same, which a test holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from salestrigger.matchers.fit_dated import Told
from salestrigger.matchers.universe import COLUMNS, NOTHING
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.staging import staged_organizations

#: organisations that are read at a time
CHUNK = 50_000


def plain_chunks(wh: Warehouse, ids: Sequence[str], on: date) -> Iterator[tuple[pa.Table, list[str]]]:
    """The organisations in tables of at most :data:`CHUNK` rows as they are on a day (see ``plain_facts.sql``), each
    with the ids of those that are not plain; all in the given order's chunks."""
    for low in range(0, len(ids), CHUNK):
        some = ids[low : low + CHUNK]
        with wh.staged(staged_organizations(some)):
            plain = wh.query("plain_organizations")
        with wh.staged({"staged_plain": plain}):
            table = wh.query("plain_facts", {"on": on})
        yield table, sorted(set(some) - set(plain.column("organization_id").to_pylist()))


def universe_of(table: pa.Table) -> pa.Table:
    """The columns in which fit is computed (``matchers.universe``)."""
    columns = {name: table.column(name) for name in COLUMNS if name in table.column_names}
    nothing = pa.nulls(table.num_rows, pa.string())
    amount, currency = _divided(_flat(table.column("revenue")))
    columns |= {
        "relation": _known(table.column("relation")),
        "industry": _listed(table.column("industry"), 2), "industry_codeset": _listed(table.column("industry"), 0),
        "technologies": _listed(table.column("technologies"), None),
        "revenue": amount, "currency": currency,
        "history": pa.repeat(pa.scalar(NOTHING), table.num_rows),
    }  # fmt: skip
    return pa.table({name: columns.get(name, nothing) for name in COLUMNS})


def told_of(table: pa.Table) -> Told:
    """Who told the values, and when."""
    return Told(
        source=_flat(table.column("source_id")),
        known_on=_flat(table.column("known_from_at")).cast(pa.date32()),
        days={name: _flat(table.column(f"{name}_on")) for name in ("employees", "revenue", "status")},
        municipality=_flat(table.column("municipality")).fill_null(""),
    )


def _flat(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _known(column: pa.ChunkedArray) -> pa.Array:
    """Empty text is unknown."""
    flat = _flat(column)
    return pc.if_else(pc.equal(flat, ""), None, flat)


def _divided(revenue: pa.Array) -> tuple[pa.Array, pa.Array]:
    """``1000 NOK`` as amount and currency."""
    parts = pc.extract_regex(revenue, r"^(?P<amount>\S+) ?(?P<currency>.*)$")
    amount, currency = (pc.if_else(revenue.is_null(), None, parts.field(name)) for name in ("amount", "currency"))
    return amount, currency


def _listed(column: pa.ChunkedArray, part: int | None) -> pa.Array:
    """A JSON list of texts joined by ``|``: the whole texts, or their part before (0) or after (2) the colon."""
    encoded = _flat(column).dictionary_encode()
    texts = [
        "|".join(text if part is None else text.partition(":")[part] for text in json.loads(value)) or None
        for value in encoded.dictionary.to_pylist()
    ]
    return pa.array(texts, pa.string()).take(encoded.indices)
