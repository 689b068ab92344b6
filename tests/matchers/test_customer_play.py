"""The same event at a customer is another play: its owner is told of a risk or of a chance."""

from __future__ import annotations

import pytest

from salestrigger.matchers.trigger import triggers_for
from tests.matchers.qualifying import event, organization, profile, role, world

ORG = "org_fjellbro"


@pytest.mark.parametrize(
    ("kind", "effect", "play"),
    [
        ("headcount_growth", "hook", "a reason to offer more"),
        ("insolvency", "leaves_icp", "the contract may be at risk"),
        ("layoffs", "none", "the contract may be at risk"),
        ("relocation", "hook", "for the owner of the account to know"),
    ],
)
def test_customers_get_another_play(kind: str, effect: str, play: str) -> None:
    """Held back from selling with the reason, and with what to do instead."""
    known = world(organization(relation="customer"))
    (trigger,) = triggers_for([event(kind, role(ORG))], known=known).triggers
    assert (trigger.effect, trigger.held_back) == (effect, "customer")
    assert trigger.why_now.endswith(play)


def test_a_profile_may_treat_customers_like_others() -> None:
    """``customers = "include"``: no other play."""
    known = world(organization(relation="customer"), profiles=(profile(exclude={"customers": "include"}),))
    (trigger,) = triggers_for([event("headcount_growth", role(ORG))], known=known).triggers
    assert (trigger.held_back, "customer" in trigger.why_now) == ("", False)
