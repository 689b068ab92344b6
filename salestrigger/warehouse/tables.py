"""Tables from and to files: csv, tsv, parquet and jsonl, each also gzipped, chosen by the file's suffix.

Everything is text unless a type is asked for: an organisation number keeps its leading zeros, and "NO" stays Norway. An
empty cell is null. What is wrong is said with file, column and row. Written files are whole or absent.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from salestrigger.sources.errors import DeclarationError
from salestrigger.warehouse.csv_tables import read_delimited, write_delimited
from salestrigger.warehouse.lines import write_text, writing
from salestrigger.warehouse.whole_file import whole_file

#: suffix → how the file is read; each may be followed by .gz
FORMATS = ("csv", "tsv", "parquet", "jsonl")

Columns = Sequence[str] | Mapping[str, pa.DataType]


def read_table(path: Path | str, *, required: Columns, optional: Columns = ()) -> pa.Table:
    """The named columns of a file, in the order given, those of ``optional`` that it lacks as nulls.

    Other columns are left out. A mapping asks for a type; a sequence for text.

    Raises:
        DeclarationError: the file is missing, of no known format or malformed, lacks a required column, or has a value
            that is not of the type asked for (file, column, row; the first row after the header is 1).
    """
    path = Path(path)
    kind = format_of(path)
    wanted = {**_types(required), **_types(optional)}
    try:
        table = _READERS[kind](path)
    except FileNotFoundError:
        raise DeclarationError(path, "no such file") from None
    except gzip.BadGzipFile as error:
        raise DeclarationError(path, f"not gzipped: {error}") from None
    except EOFError:
        raise DeclarationError(path, "gzipped file ends too early") from None
    except OSError as error:
        raise DeclarationError(path, f"cannot be read: {error.strerror or error}") from None
    _require(path, table, list(_types(required)))
    columns = [_column(path, table, name, type_) for name, type_ in wanted.items()]
    return pa.Table.from_arrays(columns, names=list(wanted))


def write_table(path: Path | str, table: pa.Table) -> None:
    """Write a table in the format of the suffix, whole or not at all.

    In csv and tsv a list or struct becomes JSON and null an empty cell; every text is quoted.

    Raises:
        DeclarationError: the suffix is of no known format.
        StorageError: the folder cannot be written.
    """
    path = Path(path)
    kind = format_of(path)
    with whole_file(path) as temporary:
        if kind == "parquet":
            import pyarrow.parquet as pq

            pq.write_table(table, temporary)
        elif kind == "jsonl":
            write_text(temporary, _json_lines(table), gzipped=path.suffix == ".gz")
        else:
            with writing(temporary, gzipped=path.suffix == ".gz") as file:
                write_delimited(file, table, delimiter="\t" if kind == "tsv" else ",")


def format_of(path: Path) -> str:
    """The format that a file's suffix names.

    Raises:
        DeclarationError: it names none; parquet has its own compression and is not gzipped.
    """
    name = path.name.lower()
    kind = name.removesuffix(".gz").rpartition(".")[2]
    if kind not in FORMATS or (kind == "parquet" and name.endswith(".gz")):
        allowed = ", ".join(f".{known}" for known in FORMATS)
        raise DeclarationError(
            path, f"unknown format {path.suffix!r}; allowed: {allowed}, all but parquet also with .gz"
        )
    return kind


def _types(columns: Columns) -> dict[str, pa.DataType]:
    return dict(columns) if isinstance(columns, Mapping) else dict.fromkeys(columns, pa.string())


def _require(path: Path, table: pa.Table, names: list[str]) -> None:
    missing = [name for name in names if name not in table.column_names]
    if missing:
        has = ", ".join(table.column_names) or "none"
        raise DeclarationError(path, f"missing; the file has: {has}", key=f"column {', '.join(missing)}")


def _column(path: Path, table: pa.Table, name: str, type_: pa.DataType) -> pa.ChunkedArray:
    if name not in table.column_names:
        return pa.chunked_array([pa.nulls(table.num_rows, type_)])
    column = table.column(name)
    if column.type == type_:
        return column
    try:
        return pc.cast(_as_text(column) if type_ == pa.string() else column, type_)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        row, value = _first_bad(column, type_)
        raise DeclarationError(path, f"{value!r} is no {type_}", key=f"row {row}, column {name}") from None


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Lists and structs as JSON; everything else as Arrow writes it."""
    if pa.types.is_nested(column.type):
        values = [None if v is None else json.dumps(v, ensure_ascii=False, default=str) for v in column.to_pylist()]
        return pa.chunked_array([pa.array(values, pa.string())])
    return column


def _first_bad(column: pa.ChunkedArray, type_: pa.DataType) -> tuple[int, Any]:
    for number, value in enumerate(column, start=1):
        try:
            value.cast(type_)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            return number, value.as_py()
    return 0, None  # pragma: no cover  (the cast of the whole column failed, so that of one cell does)


def _read_csv(path: Path) -> pa.Table:
    return read_delimited(path, _read_bytes(path), delimiters=",;\t")


def _read_tsv(path: Path) -> pa.Table:
    return read_delimited(path, _read_bytes(path), delimiters="\t")


def _read_parquet(path: Path) -> pa.Table:
    import pyarrow.parquet as pq

    try:
        return pq.read_table(path)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise DeclarationError(path, f"not a parquet file: {str(error).splitlines()[0]}") from None


def _read_jsonl(path: Path) -> pa.Table:
    columns: dict[str, list[Any]] = {}
    count = 0
    for number, line in enumerate(io.BytesIO(_read_bytes(path)), start=1):
        if not line.strip():
            continue
        for name, value in _json_row(path, number, line).items():
            column = columns.setdefault(name, [])
            column.extend([None] * (count - len(column)))
            column.append(_json_text(value))
        count += 1
    arrays = [pa.array(v + [None] * (count - len(v)), pa.string()) for v in columns.values()]
    return pa.Table.from_arrays(arrays, names=list(columns))


def _json_row(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        raise DeclarationError(path, f"not UTF-8 text: byte {error.start}", key=f"row {number}") from None
    except (ValueError, RecursionError) as error:
        raise DeclarationError(path, f"not JSON: {str(error)[:120]}", key=f"row {number}") from None
    if not isinstance(row, dict):
        raise DeclarationError(path, f"{str(row)[:40]!r} is no JSON object", key=f"row {number}")
    return row


def _json_text(value: Any) -> str | None:
    """A JSON value as text: texts as they are, true and false in lower case, an empty text as null."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")


def _read_bytes(path: Path) -> bytes:
    if path.suffix.lower() == ".gz":
        with gzip.open(path, "rb") as file:
            return file.read()
    return path.read_bytes()


_READERS = {"csv": _read_csv, "tsv": _read_tsv, "parquet": _read_parquet, "jsonl": _read_jsonl}


def _json_lines(table: pa.Table) -> Iterator[str]:
    for batch in table.to_batches(max_chunksize=10_000):
        for row in batch.to_pylist():
            yield json.dumps(row, ensure_ascii=False, default=str)
