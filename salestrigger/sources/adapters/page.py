"""The adapter for an HTML newsroom that has no feed: declared CSS selectors on its list page.

Optionally it follows the links of new items and takes the text of the article by a selector, so many per run. A page on
which the item selector finds nothing, and which is not marked empty, is a ShapeError: the markup changed. Reading is in
page_read; JSON-LD and automatic text extraction are not done here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import soupsieve
from pydantic import Field, field_validator, model_validator

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.feed import item_context, moved_note
from salestrigger.sources.adapters.item_build import site_of
from salestrigger.sources.adapters.page_read import read_article, read_page
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import FetchError, ShapeError, SourceError
from salestrigger.sources.http import NotModified
from salestrigger.sources.records import Collected, Document, DocumentKind, content_id

#: articles that are remembered as followed; a list page shows far fewer
REMEMBERED = 2_000


class Follow(Declaration):
    """Fetch the article pages of new items."""

    text: str = Field(min_length=1, description="selector of the article's text on its own page")
    max_pages: int = Field(default=10, ge=1, le=100, description="article pages per run; the rest waits for the next")


class Options(Declaration):
    """The ``[options]`` of a newsroom. Selectors are CSS; all but ``item`` and ``empty`` look within an item."""

    item: str = Field(min_length=1, description="one entry of the list")
    link: str = Field(default="a[href]", min_length=1)
    title: str = Field(default="", description="empty: the text of the link")
    date: str = ""
    date_attribute: str = Field(default="", description="as datetime; empty: the element's text")
    date_format: str = Field(default="", description="as %d.%m.%Y; empty: it is recognised")
    timezone: str = Field(default="UTC", description="what dates without a zone are read in, as Europe/Oslo")
    teaser: str = ""
    empty: str = Field(default="", description="an element that is on the page when there is no news")
    kind: DocumentKind = "news"
    skip_titles: tuple[str, ...] = ()
    follow: Follow | None = None

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"{value!r} is not a time zone; as Europe/Oslo") from None
        return value

    @model_validator(mode="after")
    def _selectors(self) -> Self:
        texts = {name: getattr(self, name) for name in ("item", "link", "title", "date", "teaser", "empty")}
        texts["follow.text"] = self.follow.text if self.follow else ""
        for name, selector in texts.items():
            try:
                soupsieve.compile(selector or "a")
            except soupsieve.SelectorSyntaxError as error:
                raise ValueError(f"{name} = {selector!r} is not a CSS selector: {str(error).splitlines()[0]}") from None
        return self


async def collect(session: Session) -> Collected:
    """The items of the list page as Documents.

    Raises:
        FetchError: the address does not answer with a page.
        ShapeError: the item selector finds nothing.
    """
    options = options_of(session.spec, Options)
    # what was left to follow must be seen again though the list is as it was
    conditional = not session.cursor.get("left")
    answer = await session.get(session.spec.url, headers={"accept": "text/html"}, conditional=conditional)
    if isinstance(answer, NotModified):
        return Collected(cursor=session.cursor)
    if answer.status != 200:
        raise FetchError(answer.request_url, f"http_{answer.status}")
    dumped = options.model_dump()
    reading = await session.parse(read_page, answer.body, item_context(session, answer, dumped) | {"options": dumped})
    if reading.problem:
        raise ShapeError(answer.url, reading.problem, reading.got)
    listed = Collected(
        documents=reading.documents, set_aside=reading.set_aside, notes=reading.notes + moved_note(answer)
    )
    return listed if options.follow is None else await _followed(session, listed, options.follow)


async def _followed(session: Session, listed: Collected, follow: Follow) -> Collected:
    """The new items with the text of their own pages; what is beyond the cap waits for the next run."""
    seen = list(session.cursor.get("seen", ()))
    known = set(seen)
    fresh = [document for document in listed.documents if _mark(document) not in known]
    now, later = fresh[: follow.max_pages], fresh[follow.max_pages :]
    read = [await _article(session, document, follow) for document in now]
    notes = [note for _, note in read if note]
    if later:
        notes.append(f"{len(later)} article pages are left for the next run (max_pages)")
    state = {"seen": [*seen, *(_mark(document) for document in now)][-REMEMBERED:], "left": len(later)}
    return replace(
        listed, documents=tuple(document for document, _ in read), notes=listed.notes + tuple(notes), cursor=state
    )


async def _article(session: Session, document: Document, follow: Follow) -> tuple[Document, str]:
    """The document with the text of its page, or as it is with a note on why."""
    if not document.url or site_of(document.url) != site_of(session.spec.url):
        return document, f"not followed, it leads elsewhere: {document.url or document.title!r}"
    try:
        answer = await session.get(document.url, headers={"accept": "text/html"}, conditional=False, size="page")
        if isinstance(answer, NotModified) or answer.status != 200:
            return document, f"article page not there: {document.url}"
        context: dict[str, Any] = {"text": follow.text, "content_type": answer.headers.get("content-type", "")}
        text, problem = await session.parse(read_article, answer.body, context)
    except SourceError as error:
        return document, f"article page not read: {error}"
    return (document, f"{problem}: {document.url}") if problem else (replace(document, text=text), "")


def _mark(document: Document) -> str:
    return content_id("seen", document.key)
