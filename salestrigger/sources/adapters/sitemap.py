"""The adapter for sitemaps: news sitemaps with titles and dates, plain ones, indexes of both, gzip or not.

A news sitemap (https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap) tells the news of two
days. A plain one lists every page of a site: its first reading is a baseline, later only new addresses are news, and
their title is taken from their page, so that ``follow`` is needed. ``lastmod`` is unreliable and never makes news.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from pydantic import Field

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.feed import item_context, moved_note
from salestrigger.sources.adapters.follow_articles import FollowArticles, follow
from salestrigger.sources.adapters.item_build import Reading, build, site_of
from salestrigger.sources.adapters.opt_outs import reserved_by_headers
from salestrigger.sources.adapters.sitemap_read import SitemapPage, read_sitemap
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import FetchError, ShapeError
from salestrigger.sources.http import NotModified, Response
from salestrigger.sources.records import Collected, Document, DocumentKind, content_id

#: addresses that are remembered, of a plain sitemap: 50,000 is what one file may hold
REMEMBERED = 100_000


class Options(Declaration):
    """The ``[options]`` of a sitemap."""

    kind: DocumentKind = "news"
    include: tuple[str, ...] = Field(default=(), description="only addresses with one of these in them, as /news/")
    max_sitemaps: int = Field(
        default=10, ge=1, le=1000, description="files of an index that are read, the newest first"
    )
    skip_titles: tuple[str, ...] = ()
    follow: FollowArticles | None = None


async def collect(session: Session) -> Collected:
    """The news that the sitemap lists.

    Raises:
        FetchError: it does not answer. ShapeError: something else than a sitemap arrived.
    """
    options = options_of(session.spec, Options)
    notes: list[str] = []
    pages = await _files(session, options, notes)
    if not pages:
        return Collected(cursor=session.cursor)
    reading = _built(session, options, pages)
    known, is_first = set(session.cursor.get("known", ())), not session.cursor
    named = [document for document in reading.documents if document.title]
    plain = [document for document in reading.documents if not document.title]
    fresh = [] if is_first else [document for document in plain if _mark(document) not in known]
    if is_first and plain:
        notes.append(f"{len(plain)} addresses are the baseline; only new ones are news")
    documents, state = [*named, *fresh], dict[str, Any]()
    if options.follow is not None:
        followed = await follow(session, documents, options.follow, session.cursor)
        documents, state = followed.documents, followed.state
        notes += followed.notes
    untitled = [document for document in documents if not document.title]
    aside = reading.set_aside + tuple((d.url, "no title, neither in the sitemap nor on its page") for d in untitled)
    left = {_mark(d) for d in fresh} - {_mark(d) for d in documents}
    marks = [mark for mark in dict.fromkeys([*session.cursor.get("known", ()), *map(_mark, plain)]) if mark not in left]
    state["known"] = marks[-REMEMBERED:]
    return Collected(tuple(d for d in documents if d.title), cursor=state, set_aside=aside, notes=tuple(notes))


async def _files(session: Session, options: Options, notes: list[str]) -> list[tuple[Response, SitemapPage]]:
    """The sitemap, or those that it is an index of, the newest first; nothing when it did not change."""
    answer = await session.get(session.spec.url, headers={"accept": "application/xml, text/xml"}, conditional=False)
    if isinstance(answer, NotModified):
        return []
    first = await _read(session, answer)
    notes += moved_note(answer)
    if why := reserved_by_headers(answer.headers):
        notes.append(f"opt-out noted ({why}): only titles, links and dates are taken")
    if not first.sitemaps:
        return [(answer, first)]
    site = site_of(session.spec.url)
    inside = [url for url in first.sitemaps if site_of(url) == site and urlsplit(url).scheme in {"http", "https"}]
    if len(inside) > options.max_sitemaps:
        notes.append(f"read {options.max_sitemaps} of {len(inside)} sitemaps (max_sitemaps)")
    found = []
    for url in inside[: options.max_sitemaps]:
        one = await session.get(url, headers={"accept": "application/xml, text/xml"}, conditional=False)
        if isinstance(one, NotModified) or one.status != 200:
            notes.append(f"a sitemap of the index is not there: {url}")
            continue
        found.append((one, await _read(session, one)))
    return found


async def _read(session: Session, answer: Response) -> SitemapPage:
    if answer.status != 200:
        raise FetchError(answer.request_url, f"http_{answer.status}")
    page = await session.parse(read_sitemap, answer.body, {"now": session.now})
    if page.problem:
        raise ShapeError(answer.url, page.problem, page.got)
    return page


def _built(session: Session, options: Options, pages: list[tuple[Response, SitemapPage]]) -> Reading:
    """The entries of all files as documents."""
    documents: dict[str, Document] = {}
    aside: list[tuple[str, str]] = []
    for answer, page in pages:
        wanted = [
            item for item in page.items if not options.include or any(part in item.link for part in options.include)
        ]
        reading = build(wanted, item_context(session, answer, options.model_dump()))
        documents |= {document.document_id: document for document in reading.documents}
        aside += reading.set_aside
    return Reading(tuple(documents.values()), tuple(aside))


def _mark(document: Document) -> str:
    return content_id("url", document.url)[4:16]
