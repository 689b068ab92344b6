"""The adapter for the Swedish register's valuable datasets (Bolagsverket and SCB): the organisations that are watched.

https://bolagsverket.se/apierochoppnadata (free registration, OAuth2 client credentials). One organisation per request.
Every block of an answer comes from its own producer and may fail alone (``fel``): such a block is missing, not empty,
and is noted. The key is the client's id and secret, joined by a colon; the token is never stored. Sole proprietors
(personal numbers) are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import Field, field_validator

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.api_answers import ask, basic, object_of, part_of, rows_of
from salestrigger.sources.adapters.national_ids import national_id, swedish_numbers
from salestrigger.sources.adapters.register_maker import RegisterMaker
from salestrigger.sources.adapters.register_values import day_of, text_of
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import FetchError, ShapeError
from salestrigger.sources.records import (
    Address,
    Collected,
    IndustryCode,
    NameKind,
    OrgChange,
    OrgName,
    OrgRecord,
    OrgStatus,
)

SCHEME: Final = "SE-BLV"
CODESET: Final = "SNI2007"
_NAME_KINDS: Final[Mapping[str, NameKind]] = {
    "FORETAGSNAMN": "legal", "NAMN": "legal", "SARSKILT_FORETAGSNAMN": "trade",
    "FORETAGSNAMN_PA_FRAMMANDE_SPRAK": "alias",
}  # fmt: skip
#: code of a proceeding → (kind of a change, our status); KK and its like are documented in the API's code lists
PROCEEDINGS: Final[Mapping[str, tuple[str, OrgStatus]]] = {
    "KK": ("bankruptcy", "bankrupt"),
    "FR": ("rekonstruktion", "restructuring"),
    "RE": ("rekonstruktion", "restructuring"),
    "LI": ("likvidation", "winding_up"),
}


class Options(Declaration):
    """The ``[options]`` of Bolagsverket."""

    organizations: tuple[str, ...] = Field(description="organisation numbers, ten digits each")
    token_url: str = Field(
        default="https://portal.api.bolagsverket.se/oauth2/token", description="where tokens are given"
    )
    scope: str = "vardefulla-datamangder:read"
    codeset: str = Field(default=CODESET, description="of industry codes: SNI2007 or SNI2025")
    news_days: int = Field(default=90, ge=0, le=3650)

    @field_validator("organizations")
    @classmethod
    def _numbers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return swedish_numbers(value)


async def collect(session: Session) -> Collected:
    """A record per organisation, and what its dates tell.

    Raises:
        FetchError: Bolagsverket does not answer, or there is no key. ShapeError: it answers with something else.
    """
    options = options_of(session.spec, Options)
    maker = RegisterMaker(SCHEME, session.spec.id, session.now, news_days=options.news_days)
    headers = {"authorization": f"Bearer {await _token(session, options)}"}
    records: dict[str, OrgRecord] = {}
    changes: dict[str, OrgChange] = {}
    aside: list[tuple[str, str]] = []
    notes: list[str] = []
    for number in options.organizations:
        url = f"{session.spec.url.rstrip('/')}/organisationer"
        body = json.dumps({"identitetsbeteckning": number}).encode()
        answer = await ask(session, url, headers=headers, post=body, absent_ok=True)
        rows = rows_of(object_of(session, answer, "organisationer"), "organisationer") if answer.status == 200 else []
        if not rows:
            aside.append((f"{SCHEME}-{number}", "not in the register"))
        for row in rows:
            missing = failed_blocks(row)
            if missing:
                notes.append(f"{number}: not told by its producer: {', '.join(missing)}")
            record = record_of(row, options.codeset, source_id=session.spec.id, fetched_at=answer.fetched_at)
            if record is None:
                aside.append((f"{SCHEME}-{number}", "a record without a number or a name"))
                continue
            records.setdefault(record.identifier, record)
            changes |= {change.change_id: change for change in changes_of(row, record, maker)}
    return Collected(
        records=tuple(records.values()), changes=tuple(changes.values()), set_aside=tuple(aside), notes=tuple(notes)
    )


async def _token(session: Session, options: Options) -> str:
    """A bearer token for this run; the answer with it is not kept."""
    user, _, secret = session.key().partition(":")
    headers = {**basic(user, secret), "content-type": "application/x-www-form-urlencoded"}
    body = f"grant_type=client_credentials&scope={options.scope}".encode()
    answer = await ask(session, options.token_url, headers=headers, post=body, keep=False)
    token = text_of(object_of(session, answer), "access_token")
    if not token:
        raise FetchError(options.token_url, "http_401", "an answer without a token")
    if not all(33 <= ord(char) < 127 for char in token):
        raise ShapeError(options.token_url, "a token of plain signs", "other signs")
    return token


def failed_blocks(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The blocks that their producer could not give."""
    return tuple(
        key for key, block in row.items() if isinstance(block, Mapping) and isinstance(block.get("fel"), Mapping)
    )


def record_of(row: Mapping[str, Any], codeset: str, *, source_id: str, fetched_at: datetime) -> OrgRecord | None:
    """One organisation as a record; None without a number or a name, and for sole proprietors."""
    number = national_id("SE", text_of(part_of(row, "organisationsidentitet"), "identitetsbeteckning"))
    names = sorted(_names(row), key=lambda n: ("legal", "trade", "alias").index(n.kind))
    form = text_of(part_of(row, "organisationsform"), "kod")
    if number is None or not names or form == "E":
        return None
    status, since = _status(row)
    marketing = text_of(part_of(row, "reklamsparr"), "kod")
    registered = day_of(part_of(row, "organisationsdatum").get("registreringsdatum"))
    return OrgRecord(
        record_id=str(number),
        scheme=SCHEME,
        identifier=number.value,
        names=tuple(names),
        source_id=source_id,
        fetched_at=fetched_at,
        country="SE",
        legal_form=form or None,
        addresses=tuple(_addresses(row)),
        industries=tuple(_industries(row, codeset)),
        status=status,
        status_on=since,
        registered_on=registered,
        description=text_of(part_of(row, "verksamhetsbeskrivning"), "beskrivning")[:2000] or None,
        marketing_block={"JA": True, "NEJ": False}.get(marketing),
    )


def changes_of(row: Mapping[str, Any], record: OrgRecord, maker: RegisterMaker) -> Iterator[OrgChange]:
    """What the dates of an organisation tell, within the news window."""
    number = record.identifier
    if maker.is_news(record.registered_on):
        yield maker.change(number, "created", (), after=record.name, effective_on=record.registered_on)
    main = record.names[0]
    renamed = main.valid_from
    if renamed and maker.is_news(renamed) and record.registered_on and renamed > record.registered_on:
        yield maker.change(number, "name", (main.text,), after=main.text, effective_on=renamed)
    for kind, status, day in _proceedings(row):
        if maker.is_news(day):
            keys = (kind, str(day))
            yield maker.change(number, "status", keys, after=status, effective_on=day, details={"kind": kind})


def _proceedings(row: Mapping[str, Any]) -> Iterator[tuple[str, OrgStatus, Any]]:
    """Deregistration, then what is pending, by the day each began."""
    if ended := day_of(part_of(row, "avregistreradOrganisation").get("avregistreringsdatum")):
        yield "dissolved", "dissolved", ended
    # the data spells the key with one d (pagande…), the documentation with its own
    for key in (
        "pagandeAvvecklingsEllerOmstruktureringsforfarande",
        "pagaendeAvvecklingsEllerOmstruktureringsforfarande",
    ):
        block = part_of(row, key)
        for entry in [
            *rows_of(block, f"{key}Lista"),
            *rows_of(block, "pagaendeAvvecklingsEllerOmstruktureringsforfarandeLista"),
        ]:
            known = PROCEEDINGS.get(text_of(entry, "kod"))
            if known:
                yield known[0], known[1], day_of(entry.get("fromDatum"))


def _status(row: Mapping[str, Any]) -> tuple[OrgStatus | None, Any]:
    """The gravest status; None when the producer of the deregistration could not say."""
    for _, status, day in _proceedings(row):
        return status, day
    unknown = "avregistreradOrganisation" in failed_blocks(row)
    return (None if unknown else "active"), None


def _names(row: Mapping[str, Any]) -> Iterator[OrgName]:
    for entry in rows_of(part_of(row, "organisationsnamn"), "organisationsnamnLista"):
        kind = _NAME_KINDS.get(text_of(part_of(entry, "organisationsnamntyp"), "kod"))
        if kind and text_of(entry, "namn"):
            yield OrgName(text_of(entry, "namn"), kind, day_of(entry.get("registreringsdatum")))


def _industries(row: Mapping[str, Any], codeset: str) -> Iterator[IndustryCode]:
    for entry in rows_of(part_of(row, "naringsgrenOrganisation"), "sni"):
        code = text_of(entry, "kod").strip()
        if code and code.strip("0"):
            yield IndustryCode(code, codeset)


def _addresses(row: Mapping[str, Any]) -> Iterator[Address]:
    block = part_of(row, "postadressOrganisation", "postadress")
    lines = tuple(line for key in ("coAdress", "utdelningsadress") if (line := text_of(block, key)))
    if lines or text_of(block, "postort"):
        yield Address(
            kind="postal",
            lines=lines,
            postcode=text_of(block, "postnummer") or None,
            city=text_of(block, "postort") or None,
            country="SE" if text_of(block, "land") in {"Sverige", "SVERIGE", ""} else None,
        )
