"""Cases under one profile, steadied: what lies within a margin keeps its state, and what came too soon waits.

The rules are those of ``matchers.steady``; here they meet the stored triggers and the subjects of a run. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers.draft import Case
from salestrigger.matchers.effects import CROSSINGS, Judgement
from salestrigger.matchers.qualify import qualify_many
from salestrigger.matchers.steady import (
    QUIET_PERIOD,
    Held,
    held_of,
    is_quiet,
    memory_of,
    released,
    states,
    steadied,
    widened,
)
from salestrigger.matchers.subjects import Known
from salestrigger.matchers.types import Trigger


def with_steady(cases: Sequence[Case], profile: Profile, known: Known, stored: Mapping[str, Trigger]) -> list[Case]:
    """The cases with what earlier crossings left behind, and with their steadied fits where a profile asks for them."""
    memory = memory_of(stored.values(), profile.name)
    labels = [criterion.label for criterion in profile.criteria]
    held: list[dict[str, Held]] = []
    for case in cases:
        found = {
            label: held_of(memory.get((case.subject.organization_id, label), ()), but=case.trigger_id)
            for label in labels
        }
        held.append({label: one for label, one in found.items() if one is not None})
    wide = widened(profile)
    kept = [replace(case, held=of) for case, of in zip(cases, held, strict=True)]
    if wide is None and not any(one.waits for of in held for one in of.values()):
        return kept
    return _steady_fits(kept, profile, wide or profile, known)


def _steady_fits(cases: Sequence[Case], profile: Profile, wide: Profile, known: Known) -> list[Case]:
    """Before and after under the widened ranges, all cases in two goes."""
    afters = qualify_many([case.subject.after for case in cases], wide, known.now)
    known_before = [case.subject.before for case in cases if case.subject.before is not None]
    befores = iter(qualify_many(known_before, wide, known.now))
    least = profile.thresholds.fit
    found = []
    for case, after in zip(cases, afters, strict=True):
        was_met = {label: one.is_met for label, one in case.held.items()}
        told = {label: one.is_met for label, one in case.held.items() if one.waits}
        before = None
        if case.before is not None:
            before = steadied(case.before, next(befores), was_met, least=least, told=told)
        # without a memory, what held just before counts
        was_met = (states(before) if before is not None else {}) | was_met
        found.append(replace(case, steady=(before, steadied(case.after, after, was_met, least=least))))
    return found


def only_within_margin(case: Case) -> bool:
    """Whether the plain fit crossed and the steadied one did not."""
    if case.steady is None or case.before is None or case.steady[0] is None:
        return False
    plain = (case.before.verdict == "fits") != (case.after.verdict == "fits")
    return plain and (case.steady[0].verdict == "fits") == (case.steady[1].verdict == "fits")


def in_quiet(case: Case, judged: Judgement) -> Judgement:
    """A crossing the other way, soon after one by the same criterion was told, waits."""
    days = next((c.quiet_days for c in case.profile.criteria if c.label == judged.flipped), 0)
    is_early = is_quiet(case.held.get(judged.flipped), on=case.subject.anchor, days=days)
    return replace(judged, reason=QUIET_PERIOD) if is_early and not judged.reason else judged


def released_now(
    profile: Profile, made: Sequence[Trigger], known: Known, stored: Mapping[str, Trigger]
) -> tuple[Trigger, ...]:
    """Stored crossings whose quiet period ended, of organisations of which nothing crosses in this run."""
    busy = {t.organization_id for t in made if t.effect in CROSSINGS}
    waiting = [t for t in stored.values() if t.held_back == QUIET_PERIOD and t.organization_id not in busy]
    asked = {t.organization_id for t in waiting if t.profile == profile.name} & known.organizations.keys()
    if not asked:
        return ()
    now = qualify_many([known.organizations[key] for key in sorted(asked)], profile, known.now)
    memory = {k: v for k, v in memory_of(stored.values(), profile.name).items() if k[0] in asked}
    return released(memory, {fit.organization_id: fit.verdict for fit in now}, profile, known.now.date())
