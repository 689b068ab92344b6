"""Resolving: which organisation a mention means; an equal name is no identity."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.types import Match, Organization
from salestrigger.sources.records import Identifier
from tests.matchers.names_support import document, matched, organization

BASE = [
    organization("bygg", "Nordvik Bygg AS", ("Nordvik", "trade"), ("Vikbygg AS", "former"), country="NO", city="Hamar"),
    organization("oslo", "Oslo Mur AS", country="NO"),
    organization("bergen", "Bergen Mur AS", country="NO"),
    organization("kraft", "Skarkraft AS", country="NO", ids=(Identifier("NO-BRC", "099999999"),)),
    organization("start", "Start AS", country="NO", municipality="Molde"),
    organization("fund2", "Zyxfond II AS", country="NO"),
    organization("fund3", "Zyxfond III AS", country="NO"),
    organization("vries", "A. de Vriesema B.V.", country="NL"),
    organization(
        "dutch", "Kwintax B.V.", country="NL", website="https://kwintax.example", description="vliegtuigonderhoud"
    ),
]
NAMESAKES = [
    organization("t1", "Tindra AS", country="NO", municipality="Tromsø", website="https://tindra.example"),
    organization("t2", "Tindra AS", country="NO", municipality="Bodø"),
    organization("t3", "Tindra ApS", country="DK"),
]
INDEX = OrganizationIndex.build([*BASE, *NAMESAKES])


def first(
    title: str, text: str = "", *, country: str | None = "NO", index: OrganizationIndex = INDEX, **more: object
) -> Match:
    """The match of the first mention."""
    return matched(document(title, text, **more), index, country=country)[0][1]  # type: ignore[arg-type]


def test_a_distinctive_unique_name_in_the_title_is_accepted() -> None:
    """With the country of the source it needs nothing more."""
    match = first("Skarkraft øker omsetningen")
    assert (match.organization_id, match.decision, match.namesakes) == ("kraft", "accept", 0)
    assert match.probability >= 0.9
    assert {e.feature for e in match.evidence} == {"exact_name", "country"}


def test_an_equal_name_with_namesakes_is_never_accepted_by_itself() -> None:
    """Nothing tells them apart: a person decides, and is told how many there are."""
    match = first("Tindra vinner kontrakt")
    assert match.decision == "review"
    assert match.namesakes == 2
    assert any("2 other organisations" in e.says for e in match.evidence)


@pytest.mark.parametrize(
    ("text", "feature"),
    [("Selskapet holder til i Tromsø.", "municipality"), ("Les mer på https://www.tindra.example/nyheter", "website")],
)
def test_corroboration_tells_namesakes_apart(text: str, feature: str) -> None:
    """A municipality or website in the text."""
    match = first("Tindra vinner kontrakt", text)
    assert (match.organization_id, match.decision) == ("t1", "accept")
    assert feature in {e.feature for e in match.evidence}


def test_a_legal_form_of_one_namesake_alone_tells_them_apart() -> None:
    """Tindra ApS is the Danish one, whatever the others are called."""
    match = first("Tindra ApS vinder kontrakt", country="DK")
    assert (match.organization_id, match.decision) == ("t3", "accept")


def test_a_number_given_by_the_source_settles_it() -> None:
    """Even for a mention in passing the source's own field speaks."""
    match = first("Kvartalsrapport", identifiers=(Identifier("NO-BRC", "099999999"),), country=None)
    assert (match.organization_id, match.decision) == ("kraft", "accept")


def test_a_passing_mention_is_at_most_review() -> None:
    """Unless the title or first sentence names the same organisation."""
    text = "Det sa ordføreren i dag. Han nevnte også Skarkraft i talen."
    passing = first("Kommunen vokser", text)
    assert (passing.organization_id, passing.decision) == ("kraft", "review")
    both = matched(document("Skarkraft vokser", text), INDEX, country="NO")
    assert [m.decision for _, m in both] == ["accept", "accept"]


def test_an_ordinary_name_needs_its_legal_form_or_corroboration() -> None:
    """ "Start" alone is a word; "Start AS" is a name; in Molde it is that company."""
    assert first("Selskapet Start vokser").decision == "review"
    assert first("Start AS vokser").decision == "accept"
    assert first("Selskapet Start vokser", "Bedriften holder til i Molde.").decision == "accept"


def test_another_country_holds_it_back() -> None:
    """A Dutch source that names a Norwegian company's name may mean another."""
    assert first("Skarkraft groeit", country="NL", language="nl").decision == "review"


@pytest.mark.parametrize(
    ("title", "wrong"),
    [
        ("Trondheim Mur AS vinner", {"oslo", "bergen"}),
        ("Zyxfond IV AS kjøper", {"fund2", "fund3"}),
        ("B. de Vriesema B.V. failliet", {"vries"}),
    ],
)
def test_another_place_number_or_initial_is_another_company(title: str, wrong: set[str]) -> None:
    """However alike the rest is."""
    for _, match in matched(document(title), INDEX, country="NO"):
        assert match.decision == "reject"
        assert match.organization_id not in wrong


def test_a_misspelled_name_needs_support() -> None:
    """Similar is not equal: without anything else it is not accepted."""
    alone = first("Skarkraff AS vokser")
    assert alone.decision != "accept"
    supported = first("Kwintaxx B.V. groeit", "Lees meer op www.kwintax.example vandaag.", country="NL", language="nl")
    assert (supported.organization_id, supported.decision) == ("dutch", "accept")


def test_a_former_name_is_said_to_be_one() -> None:
    """It is found and told."""
    match = first("Vikbygg AS vinner")
    assert match.organization_id == "bygg"
    assert any("former name" in e.says for e in match.evidence)


def test_nobody_with_such_a_name_is_a_rejection_that_says_so() -> None:
    """An unknown company is seen, and belongs to nobody."""
    match = first("Qwertonix Plc wins")
    assert (match.organization_id, match.decision, match.probability) == (None, "reject", 0.0)
    assert match.evidence[0].says


def test_two_hundred_equal_names_are_bounded() -> None:
    """All are counted, none is accepted."""
    many = OrganizationIndex.build([organization(f"m{i:03d}", "Zyxplan AS", country="NO") for i in range(200)])
    match = first("Zyxplan vokser", index=many)
    assert (match.decision, match.namesakes) == ("review", 199)
    assert match.probability < 0.1


def test_without_mentions_there_is_nothing() -> None:
    """An empty document has no matches, and an empty index no candidates."""
    assert matched(document("", ""), INDEX) == []
    [(_, match)] = matched(document("Qwertonix AS vokser"), OrganizationIndex.build([]))
    assert match.decision == "reject"


OTHERS = st.lists(
    st.tuples(
        st.sampled_from(["Quomix", "Brevanto", "Lumipol", "Ostrada", "Havrelin"]),
        st.sampled_from(["Oy", "Ltd", "Gruppe"]),
    ),
    max_size=6,
    unique=True,
)


@settings(max_examples=40, deadline=None)
@given(OTHERS, st.randoms())
def test_an_unrelated_name_never_changes_an_accepted_match(others: list[tuple[str, str]], random: object) -> None:
    """Nor does the order of the universe."""
    more: list[Organization] = [organization(f"x{i}", " ".join(names)) for i, names in enumerate(others)]
    universe = [*BASE, *NAMESAKES, *more]
    random.shuffle(universe)  # type: ignore[attr-defined]
    doc = document("Skarkraft øker", "Nordvik Bygg AS i Hamar og Tindra i Tromsø vokser. Skarkraft er glad.")
    before = [(m.organization_id, m.decision, m.probability, m.namesakes) for _, m in matched(doc, INDEX, country="NO")]
    after = matched(doc, OrganizationIndex.build(universe), country="NO")
    assert [(m.organization_id, m.decision, m.probability, m.namesakes) for _, m in after] == before
    assert [d for _, d, _, _ in before].count("accept") >= 3


def test_evidence_adds_up_to_the_odds() -> None:
    """A probability never travels without its evidence: the weights are its log-odds."""
    match = first("Skarkraft AS vokser")
    odds = sum(e.weight for e in match.evidence)
    assert match.probability == pytest.approx(1 / (1 + 2.718281828**-odds), abs=0.001)
