"""A profile of the Dutch trade register as an OrgRecord, and a signal of its Mutatieservice as an OrgChange. Pure.

Dates are ``YYYYMMDD``; unknown parts are ``00``, and a date that is not whole is none. Addresses that are shielded
(``indAfgeschermd``) are not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from salestrigger.sources.adapters import Session
from salestrigger.sources.adapters.api_answer import mapping, rows, text
from salestrigger.sources.adapters.item_dates import parse_date
from salestrigger.sources.records import (
    Address,
    ChangeField,
    Headcount,
    Identifier,
    IndustryCode,
    OrgChange,
    OrgName,
    OrgRecord,
    content_id,
)
from salestrigger.sources.text import canonical_url, clean_text

SCHEME = "NL-KVK"
PUBLIC_URL = "https://www.kvk.nl/zoeken/?source=all&q="

_NUMBER = re.compile(r"[0-9]{8}")
_DAY = re.compile(r"[0-9]{8}")
#: a version behind the name, as SignaalNaamgeving_2025_01
_VERSION = re.compile(r"_\d{4}_\d{2}$")

#: signal → what it changes, and the kind of it
_SIGNALS: Mapping[str, tuple[ChangeField, str]] = {
    "SignaalNieuweInschrijving": ("created", "nieuw"),
    "SignaalBeeindiging": ("status", "opgeheven"),
    "SignaalAdreswijziging": ("address", "business"),
    "SignaalNaamgeving": ("name", ""),
    "SignaalRechtsvormwijziging": ("legal_form", ""),
    "SignaalFusieSplitsing": ("status", "fusie_splitsing"),
    "SignaalActiviteitenWijziging": ("industry", "industry_1"),
}


def record_of(profile: Mapping[str, Any], session: Session, *, codeset: str) -> OrgRecord | None:
    """A Basisprofiel, Vestigingsprofiel or hit of Zoeken as a record; None without a number or a name."""
    number = text(profile, "kvkNummer")
    embedded = mapping(profile.get("_embedded"))
    site, owner = mapping(embedded.get("hoofdvestiging")), mapping(embedded.get("eigenaar"))
    names = names_of(profile)
    if not _NUMBER.fullmatch(number) or not names:
        return None
    registered = mapping(profile.get("materieleRegistratie"))
    ended = day_of(registered.get("datumEinde"))
    form = text(owner, "rechtsvorm") or text(profile, "rechtsvorm")
    block = {"ja": True, "nee": False}.get(text(profile, "indNonMailing").lower())
    return OrgRecord(
        record_id=f"{SCHEME}-{number}",
        scheme=SCHEME,
        identifier=number,
        names=names,
        source_id=session.spec.id,
        fetched_at=session.now,
        country="NL",
        legal_form=form or None,
        addresses=addresses_of(profile) or addresses_of(site) or addresses_of(owner),
        industries=industries_of(profile, codeset),
        employees=headcount_of(profile),
        website=website_of(site) or website_of(owner) or website_of(profile),
        status="dissolved" if ended or text(profile, "actief").lower() == "nee" else "active",
        status_on=ended,
        founded_on=day_of(registered.get("datumAanvang")),
        registered_on=day_of(profile.get("formeleRegistratiedatum")),
        other_ids=(Identifier("NL-RSIN", rsin),) if (rsin := text(owner, "rsin") or text(profile, "rsin")) else (),
        marketing_block=block,
        is_sole_proprietor=form.lower() == "eenmanszaak",
    )


def names_of(profile: Mapping[str, Any]) -> tuple[OrgName, ...]:
    """The statutory name first, then the trade names in their order, each once."""
    legal = [clean_text(text(profile, "statutaireNaam")), clean_text(text(profile, "naam"))]
    ordered = sorted(rows(profile.get("handelsnamen")), key=lambda row: int(text(row, "volgorde") or 0))
    trade = [clean_text(text(row, "naam")) for row in ordered] + [clean_text(text(profile, "eersteHandelsnaam"))]
    first = next((name for name in (*legal, *trade) if name), "")
    others = dict.fromkeys(name for name in (*legal, *trade) if name and name != first)
    return (OrgName(first), *(OrgName(name, "trade") for name in others)) if first else ()


def addresses_of(holder: Mapping[str, Any]) -> tuple[Address, ...]:
    """The addresses that are not shielded, the visiting one first."""
    found = rows(holder.get("adressen"))
    found += [mapping(kind) for kind in mapping(holder.get("adres")).values() if isinstance(kind, Mapping)]
    addresses = [_address(row) for row in found if text(row, "indAfgeschermd").lower() != "ja"]
    return tuple(sorted(addresses, key=lambda address: address.kind != "business"))


def _address(row: Mapping[str, Any]) -> Address:
    house = "".join(text(row, key) for key in ("huisnummer", "huisletter"))
    street = clean_text(" ".join(part for part in (text(row, "straatnaam"), house) if part))
    box = f"Postbus {text(row, 'postbusnummer')}" if text(row, "postbusnummer") else ""
    is_postal = text(row, "type").lower() == "correspondentieadres"
    country = "NL" if text(row, "land") in {"", "Nederland"} else None
    return Address(
        kind="postal" if is_postal else "business",
        lines=tuple(line for line in (street, box) if line),
        postcode=text(row, "postcode") or None,
        city=clean_text(text(row, "plaats")) or None,
        country=country,
    )


def industries_of(profile: Mapping[str, Any], codeset: str) -> tuple[IndustryCode, ...]:
    """The activity codes, the main one first."""
    found = [row for row in rows(profile.get("sbiActiviteiten")) if text(row, "sbiCode")]
    found.sort(key=lambda row: text(row, "indHoofdactiviteit").lower() != "ja")
    return tuple(IndustryCode(text(row, "sbiCode"), codeset) for row in found)


def headcount_of(profile: Mapping[str, Any]) -> Headcount | None:
    """``totaalWerkzamePersonen``."""
    number = profile.get("totaalWerkzamePersonen")
    return (
        Headcount(number, number) if isinstance(number, int) and not isinstance(number, bool) and number >= 0 else None
    )


def website_of(holder: Mapping[str, Any]) -> str | None:
    """The first website; KVK leaves the scheme out."""
    sites = holder.get("websites")
    for site in sites if isinstance(sites, list) else []:
        if isinstance(site, str) and (url := canonical_url(site if "://" in site else f"https://{site}")):
            return url
    return None


def day_of(value: object) -> date | None:
    """``YYYYMMDD`` as a day; None when a part of it is unknown."""
    if not isinstance(value, (str, int)) or not _DAY.fullmatch(str(value)):
        return None
    try:
        return date(int(str(value)[:4]), int(str(value)[4:6]), int(str(value)[6:]))
    except ValueError:
        return None


def change_of(signal: Mapping[str, Any], record: OrgRecord | None, session: Session) -> OrgChange | None:
    """What a signal says changed; None for those that only say "look again". ``record`` is the state now, if asked."""
    number, kind = text(signal, "kvknummer"), _VERSION.sub("", text(signal, "signaalType"))
    at = parse_date(text(signal, "timestamp"), now=session.now)
    if kind not in _SIGNALS or not _NUMBER.fullmatch(number) or at is None:
        return None
    what, detail = _SIGNALS[kind]
    record_id = f"{SCHEME}-{number}"
    details = {"kind": detail} if detail else {}
    if what == "address" and record and record.addresses:
        details |= {"postcode": record.addresses[0].postcode or "", "city": record.addresses[0].city or ""}
    if what == "legal_form" and record and record.legal_form:
        details["new_code"] = record.legal_form
    return OrgChange(
        change_id=content_id("chg", record_id, what, text(signal, "id")),
        record_id=record_id,
        field=what,
        before=None,
        after=_after(what, detail, record),
        effective_on=at.date(),
        published_at=min(at, session.now),
        source_id=session.spec.id,
        url=f"{PUBLIC_URL}{number}",
        details=details,
    )


def _after(what: ChangeField, kind: str, record: OrgRecord | None) -> str | None:
    """The new value as a person reads it, as far as the profile tells it."""
    if what == "status":
        return "dissolved" if kind == "opgeheven" else "restructuring"
    if record is None:
        return None
    if what in {"created", "name"}:
        return record.name
    if what == "address" and record.addresses:
        place = record.addresses[0]
        return ", ".join([*place.lines, " ".join(part for part in (place.postcode, place.city) if part)])
    if what == "industry" and record.industries:
        return record.industries[0].code
    return record.legal_form if what == "legal_form" else None
