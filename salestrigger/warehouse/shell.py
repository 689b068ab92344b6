"""One statement of an analyst's own, on the published file: an answer, or what is wrong with the statement."""

from __future__ import annotations

from typing import Any

import duckdb

from salestrigger.sources.errors import UsageError
from salestrigger.warehouse.connect import Warehouse


def ask(wh: Warehouse, statement: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """(column names, rows) of one statement.

    Raises:
        UsageError: DuckDB refuses the statement; its words say why.
        StorageError: the disk or the file failed.
    """
    try:
        answer = wh.select(statement)
    except duckdb.Error as error:
        raise UsageError(f"cannot answer: {str(error).strip()}") from error
    return list(answer.column_names), list(zip(*(column.to_pylist() for column in answer.columns), strict=True))
