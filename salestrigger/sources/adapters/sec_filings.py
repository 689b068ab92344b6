"""EDGAR's answers as records and documents: submissions, the current feed, tickers, what an item number means. Pure.

Items: Form 8-K, https://www.sec.gov/files/form8-k.pdf. An item says which kind of event was reported, not its details:
where an item covers several (5.02 any change of directors or officers), the widest type that is true is stated, and an
item that only says "something material" (7.01, 8.01) states nothing. 2.01 is an acquisition or a disposal: which, the
filing's text says (``sec_deals``); where that was not read or leaves it open, the filer is a party to a deal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from salestrigger.sources.adapters.feed_xml import entries_of
from salestrigger.sources.adapters.item_build import plain
from salestrigger.sources.adapters.item_dates import to_utc
from salestrigger.sources.adapters.national_ids import lei_of
from salestrigger.sources.records import (
    Address,
    Document,
    Identifier,
    IndustryCode,
    OrgName,
    OrgRecord,
    StatedEvent,
    StatedRole,
    content_id,
)
from salestrigger.sources.text import canonical_url, clean_text

SCHEME: Final = "US-CIK"  #: EDGAR's own number; org-id.guide has no code for it
CODESET: Final = "SIC1987"  #: EDGAR's industry codes are those of the US SIC

#: item → (title, type of event, role of the filer, modality); only titles that the form gives
ITEMS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "1.01": ("Entry into a Material Definitive Agreement", "contract", "vendor", "completed"),
    "1.02": ("Termination of a Material Definitive Agreement", "contract", "vendor", "cancelled"),
    "1.03": ("Bankruptcy or Receivership", "insolvency", "organization", "completed"),
    "1.05": ("Material Cybersecurity Incidents", "incident", "organization", "completed"),
    "2.01": ("Completion of Acquisition or Disposition of Assets", "acquisition", "party", "completed"),
    "2.02": ("Results of Operations and Financial Condition", "financial_results", "organization", "completed"),
    "2.03": ("Creation of a Direct Financial Obligation", "debt_financing", "recipient", "completed"),
    "2.05": ("Costs Associated with Exit or Disposal Activities", "restructuring", "organization", "announced"),
    "2.06": ("Material Impairments", "financial_distress", "organization", "completed"),
    "3.01": ("Notice of Delisting or of a Listing Rule not met", "financial_distress", "organization", "announced"),
    "3.02": ("Unregistered Sales of Equity Securities", "funding", "investee", "completed"),
    "4.01": ("Changes in Registrant's Certifying Accountant", "", "", ""),
    "5.01": ("Changes in Control of Registrant", "ownership_change", "organization", "completed"),
    "5.02": ("Departure or Election of Directors or Certain Officers", "board_change", "organization", "completed"),
    "5.03": ("Amendments to Articles of Incorporation or Bylaws", "", "", ""),
    "5.07": ("Submission of Matters to a Vote of Security Holders", "", "", ""),
    "7.01": ("Regulation FD Disclosure", "", "", ""),
    "8.01": ("Other Events", "", "", ""),
    "9.01": ("Financial Statements and Exhibits", "", "", ""),
}  # fmt: skip

DEAL: Final = "2.01"
ARCHIVES: Final = "https://www.sec.gov/Archives"

#: states and territories as EDGAR codes them; its other codes of two signs are foreign countries
US_STATES: Final = frozenset({
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA",
    "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR",
    "PA", "PR", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VI", "VA", "WA", "WV", "WI", "WY", "GU",
})  # fmt: skip

_TITLE = re.compile(
    r"(?P<form>\S{1,20}(?: \S{1,12})?) - (?P<name>.{1,200}?) \((?P<cik>\d{1,10})\) \((?P<part>[^()]{1,40})\)"
)
_ACCESSION = re.compile(r"\d{10}-\d{2}-\d{6}")
_ITEM = re.compile(r"Item (\d\.\d\d)\b")
_FILED = re.compile(r"Filed:\s*(\d{4}-\d{2}-\d{2})")
_EIN = re.compile(r"\d{9}")


@dataclass(frozen=True, slots=True)
class Filing:
    """One filing by one company."""

    accession: str
    form: str
    cik: str  #: ten digits
    name: str
    items: tuple[str, ...]
    filed_at: datetime | None
    reported_on: date | None = None  #: the day of the event, where it is given
    url: str = ""
    part: str = ""  #: the filer's in a deal (item 2.01): acquirer, seller, target; empty: not said


def document_of(filing: Filing, *, source_id: str, fetched_at: datetime) -> Document:
    """The filing as a Document that states what its items report."""
    name = clean_text(filing.name)
    titles = [f"Item {item}: {ITEMS[item][0]}" if item in ITEMS else f"Item {item}" for item in filing.items]
    telling = [title for item, title in zip(filing.items, titles, strict=True) if item != "9.01"] or titles
    identifier = Identifier(SCHEME, filing.cik)
    return Document(
        document_id=content_id("doc", source_id, filing.accession),
        source_id=source_id,
        key=filing.accession,
        url=canonical_url(filing.url),
        title=f"{name} · {filing.form}: {'; '.join(telling)}"[:900] if telling else f"{name} · {filing.form}",
        text="\n".join([f"Company: {name}", f"Form: {filing.form}", *titles]),
        fetched_at=fetched_at,
        language="en",
        published_at=filing.filed_at,
        kind="filing",
        issuer=name,
        identifiers=(identifier,),
        stated=tuple(_stated(filing, name, identifier)),
    )


def _stated(filing: Filing, name: str, identifier: Identifier) -> Iterator[StatedEvent]:
    """One event per item that has a type; an amendment (8-K/A) tells of an event that was told already."""
    if filing.form != "8-K":
        return
    for item in dict.fromkeys(filing.items):
        _, type_, role, modality = ITEMS.get(item, ("", "", "", ""))
        if item == DEAL and filing.part:
            type_, role = "divestiture" if filing.part == "seller" else type_, filing.part
        if type_:
            # the period of a filing is the day of its earliest event; only a sole item makes it this one's
            day = filing.reported_on if len(set(filing.items) - {"9.01"}) == 1 else None
            yield StatedEvent(type_, (StatedRole(role, name, identifier),), modality=modality, event_on=day)


def read_current(body: bytes, _context: dict[str, Any]) -> tuple[tuple[Filing, ...], str, tuple[tuple[str, str], ...]]:
    """The filings of the current feed, what it is instead of one, and what could not be read. For the sandbox."""
    entries, problem = entries_of(body)
    if problem:
        return (), problem, ()
    found, aside = [], []
    for entry in entries:
        filing = _filing(entry, entry.get("updated", ""))
        if filing is None:
            aside.append((str(entry.get("title", ""))[:200], "no company or accession number"))
        elif filing.name:
            found.append(filing)
    return tuple(found), "", tuple(aside)


def _filing(entry: Any, updated: str) -> Filing | None:
    """One entry; a name of "" when it is not the filer's own entry (a subject, a person reporting)."""
    title = _TITLE.fullmatch(clean_text(str(entry.get("title", ""))))
    accession = _ACCESSION.search(str(entry.get("id", "")))
    if title is None or accession is None:
        return None
    summary = plain(str(entry.get("summary", "")), limit=5000)
    moment = _moment(updated) or _moment_of_day(next(iter(_FILED.findall(summary)), ""))
    return Filing(
        accession=accession[0],
        form=title["form"],
        cik=title["cik"].zfill(10),
        name=title["name"] if title["part"] == "Filer" else "",
        items=tuple(dict.fromkeys(_ITEM.findall(summary))),
        filed_at=moment,
        url=str(entry.get("link", "")),
    )


def filings_of(data: Mapping[str, Any], *, since: date, archives: str = ARCHIVES) -> Iterator[Filing]:
    """The filings of a submissions file since a day: parallel columns, the newest first."""
    recent = data.get("filings", {}).get("recent", {}) if isinstance(data.get("filings"), Mapping) else {}
    names = ("accessionNumber", "form", "filingDate", "acceptanceDateTime", "reportDate", "items", "primaryDocument")
    columns = [recent.get(name) for name in names] if isinstance(recent, Mapping) else []
    if not columns or not all(isinstance(column, list) for column in columns):
        return
    cik = str(data.get("cik", "")).zfill(10)
    for accession, form, filed, accepted, reported, items, primary in zip(*columns, strict=False):
        day = to_day(filed)
        if day is None or day < since or not _ACCESSION.fullmatch(str(accession)):
            continue
        folder = f"{archives}/edgar/data/{int(cik)}/{str(accession).replace('-', '')}"
        yield Filing(
            accession=str(accession),
            form=str(form),
            cik=cik,
            name=str(data.get("name", "")),
            items=tuple(part.strip() for part in str(items).split(",") if part.strip()),
            filed_at=_moment(str(accepted)) or _moment_of_day(str(filed)),
            reported_on=to_day(reported),
            url=f"{folder}/{primary}" if primary else folder,
        )


def company_of(data: Mapping[str, Any], *, source_id: str, fetched_at: datetime) -> OrgRecord | None:
    """A submissions file as a record; None without a name, and for a natural person (no industry, no EIN, no state)."""
    name, cik = _plain(data.get("name")), str(data.get("cik", ""))
    person = not any(_plain(data.get(key)) for key in ("sic", "ein", "stateOfIncorporation", "tickers", "category"))
    if not name or not cik.isdigit() or (person and data.get("entityType") in {"other", "", None}):
        return None
    ein = _plain(data.get("ein"))
    lei = lei_of(_plain(data.get("lei")))
    others = [Identifier("US-EIN", ein)] if _EIN.fullmatch(ein) and int(ein) else []
    code = _plain(data.get("sic"))
    website = _plain(data.get("website"))
    return OrgRecord(
        record_id=f"{SCHEME}-{cik.zfill(10)}",
        scheme=SCHEME,
        identifier=cik.zfill(10),
        names=(OrgName(name), *_former(data.get("formerNames"))),
        source_id=source_id,
        fetched_at=fetched_at,
        country="US" if _plain(data.get("stateOfIncorporation")) in US_STATES else None,
        addresses=tuple(_addresses(data.get("addresses"))),
        industries=(IndustryCode(code, CODESET),) if code else (),
        website=canonical_url(website if "://" in website else f"https://{website}") or None if website else None,
        other_ids=(*others, *([lei] if lei else [])),
        description=_plain(data.get("sicDescription")) or None,
    )


def tickers_of(data: Mapping[str, Any], *, source_id: str, fetched_at: datetime) -> tuple[OrgRecord, ...]:
    """The listed companies by number and name; one that has several classes of shares stands there several times."""
    found: dict[str, OrgRecord] = {}
    for row in data.values():
        name = _plain(row.get("title")) if isinstance(row, Mapping) else ""
        cik = row.get("cik_str") if isinstance(row, Mapping) else None
        if name and isinstance(cik, int) and not isinstance(cik, bool) and 0 < cik < 10**10:
            number = str(cik).zfill(10)
            found.setdefault(number, OrgRecord(
                record_id=f"{SCHEME}-{number}", scheme=SCHEME, identifier=number, names=(OrgName(name),),
                source_id=source_id, fetched_at=fetched_at,
            ))  # fmt: skip
    return tuple(found.values())


def to_day(value: object) -> date | None:
    """``2022-11-28``."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _former(rows: Any) -> Iterator[OrgName]:
    for row in rows if isinstance(rows, list) else []:
        name = _plain(row.get("name")) if isinstance(row, Mapping) else ""
        if name:
            yield OrgName(name, "former", to_day(row.get("from")), to_day(row.get("to")))


def _addresses(value: Any) -> Iterator[Address]:
    for kind, key in (("business", "business"), ("postal", "mailing")):
        row = value.get(key) if isinstance(value, Mapping) else None
        if not isinstance(row, Mapping):
            continue
        lines = tuple(line for field in ("street1", "street2") if (line := _plain(row.get(field))))
        state = _plain(row.get("stateOrCountry"))
        city = _plain(row.get("city"))
        if lines or city:
            yield Address(
                kind="business" if kind == "business" else "postal",
                lines=lines,
                postcode=_plain(row.get("zipCode")) or None,
                city=city or None,
                region=state or None,
                country="US" if state in US_STATES else None,
            )


def _plain(value: object) -> str:
    """A field's clean text; the file writes the word None where there is nothing."""
    text = clean_text(value) if isinstance(value, str) else ""
    return "" if text == "None" else text


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return to_utc(moment) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _moment_of_day(text: str) -> datetime | None:
    day = to_day(text)
    return datetime.combine(day, time(12), UTC) if day else None
