"""The adapter for MFN (Modular Finance): regulatory and press releases of listed Nordic companies.

Each item names its author with organisation number, ISIN and ticker, so that a company is known exactly. The interface
is that of the site and has no published terms, so the source is off until you switch it on. The newest come first:
reading goes back until it meets what the last run had.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from pydantic import Field

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.api_answer import data_of, mapping, rows, text
from salestrigger.sources.adapters.item_build import MAX_TEXT, MAX_TITLE, language_tag, plain
from salestrigger.sources.adapters.item_dates import parse_date
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import ShapeError
from salestrigger.sources.records import Collected, Document, Identifier, content_id
from salestrigger.sources.text import canonical_url, clean_text

PAGE_SIZE = 100
REMEMBERED = 1_000

#: country → the register whose number stands behind it
SCHEMES = {"SE": "SE-BLV", "NO": "NO-BRC", "DK": "DK-CVR", "FI": "FI-PRO"}


class Options(Declaration):
    """The ``[options]`` of MFN."""

    query: str = Field(default="", description="words")
    filter: str = Field(default="", description='MFN\'s own grammar, as (and(or(.properties.lang="sv")))')
    languages: tuple[str, ...] = Field(default=(), description="as sv, en; of a release in several, those")
    max_items: int = Field(default=500, ge=1, le=10_000, description="releases per run")


async def collect(session: Session) -> Collected:
    """The releases since the last run.

    Raises:
        FetchError: MFN does not answer. ShapeError: it answers with something else.
    """
    options = options_of(session.spec, Options)
    seen = list(session.cursor.get("seen", ()))
    old = frozenset(seen)
    known = set(seen)
    documents: dict[str, Document] = {}
    aside: list[tuple[str, str]] = []
    notes: list[str] = []
    new: list[str] = []
    for page in itertools.count():
        items = await _page(session, options, offset=page * PAGE_SIZE)
        reached = max((at for at, item in enumerate(items) if text(item, "news_id") in old), default=None)
        # the newest come first: what follows one that the last run had is older than it
        fresh = {key: item for item in items[:reached] if (key := text(item, "news_id")) not in known}
        known |= fresh.keys()
        new += fresh
        for key, item in fresh.items():
            document = document_of(item, session)
            if document is None:
                aside.append((key[:80] or "a release", "a release without an id or a title"))
            elif not options.languages or document.language in options.languages:
                documents[document.document_id] = document
        # releases that come meanwhile shift the pages, so one that this run has seen is no end
        if len(items) < PAGE_SIZE or reached is not None or not seen:
            break
        if len(new) >= options.max_items:
            notes.append(f"read {len(new)} releases (max_items): older ones since the last run are missed")
            break
    cursor = {"seen": [*new, *seen][:REMEMBERED]}
    return Collected(tuple(documents.values()), cursor=cursor, set_aside=tuple(aside), notes=tuple(notes))


async def _page(session: Session, options: Options, *, offset: int) -> list[Mapping[str, Any]]:
    query = {"limit": PAGE_SIZE, "offset": offset, "compact": "true"}
    query |= {key: value for key, value in (("query", options.query), ("filter", options.filter)) if value}
    url = f"{session.spec.url}?{urlencode(query)}"
    data = await data_of(session, url)
    if not isinstance(data, Mapping) or not isinstance(data.get("items"), list):
        raise ShapeError(url, "releases as items", type(data).__name__)
    return rows(data["items"])


def document_of(item: Mapping[str, Any], session: Session) -> Document | None:
    """One release; None without an id or a title."""
    content, author = mapping(item.get("content")), mapping(item.get("author"))
    key, title = text(item, "news_id"), plain(text(content, "title"), limit=MAX_TITLE)
    if not key or not title:
        return None
    body = text(content, "html", "text", "preamble")
    document = Document(
        document_id=content_id("doc", session.spec.id, key),
        source_id=session.spec.id,
        key=key,
        url=canonical_url(text(item, "url")),
        title=title,
        text=plain(body, limit=MAX_TEXT, lines=True),
        fetched_at=session.now,
        language=language_tag(text(mapping(item.get("properties")), "lang")),
        published_at=parse_date(text(content, "publish_date"), now=session.now),
        kind="news",
        publisher="MFN",
    )
    return replace(document, issuer=clean_text(text(author, "name")) or None, identifiers=identifiers_of(author))


def identifiers_of(author: Mapping[str, Any]) -> tuple[Identifier, ...]:
    """``local_refs`` as identifiers: "SE:556012-5790" → SE-BLV 5560125790."""
    found = []
    for reference in author.get("local_refs") or ():
        country, _, number = str(reference).partition(":")
        digits = "".join(sign for sign in number if sign.isdigit())
        if country.upper() in SCHEMES and digits:
            value = number.strip() if country.upper() == "FI" else digits
            found.append(Identifier(SCHEMES[country.upper()], value))
    return tuple(dict.fromkeys(found))
