"""Distance, group, technologies, growth, history and recoding: three values each, and facts that feed them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from salestrigger.flows.profile_tables import build_crosswalk, build_places
from salestrigger.icp_profiles.profile import Profile, load_profile
from salestrigger.matchers.check_profile import check_profile
from salestrigger.matchers.judge_more import kilometres
from salestrigger.matchers.qualify import fit_table, qualify
from salestrigger.matchers.refit import refit
from salestrigger.matchers.trigger import triggers_for
from salestrigger.matchers.types import Event
from salestrigger.matchers.universe import universe_table
from salestrigger.sources.errors import DeclarationError, UsageError
from tests.matchers.qualifying import LEXICON, NOW, change, event, organization, profile, role, world

ORG = "org_fjellbro"
GEONAMES = (
    "NO\t0150\tOslo\tOslo\t03\tOslo\t0301\t\t\t59.91\t10.75\t4\n"
    "NO\t0190\tOslo\tOslo\t03\tOslo\t0301\t\t\t59.93\t10.77\t4\n"
    "NO\t3001\tDrammen\tBuskerud\t33\tDrammen\t3301\t\t\t59.74\t10.20\t4\n"
    "NO\t5003\tBergen\tVestland\t46\tBergen\t4601\t\t\t60.39\t5.32\t4\n"
)
FUNDED = {"history": "funding:2026-08-01"}
RADIUS = 'title = "R"\n[[criteria]]\nkind = "radius"\nkm = 30\nplace = "Oslo"\ncountry = "NO"\n'


def state(wanted: Profile, **row: str) -> str:
    """The state of the first criterion for one row of a file."""
    table = pa.table({name: pa.array([value], pa.string()) for name, value in ({"org_id": "a"} | row).items()})
    return str(json.loads(fit_table(table, wanted, NOW).column("criteria")[0].as_py())[0]["state"])


def one(**criterion: Any) -> Profile:
    """A profile of one criterion."""
    return Profile.model_validate({"name": "p", "title": "P", "criteria": [criterion]})


@pytest.fixture
def around_oslo(tmp_path: Path) -> Profile:
    """30 km around Oslo, with a table built from a file in the published form."""
    (tmp_path / "NO.txt").write_text(GEONAMES, encoding="utf-8")
    assert build_places([tmp_path / "NO.txt"], tmp_path / "places.tsv").endswith("4 postcodes, 3 cities")
    (tmp_path / "around.toml").write_text(RADIUS, encoding="utf-8")
    return load_profile(tmp_path / "around.toml")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"country": "NO", "postcode": "0190"}, "met"),
        ({"country": "NO", "city": "OSLO"}, "met"),
        ({"country": "NO", "postcode": "5003", "city": "Oslo"}, "not_met"),
        ({"country": "NO", "city": "Bergen"}, "not_met"),
        ({"country": "NO", "city": "Drammen"}, "not_met"),
        ({"country": "NO", "city": "Nowhere"}, "unknown"),
        ({"country": "SE", "city": "Oslo"}, "unknown"),
        ({"latitude": "59.8", "longitude": "10.8"}, "met"),
        ({"latitude": "60.39", "longitude": "5.32"}, "not_met"),
        ({"latitude": "north", "longitude": "10.8"}, "unknown"),
        ({"latitude": "190", "longitude": "10.8"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_radius(around_oslo: Profile, row: dict[str, str], expected: str) -> None:
    """A postcode wins over a city; what is not in the table is unknown, not far away."""
    assert state(around_oslo, **row) == expected


def test_a_city_near_the_circle_is_unknown(around_oslo: Profile) -> None:
    """Drammen's middle is 36 km away: of a circle of 38 km its streets may lie on both sides, a postcode decides."""
    wider = around_oslo.model_copy(update={"criteria": (around_oslo.criteria[0].model_copy(update={"km": 38.0}),)})
    assert state(wider, country="NO", city="Drammen") == "unknown"
    assert state(wider, country="NO", city="Drammen", postcode="3001") == "met"


def test_a_table_is_part_of_the_version(around_oslo: Profile, tmp_path: Path) -> None:
    """Other coordinates are another version; without a table of one's own the shipped one holds."""
    version = around_oslo.version
    (tmp_path / "NO.txt").write_text(GEONAMES.replace("59.91", "59.90"), encoding="utf-8")
    build_places([tmp_path / "NO.txt"], tmp_path / "places.tsv")
    assert load_profile(tmp_path / "around.toml").version != version
    (tmp_path / "places.tsv").unlink()
    shipped = load_profile(tmp_path / "around.toml")
    assert state(shipped, country="NO", city="Lillestrøm") == "met"
    assert state(shipped, country="NO", city="Trondheim") == "not_met"
    assert state(shipped, country="NO", postcode="0150") == "unknown"


def city(name: str, others: str, *, at: tuple[float, float], country: str = "NL", people: int = 900_000) -> str:
    """A line in the form of GeoNames' cities."""
    cells = {1: name, 3: others, 4: str(at[0]), 5: str(at[1]), 8: country, 14: str(people)}
    return "\t".join(cells.get(column, "") for column in range(19)) + "\n"


def test_cities_have_their_other_names_and_shared_names_mean_nobody(tmp_path: Path) -> None:
    """People write Copenhagen; of two villages of one name neither is meant, of a village and a city the city."""
    (tmp_path / "cities.txt").write_text(
        city("København", "Copenhagen,Københavna,København K,コペンハーゲン", at=(55.68, 12.57), country="DK")
        + city("Laren", "", at=(52.26, 5.23), people=11_000)
        + city("Laren", "", at=(52.19, 6.36), people=4_000)
        + city("Utrecht", "", at=(52.09, 5.12))
        + city("Utrecht", "", at=(53.0, 6.0), people=500)
        + city("Oslo", "", at=(59.91, 10.75), country="NO"),
        encoding="utf-8",
    )
    out = tmp_path / "places.tsv"
    assert build_places([tmp_path / "cities.txt"], out, countries=("NL", "DK")).endswith("0 postcodes, 3 cities")
    rows = [line.split("\t") for line in out.read_text(encoding="utf-8").splitlines()[1:]]
    assert {(row[0], row[2], row[3]) for row in rows} == {
        ("DK", "København", "55.6800"), ("DK", "Copenhagen", "55.6800"), ("NL", "Utrecht", "52.0900"),
    }  # fmt: skip


def test_distances_are_those_of_a_sphere() -> None:
    """A quarter of the equator, and nothing to oneself."""
    assert kilometres((0, 0), (0, 90)) == pytest.approx(10007.557, abs=0.001)
    assert kilometres((59.91, 10.75), (59.91, 10.75)) == 0


@pytest.mark.parametrize(
    ("criterion", "row", "expected"),
    [
        ({"kind": "group", "part_of_group": True}, {"parent": "NO-BRC-1"}, "met"),
        ({"kind": "group", "part_of_group": True}, {}, "unknown"),
        ({"kind": "group", "part_of_group": False}, {"parent": "NO-BRC-1"}, "not_met"),
        ({"kind": "group", "parents": ["NO-BRC-1"]}, {"parent": "NO-BRC-1"}, "met"),
        ({"kind": "group", "parents": ["NO-BRC-1"]}, {"parent": "NO-BRC-2"}, "not_met"),
        ({"kind": "technologies", "any": ["SAP"]}, {"technologies": "sap|Visma"}, "met"),
        ({"kind": "technologies", "any": ["SAP"]}, {"technologies": "Visma"}, "unknown"),
        ({"kind": "technologies", "any": ["SAP"], "absent": "no"}, {"technologies": "Visma"}, "not_met"),
        ({"kind": "technologies", "all": ["SAP", "Visma"]}, {"technologies": "SAP|Visma"}, "met"),
        ({"kind": "technologies", "any": ["SAP"], "absent": "no"}, {}, "unknown"),
        ({"kind": "growth", "min": 10}, {"growth": "12.5"}, "met"),
        ({"kind": "growth", "min": 10}, {"growth": "-3 %"}, "not_met"),
        ({"kind": "growth", "max": -5}, {"growth": "-20"}, "met"),
        ({"kind": "growth", "min": 10}, {"growth": "2025-09-01=40|2026-09-01=50"}, "met"),
        ({"kind": "growth", "min": 30}, {"growth": "2025-09-01=40|2026-09-01=50"}, "not_met"),
        ({"kind": "growth", "min": 10}, {"growth": "2026-08-01=40|2026-09-01=50"}, "unknown"),
        ({"kind": "growth", "min": 10}, {"growth": "2023-09-01=40|2024-09-01=50"}, "unknown"),
        ({"kind": "growth", "min": 10}, {"growth": "2025-09-01=0|2026-09-01=50"}, "unknown"),
        ({"kind": "growth", "min": 10}, {"growth": "much"}, "unknown"),
        ({"kind": "growth", "min": 10}, {"growth": "NaN"}, "unknown"),
        ({"kind": "history", "event_types": ["funding"], "within_days": 90}, FUNDED, "met"),
        ({"kind": "history", "event_types": ["funding"], "within_days": 9}, {"history": "funding:2026-8-1"}, "unknown"),
        ({"kind": "history", "event_types": ["funding"], "within_days": 9}, FUNDED, "not_met"),
        ({"kind": "history", "event_types": ["merger"], "within_days": 99}, FUNDED, "not_met"),
        ({"kind": "history", "event_types": ["funding"], "within_days": 90}, {"history": "none"}, "not_met"),
        ({"kind": "history", "event_types": ["funding"], "within_days": 90}, {"history": "funding:soon"}, "unknown"),
        ({"kind": "history", "event_types": ["funding"], "within_days": 90}, {}, "unknown"),
        (
            {"kind": "history", "event_types": ["funding"], "within_days": 90, "at_least": 2},
            {"history": "funding:2026-08-01|funding:2026-08-20"},
            "met",
        ),
    ],
)  # fmt: skip
def test_each_kind(criterion: dict[str, Any], row: dict[str, str], expected: str) -> None:
    """Every kind is met, not met, or unknown where the value is missing, unreadable or too coarse to tell."""
    assert state(one(**criterion), **row) == expected


@pytest.mark.parametrize(
    ("criterion", "problem"),
    [
        ({"kind": "radius", "km": 0, "latitude": 1, "longitude": 1}, "greater than 0"),
        ({"kind": "radius", "km": 10}, "either 'place'"),
        ({"kind": "radius", "km": 10, "latitude": 59.9}, "either 'place'"),
        ({"kind": "radius", "km": 10, "place": "Oslo"}, "needs its 'country'"),
        ({"kind": "group"}, "needs 'part_of_group' or 'parents'"),
        ({"kind": "technologies"}, "needs 'any', 'all' or both"),
        ({"kind": "growth"}, "needs 'min', 'max' or both"),
        ({"kind": "growth", "min": 20, "max": 10}, "impossible range"),
        ({"kind": "history", "event_types": [], "within_days": 10}, "at least 1"),
        ({"kind": "history", "event_types": ["a", "a"], "within_days": 10}, "named twice"),
    ],
)
def test_what_cannot_be_is_refused(criterion: dict[str, Any], problem: str) -> None:
    """An impossible criterion is refused with what is wrong."""
    with pytest.raises(ValueError, match=problem):
        one(**criterion)


def test_a_wrong_table_or_place_is_refused(tmp_path: Path, around_oslo: Profile) -> None:
    """A place that the table lacks, a named table that is not there, an event type that does not exist."""
    path = tmp_path / "around.toml"
    path.write_text(RADIUS.replace('"Oslo"', '"Oslow"'), encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"criteria\.0\.place: 'Oslow' is not in places\.tsv"):
        load_profile(path)
    path.write_text(RADIUS + 'places = "elsewhere.tsv"\n', encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"no such file 'elsewhere\.tsv'"):
        load_profile(path)
    with pytest.raises(DeclarationError, match="unknown event type 'aquisition'; did you mean 'acquisition'"):
        check_profile(profile(criteria=[{"kind": "history", "event_types": ["aquisition"], "within_days": 9}]), LEXICON)
    (tmp_path / "bad.txt").write_text("NO;0150;Oslo\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match="line 1: not a line of a GeoNames"):
        build_places([tmp_path / "bad.txt"], tmp_path / "out.tsv")


def test_what_was_told_becomes_history_and_counts() -> None:
    """An acquirer of last week is somebody with an acquisition behind it, whatever its role was."""
    known = world(organization(), profiles=(profile(criteria=[
        {"kind": "country", "values": ["NO"]},
        {"kind": "history", "event_types": ["acquisition"], "within_days": 30},
    ]),))  # fmt: skip
    bought: Event = event("acquisition", role(ORG, "acquirer"))
    result = triggers_for([bought], known=known)
    assert [(key, f.attribute, f.value) for key, f in result.facts] == [(ORG, "history", ("acquisition:2026-09-06",))]
    (trigger,) = result.triggers
    assert (trigger.effect, trigger.flipped) == ("enters_icp", "history")


def test_parts_of_a_list_are_joined_whatever_their_order() -> None:
    """Two events told by two sources are both in the history; the first does not win."""
    from salestrigger.matchers.facts import best_facts

    facts = [f for o in (organization(history=("funding:2026-01-01",)), organization(history=("merger:2026-02-02",)))
             for f in o.facts if f.attribute == "history"]  # fmt: skip
    for order in (facts, facts[::-1]):
        (joined,) = best_facts(order, {})
        assert joined.value == ("funding:2026-01-01", "merger:2026-02-02")


def test_a_change_of_headcount_leaves_both_readings() -> None:
    """Growth is read from what the register said before and says now."""
    wanted = profile(criteria=[{"kind": "growth", "min": 20}])
    old = organization(employees=40)
    old = replace(old, facts=tuple(replace(f, valid_from=date(2025, 9, 1)) for f in old.facts))
    known = world(organization(employees=50), before=(old,), profiles=(wanted,))
    result = triggers_for([], [(change("employees"), "below_threshold")], known=known)
    assert [f.value for _, f in result.facts] == [("2025-09-01=40", "2026-09-07=50")]
    grown = organization(employees=50, headcounts=result.facts[0][1].value)
    assert qualify(grown, wanted, NOW).verdict == "fits"


def test_time_alone_moves_history() -> None:
    """An event that is too long ago by now is judged again although nobody said anything."""
    wanted = profile(criteria=[{"kind": "history", "event_types": ["funding"], "within_days": 30}])
    funded = organization(history=("funding:2026-08-20",))
    fit = qualify(funded, wanted, NOW)
    assert fit.verdict == "fits"
    later = NOW.replace(month=10)
    known = world(funded, profiles=(wanted,), fits={(ORG, "oslo"): fit}, now=later)
    assert [f.verdict for f in refit(known, set(), {}).fits] == ["does_not_fit"]


# --- recoding ---------------------------------------------------------------------------------------------------------

#: invented pairs in the form of a national office's table: one to one, one to many, many to one
PAIRS = "sourceCode;sourceName;targetCode;targetName\n" + "".join(
    f"{a};x;{b};y\n"
    for a, b in (
        ("41.200", "41.000"), ("62.010", "62.100"), ("63.120", "60.390"), ("63.120", "63.920"), ("45.200", "95.310"),
        ("62.020", "62.200"), ("62.030", "62.200"),
    )
)  # fmt: skip
INDUSTRY = 'title = "I"\n[[criteria]]\nkind = "industry"\ncodesets = ["SN2007"]\ncodes = ["41", "62", "45.2"]\n'


@pytest.fixture
def recoded(tmp_path: Path) -> Profile:
    """A profile in the older codes, with a crosswalk built from a published table."""
    (tmp_path / "klass.csv").write_text(PAIRS, encoding="utf-8")
    says = build_crosswalk(
        tmp_path / "klass.csv", tmp_path / "crosswalk.tsv",
        columns=("sourceCode", "targetCode"), sets=("SN2007", "SN2025"),
    )  # fmt: skip
    assert says.endswith("7 pairs, 6 codes of NACE2")
    (tmp_path / "older.toml").write_text(INDUSTRY, encoding="utf-8")
    return load_profile(tmp_path / "older.toml")


@pytest.mark.parametrize(
    ("old", "new"),
    [("41.200", "41.000"), ("62.010", "62.100"), ("45.200", "95.310"), ("62.020", "62.200"), ("63.120", "60.390")],
)
def test_a_mass_recoding_changes_nobodys_fit(recoded: Profile, old: str, new: str) -> None:
    """The code of the newer set is judged by what it was called; nothing becomes known to fit or not to."""
    before = organization(industry=(f"SN2007:{old}",))
    after = organization(industry=(f"SN2025:{new}",))
    fits = {(ORG, "older"): qualify(before, recoded, NOW)}
    known = world(after, before=(before,), profiles=(recoded,), fits=fits)
    result = triggers_for([], [(change("industry"), "recoding")], known=known)
    assert (result.triggers, result.fit_changes) == ((), ())
    assert qualify(after, recoded, NOW).verdict == fits[ORG, "older"].verdict


def test_codes_that_the_table_does_not_settle_are_unknown(recoded: Profile, tmp_path: Path) -> None:
    """A code without a pair, and one that comes from a wanted and an unwanted code, say neither yes nor no."""
    assert state(recoded, industry="99.000", industry_codeset="SN2025") == "unknown"
    (tmp_path / "klass.csv").write_text(PAIRS + "64.190;x;62.100;y\n", encoding="utf-8")
    build_crosswalk(
        tmp_path / "klass.csv", tmp_path / "crosswalk.tsv",
        columns=("sourceCode", "targetCode"), sets=("SN2007", "SN2025"),
    )  # fmt: skip
    both = load_profile(tmp_path / "older.toml")
    assert state(both, industry="62.100", industry_codeset="SN2025") == "unknown"
    assert both.version != recoded.version


def test_a_crosswalk_of_unknown_sets_or_columns_is_refused(tmp_path: Path) -> None:
    """Said with what is there."""
    (path := tmp_path / "klass.csv").write_text(PAIRS, encoding="utf-8")
    out = tmp_path / "out.tsv"
    with pytest.raises(UsageError, match="unknown code set 'SN99'"):
        build_crosswalk(path, out, columns=("sourceCode", "targetCode"), sets=("SN99", "SN2025"))
    with pytest.raises(UsageError, match="share their codes"):
        build_crosswalk(path, out, columns=("sourceCode", "targetCode"), sets=("SN2007", "NACE2"))
    with pytest.raises(DeclarationError, match="lacks the column 'old'; it has sourceCode"):
        build_crosswalk(path, out, columns=("old", "targetCode"), sets=("SN2007", "SN2025"))
    assert not out.exists()


def test_an_organisation_of_which_nothing_was_told_has_no_history() -> None:
    """For everybody that we know, what we never heard of did not happen."""
    assert universe_table([organization()]).column("history").to_pylist() == ["none"]
