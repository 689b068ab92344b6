"""Spotting: which words of a text name an organisation, and exactly where."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.spot import spot
from salestrigger.matchers.types import Mention
from salestrigger.sources.records import Document, Identifier
from tests.matchers.names_support import NO_LEXICON, document, organization

INDEX = OrganizationIndex.build(
    [
        organization("bygg", "Nordvik Bygg AS", ("Nordvik", "trade"), country="NO"),
        organization("kompas", "Kompas B.V.", country="NL"),
        organization("start", "Start Zyx AS", ("Start", "trade"), country="NO"),
        organization("kraft", "Skarkraft AS", country="NO", ids=(Identifier("NO-BRC", "099999999"),)),
        organization("invest", "Skarkraft Invest AS", country="NO"),
        organization("seven", "7-Zyxen AS", country="NO"),
        organization("one", "1&1 Zyx AG", ("1&1", "trade"), country="DE"),
        organization("hansen", "Hansen AS", country="NO"),
        organization("nieuwe", "De Nieuwe B.V.", country="NL"),
        organization("sonner", "Åsgard & Sønner A/S", country="DK"),
        organization("kone", "Konetar Oyj", country="FI"),
        organization("prov", "AB Provist", country="SE"),
        organization("apple", "Target Zyx Inc.", ("Target", "trade"), country="US"),
    ]
)


def spotted(title: str, text: str = "", language: str = "nb", **more: object) -> list[Mention]:
    """The mentions of a text."""
    return list(spot(document(title, text, language=language, **more), INDEX, NO_LEXICON, language))


def texts(title: str, text: str = "", language: str = "nb", **more: object) -> list[str]:
    """The mentions as written."""
    return [m.text for m in spotted(title, text, language, **more)]


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        ("Nordvik Bygg AS vinner kontrakt", "nb", ["Nordvik Bygg AS"]),
        ("Skarkrafts resultat øker", "nb", ["Skarkraft"]),
        ("Kontrakt til Skarkraft Invest", "nb", ["Skarkraft Invest"]),
        ("Avtale med 7-Zyxen og 1&1 klar", "nb", ["7-Zyxen", "1&1"]),
        ("Aasgard og Soenner udvider", "da", ["Aasgard og Soenner"]),
        ("Åsgard & Sønner A/S udvider", "da", ["Åsgard & Sønner A/S"]),
        ("Konetarin tulos parani", "fi", ["Konetar"]),
        ("Vinsten ökar för AB Provist", "sv", ["AB Provist"]),
        ("Order till Provists fabrik", "sv", ["Provist"]),
        ("Nordvik's profits rise", "en", ["Nordvik"]),
        ("Faillissement van De Nieuwe B.V. in Breda", "nl", ["De Nieuwe B.V."]),
        ("Skarkraft-sjef går av", "nb", ["Skarkraft"]),
    ],
)
def test_listed_names_are_found_as_written(title: str, language: str, expected: list[str]) -> None:
    """Legal forms belong to a mention, genitive endings do not."""
    assert texts(title, language=language) == expected


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Start i dag for nytt anlegg", "nb"),
        ("De nieuwe directeur begint maandag", "nl"),
        ("Een kompas voor beleid", "nl"),
        ("New target for emissions", "en"),
        ("Target date moves to May", "en"),
        ("as he said", "en"),
    ],
)
def test_ordinary_words_are_no_mentions(title: str, language: str) -> None:
    """A name that is an ordinary word needs more than a capital."""
    assert texts(title, language=language) == []


def test_what_it_is_introduces_an_ordinary_name() -> None:
    """After "selskapet", "softwarebedrijf" an ordinary word is a name, listed or not."""
    assert texts("Softwarebedrijf Kompas overweegt verhuizing", language="nl") == ["Kompas"]
    assert texts("Selskapet Start henter penger") == ["Start"]
    mentions = spotted("Emisjon klar", "I dag henter gründerselskapet Fjordlyx penger.")
    assert [(m.text, m.basis, m.candidates) for m in mentions] == [("Fjordlyx", "form", ())]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Kontrakten gikk til Vestvik Mur og Puss AS i går.", "nb", "Vestvik Mur og Puss AS"),
        ("De opdracht ging naar Jansveld & Zonen B.V. uit Breda.", "nl", "Jansveld & Zonen B.V."),
        ("The order went to Kestrelix Systems, Inc. on Monday.", "en", "Kestrelix Systems, Inc"),
        ("Riggselskapet Vestborix ASA venter.", "nb", "Vestborix ASA"),
        ("Oakhurstix plc said it walked away.", "en", "Oakhurstix plc"),
        ("De lening komt van Kastang & Co. Oprichters zijn blij.", "nl", "Kastang & Co"),
        ("Ordern gick till Provland Teknik AB i dag.", "sv", "Provland Teknik AB"),
        ("Der Auftrag ging an die Probstein Maschinenbau GmbH in Kassel.", "de", "Probstein Maschinenbau GmbH"),
    ],
)
def test_unknown_companies_are_seen_by_their_legal_form(text: str, language: str, expected: str) -> None:
    """Capitalised words before a legal form are an organisation."""
    assert [m.text for m in spotted("", text, language)] == [expected]


def test_the_longest_of_nested_names_counts() -> None:
    """ "Skarkraft Invest" is not also "Skarkraft"."""
    mentions = spotted("Skarkraft Invest AS kjøper")
    assert [(m.text, m.candidates) for m in mentions] == [("Skarkraft Invest AS", ("invest",))]


def test_a_surname_is_no_company() -> None:
    """After an initial a single word is a person."""
    assert texts("Direktør P. Hansen slutter") == []
    assert texts("Hansen AS vinner") == ["Hansen AS"]


def test_prominence_is_title_lead_body() -> None:
    """The title, the first sentence, the rest."""
    text = "Avtalen er klar, sier Nordvik. Mer kommer. Også Skarkraft deltok."
    found = {(m.text, m.start < 20): m.prominence for m in spotted("Skarkraft vinner", text)}
    assert found == {("Skarkraft", True): "title", ("Nordvik", False): "lead", ("Skarkraft", False): "body"}


def test_share_buttons_bylines_and_wires_name_nobody() -> None:
    """Lines that name organisations in passing are left out, wires and the publisher in the body too."""
    index = INDEX.add(
        [organization("face", "Facezyx Inc"), organization("ntb", "NTB AS"), organization("avis", "Avisen Prøve AS")]
    )
    text = "Dette er en sak (NTB).\nDel på Facezyx\nFoto: Nordvik\nDette skriver Avisen Prøve."
    doc = document("Ny kontrakt", text, publisher="Avisen Prøve")
    assert spot(doc, index, NO_LEXICON, "nb") == ()


def test_the_senders_own_section_is_in_passing() -> None:
    """After "Om Nordvik" nothing is lead."""
    found = spotted("Kontrakt", "Kort.\nOm Skarkraft\nSkarkraft er et selskap.")
    assert {m.prominence for m in found} == {"body"}


def test_what_the_source_states_is_a_mention() -> None:
    """The issuer and organisations named by number are mentions even when the text does not name them."""
    given = spotted(
        "Quarterly report", "", "en", issuer="Nordvik Bygg AS", identifiers=(Identifier("NO-BRC", "099999999"),)
    )
    assert [(m.text, m.start, m.basis, m.candidates) for m in given] == [
        ("Nordvik Bygg AS", -1, "given", ("bygg",)),
        ("Skarkraft AS", -1, "given", ("kraft",)),
    ]
    written = spotted("Nordvik Bygg AS: report", "", "en", issuer="Nordvik Bygg AS")
    assert [(m.start, m.basis) for m in written] == [(0, "given")]


def test_an_addition_to_the_index_is_spotted() -> None:
    """Spotting uses the index's own keys, delta segments included."""
    index = INDEX.add([organization("new", "Zyxoplan AS")])
    assert [m.candidates for m in spot(document("Zyxoplan vokser"), index, NO_LEXICON, "nb")] == [("new",)]
    assert spot(document("Zyxoplan vokser"), index.remove(["new"]), NO_LEXICON, "nb") == ()


PIECES = st.sampled_from(
    [
        "Nordvik",
        " ",
        "Bygg",
        "AS",
        ". ",
        "\n",
        "s",
        "'s",
        "&",
        "B.V.",
        "Kompas",
        "1&1",
        "🙂",
        "selskapet ",
        "Om ",
        "A.",
        "é",
        "\u202e",
        ", ",
    ]
)


@settings(max_examples=120, deadline=None)
@given(
    st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join)),
    st.lists(PIECES, max_size=25).map("".join),
)
def test_offsets_are_exact_and_mentions_apart(title: str, text: str) -> None:
    """Every mention is literally there, and none overlaps another."""
    mentions = spotted(title, text)
    full = f"{title}\n{text}"
    assert all(full[m.start : m.end] == m.text for m in mentions)
    assert all(a.end <= b.start for a, b in itertools.pairwise(mentions))
    assert len({m.mention_id for m in mentions}) == len(mentions)


@pytest.mark.parametrize(
    "text", ["A" * 300_000, "A. " * 60_000, "Nordvik " * 20_000, "&" * 100_000, "AS " * 40_000, "\n" * 100_000]
)
def test_any_text_is_read_in_bounded_time(text: str) -> None:
    """Long and odd texts end; the time is linear in the length."""
    doc: Document = document("Nordvik", text)
    assert spot(doc, INDEX, NO_LEXICON, "nb")[0].text.startswith("Nordvik")
