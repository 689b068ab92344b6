"""Which Monday a sentence means, in eight languages; the texts are of Wednesday 13 May 2026."""

from __future__ import annotations

from datetime import date

import pytest

from salestrigger.matchers.dates import find_date
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.reader import reader_of

WEDNESDAY = date(2026, 5, 13)


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("nb", "Fjordtank åpner på mandag", 18),
        ("nb", "Fjordtank åpnet mandag", 11),
        ("nb", "Selskapet opplyste på mandag at det er konkurs", 11),
        ("nb", "Butikken åpner mandag", 18),
        ("nb", "neste mandag", 18),
        ("nb", "Fra mandag er butikken stengt", 18),
        ("nb", "Sist mandag brant det", 11),
        ("nb", "Fjordtank skal åpne mandag", 18),
        ("nn", "Butikken opnar på måndag", 18),
        ("nn", "Selskapet meldte måndag", 11),
        ("da", "Møllehuset åbner på mandag", 18),
        ("da", "Møllehuset åbnede i mandags", 11),
        ("da", "Møllehuset meddelte mandag", 11),
        ("da", "Næste mandag flytter Møllehuset", 18),
        ("da", "Møllehuset lukker mandag", 18),
        ("sv", "Plankhuset öppnar på måndag", 18),
        ("sv", "Plankhuset öppnade i måndags", 11),
        ("sv", "På måndagen meddelade Plankhuset", 11),
        ("sv", "Plankhuset öppnade på måndagen", 11),
        ("sv", "nästa måndag", 18),
        ("sv", "Plankhuset säger på måndagen att", 11),
        ("nl", "Voltwerk opent maandag een winkel", 18),
        ("nl", "Voltwerk opende maandag een winkel", 11),
        ("nl", "Voltwerk maakte maandag bekend", 11),
        ("nl", "Vanaf maandag is Voltwerk gesloten", 18),
        ("nl", "afgelopen maandag", 11),
        ("nl", "Dat meldt Voltwerk maandag", 11),
        ("nl", "Volgende week maandag", 18),
        ("en", "Pennine Pies opens on Monday", 18),
        ("en", "Pennine Pies opened on Monday", 11),
        ("en", "Pennine Pies said on Monday it will open", 11),
        ("en", "The shop will open on Monday", 18),
        ("en", "last Monday", 11),
        ("en", "next Monday", 18),
        ("de", "Kranico eröffnet am Montag eine Filiale", 18),
        ("de", "Kranico eröffnete am Montag eine Filiale", 11),
        ("de", "Das teilte Kranico am Montag mit", 11),
        ("de", "Ab Montag streiken", 18),
        ("de", "vergangenen Montag", 11),
        ("de", "am kommenden Montag", 18),
        ("de", "Die Filiale wird am Montag eröffnet", 18),
        ("de", "Die Filiale wurde am Montagabend eröffnet", 11),
        ("fi", "Terästo avaa maanantaina myymälän", 18),
        ("fi", "Terästo avasi maanantaina myymälän", 11),
        ("fi", "Terästo kertoi maanantaina", 11),
        ("fi", "ensi maanantaina", 18),
        ("fi", "maanantaista alkaen", 18),
        ("fi", "viime maanantaina", 11),
        ("en", "the fire of Monday", 11),
    ],
)
def test_a_weekday_lies_ahead_or_behind_as_its_sentence_says(language: str, text: str, day: int) -> None:
    """The word before it, who speaks and the tense decide; without any of these it is the last one."""
    moment = find_date(text, reader_of(load_lexicon(), language), WEDNESDAY)
    assert moment is not None
    assert (moment.day, moment.precision) == (date(2026, 5, day), "day")


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("da", "Butikken åbner onsdag", 13),
        ("da", "Butikken åbner på onsdag", 20),
        ("da", "Butikken åbnede i onsdags", 6),
        ("en", "The shop opened on Wednesday", 13),
    ],
)
def test_the_day_of_publication_itself(language: str, text: str, day: int) -> None:
    """ "On Wednesday" in a text of Wednesday is today; "på onsdag" and "i onsdags" never are."""
    moment = find_date(text, reader_of(load_lexicon(), language), WEDNESDAY)
    assert moment is not None
    assert moment.day == date(2026, 5, day)


@pytest.mark.parametrize(
    ("language", "text", "day", "precision"),
    [
        ("de", "Umzug Ende Juni", date(2026, 6, 1), "month"),
        ("de", "ab September 2027", date(2027, 9, 1), "month"),
        ("de", "im dritten Quartal", date(2026, 7, 1), "quarter"),
        ("fi", "muuttaa kesäkuussa", date(2026, 6, 1), "month"),
        ("fi", "avataan 3. kesäkuuta", date(2026, 6, 3), "day"),
        ("fi", "valmistuu vuonna 2027", date(2027, 1, 1), "year"),
        ("sv", "från augusti", date(2026, 8, 1), "month"),
    ],
)
def test_months_and_quarters(language: str, text: str, day: date, precision: str) -> None:
    """By each language's own prepositions and endings."""
    moment = find_date(text, reader_of(load_lexicon(), language), WEDNESDAY)
    assert moment is not None
    assert (moment.day, moment.precision) == (day, precision)
