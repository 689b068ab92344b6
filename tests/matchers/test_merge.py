from __future__ import annotations

import dataclasses
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from salestrigger.matchers.detect import detect
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.merge import Merged, merge
from salestrigger.matchers.near_copies import COPY_SIMILARITY, signature, similarity
from salestrigger.matchers.types import Attribute, Event, EventSource, Role
from tests.matchers.event_texts import NOON, document

WIRE = (
    "Brackwater Foods has acquired Pennine Pies, the maker of pork pies, for £14m. The two companies said on Tuesday "
    "that all 120 staff would keep their jobs and that the bakery in Skipton would stay open. No approval is needed."
)


def _event(title: str, text: str = "", language: str = "en", *, days: int = 0, key: str = "1") -> Event:
    at = NOON + timedelta(days=days)
    (event, *_), _ = detect(document(title, text, language, at=at, key=key), (), load_lexicon(), language)
    return event


def test_one_event_over_papers_languages_and_days() -> None:
    """The same deal in English and Dutch is one event with two independent sources; the first id stays."""
    first = _event("Brackwater Foods acquires Pennine Pies", key="a")
    second = _event("Brackwater Foods neemt Pennine Pies over", language="nl", days=1, key="b")
    merged = merge([second, first])
    assert [e.event_id for e in merged.events] == [first.event_id]
    assert merged.events[0].independent_sources == 2
    assert merged.successors == ((second.event_id, first.event_id),)


def test_copies_of_a_wire_count_once() -> None:
    """Five papers that print one text are one source; a text of one's own is another."""
    copies = [_event("Pie deal", WIRE + (" Read more in our paper." * (i == 1)), key=f"copy{i}") for i in range(5)]
    own = _event(
        "Pennine Pies sold", "Brackwater Foods bought Pennine Pies last week, our reporter learned.", key="own"
    )
    (event,) = merge([*copies, own]).events
    assert len(event.sources) == 6
    assert event.independent_sources == 2


def test_modality_moves_forward_only() -> None:
    """Rumour, then announced, then completed; a late rumour does not take it back."""
    rumour = _event("Brackwater Foods reportedly acquires Pennine Pies", key="a")
    announced = _event("Brackwater Foods acquires Pennine Pies", days=2, key="b")
    completed = _event("Brackwater Foods has acquired Pennine Pies", days=9, key="c")
    late = _event("Brackwater Foods reportedly acquires Pennine Pies", days=10, key="d")
    (event,) = merge([rumour, announced, completed, late]).events
    assert event.modality == "completed"
    assert [s.modality for s in event.sources] == ["rumour", "announced", "completed", "rumour"]


def test_a_denial_closes_and_a_later_announcement_is_a_new_event() -> None:
    """What was denied does not come back to life under the old id."""
    rumour = _event("Brackwater Foods reportedly acquires Pennine Pies", key="a")
    denied = _event("Brackwater Foods denies takeover of Pennine Pies", days=1, key="b")
    anew = _event("Brackwater Foods acquires Pennine Pies", days=30, key="c")
    events = merge([rumour, denied, anew]).events
    assert sorted(e.modality for e in events) == ["announced", "denied"]


def test_disagreeing_amounts_stand_side_by_side() -> None:
    """One paper says 14, the other 15 million: both are kept, the first told first."""
    one = _event("Brackwater Foods acquires Pennine Pies for £14m", key="a")
    other = _event("Brackwater Foods acquires Pennine Pies for £15m", days=1, key="b")
    (event,) = merge([one, other]).events
    assert [a.value for a in event.attributes if a.key == "amount"] == ["14000000", "15000000"]


def test_another_target_person_or_place_is_another_event() -> None:
    """Same type and subject do not make one event when what tells them apart differs."""
    pairs = [
        ("Brackwater Foods acquires Pennine Pies", "Brackwater Foods acquires Combe Cheese"),
        ("Pennine Pies appoints Rhona Gale as finance director", "Pennine Pies appoints Hugh Marsh as sales director"),
        ("Pennine Pies opens new shop in Leeds", "Pennine Pies opens new shop in York"),
    ]
    for one, other in pairs:
        assert len(merge([_event(one, key="a"), _event(other, days=1, key="b")]).events) == 2, one


def test_the_same_type_much_later_is_another_event() -> None:
    """A second round a year later is not the first one told again."""
    one = _event("Tidepool Robotics raises £3m seed round", key="a")
    other = _event("Tidepool Robotics raises £3m seed round", days=200, key="b")
    assert len(merge([one, other]).events) == 2


def test_an_acquisition_that_another_paper_calls_a_merger_is_one_event() -> None:
    """The same two companies, also when it is told again a month later; with another partner it is another event."""
    deal = _event("Brackwater Foods acquires Pennine Pies", key="a")
    told = _event("Brackwater Foods and Pennine Pies agree merger", days=1, key="b")
    other = _event("Brackwater Foods and Calder Group agree merger", days=1, key="c")
    later = _event("Brackwater Foods and Pennine Pies agree merger", days=40, key="d")
    assert told.type == other.type == "merger"
    merged = merge([deal, told, other, later])
    assert {e.event_id for e in merged.events} == {deal.event_id, other.event_id}
    assert {r.name for r in merged.events[0].roles} <= {"acquirer", "target", "party"}
    (grown,) = [e for e in merged.events if e.event_id == deal.event_id]
    assert {r.name for r in grown.roles} == {"acquirer", "target"}
    assert grown.independent_sources == 2


def test_a_hire_and_a_promotion_of_one_person_are_one_event() -> None:
    """One paper knows that she came from within, another does not."""
    hire = _event("Calder Group names Rhona Gale as chief executive", key="a")
    rise = _event("Calder Group promotes Rhona Gale to chief executive", days=1, key="b")
    other = _event("Calder Group promotes Moira Stone to finance director", days=1, key="c")
    assert (hire.type, rise.type) == ("executive_hire", "executive_promotion")
    merged = merge([hire, rise, other])
    assert [e.event_id for e in merged.events if len(e.sources) > 1] == [hire.event_id]
    assert len(merged.events) == 2


def test_one_hall_opened_and_expanded_is_one_event() -> None:
    """One paper's new hall is another's new site, in the same town and days; elsewhere or later it is another story."""
    hall = _event("Calder Group expands its factory in Leeds", key="a")
    site = _event("Calder Group to open new factory in Leeds", days=1, key="b")
    elsewhere = _event("Calder Group to open new factory in Hull", days=1, key="c")
    later = _event("Calder Group to open new factory in Leeds", days=30, key="d")
    assert (hall.type, site.type) == ("site_expansion", "site_opening")
    assert len(merge([hall, site]).events) == 1
    assert len(merge([hall, elsewhere]).events) == len(merge([hall, later]).events) == 2


def test_a_resolved_and_an_unresolved_telling_meet() -> None:
    """The organisation that one telling resolved fills in the other's role."""
    one = _event("Pennine Pies opens new shop in Leeds", key="a")
    other = _event("Pennine Pies Ltd opens new shop in Leeds", days=1, key="b")
    resolved = Role("organization", other.roles[0].surface, 0, 16, None, "org_pies", 0.97, "accept")
    (event,) = merge([one, dataclasses.replace(other, roles=(resolved,))]).events
    assert event.roles[0].organization_id == "org_pies"


def test_a_corrected_article_takes_its_old_place() -> None:
    """The same document read again adds no source."""
    one = _event("Brackwater Foods acquires Pennine Pies for £14m", key="a")
    corrected = _event("Brackwater Foods acquires Pennine Pies for £16m", key="a")
    held = merge([one]).events
    (event,) = merge([corrected], held).events
    assert len(event.sources) == 1


def test_nothing_new_changes_nothing() -> None:
    """Merging the same events again yields no event to store."""
    held = merge([_event("Brackwater Foods acquires Pennine Pies", key="a")]).events
    assert merge(held, held) == Merged((), ())


_STORIES = [
    ("Brackwater Foods reportedly acquires Pennine Pies", "en"),
    ("Brackwater Foods acquires Pennine Pies for £14m", "en"),
    ("Brackwater Foods neemt Pennine Pies over", "nl"),
    ("Pennine Pies opens new shop in Leeds", "en"),
    ("Brackwater Foods has acquired Pennine Pies", "en"),
    ("Brackwater Foods acquires Combe Cheese", "en"),
    ("Pennine Pies opens new shop in York", "en"),
]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, len(_STORIES) - 1), max_size=8), st.integers(0, 8))
def test_cutting_the_days_into_batches_changes_nothing(picks: list[int], cut: int) -> None:
    """All at once, or in two runs: the same events in the end."""
    events = [_event(_STORIES[p][0], language=_STORIES[p][1], days=day, key=f"{day}") for day, p in enumerate(picks)]
    whole = {e.event_id: e for e in merge(events).events}
    first = merge(events[:cut])
    second = merge(events[cut:], first.events)
    parts = {e.event_id: e for e in (*first.events, *second.events)}
    assert parts == whole


def test_signatures_tell_copies_from_other_texts() -> None:
    """A copy with a changed headline and a further line is near; another story is not."""
    one = signature(document("Pie deal", WIRE))
    copy = signature(document("Sweet deal for pie maker", WIRE + " This story was updated.", key="2"))
    other = signature(
        document("Ferry", "Harbourside Ferries agreed a loan with its bank to buy two ships next spring, it said.")
    )
    assert similarity(one, copy) >= COPY_SIMILARITY
    assert similarity(one, other) < 0.2
    assert len(one) == 128
    assert similarity(one, signature(document("", ""))) == 0.0


# --- one story told as several types ---


def test_a_deal_told_as_acquisition_and_as_merger_is_one_event_of_the_better_type() -> None:
    """The same two parties: who buys whom is more than that they merge, whichever is told first."""
    bought = _event("Brackwater Foods acquires Pennine Pies", key="a")
    merges = _event("Brackwater Foods and Pennine Pies to merge", days=1, key="b")
    assert (bought.type, merges.type) == ("acquisition", "merger")
    other_way = (
        _event("Brackwater Foods and Pennine Pies to merge", key="b"),
        _event("Brackwater Foods acquires Pennine Pies", days=1, key="a"),
    )
    for first, second in ((bought, merges), other_way):
        merged = merge([first, second])
        (event,) = merged.events
        assert (event.event_id, event.type, event.independent_sources) == (first.event_id, "acquisition", 2)
        assert sorted((r.name, r.surface) for r in event.roles) == [
            ("acquirer", "Brackwater Foods"), ("target", "Pennine Pies"),
        ]  # fmt: skip
    assert [c.kind for c in merged.history] == ["retyped"]


def test_another_partner_is_another_deal() -> None:
    """One shared party does not make one story."""
    bought = _event("Brackwater Foods acquires Pennine Pies", key="a")
    merges = _event("Brackwater Foods and Combe Cheese to merge", days=1, key="b")
    assert len(merge([bought, merges]).events) == 2


def test_one_person_hired_and_promoted_is_one_appointment() -> None:
    """At one company within the window; another person or another company is another event."""

    def post(kind: str, person: str, company: str, key: str, days: int = 0) -> Event:
        told = _event("Pennine Pies appoints Rhona Gale as finance director", key=key, days=days)
        role = dataclasses.replace(told.roles[0], surface=company)
        return dataclasses.replace(
            told, type=kind, event_id=f"evt_{key}", roles=(role,), attributes=(Attribute("person", person),)
        )

    hired = post("executive_hire", "Rhona Gale", "Pennine Pies", "a")
    (event,) = merge([hired, post("executive_promotion", "Gale", "Pennine Pies", "b", 1)]).events
    assert (event.type, event.event_id) == ("executive_promotion", "evt_a")
    assert len(merge([hired, post("executive_promotion", "Hugh Marsh", "Pennine Pies", "b", 1)]).events) == 2
    assert len(merge([hired, post("executive_promotion", "Rhona Gale", "Combe Cheese", "b", 1)]).events) == 2
    assert len(merge([hired, post("executive_promotion", "Rhona Gale", "Pennine Pies", "b", 100)]).events) == 2


def test_places_and_countries_are_the_same_in_any_language() -> None:
    """Gothenburg is Göteborg and Tyskland is Germany; York is not Leeds."""

    def told(kind: str, key: str, where: tuple[str, str]) -> Event:
        base = _event("Pennine Pies opens new shop in Leeds", key=key)
        return dataclasses.replace(base, type=kind, event_id=f"evt_{key}", attributes=(Attribute(*where),))

    for kind, attribute, one, other, count in (
        ("site_opening", "location", "Gothenburg", "Göteborg", 1),
        ("site_opening", "location", "The Hague", "Den Haag", 1),
        ("market_entry", "market", "Germany", "Tyskland", 1),
        ("market_entry", "market", "Duitsland", "Saksa", 1),
        ("site_opening", "location", "Leeds", "York", 2),
        ("market_entry", "market", "Norge", "Sverige", 2),
    ):
        assert len(merge([told(kind, "a", (attribute, one)), told(kind, "b", (attribute, other))]).events) == count


# --- history ---


def test_two_events_that_turn_out_to_be_one_keep_their_history() -> None:
    """A telling that names both parties joins one that knew the buyer with one that knew the target: the first told
    stays, the other points to it."""
    full = _event("Brackwater Foods acquires Pennine Pies", days=4, key="c")
    buyer = dataclasses.replace(full, event_id="evt_a", roles=full.roles[:1], sources=_from("a", 0, full))
    target = dataclasses.replace(full, event_id="evt_b", roles=full.roles[1:], sources=_from("b", 1, full))
    held = merge([buyer, target]).events
    assert len(held) == 2
    merged = merge([full], held)
    assert {e.event_id: e.merged_into for e in merged.events} == {"evt_a": None, "evt_b": "evt_a"}
    whole = next(e for e in merged.events if e.merged_into is None)
    assert len(whole.sources) == 3
    assert {r.name for r in whole.roles} == {"acquirer", "target"}
    assert {(c.event_id, c.kind, c.detail) for c in merged.history} == {
        ("evt_b", "merged", "evt_a"), ("evt_a", "absorbed", "evt_b"),
    }  # fmt: skip
    later = merge([_event("Brackwater Foods has acquired Pennine Pies", days=9, key="d")], merged.events)
    assert [e.event_id for e in later.events] == ["evt_a"]


def _from(key: str, days: int, like: Event) -> tuple[EventSource, ...]:
    at = NOON + timedelta(days=days)
    return (dataclasses.replace(like.sources[0], document_id=f"doc_{key}", published_at=at, copy_group=key * 8),)


def test_a_corrected_article_updates_the_event() -> None:
    """What it alone told is replaced under the old id: the amount, and even the target."""
    held = merge([_event("Brackwater Foods acquires Pennine Pies for £14m", key="a")]).events
    merged = merge([_event("Brackwater Foods acquires Pennine Pies for £16m", key="a")], held)
    (event,) = merged.events
    assert [a.value for a in event.attributes if a.key == "amount"] == ["16000000"]
    assert event.event_id == held[0].event_id
    (event,) = merge([_event("Brackwater Foods acquires Combe Cheese", key="a")], held).events
    assert (event.event_id, event.roles[1].surface) == (held[0].event_id, "Combe Cheese")
    assert [(c.kind, c.event_id) for c in merged.history] == [("corrected", event.event_id)]


def test_a_correction_takes_back_only_its_own_word() -> None:
    """The other paper's amount stays; a value that both told stays as well."""
    one = _event("Brackwater Foods acquires Pennine Pies for £14m", key="a")
    other = _event("Brackwater Foods acquires Pennine Pies for £15m", days=1, key="b")
    third = _event("Brackwater Foods acquires Pennine Pies for £15m", days=2, key="c")
    held = merge([one, other, third]).events
    (event,) = merge([_event("Brackwater Foods acquires Pennine Pies for £15m", key="a")], held).events
    assert [a.value for a in event.attributes if a.key == "amount"] == ["15000000"]
    (event,) = merge([_event("Brackwater Foods acquires Pennine Pies for £19m", days=1, key="b")], held).events
    assert {a.value for a in event.attributes if a.key == "amount"} == {"14000000", "15000000", "19000000"}
    assert len(event.sources) == 3


def test_a_correction_to_another_story_splits_off() -> None:
    """The article that the event got its id from now tells of another target: the others keep the event and its id."""
    one = _event("Brackwater Foods acquires Pennine Pies", key="a")
    other = _event("Brackwater Foods has acquired Pennine Pies", days=1, key="b")
    held = merge([one, other]).events
    merged = merge([_event("Brackwater Foods acquires Combe Cheese", key="a")], held)
    rest, split = sorted(merged.events, key=lambda e: e.event_id != one.event_id)
    assert (rest.event_id, [s.document_id for s in rest.sources]) == (one.event_id, [other.sources[0].document_id])
    assert split.roles[1].surface == "Combe Cheese"
    assert [(c.event_id, c.kind, c.detail) for c in merged.history] == [(rest.event_id, "split", split.event_id)]


def test_a_correction_that_tells_of_nothing_retracts() -> None:
    """Nobody says it any more: it is not believed, and the record says why; with another source it stands."""
    one = _event("Brackwater Foods acquires Pennine Pies", key="a")
    other = _event("Brackwater Foods has acquired Pennine Pies", days=1, key="b")
    read = frozenset({one.sources[0].document_id})
    merged = merge([], merge([one]).events, read=read)
    (event,) = merged.events
    assert (event.confidence, event.evidence[-1].feature) == (0.0, "correction")
    assert [c.kind for c in merged.history] == ["retracted"]
    (event,) = merge([], merge([one, other]).events, read=read).events
    assert (event.modality, len(event.sources)) == ("completed", 1)
    assert event.confidence > 0.5
    assert merge([], merge([one]).events, read=frozenset({"doc_another"})) == Merged((), ())


def test_reading_the_same_article_again_changes_nothing() -> None:
    """An edit that leaves the news as it was leaves the event as it was, whoever else tells of it."""
    one = _event("Brackwater Foods acquires Pennine Pies for £14m", key="a")
    other = _event("Brackwater Foods has acquired Pennine Pies", days=1, key="b")
    for held in (merge([one]).events, merge([one, other]).events):
        assert merge([one], held, read=frozenset({one.sources[0].document_id})).events == ()


def test_an_alliance_that_turns_out_to_be_a_take_over_keeps_its_id() -> None:
    """Told of the same two within days, or by the same article after a correction; months later it is news."""
    allied = _event("Brackwater Foods and Pennine Pies form partnership", key="a")
    assert allied.type == "partnership"
    for days, key, count in ((2, "b", 1), (120, "b", 2), (1, "a", 1)):
        bought = _event("Brackwater Foods acquires Pennine Pies", days=days, key=key)
        merged = merge([bought], merge([allied]).events)
        events = {e.event_id: e for e in (allied, *merged.events)}
        assert len(events) == count
        assert events[allied.event_id].type == ("acquisition" if count == 1 else "partnership")
        assert len(merged.history) == (count == 1)


def test_a_correction_takes_no_other_event_of_the_article() -> None:
    """An article that told of two things and now tells of one of them has taken the other back."""
    allied = _event("Brackwater Foods and Pennine Pies form partnership", key="a")
    sued = _event("Brackwater Foods sues Pennine Pies", key="a")
    merged = merge([sued], merge([allied, sued]).events)
    assert [(c.kind, c.event_id) for c in merged.history] == [("retracted", allied.event_id)]
