"""The adapter for TED, the EU's procurement notices: search by date (API v3), and the XML of every award.

API: https://docs.ted.europa.eu/api/latest/search.html, anonymous, POST. Notices are asked for in the order of their
numbers by day, and the cursor is the first day that is not read to its end together with the numbers read of it: it
does not matter how the pages are cut, repeated or ordered, nor after which one a run ends. The XML is the authority on
who won; the search result stands in when it cannot be had. Names of contact persons are not read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from pydantic import Field, field_validator

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.api_answers import ask, object_of, rows_of
from salestrigger.sources.adapters.national_ids import ALPHA3
from salestrigger.sources.adapters.notice_build import Notice, document_of
from salestrigger.sources.adapters.notice_xml import read_notice
from salestrigger.sources.adapters.ted_search import FIELDS, notice_of, xml_link
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import FetchError, ShapeError, SourceError
from salestrigger.sources.records import Collected, Document

MAX_PAGE = 250  #: notices per page


class Options(Declaration):
    """The ``[options]`` of TED."""

    countries: tuple[str, ...] = Field(default=(), description="of the buyer, two letters each; none: all")
    notice_types: tuple[str, ...] = Field(
        default=("can-standard", "can-social", "can-desg", "veat", "cn-standard", "cn-social", "cn-desg"),
        description="notice-type codes of eForms",
    )
    cpv: tuple[str, ...] = Field(default=(), description="CPV codes or their beginnings with *, as 72*")
    query: str = Field(default="", description="a further condition in TED's expert query language")
    languages: tuple[str, ...] = Field(default=(), description="preferred languages of texts, ISO 639-3: nld, nob")
    fields: tuple[str, ...] = Field(default=FIELDS, description="search fields to ask for")
    first_days: int = Field(default=2, ge=0, le=90, description="how far back the first run looks")
    page_size: int = Field(default=100, ge=1, le=MAX_PAGE)
    max_notices: int = Field(default=2_000, ge=1, le=15_000, description="new notices per run")
    max_xml: int = Field(default=300, ge=0, le=5_000, description="notices whose XML is fetched per run; 0: none")

    @field_validator("countries")
    @classmethod
    def _countries(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for country in value:
            if country not in ALPHA3:
                raise ValueError(f"{country!r} is not a country that TED has; allowed: {', '.join(sorted(ALPHA3))}")
        return value


@dataclass(slots=True)
class _Run:
    """What a run has read so far."""

    since: date
    seen: dict[str, str]  #: publication number → ISO day, of this run and of earlier ones since that day
    documents: dict[str, Document] = field(default_factory=dict)
    set_aside: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    xml: int = 0
    full: bool = False  #: a cap was reached: the rest is for the next run


async def collect(session: Session) -> Collected:
    """The notices published since the last run.

    Raises:
        FetchError: TED does not answer. ShapeError: it answers with something else.
    """
    options = options_of(session.spec, Options)
    state = session.cursor
    first = session.now.date() - timedelta(days=options.first_days)
    run = _Run(_day(state.get("since")) or first, dict(state.get("seen") or {}))
    token: str | None = None
    while True:
        page = await _page(session, options, run.since, token)
        if page.get("timedOut") is True:
            raise SourceError("the search timed out before its end", source=session.spec.id, reason="failed")
        rows = rows_of(page, "notices")
        for row in rows:
            if not await _take(session, options, row, run):
                run.full = True
                break
        token = page.get("iterationNextToken") or None
        if run.full or not rows or not token:
            break
    return Collected(
        documents=tuple(run.documents.values()),
        cursor=_cursor(run),
        set_aside=tuple(run.set_aside),
        notes=tuple(run.notes),
    )


def query_of(options: Options, since: date) -> str:
    """The search in TED's expert query language, in the order in which notices are read."""
    parts = [f"publication-date >= {since:%Y%m%d}"]
    if options.notice_types:
        parts.append(f"notice-type IN ({' '.join(options.notice_types)})")
    if options.countries:
        parts.append(f"buyer-country IN ({' '.join(ALPHA3[country] for country in options.countries)})")
    if options.cpv:
        parts.append(f"classification-cpv IN ({' '.join(options.cpv)})")
    if options.query:
        parts.append(f"({options.query})")
    return " AND ".join(parts) + " SORT BY publication-date ASC"


async def _page(session: Session, options: Options, since: date, token: str | None) -> Mapping[str, Any]:
    body: dict[str, Any] = {
        "query": query_of(options, since),
        "fields": list(options.fields),
        "limit": options.page_size,
        "scope": "ALL",
        "paginationMode": "ITERATION",
        "checkQuerySyntax": False,
    }
    if token:
        body["iterationNextToken"] = token
    answer = await ask(session, session.spec.url, post=json.dumps(body).encode())
    page = object_of(session, answer)
    if not isinstance(page.get("notices"), list):
        raise ShapeError(answer.url, "a page of notices", str(page)[:120])
    return page


async def _take(session: Session, options: Options, row: Mapping[str, Any], run: _Run) -> bool:
    """One hit into ``run``, unless it was read before; False when a cap keeps it for the next run."""
    notice = notice_of(row, languages=options.languages)
    if notice is None:
        run.set_aside.append((str(row)[:80], "a notice without a publication number"))
        return True
    if notice.number in run.seen:
        return True
    wants_xml = notice.kind in {"award", "intended_award", "other"} and options.max_xml > 0
    if len(run.documents) >= options.max_notices or (wants_xml and run.xml >= options.max_xml):
        cap = "max_notices" if len(run.documents) >= options.max_notices else "max_xml"
        run.notes.append(f"stopped after {len(run.documents)} notices ({cap}); the next run goes on from there")
        return False
    if wants_xml:
        notice = await _with_xml(session, row, notice, run)
    run.seen[notice.number] = (notice.published_at.date() if notice.published_at else run.since).isoformat()
    document = document_of(notice, source_id=session.spec.id, fetched_at=session.now)
    if document is None:
        run.set_aside.append((notice.number, "neither a subject nor a buyer"))
    else:
        run.documents[notice.number] = document
    return True


async def _with_xml(session: Session, row: Mapping[str, Any], notice: Notice, run: _Run) -> Notice:
    """The notice as its XML has it; as the search has it when the XML cannot be had or read, which is noted."""
    run.xml += 1
    url = xml_link(row, notice.number, search_url=session.spec.url)
    try:
        answer = await session.get(url, headers={"accept": "application/xml"}, conditional=False)
        if getattr(answer, "status", 0) != 200:
            raise FetchError(url, f"http_{getattr(answer, 'status', 304)}")
        read: Notice = await session.parse(read_notice, getattr(answer, "body", b""), {"number": notice.number})
    except SourceError as error:
        if error.reason in {"http_429", "retry_after", "http_503"}:
            raise  # they want us to slow down: the next run asks again
        run.notes.append(f"{notice.number}: read without its XML: {error.reason}")
        return notice
    if not read.subject and not read.awards:
        return notice
    return replace(
        read,
        kind=read.kind if read.kind != "other" else notice.kind,
        buyers=read.buyers or notice.buyers,
        subject=read.subject or notice.subject,
        codes=read.codes or notice.codes,
        published_at=notice.published_at,
        url=notice.url,
    )


def _cursor(run: _Run) -> dict[str, Any]:
    """From which day the next run asks, and what it has from that day on.

    The day moves only when the search was read to its end: then the order of the answers does not matter.
    """
    last = run.since.isoformat() if run.full else max(run.seen.values(), default=run.since.isoformat())
    return {"since": last, "seen": {number: day for number, day in sorted(run.seen.items()) if day >= last}}


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
