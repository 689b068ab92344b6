"""A number that moves about a bound is no news: hysteresis and a quiet period, per criterion.

::

    50 ─────────────┐          met: it enters
    49   within the margin     keeps its last state: 49 → 50 → 49 enters once and does not leave
    45 ─────────────┘          not met: it leaves

A criterion with a ``margin`` keeps its last told state while the value lies outside the range by no more than the
margin. What was told last is read from the stored triggers themselves: a leaving that was held back within the margin
is stored too, so that the memory can be seen and explained. A crossing the other way within ``quiet_days`` of one that
was told by the same criterion waits, and is told when the quiet period ends if it still holds.

The fit that is shown stays the plain one; only what counts as entering and leaving is steadied. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from salestrigger.icp_profiles.criteria import EmployeesCriterion, RevenueCriterion
from salestrigger.icp_profiles.kinds import Criterion
from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers.types import CriterionFit, CriterionState, Fit, Trigger, Verdict

WITHIN_MARGIN, QUIET_PERIOD = "within_margin", "quiet_period"
#: Reasons for which a crossing waits: it has not happened as far as the next one is concerned.
WAITING = frozenset({WITHIN_MARGIN, QUIET_PERIOD})
#: Reasons that say nothing about whether it crossed.
_DOUBTFUL = frozenset({"wrong_company_risk", "passing_mention", "rumour", "low_confidence"})
_CROSSINGS = frozenset({"enters_icp", "leaves_icp"})


#: (organisation, criterion) → the crossings by it that are stored, the oldest first
Memory = Mapping[tuple[str, str], tuple[Trigger, ...]]


@dataclass(frozen=True, slots=True)
class Held:
    """What the last crossing by one criterion of one organisation left behind."""

    is_met: bool
    last: date  #: the day of that crossing
    told: date | None  #: the day of the last one that was told; None: none was
    waits: bool  #: whether that crossing waits: what it did has not been told


def memory_of(stored: Iterable[Trigger], profile: str) -> dict[tuple[str, str], tuple[Trigger, ...]]:
    """(organisation, criterion) → the crossings by it that are stored, the oldest first."""
    found: dict[tuple[str, str], list[Trigger]] = {}
    for trigger in stored:
        if trigger.profile == profile and trigger.effect in _CROSSINGS and trigger.held_back not in _DOUBTFUL:
            found.setdefault((trigger.organization_id, trigger.flipped), []).append(trigger)
    return {key: tuple(sorted(some, key=lambda t: (t.valid_from, t.trigger_id))) for key, some in found.items()}


def held_of(crossings: Iterable[Trigger], *, but: str = "") -> Held | None:
    """What the crossings leave behind; ``but`` is the trigger that is being judged."""
    last: Trigger | None = None
    told: date | None = None
    for trigger in crossings:
        if trigger.trigger_id == but:
            continue
        last = trigger
        told = trigger.valid_from if trigger.held_back not in WAITING else told
    if last is None:
        return None
    waits = last.held_back in WAITING
    return Held((last.effect == "enters_icp") != waits, last.valid_from, told, waits)


def widened(profile: Profile) -> Profile | None:
    """The profile with every range as wide as its margin allows; None when no criterion has one."""
    criteria: list[Criterion] = []
    for criterion in profile.criteria:
        if isinstance(criterion, EmployeesCriterion | RevenueCriterion) and criterion.margin:
            part = Decimal(str(criterion.margin))
            low = None if criterion.min is None else criterion.min * (1 - part)
            high = None if criterion.max is None else criterion.max * (1 + part)
            criteria.append(criterion.model_copy(update={"min": low, "max": high}))
        else:
            criteria.append(criterion)
    return None if tuple(criteria) == profile.criteria else profile.model_copy(update={"criteria": tuple(criteria)})


def steadied(
    fit: Fit, wide: Fit, was_met: Mapping[str, bool], *, least: float, told: Mapping[str, bool] | None = None
) -> Fit:
    """The fit in which what lies within a margin keeps its state; ``least`` is the profile's least fit.

    ``told`` are states that hold whatever the value: those before a crossing that still waits to be told.
    """

    def state(line: CriterionFit, other: CriterionFit) -> CriterionState:
        if told and line.name in told and line.state != "unknown":
            return "met" if told[line.name] else "not_met"
        is_within = line.state == "not_met" and other.state != "not_met"
        return "met" if is_within and was_met.get(line.name, False) else line.state

    lines = tuple(replace(a, state=state(a, b)) for a, b in zip(fit.criteria, wide.criteria, strict=True))
    if lines == fit.criteria:
        return fit
    lower, upper = _bounds(lines)
    return replace(fit, criteria=lines, lower=lower, upper=upper, verdict=_verdict(lines, lower, upper, least))


def states(fit: Fit) -> dict[str, bool]:
    """Criterion → whether it is met."""
    return {line.name: line.state == "met" for line in fit.criteria}


def is_quiet(held: Held | None, *, on: date, days: int) -> bool:
    """Whether a crossing on that day falls into the quiet period after one that was told."""
    return held is not None and held.told is not None and timedelta(0) <= on - held.told < timedelta(days=days)


def released(memory: Memory, verdicts: Mapping[str, Verdict], profile: Profile, today: date) -> tuple[Trigger, ...]:
    """Crossings that waited for the end of a quiet period and still hold, to be told: the last one of a criterion."""
    days = {criterion.label: criterion.quiet_days for criterion in profile.criteria}
    found = []
    for (organization, criterion), crossings in sorted(memory.items()):
        last = crossings[-1]
        if last.held_back != QUIET_PERIOD:
            continue
        still = (last.effect == "enters_icp") == (verdicts.get(organization) == "fits")
        if still and not is_quiet(held_of(crossings, but=last.trigger_id), on=today, days=days.get(criterion, 0)):
            found.append(replace(last, held_back=""))
    return tuple(found)


def _bounds(lines: Iterable[CriterionFit]) -> tuple[float, float]:
    counted = [line for line in lines if line.need != "exclude"]
    total = sum(line.weight for line in counted)
    lower = sum(line.weight for line in counted if line.state == "met")
    upper = sum(line.weight for line in counted if line.state != "not_met")
    return round(100 * lower / total, 2), round(100 * upper / total, 2)


def _verdict(lines: Iterable[CriterionFit], lower: float, upper: float, least: float) -> Verdict:
    """As in ``matchers.qualify``, for one row."""
    found: set[tuple[str, CriterionState]] = {(line.need, line.state) for line in lines}
    if ("exclude", "met") in found:
        return "excluded"
    if ("must", "not_met") in found or upper < least:
        return "does_not_fit"
    if ("must", "unknown") in found or ("exclude", "unknown") in found or lower < least:
        return "unknown"
    return "fits"
