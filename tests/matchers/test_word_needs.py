"""The quick look before a sentence is encoded: it may only drop what could not match."""

from __future__ import annotations

import pytest

from salestrigger.matchers.word_needs import SentenceWords, word_need


@pytest.mark.parametrize(
    ("alternatives", "sentence", "met"),
    [
        (("buys", "takes over"), "acme takes over beta", True),
        (("buys", "takes over"), "acme takes beta", False),
        (("*director", "head of *"), "acme names sales-director", True),
        (("head of *",), "the head of sales", True),
        (("nieuw*",), "een nieuwe winkel", True),
        (("nieuw*",), "een winkel", False),
    ],
)
def test_a_need_is_met_by_one_of_its_alternatives(alternatives: tuple[str, ...], sentence: str, met: bool) -> None:
    """Whole words, open words and expressions of several words."""
    assert word_need(alternatives).met(frozenset(sentence.split())) is met


def test_needs_are_met_in_their_order_only() -> None:
    """A phrase reads from left to right; a word that stands twice may serve at either place."""
    needs = (word_need(("raises",)), word_need(("round",)))
    assert SentenceWords(["acme", "raises", "a", "round"], numbered=False).allow(needs, number=False)
    assert not SentenceWords(["a", "round", "that", "acme", "raises"], numbered=False).allow(needs, number=False)
    assert SentenceWords(["round", "one", "acme", "raises", "a", "round"], numbered=False).allow(needs, number=False)


def test_a_phrase_with_a_number_needs_one() -> None:
    """Money, percentages and counts."""
    words = ["acme", "raises", "money"]
    assert not SentenceWords(words, numbered=False).allow((word_need(("raises",)),), number=True)
    assert SentenceWords(words, numbered=True).allow((word_need(("raises",)),), number=True)
