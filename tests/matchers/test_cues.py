"""The filter before a second reader: everything that may tell of an event passes, ordinary texts do not."""

from __future__ import annotations

import pytest

from salestrigger.matchers.cues import in_headline, passes
from salestrigger.matchers.detect import detect
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.trace import Trace
from tests.gate import document_of, load_cases
from tests.matchers.event_texts import document


def looked_at(title: str, text: str = "", language: str = "en") -> tuple[str, Trace]:
    trace = Trace()
    _, outcome = detect(document(title, text, language), (), load_lexicon(), language, trace=trace)
    return outcome, trace


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Brackwater Foods buys Pennine Pies", "", True),
        ("Brackwater Foods does not buy Pennine Pies", "", True),
        ("Takeover of the year: how Brackwater Foods landed it", "By then Brackwater was bought by Pennine.", True),
        ("Sun expected at the weekend", "It will be warm in Leeds.", False),
        ("A dairy firm acquired a rival dairy", "", False),
        ("Baker of the week", "Bread. Milk. Butter. Cheese. Long after, Brackwater Foods bought a mill.", False),
        ("", "", False),
    ],
)
def test_cue_words_beside_a_name_at_the_head_pass(title: str, text: str, expected: bool) -> None:
    """A negated deal passes (it was judged), nobody named or nothing at the head does not."""
    outcome, trace = looked_at(title, text)
    if outcome == "event" and not expected:
        pytest.fail("the rules found an event here: the example shows nothing")
    assert passes(outcome, trace, load_lexicon()) is expected


def test_a_text_without_a_headline_is_looked_at_one_sentence_further() -> None:
    """Notices begin with their place and date; under a headline the second sentence is too late."""
    text = "A town talks. Layoffs, strikes and Pennine Pies: it has been said."
    bare, titled = looked_at("", text), looked_at("Rain in Skipton", text)
    assert bare[0] == titled[0] == "no_pattern"
    assert passes(*bare, load_lexicon())
    assert not passes(*titled, load_lexicon())


def test_the_headline_alone_is_a_doubt() -> None:
    """Cue words and a name in the headline, and yet no event."""
    _, told = looked_at("Layoffs, strikes and Pennine Pies: a town talks")
    _, untold = looked_at("A town talks", "Layoffs are feared at Pennine Pies.")
    assert in_headline(told, load_lexicon())
    assert not in_headline(untold, load_lexicon())


def test_our_labelled_texts_pass() -> None:
    """At least .97 of the texts with an event, at most a third of those without; see benchmarks/second_reader.py."""
    lexicon = load_lexicon()
    passed: dict[bool, list[bool]] = {True: [], False: []}
    for case in load_cases():
        trace = Trace()
        _, outcome = detect(document_of(case), (), lexicon, case["language"], trace=trace)
        passed[bool(case["events"])].append(passes(outcome, trace, lexicon))
    assert sum(passed[True]) >= 0.97 * len(passed[True])
    assert sum(passed[False]) <= len(passed[False]) / 3
