"""Every text can say why: which phrase, which words around it, what was missing."""

from __future__ import annotations

import pytest

from salestrigger.matchers.detect import detect
from salestrigger.matchers.explain_events import Explanation, explain_events
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.spot import spot
from tests.gate import document_of, load_cases
from tests.matchers.event_texts import document


def explained(title: str, text: str = "", language: str = "en") -> Explanation:
    return explain_events(
        document(title, text, language), lexicon=load_lexicon(), index=OrganizationIndex.build(())
    )  # fmt: skip


def test_an_event_names_its_phrase_and_how_its_subject_was_found() -> None:
    """The phrase as the type's file has it, the words it took, who, and how sure."""
    found = explained("Brackwater Foods acquires Pennine Pies")
    best = found.tried[0]
    assert (best.result, best.event_type, best.how) == ("event", "acquisition", "slot")
    assert best.phrase in load_lexicon().types["acquisition"].phrases["en"]
    assert best.words == "Brackwater Foods acquires Pennine Pies"
    assert ("target", "Pennine Pies") in best.roles
    assert best.confidence == found.events[0].confidence


@pytest.mark.parametrize(
    ("language", "title", "result", "marker"),
    [
        ("nl", "Voltwerk neemt Stroomhuis niet over", "negated", ("negation", "niet")),
        ("nb", "Ingen oppsigelser i Tindgruppen", "negated", ("negation", "Ingen")),
        (
            "nl",
            "Als Voltwerk failliet gaat, volgen anderen",
            "hypothetical",
            ("hypothetical", "Als Voltwerk failliet gaat,"),
        ),
        ("nl", "Voltwerk Boys tekent contract met spits", "homonym", ("sports", "spits")),
        ("en", "Brackwater Foods acquires Pennine Pies own shares", "excluded", ("excluded", "own shares")),
        ("en", "Opinion: why Brackwater Foods should buy Pennine Pies", "opinion", ("genre", "Opinion")),
    ],
)
def test_a_refusal_names_the_words_behind_it(language: str, title: str, result: str, marker: tuple[str, str]) -> None:
    """As written in the text, with the kind of marker that they are."""
    found = [t for t in explained(title, language=language).tried if t.result == result]
    assert found
    assert any((kind, words.strip(": ")) == marker for t in found for kind, words in t.markers)


def test_the_modality_has_its_cue() -> None:
    """What made it a rumour stands beside the event, and what speaks against it."""
    (best, *_) = explained("Brackwater Foods reportedly acquires Pennine Pies").tried
    assert ("rumour", "reportedly") in best.markers
    assert any("unconfirmed" in says for says in best.against)


def test_what_a_phrase_lacked_is_said() -> None:
    """Nobody named, or other words in between."""
    nobody = explained("A dairy firm acquired a rival dairy")
    assert nobody.outcome == "no_subject"
    assert any("an organisation" in t.missing for t in nobody.tried)


def test_a_second_telling_and_a_weaker_phrase_are_told_apart() -> None:
    """The lead tells the headline's news again; of several phrases on the same words the best one counts."""
    found = explained("Voltwerk neemt Stroomhuis over", "Voltwerk BV heeft Stroomhuis overgenomen.", "nl")
    results = {t.result for t in found.tried}
    assert {"event", "joined"} <= results
    assert len([t for t in found.tried if t.result == "event"]) == len(found.events)


def test_a_text_that_nothing_points_at_says_so() -> None:
    """No phrase was tried: the outcome says it all."""
    for title, language, outcome in (("Sun expected", "en", "no_cue_word"), ("", "en", "empty_text")):
        found = explained(title, language=language)
        assert (found.outcome, found.tried, found.events) == (outcome, (), ())


def test_explaining_changes_nothing() -> None:
    """Events and outcome are those of the ordinary path, for every labelled text."""
    lexicon, index = load_lexicon(), OrganizationIndex.build(())
    for case in load_cases()[::6]:
        told = document_of(case)
        found = explain_events(told, lexicon=lexicon, index=index)
        events, outcome = detect(told, spot(told, index, lexicon, found.language), lexicon, found.language)
        assert found.outcome == outcome, case["document_id"]
        assert [e.type for e in found.events] == [e.type for e in events]


def test_every_exclusion_can_be_shown() -> None:
    """Those that name a role as well: what refuses a text is there when somebody asks why."""
    lexicon = load_lexicon()
    for type_id in lexicon.types:
        for language in lexicon.languages:
            assert all(pattern.expression for pattern in lexicon.exclusions(type_id, language))
    found = explained("Slik var det da Havgull AS gikk konkurs", "Ti år senere minnes de ansatte dagen.", "nb")
    assert ("insolvency", "excluded") in {(tried.event_type, tried.result) for tried in found.tried}
