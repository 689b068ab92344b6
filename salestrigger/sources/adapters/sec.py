"""The adapter for SEC EDGAR: three ways to ask it, chosen by ``mode``.

======== ============================================================================================
current  the feed of the latest 8-K filings of all companies, page by page back to where the last run was
watch    the companies of ``ciks``: a record of each, and their 8-K filings of the last ``news_days``; of deals (item
         2.01) also the document, which says whether the filer bought or sold
tickers  all listed companies, by number and name (one file)
======== ============================================================================================

No key; US government works are in the public domain. The SEC asks for a User-Agent with a contact
(``SALESTRIGGER_CONTACT``) and at most ten requests a second, and answers 403 without. Filings of natural persons
(forms 3, 4, 5 and 144) are never read. Reading the answers is in sec_filings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.api_answers import ask, object_of
from salestrigger.sources.adapters.sec_deals import deal_part
from salestrigger.sources.adapters.sec_filings import (
    ARCHIVES,
    DEAL,
    SCHEME,
    Filing,
    company_of,
    document_of,
    filings_of,
    read_current,
    tickers_of,
)
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import ShapeError, SourceError
from salestrigger.sources.records import Collected, Document, OrgRecord

MAX_PAGE = 100  #: filings per page of the current feed
#: accession numbers that are remembered: some days of filings
REMEMBERED = 3_000


class Options(Declaration):
    """The ``[options]`` of EDGAR."""

    mode: Literal["current", "watch", "tickers"]
    forms: tuple[str, ...] = Field(default=("8-K", "8-K/A"), description="forms to read, as EDGAR names them")
    ciks: tuple[str, ...] = Field(default=(), description="watch: central index keys, up to ten digits each")
    news_days: int = Field(default=30, ge=0, le=3650, description="watch: filings of the last days")
    max_pages: int = Field(default=10, ge=1, le=100, description="current: pages of 100 filings per run")
    max_companies: int = Field(default=20_000, ge=1, description="tickers: companies to read")
    archives: str = Field(default=ARCHIVES, description="watch: where the documents of filings lie")
    max_deals: int = Field(default=20, ge=0, le=1000, description="watch: documents of deals to read per run")

    @field_validator("ciks")
    @classmethod
    def _numbers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for number in value:
            if not (number.isascii() and number.isdigit() and len(number) <= 10):
                raise ValueError(f"{number!r} is not a CIK, which has up to ten digits")
        return tuple(dict.fromkeys(number.zfill(10) for number in value))

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.mode == "watch" and not self.ciks:
            raise ValueError("mode 'watch' needs ciks, a list of central index keys")
        return self


async def collect(session: Session) -> Collected:
    """The filings or companies that the mode asks for.

    Raises:
        FetchError: EDGAR does not answer. ShapeError: it answers with something else.
    """
    options = options_of(session.spec, Options)
    modes = {"current": _current, "watch": _watch, "tickers": _tickers}
    return await modes[options.mode](session, options)


async def _current(session: Session, options: Options) -> Collected:
    """Page by page until a page brings nothing that the last run had not seen, or ``max_pages``."""
    known = list(session.cursor.get("seen") or ())
    seen = set(known)
    documents: dict[str, Document] = {}
    aside: list[tuple[str, str]] = []
    notes: list[str] = []
    fresh: list[str] = []
    parts = urlsplit(session.spec.url)
    for page in range(options.max_pages):
        query = {"action": "getcurrent", "type": "8-K", "count": MAX_PAGE, "start": page * MAX_PAGE, "output": "atom"}
        url = f"{parts.scheme}://{parts.netloc}{parts.path}"
        answer = await ask(session, url, query=query, headers={"accept": "application/atom+xml"}, size="feed")
        filings, problem, unread = await session.parse(read_current, answer.body, {})
        if problem:
            raise ShapeError(answer.url, "the feed of current filings", problem)
        aside += unread
        new = [filing for filing in filings if filing.accession not in seen]
        for filing in new:
            seen.add(filing.accession)
            fresh.append(filing.accession)
            _add(filing, documents, session, options)
        # pages shift while they are read, so a known filing is no end: a page of nothing but known ones is
        if len(filings) < MAX_PAGE or not new:
            break
    else:
        notes.append(f"read {options.max_pages} pages (max_pages); older filings of this run were not read")
    cursor = {"seen": [*fresh, *known][:REMEMBERED]}
    return Collected(tuple(documents.values()), set_aside=tuple(aside), notes=tuple(notes), cursor=cursor)


def _add(filing: Filing, documents: dict[str, Document], session: Session, options: Options) -> None:
    """A filing of a wanted form; one filing has an entry per filer, of which the first is kept."""
    if filing.form in options.forms:
        document = document_of(filing, source_id=session.spec.id, fetched_at=session.now)
        documents.setdefault(document.document_id, document)


async def _watch(session: Session, options: Options) -> Collected:
    """A record per company and its recent filings; one that EDGAR does not know is set aside."""
    records: list[OrgRecord] = []
    documents: dict[str, Document] = {}
    aside: list[tuple[str, str]] = []
    since = session.now.date() - timedelta(days=options.news_days)
    deals = _Deals(session, options.max_deals)
    for cik in options.ciks:
        url = f"{session.spec.url.rstrip('/')}/submissions/CIK{cik}.json"
        answer = await ask(session, url, absent_ok=True)
        if answer.status != 200:
            aside.append((f"{SCHEME}-{cik}", "not in EDGAR"))
            continue
        data = object_of(session, answer, "cik", "name", "filings")
        record = company_of(data, source_id=session.spec.id, fetched_at=answer.fetched_at)
        if record is None:
            aside.append((f"{SCHEME}-{cik}", "a filer without a name, or a natural person"))
            continue
        records.append(record)
        for filing in filings_of(data, since=since, archives=options.archives.rstrip("/")):
            wanted = DEAL in filing.items and filing.form == "8-K" and deals.left
            _add(await deals.read(filing) if wanted else filing, documents, session, options)
    return Collected(tuple(documents.values()), tuple(records), set_aside=tuple(aside), notes=tuple(deals.notes))


class _Deals:
    """Reads what filers did in their deals, a bounded number of documents; one that cannot be had leaves it open."""

    def __init__(self, session: Session, most: int) -> None:
        self._session, self.left = session, most
        self.notes: list[str] = []

    async def read(self, filing: Filing) -> Filing:
        self.left -= 1
        try:
            answer = await ask(self._session, filing.url, headers={"accept": "text/html"}, size="page")
            part = await self._session.parse(deal_part, answer.body, {})
        except SourceError as error:
            self.notes.append(f"{filing.accession}: whether it bought or sold was not read: {error}"[:200])
            return filing
        return replace(filing, part=part)


async def _tickers(session: Session, options: Options) -> Collected:
    answer = await ask(session, session.spec.url, size="api")
    data: Mapping[str, Any] = object_of(session, answer)
    records = tickers_of(data, source_id=session.spec.id, fetched_at=answer.fetched_at)
    if not records:
        raise ShapeError(answer.url, "rows of cik_str, ticker and title", str(list(data)[:3]))
    note = f"read {options.max_companies} of {len(records)} companies (max_companies)"
    return Collected(
        records=records[: options.max_companies], notes=(note,) if len(records) > options.max_companies else ()
    )
