from __future__ import annotations

import pytest

from tests.matchers.event_texts import events_in


@pytest.mark.parametrize(
    ("language", "title", "modality"),
    [
        ("nl", "Eikwerk neemt Kokvik over", "announced"),
        ("nl", "Eikwerk heeft Kokvik overgenomen", "completed"),
        ("nl", "Eikwerk wil Kokvik overnemen", "planned"),
        ("nl", "Gerucht: Eikwerk neemt Kokvik over", "rumour"),
        ("nl", "Eikwerk ziet af van overname van Kokvik", "cancelled"),
        ("nl", "Eikwerk ontkent overname van Kokvik", "denied"),
        ("nl", "Overname van Kokvik door Eikwerk in volle gang", "in_progress"),
        ("nl", "Eikwerk zou Kokvik willen overnemen", "rumour"),
        ("nl", "Eikwerk neemt als eerste Kokvik over", "announced"),
        ("nl", "Eikwerk haakt af bij overname van Kokvik", "cancelled"),
        ("nl", "Eikwerk denkt na over overname van Kokvik", "planned"),
        ("nb", "Fjordtank AS kjøper Kystrør AS", "announced"),
        ("nb", "Oppkjøpet av Kystrør AS er i gang", "in_progress"),
        ("nb", "Fjordtank AS kjøper ifølge kilder Kystrør AS", "rumour"),
        ("nl", "Eikwerk blaast overname van Kokvik af", "cancelled"),
        ("nl", "Eikwerk spreekt overname van Kokvik tegen", "denied"),
        ("nb", "Fjordtank AS har kjøpt Kystrør AS", "completed"),
        ("nb", "Fjordtank AS vil kjøpe Kystrør AS", "planned"),
        ("nb", "Fjordtank AS skrinlegger oppkjøpet av Kystrør AS", "cancelled"),
        ("nb", "Fjordtank AS avviser oppkjøp av Kystrør AS", "denied"),
        ("nb", "Fjordtank AS er i gang med å bygge ny hall i Molde", "in_progress"),
        ("nb", "Fjordtank AS planlegger å stenge fabrikken i Molde", "planned"),
        ("nn", "Fjordtank AS vurderer å flytte til Førde", "planned"),
        ("nn", "Fjordtank AS er i gang med å byggje ny hall i Førde", "in_progress"),
        ("en", "Brackwater Foods acquires Pennine Pies", "announced"),
        ("en", "Brackwater Foods has acquired Pennine Pies", "completed"),
        ("en", "Brackwater Foods reportedly acquires Pennine Pies", "rumour"),
        ("en", "Brackwater Foods scraps acquisition of Pennine Pies", "cancelled"),
        ("en", "Brackwater Foods denies takeover of Pennine Pies", "denied"),
        ("en", "Brackwater Foods in talks to buy Pennine Pies", "planned"),
        ("sv", "Skruvstad AB har köpt Hydraulhuset AB", "completed"),
        ("da", "Møllehuset A/S overvejer at flytte til Vejle", "planned"),
        ("da", "Møllehuset A/S afviser opkøb af Spindegaarden A/S", "denied"),
        ("de", "Ziegelwerk GmbH übernimmt Insidern zufolge Kabelhof AG", "rumour"),
        ("de", "Umzug der Ziegelwerk GmbH nach Kassel läuft derzeit", "in_progress"),
        ("de", "Ziegelwerk GmbH dementiert Übernahme von Kabelhof AG", "denied"),
        ("fi", "Betonimylly Oy aikoo ostaa Kaapelitalo Oy:n", "planned"),
        ("fi", "Betonimylly Oy:n muutto Turkuun on käynnissä", "in_progress"),
        ("fi", "Betonimylly Oy peruu Kaapelitalo Oy:n yrityskaupan", "cancelled"),
        ("fi", "Betonimylly Oy kiistää Kaapelitalo Oy:n yrityskaupan", "denied"),
    ],
)
def test_how_final_an_event_is(language: str, title: str, modality: str) -> None:
    """The words around the act say how far it has come."""
    (event,) = events_in(title, language=language)
    assert event.modality == modality


def test_an_opening_with_a_date_ahead_is_planned() -> None:
    """A site that the text dates in the future is planned, and the date is kept."""
    (event,) = events_in("Teltplugg AS åpner butikk i Bodø 1. juni", language="nb")
    assert event.modality == "planned"
    assert (event.effective_on.isoformat() if event.effective_on else "") == "2026-06-01"
    assert event.event_on is None


def test_a_departure_with_a_date_ahead_is_announced() -> None:
    """An appointment or departure is decided also when its day lies ahead."""
    (event,) = events_in("Chief executive Rhona Gale leaves Pennine Pies in September")
    assert event.modality == "announced"


def test_a_question_without_a_source_is_no_event() -> None:
    """A headline that only asks tells nothing."""
    assert events_in("Neemt Eikwerk concurrent Kokvik over?", language="nl") == ()


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("nl", "Voltwerk opent kantoor in Breda niet"),
        ("nl", "Eikwerk neemt Kokvik niet over"),
        ("de", "Ziegelwerk GmbH eröffnet Filiale in Kassel nicht"),
        ("de", "Ziegelwerk GmbH übernimmt Kabelhof AG nicht"),
        ("sv", "Skruvstad AB köper inte Hydraulhuset AB"),
        ("fi", "Betonimylly Oy ei osta Kaapelitalo Oy:tä"),
    ],
)
def test_a_negation_may_end_the_clause(language: str, title: str) -> None:
    """Dutch and German put it behind everything that the verb speaks of."""
    assert events_in(title, language=language) == ()


def test_a_negation_of_another_clause_takes_nothing_back() -> None:
    """Behind a comma somebody else, or something else, is spoken of."""
    (event,) = events_in("Voltwerk opent kantoor in Breda, Eindhoven volgt niet", language="nl")
    assert event.type == "site_opening"


def test_an_infinitive_tells_what_its_verb_tells() -> None:
    """ "Skal kjøpe" is met by what "kjøper" does; what something else is only for is no event."""
    assert [e.type for e in events_in("Fjordtank AS skal kjøpe Kystrør AS", "", "nb")] == ["acquisition"]
    assert not events_in("Fjordtank AS trenger penger for å kjøpe Kystrør AS", "", "nb")


@pytest.mark.parametrize(
    "title",
    [
        "Als Eikwerk Kokvik overneemt, verdwijnen banen",
        "Wat als Eikwerk failliet gaat",
        "Eikwerk sluit fabriek als subsidie uitblijft",
    ],
)
def test_a_dutch_condition_is_no_event(title: str) -> None:
    """ "Als" before a clause is "if"; before a noun it is "as"."""
    assert not events_in(title, "", "nl")


def test_a_date_two_sentences_on_is_still_ahead() -> None:
    """What only tells more of the same company stands between the opening and its date."""
    told = events_in("Kokvik strijkt neer in Zwolle", "Kokvik huurt een pand. In oktober gaan de deuren open.", "nl")
    assert [e.modality for e in told] == ["planned"]


@pytest.mark.parametrize(
    ("after", "modality"),
    [
        ("Direktøren kaller det oppspinn.", "denied"),
        ("Direktøren vil verken bekrefte eller avkrefte. Ryktet stemmer ikke, sier noen.", "rumour"),
        ("Kystrør AS benekter at det selv skal flytte.", "rumour"),
    ],
)
def test_a_rumour_that_the_next_sentence_contradicts_is_denied(after: str, modality: str) -> None:
    """Unless nobody confirms or denies, or it speaks of another company."""
    told = events_in("Uro på kaia", f"Det går rykter om at Fjordtank AS skal stenge fabrikken i Moss. {after}", "nb")
    assert [(e.type, e.modality) for e in told] == [("site_closure", modality)]


def test_a_report_that_the_next_sentence_takes_up_is_denied() -> None:
    """ "Det avviser …" speaks of what was just told; another denial speaks of something else."""
    report = "Avisen skrev at Fjordtank AS er måneder på etterskudd med gjelden."
    (event,) = events_in("Vi betaler", f"{report} Det avviser direktøren.", "nb")
    assert event.modality == "denied"
    (event,) = events_in("Vi betaler", f"{report} Direktøren avviser kritikk av kontorplassene.", "nb")
    assert event.modality != "denied"
