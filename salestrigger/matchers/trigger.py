"""Event × organisation × profile → triggers, fits, and an exact account of what became of every subject.

::

    events, changes ─► subjects_of ─► qualify before / after ─► judge_effect ─► rank ─► held_back ─► Trigger
                                                                                             └─► Outcome (all of them)
    organisations that changed ─► refit ─► fits, fit changes ("newly known to fit")

Every (event or change, role, organisation, profile) ends with exactly one outcome, so that a funnel adds up. A trigger
is stored where there is something to tell or to explain: an effect, or an organisation in a country of the profile that
was not reported, with the reason. No I/O, no clock: the time is ``known.now``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers.continued import Told, told_of, trigger_ids
from salestrigger.matchers.draft import Case, draft_trigger, lookup_queue
from salestrigger.matchers.effects import CALLED_OFF, CROSSINGS, NOT_YET, Judgement, judge_effect
from salestrigger.matchers.facts import best_facts
from salestrigger.matchers.lexicon import EventType
from salestrigger.matchers.named import subject_key, watching
from salestrigger.matchers.qualify import qualify_many
from salestrigger.matchers.refit import refit
from salestrigger.matchers.steady import WAITING
from salestrigger.matchers.steady_cases import in_quiet, only_within_margin, released_now, with_steady
from salestrigger.matchers.subjects import Known, NoSubject, Subject, anchor_of, subjects_of
from salestrigger.matchers.types import Detection, Event, Fact, Fit, FitChange, Organization, Trigger
from salestrigger.matchers.why_now import due
from salestrigger.sources.records import OrgChange

#: A crossing of the same criterion within these days is the same piece of news, told by another source.
SAME_CROSSING_DAYS = 180


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one (event or change, role, organisation, profile) ended: one unit of the funnel's stage ``subjects``."""

    cause_id: str  #: of the event or the change
    role: str
    organization_id: str  #: empty when the role was matched to none
    profile: str
    reason: str  #: the effect when it is reported, else why not (``effects.REASONS``, ``effects.NO_TRIGGER``, …)
    trigger_id: str = ""  #: empty when no trigger is stored


@dataclass(frozen=True, slots=True)
class TriggerResult:
    """Everything that qualifying found; stored in one transaction."""

    triggers: tuple[Trigger, ...]  #: all that were evaluated, held-back ones included; same id = same trigger
    fits: tuple[Fit, ...]  #: new or different from the stored ones
    fit_changes: tuple[FitChange, ...]
    facts: tuple[tuple[str, Fact], ...]  #: (organization id, fact) that events state
    outcomes: tuple[Outcome, ...]


def triggers_for(
    events: Sequence[Event],
    changes: Sequence[tuple[OrgChange, str]] = (),
    *,
    known: Known,
    detections: Iterable[Detection] = (),
    stored: Mapping[str, Trigger] | None = None,
    since: date | None = None,
) -> TriggerResult:
    """Qualify what happened: the last step of ``analyse``.

    ``events`` are the new and grown ones after merging (and those that :func:`due_events` names), roles resolved;
    ``changes`` every register change of the batch with what became of it (``event`` when one of ``events`` tells of
    it); ``known`` is ``analyse.Knowledge``; ``detections`` say how prominent a mention was; ``stored`` are the triggers
    already stored, by id, so that a crossing is reported once and an event that grows keeps its effect; ``since`` is
    the day of the last analysis: what was planned for a day after it, up to today, is told again.

    The order of the result follows events, then changes, then profiles, whatever the mappings' order.
    """
    if known.survey is not None:
        known.survey.expect(r.organization_id for event in events for r in event.roles if r.organization_id)
    found = subjects_of(events, changes, known, detections)
    subjects = [s for s in found if isinstance(s, Subject)]
    earlier = stored or {}
    triggers: list[Trigger] = []
    outcomes = [
        Outcome(s.cause_id, s.role, s.organization_id, profile.name, s.reason)
        for s in found if isinstance(s, NoSubject)
        for profile in known.profiles
    ]  # fmt: skip
    settled: set[tuple[str, str]] = set()
    watched = watching(subjects, known)
    told = told_of(events, earlier.values())
    for profile in known.profiles:
        made, ended, within = _under(profile, subjects, known, earlier, watched=watched, told=told)
        triggers += made
        outcomes += ended
        settled |= within
    triggers = _with_due(triggers, _told_at_once(events, known), earlier, since=since, today=known.now.date())
    facts = tuple((s.organization_id, fact) for s in subjects for fact in s.facts)
    crossed = {(t.organization_id, t.profile) for t in triggers if t.effect in CROSSINGS}
    again = refit(known, crossed | settled, _stated(subjects, known))
    return TriggerResult(tuple(triggers), again.fits, again.changes, facts, tuple(outcomes))


def due_events(
    events: Iterable[Event], types: Mapping[str, EventType], *, since: date, today: date
) -> tuple[Event, ...]:
    """Events whose time came after ``since``, up to ``today``: their window opened, or the planned day arrived."""

    def is_due(event: Event) -> bool:
        if event.type not in types or event.merged_into is not None:
            return False
        anchor = anchor_of(event, today)
        opens = anchor + timedelta(days=types[event.type].window.not_before)
        return any(since < day <= today for day in (anchor, opens))

    return tuple(event for event in events if is_due(event))


def came_due(trigger: Trigger, event: Event, *, since: date, today: date) -> date | None:
    """The planned day on which a trigger that was already told is to be told again; None: not today.

    It was told before its day, the day came after ``since``, and nobody called it off or said that it is done.
    """
    day = event.effective_on or event.event_on
    if day is None or trigger.held_back or trigger.due_on is not None or event.modality not in _AHEAD:
        return None
    told_before = any(source.published_at.date() < day for source in event.sources)
    return day if told_before and since < day <= today else None


_AHEAD = frozenset({"planned", "announced", "in_progress"})


def _told_at_once(events: Iterable[Event], known: Known) -> list[Event]:
    """Without those of types that wait: what was told on their first day is not told again on their last."""
    types = known.lexicon.types
    return [event for event in events if event.type not in types or not types[event.type].waits]


def _with_due(
    triggers: Sequence[Trigger],
    events: Sequence[Event],
    stored: Mapping[str, Trigger],
    *,
    since: date | None,
    today: date,
) -> list[Trigger]:
    """Triggers whose planned day came say so; those of earlier days keep that they were told again."""
    by_id = {event.event_id: event for event in events}
    found = []
    for trigger in triggers:
        old, event = stored.get(trigger.trigger_id), by_id.get(trigger.event_id or "")
        day = old.due_on if old is not None else None
        if old is not None and old.held_back == NOT_YET and not trigger.held_back:
            day = trigger.valid_from
        if old is not None and event is not None and since is not None and not trigger.held_back:
            new = came_due(old, event, since=since, today=today)
            if new is not None and trigger.effect != "none":
                day = new
                trigger = replace(trigger, why_now=due(trigger.why_now, new, event.precision, today))  # noqa: PLW2901
        found.append(replace(trigger, due_on=day))
    return found


def _stated(subjects: Sequence[Subject], known: Known) -> dict[str, Organization]:
    """The organisations that events state something about, with it; a register's own word still wins."""
    facts: dict[str, list[Fact]] = defaultdict(list)
    for subject in subjects:
        facts[subject.organization_id] += subject.facts
    today = known.now.date()
    return {
        key: replace(known.organizations[key], facts=joined)
        for key, new in facts.items()
        if new and (joined := best_facts([*known.organizations[key].facts, *new], known.trust, on=today))
    }


def _under(
    profile: Profile,
    subjects: Sequence[Subject],
    known: Known,
    stored: Mapping[str, Trigger],
    *,
    watched: Mapping[tuple[str, str, str], str],
    told: Told,
) -> tuple[list[Trigger], list[Outcome], set[tuple[str, str]]]:
    """All subjects under one profile; and the organisations that only moved within a margin."""
    cases = [
        replace(case, watches=watched.get(subject_key(case.subject)) == profile.name)
        for case in _cases(profile, subjects, known, stored, told=told)
    ]
    crossed = _told_crossings(profile, stored.values())
    drafts = _one_crossing_each(cases, [_first_draft(case, known, crossed) for case in cases], known)
    drafts = lookup_queue(drafts, profile, known)
    kept = [case.stored is not None or _is_worth_keeping(case, t) for case, t in zip(cases, drafts, strict=True)]
    made = [trigger for trigger, is_kept in zip(drafts, kept, strict=True) if is_kept]
    ended = [
        Outcome(
            case.subject.cause_id, trigger.role, trigger.organization_id, profile.name,
            trigger.held_back or trigger.effect, trigger.trigger_id if is_kept else "",
        )
        for case, trigger, is_kept in zip(cases, drafts, kept, strict=True)
    ]  # fmt: skip
    within = {(c.subject.organization_id, profile.name) for c in cases if only_within_margin(c)}
    return [*made, *released_now(profile, made, known, stored)], ended, within


def _cases(
    profile: Profile, subjects: Sequence[Subject], known: Known, stored: Mapping[str, Trigger], *, told: Told
) -> list[Case]:
    """Every subject with its fits, computed in two goes for all of them."""
    befores = iter(qualify_many([s.before for s in subjects if s.before is not None], profile, known.now))
    afters = qualify_many([s.after for s in subjects], profile, known.now)
    cases = []
    for key, subject, after in zip(trigger_ids(subjects, profile.name, told), subjects, afters, strict=True):
        before = next(befores) if subject.before is not None else None
        cases.append(Case(key, subject, profile, before, after, stored.get(key)))
    return with_steady(cases, profile, known, stored)


def _told_crossings(profile: Profile, stored: Iterable[Trigger]) -> Mapping[str, list[Trigger]]:
    """Crossings that were already reported, by organisation."""
    told: dict[str, list[Trigger]] = defaultdict(list)
    for trigger in stored:
        if trigger.profile == profile.name and trigger.effect in CROSSINGS and not trigger.held_back:
            told[trigger.organization_id].append(trigger)
    return told


def _first_draft(case: Case, known: Known, told: Mapping[str, list[Trigger]]) -> Trigger:
    draft = draft_trigger(case, _judgement(case, known), known)
    return _without_crossing(case, known) if _was_told(draft, told.get(draft.organization_id, ())) else draft


def _judgement(case: Case, known: Known, *, may_cross: bool = True) -> Judgement:
    """What the case means; a crossing that was stored under this very id stays what it was while it still holds."""
    old, event = case.stored, case.subject.event
    if (
        may_cross
        and old is not None
        and old.effect in CROSSINGS
        and (event is None or event.modality not in CALLED_OFF)
    ):
        still = (old.effect == "enters_icp") == (case.after.verdict == "fits")
        if still:
            return Judgement(old.effect, old.cause, old.flipped, old.held_back if old.held_back in WAITING else "")
    fit = known.fits.get((case.subject.organization_id, case.profile.name))
    judged = judge_effect(
        case.subject, case.before, case.after,
        profile=case.profile, stored=fit, steady=case.steady, may_cross=may_cross, watches=case.watches,
    )  # fmt: skip
    return in_quiet(case, judged) if judged.effect in CROSSINGS else judged


def _was_told(draft: Trigger, told: Sequence[Trigger]) -> bool:
    """Whether another trigger already told this crossing: same way, same criterion, about the same time."""
    return draft.effect in CROSSINGS and any(
        t.trigger_id != draft.trigger_id
        and (t.effect, t.flipped) == (draft.effect, draft.flipped)
        and abs((t.valid_from - draft.valid_from).days) <= SAME_CROSSING_DAYS
        for t in told
    )


def _one_crossing_each(cases: Sequence[Case], drafts: list[Trigger], known: Known) -> list[Trigger]:
    """An organisation crosses once a run: one trigger tells it, a register's own word before news, then the best.

    The others are what they are without it. So two sources of one crossing do not tell it twice, and news that
    contradicts the register on the same day does not tell the opposite.
    """

    def standing(at: int) -> tuple[bool, bool, float, str]:
        draft = drafts[at]
        return bool(draft.held_back), not cases[at].subject.is_official, -draft.rank, draft.trigger_id

    tells: dict[str, int] = {}
    for at, draft in enumerate(drafts):
        if draft.effect in CROSSINGS:
            tells[draft.organization_id] = min(tells.get(draft.organization_id, at), at, key=standing)
    return [
        draft
        if draft.effect not in CROSSINGS or tells[draft.organization_id] == at
        else _without_crossing(cases[at], known)
        for at, draft in enumerate(drafts)
    ]


def _without_crossing(case: Case, known: Known) -> Trigger:
    return draft_trigger(case, _judgement(case, known, may_cross=False), known)


def _is_worth_keeping(case: Case, trigger: Trigger) -> bool:
    """Whether a trigger is stored: there is an effect, or a person in this market may ask why there is none."""
    if trigger.effect != "none":
        return True
    abroad = {c.label for c in case.profile.criteria if c.kind == "country" and c.need == "must"}
    is_abroad = any(c.name in abroad and c.state == "not_met" for c in trigger.fit_after.criteria)
    return trigger.event_id is not None and not is_abroad
