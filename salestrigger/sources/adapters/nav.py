"""The adapter for NAV's vacancy feed (pam-stilling-feed): the vacancies of the employers that one follows.

::

    page ─► next page … ─► the last one, asked again with its ETag
      └─ entry of a watched employer's name ─► its details ─► organisation number ─► document, counts

The feed has no filter: an entry says the employer's name, only its details say the number, so ``names`` decides whose
details are asked for. A vacancy that becomes inactive loses its text here too, as the terms ask. Contact persons are
not read, and details are not kept. https://navikt.github.io/pam-stilling-feed
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urljoin

from pydantic import Field

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.api_answer import data_of, json_of, mapping, rows, text
from salestrigger.sources.adapters.item_build import MAX_TEXT, MAX_TITLE, plain
from salestrigger.sources.adapters.item_dates import parse_date
from salestrigger.sources.adapters.job_boards import Ad
from salestrigger.sources.adapters.jobs_notices import surges_of
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import FetchError, ShapeError
from salestrigger.sources.http import NotModified
from salestrigger.sources.records import Collected, Document, Identifier, content_id
from salestrigger.sources.text import canonical_url, clean_text

SCHEME = "NO-BRC"
WITHDRAWN = "Vacancy withdrawn"

#: words of a name that do not tell one employer from another
_ENDINGS = (" as", " asa", " sa")


class Options(Declaration):
    """The ``[options]`` of the feed."""

    names: tuple[str, ...] = Field(default=(), description="employers whose vacancies are read; empty: everybody's")
    first_days: int = Field(default=1, ge=0, le=365, description="how far back the first run looks")
    max_pages: int = Field(default=200, ge=1, le=10_000, description="pages per run")
    max_details: int = Field(default=500, ge=1, le=10_000, description="vacancies per run; the rest waits")


@dataclass(slots=True)
class _Run:
    """What a run has found so far; ``ads`` and ``counts`` are by organisation number."""

    session: Session
    options: Options
    headers: Mapping[str, str]
    ads: dict[str, dict[str, list[str]]]  #: number → vacancy → title, place, employer
    counts: dict[str, Any]
    documents: list[Document] = field(default_factory=list)
    set_aside: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    details: int = 0


async def collect(session: Session) -> Collected:
    """The vacancies that changed since the last run.

    Raises:
        FetchError: reason ``no_key``; or the feed does not answer. ShapeError: it is no page of the feed.
    """
    options = options_of(session.spec, Options)
    # the public token stands at the end of a sentence, which people paste as it is
    token = session.key().split()[-1]
    old = session.cursor
    run = _Run(
        session, options, {"authorization": f"Bearer {token}"}, dict(old.get("ads", {})), dict(old.get("counts", {}))
    )
    page, done = await _pages(run, old.get("page"), list(old.get("done", ())))
    _count(run)
    cursor = {"page": page, "done": done, "is_cut": bool(run.notes), "ads": run.ads, "counts": run.counts}
    return Collected(tuple(run.documents), set_aside=tuple(run.set_aside), cursor=cursor, notes=tuple(run.notes))


async def _pages(run: _Run, page: str | None, done: list[str]) -> tuple[str | None, list[str]]:
    """Follow the chain; the page to go on from, and which of its entries are done."""
    for _ in range(run.options.max_pages):
        data = await _page(run, page)
        if data is None:
            return page, done
        page = urljoin(run.session.spec.url, text(data, "feed_url")) if text(data, "feed_url") else page
        for item in rows(data.get("items")):
            mark = f"{text(item, 'id')}@{text(item, 'date_modified')}"
            if mark in done:
                continue
            if run.details >= run.options.max_details:
                run.notes.append(
                    f"stopped after {run.details} vacancies (max_details); the next run goes on from there"
                )
                return page, done
            await _entry(run, item)
            done.append(mark)
        if not text(data, "next_url"):
            return page, done
        page, done = urljoin(run.session.spec.url, text(data, "next_url")), []
    run.notes.append(f"stopped after {run.options.max_pages} pages (max_pages); the next run goes on from there")
    return page, done


async def _page(run: _Run, page: str | None) -> Mapping[str, Any] | None:
    """One page of the feed; None when it has not changed since."""
    session, headers = run.session, {"accept": "application/json", **run.headers}
    if page is None:
        since = session.now - timedelta(days=run.options.first_days)
        headers["if-modified-since"] = format_datetime(since, usegmt=True)
    # a page that was left in the middle must be seen again though it did not change
    conditional = page is not None and not run.session.cursor.get("is_cut")
    answer = await session.get(page or session.spec.url, headers=headers, conditional=conditional)
    if isinstance(answer, NotModified):
        return None
    if answer.status != 200:
        raise FetchError(answer.request_url, f"http_{answer.status}")
    data = json_of(session, answer)
    if not isinstance(data, Mapping) or not isinstance(data.get("items"), list):
        raise ShapeError(answer.url, "a page of the feed with items", type(data).__name__)
    return data


async def _entry(run: _Run, item: Mapping[str, Any]) -> None:
    """One change: a vacancy that ended leaves, one of a watched employer is read."""
    entry = mapping(item.get("_feed_entry"))
    number, status = text(entry, "uuid") or text(item, "id"), text(entry, "status")
    if not number or not status:
        run.set_aside.append((text(item, "id", "title")[:80] or "an entry", "an entry without an id or a status"))
    elif status != "ACTIVE":
        _withdraw(run, number)
    elif _is_wanted(text(entry, "businessName"), run.options.names):
        run.details += 1
        address = urljoin(run.session.spec.url, text(item, "url") or f"/api/v1/feedentry/{number}")
        data = await data_of(run.session, address, headers=run.headers, absent=frozenset({404, 410}), keep=False)
        if data is None:
            _withdraw(run, number)
        else:
            _take(run, number, mapping(data), fallback=text(entry, "businessName"))


def _take(run: _Run, number: str, data: Mapping[str, Any], *, fallback: str) -> None:
    """A vacancy's details as a document, and into the employer's open ones."""
    if text(data, "status") not in {"", "ACTIVE"}:
        _withdraw(run, number)
        return
    document = document_of(number, mapping(data.get("json")), run.session, fallback=fallback)
    if document is None:
        run.set_aside.append((number, "a vacancy without a title or an employer"))
        return
    run.documents.append(document)
    for identifier in document.identifiers:
        place = _place(mapping(data.get("json")))
        run.ads.setdefault(identifier.value, {})[number] = [document.title, place, document.issuer or ""]


def document_of(number: str, ad: Mapping[str, Any], session: Session, *, fallback: str = "") -> Document | None:
    """One vacancy; None without a title or an employer. The number may be that of a branch."""
    employer = mapping(ad.get("employer"))
    name, title = clean_text(text(employer, "name") or fallback), plain(text(ad, "title", "jobtitle"), limit=MAX_TITLE)
    if not title or not name:
        return None
    orgnr = "".join(text(employer, "orgnr").split())
    is_number = len(orgnr) == 9 and orgnr.isascii() and orgnr.isdigit()
    fields = {
        "Company": name,
        "Location": _place(ad),
        "Positions": text(ad, "positioncount"),
        "Apply by": text(ad, "applicationDue"),
    }
    first = " ".join(f"{label}: {clean_text(value)}." for label, value in fields.items() if value)
    return Document(
        document_id=content_id("doc", session.spec.id, number),
        source_id=session.spec.id,
        key=number,
        url=canonical_url(text(ad, "link", "sourceurl")),
        title=title,
        text=f"{first}\n{plain(text(ad, 'description'), limit=MAX_TEXT - 2000, lines=True)}".strip(),
        fetched_at=session.now,
        language=session.spec.language,
        published_at=parse_date(text(ad, "published"), now=session.now),
        updated_at=parse_date(text(ad, "updated"), now=session.now),
        kind="job_ad",
        issuer=name,
        identifiers=(Identifier(SCHEME, orgnr),) if is_number else (),
    )


def _withdraw(run: _Run, number: str) -> None:
    """A vacancy that we hold loses its text; one that we never had is nothing to us."""
    for employer, held in run.ads.items():
        if held.pop(number, None):
            run.documents.append(
                Document(
                    document_id=content_id("doc", run.session.spec.id, number),
                    source_id=run.session.spec.id,
                    key=number,
                    url="",
                    title=WITHDRAWN,
                    text="",
                    fetched_at=run.session.now,
                    language="en",
                    kind="job_ad",
                    identifiers=(Identifier(SCHEME, employer),),
                )
            )


def _count(run: _Run) -> None:
    """What is open at each employer against its own past."""
    session = run.session
    ads = {
        number: [Ad(key, title, place=place, company=name) for key, (title, place, name) in held.items()]
        for number, held in run.ads.items()
    }
    run.documents += surges_of(ads, run.counts, scheme=SCHEME, source_id=session.spec.id, now=session.now)
    run.ads = {number: held for number, held in run.ads.items() if held}


def _is_wanted(name: str, names: tuple[str, ...]) -> bool:
    """Whether an employer's name holds one of those that are watched, as whole words and without its legal form."""
    if not names:
        return True
    held = f" {clean_text(name).casefold()} "
    return any(f" {_bare(wanted)} " in held for wanted in names)


def _bare(name: str) -> str:
    folded = clean_text(name).casefold()
    for ending in _ENDINGS:
        folded = folded.removesuffix(ending)
    return folded


def _place(ad: Mapping[str, Any]) -> str:
    places = (text(row, "city", "municipal", "county") for row in rows(ad.get("workLocations")))
    return ", ".join(dict.fromkeys(place for place in places if place))
