"""Owners from a file into the warehouse, all or nothing, and handed over in bulk."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from salestrigger.matchers.owners import LEVELS, Absence, Assignment, Owners, clashes, reassigned
from salestrigger.sources.errors import DeclarationError, UsageError
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.owners import read_owners
from salestrigger.warehouse.tables import read_table

ASSIGNED = {"required": ("level", "subject", "owner"), "optional": ("valid_from", "valid_to")}
ABSENT = {"required": ("owner", "deputy", "from", "to")}
_ALWAYS = date(1970, 1, 1)


def assignments_from(path: Path) -> tuple[Assignment, ...]:
    """The assignments of a file.

    Raises:
        DeclarationError: an unknown level, no date, an impossible time, or two owners of one subject (row, key, value).
    """
    rows = read_table(path, **ASSIGNED).to_pylist()
    found = tuple(_assignment(path, number, row) for number, row in enumerate(rows, start=1))
    for a, b in clashes(found)[:1]:
        row = found.index(b) + 1
        problem = f"{b.owner!r} and {a.owner!r} both own {b.level} {b.subject!r} on {b.valid_from}"
        raise DeclarationError(path, f"{problem}; end the first with valid_to", key=f"row {row}: owner")
    return found


def _assignment(path: Path, number: int, row: dict[str, Any]) -> Assignment:
    texts = {key: str(value or "").strip() for key, value in row.items()}
    if texts["level"] not in LEVELS:
        problem = f"{texts['level']!r} is not allowed; allowed: {', '.join(LEVELS)}"
        raise DeclarationError(path, problem, key=f"row {number}: level")
    for key in ("subject", "owner"):
        if not texts[key]:
            raise DeclarationError(path, "missing", key=f"row {number}: {key}")
    first = _day(path, number, "valid_from", texts["valid_from"]) or _ALWAYS
    last = _day(path, number, "valid_to", texts["valid_to"])
    if last is not None and last < first:
        raise DeclarationError(path, f"impossible time: {first} to {last}", key=f"row {number}: valid_to")
    return Assignment(texts["level"], texts["subject"], texts["owner"], first, last)  # type: ignore[arg-type]


def absences_from(path: Path) -> tuple[Absence, ...]:
    """The absences of a file.

    Raises:
        DeclarationError: no date, an impossible time, or somebody who stands in for himself (row, key, value).
    """
    found = []
    for number, row in enumerate(read_table(path, **ABSENT).to_pylist(), start=1):
        owner, deputy = str(row["owner"] or "").strip(), str(row["deputy"] or "").strip()
        first, last = (_day(path, number, key, str(row[key] or "").strip()) for key in ("from", "to"))
        if not owner or not deputy or owner == deputy or first is None or last is None or last < first:
            raise DeclarationError(path, "needs an owner, another deputy, and two days in order", key=f"row {number}")
        found.append(Absence(owner, deputy, first, last))
    return tuple(found)


def _day(path: Path, number: int, key: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise DeclarationError(path, f"{text!r} is no day such as 2026-09-07", key=f"row {number}: {key}") from None


def store(wh: Warehouse, assignments: tuple[Assignment, ...], absences: tuple[Absence, ...] | None, origin: str) -> str:
    """Replace what is stored, in one transaction; ``absences`` None: they stay. Returns what is stored now."""
    rows = {
        "level": [a.level for a in assignments],
        "subject": [a.subject for a in assignments],
        "owner": [a.owner for a in assignments],
        "valid_from_on": pa.array([a.valid_from for a in assignments], pa.date32()),
        "valid_to_on": pa.array([a.valid_to for a in assignments], pa.date32()),
        "origin": [origin] * len(assignments),
    }
    staged = {"staged_owners": pa.table(rows), "staged_absences": _absence_rows(absences or ())}
    with wh.transaction(), wh.staged(staged):
        wh.execute_file("profile_owners_clear")
        if assignments:
            wh.execute_file("profile_owners_insert")
        if absences is not None:
            wh.execute_file("profile_absences_clear")
            wh.execute_file("profile_absences_insert")
    levels = Counter[str](a.level for a in assignments)
    return f"{len(assignments)} assignments: " + ", ".join(f"{levels[level]} {level}" for level in LEVELS)


def _absence_rows(away: tuple[Absence, ...]) -> pa.Table:
    return pa.table(
        {
            "owner": pa.array([a.owner for a in away], pa.string()),
            "deputy": pa.array([a.deputy for a in away], pa.string()),
            "from_on": pa.array([a.first for a in away], pa.date32()),
            "to_on": pa.array([a.last for a in away], pa.date32()),
        }
    )


def store_absences(wh: Warehouse, away: tuple[Absence, ...]) -> str:
    """Replace the absences; who owns what stays. Returns what is stored now."""
    with wh.transaction(), wh.staged({"staged_absences": _absence_rows(away)}):
        wh.execute_file("profile_absences_clear")
        wh.execute_file("profile_absences_insert")
    return f"{len(away)} absences"


def listed_owners(owners: Owners, on: date) -> list[str]:
    """One line per assignment that holds on a day or later, and per absence that is not over."""
    lines = [
        f"{a.level:9}  {a.subject}  {a.owner}{_time(a.valid_from, a.valid_to)}"
        for a in owners.assignments
        if (a.valid_to or date.max) >= on
    ]
    lines += [
        f"absence    {a.owner}  {a.deputy} stands in{_time(a.first, a.last)}" for a in owners.absences if a.last >= on
    ]
    return lines or ["nobody owns anything; give a table: salestrigger profile owners FILE"]


def _time(first: date, last: date | None) -> str:
    since = f"  from {first}" if first > _ALWAYS else ""
    return f"{since}  to {last}" if last else since


def hand_over(wh: Warehouse, *, old: str, new: str, on: date) -> str:
    """Everything that ``old`` owns from a day on is ``new``'s, and with it everything that is open.

    Raises:
        UsageError: ``old`` owns nothing then, or ``new`` would own something twice.
    """
    was = read_owners(wh).assignments
    now = reassigned(was, old=old, new=new, on=on)
    moved = len([a for a in now if a.owner == new and a not in was])
    if not moved:
        raise UsageError(f"{old!r} owns nothing from {on} on; owners: {', '.join(sorted({a.owner for a in was}))}")
    store(wh, now, None, f"handed over by {old}")
    return f"{moved} assignments of {old!r} are {new!r}'s from {on} on"
