"""The daily run over the demo market: what is new is told once, and nothing is lost on the way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from salestrigger.flows.orchestrate import execute
from salestrigger.flows.place import RunRequest
from salestrigger.flows.settings import Settings
from salestrigger.flows.steps import analyse, collect, open_run, run_plain, store
from tests.flows.conftest import every_row, run_demo

#: Tables that say that there was a run; all others say what is known.
ABOUT_RUNS = {"runs", "source_runs", "run_counts", "source_states"}


def published(home: Path) -> Path:
    return home / "var" / "demo" / "published" / "salestrigger.duckdb"


def working(home: Path) -> Path:
    return home / "var" / "demo" / "warehouse.duckdb"


def ask(home: Path, statement: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(published(home)), read_only=True) as connection:
        return connection.execute(statement).fetchall()


def test_the_first_day_tells_something_of_every_kind(first_day: Path) -> None:
    """Day 1 has companies that enter and leave the profile, reasons to call, and some that are held back."""
    effects = dict(ask(first_day, "SELECT effect, count(*) FROM trigger_feed WHERE held_back = '' GROUP BY ALL"))
    assert {"enters_icp", "leaves_icp", "hook"} <= effects.keys()
    assert sum(effects.values()) >= 10
    assert ask(first_day, "SELECT count(*) FROM trigger_feed WHERE held_back <> ''")[0][0] > 0
    assert list((first_day / "var" / "demo" / "reports").glob("*.html"))


def test_the_same_day_again_changes_nothing(home: Path) -> None:
    """Everything that is known is the same after a second run of the same day, row by row."""
    before = every_row(working(home))
    run = run_demo(home, 1)
    after = every_row(working(home))
    for table in before.keys() - ABOUT_RUNS:
        assert after[table] == before[table], table
    assert run.counts()["triggers"] == 0


def test_the_second_day_tells_only_what_is_new(home: Path) -> None:
    """No trigger of day 1 is told again, and day 2 has some of its own."""
    told_before = {row[0] for row in ask(home, "SELECT trigger_id FROM trigger_feed")}
    run = run_demo(home, 2)
    assert run.report is not None
    told = {line.trigger_id for section, line in run.report.every_line() if section != "held_back"}
    assert told
    assert not told & told_before


def test_a_run_that_stops_between_steps_loses_nothing(tmp_path: Path) -> None:
    """Stopped after storing, the next run analyses what was pending and ends with the same knowledge."""
    stopped, whole = tmp_path / "stopped", tmp_path / "whole"
    stopped.mkdir()
    whole.mkdir()
    with open_run(Settings(home=stopped), RunRequest(demo_day=1)) as run:
        collect(run)
        store(run)
    run_demo(stopped, 1)
    run_demo(whole, 1)
    left, right = every_row(working(stopped), runs=False), every_row(working(whole), runs=False)
    for table in ("documents", "mentions", "matches", "events", "event_roles", "triggers", "facts", "fits"):
        assert left[table] == right[table], table


def test_what_was_found_before_a_run_ended_is_told_by_the_next(tmp_path: Path) -> None:
    """Ended between analysing and reporting, a run's triggers stand in the next report, once."""
    with open_run(Settings(home=tmp_path), RunRequest(demo_day=1)) as run:
        collect(run)
        store(run)
        analyse(run)
    told = [run_demo(tmp_path, 1).report for _ in range(2)]
    assert [len(report.lines) > 10 for report in told if report] == [True, False]


def test_texts_that_are_gone_are_set_aside_with_the_reason(tmp_path: Path) -> None:
    """When the raw store is lost between storing and analysing, the run goes on and counts what it could not read."""
    with open_run(Settings(home=tmp_path), RunRequest(demo_day=1)) as run:
        collect(run)
        store(run)
    shutil.rmtree(tmp_path / "var" / "demo" / "raw")
    run_demo(tmp_path, 1)
    lost = "SELECT unit_count FROM run_funnel WHERE stage = 'documents' AND reason = 'body_missing'"
    set_aside = "SELECT count(*) FROM documents WHERE outcome = 'body_missing'"
    assert ask(tmp_path, lost)[0][0] == ask(tmp_path, set_aside)[0][0] > 50


def test_the_funnel_adds_up(first_day: Path) -> None:
    """Documents that were collected are documents that the funnel accounts for, and each stage sums exactly."""
    collected = ask(first_day, "SELECT count(*) FROM documents WHERE state = 'analysed'")[0][0]
    counted = ask(first_day, "SELECT sum(unit_count) FROM run_funnel WHERE stage = 'documents'")[0][0]
    assert counted == collected
    events = ask(first_day, "SELECT count(*) FROM events")[0][0]
    assert ask(first_day, "SELECT sum(unit_count) FROM run_funnel WHERE stage = 'events'")[0][0] == events
    wrong = ask(
        first_day,
        "SELECT * FROM (SELECT run_id, profile, stage, sum(unit_count) AS n, any_value(stage_count) AS whole "
        "FROM run_funnel GROUP BY ALL) WHERE n <> whole",
    )
    assert wrong == []


def test_expected_failures_do_not_stop_the_others(first_day: Path) -> None:
    """The demo's broken and hostile feeds fail by name; every other source has been read."""
    states = dict(ask(first_day, "SELECT source_id, last_status FROM source_health"))
    bad = {name for name, status in states.items() if status in ("failed", "malformed", "refused")}
    assert bad
    assert len(states) - len(bad) >= 10


def test_analysts_read_while_a_run_is_at_work(home: Path) -> None:
    """The published file opens read-only in the middle of a run, and again right after it was swapped."""
    with open_run(Settings(home=home), RunRequest(demo_day=2)) as run:
        collect(run)
        store(run)
        before = ask(home, "SELECT count(*) FROM trigger_feed")[0][0]
        with duckdb.connect(str(published(home)), read_only=True) as reader:
            analyse(run)
            assert reader.execute("SELECT count(*) FROM trigger_feed").fetchall()[0][0] == before
    run_demo(home, 2)
    assert ask(home, "SELECT count(*) FROM trigger_feed")[0][0] > before


def test_no_body_is_in_the_database(first_day: Path) -> None:
    """Quotes have at most 150 characters, and no text column holds more than a title would."""
    assert ask(first_day, "SELECT max(length(quote)) FROM event_sources")[0][0] <= 150
    assert ask(first_day, "SELECT max(length(quote)) FROM events")[0][0] <= 150


@pytest.mark.slow
def test_prefect_stores_the_same_rows(first_day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under Prefect the tables are the same, row by row, and nothing was persisted as a pickle."""
    monkeypatch.setenv("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
    with open_run(Settings(home=tmp_path), RunRequest(demo_day=1)) as run:
        execute(run, with_prefect=True)
    assert every_row(working(tmp_path)) == every_row(working(first_day))
    assert (tmp_path / "var" / "prefect" / "prefect.db").exists()
    assert not (tmp_path / "var" / "prefect" / "storage").exists()


@pytest.mark.slow
def test_dask_stores_the_same_rows(first_day: Path, tmp_path: Path) -> None:
    """On a local Dask cluster of two workers the tables are the same, row by row."""
    pytest.importorskip("distributed", reason="the extra dask is not installed")
    run_demo(tmp_path, 1, runner="dask")
    assert every_row(working(tmp_path)) == every_row(working(first_day))


def test_an_unreachable_prefect_is_a_warning(home: Path) -> None:
    """With an API address at which nothing answers, the run says so and is complete all the same."""
    done = subprocess.run(  # a process of its own: Prefect reads its settings once
        [sys.executable, "-m", "salestrigger", "run", "--demo", "--day", "2", "--home", str(home)],
        capture_output=True, text=True, check=False,
        env={**os.environ, "PREFECT_API_URL": "http://127.0.0.1:9/api"},
    )  # fmt: skip
    assert "cannot be reached at 'http://127.0.0.1:9/api'" in done.stdout, done.stderr
    assert done.returncode == 0, done.stderr
    assert len(list((home / "var" / "demo" / "reports").glob("*-run-2.html"))) == 1


def test_only_the_sources_and_profiles_asked_for(tmp_path: Path) -> None:
    """--source and --profile narrow the run; an unknown one lists the known."""
    from salestrigger.sources.errors import UsageError

    request = RunRequest(demo_day=1, sources=("demo-register",), profiles=("facility-services-norway",))
    with open_run(Settings(home=tmp_path), request) as run:
        run_plain(run)
        assert set(run.outcomes) == {"demo-register"}
        assert [profile.name for profile in run.place.profiles] == ["facility-services-norway"]
    with (
        pytest.raises(UsageError, match="unknown source 'nope'; allowed: demo-"),
        open_run(Settings(home=tmp_path), RunRequest(demo_day=1, sources=("nope",))),
    ):
        pass


def test_the_report_exists_in_every_format(first_day: Path, tmp_path: Path) -> None:
    """Each format is written from the published file, and JSON is JSON."""
    from salestrigger.flows.cli_run import write_report_again

    for name in ("html", "md", "csv", "json"):
        target = tmp_path / f"report.{name}"
        write_report_again(
            Settings(home=first_day), RunRequest(demo_day=1), output_format=name, output=target,
            profile=None, owner=None, since=None, as_of=None,
        )  # fmt: skip
        assert target.stat().st_size > 500
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["schema_version"]
