"""Sources that are not asked at every run, through the steps of a run and in the list of sources."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from salestrigger.flows.cli import app
from salestrigger.flows.place import RunRequest
from salestrigger.flows.settings import Settings
from salestrigger.flows.steps import DailyRun, collect, open_run, publish, store

AT = datetime(2026, 10, 5, 6, 0, tzinfo=UTC)
OWN_LIST = """title = "My accounts"
adapter = "accounts"
url = "accounts.csv"
trust = "user"
licence = "our own"
obey_robots = false
every_hours = 20
"""


def collected(home: Path, at: datetime, *named: str) -> tuple[set[str], str]:
    """The sources that a run asked, and what it says."""
    with open_run(Settings(home=home, runner="local"), RunRequest(as_of=at, sources=named)) as run:
        says = collect(run)
        _stored(run)
        return set(run.outcomes), says


def _stored(run: DailyRun) -> None:
    store(run)
    publish(run)


def test_a_source_waits_for_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked once, not an hour later, at once when it is named, and again the next day; the list says when."""
    home = tmp_path / "home"
    assert CliRunner().invoke(app, ["init", str(home), "--market", "no"]).exit_code == 0
    for path in (home / "sources").glob("*.toml"):
        path.unlink()
    (home / "sources" / "mine.toml").write_text(OWN_LIST, encoding="utf-8")
    (home / "sources" / "always.toml").write_text(OWN_LIST.replace("every_hours = 20", ""), encoding="utf-8")
    (home / "accounts.csv").write_text("org_id,name,country\nA1,Skoddfjell AS,NO\n", encoding="utf-8")
    assert collected(home, AT)[0] == {"mine", "always"}
    asked, says = collected(home, AT + timedelta(hours=1))
    assert asked == {"always"}
    assert says.endswith("; 1 not due yet")
    monkeypatch.setenv("COLUMNS", "250")
    listed = CliRunner().invoke(app, ["sources", "list", "--home", str(home)])
    lines = {line.split()[0]: line for line in listed.output.splitlines() if line.split()}
    assert "2026-10-06 02:00" in lines["mine"]
    assert "next run" in lines["always"]
    assert collected(home, AT + timedelta(hours=2), "mine")[0] == {"mine"}
    assert collected(home, AT + timedelta(hours=22))[0] == {"mine", "always"}
