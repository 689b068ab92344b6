"""A market: one file that says which sources a country's users start with, its feeds, codes, languages, territories.

The catalogue's sources of the country belong to it as their own files say; the market's feeds are written in one line
each, with how the address was checked and under which terms it is read. A feed is on when its publisher makes it for
feed readers and its address is known from elsewhere; all others are off until somebody reads their terms. This module
reads declarations; it fetches nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from salestrigger.sources.declare import Declaration, load_toml
from salestrigger.sources.errors import DeclarationError
from salestrigger.sources.registry import CATALOG, LOCAL_ADAPTERS, load_spec, set_enabled, toml_of
from salestrigger.sources.spec import ID_PATTERN, Seen, SourceSpec, Trust

MARKETS = Path(__file__).parent / "markets"

#: what is said of every feed whose terms nobody has read yet
UNREAD = (
    "publisher's copyright; the feed is offered publicly, the terms were not read: "
    "headline, link and a short quote only"
)
#: how an address must have been checked for its feed to be on: one that is wrong fails every day
KNOWN: frozenset[Seen] = frozenset({"tested", "lists", "form"})
#: seconds between two requests to a host: of feeds made for feed readers, of which one host may have twenty; of others
READER_PACE_S, PRESS_PACE_S = 2.0, 5.0
#: title, address, trust, language, how the address was checked, which of the market's terms ("": nobody read them)
Feed = tuple[str, str, Trust, str, Seen, str]
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
    terms: dict[str, tuple[str, str]] = Field(default_factory=dict, description="name → terms in words, their address")
    feeds: dict[FeedId, Feed] = Field(default_factory=dict, description="id → one line")

    @model_validator(mode="after")
    def _terms_are_there(self) -> Self:
        for name, feed in self.feeds.items():
            if feed[5] and feed[5] not in self.terms:
                raise ValueError(f"feed {name!r}: no terms {feed[5]!r}; allowed: {', '.join(self.terms)}")
        return self


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
    """The market's feeds as sources, on where address and terms are known."""
    return {name: _feed_spec(market, name, feed) for name, feed in market.feeds.items()}


def _feed_spec(market: Market, name: str, feed: Feed) -> SourceSpec:
    title, url, trust, language, seen, terms = feed
    licence, terms_url = market.terms.get(terms, (UNREAD, ""))
    pace = READER_PACE_S if terms else PRESS_PACE_S
    return SourceSpec(
        id=name, title=title, adapter="feed", url=url, enabled=bool(terms) and seen in KNOWN, country=market.country,
        language=language, trust=trust, licence=licence, terms_url=terms_url, seen=seen, pace_s=pace,
        personal_data="names in the news; nothing is extracted from them but the news",
    )  # fmt: skip


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
            files[path.name] = set_enabled(text, on=False) if source in market.off else text
        else:
            files[path.name] = f"# {_said(spec)}\n{toml_of(spec)}"
    return files


def _said(spec: SourceSpec) -> str:
    """What a person should know before using a feed of the market."""
    if spec.enabled:
        return f"To switch it off: salestrigger sources disable {spec.id}"
    unread = "nobody read its terms" if spec.licence == UNREAD else "its address was seen in one place only"
    return f"Off, for {unread}. To switch it on: salestrigger sources enable {spec.id}"
