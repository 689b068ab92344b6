"""A market: one file that says which sources a country's users start with, its feeds, codes, languages, territories.

The catalogue's sources of the country belong to it as their own files say; the market's feeds are written in one line
each, since they differ in nothing but name and address. None of those was checked: they are switched off, and say so.
This module reads declarations; it fetches nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from salestrigger.sources.declare import Declaration, load_toml
from salestrigger.sources.errors import DeclarationError
from salestrigger.sources.registry import CATALOG, LOCAL_ADAPTERS, load_spec, toml_of
from salestrigger.sources.spec import ID_PATTERN, SourceSpec, Trust

MARKETS = Path(__file__).parent / "markets"

#: what is said of every feed whose terms nobody has read yet
UNREAD = (
    "publisher's copyright; the feed is offered publicly, the terms were not read: "
    "headline, link and a short quote only"
)
Feed = tuple[str, str, Trust, str]  #: title, address, trust, language
FeedId = Annotated[str, Field(pattern=f"^{ID_PATTERN}$")]


class Market(Declaration):
    """One market, as its file says; its name is the file's."""

    id: str = Field(pattern=r"^[a-z]{2}$")
    title: str = Field(min_length=1)
    country: str = Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2")
    languages: tuple[str, ...] = Field(min_length=1, description="BCP 47, the usual one first")
    codesets: tuple[str, ...] = Field(min_length=1, description="code sets of industries, the present one first")
    schemes: tuple[str, ...] = Field(min_length=1, description="official numbers, the register's own first")
    profile: str = Field(default="", description="the shipped profile that a home starts with; empty: a bare one")
    universe: str = Field(description="where the companies come from, in words")
    also: tuple[str, ...] = Field(default=(), description="catalogue sources of no country that belong to it")
    off: tuple[str, ...] = Field(default=(), description="catalogue sources that are written switched off")
    territories: dict[str, tuple[str, ...]] = Field(default_factory=dict, description="name → codes or names of places")
    feeds: dict[FeedId, Feed] = Field(default_factory=dict, description="id → title, address, trust, language")


def market_names() -> tuple[str, ...]:
    """Every market there is."""
    return tuple(sorted(path.stem for path in MARKETS.glob("*.toml")))


def load_market(name: str) -> Market:
    """The market ``name``.

    Raises:
        DeclarationError: there is none of that name, or its file is wrong.
    """
    if name.lower() not in market_names():
        known = ", ".join(market_names())
        raise DeclarationError(MARKETS, f"no market {name!r}; known: {known}")
    return load_toml(MARKETS / f"{name.lower()}.toml", Market, id=name.lower())


def feed_specs(market: Market) -> dict[str, SourceSpec]:
    """The market's feeds as sources, switched off."""
    return {
        name: SourceSpec(
            id=name, title=title, adapter="feed", url=url, enabled=False, country=market.country, language=language,
            trust=trust, licence=UNREAD,
            personal_data="names in the news; nothing is extracted from them but the news",
        )
        for name, (title, url, trust, language) in market.feeds.items()
    }  # fmt: skip


def market_specs(market: Market) -> dict[str, SourceSpec]:
    """Every source of the market by id: the catalogue's as it is shipped, then its feeds."""
    shipped = {path.stem: load_spec(path) for path in sorted(CATALOG.glob("*.toml"))}
    chosen = {
        name: spec.model_copy(update={"enabled": spec.enabled and name not in market.off})
        for name, spec in shipped.items()
        if spec.country == market.country or spec.adapter in LOCAL_ADAPTERS or name in market.also
    }
    return chosen | feed_specs(market)


def market_files(name: str) -> dict[str, str]:
    """File name → text of the catalogue files of a market, to be put into a home.

    Raises:
        DeclarationError: there is no such market.
    """
    market = load_market(name)
    files: dict[str, str] = {}
    for source, spec in market_specs(market).items():
        path = CATALOG / f"{source}.toml"
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            files[path.name] = _off(text) if source in market.off else text
        else:
            files[path.name] = (
                "# Address and terms were not checked: read the terms, set enabled = true, then: "
                f"salestrigger sources check {source}\n{toml_of(spec)}"
            )
    return files


def _off(text: str) -> str:
    """A catalogue file, switched off."""
    lines = [line for line in text.splitlines() if line.partition("=")[0].strip() != "enabled"]
    at = next((n for n, line in enumerate(lines) if line.startswith("[")), len(lines))
    return "\n".join([*lines[:at], "enabled = false", *lines[at:]]) + "\n"
