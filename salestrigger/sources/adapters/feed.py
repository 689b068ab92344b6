"""The adapter for feeds: RSS 2.0, RSS 1.0, Atom and JSON Feed, told apart by what arrives, not by what is declared.

It fetches one address conditionally and reads it in the sandbox. An HTML or login page instead of a feed is a
ShapeError; a valid feed without entries is empty. It follows links to the articles
of entries only where the source's file says so (``follow``), on the same site only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import Field

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.feed_json import read_json_feed
from salestrigger.sources.adapters.feed_xml import read_xml_feed
from salestrigger.sources.adapters.follow_articles import FollowArticles, follow
from salestrigger.sources.adapters.item_build import Reading
from salestrigger.sources.adapters.opt_outs import reserved_by_headers
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import FetchError, ShapeError
from salestrigger.sources.http import NotModified, Response
from salestrigger.sources.records import Collected, Document, DocumentKind, Identifier

#: a scheme of org-id.guide and a number
IDENTIFIER = r"^([A-Z]{2}-[A-Z0-9]{2,8}:\S+|ACCOUNT:\S+)?$"

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "application/json;q=0.9, text/xml;q=0.8, */*;q=0.1"
)


class Options(Declaration):
    """The ``[options]`` of a feed."""

    kind: DocumentKind = Field(default="news", description="what its entries are")
    skip_titles: tuple[str, ...] = Field(default=(), description="entries whose title has one of these are set aside")
    issuer: str = Field(default="", description="the one organisation whose releases these are, by name")
    identifier: str = Field(default="", pattern=IDENTIFIER, description="the same by number, as NO-BRC:999999999")
    follow: FollowArticles | None = Field(default=None, description="fetch the articles of entries that say little")


async def collect(session: Session) -> Collected:
    """The entries of the feed as Documents.

    Raises:
        FetchError: the address does not answer with a feed (404 and 410 included).
        ShapeError: something else than a feed arrived.
    """
    options = options_of(session.spec, Options)
    # what was left to follow must be seen again though the feed is as it was
    conditional = not session.cursor.get("left")
    answer = await session.get(session.spec.url, headers={"accept": ACCEPT}, conditional=conditional)
    if isinstance(answer, NotModified):
        return Collected(cursor=session.cursor)
    if answer.status != 200:
        raise FetchError(answer.request_url, f"http_{answer.status}")
    function = read_json_feed if is_json(answer) else read_xml_feed
    reading = await session.parse(function, answer.body, item_context(session, answer, options.model_dump()))
    if reading.problem:
        raise ShapeError(answer.url, reading.problem, reading.got)
    notes = [*reading.notes, *moved_note(answer), *undated_note(reading)]
    documents = _of_issuer(reading.documents, options)
    if why := reserved_by_headers(answer.headers):
        notes.append(f"opt-out honoured ({why}): titles, links and dates only")
        documents = tuple(replace(document, text="") for document in documents)
    cursor: dict[str, Any] = {}
    if options.follow is not None and not why:
        followed = await follow(session, documents, options.follow, session.cursor)
        documents, cursor = tuple(followed.documents), followed.state
        notes += followed.notes
    return Collected(documents=documents, set_aside=reading.set_aside, notes=tuple(notes), cursor=cursor)


def _of_issuer(documents: tuple[Document, ...], options: Options) -> tuple[Document, ...]:
    """The documents with the organisation that the source's file says they are of."""
    scheme, _, number = options.identifier.partition(":")
    identifiers = (Identifier(scheme, number),) if number else ()
    if not options.issuer and not identifiers:
        return documents
    return tuple(
        replace(document, issuer=document.issuer or options.issuer or None, identifiers=identifiers)
        for document in documents
    )


def is_json(answer: Response) -> bool:
    """Whether the body is JSON, by its first character: declared types are often wrong."""
    return answer.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}


def item_context(session: Session, answer: Response, options: dict[str, Any]) -> dict[str, Any]:
    """What :func:`item_build.build` must know, as plain values that can be sent to another process."""
    return {
        "source_id": session.spec.id,
        "base_url": answer.url,
        "content_type": answer.headers.get("content-type", ""),
        "language": session.spec.language,
        "is_aggregator": session.spec.trust == "aggregator",
        "kind": options["kind"],
        "skip_titles": options.get("skip_titles", ()),
        "fetched_at": answer.fetched_at,
        "now": session.now,
    }


def moved_note(answer: Response) -> tuple[str, ...]:
    """A note when the server says that the address moved for good."""
    return (f"moved permanently to {answer.moved_to}",) if answer.moved_to else ()


def undated_note(reading: Reading) -> tuple[str, ...]:
    """A note when entries have no date that we can read."""
    undated = sum(1 for document in reading.documents if document.published_at is None)
    return (f"{undated} of {len(reading.documents)} entries have no date",) if undated else ()
