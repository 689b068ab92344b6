"""What an event means for one organisation under one profile: its effect, its cause, and why it is held back.

One guard per reason, the first that applies wins. Pure; the fits before and after are given.

====================  =================================================================================================
effect                when
====================  =================================================================================================
enters_icp            fits after, did not fit before, and every criterion that this flipped was known to fail before
                      (a criterion that was unknown may have held all along: that is learning, not entering);
                      or it is a new organisation that fits
leaves_icp            fitted before, does not fit or is excluded after
hook                  fits after, and the type is wanted and gives a hook
hook_unknown_fit      the same, but the fit is unknown
watched               the type is wanted, and it is an account or customer of one's own that fits no profile
none                  otherwise; the reason says why
====================  =================================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers.lexicon import EventType
from salestrigger.matchers.subjects import Subject
from salestrigger.matchers.types import Cause, CriterionFit, Effect, Fit

#: Reasons why a trigger is not reported; each ends a subject in the run's funnel.
REASONS = (
    "denied", "cancelled", "customer", "competitor", "supplier", "account", "excluded", "distress", "no_hook",
    "not_wanted", "outside_icp", "wrong_company_risk", "passing_mention", "rumour", "low_confidence",
    "outside_window", "not_yet", "unknown_fit", "below_threshold", "within_margin", "quiet_period", "suppressed",
    "marketing_block",
)  # fmt: skip
#: Reasons of a subject that makes no trigger at all, besides those of a bare change (``changes.event_from_change``).
NO_TRIGGER = ("no_organization", "unknown_organization", "unknown_type", "merged", "alias", "recoding", "set_up")
#: The window of a type that waits has not opened yet.
NOT_YET = "not_yet"
CROSSINGS = frozenset({"enters_icp", "leaves_icp"})
CALLED_OFF = frozenset({"denied", "cancelled"})
#: Named by a person: what happens there is told whatever the fit.
NAMED = frozenset({"account", "customer"})


@dataclass(frozen=True, slots=True)
class Judgement:
    """The effect with its cause, the criterion that flipped, and why there is none."""

    effect: Effect
    cause: Cause
    flipped: str = ""
    reason: str = ""  #: for ``none``: why; for a crossing: why it waits


def judge_effect(
    subject: Subject,
    before: Fit | None,
    after: Fit,
    *,
    profile: Profile,
    stored: Fit | None,
    steady: tuple[Fit | None, Fit] | None = None,
    may_cross: bool = True,
    watches: bool = False,
) -> Judgement:
    """The effect of what happened to the subject.

    ``stored`` is the fit as last stored (it tells whether a fit is news to us); ``may_cross`` is false when the same
    crossing was already reported: then only a hook is left. ``steady`` are the fits before and after in which what lies
    within a margin keeps its state (``matchers.steady``). ``watches``: this profile tells of a named account that fits
    none (``matchers.named``).
    """
    if subject.event is not None and subject.event.modality in CALLED_OFF:
        return Judgement("none", "changed", reason=subject.event.modality)
    if may_cross:
        plain, crossing = _crossing(before, after), _crossing(*(steady or (before, after)))
        if crossing is None and plain is not None and plain.effect == "leaves_icp":
            crossing = replace(plain, reason="within_margin")
        if crossing is not None:
            return crossing
    cause = _cause(before, after, stored, profile)
    if watches and may_cross and subject.type is not None:
        return Judgement("watched", cause, reason=_no_opening(subject.type))
    return _hook(subject, after, profile, cause)


def _crossing(before: Fit | None, after: Fit) -> Judgement | None:
    fitted, fits = before is not None and before.verdict == "fits", after.verdict == "fits"
    if fits and before is None:
        return Judgement("enters_icp", "changed")
    if before is None or fitted == fits:
        return None
    pairs = [(b, a) for b, a in zip(before.criteria, after.criteria, strict=True) if b.state != a.state]
    if fits:
        was_known_to_fail = bool(pairs) and all(b.state != "unknown" for b, _ in pairs if b.need != "nice")
        return Judgement("enters_icp", "changed", _heaviest(pairs)) if was_known_to_fail else None
    if after.verdict in ("does_not_fit", "excluded"):
        return Judgement("leaves_icp", "changed", _heaviest(pairs))
    return None


def _heaviest(pairs: list[tuple[CriterionFit, CriterionFit]]) -> str:
    """The criterion that decided: an exclusion over a must over a nice, then by weight, then by order in the file."""
    order = {"exclude": 0, "must": 1, "nice": 2}
    ranked = sorted((after for _, after in pairs), key=lambda c: (order[c.need], -c.weight))
    return ranked[0].name if ranked else ""


def _cause(before: Fit | None, after: Fit, stored: Fit | None, profile: Profile) -> Cause:
    """Why the fit is what it is, for a trigger that is no crossing."""
    if stored is None:
        return "first_load"
    if stored.profile_version != profile.version:
        return "profile_edited"
    return (
        "learned" if before is None or stored.verdict != after.verdict or before.verdict != after.verdict else "changed"
    )


def _hook(subject: Subject, after: Fit, profile: Profile, cause: Cause) -> Judgement:
    if subject.type is None:
        return Judgement("none", cause, reason=subject.change_reason)
    if after.verdict == "does_not_fit" or any(c.need == "must" and c.state == "not_met" for c in after.criteria):
        return Judgement("none", cause, reason="outside_icp")
    if after.verdict == "excluded":
        return Judgement("none", cause, reason=excluded_by(after, subject.after.relation))
    if reason := _no_opening(subject.type):
        return Judgement("none", cause, reason=reason)
    if not profile.event_weight(subject.type.id):
        return Judgement("none", cause, reason="not_wanted")
    return Judgement("hook" if after.verdict == "fits" else "hook_unknown_fit", cause)


def _no_opening(kind: EventType) -> str:
    """Why nobody opens a sales talk with this kind of event; empty: one may."""
    if kind.hook != "never":
        return ""
    return "distress" if kind.polarity == "distress" else "no_hook"


def excluded_by(fit: Fit, relation: str) -> str:
    """Which exclusion applies, as a reason: the relation's own name, distress for a status, else ``excluded``."""
    applying = {c.name for c in fit.criteria if c.need == "exclude" and c.state == "met"}
    if "relation" in applying:
        return relation
    return "distress" if "status" in applying else "excluded"


def is_customer(subject: Subject, profile: Profile) -> bool:
    """Whether it is a customer for whom the profile wants another play."""
    return subject.after.relation == "customer" and profile.exclude.customers == "separate"


def _doubt(subject: Subject, profile: Profile) -> str:
    """Why it may not be so, or not this company."""
    if subject.decision == "review":
        return "wrong_company_risk"
    if subject.prominence == "body" and not subject.is_official:
        return "passing_mention"
    if subject.event is not None and subject.event.modality == "rumour":
        return "rumour"
    if subject.event is not None and subject.event.confidence < profile.thresholds.confidence:
        return "low_confidence"
    return ""


def _is_named(subject: Subject) -> bool:
    return subject.after.relation in NAMED


def held_back(
    subject: Subject, judgement: Judgement, *, profile: Profile, rank: float, is_over: bool, is_early: bool = False
) -> str:
    """Why the trigger is not reported, or "" when it is. Leaving is told even when it is late or weak."""
    if judgement.effect == "none" or judgement.reason:
        # trouble at a customer concerns its owner, although nobody would open a sale with it
        return "customer" if judgement.reason == "distress" and is_customer(subject, profile) else judgement.reason
    if is_customer(subject, profile):
        return "customer"
    if doubt := _doubt(subject, profile):
        return doubt
    if judgement.effect == "leaves_icp":
        return ""
    if profile.exclude.marketing_block == "hold" and subject.after.get("marketing_block") is True:
        return "marketing_block"
    if is_over or is_early:
        return "outside_window" if is_over else NOT_YET
    if judgement.effect == "watched":
        return ""
    if judgement.effect == "hook_unknown_fit" and profile.unknown_must.policy == "hide" and not _is_named(subject):
        return "unknown_fit"
    return "below_threshold" if rank < profile.thresholds.rank else ""
