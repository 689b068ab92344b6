"""Read RSS 0.9x, 1.0 and 2.0 and Atom 0.3 and 1.0: bytes in, items out.

What is most ordinary is read by ``feed_plain``, the rest by feedparser, which only this module imports.

To be called in the sandbox: what is read here was written by strangers. Checks that keep a parser from dying come first
(:func:`within_limits`); whether an answer is a feed at all is said as ``Reading.problem``, never by an exception, since
those do not travel well between processes.
"""

from __future__ import annotations

import calendar
import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from xml.parsers import expat

from salestrigger.sources.adapters.feed_plain import plain_feed
from salestrigger.sources.adapters.item_build import MAX_ATTRIBUTES, MAX_DEPTH, MAX_ITEMS, Item, Reading, build
from salestrigger.sources.adapters.item_dates import parse_date, to_utc
from salestrigger.sources.adapters.wire_items import CONTRIBUTOR_NAMESPACES

#: what the sandbox imports before the clock starts
PARSERS = ("feedparser", "lxml.etree")

DEFAULT_TYPE = "application/xml"

#: XML_ERROR_AMPLIFICATION_LIMIT_BREACH of expat 2.4 and later; older ones have no such limit
_AMPLIFIED = 43

_GOOGLE_NEWS = "https://news.google.com/"
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,100}<(?:!doctype html|html)\b", re.IGNORECASE)
_FEED_TAG = re.compile(rb"<(?:[a-z]{1,20}:)?(?:rss|rdf|feed|channel|item|entry)\b", re.IGNORECASE)


class _OverLimitError(Exception):
    """The mark-up is built to hurt; the text says how."""


def read_xml_feed(body: bytes, context: dict[str, Any]) -> Reading:
    """The documents of a feed; ``context`` as in :func:`item_build.build`, and ``content_type``."""
    if (reading := _plainly_read(body, context)) is not None:
        return reading
    whole, (body, notes, problem) = body, within_limits(body)
    if problem:
        return Reading(problem="a feed of ordinary mark-up", got=problem)
    if body is not whole and (reading := _plainly_read(body, context, notes)) is not None:
        return reading
    return by_feedparser(body, context, notes)


def _plainly_read(body: bytes, context: dict[str, Any], notes: tuple[str, ...] = ()) -> Reading | None:
    """The documents of a most ordinary feed; None for any other."""
    plain = plain_feed(body, context.get("content_type") or DEFAULT_TYPE)
    return build(plain[0], context | {"feed_language": plain[1]}, notes=notes) if plain is not None else None


def by_feedparser(body: bytes, context: dict[str, Any], notes: tuple[str, ...] = ()) -> Reading:
    """The documents of a feed of any dialect that feedparser knows; ``context`` as for :func:`read_xml_feed`."""
    if is_page(body):
        return Reading(problem="RSS, Atom or JSON Feed", got=looks_like(body))
    parsed = _parsed(body, context)
    if not parsed.get("version") and not parsed.entries:
        return Reading(problem="RSS, Atom or JSON Feed", got=looks_like(body))
    if parsed.bozo and not parsed.entries and not is_only_encoding(parsed):
        return Reading(problem="a well-formed feed", got=str(parsed.get("bozo_exception"))[:200])
    if parsed.bozo and not is_only_encoding(parsed):
        notes += (f"not well-formed ({str(parsed.get('bozo_exception'))[:120]}): {len(parsed.entries)} entries read",)
    return build(_items(parsed, context), context | {"feed_language": parsed.feed.get("language")}, notes=notes)


def items_of(body: bytes, context: dict[str, Any]) -> tuple[Item, ...]:
    """The entries of a feed as their source wrote them, one by one in its order; nothing when it must not be parsed."""
    body, _, problem = within_limits(body)
    if not problem and (plain := plain_feed(body, context.get("content_type") or DEFAULT_TYPE)) is not None:
        return plain[0]
    return () if problem else tuple(_items(_parsed(body, context), context))


def _parsed(body: bytes, context: dict[str, Any]) -> Any:
    """What feedparser makes of the body."""
    import feedparser

    # no content-location: feedparser would resolve guids against it, and keys would change with the feed's address
    headers = {"content-type": context.get("content_type") or DEFAULT_TYPE}
    # relative links within texts are not used, and resolving them reads the mark-up of every text
    return feedparser.parse(
        io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


def _items(parsed: Any, context: dict[str, Any]) -> Iterator[Item]:
    context = {**context, "feed_language": parsed.feed.get("language")}
    is_wire = not CONTRIBUTOR_NAMESPACES.isdisjoint(parsed.get("namespaces", {}).values())
    return (_item(entry, context, is_wire=is_wire) for entry in parsed.entries)


def entries_of(body: bytes) -> tuple[list[Any], str]:
    """The entries of a feed as feedparser has them, for an adapter that reads them its own way; else what it is."""
    import feedparser

    body, _, problem = within_limits(body)
    if problem:
        return [], problem
    parsed = feedparser.parse(io.BytesIO(body), sanitize_html=False)
    return (list(parsed.entries), "") if parsed.get("version") else ([], looks_like(body))


def is_only_encoding(parsed: Any) -> bool:
    """Whether feedparser complains of nothing but a declared encoding that it had to correct."""
    import feedparser

    return isinstance(
        parsed.get("bozo_exception"), (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
    )


def is_page(body: bytes) -> bool:
    """Whether the answer is an HTML page without any tag of a feed in it, told before a parser reads it: login and
    consent pages come instead of feeds, and feedparser takes seconds for a large one."""
    return _PAGE.match(body) is not None and _FEED_TAG.search(body) is None


def looks_like(body: bytes) -> str:
    """In a few words, what an answer that is no feed seems to be."""
    start = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        return "an empty answer"
    if b"<html" in start or start.startswith((b"<!doctype html", b"<head", b"<body")):
        return "a login page" if b'type="password"' in body.lower() else "an HTML page"
    if start.startswith((b"{", b"[")):
        return "JSON that is no feed"
    if start.startswith(b"%pdf"):
        return "a PDF file"
    return "XML that is no feed" if start.startswith(b"<") else "plain text"


def within_limits(body: bytes) -> tuple[bytes, tuple[str, ...], str]:
    """The body (cut after MAX_ITEMS entries), notes, and why it must not be parsed (empty: it may).

    What expat cannot read is left to feedparser, which copes with much; then only the sandbox's limits hold.
    """
    scan = _Scan()
    try:
        scan.parser.Parse(body, True)
    except _OverLimitError as error:
        if scan.cut_at < 0:
            return body, (), str(error)
        closing = "".join(f"</{name}>" for name in reversed(scan.open_tags[:-1]))
        return body[: scan.cut_at] + closing.encode(), (f"only the first {MAX_ITEMS} entries were read",), ""
    except expat.ExpatError as error:
        return body, (), "entities that expand without end" if error.code == _AMPLIFIED else ""
    except (ValueError, LookupError):
        return body, (), ""
    return body, (), ""


class _Scan:
    """Walks through the mark-up once, in linear time, and stops it at the first limit."""

    def __init__(self) -> None:
        self.open_tags: list[str] = []
        self.entries = 0
        self.cut_at = -1  #: where the first entry too many begins
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.open_tags.append(name)
        if len(attributes) > MAX_ATTRIBUTES:
            raise _OverLimitError(f"{len(attributes)} attributes in one tag")
        if len(self.open_tags) > MAX_DEPTH:
            raise _OverLimitError(f"tags nested more than {MAX_DEPTH} deep")
        if name.rpartition(":")[2] in {"item", "entry"}:
            self.entries += 1
            if self.entries > MAX_ITEMS:
                self.cut_at = self.parser.CurrentByteIndex
                raise _OverLimitError("too many entries")

    def _end(self, _name: str) -> None:
        self.open_tags.pop()


def _item(entry: Any, context: Mapping[str, Any], *, is_wire: bool) -> Item:
    """One entry in our words."""
    source = entry.get("source") or {}
    link = _link(entry)
    is_google_news = link.startswith(_GOOGLE_NEWS)
    published = _moment(entry, "published", context)
    return Item(
        guid=entry.get("id") or "",
        link=link,
        title=entry.get("title") or "",
        # Google News lists the headlines of other outlets there: they are not this text
        body="" if is_google_news else _body(entry),
        published_at=published,
        updated_at=_moment(entry, "updated", context),
        language=entry.get("language") or (entry.get("title_detail") or {}).get("language"),
        publisher=source.get("title") or None,
        issuer=_issuer(entry) if is_wire else None,
    )


def _link(entry: Any) -> str:
    """The entry's link; a guid stands in for it only when it is an address (feedparser takes any)."""
    is_address = (entry.get("id") or "").startswith(("http://", "https://"))
    return (entry.get("link") or "") if entry.get("links") or is_address else ""


def _body(entry: Any) -> str:
    """The longest of what the entry gives as its text: the content or the summary."""
    candidates = [part.get("value") or "" for part in entry.get("content") or []] + [entry.get("summary") or ""]
    return max(candidates, key=len)


def _issuer(entry: Any) -> str | None:
    """A wire's dc:contributor; elsewhere that is a person."""
    for contributor in entry.get("contributors") or []:
        if name := (contributor.get("name") or "").strip():
            return str(name)
    return None


def _moment(entry: Any, field: str, context: Mapping[str, Any]) -> datetime | None:
    """The date as feedparser read it, else as we can; dates in odd namespaces are found by their local name."""
    # dict.get: feedparser's own gives the other date when one is absent
    parsed = dict.get(entry, f"{field}_parsed")
    if parsed is not None:
        try:
            return to_utc(datetime.fromtimestamp(calendar.timegm(parsed), UTC))
        except (OverflowError, ValueError, OSError):
            return None
    text = dict.get(entry, field) or ""
    if not text and field == "updated":
        text = entry.get("dc_modified") or ""
    languages = [code for code in (context.get("language"), context.get("feed_language")) if code]
    return parse_date(str(text), now=context["now"], languages=languages) if text else None
