"""What sources that are read day by day share: the day to begin with, what was found, and the day to go on from. Pure.

The last day is read again by the next run, since it was not over. A cap ends at a day, never within one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from salestrigger.sources.adapters import Session
from salestrigger.sources.records import Collected, Document

#: pages in a row that bring nothing new, after which a search is read
STALE_PAGES = 3


class Paging:
    """Whether the pages of one search still bring something; a server may not understand where to go on from."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._stale = 0

    def goes_on(self, keys: Iterable[str]) -> bool:
        """Whether to ask for another page after one with these entries."""
        fresh = set(keys) - self._seen
        self._seen |= fresh
        self._stale = 0 if fresh else self._stale + 1
        return self._stale < STALE_PAGES


def first_day(session: Session, first_days: int) -> date:
    """The day that the cursor names, or ``first_days`` before today."""
    stated = session.cursor.get("day")
    return date.fromisoformat(stated) if stated else session.now.date() - timedelta(days=first_days)


@dataclass(slots=True)
class DaysRead:
    """What a run has read so far."""

    documents: dict[str, Document] = field(default_factory=dict)
    aside: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def collected(self, day: date, today: date, *, cap: str) -> Collected:
        """All of it, to go on from ``day``; before ``today`` it was the option ``cap`` that ended the run."""
        if day < today:
            self.notes.append(f"read up to {day} ({cap}); the next run goes on from there")
        return Collected(
            tuple(self.documents.values()), cursor={"day": day.isoformat()}, set_aside=tuple(self.aside.items()),
            notes=tuple(self.notes),
        )  # fmt: skip
