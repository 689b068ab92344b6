"""A profile says what is wrong with it by file, key, value and what is allowed; its version is its content."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from salestrigger.icp_profiles.profile import DEFAULT_EVENT_TYPES, default_folder, load_profile, load_profiles
from salestrigger.sources.errors import DeclarationError

SMALL = """
title = "Small"

[[criteria]]
kind = "employees"
min = 20
max = 250
"""


def write(folder: Path, text: str, name: str = "small.toml") -> Path:
    """A profile file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(tmp_path: Path, text: str) -> DeclarationError:
    """The error with which a profile of this text is refused."""
    with pytest.raises(DeclarationError) as caught:
        load_profile(write(tmp_path, text))
    return caught.value


def test_the_shipped_profiles_load_in_name_order() -> None:
    """The shipped folder holds the two examples, in the order of their names."""
    names = [p.name for p in load_profiles()]
    assert names == sorted(names)
    assert {"facility-services-norway", "it-services-netherlands"} <= set(names)


def test_the_name_is_the_files_and_defaults_are_a_dozen_types(tmp_path: Path) -> None:
    """A profile that names no event types wants about a dozen of them, not all."""
    profile = load_profile(write(tmp_path, SMALL))
    assert profile.name == "small"
    assert profile.event_types == dict(DEFAULT_EVENT_TYPES)
    assert 10 <= len(DEFAULT_EVENT_TYPES) <= 15
    assert profile.event_weight("recognition") == 0


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        (SMALL + "mim = 2", "criteria.0.mim", "did you mean 'min'?"),
        ('titel = "x"\n' + SMALL, "titel", "did you mean 'title'?"),
        (SMALL.replace("min = 20", "min = 300"), "criteria.0", "impossible range: min 300 is above max 250"),
        (SMALL.replace("min = 20\nmax = 250", ""), "criteria.0", "needs 'min', 'max' or both"),
        (SMALL.replace("min = 20", "min = -1"), "criteria.0.min", "greater than or equal to 0"),
        (SMALL.replace('"employees"', '"staff"'), "criteria.0.kind", "unknown kind 'staff'; allowed: industry"),
        (SMALL.replace('kind = "employees"', ""), "criteria.0.kind", "missing; allowed: industry"),
        (SMALL + "weight = 0", "", "weights cannot add up: no must or nice"),
        (SMALL + 'need = "exclude"', "", "weights cannot add up: no must or nice"),
        (SMALL + 'need = "maybe"', "criteria.0.need", "'maybe' is not allowed; allowed: 'must', 'nice' or 'exclude'"),
        (SMALL + "[event_types]\nfunding = 0", "event_types", "no event type has a weight above 0"),
        (SMALL + "[event_types]\nfunding = 3", "event_types", "weight of 'funding' is 3.0; allowed: 0 to 1"),
        (SMALL + SMALL.replace('title = "Small"', ""), "criteria", "two criteria are named 'employees'"),
        ('title = "x"\ncriteria = []', "criteria", "at least 1 item"),
        ('title = "x"\ncriteria = [3]', "criteria.0", "3 is not a table"),
        ('title = "x"', "criteria", "missing"),
        (SMALL + '[exclude]\nrelations = ["friend"]', "exclude.relations.0", "'friend' is not allowed"),
        (SMALL + '[exclude]\nstatuses = ["sleepy"]', "exclude.statuses", "'sleepy' is not allowed; allowed: active"),
        (SMALL + '[unknown_must]\npolicy = "guess"', "unknown_must.policy", "allowed: 'hide', 'show' or 'lookup'"),
        (SMALL + "[thresholds]\nrnak = 3", "thresholds.rnak", "did you mean 'rank'?"),
        ('name = "other"\n' + SMALL, "name", "the name is the file's name: 'small'"),
        ('order_value = { amount = 0, currency = "NOK" }\n' + SMALL, "order_value.amount", "greater than 0"),
    ],
)
def test_a_wrong_profile_is_refused_by_key_and_value(tmp_path: Path, text: str, key: str, says: str) -> None:
    """The error names the file, the full dotted key, the value and what is allowed."""
    error = refused(tmp_path, text)
    assert error.key == key
    assert says in error.problem
    assert str(tmp_path / "small.toml") in str(error)


@pytest.mark.parametrize(
    ("criterion", "says"),
    [
        ('kind = "industry"\ncodes = ["IT"]\ncodesets = ["SN2025"]', "'IT' is no industry code"),
        ('kind = "industry"\ncodes = ["33-10"]\ncodesets = ["SN2025"]', "impossible range '33-10'"),
        ('kind = "industry"\ncodes = ["1-33"]\ncodesets = ["SN2025"]', "impossible range '1-33'"),
        ('kind = "industry"\ncodes = ["10"]', "missing"),
        ('kind = "country"\nvalues = ["Norway"]', "'Norway' is no country"),
        ('kind = "municipality"\ncodes = ["Oslo"]', "'Oslo' is no municipality code"),
        ('kind = "postcode"\nranges = ["2000-1000"]', "impossible range '2000-1000'"),
        ('kind = "postcode"\nranges = ["a_b"]', "'a_b' is no postcode"),
        ('kind = "revenue"\nmin = 5\ncurrency = "kroner"', "'kroner'"),
        ('kind = "status"\nvalues = ["asleep"]', "'asleep' is not allowed; allowed: active"),
        ('kind = "keywords"', "needs 'any', 'all' or both"),
        ('kind = "keywords"\nany = [" "]', "an empty word"),
        ('kind = "city"\nvalues = [""]', "an empty value"),
        ('kind = "city"\nvalues = []', "at least 1 item"),
    ],
)
def test_each_kind_refuses_what_cannot_be_right(tmp_path: Path, criterion: str, says: str) -> None:
    """Values that no organisation could ever have are refused when the file is read."""
    assert says in refused(tmp_path, f'title = "x"\n[[criteria]]\n{criterion}\n').problem


def test_the_version_is_the_content_not_the_writing(tmp_path: Path) -> None:
    """Comments, the order of keys, title and examples make no new version; anything that changes a fit does."""
    first = load_profile(write(tmp_path, SMALL)).version
    rewritten = '# a note\ntitle = "Another"\n[[criteria]]\nmax = 250\nmin = 20\nkind = "employees"\n'
    assert load_profile(write(tmp_path, rewritten)).version == first
    assert load_profile(write(tmp_path, SMALL.replace("250", "251"))).version != first
    assert load_profile(write(tmp_path, SMALL + "[thresholds]\nrank = 40")).version != first
    assert len(first) == 12


def test_an_overlay_replaces_by_file_name(tmp_path: Path) -> None:
    """A folder of one's own replaces the shipped file of that name, adds others, and can switch one off."""
    write(tmp_path, SMALL, "facility-services-norway.toml")
    write(tmp_path, "enabled = false\n" + SMALL, "it-services-netherlands.toml")
    write(tmp_path, SMALL, "own.toml")
    write(tmp_path, "stages = []", "funnel.toml")
    found = {p.name: p for p in load_profiles(default_folder(), tmp_path)}
    assert set(found) == {"facility-services-norway", "own"}
    assert found["facility-services-norway"].title == "Small"


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    """A folder that is not there is an error, not an empty list of profiles."""
    with pytest.raises(DeclarationError, match="no such folder"):
        load_profiles(tmp_path / "nowhere")


def test_a_file_name_that_is_no_profile_name(tmp_path: Path) -> None:
    """The name of a profile is part of ids and addresses, so that it is plain."""
    with pytest.raises(DeclarationError) as caught:
        load_profile(write(tmp_path, SMALL, "My Profile.toml"))
    assert caught.value.key == "name"


def test_what_is_wanted_reads_as_words(tmp_path: Path) -> None:
    """Each criterion says in words what it asks for."""
    criteria: list[tuple[str, dict[str, Any]]] = [
        ('kind = "employees"\nmin = 20', {"wanted": "at least 20 employees", "label": "employees"}),
        ('kind = "revenue"\nmax = 5_000_000\ncurrency = "EUR"', {"wanted": "at most 5000000 EUR revenue"}),
        ('kind = "legal_form"\nvalues = ["AS"]', {"wanted": "AS", "label": "legal form"}),
        ('kind = "postcode"\nranges = ["0150"]', {"wanted": "postcode 0150"}),
        ('kind = "keywords"\nany = ["a"]\nall = ["b"]', {"wanted": "described with any of a and all of b"}),
    ]
    for text, expected in criteria:
        (criterion,) = load_profile(write(tmp_path, f'title = "x"\n[[criteria]]\n{text}\n')).criteria
        assert {name: getattr(criterion, name) for name in expected} == expected
