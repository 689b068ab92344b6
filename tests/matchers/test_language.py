from __future__ import annotations

from collections import Counter

import pytest

from salestrigger.matchers.language import detect_language, language_of
from tests.gate import load_cases
from tests.matchers.event_texts import document

#: the share of our own cases, title and text, whose language is found; ``python -m benchmarks.languages`` measures it
FLOORS = {"da": 0.965, "de": 1.0, "en": 1.0, "fi": 1.0, "nb": 0.965, "nl": 1.0, "nn": 0.96, "sv": 1.0}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Het bedrijf opent volgende maand een nieuwe vestiging in de haven van Zwolle.", "nl"),
        ("Selskapet åpner ikke noe nytt kontor nå, sier daglig leder til avisen.", "nb"),
        ("Verksemda opnar ikkje noko nytt kontor no, seier dagleg leiar til avisa.", "nn"),
        ("The company will not open a new office this year, its chief executive said.", "en"),
        ("Bolaget öppnar inte något nytt kontor i år, säger verkställande direktören.", "sv"),
        ("Virksomheden åbner ikke noget nyt kontor nu, siger direktøren til avisen.", "da"),
        ("Das Unternehmen eröffnet im kommenden Jahr ein neues Büro in der Innenstadt.", "de"),
        ("Yhtiö avaa ensi vuonna uuden toimiston kaupungin keskustaan, kertoo johtaja.", "fi"),
    ],
)
def test_the_language_of_a_sentence(text: str, language: str) -> None:
    """One sentence is enough, also for the three that are close kin."""
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Havgull ASA har kjøpt Silda Fôr AS. Kjøpesummen er 210 millioner kroner.", "nb"),
        ("Styrene i de to sparebankene har vedtatt fusjonen. Hovedkontoret blir lagt til Gjøvik.", "nb"),
        ("Oppkjøpsfond inn på eiersiden i Lekebutikken. Gründeren beholder resten.", "nb"),
        ("Oppdrettaren Kvitlaks har lyst ut 30 stillingar. Dei nye startar etter jul.", "nn"),
        ("Hotellet droppar den nye fløya på grunn av høge renter.", "nn"),
        ("Kapitalfonden Sundby har købt 70 procent af aktierne. Stifteren beholder resten.", "da"),
        ("Bryggeriet indgår en aftale med Lysfald om udvidelse af fabrikken.", "da"),
    ],
)
def test_kin_are_told_apart_by_spelling(text: str, language: str) -> None:
    """Short business news, in which few frequent words are of one of the three alone."""
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Acme BV neemt Teasel BV over", "nl"),
        ("Kvalanta köper Teasel", "sv"),
        ("Ostwerft übernimmt Teasel", "de"),
    ],
)
def test_a_headline_of_names_has_the_language_of_its_verb(text: str, language: str) -> None:
    """Where nearly all words are names, what remains is a word of the phrases of one language."""
    assert detect_language(text) == language


def test_the_languages_of_our_cases_are_found() -> None:
    """The share per language stays above its floor."""
    cases = load_cases()
    all_of = Counter(case["language"] for case in cases)
    found = Counter(c["language"] for c in cases if detect_language(f"{c['title']}\n{c['text']}") == c["language"])
    assert {name: found[name] / all_of[name] for name in all_of if found[name] / all_of[name] < FLOORS[name]} == {}


def test_the_source_is_taken_at_its_word() -> None:
    """A declared language of ours is not guessed at again."""
    assert language_of(document("Voltwerk neemt Stroomhuis over", language="nl-NL")) == "nl"


@pytest.mark.parametrize(
    ("text", "language"), [("Bedrifta har ikkje fleire tilsette", "nn"), ("Bedriften har flere ansatte", "nb")]
)
def test_plain_norwegian_is_told_apart(text: str, language: str) -> None:
    """``no`` says Norwegian, but not which."""
    assert language_of(document(text, language="no")) == language


def test_a_foreign_language_is_not_read_as_one_of_ours() -> None:
    """What is declared as French stays French."""
    assert language_of(document("La société ouvre un bureau", language="fr")) == "fr"


def test_a_text_without_words_has_no_language() -> None:
    """Digits and signs alone are of no language."""
    assert language_of(document("12 345 !!", language=None)) == "und"
