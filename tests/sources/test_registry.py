"""The catalogue: what is shipped, what a home puts over it, and what is wrong with a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from salestrigger.sources.adapters import adapter, adapter_module, adapter_names
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import DeclarationError
from salestrigger.sources.registry import CATALOG, declare, load_catalog, load_spec

FEED = """
title = "A feed"
adapter = "feed"
url = "https://www.example.com/rss"
trust = "press"
licence = "not read yet"
"""


def write(folder: Path, name: str, text: str) -> Path:
    """A catalogue file in a home's folder."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_every_adapter_has_its_parts() -> None:
    """Each module without an underscore can be asked for, collects, and checks its own options."""
    assert adapter_names() == tuple(sorted(adapter_names()))
    assert {"accounts", "brreg", "feed", "page"} <= set(adapter_names())
    for name in adapter_names():
        assert callable(adapter(name))
        assert issubclass(adapter_module(name).Options, Declaration)


def test_an_unknown_adapter_is_answered_with_the_known_ones() -> None:
    """The error lists what there is."""
    with pytest.raises(DeclarationError, match="'rss' is not an adapter; known: " + ", ".join(adapter_names())):
        adapter("rss")


def test_shipped_sources_are_offers() -> None:
    """All of them load, in name order, and none runs before a home has its file."""
    catalog = load_catalog()
    assert list(catalog) == sorted(catalog)
    assert all(not spec.enabled for spec in catalog.values())
    assert all(
        spec.country for spec in catalog.values() if spec.adapter not in {"accounts", "gleif", "jobs", "gdelt", "mfn"}
    )


def test_a_home_switches_on_replaces_and_adds(tmp_path: Path) -> None:
    """A file of the same name replaces the shipped one; a new one is a new source."""
    sources = tmp_path / "sources"
    write(sources, "e24-no.toml", FEED)
    write(sources, "mine.toml", FEED)
    catalog = load_catalog(sources, tmp_path / "absent")
    assert (catalog["e24-no"].title, catalog["e24-no"].enabled) == ("A feed", True)
    assert catalog["mine"].id == "mine"
    assert not catalog["dn-no"].enabled


def test_a_file_of_one_s_own_is_found_in_the_home(tmp_path: Path) -> None:
    """A relative path is one in the home; else one beside the catalogue file; an absolute one stays."""
    text = (CATALOG / "accounts.toml").read_text(encoding="utf-8")
    path = write(tmp_path / "sources", "accounts.toml", text)
    assert load_catalog(path.parent)["accounts"].url == str(tmp_path / "accounts.csv")
    (path.parent / "accounts.csv").write_text("name\n", encoding="utf-8")
    assert load_catalog(path.parent)["accounts"].url == str(path.parent / "accounts.csv")
    (tmp_path / "accounts.csv").write_text("name\n", encoding="utf-8")
    assert load_catalog(path.parent)["accounts"].url == str(tmp_path / "accounts.csv")


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        (FEED.replace('"feed"', '"rss"'), "adapter", "known: " + ", ".join(adapter_names())),
        (FEED.replace("https:", "ftp:"), "url", "starts with https:// or http://"),
        (FEED.replace("https://www.example.com/rss", "https://[::1/"), "url", "is not an address"),
        (FEED.replace('"feed"', '"accounts"'), "url", "is not a file's path"),
        (FEED + "\n[options]\nkindd = 'news'\n", "options.kindd", "did you mean 'kind'"),
        (FEED + "\n[options]\nkind = 'gossip'\n", "options.kind", "'gossip' is not allowed; allowed: 'news'"),
        (FEED.replace("trust", "truth"), "truth", "did you mean 'trust'"),
        ("title = \n", "", "not valid TOML"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, text: str, key: str, message: str) -> None:
    """The error names the file, the key and what is allowed, options of the adapter included."""
    path = write(tmp_path / "sources", "mine.toml", text)
    with pytest.raises(DeclarationError) as error:
        load_catalog(path.parent)
    assert (error.value.path, error.value.key) == (str(path), key)
    assert message in str(error.value)


def test_a_source_that_is_written_is_the_source_that_is_read(tmp_path: Path) -> None:
    """Every shipped source, written as a catalogue file, reads back as itself."""
    for name in load_catalog():
        spec = load_spec(CATALOG / f"{name}.toml")
        assert load_spec(declare(spec, tmp_path)) == spec
