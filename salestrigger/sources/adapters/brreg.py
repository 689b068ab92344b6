"""The adapter for the Norwegian register (Enhetsregisteret): six ways to ask it, chosen by ``mode``.

======== ======================================================================================================
search   every entity that ``query`` finds, to the end or to ``max_entities`` (which is then noted)
watch    the organisations of ``organizations``, with their roles if asked
changes  the change feed from where the last run stopped, and the organisations it names fetched again
roles    the role feed likewise, and who is managing director or chair now and was not before; with ``bulk``
         the file of all roles first says who was
universe the whole register from its bulk file, then the change feed from a day before that file was made
branches the change feed of branches (underenheter): those that were opened and closed
======== ======================================================================================================

API: https://data.brreg.no/enhetsregisteret/api/dokumentasjon. No key; licence NLOD 2.0 (attribution). Cursors: the
``oppdateringsid`` of the change feed is inclusive (the last one + 1 is stored), the ``afterId`` of the role feed is
exclusive. An error text with status 200 is a refusal. 410 means removed on legal grounds: the record's id is returned
as ``removed``. Reading the answers is in brreg_records, brreg_feed, brreg_changes and brreg_roles.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.brreg_api import MAX_BATCH, MAX_WINDOW, Api, Fetched
from salestrigger.sources.adapters.brreg_baseline import Baseline, saved
from salestrigger.sources.adapters.brreg_branches import branches
from salestrigger.sources.adapters.brreg_changes import changes_of_update
from salestrigger.sources.adapters.brreg_feed import RoleEvent, Update, read_role_events, read_updates
from salestrigger.sources.adapters.brreg_maker import Maker
from salestrigger.sources.adapters.brreg_records import date_of, record_id
from salestrigger.sources.adapters.brreg_role_bulk import load_roles
from salestrigger.sources.adapters.brreg_roles import changes_of_roles
from salestrigger.sources.adapters.brreg_universe import load_all
from salestrigger.sources.adapters.brreg_yield import Yield
from salestrigger.sources.declare import Declaration
from salestrigger.sources.records import Collected


class Options(Declaration):
    """The ``[options]`` of the register."""

    mode: Literal["search", "watch", "changes", "roles", "universe", "branches"]
    query: dict[str, str | int | bool] = Field(default_factory=dict, description="search: parameters of /enheter")
    organizations: tuple[str, ...] = Field(default=(), description="nine digits each; watch needs some")
    with_roles: bool = Field(default=False, description="watch: fetch the roles too, one request per organisation")
    news_days: int = Field(default=90, ge=0, le=3650, description="a dated field is news for so many days")
    first_days: int = Field(default=1, ge=0, le=365, description="how far back the first reading of a feed goes")
    max_entities: int = Field(default=1000, ge=1, le=MAX_WINDOW)
    max_events: int = Field(default=10_000, ge=1, le=100_000, description="events of a feed per run")
    page_size: int = Field(default=500, ge=1, le=MAX_WINDOW)
    batch_size: int = Field(default=MAX_BATCH, ge=1, le=MAX_BATCH, description="organisations per request; 1: singly")
    refetch: bool = Field(default=True, description="false: changes alone, the organisations are not fetched")
    bulk: bool = Field(default=False, description="roles: read the file of all roles first, as a baseline")
    reload_days: int = Field(default=0, ge=0, le=3650, description="read a bulk file anew after so many; 0: only once")
    leave_out: tuple[str, ...] = Field(default=(), description="organisation forms to leave out, as ENK")

    @field_validator("organizations")
    @classmethod
    def _numbers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        compact = tuple("".join(number.split()) for number in value)
        for number in compact:
            if not (number.isascii() and number.isdigit() and len(number) == 9):
                raise ValueError(f"{number!r} is not an organisation number, which has nine digits")
        return tuple(dict.fromkeys(compact))

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.mode == "watch" and not self.organizations:
            raise ValueError("mode 'watch' needs organizations, a list of organisation numbers")
        if self.mode != "search" and self.query:
            raise ValueError("query belongs to mode 'search'")
        if self.bulk and self.mode != "roles":
            raise ValueError("bulk belongs to mode 'roles'; mode 'universe' reads its file anyway")
        if not self.refetch and self.leave_out:
            raise ValueError("leave_out needs refetch: only the organisation says its form")
        return self


async def collect(session: Session) -> Collected:
    """The records and changes that the mode asks for.

    Raises:
        FetchError: the register does not answer.
        ShapeError: it answers with something else.
        SourceError: reason ``refused``, it answers that we ask too much.
    """
    options = options_of(session.spec, Options)
    maker = Maker(session.spec.id, session.now, options.news_days)
    found = Yield(session.spec.id, maker, options.leave_out)
    unit = "underenheter" if options.mode == "branches" else "enheter"
    api = Api(session, session.spec.url.rstrip("/"), options.batch_size, unit)
    modes = {
        "search": _search, "watch": _watch, "changes": _changes, "roles": _roles, "universe": _universe,
        "branches": _branches,
    }  # fmt: skip
    return found.collected(await modes[options.mode](api, options, found))


async def _search(api: Api, options: Options, found: Yield) -> dict[str, Any]:
    """Page by page; the register gives at most MAX_WINDOW entities for one query."""
    size = min(options.page_size, options.max_entities)
    read = page = 0
    while True:
        answer = await api.search_page(options.query, size=size, page=page)
        for number, entity in answer.entities[: options.max_entities - read]:
            found.add_entity(number, entity, answer.fetched_at)
        read, page = read + len(answer.entities), page + 1
        if not answer.entities or page >= answer.pages:
            return {}
        if read >= options.max_entities or size * (page + 1) > MAX_WINDOW:
            seen = min(read, options.max_entities)
            found.notes.append(f"read {seen} of the {answer.total} entities that the query finds (max_entities)")
            return {}


async def _watch(api: Api, options: Options, found: Yield) -> dict[str, Any]:
    fetched = await api.entities(options.organizations)
    found.add_missing(fetched)
    for number, entity in fetched.found.items():
        found.add_entity(number, entity, fetched.at[number])
        if options.with_roles and found.wants(entity):
            await _add_roles(api, number, entity, found)
    return {}


async def _universe(api: Api, options: Options, found: Yield) -> dict[str, Any]:
    """The bulk file first, and then what changed since: joined by time, and by what each change is made of."""
    loaded = api.session.cursor.get("loaded_at")
    if loaded and not _is_due(options.reload_days, loaded, api.session.now):
        return dict(api.session.cursor) | await _changes(api, options, found)
    made_at = await load_all(api.session, api.base, found, news_days=options.news_days)
    # the file is made at night from a state that is some hours older
    since = _first_moment(made_at, 1)
    return {"loaded_at": api.session.now.isoformat(), "since": since}


def _is_due(reload_days: int, loaded: str | None, now: datetime) -> bool:
    """Whether a bulk file is to be read again; 0 days: never."""
    if not reload_days or not loaded:
        return False
    return datetime.fromisoformat(loaded) + timedelta(days=reload_days) <= now


async def _branches(api: Api, options: Options, found: Yield) -> dict[str, Any]:
    updates, next_id = await _read_updates(api, options, found)
    await branches(api, updates, found, parents=frozenset(options.organizations))
    return {"next_id": next_id} if next_id is not None else {}


async def _changes(api: Api, options: Options, found: Yield) -> dict[str, Any]:
    updates, next_id = await _read_updates(api, options, found)
    legal = [update.organization for update in updates if update.kind == "Fjernet"]
    found.removed += [record_id(number) for number in legal]
    updates = [update for update in updates if update.organization not in set(legal)]
    if not options.refetch:
        for update in updates:
            found.add_changes(changes_of_update(update, None, found.maker))
        return {"next_id": next_id} if next_id is not None else {}
    fetched = await api.entities(list(dict.fromkeys(update.organization for update in updates)))
    found.add_missing(fetched)
    for update in updates:
        entity = fetched.found.get(update.organization)
        if entity is not None and found.wants(entity):
            found.add_changes(changes_of_update(update, entity, found.maker))
    for number, entity in fetched.found.items():
        found.add_entity(number, entity, fetched.at[number])
    return {"next_id": next_id} if next_id is not None else {}


async def _read_updates(api: Api, options: Options, found: Yield) -> tuple[list[Update], int | None]:
    """The events since the last run, and the id to go on from (None: nothing was ever read)."""
    next_id: int | None = api.session.cursor.get("next_id")
    since = {"dato": api.session.cursor.get("since") or _first_moment(api.session.now, options.first_days)}
    # of branches, the filter would name branches; what we know are their parents
    only = () if options.mode == "branches" else options.organizations
    updates: list[Update] = []
    while True:
        where: dict[str, Any] = {"oppdateringsid": next_id} if next_id is not None else since
        size = min(options.page_size, options.max_events - len(updates))
        data, url, _ = await api.updates(where, size=size, organizations=only)
        page, aside = read_updates(data, url)
        found.set_aside += aside
        fresh = [update for update in page if next_id is None or update.number >= next_id]
        updates += fresh
        if fresh:
            next_id = max(update.number for update in fresh) + 1
        if len(page) + len(aside) < size or not fresh:
            return updates, next_id
        if len(updates) >= options.max_events:
            found.notes.append(f"stopped after {len(updates)} events (max_events); the next run goes on from there")
            return updates, next_id


async def _roles(api: Api, options: Options, found: Yield) -> dict[str, Any]:
    """The bulk file as a baseline first, then the feed: what is told is who holds a role and did not before."""
    cursor, wanted = api.session.cursor, frozenset(options.organizations)
    known = saved(api.session, cursor.get("baseline"))
    baseline = known or Baseline()
    state = {key: cursor[key] for key in ("after_id", "since", "loaded_at") if key in cursor}
    if state or not options.bulk:
        state |= await _role_feed(api, options, found, baseline)
    if options.bulk and (known is None or _is_due(options.reload_days, state.get("loaded_at"), api.session.now)):
        made_at = await load_roles(api.session, api.base, found, baseline, followed=wanted)
        state["loaded_at"] = api.session.now.isoformat()
        if "after_id" not in state:
            state["since"] = _first_moment(made_at, 1)
    return state | {"baseline": baseline.save(api.session)}


async def _role_feed(api: Api, options: Options, found: Yield, baseline: Baseline) -> dict[str, Any]:
    """What the feed names, asked for again; the place to go on from."""
    events, last = await _read_role_events(api, options, found)
    wanted = set(options.organizations)
    numbers = dict.fromkeys(e.organization for e in events if not wanted or e.organization in wanted)
    fetched = await api.entities(tuple(numbers)) if options.refetch else Fetched(found={n: {} for n in numbers})
    found.add_missing(fetched)
    baseline.forget(fetched.gone)
    for number, entity in fetched.found.items():
        if found.wants(entity):
            if options.refetch:
                found.add_entity(number, entity, fetched.at[number])
            await _add_roles(api, number, entity, found, baseline=baseline)
    return {"after_id": last} if last is not None else {}


async def _read_role_events(api: Api, options: Options, found: Yield) -> tuple[list[RoleEvent], str | None]:
    """The events since the last run, and the last one's id (None: nothing was ever read)."""
    last: str | None = api.session.cursor.get("after_id")
    since = {"afterTime": api.session.cursor.get("since") or _first_moment(api.session.now, options.first_days)}
    events: list[RoleEvent] = []
    while True:
        where = {"afterId": last} if last is not None else since
        size = min(options.page_size, options.max_events - len(events))
        data, url = await api.role_events(where, size=size)
        page, aside = read_role_events(data, url)
        found.set_aside += aside
        fresh = [event for event in page if event.event_id != last]
        events += fresh
        last = fresh[-1].event_id if fresh else last
        if len(page) + len(aside) < size or not fresh:
            return events, last
        if len(events) >= options.max_events:
            found.notes.append(f"stopped after {len(events)} events (max_events); the next run goes on from there")
            return events, last


async def _add_roles(
    api: Api, number: str, entity: Mapping[str, Any], found: Yield, *, baseline: Baseline | None = None
) -> None:
    """What the roles of one organisation tell; deleted organisations have none (404)."""
    answer = await api.roles(number)
    if answer is not None:
        registered: date | None = date_of(entity, "registreringsdatoEnhetsregisteret")
        found.add_changes(changes_of_roles(number, answer, found.maker, registered=registered, baseline=baseline))


def _first_moment(now: datetime, days: int) -> str:
    """Midnight UTC ``days`` ago, in the one form that the register takes (milliseconds and a literal Z)."""
    return f"{(now.astimezone(UTC) - timedelta(days=days)).date().isoformat()}T00:00:00.000Z"
