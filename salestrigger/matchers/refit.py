"""Which fits to compute again, and which of them changed although nothing happened: "newly known to fit". Pure."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

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
    fits: list[Fit] = []
    changes: list[FitChange] = []
    judged, universe = None, None
    for profile in known.profiles:
        due = _due(profile, known, stated)
        if due != judged:
            judged, universe = due, universe_table(due)
        for fit in qualify_many(due, profile, known.now, universe=universe):
            stored = known.fits.get((fit.organization_id, profile.name))
            if stored is not None and not _differs(stored, fit):
                continue
            fits.append(fit)
            if (fit.organization_id, profile.name) not in crossed and _crosses(stored, fit):
                changes.append(FitChange(fit.organization_id, profile.name, _cause(stored, fit), stored, fit))
    return Refit(tuple(fits), tuple(changes))


def _due(profile: Profile, known: Known, stated: Mapping[str, Organization]) -> list[Organization]:
    """Organisations whose fit may have changed, as they are with what events of this run state."""
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
