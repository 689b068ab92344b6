"""A real database in a folder of its own for every test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.migrate import migrate


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of this version, to copy from."""
    path = tmp_path_factory.mktemp("migrated") / "empty.duckdb"
    with Warehouse.open(path) as warehouse:
        migrate(warehouse)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is to be; the folder's name needs quoting."""
    folder = tmp_path / 'it\'s "here"'
    folder.mkdir()
    return folder / "warehouse.duckdb"


@contextmanager
def copy_of(prepared: Path, path: Path) -> Iterator[Warehouse]:
    """The prepared database, copied so that a test may change it."""
    shutil.copyfile(prepared, path)
    with Warehouse.open(path, memory_limit="256MB") as warehouse:
        yield warehouse


@pytest.fixture
def wh(migrated: Path, path: Path) -> Iterator[Warehouse]:
    """An open, migrated, empty warehouse."""
    with copy_of(migrated, path) as warehouse:
        yield warehouse
