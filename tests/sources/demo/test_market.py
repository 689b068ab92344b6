"""The invented market as data: enough of it, well-formed, and the same every time."""

import pytest

from salestrigger.sources.demo import DAYS, DemoMarket, day_clock, demo_specs
from salestrigger.sources.demo.growth import Growth, index_at, number_at
from salestrigger.sources.demo.organisations import check_digit, organisations, places
from salestrigger.sources.demo.outlets import all_items, items_on, outlets
from salestrigger.sources.demo.stories import stories
from salestrigger.sources.demo.timeline import FIRST_DATE
from salestrigger.sources.errors import UsageError


def norwegian():
    return [org for org in organisations().values() if org.country == "NO"]


def test_there_are_enough_organisations_of_enough_countries_and_forms():
    """A reader meets the legal forms of five countries and names that only their place tells apart."""
    everybody = list(organisations().values())
    assert len(everybody) >= 150
    assert {org.country for org in everybody} == {"NO", "NL", "SE", "DK", "FI"}
    assert {"AS", "ASA", "ANS", "DA", "SA", "ENK", "B.V.", "N.V.", "V.O.F.", "AB", "A/S", "ApS", "Oy"} <= {
        org.form for org in everybody
    }
    for twins in (
        ("rimstad-bygg", "rimstad-bygg-vest"),
        ("nordgry-ii", "nordgry-iii"),
        ("eendracht", "eendracht-noord"),
    ):
        one, other = (organisations()[key] for key in twins)
        assert one.short.split()[0] == other.short.split()[0]
    assert any(org.former for org in everybody)
    assert sum(org.employees is None for org in norwegian()) >= 8
    assert any(org.parent for org in everybody)


def test_norwegian_numbers_pass_the_registers_check_and_are_unique():
    """Mod 11 holds for every one, and they lie where no real number was ever given out."""
    numbers = [org.number for org in norwegian()]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert check_digit(number[:8]) == int(number[8])
        assert number.startswith(("80", "90"))


def test_the_check_digit_agrees_with_a_number_worked_out_by_hand():
    """3·9+2·2+7·3+6·6+5·0+4·9+3·0+2·1 = 126, 126 mod 11 = 5, 11 - 5 = 6."""
    assert check_digit("92360901") == 6


def test_websites_are_under_the_reserved_domain():
    """Nobody is sent to a real site."""
    for org in organisations().values():
        assert not org.website or ".example" in org.website
    for spec in demo_specs().values():
        assert spec.url.endswith("accounts.csv") or ".example/" in spec.url


def test_every_norwegian_place_has_a_municipality_number():
    """Addresses can be printed for everybody."""
    for org in norwegian():
        assert len(places()[org.place].code) == 4


def test_there_are_enough_documents_in_six_languages_and_a_third_tell_no_event():
    """Over the first fourteen days at least four hundred documents, hard negatives among them."""
    items = [item for source in outlets() for item in all_items(source) if item.story.day <= 14]
    assert len(items) >= 400
    assert {item.story.language for item in items} == {"nl", "nb", "nn", "en", "sv", "da"}
    quiet = [item for item in items if item.story.negative]
    assert len(quiet) * 3 >= len(items)
    assert len({story.negative for story in stories() if story.negative}) >= 20
    assert len(outlets()) >= 10


def test_each_day_brings_something_new_and_day_two_less_than_day_one():
    """Day 1 has its history in the feeds; every later day has news of its own."""
    by_day = {day: [s for s in stories() if s.day == day and s.events] for day in range(1, DAYS + 1)}
    assert all(len(found) >= 3 for found in by_day.values())
    first = {item.key for source in outlets() for item in items_on(source, 1)}
    second = {item.key for source in outlets() for item in items_on(source, 2)} - first
    assert len(first) >= 60
    assert 20 <= len(second) < len(first)


def test_wire_stories_are_copied_by_other_outlets():
    """Several outlets carry one text, some under a headline of their own, some cut or credited."""
    copied = [story for story in stories() if len(story.outlets) > 1]
    assert len(copied) >= 40
    assert any(story.retitled for story in copied)
    everything = [item for source in outlets() for item in all_items(source)]
    assert any(item.text.startswith("(Nordvarsel): ") for item in everything)
    assert any(
        item.text != item.story.text and item.story.text.startswith(item.text) and item.text for item in everything
    )


def test_keys_identify_an_item_within_its_source():
    """No two items of an outlet share a key or an address, and no two items of a day are the same text twice."""
    for source in outlets():
        items = all_items(source)
        assert len({item.key for item in items}) == len(items)
        assert len({item.url for item in items}) == len(items)
        assert len({(item.story.day, item.title, item.text) for item in items}) == len(items)


def test_the_window_rolls():
    """A feed drops what is older than its window and never shows what is not published yet."""
    for source in outlets():
        for day in (1, 8, 15):
            for item in items_on(source, day):
                assert item.published_at <= day_clock(day)
    last = {item.story.day for item in items_on("demo-nordvarsel", 15)}
    assert min(last) > 7


def test_the_calendar_refuses_days_it_does_not_have():
    """Day 1 is the Monday it says it is, and there is no day 0 to run."""
    assert FIRST_DATE.weekday() == 0
    assert day_clock(1).isoformat() == "2026-09-07T18:00:00+00:00"
    for day in (0, DAYS + 1):
        with pytest.raises(UsageError) as caught:
            day_clock(day)
        assert "allowed: 1 to 15" in str(caught.value)


@pytest.mark.parametrize("day", [1, 8, 15])
def test_the_same_bytes_every_time(day):
    """Two markets of one seed answer alike, address by address."""
    one, other = DemoMarket.build(), DemoMarket.build()
    for spec in demo_specs().values():
        if "://" in spec.url:
            host, _, path = spec.url.removeprefix("http://").partition("/")
            assert one.answer(day, host, f"/{path}") == other.answer(day, host, f"/{path}")


def test_a_grown_market_computes_its_organisations_and_finds_them_back():
    """A million organisations cost nothing until asked for; the number leads back to the organisation."""
    market = DemoMarket.build(size=900_000, seed=3)
    assert market.growth.count == 900_000 - len(norwegian())
    for index in (0, 1, 77_777, market.growth.count - 1):
        org = market.growth.organisation(index)
        assert market.growth.index_of(org.number) == index
        assert check_digit(org.number[:8]) == int(org.number[8])
        assert market.growth.organisation(index) == org
    assert market.growth.organisation(5) != Growth(10, seed=4).organisation(5)


def test_numbers_of_the_unused_blocks_are_all_different():
    """Each pair of stems gives one valid number."""
    some = [number_at(i) for i in (*range(3000), *range(499_000, 501_000))]
    assert len(set(some)) == len(some)
    assert all(index_at(number) == i for i, number in zip((*range(3000), *range(499_000, 501_000)), some, strict=True))
    assert index_at("12345") == -1
    assert index_at("123456789") == -1
    assert index_at("8000000x1") == -1


@pytest.mark.parametrize("size", [5, 2_000_000])
def test_a_market_of_an_impossible_size_is_refused(size):
    """Smaller than the curated one, or larger than there are numbers."""
    with pytest.raises(UsageError):
        DemoMarket.build(size=size)
