"""Sources of a home are switched on and off by name, by pattern and by kind of news."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from salestrigger.flows.cli import app
from salestrigger.flows.home import make_home
from salestrigger.flows.switch import switch
from salestrigger.sources.errors import UsageError
from salestrigger.sources.market import UNREAD
from salestrigger.sources.registry import load_catalog


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A Danish home."""
    make_home(tmp_path / "home", "dk")
    return tmp_path / "home"


def test_all_press_is_switched_on_by_one_word_and_off_again(home: Path) -> None:
    """Those whose terms nobody read are counted; files keep all else."""
    before = load_catalog(home / "sources")
    told = switch(home, ["press"], on=True)
    after = load_catalog(home / "sources")
    assert all(spec.enabled for name, spec in after.items() if spec.trust == "press" and spec.country == "DK")
    unread = sum(1 for spec in before.values() if spec.country == "DK" and spec.licence == UNREAD)
    assert told[-1] == f"nobody read the terms of {unread} of them: they are yours to read, and to fill in as licence"
    switch(home, ["press"], on=False)
    off = load_catalog(home / "sources")
    assert not any(spec.enabled for spec in off.values() if spec.trust == "press")
    assert {n: s.model_copy(update={"enabled": True}) for n, s in off.items()} == {
        n: s.model_copy(update={"enabled": True}) for n, s in before.items()
    }


def test_a_pattern_means_sources_of_the_home_and_a_name_also_those_of_the_catalogue(home: Path) -> None:
    """A source of the catalogue is copied into the home; one that wants a key says so."""
    told = switch(home, ["dr-*", "kvk"], on=True)
    assert told[0] == "switched on: kvk"
    assert told[1] == "10 were on already"
    assert told[2].startswith("kvk wants a key: KVK_API_KEY, from ")
    assert load_catalog(home / "sources")["kvk"].enabled


def test_an_unknown_name_changes_nothing(home: Path) -> None:
    """Names are looked at before the first file is written."""
    with pytest.raises(UsageError, match=r"no source 'registers'; allowed: .*wire, newsroom, press"):
        switch(home, ["press", "registers"], on=True)
    assert not load_catalog(home / "sources")["borsen-dk"].enabled
    result = CliRunner().invoke(app, ["sources", "disable", "dr-fyn", "--home", str(home)])
    assert result.output == "switched off: dr-fyn\n"
    assert not load_catalog(home / "sources")["dr-fyn"].enabled
