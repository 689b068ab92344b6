"""When an event happens or happened, as its sentence says it, relative to the day of publication.

"per 1 juli", "on 3 March 2026", "i 2028", "in het vierde kwartaal", "gisteren", "på mandag" (see ``weekdays.py``).
Month and weekday names are CLDR's. (dateparser reads more forms, but takes some milliseconds a
phrase and reads "may" and "man" as dates; see docs/decisions.md.)
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import date, timedelta

from salestrigger.matchers.locale_names import locale_names
from salestrigger.matchers.reader import Reader
from salestrigger.matchers.types import Precision
from salestrigger.matchers.weekdays import side_of, weekday_endings

_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "eerste": 1, "tweede": 2, "derde": 3, "vierde": 4,
             "første": 1, "andre": 2, "tredje": 3, "fjerde": 4, "fyrste": 1, "första": 1, "andra": 2,
             "anden": 2, "ersten": 1, "zweiten": 2, "dritten": 3,
             "vierten": 4, "1e": 1, "2e": 2, "3e": 3, "4e": 4}  # fmt: skip
_QUARTER = r"(?:kwartaal|kvartal|quarter|quartal)"
#: what says that a month is a date ("may" alone is a verb); Finnish says it with the month's own ending
_BEFORE_MONTH = (
    r"(?:in|i|fra|frå|från|from|vanaf|til|till|per|medio|begin|eind|early|late|of|av|since"
    r"|im|ab|bis|seit|mitte|ende|anfang)"
)
_FINNISH_CASES = r"(?:ssa|sta|hun|n|lta|lla)"


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, or the first day of the month, quarter or year that is meant."""

    day: date
    precision: Precision


def find_date(text: str, reader: Reader, published: date) -> Moment | None:
    """The first date that ``text`` states; None when it states none."""
    names = _names(reader)
    for find in (_full, _quarter, _month, _relative, _weekday, _year):
        if (moment := find(text.lower(), names, reader, published)) is not None:
            return moment
    return None


@dataclass(frozen=True, slots=True)
class _Names:
    months: dict[str, int]
    weekdays: dict[str, int]
    full: re.Pattern[str]
    month: re.Pattern[str]
    weekday: re.Pattern[str]


@functools.lru_cache(maxsize=64)
def _names(reader: Reader) -> _Names:
    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    for language in reader.chain:
        called = locale_names(language)
        for width in ("wide", "abbreviated"):
            for number, name in enumerate(called.months[width], start=1):
                months.setdefault(name.lower().rstrip("."), number)
        for context in ("wide", "alone"):
            for number, name in enumerate(called.days[context]):
                weekdays.setdefault(name.lower(), number)
    month = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    weekday = "|".join(sorted(map(re.escape, weekdays), key=len, reverse=True))
    by_day = rf"(\d{{1,2}})(?:\.|e|ste|st|nd|rd|th)?\s({month})|({month})\.?\s(\d{{1,2}})(?:st|nd|rd|th)?"
    full = rf"(?<!\w)(?:{by_day})\b\.?(?:,?\s(20\d\d))?"
    return _Names(
        months,
        weekdays,
        re.compile(full),
        re.compile(rf"(?<!\w)(?:{_month_form(reader, month)})\b\.?(?:\s(20\d\d))?"),
        re.compile(rf"(?<!\w)({weekday}){weekday_endings(reader.language.id)}(?!\w)"),
    )


def _month_form(reader: Reader, month: str) -> str:
    """How a month stands for a date in the language; its name is the one group."""
    if reader.language.id == "fi":
        return rf"({month.replace('kuuta', 'kuu')}){_FINNISH_CASES}"
    return rf"{_BEFORE_MONTH}\s(?:\w+\s)?({month})"


def _full(text: str, names: _Names, _: Reader, published: date) -> Moment | None:
    if not (found := names.full.search(text)):
        return None
    day, month = int(found[1] or found[4]), names.months[found[2] or found[3]]
    try:
        if found[5]:
            return Moment(date(int(found[5]), month, day), "day")
        return Moment(_nearest(date(published.year, month, min(day, 28)), published).replace(day=day), "day")
    except ValueError:
        return None


def _month(text: str, names: _Names, _: Reader, published: date) -> Moment | None:
    if not (found := names.month.search(text)):
        return None
    month = names.months.get(found[1]) or names.months[found[1] + "ta"]
    day = date(int(found[2]), month, 1) if found[2] else _nearest(date(published.year, month, 1), published)
    return Moment(day, "month")


def _quarter(text: str, _: _Names, __: Reader, published: date) -> Moment | None:
    found = re.search(rf"(?<!\w)(?:(\w{{2,8}}|[1-4]\.)\s{_QUARTER}|q([1-4]))(?:\s(?:van|of|av|i)?\s?(20\d\d))?\b", text)
    if not found:
        return None
    word = found[2] or (found[1] or "").rstrip(".")
    number = int(word) if word.isdigit() else _ORDINALS.get(word, 0)
    if not 1 <= number <= 4:
        return None
    return Moment(date(int(found[3] or published.year), 3 * number - 2, 1), "quarter")


def _relative(text: str, _: _Names, reader: Reader, published: date) -> Moment | None:
    for phrase, days in reader.relative_days.items():
        if re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text):
            return Moment(published + timedelta(days=days), "day" if abs(days) <= 7 else "year")
    return None


def _weekday(text: str, names: _Names, reader: Reader, published: date) -> Moment | None:
    """The Monday before or ahead, as the sentence tells it; a Monday of which it says nothing is the last one."""
    if not (found := names.weekday.search(text)):
        return None
    since = (published.weekday() - names.weekdays[found[1]]) % 7
    side = side_of(text, found.span(), language=reader.language.id)
    days = {"behind": -since, "last": -(since or 7), "ahead": -since % 7, "next": 7 - since}[side]
    return Moment(published + timedelta(days=days), "day")


def _year(text: str, _: _Names, __: Reader, ___: date) -> Moment | None:
    found = re.search(
        r"(?<!\w)(?:in|i|from|fra|frå|från|vanaf|since|tot|by|innen|til|im jahr|bis|ab|seit|vuonna|vuoteen)\s"
        r"(20\d\d)\b",
        text,
    )
    return Moment(date(int(found[1]), 1, 1), "year") if found else None


def _nearest(day: date, published: date) -> date:
    """The year is left out: the nearest such day, looking a little further ahead than back."""
    options = [day.replace(year=day.year + step) for step in (-1, 0, 1)]
    return min(options, key=lambda d: abs((d - published).days - 30))
