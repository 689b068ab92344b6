"""A LEI record as an OrgRecord with its national number, and what its events and relationships say. Pure.

Three spellings of the same record arrive: the golden copy's JSON (``{"$": …}`` around every value), the same without
those, and the API's (camel case). https://www.gleif.org/en/lei-data/access-and-use-lei-data/level-1-data-lei-cdf-3-1-format
A lapsed registration is not a dead company: only ``EntityStatus`` says that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from salestrigger.sources.adapters.national_ids import lei_of, national_id
from salestrigger.sources.adapters.register_maker import RegisterMaker
from salestrigger.sources.records import (
    Address,
    AddressKind,
    Identifier,
    NameKind,
    OrgChange,
    OrgName,
    OrgRecord,
    OrgStatus,
)
from salestrigger.sources.text import clean_text

SCHEME: Final = "XI-LEI"
PUBLIC_URL: Final = "https://search.gleif.org/#/record/{number}"

#: registration authority → country whose register number its entity id is (GLEIF's list of registration authorities)
AUTHORITIES: Final[Mapping[str, str]] = {
    "RA000472": "NO", "RA000463": "NL", "RA000544": "SE", "RA000170": "DK", "RA000188": "FI", "RA000585": "GB",
    "RA000586": "GB", "RA000587": "GB",
}  # fmt: skip

#: event of the legal entity → (field of a change, kind of a status, our status)
EVENTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "CHANGE_LEGAL_NAME": ("name", "", ""),
    "CHANGE_LEGAL_ADDRESS": ("address", "", ""),
    "CHANGE_LEGAL_FORM": ("legal_form", "", ""),
    "BANKRUPTCY": ("status", "bankruptcy", "bankrupt"),
    "INSOLVENCY": ("status", "bankruptcy", "bankrupt"),
    "LIQUIDATION": ("status", "winding_up", "winding_up"),
    "DISSOLUTION": ("status", "dissolved", "dissolved"),
    "VOLUNTARY_ARRANGEMENT": ("status", "restructuring", "restructuring"),
    "MERGERS_AND_ACQUISITIONS": ("parent", "", ""),
    "ACQUISITION_BRANCH": ("parent", "", ""),
}
_NAME_KINDS: Final[Mapping[str, NameKind]] = {
    "PREVIOUS_LEGAL_NAME": "former", "TRADING_OR_OPERATING_NAME": "trade", "ALTERNATIVE_LANGUAGE_LEGAL_NAME": "alias",
}  # fmt: skip


def bare(value: Any) -> Any:
    """The value without the golden copy's ``{"$": …}`` around it; attributes (``@type``) keep their name."""
    if isinstance(value, Mapping):
        if "$" in value and all(key == "$" or key.startswith("@") for key in value):
            return value["$"]
        return {key: bare(item) for key, item in value.items() if not key.startswith("@xml")}
    return [bare_named(item) for item in value] if isinstance(value, list) else value


def bare_named(value: Any) -> Any:
    """A list's item: a typed text becomes ``{"type", "OtherEntityName"}``, as the plain spelling has it."""
    if isinstance(value, Mapping) and "$" in value and "@type" in value:
        return {"type": value["@type"], "OtherEntityName": value["$"]}
    found = bare(value)
    if isinstance(found, dict) and isinstance(value, Mapping):
        found |= {key[1:]: item for key, item in value.items() if key.startswith("@") and not key.startswith("@xml")}
    return found


def plain_record(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A record of any spelling in the plain one of the golden copy."""
    attributes = row.get("attributes")
    return _from_api(attributes) if isinstance(attributes, Mapping) else bare(row)


def authority_of(row: Mapping[str, Any]) -> tuple[str, str]:
    """(registration authority, the entity's number there) of a plain record; empty texts for none."""
    at = _part(_part(row, "Entity"), "RegistrationAuthority")
    return _text(at, "RegistrationAuthorityID"), _text(at, "RegistrationAuthorityEntityID")


def record_of(row: Mapping[str, Any], *, source_id: str, fetched_at: datetime) -> OrgRecord | None:
    """A plain record as an OrgRecord; None without a valid LEI or a name, and for funds."""
    entity, lei = _part(row, "Entity"), lei_of(_text(row, "LEI"))
    name = _text(entity, "LegalName")
    if lei is None or not name or _text(entity, "EntityCategory") == "FUND":
        return None
    authority, number = authority_of(row)
    national = national_id(AUTHORITIES.get(authority), number)
    country = _text(_part(entity, "LegalAddress"), "Country")
    successor = lei_of(_text(_part(entity, "SuccessorEntity"), "SuccessorLEI"))
    return OrgRecord(
        record_id=str(lei),
        scheme=SCHEME,
        identifier=lei.value,
        names=(OrgName(name), *_other_names(entity, name)),
        source_id=source_id,
        fetched_at=fetched_at,
        country=country if len(country) == 2 else None,
        addresses=tuple(_addresses(entity)),
        status=_status(entity),
        founded_on=_day(_text(entity, "EntityCreationDate")),
        parent=successor,
        other_ids=(national,) if national else (),
        is_sole_proprietor=_text(entity, "EntityCategory") == "SOLE_PROPRIETOR",
    )


def changes_of(row: Mapping[str, Any], record: OrgRecord, maker: RegisterMaker) -> Iterator[OrgChange]:
    """What the events of a plain record tell, those completed and recorded within the news window."""
    events = _part(_part(row, "Entity"), "LegalEntityEvents").get("LegalEntityEvent")
    for event in events if isinstance(events, list) else [events] if isinstance(events, Mapping) else []:
        kind = _text(event, "LegalEntityEventType")
        recorded = _day(_text(event, "LegalEntityEventRecordedDate"))
        effective = _day(_text(event, "LegalEntityEventEffectiveDate"))
        if kind not in EVENTS or not maker.is_news(recorded) or _text(event, "event_status") not in {"", "COMPLETED"}:
            continue
        field, state, status = EVENTS[kind]
        keys = (kind, effective.isoformat() if effective else str(recorded))
        after = {"name": record.name, "status": status, "parent": _text(
            _part(_part(row, "Entity"), "SuccessorEntity"), "SuccessorEntityName"
        )}.get(field)  # fmt: skip
        if field == "parent" and not after:
            continue  # a merger that does not say into whom is no change that we could tell
        yield maker.change(
            record.identifier,
            field,  # type: ignore[arg-type]  # one of the table's
            keys,
            after=after or None,
            effective_on=effective,
            published_at=maker.noon(recorded) if recorded else maker.now,
            details={"kind": state or kind.lower()},
        )


def with_parent(record: OrgRecord, parent: str | None) -> OrgRecord:
    """The record with the LEI of its parent, when a relationship names one."""
    return replace(record, parent=Identifier(SCHEME, parent)) if parent else record


def _from_api(a: Mapping[str, Any]) -> dict[str, Any]:
    """The API's attributes in the golden copy's plain spelling, as far as they are read here."""
    entity = _part(a, "entity")
    others = [r for key in ("otherNames", "transliteratedOtherNames") for r in _rows(entity.get(key))]
    events = [e for group in _rows(entity.get("eventGroups")) for e in _rows(group.get("events"))]
    successor = _part(entity, "successorEntity")
    return {
        "LEI": a.get("lei"),
        "Entity": {
            "LegalName": _part(entity, "legalName").get("name"),
            "OtherEntityNames": [{"type": r.get("type", ""), "OtherEntityName": r.get("name")} for r in others],
            "LegalAddress": _api_address(_part(entity, "legalAddress")),
            "HeadquartersAddress": _api_address(_part(entity, "headquartersAddress")),
            "RegistrationAuthority": {
                "RegistrationAuthorityID": _part(entity, "registeredAt").get("id"),
                "RegistrationAuthorityEntityID": entity.get("registeredAs"),
            },
            "EntityCategory": entity.get("category"),
            "EntityStatus": entity.get("status"),
            "EntityCreationDate": entity.get("creationDate"),
            "EntityExpirationReason": _part(entity, "expiration").get("reason"),
            "SuccessorEntity": {"SuccessorLEI": successor.get("lei"), "SuccessorEntityName": successor.get("name")},
            "LegalEntityEvents": {"LegalEntityEvent": [{
                "LegalEntityEventType": e.get("type"), "event_status": e.get("status"),
                "LegalEntityEventEffectiveDate": e.get("effectiveDate"),
                "LegalEntityEventRecordedDate": e.get("recordedDate"),
            } for e in events]},
        },
    }  # fmt: skip


def _api_address(a: Mapping[str, Any]) -> dict[str, Any]:
    lines = a.get("addressLines")
    return {
        "FirstAddressLine": ", ".join(x for x in lines if isinstance(x, str)) if isinstance(lines, list) else "",
        "City": a.get("city"),
        "Region": a.get("region"),
        "Country": a.get("country"),
        "PostalCode": a.get("postalCode"),
    }


def _other_names(entity: Mapping[str, Any], name: str) -> Iterator[OrgName]:
    seen = {name.casefold()}
    for key in ("OtherEntityNames", "TransliteratedOtherEntityNames"):
        value = entity.get(key)
        rows = (
            value if isinstance(value, list) else next(iter(value.values()), []) if isinstance(value, Mapping) else []
        )
        for row in _rows(rows if isinstance(rows, list) else [rows]):
            text = _text(row, "OtherEntityName")
            if text and text.casefold() not in seen:
                seen.add(text.casefold())
                yield OrgName(text, _NAME_KINDS.get(_text(row, "type"), "alias"))


def _addresses(entity: Mapping[str, Any]) -> Iterator[Address]:
    kinds: tuple[tuple[AddressKind, str], ...] = (("business", "HeadquartersAddress"), ("postal", "LegalAddress"))
    for kind, key in kinds:
        row = _part(entity, key)
        lines = tuple(t for field in ("FirstAddressLine", "AdditionalAddressLine") if (t := _text(row, field)))
        city, country = _text(row, "City"), _text(row, "Country")
        if lines or city:
            yield Address(
                kind=kind,
                lines=lines,
                postcode=_text(row, "PostalCode") or None,
                city=city or None,
                region=_text(row, "Region") or None,
                country=country if len(country) == 2 else None,
            )


def _status(entity: Mapping[str, Any]) -> OrgStatus | None:
    match _text(entity, "EntityStatus"):
        case "ACTIVE":
            return "active"
        case "INACTIVE":
            return "dissolved"
    return None


def _part(row: Any, key: str) -> Mapping[str, Any]:
    value = row.get(key) if isinstance(row, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return clean_text(value) if isinstance(value, str) else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
