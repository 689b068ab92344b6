"""One's own lists: named accounts are watched whatever their fit, and the suppressed are never told of."""

from __future__ import annotations

import pytest

from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers.qualify import qualify
from salestrigger.matchers.trigger import triggers_for
from salestrigger.matchers.types import Trigger
from tests.matchers.qualifying import BERGEN, NOW, World, event, organization, profile, role, world

ORG = "org_fjellbro"


def told(known: World, kind: str = "acquisition") -> list[Trigger]:
    """The triggers of one event at Fjellbro."""
    return list(triggers_for([event(kind, role(ORG))], known=known).triggers)


def bergen(name: str = "bergen", size: int = 500) -> Profile:
    """Companies of Bergen, too large ones by default."""
    criteria = [
        {"kind": "country", "values": ["NO"], "weight": 5},
        {"name": "territory", "kind": "municipality", "codes": ["4601"]},
        {"name": "size", "kind": "employees", "min": size},
    ]
    return profile(name=name, criteria=criteria)


@pytest.mark.parametrize(("relation", "effect", "reason"), [
    ("account", "watched", ""), ("customer", "watched", "customer"), ("supplier", "none", "outside_icp"),
    ("", "none", "outside_icp"),
])  # fmt: skip
def test_what_happens_at_a_named_account_outside_the_profile_is_told(relation: str, effect: str, reason: str) -> None:
    """An account is told, a customer to its owner; of others nothing."""
    (trigger,) = told(world(organization(relation=relation, **BERGEN)))
    assert (trigger.effect, trigger.held_back) == (effect, reason)
    assert trigger.fit_after.verdict == "does_not_fit"


def test_the_reason_is_shown() -> None:
    """Which requirement fails, and that it is one of one's own."""
    (trigger,) = told(world(organization(relation="account", **BERGEN)))
    assert "outside the profile (territory), but one of your accounts" in trigger.why_now


def test_a_weak_rank_holds_no_named_account_back_but_a_doubt_does() -> None:
    """A person chose it; that it may be another company is still said."""
    strict = (profile(thresholds={"rank": 99}),)
    (trigger,) = told(world(organization(relation="account", **BERGEN), profiles=strict))
    assert trigger.held_back == ""
    doubtful = event("acquisition", role(ORG, decision="review"))
    (trigger,) = triggers_for([doubtful], known=world(organization(relation="account", **BERGEN))).triggers
    assert (trigger.effect, trigger.held_back) == ("watched", "wrong_company_risk")


def test_one_profile_tells_it_the_nearest_that_wants_it() -> None:
    """Not once per profile; a profile that it fits tells it as its own."""
    account = organization(relation="account", **BERGEN)
    triggers = told(world(account, profiles=(profile(), bergen())))
    assert {t.profile: t.effect for t in triggers} == {"oslo": "none", "bergen": "watched"}
    deaf = bergen().model_copy(update={"event_types": {"relocation": 1.0}})
    assert {t.profile: t.effect for t in told(world(account, profiles=(profile(), deaf)))}["oslo"] == "watched"
    fitting = told(world(account, profiles=(profile(), bergen(size=10))))
    assert {t.profile: t.effect for t in fitting} == {"oslo": "none", "bergen": "hook"}


def test_a_profile_may_leave_accounts_outside_it_alone() -> None:
    """``watch_accounts = false``; and the key alone makes no new version while it says what holds anyway."""
    account = organization(relation="account", **BERGEN)
    (trigger,) = told(world(account, profiles=(profile(watch_accounts=False),)))
    assert (trigger.effect, trigger.held_back) == ("none", "outside_icp")
    assert profile(watch_accounts=True).version == profile().version != profile(watch_accounts=False).version


def test_an_unwanted_type_stays_untold_and_trouble_opens_no_talk() -> None:
    """The profile's event types hold for accounts too; distress is told as what not to do."""
    account = world(organization(relation="account", **BERGEN))
    assert [t.effect for t in told(account, "recognition")] == ["none"]
    assert [(t.effect, t.held_back) for t in told(account, "insolvency")] == [("watched", "distress")]
    wanting = (profile(event_types={"layoffs": 1.0}),)
    (trigger,) = told(world(organization(relation="account", **BERGEN), profiles=wanting), "layoffs")
    assert (trigger.effect, trigger.held_back) == ("watched", "distress")


@pytest.mark.parametrize("policy", ["hide", "lookup"])
def test_an_account_of_unknown_fit_is_shown_whatever_the_policy(policy: str) -> None:
    """Hide and the look-up queue are for strangers."""
    unknown = organization("Aa", employees=None)
    account = organization("Bb", employees=None, relation="account")
    limited = (profile(unknown_must={"policy": policy, "first": 1}),)
    known = world(unknown, account, profiles=limited)
    events = [event("acquisition", role(o.organization_id), event_id=o.organization_id) for o in (unknown, account)]
    shown = {t.organization_id for t in triggers_for(events, known=known).triggers if not t.held_back}
    assert shown == ({"org_bb"} if policy == "hide" else {"org_aa", "org_bb"})


def test_the_suppressed_are_held_back_with_the_reason_whatever_the_profile_excludes() -> None:
    """Also what would enter the profile; the trigger is stored, so that it can be listed."""
    for excluded in ((), ("competitor",)):
        known = world(organization(relation="suppressed"), profiles=(profile(exclude={"relations": excluded}),))
        (trigger,) = told(known)
        assert (trigger.effect, trigger.held_back) == ("none", "suppressed")
    moved = event("relocation", role(ORG), attributes={"location": "Oslo"})
    known = world(organization(relation="suppressed", **BERGEN), organization("Nabo"))
    assert [t.held_back for t in triggers_for([moved], known=known).triggers] == ["suppressed"]
    assert qualify(organization(relation="suppressed"), profile(), NOW).verdict == "excluded"
