"""Matching two lists: one row per query, clear decisions, whatever a person's file holds."""

from __future__ import annotations

from random import Random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salestrigger.matchers.features import FEATURES
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.list_organizations import organizations_from
from salestrigger.matchers.match_lists import SCHEMA, explain, match_duplicates, match_lists
from salestrigger.matchers.model import name_model
from tests.matchers.names_support import organization

NAMES = {
    "u1": "Nordvik Bygg AS",
    "u2": "Kompas Software B.V.",
    "u3": "Skarkraft AS",
    "u4": "Zyxfond II AS",
    "u5": "Tindra Mur AS",
    "u6": "Tindra Mur AS",
    "u7": "Oslo Rørtjeneste AS",
    "u8": "Åsgard & Sønner A/S",
}


def universe(**columns: list[str]) -> pa.Table:
    """The listed names, with more columns."""
    return pa.table({"org_id": list(NAMES), "name": list(NAMES.values()), **columns})


def asked(*names: str, **columns: list[str]) -> pa.Table:
    """Queries q0, q1, …"""
    return pa.table({"query_id": [f"q{i}" for i in range(len(names))], "name": list(names), **columns})


def matched(*names: str) -> list[dict[str, object]]:
    """The rows for these names."""
    rows: list[dict[str, object]] = match_lists(universe(), asked(*names)).to_pylist()
    return rows


def _made_up(count: int) -> list[str]:
    """Names of two words, each once."""
    random, ends = Random(3), ("ka", "lo", "ri", "men", "tor", "bel", "sund", "vik", "dal", "ster", "haven", "brug")
    names: dict[str, None] = {}
    while len(names) < count:
        words = ("".join(random.choices(ends, k=size)).title() for size in (3, 2))
        names[" ".join(words)] = None
    return list(names)


def test_an_equal_name_is_the_same_in_lists_that_share_names_and_doubtful_in_others() -> None:
    """Lists of one's own share most names; where next to none is shared, the one that is equal may be another's."""
    names = _made_up(40_060)
    listed, others = names[:40_000], names[40_000:]
    table = pa.table({"org_id": [str(row) for row in range(len(listed))], "name": listed})
    own = match_lists(table, asked(*listed[:60])).to_pylist()
    assert {row["probability"] for row in own} == {0.99}
    spellings = match_lists(table, asked(*others, listed[0])).to_pylist()
    assert spellings[-1]["org_id"] == "0"
    assert spellings[-1]["probability"] < 0.99
    assert match_lists(table, asked(listed[0])).to_pylist()[0]["probability"] == 0.99


def test_a_listed_row_without_a_name_is_nobodys_match() -> None:
    """Neither of a name of which generic words are all there is, nor of one without letters."""
    listed = pa.table({"org_id": ["a", "b"], "name": ["Nordvik Bygg AS", ""]})
    rows = match_lists(listed, asked("Holding Group", "Nordvik Group", "", "--")).to_pylist()
    assert [row["org_id"] for row in rows] == ["", "a", "", ""]


@pytest.mark.parametrize(
    ("name", "org_id"),
    [
        ("Nordvik Bygg AS", "u1"),
        ("NORDVIK BYGG", "u1"),
        ("Nordvik Bygg Aksjeselskap", "u1"),
        ("Bygg Nordvik AS", "u1"),
        ("NordvikBygg", "u1"),
        ("Kompas Sofware BV", "u2"),
        ("Aasgard og Soenner", "u8"),
    ],
)
def test_spellings_of_a_listed_name_find_it(name: str, org_id: str) -> None:
    """Legal form, order, spaces, one typo."""
    [row] = matched(name)
    assert row["org_id"] == org_id
    assert row["decision"] != "reject"
    assert row["evidence"]


@pytest.mark.parametrize("name", ["", "🙂", "Qwertonix Plc", "ישראל בעמ", "A", "x" * 10_000])
def test_what_is_not_listed_is_rejected(name: str) -> None:
    """Empty names, one letter, emoji, another script, 10,000 characters: no match, with a reason."""
    [row] = matched(name)
    assert row["decision"] == "reject"
    assert row["evidence"]


@pytest.mark.parametrize("name", ["Zyxfond III AS", "Bergen Rørtjeneste AS", "Zyxfond 2 AS"])
def test_another_number_or_place_is_never_accepted(name: str) -> None:
    """They look alike and are other companies."""
    assert matched(name)[0]["decision"] != "accept"


def test_namesakes_are_counted_and_reviewed() -> None:
    """Two listed under one name: a person decides; a website or city decides too."""
    [row] = matched("Tindra Mur AS")
    assert (row["namesakes"], row["decision"]) == (1, "review")
    sites = [""] * 4 + ["https://tindra-a.example", "https://tindra-b.example"] + [""] * 2
    table = match_lists(universe(website=sites), asked("Tindra Mur AS", website=["www.tindra-b.example"]))
    [row] = table.to_pylist()
    assert (row["org_id"], row["decision"]) == ("u6", "accept")
    assert "same website" in row["evidence"]


def test_one_row_per_query_in_their_order() -> None:
    """Also with equal names and equal ids among the queries."""
    queries = pa.table({"query_id": ["b", "a", "a"], "name": ["Skarkraft", "nobody zzz", "Nordvik Bygg"]})
    rows = match_lists(universe(), queries).to_pylist()
    assert [(r["query_id"], r["org_id"]) for r in rows] == [("b", "u3"), ("a", ""), ("a", "u1")]


def test_the_result_has_its_columns_for_any_input() -> None:
    """No queries, no universe, missing values."""
    assert match_lists(universe(), asked()).schema == SCHEMA
    nothing = pa.table({"org_id": pa.array([], pa.string()), "name": pa.array([], pa.string())})
    assert match_lists(nothing, asked("Nordvik")).to_pylist()[0]["decision"] == "reject"
    holes = pa.table({"org_id": ["u1", "u2"], "name": ["Nordvik Bygg", None], "country": [None, "NO"]})
    assert match_lists(holes, asked("Nordvik Bygg")).to_pylist()[0]["org_id"] == "u1"


def test_aliases_and_repeated_ids_are_names_of_one_organisation() -> None:
    """``aliases`` are joined by a bar; rows with one id are one organisation."""
    table = pa.table(
        {"org_id": ["u1", "u1"], "name": ["Nordvik Bygg", "Vikbygg"], "aliases": ["Kallenavn| NVB Prosjekt", ""]}
    )
    rows = match_lists(table, asked("Vikbygg", "Kallenavn", "NVB Prosjekt", "Nordvik Bygg")).to_pylist()
    assert [r["org_id"] for r in rows] == ["u1"] * 4
    assert {r["namesakes"] for r in rows} == {0}


def test_pairs_that_are_known_to_differ_never_match() -> None:
    """In any spelling of the queried name; the organisation can still be found by other names."""
    never = [("Nordvik Bygg", "u1"), ("Nobody", "u99")]
    rows = match_lists(universe(), asked("NORDVIK BYGG AS", "Nordvik Bygg Hamar", "Skarkraft"), never=never).to_pylist()
    assert [r["org_id"] for r in rows] == ["", "u1", "u3"]


def test_one_to_one_accepts_the_surest_query_only() -> None:
    """The others are for a person, and are told why."""
    queries = asked("Skarkraft", "Skarkraft AS", "Nordvik Bygg AS")
    many = match_lists(universe(), queries).to_pylist()
    assert [r["decision"] for r in many].count("accept") >= 2
    rows = match_lists(universe(), queries, one_to_one=True).to_pylist()
    accepted = [r["org_id"] for r in rows if r["decision"] == "accept"]
    assert len(accepted) == len(set(accepted))
    assert sum("a surer query" in str(r["evidence"]) for r in rows) == [r["decision"] for r in many].count(
        "accept"
    ) - len(accepted)


def test_what_stands_after_a_form_inside_does_not_hide_the_name() -> None:
    """ "X AS - Hamar (Norge)" is X AS at a place."""
    rows = matched("Nordvik Bygg AS - Hamar (Norge)", "Skarkraft AS (Benelux) Zyx")
    assert [r["org_id"] for r in rows] == ["u1", "u3"]


def test_progress_is_told() -> None:
    """Batch by batch; together they are all queries."""
    told: list[int] = []
    match_lists(universe(), asked("Skarkraft", "Nordvik"), on_progress=told.append)
    assert told == [2]


def test_two_hundred_equal_names_are_one_clear_decision() -> None:
    """All are counted; which of them is named does not depend on the order of the list."""
    for ids in ([f"m{i:03d}" for i in range(200)], [f"m{i * 77 % 200:03d}" for i in range(200)]):
        table = pa.table({"org_id": ids, "name": ["Zyxplan AS"] * 200})
        [row] = match_lists(table, asked("Zyxplan")).to_pylist()
        assert (row["org_id"], row["namesakes"], row["decision"]) == ("m000", 199, "review")


#: Names that share words, numbers, initials and forms, so that a list of them is full of rivals and namesakes.
WORDS = ("Nordvik", "Nordvig", "Bygg", "Holding", "Zyxplan", "Tindra", "II", "III", "Oslo", "A.", "3", "og", "Kompas",
         "Sønner", "Services", "Mur")  # fmt: skip
FORMS = ("", "AS", "A/S", "B.V.", "Oy", "GmbH")
LISTED = st.tuples(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), st.sampled_from(FORMS)).map(
    lambda parts: " ".join([*parts[0], parts[1]]).strip()
)


@settings(max_examples=60, deadline=None)
@given(st.lists(LISTED, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_universe_does_not_matter(names: list[str], random: Random) -> None:
    """The same rows, whatever order the list has, also where names are equal and scores are tied."""
    rows = [(f"u{i:02d}", name) for i, name in enumerate(names)]
    queries = asked(*names[:6], *(name[:-1] for name in names[:6]), "Nordvik Bygg", "Zyxplan Holding AS")
    answers = []
    for _ in range(2):
        table = pa.table({"org_id": [i for i, _ in rows], "name": [name for _, name in rows]})
        answers.append(match_lists(table, queries).to_pylist())
        random.shuffle(rows)
    assert answers[0] == answers[1]


#: Names made of letters that none of WORDS and FORMS is made of in that order.
UNRELATED = st.lists(
    st.builds(
        "{}{} {}".format,
        st.sampled_from(["Quom", "Brev", "Lump", "Ustr", "Havr", "Jull"]),
        st.text("ixuwyqe", min_size=2, max_size=4),
        st.sampled_from(["", "Ltd", "SpA", "Wexel", "Jubu"]),
    ),
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(LISTED, min_size=1, max_size=8, unique=True), UNRELATED)
def test_an_unrelated_name_never_changes_an_accepted_match(names: list[str], more: list[str]) -> None:
    """Whatever is listed, and whatever else: what is accepted stays so."""
    queries = asked(*names, *(f"{name} Norge" for name in names), "Skarkraft AS")
    rows = {f"u{i}": name for i, name in enumerate([*names, "Skarkraft AS"])}
    before = match_lists(pa.table({"org_id": list(rows), "name": list(rows.values())}), queries).to_pylist()
    rows |= {f"x{i}": name for i, name in enumerate(more)}
    after = match_lists(pa.table({"org_id": list(rows), "name": list(rows.values())}), queries).to_pylist()
    assert before[-1]["decision"] == "accept"
    for old, new in zip(before, after, strict=True):
        if old["decision"] == "accept":
            assert (new["org_id"], new["decision"]) == (old["org_id"], "accept")


@settings(max_examples=80, deadline=None)
@given(st.lists(LISTED, min_size=1, max_size=8), st.integers(0, 99), st.sampled_from("aekrtx"))
def test_an_equal_name_is_never_less_sure_than_another(names: list[str], at: int, letter: str) -> None:
    """Of one company in one list: its name against its name with a letter more, less, other, or with a word."""
    name = names[0]
    place = at % len(name)
    edits = [name[:place] + letter + name[place:], name[:place] + letter + name[place + 1 :],
             name[:place] + name[place + 1 :], f"{name} Norge", f"{name} AS"]  # fmt: skip
    table = pa.table({"org_id": [f"u{i}" for i in range(len(names))], "name": names})
    equal, *others = match_lists(table, asked(name, *edits)).to_pylist()
    assert all(equal["probability"] >= row["probability"] for row in others if row["org_id"] == equal["org_id"])


@pytest.mark.parametrize(
    "name",
    ["Zyxvik Federation of Graduate Services", "ZYXPLAN DISTRICT OF NORTHERN FUNERAL", "Zyx", "Global Services AB",
     "Zyxplan Kraft og Anlegg Eiendom Utvikling Holding AS", "zyxplan neighborhood bar and grill"],
)  # fmt: skip
def test_the_only_company_of_an_equal_name_is_accepted(name: str) -> None:
    """Long or short, with a form or without, of whatever words."""
    table = pa.table({"org_id": ["u1", "u2"], "name": ["Skarkraft AS", name]})
    [row] = match_lists(table, asked(name)).to_pylist()
    assert (row["org_id"], row["decision"]) == ("u2", "accept")


@pytest.mark.parametrize(
    ("query", "listed"),
    [("ZQW", "Zyxen Qvist Wendel AS"), ("Zyxen Qvist og Wendel AS", "ZQW")],
)
def test_initials_are_shown_and_never_accepted(query: str, listed: str) -> None:
    """An acronym finds its long form and the other way round; a person decides."""
    table = pa.table({"org_id": ["z", "o"], "name": [listed, "Skarkraft AS"]})
    [row] = match_lists(table, asked(query)).to_pylist()
    assert row["org_id"] == "z"
    assert row["decision"] != "accept"
    assert "initials" in row["evidence"]


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("NORDVIK HLTH SVCS INC", "Nordvik Health Services Inc"),
        ("Skarvik Kommun. & Tekn. AS", "Skarvik Kommunikasjon & Teknologi AS"),
        ("Tindra Mikrobryggeri og Destill", "Tindra Mikrobryggeri og Destilleri AS"),
    ],
)
def test_words_cut_short_stand_for_the_whole_words(query: str, listed: str) -> None:
    """Registers cut words and leave out vowels."""
    table = pa.table({"org_id": ["z", "o"], "name": [listed, "Nordvik Bygg Services AS"]})
    [row] = match_lists(table, asked(query)).to_pylist()
    assert (row["org_id"], row["decision"] != "reject") == ("z", True)


@pytest.mark.parametrize("name", ["3M", "7-Eleven", "1&1", "De Nieuwe B.V.", "A. de Vries", "AS"])
def test_names_of_few_letters_are_themselves(name: str) -> None:
    """Each finds itself and none of its neighbours."""
    names = ["3M", "3N", "7-Eleven", "Eleven", "1&1", "1&2", "De Nieuwe B.V.", "De Oude B.V.", "A. de Vries",
             "B. de Vries", "AS", "ASA"]  # fmt: skip
    table = pa.table({"org_id": names, "name": names})
    [row] = match_lists(table, asked(name)).to_pylist()
    assert row["org_id"] == name


def test_explaining_shows_every_candidate() -> None:
    """The normal form, the legal form, and what agrees or differs."""
    index = OrganizationIndex.build([organization(key, name) for key, name in NAMES.items()])
    text = explain("Zyxfond III A/S", index)
    assert "core 'zyxfond iii', legal form NO.AS" in text
    assert "u4" in text
    assert "a different number" in text
    assert "no name in the index is similar" in explain("qqqq wwww", index)


def test_a_list_becomes_organisations() -> None:
    """Names, aliases, numbers and places of a file, one organisation per id."""
    table = pa.table(
        {
            "org_id": ["u1", "u1", "u2"],
            "name": ["Nordvik Bygg AS", "Vikbygg AS", None],
            "aliases": ["NVB|", "", None],
            "identifiers": ["NO-BRC-099999999|K-17", "", None],
            "country": ["NO", "NO", None],
        }
    )
    one, two = organizations_from(table)
    assert [(n.text, n.kind) for n in one.names] == [
        ("Nordvik Bygg AS", "legal"),
        ("Vikbygg AS", "legal"),
        ("NVB", "alias"),
    ]
    assert [str(i) for i in one.identifiers] == ["NO-BRC-099999999", "ACCOUNT-K-17"]
    assert one.get("country") == "NO"
    assert (two.organization_id, two.name) == ("u2", "")
    assert len(OrganizationIndex.build([one, two])) == 1


def test_few_and_many_pairs_are_scored_alike() -> None:
    """The trees have two ways through, for one name and for a batch; they agree to the rounding of a probability."""
    values = np.random.default_rng(3).random((400, len(FEATURES)), dtype=np.float32)
    scores = name_model().scores(values)
    assert np.allclose(scores[:100], name_model().scores(values[:100]), atol=1e-6)
    assert scores.std() > 0.1


def test_a_list_is_matched_with_itself() -> None:
    """A row never means itself, nor another name of its own; near and equal names of others are found."""
    table = pa.table(
        {
            "org_id": ["u1", "u2", "u3", "u3", "u4", "u5"],
            "name": ["Nordvik Bygg AS", "Nordvig Bygg AS", "Kompas Soft", "Kompas Soft BV", "Zyxplan", "Zyxplan"],
            "aliases": [None, None, "Kompas", None, None, None],
            "city": ["Hamar", "Hamar", None, None, "Oslo", "Oslo"],
        }
    )  # fmt: skip
    rows = match_duplicates(table).to_pylist()
    assert [r["query_id"] for r in rows] == ["u1", "u2", "u3", "u3", "u4", "u5"]
    assert [r["org_id"] for r in rows] == ["u2", "u1", "", "", "u5", "u4"]
    assert rows[4]["decision"] == "accept"
    assert match_duplicates(table.slice(0, 0)).num_rows == 0


@pytest.mark.parametrize("batch", [1, 3, 1000])
def test_however_the_work_is_split_the_answers_are_the_same(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """By batches of queries, by blocks of names, by processes."""
    queries = asked("Nordvig Bygg", "Tindra Mur", "", "Skarkraft", "Zyxfond III", "x" * 10_000, "Prosjekt Nordvik")
    whole = match_lists(universe(), queries)
    monkeypatch.setattr("salestrigger.matchers.match_lists.BATCH", batch)
    monkeypatch.setattr("salestrigger.matchers.name_columns._BLOCK", 2)
    monkeypatch.setattr("salestrigger.matchers.grams._BLOCK", 2)
    monkeypatch.setattr("salestrigger.matchers.grams._MANY", 3)
    monkeypatch.setattr("salestrigger.matchers.candidates._CHUNK", 1)
    for processes in (1, 2):
        assert match_lists(universe(), queries, processes=processes).equals(whole)


def test_of_many_candidates_those_that_may_be_best_are_kept() -> None:
    """However many names are near, the nearest is among those compared."""
    others = ("Alfa", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta")
    names = [f"Nordvik Zyxverk {word}" for word in others]
    table = pa.table({"org_id": [f"n{i}" for i in range(9)], "name": [*names, "Nordvik Zyxverk Kappa AS"]})
    [row] = match_lists(table, asked("Nordvik Zyxverc Kapa")).to_pylist()
    assert row["org_id"] == "n8"


def test_many_names_alike_cost_no_more_than_a_few() -> None:
    """Two hundred names that differ in a number, one of ten thousand characters, and empty ones: all are answered."""
    names = [f"Zyxplan {i} AS" for i in range(200)] + ["", "z" * 10_000]
    table = pa.table({"org_id": [f"m{i:03d}" for i in range(202)], "name": names})
    rows = match_lists(table, asked("Zyxplan", "Zyxplan 7", "z" * 10_000, "", "Zyxplann 7 AS")).to_pylist()
    assert [r["org_id"] for r in rows][1:4] == ["m007", "m201", ""]
    assert rows[4]["decision"] != "accept" or rows[4]["org_id"] == "m007"
