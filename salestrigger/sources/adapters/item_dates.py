"""Read a publication date as sources write it. Pure; no guessing of a date that is not there.

RFC 822 with and without seconds, ISO 8601 in all its depths, and, when those fail, dates in words of the languages that
we read ("ma. 5 oktober 2026", "5. oktober 2026 kl. 10.15", "2 timer siden").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from functools import cache

#: a date text longer than this is no date; it keeps the parsers' time bounded
MAX_LENGTH = 60

#: .NET, Excel and Unix write a missing date as year 1, 1900 or 1970
FIRST_YEAR = 1990

#: languages that are tried for dates in words, after the source's own
LANGUAGES = ("nl", "nb", "en", "sv", "da", "de", "fr")

_DIGIT = re.compile(r"\d")


def parse_date(text: str, *, now: datetime, languages: Sequence[str] = (), zone: tzinfo = UTC) -> datetime | None:
    """``text`` as an aware UTC datetime, or None when it is not a date that a publisher can mean.

    ``zone`` is what a text without a zone is read in; ``now`` is what relative dates count from; ``languages`` are
    ISO 639-1 codes to try first. Day before month, as in Europe, where the two cannot be told apart.
    """
    text = " ".join(text.split())
    if not text or len(text) > MAX_LENGTH:
        return None
    found = _iso(text) or _rfc822(text) or _in_words(text, now=now, languages=tuple(languages), zone=zone)
    return to_utc(found, zone=zone) if found else None


def to_utc(moment: datetime, *, zone: tzinfo = UTC) -> datetime | None:
    """``moment`` in UTC, read in ``zone`` when it has none; None when it stands for "missing" or overflows."""
    try:
        aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        utc = aware.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return utc if utc.year >= FIRST_YEAR else None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _rfc822(text: str) -> datetime | None:
    """RFC 822, as mail libraries read it; GlobeNewswire leaves the seconds out, which they accept."""
    try:
        return parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _in_words(text: str, *, now: datetime, languages: tuple[str, ...], zone: tzinfo) -> datetime | None:
    """A date in words; dateparser is loaded only here, for the few sources that need it."""
    if not _DIGIT.search(text):
        return None
    import dateparser

    base = now.astimezone(zone).replace(tzinfo=None)
    settings = {"RELATIVE_BASE": base, "DATE_ORDER": "DMY", "PREFER_DATES_FROM": "past"}
    try:
        found = dateparser.parse(text, languages=_known((*languages, *LANGUAGES)), settings=settings)
    except (ValueError, OverflowError, TypeError, AttributeError, KeyError, RecursionError):
        # what dateparser raises on nonsense is not part of its interface
        return None
    return found if isinstance(found, datetime) else None


@cache
def _known(languages: tuple[str, ...]) -> list[str]:
    """Those that dateparser knows, once each, in order; Norwegian goes by the name of its larger form."""
    from dateparser.data.languages_info import language_order

    bases = ({"no": "nb", "nn": "nb"}.get(code[:2].lower(), code[:2].lower()) for code in languages)
    return [code for code in dict.fromkeys(bases) if code in language_order]
