"""The adapter for feeds: RSS 2.0, RSS 1.0, Atom and JSON Feed, told apart by what arrives, not by what is declared.

It fetches one address conditionally and reads it in the sandbox. An HTML or login page instead of a feed is a
ShapeError; a valid feed without entries is empty. It follows no links.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.feed_json import read_json_feed
from salestrigger.sources.adapters.feed_xml import read_xml_feed
from salestrigger.sources.adapters.item_build import Reading
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import FetchError, ShapeError
from salestrigger.sources.http import NotModified, Response
from salestrigger.sources.records import Collected, DocumentKind

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "application/json;q=0.9, text/xml;q=0.8, */*;q=0.1"
)


class Options(Declaration):
    """The ``[options]`` of a feed."""

    kind: DocumentKind = Field(default="news", description="what its entries are")
    skip_titles: tuple[str, ...] = Field(default=(), description="entries whose title has one of these are set aside")


async def collect(session: Session) -> Collected:
    """The entries of the feed as Documents.

    Raises:
        FetchError: the address does not answer with a feed (404 and 410 included).
        ShapeError: something else than a feed arrived.
    """
    options = options_of(session.spec, Options)
    answer = await session.get(session.spec.url, headers={"accept": ACCEPT})
    if isinstance(answer, NotModified):
        return Collected()
    if answer.status != 200:
        raise FetchError(answer.request_url, f"http_{answer.status}")
    function = read_json_feed if is_json(answer) else read_xml_feed
    reading = await session.parse(function, answer.body, item_context(session, answer, options.model_dump()))
    if reading.problem:
        raise ShapeError(answer.url, reading.problem, reading.got)
    return Collected(
        documents=reading.documents,
        set_aside=reading.set_aside,
        notes=reading.notes + moved_note(answer) + undated_note(reading),
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
