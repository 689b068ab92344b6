"""Fetch the pages behind a feed's or a sitemap's entries, so many per run, and take what they tell.

::

    new entries ─► on the same site? ─► reserved by tdmrep.json, headers, the page? ─► text, headline, dates
                                                                                       the rest waits for the next run

Every opt-out is noted with the source. What was followed is remembered in the cursor, so that a page is fetched once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import Field

from salestrigger.sources.adapters import Session
from salestrigger.sources.adapters.item_build import language_tag, site_of
from salestrigger.sources.adapters.opt_outs import TDMREP, reservations, reserved_by_headers, reserved_by_site
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import SourceError
from salestrigger.sources.http import NotModified, Response
from salestrigger.sources.records import Document, content_id

if TYPE_CHECKING:
    from salestrigger.sources.adapters.article_read import Article

#: entries that are remembered as followed; a feed shows far fewer
REMEMBERED = 5_000


class FollowArticles(Declaration):
    """Fetch the article pages of entries that say little."""

    shorter_than: int = Field(default=400, ge=1, le=100_000, description="only entries with fewer characters of text")
    max_pages: int = Field(default=10, ge=1, le=500, description="article pages per run; the rest waits for the next")


@dataclass(slots=True)
class Followed:
    """The documents of a run, what was noted, and the state to keep."""

    documents: list[Document] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)


async def follow(
    session: Session, documents: Sequence[Document], options: FollowArticles, state: Mapping[str, Any]
) -> Followed:
    """``documents`` with what their pages tell, each once; those beyond the cap come with the next run."""
    seen = list(state.get("seen", ()))
    known, followed, reserved, left = set(seen), Followed(), dict[str, tuple[str, ...]](), 0
    for document in documents:
        mark = content_id("seen", document.key)
        if mark in known:  # told with its article already: the teaser alone would replace that
            continue
        if len(document.text) >= options.shorter_than or not _is_near(session, document):
            followed.documents.append(document)
            continue
        if len(seen) - len(state.get("seen", ())) >= options.max_pages:
            left += 1
            continue
        seen.append(mark)
        followed.documents.append(await _one(session, document, reserved, followed.notes))
    if left:
        followed.notes.append(f"{left} article pages are left for the next run (max_pages)")
    followed.state = {"seen": seen[-REMEMBERED:], "left": left}
    return followed


def _is_near(session: Session, document: Document) -> bool:
    """Whether the entry leads to the source's own site: nobody asked another one."""
    return bool(document.url) and site_of(document.url) == site_of(session.spec.url)


async def _one(
    session: Session, document: Document, reserved: dict[str, tuple[str, ...]], notes: list[str]
) -> Document:
    """The document with its page's text, or as it is, with a note on why."""
    try:
        why = reserved_by_site(document.url, await _site_rules(session, document.url, reserved))
        if not why:
            answer = await session.get(document.url, headers={"accept": "text/html"}, conditional=False, size="page")
            if isinstance(answer, NotModified) or answer.status != 200:
                notes.append(f"article page not there: {document.url}")
                return document
            why, document = await _read(session, document, answer)
    except SourceError as error:
        notes.append(f"article page not read: {error}")
        return document
    if why:
        notes.append(f"opt-out honoured ({why}): {document.url}")
    return document


async def _read(session: Session, document: Document, answer: Response) -> tuple[str, Document]:
    """Why the page is not to be read (empty: it was), and the document with what it tells."""
    if why := reserved_by_headers(answer.headers):
        return why, document
    # with all of its parsers, which feeds whose articles are not followed can do without
    from salestrigger.sources.adapters.article_read import read_article_page

    context = {"now": session.now, "content_type": answer.headers.get("content-type", "")}
    article = await session.parse(read_article_page, answer.body, context)
    return article.reserved, with_article(document, article)


async def _site_rules(session: Session, url: str, reserved: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What the site's tdmrep.json reserves, asked for once a run; a site without the file reserves nothing by it."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    if origin not in reserved:
        try:
            answer = await session.get(f"{origin}{TDMREP}", conditional=False, size="page", keep=False)
        except SourceError:
            reserved[origin] = ()
        else:
            is_there = not isinstance(answer, NotModified) and answer.status == 200
            reserved[origin] = reservations(answer.body) if is_there and not isinstance(answer, NotModified) else ()
    return reserved[origin]


def with_article(document: Document, article: Article) -> Document:
    """The document with what its page adds; what the feed said stays where the page says nothing."""
    return replace(
        document,
        title=document.title or article.title,
        text=article.text if len(article.text) > len(document.text) else document.text,
        published_at=document.published_at or article.published_at or article.updated_at,
        updated_at=document.updated_at or (article.updated_at if article.updated_at != article.published_at else None),
        publisher=document.publisher or article.publisher or None,
        language=document.language or language_tag(article.language),
    )
