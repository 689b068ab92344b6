"""Market packs: what a country's home starts with: news from the first morning, and nothing unread switched on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from salestrigger.flows.home import make_home
from salestrigger.icp_profiles.profile import load_profiles
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.sources.declare import load_toml
from salestrigger.sources.errors import DeclarationError
from salestrigger.sources.market import (
    MARKETS,
    UNREAD,
    Market,
    load_market,
    market_files,
    market_names,
    market_specs,
)
from salestrigger.sources.registry import CATALOG, load_catalog, set_enabled

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
    assert all(specs[feed].seen for feed in market.feeds), "an address that nobody is known to read is not offered"
    assert len([feed for feed in market.feeds if specs[feed].enabled]) >= 10
    assert any(spec.trust == "wire" and spec.enabled for spec in specs.values())
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
    for feed in load_market(name).feeds:
        spec = specs[feed]
        assert not spec.verified
        assert not (spec.enabled and spec.licence == UNREAD)
        assert not (spec.enabled and spec.seen == "list"), "an address seen in one place only would fail every day"
    wanted = {spec.key_env for source, spec in specs.items() if source in own and spec.enabled and spec.key_env}
    assert all(any(str(key) in line for line in told) for key in wanted)


def test_switching_changes_one_line_of_a_file() -> None:
    """The file keeps all else that a person wrote, the remark on the line too; without the line it gets one."""
    text = 'title = "X"\nenabled = true   # on\nurl = "u"\n\n[options]\nenabled = 1\n'
    off = 'title = "X"\nenabled = false  # on\nurl = "u"\n\n[options]\nenabled = 1\n'
    assert set_enabled(text, on=False) == off
    assert (
        set_enabled('title = "X"\n\n[options]\na = 1\n', on=False)
        == 'title = "X"\n\nenabled = false\n[options]\na = 1\n'
    )


def test_a_feed_under_terms_that_the_market_does_not_state_is_an_error(tmp_path: Path) -> None:
    """A typo in the name of the terms would leave a feed off without a word."""
    text = (MARKETS / "dk.toml").read_text(encoding="utf-8").replace('"wire"]', '"wires"]')
    path = tmp_path / "dk.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError, match="feed 'ritzau-via-dk': no terms 'wires'; allowed: broadcaster, wire"):
        load_toml(path, Market, id="dk")


def test_event_types_of_the_catalogue_are_of_the_lexicon() -> None:
    """What a source says to yield is something that there is."""
    known = set(load_lexicon().types)
    wrong = {name: set(spec.event_types) - known for name, spec in load_catalog().items()}
    assert [name for name, types in wrong.items() if types] == []
