"""Rows for a person or for another program: a table in a terminal, tab-separated lines everywhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text


def show(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print the rows; the first column is never cut, for it is what a person types next."""
    if not sys.stdout.isatty():
        print("\n".join("\t".join(_cell(value) for value in row) for row in (columns, *rows)))
        return
    table = Table(header_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, no_wrap=number == 0, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    Console().print(table)


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("\t", " ").replace("\n", " ")
