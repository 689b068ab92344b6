"""Names: one normal form, and legal forms kept as evidence."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.country_words import country_words
from salestrigger.matchers import weights
from salestrigger.matchers.legal_forms import country_code, form_table, own_forms, relation_of, split_legal_form
from salestrigger.matchers.name_columns import INITIAL, NUMBER, PLACE, name_columns
from salestrigger.matchers.names import MAX_NAME, normalise, normalise_column
from salestrigger.matchers.words import word_columns

TRICKY = st.text(alphabet="aeouÆøå. &/'-bns1EgßIx\n\u200b🙂", max_size=14)


def keys(*names: str, country: str | None = None) -> list[int]:
    """The core's ordered key of each name."""
    codes = np.full(len(names), country_code(country), dtype=np.int64)
    return [int(k) for k in name_columns(names, codes).ordered]


@given(st.one_of(st.text(), TRICKY))
def test_normalising_twice_changes_nothing(text: str) -> None:
    """The normal form of a normal form is itself."""
    once = normalise(text)
    assert normalise(once) == once
    assert "\n" not in once
    assert "  " not in once


@given(st.lists(st.one_of(st.text(max_size=20), TRICKY), max_size=12))
def test_a_column_is_its_rows(names: list[str]) -> None:
    """What stands beside a name in a column does not change it."""
    assert normalise_column(names) == [normalise(name) for name in names]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jæger & Sønner A/S", "Jaeger og Soenner AS"),
        ("Ålesund Prøve", "Aalesund Proeve"),
        ("Große Weiß", "Grosse Weiss"),
        ("Müller und Prüf", "Mueller & Pruef"),
        ("Jansen & Zonen B.V.", "Jansen en Zonen BV"),
        ("O'Prøve’s", "OProves"),
        ("Prøves's Zyx", "Prøves Zyx"),
        ("ZYXES’S", "Zyxes"),
        ("J. P. Testad", "JP Testad"),
        ("Ｐｒｏｖｅ", "prove"),
    ],
)
def test_spellings_of_one_name_agree(one: str, other: str) -> None:
    """Letters, ampersands, dots and apostrophes fold together."""
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("3M", "M"), ("7-Eleven", "Eleven"), ("1&1", "1"), ("Fond II", "Fond III"), ("Route 66", "Route 6")],
)
def test_digits_and_numerals_are_never_lost(one: str, other: str) -> None:
    """A number tells companies apart."""
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize(
    ("name", "country", "core", "form"),
    [
        ("3M", None, "3m", None),
        ("7-Eleven", None, "7 eleven", None),
        ("1&1", None, "1 and 1", None),
        ("De Nieuwe B.V.", "NL", "de nieuwe", "NL.BV"),
        ("A. de Vries", "NL", "a de vries", None),
        ("AS", "NO", "as", None),
        ("Prøve Aksjeselskap", "NO", "prove", "NO.AS"),
        ("Aksjeselskapet Prøve", "NO", "prove", "NO.AS"),
        ("Proef Besloten Vennootschap", None, "prof", "NL.BV"),
        ("Probe GmbH & Co. KG", "DE", "probe", "DE.KG"),
        ("Oy Koe Ab", "FI", "ko", "SE.AB"),
        ("Prov AB (publ)", "SE", "prov", "SE.ABP"),
        ("Próba Sp. z o.o.", "PL", "proba", "PL.ZOO"),
        ("Trial Co., Ltd.", None, "trial", "GB.LTD"),
        ("Hansen og Berg DA", "NO", "hansen and berg", "NO.ANS"),
        ("Hansen og Berg DA", None, "hansen and berg da", None),
        ("Zyx Prøve SE", None, "zyx prove", "EU.SE"),
        ("Zyx Prøve N.A.", "US", "zyx prove", "US.NA"),
        ("Zyx Prøve VVaG", "DE", "zyx prove", "DE.13AV"),
        ("Zyx Prøve VVaG", None, "zyx prove vvag", None),
        ("Zyx Prøve VvE", "NL", "zyx prove", "NL.GNXT"),
        ("Zyx Prøve BBL", "NO", "zyx prove", "NO.9DI1"),
        ("", None, "", None),
        ("🙂", None, "", None),
    ],
)
def test_legal_forms_are_split_off_by_country(name: str, country: str | None, core: str, form: str | None) -> None:
    """The core keeps at least one word; ambiguous spellings need their country."""
    assert split_legal_form(name, country) == (core, form)


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("NL.BV", "NL.BV", "equal"),
        ("NO.AS", "DK.AS", "equal"),
        ("NL.BV", "DE.GMBH", "near"),
        ("NL.BV", "NL.NV", "conflict"),
        ("NL.BV", None, "missing"),
        (None, None, "none"),
    ],
)
def test_forms_relate_the_same_both_ways(one: str | None, other: str | None, relation: str) -> None:
    """How two legal forms relate does not depend on their order."""
    assert relation_of(one, other) == relation
    assert relation_of(other, one) == relation


def test_every_declared_spelling_is_found_again() -> None:
    """A name that ends in a declared spelling loses it, in a country that has it."""
    for form in form_table().forms:
        for spelling in form.spellings:
            core, found = split_legal_form(f"Zzyx Qwerty {spelling}", form.countries[0])
            assert (found is None) == (form.kind == "security"), spelling
            assert core == "zzyx qwerty", spelling


def test_what_an_exchange_adds_is_cut_off_and_is_no_legal_form() -> None:
    """The form before it is kept."""
    assert split_legal_form("Zyx Prøve Inc. Class A Common Stock") == ("zyx prove", "US.INC")
    assert split_legal_form("Zyx Prøve Sponsored ADR") == ("zyx prove", None)


@given(st.text(alphabet="aeouns. ./&  'gdhcEO1_-", max_size=16))
def test_the_fast_way_over_ascii_is_the_slow_way(text: str) -> None:
    """Bytes and characters give one normal form: a strange letter in the same name takes the other way."""
    assert normalise(f"{text}, жжж") == normalise(f"{text}, zzz").replace("zzz", "жжж")


def test_abbreviations_have_the_key_of_their_word() -> None:
    """Intl and International, Grp and Group are one word in keys."""
    assert len(set(keys("Zyx International Group", "Zyx Intl Grp"))) == 1


def test_word_order_matters_to_the_ordered_key_only() -> None:
    """The bag of words is the same in any order."""
    columns = name_columns(["Berg Zyx Prøve", "Prøve Berg Zyx"], np.zeros(2, dtype=np.int64))
    assert columns.ordered[0] != columns.ordered[1]
    assert columns.bag[0] == columns.bag[1]


def test_names_without_spaces_share_the_joined_key() -> None:
    """How letters are split into words does not matter to the joined key."""
    columns = name_columns(["Zyx Soft Works", "ZyxSoft Works AS"], np.zeros(2, dtype=np.int64))
    assert columns.joined[0] == columns.joined[1]


def test_words_know_what_they_are() -> None:
    """Numbers, roman numerals, initials and places are marked."""
    columns = name_columns(["Oslo A Zyx III 7"], np.zeros(1, dtype=np.int64))
    assert [int(f) & (PLACE | INITIAL | NUMBER) for f in columns.flags] == [PLACE, INITIAL, 0, NUMBER, NUMBER]


def test_long_and_empty_names_are_bounded() -> None:
    """A name of 10,000 characters is cut; nothing in a list of nothings fails."""
    assert len(normalise("x" * 10_000)) == MAX_NAME
    assert normalise_column(["", " ", "\u200b", "...", "🙂🙂"]) == [""] * 5
    assert len(name_columns(["", "🙂"], np.zeros(2, dtype=np.int64))) == 2
    assert len(name_columns([], np.zeros(0, dtype=np.int64))) == 0


def test_hashes_are_stable() -> None:
    """The hashes are stored in saved indexes, so they may not change between versions without a new format."""
    assert [hex(int(h)) for h in word_columns(["nordvik bygg"]).hash] == ["0xb51249b61c77abaf", "0x327abfffc9f3f567"]


def test_the_countries_kept_are_those_of_the_locale_data() -> None:
    """Another version of the locale data may name one or two differently; then the file is made again."""
    kept = set(json.loads((Path(weights.__file__).parent / "country_words.json").read_text(encoding="utf-8")))
    assert len(kept ^ set(country_words())) <= 20
    assert {"norwegen", "suomi", "norge", "finland"} <= kept


def test_the_declared_forms_and_words_are_whole() -> None:
    """What is read without the checks of a person's file has been checked here."""
    for form in own_forms():
        assert re.fullmatch(r"[A-Z]{2}\.[A-Z0-9]+", form.id)
        assert form.countries
        assert form.spellings
        assert form.kind
        assert all(isinstance(text, str) and text for text in (*form.countries, *form.spellings, *form.ambiguous))
    assert len({form.id for form in own_forms()}) == len(own_forms())
    words = weights.name_words()
    assert all(isinstance(word, str) and word for word in (*words.generic, *words.places, *words.same.values()))
