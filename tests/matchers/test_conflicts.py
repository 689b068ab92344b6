"""A register confirms what the press tells, or contradicts it; both are seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from salestrigger.matchers.conflicts import CONFLICT, is_official, with_conflicts
from salestrigger.matchers.merge import Merged, merge
from salestrigger.matchers.types import Attribute, Event, EventSource, Modality, Role
from tests.matchers.event_texts import NOON


def told(
    kind: str, document: str, *, days: int = 0, modality: Modality = "completed", confidence: float = 0.9,
    who: str = "Pennine Pies", **values: str,
) -> Event:  # fmt: skip
    source = EventSource(
        document, "https://x.example/1", "t", "s", "", NOON + timedelta(days=days), "q", document, modality
    )
    role = Role("organization", who, 0, len(who), None, "org_pies" if who == "Pennine Pies" else None, 0.99, "accept")
    attributes = tuple(Attribute(key, value) for key, value in values.items())
    return Event(
        f"evt_{document}", kind, modality, (role,), attributes, "q", (0, 1), (0, 1), confidence, "en", (source,)
    )


def judged(*events: Event) -> Merged:
    return with_conflicts(merge(events), ())


def conflicts(merged: Merged) -> list[str]:
    return [e.says for event in merged.events for e in event.evidence if e.feature == CONFLICT]


def test_a_register_that_agrees_confirms() -> None:
    """One event, two sources, the register among them, no conflict."""
    news = told("executive_hire", "doc_1", person="Rhona Gale", title="managing director")
    register = told("executive_hire", "chg_1", days=3, person="Rhona Gale", confidence=0.99)
    (event,) = judged(news, register).events
    assert is_official(event)
    assert (event.independent_sources, conflicts(judged(news, register))) == (2, [])


def test_another_place_in_the_register_is_reported() -> None:
    """The press says York, the register says Leeds: one relocation, with a conflict on record, told once."""
    news, register = told("relocation", "doc_1", location="York"), told("relocation", "chg_1", days=3, location="Leeds")
    merged = judged(news, register)
    (event,) = merged.events
    assert conflicts(merged) == ["the register gives another place than the press"]
    assert [a.value for a in event.attributes if a.key == "location"] == ["York", "Leeds"]
    assert [c.kind for c in merged.history] == ["conflict"]
    assert with_conflicts(Merged((), ()), merged.events) == Merged((), ())
    abroad = judged(
        told("relocation", "doc_1", location="Gothenburg"), told("relocation", "chg_1", location="Göteborg")
    )
    assert conflicts(abroad) == []


@pytest.mark.parametrize(("title", "expected"), [("managing director", 1), ("sales manager", 0)])
def test_another_person_in_the_same_post(title: str, expected: int) -> None:
    """The register knows who heads the company: another name in the press is doubted, a sales manager is not."""
    news = told("executive_hire", "doc_1", person="Rhona Gale", title=title)
    register = told("executive_hire", "chg_1", days=5, person="Hugh Marsh", title="daglig leder", confidence=0.99)
    merged = judged(news, register)
    assert len(merged.events) == 2
    assert len(conflicts(merged)) == expected
    doubted = next(e for e in merged.events if not is_official(e))
    assert (doubted.confidence < 0.9) is bool(expected)
    assert all(e.confidence == 0.99 for e in merged.events if is_official(e))


def test_a_denial_against_the_register() -> None:
    """What the press has denied and the register states is a conflict; another company's is not. It is noted on both
    events, since what was denied is shown to nobody."""
    denied = told("insolvency", "doc_1", modality="denied")
    merged = judged(denied, told("insolvency", "chg_1", days=4, confidence=0.99))
    assert sorted(conflicts(merged)) == ["the press tells that it was denied", "the register states that it happened"]
    official = next(e for e in merged.events if is_official(e))
    assert (official.evidence[-1].says, official.confidence) == ("the press tells that it was denied", 0.99)
    assert with_conflicts(Merged((), ()), merged.events) == Merged((), ())
    assert conflicts(judged(denied, told("insolvency", "chg_1", days=4, who="Combe Cheese"))) == []


def test_a_fact_that_comes_later_finds_the_stored_event() -> None:
    """The event of last week is noted on when the register contradicts it today, and only once."""
    stored = merge([told("executive_hire", "doc_1", person="Rhona Gale", title="CEO")]).events
    today = merge([told("executive_hire", "chg_1", days=7, person="Hugh Marsh")], stored)
    merged = with_conflicts(today, stored)
    assert {e.event_id for e in merged.events} == {"evt_doc_1", "evt_chg_1"}
    assert conflicts(merged) == ["the register names another person than the press"]
    assert with_conflicts(Merged((), ()), merged.events).events == ()


def test_a_rep_is_told_to_check() -> None:
    """The sentence of the trigger says so in our own words."""
    from salestrigger.matchers.lexicon import load_lexicon
    from tests.matchers.test_trigger import ORG, event, organization, role, world
    from tests.matchers.test_trigger import told as trigger_of

    made = replace(event("relocation", role(ORG)), evidence=())
    (noted,) = (
        replace(made, evidence=e.evidence)
        for e in judged(
            told("relocation", "doc_1", location="York"), told("relocation", "chg_1", location="Leeds")
        ).events
    )
    assert made.type in load_lexicon().types
    says = trigger_of(world(organization()), noted).why_now
    assert says.endswith("but the register gives another place than the press: check before you call")
