"""What was true on a day, as far as it was known at a time: put together again from all that was ever stated."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salestrigger.sources.records import Collected, Headcount
from salestrigger.warehouse import read, write
from salestrigger.warehouse.connect import Warehouse
from tests.warehouse import examples as ex
from tests.warehouse.conftest import copy_of

FIRST = date(2026, 3, 2)
#: one statement a week: how many people (None: the register says nothing), and for some since which day
STATEMENTS = st.lists(
    st.tuples(st.none() | st.integers(5, 400), st.none() | st.integers(-20, 10)), min_size=1, max_size=4
)
Statement = tuple[int | None, int | None]


def week(number: int) -> date:
    """The day of a run."""
    return FIRST + timedelta(days=7 * number)


def stored(wh: Warehouse, statements: list[Statement]) -> str:
    """A run a week, each with what the register states then; the organisation."""
    for number, (count, since) in enumerate(statements):
        at = datetime.combine(week(number), time(6), UTC)
        day = week(number) + timedelta(days=since) if since is not None else None
        people = Headcount(count, count, day) if count is not None else None
        record = ex.record(employees=people, fetched_at=at)
        run_id = write.start_run(wh, as_of=at)
        write.store_collected(
            wh, run_id, ex.outcome(ex.REGISTER, Collected(records=(record,)), at=at), ex.REGISTER, now=at
        )
        write.finish_run(wh, run_id)
    (organization_id,) = read.organization_ids(wh)
    return organization_id


def expected(statements: list[Statement], last_run: int, on: date) -> int | None:
    """The last word up to that run that was true by the day."""
    words: list[tuple[date | None, int | None]] = []
    said: tuple[int | None, date | None] | None = None
    for number, (count, since) in enumerate(statements[: last_run + 1]):
        day = week(number) + timedelta(days=since) if since is not None and count is not None else None
        if (count, day) == said or (said is None and count is None):
            continue  # nothing new was said
        words.append((day or (week(number) if words else None), count))
        said = (count, day)
    true = [count for start, count in words if start is None or start <= on]
    return true[-1] if true else None


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(statements=STATEMENTS, asked=st.integers(-25, 40))
def test_point_in_time_equals_recomputation(
    migrated: Path, tmp_path: Path, statements: list[Statement], asked: int
) -> None:
    """By every run, for any day: the value is what the statements known then say of the day."""
    on = FIRST + timedelta(days=asked)
    with copy_of(migrated, tmp_path / f"{abs(hash(tuple(statements)))}-{asked}.duckdb") as wh:
        organization_id = stored(wh, statements)
        for number in range(len(statements)):
            at = datetime.combine(week(number), time(12), UTC)
            known = read.organization_as_of(wh, organization_id, known_at=at, on=on)
            assert known is not None
            assert known.get("employees") == expected(statements, number, on), (number, on)


def test_a_day_before_a_change_has_the_older_value(wh: Warehouse) -> None:
    """Known today, asked of a day before the headcount grew: what it was then, not unknown and not what it became."""
    organization_id = stored(wh, [(19, -3), (24, 0)])
    now = datetime.combine(week(1), time(12), UTC)
    then = week(1) - timedelta(days=1)
    values = [
        read.organization_as_of(wh, organization_id, known_at=known_at, on=on)
        for known_at, on in ((now, week(1)), (now, then), (now - timedelta(days=2), week(1)))
    ]
    assert [one.get("employees") for one in values if one is not None] == [24, 19, 19]
