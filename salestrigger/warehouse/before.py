"""What a register's change replaced, when the register does not say: the value in our stored record. Pure.

The texts are written as a person reads them, the same way for every register.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from salestrigger.sources.records import Address, Headcount, OrgChange, OrgRecord


def fill_before(changes: Iterable[OrgChange], stored: Mapping[str, OrgRecord]) -> tuple[OrgChange, ...]:
    """The changes, with ``before`` from the stored record where the register gave none.

    Of several changes of one field the later ones replaced what the earlier ones set. A stored record that already has
    the new value says nothing about the old one.
    """
    latest: dict[tuple[str, str, str], str | None] = {}
    filled: dict[int, OrgChange] = {}
    numbered = list(enumerate(changes))
    for index, change in sorted(numbered, key=lambda pair: (pair[1].published_at, pair[0])):
        key = (change.record_id, change.field, change.details.get("kind", ""))
        before = change.before
        if before is None:
            before = latest[key] if key in latest else value_of(stored.get(change.record_id), change)
        filled[index] = change if before == change.after else replace(change, before=before)
        latest[key] = change.after
    return tuple(filled[index] for index, _ in numbered)


def value_of(record: OrgRecord | None, change: OrgChange) -> str | None:
    """The changed field in a record, as a person reads it; None when there is none or it is not kept."""
    if record is None:
        return None
    match change.field:
        case "name":
            return record.name
        case "address":
            return _address(record, change.details.get("kind", ""))
        case "industry":
            return _industry(record, change.details.get("rank", "1"))
        case "employees":
            return _employees(record.employees)
        case "legal_form" | "status" | "website":
            value: str | None = getattr(record, change.field)
            return value
        case "parent":
            return record.parent.value if record.parent else None
        case _:
            return None


def _address(record: OrgRecord, kind: str) -> str | None:
    """``Storgata 1, 0155 Oslo``: the address of that kind, else the first."""
    address = next((a for a in record.addresses if a.kind == kind), None)
    if address is None and not kind:
        address = next(iter(record.addresses), None)
    return _line(address) if address else None


def _line(address: Address) -> str | None:
    place = " ".join(part for part in (address.postcode, address.city) if part)
    return ", ".join(part for part in (*address.lines, place) if part) or None


def _industry(record: OrgRecord, rank: str) -> str | None:
    position = int(rank) - 1 if rank.isdecimal() else 0
    return record.industries[position].code if 0 <= position < len(record.industries) else None


def _employees(employees: Headcount | None) -> str | None:
    if employees is None:
        return None
    if employees.high is None:
        return f"{employees.low} or more"
    if employees.low == employees.high:
        return str(employees.low)
    return f"below {employees.high + 1}" if employees.low == 0 else f"{employees.low}–{employees.high}"
