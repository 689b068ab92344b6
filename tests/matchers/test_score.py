"""The rank shows its terms, follows its stated formula, and never falls when a term rises."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestrigger.matchers.lexicon import Window
from salestrigger.matchers.score import MODALITY, Season, Weighed, rank, rank_terms
from salestrigger.matchers.types import Fit, RankTerm

FIT = Fit("org_1", "p", "v", 80.0, 100.0, "fits", ())
WEIGHED = Weighed(
    impact=80, wanted=0.5, probability=0.9, confidence=0.8, freshness=1.0, modality="announced",
    independent_sources=1, is_official=False, territory=False, order_size=0.4, relation="supplier",
)  # fmt: skip
DAY = date(2026, 9, 7)
NAMES = (
    "impact", "fit", "freshness", "probability", "confidence", "modality", "corroboration", "territory", "order_size",
    "relationship",
)  # fmt: skip


def test_the_formula() -> None:
    """The rank is worth times certainty, as the docstring writes it."""
    terms = rank_terms(FIT, WEIGHED)
    assert [t.name for t in terms] == list(NAMES)
    assert [t.value for t in terms] == [0.4, 0.9, 1.0, 0.9, 0.8, 0.9, 0.5, 0.0, 0.4, 0.5]
    worth = 0.40 * 0.4 + 0.35 * 0.9 + 0.25 * 1.0
    shade = (0.8 + 0.2 * 0.9) * (0.9 + 0.1 * 0.5) * 0.9 * (0.9 + 0.1 * 0.4) * (0.95 + 0.05 * 0.5)
    assert rank(terms) == round(100 * worth * 0.9 * 0.8 * shade, 2)


def test_the_best_is_100_and_the_impossible_0() -> None:
    """All terms at 1 give 100; a match or an event of no probability gives 0 whatever it would be worth."""
    assert rank([RankTerm(n, 1.0, "") for n in NAMES]) == 100
    assert rank([RankTerm(n, float(n != "confidence"), "") for n in NAMES]) == 0


def test_what_is_not_given_takes_nothing_away() -> None:
    """Without owners and order values the terms say so and count in full."""
    terms = {t.name: t for t in rank_terms(FIT, replace(WEIGHED, territory=None, order_size=None, relation=""))}
    assert (terms["territory"].value, terms["territory"].says) == (1.0, "no owners are given")
    assert (terms["order_size"].value, terms["order_size"].says) == (1.0, "the profile names no order value")
    assert (terms["relationship"].value, terms["relationship"].says) == (0.0, "no relation yet")


@given(st.lists(st.floats(0, 1), min_size=10, max_size=10), st.sampled_from(NAMES), st.floats(0, 1))
def test_no_term_lowers_the_rank_by_rising(values: list[float], name: str, more: float) -> None:
    """Monotone in each term."""
    terms = [RankTerm(n, v, "") for n, v in zip(NAMES, values, strict=True)]
    raised = [replace(t, value=max(t.value, more)) if t.name == name else t for t in terms]
    assert 0 <= rank(terms) <= rank(raised) <= 100


def test_more_sources_and_a_register_corroborate() -> None:
    """A second independent source raises the term, a register's own statement needs none."""

    def corroboration(**changes: object) -> float:
        terms = rank_terms(FIT, replace(WEIGHED, **changes))  # type: ignore[arg-type]
        return next(t.value for t in terms if t.name == "corroboration")

    alone, two = corroboration(), corroboration(independent_sources=2)
    assert alone < two < corroboration(is_official=True) == 1.0


def test_modalities_are_ordered() -> None:
    """What is done counts more than what is planned, and that more than a rumour."""
    order = ("completed", "in_progress", "announced", "planned", "rumour", "denied")
    assert [MODALITY[m] for m in order] == sorted((MODALITY[m] for m in order), reverse=True)


@pytest.mark.parametrize(
    ("window", "days", "expected"),
    [
        ((14, 90, 180), 0, 0.6),
        ((14, 90, 180), 14, 1.0),
        ((14, 90, 180), 90, 1.0),
        ((14, 90, 180), 135, 0.6),
        ((14, 90, 180), 180, 0.2),
        ((14, 90, 180), 181, 0.0),
        ((0, None, None), 4000, 1.0),
        ((0, None, 30), 15, 0.6),
        ((0, 90, 90), 90, 1.0),
        ((-60, 60, 120), -61, 0.6),
        ((-60, 60, 120), -60, 1.0),
    ],
)
def test_freshness_follows_the_types_own_window(
    window: tuple[int, int | None, int | None], days: int, expected: float
) -> None:
    """Before it opens 0.6, then 1 until the best day, then down to 0.2, then nothing."""
    season = Season.of(DAY, Window(not_before=window[0], best=window[1], expires=window[2]))
    assert season.freshness(DAY + timedelta(days=days)) == pytest.approx(expected)
    assert season.is_over(DAY + timedelta(days=days)) == (expected == 0)
