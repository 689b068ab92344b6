"""The adapter for the Dutch official publications (Staatscourant, Gemeenteblad …) by SRU: what a CQL query finds.

A wrong query is answered with status 200 and ``<diagnostics>``: that is malformed, and no cursor moves. The day of the
last change is asked for again, since it was not over; a cap ends at a day, never within one. https://data.overheid.nl/dataset/officielepublicaties
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from lxml import etree
from pydantic import Field

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.api_answer import refuse_if_said, response_of
from salestrigger.sources.adapters.days_read import DaysRead, Paging, first_day
from salestrigger.sources.adapters.feed import item_context
from salestrigger.sources.adapters.feed_xml import looks_like
from salestrigger.sources.adapters.item_build import Item, Reading, build
from salestrigger.sources.adapters.item_dates import parse_date
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import FetchError, ShapeError
from salestrigger.sources.records import Collected


class Options(Declaration):
    """The ``[options]`` of an SRU source."""

    query: str = Field(min_length=1, description="CQL, without the date: that is added")
    first_days: int = Field(default=2, ge=0, le=90, description="how far back the first run looks")
    page_size: int = Field(default=100, ge=1, le=1_000)
    max_records: int = Field(default=2_000, ge=1, le=20_000, description="publications per run, to the end of a day")


async def collect(session: Session) -> Collected:
    """The publications that were modified since the last run.

    Raises:
        FetchError: the service does not answer. ShapeError: it found fault with the query, or answers something else.
    """
    options = options_of(session.spec, Options)
    today = session.now.date()
    first = first_day(session, options.first_days)
    run = _Run(session, options)
    day = today
    if not await run.read(first, None):
        day = await run.by_day(first, today)
    return run.found.collected(day, today, cap="max_records")


@dataclass(slots=True)
class _Run:
    """What a run has read so far."""

    session: Session
    options: Options
    found: DaysRead = field(default_factory=DaysRead)

    async def by_day(self, first: date, today: date) -> date:
        """Day by day, each to its end, until ``max_records`` are read; the day to go on from."""
        day = first
        while True:
            await self.read(day, day + timedelta(days=1))
            if day >= today or len(self.found.documents) >= self.options.max_records:
                return min(day + timedelta(days=1), today)
            day += timedelta(days=1)

    async def read(self, first: date, before: date | None) -> bool:
        """The publications modified from ``first`` on; without ``before`` to the cap. Whether all were read."""
        start, paging = 1, Paging()
        while True:
            reading = await self._page(first, before, start)
            self.found.documents |= {document.document_id: document for document in reading.documents}
            self.found.aside |= {key: why for key, why in reading.set_aside if not why.startswith("same key")}
            start += self.options.page_size
            keys = [*(document.key for document in reading.documents), *(key for key, _ in reading.set_aside)]
            if reading.items < self.options.page_size or not paging.goes_on(keys):
                return True
            if before is None and start > self.options.max_records:
                return False

    async def _page(self, first: date, before: date | None, start: int) -> Reading:
        session, size = self.session, self.options.page_size
        end = f" and dt.modified<{before.isoformat()}" if before else ""
        query = {
            "version": "2.0",
            "operation": "searchRetrieve",
            "query": f"({self.options.query}) and dt.modified>={first.isoformat()}{end}",
            "startRecord": start,
            "maximumRecords": size,
        }
        url = f"{session.spec.url}?{urlencode(query)}"
        answer = await response_of(session, url, headers={"accept": "application/xml"})
        if answer is None:
            raise FetchError(url, "http_404")
        reading = await session.parse(read_sru, answer.body, item_context(session, answer, {"kind": "notice"}))
        if reading.problem:
            refuse_if_said(session, answer.body, answer.url)
            raise ShapeError(url, reading.problem, reading.got)
        return reading


def read_sru(body: bytes, context: dict[str, Any]) -> Reading:
    """The publications of one answer; ``context`` as in :func:`item_build.build`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        return Reading(problem="an SRU answer", got=looks_like(body))
    if etree.QName(root).localname != "searchRetrieveResponse":
        return Reading(problem="searchRetrieveResponse", got=etree.QName(root).localname)
    faults = [_text(fault, "message") for fault in root.iter("{*}diagnostic")]
    if faults:
        return Reading(problem="an answer to the query", got=f"diagnostics: {'; '.join(faults)}"[:300])
    return build((_item(record, context) for record in root.iter("{*}recordData")), context)


def _item(record: Any, context: dict[str, Any]) -> Item:
    kind, place = _text(record, "type"), _text(record, "creator")
    published = parse_date(_text(record, "available") or _text(record, "date"), now=context["now"])
    return Item(
        guid=_text(record, "identifier"),
        link=_text(record, "preferredUrl"),
        title=_text(record, "title"),
        body=". ".join(part for part in (_text(record, "publicatienaam"), kind, place) if part),
        published_at=published,
        updated_at=parse_date(_text(record, "modified"), now=context["now"]),
        publisher=_text(record, "publisher") or place or None,
    )


def _text(record: Any, name: str) -> str:
    """The text of the first element of that local name."""
    found = next(record.iter("{*}" + name), None)
    return " ".join("".join(found.itertext()).split()) if found is not None else ""
