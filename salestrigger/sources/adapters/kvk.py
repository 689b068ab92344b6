"""The adapter for KVK, the Dutch trade register (paid, with a key): four ways to ask it, chosen by ``mode``.

======== ==================================================================================
watch    the Basisprofiel of each number in ``organizations``; one paid request each
search   what ``query`` finds (Zoeken), and the Basisprofiel of each hit if ``profiles``
changes  the signals of your Mutatieservice subscription since the last run, and whom they name
branches the branches of ``organizations`` that were opened or closed (Vestigingsprofiel)
======== ==================================================================================

API: https://developers.kvk.nl/documentation. Header ``apikey``. A 404 with code IPD5200 means "no hit"; any other 404
is a wrong address. ``indNonMailing`` is carried as the marketing block. Answers are not kept (``no-store``); shielded
addresses are not read. Reading a profile is in kvk_records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal, Self
from urllib.parse import quote, urlencode

from pydantic import Field, field_validator, model_validator

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.api_answer import json_of, mapping, rows, text
from salestrigger.sources.adapters.item_dates import parse_date
from salestrigger.sources.adapters.kvk_branches import Branches
from salestrigger.sources.adapters.kvk_records import change_of, record_of
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import FetchError, ShapeError
from salestrigger.sources.http import NotModified
from salestrigger.sources.records import Collected, Document, OrgChange, OrgRecord

NO_HIT = "IPD5200"
SIGNALS_PER_PAGE = 500
#: signals are published with some delay; those seen twice are known by their id
OVERLAP = timedelta(minutes=10)


class Options(Declaration):
    """The ``[options]`` of KVK."""

    mode: Literal["watch", "search", "changes", "branches"]
    organizations: tuple[str, ...] = Field(default=(), description="KVK numbers, eight digits each")
    query: dict[str, str] = Field(default_factory=dict, description="search: naam, plaats, postcode, type …")
    profiles: bool = Field(default=False, description="search: ask for each hit's profile too (paid each)")
    subscription: str = Field(
        default="", pattern=r"^[A-Za-z0-9-]*$", description="changes: its id; empty: the only one"
    )
    refetch: bool = Field(default=True, description="changes: ask for the profiles of those that changed (paid each)")
    max_requests: int = Field(default=200, ge=1, le=100_000, description="profiles per run: what a run may cost")
    first_days: int = Field(default=1, ge=0, le=30)
    codeset: Literal["SBI2025", "SBI2008"] = Field(default="SBI2025", description="of which the activity codes are")

    @field_validator("organizations")
    @classmethod
    def _numbers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        compact = tuple("".join(number.split()) for number in value)
        for number in compact:
            if not (number.isascii() and number.isdigit() and len(number) == 8):
                raise ValueError(f"{number!r} is not a KVK number, which has eight digits (leading zeros matter)")
        return tuple(dict.fromkeys(compact))

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.mode in {"watch", "branches"} and not self.organizations:
            raise ValueError(f"mode {self.mode!r} needs organizations, a list of KVK numbers")
        if self.mode == "search" and not self.query:
            raise ValueError("mode 'search' needs a query, as { naam = \"…\" }")
        return self


@dataclass(slots=True)
class _Run:
    """What a run has found so far."""

    session: Session
    options: Options
    records: dict[str, OrgRecord] = field(default_factory=dict)
    changes: dict[str, OrgChange] = field(default_factory=dict)
    documents: tuple[Document, ...] = ()
    left: list[str] = field(default_factory=list)  #: numbers that this run could not pay for
    set_aside: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    asked: int = 0

    async def get(self, path: str, query: Mapping[str, Any] | None = None) -> Any | None:
        """The answer at ``path``; None when nothing was found."""
        url = f"{self.session.spec.url.rstrip('/')}{path}{'?' + urlencode(query) if query else ''}"
        headers = {"apikey": self.session.key(), "accept": "application/json"}
        answer = await self.session.get(url, headers=headers, conditional=False, keep=False)
        if isinstance(answer, NotModified):
            raise FetchError(url, "http_304")
        if answer.status == 200:
            return json_of(self.session, answer)
        faults = rows(mapping(json_of(self.session, answer)).get("fout")) if answer.body else []
        if any(text(fault, "code") == NO_HIT for fault in faults):
            return None
        said = text(faults[0], "code", "omschrijving") if faults else "no KVK fault code: is the address right?"
        raise FetchError(url, f"http_{answer.status}", said)

    async def profile(self, number: str) -> None:
        """The Basisprofiel of one number, within what the run may cost."""
        if number in self.records:
            return
        if self.asked >= self.options.max_requests:
            self.left.append(number)
            return
        self.asked += 1
        data = await self.get(f"/v1/basisprofielen/{quote(number)}")
        if data is not None and not mapping(data).get("kvkNummer"):
            raise ShapeError(self.session.spec.url, "a Basisprofiel with its kvkNummer", str(data)[:80])
        record = record_of(mapping(data), self.session, codeset=self.options.codeset) if data is not None else None
        if record is None:
            self.set_aside.append(
                (number, "not in the register" if data is None else "a profile without number or name")
            )
        else:
            self.records[number] = record


async def collect(session: Session) -> Collected:
    """The records and changes that the mode asks for.

    Raises:
        FetchError: reason ``no_key``; or KVK does not answer. ShapeError: it answers with something else.
    """
    run = _Run(session, options_of(session.spec, Options))
    modes = {"watch": _watch, "search": _search, "changes": _changes, "branches": _branches}
    cursor = await modes[run.options.mode](run)
    return Collected(
        documents=run.documents,
        records=tuple(run.records.values()),
        changes=tuple(run.changes.values()),
        cursor=cursor,
        set_aside=tuple(run.set_aside),
        notes=tuple(run.notes),
    )


async def _watch(run: _Run) -> dict[str, Any]:
    turn, order = _in_turn(run)
    order = order[: run.options.max_requests]
    for number in order:
        await run.profile(number)
    return {"turn": _next_turn(run, turn, len(order))}


async def _branches(run: _Run) -> dict[str, Any]:
    turn, order = _in_turn(run)
    known = {number: dict(held) for number, held in run.session.cursor.get("known", {}).items()}
    found = Branches(run.session, run.get, run.options.max_requests, known)
    looked = 0
    for number in order:
        if not await found.look(number):
            break
        looked += 1
    run.documents, run.set_aside = tuple(found.documents), found.set_aside
    return {"turn": _next_turn(run, turn, looked), "known": found.known}


def _in_turn(run: _Run) -> tuple[int, tuple[str, ...]]:
    """Where the last run stopped, and the organisations from there on."""
    turn = int(run.session.cursor.get("turn", 0)) % len(run.options.organizations)
    return turn, run.options.organizations[turn:] + run.options.organizations[:turn]


def _next_turn(run: _Run, turn: int, looked: int) -> int:
    left = len(run.options.organizations) - looked
    if left:
        run.notes.append(f"{left} organisations are left for the next runs (max_requests)")
    return (turn + looked) % len(run.options.organizations)


async def _search(run: _Run) -> dict[str, Any]:
    """Page by page to the end; KVK gives 1,000 hits at most."""
    page = found = 0
    while True:
        page += 1
        data = await run.get("/v2/zoeken", {**run.options.query, "pagina": page, "resultatenPerPagina": 100})
        hits = rows(mapping(data).get("resultaten"))
        if data is not None and not isinstance(mapping(data).get("resultaten"), list):
            raise ShapeError(run.session.spec.url, "resultaten as a list", type(data).__name__)
        numbers = dict.fromkeys(text(hit, "kvkNummer") for hit in hits)
        for number in numbers:
            if run.options.profiles:
                await run.profile(number)
        _take_hits(run, hits)  # of those without a profile
        found += len(hits)
        total = mapping(data).get("totaal")
        if not hits or not isinstance(total, int) or found >= total:
            return {}
        if page >= 10:
            run.notes.append(f"read {found} of {total} hits: KVK gives no more for one query")
            return {}


def _take_hits(run: _Run, hits: list[Mapping[str, Any]]) -> None:
    """The little that a hit says (number, name, place), for those that have no better record."""
    for hit in hits:
        if text(hit, "type") == "nevenvestiging":
            continue
        record = record_of(hit, run.session, codeset=run.options.codeset)
        if record is None:
            run.set_aside.append((text(hit, "kvkNummer") or "a hit", "a hit without number or name"))
        else:
            run.records.setdefault(record.identifier, record)


async def _changes(run: _Run) -> dict[str, Any]:
    """The signals since the last run; the cursor is the moment up to which they were read."""
    cursor, now = run.session.cursor, run.session.now
    until = parse_date(str(cursor.get("until", "")), now=now)
    since = until - OVERLAP if until else now - timedelta(days=run.options.first_days)
    subscription = run.options.subscription or await _subscription(run)
    known = set(cursor.get("seen", ()))
    seen: list[str] = []
    page, pages = 0, 1
    wanted: dict[str, list[Mapping[str, Any]]] = {}
    while page < pages:
        page += 1
        query = {"vanaf": _utc(since), "tot": _utc(now), "pagina": page, "aantal": SIGNALS_PER_PAGE}
        data = mapping(await run.get(f"/v1/abonnementen/{quote(subscription)}", query))
        if not isinstance(data.get("signalen"), list):
            raise ShapeError(run.session.spec.url, "signalen as a list", str(list(data))[:80])
        pages = int(data.get("totaalPaginas") or 1)
        for signal in rows(data["signalen"]):
            seen.append(text(signal, "id"))
            if text(signal, "id") not in known:
                wanted.setdefault(text(signal, "kvknummer"), []).append(signal)
    for number in cursor.get("left", ()):
        await run.profile(number)
    await _read_signals(run, wanted)
    if run.left:
        run.notes.append(f"{len(run.left)} profiles are left for the next run (max_requests)")
    return {"until": now.isoformat(), "seen": seen} | ({"left": list(dict.fromkeys(run.left))} if run.left else {})


async def _read_signals(run: _Run, wanted: Mapping[str, list[Mapping[str, Any]]]) -> None:
    """Whom the signals name, asked again, and what changed there."""
    only = set(run.options.organizations)
    for number, signals in wanted.items():
        if only and number not in only:
            continue
        if run.options.refetch:
            await run.profile(number)
        for signal in signals:
            change = change_of(signal, run.records.get(number), run.session)
            if change is not None:
                run.changes.setdefault(change.change_id, change)


async def _subscription(run: _Run) -> str:
    """The id of the only active subscription.

    Raises:
        ShapeError: there is none, or there are several.
    """
    data = mapping(await run.get("/v1/abonnementen"))
    active = [text(row, "id") for row in rows(data.get("abonnementen")) if row.get("actief") is not False]
    if len(active) != 1:
        expected = "one active subscription; with several, name one under options.subscription"
        raise ShapeError(run.session.spec.url, expected, f"{len(active)}: {', '.join(active)}")
    return active[0]


def _utc(moment: Any) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
