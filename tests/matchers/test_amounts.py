"""Numbers in a text: which words of a list stand there."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestrigger.matchers.amounts import one_of_words, scan_values
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.reader import reader_of

WORDS = st.lists(st.text("aABå.$ ", min_size=1, max_size=4), min_size=1, max_size=8)


@given(WORDS, st.text("aABå.$ ", max_size=12))
def test_words_that_share_a_beginning_are_found_as_if_they_did_not(words: list[str], text: str) -> None:
    """The longest word at each place, in any case, also where what follows allows only a shorter one."""
    plain = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    for end in ("", "(?= )", "$"):
        found = re.compile(f"(?:{one_of_words(words)}){end}", re.IGNORECASE).finditer(text)
        expected = re.compile(f"(?:{plain}){end}", re.IGNORECASE).finditer(text)
        assert [m.span() for m in found] == [m.span() for m in expected]


def test_no_words_are_nowhere() -> None:
    """A language without a list finds none of it."""
    assert re.search(one_of_words(()), "any text") is None


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("Kranwerk kutter 2000 stillinger", "nb", "N"),
        ("Lenkja byggjer 1800 kvadratmeter nytt verkstad", "nn", "N"),
        ("Korstmeester schrapt 1900 banen", "nl", "N"),
        ("I 2019 ansatte Fjordtank en sjef", "nb", "Y"),
        ("Omsetningen i 2025 var god", "nb", "Y"),
    ],
)
def test_a_number_that_counts_people_or_area_is_no_year(text: str, language: str, kind: str) -> None:
    """Unless the text dates something with it."""
    (value,) = scan_values(text, reader_of(load_lexicon(), language))
    assert value.kind == kind
