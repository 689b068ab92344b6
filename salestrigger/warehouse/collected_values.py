"""What sources yielded, back from its rows: records, changes and facts' values as they were. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from salestrigger.sources.records import (
    Address,
    Headcount,
    Identifier,
    IndustryCode,
    Money,
    OrgChange,
    OrgName,
    OrgRecord,
)


def decode_value(kind: str, text: str) -> Any:
    """A fact's value as it was."""
    value = json.loads(text)
    if kind == "decimal":
        return Decimal(value)
    if kind == "date":
        return date.fromisoformat(value)
    return tuple(value) if kind == "list" else value


def record_from_row(row: Mapping[str, Any], former: Iterable[OrgName] = ()) -> OrgRecord:
    """The record that a row of ``org_records`` holds, with ``former`` names added."""
    low, amount = row["employees_low"], row["revenue_amount"]
    return OrgRecord(
        record_id=row["record_id"],
        scheme=row["scheme"],
        identifier=row["identifier"],
        names=(*names_of(row["names"]), *former),
        source_id=row["source_id"],
        fetched_at=aware(row["fetched_at"]),
        country=row["country"],
        legal_form=row["legal_form"],
        addresses=tuple(Address(**{**a, "lines": tuple(a["lines"])}) for a in _list(row["addresses"])),
        industries=tuple(IndustryCode(**i) for i in _list(row["industries"])),
        employees=None if low is None else Headcount(low, row["employees_high"], row["employees_on"]),
        revenue=None if amount is None else Money(amount, row["revenue_currency"]),
        revenue_year=row["revenue_year"],
        website=row["website"],
        status=row["status"],
        status_on=row["status_on"],
        founded_on=row["founded_on"],
        registered_on=row["registered_on"],
        parent=identifier(row["parent_id"]) if row["parent_id"] else None,
        other_ids=tuple(identifier(i) for i in _list(row["other_ids"])),
        description=row["description"],
        marketing_block=row["has_marketing_block"],
        is_sole_proprietor=row["is_sole_proprietor"],
        relation=row["relation"],
    )


def change_from_row(row: Mapping[str, Any]) -> OrgChange:
    """The register change that a row of ``org_changes`` holds."""
    return OrgChange(
        change_id=row["change_id"],
        record_id=row["record_id"],
        field=row["field"],
        before=row["before_value"],
        after=row["after_value"],
        effective_on=row["effective_on"],
        published_at=aware(row["published_at"]),
        source_id=row["source_id"],
        url=row["url"],
        details=json.loads(row["details"]),
    )


def _list(text: str) -> list[Any]:
    if text == "[]":
        return []
    items: list[Any] = json.loads(text)
    return items


def names_of(text: str) -> tuple[OrgName, ...]:
    """The names that the column ``names`` of ``org_records`` holds."""
    return tuple(OrgName(n["text"], n["kind"], _day(n["valid_from"]), _day(n["valid_to"])) for n in json.loads(text))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def identifier(full_id: str) -> Identifier:
    """``NO-BRC-923609016`` → its scheme and number; schemes are two parts, ACCOUNT is one."""
    parts = full_id.split("-", 1 if full_id.startswith("ACCOUNT-") else 2)
    return Identifier("-".join(parts[:-1]), parts[-1])


def aware(at: datetime) -> datetime:
    """A stored time is UTC."""
    return at.replace(tzinfo=UTC)
