"""One company of the Danish register (CVR) as an OrgRecord, and what its periods tell. Pure.

Every statement has a period (``gyldigFra``, ``gyldigTil``); ``virksomhedMetadata`` has the present ones. Employees are
bands (``ANTAL_2_4``). ``reklamebeskyttet`` is the register's "no unsolicited marketing" and is carried on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from salestrigger.sources.adapters.api_answers import part_of, rows_of
from salestrigger.sources.adapters.national_ids import national_id
from salestrigger.sources.adapters.register_maker import RegisterMaker
from salestrigger.sources.adapters.register_values import day_of, text_of, website_of
from salestrigger.sources.records import Address, Headcount, IndustryCode, OrgChange, OrgName, OrgRecord, OrgStatus

SCHEME: Final = "DK-CVR"
PUBLIC_URL: Final = "https://datacvr.virk.dk/enhed/virksomhed/{number}"
CODESET: Final = "DB25"  #: since 2025-01-01; codes of before are closed periods
SOLE: Final = frozenset({"ENK", "PMV"})  #: enkeltmandsvirksomhed, personligt ejet mindre virksomhed

#: part of a status in words → (kind of a change, our status), the gravest first
STATUS: Final[tuple[tuple[str, str, OrgStatus], ...]] = (
    ("tvangsopløst", "dissolved", "dissolved"),
    ("opløst", "dissolved", "dissolved"),
    ("ophørt", "dissolved", "dissolved"),
    ("slettet", "dissolved", "dissolved"),
    ("konkurs", "konkurs", "bankrupt"),
    ("rekonstruktion", "rekonstruktion", "restructuring"),
    ("tvangsopløsning", "tvangsopplosning", "winding_up"),
    ("likvidation", "likvidation", "winding_up"),
)
_BAND = re.compile(r"ANTAL_(\d{1,6})(?:_(\d{1,6}))?")


def company_in(hit: Mapping[str, Any]) -> Mapping[str, Any]:
    """The company in a search hit."""
    return part_of(hit, "_source", "Vrvirksomhed")


def record_of(row: Mapping[str, Any], *, source_id: str, fetched_at: datetime) -> OrgRecord | None:
    """The company as a record; None without a number or a name."""
    number = text_of(row, "cvrNummer").zfill(8)
    newest = part_of(row, "virksomhedMetadata")
    name = text_of(part_of(newest, "nyesteNavn"), "navn")
    if not number.isdigit() or len(number) != 8 or not number.strip("0") or not name:
        return None
    form = text_of(part_of(newest, "nyesteVirksomhedsform"), "kortBeskrivelse").upper()
    code = text_of(part_of(newest, "nyesteHovedbranche"), "branchekode")
    status, _, since = status_of(row)
    blocked = row.get("reklamebeskyttet")
    return OrgRecord(
        record_id=f"{SCHEME}-{number}",
        scheme=SCHEME,
        identifier=number,
        names=(OrgName(name), *_former(row, name), *_secondary(row)),
        source_id=source_id,
        fetched_at=fetched_at,
        country="DK",
        legal_form=form or None,
        addresses=tuple(_address(part_of(newest, "nyesteBeliggenhedsadresse"))),
        industries=(IndustryCode(code, CODESET),) if code.strip("0") else (),
        employees=headcount_of(newest),
        website=next(
            filter(None, (website_of(text_of(r, "kontaktoplysning")) for r in _open(row, "hjemmeside"))), None
        ),
        status=status,
        status_on=since,
        founded_on=day_of(newest.get("stiftelsesDato")),
        registered_on=_born(row) or day_of(newest.get("stiftelsesDato")),
        marketing_block=blocked if isinstance(blocked, bool) else None,
        is_sole_proprietor=form in SOLE,
    )


def is_number(text: str) -> bool:
    """Whether a text is a CVR number with a right check digit."""
    return national_id("DK", text) is not None


def headcount_of(newest: Mapping[str, Any]) -> Headcount | None:
    """Employees by the newest of the monthly, quarterly and yearly statements; a band, or a number where stated."""
    for key in (
        "nyesteErstMaanedsbeskaeftigelse",
        "nyesteMaanedsbeskaeftigelse",
        "nyesteKvartalsbeskaeftigelse",
        "nyesteAarsbeskaeftigelse",
    ):
        block = part_of(newest, key)
        exact = block.get("antalAnsatte")
        if isinstance(exact, int) and not isinstance(exact, bool) and exact >= 0:
            return Headcount(exact, exact, _month(block))
        if band := _BAND.fullmatch(text_of(block, "intervalKodeAntalAnsatte")):
            # the top band (ANTAL_1000_999999) has no upper bound
            high = int(band[2]) if band[2] else int(band[1])
            return Headcount(int(band[1]), high if high < 999_999 else None, _month(block))
    return None


def status_of(row: Mapping[str, Any]) -> tuple[OrgStatus | None, str, date | None]:
    """Our status, the kind of change and since when; the words of ``sammensatStatus`` decide, else the life span."""
    words = text_of(part_of(row, "virksomhedMetadata"), "sammensatStatus").casefold()
    for part, kind, status in STATUS:
        if part in words:
            return status, kind, _status_day(row, part)
    if words in {"normal", "aktiv", "fremtid"}:
        return "active", "", None
    ended = [day_of(part_of(r, "periode").get("gyldigTil")) for r in rows_of(row, "livsforloeb")]
    if ended and all(ended):
        return "dissolved", "dissolved", max(day for day in ended if day)
    return None, "", None


def changes_of(row: Mapping[str, Any], record: OrgRecord, maker: RegisterMaker) -> Iterator[OrgChange]:
    """What the periods tell that began within the news window."""
    number, born = record.identifier, _born(row)
    if record.is_sole_proprietor:
        return
    if born and maker.is_news(born):
        yield maker.change(number, "created", (), after=record.name, effective_on=born)
    status, kind, since = status_of(row)
    if kind and since and maker.is_news(since):
        details = {"kind": kind}
        yield maker.change(
            number, "status", (kind, since.isoformat()), after=status, effective_on=since, details=details
        )
    for name in _open(row, "navne"):
        day = day_of(part_of(name, "periode").get("gyldigFra"))
        if day and maker.is_news(day) and (born is None or day > born):
            before = next((n.text for n in record.names if n.kind == "former"), None)
            yield maker.change(number, "name", (record.name,), before=before, after=record.name, effective_on=day)
    for address in _open(row, "beliggenhedsadresse"):
        day = day_of(part_of(address, "periode").get("gyldigFra"))
        place = next(_address(address), None)
        if place and day and maker.is_news(day) and (born is None or day > born):
            details = {"kind": "business", "municipality": place.municipality or place.city or "",
                       "municipality_code": place.municipality_code or ""}  # fmt: skip
            after = ", ".join(filter(None, [*place.lines, place.postcode, place.city]))
            yield maker.change(number, "address", (day.isoformat(),), after=after, effective_on=day, details=details)


def _open(row: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The statements whose period is still open and that are not secret."""
    return [
        r for r in rows_of(row, key)
        if part_of(r, "periode") and not part_of(r, "periode").get("gyldigTil") and r.get("hemmelig") is not True
    ]  # fmt: skip


def _former(row: Mapping[str, Any], name: str) -> Iterator[OrgName]:
    seen = {name}
    for entry in reversed(rows_of(row, "navne")):
        text, ended = text_of(entry, "navn"), day_of(part_of(entry, "periode").get("gyldigTil"))
        if text and ended and text not in seen:
            seen.add(text)
            yield OrgName(text, "former", day_of(part_of(entry, "periode").get("gyldigFra")), ended)


def _secondary(row: Mapping[str, Any]) -> Iterator[OrgName]:
    for entry in _open(row, "binavne"):
        if text_of(entry, "navn"):
            yield OrgName(text_of(entry, "navn"), "trade", day_of(part_of(entry, "periode").get("gyldigFra")))


def _born(row: Mapping[str, Any]) -> date | None:
    days = (day_of(part_of(r, "periode").get("gyldigFra")) for r in rows_of(row, "livsforloeb"))
    return min(filter(None, days), default=None)


def _status_day(row: Mapping[str, Any], part: str) -> date | None:
    days = (
        day_of(part_of(r, "periode").get("gyldigFra"))
        for r in rows_of(row, "virksomhedsstatus")
        if part in text_of(r, "status").casefold()
    )
    return max(filter(None, days), default=None)


def _month(block: Mapping[str, Any]) -> date | None:
    year, month = block.get("aar"), block.get("maaned", 1)
    return date(year, month, 1) if isinstance(year, int) and isinstance(month, int) and 1 <= month <= 12 else None


def _address(row: Mapping[str, Any]) -> Iterator[Address]:
    number = f"{text_of(row, 'husnummerFra')}{text_of(row, 'bogstavFra')}"
    floor = ". ".join(filter(None, [text_of(row, "etage"), text_of(row, "sidedoer")]))
    street = " ".join(filter(None, [text_of(row, "vejnavn"), number]))
    line = ", ".join(filter(None, [street, floor])) or text_of(row, "fritekst")
    city = text_of(row, "postdistrikt")
    if not line and not city:
        return
    place = part_of(row, "kommune")
    postcode = text_of(row, "postnummer")
    yield Address(
        lines=(line,) if line else (),
        postcode=postcode.zfill(4) if postcode else None,
        city=city or None,
        municipality=text_of(place, "kommuneNavn").title() or None,
        municipality_code=text_of(place, "kommuneKode").zfill(4) if text_of(place, "kommuneKode") else None,
        country=text_of(row, "landekode") or "DK",
    )
