"""Companies House's profiles, officers, filings and bulk rows as our records. Pure.

Resources: https://developer-specs.company-information.service.gov.uk/. Dates of birth, nationalities and addresses of
officers are not read; a name only where a director was appointed within the news window, which is the news.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from salestrigger.sources.adapters.api_answers import part_of, rows_of
from salestrigger.sources.adapters.national_ids import national_id
from salestrigger.sources.adapters.register_maker import RegisterMaker
from salestrigger.sources.adapters.register_values import british_day, day_of, text_of
from salestrigger.sources.records import (
    Address,
    Document,
    Identifier,
    IndustryCode,
    OrgChange,
    OrgName,
    OrgRecord,
    OrgStatus,
    StatedEvent,
    StatedRole,
    content_id,
)

SCHEME: Final = "GB-COH"
CODESET: Final = "SIC2007"
PUBLIC_URL: Final = "https://find-and-update.company-information.service.gov.uk/company/{number}"

#: company_status → our status (https://github.com/companieshouse/api-enumerations, constants.yml)
STATUS: Final[Mapping[str, OrgStatus]] = {
    "active": "active", "open": "active", "registered": "active", "dissolved": "dissolved", "closed": "dissolved",
    "converted-closed": "dissolved", "removed": "dissolved", "liquidation": "winding_up", "receivership": "bankrupt",
    "administration": "restructuring", "insolvency-proceedings": "bankrupt",
    "voluntary-arrangement": "restructuring",
}  # fmt: skip
#: type of a filing → (type of event, role of the company); what a form states, not what its pages say
FILINGS: Final[Mapping[str, tuple[str, str]]] = {
    "NEWINC": ("incorporation", "organization"),
    "AD01": ("relocation", "organization"),
    "AP01": ("board_change", "organization"),
    "AP02": ("board_change", "organization"),
    "TM01": ("board_change", "organization"),
    "TM02": ("", ""),
    "SH01": ("funding", "investee"),
    "MR01": ("debt_financing", "recipient"),
    "AA": ("accounts_filed", "organization"),
    "GAZ2": ("closure", "organization"),
    "GAZ2(A)": ("closure", "organization"),
    "AM01": ("insolvency", "organization"),
    "LIQ01": ("closure", "organization"),
    "LIQ02": ("insolvency", "organization"),
    "COCOMP": ("insolvency", "organization"),
    "600": ("insolvency", "organization"),
}
_SIC = re.compile(r"(\d{4,5})\b")


def number_of(text: str) -> str | None:
    """A company number with its leading zeros; None when it is none."""
    found = national_id("GB", text)
    return found.value if found else None


def record_of(data: Mapping[str, Any], *, source_id: str, fetched_at: datetime) -> OrgRecord | None:
    """A company profile as a record; None without a number or a name."""
    number, name = number_of(text_of(data, "company_number")), text_of(data, "company_name")
    if number is None or not name:
        return None
    former = [
        OrgName(text_of(row, "name"), "former", day_of(row.get("effective_from")), day_of(row.get("ceased_on")))
        for row in rows_of(data, "previous_company_names")
        if text_of(row, "name")
    ]
    codes = data.get("sic_codes")
    return OrgRecord(
        record_id=f"{SCHEME}-{number}",
        scheme=SCHEME,
        identifier=number,
        names=(OrgName(name), *former),
        source_id=source_id,
        fetched_at=fetched_at,
        country="GB",
        legal_form=text_of(data, "type") or None,
        addresses=tuple(_address(part_of(data, "registered_office_address"))),
        industries=tuple(IndustryCode(c, CODESET) for c in codes if isinstance(c, str))
        if isinstance(codes, list)
        else (),
        status=STATUS.get(text_of(data, "company_status")),
        status_on=day_of(data.get("date_of_cessation")),
        founded_on=day_of(data.get("date_of_creation")),
        registered_on=day_of(data.get("date_of_creation")),
    )


def bulk_record(row: Mapping[str, str], *, source_id: str, fetched_at: datetime) -> OrgRecord | None:
    """A row of the bulk file (headings without their blanks) as a record; None without a number or a name."""
    number, name = number_of(row.get("CompanyNumber", "")), text_of(row, "CompanyName")
    if number is None or not name:
        return None
    former = list(_former_names(row)) if row.get("PreviousName_1.CompanyName") else []
    codes = [code for n in range(1, 5) if (code := _sic(row.get(f"SICCode.SicText_{n}", "")))]
    fields = {
        "address_line_1": "AddressLine1", "address_line_2": "AddressLine2", "locality": "PostTown",
        "region": "County", "postal_code": "PostCode",
    }  # fmt: skip
    return OrgRecord(
        record_id=f"{SCHEME}-{number}",
        scheme=SCHEME,
        identifier=number,
        names=(OrgName(name), *former),
        source_id=source_id,
        fetched_at=fetched_at,
        country="GB",
        legal_form=text_of(row, "CompanyCategory") or None,
        addresses=tuple(_address({key: row.get(f"RegAddress.{field}", "") for key, field in fields.items()})),
        industries=tuple(IndustryCode(code, CODESET) for code in dict.fromkeys(codes)),
        status=_bulk_status(text_of(row, "CompanyStatus")),
        status_on=british_day(row.get("DissolutionDate", "")),
        founded_on=british_day(row.get("IncorporationDate", "")),
        registered_on=british_day(row.get("IncorporationDate", "")),
    )


def changes_of(record: OrgRecord, maker: RegisterMaker) -> Iterator[OrgChange]:
    """What the dates of a profile tell, within the news window."""
    if maker.is_news(record.registered_on):
        yield maker.change(record.identifier, "created", (), after=record.name, effective_on=record.registered_on)
    for former in record.names[1:]:
        if former.valid_to and maker.is_news(former.valid_to):
            names = {"before": former.text, "after": record.name}
            yield maker.change(record.identifier, "name", (record.name,), effective_on=former.valid_to, **names)
    if record.status == "dissolved" and record.status_on and maker.is_news(record.status_on):
        day = record.status_on
        dissolved = {"after": "dissolved", "details": {"kind": "dissolved"}}
        yield maker.change(record.identifier, "status", ("dissolved", day.isoformat()), effective_on=day, **dissolved)


def officer_changes(number: str, data: Mapping[str, Any], maker: RegisterMaker) -> Iterator[OrgChange]:
    """Directors appointed within the news window, by name; those who resigned, without."""
    for row in rows_of(data, "items"):
        role = text_of(row, "officer_role")
        if "director" not in role or "corporate" in role:
            continue
        appointed, resigned = day_of(row.get("appointed_on")), day_of(row.get("resigned_on"))
        link = text_of(part_of(row, "links"), "self") or text_of(part_of(row, "links", "officer"), "appointments")
        for kind, day in (("appointed", appointed), ("resigned", resigned)):
            if day is None or not maker.is_news(day):
                continue
            holder = {"holder": text_of(row, "name")} if kind == "appointed" else {}
            keys = ("BOARD", kind, day.isoformat(), content_id("officer", link))
            yield maker.change(
                number, "roles", keys, after=f"director {kind}", effective_on=day,
                details={"kind": "BOARD", "role": "director", **holder},
            )  # fmt: skip


def filing_document(
    number: str, name: str, row: Mapping[str, Any], *, source_id: str, fetched_at: datetime
) -> Document | None:
    """A filing as a Document that states what its form says; None without an id or a day."""
    key, kind, day = text_of(row, "transaction_id"), text_of(row, "type"), day_of(row.get("date"))
    if not key or day is None:
        return None
    says = text_of(row, "description").replace("-", " ") or kind
    identifier = Identifier(SCHEME, number)
    type_, role = FILINGS.get(kind, ("", ""))
    stated = StatedEvent(type_, (StatedRole(role, name, identifier),), event_on=day_of(row.get("action_date")))
    maker = RegisterMaker(SCHEME, source_id, fetched_at)
    return Document(
        document_id=content_id("doc", source_id, key),
        source_id=source_id,
        key=key,
        url=f"{PUBLIC_URL.format(number=number)}/filing-history",
        title=f"{name} · {kind}: {says}",
        text=f"Company: {name}\nNumber: {number}\nFiling: {kind}: {says}",
        fetched_at=fetched_at,
        language="en",
        published_at=maker.noon(day),
        kind="filing",
        issuer=name,
        identifiers=(identifier,),
        stated=(stated,) if type_ else (),
    )


def _address(row: Mapping[str, Any]) -> Iterator[Address]:
    lines = tuple(t for key in ("premises", "address_line_1", "address_line_2") if (t := text_of(row, key)))
    city = text_of(row, "locality")
    if lines or city:
        yield Address(
            lines=lines,
            postcode=text_of(row, "postal_code") or None,
            city=city or None,
            region=text_of(row, "region") or None,
            country="GB",
        )


def _former_names(row: Mapping[str, str]) -> Iterator[OrgName]:
    for n in range(1, 11):
        if old := text_of(row, f"PreviousName_{n}.CompanyName"):
            yield OrgName(old, "former", None, british_day(row.get(f"PreviousName_{n}.CONDATE", "")))


@lru_cache(maxsize=8192)
def _sic(text: str) -> str:
    """The code of ``78300 - Human resources …``; "" for none."""
    found = _SIC.match(text.strip())
    return found[1] if found else ""


@lru_cache(maxsize=256)
def _bulk_status(text: str) -> OrgStatus | None:
    """The bulk file writes statuses in words: ``Active - Proposal to Strike off``, ``In Administration``."""
    words = text.casefold()
    for part, status in (
        ("active", "active"), ("liquidation", "winding_up"), ("administration", "restructuring"),
        ("voluntary arrangement", "restructuring"), ("receiver", "bankrupt"), ("dissolved", "dissolved"),
    ):  # fmt: skip
        if part in words:
            return status  # type: ignore[return-value]  # one of the table's
    return None
