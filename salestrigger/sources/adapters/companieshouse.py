"""The adapter for the British register (Companies House): three ways to ask it, chosen by ``mode``.

======== ============================================================================================
watch    the companies of ``organizations``: profile, filings, and officers if asked; needs a REST key
stream   the stream of profiles or filings from where the last run stopped; needs a key of its own
bulk     the monthly file of all live companies (CSV in a zip), those that ``postcodes`` and ``sic`` want
======== ============================================================================================

https://developer.company-information.service.gov.uk. REST: 600 requests in five minutes. The stream is listened to for
``listen_s`` in every run and goes on from the last ``timepoint``; how far it is behind is noted. When the timepoint is
too old (416), the stream is taken up where it is and the gap is noted; bulk and watch bring what was missed.
Reading is in companieshouse_records and companieshouse_bulk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.api_answers import ask, basic, object_of, part_of, rows_of
from salestrigger.sources.adapters.companieshouse_bulk import load_month
from salestrigger.sources.adapters.companieshouse_records import (
    PUBLIC_URL,
    SCHEME,
    changes_of,
    filing_document,
    number_of,
    officer_changes,
    record_of,
)
from salestrigger.sources.adapters.json_strict import NotJsonError, read_json
from salestrigger.sources.adapters.register_maker import RegisterMaker
from salestrigger.sources.adapters.register_values import day_of, text_of
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import FetchError, ShapeError
from salestrigger.sources.http import NotModified
from salestrigger.sources.records import Collected, Document, OrgChange, OrgRecord

#: an event that came so late was waiting for us
LATE = timedelta(hours=2)


class Options(Declaration):
    """The ``[options]`` of Companies House."""

    mode: Literal["watch", "stream", "bulk"]
    organizations: tuple[str, ...] = Field(default=(), description="watch: company numbers")
    with_officers: bool = Field(default=False, description="watch: appointments of directors, by name")
    listen_s: float = Field(default=20.0, ge=1, le=25, description="stream: how long one run listens")
    postcodes: tuple[str, ...] = Field(default=(), description="bulk: beginnings of postcodes; none: all")
    sic: tuple[str, ...] = Field(default=(), description="bulk: beginnings of SIC codes; none: all")
    news_days: int = Field(default=30, ge=0, le=3650, description="a dated statement is news for so many days")
    parts: int = Field(default=7, ge=1, le=50, description="bulk: of how many files, when the address has {part}")
    max_companies: int = Field(default=20_000_000, ge=1, le=20_000_000, description="bulk: wanted ones, at most")

    @field_validator("organizations")
    @classmethod
    def _numbers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            if number_of(text) is None:
                raise ValueError(f"{text!r} is not a company number, as 01234567 or SC123456")
        return tuple(dict.fromkeys(str(number_of(text)) for text in value))

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.mode == "watch" and not self.organizations:
            raise ValueError("mode 'watch' needs organizations, a list of company numbers")
        return self


async def collect(session: Session) -> Collected:
    """The companies, filings or changes that the mode asks for.

    Raises:
        FetchError: Companies House does not answer, or there is no key. ShapeError: it answers with something else.
    """
    options = options_of(session.spec, Options)
    modes = {"watch": _watch, "stream": _stream, "bulk": _bulk}
    return await modes[options.mode](session, options)


async def _watch(session: Session, options: Options) -> Collected:
    headers, base = basic(session.key()), session.spec.url.rstrip("/")
    maker = RegisterMaker(SCHEME, session.spec.id, session.now, PUBLIC_URL, options.news_days)
    records: list[OrgRecord] = []
    changes: dict[str, OrgChange] = {}
    documents: dict[str, Document] = {}
    aside: list[tuple[str, str]] = []
    for number in options.organizations:
        answer = await ask(session, f"{base}/company/{number}", headers=headers, absent_ok=True)
        if answer.status != 200:
            aside.append((f"{SCHEME}-{number}", "not in the register"))
            continue
        data = object_of(session, answer, "company_number")
        record = record_of(data, source_id=session.spec.id, fetched_at=answer.fetched_at)
        if record is None:
            aside.append((f"{SCHEME}-{number}", "a company without a number or a name"))
            continue
        records.append(record)
        changes |= {change.change_id: change for change in changes_of(record, maker)}
        await _filings(session, record, headers, options, documents)
        if options.with_officers:
            url = f"{base}/company/{number}/officers"
            officers = await ask(
                session, url, query={"items_per_page": 100}, headers=headers, absent_ok=True, keep=False
            )
            if officers.status == 200:
                found = officer_changes(number, object_of(session, officers), maker)
                changes |= {change.change_id: change for change in found}
    return Collected(tuple(documents.values()), tuple(records), tuple(changes.values()), set_aside=tuple(aside))


async def _filings(
    session: Session, record: OrgRecord, headers: Mapping[str, str], options: Options, documents: dict[str, Document]
) -> None:
    """The filings within the news window, the newest first; paged until an older one comes."""
    since = session.now.date() - timedelta(days=options.news_days)
    start, seen = 0, set[str]()
    while True:
        answer = await ask(
            session, f"{session.spec.url.rstrip('/')}/company/{record.identifier}/filing-history",
            query={"items_per_page": 100, "start_index": start}, headers=headers, absent_ok=True,
        )  # fmt: skip
        rows = rows_of(object_of(session, answer), "items") if answer.status == 200 else []
        for row in rows:
            day = day_of(row.get("date"))
            if day is None or day < since:
                return
            document = filing_document(
                record.identifier, record.name, row, source_id=session.spec.id, fetched_at=answer.fetched_at
            )
            if document is not None:
                documents[document.document_id] = document
        start += 100
        page = {text_of(row, "transaction_id") for row in rows}
        if len(rows) < 100 or page <= seen:  # the same page again is no way on
            return
        seen |= page


async def _stream(session: Session, options: Options) -> Collected:
    """What the stream sends while we listen. A cursor that is too old starts again at the present."""
    timepoint, notes = session.cursor.get("timepoint"), []
    try:
        body = await _listen(session, options, timepoint)
    except FetchError as error:
        if error.reason != "http_416" or timepoint is None:
            raise
        notes.append(
            f"the stream no longer has timepoint {timepoint}: changes since then are missing; "
            "companieshouse-bulk brings companies as they are now, companieshouse-watch the filings of those you follow"
        )
        body = await _listen(session, options, None)
    maker = RegisterMaker(SCHEME, session.spec.id, session.now, PUBLIC_URL, options.news_days)
    records: dict[str, OrgRecord] = {}
    changes: dict[str, OrgChange] = {}
    documents: dict[str, Document] = {}
    aside: list[tuple[str, str]] = []
    published = ""
    for event in events_of(body, aside, session.spec.url):
        timepoint = part_of(event, "event").get("timepoint", timepoint)
        data, kind = part_of(event, "data"), text_of(event, "resource_kind")
        published = text_of(part_of(event, "event"), "published_at") or published
        if text_of(part_of(event, "event"), "type") == "deleted":
            continue
        if kind == "filing-history":
            number = number_of(text_of(event, "resource_uri").removeprefix("/company/").partition("/")[0])
            document = filing_document(
                number, f"Company {number}", data, source_id=session.spec.id, fetched_at=session.now
            ) if number else None  # fmt: skip
            if document is not None:
                documents[document.document_id] = document
        elif (record := record_of(data, source_id=session.spec.id, fetched_at=session.now)) is not None:
            records[record.identifier] = record
            changes |= {change.change_id: change for change in changes_of(record, maker)}
        else:
            aside.append((text_of(event, "resource_uri")[:200] or "event", "neither a profile nor a filing"))
    notes += _behind(published, session.now)
    cursor = {"timepoint": timepoint} if timepoint is not None else {}
    return Collected(
        tuple(documents.values()), tuple(records.values()), tuple(changes.values()), cursor=cursor,
        set_aside=tuple(aside), notes=tuple(notes),
    )  # fmt: skip


def _behind(published: str, now: datetime) -> list[str]:
    """A note when the last event that was heard is older than LATE."""
    try:
        heard = datetime.fromisoformat(published)
    except ValueError:
        return []
    late = now - (heard if heard.tzinfo else heard.replace(tzinfo=UTC))
    if late < LATE:
        return []
    hours = late / timedelta(hours=1)
    return [f"the last event that was heard is {hours:.0f} hours old; the next run goes on there (listen_s, more runs)"]


async def _listen(session: Session, options: Options, timepoint: Any) -> bytes:
    # the event of the cursor itself comes again: it is inclusive, and what we have is only stored once
    url = session.spec.url + (f"?timepoint={timepoint}" if timepoint is not None else "")
    answer = await session.get(url, headers=basic(session.key()), conditional=False, listen_s=options.listen_s)
    if isinstance(answer, NotModified) or answer.status != 200:
        raise FetchError(url, f"http_{getattr(answer, 'status', 304)}")
    return answer.body


def events_of(body: bytes, aside: list[tuple[str, str]], name: str = "stream") -> Iterator[Mapping[str, Any]]:
    """The events of a piece of the stream: one JSON object a line, blank lines between; the last may be cut.

    Raises:
        ShapeError: no event arrived, but something else, such as a page; ``name`` is the stream's in it.
    """
    lines, events = body.split(b"\n"), 0
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        try:
            event = read_json(line)
        except NotJsonError as error:
            if number < len(lines) - 1:
                aside.append((f"line {number + 1}", f"no JSON: {error}"[:200]))
            continue
        if isinstance(event, Mapping) and isinstance(event.get("event"), Mapping):
            events += 1
            yield event
        else:
            aside.append((f"line {number + 1}", "no event"))
    if body.strip() and not events:
        raise ShapeError(name, "events, one JSON object a line", repr(body[:60]))


async def _bulk(session: Session, options: Options) -> Collected:
    return await load_month(
        session, parts=options.parts, postcodes=options.postcodes, sic=options.sic, limit=options.max_companies
    )
