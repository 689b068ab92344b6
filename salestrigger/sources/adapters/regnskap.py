"""The adapter for Norway's register of company accounts (Regnskapsregisteret): each organisation's latest accounts.

One request per organisation, so many per run, in turn. What comes is a change: accounts of a year were filed, with the
revenue and the result. The first accounts that are seen of an organisation are dated by the end of their year, so that
they are known but no news. 404: no accounts; 500 with "oppstillingsplan": a kind that the register does not serve.
API: https://data.brreg.no/regnskapsregisteret/regnskap/swagger-ui/index.html. Licence NLOD 2.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.api_answer import data_of, mapping, rows, text
from salestrigger.sources.adapters.brreg_feed import OSLO
from salestrigger.sources.adapters.brreg_records import record_id, to_date
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import FetchError, ShapeError
from salestrigger.sources.records import Collected, OrgChange, content_id

PUBLIC_URL = "https://virksomhet.brreg.no/nb/oppslag/enheter/"


class Options(Declaration):
    """The ``[options]`` of the register of accounts."""

    organizations: tuple[str, ...] = Field(min_length=1, description="nine digits each")
    max_requests: int = Field(default=200, ge=1, le=10_000, description="organisations per run; the others' turn comes")
    group: bool = Field(default=False, description="take the group's accounts (KONSERN) where there are some")

    @field_validator("organizations")
    @classmethod
    def _numbers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        compact = tuple("".join(number.split()) for number in value)
        for number in compact:
            if not (number.isascii() and number.isdigit() and len(number) == 9):
                raise ValueError(f"{number!r} is not an organisation number, which has nine digits")
        return tuple(dict.fromkeys(compact))


async def collect(session: Session) -> Collected:
    """The accounts that were filed since each organisation's last turn.

    Raises:
        FetchError: the register does not answer. ShapeError: it answers with something else than accounts.
    """
    options = options_of(session.spec, Options)
    known: dict[str, str] = dict(session.cursor.get("known", {}))
    turn = int(session.cursor.get("turn", 0)) % len(options.organizations)
    order = options.organizations[turn:] + options.organizations[:turn]
    changes: list[OrgChange] = []
    aside: list[tuple[str, str]] = []
    for number in order[: options.max_requests]:
        data = await _accounts(session, number, aside)
        if data is None:
            continue
        best = latest(data, group=options.group)
        if best is None:
            aside.append((number, "accounts without a period or a number"))
            continue
        mark = f"{text(best, 'journalnr')}:{text(mapping(best.get('regnskapsperiode')), 'tilDato')}"
        if known.get(number) != mark:
            changes.append(change_of(number, best, session, is_first=number not in known))
        known[number] = mark
    left = len(order) - options.max_requests
    notes = (f"{left} organisations are left for the next runs (max_requests)",) if left > 0 else ()
    cursor = {"known": known, "turn": (turn + min(len(order), options.max_requests)) % len(order)}
    return Collected(changes=tuple(changes), cursor=cursor, set_aside=tuple(aside), notes=notes)


async def _accounts(session: Session, number: str, aside: list[tuple[str, str]]) -> list[Mapping[str, Any]] | None:
    """The accounts of one organisation; None when there are none, or none of a kind that is served."""
    url = f"{session.spec.url.rstrip('/')}/{number}"
    try:
        data = await data_of(session, url, absent=frozenset({404, 410}))
    except FetchError as error:
        if error.reason != "http_500":
            raise
        aside.append((number, "the register does not serve accounts of this kind (500)"))
        return None
    if data is None:
        return None
    if not isinstance(data, list):
        raise ShapeError(url, "a list of accounts", type(data).__name__)
    return rows(data)


def latest(accounts: list[Mapping[str, Any]], *, group: bool = False) -> Mapping[str, Any] | None:
    """The accounts with the latest end; of the company itself, unless the group's are wanted and there."""
    dated = [row for row in accounts if _end(row)]
    kind = "KONSERN" if group and any(text(row, "regnskapstype") == "KONSERN" for row in dated) else "SELSKAP"
    fitting = [row for row in dated if text(row, "regnskapstype") in {kind, ""}]
    return max(fitting, key=lambda row: _end(row) or date.min, default=None)


def change_of(number: str, accounts: Mapping[str, Any], session: Session, *, is_first: bool) -> OrgChange:
    """The statement that these accounts were filed."""
    end = _end(accounts) or session.now.date()
    result = mapping(accounts.get("resultatregnskapResultat"))
    income = mapping(mapping(result.get("driftsresultat")).get("driftsinntekter")).get("sumDriftsinntekter")
    values = {"revenue": _amount(income), "result": _amount(result.get("aarsresultat"))}
    currency = text(accounts, "valuta").upper()
    details = {"kind": "accounts", "year": str(end.year), "type": text(accounts, "regnskapstype")}
    details |= {key: value for key, value in values.items() if value}
    details |= {"currency": currency} if len(currency) == 3 else {}
    said = f"{end.year}: revenue {values['revenue']} {currency}" if values["revenue"] else str(end.year)
    rid = record_id(number)
    filed = datetime.combine(end, time(12), ZoneInfo(OSLO)) if is_first else session.now
    return OrgChange(
        change_id=content_id("chg", rid, "accounts", text(accounts, "journalnr"), end.isoformat()),
        record_id=rid,
        field="accounts",
        before=None,
        after=said,
        effective_on=filed.date(),
        published_at=filed.astimezone(session.now.tzinfo),
        source_id=session.spec.id,
        url=f"{PUBLIC_URL}{number}",
        details=details,
    )


def _end(accounts: Mapping[str, Any]) -> date | None:
    return to_date(mapping(accounts.get("regnskapsperiode")).get("tilDato"))


def _amount(value: object) -> str:
    """A number in plain digits; empty when there is none (holding companies state no revenue)."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    try:
        return f"{Decimal(str(value)).normalize():f}"
    except InvalidOperation:
        return ""
