"""Fit is three-valued: bounds contain every completion of what is unknown, and learning never widens them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers.qualify import VERDICTS, fit_columns, fit_table, qualify, qualify_many
from salestrigger.matchers.types import Fact, Organization
from salestrigger.matchers.universe import universe_table
from salestrigger.sources.records import Identifier, OrgName

NOW = datetime(2026, 9, 7, 6, tzinfo=UTC)
TODAY = NOW.date()


def profile(*criteria: dict[str, Any], **changes: Any) -> Profile:
    """A profile of these criteria."""
    return Profile.model_validate({"name": "p", "title": "P", "criteria": list(criteria)} | changes)


def state(criterion: dict[str, Any], **row: Any) -> str:
    """The state of one criterion for one row of a universe file."""
    table = pa.table({name: pa.array([value], pa.string()) for name, value in ({"org_id": "a"} | row).items()})
    answer = fit_table(table, profile(criterion), NOW).to_pylist()[0]
    return str(json.loads(answer["criteria"])[0]["state"])


EMPLOYEES = {"kind": "employees", "min": 20, "max": 250}
INDUSTRY = {"kind": "industry", "codes": ["10-33", "43.2", "62"], "codesets": ["SN2025"]}
REVENUE = {"kind": "revenue", "min": 5_000_000, "max": 50_000_000, "currency": "EUR"}


@pytest.mark.parametrize(
    ("criterion", "row", "expected"),
    [
        (EMPLOYEES, {"employees": "20"}, "met"),
        (EMPLOYEES, {"employees": "250"}, "met"),
        (EMPLOYEES, {"employees": "35.0"}, "met"),
        (EMPLOYEES, {"employees": "251"}, "not_met"),
        (EMPLOYEES, {"employees": "0"}, "not_met"),
        (EMPLOYEES, {"employees": "50-99"}, "met"),
        (EMPLOYEES, {"employees": "10-49"}, "unknown"),
        (EMPLOYEES, {"employees": "200+"}, "unknown"),
        (EMPLOYEES, {"employees": "500+"}, "not_met"),
        (EMPLOYEES, {"employees": "<5"}, "not_met"),
        (EMPLOYEES, {"employees": "<=250"}, "unknown"),
        (EMPLOYEES, {"employees": ">250"}, "not_met"),
        (EMPLOYEES, {"employees": "99-50"}, "unknown"),
        (EMPLOYEES, {"employees": "about forty"}, "unknown"),
        (EMPLOYEES, {"employees": "-3"}, "unknown"),
        (EMPLOYEES, {"employees": ""}, "unknown"),
        (EMPLOYEES, {}, "unknown"),
        ({"kind": "employees", "min": 20}, {"employees": "200+"}, "met"),
        ({"kind": "employees", "max": 20}, {"employees": "<5"}, "met"),
        (INDUSTRY, {"industry": "62.010", "industry_codeset": "SN2025"}, "met"),
        (INDUSTRY, {"industry": "43.210", "industry_codeset": "SN2025"}, "met"),
        (INDUSTRY, {"industry": "43.3", "industry_codeset": "SN2025"}, "not_met"),
        (INDUSTRY, {"industry": "43", "industry_codeset": "SN2025"}, "unknown"),
        (INDUSTRY, {"industry": "33.200", "industry_codeset": "SN2025"}, "met"),
        (INDUSTRY, {"industry": "34", "industry_codeset": "SN2025"}, "not_met"),
        (INDUSTRY, {"industry": "62.01", "industry_codeset": "NACE2.1"}, "met"),
        (INDUSTRY, {"industry": "62.010", "industry_codeset": "SN2007"}, "unknown"),
        (INDUSTRY, {"industry": "62.010", "industry_codeset": "OWN"}, "unknown"),
        (INDUSTRY, {"industry": "62.010"}, "unknown"),
        (INDUSTRY, {"industry": "68.1|62.1", "industry_codeset": "SN2025|SN2025"}, "met"),
        (INDUSTRY, {"industry": "68.1|62.1", "industry_codeset": "SN2025|SN2007"}, "unknown"),
        (INDUSTRY, {"industry": "68.1|69.1", "industry_codeset": "SN2025"}, "not_met"),
        (INDUSTRY, {"industry": "", "industry_codeset": "SN2025"}, "unknown"),
        (INDUSTRY, {}, "unknown"),
        (REVENUE, {"revenue": "6000000", "currency": "EUR"}, "met"),
        (REVENUE, {"revenue": "4999999", "currency": "EUR"}, "not_met"),
        (REVENUE, {"revenue": "120000000", "currency": "NOK"}, "met"),
        (REVENUE, {"revenue": "60000000", "currency": "NOK"}, "unknown"),
        (REVENUE, {"revenue": "6000000", "currency": "NOK"}, "not_met"),
        (REVENUE, {"revenue": "6000000", "currency": "XXX"}, "unknown"),
        (REVENUE, {"revenue": "6000000"}, "unknown"),
        (REVENUE, {"currency": "EUR"}, "unknown"),
        ({"kind": "age", "min": 2}, {"founded": "2024-09-07"}, "met"),
        ({"kind": "age", "min": 2}, {"founded": "2024-09-08"}, "not_met"),
        ({"kind": "age", "min": 2}, {"founded": "2024"}, "unknown"),
        ({"kind": "age", "min": 2}, {"founded": "2024-09"}, "unknown"),
        ({"kind": "age", "min": 2}, {"founded": "2019"}, "met"),
        ({"kind": "age", "max": 5}, {"founded": "1998-04-01"}, "not_met"),
        ({"kind": "age", "max": 5}, {"founded": "2031-01-01"}, "unknown"),
        ({"kind": "age", "max": 5}, {"founded": "2024-02-31"}, "unknown"),
        ({"kind": "age", "max": 5}, {}, "unknown"),
        ({"kind": "country", "values": ["NO"]}, {"country": "no"}, "met"),
        ({"kind": "country", "values": ["NO"]}, {"country": "SE"}, "not_met"),
        ({"kind": "country", "values": ["NO"]}, {"country": "Norge"}, "unknown"),
        ({"kind": "country", "values": ["NO"]}, {}, "unknown"),
        ({"kind": "region", "values": ["Utrecht"]}, {"region": "UTRECHT"}, "met"),
        ({"kind": "city", "values": ["'s-Hertogenbosch"]}, {"city": "'S-HERTOGENBOSCH"}, "met"),
        ({"kind": "city", "values": ["Oslo"]}, {"city": "Bergen"}, "not_met"),
        ({"kind": "city", "values": ["Oslo"]}, {"city": " "}, "unknown"),
        ({"kind": "municipality", "codes": ["0301"]}, {"municipality_code": "0301"}, "met"),
        ({"kind": "municipality", "codes": ["0301"]}, {"municipality_code": "4601"}, "not_met"),
        ({"kind": "municipality", "codes": ["0301"]}, {"municipality_code": "301"}, "unknown"),
        ({"kind": "municipality", "codes": ["0301"]}, {}, "unknown"),
        ({"kind": "postcode", "ranges": ["1000-1099"]}, {"postcode": "1011 AB"}, "met"),
        ({"kind": "postcode", "ranges": ["1000-1099"]}, {"postcode": "1100AA"}, "not_met"),
        ({"kind": "postcode", "ranges": ["1000-1099"]}, {"postcode": "10"}, "unknown"),
        ({"kind": "postcode", "ranges": ["1000-1099"]}, {"postcode": "99"}, "not_met"),
        ({"kind": "postcode", "ranges": ["0150"]}, {}, "unknown"),
        ({"kind": "legal_form", "values": ["BV"]}, {"legal_form": "B.V."}, "met"),
        ({"kind": "legal_form", "values": ["BV"]}, {"legal_form": "NV"}, "not_met"),
        ({"kind": "legal_form", "values": ["BV"]}, {}, "unknown"),
        ({"kind": "status", "values": ["active"]}, {"status": "active"}, "met"),
        ({"kind": "status", "values": ["active"]}, {}, "unknown"),
        ({"kind": "keywords", "any": ["cold storage"]}, {"description": "Cold-storage and transport"}, "met"),
        ({"kind": "keywords", "any": ["port"]}, {"description": "Transport"}, "not_met"),
        ({"kind": "keywords", "all": ["a", "b"]}, {"description": "a and b"}, "met"),
        ({"kind": "keywords", "all": ["a", "b"]}, {"description": "a"}, "not_met"),
        ({"kind": "keywords", "any": ["a"]}, {"description": ""}, "unknown"),
    ],
)
def test_each_kind_of_criterion(criterion: dict[str, Any], row: dict[str, str], expected: str) -> None:
    """Every kind is met, not met, or unknown where the value is missing, unreadable or too coarse to tell."""
    assert state(criterion, **row) == expected


def test_bounds_and_verdict() -> None:
    """Fit is the weighted share met; the unknown counts in the upper bound alone; a must decides the verdict."""
    wanted = profile(EMPLOYEES | {"weight": 3}, {"kind": "city", "values": ["Oslo"], "need": "nice"})
    table = pa.table(
        {"org_id": list("abcd"), "employees": ["30", None, "3", "30"], "city": ["Oslo", "Oslo", "Oslo", None]}
    )
    rows = fit_table(table, wanted, NOW).to_pylist()
    assert [(r["lower"], r["upper"], r["verdict"]) for r in rows] == [
        (100.0, 100.0, "fits"),
        (25.0, 100.0, "unknown"),
        (25.0, 25.0, "does_not_fit"),
        (75.0, 100.0, "fits"),
    ]
    unknown = json.loads(rows[1]["criteria"])[0]
    assert unknown["lookup"] == "headcount in the register or the accounts"


def test_the_least_fit_is_compared_with_the_bounds() -> None:
    """A profile's least fit is unmet only when even the upper bound is below it."""
    nice = {"kind": "city", "values": ["Oslo"], "need": "nice"}
    wanted = profile(EMPLOYEES, nice, thresholds={"fit": 80})
    table = pa.table({"org_id": list("abc"), "employees": ["30"] * 3, "city": ["Oslo", None, "Bergen"]})
    assert fit_table(table, wanted, NOW).column("verdict").to_pylist() == ["fits", "unknown", "does_not_fit"]


def test_exclusions_are_tags_that_we_know_of() -> None:
    """A known relation, status or listed number excludes; not knowing one is no doubt."""
    wanted = profile(EMPLOYEES, exclude={"organizations": ["NO-BRC-1"]})
    table = pa.table(
        {
            "org_id": list("abcde"),
            "employees": ["30"] * 5,
            "relation": [None, "competitor", "customer", None, None],
            "status": [None, None, None, "bankrupt", "active"],
            "identifiers": [None, None, None, None, "XI-LEI-9|NO-BRC-1"],
        }
    )
    assert fit_table(table, wanted, NOW).column("verdict").to_pylist() == [
        "fits", "excluded", "fits", "excluded", "excluded",
    ]  # fmt: skip


def test_an_excluding_criterion_has_three_values() -> None:
    """Met excludes, not met does nothing, unknown leaves the verdict open."""
    wanted = profile(EMPLOYEES, {"kind": "keywords", "any": ["holding"], "need": "exclude"})
    table = pa.table({"org_id": list("abc"), "employees": ["30"] * 3, "description": ["a holding", "a yard", None]})
    assert fit_table(table, wanted, NOW).column("verdict").to_pylist() == ["excluded", "fits", "unknown"]


def test_typed_columns_go_the_same_way_as_text() -> None:
    """Whole numbers, dates, dictionaries and chunks of a parquet file are read as their text."""
    typed = pa.chunked_array([pa.array([30], pa.int64()), pa.array([3], pa.int64())])
    table = pa.table(
        {
            "org_id": ["a", "b"],
            "employees": typed,
            "founded": pa.array([date(2001, 1, 1), None], pa.date32()),
            "city": pa.array(["Oslo", "Oslo"]).dictionary_encode(),
        }
    )
    wanted = profile(EMPLOYEES, {"kind": "age", "min": 2, "need": "nice"}, {"kind": "city", "values": ["oslo"]})
    assert fit_table(table, wanted, NOW).column("verdict").to_pylist() == ["fits", "does_not_fit"]


def test_no_rows_give_no_rows_with_the_same_columns() -> None:
    """An empty file is answered by an empty table of the documented columns."""
    empty = fit_table(pa.table({"org_id": pa.array([], pa.string())}), profile(EMPLOYEES), NOW)
    assert empty.num_rows == 0
    assert empty.column_names == ["org_id", "profile", "profile_version", "lower", "upper", "verdict", "criteria"]


def test_one_organization_says_value_source_and_date() -> None:
    """Each line of a fit says what is known, from where and since when; an unknown says what would settle it."""
    organization = Organization(
        "org_1",
        (OrgName("Fjellbro Teknikk AS"),),
        (Identifier("NO-BRC", "999999999"),),
        (
            Fact("industry", ("SN2025:43.210",), "register", NOW),
            Fact("employees", "50-99", "accounts", NOW, valid_from=date(2025, 12, 31)),
        ),
    )
    wanted = profile(EMPLOYEES, INDUSTRY, {"kind": "city", "values": ["Oslo"]})
    employees, industry, city, *_ = qualify(organization, wanted, NOW).criteria
    assert (employees.state, employees.value, employees.source_id, employees.as_of) == (
        "met", "50-99", "accounts", date(2025, 12, 31),
    )  # fmt: skip
    assert (industry.value, industry.as_of, industry.lookup) == ("43.210 (SN2025)", TODAY, "")
    assert (city.state, city.value, city.source_id, city.lookup) == (
        "unknown", "", "", "business address in the register",
    )  # fmt: skip


def test_many_organizations_are_judged_like_each_alone() -> None:
    """The columns give each row what it gets by itself, in the given order."""
    organizations = [
        Organization(f"org_{n}", (OrgName(f"Company {n}"),), facts=(Fact("employees", n, "register", NOW),))
        for n in (10, 20, 300)
    ]
    wanted = profile(EMPLOYEES)
    assert qualify_many(organizations, wanted, NOW) == [qualify(o, wanted, NOW) for o in organizations]
    assert qualify_many([], wanted, NOW) == []


ROW = st.fixed_dictionaries(
    {
        "employees": st.sampled_from(["3", "20", "99", "400"]),
        "city": st.sampled_from(["Oslo", "Bergen"]),
        "industry": st.sampled_from(["62.1", "43.9", "01.1"]),
        "industry_codeset": st.sampled_from(["SN2025"]),
        "founded": st.sampled_from(["1999-01-01", "2026-01-01"]),
        "description": st.sampled_from(["a holding", "a yard"]),
    }
)
CRITERIA = st.lists(
    st.sampled_from(
        [
            EMPLOYEES | {"weight": 3},
            {"kind": "city", "values": ["Oslo"], "need": "nice", "weight": 2},
            INDUSTRY | {"weight": 0.5},
            {"kind": "age", "min": 2, "need": "nice"},
            {"kind": "keywords", "any": ["holding"], "need": "exclude"},
        ]
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda c: c["kind"],
).filter(lambda found: any(c.get("need") != "exclude" for c in found))
COARSE = {"employees": {"3": "<5", "20": "10-49", "99": "50-99", "400": "200+"}, "founded": {"2026-01-01": "2026"}}


def judged(row: dict[str, str], wanted: Profile) -> tuple[float, float, str]:
    """Bounds and verdict of one row."""
    table = pa.table({name: pa.array([value], pa.string()) for name, value in ({"org_id": "a"} | row).items()})
    columns = fit_columns(table, wanted, TODAY)
    return float(columns.lower[0]), float(columns.upper[0]), VERDICTS[int(columns.verdict[0])]


@settings(max_examples=150, deadline=None)
@given(ROW, CRITERIA, st.data())
def test_bounds_contain_every_completion(
    row: dict[str, str], criteria: list[dict[str, Any]], data: st.DataObject
) -> None:
    """Whatever the unknown turns out to be, the fit lies between the bounds, and a settled verdict stays."""
    wanted = profile(*criteria, thresholds={"fit": data.draw(st.sampled_from([0, 40, 90]))})
    hidden = data.draw(st.sets(st.sampled_from(sorted(row))))
    coarse = data.draw(st.sets(st.sampled_from(sorted(COARSE))))
    known = {k: COARSE[k].get(v, v) if k in coarse else v for k, v in row.items() if k not in hidden}
    lower, upper, verdict = judged(known, wanted)
    exact, same, final = judged(row, wanted)
    assert exact == same
    assert lower <= exact <= upper
    refused = ("does_not_fit", "excluded")
    assert verdict in ("unknown", final) or {verdict, final} <= set(refused)


@settings(max_examples=150, deadline=None)
@given(ROW, CRITERIA, st.data())
def test_learning_never_widens(row: dict[str, str], criteria: list[dict[str, Any]], data: st.DataObject) -> None:
    """Adding facts one by one only ever narrows the interval."""
    wanted = profile(*criteria)
    known: dict[str, str] = {}
    lower, upper, _ = judged(known, wanted)
    for name in data.draw(st.permutations(sorted(row))):
        known[name] = row[name]
        narrower, lesser, _ = judged(known, wanted)
        assert lower <= narrower
        assert lesser <= upper
        lower, upper = narrower, lesser


def test_the_universe_table_has_text_only() -> None:
    """An organisation becomes one row of text; parts of a list are joined, what is unknown is null."""
    organization = Organization(
        "org_1",
        (OrgName("A AS"),),
        facts=(Fact("revenue", "1000.50 NOK", "r", NOW), Fact("industry", ("SN2025:43.2", "SN2007:62"), "r", NOW)),
    )
    (row,) = universe_table([organization]).to_pylist()
    assert (row["revenue"], row["currency"]) == ("1000.50", "NOK")
    assert (row["industry"], row["industry_codeset"]) == ("43.2|62", "SN2025|SN2007")
    assert row["employees"] is None
