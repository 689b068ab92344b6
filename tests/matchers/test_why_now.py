"""The sentence that says why now: in our own words, no more exact than what is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.score import Season
from salestrigger.matchers.types import CriterionFit, Effect, Fit, Precision
from salestrigger.matchers.why_now import day, field_label, reasons, when, why_now
from tests.matchers.test_score import DAY, FIT, Window


def says(effect: Effect, *, today: date = DAY, flipped: str = "", because: str = "relocation.organization") -> str:
    """The sentence about a move."""
    unknown = CriterionFit("size", "must", "unknown", 1, "", "50", lookup="headcount in the register")
    fit: Fit = replace(FIT, criteria=(unknown,))
    season = Season.of(DAY, Window(not_before=10, best=30, expires=60))
    return why_now(
        effect, what=f"relocation {when(DAY, today=today)}", today=today, season=season, fit=fit,
        flipped=flipped, because=because,
    )  # fmt: skip


def test_it_says_what_when_why_and_until_when() -> None:
    """Label, day, general experience, season; where there is none, that it fits."""
    later = DAY + timedelta(days=12)
    assert says("hook", today=later) == (
        "Relocation on 7 September 2026: a move is when contracts for premises and services are made anew; "
        "best used until 7 October 2026"
    )
    assert says("hook").endswith("best used from 17 September 2026 on")
    assert "2026: it fits the profile; " in says("hook", because="financial_results.organization")
    assert says("hook", today=DAY + timedelta(days=40)).endswith("of use until 6 November 2026")
    assert says("leaves_icp", flipped="territory").endswith(
        "it fitted until then, and now fails the criterion 'territory'"
    )
    assert says("enters_icp", flipped="{size}").startswith("Relocation on 7 September 2026: since then it meets")
    assert says("hook_unknown_fit").endswith("to settle first: headcount in the register")
    assert says("none") == "Relocation on 7 September 2026: no reason to call"


@pytest.mark.parametrize(
    ("precision", "is_stated", "on", "expected"),
    [
        ("day", True, DAY, "on 7 September 2026"),
        ("day", False, DAY, "in the news of 7 September 2026"),
        ("month", True, date(2027, 1, 1), "planned for January 2027"),
        ("month", True, date(2026, 8, 1), "in August 2026"),
        ("quarter", True, date(2027, 1, 1), "planned for Q1 2027"),
        ("year", True, date(2026, 1, 1), "in 2026"),
    ],
)
def test_a_day_is_told_no_more_exactly_than_it_is_known(
    precision: Precision, is_stated: bool, on: date, expected: str
) -> None:
    """January stays January, and the day of the article is not that of the event."""
    assert when(on, today=DAY, precision=precision, is_stated=is_stated) == expected


def test_only_what_is_safe_to_open_a_talk_with_has_a_reason() -> None:
    """Every reason is of a type and a role that are declared; distress has none."""
    types = load_lexicon().types
    for key in sorted(reasons().keys() - {"fits"}):
        name, _, role = key.partition(".")
        if name == "change":
            assert field_label(role)
            continue
        assert role in types[name].roles, key
        assert types[name].hook == "safe", key


def test_days_do_not_depend_on_the_locale() -> None:
    """English month names, whatever the machine speaks."""
    assert day(date(2026, 3, 1)) == "1 March 2026"
