"""A register confirms what the press tells, or contradicts it; both are seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from salestrigger.matchers.changes import event_from_change
from salestrigger.matchers.conflicts import CONFLICT, is_official, with_conflicts
from salestrigger.matchers.merge import Merged, merge
from salestrigger.matchers.types import Attribute, Event, EventSource, Evidence, Modality, Organization, Role
from salestrigger.sources.records import OrgChange, OrgName
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


def deal(kind: str, document: str, *roles: tuple[str, str], days: int = 0, modality: Modality = "completed") -> Event:
    """A telling of a deal; organisations are known by their names."""
    held = tuple(Role(r, who, 0, len(who), None, f"org_{who.split()[0].lower()}", 0.99, "accept") for r, who in roles)
    return replace(told(kind, document, days=days, modality=modality), roles=held)


def change(field: str, after: str, **details: str) -> Event:
    """A register's own statement about Pennine Pies, 40 days after the press."""
    at = NOON + timedelta(days=40)
    said = OrgChange("chg_9", "GB-COH-1", field, None, after, at.date(), at, "register", "", details)  # type: ignore[arg-type]
    event, outcome = event_from_change(said, Organization("org_pennine", (OrgName("Pennine Pies Ltd"),)))
    assert event is not None, outcome
    return event


def filing(kind: str, role: str) -> Event:
    """A filing of Pennine Pies that states in a field of its own that it was in a deal."""
    stated = deal(kind, "doc_8k", (role, "Pennine Pies"), days=3)
    return replace(stated, evidence=(Evidence("stated", kind, 1.0, "stated"),))


PRESS = {
    "merger": deal("merger", "doc_1", ("party", "Pennine Pies"), ("party", "Brackwater Foods")),
    "acquisition": deal("acquisition", "doc_1", ("acquirer", "Brackwater Foods"), ("target", "Pennine Pies")),
}
REGISTER = {
    "into another": change("parent", "Brackwater Foods", kind="mergers_and_acquisitions"),
    "with somebody": change("status", "", kind="fusjon"),
    "or a demerger": change("status", "restructuring", kind="fusie_splitsing"),
    "filing": filing("acquisition", "party"),
}


@pytest.mark.parametrize("press", PRESS)
@pytest.mark.parametrize("register", REGISTER)
@pytest.mark.parametrize("register_first", [False, True])
def test_a_registered_merger_is_the_one_in_the_press(press: str, register: str, *, register_first: bool) -> None:
    """Whoever tells first: one event of the type that says most, with both as sources and both parties."""
    news, official = PRESS[press], REGISTER[register]
    merged = merge([official], [news])
    if register_first:
        merged = merge([news], [replace(official, sources=tuple(_earlier(s) for s in official.sources))])
    (event,) = [e for e in with_conflicts(merged, ()).events if e.merged_into is None]
    assert event.type == press
    assert {r.organization_id for r in event.roles} >= {"org_pennine", "org_brackwater"}
    assert (event.independent_sources, conflicts(merged)) == (2, [])


def _earlier(source: EventSource) -> EventSource:
    return replace(source, published_at=NOON - timedelta(days=5))


def test_both_companies_mergers_meet_in_the_news_of_them() -> None:
    """A register tells it of each; the press joins the two."""
    other = change("status", "", kind="fusjon")
    role = replace(other.roles[0], surface="Brackwater Foods", organization_id="org_brackwater")
    source = replace(other.sources[0], document_id="chg_8", copy_group="chg_8")
    other = replace(other, event_id="evt_8", roles=(role,), sources=(source,))
    merged = merge([REGISTER["with somebody"], other, PRESS["merger"]])
    (event,) = [e for e in merged.events if e.merged_into is None]
    assert {s.document_id for s in event.sources} == {"chg_9", "chg_8", "doc_1"}
    assert len([e for e in merge([REGISTER["with somebody"], other]).events if e.merged_into is None]) == 2


@pytest.mark.parametrize("register", ["legal form", "late", "stranger", "news"])
def test_what_is_no_registered_merger_stays_apart(register: str) -> None:
    """A new legal form, another company's merger, one long after, and the press's own reorganisation."""
    official = REGISTER["or a demerger"]
    if register == "legal form":
        official = replace(official, evidence=(Evidence("register", "legal_form", 1.0, "x"),))
    elif register == "late":
        at = NOON + timedelta(days=500)
        official = replace(official, sources=tuple(replace(s, published_at=at) for s in official.sources))
    elif register == "stranger":
        official = replace(official, roles=(Role("organization", "Havglimt", 0, 8, None, "org_h", 0.99, "accept"),))
    else:
        official = replace(official, evidence=())
    assert len(merge([official], [PRESS["merger"]]).events) == 1
    assert conflicts(judged(official, PRESS["merger"])) == []


def test_a_denied_merger_that_the_register_enters_is_a_conflict() -> None:
    """And a new legal form says nothing against the denial."""
    denied = replace(PRESS["merger"], modality="denied")
    denied = replace(denied, sources=tuple(replace(s, modality="denied") for s in denied.sources))
    told_so = conflicts(judged(denied, REGISTER["into another"]))
    assert "the press tells that it was denied" in told_so or told_so == []
    form = replace(REGISTER["or a demerger"], evidence=(Evidence("register", "legal_form", 1.0, "x"),))
    assert conflicts(judged(denied, form)) == []
