"""What records and events state becomes facts; joining them does not depend on the order in which they came."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestrigger.matchers.facts import (
    ATTRIBUTES,
    best_facts,
    facts_from_event,
    facts_from_record,
    organization_from,
    with_facts,
    without,
)
from salestrigger.matchers.places import find_place, place_of, places_of
from salestrigger.matchers.types import Fact
from salestrigger.sources.records import Address, Headcount, Identifier, IndustryCode, Money, OrgName, OrgRecord
from tests.matchers.qualifying import BERGEN, NOW, TODAY, event, organization, role

PLACES = places_of([place_of(organization()), place_of(organization("Nabo", **BERGEN))])


def record(**changes: Any) -> OrgRecord:
    """A register's record."""
    made = OrgRecord(
        record_id="NO-BRC-999999999",
        scheme="NO-BRC",
        identifier="999999999",
        names=(OrgName("Fjellbro Teknikk AS"),),
        source_id="brreg",
        fetched_at=NOW,
        country="NO",
        addresses=(
            Address("postal", city="Bergen", municipality_code="4601"),
            Address(
                "business", postcode="0150", city="Oslo", municipality="Oslo", municipality_code="0301", country="NO"
            ),
        ),
        industries=(IndustryCode("43.210", "SN2025"), IndustryCode("62.100", "SN2025")),
        employees=Headcount(60, 60, date(2026, 8, 12)),
        revenue=Money(Decimal("125000000"), "NOK"),
        revenue_year=2025,
        status="active",
        registered_on=date(2009, 4, 1),
        parent=Identifier("NO-BRC", "888888888"),
        marketing_block=False,
    )
    return replace(made, **changes)


def values(facts: tuple[Fact, ...]) -> dict[str, Any]:
    """Attribute → value."""
    return {f.attribute: f.value for f in facts}


def test_a_record_states_what_it_states_and_no_more() -> None:
    """The business address over the postal one, code with code set, and no fact for what is not said."""
    facts = facts_from_record(record(), NOW)
    assert values(facts) == {
        "country": "NO",
        "municipality": "Oslo",
        "municipality_code": "0301",
        "city": "Oslo",
        "postcode": "0150",
        "industry": ("SN2025:43.210", "SN2025:62.100"),
        "employees": 60,
        "revenue": "125000000 NOK",
        "founded": date(2009, 4, 1),
        "registered": date(2009, 4, 1),
        "status": "active",
        "parent": "NO-BRC-888888888",
        "marketing_block": False,
    }
    assert set(values(facts)) <= set(ATTRIBUTES)
    by_name = {f.attribute: f for f in facts}
    assert by_name["employees"].valid_from == date(2026, 8, 12)
    assert by_name["revenue"].valid_from == date(2025, 12, 31)
    assert by_name["city"].source_id == "brreg"


@pytest.mark.parametrize(
    ("employees", "value"),
    [(Headcount(0, 4), "0-4"), (Headcount(250, None), "250+"), (Headcount(0, 0), 0), (None, None)],
)
def test_headcounts_keep_their_range(employees: Headcount | None, value: object) -> None:
    """Below 5 is 0 to 4, not 0 and not 4; nothing stated is no fact."""
    assert values(facts_from_record(record(employees=employees), NOW)).get("employees") == value


def test_an_announced_move_states_the_new_place() -> None:
    """The place's parts come from organisations there; what the news does not tell becomes unknown, not stale."""
    moved = event("relocation", role("org_fjellbro"), attributes={"location": "bergen"}, effective_on=date(2026, 12, 1))
    facts = facts_from_event(
        moved, role("org_fjellbro"), organization=organization(postcode="0150"), now=NOW, places=PLACES
    )
    assert values(facts) == {"country": "NO", "municipality": "Bergen", "municipality_code": "4601", "city": "Bergen"}
    assert {f.valid_from for f in facts} == {date(2026, 12, 1)}
    assert {f.cause_id for f in facts} == {"evt_relocation"}
    assert with_facts(organization(postcode="0150"), facts).get("postcode") is None


@pytest.mark.parametrize(
    ("kind", "modality", "status", "expected"),
    [
        ("insolvency", "announced", "active", "insolvent"),
        ("insolvency", "completed", "bankrupt", None),
        ("insolvency", "rumour", "active", None),
        ("closure", "announced", None, "winding_up"),
        ("closure", "completed", None, "dissolved"),
        ("acquisition", "completed", None, None),
    ],
)
def test_ends_set_the_status(kind: str, modality: Any, status: str | None, expected: str | None) -> None:
    """An insolvency or closure that is certain enough sets the status, unless a register says which it is."""
    facts = facts_from_event(
        event(kind, modality=modality), role("org_fjellbro"), organization=organization(status=status), now=NOW
    )
    assert values(facts).get("status") == expected


@pytest.mark.parametrize(
    ("quote", "number", "expected"),
    [
        ("vokser til 120 ansatte", "120", 120),
        ("groeit naar ruim 120 mensen", "120", 120),
        ("will grow to about 120 people", "120", 120),
        ("ansetter 120 nye", "120", None),
        ("from 80 to 120 staff", "80", None),
    ],
)
def test_only_a_total_is_a_headcount(quote: str, number: str, expected: int | None) -> None:
    """How many come or go says nothing about how many there are."""
    made = event("headcount_growth", attributes={"headcount": number}, quote=quote, quote_span=(7, 7 + len(quote)))
    made = replace(made, attributes=(replace(made.attributes[0], start=7 + quote.index(number)),))
    facts = facts_from_event(made, role("org_fjellbro"), organization=organization(), now=NOW)
    assert values(facts).get("employees") == expected


def test_a_total_may_stand_in_the_title() -> None:
    """The words before the number are looked up where the number stands."""
    made = event("headcount_growth", attributes={"headcount": "22"})
    titled = replace(made.sources[0], title="Fjellbro vokser til 22 ansatte")
    made = replace(made, sources=(titled,), attributes=(replace(made.attributes[0], start=20),))
    facts = facts_from_event(made, role("org_fjellbro"), organization=organization(), now=NOW)
    assert values(facts) == {"employees": 22}


def test_a_marked_total_needs_no_words() -> None:
    """A total that is marked as such counts wherever it stands; a number that is none is left out."""
    for value, expected in (("120", 120), ("a hundred", None)):
        made = event("headcount_growth", attributes={"headcount": value})
        made = replace(made, attributes=(replace(made.attributes[0], unit="total"),))
        facts = facts_from_event(made, role("org_fjellbro"), organization=organization(), now=NOW)
        assert values(facts).get("employees") == expected


def fact(value: Any, source: str = "brreg", *, days: int = 0, cause: str = "", attribute: str = "employees") -> Fact:
    """A fact known so many days ago."""
    return Fact(attribute, value, source, NOW - timedelta(days=days), cause_id=cause)


TRUST = {"brreg": "register", "crm": "user", "newsroom": "newsroom"}


@pytest.mark.parametrize(
    ("facts", "winner"),
    [
        ([fact(1, days=90), fact(2, "crm"), fact(3, "newsroom", cause="evt_1")], 1),
        ([fact(2, "crm", days=9), fact(3, "newsroom", cause="evt_1")], 3),
        ([fact(2, "crm"), fact(3, "newsroom", cause="evt_1", days=9)], 2),
        ([fact(1, days=9), fact(2, days=1)], 2),
        ([fact(1, days=9), fact(2, days=1, cause="evt_1")], 1),
    ],
)
def test_which_fact_wins(facts: list[Fact], winner: int) -> None:
    """A register over one's own list and news; between those, and within one kind, what is newer."""
    assert values(best_facts(facts, TRUST)) == {"employees": winner}
    assert values(best_facts(facts[::-1], TRUST)) == {"employees": winner}


def test_what_is_true_later_does_not_count_yet() -> None:
    """A move on 1 December is no fact in September."""
    later = replace(fact("Bergen", "newsroom", cause="evt_1", attribute="city"), valid_from=date(2026, 12, 1))
    assert best_facts([later], TRUST, on=TODAY) == ()
    assert values(best_facts([later], TRUST, on=date(2026, 12, 1))) == {"city": "Bergen"}


def test_a_place_is_won_as_a_whole() -> None:
    """No organisation gets the city of one source and the postcode of another."""
    own = [fact("Bergen", "crm", attribute="city", days=9), fact("5003", "crm", attribute="postcode", days=9)]
    news = [fact("Oslo", "newsroom", attribute="city", cause="evt_1")]
    country = [fact("NO", "crm", attribute="country", days=9)]
    assert values(best_facts(own + news + country, TRUST)) == {"country": "NO", "city": "Oslo"}


@given(st.data())
def test_joining_does_not_depend_on_order(data: st.DataObject) -> None:
    """Whatever order facts and records arrive in, the organisation is the same."""
    made = st.builds(
        fact,
        st.integers(1, 3),
        st.sampled_from(["brreg", "crm", "newsroom"]),
        days=st.integers(0, 2),
        cause=st.sampled_from(["", "evt_1", "evt_2"]),
        attribute=st.sampled_from(["employees", "city", "postcode", "country", "region"]),
    )
    facts = data.draw(st.lists(made, max_size=8))
    records = [
        record(),
        record(record_id="ACCOUNT-7", scheme="ACCOUNT", identifier="7", source_id="crm", relation="customer"),
    ]
    one = organization_from("org_1", records, facts, now=NOW, trust=TRUST)
    other = organization_from(
        "org_1", data.draw(st.permutations(records)), data.draw(st.permutations(facts)), now=NOW, trust=TRUST
    )
    assert one == other
    assert len({f.attribute for f in one.facts}) == len(one.facts)


def test_records_become_one_organization() -> None:
    """The register's legal name first, every number once, the account's relation kept."""
    account = record(
        record_id="ACCOUNT-7", scheme="ACCOUNT", identifier="7", source_id="crm", relation="customer",
        names=(OrgName("Fjellbro"),), employees=Headcount(75, 75), website="https://fjellbro.example",
        other_ids=(Identifier("NO-BRC", "999999999"),),
    )  # fmt: skip
    former = OrgName("Fjellbro Elektro AS", "former", None, date(2020, 1, 1))
    joined = organization_from("org_1", [account, record(names=(former, OrgName("Fjellbro Teknikk AS")))])
    assert joined.name == "Fjellbro Teknikk AS"
    assert [str(i) for i in joined.identifiers] == ["NO-BRC-999999999", "ACCOUNT-7"]
    assert (joined.relation, joined.get("employees"), joined.get("website")) == (
        "customer",
        60,
        "https://fjellbro.example",
    )


def test_an_organization_needs_a_record() -> None:
    """Without a record it has no name."""
    with pytest.raises(ValueError, match="no record"):
        organization_from("org_1", [])


def test_when_we_learned_a_record_is_kept() -> None:
    """A list that is read again every day is not newer than what happened since it last changed."""
    account = record(
        record_id="ACCOUNT-7", scheme="ACCOUNT", identifier="7", source_id="crm", employees=Headcount(30, 30)
    )
    account = replace(account, employees=Headcount(30, 30), fetched_at=datetime(2026, 9, 7, tzinfo=UTC))
    news = fact(120, "newsroom", days=2, cause="evt_1")
    since = {"ACCOUNT-7": NOW - timedelta(days=200)}
    assert organization_from("org_1", [account], [news], trust=TRUST).get("employees") == 30
    assert organization_from("org_1", [account], [news], trust=TRUST, known_from=since).get("employees") == 120


def test_attributes_can_be_put_back() -> None:
    """The organisation without what happened: the old values where there were some, unknown where not."""
    now, old = organization(employees=80), organization(employees=40)
    assert without(now, {"employees"}, instead=old).get("employees") == 40
    assert without(now, {"employees"}, instead=None).get("employees") is None
    assert set(without(now, set(), instead=None).facts) == set(now.facts)


def test_places_are_those_of_organisations() -> None:
    """A city that two municipalities share keeps its name but no code; a name known without country takes it."""
    split = places_of(
        [place_of(organization()), place_of(organization("Nabo", municipality_code="3201", municipality="Bærum"))]
    )
    shared = find_place(split, "OSLO", "NO")
    assert shared is not None
    assert (shared.city, shared.municipality_code) == ("Oslo", None)
    assert find_place(PLACES, "Oslo", "SE") is None
    named = find_place(places_of([], ["Tilburg"]), "tilburg", "NL")
    assert named is not None
    assert (named.city, named.country) == ("Tilburg", "NL")
