"""The adapter for Doffin, Norway's public procurement notices: tenders, and awards with their winners.

It asks day by day (``issueDateFrom`` to ``issueDateTo``), since one query gives 1,000 hits at most and in no stable
order. A hit states buyer, winner and value in fields, so nothing has to be read from its text.
API: https://dof-notices-prod-api.developer.azure-api.net (key from there, header ``Ocp-Apim-Subscription-Key``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import Field

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.api_answer import data_of, mapping, rows, text
from salestrigger.sources.adapters.days_read import first_day
from salestrigger.sources.adapters.item_build import MAX_TEXT, MAX_TITLE, plain
from salestrigger.sources.adapters.item_dates import parse_date
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import ShapeError
from salestrigger.sources.records import (
    Collected,
    Document,
    Identifier,
    Money,
    StatedEvent,
    StatedRole,
    content_id,
)
from salestrigger.sources.text import clean_text

SCHEME = "NO-BRC"
PAGE_SIZE = 100
MAX_PASSES = 3  #: over a day's pages, when they miss some
MAX_PAGES = 10  #: the service gives no more for one query
PUBLIC_URL = "https://doffin.no/notices/"

AWARD = "ANNOUNCEMENT_OF_CONCLUSION_OF_CONTRACT"
#: types that announce something to be won
TENDERS = frozenset({
    "ANNOUNCEMENT_OF_COMPETITION", "ADVISORY_NOTICE", "ANNOUNCEMENT_OF_INTENT", "QUALIFICATION_SCHEME",
    "DYNAMIC_PURCHASING_SCHEME", "PRE_ANNOUNCEMENT", "COMPETITION", "PLANNING",
})  # fmt: skip

#: what stands around a number in data that buyers type: "NO952522035MVA", "Org.nr.978 693 024"
_NUMBER = re.compile(r"(?<![0-9])[0-9]{9}(?![0-9])")


class Options(Declaration):
    """The ``[options]`` of Doffin."""

    kinds: tuple[Literal["tender", "award"], ...] = Field(default=("tender", "award"), min_length=1)
    query: dict[str, str] = Field(
        default_factory=dict, description="further parameters: cpvCode, location, searchString"
    )
    first_days: int = Field(default=3, ge=0, le=90, description="how far back the first run looks")
    max_days: int = Field(default=14, ge=1, le=90, description="days per run; the rest waits for the next")


async def collect(session: Session) -> Collected:
    """The notices issued since the last run; the last day is read again, since it was not over.

    Raises:
        FetchError: reason ``no_key``; or Doffin does not answer. ShapeError: it answers with something else.
    """
    options = options_of(session.spec, Options)
    today = session.now.date()
    first = first_day(session, options.first_days)
    last = min(today, first + timedelta(days=options.max_days - 1))
    documents: dict[str, Document] = {}
    aside: list[tuple[str, str]] = []
    notes = [] if last == today else [f"read up to {last} (max_days); the next run goes on from there"]
    day = first
    while day <= last:
        for hit in await _hits(session, options, day, notes):
            kind = kind_of(hit)
            if kind and kind not in options.kinds:
                continue
            document = document_of(hit, session)
            if document is None:
                aside.append((text(hit, "id")[:80] or "a hit", "a notice without an id, a heading or a buyer"))
            else:
                documents[document.document_id] = document
        day += timedelta(days=1)
    return Collected(
        tuple(documents.values()), cursor={"day": last.isoformat()}, set_aside=tuple(aside), notes=tuple(notes)
    )


async def _hits(session: Session, options: Options, day: date, notes: list[str]) -> list[Mapping[str, Any]]:
    """All notices of a day. The order is not stable, so pages repeat some and miss others: then they are read again."""
    found: dict[str, Mapping[str, Any]] = {}
    total: object = None
    for _ in range(MAX_PASSES):
        for page in range(1, MAX_PAGES + 1):
            hits, total = await _page(session, options, day, page)
            found |= {text(hit, "id") or f"{page}:{at}": hit for at, hit in enumerate(hits)}
            if len(hits) < PAGE_SIZE:
                break
        if not isinstance(total, int) or len(found) >= min(total, PAGE_SIZE * MAX_PAGES):
            break
    if isinstance(total, int) and len(found) < total:
        notes.append(f"read {len(found)} of {total} notices of {day}: the service gives no more; narrow the query")
    return list(found.values())


async def _page(session: Session, options: Options, day: date, page: int) -> tuple[list[Mapping[str, Any]], object]:
    """The hits of one page, and how many the service says there are."""
    query = {
        **options.query,
        "issueDateFrom": day.isoformat(),
        "issueDateTo": day.isoformat(),
        "numHitsPerPage": PAGE_SIZE,
        "page": page,
    }
    url = f"{session.spec.url.rstrip('/')}/search?{urlencode(query)}"
    data = await data_of(session, url, headers={"ocp-apim-subscription-key": session.key()})
    if not isinstance(data, Mapping) or not isinstance(data.get("hits"), list):
        raise ShapeError(url, "a page of hits", type(data).__name__)
    return rows(data["hits"]), data.get("numHitsTotal")


def kind_of(hit: Mapping[str, Any]) -> Literal["tender", "award", ""]:
    """What a notice is; empty for one that is neither (changes, cancellations)."""
    types = {text(hit, "type"), *(t for t in hit.get("allTypes") or () if isinstance(t, str))}
    if AWARD in types:
        return "award"
    return "tender" if types & TENDERS else ""


def document_of(hit: Mapping[str, Any], session: Session) -> Document | None:
    """One notice with what it states; None without an id, a heading or a buyer."""
    number, heading = text(hit, "id"), plain(text(hit, "heading"), limit=MAX_TITLE)
    buyers = [role for row in rows(hit.get("buyer")) if (role := role_of("authority", row))]
    if not number or not heading or not buyers:
        return None
    kind = kind_of(hit)
    winners = _winners(hit) if kind == "award" else []
    amount = money_of(hit.get("estimatedValue"))
    day = parse_date(text(hit, "issueDate", "publicationDate"), now=session.now)
    lines = [f"Buyer: {', '.join(role.name for role in buyers)}."]
    lines += [f"Winner: {', '.join(role.name for role in winners)}."] if winners else []
    lines += [f"Value: {amount.amount:,f} {amount.currency}."] if amount else []
    lines += [f"Deadline: {text(hit, 'deadline')[:10]}."] if text(hit, "deadline") else []
    lines.append(plain(text(hit, "description"), limit=MAX_TEXT - 4000, lines=True))
    event = None
    if winners:
        event = StatedEvent("contract_award", (*winners, *buyers), "completed", day.date() if day else None, amount)
    elif kind == "tender":
        event = StatedEvent("tender", tuple(buyers), "announced", day.date() if day else None, amount)
    named = dict.fromkeys(role.identifier for role in (*winners, *buyers) if role.identifier)
    return Document(
        document_id=content_id("doc", session.spec.id, number),
        source_id=session.spec.id,
        key=number,
        url=f"{PUBLIC_URL}{number}" if re.fullmatch(r"[0-9A-Za-z-]{1,40}", number) else "",
        title=heading,
        text="\n".join(line for line in lines if line),
        fetched_at=session.now,
        language=session.spec.language,
        published_at=day,
        kind="tender",
        publisher="Doffin",
        identifiers=tuple(named),
        stated=(event,) if event else (),
    )


def role_of(role: str, row: Mapping[str, Any]) -> StatedRole | None:
    """An organisation that a notice names, with its number when what stands there holds one."""
    name = clean_text(text(row, "name"))
    number = organization_number(text(row, "organizationId"))
    return StatedRole(role, name, Identifier(SCHEME, number) if number else None) if name else None


def organization_number(written: str) -> str:
    """The nine digits in what was typed as an organisation number; empty when there are none."""
    found = _NUMBER.search("".join(clean_text(written).split()).replace(".", ""))
    return found[0] if found else ""


def money_of(value: object) -> Money | None:
    """``{currencyCode, amount}``; nothing is not an amount."""
    row = mapping(value)
    currency = text(row, "currencyCode", "code").upper()
    try:
        amount = Decimal(text(row, "amount", "value"))
    except InvalidOperation:
        return None
    return Money(amount, currency) if amount.is_finite() and amount > 0 and len(currency) == 3 else None


def _winners(hit: Mapping[str, Any]) -> Sequence[StatedRole]:
    """The winners of all lots, each once."""
    found: dict[tuple[str, Identifier | None], StatedRole] = {}
    for lot in rows(hit.get("lots")):
        for row in rows(lot.get("winner")):
            role = role_of("winner", row)
            if role is not None:
                found.setdefault((role.name, role.identifier), role)
    return list(found.values())
