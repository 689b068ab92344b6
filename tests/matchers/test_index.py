"""The index: what is looked up is found, in any order, saved, added and removed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salestrigger.matchers.candidates import find_candidates
from salestrigger.matchers.columns import KeyTable, in_order
from salestrigger.matchers.grams import COMMON, Postings, gram_pairs
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.name_columns import name_columns
from salestrigger.matchers.ranking import rank
from salestrigger.sources.errors import StorageError
from salestrigger.sources.records import Identifier
from tests.matchers.names_support import organization

ORGANIZATIONS = [
    organization("o1", "Nordvik Bygg AS", ("Nordvik", "trade"), ("Vikbygg AS", "former"), country="NO", city="Hamar"),
    organization("o2", "Kompas Software B.V.", country="NL", website="https://www.kompas-software.example"),
    organization("o3", "Skarkraft AS", country="NO", ids=(Identifier("NO-BRC", "099999999"),)),
    organization("o4", "Åsgard & Sønner A/S", country="DK"),
    organization("o5", "Fjordly International Holding AS", country="NO"),
]
WORDS = st.sampled_from(["nordvik", "bygg", "zyx", "kompas", "as", "3", "ii", "a", "oslo", "&", "holding", "🙂", ""])
NAMES = st.lists(WORDS, max_size=5).map(" ".join)


def found(index: OrganizationIndex, name: str) -> set[str]:
    """The organisations that the candidates of a name belong to."""
    pairs = find_candidates(index, name_columns([name], np.zeros(1, dtype=np.int64)))
    return set(index.texts(index.org_of(pairs.name), "org_id"))


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("Nordvik Bygg AS", "o1"),
        ("NORDVIK", "o1"),
        ("Vikbygg", "o1"),
        ("Bygg Nordvik", "o1"),
        ("NordvikBygg", "o1"),
        ("Nordvig Bygg", "o1"),
        ("Nordvik Bygg Hamar", "o1"),
        ("Kompas Sofware", "o2"),
        ("Aasgard og Soenner", "o4"),
        ("Fjordly Intl Holding", "o5"),
        ("Fjordly Internasjonal Holding", "o5"),
    ],
)
def test_names_are_found_as_people_write_them(name: str, owner: str) -> None:
    """Exact, reordered, joined, misspelled, with a word more or replaced."""
    assert owner in found(OrganizationIndex.build(ORGANIZATIONS), name)


def test_it_knows_its_organisations() -> None:
    """What is kept of an organisation comes back by id and number."""
    index = OrganizationIndex.build(ORGANIZATIONS)
    entry = index.get("o2")
    assert entry is not None
    assert (entry.name, entry.country, entry.domain) == ("Kompas Software B.V.", "NL", "kompas-software.example")
    assert index.get("nobody") is None
    assert index.ids_by_identifier("NO-BRC-099999999") == ("o3",)
    assert index.ids_by_identifier("NO-BRC-99999999") == ()
    assert len(index) == 5
    assert "o4" in index
    assert "nobody" not in index


def test_sole_proprietors_stay_out() -> None:
    """Their names are persons' names."""
    index = OrganizationIndex.build([organization("p", "Kari Testad", sole=True), organization("o", "Zyx AS")])
    assert len(index) == 1
    assert index.get("p") is None


@settings(max_examples=25, deadline=None)
@given(st.permutations(ORGANIZATIONS))
def test_the_order_of_the_universe_does_not_matter(shuffled: list) -> None:
    """The same organisations make the same index."""
    one, other = OrganizationIndex.build(ORGANIZATIONS), OrganizationIndex.build(shuffled)
    assert one.texts(np.arange(len(one)), "org_id") == other.texts(np.arange(len(one)), "org_id")
    assert np.array_equal(one.segments[0].names.ordered, other.segments[0].names.ordered)


@settings(max_examples=40, deadline=None)
@given(st.lists(NAMES, max_size=8), NAMES)
def test_any_names_can_be_listed_and_asked_for(names: list[str], query: str) -> None:
    """Empty names, one letter, emoji: nothing fails, and a name that has words is found."""
    index = OrganizationIndex.build([organization(f"o{i}", n or "x") for i, n in enumerate([*names, query])])
    columns = name_columns([query], np.zeros(1, dtype=np.int64))
    if columns.counts[0]:
        assert found(index, query)
    else:
        assert not found(index, query)


def test_saved_and_loaded_it_is_the_same(tmp_path: Path) -> None:
    """Memory-mapped arrays answer as those in memory; saving again replaces."""
    index = OrganizationIndex.build(ORGANIZATIONS, version="7").add([organization("o6", "Zyx Prøve AS", country="NO")])
    index.save(tmp_path / "index")
    index.save(tmp_path / "index")
    again = OrganizationIndex.load(tmp_path / "index")
    assert (again.version, len(again)) == ("7", 6)
    assert [p.name for p in tmp_path.iterdir()] == ["index"]
    for name in ("Nordvig Bygg", "Zyx Proeve", "Kompas Sofware", "nobody"):
        assert found(again, name) == found(index, name)
    assert again.get("o6") == index.get("o6")


def test_what_is_no_index_is_refused(tmp_path: Path) -> None:
    """No index, a damaged one and one of another format are storage errors that name the place."""
    with pytest.raises(StorageError, match="cannot load the index"):
        OrganizationIndex.load(tmp_path / "none")
    OrganizationIndex.build(ORGANIZATIONS).save(tmp_path / "index")
    (tmp_path / "index" / "segment-0" / "org.npy").write_bytes(b"broken")
    with pytest.raises(StorageError, match="cannot load the index"):
        OrganizationIndex.load(tmp_path / "index")
    (tmp_path / "index" / "index.json").write_text('{"format": 99, "version": "", "segments": 0}')
    with pytest.raises(StorageError, match="format 99"):
        OrganizationIndex.load(tmp_path / "index")


def test_additions_and_removals_leave_the_old_index_alone() -> None:
    """A new index is given; the one a reader holds does not change."""
    old = OrganizationIndex.build(ORGANIZATIONS)
    new = old.add([organization("o6", "Zyx Prøve AS"), organization("o2", "Zyx Kompas B.V.", country="NL")])
    assert found(new, "Zyx Prøve") == {"o6"}
    assert found(old, "Zyx Prøve") == set()
    entry = new.get("o2")
    assert entry is not None
    assert entry.name == "Zyx Kompas B.V."
    assert new.ids_named("Kompas Software") == ()
    gone = new.remove(["o6", "nobody"])
    assert gone.ids_named("Zyx Prøve") == ()
    assert (len(old), len(new), len(gone)) == (5, 6, 5)


def test_many_additions_are_merged() -> None:
    """However often one adds, the number of segments stays bounded and nothing is lost."""
    index = OrganizationIndex.build(ORGANIZATIONS)
    for i in range(20):
        index = index.add([organization(f"n{i:02d}", f"Zyx{i:02d}q Prøve AS")])
    assert len(index.segments) <= 9
    assert len(index) == 25
    assert all(found(index, f"Zyx{i:02d}q Prøve") == {f"n{i:02d}"} for i in range(20))


def test_an_empty_index_answers() -> None:
    """Without organisations nothing is found, and additions work."""
    empty = OrganizationIndex.build([])
    assert len(empty) == 0
    assert found(empty, "Nordvik") == set()
    assert found(empty.add(ORGANIZATIONS), "Nordvik") == {"o1"}


def test_frequent_words_weigh_less() -> None:
    """A word of every second name says less than a rare one; a generic one less than an unknown one."""
    index = OrganizationIndex.build(
        [organization(f"o{i}", f"Zyx{i}q {'Fjell' if i % 2 else 'Tind'}") for i in range(800)]
    )
    words = name_columns(["Fjell Zyx7q Holding Nowhere"], np.zeros(1, dtype=np.int64)).words
    common, rare, generic, unknown = index.weights_of(words).tolist()
    assert common < generic < rare < unknown


def test_keys_that_too_many_share_can_be_left_out() -> None:
    """``rare`` gives none of a key that has more names than the limit, not some of them, in one segment or several."""
    table = KeyTable.of(np.array([5, 5, 5, 9], dtype=np.uint64))
    assert table.find(np.array([5, 9], dtype=np.uint64), limit=2)[1].tolist() == [0, 1, 3]
    index = OrganizationIndex.build(ORGANIZATIONS).add([organization("o6", "Nordvik"), organization("o7", "NORDVIK")])
    keys = name_columns(["Nordvik", "Skarkraft"], np.zeros(2, dtype=np.int64)).bag
    assert index.names_by("by_bag", keys, limit=2, rare=True)[0].tolist() == [1]
    assert sorted(index.names_by("by_bag", keys, limit=3, rare=True)[0].tolist()) == [0, 0, 0, 1]


def test_keys_that_share_their_high_bits_are_still_in_order() -> None:
    """Sorting packs the place into the low bits; the order is by the whole key all the same."""
    keys = np.array([7, 5, 1 << 63, 5, 6, 0], dtype=np.uint64)
    ascending, order = in_order(keys)
    assert order.tolist() == [5, 1, 3, 4, 0, 2]
    assert ascending.tolist() == sorted(keys.tolist())
    assert in_order(keys[:0])[1].tolist() == []


def test_grams_that_most_names_have_are_counted_and_not_listed() -> None:
    """They would cost much and say little; the rare ones are listed."""
    names = [f"bygg zyx{i:04d}" for i in range(COMMON + 1)]
    core = name_columns(names, np.zeros(len(names), dtype=np.int64)).core
    grams = Postings.of(core)
    listed = np.diff(grams.starts)
    assert np.all(listed[grams.counts > COMMON] == 0)
    assert np.all(listed[grams.counts <= COMMON] > 0)
    assert grams.counts.max() == len(names)
    assert set(grams.names.tolist()) == set(range(len(names)))


def test_grams_of_any_script_are_told_apart() -> None:
    """Letters beyond ASCII have grams too, apart from those of ASCII; empty cores have none."""
    core = name_columns(["Альфа", "Омега", "", "alfa"], np.zeros(4, dtype=np.int64)).core
    codes, owners = gram_pairs(core)
    of = [set(codes[owners == row].tolist()) for row in range(4)]
    assert of[0]
    assert not of[0] & of[1]
    assert not of[0] & of[3]
    assert (len(of[2]), len(of[3])) == (0, 3)


@settings(max_examples=25, deadline=None)
@given(st.permutations(ORGANIZATIONS), st.integers(0, 5), st.sampled_from(["Nordvig Bygg", "Kompas Sofware", "Fjord"]))
def test_additions_answer_as_an_index_built_anew(shuffled: list, cut: int, query: str) -> None:
    """In whatever order organisations come, in one segment or several, with one removed and added again."""
    whole = OrganizationIndex.build(ORGANIZATIONS)
    parts = OrganizationIndex.build(shuffled[:cut]).add(shuffled[cut:]).remove([shuffled[0].organization_id])
    parts = parts.add(shuffled[:1])
    columns = name_columns([query, "Skarkraft"], np.zeros(2, dtype=np.int64))
    one, other = rank(whole, columns), rank(parts, columns)
    assert whole.texts(one.org, "org_id") == parts.texts(other.org, "org_id")
    assert one.query.tolist() == other.query.tolist()


def test_grams_are_counted_over_all_segments() -> None:
    """A gram that is common in all of the register is so in an addition too."""
    first = [organization(f"a{i:04d}", f"Byggzyx {i:04d}q") for i in range(COMMON)]
    more = [organization("b0", "Byggzyx Nordvik"), organization("b1", "Byggzyx Skar")]
    whole, parts = OrganizationIndex.build([*first, *more]), OrganizationIndex.build(first).add(more)
    for name in ("Byggzyx Hamar", "Byggzyx Nordvag", "Byggzyx 0007"):
        assert found(whole, name) == found(parts, name)


def test_a_reader_keeps_what_it_loaded_while_the_index_is_saved_again(tmp_path: Path) -> None:
    """The arrays that it maps outlive the files."""
    OrganizationIndex.build(ORGANIZATIONS).save(tmp_path / "index")
    reader = OrganizationIndex.load(tmp_path / "index")
    OrganizationIndex.build([organization("z", "Zyx Prøve AS")]).save(tmp_path / "index")
    assert found(reader, "Nordvig Bygg") == {"o1"}
    assert found(OrganizationIndex.load(tmp_path / "index"), "Zyx Prøve") == {"z"}
