"""Make OrgChanges of any register: the ids, addresses and the news window that its changes share. Pure.

The same fact gets the same id whichever way it came, so the keys of a change are what the register itself says of it
(a day, a number), never when we read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from salestrigger.sources.records import ChangeField, OrgChange, content_id


@dataclass(frozen=True, slots=True)
class RegisterMaker:
    """Where changes are made from: the register, the source and the run."""

    scheme: str
    source_id: str
    now: datetime
    public_url: str = ""  #: the address of an organisation's page, with {number}
    news_days: int = 90  #: a dated statement is news for so many days

    def is_news(self, day: date | None) -> bool:
        """Whether a day lies within the news window that ends now (a day ahead is a time zone)."""
        if day is None:
            return False
        today = self.now.date()
        return today - timedelta(days=self.news_days) <= day <= today + timedelta(days=1)

    def noon(self, day: date) -> datetime:
        """Noon UTC of a register's day, which is that day everywhere in Europe, but never later than now."""
        return min(datetime.combine(day, time(12), UTC), self.now)

    def change(self, number: str, field: ChangeField, keys: Iterable[str], **values: Any) -> OrgChange:
        """A change of the organisation ``number``; ``keys`` make its id, ``values`` are its other fields."""
        rid = f"{self.scheme}-{number}"
        values.setdefault("before", None)
        values.setdefault("after", None)
        values.setdefault("effective_on", None)
        if "published_at" not in values:
            values["published_at"] = self.noon(values["effective_on"]) if values["effective_on"] else self.now
        return OrgChange(
            change_id=content_id("chg", rid, field, *keys),
            record_id=rid,
            field=field,
            source_id=self.source_id,
            url=self.public_url.format(number=number) if self.public_url else "",
            **values,
        )
