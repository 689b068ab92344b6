"""What is declared as true can be found in the market: items, names, organisations, and what the days bring."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from salestrigger.icp_profiles import __file__ as profiles_file
from salestrigger.sources.declare import read_toml
from salestrigger.sources.demo.growth import Growth
from salestrigger.sources.demo.organisations import FOLDER, organisations
from salestrigger.sources.demo.outlets import all_items, outlets
from salestrigger.sources.demo.register_api import RegisterApi
from salestrigger.sources.demo.stories import PatternRow, expand
from salestrigger.sources.demo.truth import LITERAL, lines, outcomes, truth

TYPES = {
    "acquisition",
    "merger",
    "divestiture",
    "ownership_change",
    "funding",
    "debt_financing",
    "grant",
    "stock_listing",
    "investment",
    "financial_results",
    "accounts_filed",
    "financial_distress",
    "insolvency",
    "closure",
    "incorporation",
    "restructuring",
    "executive_hire",
    "executive_departure",
    "executive_promotion",
    "board_change",
    "champion_move",
    "headcount_growth",
    "layoffs",
    "hiring_surge",
    "key_vacancy",
    "labour_dispute",
    "site_opening",
    "site_expansion",
    "relocation",
    "site_closure",
    "real_estate_deal",
    "market_entry",
    "product_launch",
    "product_development",
    "product_discontinuation",
    "contract",
    "tender",
    "contract_award",
    "renewal_due",
    "partnership",
    "technology_change",
    "incident",
    "compliance",
    "lawsuit",
    "recognition",
}
MODALITIES = {"rumour", "planned", "announced", "in_progress", "completed", "cancelled", "denied"}


def test_every_item_has_one_truth_and_every_truth_an_item():
    """Keys are those that a reader of the feeds finds."""
    told = [(entry.source_id, entry.key) for entry in truth()]
    assert len(set(told)) == len(told)
    assert set(told) == {(source, item.key) for source in outlets() for item in all_items(source)}


def test_the_file_says_what_the_stories_say():
    """truth.jsonl is current; renew it with python -m salestrigger.sources.demo.truth."""
    stored = (FOLDER / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    assert stored == list(lines())
    assert all(json.loads(line)["source_id"] for line in stored)


def test_claims_are_grounded_in_the_text_of_the_very_item():
    """Names and literal attributes are substrings of title or text, in each outlet's own cut of it."""
    texts = {(source, item.key): f"{item.title}\n{item.text}" for source in outlets() for item in all_items(source)}
    numbers = {org.identifier for org in organisations().values()}
    for entry in truth():
        text = texts[entry.source_id, entry.key]
        assert bool(entry.events) != bool(entry.negative)
        for event in entry.events:
            assert event.type in TYPES
            assert event.modality in MODALITIES
            assert event.roles
            for party in (party for parties in event.roles.values() for party in parties):
                assert party.surface in text
                assert not party.organization or party.organization in numbers
            for key in LITERAL:
                assert event.attributes.get(key, "") in text


def test_enough_kinds_of_events_and_all_kinds_of_modality():
    """More than twenty types; rumours, plans, denials and calls-off among them; some told in two languages."""
    events = [event for entry in truth() for event in entry.events]
    assert len({event.type for event in events}) >= 30
    assert {event.modality for event in events} >= {
        "rumour",
        "planned",
        "announced",
        "completed",
        "cancelled",
        "denied",
    }
    languages = {}
    for entry in truth():
        for event in entry.events:
            parties = tuple(sorted(p.organization for ps in event.roles.values() for p in ps if p.organization))
            languages.setdefault((event.type, parties), set()).add(entry.language)
    assert any(len(spoken) > 1 for spoken in languages.values())


def test_amounts_are_plain_numbers_with_a_currency():
    """The unit is written out; a currency stands with every amount."""
    for entry in truth():
        for event in entry.events:
            for key in ("amount", "headcount", "count"):
                assert re.fullmatch(r"\d*", event.attributes.get(key, ""))
            assert ("amount" in event.attributes) == ("currency" in event.attributes)


def test_each_day_enters_leaves_and_merely_learns():
    """Most days bring a change of fit; the two profiles are both served, and some fits are only learned."""
    days = Counter(outcome.day for outcome in outcomes())
    assert len(days) >= 14
    assert {outcome.effect for outcome in outcomes()} == {"enters_icp", "leaves_icp", "none"}
    assert len([outcome for outcome in outcomes() if outcome.cause == "learned"]) >= 4
    profiles = {path.stem for path in Path(profiles_file).parent.glob("*.toml")}
    assert {outcome.profile for outcome in outcomes()} <= profiles


def municipality_before_and_after(outcome):
    number = organisations()[outcome.org].number
    before, after = (RegisterApi(day, Growth(0)).unit(number)[1] for day in (outcome.day - 1, outcome.day))
    return before["forretningsadresse"]["kommunenummer"], after["forretningsadresse"]["kommunenummer"]


@pytest.mark.parametrize("effect", ["enters_icp", "leaves_icp"])
def test_moves_that_the_register_tells_cross_the_territory_of_the_shipped_profile(effect):
    """On the day of the outcome the municipality goes from outside to inside, or back."""
    path = Path(profiles_file).parent / "facility-services-norway.toml"
    inside = {c for row in read_toml(path)["criteria"] if row["name"] == "territory" for c in row["codes"]}
    moves = [o for o in outcomes() if (o.by, o.criterion, o.effect) == ("register", "territory", effect)]
    assert moves
    for outcome in moves:
        before, after = municipality_before_and_after(outcome)
        assert (before in inside, after in inside) == ((False, True) if effect == "enters_icp" else (True, False)), (
            outcome
        )


def test_outcomes_that_the_press_tells_have_their_story():
    """On that day an item names the organisation in an event."""
    for outcome in (o for o in outcomes() if o.by == "press"):
        told = [e for e in truth() if e.day == outcome.day for event in e.events for ps in event.roles.values()
                for p in ps if p.organization == outcome.organization]  # fmt: skip
        assert told, outcome


def test_a_pattern_fills_its_slots_the_same_way_every_time():
    """Cases name an organisation; days pick by themselves; sentences start with a capital."""
    row = PatternRow(
        id="p", outlets=("demo-ostviken",), titles=("{ord} skjer",), texts=("{ord} igjen.",), negative="test",
        days=(1, 2, 3), slots={"ord": ("alt", "intet")},
    )  # fmt: skip
    first, second = list(expand(row)), list(expand(row))
    assert first == second
    assert [story.day for story in first] == [1, 2, 3]
    assert all(story.title[0].isupper() and "{" not in story.title for story in first)
