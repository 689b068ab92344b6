"""A number that moves about a bound enters once, leaves when it has really left, and never twice within the quiet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers.trigger import triggers_for
from salestrigger.matchers.types import Trigger
from tests.matchers.qualifying import World, change, event, organization, profile, role

ORG = "org_fjellbro"
START = date(2026, 1, 12)


def months(counts: Sequence[int], wanted: Profile | None = None) -> tuple[list[list[str]], dict[str, Trigger]]:
    """The register states a headcount on the 12th of every month: what is told each month, and all that is stored."""
    wanted = wanted or profile()
    stored: dict[str, Trigger] = {}
    told: list[list[str]] = []
    for month, (before, after) in enumerate(pairwise(counts), start=1):
        day = START + timedelta(days=30 * month)
        now = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
        stated = change(
            "employees", change_id=f"chg_{month}", effective_on=day, published_at=now, before=str(before),
            after=str(after),
        )  # fmt: skip
        known = World(
            {ORG: organization(employees=after)}, {ORG: organization(employees=before)}, profiles=(wanted,), now=now
        )
        moved = [(stated, "below_threshold")] if before != after else []
        result = triggers_for([], moved, known=known, stored=stored)
        stored |= {t.trigger_id: t for t in result.triggers}
        told.append([t.effect for t in result.triggers if t.effect != "none" and not t.held_back])
    return told, stored


def reasons(stored: dict[str, Trigger]) -> list[str]:
    """Why crossings were not told, in order."""
    return [t.held_back for t in sorted(stored.values(), key=lambda t: t.valid_from) if t.effect != "none"]


def test_49_50_49_enters_once() -> None:
    """It enters at 50 and neither leaves at 49 nor enters again at 50; the leaving is stored with its reason."""
    told, stored = months([49, 50, 49, 50, 49, 50])
    assert told == [["enters_icp"], [], [], [], []]
    assert reasons(stored) == ["", "within_margin", "within_margin"]


def test_a_customer_base_that_fitted_from_the_start_leaves_when_it_is_far_below() -> None:
    """Nothing was ever told of it: 52 → 49 is within the margin, 49 → 44 is told, although 49 did not fit either."""
    told, _ = months([52, 49, 44])
    assert told == [[], ["leaves_icp"]]


def test_one_that_never_reached_the_bound_does_not_leave() -> None:
    """49 is within the margin, but it was never in."""
    told, stored = months([49, 48, 30])
    assert told == [[], []]
    assert stored == {}


def test_the_other_way_waits_for_the_end_of_the_quiet_period() -> None:
    """It enters, is far below a month later, and stays there: the leaving is told when 90 days are over."""
    told, stored = months([30, 60, 30, 30, 30, 30])
    assert told == [["enters_icp"], [], [], ["leaves_icp"], []]
    assert reasons(stored) == ["", ""]


def test_a_return_within_the_quiet_period_leaves_nothing_to_tell() -> None:
    """Down and up again within the quiet: it entered once, and that is all."""
    told, _ = months([30, 60, 30, 60, 61, 60, 62, 60])
    assert told == [["enters_icp"], [], [], [], [], [], []]


def test_margin_and_quiet_can_be_switched_off() -> None:
    """Without both, every crossing is told, but the same one not twice within half a year."""
    size = {"name": "size", "kind": "employees", "min": 50, "margin": 0, "quiet_days": 0}
    told, _ = months([49, 50, 49], profile(criteria=[size]))
    assert told == [["enters_icp"], ["leaves_icp"]]


def test_an_insolvency_does_not_wait() -> None:
    """The quiet period is the criterion's own: another reason to leave is told at once."""
    _, stored = months([30, 60])
    known = World(
        {ORG: organization(employees=60)}, {ORG: organization(employees=60)}, now=datetime(2026, 3, 1, tzinfo=UTC)
    )
    (trigger,) = triggers_for([event("insolvency", role(ORG))], known=known, stored=stored).triggers
    assert (trigger.effect, trigger.flipped, trigger.held_back) == ("leaves_icp", "status", "")


def test_a_waiting_trigger_that_is_judged_again_keeps_waiting() -> None:
    """The register repeats its change: the stored crossing is not told for that."""
    told, stored = months([49, 50, 49])
    assert told == [["enters_icp"], []]
    waiting = next(t for t in stored.values() if t.held_back)
    known = World(
        {ORG: organization(employees=49)}, {ORG: organization(employees=50)},
        now=datetime(2026, 3, 14, tzinfo=UTC),
    )  # fmt: skip
    again = change("employees", change_id="chg_2", effective_on=waiting.valid_from)
    (trigger,) = triggers_for([], [(again, "below_threshold")], known=known, stored=stored).triggers
    assert (trigger.trigger_id, trigger.effect, trigger.held_back) == (
        waiting.trigger_id, "leaves_icp", "within_margin",
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(40, 60), min_size=2, max_size=9))
def test_what_is_told_alternates(counts: list[int]) -> None:
    """Whatever a headcount does, nobody is told twice running that it enters, or that it leaves."""
    told, _ = months(counts)
    effects = [effect for part in told for effect in part]
    assert all(a != b for a, b in pairwise(effects))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(46, 54), min_size=2, max_size=12))
def test_within_the_margin_nobody_leaves(counts: list[int]) -> None:
    """A headcount that never is more than a tenth below the bound enters at most once."""
    told, stored = months(counts)
    assert [e for part in told for e in part] in ([], ["enters_icp"])
    assert all(t.held_back in ("", "within_margin") for t in stored.values())
