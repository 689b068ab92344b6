"""Files in and out: nothing is guessed, nothing is shifted, and what is wrong is said with its place."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salestrigger.sources.errors import DeclarationError, StorageError
from salestrigger.warehouse.lines import write_lines
from salestrigger.warehouse.tables import read_table, write_table

AB = ("a", "b")


def read(folder: Path, content: bytes | str, name: str = "t.csv", **arguments: Any) -> list[dict[str, Any]]:
    """The rows of a file with that content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    rows: list[dict[str, Any]] = read_table(path, **({"required": AB} | arguments)).to_pylist()
    return rows


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", "a,b,c\n007,NO,x\n,null,\n"),
        ("t.csv", "\ufeffb;a\r\nNO;007\r\nnull;\r\n"),
        ("t.csv", 'a\tb\n007\t"NO"\n""\tnull\n'),
        ("t.tsv", "a\tb\n007\tNO\n\tnull\n"),
        ("t.jsonl", '{"a":"007","b":"NO"}\n\n{"b":"null","a":""}\n'),
        ("t.jsonl", '\ufeff{"a":"007","b":"NO","z":[1]}\r\n{"b":"null"}'),
        ("T.CSV", "a,b\n007,NO\n,null\n"),
    ],
)
def test_everything_is_text_and_empty_is_null(tmp_path: Path, name: str, content: str) -> None:
    """Leading zeros stay, NO stays Norway, the word null is a word; other columns are left out."""
    expected = [{"a": "007", "b": "NO"}, {"a": None, "b": "null"}]
    assert read(tmp_path, content, name) == expected
    assert read(tmp_path, gzip.compress(content.encode()), name + ".gz") == expected


def test_columns_come_in_the_order_asked_for_and_optional_ones_as_nulls(tmp_path: Path) -> None:
    """The file's own order does not matter."""
    rows = read(tmp_path, "b,a\n1,2\n", optional=("c", "d"))
    assert rows == [{"a": "2", "b": "1", "c": None, "d": None}]
    assert list(rows[0]) == ["a", "b", "c", "d"]


def test_cells_may_hold_line_breaks_quotes_and_delimiters(tmp_path: Path) -> None:
    """As RFC 4180 writes them."""
    assert read(tmp_path, 'a,b\n"x\r\ny","say ""hi"", now"\n') == [{"a": "x\r\ny", "b": 'say "hi", now'}]


def test_types_are_asked_for_by_name(tmp_path: Path) -> None:
    """A mapping says which type a column has."""
    assert read(tmp_path, "a,b\n7,x\n,y\n", required={"a": pa.int64(), "b": pa.string()})[0] == {"a": 7, "b": "x"}


def test_a_parquet_file_keeps_its_own_types_as_text(tmp_path: Path) -> None:
    """Numbers become text, lists become JSON."""
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"a": [1, None], "b": [["x", "y"], None], "c": [1.5, 2.5]}), path)
    assert read_table(path, required=AB).to_pylist() == [{"a": "1", "b": '["x", "y"]'}, {"a": None, "b": None}]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("t.csv", b"a,b\n1,2\n1,2,3\n", "row 2: has 3 columns, the header has 2"),
        ("t.csv", b"a,b\n1\n", "row 1: has 1 columns, the header has 2"),
        ("t.csv", b"a,c\n1,2\n", "column b: missing; the file has: a, c"),
        ("t.csv", b"", "no header"),
        ("t.csv", b"a,b,a\n1,2,3\n", "column a: named twice"),
        ("t.csv", b"a,b\n1,\xe5\n", "line 2: not UTF-8 text: byte 6"),
        ("t.csv", b'a,b\n1,"open\n2,3\n', "unexpected end of data"),
        ("t.jsonl", b'{"a":"1","b":"2"}\n{"a":\n', "row 2: not JSON"),
        ("t.jsonl", b"[1]\n", "row 1: '[1]' is no JSON object"),
        ("t.jsonl", b'{"a":"\xff"}\n', "row 1: not UTF-8"),
        ("t.jsonl", b"[" * 100_000, "row 1: not JSON"),
        ("t.jsonl", b'{"a":"1"}\n', "column b: missing; the file has: a"),
        ("t.jsonl", b"", "column a, b: missing; the file has: none"),
        ("t.parquet", b"PAR1 no", "not a parquet file"),
        ("t.csv.gz", b"a,b\n1,2\n", "not gzipped"),
        ("t.csv.gz", gzip.compress(b"a,b\n1,2\n")[:-6], "ends too early"),
        ("t.xlsx", b"", "unknown format '.xlsx'; allowed: .csv, .tsv, .parquet, .jsonl"),
        ("t.parquet.gz", b"", "unknown format"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    """File, row and column, and what is allowed."""
    with pytest.raises(DeclarationError) as caught:
        read(tmp_path, content, name)
    assert str(caught.value).startswith(str(tmp_path / name))
    assert says in str(caught.value)


def test_a_value_of_another_type_is_named_with_row_and_column(tmp_path: Path) -> None:
    """The first one that is wrong."""
    with pytest.raises(DeclarationError, match="row 2, column a: 'many' is no int64"):
        read(tmp_path, "a,b\n1,x\nmany,y\nno,z\n", required={"a": pa.int64(), "b": pa.string()})


def test_a_missing_file_and_a_folder_are_declaration_errors(tmp_path: Path) -> None:
    """Whoever wrote the path is told."""
    with pytest.raises(DeclarationError, match="no such file"):
        read_table(tmp_path / "none.csv", required=AB)
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(DeclarationError, match="cannot be read"):
        read_table(tmp_path / "folder.csv", required=AB)


TABLE = pa.table(
    {
        "a": ["007", 'say "hi", now', "x\r\ny", None, "=1+1"],
        "b": [1.5, None, 2.0, 3.0, 4.0],
        "c": [["x"], None, [], ["y", "z"], ["å"]],
    }
)


@pytest.mark.parametrize("name", ["o.csv", "o.tsv", "o.csv.gz", "o.tsv.gz", "o.jsonl", "o.jsonl.gz", "o.parquet"])
def test_what_is_written_is_read_back(tmp_path: Path, name: str) -> None:
    """In every format, with quotes, line breaks, nulls and lists."""
    path = tmp_path / "new" / name
    write_table(path, TABLE)
    assert read_table(path, required=("a",)).column("a").to_pylist() == TABLE.column("a").to_pylist()
    lists = [json.loads(v) if v else None for v in read_table(path, required=("c",)).column("c").to_pylist()]
    assert lists == TABLE.column("c").to_pylist()
    numbers = [float(v) if v else None for v in read_table(path, required=("b",)).column("b").to_pylist()]
    assert numbers == TABLE.column("b").to_pylist()
    assert os.listdir(path.parent) == [name]  # noqa: PTH208  a folder's bare names are what is meant


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    """Whole or not at all, also when the rows stop coming."""
    path = tmp_path / "lines.jsonl"
    write_lines(path, ["1", "2"])

    def broken() -> Any:
        yield "3"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_lines(path, broken())
    assert path.read_text() == "1\n2\n"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(StorageError, match="cannot write"):
        write_table(path / "x.csv", TABLE)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(st.tuples(texts, texts), min_size=1))
def test_any_text_survives_a_csv_file(tmp_path: Path, pairs: list[tuple[str, str]]) -> None:
    """Whatever the cells hold; an empty text comes back as null."""
    path = tmp_path / "any.csv"
    write_table(path, pa.table({"a": [a for a, _ in pairs], "b": [b for _, b in pairs]}))
    back = read_table(path, required=AB).to_pylist()
    assert [(r["a"] or "", r["b"] or "") for r in back] == pairs
