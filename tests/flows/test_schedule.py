"""A schedule that is served really fires, in the zone it names."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestrigger.flows.home import make_home
from salestrigger.flows.schedule import check_cron, check_home, check_zone, cron_at, serve_daily
from salestrigger.flows.settings import Settings
from salestrigger.sources.errors import UsageError


@given(st.integers(0, 23), st.integers(0, 59))
def test_a_time_of_day_becomes_a_cron_line(hour: int, minute: int) -> None:
    """HH:MM is every day at that minute."""
    assert cron_at(f"{hour:02d}:{minute:02d}") == f"{minute} {hour} * * *"


@pytest.mark.parametrize("text", ["", "6", "24:00", "12:60", "-1:30", "noon", "06:30:00", "6:3a"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    """The message shows the value and an example."""
    with pytest.raises(UsageError, match="is not a time of day such as 06:30"):
        cron_at(text)


def test_a_zone_that_is_none_is_refused_with_near_ones() -> None:
    """A part of a name finds the zones that contain it."""
    check_zone("Europe/Amsterdam")
    with pytest.raises(UsageError, match="Europe/Oslo"):
        check_zone("oslo")


@pytest.mark.parametrize("name", ["Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
def test_prefect_fires_once_per_local_day(name: str) -> None:
    """Over a year with both clock changes, every local day has exactly one run, at 06:30 on the wall."""
    from prefect.server.schemas.schedules import CronSchedule

    schedule = CronSchedule(cron=cron_at("06:30"), timezone=name)
    start = datetime(2026, 1, 1, tzinfo=ZoneInfo(name))
    dates = asyncio.run(schedule.get_dates(n=365, start=start))
    local = [date.astimezone(ZoneInfo(name)) for date in dates]
    assert {(moment.hour, moment.minute) for moment in local} == {(6, 30)}
    days = [moment.date() for moment in local]
    assert days == [start.date() + timedelta(days=number) for number in range(365)]


def test_a_home_in_which_no_run_could_start_is_refused_at_once(tmp_path: Path) -> None:
    """Not every morning at half past six; and a cron line before it is deployed."""
    with pytest.raises(UsageError, match="no source is switched on"):
        serve_daily(Settings(home=tmp_path), at="06:30", timezone="Europe/Oslo", cron=None, demo=False)
    make_home(tmp_path / "home", "no")
    check_home(tmp_path / "home")
    with pytest.raises(UsageError, match="'x y' is not a cron line such as"):
        check_cron("x y", "Europe/Oslo")


@pytest.mark.slow
def test_a_scheduled_run_really_fires(tmp_path: Path) -> None:
    """A deployment of every minute runs the demo market within three, and stopping it ends its server too."""
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "salestrigger", "schedule", "--demo", "--home", str(tmp_path),
             "--cron", "* * * * *", "--timezone", "Europe/Oslo"],
            stdout=out, stderr=subprocess.STDOUT, env={**os.environ, "SALESTRIGGER_LOG": "info"},
        )  # fmt: skip
    published = tmp_path / "var" / "demo" / "published" / "salestrigger.duckdb"
    try:
        _wait_for(published, process, log, seconds=300)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
    assert not _servers_in(tmp_path)


def _wait_for(path: Path, process: subprocess.Popen[bytes], log: Path, *, seconds: int) -> None:
    deadline = time.monotonic() + seconds
    while not path.exists():
        assert process.poll() is None, log.read_text(encoding="utf-8", errors="replace")
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8", errors="replace")
        time.sleep(1)


def _servers_in(home: Path) -> list[str]:
    """Command lines of processes that still have the home's Prefect folder in their environment."""
    left = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if str(home).encode() in (entry / "environ").read_bytes():
                left.append((entry / "cmdline").read_text(encoding="utf-8", errors="replace").replace("\0", " "))
        except OSError:
            continue
    return left
