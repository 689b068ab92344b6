"""Compare a company's open roles with what is usual for itself, and say when that is news. Pure.

A surge is a statement about rates, so it is judged as one: the roles that are new within :data:`WINDOW` days against
the company's own rate before, as a Poisson count (the usual model for arrivals; the rate gets one arrival more than was
seen, so that a quiet board does not have a rate of zero). All four must hold: at least :data:`LEAST` new roles, a
chance below :data:`CHANCE` that the usual rate gives so many, :data:`RATIO` times as many open roles as usual, and
:data:`HISTORY` days of looking before the window. Two weeks, because boards are filled in batches; a chance of 1 in
1,000, because a board is judged daily and a user follows hundreds. A first look is a baseline and never news.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from salestrigger.sources.adapters.job_boards import Ad
from salestrigger.sources.records import content_id

WINDOW = 14  #: days in which new roles are counted
HISTORY = 28  #: days of looking that must lie before the window
LEAST = 5
CHANCE = 0.001
RATIO = 1.5
QUIET = 60  #: days after a surge in which no other is told
KEPT_DAYS = 180  #: of history, and how long a closed role is remembered, to know a repost


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the board tells."""

    open: int
    usual: float | None  #: median of open roles before the window; None: not looked for long enough
    new: int  #: roles that are new within the window, reposts not counted
    expected: float  #: new roles that the usual rate gives in a window
    is_surge: bool
    fresh: tuple[str, ...]  #: ids that no earlier look had, reposts not counted
    reposts: int
    new_places: tuple[str, ...]  #: where no role was ever open before
    notes: tuple[str, ...] = ()


def look(
    state: Mapping[str, Any], ads: Sequence[Ad], today: date, *, complete: bool = True
) -> tuple[Look, dict[str, Any]]:
    """What ``ads`` (all that is open now) tell against ``state``, and the state after; ``state`` is {} at first.

    ``complete=False`` says that the list was cut: nothing is judged and nothing is taken for closed.
    """
    known, marks = state.get("ads", {}), state.get("marks", {})
    is_first = not state
    fresh = [ad for ad in ads if ad.id not in known and mark_of(ad) not in marks]
    reposts = sum(1 for ad in ads if ad.id not in known and mark_of(ad) in marks)
    places = {place_of(ad) for ad in ads if not ad.is_remote} - {""}
    days = _days(state.get("days", ()), today, len(ads), 0 if is_first else len(fresh))
    after = {
        "since": state.get("since", today.isoformat()),
        "days": days,
        "ads": {} if complete else dict(known),
        "marks": _recent(marks, today) | {mark_of(ad): today.isoformat() for ad in ads},
        "places": sorted(places | set(state.get("places", ()))),
        "told": state.get("told", ""),
    }
    after["ads"] |= {ad.id: mark_of(ad) for ad in ads}
    judged = _judged(after, today, is_first=is_first, gap=_gap(state, today), complete=complete)
    usual, new, expected, is_surge, notes = judged
    if is_surge:
        after["told"] = today.isoformat()
    settled = usual is not None
    unseen = sorted(places - set(state.get("places", ()))) if settled else []
    return Look(
        len(ads), usual, new, expected, is_surge, tuple(a.id for a in fresh), reposts, tuple(unseen), notes
    ), after


def still(state: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The state after a look at which the board had not changed."""
    if not state:
        return {}
    return {**state, "days": _days(state["days"], today, len(state["ads"]), 0)}


def mark_of(ad: Ad) -> str:
    """What makes two ads the same role: the title and the place, however they are written."""
    words = f"{ad.title} {ad.place}".casefold()
    return content_id("role", " ".join("".join(c if c.isalnum() else " " for c in words).split()))[5:17]


def place_of(ad: Ad) -> str:
    """The town of a role, as far as the board names one: what stands before the first comma."""
    return ad.place.partition(",")[0].partition("(")[0].strip().casefold()


def chance_of(count: int, expected: float) -> float:
    """P(X >= count) for X ~ Poisson(expected)."""
    below, term = 0.0, math.exp(-expected)
    for k in range(count):
        below += term
        term *= expected / (k + 1)
    return max(0.0, 1.0 - below)


def _days(days: Sequence[Sequence[Any]], today: date, count: int, fresh: int) -> list[list[Any]]:
    """One row a day: (day, open roles, new roles); a second look on the same day adds its new ones."""
    kept = [list(row) for row in days if row[0] > (today - timedelta(days=KEPT_DAYS)).isoformat()]
    if kept and kept[-1][0] == today.isoformat():
        return [*kept[:-1], [today.isoformat(), count, kept[-1][2] + fresh]]
    return [*kept, [today.isoformat(), count, fresh]]


def _recent(marks: Mapping[str, str], today: date) -> dict[str, str]:
    oldest = (today - timedelta(days=KEPT_DAYS)).isoformat()
    return {mark: day for mark, day in marks.items() if day >= oldest}


def _gap(state: Mapping[str, Any], today: date) -> int:
    """Days since the last look."""
    days = state.get("days", ())
    return (today - date.fromisoformat(days[-1][0])).days if days else 0


def _judged(
    state: Mapping[str, Any], today: date, *, is_first: bool, gap: int, complete: bool
) -> tuple[float | None, int, float, bool, tuple[str, ...]]:
    """Usual open roles, new in the window, expected in the window, whether that is a surge, and notes."""
    begin = (today - timedelta(days=WINDOW)).isoformat()
    before = [row for row in state["days"] if row[0] <= begin]
    new = sum(row[2] for row in state["days"] if row[0] > begin)
    looked = (date.fromisoformat(begin) - date.fromisoformat(before[0][0])).days if before else 0
    if is_first or looked < HISTORY:
        return None, new, 0.0, False, (f"baseline: looked for {max(0, looked)} of {HISTORY} days",)
    usual = float(statistics.median(row[1] for row in before))
    expected = (sum(row[2] for row in before) + 1) / looked * WINDOW
    if not complete or gap > WINDOW:
        why = "the list was cut" if not complete else f"no look for {gap} days, so what is new came at an unknown time"
        return usual, new, expected, False, (f"not judged: {why}",)
    told = state["told"]
    quiet = bool(told) and (today - date.fromisoformat(told)).days < QUIET
    count = int(state["days"][-1][1])
    surge = new >= LEAST and count >= RATIO * usual and chance_of(new, expected) < CHANCE and not quiet
    return usual, new, expected, surge, ()
