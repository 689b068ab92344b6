"""One entity of the Norwegian register (Enhetsregisteret) as an OrgRecord. Pure.

Field names: https://data.brreg.no/enhetsregisteret/api/dokumentasjon. What is personal and of no use here (e-mail,
telephone) is not read at all. Values are taken only when they have the type that the register documents, so that a
changed answer loses a field, not the run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from salestrigger.sources.records import (
    Address,
    AddressKind,
    Headcount,
    Identifier,
    IndustryCode,
    OrgName,
    OrgRecord,
    OrgStatus,
)
from salestrigger.sources.text import canonical_url, clean_text

SCHEME: Final = "NO-BRC"

#: the register serves SN2025 only; codes of SN2007 get no hits, silently
CODESET: Final = "SN2025"

#: "not stated", as new holding companies have it
UNSTATED_CODE: Final = "00.000"

#: enkeltpersonforetak: its name is a person's name
SOLE_PROPRIETOR: Final = "ENK"

#: below this many employees the register withholds the number (1 to 4)
WITHHELD_BELOW: Final = 5

_ORGANISATION_NUMBER = re.compile(r"[0-9]{9}")
_COMPULSORY = re.compile(r"tvangs(?:opplost|avviklet)[A-Za-z]{1,60}Dato")

#: what is wrong with an organisation, the gravest first: (kind, our status)
STATUS_KINDS: Final[Mapping[str, OrgStatus]] = {
    "sletting": "dissolved",
    "konkurs": "bankrupt",
    "tvangsopplosning": "winding_up",
    "avvikling": "winding_up",
    "rekonstruksjon": "restructuring",
}

#: kind → the register's yes-or-no field, where it has one
FLAGS: Final[Mapping[str, str]] = {
    "konkurs": "konkurs",
    "tvangsopplosning": "underTvangsavviklingEllerTvangsopplosning",
    "avvikling": "underAvvikling",
}

_DATES: Final[Mapping[str, str]] = {
    "slettedato": "sletting",
    "konkursdato": "konkurs",
    "underAvviklingDato": "avvikling",
    "underRekonstruksjonsforhandlingDato": "rekonstruksjon",
}

#: dated fields that no flag can make void
_UNFLAGGED: Final = frozenset(field for field, kind in _DATES.items() if kind not in FLAGS)


def number_of(entity: Mapping[str, Any]) -> str | None:
    """The organisation number, nine digits; None when the entity has none that is one."""
    number = entity.get("organisasjonsnummer")
    return number if isinstance(number, str) and _ORGANISATION_NUMBER.fullmatch(number) else None


def record_id(number: str) -> str:
    """The record's id, for ever."""
    return f"{SCHEME}-{number}"


def record_of(entity: Mapping[str, Any], *, source_id: str, fetched_at: datetime) -> OrgRecord | None:
    """The entity as a record; None when it has no number or no name (nothing to be known by)."""
    number, name = number_of(entity), text_of(entity, "navn")
    if number is None or not name:
        return None
    form, status = code_of(entity, "organisasjonsform"), status_of(entity)
    parent = parent_of(entity)
    return OrgRecord(
        record_id=record_id(number),
        scheme=SCHEME,
        identifier=number,
        names=(OrgName(name), *former_names(entity)),
        source_id=source_id,
        fetched_at=fetched_at,
        country="NO",
        legal_form=form,
        addresses=addresses_of(entity),
        industries=industries_of(entity),
        employees=headcount_of(entity),
        website=website_of(text_of(entity, "hjemmeside")),
        status=status[0],
        status_on=status[1],
        founded_on=date_of(entity, "stiftelsesdato"),
        registered_on=date_of(entity, "registreringsdatoEnhetsregisteret"),
        parent=Identifier(SCHEME, parent) if parent else None,
        description=description_of(entity),
        is_sole_proprietor=form == SOLE_PROPRIETOR,
    )


def parent_of(entity: Mapping[str, Any]) -> str | None:
    """The number of the organisation that it belongs to."""
    parent = text_of(entity, "overordnetEnhet")
    return parent if _ORGANISATION_NUMBER.fullmatch(parent) else None


def status_dates(entity: Mapping[str, Any]) -> dict[str, date]:
    """Kind → the day the register gives for it, of those that hold now."""
    found: dict[str, date] = {}
    for field in entity:
        if field[-4:] not in {"dato", "Dato"}:
            continue
        kind = kind_of_date(field)
        day = date_of(entity, field) if kind else None
        if kind and day and entity.get(FLAGS.get(kind, "")) is not False:
            found[kind] = max(day, found.get(kind, day))
    return found


@lru_cache(maxsize=256)
def _kind_of(field: str) -> str | None:
    return "tvangsopplosning" if _COMPULSORY.fullmatch(field) else _DATES.get(field)


def kind_of_date(field: str) -> str | None:
    """Which kind of status a dated field is about: there is one field per ground for compulsory dissolution."""
    # the register's own field names are few; anything longer is none of them
    return _kind_of(field) if field in _DATES or field.startswith("tvangs") else None


def status_of(entity: Mapping[str, Any]) -> tuple[OrgStatus, date | None]:
    """The gravest status that holds, and since when."""
    if _is_ordinary(entity):
        return "active", None
    dates = status_dates(entity)
    if entity.get("respons_klasse") == "SlettetEnhet":
        return "dissolved", dates.get("sletting")
    for kind, status in STATUS_KINDS.items():
        if kind in dates or entity.get(FLAGS.get(kind, "")) is True:
            return status, dates.get(kind)
    return "active", None


def _is_ordinary(entity: Mapping[str, Any]) -> bool:
    """Whether it says that nothing is wrong, as nearly all do: dates count only where a flag is not false."""
    return (
        all(entity.get(flag) is False for flag in FLAGS.values())
        and _UNFLAGGED.isdisjoint(entity)
        and entity.get("respons_klasse") != "SlettetEnhet"
    )


def former_names(entity: Mapping[str, Any]) -> tuple[OrgName, ...]:
    """``historiskeNavn`` with its periods (local time, to the second; the day is enough)."""
    rows = entity.get("historiskeNavn")
    if not rows:
        return ()
    names = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    return tuple(
        OrgName(text_of(row, "navn"), "former", date_of(row, "fraDato"), date_of(row, "tilDato"))
        for row in names
        if text_of(row, "navn")
    )


def addresses_of(entity: Mapping[str, Any]) -> tuple[Address, ...]:
    """The business address, then the postal one; a branch has a visiting address instead."""
    fields: tuple[tuple[str, AddressKind], ...] = (
        ("forretningsadresse", "business"),
        ("beliggenhetsadresse", "visiting"),
        ("postadresse", "postal"),
    )
    found = ((entity.get(field), kind) for field, kind in fields)
    return tuple(address_of(value, kind) for value, kind in found if isinstance(value, (dict, Mapping)))


def address_of(value: Mapping[str, Any], kind: AddressKind) -> Address:
    """One address."""
    return Address(
        kind=kind,
        lines=tuple(address_lines(value)),
        postcode=often(value.get("postnummer")),
        city=often(value.get("poststed")),
        municipality=often(value.get("kommune")),
        municipality_code=often(value.get("kommunenummer")),
        country=often(value.get("landkode")),
    )


def address_lines(value: Mapping[str, Any]) -> list[str]:
    """An address's lines; empty and null ones, which the register has, are left out."""
    lines = value.get("adresse")
    texts = [clean_text(line) for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
    return [line for line in texts if line]


def address_text(address: Address) -> str:
    """An address on one line, as a person reads it."""
    place = " ".join(part for part in (address.postcode, address.city) if part)
    return ", ".join([*address.lines, *([place] if place else [])])


def industries_of(entity: Mapping[str, Any]) -> tuple[IndustryCode, ...]:
    """The up to three industry codes, the main one first, without "not stated"."""
    codes = (code_of(entity, f"naeringskode{number}") for number in (1, 2, 3))
    return tuple(IndustryCode(code, CODESET) for code in codes if code and code != UNSTATED_CODE)


def headcount_of(entity: Mapping[str, Any]) -> Headcount | None:
    """The number of employees; 0 to 4 when it is withheld, and None when the register says nothing of it."""
    as_of = date_of(entity, "registreringsdatoAntallAnsatteEnhetsregisteret")
    number = entity.get("antallAnsatte")
    if isinstance(number, (int, float)) and not isinstance(number, bool) and number >= 0:
        return Headcount(int(number), int(number), as_of)
    if entity.get("harRegistrertAntallAnsatte") is True:
        return Headcount(0, WITHHELD_BELOW - 1, as_of)
    return None


def website_of(text: str) -> str | None:
    """``hjemmeside`` as an address; the register leaves the scheme out."""
    if not text:
        return None
    return canonical_url(text if "://" in text else f"https://{text}") or None


def description_of(entity: Mapping[str, Any]) -> str | None:
    """What it does in its own words: the activity, else the purpose in its articles (lines are broken at 70 signs)."""
    for field in ("aktivitet", "vedtektsfestetFormaal"):
        lines = entity.get(field)
        joined = (
            clean_text(" ".join(line for line in lines if isinstance(line, str))) if isinstance(lines, list) else ""
        )
        if joined:
            return joined[:2000]
    return None


def text_of(entity: Mapping[str, Any], field: str) -> str:
    """A field's clean text; empty when it is absent or of another type."""
    value = entity.get(field)
    return clean_text(value) if isinstance(value, str) else ""


def code_of(entity: Mapping[str, Any], field: str) -> str | None:
    """The ``kode`` of a coded field."""
    value = entity.get(field)
    if value is None:  # most have one industry of three
        return None
    return often(value.get("kode")) if isinstance(value, (dict, Mapping)) else None


def often(value: object) -> str | None:
    """A short text that many entities have (a code, a place), cleaned once; None when it is empty or no text."""
    return (_cleaned(value) or None) if isinstance(value, str) and len(value) < 100 else None


@lru_cache(maxsize=8192)
def _cleaned(text: str) -> str:
    return clean_text(text)


def date_of(entity: Mapping[str, Any], field: str) -> date | None:
    """A date, ``YYYY-MM-DD`` with or without a time; empty texts occur and mean none."""
    return to_date(entity.get(field))


def to_date(value: object) -> date | None:
    """The day of a register's date text."""
    if not isinstance(value, str) or not value:
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None
