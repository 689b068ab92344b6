"""The demo market's own calendar: 15 days from a Monday, with a few days of history before day 1.

Nothing here reads a clock. Day 0 and the negative days are the history that the first run already finds in the feeds.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta

from salestrigger.sources.errors import UsageError

#: days a run can be asked for: 1 … 15
DAYS = 15
#: the date of day 1, a Monday
FIRST_DATE = date(2026, 9, 7)
#: the first day on which anything is published: what day 1 finds as history
FIRST_DAY = -4


def date_of(day: int) -> date:
    """The date of a day of the calendar; day 0 and below lie before the first run."""
    return FIRST_DATE + timedelta(days=day - 1)


def day_clock(day: int) -> datetime:
    """The logical now of the run of ``day``: 18:00 UTC on its date, after everything that is published on it.

    Raises:
        UsageError: the calendar has no such day.
    """
    if not 1 <= day <= DAYS:
        raise UsageError(f"unknown day {day!r} of the demo market; allowed: 1 to {DAYS}")
    return datetime.combine(date_of(day), time(18), UTC)


def moment(day: int, *keys: str, first_hour: int = 4, last_hour: int = 16) -> datetime:
    """A time of ``day`` that depends on the keys alone, from ``first_hour`` up to the end of ``last_hour`` (UTC)."""
    minutes = (last_hour - first_hour + 1) * 60
    offset = number_of(*keys) % minutes
    return datetime.combine(date_of(day), time(first_hour), UTC) + timedelta(minutes=offset)


def number_of(*keys: str) -> int:
    """A large number that depends on the keys alone: the same on every machine and in every run."""
    return int.from_bytes(hashlib.sha256("\x00".join(keys).encode()).digest()[:8], "big")
