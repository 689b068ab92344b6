"""From documents and a register's changes to what is told: the press and the register meet in one event."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from salestrigger.matchers.analyse import Findings, Knowledge, analyse, in_order
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.sources.records import Document, OrgChange, content_id
from tests.matchers.qualifying import NOW, change, organization, profile

ORG = "org_fjellbro"
WANTED = dict.fromkeys(("executive_hire", "relocation", "acquisition", "headcount_growth", "funding"), 1.0)


def telling(title: str, text: str = "", *, language: str = "nb", outlet: str = "a", days: int = 0) -> Document:
    """What one outlet tells, some days before today's run."""
    at = NOW - timedelta(days=3 - days)
    return Document(
        content_id("doc", outlet, title), f"avis-{outlet}", title, f"https://{outlet}.example/1", title, text, at,
        language, published_at=at,
    )  # fmt: skip


def found(documents: tuple[Document, ...], *changes: OrgChange, **facts: Any) -> Findings:
    """Documents and changes of one run, analysed with all that we know of types and languages."""
    known = organization("Fjellbro Teknikk", **facts)
    known = replace(known, organization_id=ORG)
    knowledge = Knowledge(
        lexicon=load_lexicon(), index=OrganizationIndex.build([known]), profiles=(profile(event_types=WANTED),),
        organizations={ORG: known}, organizations_before={ORG: known}, organization_of={f"rec_{ORG}": ORG},
        open_events=(), fits={}, triggers={}, trust={"register": "register"},
        countries={f"avis-{c}": "NO" for c in "abcde"}, last_analysed_on=None, now=NOW,
    )  # fmt: skip
    return analyse(in_order(documents, changes), knowledge)


HIRED = change("roles", details={"kind": "DAGL", "holder": "Tuva Lien", "role": "daglig leder"})


@pytest.mark.parametrize(
    ("title", "made"),
    [
        ("Tuva Lien blir ny daglig leder i Fjellbro Teknikk", HIRED),
        ("Fjellbro Teknikk flytter til Bergen",
         change("address", details={"kind": "business", "municipality": "Bergen", "municipality_code": "4601"})),
        ("Fjellbro Teknikk er konkurs", change("status", after="bankrupt", details={"kind": "konkurs"})),
        ("Fjellbro Teknikk henter 10 millioner kroner i ny kapital",
         change("capital", before="1000000", after="11000000", details={"currency": "NOK"})),
    ],
)  # fmt: skip
def test_a_register_fact_confirms_what_the_press_told(title: str, made: OrgChange) -> None:
    """One event with two independent sources, one of them the register, and no conflict."""
    (event,) = found((telling(title),), made).events
    assert (event.independent_sources, len(event.sources)) == (2, 2)
    assert event.confidence >= 0.99
    assert not [e for e in event.evidence if e.feature == "conflict"]


def test_five_outlets_in_five_languages_are_one_event_with_their_copies_counted_once() -> None:
    """Two of them print the wire's text, which is one source; the other three are one each."""
    wire = (
        "Tuva Lien blir ny daglig leder i Fjellbro Teknikk fra høsten. Hun kommer fra en stilling som driftssjef "
        "i Oslo og har arbeidet med teknisk drift av bygg i femten år, opplyser selskapet i en melding mandag."
    )
    documents = (
        telling("Tuva Lien blir ny daglig leder i Fjellbro Teknikk", wire, outlet="a"),
        telling("Ny daglig leder i Fjellbro Teknikk", wire + " Les mer i avisen.", outlet="b"),
        telling("Fjellbro Teknikk appoints Tuva Lien as managing director", language="en", outlet="c", days=1),
        telling("Fjellbro Teknikk benoemt Tuva Lien tot algemeen directeur", language="nl", outlet="d", days=1),
        telling("Tuva Lien ny vd för Fjellbro Teknikk", language="sv", outlet="e", days=2),
    )
    (event,) = found(documents).events
    assert (len(event.sources), event.independent_sources) == (5, 4)


def test_a_conflict_is_told_in_the_sentence_that_a_rep_reads() -> None:
    """Another head in the register than in the press: the press's trigger says so and to check."""
    news = telling("Sindre Moe blir ny daglig leder i Fjellbro Teknikk")
    said = [t.why_now for t in found((news,), HIRED).triggers]
    assert len(said) == 2
    assert [
        s for s in said if s.endswith("but the register names another person than the press: check before you call")
    ]


def test_what_the_press_has_denied_and_the_register_states_is_told_with_both() -> None:
    """The denied event is shown to nobody, so the register's own says what the press told."""
    news = telling("Fjellbro Teknikk avviser flytting til Bergen")
    moved = change("address", details={"kind": "business", "municipality": "Bergen", "municipality_code": "4601"})
    result = found((news,), moved)
    shown = [t.why_now for t in result.triggers if not t.held_back]
    assert [s for s in shown if s.endswith("but the press tells that it was denied: check before you call")]
