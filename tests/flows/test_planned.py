"""What is planned for a day is told when it is known, and once more on its day, by the real daily steps."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from salestrigger.flows.cli_run import write_report_again
from salestrigger.flows.place import RunRequest
from salestrigger.flows.settings import Settings
from salestrigger.flows.steps import open_run, run_plain
from salestrigger.reports.report import ReportLine

SOURCES = ("demo-register", "demo-skoddfjell")
DAY = datetime(2026, 11, 1, 5, tzinfo=UTC)


def told_by(home: Path, *, day: int, as_of: datetime | None = None) -> list[ReportLine]:
    """One run; the lines of its report that are told."""
    request = RunRequest(demo_day=day, as_of=as_of, sources=SOURCES)
    with open_run(Settings(home=home), request) as run:
        run_plain(run)
        assert run.report is not None
        return [line for section, line in run.report.every_line() if section != "held_back"]


def planned(lines: list[ReportLine]) -> list[ReportLine]:
    return [line for line in lines if line.effective_on == DAY.date()]


@pytest.mark.slow
def test_a_planned_event_is_told_again_on_its_day_and_never_after(tmp_path: Path) -> None:
    """First "planned for", on the day "Planned for today", the same trigger in the same words otherwise; the day after
    nothing. The report of the day can be written again from the published file."""
    home = tmp_path
    first = told_by(home, day=3)
    (known,) = planned(first)
    assert "planned for 1 November 2026" in known.why_now
    (today,) = planned(told_by(home, day=15, as_of=DAY))
    assert today.trigger_id == known.trigger_id
    assert today.why_now.startswith("Planned for today: ")
    assert today.happened == known.happened
    assert today.first_told_at is not None
    out = home / "again.json"
    write_report_again(
        Settings(home=home), RunRequest(demo_day=15), output_format="json", output=out,
        profile=None, owner=None, since=None, as_of=None,
    )  # fmt: skip
    assert "Planned for today: " in json.dumps(json.loads(out.read_text(encoding="utf-8")))
    database = home / "var" / "demo" / "warehouse.duckdb"  # what was told is noted after publishing
    with duckdb.connect(str(database), read_only=True) as connection:
        versions = connection.execute(
            "SELECT version_number FROM reported_triggers WHERE trigger_id = ? ORDER BY 1", [known.trigger_id]
        ).fetchall()
    assert len(versions) == 2
    assert planned(told_by(home, day=15, as_of=DAY.replace(day=2))) == []
