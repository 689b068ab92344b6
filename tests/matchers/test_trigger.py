"""What happens brings an organisation into the profile or out of it; what is merely learned does not."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from salestrigger.matchers.qualify import qualify
from salestrigger.matchers.trigger import TriggerResult, came_due, due_events, triggers_for
from salestrigger.matchers.types import Detection, Event, Match, Mention, Trigger
from tests.matchers.qualifying import (
    BERGEN,
    LEXICON,
    NOW,
    TODAY,
    World,
    change,
    event,
    organization,
    profile,
    role,
    world,
)

ORG = "org_fjellbro"


def only(result: TriggerResult) -> Trigger:
    """The one trigger of a result."""
    (trigger,) = result.triggers
    return trigger


def told(known: World, *events: Event, **more: Any) -> Trigger:
    """The one trigger that these events give."""
    return only(triggers_for(events, known=known, **more))


def reasons(result: TriggerResult) -> Counter[str]:
    """How the subjects ended."""
    return Counter(o.reason for o in result.outcomes)


# --- entering and leaving ---------------------------------------------------------------------------------------------


def test_a_register_move_into_the_territory_enters() -> None:
    """The register says that it moved: it fits since then, and the criterion that flipped is named."""
    known = world(organization(), before=(organization(**BERGEN),))
    moved = event("relocation", role(ORG), sources=(replace(event("x").sources[0], document_id=f"chg_address_{ORG}"),))
    trigger = only(triggers_for([moved], [(change("address"), "event")], known=known))
    assert (trigger.effect, trigger.cause, trigger.flipped, trigger.held_back) == (
        "enters_icp",
        "changed",
        "territory",
        "",
    )
    assert trigger.fit_before is not None
    assert (trigger.fit_before.verdict, trigger.fit_after.verdict) == ("does_not_fit", "fits")
    assert trigger.why_now == (
        "Relocation on 6 September 2026: since then it meets the criterion 'territory', and so fits the profile; "
        "best used until 5 November 2026"
    )


def test_news_of_a_move_into_the_territory_enters() -> None:
    """An announced move in the news counts, when the place is one that organisations are known to be in."""
    known = world(organization(**BERGEN), organization("Nabo"))
    trigger = told(known, event("relocation", role(ORG), attributes={"location": "Oslo"}))
    assert (trigger.effect, trigger.flipped) == ("enters_icp", "territory")
    nowhere = told(known, event("relocation", role(ORG), attributes={"location": "Næringsparken"}))
    assert (nowhere.effect, nowhere.held_back) == ("none", "outside_icp")


def test_news_of_a_move_out_leaves() -> None:
    """It fitted until it moved away."""
    known = world(organization(), organization("Nabo", **BERGEN))
    trigger = told(known, event("relocation", role(ORG), attributes={"location": "Bergen"}))
    assert (trigger.effect, trigger.flipped, trigger.held_back) == ("leaves_icp", "territory", "")


def test_a_change_of_headcount_crosses_the_bound() -> None:
    """A register change that is no news event is still the cause of entering."""
    known = world(organization(employees=55), before=(organization(employees=45),))
    trigger = only(triggers_for([], [(change("employees"), "below_threshold")], known=known))
    assert (trigger.effect, trigger.flipped, trigger.event_id) == ("enters_icp", "size", None)
    assert trigger.change_id == f"chg_employees_{ORG}"
    assert trigger.why_now.startswith("Change in the number of employees on 5 September 2026")


def test_a_headcount_that_was_unknown_is_learned() -> None:
    """A number where there was none may have been right all along: newly known to fit, not entering."""
    known = world(organization(employees=55), before=(organization(employees=None),))
    known = replace(known, fits={(ORG, "oslo"): qualify(organization(employees=None), profile(), NOW)})
    result = triggers_for([], [(change("employees"), "before_unknown")], known=known)
    assert result.triggers == ()
    assert [(c.organization_id, c.cause) for c in result.fit_changes] == [(ORG, "learned")]
    assert reasons(result) == {"before_unknown": 1}


def test_what_is_learned_in_the_same_run_is_not_entering() -> None:
    """The accounts tell the headcount on the day of other news: the news is a hook, the fit is learned."""
    known = world(organization(), before=(organization(employees=None),))
    known = replace(known, fits={(ORG, "oslo"): qualify(organization(employees=None), profile(), NOW)})
    result = triggers_for([event("executive_hire", role(ORG))], known=known)
    assert (only(result).effect, only(result).cause) == ("hook", "learned")
    assert [c.cause for c in result.fit_changes] == ["learned"]


def test_news_of_a_total_fills_what_is_unknown_but_does_not_enter() -> None:
    """ "Grows to 120 people" does not say that it was below the bound before."""
    known = world(organization(employees=None))
    grows = event(
        "headcount_growth", role(ORG), attributes={},
        quote="vokser til 120 ansatte", quote_span=(0, 22),
    )  # fmt: skip
    grows = replace(grows, attributes=(replace(event("x", attributes={"headcount": "120"}).attributes[0], start=11),))
    result = triggers_for([grows], known=known)
    assert only(result).effect == "hook"
    assert [(key, fact.value) for key, fact in result.facts] == [(ORG, 120)]
    smaller = world(organization(employees=30))
    assert told(smaller, grows).effect == "enters_icp"


def test_an_insolvency_leaves_and_gives_no_hook() -> None:
    """It fitted until then; nobody is told to open with it."""
    trigger = told(world(organization()), event("insolvency", role(ORG)))
    assert (trigger.effect, trigger.flipped, trigger.valid_until) == ("leaves_icp", "status", None)


def test_an_insolvency_outside_the_profile_is_distress() -> None:
    """Where it did not fit before, there is nothing to leave, and still nothing to sell."""
    trigger = told(world(organization(employees=None)), event("insolvency", role(ORG)))
    assert (trigger.effect, trigger.held_back) == ("none", "distress")


def test_a_deletion_leaves_although_the_register_empties_the_record() -> None:
    """Of what it deletes a register states the name alone: it fitted until that day, and is not merely unknown."""
    emptied = organization(country="NO", municipality_code=None, employees=None, status="dissolved")
    known = world(emptied, before=(organization(status="active"),))
    deleted = change("status", after="dissolved", details={"kind": "sletting"})
    trigger = only(triggers_for([], [(deleted, "not_news")], known=known))
    assert (trigger.effect, trigger.cause, trigger.flipped) == ("leaves_icp", "changed", "status")


def test_a_new_legal_entity_enters() -> None:
    """An organisation that is itself new was not there before: it enters, with no criterion that flipped."""
    young = organization(founded=date(2026, 8, 20))
    trigger = told(world(young, before=()), event("incorporation", role(ORG)))
    assert (trigger.effect, trigger.flipped, trigger.fit_before) == ("enters_icp", "", None)
    assert "a new organisation that fits" in trigger.why_now


def test_an_old_organisation_seen_first_is_a_baseline() -> None:
    """The first load of an organisation is no change, whatever is in its record."""
    old = organization(founded=date(1998, 1, 1))
    result = triggers_for([event("incorporation", role(ORG))], known=world(old, before=()))
    assert (only(result).effect, only(result).cause) == ("hook", "first_load")
    assert [c.cause for c in result.fit_changes] == ["first_load"]


def test_a_mass_recoding_gives_nothing() -> None:
    """The same activity under a code of another set: no trigger, even where the fit moves; it is learned."""
    industry = {"kind": "industry", "codes": ["62"], "codesets": ["SN2025"]}
    wanted = profile(criteria=[industry])
    old, new = organization(industry=("SN2007:62.010",)), organization(industry=("SN2025:62.100",))
    known = world(new, before=(old,), profiles=(wanted,), fits={(ORG, "oslo"): qualify(old, wanted, NOW)})
    marked = change("industry", details={"recoding": "bulk"})
    assert triggers_for([], [(marked, "fact_only")], known=known).outcomes[0].reason == "recoding"
    result = triggers_for([], [(change("industry"), "recoding")], known=known)
    assert result.triggers == ()
    assert reasons(result) == {"recoding": 1}
    assert [c.cause for c in result.fit_changes] == ["learned"]


def test_a_true_change_of_industry_enters() -> None:
    """Another code of the same set is something that happened."""
    wanted = profile(criteria=[{"kind": "industry", "codes": ["62"], "codesets": ["SN2025"]}])
    old, new = organization(industry=("SN2025:01.1",)), organization(industry=("SN2025:62.100",))
    known = world(new, before=(old,), profiles=(wanted,))
    trigger = only(triggers_for([], [(change("industry"), "fact_only")], known=known))
    assert (trigger.effect, trigger.flipped) == ("enters_icp", "industry")


def test_an_edited_profile_gives_nothing() -> None:
    """The organisation did nothing: the fit changed because the profile did."""
    strict, loose = profile(), profile(criteria=[{"kind": "country", "values": ["NO"]}])
    old = qualify(organization(**BERGEN), strict, NOW)
    known = world(organization(**BERGEN), profiles=(loose,), fits={(ORG, "oslo"): old})
    result = triggers_for([], known=known)
    assert result.triggers == ()
    assert [(c.cause, c.after.verdict) for c in result.fit_changes] == [("profile_edited", "fits")]


def test_a_crossing_is_told_once() -> None:
    """The register confirms next week what the news told: that is not entering again."""
    first = told(
        world(organization(**BERGEN), organization("Nabo")),
        event("relocation", role(ORG), attributes={"location": "Oslo"}),
    )
    known = world(organization(), before=(organization(**BERGEN),))
    later = event(
        "relocation", role(ORG), event_id="evt_other",
        sources=(replace(event("x").sources[0], document_id=f"chg_address_{ORG}"),),
    )  # fmt: skip
    again = only(triggers_for([later], [(change("address"), "event")], known=known, stored={first.trigger_id: first}))
    assert (first.effect, again.effect) == ("enters_icp", "hook")


def test_two_changes_at_once_cross_once() -> None:
    """A move and a growth that both would do it: one trigger tells it."""
    known = world(organization(employees=60), before=(organization(employees=40, **BERGEN),))
    result = triggers_for(
        [], [(change("address"), "same_municipality"), (change("employees"), "fact_only")], known=known
    )
    assert [t.effect for t in result.triggers] == ["enters_icp"]
    assert sorted(reasons(result).values()) == [1, 1]


def test_news_does_not_contradict_the_register_of_the_same_day() -> None:
    """The register says that it moved in; a text that reads as moving out does not tell the opposite."""
    known = world(organization(), organization("Nabo", **BERGEN), before=(organization(**BERGEN),))
    out = event("relocation", role(ORG), attributes={"location": "Bergen"})
    result = triggers_for([out], [(change("address"), "fact_only")], known=known)
    assert [
        (t.effect, t.change_id is not None) for t in result.triggers if t.effect in ("enters_icp", "leaves_icp")
    ] == [("enters_icp", True)]


def test_a_headcount_that_was_withheld_is_learned() -> None:
    """A register gives "below 5" for what it withholds: the number that takes its place happened nowhere."""
    known = world(organization(employees=55), before=(organization(employees="0-4"),))
    assert triggers_for([], [(change("employees"), "fact_only")], known=known).triggers == ()


def test_an_event_that_grows_stays_what_it_was() -> None:
    """A second source on a later day, when the move is already known, does not turn entering into a hook."""
    moved = event("relocation", role(ORG), attributes={"location": "Oslo"})
    first = told(world(organization(**BERGEN), organization("Nabo")), moved)
    again = told(world(organization(), organization("Nabo")), moved, stored={first.trigger_id: first})
    assert (again.trigger_id, again.effect, again.flipped, again.fit_before) == (
        first.trigger_id, "enters_icp", "territory", first.fit_before,
    )  # fmt: skip


def test_the_same_input_gives_the_same_triggers() -> None:
    """Nothing depends on anything but the input."""
    known = world(organization(), organization("Nabo", **BERGEN))
    events = [event("executive_hire", role(ORG)), event("relocation", role(ORG), attributes={"location": "Bergen"})]
    assert triggers_for(events, known=known) == triggers_for(events, known=known)


# --- hooks and what is held back --------------------------------------------------------------------------------------


def test_a_hook_for_one_that_fits() -> None:
    """It fits, and here is something to talk about."""
    known = world(organization())
    fit = qualify(organization(), profile(), NOW)
    trigger = told(replace(known, fits={(ORG, "oslo"): fit}), event("executive_hire", role(ORG)))
    assert (trigger.effect, trigger.cause, trigger.held_back, trigger.flipped) == ("hook", "changed", "", "")
    assert trigger.valid_from == date(2026, 9, 20)
    assert trigger.why_now == (
        "Executive hire in the news of 6 September 2026: somebody new in such a post often looks again at suppliers; "
        "best used from 20 September 2026 on"
    )


def test_a_hook_whose_fit_is_unknown_says_what_would_settle_it() -> None:
    """The look-up is named in the sentence."""
    trigger = told(world(organization(employees=None)), event("acquisition", role(ORG, "target")))
    assert trigger.effect == "hook_unknown_fit"
    assert "to settle first: headcount in the register or the accounts" in trigger.why_now


def test_each_role_holder_gets_its_own_trigger() -> None:
    """Acquirer and target are told apart; an organisation in two roles too."""
    known = world(organization(), organization("Nabo"))
    bought = event("acquisition", role("org_nabo", "acquirer"), role(ORG, "target"), role(ORG, "seller"))
    result = triggers_for([bought], known=known)
    assert {(t.organization_id, t.role) for t in result.triggers} == {
        ("org_nabo", "acquirer"), (ORG, "target"), (ORG, "seller"),
    }  # fmt: skip
    assert len({t.trigger_id for t in result.triggers}) == 3


HELD: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any], str]] = [
    ({"kind": "executive_hire"}, {"decision": "review"}, {}, "wrong_company_risk"),
    ({"kind": "executive_hire", "modality": "rumour"}, {}, {}, "rumour"),
    ({"kind": "executive_hire", "modality": "denied"}, {}, {}, "denied"),
    ({"kind": "executive_hire", "modality": "cancelled"}, {}, {}, "cancelled"),
    ({"kind": "executive_hire", "confidence": 0.4}, {}, {}, "low_confidence"),
    ({"kind": "executive_hire", "event_on": date(2025, 1, 1)}, {}, {}, "outside_window"),
    ({"kind": "recognition"}, {}, {}, "not_wanted"),
    ({"kind": "layoffs"}, {}, {}, "distress"),
    ({"kind": "executive_hire"}, {}, {"relation": "customer"}, "customer"),
    ({"kind": "executive_hire"}, {}, {"relation": "competitor"}, "competitor"),
    ({"kind": "executive_hire"}, {}, {"status": "bankrupt"}, "distress"),
    ({"kind": "executive_hire"}, {}, {"employees": 3}, "outside_icp"),
    ({"kind": "insolvency"}, {}, {"employees": 3}, "outside_icp"),
    ({"kind": "executive_hire"}, {}, {"employees": 3, "relation": "competitor"}, "outside_icp"),
]


@pytest.mark.parametrize(("happened", "matched", "who", "reason"), HELD)
def test_why_a_trigger_is_held_back(
    happened: dict[str, Any], matched: dict[str, Any], who: dict[str, Any], reason: str
) -> None:
    """It is kept with its reason, and its outcome is that reason."""
    details = dict(happened)
    made = event(details.pop("kind"), role(ORG, **matched), **details)
    result = triggers_for([made], known=world(organization(**who)))
    assert only(result).held_back == reason
    assert reasons(result) == {reason: 1}
    assert result.outcomes[0].trigger_id == only(result).trigger_id


def test_a_profile_that_includes_customers_tells_them() -> None:
    """Customers are another play by default; a profile may treat them like any other."""
    known = world(organization(relation="customer"), profiles=(profile(exclude={"customers": "include"}),))
    assert told(known, event("executive_hire", role(ORG))).held_back == ""


def test_a_mark_against_marketing_is_told_or_holds_back() -> None:
    """The register's mark warns by default; a profile may hold such companies back. Leaving is told all the same."""
    marked, holding = organization(marketing_block=True), profile(exclude={"marketing_block": "hold"})
    assert told(world(marked), event("executive_hire", role(ORG))).held_back == ""
    known = world(marked, profiles=(holding,))
    assert told(known, event("executive_hire", role(ORG))).held_back == "marketing_block"
    assert told(known, event("insolvency", role(ORG))).effect == "leaves_icp"
    unmarked = world(organization(marketing_block=False), profiles=(holding,))
    assert told(unmarked, event("executive_hire", role(ORG))).held_back == ""


def test_a_rank_below_the_threshold_is_held_back() -> None:
    """Leaving is told all the same."""
    known = world(organization(), profiles=(profile(thresholds={"rank": 99}),))
    assert told(known, event("executive_hire", role(ORG))).held_back == "below_threshold"
    assert told(known, event("insolvency", role(ORG))).held_back == ""


def test_a_passing_mention_is_held_back() -> None:
    """An organisation that is only named deep in the text is not what the text is about."""

    def read(prominence: Any) -> Detection:
        mention = Mention("men_1", "doc_1", "Fjellbro", 0, 8, prominence, "known", (ORG,))
        match = Match("men_1", ORG, 0.95, "accept", None, 0.5, 0, ())
        return Detection("doc_1", "nb", (mention,), {"men_1": match}, (), "event", "")

    happened = event("executive_hire", role(ORG))
    known = world(organization())
    assert told(known, happened, detections=[read("body")]).held_back == "passing_mention"
    assert told(known, happened, detections=[read("lead")]).held_back == ""
    assert told(known, happened, detections=[read("body"), read("title")]).held_back == ""


def test_the_policy_for_unknown_must_haves() -> None:
    """Hide holds all of them back, show none, lookup all but the first by upper bound and rank."""
    names = ("Aa", "Bb", "Cc")
    known = world(*(organization(n, employees=None) for n in names))
    events = [
        event("acquisition", role(f"org_{n.lower()}", "target"), event_id=f"evt_{n}", confidence=0.6 + 0.1 * i)
        for i, n in enumerate(names)
    ]

    def shown(**policy: Any) -> list[str]:
        result = triggers_for(events, known=replace(known, profiles=(profile(unknown_must=policy),)))
        assert {t.held_back for t in result.triggers} <= {"", "unknown_fit"}
        return [t.organization_id for t in result.triggers if not t.held_back]

    assert shown(policy="hide") == []
    assert shown(policy="show") == ["org_aa", "org_bb", "org_cc"]
    assert shown(policy="lookup", first=1) == ["org_cc"]


def test_an_organisation_of_another_country_is_counted_but_not_kept() -> None:
    """A Dutch company's event says nothing under a Norwegian profile: one outcome, no row."""
    result = triggers_for([event("executive_hire", role(ORG))], known=world(organization(country="NL")))
    assert result.triggers == ()
    assert reasons(result) == {"outside_icp": 1}


# --- the account of every subject -------------------------------------------------------------------------------------


def test_every_subject_ends_once_under_every_profile() -> None:
    """Events × roles × profiles, and changes × profiles, add up exactly."""
    profiles = (profile(), profile(name="all", criteria=[{"kind": "country", "values": ["NO", "NL"]}]))
    known = world(organization(), organization("Nabo", country="NL"), profiles=profiles)
    events = [
        event(
            "acquisition", role(ORG, "target"), role(None, "acquirer", decision="reject"), role("org_nabo", "seller")
        ),
        event("executive_hire", role("org_gone")),
        event("relocation"),
        event("never_heard_of", role(ORG)),
        event("layoffs", role(ORG), role(ORG, decision="review", probability=0.5), event_id="evt_twice"),
        event("executive_hire", role(ORG), event_id="evt_merged", merged_into="evt_executive_hire"),
    ]
    changes = [
        (change("name"), "alias"),
        (change("industry"), "fact_only"),
        (change("website", "org_unknown"), "fact_only"),
        (change("address"), "event"),
    ]
    result = triggers_for(events, changes, known=known)
    keys = [(o.cause_id, o.role, o.organization_id, o.profile) for o in result.outcomes]
    assert len(keys) == len(set(keys)) == 2 * (3 + 1 + 1 + 1 + 1 + 1 + 3)
    under = Counter(o.reason for o in result.outcomes if o.profile == "oslo")
    assert under == {
        "hook": 1, "no_organization": 2, "outside_icp": 1, "unknown_organization": 2, "unknown_type": 1,
        "distress": 1, "merged": 1, "alias": 1, "fact_only": 1,
    }  # fmt: skip


def test_stored_fits_that_say_the_same_are_not_written_again() -> None:
    """A second run over the same knowledge has no new fits and no changes."""
    known = world(organization())
    first = triggers_for([], known=known)
    assert [f.verdict for f in first.fits] == ["fits"]
    again = replace(known, fits={(f.organization_id, f.profile): f for f in first.fits})
    second = triggers_for([], known=again)
    assert (second.fits, second.fit_changes) == ((), ())


def test_a_registers_word_wins_over_news_in_the_stored_fit() -> None:
    """The trigger says what the news means; the stored fit follows the register until it says so too."""
    known = world(organization(**BERGEN), organization("Nabo"))
    result = triggers_for([event("relocation", role(ORG), attributes={"location": "Oslo"})], known=known)
    fits = {f.organization_id: f.verdict for f in result.fits}
    assert only(result).fit_after.verdict == "fits"
    assert fits[ORG] == "does_not_fit"


# --- planned events ---------------------------------------------------------------------------------------------------


def test_planned_events_come_back_when_due() -> None:
    """A planned event is due again when its window opens and when its day arrives, each once."""
    planned = event("relocation", role(ORG), modality="planned", effective_on=TODAY + timedelta(days=70))
    days = [TODAY + timedelta(days=n) for n in range(100)]
    due = [
        day for before, day in itertools.pairwise(days) if due_events([planned], LEXICON.types, since=before, today=day)
    ]
    assert due == [TODAY + timedelta(days=10), TODAY + timedelta(days=70)]
    trigger = told(world(organization()), planned)
    assert trigger.held_back == ""
    assert trigger.valid_from == TODAY + timedelta(days=10)
    assert "planned for 16 November 2026" in trigger.why_now
    day = TODAY + timedelta(days=70)
    assert came_due(trigger, planned, since=TODAY, today=TODAY + timedelta(days=10)) is None
    assert came_due(trigger, planned, since=day - timedelta(days=1), today=day) == day
    assert came_due(trigger, planned, since=day, today=day + timedelta(days=1)) is None
    assert came_due(replace(trigger, held_back="rumour"), planned, since=TODAY, today=day) is None
    for modality in ("completed", "cancelled", "denied"):
        assert came_due(trigger, replace(planned, modality=modality), since=TODAY, today=day) is None


@pytest.mark.parametrize(
    ("late", "precision", "says"),
    [(0, "day", "Planned for today: "), (2, "day", "Planned for 16 November 2026, which has come: "),
     (0, "month", "Planned for this month: ")],
)  # fmt: skip
def test_a_told_trigger_says_that_its_day_has_come_and_says_it_once(late: int, precision: str, says: str) -> None:
    """On the day, or the first run after it; afterwards it only remembers."""
    known = world(organization())
    planned = event("relocation", role(ORG), modality="planned", effective_on=TODAY + timedelta(days=70))
    planned = replace(planned, precision=precision)
    first = told(known, planned)
    day = TODAY + timedelta(days=70)
    later = replace(known, now=known.now + timedelta(days=70 + late))
    (again,) = triggers_for(
        [planned], known=later, stored={first.trigger_id: first}, since=day - timedelta(days=1)
    ).triggers  # fmt: skip
    assert again.why_now.startswith(says)
    assert (first.due_on, again.due_on, again.trigger_id) == (None, day, first.trigger_id)
    (after,) = triggers_for([planned], known=later, stored={first.trigger_id: again}, since=TODAY).triggers
    assert (after.due_on, after.why_now.startswith("Planned for")) == (day, False)


def test_a_plan_or_a_doubtful_match_changes_no_fact() -> None:
    """Only what is announced or later, of an accepted match, may update an organisation."""
    known = world(organization(**BERGEN), organization("Nabo"))
    for made in (
        event("relocation", role(ORG), attributes={"location": "Oslo"}, modality="planned"),
        event("relocation", role(ORG, decision="review"), attributes={"location": "Oslo"}),
    ):
        result = triggers_for([made], known=known)
        assert result.facts == ()
        assert only(result).effect == "none"


def test_now_is_given() -> None:
    """The same event is out of its window for a later now."""
    known = world(organization())
    later = replace(known, now=datetime(2027, 9, 7, tzinfo=UTC))
    made = event("executive_hire", role(ORG))
    assert told(known, made).held_back == ""
    assert told(later, made).held_back == "outside_window"


# --- one story, one trigger ---


def again(known: World, happened: Event, stored: TriggerResult) -> TriggerResult:
    """The event as it is now, with what was stored of it before."""
    return triggers_for([happened], known=known, stored={t.trigger_id: t for t in stored.triggers})


@pytest.mark.parametrize("first", ["merger", "partnership"])
def test_a_retyped_event_updates_the_trigger_that_was_told(first: str) -> None:
    """An alliance or a merger that is now told as a take-over: the same trigger under today's role, for each party,
    also when it grows once more, and back again."""
    wanted = profile(event_types=dict.fromkeys((first, "acquisition"), 1.0))
    known = world(organization(), organization("Granli"), profiles=(wanted,))
    party = [role(ORG, "party"), role("org_granli", "party", surface="Granli")]
    deal = [role(ORG, "acquirer"), role("org_granli", "target", surface="Granli")]
    told_first = triggers_for([event(first, *party)], known=known)
    retyped = again(known, event("acquisition", *deal, event_id=f"evt_{first}"), told_first)
    assert [t.trigger_id for t in retyped.triggers] == [t.trigger_id for t in told_first.triggers]
    assert [(t.role, t.effect) for t in retyped.triggers] == [("acquirer", "hook"), ("target", "hook")]
    done = again(known, event("acquisition", *deal, event_id=f"evt_{first}", modality="completed"), retyped)
    back = again(known, event(first, *party), done)
    for later in (done, back):
        assert [t.trigger_id for t in later.triggers] == [t.trigger_id for t in told_first.triggers]


@pytest.mark.parametrize("steps", [("rumour", "planned", "completed"), ("planned", "announced", "cancelled")])
def test_an_event_that_gets_more_final_keeps_its_trigger(steps: tuple[str, ...]) -> None:
    """A bid that becomes a take-over, and a plan that is carried out, are told once."""
    known = world(organization())
    result = triggers_for([event("acquisition", role(ORG, "target"), modality=steps[0])], known=known)
    for step in steps[1:]:
        later = again(known, event("acquisition", role(ORG, "target"), modality=step), result)
        assert [t.trigger_id for t in later.triggers] == [t.trigger_id for t in result.triggers]
        result = later


def test_an_event_that_went_into_another_leaves_it_its_trigger() -> None:
    """Two events that turn out to be one have one trigger for the organisation, the one that was told."""
    known = world(organization(), organization("Granli"))
    target = event("acquisition", role(ORG, "target"), event_id="evt_b")
    result = triggers_for([target], known=known)
    whole = event("acquisition", role("org_granli", "acquirer", surface="Granli"), role(ORG, "target"))
    gone = replace(target, merged_into=whole.event_id)
    joined = triggers_for([whole, gone], known=known, stored={t.trigger_id: t for t in result.triggers})
    by_organization = {t.organization_id: t for t in joined.triggers}
    assert by_organization[ORG].trigger_id == result.triggers[0].trigger_id
    assert by_organization[ORG].event_id == whole.event_id
    assert by_organization["org_granli"].trigger_id != result.triggers[0].trigger_id


def test_a_second_part_in_an_event_is_a_second_trigger() -> None:
    """Whoever keeps its role and gets another has two, with ids of their own."""
    known = world(organization())
    result = triggers_for([event("acquisition", role(ORG, "target"))], known=known)
    both = again(known, event("acquisition", role(ORG, "seller"), role(ORG, "target")), result)
    assert len({t.trigger_id for t in both.triggers}) == 2
    assert {t.role: t.trigger_id for t in both.triggers}["target"] == result.triggers[0].trigger_id


# --- what waits for its window ---


def test_a_contract_that_ends_is_told_once_when_its_window_opens() -> None:
    """Not when it is awarded, years before; not again on its last day; never when it was learned too late."""
    wanted = profile(event_types={"renewal_due": 1.0})
    end = date(2028, 9, 30)
    due = event("renewal_due", role(ORG, "customer"), modality="planned", effective_on=end)
    opens = end - timedelta(days=365)

    def on(day: date, stored: TriggerResult | None = None) -> TriggerResult:
        now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        known = world(organization(), profiles=(wanted,), now=now)
        assert (due_events([due], LEXICON.types, since=day - timedelta(days=1), today=day) != ()) == (
            day in (opens, end)
        )
        earlier = {t.trigger_id: t for t in stored.triggers} if stored else {}
        return triggers_for([due], known=known, stored=earlier, since=day - timedelta(days=1))

    awarded = on(TODAY)
    assert (only(awarded).held_back, only(awarded).due_on) == ("not_yet", None)
    opened = on(opens, awarded)
    assert (only(opened).held_back, only(opened).due_on, only(opened).effect) == ("", opens, "hook")
    last_day = on(end, opened)
    assert (only(last_day).held_back, only(last_day).due_on) == ("", opens)
    assert only(on(end + timedelta(days=1), last_day)).held_back == "outside_window"
    assert [t.trigger_id for t in awarded.triggers] == [t.trigger_id for t in last_day.triggers]
