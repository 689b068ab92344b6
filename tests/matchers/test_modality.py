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
        ("nb", "Fjordtank AS har kjøpt Kystrør AS", "completed"),
        ("nb", "Fjordtank AS vil kjøpe Kystrør AS", "planned"),
        ("nb", "Fjordtank AS skrinlegger oppkjøpet av Kystrør AS", "cancelled"),
        ("nb", "Fjordtank AS avviser oppkjøp av Kystrør AS", "denied"),
        ("nn", "Fjordtank AS vurderer å flytte til Førde", "planned"),
        ("en", "Brackwater Foods acquires Pennine Pies", "announced"),
        ("en", "Brackwater Foods has acquired Pennine Pies", "completed"),
        ("en", "Brackwater Foods reportedly acquires Pennine Pies", "rumour"),
        ("en", "Brackwater Foods scraps acquisition of Pennine Pies", "cancelled"),
        ("en", "Brackwater Foods denies takeover of Pennine Pies", "denied"),
        ("en", "Brackwater Foods in talks to buy Pennine Pies", "planned"),
        ("sv", "Skruvstad AB har köpt Hydraulhuset AB", "completed"),
        ("da", "Møllehuset A/S overvejer at flytte til Vejle", "planned"),
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
