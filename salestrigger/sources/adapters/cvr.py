"""The adapter for the Danish register (CVR): search, watched companies, or all that changed since the last run.

http://distribution.virk.dk/cvr-permanent (Elasticsearch; Basic authentication, free access by e-mail to
cvrselvbetjening@erst.dk). Pages go by ``search_after`` on the CVR number, since a window holds 3 000 hits only. The
key is user and password, joined by a colon. Text fields are analysed: they are asked with ``match``. E-mail, telephone,
owners and the board (``deltagerRelation``) are not even asked for.
Reading is in cvr_records.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.api_answers import ask, basic, object_of, part_of, rows_of
from salestrigger.sources.adapters.cvr_records import PUBLIC_URL, SCHEME, changes_of, company_in, record_of
from salestrigger.sources.adapters.national_ids import national_id
from salestrigger.sources.adapters.register_maker import RegisterMaker
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import ShapeError
from salestrigger.sources.records import Collected, OrgChange, OrgRecord

#: of the documents only what is read: the register's are large, and mostly about persons
FIELDS = (
    "Vrvirksomhed.cvrNummer", "Vrvirksomhed.reklamebeskyttet", "Vrvirksomhed.virksomhedMetadata",
    "Vrvirksomhed.navne", "Vrvirksomhed.binavne", "Vrvirksomhed.livsforloeb", "Vrvirksomhed.sidstOpdateret",
    "Vrvirksomhed.hjemmeside", "Vrvirksomhed.beliggenhedsadresse", "Vrvirksomhed.virksomhedsstatus",
)  # fmt: skip


class Options(Declaration):
    """The ``[options]`` of CVR."""

    mode: Literal["search", "watch", "changed"]
    query: dict[str, Any] = Field(default_factory=dict, description="search, changed: a query of Elasticsearch")
    organizations: tuple[str, ...] = Field(default=(), description="watch: CVR numbers, eight digits each")
    first_days: int = Field(default=2, ge=0, le=365, description="changed: how far back the first run looks")
    news_days: int = Field(default=30, ge=0, le=3650)
    leave_out: tuple[str, ...] = Field(
        default=("ENK", "PMV"), description="forms to leave out, as the register has them"
    )
    page_size: int = Field(default=500, ge=1, le=3_000)
    max_companies: int = Field(default=20_000, ge=1, le=2_000_000)

    @field_validator("organizations")
    @classmethod
    def _numbers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            if national_id("DK", text) is None:
                raise ValueError(f"{text!r} is not a CVR number, which has eight digits and a check")
        return tuple(dict.fromkeys(str(national_id("DK", text)).rpartition("-")[2] for text in value))

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.mode == "watch" and not self.organizations:
            raise ValueError("mode 'watch' needs organizations, a list of CVR numbers")
        if self.mode == "search" and not self.query:
            raise ValueError("mode 'search' needs query, a query of Elasticsearch")
        return self


async def collect(session: Session) -> Collected:
    """The companies that the mode asks for, and what their periods tell.

    Raises:
        FetchError: the register does not answer, or there is no key. ShapeError: it answers with something else.
    """
    options = options_of(session.spec, Options)
    maker = RegisterMaker(SCHEME, session.spec.id, session.now, PUBLIC_URL, options.news_days)
    records: dict[str, OrgRecord] = {}
    changes: dict[str, OrgChange] = {}
    aside: list[tuple[str, str]] = []
    notes: list[str] = []
    until = session.now.astimezone(UTC)
    since = session.cursor.get("since") or (until - timedelta(days=options.first_days)).isoformat()
    after: Any = session.cursor.get("after")
    begun = session.cursor.get("begun") or until.isoformat()
    while True:
        hits = await _page(session, query_of(options, since), after, options)
        for hit in hits:
            row = company_in(hit)
            record = record_of(row, source_id=session.spec.id, fetched_at=session.now)
            if record is None:
                aside.append((str(hit.get("_id", "hit"))[:80], "a company without a number or a name"))
            elif record.legal_form not in options.leave_out:
                records[record.identifier] = record
                changes |= {change.change_id: change for change in changes_of(row, record, maker)}
        previous, after = after, hits[-1].get("sort") if hits else None
        if after is not None and after == previous:
            raise ShapeError(session.spec.url, "another page behind a sort value", f"the same again: {after}"[:80])
        if len(hits) < options.page_size or not after:
            # what changed while the pages were read is asked for again: since the first page, not since now
            cursor = {"since": begun} if options.mode == "changed" else {}
            break
        if len(records) >= options.max_companies:
            notes.append(f"stopped after {len(records)} companies (max_companies); the next run goes on from there")
            cursor = {"since": since, "after": after, "begun": begun} if options.mode == "changed" else {}
            break
    aside += [
        (f"{SCHEME}-{number}", "not in the register")
        for number in options.organizations
        if options.mode == "watch" and number not in records
    ]
    return Collected(
        records=tuple(records.values()), changes=tuple(changes.values()), cursor=cursor,
        set_aside=tuple(aside), notes=tuple(notes),
    )  # fmt: skip


def query_of(options: Options, since: str) -> dict[str, Any]:
    """The query of a mode."""
    if options.mode == "watch":
        return {"terms": {"Vrvirksomhed.cvrNummer": [int(number) for number in options.organizations]}}
    if options.mode == "search":
        return options.query
    changed: dict[str, Any] = {"range": {"Vrvirksomhed.sidstOpdateret": {"gte": _stamp(since)}}}
    return {"bool": {"filter": [changed, *([options.query] if options.query else [])]}}


async def _page(session: Session, query: Mapping[str, Any], after: Any, options: Options) -> list[Mapping[str, Any]]:
    body: dict[str, Any] = {
        "query": query, "size": options.page_size, "_source": list(FIELDS),
        "sort": [{"Vrvirksomhed.cvrNummer": "asc"}],
    }  # fmt: skip
    if after:
        body["search_after"] = after
    user, _, password = session.key().partition(":")
    answer = await ask(session, session.spec.url, headers=basic(user, password), post=json.dumps(body).encode())
    data = object_of(session, answer, "hits")
    if data.get("timed_out") is True or not isinstance(part_of(data, "hits").get("hits"), list):
        raise ShapeError(answer.url, "hits.hits, complete", str(data)[:120])
    return rows_of(part_of(data, "hits"), "hits")


def _stamp(text: str) -> str:
    """A time as the index has it: milliseconds and an offset."""
    moment = datetime.fromisoformat(text).astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
