"""The adapter for GDELT DOC 2.0: headlines of the world's press by a query. No key; one request every 5 s and more.

It refuses in plain text with status 200 (too fast, a word too short, an OR without brackets): that is a refusal, never
an empty answer. The oldest come first, so that a cap leaves no gap; the cursor is the last moment that was read.
``seendate`` is when GDELT saw an article. https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from pydantic import Field

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.api_answer import response_of, rows, text
from salestrigger.sources.adapters.feed import item_context
from salestrigger.sources.adapters.item_build import Item, Reading, build
from salestrigger.sources.adapters.item_dates import parse_date
from salestrigger.sources.adapters.json_strict import NotJsonError, read_json
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import FetchError, ShapeError, SourceError
from salestrigger.sources.records import Collected, Document

MOST = 250  #: articles of one answer
#: articles are indexed up to a quarter of an hour late; those seen twice are known by their address
OVERLAP = timedelta(minutes=30)

#: English names of languages as GDELT writes them
_LANGUAGES = {
    "english": "en", "dutch": "nl", "norwegian": "no", "swedish": "sv", "danish": "da", "german": "de",
    "finnish": "fi", "french": "fr", "spanish": "es", "italian": "it", "polish": "pl",
}  # fmt: skip


class Options(Declaration):
    """The ``[options]`` of GDELT."""

    query: str = Field(min_length=3, description='as GDELT takes it: ("Havglimt AS" OR Fjellmørk) sourcecountry:NO')
    first_hours: int = Field(default=24, ge=1, le=2000, description="how far back the first run looks")
    max_requests: int = Field(default=4, ge=1, le=100, description="of 250 articles each, per run")


async def collect(session: Session) -> Collected:
    """The articles seen since the last run.

    Raises:
        FetchError: it does not answer. SourceError: reason ``refused``, it says why in words.
    """
    options = options_of(session.spec, Options)
    until = parse_date(str(session.cursor.get("until", "")), now=session.now)
    # what a run left for the next one was not late: without the overlap a busy quarter of an hour is passed
    overlap = timedelta() if session.cursor.get("is_cut") else OVERLAP
    start = (until - overlap) if until else session.now - timedelta(hours=options.first_hours)
    documents: dict[str, Document] = {}
    aside: dict[str, str] = {}
    notes: list[str] = []
    is_cut = False
    for _ in range(options.max_requests):
        reading = await _page(session, options, start)
        documents |= {document.document_id: document for document in reading.documents}
        aside |= dict(reading.set_aside)
        latest = max((d.published_at for d in reading.documents if d.published_at), default=None)
        if reading.items < MOST or latest is None:
            start = session.now
            break
        if latest <= start:
            notes.append(f"more than {MOST} articles were seen at {start:%Y-%m-%d %H:%M}: narrow the query")
            latest = start + timedelta(seconds=1)
        start = latest
    else:
        is_cut = True
        notes.append(f"read {len(documents)} articles up to {start:%Y-%m-%d %H:%M} (max_requests); narrow the query")
    return Collected(
        tuple(documents.values()),
        cursor={"until": start.isoformat()} | ({"is_cut": True} if is_cut else {}),
        set_aside=tuple(aside.items()),
        notes=tuple(notes),
    )


async def _page(session: Session, options: Options, start: datetime) -> Reading:
    query = {
        "query": options.query,
        "mode": "artlist",
        "format": "json",
        "maxrecords": MOST,
        "sort": "dateasc",
        "startdatetime": f"{start:%Y%m%d%H%M%S}",
        "enddatetime": f"{session.now:%Y%m%d%H%M%S}",
    }
    url = f"{session.spec.url}?{urlencode(query)}"
    answer = await response_of(session, url, headers={"accept": "application/json"})
    if answer is None:
        raise FetchError(url, "http_404")
    reading = await session.parse(read_articles, answer.body, item_context(session, answer, {"kind": "news"}))
    if reading.problem == "words":
        message = f"{answer.url!r} answered {answer.status} with: {reading.got!r}"
        raise SourceError(message, source=session.spec.id, reason="refused")
    if reading.problem:
        raise ShapeError(url, reading.problem, reading.got)
    return reading


def read_articles(body: bytes, context: dict[str, Any]) -> Reading:
    """The articles of an answer; the problem ``words`` is a refusal. An empty object means none were found."""
    try:
        data = read_json(body, strict=False)
    except NotJsonError as error:
        said = body[:200].decode("utf-8", "replace").strip()
        is_page = said[:1] == "<"
        return Reading(problem="articles as JSON" if is_page or not said else "words", got=said or str(error))
    found = data.get("articles", None if data else []) if isinstance(data, Mapping) else None
    if not isinstance(found, list):
        return Reading(problem="articles as a list", got=type(data).__name__)
    wrong = tuple((text(row, "url", "title")[:200], "no address") for row in rows(found) if not _has_address(row))
    reading = build((_item(row, context) for row in rows(found) if _has_address(row)), context)
    return replace(reading, set_aside=reading.set_aside + wrong, items=reading.items + len(wrong))


def _has_address(row: Mapping[str, Any]) -> bool:
    return text(row, "url").startswith(("http://", "https://"))


def _item(row: Mapping[str, Any], context: Mapping[str, Any]) -> Item:
    return Item(
        link=text(row, "url"),
        title=_joined(text(row, "title")),
        published_at=parse_date(text(row, "seendate"), now=context["now"]),
        language=_LANGUAGES.get(text(row, "language").lower()),
        publisher=text(row, "domain") or None,
    )


def _joined(title: str) -> str:
    """The title as it was written: GDELT puts blanks around its signs ("Sevilla , sobria")."""
    for sign in (",", ".", ":", ";", "!", "?", "%", ")", "”", "’"):
        title = title.replace(f" {sign}", sign)
    return title.replace("( ", "(").replace("“ ", "“")
