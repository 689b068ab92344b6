"""Who a sentence speaks of when it does not say the name: pronouns, "the company", excerpts, asides."""

from __future__ import annotations

import dataclasses

import pytest

from salestrigger.matchers.detect import detect
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.types import Event, Mention
from tests.matchers.event_texts import document


def _events(title: str, text: str, language: str = "en", *, dated: bool = True) -> tuple[Event, ...]:
    told = document(title, text, language)
    told = told if dated else dataclasses.replace(told, published_at=None)
    return detect(told, (), load_lexicon(), language)[0]


def _roles(event: Event) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for role in event.roles:
        found.setdefault(role.name, []).append(role.surface)
    return found


@pytest.mark.parametrize(
    ("sentence", "roles"),
    [
        ("Brackwater Foods Ltd said it has acquired Pennine Pies Ltd.",
         {"acquirer": ["Brackwater Foods Ltd"], "target": ["Pennine Pies Ltd"]}),
        ("Brackwater Foods Ltd, which makes jam, has acquired Pennine Pies Ltd.",
         {"acquirer": ["Brackwater Foods Ltd"], "target": ["Pennine Pies Ltd"]}),
        ("Brackwater Foods Ltd has acquired Calder Group's Pennine Pies unit.",
         {"acquirer": ["Brackwater Foods Ltd"], "target": ["Pennine Pies"]}),
        ("Brackwater Foods Ltd has acquired the Leeds-based Pennine Pies Ltd.",
         {"acquirer": ["Brackwater Foods Ltd"], "target": ["Pennine Pies Ltd"]}),
        ("Calder Group's Brackwater Foods Ltd unit said it has acquired Pennine Pies Ltd.",
         {"acquirer": ["Brackwater Foods Ltd"], "target": ["Pennine Pies Ltd"]}),
        ("Brackwater Foods Ltd has acquired Calder and Hebble Ltd's Pennine Pies unit.",
         {"acquirer": ["Brackwater Foods Ltd"], "target": ["Pennine Pies"]}),
        ("Brackwater Foods Ltd completed the acquisition of Pennine Pies Ltd, a supplier of pastry.",
         {"acquirer": ["Brackwater Foods Ltd"], "target": ["Pennine Pies Ltd"]}),
        ("Brackwater Foods Ltd completed the acquisition of Pennine Pies Ltd, after approval by Pennine Pies holders.",
         {"acquirer": ["Brackwater Foods Ltd"], "target": ["Pennine Pies Ltd"]}),
    ],
)  # fmt: skip
def test_the_right_name_has_the_part(sentence: str, roles: dict[str, list[str]]) -> None:
    """The speaker is "it", of "Calder's Brackwater unit" Brackwater; an aside is passed over, the unit is sold and not
    its owners, a place is nobody."""
    (event,) = (e for e in _events("A deal in the pie trade", sentence) if e.type == "acquisition")
    assert _roles(event) == roles


def test_an_unnamed_party_is_left_out() -> None:
    """ "The company" of a text whose title names nobody has no part, the named one has."""
    (event,) = _events("A deal in the pie trade", "On Monday the company bought Pennine Pies Ltd.")
    assert _roles(event) == {"target": ["Pennine Pies Ltd"]}


def test_an_excerpt_may_leave_its_subject_outside() -> None:
    """One sentence without a headline comes from an article that names the company; a whole item does not."""
    sentence = "The company raised $20 million in a funding round."
    (event,) = _events("", sentence)
    assert (event.type, event.roles) == ("funding", ())
    assert _events("Money for a start-up", sentence) == ()


def test_an_excerpt_need_not_have_a_word_for_its_subject() -> None:
    """What is plainly told is read though somebody else opens the sentence; a weak phrase and a public body's act are
    not."""
    (event,) = _events("", "Next year they will lay off 300 workers.")
    assert (event.type, event.roles) == ("layoffs", ())
    assert _events("", "Last year there was talk of borrowings.") == ()
    assert _events("", "The ministry sold bonds worth $2 billion at an auction.") == ()


def test_a_title_that_is_not_told_is_not_needed() -> None:
    """ "The appointment of Jane Mill" is one without her position."""
    (event,) = _events("", "The appointment of Jane Mill is effective immediately, Brackwater Foods Ltd said.")
    assert event.type == "executive_hire"


def test_a_year_is_only_past_when_the_text_is_dated() -> None:
    """In a text of 2026 a deal of 2015 is history; in a text of unknown date it may be the news."""
    told = ("Brackwater Foods", "Brackwater Foods bought Pennine Pies Ltd in 2015.")
    assert _events(*told) == ()
    assert [e.type for e in _events(*told, dated=False)] == ["acquisition"]


def test_what_had_happened_before_is_no_news() -> None:
    """The past perfect in the body tells the background, unless somebody says it."""
    title = "Toy maker Spindle shuts down"
    assert [e.type for e in _events(title, "It was founded by two friends. It had raised $62 million.")] == ["closure"]


def test_a_name_and_a_noun_in_one_german_word() -> None:
    """„Kranico-Pleite“ names the company."""
    (event,) = _events("Folgen der Kranico-Pleite", "", "de")
    assert (event.type, _roles(event)) == ("insolvency", {"organization": ["Kranico"]})


@pytest.mark.parametrize(
    ("title", "organization"),
    [
        ("Modekonzern Kranico kämpft mit Umsatzrückgang und baut Stellen ab", "Kranico"),
        ("Auftragsmangel: Kranico streicht 80 Stellen", "Kranico"),
    ],
)
def test_german_nouns_are_no_names(title: str, organization: str) -> None:
    """A noun has a capital like a name; the last part of a compound tells it."""
    found = [e for e in _events(title, "", "de") if e.type == "layoffs"]
    assert [_roles(event) for event in found] == [{"organization": [organization]}]


def test_general_motors_is_no_general() -> None:
    """A word that opens positions is part of a name before another capital."""
    (event,) = _events("", "On Monday General Castings acquired Pennine Pies Ltd.")
    assert _roles(event)["acquirer"] == ["General Castings"]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Bank lending rises", "The U.S. Introduced measures on Monday."),
        ("Talks go on", "Trade Minister Mill Wood left for Leeds. He met officials. Wood launched new talks in May."),
        ("Farm prices", "Failure of the Pennine Cocoa Organisation to reach agreement on quotas hit prices."),
        ("Rates", "Brackwater Trust Co said it raised its broker loan rate to 7 percent."),
    ],
)
def test_what_is_said_of_states_and_rates_is_no_event(title: str, text: str) -> None:
    """A wire's capital after "U.S." is no name, an official is no company, and talks and rates are no company's act."""
    assert _events(title, text) == ()


def test_a_headline_in_upper_case_keeps_both_companies() -> None:
    """A mention that was spotted over the verb of a headline in upper case is not taken as one name."""
    title = "ALDERLY BREWING TO ACQUIRE TEASEL CORP FOR 40 MLN DLRS"
    told = document(title, "")
    mention = Mention("m1", told.document_id, title[:38], 0, 38, prominence="title", basis="form")
    (event,) = detect(told, (mention,), load_lexicon(), "en")[0]
    assert _roles(event) == {"acquirer": ["ALDERLY BREWING"], "target": ["TEASEL"]}


def test_partners_with_is_a_verb_in_a_headline() -> None:
    """ "Acme Partners With Teasel" names Acme."""
    (event,) = _events("Brackwater Care Partners With Teasel Health to Expand", "")
    assert event.type == "partnership"
    assert "Partners" not in " ".join(role.surface for role in event.roles)


def test_a_purchase_is_told_wherever_it_stands() -> None:
    """Of a company that the head does not name a purchase counts, a launch does not."""
    head = "Pies sell well. The trade grows. Prices are up. "
    assert [
        e.type for e in _events("A good year for pies", head + "Brackwater Foods Ltd has acquired Pennine Pies Ltd.")
    ]
    assert _events("A good year for pies", head + "Brackwater Foods Ltd launched a pie app.") == ()


@pytest.mark.parametrize(
    ("headline", "roles"),
    [
        ("Kaapstander Wins Order for Two Cable Layers", {"vendor": ["Kaapstander"]}),
        ("Brackwater Buys Three Tug Boats From Teasel", {"customer": ["Brackwater"], "vendor": ["Teasel"]}),
    ],
)
def test_what_is_counted_is_nobody(headline: str, roles: dict[str, list[str]]) -> None:
    """Where every word has a capital, several of a thing are not a company."""
    (event,) = _events(headline, "")
    assert _roles(event) == roles
