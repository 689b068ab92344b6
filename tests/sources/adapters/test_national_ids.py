"""Organisation numbers as people type them."""

from __future__ import annotations

import pytest

from salestrigger.sources.adapters.national_ids import country_of, lei_of, national_id


@pytest.mark.parametrize(
    ("country", "text", "expected"),
    [
        ("NO", "999 999 992", None),  # wrong check digit
        ("NO", "Org.nr. 974 760 673", "NO-BRC-974760673"),
        ("NO", "NO974760673MVA", "NO-BRC-974760673"),
        ("NO", "974\u200b760673", "NO-BRC-974760673"),
        ("NO", "DE123456789", None),
        ("NL", "01234567", "NL-KVK-01234567"),
        ("NL", "KvK 01234567", "NL-KVK-01234567"),
        ("NL", "012345670000", None),
        ("SE", "556000-4615", "SE-BLV-5560004615"),
        ("SE", "SE556000461501", "SE-BLV-5560004615"),
        ("SE", "8001011234", None),  # a person's number
        ("DK", "DK10150817", "DK-CVR-10150817"),
        ("DK", "10150818", None),
        ("FI", "FI01120389", "FI-PRO-0112038-9"),
        ("FI", "0112038-8", None),
        ("GB", "sc 571653", "GB-COH-SC571653"),
        ("GB", "1234567", "GB-COH-01234567"),
        ("DE", "HRB 12345", None),
        (None, "974760673", None),
    ],
)
def test_a_number_is_taken_only_in_the_form_of_its_country(
    country: str | None, text: str, expected: str | None
) -> None:
    """Blanks, prefixes and words go; a wrong check digit or another form gives none."""
    found = national_id(country, text)
    assert (str(found) if found else None) == expected


def test_a_lei_has_two_check_digits() -> None:
    """Mod 97-10 over letters as numbers."""
    assert str(lei_of("5493 001K JTII GC8Y 1R12")) == "XI-LEI-5493001KJTIIGC8Y1R12"
    assert lei_of("5493001KJTIIGC8Y1R13") is None
    assert lei_of("") is None


def test_countries_of_two_and_three_letters() -> None:
    """EU notices write three letters, and EL and UK."""
    assert [country_of(code) for code in ("NOR", "nl", "EL", "UK", "XYZ", "")] == ["NO", "NL", "GR", "GB", None, None]
