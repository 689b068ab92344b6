"""docs/sources.md and docs/markets.md out of the catalogue and the market files: ``salestrigger sources docs``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from salestrigger.sources.market import Market, load_market, market_names, market_specs
from salestrigger.sources.registry import load_catalog
from salestrigger.sources.spec import SourceSpec

_HEAD = "<!-- written by `salestrigger sources docs docs`: change the catalogue, not this file -->\n"

_SOURCES = """# The sources

{head}
What is shipped: one file each in `salestrigger/sources/catalog/`. It is an offer: a run reads only what your home's
`sources/` has a file for ([how](add-a-source.md)). A source that was seen to answer as described says so (*seen*);
the address of a feed was looked for elsewhere (*tested*, *lists*, *list*, *form*: [markets](markets.md)). Look at any
with `salestrigger sources check` first. The terms are yours to read before you switch one on.
"""

_MARKETS = """# The markets

{head}
`salestrigger init DIR --market M` makes a home for a country: its sources as their files say, its feeds, a profile and
an empty list for your accounts. One file is one market: add `salestrigger/sources/markets/<two letters>.toml`, and
sources of that country to the catalogue.

No address was asked by us. How each was checked: *tested*: somebody's dated record of an answer in 2026 is public;
*lists*: two or more public programs or feed lists read this very address; *list*: one does; *form*: other feeds of the
publisher have this form. A feed is on when its publisher makes it for feed readers (public broadcasters, public bodies,
press-release wires) and its address is *tested*, in *lists* or of the publisher's *form*; press whose terms nobody read
is off. Kept of each are headline, link and a short quote. A feed that fails is named in `salestrigger sources list` and
in the report.

    salestrigger sources enable press          # all press of the home, once you have read the terms
    salestrigger sources enable di-se 'svt-*'  # by name or pattern; disable switches off
"""


def write_docs(folder: Path) -> tuple[Path, Path]:
    """Write both files into a folder.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pages = folder / "sources.md", folder / "markets.md"
    pages[0].write_text(sources_page(load_catalog()), encoding="utf-8")
    pages[1].write_text(markets_page(), encoding="utf-8")
    return pages


def sources_page(specs: Mapping[str, SourceSpec]) -> str:
    """The page about sources: one table per country, then what each needs and keeps."""
    countries = sorted({spec.country or "" for spec in specs.values()})
    parts = [_SOURCES.format(head=_HEAD)]
    for country in countries:
        chosen = [spec for spec in specs.values() if (spec.country or "") == country]
        parts += [f"## {country or 'Any country'}\n", _sources_table(chosen)]
    keyed = [spec for spec in specs.values() if spec.cost != "free"]
    parts += ["## Keys\n", _table(("source", "cost", "variable", "from"), [
        (f"`{s.id}`", s.cost, f"`{s.key_env}`" if s.key_env else "", s.key_from) for s in keyed
    ])]  # fmt: skip
    parts += ["## Terms and personal data\n", _table(("source", "licence", "terms", "personal data"), [
        (f"`{s.id}`", s.licence, s.terms_url, s.personal_data) for s in specs.values()
    ])]  # fmt: skip
    return "\n".join(parts)


def markets_page() -> str:
    """The page about markets."""
    parts = [_MARKETS.format(head=_HEAD)]
    for name in market_names():
        parts.append(_market(load_market(name)))
    return "\n".join(parts)


def _sources_table(specs: Iterable[SourceSpec]) -> str:
    return _table(
        ("source", "what", "adapter", "pace", "cost", "yields", ""),
        [
            (
                f"`{s.id}`", s.title, f"`{s.adapter}`", f"{s.pace_s:g} s", s.cost, ", ".join(s.event_types),
                "seen" if s.verified else s.seen,
            )
            for s in specs
        ],
    )  # fmt: skip


def _market(market: Market) -> str:
    specs = market_specs(market)
    shipped = {name: spec for name, spec in specs.items() if name not in market.feeds}
    feeds = [specs[name] for name in market.feeds]
    on = [name for name, spec in shipped.items() if spec.enabled and spec.cost == "free"]
    keyed = [f"`{name}` (`{spec.key_env}`)" for name, spec in shipped.items() if spec.cost != "free"]
    off = [name for name, spec in shipped.items() if not spec.enabled and spec.cost == "free"]
    lines = [
        f"## `{market.id}`: {market.title}\n",
        f"- Languages: {', '.join(market.languages)}.",
        f"- Industry codes: {', '.join(market.codesets)}. Numbers: {', '.join(market.schemes)}.",
        f"- Companies: {market.universe}",
        f"- Profile to start with: {f'`{market.profile}`' if market.profile else 'a bare one, which says only where'}.",
        f"- On: {_names(on)}.",
        f"- Want a key: {', '.join(keyed) or 'none'}.",
        f"- Off until you switch them on: {_names(off)}.",
        f"- Territories: {', '.join(f'{name} ({_short(codes)})' for name, codes in market.territories.items())}.",
        *(f"- Terms `{name}`: {said}{f' ({url})' if url else ''}." for name, (said, url) in market.terms.items()),
        f"- Feeds ({len(feeds)}, of which {sum(s.enabled for s in feeds)} on):\n",
        _table(("feed", "what", "address", "kind", "", "checked"), [
            (f"`{s.id}`", s.title, s.url, s.trust, "on" if s.enabled else "", s.seen) for s in feeds
        ]),
    ]  # fmt: skip
    return "\n".join(lines)


def _names(ids: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in ids) or "none"


def _short(codes: tuple[str, ...]) -> str:
    return ", ".join(codes[:6]) + (" …" if len(codes) > 6 else "")


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"
