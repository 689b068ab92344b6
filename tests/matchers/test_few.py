"""One name looked up by itself: the same columns, candidates, features and scores as among many, to the last bit."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salestrigger.matchers.candidates import Effort
from salestrigger.matchers.few_names import FEW
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.legal_forms import country_code
from salestrigger.matchers.model import name_model
from salestrigger.matchers.name_columns import NameColumns, name_columns
from salestrigger.matchers.plain_words import bag_key, bytes_hash, deletion_keys_of, ordered_key
from salestrigger.matchers.ranking import final_columns, rank
from salestrigger.matchers.words import I64, bag_keys, deletion_hashes, ordered_keys, word_columns
from tests.matchers.names_support import organization

HEADS = ("Nordvik", "Skarkraft", "Zyxfond", "Tindra", "Kompas", "Åsgard", "Møllebro", "Fjordlys", "Alfa",
         "A. de Vries", "Van den Berg", "3M", "Brækstad", "Ωμέγα", "Альфа", "NK", "Ab", "Überholz")  # fmt: skip
MIDDLES = ("Bygg", "Software", "Mur", "Holding", "Group", "Rør og Varme", "Oslo", "Bergen", "II", "III", "2000",
           "& Sønner", "Sofware", "Byg", "Consulting", "Cnsltng", "Med", "Medical", "Norge", "X", "")  # fmt: skip
FORMS = ("AS", "A/S", "B.V.", "BV", "GmbH & Co. KG", "Oy", "Ab", "Ltd", "Inc. Class A", "")
COUNTRIES = (None, "NO", "NL", "DE", "FI")
ODD = ("", " ", "AS", "a.b.c", "😀", "٣مصر شركة", "ABC A/S & Co.", "x" * 1000, "7-Eleven", "1&1", "\ud800x", "a\nb",
       "Oy X Ab", "KY", "ﷺ" * 5, "Åae aae oe", "Holding Group", "NVB", "og og", "...", "Nordvik" * 30,
       "Tindra\x00Mur")  # fmt: skip


def _names(seed: int, size: int) -> list[str]:
    """Invented names, with letters changed now and then."""
    chance = random.Random(seed)
    out = []
    for _ in range(size):
        name = " ".join(filter(None, (chance.choice(HEADS), chance.choice(MIDDLES), chance.choice(MIDDLES))))
        if chance.random() < 0.3:
            at = chance.randrange(len(name))
            name = name[:at] + chance.choice(("", "e", "ø")) + name[at + 1 :]
        out.append(f"{name} {chance.choice(FORMS)}".strip())
    return out


def _countries(seed: int, size: int) -> I64:
    chance = random.Random(seed)
    return np.array([country_code(chance.choice(COUNTRIES)) for _ in range(size)], dtype=np.int64)


def _register(seed: int, *, countries: bool) -> OrganizationIndex:
    """Several segments, some organisations removed, many of one name."""
    chance = random.Random(seed)
    names = [*_names(seed, 400), *["Tindra Mur AS"] * 60, *ODD[3:6]]
    entries = [
        organization(f"o{i:04d}", name, *([(chance.choice(names), "alias")] if chance.random() < 0.2 else []),
                     **({"country": chance.choice(("NO", "NL", "DE"))} if countries else {}))
        for i, name in enumerate(names)
    ]  # fmt: skip
    index = OrganizationIndex.build(entries[:300]).add(entries[300:])
    return index.remove([f"o{i:04d}" for i in range(0, 400, 17)])


def _same_columns(one: NameColumns, row: int, many: NameColumns) -> None:
    for name in ("raw", "core"):
        assert getattr(one, name).take(np.array([0])) == getattr(many, name).take(np.array([row])), name
    for name in ("form", "whole", "ordered", "bag", "joined"):
        mine, theirs = getattr(one, name), getattr(many, name)
        assert (mine.dtype, mine.tolist()) == (theirs.dtype, theirs[row : row + 1].tolist()), name
    low, high = many.first[row : row + 2].tolist()
    assert one.words.tolist() == many.words[low:high].tolist()
    assert one.flags.tolist() == many.flags[low:high].tolist()
    sizes = (many.word_end - many.word_start)[low:high]
    assert (one.word_end - one.word_start).tolist() == sizes.tolist()
    begin = int(one.word_start[0] - one.core.start[0]) if low < high else 0
    assert begin == (int(many.word_start[low] - many.core.start[row]) if low < high else 0)


@pytest.mark.parametrize("seed", range(4))
def test_the_columns_of_a_name_are_those_it_has_among_many(seed: int) -> None:
    """Whatever the name holds and wherever it is from."""
    names = [*ODD, *_names(seed, 300)]
    countries = _countries(seed, len(names))
    many = name_columns(names, countries)
    for row, name in enumerate(names):
        _same_columns(name_columns([name], countries[row : row + 1]), row, many)


@given(st.lists(st.text(max_size=40), min_size=FEW + 1, max_size=FEW + 4))
@settings(max_examples=60, deadline=None)
def test_any_text_has_the_columns_it_has_among_many(names: list[str]) -> None:
    """Also what is no name at all."""
    countries = np.zeros(len(names), dtype=np.int64)
    many = name_columns(names, countries)
    for row, name in enumerate(names):
        _same_columns(name_columns([name], countries[:1]), row, many)


def test_plain_hashes_are_those_of_columns() -> None:
    """Of words, of runs of words, of bags, of words without a letter."""
    texts = ["nordvik", "bygg", "a", "øre", "bygg" * 80]
    words = word_columns(texts)
    plain = [text.encode() for text in texts]
    assert [bytes_hash(text) for text in plain] == words.hash.tolist()
    low, high = np.array([0, 2, 3]), np.array([2, 5, 3])
    runs = [words.hash[a:b].tolist() for a, b in zip(low, high, strict=True)]
    assert [ordered_key(run) for run in runs] == ordered_keys(words, low, high).tolist()
    assert [bag_key(run) for run in runs] == bag_keys(words, low, high).tolist()
    assert deletion_keys_of(plain).tolist() == deletion_hashes(words.data, words.start, words.end).tolist()


@pytest.mark.parametrize("countries", [False, True])
@pytest.mark.parametrize("seed", range(2))
def test_a_name_alone_is_ranked_as_among_many(seed: int, countries: bool) -> None:
    """The same organisations in the same order, with the same features, scores and odds."""
    index = _register(seed, countries=countries)
    names = [*ODD, *_names(seed + 50, 80), *_names(seed, 10), "Tindra Mur"]
    codes = _countries(seed, len(names))
    columns = name_columns(names, codes)
    own = np.array([random.Random(row).randrange(len(index)) for row in range(len(names))], dtype=np.int64)
    for asks, effort in ((None, None), (own, Effort(postings=60, by_gram=3, kept=2))):
        many = rank(index, columns, effort=effort, own=asks)
        odds = name_model().odds(final_columns(index, many, np.arange(len(many.query))))
        for row, name in enumerate(names):
            asker = None if asks is None else asks[row : row + 1]
            one = rank(index, name_columns([name], codes[row : row + 1]), effort=effort, own=asker)
            low, high = many.first[row : row + 2].tolist()
            assert one.org.tolist() == many.org[low:high].tolist(), name
            assert one.name.tolist() == many.name[low:high].tolist(), name
            assert one.score.tolist() == many.score[low:high].tolist(), name
            assert np.array_equal(one.compared.values[one.pair], many.compared.values[many.pair[low:high]]), name
            alone = name_model().odds(final_columns(index, one, np.arange(high - low)))
            assert alone.tolist() == odds[low:high].tolist(), name


def test_a_few_names_are_ranked_one_by_one() -> None:
    """Several at once, one of them empty, one unlike anything: each has its own rows."""
    index = _register(1, countries=False)
    names = ["Nordvik Bygg", "", "Qqqq", "Skarkraft Norge"]
    ranked = rank(index, name_columns(names, np.zeros(4, dtype=np.int64)))
    sizes = np.diff(ranked.first).tolist()
    assert sizes[1] == 0
    assert sizes[0] > 0 < sizes[3]
    assert ranked.query.tolist() == sorted(ranked.query.tolist())


def test_an_index_of_nothing_has_no_candidates() -> None:
    """Neither for a name nor for an empty one."""
    ranked = rank(OrganizationIndex.build([]), name_columns(["Nordvik", ""], np.zeros(2, dtype=np.int64)))
    assert len(ranked.query) == 0
