"""A universe that a run does not hold: in columns or one by one, brought up to date or built, all is the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from salestrigger.flows import universe
from salestrigger.flows.place import RunRequest, open_place
from salestrigger.flows.saved_index import brought_up_to_date
from salestrigger.flows.settings import Settings
from salestrigger.matchers.entries import entry_of
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.places import place_of, places_of
from salestrigger.sources.errors import StorageError
from salestrigger.warehouse import read
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.lazily import places_stated
from tests.flows.conftest import every_row, run_demo

DATABASE = "var/demo/warehouse.duckdb"


def test_a_register_judged_in_columns_stores_the_same_rows(
    home: Path, first_day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every fit with its criteria, sources and days, and all that becomes newly known."""
    in_columns = tmp_path / "columns"
    with monkeypatch.context() as patch:
        patch.setattr(universe, "MANY", 0)
        run_demo(in_columns, 1)
        assert every_row(in_columns / DATABASE) == every_row(first_day / DATABASE)
        run_demo(in_columns, 2)
    run_demo(home, 2)
    assert every_row(in_columns / DATABASE) == every_row(home / DATABASE)


def test_a_run_that_stops_while_judging_loses_nothing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it had stored of its findings is undone; the next run judges whom the register changed, and tells it.

    On day 10 the register recodes many, which is no event: only judging them again shows it.
    """
    stopped = Path(shutil.copytree(home, tmp_path / "stopped"))

    def full(*_: object, **__: object) -> int:
        raise StorageError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(universe, "MANY", 0)
        patch.setattr(universe, "store_plain_fits", full)
        with pytest.raises(StorageError, match="disk is full"):
            run_demo(stopped, 10)
    run_demo(stopped, 10)
    run_demo(home, 10)
    after, wanted = (every_row(folder / DATABASE, runs=False) for folder in (stopped, home))
    for table in ("fits", "fit_changes", "events", "triggers"):
        assert after[table] == wanted[table], table


def test_places_are_known_without_reading_every_organisation(first_day: Path) -> None:
    """The same places as those of the organisations themselves, one's own list beside a register included."""
    with Warehouse.open(first_day / DATABASE, read_only=True) as warehouse:
        organizations = read.organizations(warehouse).values()
        known = places_of(map(place_of, organizations))
        assert len(known) > 50
        assert places_of(places_stated(warehouse)) == known


def test_an_index_brought_up_to_date_knows_what_a_built_one_knows(home: Path) -> None:
    """After a day of changes, with the names of before it still found."""
    run_demo(home, 2)
    saved = OrganizationIndex.load(home / "var/demo/index")
    assert len(saved.segments) > 1
    with Warehouse.open(home / DATABASE, read_only=True) as warehouse:
        organizations = read.organizations(warehouse)
    wanted = {key: entry for key, o in organizations.items() if (entry := entry_of(o)) is not None}
    assert saved.ids == wanted.keys()
    assert {key: saved.get(key) for key in wanted} == wanted


def test_what_was_deleted_at_its_source_leaves_the_index(home: Path) -> None:
    """Whoever is no longer in the database is no longer found; after a deletion the index is built anew."""
    with open_place(Settings(home=home), RunRequest(demo_day=1)) as place, Warehouse.open(place.warehouse) as warehouse:
        run_id = str(read.runs(warehouse)[0]["run_id"])
        kept = brought_up_to_date(warehouse, place, run_id=run_id)
        gone = sorted(kept.ids)[0]
        warehouse.select("DELETE FROM organization_links WHERE organization_id = $gone", {"gone": gone})
        assert brought_up_to_date(warehouse, place, run_id=run_id).ids == kept.ids - {gone}
        warehouse.script("INSERT INTO runs BY NAME SELECT * REPLACE ('later' AS run_id, 99 AS run_number) FROM runs")
        warehouse.script("INSERT INTO tombstones VALUES ('tomb', 'register', '2026-09-08', 'later')")
        assert len(brought_up_to_date(warehouse, place, run_id=run_id).segments) == 1


def test_an_index_of_another_database_is_built_anew(home: Path) -> None:
    """A damaged or foreign index costs time, never a wrong name."""
    with open_place(Settings(home=home), RunRequest(demo_day=1)) as place, Warehouse.open(place.warehouse) as warehouse:
        run_id = str(read.runs(warehouse)[0]["run_id"])
        OrganizationIndex.build([], version="elsewhere").save(place.index)
        built = brought_up_to_date(warehouse, place, run_id=run_id)
        (place.index / "index.json").write_text("{", encoding="utf-8")
        assert brought_up_to_date(warehouse, place, run_id=run_id).ids == built.ids
        assert len(built) > 50
