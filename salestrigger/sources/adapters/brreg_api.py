"""Ask the Norwegian register: addresses, paging, batches, and telling an answer from a refusal. No mapping.

Every address it asks for, below the base address:

- ``/enheter?<query>&size=&page=`` · ``/enheter?organisasjonsnummer=a,b&size=`` · ``/enheter/<number>`` ·
  ``/enheter/<number>/roller``
- ``/oppdateringer/enheter?oppdateringsid=|dato=&size=&sort=id,ASC&includeChanges=true[&organisasjonsnummer=a,b]``
- the same with ``underenheter`` for ``enheter`` · ``/enheter/lastned`` · ``/roller/totalbestand``
- ``/oppdateringer/roller?afterId=|afterTime=&size=``
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from salestrigger.sources.adapters import Session
from salestrigger.sources.adapters.api_answer import refuse_if_said
from salestrigger.sources.adapters.brreg_records import number_of
from salestrigger.sources.adapters.json_strict import NotJsonError, read_json
from salestrigger.sources.errors import FetchError, ShapeError, SourceError
from salestrigger.sources.http import NotModified, Response

#: organisation numbers that one request may name
MAX_BATCH: Final = 100

#: size × (page + 1) may not exceed this
MAX_WINDOW: Final = 10_000

#: the entity end points serve a version of their own; the feeds are plain JSON
_JSON: Final = "application/json"


@dataclass(slots=True)
class Fetched:
    """Entities by number; those removed on legal grounds (410) and those the register does not know (404)."""

    found: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    at: dict[str, datetime] = field(default_factory=dict)  #: number → when it was fetched
    gone: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of a search."""

    entities: list[tuple[str, Mapping[str, Any]]]
    pages: int  #: how many there are
    total: int  #: how many entities the query finds
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Api:
    """The register at ``base``, asked through a session."""

    session: Session
    base: str
    batch_size: int = MAX_BATCH
    unit: str = "enheter"  #: or underenheter

    async def search_page(self, query: Mapping[str, Any], *, size: int, page: int) -> SearchPage:
        """One page of ``/enheter``; an answer without ``_embedded`` found nothing."""
        answer = await self._get(f"/{self.unit}", {**query, "size": size, "page": page}, accept=self._entity_json)
        data = self._data(answer)
        if not isinstance(data, Mapping) or not {"_embedded", "page"} & data.keys():
            raise ShapeError(answer.url, "a page of entities (_embedded, page)", type(data).__name__)
        embedded = data.get("_embedded", {self.unit: []})
        rows = embedded.get(self.unit) if isinstance(embedded, Mapping) else None
        if not isinstance(rows, list):
            raise ShapeError(answer.url, f"_embedded.{self.unit} as a list", str(embedded)[:80])
        entities = [(str(number_of(row) or ""), row) for row in rows if isinstance(row, Mapping)]
        paging = data.get("page")
        counts = paging if isinstance(paging, Mapping) else {}
        return SearchPage(entities, _count(counts, "totalPages"), _count(counts, "totalElements"), answer.fetched_at)

    async def entities(self, numbers: Sequence[str]) -> Fetched:
        """The organisations, in batches; those that a batch does not give are asked for one by one.

        A search leaves deleted and removed ones out, and only the single address says which of the two it is.
        """
        fetched = Fetched()
        if self.batch_size > 1:
            for batch in _batches(numbers, self.batch_size):
                page = await self.search_page({"organisasjonsnummer": ",".join(batch)}, size=len(batch), page=0)
                for number, entity in page.entities:
                    if number in batch:
                        fetched.found[number], fetched.at[number] = entity, page.fetched_at
        for number in numbers:
            if number not in fetched.found:
                await self._single(number, fetched)
        return fetched

    async def roles(self, number: str) -> Any | None:
        """The roles of one organisation; None when it has none any more."""
        answer = await self._get(f"/enheter/{number}/roller", {}, accept=_JSON, absent_ok=True, keep=False)
        return self._data(answer) if answer.status == 200 else None

    async def updates(
        self, where: Mapping[str, Any], *, size: int, organizations: Iterable[str] = ()
    ) -> tuple[Any, str, datetime]:
        """One page of the change feed, its address and when it was fetched."""
        query = {**where, "size": size, "sort": "id,ASC", "includeChanges": "true"}
        if only := ",".join(organizations):
            query["organisasjonsnummer"] = only
        answer = await self._get(f"/oppdateringer/{self.unit}", query, accept=_JSON)
        return self._data(answer), answer.url, answer.fetched_at

    async def role_events(self, where: Mapping[str, Any], *, size: int) -> tuple[Any, str]:
        """One page of the role feed and its address."""
        answer = await self._get("/oppdateringer/roller", {**where, "size": size}, accept=_JSON)
        return self._data(answer), answer.url

    @property
    def _entity_json(self) -> str:
        kind = self.unit.removesuffix("er")
        return f"application/vnd.brreg.enhetsregisteret.{kind}.v2+json, application/json;q=0.9"

    async def _single(self, number: str, fetched: Fetched) -> None:
        """One organisation into ``fetched``."""
        answer = await self._get(f"/{self.unit}/{number}", {}, accept=self._entity_json, absent_ok=True)
        if answer.status == 410:
            fetched.gone.append(number)
        elif answer.status == 404:
            fetched.unknown.append(number)
        else:
            entity = self._data(answer)
            if not isinstance(entity, Mapping) or number_of(entity) != number:
                raise ShapeError(answer.url, f"the entity {number}", type(entity).__name__)
            fetched.found[number], fetched.at[number] = entity, answer.fetched_at

    async def _get(
        self, path: str, query: Mapping[str, Any], *, accept: str, absent_ok: bool = False, keep: bool = True
    ) -> Response:
        """An answer whose body is wanted whatever we have seen before; 404 and 410 only where they mean something."""
        url = f"{self.base}{path}"
        if query:
            # the register takes commas and colons as they are; a boolean is written in lower case
            plain = {key: str(value).lower() if isinstance(value, bool) else value for key, value in query.items()}
            url += f"?{urlencode(plain, safe=',:')}"
        answer = await self.session.get(url, headers={"accept": accept}, conditional=False, keep=keep)
        if isinstance(answer, NotModified):
            raise FetchError(url, "http_304", "an unconditional request has no unchanged answer")
        if answer.status != 200 and not (absent_ok and answer.status in {404, 410}):
            raise FetchError(url, f"http_{answer.status}")
        return answer

    def _data(self, answer: Response) -> Any:
        """The body as JSON.

        Raises:
            SourceError: reason ``refused``, when it is the register's text for too many requests, or its error object,
                sent with status 200.
            ShapeError: it is not JSON.
        """
        try:
            data = read_json(answer.body)
        except NotJsonError as error:
            refuse_if_said(self.session, answer.body, answer.url)
            raise ShapeError(answer.url, "JSON", f"{error}: {answer.body[:60]!r}") from None
        status = data.get("status") if isinstance(data, Mapping) else None
        if isinstance(status, int) and status >= 400:
            raise self._refused(answer)
        return data

    def _refused(self, answer: Response) -> SourceError:
        text = answer.body[:120].decode("utf-8", "replace")
        message = f"{answer.url!r} answered 200 with an error text: {text!r}"
        return SourceError(message, source=self.session.spec.id, reason="refused")


def _batches(numbers: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (numbers[start : start + size] for start in range(0, len(numbers), size))


def _count(paging: Mapping[str, Any], key: str) -> int:
    value = paging.get(key)
    return value if isinstance(value, int) else 0
