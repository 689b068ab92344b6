"""The adapter for GLEIF, who has which legal entity identifier (LEI): four ways to ask it, chosen by ``mode``.

======== ============================================================================================
delta    the golden copy's changes since the last run: the smallest delta file that covers the gap
universe the whole golden copy once (and again after a gap that no delta covers), then the deltas
search   the records that the API finds for ``query``, to the end or to ``max_records`` (which is noted)
watch    the records of ``leis``, and their direct parents if asked
======== ============================================================================================

https://www.gleif.org/en/lei-data/gleif-golden-copy and https://www.gleif.org/en/lei-data/gleif-api. No key; CC0 1.0.
A record carries the number of its national register where GLEIF names one that we know, which is how registers are
joined. A parent that changed without its LEI record is said on its own. Funds are left out, sole proprietors stay out
of the index. Reading is in gleif_records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.api_answers import ask, object_of, part_of, rows_of
from salestrigger.sources.adapters.gleif_golden import FULL, file_of, load_file, load_parents
from salestrigger.sources.adapters.gleif_parents import Parents
from salestrigger.sources.adapters.gleif_records import (
    AUTHORITIES,
    PUBLIC_URL,
    SCHEME,
    authority_of,
    changes_of,
    plain_record,
    record_of,
)
from salestrigger.sources.adapters.kept_file import keep, kept
from salestrigger.sources.adapters.national_ids import lei_of
from salestrigger.sources.adapters.register_maker import RegisterMaker
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import ShapeError
from salestrigger.sources.http import Response
from salestrigger.sources.records import Collected, Identifier, OrgChange, OrgRecord, ParentChange, RecordFile

MAX_PAGE, MAX_WINDOW = 200, 10_000  #: records per page, and records that one search can page through

#: delta file → the time that it covers, the shortest first
DELTAS: Mapping[str, timedelta] = {
    "IntraDay": timedelta(hours=8),
    "LastDay": timedelta(days=1),
    "LastWeek": timedelta(days=7),
    "LastMonth": timedelta(days=31),
}


#: ways that read files of the golden copy
_FILES = ("delta", "universe")


class Options(Declaration):
    """The ``[options]`` of GLEIF."""

    mode: Literal["delta", "universe", "search", "watch"]
    countries: tuple[str, ...] = Field(default=(), description="delta, universe: of the legal address; none: all")
    query: dict[str, str] = Field(default_factory=dict, description="search: the API's filters, without filter[]")
    leis: tuple[str, ...] = Field(default=(), description="watch: twenty signs each")
    with_parents: bool = Field(default=False, description="search, watch: one more request per record")
    first_delta: Literal["IntraDay", "LastDay", "LastWeek", "LastMonth"] = "LastMonth"
    news_days: int = Field(default=30, ge=0, le=3650)
    max_records: int = Field(default=10_000, ge=1, le=10_000, description="search")
    page_size: int = Field(default=MAX_PAGE, ge=1, le=MAX_PAGE)

    @field_validator("leis")
    @classmethod
    def _valid(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            if lei_of(text) is None:
                raise ValueError(f"{text!r} is not a LEI: 18 letters or digits and two check digits")
        return tuple(dict.fromkeys(str(lei_of(text)).removeprefix("XI-LEI-") for text in value))

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.mode == "watch" and not self.leis:
            raise ValueError("mode 'watch' needs leis, a list of legal entity identifiers")
        if self.mode == "search" and not self.query:
            raise ValueError('mode \'search\' needs query, as {"entity.registeredAt" = "RA000463"}')
        return self


@dataclass(slots=True)
class _Found:
    """What a run has read so far."""

    source_id: str
    maker: RegisterMaker
    countries: tuple[str, ...]
    tells_parents: bool
    records: dict[str, OrgRecord] = field(default_factory=dict)
    changes: dict[str, OrgChange] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    record_file: RecordFile | None = None
    parents: tuple[ParentChange, ...] = ()
    left_out: int = 0  #: funds, and records without a name

    def add(self, row: Mapping[str, Any], fetched_at: datetime) -> None:
        """One record of any spelling, when it is of a wanted country."""
        record = self.read(row, fetched_at)
        if record is not None:
            self.records[record.identifier] = record

    def read(self, row: Mapping[str, Any], fetched_at: datetime) -> OrgRecord | None:
        """The record, when it is of a wanted country; what happened to it is kept here."""
        plain = plain_record(row)
        if self.countries and not self._is_wanted(plain):
            return None
        record = record_of(plain, source_id=self.source_id, fetched_at=fetched_at)
        if record is None:
            self.left_out += 1
            return None
        for change in changes_of(plain, record, self.maker):
            self.changes[change.change_id] = change
        return record

    def _is_wanted(self, plain: Mapping[str, Any]) -> bool:
        address = part_of(plain, "Entity", "LegalAddress").get("Country")
        return address in self.countries or AUTHORITIES.get(authority_of(plain)[0]) in self.countries

    def collected(self, cursor: Mapping[str, Any]) -> Collected:
        """All of it."""
        notes = [*self.notes, *([f"{self.left_out} funds or nameless records left out"] if self.left_out else [])]
        return Collected(
            records=tuple(self.records.values()),
            changes=tuple(self.changes.values()),
            cursor=cursor,
            notes=tuple(notes),
            record_file=self.record_file,
            parents=self.parents,
            tells_parents=self.tells_parents,
        )


async def collect(session: Session) -> Collected:
    """The records that the mode asks for, and the changes that their events tell.

    Raises:
        FetchError: GLEIF does not answer. ShapeError: it answers with something else.
    """
    options = options_of(session.spec, Options)
    maker = RegisterMaker(SCHEME, session.spec.id, session.now, PUBLIC_URL, options.news_days)
    countries = options.countries if options.mode in _FILES else ()
    found = _Found(session.spec.id, maker, countries, options.with_parents)
    modes = {"delta": _delta, "universe": _delta, "search": _search, "watch": _watch}
    return found.collected(await modes[options.mode](session, options, found))


async def _delta(session: Session, options: Options, found: _Found) -> dict[str, Any]:
    """The golden copy or a delta of it; nothing to do when its publication is the one that was read last."""
    base = session.spec.url.rstrip("/")
    latest, url = await _latest(session, f"{base}/lei2/latest.json")
    published = str(latest["publish_date"])
    if published == session.cursor.get("published"):
        return dict(session.cursor)
    first = FULL if options.mode == "universe" else options.first_delta
    name = _which(session.cursor.get("published"), published, first)
    if name is None and options.mode == "delta":
        found.notes.append("the last run was more than 31 days ago: records of before the largest delta are missing")
        name = "LastMonth"
    parents, state = Parents(), dict[str, Any]()
    if options.with_parents:
        parents, state = await _parents(session, base)
    await load_file(session, file_of(latest, name or FULL, url), found, parents)
    found.parents = tuple(_parent_change(*change) for change in parents.changed())
    return {"published": published, **state}


async def _latest(session: Session, url: str) -> tuple[Mapping[str, Any], str]:
    """What was published last, and the address that says so.

    Raises:
        ShapeError: it does not say when.
    """
    answer = await ask(session, url)
    latest = part_of(object_of(session, answer, "data"), "data")
    if not latest.get("publish_date"):
        raise ShapeError(answer.url, "data.publish_date", str(latest)[:120])
    return latest, answer.url


async def _parents(session: Session, base: str) -> tuple[Parents, dict[str, Any]]:
    """Who is whose parent: what was kept, with the relationships published since; and what the cursor must say."""
    content = kept(session, "parents", session.cursor.get("parents"))
    parents = Parents(content)
    latest, url = await _latest(session, f"{base}/rr/latest.json")
    published, last = str(latest["publish_date"]), session.cursor.get("parents_published") if content else None
    if published != last:
        name = _which(last, published, FULL) or FULL
        parents = parents.anew() if name == FULL else parents
        await load_parents(session, file_of(latest, name, url), parents)
    return parents, {"parents": keep(session, "parents", parents.content()), "parents_published": published}


def _parent_change(lei: str, before: str | None, after: str | None) -> ParentChange:
    was, now = (Identifier(SCHEME, parent) if parent else None for parent in (before, after))
    return ParentChange(f"{SCHEME}-{lei}", was, now)


def _which(last: Any, published: str, first: str) -> str | None:
    """The smallest delta that covers the time since the last run (``first``, if there was none); None: none does."""
    if not isinstance(last, str):
        return first
    try:
        gap = _moment(published) - _moment(last)
    except ValueError:
        return first
    return next((name for name, covers in DELTAS.items() if gap <= covers), None)


async def _search(session: Session, options: Options, found: _Found) -> dict[str, Any]:
    """Page by page."""
    size = min(options.page_size, options.max_records)
    query = {f"filter[{key}]": value for key, value in options.query.items()}
    page = 1
    while True:
        answer = await ask(
            session, f"{session.spec.url.rstrip('/')}/lei-records",
            query={**query, "page[size]": size, "page[number]": page},
            headers={"accept": "application/vnd.api+json"},
        )  # fmt: skip
        data = _page_of(session, answer)
        for row in rows_of(data, "data"):
            found.add(row, answer.fetched_at)
        total = part_of(data, "meta", "pagination").get("total")
        last = part_of(data, "meta", "pagination").get("lastPage")
        if not rows_of(data, "data") or not isinstance(last, int) or page >= last:
            break
        if len(found.records) >= options.max_records or size * (page + 1) > MAX_WINDOW:
            found.notes.append(f"read {page * size} of the {total} records that the query finds (max_records)")
            break
        page += 1
    if options.with_parents:
        await _ask_parents(session, found)
    return {}


def _page_of(session: Session, answer: Response) -> Mapping[str, Any]:
    data = object_of(session, answer, "data")
    if not isinstance(data["data"], list):
        raise ShapeError(answer.url, "data as a list of records", type(data["data"]).__name__)
    return data


async def _watch(session: Session, options: Options, found: _Found) -> dict[str, Any]:
    for start in range(0, len(options.leis), options.page_size):
        batch = options.leis[start : start + options.page_size]
        answer = await ask(
            session, f"{session.spec.url.rstrip('/')}/lei-records",
            query={"filter[lei]": ",".join(batch), "page[size]": len(batch)},
            headers={"accept": "application/vnd.api+json"},
        )  # fmt: skip
        for row in rows_of(_page_of(session, answer), "data"):
            found.add(row, answer.fetched_at)
    unknown = [lei for lei in options.leis if lei not in found.records]
    if unknown:
        found.notes.append(f"not found: {', '.join(unknown[:10])}")
    if options.with_parents:
        await _ask_parents(session, found)
    return {}


async def _ask_parents(session: Session, found: _Found) -> None:
    """The direct parent of every record, one request each; 404 is "none, or an exception is reported"."""
    for lei, record in list(found.records.items()):
        url = f"{session.spec.url.rstrip('/')}/lei-records/{lei}/direct-parent"
        answer = await ask(session, url, headers={"accept": "application/vnd.api+json"}, absent_ok=True)
        if answer.status != 200:
            continue
        row = part_of(object_of(session, answer, "data"), "data")
        parent = record_of(plain_record(row), source_id=found.source_id, fetched_at=answer.fetched_at) if row else None
        if parent is not None:
            found.records.setdefault(parent.identifier, parent)
            found.records[lei] = replace(record, parent=Identifier(SCHEME, parent.identifier))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.replace(" ", "T", 1))
    return moment.replace(tzinfo=None)
