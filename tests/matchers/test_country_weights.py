"""A word weighs what it says in the country of the organisation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from salestrigger.matchers.country_weights import country_words, local_weights
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.legal_forms import country_code
from salestrigger.matchers.match_lists import match_lists
from salestrigger.matchers.name_columns import name_columns
from salestrigger.matchers.words import word_columns
from tests.matchers.names_support import organization

NO, NL = country_code("NO"), country_code("NL")
NAMES = [f"Zyx{n} Mekk" for n in range(3000)] + [f"Qua{n} Proef" for n in range(3000)]
COUNTRIES = np.repeat(np.array([NO, NL], dtype=np.int64), 3000)


def weights(word: str, *countries: int) -> list[float]:
    """The word's weight in each of these countries."""
    counted = country_words(name_columns(NAMES, COUNTRIES), COUNTRIES)
    hashes = np.repeat(word_columns([word]).hash, len(countries))
    overall = np.full(len(countries), -np.log(0.5))
    found: list[float] = local_weights([counted], hashes, np.array(countries, dtype=np.int64), overall).tolist()
    return found


def test_a_word_tells_more_where_it_is_rare() -> None:
    """Everywhere in one country, nowhere in the other; elsewhere it weighs what it weighs overall."""
    here, there, unknown, other = weights("mekk", NO, NL, 0, country_code("SE"))
    assert here < unknown < there
    assert unknown == other == -np.log(0.5)


def test_a_universe_of_one_country_counts_nothing_apart() -> None:
    """Its own frequencies are the country's."""
    one = country_words(name_columns(NAMES[:10], COUNTRIES[:10]), COUNTRIES[:10])
    assert len(one.key) == 0
    assert local_weights([one], word_columns(["mekk"]).hash, COUNTRIES[:1], np.array([2.0])).tolist() == [2.0]


def test_lists_with_countries_still_match(tmp_path: Path) -> None:
    """Also after saving."""
    table = pa.table({"org_id": ["a", "b"], "name": ["Nordvik Bygg AS", "Kompas B.V."], "country": ["NO", "NL"]})
    rows = match_lists(table, pa.table({"query_id": ["q"], "name": ["Nordvik Byg"], "country": ["NO"]})).to_pylist()
    assert rows[0]["org_id"] == "a"
    listed = [organization("o1", "Zyx Bygg", country="NO"), organization("o2", "Q", country="NL")]
    index = OrganizationIndex.build(listed)
    index.save(tmp_path / "index")
    assert OrganizationIndex.load(tmp_path / "index").segments[0].local.names.sum() == 2
