"""Delimited text in and out: comma, semicolon (spreadsheets of half of Europe) or tab, quoted by RFC 4180.

Reading is strict: a row of another width is an error with its number, never a shifted column.
"""

from __future__ import annotations

import csv as stdlib_csv
import io
import json
import re
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
from pyarrow import csv

from salestrigger.sources.errors import DeclarationError

#: How pyarrow says that a row has another width than the header.
_WIDTH = re.compile(r"Expected (\d+) columns, got (\d+)")


def read_delimited(path: Path, data: bytes, *, delimiters: str) -> pa.Table:
    """All columns as text, empty cells as null; the delimiter is the one of ``delimiters`` most often in the header.

    Raises:
        DeclarationError: not UTF-8, no header, a name twice, or a row of another width (its number, from 1).
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        header = data[: data.find(b"\n") if b"\n" in data else len(data)].decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(path, data, error) from None
    delimiter = max(delimiters, key=header.count)
    if not header.strip():
        raise DeclarationError(path, "no header: the first line must name the columns")
    names = _names(path, header.rstrip("\r"), delimiter)
    _require_closed_quotes(path, data, delimiter)
    try:
        table = csv.read_csv(
            pa.BufferReader(data),
            read_options=csv.ReadOptions(use_threads=False),
            parse_options=csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid as error:
        _require_utf8(path, data)  # only now: reading checks it too, but does not say where
        raise _wrong_row(path, str(error)) from None
    return table.rename_columns([name.strip() for name in table.column_names])


def write_delimited(file: IO[bytes], table: pa.Table, *, delimiter: str) -> None:
    """Header and rows; every text is quoted, null is an empty cell, a list or struct is JSON."""
    flat = pa.Table.from_arrays([_flat(column) for column in table.columns], names=table.column_names)
    csv.write_csv(flat, file, csv.WriteOptions(delimiter=delimiter, quoting_style="needed"))


def _flat(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_nested(column.type):
        return column
    values: list[Any] = column.to_pylist()
    texts = [None if value is None else json.dumps(value, ensure_ascii=False, default=str) for value in values]
    return pa.chunked_array([pa.array(texts, pa.string())])


def _require_utf8(path: Path, data: bytes) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(path, data, error) from None


def _not_utf8(path: Path, data: bytes, error: UnicodeDecodeError) -> DeclarationError:
    row = data.count(b"\n", 0, error.start)
    return DeclarationError(path, f"not UTF-8 text: byte {error.start}", key=f"line {row + 1}")


def _require_closed_quotes(path: Path, data: bytes, delimiter: str) -> None:
    """An open quote would swallow the rest of the file in silence."""
    if data.count(b'"') % 2 == 0:
        return
    _require_utf8(path, data)
    reader = stdlib_csv.reader(io.StringIO(data.decode("utf-8"), newline=""), delimiter=delimiter, strict=True)
    try:
        for _row in reader:
            pass
    except stdlib_csv.Error as error:
        raise DeclarationError(path, f"not a table: {error}", key=f"line {reader.line_num}") from None


def _names(path: Path, header: str, delimiter: str) -> list[str]:
    names = next(stdlib_csv.reader([header], delimiter=delimiter), [])
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DeclarationError(path, "named twice in the header", key=f"column {twice}")
    return names


def _wrong_row(path: Path, message: str) -> DeclarationError:
    row = re.search(r"Row #(\d+)", message)
    width = _WIDTH.search(message)
    key = f"row {int(row[1]) - 1}" if row else ""
    if width:
        return DeclarationError(path, f"has {width[2]} columns, the header has {width[1]}", key=key)
    return DeclarationError(path, f"not a table: {message.splitlines()[0][:200]}", key=key)
