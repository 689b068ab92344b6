"""Organisations as a table, one column per attribute: the form in which fit is computed.

The columns are those of a universe file (``salestrigger fit``), so that a file and the warehouse's organisations go
the same way. Empty text is null: unknown. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from salestrigger.matchers.types import Organization

#: Columns that fit reads, all text; ``industry`` and ``industry_codeset`` may hold several parts joined by ``|``.
COLUMNS = (
    "org_id", "country", "region", "municipality_code", "city", "postcode", "legal_form", "industry",
    "industry_codeset", "employees", "revenue", "currency", "founded", "description", "status", "relation",
    "identifiers", "parent", "technologies", "growth", "history", "latitude", "longitude",
)  # fmt: skip
#: No event was told of it; a file without the column says nothing.
NOTHING = "none"
_PLAIN = (
    "country", "region", "municipality_code", "city", "postcode", "legal_form", "employees", "founded", "description",
    "status", "parent", "technologies", "history",
)  # fmt: skip


def universe_table(organizations: Sequence[Organization]) -> pa.Table:
    """One row per organisation, in the given order, with :data:`COLUMNS`."""
    known = [{fact.attribute: fact.value for fact in organization.facts} for organization in organizations]
    columns: dict[str, list[str | None]] = {name: [_text(facts.get(name)) for facts in known] for name in _PLAIN}
    columns["growth"] = [_text(facts.get("headcounts")) for facts in known]
    # what was never told of an organisation that we know did not happen, as far as a profile may ask
    columns["history"] = [history or NOTHING for history in columns["history"]]
    columns["latitude"] = columns["longitude"] = [None] * len(known)
    columns["org_id"] = [organization.organization_id for organization in organizations]
    columns["relation"] = [organization.relation or None for organization in organizations]
    columns["identifiers"] = ["|".join(map(str, o.identifiers)) or None for o in organizations]
    revenues = [str(facts.get("revenue", "")).partition(" ") for facts in known]
    columns["revenue"], columns["currency"] = [r[0] or None for r in revenues], [r[2] or None for r in revenues]
    codes = [[str(code).partition(":") for code in facts.get("industry", ())] for facts in known]
    columns["industry"] = ["|".join(code for _, _, code in parts) or None for parts in codes]
    columns["industry_codeset"] = ["|".join(codeset for codeset, _, _ in parts) or None for parts in codes]
    return pa.table({name: pa.array(columns[name], pa.string()) for name in COLUMNS})


def ageing_value(organization: Organization, kind: str) -> str:
    """The text by which a kind of criterion that time itself may move is judged, as in :func:`universe_table`."""
    attribute = {"age": "founded", "growth": "headcounts", "history": "history"}[kind]
    return _text(organization.get(attribute)) or (NOTHING if kind == "history" else "")


def example_table(example: Mapping[str, Any]) -> pa.Table:
    """One row from the attributes of a profile's example."""
    row = {name: _text(value) for name, value in example.items()} | {"org_id": _text(example.get("name", "example"))}
    return pa.table({name: pa.array([row.get(name)], pa.string()) for name in COLUMNS})


def _text(value: object) -> str | None:
    """The value as a file would write it; None and empty text are unknown."""
    if value is None or type(value) is str:
        return value or None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return "|".join(str(v) for v in value) or None
    return str(value)


def text_column(table: pa.Table, name: str) -> pa.Array:
    """A column as text without nulls (unknown is ""); all unknown when the table has no such column."""
    if name not in table.column_names:
        return pa.repeat(pa.scalar(""), table.num_rows)
    column = table.column(name).combine_chunks()
    if isinstance(column, pa.ChunkedArray):  # a column without chunks stays one
        column = pa.array([], pa.string()) if not column.num_chunks else pa.concat_arrays(column.chunks)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column.cast(pa.string()).fill_null("")
