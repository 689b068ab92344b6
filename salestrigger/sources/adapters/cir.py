"""The adapter for the Dutch insolvency register (Centraal Insolventieregister): new insolvencies of companies.

Natural persons are dropped before anything is stored: raw answers are not kept, a debt-restructuring (R) is never read,
and a notice counts as a company's only with a KVK number, a legal form in its name, and neither a birth nor a home
address. What is kept of a notice is composed here: name, number, court, kind and day; curators and judges are not read.
Open JSON behind https://insolventies.rechtspraak.nl; it holds about a month.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.api_answer import json_of, mapping, response_of, rows, text
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import ShapeError
from salestrigger.sources.records import Collected, Document, Identifier, StatedEvent, StatedRole, content_id
from salestrigger.sources.text import clean_text

SCHEME = "NL-KVK"
PUBLIC_URL = "https://insolventies.rechtspraak.nl/"

#: groups of notices that tell of a new insolvency; the others go on with one
NEWS: Mapping[str, str] = {
    "uitspraken faillissement": "faillissement",
    "surseances": "surseance",
    "uitspraken surseance": "surseance",
    "verlening surseance": "surseance",
}

_CASE = re.compile(r"\(([FSR])\.(\d{1,3}/\d{1,3}/\d{1,6})\)")
_KVK = re.compile(r"KvK:?\s{0,3}(\d{8})\b", re.IGNORECASE)
_PERSON = re.compile(r"\bgeb\.|\bwoonadr|\bgeboren\b", re.IGNORECASE)
_FORM = re.compile(
    r"\b(?:B\.?\s?V|N\.?\s?V|U\.?A|SE|Coöperatie|Stichting|Vereniging|Onderlinge|GmbH|Ltd|Limited|S\.A|Inc)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"^[\s,:]{0,4}([^,]{2,200}?)(?=,\s|\s(?:corr|vest)\.adr|$)")
_PLACE = re.compile(r"vest\.adr\.?\s[^,]{0,120}?\b\d{4}\s?[A-Z]{2}\s([^,.]{2,60}?)(?=[,.]|\sKvK|\shodn|$)")
_MS = re.compile(r"/Date\((-?\d{1,15})\)/")


class Options(Declaration):
    """The ``[options]`` of the insolvency register."""

    max_days: int = Field(default=40, ge=1, le=60, description="days of publication that are read in one run")


@dataclass(frozen=True, slots=True)
class Notices:
    """What one day of publication tells."""

    documents: tuple[Document, ...]
    persons: int  #: notices about natural persons, of which nothing else is known here
    ongoing: int  #: notices about insolvencies that are not new
    set_aside: tuple[tuple[str, str], ...]


async def collect(session: Session) -> Collected:
    """The new insolvencies of companies since the last run.

    Raises:
        FetchError: the register does not answer. ShapeError: it answers with something else.
    """
    options = options_of(session.spec, Options)
    base = session.spec.url.rstrip("/")
    listed = await _json(session, f"{base}/getAll/")
    if not isinstance(listed, list):
        raise ShapeError(f"{base}/getAll/", "a list of days", type(listed).__name__)
    days = [text(row, "Id") for row in rows(listed) if text(row, "Id").isdigit()]
    done = [day for day in session.cursor.get("done", ()) if day in set(days)]
    todo = [day for day in days if day not in set(done)][: options.max_days]
    read: list[Notices] = []
    for day in todo:
        data = await _json(session, f"{base}/haalOp/{day}")
        read.append(notices_of(mapping(data), day, session))
    persons, ongoing = sum(n.persons for n in read), sum(n.ongoing for n in read)
    left = len(days) - len(done) - len(todo)
    notes = [f"{persons} notices about natural persons dropped, {ongoing} about insolvencies that are not new"]
    notes += [f"{left} days are left for the next run (max_days)"] if left else []
    return Collected(
        documents=tuple(document for notices in read for document in notices.documents),
        cursor={"done": done + todo},
        set_aside=tuple(row for notices in read for row in notices.set_aside),
        notes=tuple(notes) if todo else (),
    )


async def _json(session: Session, url: str) -> Any:
    """An answer that is never kept; a day that the register does not know has next to no body."""
    answer = await response_of(session, url, headers={"accept": "application/json"}, keep=False)
    return json_of(session, answer) if answer is not None and answer.body.strip() else {}


def notices_of(data: Mapping[str, Any], day: str, session: Session) -> Notices:
    """The new insolvencies of companies on one day of publication."""
    published = _moment(text(data, "Datum"))
    documents: dict[str, Document] = {}
    persons = ongoing = 0
    aside: list[tuple[str, str]] = []
    for court, cluster, notice in _flat(data):
        case = _CASE.search(notice)
        if case is None or case[1] == "R" or _PERSON.search(notice) or not _KVK.search(notice):
            persons += 1
        elif cluster not in NEWS:
            ongoing += 1
        else:
            document = _document(session, notice, case, court=court, kind=NEWS[cluster], published=published)
            if document is None:
                aside.append((f"{case[1]}.{case[2]}", f"no company's name to be found in a notice of {day[:8]}"))
            else:
                documents[document.document_id] = document
    return Notices(tuple(documents.values()), persons, ongoing, tuple(aside))


def _flat(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Court, group and text of every notice."""
    for court in rows(data.get("Instanties")):
        for cluster in rows(court.get("Publicatieclusters")):
            group = text(cluster, "PublicatieclusterOmschrijving").lower()
            for sort in rows(cluster.get("Publicatiesoorten")):
                for place in rows(sort.get("PublicatiesNaarLocatie")):
                    for notice in place.get("Publicaties") or ():
                        if isinstance(notice, str):
                            yield text(court, "PublicerendeInstantieOmschrijving"), group, clean_text(notice)


def _document(
    session: Session, notice: str, case: re.Match[str], *, court: str, kind: str, published: datetime | None
) -> Document | None:
    """One insolvency, in our words; None when the name is none of a company."""
    found, number = _NAME.match(notice[case.end() :]), _KVK.search(notice)
    name = found[1].strip() if found else ""
    if not _FORM.search(name) or number is None:
        return None
    name = f"{name}." if re.search(r"\b[BN]\.V$", name) else name
    key = f"{case[1]}.{case[2]}"
    place = _PLACE.search(notice)
    day = published.astimezone(ZoneInfo("Europe/Amsterdam")).date() if published else None
    lines = [f"Onderneming: {name}", f"KvK: {number[1]}", f"Insolventienummer: {key}", f"Instantie: {court}"]
    lines += [f"Plaats: {place[1]}"] if place else []
    identifier = Identifier(SCHEME, number[1])
    stated = StatedEvent(
        type="insolvency",
        roles=(StatedRole("organization", name, identifier),),
        event_on=day,
        attributes=(("location", place[1]),) if place else (),
    )
    return Document(
        document_id=content_id("doc", session.spec.id, key, kind),
        source_id=session.spec.id,
        key=f"{key}:{kind}",
        url=PUBLIC_URL,
        title=f"{name}: {kind}",
        text="\n".join(lines),
        fetched_at=session.now,
        language="nl",
        published_at=published,
        kind="notice",
        publisher=court or None,
        identifiers=(identifier,),
        stated=(stated,),
    )


def _moment(written: str) -> datetime | None:
    """``/Date(ms)/``: milliseconds since 1970."""
    found = _MS.fullmatch(written)
    try:
        return datetime.fromtimestamp(int(found[1]) / 1000, UTC) if found else None
    except (OverflowError, ValueError, OSError):
        return None
