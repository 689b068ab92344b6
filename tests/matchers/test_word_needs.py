"""The quick look before a sentence is encoded: it may only drop what could not match."""

from __future__ import annotations

import pytest

from salestrigger.matchers import need_table
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.need_table import NeedTable, in_order
from salestrigger.matchers.reader import reader_of
from salestrigger.matchers.scan import find_phrases
from salestrigger.matchers.sentences import Sentence
from salestrigger.matchers.word_needs import word_need
from salestrigger.matchers.word_tokens import words_in


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
    assert allowed("acme raises a round", "raises", "round")
    assert not allowed("a round that acme raises", "raises", "round")
    assert allowed("round one acme raises a round", "raises", "round")


@pytest.mark.parametrize(
    ("alternative", "sentence", "met"),
    [
        ("takes over", "acme, takes it over.", True),
        ("takes over", "acme takes it.", False),
        ("nieuw*", "een nieuwe winkel", True),
        ("*director", "een sales-director", True),
        ("*topman", "acme-topman stapt op", True),
        ("*bouw*", "de scheepsbouwers", True),
        ("bouw", "de scheepsbouwers", False),
    ],
)
def test_a_table_answers_as_each_of_its_needs(alternative: str, sentence: str, met: bool) -> None:
    """One look-up per word finds what each need by itself would."""
    assert allowed(sentence, alternative) is met
    assert word_need((alternative,)).met(frozenset(words_in(sentence))) is met


def test_a_table_forgets_words_but_no_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts with ever new words do not fill the memory."""
    monkeypatch.setattr(need_table, "KNOWN_PIECES", 10)
    table = NeedTable([word_need(("raises",))])
    for number in range(100):
        assert table.met(table.look(["acme", f"word{number}", "raises"])) == {0}
    assert len(table._memory) <= 13


def allowed(sentence: str, *alternatives: str) -> bool:
    """Whether a sentence has one word of each piece of a phrase, in their order."""
    table, needs = NeedTable([word_need((a,)) for a in alternatives]), frozenset(range(len(alternatives)))
    told = table.look(sentence.split())
    return needs <= table.met(told) and in_order(range(len(alternatives)), table.places(told, needs))


def test_a_phrase_with_a_number_needs_one() -> None:
    """Money, percentages and counts; a number may be a word."""
    assert counted("Acme raises 5 million dollars in a funding round")
    assert counted("Acme raises five million dollars in a funding round")
    assert not counted("Acme raises money in a funding round")


def counted(text: str) -> list[str]:
    """The phrases with a number whose words stand in a headline."""
    lexicon = load_lexicon()
    found = find_phrases(text, [Sentence(0, len(text), "title", 0)], lexicon, reader_of(lexicon, "en"))
    return [pattern.source for _, pattern in found.get(0, ()) if pattern.counts]
