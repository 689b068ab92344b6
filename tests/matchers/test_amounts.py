"""Numbers in a text: which words of a list stand there."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from salestrigger.matchers.amounts import one_of_words

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
