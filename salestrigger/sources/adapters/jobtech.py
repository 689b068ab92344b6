"""The adapter for JobTech's JobStream: every advertisement of the Swedish employment service, and their removals.

https://jobstream.api.jobtechdev.se (CC0 1.0, no key; one request a minute is asked). An answer holds all that changed
since a time, so there are no pages; the time of the cursor is that of the latest event that was read, and ads at the
edge come again, which changes nothing. What is kept of a removed ad is that it is not open any more. At employers that
are listed, what is open is compared with their own past, as on a job board (jobs_counts). Contact persons
and e-mail addresses are not read; ads of private persons (no organisation number) are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.api_answer import refuse_if_said
from salestrigger.sources.adapters.api_answers import part_of
from salestrigger.sources.adapters.bulk_json import rows_in, with_download
from salestrigger.sources.adapters.item_build import plain
from salestrigger.sources.adapters.item_dates import parse_date
from salestrigger.sources.adapters.job_boards import Ad
from salestrigger.sources.adapters.jobs_notices import surges_of
from salestrigger.sources.adapters.json_strict import NotJsonError
from salestrigger.sources.adapters.national_ids import national_id, swedish_numbers
from salestrigger.sources.adapters.register_values import text_of
from salestrigger.sources.declare import Declaration
from salestrigger.sources.records import Collected, Document, content_id
from salestrigger.sources.text import canonical_url, clean_text

STOCKHOLM = "Europe/Stockholm"
#: what is read of an ad; its text is cut apart
_READ = (
    "id", "removed", "removed_date", "timestamp", "publication_date", "headline", "webpage_url", "occupation",
    "employer", "workplace_address", "number_of_vacancies",
)  # fmt: skip
#: changes that are read at a time: some weeks of Sweden's
MAX_ROWS = 300_000


class Options(Declaration):
    """The ``[options]`` of JobStream."""

    organizations: tuple[str, ...] = Field(default=(), description="employers to keep, ten digits each; none: all")
    first_hours: int = Field(default=24, ge=1, le=24 * 14, description="how far back the first run looks")
    parameter: str = Field(default="updated-after", description="name of the time in the query; v1 has date")
    max_ads: int = Field(default=20_000, ge=1, le=200_000)
    text_limit: int = Field(default=4_000, ge=0, le=64_000, description="characters of an ad's text that are kept")

    @field_validator("organizations")
    @classmethod
    def _numbers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return swedish_numbers(value)


async def collect(session: Session) -> Collected:
    """The ads since the last run, and how many were removed.

    Raises:
        FetchError: JobStream does not answer. ShapeError: it answers with something else.
    """
    options = options_of(session.spec, Options)
    default = (session.now.astimezone(UTC) - timedelta(hours=options.first_hours)).strftime("%Y-%m-%dT%H:%M:%S")
    since = session.cursor.get("since") or default
    open_ads: dict[str, list[str]] = dict(session.cursor.get("open") or {})
    rows = await _rows(session, {options.parameter: since}, options)
    documents: dict[str, Document] = {}
    aside: list[tuple[str, str]] = []
    notes: list[str] = []
    removed, latest, private = 0, since, 0
    # by time, so that a cap leaves the latest for the next run
    for row in sorted(rows, key=_when):
        if len(documents) >= options.max_ads:
            notes.append(
                f"stopped after {len(documents)} of {len(rows)} ads (max_ads); the next run goes on from there"
            )
            break
        latest = max(latest, _when(row))
        key = text_of(row, "id")
        if row.get("removed") is True:
            removed += open_ads.pop(key, None) is not None
            continue
        employer = part_of(row, "employer")
        number = national_id("SE", text_of(employer, "organization_number"))
        if number is None:
            private += 1
            continue
        if options.organizations and number.value not in options.organizations:
            continue
        document = ad_of(row, source_id=session.spec.id, fetched_at=session.now, limit=options.text_limit)
        if document is None:
            aside.append((key or "ad", "an ad without an id or a headline"))
            continue
        documents[document.document_id] = document
        if options.organizations:
            place = part_of(row, "workplace_address")
            town = text_of(place, "municipality") or text_of(part_of(place, "municipality"), "label")
            open_ads[key] = [number.value, text_of(row, "headline"), town, document.issuer or ""]
    notes += [f"{removed} ads that were open have been removed"] if removed else []
    notes += [f"{private} ads without an organisation number left out"] if private else []
    counts: dict[str, Any] = dict(session.cursor.get("counts") or {})
    surges = surges_of(_by_employer(open_ads), counts, scheme="SE-BLV", source_id=session.spec.id, now=session.now)
    return Collected(
        documents=(*documents.values(), *surges),
        cursor={"since": latest, "open": open_ads, "counts": counts},
        set_aside=tuple(aside),
        notes=tuple(notes),
    )


async def _rows(session: Session, query: Mapping[str, str], options: Options) -> list[dict[str, Any]]:
    """What changed, of each ad what is read; a day of ads is tens of megabytes, so it is read from disk."""
    found: list[dict[str, Any]] = []

    def read(path: Path) -> None:
        with path.open("rb") as file:
            head = file.read(2_000).lstrip(b"\xef\xbb\xbf \t\r\n")
        if not head.startswith(b"["):
            refuse_if_said(session, head, session.spec.url)
            raise NotJsonError(f"{head[:60]!r}")
        with rows_in(path) as rows:
            for row in islice(rows, MAX_ROWS):
                found.append({key: row[key] for key in _READ if key in row})
                if options.text_limit and isinstance(row.get("description"), Mapping):
                    found[-1]["description"] = {"text": text_of(row["description"], "text")[: 4 * options.text_limit]}

    separator = "&" if "?" in session.spec.url else "?"
    url = f"{session.spec.url}{separator}{urlencode(query, safe=',:')}"
    await with_download(session, url, read, expected="an array of ads")
    return found


def _by_employer(open_ads: Mapping[str, list[str]]) -> dict[str, list[Ad]]:
    """What is open, by the employer's number."""
    found: dict[str, list[Ad]] = {}
    for key, (number, title, place, name) in open_ads.items():
        found.setdefault(number, []).append(Ad(key, title, place=place, company=name))
    return found


def ad_of(row: Mapping[str, Any], *, source_id: str, fetched_at: datetime, limit: int = 4_000) -> Document | None:
    """One ad as a Document; None without an id or a headline."""
    key, headline = text_of(row, "id"), text_of(row, "headline")
    if not key or not headline:
        return None
    employer = part_of(row, "employer")
    name = text_of(employer, "name")
    number = national_id("SE", text_of(employer, "organization_number"))
    place = part_of(row, "workplace_address")
    municipality = text_of(place, "municipality") or text_of(part_of(place, "municipality"), "label")
    occupation = row.get("occupation")
    what: Any = next(iter(occupation), None) if isinstance(occupation, list) else occupation
    lines = [
        f"Employer: {name}" if name else "",
        f"Occupation: {text_of(what, 'label')}" if isinstance(what, Mapping) and text_of(what, "label") else "",
        f"Municipality: {municipality}" if municipality else "",
        f"Vacancies: {text_of(row, 'number_of_vacancies')}" if text_of(row, "number_of_vacancies") else "",
        plain(text_of_description(row), limit=limit, lines=True) if limit else "",
    ]
    return Document(
        document_id=content_id("doc", source_id, key),
        source_id=source_id,
        key=key,
        url=canonical_url(text_of(row, "webpage_url")),
        title=f"{name}: {headline}" if name else headline,
        text="\n".join(line for line in lines if line),
        fetched_at=fetched_at,
        language="sv",
        published_at=parse_date(text_of(row, "publication_date"), now=fetched_at, zone=ZoneInfo(STOCKHOLM)),
        kind="job_ad",
        issuer=name or None,
        identifiers=(number,) if number else (),
    )


def text_of_description(row: Mapping[str, Any]) -> str:
    """The ad's text, with its lines."""
    value = part_of(row, "description").get("text")
    return clean_text(value, lines=True) if isinstance(value, str) else ""


def _when(row: Mapping[str, Any]) -> str:
    """The time of an event as the stream writes it; ``timestamp`` is in milliseconds."""
    stamp = row.get("timestamp")
    if isinstance(stamp, int) and 0 < stamp < 10**14:
        return datetime.fromtimestamp(stamp / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return text_of(row, "removed_date") or text_of(row, "publication_date")
