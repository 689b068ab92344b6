"""One company of the Finnish business information system (YTJ v3) as an OrgRecord, and what its dates tell. Pure.

Fields: https://avoindata.prh.fi/en/ytj/swagger-ui. Every name, form and address has the day it was registered; an entry
with ``endDate``, or of a version above 1, is history. YTJ publishes neither officers nor employees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from salestrigger.sources.adapters.api_answers import part_of, rows_of
from salestrigger.sources.adapters.national_ids import national_id
from salestrigger.sources.adapters.register_maker import RegisterMaker
from salestrigger.sources.adapters.register_values import day_of, text_of, website_of
from salestrigger.sources.records import (
    Address,
    AddressKind,
    IndustryCode,
    NameKind,
    OrgChange,
    OrgName,
    OrgRecord,
    OrgStatus,
)

SCHEME: Final = "FI-PRO"
PUBLIC_URL: Final = "https://tietopalvelu.ytj.fi/yritys/{number}"

#: housing companies (asunto-osakeyhtiö and its old form): a building each, no business
HOUSING: Final = frozenset({"2", "10"})
#: code set of the industry → ours; TOIMI4 came with 2026
CODESETS: Final[Mapping[str, str]] = {"TOIMI2": "TOL2002", "TOIMI3": "TOL2008", "TOIMI4": "TOL2025"}
#: company form → the abbreviation that stands in names; others keep their number
FORMS: Final[Mapping[str, str]] = {"16": "OY", "17": "OYJ", "14": "OSK", "5": "AY", "13": "KY"}
_SOLE: Final = "yksityinen elinkeinonharjoittaja"
#: type of a company situation → (kind of a change, our status)
SITUATIONS: Final[Mapping[str, tuple[str, OrgStatus]]] = {
    "KONK": ("bankruptcy", "bankrupt"),
    "SELTILA": ("winding_up", "winding_up"),
    "SANE": ("restructuring", "restructuring"),
}
_NAME_KINDS: Final[Mapping[str, NameKind]] = {"1": "legal", "2": "alias", "3": "trade"}


def number_of(row: Mapping[str, Any]) -> str | None:
    """The business id with its hyphen; None when it is none."""
    found = national_id("FI", text_of(part_of(row, "businessId"), "value"))
    return found.value if found else None


def is_housing(row: Mapping[str, Any]) -> bool:
    """Whether its present form is a housing company's."""
    return any(text_of(form, "type") in HOUSING for form in _present(row, "companyForms"))


def record_of(row: Mapping[str, Any], *, source_id: str, fetched_at: datetime) -> OrgRecord | None:
    """The company as a record; None without a business id or a present name."""
    number, names = number_of(row), _names(row)
    if number is None or not names or names[0].kind != "legal":
        return None
    form = next(iter(_present(row, "companyForms")), {})
    words = {text_of(d, "description").casefold() for d in rows_of(form, "descriptions")}
    line = part_of(row, "mainBusinessLine")
    code, codeset = text_of(line, "type"), CODESETS.get(text_of(line, "typeCodeSet"))
    status, since = status_of(row)
    return OrgRecord(
        record_id=f"{SCHEME}-{number}",
        scheme=SCHEME,
        identifier=number,
        names=names,
        source_id=source_id,
        fetched_at=fetched_at,
        country="FI",
        legal_form=FORMS.get(text_of(form, "type"), text_of(form, "type") or None),
        addresses=tuple(_addresses(row)),
        industries=(IndustryCode(code, codeset),) if code and codeset else (),
        website=website_of(text_of(part_of(row, "website"), "url")),
        status=status,
        status_on=since,
        registered_on=day_of(part_of(row, "businessId").get("registrationDate")),
        is_sole_proprietor=_SOLE in words,
    )


def status_of(row: Mapping[str, Any]) -> tuple[OrgStatus, date | None]:
    """The gravest status that holds, and since when."""
    if ended := day_of(row.get("endDate")):
        return "dissolved", ended
    held = {text_of(s, "type"): day_of(s.get("registrationDate")) for s in _present(row, "companySituations")}
    for kind, (_, status) in SITUATIONS.items():
        if kind in held:
            return status, held[kind]
    return "active", None


def changes_of(row: Mapping[str, Any], record: OrgRecord, maker: RegisterMaker) -> Iterator[OrgChange]:
    """What the dates of a company tell, when they lie within the news window and after its registration."""
    number, registered = record.identifier, record.registered_on
    if registered and maker.is_news(registered):
        yield maker.change(number, "created", (), after=record.name, effective_on=registered)
    if (ended := day_of(row.get("endDate"))) and maker.is_news(ended):
        yield _status(maker, number, "dissolved", "dissolved", ended)
    for situation in _present(row, "companySituations"):
        known, day = SITUATIONS.get(text_of(situation, "type")), day_of(situation.get("registrationDate"))
        if known and day and maker.is_news(day):
            yield _status(maker, number, known[0], known[1], day)
    if (renamed := _since(row, "names", "1")) and _later(renamed, registered) and maker.is_news(renamed):
        before = next((n.text for n in record.names if n.kind == "former"), None)
        yield maker.change(number, "name", (record.name,), before=before, after=record.name, effective_on=renamed)
    moved = _since(row, "addresses", "1")
    place = next((a for a in record.addresses if a.kind == "visiting"), None)
    if place and moved and _later(moved, registered) and maker.is_news(moved):
        after = ", ".join(filter(None, [*place.lines, place.postcode, place.city]))
        details = {"municipality": place.city or "", "kind": "business"}
        yield maker.change(number, "address", (moved.isoformat(),), after=after, effective_on=moved, details=details)


def _status(maker: RegisterMaker, number: str, kind: str, status: OrgStatus, day: date) -> OrgChange:
    return maker.change(
        number, "status", (kind, day.isoformat()), after=status, effective_on=day, details={"kind": kind}
    )


def _later(day: date, registered: date | None) -> bool:
    """What is dated on or before the registration is set-up, no change."""
    return registered is None or day > registered


def _present(row: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    return [r for r in rows_of(row, key) if not r.get("endDate") and r.get("version", 1) == 1]


def _since(row: Mapping[str, Any], key: str, kind: str) -> date | None:
    """The day the present entry of a type was registered."""
    days = (day_of(r.get("registrationDate")) for r in _present(row, key) if text_of(r, "type") == kind)
    return next(filter(None, days), None)


def _names(row: Mapping[str, Any]) -> tuple[OrgName, ...]:
    """The present main name first; ended main names are former ones, ended others are left out."""
    found: list[OrgName] = []
    for entry in rows_of(row, "names"):
        text, kind = text_of(entry, "name"), text_of(entry, "type")
        ended = day_of(entry.get("endDate"))
        if not text or (ended and kind != "1"):
            continue
        name = "former" if ended else _NAME_KINDS.get(kind, "alias")
        found.append(OrgName(text, name, day_of(entry.get("registrationDate")), ended))
    return tuple(sorted(found, key=lambda n: ("legal", "trade", "alias", "former", "short").index(n.kind)))


def _addresses(row: Mapping[str, Any]) -> Iterator[Address]:
    for entry in _present(row, "addresses"):
        kind: AddressKind = "postal" if text_of(entry, "type") == "2" else "visiting"
        offices = rows_of(entry, "postOffices")
        finnish = next((o for o in offices if text_of(o, "languageCode") == "1"), next(iter(offices), {}))
        street = " ".join(
            filter(None, (text_of(entry, k) for k in ("street", "buildingNumber", "entrance", "apartmentNumber")))
        )
        line = street or (f"PL {text_of(entry, 'postOfficeBox')}" if text_of(entry, "postOfficeBox") else "")
        yield Address(
            kind=kind,
            lines=(line,) if line else (),
            postcode=text_of(entry, "postCode") or None,
            city=text_of(finnish, "city") or None,
            municipality=text_of(finnish, "city") or None,
            municipality_code=text_of(finnish, "municipalityCode") or None,
            country=text_of(entry, "country") or "FI",
        )
