"""Every check finds what it is there to find."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from salestrigger.sources.records import Collected
from salestrigger.warehouse import write
from salestrigger.warehouse.checks import run_checks
from salestrigger.warehouse.connect import Warehouse, sql_names
from tests.warehouse import examples as ex
from tests.warehouse.conftest import copy_of

#: One way to break each rule, by hand.
BREAKS = {
    "duplicate_rows": "INSERT INTO documents SELECT * FROM documents",
    "orphans": "DELETE FROM organizations",
    "long_quotes": "UPDATE events SET quote = repeat('x', 151)",
    "ungrounded_roles": "UPDATE event_roles SET char_start = -1",
    "funnel_sums": "UPDATE run_counts SET unit_count = unit_count + 1 WHERE stage = 'documents'",
    "states": "UPDATE documents SET state = 'lost'",
    "numbers_in_range": "UPDATE trigger_versions SET rank = 101",
    "person_expiry": "UPDATE event_attributes SET expires_on = NULL",
    "told_triggers": "UPDATE trigger_versions SET held_back = 'customer'",
}


def fill(wh: Warehouse) -> None:
    """A day with one of everything, and no check failing."""
    run_id = write.start_run(wh, as_of=ex.DAY1)
    register = Collected(records=(ex.record(),))
    write.store_collected(wh, run_id, ex.outcome(ex.REGISTER, register), ex.REGISTER)
    write.store_collected(wh, run_id, ex.outcome(ex.NEWS, Collected(documents=(ex.document(),))), ex.NEWS)
    write.store_findings(wh, run_id, ex.relocated(ex.document()))
    assert run_checks(wh) == []


@pytest.fixture(scope="module")
def prepared(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of this module's tests, made once."""
    path = tmp_path_factory.mktemp("prepared") / "warehouse.duckdb"
    with copy_of(migrated, path) as warehouse:
        fill(warehouse)
    return path


@pytest.fixture
def run(prepared: Path, path: Path) -> Iterator[Warehouse]:
    """That day."""
    with copy_of(prepared, path) as warehouse:
        yield warehouse


@pytest.mark.parametrize("check", sorted(BREAKS))
def test_a_broken_rule_is_found(run: Warehouse, check: str) -> None:
    """The failure names the check, says what must hold and shows a row."""
    run.script(BREAKS[check])
    (failure,) = [f for f in run_checks(run) if f.check == check]
    assert failure.row_count >= 1
    assert failure.example
    assert str(failure).startswith(f"{check}: {failure.says}: {failure.row_count} rows, for example")


def test_every_check_can_fail() -> None:
    """A new check comes with a way to break it."""
    assert sorted(BREAKS) == sql_names("checks")


@pytest.mark.parametrize("stage", ["changes", "events", "subjects"])
def test_every_stage_of_the_funnel_is_summed(run: Warehouse, stage: str) -> None:
    """One unit too many in any stage is found."""
    run.select(
        "INSERT INTO run_counts SELECT run_id, $profile, $stage, 'invented', 1 FROM runs",
        {"stage": stage, "profile": "other" if stage == "subjects" else ""},
    )
    run.select("UPDATE run_counts SET unit_count = unit_count + 1 WHERE reason = 'invented'")
    assert {f.check for f in run_checks(run)} == {"funnel_sums"}
