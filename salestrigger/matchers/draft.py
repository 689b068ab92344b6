"""One subject under one profile → its Trigger, with rank, window, sentence and the reason for not being reported.

What it means (the judgement) is decided in ``matchers.effects``; how several subjects bear on each other in
``matchers.trigger``. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers.conflicts import CONFLICT
from salestrigger.matchers.effects import CROSSINGS, NAMED, Judgement, held_back, is_customer
from salestrigger.matchers.judge import currencies
from salestrigger.matchers.lexicon import Window
from salestrigger.matchers.score import Season, Weighed, rank, rank_terms
from salestrigger.matchers.steady import Held
from salestrigger.matchers.subjects import Known, Subject
from salestrigger.matchers.types import Fit, Trigger
from salestrigger.matchers.why_now import contradicted, customer_play, field_label, when, why_now

#: A register change that is no event (an industry code, a small change of headcount) has no type of its own.
CHANGE_IMPACT = 60
CHANGE_WINDOW = Window(not_before=0, best=90, expires=180)


@dataclass(frozen=True, slots=True)
class Case:
    """One subject under one profile."""

    trigger_id: str
    subject: Subject
    profile: Profile
    before: Fit | None
    after: Fit
    stored: Trigger | None
    steady: tuple[Fit | None, Fit] | None = None  #: the fits in which what lies within a margin keeps its state
    held: Mapping[str, Held] = field(default_factory=dict)  #: criterion → what the last crossing by it left behind
    watches: bool = False  #: a named account that fits no profile, of which this profile tells


def draft_trigger(case: Case, judgement: Judgement, known: Known) -> Trigger:
    """The trigger of one case, with its rank and its reason for not being reported."""
    subject, today = case.subject, known.now.date()
    season = Season.of(subject.anchor, subject.type.window if subject.type else CHANGE_WINDOW)
    crossing = judgement.effect in CROSSINGS
    old = case.stored
    fit_before = old.fit_before if old is not None and crossing and old.effect == judgement.effect else case.before
    counted = fit_before if judgement.effect == "leaves_icp" and fit_before is not None else case.after
    terms = rank_terms(counted, _weighed(case, known, season.freshness(today), crossing=crossing))
    value = rank(terms)
    is_early = subject.type is not None and subject.type.waits and today < season.opens
    reason = held_back(
        subject, judgement, profile=case.profile, rank=value, is_over=season.is_over(today), is_early=is_early
    )
    return Trigger(
        trigger_id=case.trigger_id,
        event_id=subject.event.event_id if subject.event else None,
        change_id=subject.change.change_id if subject.change and not subject.event else None,
        organization_id=subject.organization_id,
        role=subject.role,
        profile=case.profile.name,
        profile_version=case.profile.version,
        effect=judgement.effect,
        cause=judgement.cause,
        fit_before=fit_before,
        fit_after=case.after,
        flipped=judgement.flipped,
        valid_from=season.opens,
        valid_until=season.until,
        rank=value,
        rank_terms=terms,
        held_back=reason,
        why_now=_why_now(case, judgement, season, today),
    )


def _weighed(case: Case, known: Known, freshness: float, *, crossing: bool) -> Weighed:
    """What counts for the rank. A crossing matters whatever the type; a bare change has no type to be wanted."""
    subject, event = case.subject, case.subject.event
    kind = subject.type
    return Weighed(
        impact=kind.impact if kind else CHANGE_IMPACT,
        wanted=1.0 if crossing or kind is None else case.profile.event_weight(kind.id),
        probability=subject.probability,
        confidence=event.confidence if event else 1.0,
        freshness=freshness,
        modality=event.modality if event else "completed",
        independent_sources=event.independent_sources if event else 1,
        is_official=subject.is_official,
        territory=bool(known.owners.of(subject.after, case.profile.name, known.now.date()).owner)
        if known.owners
        else None,
        order_size=order_share(case.profile, known.profiles),
        relation=subject.after.relation,
    )


def order_share(profile: Profile, profiles: Sequence[Profile]) -> float | None:
    """What an order under ``profile`` is worth, against the largest of all profiles; None when it names no value."""
    rates = currencies().per_euro
    euros = {p.name: p.order_value.amount / rates[p.order_value.currency] for p in profiles if p.order_value}
    own = euros.get(profile.name)
    return None if own is None else float(own / max(euros.values()))


def _why_now(case: Case, judgement: Judgement, season: Season, today: date) -> str:
    subject = case.subject
    label = subject.type.label.en if subject.type else field_label(subject.change.field if subject.change else "")
    event, change = subject.event, subject.change
    happened = when(
        subject.anchor, today=today, precision=event.precision if event else "day",
        is_stated=event is None or subject.is_official or bool(event.effective_on or event.event_on),
    )  # fmt: skip
    because = f"{subject.type.id}.{subject.role}" if subject.type else f"change.{change.field if change else ''}"
    sentence = why_now(
        judgement.effect, what=f"{label} {happened}", today=today, season=season, fit=case.after,
        flipped=judgement.flipped, relation=subject.after.relation, because=because,
    )  # fmt: skip
    against = [e.says for e in subject.event.evidence if e.feature == CONFLICT] if subject.event else []
    if against:
        sentence = contradicted(sentence, against[-1])
    if not is_customer(subject, case.profile):
        return sentence
    return customer_play(sentence, judgement.effect, subject.type.polarity if subject.type else "")


def lookup_queue(triggers: list[Trigger], profile: Profile, known: Known) -> list[Trigger]:
    """Under the policy ``lookup`` only the first few organisations of unknown fit are shown, the best first.

    Named accounts are shown besides.
    """
    policy = profile.unknown_must
    if policy.policy != "lookup":
        return triggers
    waiting = [t for t in triggers if t.effect == "hook_unknown_fit" and not t.held_back]
    open_ones = [t for t in waiting if known.organizations[t.organization_id].relation not in NAMED]
    ordered = sorted(open_ones, key=lambda t: (-t.fit_after.upper, -t.rank, t.trigger_id))
    first = list(dict.fromkeys(t.organization_id for t in ordered))[: policy.first]
    late = {t.trigger_id for t in open_ones if t.organization_id not in first}
    return [replace(t, held_back="unknown_fit") if t.trigger_id in late else t for t in triggers]
