"""Homes with the demo market run in them. Each is made once a session; tests that write take a copy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from salestrigger.flows.place import RunRequest
from salestrigger.flows.settings import Settings
from salestrigger.flows.steps import DailyRun, open_run, run_plain

#: What says how long something took or when the wall clock stood where; everything else must be equal.
CLOCKS = {("runs", "finished_at"), ("source_runs", "duration_seconds")}

Rows = dict[str, list[tuple[object, ...]]]


def run_demo(home: Path, day: int, *, runner: str = "local") -> DailyRun:
    """One plain run of a demo day in ``home``."""
    with open_run(Settings(home=home, runner=runner), RunRequest(demo_day=day)) as run:
        run_plain(run)
        return run


def every_row(database: Path, *, runs: bool = True) -> Rows:
    """Every row of every table, in a fixed order, without the columns that tell the wall clock.

    ``runs=False`` also leaves out which run stored a row: that differs between one run and two.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {table: _rows(connection, table, runs) for table in sorted(tables)}


def _rows(connection: duckdb.DuckDBPyConnection, table: str, runs: bool) -> list[tuple[object, ...]]:
    relation = connection.table(table)
    columns = [c for c in relation.columns if (table, c) not in CLOCKS and (runs or "run_" not in c)]
    return sorted(relation.project(", ".join(f'"{c}"' for c in columns)).fetchall(), key=repr)


@pytest.fixture(autouse=True)
def own_environment() -> Iterator[None]:
    """What a test (or Prefect within it) puts into the environment does not reach the next one."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after day 1; do not write into it."""
    home = tmp_path_factory.mktemp("first_day")
    run_demo(home, 1)
    return home


@pytest.fixture
def home(first_day: Path, tmp_path: Path) -> Path:
    """A copy of the home after day 1, to go on with."""
    return Path(shutil.copytree(first_day, tmp_path / "home"))


@pytest.fixture
def demo_run() -> Callable[..., DailyRun]:
    """Run a demo day in a home."""
    return run_demo
