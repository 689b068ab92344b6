"""Whose an organisation is: account over segment over territory, on a day, with deputies for absence. Pure.

::

    account (its number)  ─► segment (a profile it fits) ─► territory (municipality, then country) ─► nobody

Owners are not stored with triggers: they are looked up on the day of reading. So a reassignment moves all that is
open to the new owner at once, and what was told before keeps what the ledger says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, get_args

from salestrigger.matchers.types import Organization

Level = Literal["account", "segment", "territory"]
LEVELS: tuple[str, ...] = get_args(Level)
_FOREVER = date.max


@dataclass(frozen=True, slots=True)
class Assignment:
    """Somebody owns a subject for a time."""

    level: Level
    subject: str  #: account: register number or organisation id; segment: profile; territory: ``NO`` or ``NO-0301``
    owner: str
    valid_from: date
    valid_to: date | None = None  #: included; None: until further notice

    def holds(self, on: date) -> bool:
        """Whether it holds on a day."""
        return self.valid_from <= on <= (self.valid_to or _FOREVER)


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody stands in for an owner."""

    owner: str
    deputy: str
    first: date
    last: date  #: included


@dataclass(frozen=True, slots=True)
class Owned:
    """Whose something is on a day, and why."""

    owner: str  #: who acts: the deputy while the owner is away; empty: nobody
    stands_in_for: str = ""  #: the owner who is away
    level: str = ""  #: that decided
    subject: str = ""


def clashes(assignments: Iterable[Assignment]) -> list[tuple[Assignment, Assignment]]:
    """Pairs that give one subject two owners at the same level on the same day."""
    by_subject: dict[tuple[str, str], list[Assignment]] = {}
    for one in assignments:
        by_subject.setdefault((one.level, one.subject), []).append(one)
    found = []
    for some in by_subject.values():
        ordered = sorted(some, key=lambda a: (a.valid_from, a.valid_to or _FOREVER, a.owner))
        found += [(a, b) for a, b in pairwise(ordered) if b.valid_from <= (a.valid_to or _FOREVER)]
    return found


class Owners:
    """Assignments and absences, looked up by day."""

    def __init__(self, assignments: Iterable[Assignment], absences: Iterable[Absence] = ()) -> None:
        self.assignments = tuple(assignments)
        self._assignments: dict[tuple[str, str], list[Assignment]] = {}
        for one in self.assignments:
            self._assignments.setdefault((one.level, one.subject), []).append(one)
        self.absences = tuple(absences)

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody who owns something or stands in for somebody, by name."""
        return tuple(sorted({a.owner for a in self.assignments} | {a.deputy for a in self.absences}))

    def __bool__(self) -> bool:
        return bool(self._assignments)

    def of(self, organization: Organization, profile: str, on: date) -> Owned:
        """Whose the organisation is under a profile, on a day."""
        return self.find(
            (organization.organization_id, *map(str, organization.identifiers)), profile, on,
            country=str(organization.get("country") or ""),
            municipality=str(organization.get("municipality_code") or ""),
        )  # fmt: skip

    def find(
        self, numbers: Iterable[str], profile: str, on: date, *, country: str = "", municipality: str = ""
    ) -> Owned:
        """Whose an organisation of these numbers and this place is; ``municipality`` is the country's own code."""
        asked = [*(("account", number) for number in numbers), ("segment", profile)]
        asked += [("territory", f"{country}-{municipality}")] if country and municipality else []
        asked += [("territory", country)] if country else []
        for level, subject in asked:
            for one in self._assignments.get((level, subject), ()):
                if one.holds(on):
                    return self._acting(one, on)
        return Owned("")

    def _acting(self, held: Assignment, on: date) -> Owned:
        """The owner, or who stands in; a deputy who is away too has a deputy, but nobody stands in for himself."""
        acting, seen = held.owner, {held.owner}
        while deputy := next((a.deputy for a in self.absences if a.owner == acting and a.first <= on <= a.last), None):
            if deputy in seen:
                break
            seen.add(deputy)
            acting = deputy
        stands_in_for = held.owner if acting != held.owner else ""
        return Owned(acting, stands_in_for, held.level, held.subject)


def reassigned(assignments: Sequence[Assignment], *, old: str, new: str, on: date) -> tuple[Assignment, ...]:
    """Everything that ``old`` owns from a day on is ``new``'s; what was before that day stays as it was."""
    found: list[Assignment] = []
    for one in assignments:
        if one.owner != old or (one.valid_to or _FOREVER) < on:
            found.append(one)
            continue
        if one.valid_from < on:
            found.append(replace(one, valid_to=on - timedelta(days=1)))
        found.append(replace(one, owner=new, valid_from=max(one.valid_from, on)))
    return tuple(found)
