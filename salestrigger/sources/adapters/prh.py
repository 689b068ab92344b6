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

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.api_answers import ask, object_of, rows_of
from salestrigger.sources.adapters.bulk_json import rows_in, with_download
from salestrigger.sources.adapters.days_read import Paging
from salestrigger.sources.adapters.json_strict import NotJsonError
from salestrigger.sources.adapters.national_ids import national_id
from salestrigger.sources.adapters.prh_records import PUBLIC_URL, SCHEME, changes_of, is_housing, number_of, record_of
from salestrigger.sources.adapters.register_maker import RegisterMaker
from salestrigger.sources.adapters.register_values import day_of
from salestrigger.sources.declare import Declaration
from salestrigger.sources.records import Collected, OrgChange, OrgRecord


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
        total = await _pages(session, options.query, options, found)
        if total > options.max_companies:
            found.notes.append(f"the query finds {total} companies; read up to {options.max_companies} (max_companies)")
    elif options.mode == "new":
        cursor = await _new(session, options, found)
    else:
        cursor = await _changed(session, options, found)
    return Collected(
        records=tuple(found.records.values()), changes=tuple(found.changes.values()), cursor=cursor,
        set_aside=tuple(found.set_aside), notes=tuple(found.notes),
    )  # fmt: skip


async def _new(session: Session, options: Options, found: _Found) -> dict[str, Any]:
    """Registered since the day before the last run: registrations of a day arrive until its end.

    More than ``max_companies`` are read day by day, each to its end, and the next run goes on with the day after.
    """
    since = day_of(session.cursor.get("since")) or session.now.date() - timedelta(days=options.first_days)
    today = session.now.date()
    total = await _pages(session, {**options.query, "registrationDateStart": since.isoformat()}, options, found)
    if total <= options.max_companies:
        return {"since": max(today - timedelta(days=1), since).isoformat()}
    read, day = 0, since
    while day <= today and read < options.max_companies:
        # a day more at the end: whether the end is part of it is not written down
        window = {
            "registrationDateStart": day.isoformat(),
            "registrationDateEnd": (day + timedelta(days=1)).isoformat(),
        }
        read += await _pages(session, {**options.query, **window}, options, found, to_the_end=True)
        day += timedelta(days=1)
    if day > today:
        return {"since": max(today - timedelta(days=1), since).isoformat()}
    found.notes.append(f"{total} companies, read those before {day} (max_companies); the next run goes on from there")
    return {"since": day.isoformat()}


async def _pages(
    session: Session, query: Mapping[str, str], options: Options, found: _Found, *, to_the_end: bool = False
) -> int:
    """Page by page, to the end or to ``max_companies``; how many companies the query finds."""
    numbers: set[str] = set()
    page, paging = 0, Paging()
    while True:
        page += 1
        rows, total = await _page(session, {**query, "page": str(page)}, found)
        numbers |= set(rows)
        if not paging.goes_on(rows) or not rows or len(numbers) >= total:
            return total
        if len(numbers) >= options.max_companies and not to_the_end:
            return total


async def _page(session: Session, query: Mapping[str, str], found: _Found) -> tuple[list[str], int]:
    """One page: the numbers of its companies, and how many the query finds."""
    answer = await ask(session, f"{session.spec.url.rstrip('/')}/companies", query=query)
    data = object_of(session, answer, "companies")
    rows = rows_of(data, "companies")
    for row in rows:
        found.add(row, answer.fetched_at)
    total = data.get("totalResults")
    return [number_of(row) or str(row)[:80] for row in rows], total if isinstance(total, int) else 0


async def _changed(session: Session, options: Options, found: _Found) -> dict[str, Any]:
    """The daily file: a zip with one array. The day before the last run is read again, since its clock is not ours."""
    since = day_of(session.cursor.get("modified")) or session.now.date() - timedelta(days=options.first_days)
    url = f"{session.spec.url.rstrip('/')}/all_companies"
    following = since

    def read(path: Path) -> None:
        nonlocal following
        following = _since(path, since, found, session.now, options.max_companies)

    await with_download(session, url, read, expected="a zip with one array of companies")
    return {"modified": following.isoformat()}


def _since(path: Path, since: date, found: _Found, now: datetime, limit: int) -> date:
    """Add the companies modified since a day, whole days only; the day from which the next run reads."""
    counts = Counter(day for day, _ in _modified(path, date.min))
    if not counts:
        raise NotJsonError("no company with a lastModified")
    counts = Counter({day: count for day, count in counts.items() if day >= since})
    if not counts:
        return since
    until = _last_day(counts, limit)
    for day, row in _modified(path, since):
        if day <= until:
            found.add(row, now)
    if until < max(counts):
        found.notes.append(f"read those changed up to {until} (max_companies); the next run goes on from there")
        return until + timedelta(days=1)
    return max(until - timedelta(days=1), since)


def _last_day(counts: Mapping[date, int], limit: int) -> date:
    """The last day that is read. The first one was mostly read before, and one more is needed to get on."""
    days = sorted(counts)
    read = 0
    for before, day in pairwise(days):
        if read and read + counts[day] > limit:
            return before
        read += counts[day]
    return days[-1]


def _modified(path: Path, since: date) -> Iterator[tuple[date, Mapping[str, Any]]]:
    """The day and the row of each company of the file that was modified since a day."""
    with rows_in(path) as rows:
        for row in rows:
            day = day_of(row.get("lastModified"))
            if day is not None and day >= since:
                yield day, row
