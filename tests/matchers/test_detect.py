from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salestrigger.matchers.detect import detect
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.types import Mention
from tests.matchers.event_texts import document, events_in, outcome_of, roles_of


@pytest.mark.parametrize(
    ("language", "title", "acquirer", "target"),
    [
        ("nl", "Kokvik overgenomen door Eikwerk", "Eikwerk", "Kokvik"),
        ("nl", "Eikwerk neemt concurrent Kokvik over", "Eikwerk", "Kokvik"),
        ("nb", "Kystrør AS kjøpes opp av Fjordtank AS", "Fjordtank AS", "Kystrør AS"),
        ("nb", "Fjordtank AS kjøper opp Kystrør AS", "Fjordtank AS", "Kystrør AS"),
        ("nn", "Kystrøyr AS blir kjøpt opp av Fjordtank AS", "Fjordtank AS", "Kystrøyr AS"),
        ("en", "Fjordtank's acquisition of Kystror completed", "Fjordtank", "Kystror"),
        ("en", "Kystror Ltd to be acquired by Fjordtank plc", "Fjordtank plc", "Kystror Ltd"),
        ("sv", "Kuströr AB köps av Fjordtank AB", "Fjordtank AB", "Kuströr AB"),
        ("da", "Kystrør A/S købt af Fjordtank A/S", "Fjordtank A/S", "Kystrør A/S"),
    ],
)
def test_the_direction_of_an_acquisition(language: str, title: str, acquirer: str, target: str) -> None:
    """Active, passive and nominal wordings give the same buyer and the same target."""
    (event,) = events_in(title, language=language)
    assert event.type == "acquisition"
    assert roles_of(event) == {"acquirer": [acquirer], "target": [target]}


def test_coordinated_names_are_all_taken() -> None:
    """Two targets in one sentence are one event with two names."""
    (event,) = events_in("Fjordtank AS kjøper Kystrør AS og Skrulaget AS", language="nb")
    assert roles_of(event)["target"] == ["Kystrør AS", "Skrulaget AS"]


def test_title_and_lead_tell_one_event_in_its_fullest_form() -> None:
    """The same news twice is one event; the fuller name wins, and the lead's roles fill what the title lacks."""
    text = "Voltwerk Installatie BV heeft Stroomhuis overgenomen van Kabelgroep Holding. De prijs is niet bekend."
    (event,) = events_in("Voltwerk neemt branchegenoot Stroomhuis over", text, "nl")
    assert roles_of(event)["acquirer"] == ["Voltwerk Installatie BV"]
    assert roles_of(event)["target"] == ["Stroomhuis"]


def test_two_acts_give_two_events() -> None:
    """An opening and cuts in one headline are two events of one company."""
    events = events_in("Takelaar BV opent fabriek in Polen en schrapt 35 banen in Venlo", language="nl")
    assert {e.type for e in events} == {"site_opening", "layoffs"}
    assert {name for e in events for name in roles_of(e)["organization"]} == {"Takelaar BV"}


def test_a_text_wrapped_at_a_fixed_width_is_read_as_if_it_were_not() -> None:
    """Short first and last lines of paragraphs hide nothing, and an indented line is a paragraph of its own."""
    text = (
        "Brackwater Foods Inc said it bought\nPennine Pies Corp for an undisclosed sum.\n"
        "    The seller was Combe Cheese, which makes soft cheeses in\nthree small plants.\n"
    )
    (event,) = events_in("", text)
    assert [(r.name, r.surface) for r in event.roles] == [
        ("acquirer", "Brackwater Foods Inc"),
        ("target", "Pennine Pies Corp"),
    ]


def test_a_list_of_headlines_is_not_read_as_one_sentence() -> None:
    """Lines that each begin with a capital are lines."""
    text = "Brackwater Foods acquires\nPennine Pies opens shop in Leeds\nCombe Cheese hires 40\n"
    assert "acquisition" not in {event.type for event in events_in("", text)}


def test_initials_before_a_name_end_no_sentence() -> None:
    """ "J.P. Marlowe Freight" is one name."""
    (event,) = events_in("Portside Haulage bought by J.P. Marlowe Freight", "")
    assert ("acquirer", "J.P. Marlowe Freight") in [(r.name, r.surface) for r in event.roles]


def test_two_phrases_of_one_sentence_fill_each_others_gaps() -> None:
    """One says who makes the offer, the other for whose shares."""
    (event,) = events_in(
        "", "Kestrel Holdings Inc has started a tender offer for up to 20,000 common shares of Teasel Corp."
    )
    assert {(r.name, r.surface) for r in event.roles} == {
        ("acquirer", "Kestrel Holdings Inc"),
        ("target", "Teasel Corp"),
    }


@pytest.mark.parametrize(
    "dateline",
    ["LEEDS, England, May 3, 2026 (GLOBE NEWSWIRE) -- ", "LEEDS, May 3 /PRNewswire/ -- ", "ST. IVES, May 3 – "],
)
def test_a_dateline_has_no_part_in_the_news(dateline: str) -> None:
    """Places and agencies before the first sentence are nobody's names."""
    (event,) = events_in("", dateline + "Brackwater Foods Inc said it has acquired Pennine Pies Ltd.")
    assert roles_of(event) == {"acquirer": ["Brackwater Foods Inc"], "target": ["Pennine Pies Ltd"]}


def test_a_company_of_one_word_and_a_dash_is_no_dateline() -> None:
    """A dateline has a date or an agency."""
    (event,) = events_in("", "BRACK - the Leeds baker - has acquired Pennine Pies Ltd.")
    assert roles_of(event)["acquirer"] == ["BRACK"]


def test_a_subsidiary_named_after_its_owner_is_the_target() -> None:
    """ "Combe's subsidiary, Moorcow Ltd" is Moorcow."""
    (event,) = events_in(
        "", "Brackwater Foods Inc said it acquired Combe Corp's Devon subsidiary, Moorcow Ltd, for cash."
    )
    assert roles_of(event)["target"] == ["Moorcow Ltd"]


def test_a_word_of_company_names_ends_a_name_in_title_case() -> None:
    """ "Partners" is no verb where the headline ends."""
    events = events_in("Brackwater Foods Group To Acquire SumVale Partners", "")
    assert "partnership" not in {event.type for event in events}


def test_the_plural_of_an_abbreviation_is_no_company() -> None:
    """ "SUVs" names nobody who could be bought."""
    events = events_in("", "Drivers keep buying SUVs, Brackwater Cars Ltd found in a survey.")
    assert all(role.surface != "SUVs" for event in events for role in event.roles)


def test_every_role_stands_literally_in_the_title_or_the_sentence() -> None:
    """Offsets count in title + line break + text, and the surface is what stands there."""
    title, text = (
        "Pennine Pies appoints new finance director",
        "Rhona Gale joins Pennine Pies Ltd from Foldwell as finance director.",
    )
    full = f"{title}\n{text}"
    for event in events_in(title, text):
        start, end = event.sentence
        for role in event.roles:
            assert full[role.start : role.end] == role.surface
            assert role.start < len(title) or start <= role.start < end
        assert full[event.quote_span[0] : event.quote_span[1]] == event.quote


def test_a_spotted_mention_fills_the_role() -> None:
    """A role that overlaps a mention carries its id and its span."""
    title = "de kaasboer opent winkel in Zwolle"
    mention = Mention("men_1", "doc_1", "kaasboer", 3, 11, "title", "known", ("org_1",))
    (event,) = events_in(title, language="nl", mentions=(mention,))
    (role,) = event.roles
    assert (role.surface, role.mention_id, role.start) == ("kaasboer", "men_1", 3)


def test_a_description_stands_for_the_company_of_the_headline() -> None:
    """ "The Kendal grocer" is the headline's company, also beside another name; "the Hilton chain" is not."""
    title, bank = "Fresh facility gives Osprey Homes room to breathe", "Calder & Trent Bank"
    (event,) = events_in(title, f"{bank} has granted a loan of £25m to the Shropshire housebuilder.")
    assert roles_of(event) == {"recipient": ["Osprey Homes"], "provider": [bank]}
    found = events_in("Pennine Pies and others", "Brackwater Foods has bought the Teasel chain for £3m.")
    assert [roles_of(event) for event in found] == [{"acquirer": ["Brackwater Foods"], "target": ["Teasel"]}]


@pytest.mark.parametrize(
    ("language", "title", "closes"),
    [
        ("en", "Redfern Parcels sells Irish arm to Shannon Swift and shuts Leeds depot", "Redfern Parcels"),
        ("en", "Redfern Parcels sells arm to Shannon Swift; Pennine Pies shuts Leeds depot", "Pennine Pies"),
    ],
)
def test_after_and_a_verb_is_told_of_whom_the_sentence_opens_with(language: str, title: str, closes: str) -> None:
    """The name right before "and" has another part; one after it is whom the verb is told of."""
    found = {event.type: roles_of(event) for event in events_in(title, "", language)}
    assert found["site_closure"] == {"organization": [closes]}


def test_the_company_of_the_headline_is_the_subject_of_the_next_sentence() -> None:
    """ "The company" in the lead is the one organisation of the headline."""
    (event,) = events_in("Goed nieuws van Takelaar", "Het bedrijf opent in september een kantoor in Gent.", "nl")
    assert roles_of(event) == {"organization": ["Takelaar"]}
    assert event.modality == "planned"


@pytest.mark.parametrize(
    ("language", "title", "outcome"),
    [
        ("nl", "Voltwerk neemt Stroomhuis niet over", "negated"),
        ("nb", "Ingen oppsigelser i Tindgruppen", "negated"),
        ("en", "No redundancies planned at Harbour Bank", "negated"),
        ("nl", "Als Voltwerk failliet gaat, volgen anderen", "hypothetical"),
        ("en", "Ten years ago Brackwater Foods bought Pennine Pies", "historical"),
        ("nl", "In 2019 nam Voltwerk BV branchegenoot Stroomhuis over", "historical"),
        ("en", "Opinion: why Brackwater Foods should buy Pennine Pies", "opinion"),
        ("nl", "Voltwerk Boys tekent contract met spits", "homonym"),
        ("nb", "Nordvik kommune legger ned avdelingen hos legevakten", "public_body"),
        ("en", "A dairy firm acquired a rival dairy", "no_subject"),
        ("en", "Sun expected at the weekend", "no_cue_word"),
        ("en", "", "empty_text"),
    ],
)
def test_what_is_no_event_has_a_reason(language: str, title: str, outcome: str) -> None:
    """Silence is explained by a stable word."""
    assert outcome_of(title, language=language) == outcome


def test_an_unknown_language_is_said_so() -> None:
    """A text in a language without a declaration is not read as another one."""
    events, outcome = detect(document("L'usine ferme", language="fr"), (), load_lexicon(), "fr")
    assert (events, outcome) == ((), "unsupported_language")


def test_a_long_quote_is_cut_between_words_around_the_cue() -> None:
    """At most 150 characters, whole words, the cue inside."""
    filler = "after a long summer of talks about milk and cream and butter and the price of hay and straw "
    text = f"{filler}Brackwater Foods has acquired Pennine Pies {filler}"
    (event,) = events_in("News from the dairy", text)
    full = f"News from the dairy\n{text}"
    start, end = event.quote_span
    assert len(event.quote) <= 150
    assert "acquired" in event.quote
    assert full[start:end] == event.quote
    assert full[start - 1].isspace()
    assert end == len(full) or full[end].isspace()


def test_evidence_says_which_phrase_and_what_speaks_against() -> None:
    """Confidence comes with its reasons."""
    (event,) = events_in("Fjordtank AS skal ifølge kilder kjøpe opp Kystrør AS", "", "nb") or events_in(
        "Ifølge kilder kjøper Fjordtank AS opp Kystrør AS", "", "nb"
    )
    features = {e.feature: e for e in event.evidence}
    assert event.modality == "rumour"
    assert features["doubt"].weight < 0
    assert features["phrase"].value


_HOSTILE = {
    "one word": "a" * 1_000_000,
    "brackets": "(" * 100_000,
    "pairs of brackets": "()" * 50_000,
    "dots": "." * 100_000,
    "spaces": " " * 1_000_000,
    "line breaks": "\n" * 100_000,
    "numbers": "1 " * 100_000,
    "grouped numbers": "1.000." * 30_000,
    "names": "Kompas, " * 50_000,
    "cues": "Kompas koopt " * 5_000,
    "codes": "§O0 koopt §O1 " * 1_000,
    "right to left": "\u202eKompas koopt\u202c Techno\u200b " * 2_000,
    "lone surrogates": "\ud800\udfff Kompas koopt Techno " * 100,
    "letters that grow": "İ" * 5_000 + " Kompas koopt Techno",
    "NUL": "\x00" * 10_000 + "Kompas koopt Techno",
    "abbreviations": "A.B." * 50_000,
}


@pytest.mark.parametrize("name", sorted(_HOSTILE))
@pytest.mark.parametrize("language", ["nl", "en"])
def test_any_text_comes_to_an_end(name: str, language: str) -> None:
    """As a title, as a text and behind a real headline: no exception, no endless matching, offsets inside the text."""
    hostile = _HOSTILE[name]
    for title, text in ((hostile, ""), ("Kompas neemt Techno over", hostile), ("", hostile)):
        found, _ = detect(document(title, text, language), (), load_lexicon(), language)
        full = f"{title}\n{text}"
        assert all(full[r.start : r.end] == r.surface for e in found for r in e.roles)


_WORDS = [
    "Kompas",
    "koopt",
    "neemt",
    "Techno BV",
    "over",
    "van",
    ".",
    ",",
    "(",
    ")",
    "§O1",
    "€ 4 mln",
    "2019",
    "\n",
    "'s",
    "&",
    "ß",
    "\u202e",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=40))
def test_detection_is_deterministic_and_grounded(words: list[str]) -> None:
    """Whatever the words: the same events twice, and every surface where it is said to be."""
    text = " ".join(words)
    first, second = events_in("Kompas", text, "nl"), events_in("Kompas", text, "nl")
    assert first == second
    assert all(f"Kompas\n{text}"[r.start : r.end] == r.surface for e in first for r in e.roles)


def test_a_person_whose_name_ends_like_a_church_is_a_person() -> None:
    """ "Kerk" makes a public body of a name, but not of one that opens with a first name."""
    told = events_in("Wisseling bij Codeplein", "Ceo Yasmin Eikenkerk neemt in juni afscheid van Codeplein.", "nl")
    assert [e.type for e in told] == ["executive_departure"]


def test_the_name_of_a_register_line_may_have_an_and_in_it() -> None:
    """Up to its legal form."""
    (event,) = events_in("Innsendt årsregnskap for 2025: Solvik Sveis og Montasje AS", "", "nb")
    assert [role.surface for role in event.roles] == ["Solvik Sveis og Montasje AS"]


def test_the_sentence_after_the_lead_goes_on_about_whom_the_lead_names() -> None:
    """Nobody is named in the headline or beside the telling phrase: the lead's only company is meant."""
    lead = "Efter elva år lämnar Hillevi Strand vd-posten i Granlunda Bro AB vid årsskiftet."
    found = events_in("Vaktombyte på brobyggaren", f"{lead} Ny vd blir produktionschefen Jonas Ek.", language="sv")
    assert {event.type: [role.surface for role in event.roles] for event in found} == {
        "executive_departure": ["Granlunda Bro AB"],
        "executive_promotion": ["Granlunda Bro AB"],
    }
