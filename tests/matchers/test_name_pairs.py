"""Two names without a list: a probability that does not depend on their order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salestrigger.matchers.name_pairs import same_company

NAMES = st.one_of(
    st.text(max_size=24),
    st.lists(
        st.sampled_from(["Nordvik", "Bygg", "Zyx", "II", "III", "AS", "B.V.", "Oslo", "Holding", "Kompas", "A."]),
        max_size=5,
    ).map(" ".join),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=4))
def test_the_order_of_a_pair_does_not_matter(pairs: list[tuple[str, str]]) -> None:
    """Nor does what stands beside it."""
    ones, others = [a for a, _ in pairs], [b for _, b in pairs]
    there, back = same_company(ones, others), same_company(others, ones)
    assert there == pytest.approx(back, abs=1e-9)
    assert there[0] == pytest.approx(same_company(ones[:1], others[:1])[0], abs=1e-6)
    assert np.all((there >= 0) & (there <= 1))


@pytest.mark.parametrize(
    ("same", "another"),
    [
        ("Skarkraft Aksjeselskap", "Nordvik Bygg AS"),
        ("Skarkraft", "Tindra Marine Verksted AS"),
        ("SKARKRAFT A/S", "Qwertonix Plc"),
    ],
)
def test_another_spelling_is_likelier_than_another_company(same: str, another: str) -> None:
    """Of one company's spelling and another company the spelling is nearer, and on its side of a half."""
    near, far = same_company(["Skarkraft AS", "Skarkraft AS"], [same, another])
    assert near > 0.5 > far


def test_nothing_is_no_company() -> None:
    """A name of which nothing remains is the same as none."""
    assert same_company(["", "🙂", "Zyx AS"], ["", "🙂", "..."]).tolist() == [0.0, 0.0, 0.0]
    assert same_company([], []).tolist() == []


def test_another_country_speaks_against() -> None:
    """Two countries that are known and differ."""
    names = ["Nordvik Bygg"] * 2
    here, abroad = same_company(names, names, countries=["NO", "NO"], other_countries=["NO", "NL"])
    assert here > abroad


def test_every_name_needs_a_partner() -> None:
    """Sequences of different lengths are a mistake."""
    with pytest.raises(ValueError, match="2 names and 1 others"):
        same_company(["a", "b"], ["c"])
    with pytest.raises(ValueError, match="1 countries for 2 names"):
        same_company(["a", "b"], ["c", "d"], countries=["NO"])
