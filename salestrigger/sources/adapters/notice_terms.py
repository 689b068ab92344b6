"""When the contracts of an award notice end: what its fields state, or start and length together. Pure.

eForms: the period of each lot (BT-36 length, BT-536 start, BT-537 end) and how often it may be renewed (BT-58), see
https://docs.ted.europa.eu/eforms/latest/reference/business-terms/. TED_EXPORT (R2.0.8 and R2.0.9): ``DURATION``,
``DATE_START``, ``DATE_END`` of each ``OBJECT_DESCR``. A period without an end ("unlimited") has none here.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

Node = Any  #: lxml's element

#: a unit of length → (months, days)
UNITS: Mapping[str, tuple[int, int]] = {"YEAR": (12, 0), "MONTH": (1, 0), "WEEK": (0, 7), "DAY": (0, 1)}
#: contracts of more years are taken for a slip of the pen, or for "without end"
MAX_YEARS = 30


@dataclass(frozen=True, slots=True)
class Term:
    """How long the contract of a lot runs."""

    starts_on: date | None = None
    ends_on: date | None = None
    months: int = 0
    days: int = 0
    renewals: int = 0  #: how often it may be renewed at most; 0: never, or not stated

    def end(self, signed_on: date | None) -> tuple[date | None, bool]:
        """The day on which it ends, and whether that day is stated (else it is right to about a month).

        A length without a start counts from the day on which the contract was signed or decided.
        """
        if self.ends_on is not None:
            return self.ends_on, True
        start = self.starts_on or signed_on
        if start is None or not (self.months or self.days):
            return None, False
        return later(start, self.months, self.days) - timedelta(days=1), self.starts_on is not None


def later(day: date, months: int, days: int = 0) -> date:
    """The day some months and days later; the last of the month where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)) + timedelta(days=days)


def eforms_terms(root: Node) -> dict[str, Term]:
    """Lot → its term; under the empty key the notice's own, for lots that state none."""
    found = {}
    for holder in (root, *_deep(root, "ProcurementProjectLot")):
        project = next(_children(holder, "ProcurementProject"), None)
        term = _eforms_term(project) if project is not None else None
        if term is not None:
            found["" if holder is root else _text(holder, "ID")] = term
    return found


def _eforms_term(project: Node) -> Term | None:
    period = next(_children(project, "PlannedPeriod"), None)
    if period is None:
        return None
    measure = next(_children(period, "DurationMeasure"), None)
    length = _length(measure.text, measure.get("unitCode")) if measure is not None else (0, 0)
    extension = next(_children(project, "ContractExtension"), None)
    times = _text(extension, "MaximumNumberNumeric") if extension is not None else ""
    return Term(
        _day(_text(period, "StartDate")), _day(_text(period, "EndDate")), *length, renewals=_count(times)
    )  # fmt: skip


def old_terms(form: Node) -> dict[str, Term]:
    """Lot number → its term, of a TED_EXPORT form; under the empty key the one that all lots share."""
    found = {}
    for described in _deep(form, "OBJECT_DESCR"):
        first = {name: next(_deep(described, name), None) for name in ("DURATION", "DATE_START", "DATE_END")}
        measure = first["DURATION"]
        length = _length(measure.text, measure.get("TYPE")) if measure is not None else (0, 0)
        start, end = (_day(node.text if node is not None else "") for node in (first["DATE_START"], first["DATE_END"]))
        if any((start and any(length), end, any(length))):
            found[_text(described, "LOT_NO")] = Term(start, end, *length)
    if len(set(found.values())) == 1:
        found[""] = next(iter(found.values()))
    return found


def earliest(ends: Iterable[tuple[date | None, bool, int]]) -> tuple[date | None, bool, int]:
    """Of several contracts the one that ends first: then somebody has to act."""
    return min((e for e in ends if e[0] is not None), default=(None, False, 0), key=lambda e: (e[0], not e[1]))


def is_usable(end: date | None, told: date | None) -> bool:
    """Whether the end lies ahead of the notice and no lifetime away."""
    return end is not None and told is not None and told < end <= later(told, 12 * MAX_YEARS)


def _length(text: str | None, unit: str | None) -> tuple[int, int]:
    """Months and days; a fraction of a unit is cut."""
    months, days = UNITS.get((unit or "").strip().upper(), (0, 0))
    try:
        count = int(Decimal((text or "").strip()))
    except (InvalidOperation, ValueError, OverflowError):
        return 0, 0
    return (months * count, days * count) if 0 < count <= 366 * MAX_YEARS else (0, 0)


def _count(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 3 else 0


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat((text or "").strip()[:10])
    except ValueError:
        return None
    return day if day.year > 2000 else None  # eForms demands a date where there is none: 2000-01-01


def _deep(node: Node, name: str) -> Iterator[Node]:
    return (child for child in node.iter("{*}" + name))


def _children(node: Node, name: str) -> Iterator[Node]:
    return (child for child in node if isinstance(child.tag, str) and child.tag.rpartition("}")[2] == name)


def _text(node: Node, name: str) -> str:
    found = next(_children(node, name), None)
    return (found.text or "").strip() if found is not None else ""
