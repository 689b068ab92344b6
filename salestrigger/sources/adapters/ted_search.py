"""One page of the TED search (v3) as notices: multilingual texts, parallel arrays, dates with a zone. Pure.

Fields are those of https://docs.ted.europa.eu/api/latest/search.html. ``winner-name`` may hold headings and mixes the
lots, so it is used only for what the XML does not say (notices from before eForms have no winner here at all).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any, Final

from salestrigger.sources.adapters.national_ids import country_of
from salestrigger.sources.adapters.notice_build import Award, Notice, Party, amount_of
from salestrigger.sources.adapters.notice_xml import LANGUAGES, day_of, kind_of
from salestrigger.sources.records import Money
from salestrigger.sources.text import registrable_domain

#: what is asked for; all of them are documented search fields
FIELDS: Final = (
    "publication-number", "publication-date", "notice-type", "notice-title", "buyer-name", "buyer-country",
    "winner-name", "winner-decision-date", "contract-conclusion-date", "tender-value", "tender-value-cur",
    "result-value-notice", "result-value-cur-notice", "classification-cpv", "links",
)  # fmt: skip
PUBLIC_URL: Final = "https://ted.europa.eu/en/notice/-/detail/"


def notice_of(row: Mapping[str, Any], *, languages: tuple[str, ...]) -> Notice | None:
    """One search hit as a notice; None without a publication number. ``languages``: preferred ones, ISO 639-3."""
    number = row.get("publication-number")
    if not isinstance(number, str) or not number.strip():
        return None
    wanted = (*languages, "eng", "mul")
    subject, language = spoken(row.get("notice-title"), wanted)
    country = country_of(next(iter(texts(row.get("buyer-country"))), ""))
    buyers = tuple(Party(name, None, country) for name in dict.fromkeys(all_spoken(row.get("buyer-name"), wanted)))
    awards = tuple(_awards(row, wanted))
    return Notice(
        number=number.strip(),
        kind=kind_of(next(iter(texts(row.get("notice-type"))), "can-" if awards else "")),
        subject=subject,
        buyers=buyers,
        awards=awards,
        amount=_amount(row, "result-value-notice", "result-value-cur-notice"),
        language=LANGUAGES.get(language.upper()),
        codes=tuple(dict.fromkeys(texts(row.get("classification-cpv")))),
        published_at=published(row.get("publication-date")),
        url=f"{PUBLIC_URL}{number.strip()}",
    )


def xml_link(row: Mapping[str, Any], number: str, *, search_url: str) -> str:
    """Where the notice's XML is: as the hit says, on the site that was asked, else by the documented pattern."""
    links = row.get("links")
    xml = links.get("xml") if isinstance(links, Mapping) else None
    found = next((url for url in xml.values() if isinstance(url, str)), "") if isinstance(xml, Mapping) else ""
    default = f"https://ted.europa.eu/en/notice/{number}/xml"
    return found if registrable_domain(found) == registrable_domain(search_url) else default


def published(value: Any) -> datetime | None:
    """The day of publication as noon UTC, so that it is the same day everywhere in Europe."""
    day = day_of(value) if isinstance(value, str) else None
    return datetime.combine(day, time(12), UTC) if day else None


def spoken(value: Any, wanted: tuple[str, ...]) -> tuple[str, str]:
    """A multilingual value's text and its language: the first wanted one there is, else any; a plain text has none."""
    if isinstance(value, Mapping):
        order = [code for code in wanted if code in value] + list(value)
        for code in order:
            found = texts(value[code])
            if found:
                return found[0], str(code)
        return "", ""
    return next(iter(texts(value)), ""), ""


def all_spoken(value: Any, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """All texts of a multilingual value in one language (the same names stand in every other)."""
    if isinstance(value, Mapping):
        _, language = spoken(value, wanted)
        return texts(value.get(language))
    return texts(value)


def texts(value: Any) -> tuple[str, ...]:
    """A text, or a list of texts, as a tuple without empty ones."""
    values = value if isinstance(value, list) else [value]
    return tuple(text.strip() for text in values if isinstance(text, str) and text.strip())


def _awards(row: Mapping[str, Any], wanted: tuple[str, ...]) -> list[Award]:
    """Who won, by the hit alone: values belong to winners only where there is one winner and one value."""
    names = tuple(dict.fromkeys(all_spoken(row.get("winner-name"), wanted)))
    dates = texts(row.get("winner-decision-date")) or texts(row.get("contract-conclusion-date"))
    day = max(filter(None, map(day_of, dates)), default=None)
    amount = _amount(row, "tender-value", "tender-value-cur") if len(names) == 1 else None
    return [Award(Party(name), amount, day) for name in names]


def _amount(row: Mapping[str, Any], value: str, currency: str) -> Money | None:
    """A single amount; several (one per lot) are not added up, since lots without a value may be missing."""
    raw = row.get(value)
    amounts = [str(item) for item in (raw if isinstance(raw, list) else [raw]) if isinstance(item, (str, int, float))]
    codes = set(texts(row.get(currency)))
    return amount_of(amounts[0], codes.pop()) if len(amounts) == 1 and len(codes) == 1 else None
