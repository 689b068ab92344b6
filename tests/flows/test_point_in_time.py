"""What was known then, told from everything that was ever stored: the order of arrival does not matter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from salestrigger.flows.profile_history import Said
from salestrigger.flows.profiles import open_stored
from salestrigger.icp_profiles.profile import load_profiles
from salestrigger.matchers.facts import best_facts
from salestrigger.matchers.qualify import qualify_many
from salestrigger.matchers.types import Fact
from salestrigger.warehouse import read

START = datetime(2026, 1, 1, tzinfo=UTC)
FACTS = st.lists(
    st.builds(
        Fact,
        attribute=st.sampled_from(["employees", "city", "postcode", "history", "status"]),
        value=st.just(("x:2026-01-01",)) | st.just(("y:2026-01-02",)),
        source_id=st.sampled_from(["register", "press", "own"]),
        known_from=st.integers(0, 20).map(lambda n: START + timedelta(days=n)),
        valid_from=st.none() | st.integers(0, 20).map(lambda n: (START + timedelta(days=n)).date()),
        confidence=st.sampled_from([0.5, 1.0]),
        cause_id=st.sampled_from(["", "evt_1", "evt_2"]),
    ),
    max_size=8,
)


@given(FACTS, st.randoms())
def test_the_order_of_arrival_does_not_matter(facts: list[Fact], dice: object) -> None:
    """The best of each attribute is the same whatever came first."""
    trust = {"register": "register", "press": "press", "own": "user"}
    shuffled = list(facts)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert best_facts(facts, trust) == best_facts(shuffled, trust)


def test_fit_as_of_now_is_what_is_stored(first_day: Path) -> None:
    """Put together again from every fact up to the last run, each organisation has its stored fit."""
    with open_stored(first_day / "var/demo/published/salestrigger.duckdb") as stored:
        last = stored.history.runs[-1]
        then = Said(stored.history).after(last.number, last.now.date())
        known = {key: then[key] for key in read.organization_ids(stored.warehouse)}
        fits = read.fits(stored.warehouse)
        assert len(known) > 50
        for profile in load_profiles():
            for fit in qualify_many(list(known.values()), profile, last.now):
                was = fits[fit.organization_id, profile.name]
                assert (fit.lower, fit.upper, fit.verdict) == (was.lower, was.upper, was.verdict)


def test_nobody_was_known_before_the_first_run(first_day: Path) -> None:
    """Before anything was stored there is nothing to judge."""
    with open_stored(first_day / "var/demo/published/salestrigger.duckdb") as stored:
        first = stored.history.runs[0]
        then = Said(stored.history).after(first.number - 1, first.now.date())
        assert not [key for key in read.organization_ids(stored.warehouse) if key in then]
