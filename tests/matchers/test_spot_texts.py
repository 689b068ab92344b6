"""Spotting in running text: eight languages, endings, headlines, people, places, passing mentions, many texts."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.phrase_table import PhraseTable
from salestrigger.matchers.resolve import Asked, resolve, resolve_all
from salestrigger.matchers.spot import spot, spot_all
from salestrigger.matchers.text_words import MAX_TEXT
from salestrigger.matchers.types import Mention, Organization
from tests.matchers.names_support import document, matched, organization

UNIVERSE = [
    organization("zyx", "Zyxora Solutions ASA", country="NO"),
    organization("kva", "Kvalanta ASA", country="NO"),
    organization("fil", "Brovips N.V.", country="NL"),
    organization("nok", "Nolkia Oyj", country="FI"),
    organization("lun", "Lundvaxis AB", country="SE"),
    organization("mor", "Morvansk A/S", country="DK"),
    organization("sie", "Sielmers AG", country="DE"),
    organization("sie2", "Sielmers Energetik AG", country="DE"),
    organization("hof", "Hofstra Zyx (Nederland) B.V.", country="NL"),
    organization("ini", "J.K. Brandvold Rør AS", country="NO"),
    organization("sti", "Stichting tot Behoud van Molens", country="NL"),
    organization("uni", "Vardal universitetsforlag AS", country="NO"),
    organization("hm", "Q&M Zyx AB", ("Q&M", "trade"), country="SE"),
    organization("solo", "Nordavind AS", country="NO"),
    organization("rew", "Rewe Og Myrvoll AS", country="NO"),
    organization("vis", "Vismar AS", country="NO"),
    # names that are also words, places, persons
    organization("bank", "Bank AS", country="NO"),
    organization("norge", "Norge AS", country="NO"),
    organization("nordic", "Nordic AS", country="NO"),
    organization("york", "New York AS", country="NO"),
    organization("david", "David AS", country="NO"),
    organization("haug", "Haugvoll AS", country="NO"),
    organization("sist", "Først AS", country="NO"),
    organization("kind", "Kind GmbH", country="DE"),
    organization("bors", "Oslo Børs ASA", country="NO"),
    organization("ana", "Fondvik Markets AS", country="NO"),
    organization("soc", "Facebook Zyx Inc", ("Facebook", "trade"), country="US"),
    organization("klam", "Utvikler Zyx AS", ("Start", "trade"), country="NO"),
]
INDEX = OrganizationIndex.build(UNIVERSE)
LEXICON = load_lexicon()


def spotted(title: str, text: str = "", language: str = "nb") -> list[Mention]:
    """The mentions of a text."""
    return list(spot(document(title, text, language=language), INDEX, LEXICON, language))


def known(title: str, text: str = "", language: str = "nb") -> list[str]:
    """The mentions of listed names as written."""
    return [m.text for m in spotted(title, text, language) if m.candidates]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Etter møtet ble Zyxora Solutions' resultat lagt frem.", "nb", "Zyxora Solutions"),
        ("I går la Kvalantas konsernsjef frem tallene.", "nb", "Kvalanta"),
        ("I går la leiinga i Kvalanta fram Kvalanta-tala.", "nn", "Kvalanta"),
        ("Volgens de krant stijgt Brovips' winst fors.", "nl", "Brovips"),
        ("De topman van Brovips vertrekt.", "nl", "Brovips"),
        ("Eilisen jälkeen Nolkian tulos parani.", "fi", "Nolkia"),
        ("Tilaus meni eilen Nolkialle kokonaan.", "fi", "Nolkia"),
        ("Kauppa tehtiin Nolkia Oyj:n kanssa.", "fi", "Nolkia Oyj"),
        ("I går steg Lundvaxis vinst kraftigt.", "sv", "Lundvaxis"),
        ("I går offentliggjorde Morvansks direktør tallene.", "da", "Morvansk"),
        ("Gestern stieg der Gewinn von Sielmers deutlich.", "de", "Sielmers"),
        ("Zuletzt wuchs Sielmers Energetik kräftig.", "de", "Sielmers Energetik"),
        ("The order went to Kvalanta after a tender.", "en", "Kvalanta"),
        ("Yesterday Kvalanta’s board resigned.", "en", "Kvalanta"),
    ],
)
def test_names_carry_endings_in_eight_languages(text: str, language: str, expected: str) -> None:
    """The ending is no part of the mention, and the place is exact."""
    [mention] = [m for m in spotted("", text, language) if m.candidates][:1]
    assert mention.text == expected
    assert f"\n{text}"[mention.start : mention.end] == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Ordren gikk til Hofstra Zyx (Nederland) i går.", "nb", "Hofstra Zyx (Nederland"),
        ("Ordren gikk til J.K. Brandvold Rør AS i går.", "nb", "J.K. Brandvold Rør AS"),
        ("De gift ging naar Stichting tot Behoud van Molens in mei.", "nl", "Stichting tot Behoud van Molens"),
        ("Boka kom på Vardal universitetsforlag i går.", "nb", "Vardal universitetsforlag"),
        ("Butiken hos Q&M stängs.", "sv", "Q&M"),
        ("Ordren gikk til Rewe og Myrvoll i går.", "nb", "Rewe og Myrvoll"),
        ("Oppdraget gikk til REWE OG MYRVOLL AS i går.", "nb", "REWE OG MYRVOLL AS"),
        ("Avtalen med Kva\u00adlanta er klar.", "nb", "Kva\u00adlanta"),
    ],
)
def test_names_as_texts_write_them(text: str, language: str, expected: str) -> None:
    """Brackets, initials, small words, ampersands, capitals and invisible hyphens do not hide a name."""
    assert known("", text, language) == [expected]


def test_a_headline_in_capitals_names_its_subject() -> None:
    """Capitals say nothing there, so that single words further on need the text to write them small nowhere."""
    assert known("KVALANTA KUTTER 200 STILLINGER") == ["KVALANTA"]
    assert known("KVALANTA FÅR START PÅ NY BANK") == ["KVALANTA"]
    assert known("NORGE TRENGER NY KRAFT", "Staten i Norge venter.") == []


def test_title_case_says_nothing_either() -> None:
    """In an English headline an ordinary word stays one."""
    assert known("Kvalanta Cuts Jobs As Nordic Bank Rates Start To Rise", language="en") == ["Kvalanta"]


@pytest.mark.parametrize(
    ("title", "text", "language"),
    [
        ("Renten stiger", "Først kom regnet. Bank er kjedelig. Norge vokser, og det nye Nordic kom.", "nb"),
        ("Reise", "Mannen bor i New York med familien.", "nb"),
        ("Portrett", "I går fortalte pappa David om livet.", "nb"),
        ("Portrett", "Direktør Kari Haugvoll slutter. Senere sa Haugvoll at det var nok.", "nb"),
        ("Sak", "Det sa advokat Ola Haugvoll.", "nb"),
        ("Familie", "Gestern kam das Kind nach Hause, das Kind schlief.", "de"),
        ("Kommentar", "Nordavind Energi bygger, og Royal Nordavind selger.", "nb"),
        ("Lenke", "Les mer på kvalanta.example eller følg @Kvalanta og www.Kvalanta.example i dag.", "nb"),
    ],
)
def test_words_places_and_persons_are_no_companies(title: str, text: str, language: str) -> None:
    """Ordinary words, places, people, parts of longer names and addresses name no listed company."""
    assert known(title, text, language) == []


def test_a_name_with_its_form_once_is_known_without_it_later() -> None:
    """ "Start AS … Start": the text itself says that the word is a name."""
    index = INDEX.add([organization("st", "Kraftfull Start AS"), organization("nb", "Nordic Bank AS")])
    text = "Avtalen gikk til Nordic Bank AS. Ifølge Nordic Bank er alt klart."
    found = spot(document("Avtale", text), index, LEXICON, "nb")
    assert [m.text for m in found if m.candidates] == ["Nordic Bank AS", "Nordic Bank"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Selskapet er notert på Oslo Børs fra mandag.", "Oslo Børs"),
        ("Det sier analytiker Kari Moe i Fondvik Markets til avisen.", "Fondvik Markets"),
        ("Fondvik Markets-analytiker Kari Moe er enig.", "Fondvik Markets"),
    ],
)
def test_exchanges_and_analysts_banks_are_in_passing(text: str, name: str) -> None:
    """Also in the first sentence: they are not whom the news is about."""
    found = {m.text: m.prominence for m in spotted("Kvalanta på børs", text)}
    assert found[name] == "body"
    assert found["Kvalanta"] == "title"


def test_an_exchange_can_be_the_subject() -> None:
    """When it acts itself."""
    assert [(m.text, m.prominence) for m in spotted("Oslo Børs kutter 20 stillinger")] == [("Oslo Børs", "title")]


@pytest.mark.parametrize(
    "line",
    ["Facebook | Twitter | LinkedIn", "Del på Facebook", "Ja (Foto: Kari Moe / Kvalanta) nei", "Facebook Twitter"],
)
def test_share_buttons_and_picture_credits_name_nobody(line: str) -> None:
    """Wherever they stand."""
    assert known("Ny avtale er klar", f"Avtalen er klar i dag.\n{line}\nMer kommer.") == []


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("I går kjøpte softwareselskapet Fjordlyx et kontor.", "nb", "Fjordlyx"),
        ("I går kjøpte programvareselskapet Fjordlyx eit kontor.", "nn", "Fjordlyx"),
        ("Gisteren kocht softwarebedrijf Plonkwerk een kantoor.", "nl", "Plonkwerk"),
        ("Igår köpte mjukvarubolaget Snöfaxa ett kontor.", "sv", "Snöfaxa"),
        ("I går købte softwarevirksomheden Brølix et kontor.", "da", "Brølix"),
        ("Gestern kaufte der Softwarehersteller Quarnbek ein Büro.", "de", "Quarnbek"),
        ("Eilen ohjelmistoyhtiö Kuusvelto osti toimiston.", "fi", "Kuusvelto"),
        ("Yesterday the software company Kestrelyx bought an office.", "en", "Kestrelyx"),
    ],
)
def test_unknown_companies_are_seen_by_what_they_are_called(text: str, language: str, expected: str) -> None:
    """A name after what it is, in eight languages."""
    assert [(m.text, m.basis) for m in spotted("", text, language)] == [(expected, "form")]


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        ("Takeover of Pennine Pies Ltd by Brackwater Foods Ltd", "en", ["Pennine Pies Ltd", "Brackwater Foods Ltd"]),
        ("Overname van Kokvik BV mislukt", "nl", ["Kokvik BV"]),
        ("Faillissement van Kokvik BV uitgesproken", "nl", ["Kokvik BV"]),
        ("Ziegelwerk GmbH plant Übernahme von Kabelhof AG", "de", ["Ziegelwerk GmbH", "Kabelhof AG"]),
        ("Gericht ordnet Schutzschirmverfahren für die Ziegelwerk GmbH an", "de", ["Ziegelwerk GmbH"]),
        ("Verkauf der Kabelhof AG", "de", ["Kabelhof AG"]),
        ("Oppkjøpet av Kystrør AS", "nb", ["Kystrør AS"]),
        ("House of Combe Ltd acquires Pennine Pies Ltd", "en", ["House of Combe Ltd", "Pennine Pies Ltd"]),
        ("Bank of Combe plc reports profit", "en", ["Bank of Combe plc"]),
        ("Hof van Eikwerk BV verhuist", "nl", ["Hof van Eikwerk BV"]),
    ],
)
def test_what_happens_to_a_company_is_no_part_of_its_name(title: str, language: str, expected: list[str]) -> None:
    """The nouns that the phrases have before "of" are cut off; others before it belong to the name."""
    assert [m.text for m in spotted(title, language=language)] == expected


def test_a_wrapped_text_is_read_as_if_it_were_not() -> None:
    """A line break inside a sentence of a wrapped text does not end the name."""
    text = (
        "The order for the new plant in the north of the\ncountry went after a long tender to Zyxora\n"
        "Solutions, which was said to have been the\ncheapest of them all, according to a person\nwho knows it."
    )
    assert known("Order", text, "en") == ["Zyxora\nSolutions"]
    assert known("Order for Zyxora", "Solutions are needed", "en") == []


TEXTS = st.lists(
    st.sampled_from(
        [
            "Kvalanta", "Kvalantas", " ", ". ", "\n", "Zyxora Solutions", "AS", "Stichting", "tot", "Behoud", "van",
            "Molens", "(", ")", ", ", "Q&M", "\u00ad", "\u200b", "שלום", "🙂", "Åse", "Direktør ", "NEW YORK", "-",
            "J.K. ", "Brandvold Rør ", "e\u0301", "𝐊valanta", "ǅ", "１２",
        ]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS, st.sampled_from(["nb", "nl", "de", "fi", "en"])), min_size=1, max_size=4))
def test_many_texts_at_once_are_read_as_each_alone(parts: list[tuple[str, str, str]]) -> None:
    """And every mention is an exact piece of its own text, apart from the others."""
    documents = [document(f"{n} {title}", text, language=language) for n, (title, text, language) in enumerate(parts)]
    languages = [language for _, _, language in parts]
    together = spot_all(documents, INDEX, LEXICON, languages)
    for doc, language, mentions in zip(documents, languages, together, strict=True):
        assert spot(doc, INDEX, LEXICON, language) == mentions
        full = f"{doc.title}\n{doc.text}"
        assert all(full[m.start : m.end] == m.text for m in mentions)
        assert all(a.end <= b.start for a, b in itertools.pairwise(mentions))


def test_documents_resolved_together_are_as_each_alone() -> None:
    """Matches do not leak from one text to the next."""
    docs = [document("Kvalanta vokser"), document("", "Nyheter om Zyxora Solutions ASA."), document("Tomt")]
    asked = [Asked(d, spot(d, INDEX, LEXICON, "nb"), "NO") for d in docs]
    alone = [resolve(a.document, a.mentions, INDEX, source_country="NO") for a in asked]
    assert resolve_all(asked, INDEX) == alone


@settings(max_examples=10, deadline=None)
@given(st.permutations(UNIVERSE), st.integers(1, 20), st.sets(st.sampled_from([o.organization_id for o in UNIVERSE])))
def test_additions_and_removals_equal_a_rebuild(order: list[Organization], cut: int, gone: set[str]) -> None:
    """However an index came about, the same names are found."""
    grown = OrganizationIndex.build(order[:cut])
    for start in range(cut, len(order), 9):
        grown = grown.add(order[start : start + 9])
    grown = grown.remove(gone)
    rebuilt = OrganizationIndex.build([o for o in order if o.organization_id not in gone])
    doc = document(
        "Kvalanta og Zyxora Solutions", "Ordren gikk til J.K. Brandvold Rør AS, Q&M og Stichting tot Behoud van Molens."
    )
    assert spot(doc, grown, LEXICON, "nb") == spot(doc, rebuilt, LEXICON, "nb")


def test_the_phrase_table_knows_how_names_begin() -> None:
    """Of an index without names nothing begins."""
    table = PhraseTable(INDEX)
    segment = INDEX.segments[0]
    heads = segment.names.words[segment.names.first[:-1][segment.names.counts > 0]]
    assert table.may_begin(heads).all()
    assert table.has(segment.names.ordered).all()
    assert not PhraseTable(OrganizationIndex.build([])).may_begin(heads).any()


@pytest.mark.parametrize(
    "text",
    [
        "Kvalanta " * 1_200_000, "שלום" * 500_000, "\u200b\u00ad" * 300_000, "Kvalanta\u200b" * 100_000,
        "J.K. " * 100_000, "Analytiker " * 60_000, "(Foto: " * 60_000, "Ａ" * 400_000, "\u202eKvalanta\u202c " * 50_000,
        "Kvalanta-" * 60_000, "a\n" * 200_000, "https://" + "a/" * 200_000, "(" * 100_000, "Kvalanta (" * 50_000,
        "([{<" * 25_000 + "Kvalanta" + ">}])" * 25_000, "\ud800Kvalanta\U0001f600 " * 30_000, "İKvalanta " * 30_000,
    ],
)  # fmt: skip
def test_hostile_texts_end(text: str) -> None:
    """10 MB of one word, brackets, right-to-left, invisible characters: read as far as the limit, the title is still
    seen, and every mention stands where it is said to stand."""
    title = "Avtale med Kvalanta ASA"
    found = spot(document(title, text), INDEX, LEXICON, "nb")
    assert (found[0].text, found[0].prominence) == ("Kvalanta ASA", "title")
    assert all(f"{title}\n{text[:MAX_TEXT]}"[m.start : m.end] == m.text for m in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@pytest.mark.parametrize("title", ["Selskapet Bergen åpner fabrikk", "Kontrakt til firmaet Morgen", "Norges AS vokser"])
def test_likeness_to_a_place_or_an_ordinary_word_is_nothing(title: str) -> None:
    """A fuzzy match of one such word is never even asked about."""
    index = OrganizationIndex.build([organization("m", "Bergan AS", country="NO"), organization("t", "Morgan AS")])
    for _, match in matched(document(title, "Firmaet holder til i Bergen."), index, country="NO", lexicon=LEXICON):
        assert (match.organization_id, match.decision) == (None, "reject")


def test_one_similar_word_is_not_accepted_for_a_place_alone() -> None:
    """ "Krafft AS" in Hamar may be another company than "Kraftt AS" in Hamar; a website settles it."""
    index = OrganizationIndex.build(
        [organization("k", "Vrankfelt AS", country="NO", municipality="Hamar", website="https://vrankfelt.example")]
    )
    text = "Firmaet holder til i Hamar."
    [(_, alone)] = matched(document("Vrankfeldt AS vokser", text), index, country="NO", lexicon=LEXICON)
    assert alone.decision == "review"
    more = f"{text} Les mer på www.vrankfelt.example i dag."
    [(_, settled)] = matched(document("Vrankfeldt AS vokser", more), index, country="NO", lexicon=LEXICON)
    assert (settled.organization_id, settled.decision) == ("k", "accept")
