"""What must never be true of a warehouse: each file of ``checks`` is a query that must return no rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from salestrigger.warehouse.connect import Warehouse, sql_names, sql_text


@dataclass(frozen=True, slots=True)
class CheckFailure:
    """A check that returned rows."""

    check: str  #: its name
    says: str  #: what must hold
    row_count: int
    example: dict[str, Any]  #: the first row

    def __str__(self) -> str:
        return f"{self.check}: {self.says}: {self.row_count} rows, for example {self.example!r}"


def run_checks(wh: Warehouse) -> list[CheckFailure]:
    """Every check that does not hold, in name order; empty when all is well.

    Raises:
        StorageError: the disk or the file failed.
    """
    return [failure for name in sql_names("checks") if (failure := _run(wh, name)) is not None]


def _run(wh: Warehouse, name: str) -> CheckFailure | None:
    text = sql_text("checks", name)
    found = wh.select(text)
    if not found.num_rows:
        return None
    says = text.split("\n", 1)[0].removeprefix("--").strip()
    return CheckFailure(name, says, found.num_rows, found.slice(0, 1).to_pylist()[0])
