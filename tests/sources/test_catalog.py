"""Every shipped source says what a person must know before switching it on."""

from __future__ import annotations

from pathlib import Path

import pytest

from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.sources.adapters import adapter_module, options_of
from salestrigger.sources.registry import load_catalog
from salestrigger.sources.spec import SourceSpec

SPECS = load_catalog(Path("none"))
#: who exists, and no news
UNIVERSE_ONLY = {"accounts", "companieshouse-bulk", "gleif-nl", "sec-tickers", "wikidata-nl", "wikidata-no"}


@pytest.mark.parametrize("spec", SPECS.values(), ids=lambda spec: spec.id)
def test_a_source_says_all_that_is_asked(spec: SourceSpec) -> None:
    """Its terms, its cost with key and where to get one, its pace, what is dropped of persons, what it yields."""
    assert spec.url
    assert spec.licence
    assert spec.personal_data != "none"
    assert (spec.key_env is None) == (spec.cost == "free")
    assert bool(spec.key_from) == (spec.cost != "free")
    assert spec.pace_s > 0 or spec.id == "accounts"
    assert bool(spec.event_types) != (spec.id in UNIVERSE_ONLY)
    assert set(spec.event_types) <= load_lexicon().types.keys()
    options_of(spec, adapter_module(spec.adapter).Options)
