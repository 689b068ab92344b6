"""Read a sitemap or an index of sitemaps (https://www.sitemaps.org/protocol.html): bytes in, items out.

Atom and RSS, which the protocol also allows, are read by the feed adapter. To be called in the sandbox.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from lxml import etree

from salestrigger.sources.adapters.feed_xml import looks_like
from salestrigger.sources.adapters.item_build import MAX_ITEMS, Item
from salestrigger.sources.adapters.item_dates import parse_date

#: the protocol allows 50 MB, unpacked
MAX_BYTES = 52_428_800
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class SitemapPage:
    """One file: its entries or, of an index, its sitemaps, the newest first."""

    items: tuple[Item, ...] = ()
    sitemaps: tuple[str, ...] = ()
    problem: str = ""
    got: str = ""


def read_sitemap(body: bytes, context: dict[str, Any]) -> SitemapPage:
    """The entries of a sitemap, or the sitemaps of an index; ``context`` has ``now``."""
    try:
        body = _unpacked(body)
    except zlib.error:
        return SitemapPage(problem="a sitemap", got="gzip that is damaged")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        root = None
    kind = etree.QName(root).localname if root is not None and isinstance(root.tag, str) else ""
    if kind == "sitemapindex":
        dated = [(_text(row, "lastmod"), _text(row, "loc")) for row in root.iterfind("{*}sitemap")]
        newest = sorted((pair for pair in dated if pair[1]), key=lambda pair: pair[0], reverse=True)
        return SitemapPage(sitemaps=tuple(url for _, url in newest))
    if kind != "urlset":
        return SitemapPage(problem="urlset or sitemapindex", got=kind or looks_like(body))
    rows = list(root.iterfind("{*}url"))[:MAX_ITEMS]
    return SitemapPage(items=tuple(_item(row, context) for row in rows))


def _item(row: Any, context: dict[str, Any]) -> Item:
    """One address; only a news entry has a title and a date of publication."""
    news = row.find("{*}news")
    published = _text(news, "publication_date") if news is not None else ""
    publication = news.find("{*}publication") if news is not None else None
    return Item(
        link=_text(row, "loc"),
        title=_text(news, "title") if news is not None else "",
        published_at=parse_date(published, now=context["now"]) if published else None,
        language=_text(publication, "language") or None if publication is not None else None,
        publisher=_text(publication, "name") or None if publication is not None else None,
    )


def _unpacked(body: bytes) -> bytes:
    """The body without its gzip, of which no more is unpacked than a sitemap may hold."""
    if not body.startswith(_GZIP):
        return body
    return zlib.decompressobj(wbits=31).decompress(body, MAX_BYTES)


def _text(row: Any, name: str) -> str:
    found = row.find("{*}" + name) if row is not None else None
    return " ".join((found.text or "").split()) if found is not None else ""
