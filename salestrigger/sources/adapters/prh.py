"""The adapter for the Finnish business information system (PRH's YTJ open data, v3): ways to ask it, by ``mode``.

======== ============================================================================================
search   the companies that ``query`` finds, to the end or to ``max_companies`` (which is noted)
watch    the companies of ``organizations``
new      the companies registered since the last run
changed  the daily file of all companies: those last modified since the last run
======== ============================================================================================

https://avoindata.prh.fi/en/ytj. No key; CC BY 4.0. There is no feed of changes: ``changed`` reads the whole file and
goes by ``lastModified``. Reading is in prh_records. Housing companies are left out.
"""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.api_answers import ask, object_of, rows_of
from salestrigger.sources.adapters.json_stream import objects_in
from salestrigger.sources.adapters.json_strict import NotJsonError
from salestrigger.sources.adapters.national_ids import national_id
from salestrigger.sources.adapters.prh_records import PUBLIC_URL, SCHEME, changes_of, is_housing, number_of, record_of
from salestrigger.sources.adapters.register_maker import RegisterMaker
from salestrigger.sources.adapters.register_values import day_of
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import ShapeError
from salestrigger.sources.records import Collected, OrgChange, OrgRecord

PAGE = 100  #: companies per page, as the API has it


class Options(Declaration):
    """The ``[options]`` of YTJ."""

    mode: Literal["search", "watch", "new", "changed"]
    query: dict[str, str] = Field(default_factory=dict, description="search: name, location, companyForm …")
    organizations: tuple[str, ...] = Field(default=(), description="watch: business ids")
    first_days: int = Field(default=7, ge=0, le=365, description="new, changed: how far back the first run looks")
    news_days: int = Field(default=90, ge=0, le=3650, description="a dated statement is news for so many days")
    max_companies: int = Field(default=10_000, ge=1, le=1_000_000)

    @field_validator("organizations")
    @classmethod
    def _numbers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            if national_id("FI", text) is None:
                raise ValueError(f"{text!r} is not a business id, as 0112038-9")
        return tuple(dict.fromkeys(str(national_id("FI", text)).removeprefix(f"{SCHEME}-") for text in value))

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.mode == "watch" and not self.organizations:
            raise ValueError("mode 'watch' needs organizations, a list of business ids")
        return self


@dataclass(slots=True)
class _Found:
    """What a run has read so far."""

    source_id: str
    maker: RegisterMaker
    records: dict[str, OrgRecord] = field(default_factory=dict)
    changes: dict[str, OrgChange] = field(default_factory=dict)
    set_aside: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, row: Mapping[str, Any], fetched_at: datetime) -> None:
        """One company; housing companies are left out, one without a name is set aside."""
        if is_housing(row):
            return
        record = record_of(row, source_id=self.source_id, fetched_at=fetched_at)
        if record is None:
            self.set_aside.append((number_of(row) or str(row)[:80], "a company without a business id or a name"))
            return
        self.records[record.identifier] = record
        if not record.is_sole_proprietor:
            self.changes |= {change.change_id: change for change in changes_of(row, record, self.maker)}


async def collect(session: Session) -> Collected:
    """The companies that the mode asks for, and what their dates tell.

    Raises:
        FetchError: PRH does not answer. ShapeError: it answers with something else.
    """
    options = options_of(session.spec, Options)
    found = _Found(session.spec.id, RegisterMaker(SCHEME, session.spec.id, session.now, PUBLIC_URL, options.news_days))
    cursor: Mapping[str, Any] = {}
    if options.mode == "watch":
        for number in options.organizations:
            await _page(session, {"businessId": number}, found)
            if number not in found.records:
                found.set_aside.append((f"{SCHEME}-{number}", "not in the register"))
    elif options.mode == "search":
        await _pages(session, options.query, options, found)
    elif options.mode == "new":
        cursor = await _new(session, options, found)
    else:
        cursor = await _changed(session, options, found)
    return Collected(
        records=tuple(found.records.values()), changes=tuple(found.changes.values()), cursor=cursor,
        set_aside=tuple(found.set_aside), notes=tuple(found.notes),
    )  # fmt: skip


async def _new(session: Session, options: Options, found: _Found) -> dict[str, Any]:
    """Registered since the day before the last run: registrations of a day arrive until its end."""
    since = day_of(session.cursor.get("since")) or session.now.date() - timedelta(days=options.first_days)
    query = {**options.query, "registrationDateStart": since.isoformat()}
    complete = await _pages(session, query, options, found)
    until = session.now.date() - timedelta(days=1)
    return {"since": (max(until, since) if complete else since).isoformat()}


async def _pages(session: Session, query: Mapping[str, str], options: Options, found: _Found) -> bool:
    """Page by page; whether the end was reached."""
    page = read = 0
    while True:
        page += 1
        rows, total = await _page(session, {**query, "page": str(page)}, found)
        read += rows
        if not rows or read >= total:
            return True
        if read >= options.max_companies:
            found.notes.append(f"read {read} of the {total} companies that the query finds (max_companies)")
            return False


async def _page(session: Session, query: Mapping[str, str], found: _Found) -> tuple[int, int]:
    """One page: how many companies it has, and how many the query finds."""
    answer = await ask(session, f"{session.spec.url.rstrip('/')}/companies", query=query)
    data = object_of(session, answer, "companies")
    rows = rows_of(data, "companies")
    for row in rows:
        found.add(row, answer.fetched_at)
    total = data.get("totalResults")
    return len(rows), total if isinstance(total, int) else 0


async def _changed(session: Session, options: Options, found: _Found) -> dict[str, Any]:
    """The daily file: a zip with one array. The day before the last run is read again, since its clock is not ours."""
    since = day_of(session.cursor.get("modified")) or session.now.date() - timedelta(days=options.first_days)
    url = f"{session.spec.url.rstrip('/')}/all_companies"
    answer = await ask(session, url, headers={"accept": "*/*"}, size="bulk", keep=False)
    try:
        latest = await asyncio.to_thread(_since, answer.body, since, found, session.now, options.max_companies)
    except (zipfile.BadZipFile, NotJsonError, NotImplementedError) as error:
        raise ShapeError(answer.url, "a zip with one array of companies", str(error)[:120]) from None
    return {"modified": (latest - timedelta(days=1)).isoformat()}


def _since(body: bytes, since: date, found: _Found, now: datetime, limit: int) -> date:
    """Add the companies modified since a day; the latest day seen. One over the limit is the next run's."""
    latest = since
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        names = [info for info in archive.infolist() if info.filename.lower().endswith(".json")]
        if len(names) != 1 or names[0].file_size > 200 * max(len(body), 1 << 20):
            raise zipfile.BadZipFile(f"{len(names)} JSON files, or one that expands too far")
        with archive.open(names[0]) as stream:
            for row in objects_in(stream):
                day = day_of(row.get("lastModified")) if isinstance(row, Mapping) else None
                if day is None or day < since:
                    continue
                if len(found.records) >= limit:
                    found.notes.append(f"stopped after {limit} companies (max_companies); more have changed")
                    return since + timedelta(days=1)
                latest = max(latest, day)
                found.add(row, now)
    return latest
