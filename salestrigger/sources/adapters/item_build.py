"""From what a feed or a page wrote to Documents: keys, clean texts, what is set aside and why. Pure.

It runs in the sandbox together with the parser, since cleaning reads HTML that a stranger wrote. It decides nothing
about language or meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit

from salestrigger.sources.adapters.wire_items import issuer_in
from salestrigger.sources.records import Document, DocumentKind, content_id
from salestrigger.sources.text import canonical_url, clean_text, html_to_text, registrable_domain

#: limits against parsers' death by size, and of what is of use to a reader
MAX_ITEMS = 5_000
MAX_ATTRIBUTES = 2_000  #: per tag (nothing honest comes near)
MAX_DEPTH = 256  #: tags within each other
MAX_TEXT = 64 * 1024  #: characters of clean text per field
MAX_HTML = 512 * 1024  #: characters of mark-up that are read for one field
MAX_TITLE = 1_000
MAX_KEY = 500

#: an item dated further ahead than this is a mistake or a trick, not news
MAX_AHEAD = timedelta(hours=36)

_MARKUP = re.compile(r"<[a-zA-Z/!]|&(?:[a-zA-Z][a-zA-Z0-9]{1,20}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_STILL_MARKUP = re.compile(
    r"</?(?:p|br|a|b|i|em|strong|span|div|ul|ol|li|img|h[1-6]|table|tr|td)\b[^<>]{0,2000}>|&(?:amp|nbsp|quot|lt|gt|#\d{1,7});"
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True)
class Item:
    """One entry as its source wrote it: mark-up, relative links and all."""

    guid: str = ""
    link: str = ""
    title: str = ""
    body: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    language: str | None = None
    publisher: str | None = None
    issuer: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one answer held. ``problem`` is what was expected instead, when it is not of the known shape."""

    documents: tuple[Document, ...] = ()
    set_aside: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    items: int = 0  #: entries seen
    problem: str = ""
    got: str = ""


def build(items: Iterable[Item], context: Mapping[str, Any], *, notes: Iterable[str] = ()) -> Reading:
    """The items as Documents.

    ``context``: ``source_id``, ``base_url``, ``language`` (of the source or None), ``feed_language``, ``kind``,
    ``is_aggregator``, ``skip_titles``, ``fetched_at``, ``now``.
    """
    documents: dict[str, Document] = {}
    aside: list[tuple[str, str]] = []
    count = 0
    for item in items:
        count += 1
        document, reason = _document(item, context)
        if document is not None and document.document_id in documents:
            document, reason = None, "same key as an earlier entry"
        if document is None:
            aside.append((clean_text(item.guid or item.link or item.title)[:MAX_KEY] or f"entry {count}", reason))
        else:
            documents[document.document_id] = document
    return Reading(tuple(documents.values()), tuple(aside), tuple(notes), count)


def _document(item: Item, context: Mapping[str, Any]) -> tuple[Document | None, str]:
    """The item as a Document, or the reason why it is set aside."""
    url = canonical_url(item.link, context["base_url"]) if item.link.strip() else ""
    publisher = plain(item.publisher or "", limit=200) or None
    if publisher is None and context["is_aggregator"] and url:
        publisher = site_of(url) or None
    title = without_outlet(plain(item.title, limit=MAX_TITLE), publisher)
    if not title and not url:
        return None, "neither title nor link"
    ahead = item.published_at - context["now"] if item.published_at else timedelta()
    if ahead > MAX_AHEAD:
        return None, "dated in the future"
    if skipped := next((s for s in context["skip_titles"] if s.casefold() in title.casefold()), ""):
        return None, f"title has {skipped!r}, which the source's file says to skip"
    key = item_key(item, url, title)
    text = plain(item.body, limit=MAX_TEXT, lines=True)
    document = Document(
        document_id=content_id("doc", context["source_id"], key),
        source_id=context["source_id"],
        key=key,
        url=url,
        title=title,
        text="" if is_repetition(text, title, publisher) else text,
        fetched_at=context["fetched_at"],
        language=language_tag(context["language"] or item.language or context.get("feed_language")),
        published_at=item.published_at or item.updated_at,
        updated_at=item.updated_at if item.published_at and item.updated_at != item.published_at else None,
        kind=cast(DocumentKind, context["kind"]),
        publisher=publisher,
        issuer=plain(item.issuer or "", limit=300) or issuer_in(text),
    )
    return document, ""


def site_of(url: str) -> str:
    """Whose site an address is on: the registrable domain, or the host where there is none."""
    return registrable_domain(url) or (urlsplit(url).hostname or "").removeprefix("www.")


def item_key(item: Item, url: str, title: str) -> str:
    """What the source identifies the entry by: guid, else canonical link, else title and date."""
    guid = clean_text(item.guid)
    if guid:
        return guid if len(guid) <= MAX_KEY else content_id("guid", guid)
    if url:
        return url
    return f"{title} {item.published_at.isoformat() if item.published_at else ''}".strip()


def plain(markup: str, *, limit: int, lines: bool = False) -> str:
    """Plain clean text of at most ``limit`` characters, cut with a mark; double-escaped mark-up is unescaped twice.

    ``lines``: keep the line breaks between blocks.
    """
    if not markup:
        return ""
    text = markup[:MAX_HTML]
    if is_marked_up := _has(_MARKUP, text):
        text = html_to_text(text)
        if _has(_STILL_MARKUP, text):
            text = html_to_text(text)
    if not (is_marked_up and lines):  # those are clean lines already
        text = clean_text(text, lines=lines)
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _has(pattern: re.Pattern[str], text: str) -> bool:
    """Whether there is mark-up of a kind; most texts have none of the two characters that begin it."""
    return ("<" in text or "&" in text) and pattern.search(text) is not None


def without_outlet(title: str, publisher: str | None) -> str:
    """The title without the " - Outlet" that aggregators put behind it."""
    suffix = f" - {publisher}" if publisher else ""
    return title[: -len(suffix)].rstrip() if suffix and title.endswith(suffix) and len(title) > len(suffix) else title


def is_repetition(text: str, title: str, publisher: str | None) -> bool:
    """Whether a teaser only says the title (and the outlet) again."""
    rest = text.replace(title, "").replace(publisher or "\x00", "") if title else text
    return not any(char.isalnum() for char in rest)


def language_tag(code: str | None) -> str | None:
    """A BCP 47 tag in its usual spelling (``en-US``), or None when the text is not one."""
    code = (code or "").strip()
    if not _LANGUAGE.fullmatch(code):
        return None
    first, *rest = code.replace("_", "-").split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part.capitalize() for part in rest)])
