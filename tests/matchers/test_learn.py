"""What customers have in common is proven by enough of them, or said to prove nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestrigger.icp_profiles.profile import load_profile
from salestrigger.matchers.learn import Lift, lifts, proposal, wilson


def market(customers: int) -> tuple[pa.Table, np.ndarray]:
    """1000 organisations of ten divisions; the customers are builders of 20 to 49 people in two municipalities."""
    rows = [
        {"industry": f"{41 + n % 10}.100", "employees": str(n % 400), "municipality_code": f"{301 + n % 50:04d}"}
        for n in range(1000)
    ]
    for n in range(customers):
        rows[n] = {"industry": "43.210", "employees": str(20 + n % 30), "municipality_code": "0301"}
    table = pa.table(
        {
            "org_id": [f"org_{n}" for n in range(1000)],
            "country": ["NO"] * 1000,
            "industry": [row["industry"] for row in rows],
            "industry_codeset": ["SN2025"] * 1000,
            "employees": [row["employees"] for row in rows],
            "municipality_code": [row["municipality_code"] for row in rows],
        }
    )
    return table, np.arange(1000) < customers


def proven(found: tuple[Lift, ...]) -> set[tuple[str, str]]:
    """What is proven, as (attribute, value)."""
    return {(lift.attribute, lift.value) for lift in found if lift.is_proven}


def test_what_customers_share_and_others_do_not_is_proven() -> None:
    """Industry, size and place are found; the country, which everybody has, is not."""
    found = lifts([market(40)])
    assert proven(found) == {("industry", "SN2025:43"), ("employees", "20-49"), ("municipality", "0301")}
    industry = next(lift for lift in found if lift.value == "SN2025:43")
    assert industry.low < industry.lift <= industry.high
    assert industry.says.startswith("40 of 40 customers (100 %), 13.6 % of the universe: lift 7.4 (")


def test_the_proposal_is_a_profile(tmp_path: Path) -> None:
    """The text can be loaded as it is, and every criterion says what it rests on."""
    text = proposal(lifts([market(40)]), customers=40, universe=1000)
    (path := tmp_path / "proposed.toml").write_text(text, encoding="utf-8")
    profile = load_profile(path)
    assert {c.kind for c in profile.criteria} == {"industry", "employees", "municipality"}
    assert {c.need for c in profile.criteria} == {"nice"}
    assert text.count("of the universe: lift") >= 3


@pytest.mark.parametrize("customers", [0, 3, 5, 9])
def test_few_customers_prove_nothing(customers: int) -> None:
    """Five customers who all are alike still prove nothing, and the text says so and proposes nothing."""
    found = lifts([market(customers)])
    text = proposal(found, customers=customers, universe=1000)
    assert proven(found) == set()
    assert "This proves nothing" in text
    assert f"{customers} customers are too few" in text
    assert all(line.startswith("#") for line in text.splitlines() if line)


def test_customers_like_everybody_else_prove_nothing() -> None:
    """A hundred customers drawn as the universe is have nothing in common."""
    table, _ = market(0)
    assert proven(lifts([(table, np.random.default_rng(7).random(1000) < 0.1)])) == set()


def test_hostile_values_stay_values(tmp_path: Path) -> None:
    """A city with quotes and line breaks neither breaks the TOML nor leaves its comment."""
    city = 'A"]\nkind = "x\x7f'
    table = pa.table({"org_id": [str(n) for n in range(500)], "city": [city] * 30 + ["B"] * 470})
    text = proposal(lifts([(table, np.arange(500) < 30)]), customers=30, universe=500)
    (path := tmp_path / "proposed.toml").write_text(text, encoding="utf-8")
    (criterion,) = load_profile(path).criteria
    assert criterion.kind == "city"


@given(st.integers(0, 200), st.integers(0, 200))
def test_the_interval_holds_the_share(successes: int, more: int) -> None:
    """Wilson's interval lies within 0 and 1, holds the share, and narrows with more of the same."""
    trials = successes + more
    low, high = wilson(successes, trials, 1.96)
    assert 0 <= low <= high <= 1
    if trials:
        assert low <= successes / trials + 1e-12
        assert high >= successes / trials - 1e-12
        wide = high - low
        low, high = wilson(successes * 4, trials * 4, 1.96)
        assert high - low <= wide
