from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from salestrigger.matchers.amounts import scan_values
from salestrigger.matchers.dates import find_date
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.reader import reader_of
from tests.matchers.event_texts import events_in


@pytest.mark.parametrize(
    ("language", "text", "amount", "currency"),
    [
        ("nl", "€ 4,5 mln", "4500000", "EUR"),
        ("nl", "900.000 euro", "900000", "EUR"),
        ("nl", "twee miljoen euro", "2000000", "EUR"),
        ("nb", "12 MNOK", "12000000", "NOK"),
        ("nb", "1,2 mrd. kr", "1200000000", "NOK"),
        ("nb", "NOK 45 millioner", "45000000", "NOK"),
        ("nb", "75 millioner dollar", "75000000", "USD"),
        ("nn", "27 millionar kroner", "27000000", "NOK"),
        ("en", "£3m", "3000000", "GBP"),
        ("en", "$62 million", "62000000", "USD"),
        ("en", "1,250,000 euros", "1250000", "EUR"),
        ("en", "$1.5bn", "1500000000", "USD"),
        ("sv", "418 Mkr", "418000000", "SEK"),
        ("da", "95 mio. kr.", "95000000", "DKK"),
    ],
)
def test_money_is_normalised(language: str, text: str, amount: str, currency: str) -> None:
    """Plain units of the currency, whatever the scale word or sign."""
    (value,) = scan_values(text, reader_of(load_lexicon(), language))
    assert (value.kind, value.amount, value.currency) == ("M", Decimal(amount), currency)
    assert (value.start, value.end) == (0, len(text.rstrip(".")) if not text.endswith(".") else value.end)


@pytest.mark.parametrize(
    ("language", "text", "kind", "amount"),
    [
        ("nl", "dertig", "N", "30"),
        ("sv", "4 200", "N", "4200"),
        ("nl", "1.250", "N", "1250"),
        ("en", "1,250", "N", "1250"),
        ("nl", "12,5 procent", "R", "12.5"),
        ("en", "4 per cent", "R", "4"),
        ("en", "2028", "Y", "2028"),
    ],
)
def test_other_numbers(language: str, text: str, kind: str, amount: str) -> None:
    """Number words, divided thousands, percentages and years."""
    (value,) = scan_values(text, reader_of(load_lexicon(), language))
    assert (value.kind, value.amount) == (kind, Decimal(amount))


@pytest.mark.parametrize(
    ("language", "text", "day", "precision"),
    [
        ("nl", "smelten per 1 juli samen", date(2026, 7, 1), "day"),
        ("nl", "in het vierde kwartaal", date(2026, 10, 1), "quarter"),
        ("nl", "gisteren bekend gemaakt", date(2026, 5, 11), "day"),
        ("nb", "fra 1. september", date(2026, 9, 1), "day"),
        ("nb", "åpnet på mandag", date(2026, 5, 11), "day"),
        ("nb", "skal stå klar i 2028", date(2028, 1, 1), "year"),
        ("en", "on March 3, 2026", date(2026, 3, 3), "day"),
        ("en", "in September", date(2026, 9, 1), "month"),
        ("da", "i august 2027", date(2027, 8, 1), "month"),
    ],
)
def test_dates_are_relative_to_publication(language: str, text: str, day: date, precision: str) -> None:
    """A Tuesday in May 2026 is the day of publication."""
    moment = find_date(text, reader_of(load_lexicon(), language), date(2026, 5, 12))
    assert moment is not None
    assert (moment.day, moment.precision) == (day, precision)


def test_a_text_without_a_date_has_none() -> None:
    """A number is no date."""
    assert (
        find_date("31 februari was er niet, 40 banen wel", reader_of(load_lexicon(), "nl"), date(2026, 5, 12)) is None
    )


def _values(title: str, text: str, language: str, key: str) -> list[str]:
    return [a.value for event in events_in(title, text, language) for a in event.attributes if a.key == key]


def test_the_values_of_events() -> None:
    """Amount, headcount, person, title, places: each where its type declares it."""
    assert _values("Tidepool Robotics raises £3m from Larkhill Capital", "", "en", "amount") == ["3000000"]
    assert _values("Polderbank schrapt 300 banen", "", "nl", "headcount") == ["300"]
    assert _values("Ingvild Moseby blir ny daglig leder i Fjordtank", "", "nb", "person") == ["Ingvild Moseby"]
    assert _values("Ingvild Moseby blir ny daglig leder i Fjordtank", "", "nb", "title") == ["daglig leder"]
    assert _values("Voltwerk verhuist van Almelo naar Hengelo", "", "nl", "from_location") == ["Almelo"]
    assert _values("Voltwerk verhuist van Almelo naar Hengelo", "", "nl", "location") == ["Hengelo"]
    assert _values("35 ledige stillinger hos Algefarm", "", "nb", "count") == ["35"]


def test_a_person_is_news_only_where_the_type_says_so() -> None:
    """The director quoted about a new shop is no attribute of the opening."""
    text = '"We are proud," says director Rhona Gale of Pennine Pies.'
    assert _values("Pennine Pies opens new shop in Leeds", text, "en", "person") == []


@pytest.mark.parametrize(
    ("language", "title", "text", "amount"),
    [
        ("en", "Brackwater Foods acquires Pennine Pies", "The price is £9 million.", "9000000"),
        ("nl", "Voltwerk koopt branchegenoot Stroomhuis", "Met de transactie is 9 miljoen euro gemoeid.", "9000000"),
        ("de", "Krananlagen Hebetec übernimmt Seilwerk Nord", "Der Preis liegt bei 4 Mio. Euro.", "4000000"),
    ],
)
def test_a_sum_is_taken_from_the_sentence_after_the_event(language: str, title: str, text: str, amount: str) -> None:
    """The head tells the deal, the next sentence its price."""
    (event,) = (e for e in events_in(title, text, language) if e.type == "acquisition")
    assert {a.key: a.value for a in event.attributes}["amount"] == amount


def test_a_turnover_in_the_next_sentence_is_not_the_price() -> None:
    """What a company sells for a year says nothing about what was paid for it."""
    (event,) = events_in("Brackwater Foods acquires Pennine Pies", "The pie maker has sales of £9 million.")
    assert "amount" not in {a.key for a in event.attributes}
