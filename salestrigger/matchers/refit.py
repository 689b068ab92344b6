"""Which fits to compute again, and which of them changed although nothing happened: "newly known to fit". Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers.judge import Judge, judge_of
from salestrigger.matchers.qualify import AGEING, qualify_many
from salestrigger.matchers.states import STATES, UNKNOWN
from salestrigger.matchers.subjects import Known
from salestrigger.matchers.types import Cause, Fit, FitChange, Organization
from salestrigger.matchers.universe import ageing_value, universe_table


@dataclass(frozen=True, slots=True)
class Refit:
    """Fits that are new or differ from the stored ones, and the verdicts that changed without a trigger."""

    fits: tuple[Fit, ...]
    changes: tuple[FitChange, ...]


def refit(known: Known, crossed: Set[tuple[str, str]], stated: Mapping[str, Organization]) -> Refit:
    """Fits of every organisation that is new, differs from what it was, or was last judged by another version.

    ``crossed`` are the (organization, profile) that a trigger already tells of; ``stated`` the organisations that
    events of this run say something new about, as they are with it.
    """
    found: list[Refit] = []
    judged, universe = None, None
    for profile in known.profiles:
        due = _due(profile, known, stated, crossed)
        if due != judged:
            judged, universe = due, universe_table(due)
        found.append(_refit(qualify_many(due, profile, known.now, universe=universe), known.fits, crossed))
    return Refit(tuple(f for r in found for f in r.fits), tuple(c for r in found for c in r.changes))


def refit_these(
    organizations: Sequence[Organization], profile: Profile, stored: Mapping[tuple[str, str], Fit], now: datetime
) -> Refit:
    """The fits of these organisations, of which no trigger of this run tells."""
    return _refit(qualify_many(organizations, profile, now), stored, frozenset())


def _refit(fits: Iterable[Fit], stored: Mapping[tuple[str, str], Fit], crossed: Set[tuple[str, str]]) -> Refit:
    """Those that differ from the stored ones, and what of that nobody told."""
    new: list[Fit] = []
    changes: list[FitChange] = []
    for fit in fits:
        key = (fit.organization_id, fit.profile)
        old = stored.get(key)
        if old is not None and not _differs(old, fit):
            continue
        new.append(fit)
        if key not in crossed and _crosses(old, fit):
            changes.append(FitChange(fit.organization_id, fit.profile, _cause(old, fit), old, fit))
    return Refit(tuple(new), tuple(changes))


def _due(
    profile: Profile, known: Known, stated: Mapping[str, Organization], crossed: Set[tuple[str, str]]
) -> list[Organization]:
    """Organisations whose fit may have changed, as they are with what events of this run state."""
    if known.survey is not None:
        keys = {*known.survey.unsettled(profile), *stated, *(key for key, _ in crossed)}
        known.survey.expect(keys)
        return [stated.get(key, known.organizations[key]) for key in sorted(keys) if key in known.organizations]
    ages: dict[tuple[str, str], Judge] = {
        (c.label, c.kind): judge_of(c, known.now.date()) for c in profile.criteria if c.kind in AGEING
    }
    due = []
    for key, organization in known.organizations.items():
        stored = known.fits.get((key, profile.name))
        is_due = stored is None or stored.profile_version != profile.version or key in stated
        if is_due or known.organizations_before.get(key) != organization or _has_aged(stored, organization, ages):
            due.append(stated.get(key, organization))
    return due


def _has_aged(stored: Fit | None, organization: Organization, ages: Mapping[tuple[str, str], Judge]) -> bool:
    """Whether time itself moved a criterion: an age that was reached, an event that is too long ago by now."""
    if not ages or stored is None:
        return False
    states = {c.name: c.state for c in stored.criteria}
    return any(
        STATES[judge(value) if (value := ageing_value(organization, kind)) else UNKNOWN] != states.get(name)
        for (name, kind), judge in ages.items()
    )


def _differs(stored: Fit, fit: Fit) -> bool:
    """Whether anything a person would see differs; the day on which a source was read does not count."""

    def seen(f: Fit) -> tuple[object, ...]:
        lines = tuple((c.name, c.need, c.state, c.weight, c.value, c.wanted) for c in f.criteria)
        return f.profile_version, f.lower, f.upper, f.verdict, lines

    return seen(stored) != seen(fit)


def _crosses(stored: Fit | None, fit: Fit) -> bool:
    return (stored is not None and stored.verdict == "fits") != (fit.verdict == "fits")


def _cause(stored: Fit | None, fit: Fit) -> Cause:
    if stored is None:
        return "first_load"
    return "profile_edited" if stored.profile_version != fit.profile_version else "learned"
