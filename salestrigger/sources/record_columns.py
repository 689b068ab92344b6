"""Records as columns: how a bulk file travels from its adapter to the warehouse, and how a record's lists are spelled.

A million records as objects take gigabytes; as columns in a file they take what they are. The spelling of lists (JSON
with sorted keys and no blanks) is the one that is compared to find out whether a record changed, so it is written here
once, for both ways. Nothing here decides anything about a record.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from salestrigger.sources.records import Address, OrgName, OrgRecord

_TEXT, _DAY = pa.string(), pa.date32()

#: a text as JSON; the C function where there is one
quoted: Callable[[str], str] = encode_basestring

#: columns of a record, then what is derived from its lists: where it is, and its codes as facts state them
SCHEMA: pa.Schema = pa.schema([
    ("record_id", _TEXT), ("scheme", _TEXT), ("identifier", _TEXT), ("name", _TEXT), ("names", _TEXT),
    ("country", _TEXT), ("legal_form", _TEXT), ("addresses", _TEXT), ("industries", _TEXT),
    ("employees_low", pa.int64()), ("employees_high", pa.int64()), ("employees_on", _DAY),
    ("revenue_amount", pa.decimal128(24, 2)), ("revenue_currency", _TEXT), ("revenue_year", pa.int64()),
    ("website", _TEXT), ("status", _TEXT), ("status_on", _DAY), ("founded_on", _DAY), ("registered_on", _DAY),
    ("parent_id", _TEXT), ("other_ids", _TEXT), ("description", _TEXT), ("has_marketing_block", pa.bool_()),
    ("is_sole_proprietor", pa.bool_()), ("relation", _TEXT), ("source_id", _TEXT), ("fetched_at", pa.timestamp("us")),
    ("place_country", _TEXT), ("place_region", _TEXT), ("place_municipality", _TEXT),
    ("place_municipality_code", _TEXT), ("place_city", _TEXT), ("place_postcode", _TEXT), ("industry_codes", _TEXT),
])  # fmt: skip


def names_text(names: Iterable[OrgName]) -> str:
    """The names as JSON."""
    return _list(
        f'{{"kind":{_json(n.kind)},"text":{_json(n.text)},"valid_from":{_day(n.valid_from)},"valid_to":{_day(n.valid_to)}}}'
        for n in names
    )


def addresses_text(record: OrgRecord) -> str:
    """The addresses as JSON."""
    return _list(map(_address, record.addresses))


def industries_text(record: OrgRecord) -> str:
    """The industry codes as JSON."""
    return _list(f'{{"code":{_json(i.code)},"codeset":{_json(i.codeset)}}}' for i in record.industries)


def other_ids_text(record: OrgRecord) -> str:
    """The other official numbers as JSON."""
    return _list(_json(str(i)) for i in record.other_ids) if record.other_ids else "[]"


def table_of(records: Iterable[OrgRecord]) -> pa.Table:
    """The records as columns; a lone surrogate becomes a question mark, as everywhere in storage."""
    rows = [_values(record) for record in records]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(SCHEMA)
    arrays = [_array(values, field.type) for values, field in zip(columns, SCHEMA, strict=True)]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def columns_of(varying: Sequence[str], rows: Iterable[tuple[Any, ...]], fixed: Mapping[str, Any]) -> pa.Table:
    """A table of records from the values of ``varying`` columns; the others are ``fixed``, or null."""
    held = list(rows)
    values = dict(zip(varying, zip(*held, strict=True) if held else [()] * len(varying), strict=True))
    arrays = [
        _array(values[field.name], field.type)
        if field.name in values
        else pa.repeat(pa.scalar(fixed.get(field.name), field.type), len(held))
        for field in SCHEMA
    ]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def packed(table: pa.Table) -> bytes:
    """A table as bytes, to be sent from one process to another."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def unpacked(content: bytes) -> pa.Table:
    """The table in such bytes.

    Raises:
        ValueError: it is none of ours.
    """
    with pa.ipc.open_stream(content) as reader:
        if reader.schema != SCHEMA:
            raise ValueError("not a table of records")
        return reader.read_all()


class _Seen:
    """Which keys were there before, by 64 bits of their hash: 8 bytes each, where a set of texts takes a hundred."""

    def __init__(self) -> None:
        self._runs: list[npt.NDArray[np.int64]] = []  # sorted, each at least twice as long as the next

    def fresh(self, keys: Sequence[str]) -> npt.NDArray[np.int64]:
        """The positions of keys that are new, each once; they are known from now on."""
        values, positions = np.unique(np.fromiter(map(hash, keys), np.int64, len(keys)), return_index=True)
        known = np.zeros(len(values), bool)
        for run in self._runs:
            known |= run[np.minimum(np.searchsorted(run, values), len(run) - 1)] == values
        self._add(values[~known])
        return np.sort(positions[~known])

    def _add(self, values: npt.NDArray[np.int64]) -> None:
        if not len(values):
            return
        self._runs.append(values)
        while len(self._runs) > 1 and len(self._runs[-2]) < 2 * len(self._runs[-1]):
            self._runs[-2:] = [np.sort(np.concatenate(self._runs[-2:]), kind="stable")]


class RecordWriter:
    """Writes tables of records into one file; the same record is written once."""

    def __init__(self, path: Path) -> None:
        self.path, self.count, self.repeated = path, 0, 0
        self._seen = _Seen()
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        self._sink = pa.OSFile(str(path), "wb")
        self._writer = pa.ipc.new_file(self._sink, SCHEMA, options=options)

    def add(self, table: pa.Table) -> None:
        """Append; of a record that was there before, the first one stands."""
        kept = self._seen.fresh(table.column("record_id").to_pylist())
        if len(kept) < table.num_rows:
            self.repeated += table.num_rows - len(kept)
            table = table.take(pa.array(kept))
        self._writer.write_table(table)
        self.count += table.num_rows

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()
        self._sink.close()


def slices_of(path: Path) -> Iterator[pa.RecordBatch]:
    """The file's columns, part by part."""
    with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as reader:
        for number in range(reader.num_record_batches):
            yield reader.get_batch(number)


def _values(record: OrgRecord) -> tuple[Any, ...]:
    employees, revenue, place = record.employees, record.revenue, record.main_address
    return (
        record.record_id, record.scheme, record.identifier, record.name, names_text(record.names), record.country,
        record.legal_form, addresses_text(record), industries_text(record),
        employees.low if employees else None, employees.high if employees else None,
        employees.as_of if employees else None, revenue.amount if revenue else None,
        revenue.currency if revenue else None, record.revenue_year, record.website, record.status, record.status_on,
        record.founded_on, record.registered_on, str(record.parent) if record.parent else None,
        other_ids_text(record), record.description, record.marketing_block, record.is_sole_proprietor,
        record.relation, record.source_id, _naive(record.fetched_at),
        place.country, place.region, place.municipality, place.municipality_code, place.city, place.postcode,
        _list(_json(f"{i.codeset}:{i.code}") for i in record.industries),
    )  # fmt: skip


def _address(a: Address) -> str:
    lines = ",".join(map(quoted, a.lines))
    return (
        f'{{"city":{_json(a.city)},"country":{_json(a.country)},"kind":{_json(a.kind)},"lines":[{lines}],'
        f'"municipality":{_json(a.municipality)},"municipality_code":{_json(a.municipality_code)},'
        f'"postcode":{_json(a.postcode)},"region":{_json(a.region)}}}'
    )


def _list(items: Iterable[str]) -> str:
    text = f"[{','.join(items)}]"
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _json(text: str | None) -> str:
    return "null" if text is None else quoted(text)


def _day(day: date | None) -> str:
    return "null" if day is None else f'"{day.isoformat()}"'


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _array(values: Iterable[Any], kind: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, type=kind)
    except UnicodeEncodeError:  # a lone surrogate somewhere
        plain = [v.encode("utf-8", "replace").decode("utf-8") if isinstance(v, str) else v for v in values]
        return pa.array(plain, type=kind)
