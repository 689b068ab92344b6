"""Make OrgChanges of the Norwegian register: the ids, addresses and the news window that all of them share. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from salestrigger.sources.adapters.brreg_feed import OSLO
from salestrigger.sources.adapters.brreg_records import record_id
from salestrigger.sources.records import ChangeField, OrgChange, content_id

#: where a person can look at an organisation
PUBLIC_URL = "https://virksomhet.brreg.no/nb/oppslag/enheter/"


@lru_cache(maxsize=16)
def _day_in_oslo(now: datetime) -> date:
    return now.astimezone(ZoneInfo(OSLO)).date()


@dataclass(frozen=True, slots=True)
class Maker:
    """Where changes are made from: the source and the run."""

    source_id: str
    now: datetime
    news_days: int = 90  #: a dated field of an entity is news for so many days

    def is_news(self, day: date | None) -> bool:
        """Whether the register's day lies within the news window that ends now (a day ahead is a time zone)."""
        if day is None:
            return False
        today = _day_in_oslo(self.now)
        return today - timedelta(days=self.news_days) <= day <= today + timedelta(days=1)

    def change(self, number: str, field: ChangeField, keys: Iterable[str], **values: Any) -> OrgChange:
        """A change of the organisation ``number``; ``keys`` make its id, ``values`` are its other fields."""
        rid = record_id(number)
        values.setdefault("before", None)
        return OrgChange(
            change_id=content_id("chg", rid, field, *keys),
            record_id=rid,
            field=field,
            source_id=self.source_id,
            url=f"{PUBLIC_URL}{number}",
            **values,
        )


def is_set_up(change: OrgChange, registered: date | None) -> bool:
    """Whether a change is part of setting the organisation up: dated on or before the day it was registered."""
    return registered is not None and change.effective_on is not None and change.effective_on <= registered


def midday_of(day: date, maker: Maker) -> datetime:
    """Noon of the register's day, so that it is the same day in UTC, but never later than now."""
    return min(datetime.combine(day, time(12), ZoneInfo(OSLO)).astimezone(UTC), maker.now)
