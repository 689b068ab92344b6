from __future__ import annotations

import pytest

from salestrigger.reports.report import FunnelRow
from salestrigger.reports.silence import looks_silent, quiet_because
from tests.reports.stored import DAY_1


@pytest.mark.parametrize(
    ("per_day", "seen", "known", "is_silent"),
    [(4.0, 0, 7, True), (4.0, 1, 7, False), (0.1, 0, 90, False), (None, 0, 90, False), (4.0, 0, 0, False)],
)
def test_a_source_looks_silent_only_when_something_was_to_be_expected(
    per_day: float | None, seen: int, known: int, is_silent: bool
) -> None:
    """A feed that publishes twice a year is not broken; one that publishes four times a day may be, after a week."""
    row = {"last_attempt_at": DAY_1, "per_day": per_day, "seen_7d": seen, "known_days": known}
    assert looks_silent(row) is is_silent


def test_a_quiet_day_names_the_main_reasons_and_counts_the_rest() -> None:
    """The sentence stays short however many reasons there are."""
    rows = tuple(FunnelRow("", "documents", f"r{n}", f"reason {n}", 10 - n) for n in range(5))
    assert quiet_because(rows, 2) == (
        "No new trigger. Documents: 40, of which 10 reason 0, 9 reason 1, 8 reason 2 and 13 for other reasons. "
        "2 triggers are held back; the reasons are below."
    )
    assert quiet_because((), 0) == "The sources published nothing new since the run before."
    ok, down = ({"last_attempt_at": DAY_1, "last_status": status} for status in ("empty", "failed"))
    assert quiet_because((), 0, [ok]) == "The sources published nothing new since the run before."
    assert quiet_because((), 0, [ok, down, down]) == (
        "2 of 3 sources did not answer as they should. The others published nothing new."
    )
    assert quiet_because((), 0, [down, down]) == "2 of 2 sources did not answer as they should."
