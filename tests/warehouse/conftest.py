"""A real database in a folder of its own for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.migrate import migrate


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is; the folder's name needs quoting."""
    folder = tmp_path / 'it\'s "here"'
    folder.mkdir()
    return folder / "warehouse.duckdb"


@pytest.fixture
def wh(path: Path) -> Iterator[Warehouse]:
    """An open, migrated, empty warehouse."""
    with Warehouse.open(path, memory_limit="256MB") as warehouse:
        migrate(warehouse)
        yield warehouse
