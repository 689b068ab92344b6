"""What a profile means is checked before anything runs."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from salestrigger.icp_profiles.profile import DEFAULT_EVENT_TYPES, Profile, load_profiles
from salestrigger.matchers.check_profile import check_profile
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.sources.errors import DeclarationError

TODAY = date(2026, 9, 7)
LEXICON = SimpleNamespace(types={"funding": 1, "relocation": 1, "acquisition": 1})


def profile(**changes: Any) -> Profile:
    """A small profile that holds, with changes."""
    content: dict[str, Any] = {
        "name": "small",
        "title": "Small",
        "criteria": [
            {"kind": "employees", "min": 20, "max": 250},
            {"kind": "industry", "codes": ["43"], "codesets": ["SN2025"]},
        ],
        "event_types": {"funding": 1.0},
    }
    return Profile.model_validate(content | changes)


def refused(changed: Profile) -> DeclarationError:
    """The error with which it is refused."""
    with pytest.raises(DeclarationError) as caught:
        check_profile(changed, LEXICON, today=TODAY)
    return caught.value


def test_the_shipped_profiles_hold() -> None:
    """The two shipped profiles name types of one vocabulary and keep their own examples."""
    for shipped in load_profiles():
        assert shipped.examples.fit
        assert shipped.examples.not_fit
        check_profile(shipped, load_lexicon(), today=TODAY)
    assert set(DEFAULT_EVENT_TYPES) <= set(load_lexicon().types)


def test_an_unknown_event_type_lists_the_allowed() -> None:
    """A misspelt event type would make a profile silently deaf."""
    error = refused(profile(event_types={"fundng": 1.0}))
    assert (error.path, error.key) == ("small.toml", "event_types.fundng")
    assert error.problem == (
        "unknown event type 'fundng'; did you mean 'funding'?; allowed: acquisition, funding, relocation"
    )


def test_an_unknown_code_set_is_refused() -> None:
    """A code of an unknown set could never be judged."""
    error = refused(profile(criteria=[{"kind": "industry", "codes": ["43"], "codesets": ["SN2024"]}]))
    assert error.key == "criteria.0.codesets"
    assert "unknown code set 'SN2024'" in error.problem
    assert "SN2025" in error.problem


def test_an_unknown_currency_is_refused() -> None:
    """A currency without a rate could only ever compare with itself."""
    error = refused(profile(criteria=[{"kind": "revenue", "min": 1, "currency": "XYZ"}]))
    assert error.key == "criteria.0.currency"


@pytest.mark.parametrize(
    ("examples", "key", "says"),
    [
        (
            {"fit": [{"name": "Aa AS", "employees": 19, "industry": "43", "industry_codeset": "SN2025"}]},
            "examples.fit.0",
            "'Aa AS' must be fits, but is does_not_fit: employees not met",
        ),
        ({"fit": [{"employees": 30}]}, "examples.fit.0", "is unknown: industry unknown"),
        (
            {"not_fit": [{"employees": 30, "industry": "43.2", "industry_codeset": "SN2025"}]},
            "examples.not_fit.0",
            "is fits",
        ),
        ({"not_fit": [{"industry": "43", "industry_codeset": "SN2025"}]}, "examples.not_fit.0", "but is unknown"),
        ({"fit": [{"staff": 30}]}, "examples.fit.0.staff", "unknown attribute 'staff'"),
    ],
)
def test_an_example_that_does_not_hold_is_refused(examples: dict[str, Any], key: str, says: str) -> None:
    """An example that fails names itself, the verdict and the criteria that led to it."""
    error = refused(profile(examples=examples))
    assert error.key == key
    assert says in error.problem


def test_examples_that_hold_pass() -> None:
    """A profile whose examples hold is accepted, exclusions included."""
    good = {"employees": 30, "industry": "43.2", "industry_codeset": "SN2025"}
    check_profile(
        profile(examples={"fit": [good], "not_fit": [{"employees": 3}, good | {"status": "bankrupt"}]}),
        LEXICON,
        today=TODAY,
    )
