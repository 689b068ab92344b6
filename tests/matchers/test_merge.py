from __future__ import annotations

import dataclasses
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from salestrigger.matchers.detect import detect
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.merge import Merged, merge
from salestrigger.matchers.near_copies import COPY_SIMILARITY, signature, similarity
from salestrigger.matchers.types import Event, Role
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
    """The same two companies within a week; two others, or the same two a month later, are another event."""
    deal = _event("Brackwater Foods acquires Pennine Pies", key="a")
    told = _event("Brackwater Foods and Pennine Pies agree merger", days=1, key="b")
    other = _event("Brackwater Foods and Calder Group agree merger", days=1, key="c")
    later = _event("Brackwater Foods and Pennine Pies agree merger", days=40, key="d")
    assert told.type == other.type == "merger"
    merged = merge([deal, told, other, later])
    assert {e.event_id for e in merged.events} == {deal.event_id, other.event_id, later.event_id}
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
