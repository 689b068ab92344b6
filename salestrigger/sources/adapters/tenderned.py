"""The adapter for TenderNed, the Dutch public procurement notices, by the open interface of its site.

The list names the buyer and the kind of notice in fields. Winners are not in it, only in the notice's XML: with
``max_xml`` that is asked for of awards (TenderNed gives out a name and password for it; without them, or when it cannot
be had, an award is kept as a document without a stated event). Names of contact persons are not read. The list needs no
key; it is no formal contract, so it is asked slowly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.api_answer import data_of, mapping, response_of, rows, text
from salestrigger.sources.adapters.api_answers import basic
from salestrigger.sources.adapters.days_read import DaysRead, Paging, first_day
from salestrigger.sources.adapters.item_build import MAX_TEXT, MAX_TITLE, plain
from salestrigger.sources.adapters.item_dates import parse_date
from salestrigger.sources.adapters.notice_build import Notice
from salestrigger.sources.adapters.notice_build import document_of as notice_document
from salestrigger.sources.adapters.notice_xml import read_notice
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import ShapeError, SourceError
from salestrigger.sources.records import Collected, Document, StatedEvent, StatedRole, content_id
from salestrigger.sources.text import canonical_url, clean_text

PAGE_SIZE = 100
PUBLIC_URL = "https://www.tenderned.nl/aankondigingen/overzicht/"
_CPV = re.compile(r"[0-9]{8}-[0-9]")


class Options(Declaration):
    """The ``[options]`` of TenderNed."""

    cpv: tuple[str, ...] = Field(default=(), description="codes with their check digit, as 45000000-7")
    search: str = ""
    first_days: int = Field(default=3, ge=0, le=90, description="how far back the first run looks")
    max_pages: int = Field(default=50, ge=1, le=1000)
    max_xml: int = Field(default=0, ge=0, le=1000, description="awards whose XML is fetched per run, for the winners")

    @field_validator("cpv")
    @classmethod
    def _codes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for code in value:
            if not _CPV.fullmatch(code):
                raise ValueError(f"{code!r} is not a CPV code with its check digit, as 45000000-7")
        return value


async def collect(session: Session) -> Collected:
    """The notices since the last run; the last day is read again, since it was not over.

    Raises:
        FetchError: TenderNed does not answer. ShapeError: it answers with something else.
    """
    options = options_of(session.spec, Options)
    today = session.now.date()
    first = first_day(session, options.first_days)
    run = _Run(session, options, login=_login(session) if options.max_xml else {})
    pages = await run.read(first, None, most=options.max_pages)
    day = today
    if pages > options.max_pages:
        day = await run.by_day(first, today)
    return run.found.collected(day, today, cap="max_pages")


@dataclass(slots=True)
class _Run:
    """What a run has read so far."""

    session: Session
    options: Options
    found: DaysRead = field(default_factory=DaysRead)
    asked: int = 0  #: pages
    xml: int = 0  #: notices whose XML was asked for
    login: Mapping[str, str] = field(default_factory=dict)

    async def by_day(self, first: date, today: date) -> date:
        """Day by day, each to its end, until ``max_pages`` are read; the last day that was read."""
        day, self.asked = first, 0
        while True:
            # a day more at the end: whether the end is part of it is not written down
            await self.read(day, day + timedelta(days=1))
            if day >= today or (self.asked >= self.options.max_pages and day > first):
                return day
            day += timedelta(days=1)

    async def read(self, first: date, last: date | None, *, most: int | None = None) -> int:
        """The pages of the notices between two days, or ``most`` of them; how many there are."""
        page, paging = 0, Paging()
        while True:
            data = await _page(self.session, self.options, (first, last), page)
            self.asked, page = self.asked + 1, page + 1
            for row in rows(data["content"]):
                await self._take(row)
            total = int(data.get("totalPages") or 0)
            goes_on = paging.goes_on(text(row, "publicatieId") for row in rows(data["content"]))
            if page >= total or page == most or not goes_on:
                return total

    async def _take(self, row: Mapping[str, Any]) -> None:
        document = document_of(row, self.session)
        if document is not None and is_award(kind_of(row)) and document.document_id not in self.found.documents:
            document = await self._with_winners(document)
        if document is None:
            self.found.aside[text(row, "publicatieId")[:80] or "a notice"] = "a notice without an id, a name or a buyer"
        else:
            self.found.documents.setdefault(document.document_id, document)

    async def _with_winners(self, document: Document) -> Document:
        """The award as its XML states it; as the list has it when the XML cannot be had or names no winner."""
        if self.xml >= self.options.max_xml:
            return document
        self.xml += 1
        url = f"{self.session.spec.url.rstrip('/')}/publicaties/{document.key}/public-xml"
        try:
            answer = await response_of(
                self.session, url, headers={"accept": "application/xml", **self.login}, keep=False
            )
            body = answer.body if answer else b""
            notice: Notice = await self.session.parse(read_notice, body, {"number": document.key})
        except SourceError as error:
            if error.reason in {"http_429", "retry_after", "http_503"}:
                raise  # they want us to slow down: the next run asks again
            self.found.notes.append(f"{document.key}: read without its XML: {error.reason}")
            return document
        named = replace(notice, url=document.url, published_at=document.published_at)
        source_id, at = document.source_id, document.fetched_at
        found = notice_document(named, source_id=source_id, fetched_at=at) if notice.awards else None
        return replace(found, publisher=document.publisher) if found else document


def _login(session: Session) -> dict[str, str]:
    """The header for ``name:password`` in the source's variable; none when the source names no variable."""
    return basic(*session.key().split(":", 1)) if session.spec.key_env else {}


async def _page(session: Session, options: Options, days: tuple[date, date | None], page: int) -> Mapping[str, Any]:
    query: list[tuple[str, Any]] = [("page", page), ("size", PAGE_SIZE), ("publicatieDatumVanaf", days[0].isoformat())]
    query += [("publicatieDatumTot", days[1].isoformat())] if days[1] else []
    query += [("cpvCodes", code) for code in options.cpv] + ([("search", options.search)] if options.search else [])
    url = f"{session.spec.url.rstrip('/')}/publicaties?{urlencode(query)}"
    data = await data_of(session, url)
    if not isinstance(data, Mapping) or not isinstance(data.get("content"), list):
        raise ShapeError(url, "a page of notices (content, totalPages)", type(data).__name__)
    return data


def document_of(row: Mapping[str, Any], session: Session) -> Document | None:
    """One notice of the list, or its detail; None without an id, a name or a buyer."""
    number, title = text(row, "publicatieId"), plain(text(row, "aanbestedingNaam"), limit=MAX_TITLE)
    buyer = clean_text(text(row, "opdrachtgeverNaam"))
    if not number.isdigit() or not title or not buyer:
        return None
    kind = kind_of(row)
    published = parse_date(text(row, "publicatieDatum"), now=session.now, zone=ZoneInfo("Europe/Amsterdam"))
    lines = [f"Opdrachtgever: {buyer}.", f"{kind}."] if kind else [f"Opdrachtgever: {buyer}."]
    lines += [f"Sluitingsdatum: {text(row, 'sluitingsDatum')[:10]}."] if text(row, "sluitingsDatum") else []
    lines.append(plain(text(row, "opdrachtBeschrijving"), limit=MAX_TEXT - 1000, lines=True))
    modality = modality_of(kind)
    day = published.astimezone(ZoneInfo("Europe/Amsterdam")).date() if published else None
    roles = (StatedRole("authority", buyer),)
    stated = (StatedEvent("tender", roles, modality, day),) if modality else ()
    return Document(
        document_id=content_id("doc", session.spec.id, number),
        source_id=session.spec.id,
        key=number,
        url=canonical_url(text(mapping(row.get("link")), "href")) or f"{PUBLIC_URL}{number}",
        title=title,
        text="\n".join(line for line in lines if line),
        fetched_at=session.now,
        language="nl",
        published_at=published,
        kind="tender",
        publisher="TenderNed",
        stated=stated,
    )


def kind_of(row: Mapping[str, Any]) -> str:
    """The kind of a notice in TenderNed's words; the list and the detail spell it differently."""
    return clean_text(text(mapping(row.get("typePublicatie")), "omschrijving") or text(row, "typePublicatie"))


def is_award(kind: str) -> bool:
    """Whether a kind of notice says that a contract was awarded."""
    return "gegund" in kind.casefold() or "gunning" in kind.casefold()


def modality_of(kind: str) -> str:
    """How sure a kind of notice is about a tender; empty when it is about something else (an award, a change)."""
    folded = kind.casefold()
    if "beëindiging" in folded or "ingetrokken" in folded:
        return "cancelled"
    if is_award(kind) or "rectificatie" in folded or "wijziging" in folded:
        return ""
    if "vooraankondiging" in folded or "marktconsultatie" in folded:
        return "planned"
    return "announced" if "aankondiging" in folded else ""
