"""A daily run computes only the fits that may have changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers import refit as module
from salestrigger.matchers.refit import refit
from salestrigger.matchers.types import Fit, Organization
from tests.matchers.qualifying import NOW, World, organization, profile, world

MANY = tuple(organization(f"Nr{n}", founded="2020-01-01") for n in range(200))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """(profile, organisation) of every fit that is computed."""
    seen: list[tuple[str, str]] = []
    original = module.qualify_many

    def noted(organizations: Sequence[Organization], of: Profile, *rest: Any, **more: Any) -> list[Fit]:
        seen.extend((of.name, one.organization_id) for one in organizations)
        return original(organizations, of, *rest, **more)

    monkeypatch.setattr(module, "qualify_many", noted)
    return seen


def stored(known: World) -> World:
    """The same world a day later, with the fits of today stored."""
    fits = {(f.organization_id, f.profile): f for f in refit(known, set(), {}).fits}
    return replace(known, fits=fits, now=NOW.replace(day=8))


def test_only_what_changed_is_computed_again(asked: list[tuple[str, str]]) -> None:
    """One of two hundred grew and one is new: two fits under each of two profiles."""
    both = (profile(), profile(name="small", thresholds={"fit": 10}))
    known = stored(world(*MANY, profiles=both))
    assert len(asked) == 400
    asked.clear()
    assert refit(known, set(), {}).fits == ()
    assert asked == []
    grown, new = organization("Nr7", founded="2020-01-01", employees=10), organization("Ny")
    now = {**known.organizations, grown.organization_id: grown, new.organization_id: new}
    found = refit(replace(known, organizations=now), set(), {})
    assert sorted(asked) == [(p, o) for p in ("oslo", "small") for o in ("org_nr7", "org_ny")]
    assert {f.organization_id for f in found.fits} == {"org_nr7", "org_ny"}


def test_an_edited_profile_is_computed_for_everybody_and_no_other_one(asked: list[tuple[str, str]]) -> None:
    """Its version differs."""
    both = (profile(), profile(name="small", thresholds={"fit": 10}))
    known = stored(world(*MANY, profiles=both))
    asked.clear()
    refit(replace(known, profiles=(profile(thresholds={"fit": 20}), both[1])), set(), {})
    assert {name for name, _ in asked} == {"oslo"}
    assert len(asked) == len(MANY)


def test_time_alone_makes_only_those_due_whom_it_moves(asked: list[tuple[str, str]]) -> None:
    """An age that was reached; the others' ages say what they said."""
    young = organization("Ung", founded="2021-09-08")
    aged = profile(criteria=[{"kind": "age", "min": 5}])
    known = stored(world(*MANY, young, profiles=(aged,)))
    asked.clear()
    assert [f.verdict for f in refit(known, set(), {}).fits] == ["fits"]
    assert asked == [("oslo", "org_ung")]
