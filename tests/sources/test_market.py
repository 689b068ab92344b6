"""Market packs: what a country's home starts with, and that nothing unread is switched on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from salestrigger.flows.home import make_home
from salestrigger.icp_profiles.profile import load_profiles
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.sources.errors import DeclarationError
from salestrigger.sources.market import UNREAD, load_market, market_files, market_names, market_specs
from salestrigger.sources.registry import CATALOG, load_catalog

ALL = market_names()


def test_there_are_six_markets() -> None:
    """Those of our users' countries."""
    assert ALL == ("dk", "fi", "nl", "no", "se", "uk")
    with pytest.raises(DeclarationError, match="no market 'xx'; known: dk, fi, nl, no, se, uk"):
        load_market("xx")


@pytest.mark.parametrize("name", ALL)
def test_a_market_is_enough_to_begin_with(name: str) -> None:
    """Thirty feeds or more, a register or public list, tenders; one id and one address each; nothing unread is on."""
    market = load_market(name)
    specs = market_specs(market)
    assert len(market.feeds) >= 30
    assert not set(market.feeds) & {path.stem for path in CATALOG.glob("*.toml")}
    twice = [url for url, n in Counter(spec.url for spec in specs.values() if spec.adapter == "feed").items() if n > 1]
    assert twice == []
    assert {spec.country for spec in specs.values()} == {market.country, None}
    assert any(spec.trust == "register" and spec.enabled for spec in specs.values())
    assert all("terms were not read" not in spec.licence for spec in specs.values() if spec.enabled)
    assert all(spec.key_from for spec in specs.values() if spec.cost != "free")
    assert set(market.also) | set(market.off) <= set(specs)


@pytest.mark.parametrize("name", ALL)
def test_a_home_of_every_market_can_be_read(name: str, tmp_path: Path) -> None:
    """Its files load, its accounts are switched on, its profile is one, and keys that are wanted are told."""
    home = tmp_path / "home"
    told = make_home(home, name)
    specs = load_catalog(home / "sources")
    own = {path.stem for path in (home / "sources").glob("*.toml")}
    assert own == {file.removesuffix(".toml") for file in market_files(name)}
    assert specs["accounts"].enabled
    assert load_profiles(home / "icp_profiles")
    feeds = load_market(name).feeds
    assert all(not specs[feed].enabled and specs[feed].licence == UNREAD and not specs[feed].verified for feed in feeds)
    wanted = {spec.key_env for source, spec in specs.items() if source in own and spec.enabled and spec.key_env}
    assert all(any(str(key) in line for line in told) for key in wanted)


def test_what_a_market_switches_off_is_off() -> None:
    """The file keeps all else that it says."""
    from salestrigger.sources.market import _off

    text = 'title = "X"\nenabled = true   # on\nurl = "u"\n\n[options]\nenabled_too = 1\n'
    assert _off(text) == 'title = "X"\nurl = "u"\n\nenabled = false\n[options]\nenabled_too = 1\n'


def test_event_types_of_the_catalogue_are_of_the_lexicon() -> None:
    """What a source says to yield is something that there is."""
    known = set(load_lexicon().types)
    wrong = {name: set(spec.event_types) - known for name, spec in load_catalog().items()}
    assert [name for name, types in wrong.items() if types] == []
