"""What counts of open roles tell, as notices that state it: a surge, and a first role in a new town. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from salestrigger.sources.adapters.job_boards import Ad
from salestrigger.sources.adapters.jobs_counts import WINDOW, Look, look
from salestrigger.sources.records import Document, Identifier, StatedEvent, StatedRole, content_id
from salestrigger.sources.text import clean_text


def surge_notice(base: Document, company: str, seen: Look, ads: Sequence[Ad]) -> Document:
    """The statement that the company has markedly many roles open."""
    title = f"{company}: {seen.open} open roles, usually {seen.usual:g}"
    text = (
        f"Company: {company}. Open roles: {seen.open}. Usually: {seen.usual:g} (median before the last {WINDOW} days). "
        f"New in the last {WINDOW} days: {seen.new}; the usual rate gives {seen.expected:.1f}. "
        f"Departments: {_most(ad.department for ad in ads)}. Locations: {_most(ad.place for ad in ads)}."
    )
    stated = StatedEvent(
        type="hiring_surge",
        roles=(StatedRole("organization", company, next(iter(base.identifiers), None)),),
        modality="in_progress",
        event_on=base.fetched_at.date(),
        attributes=(("count", str(seen.open)),),
    )
    return _stating(base, f"surge:{base.fetched_at.date().isoformat()}", title=title, text=text, stated=stated)


def place_notice(base: Document, company: str, place: str, ads: Sequence[Ad]) -> Document:
    """The hint that the company hires where it never did: a rumour of a site, not more."""
    here = [ad for ad in ads if ad.place.casefold().startswith(place)]
    name = clean_text(here[0].place) if here else place
    title = f"{company}: first open role in {name}"
    text = f"Company: {company}. Location: {name}. Roles there: {', '.join(clean_text(ad.title) for ad in here[:5])}."
    stated = StatedEvent(
        type="site_opening",
        roles=(StatedRole("organization", company, next(iter(base.identifiers), None)),),
        modality="rumour",
        event_on=base.fetched_at.date(),
        attributes=(("location", name),),
    )
    return _stating(base, f"place:{place}", title=title, text=text, stated=stated)


def surges_of(
    ads: Mapping[str, Sequence[Ad]], counts: dict[str, Any], *, scheme: str, source_id: str, now: datetime
) -> list[Document]:
    """The surges at employers of a service of many: ``ads`` is what is open by register number, ``counts`` their pasts.

    ``counts`` is brought up to date. A first look at an employer is a baseline.
    """
    found = []
    for number in sorted(ads.keys() | counts.keys()):
        held = ads.get(number, ())
        seen, counts[number] = look(counts.get(number, {}), held, now.date())
        if seen.is_surge:
            base = Document(
                document_id="", source_id=source_id, key=number, url="", title="", text="", fetched_at=now,
                language="en", published_at=now, kind="notice", issuer=held[0].company,
                identifiers=(Identifier(scheme, number),),
            )  # fmt: skip
            found.append(surge_notice(base, held[0].company, seen, held))
    return found


def _stating(base: Document, key: str, *, title: str, text: str, stated: StatedEvent) -> Document:
    whole = f"{base.key}:{key}"
    document_id = content_id("doc", base.source_id, whole)
    return replace(base, document_id=document_id, key=whole, title=title, text=text, stated=(stated,))


def _most(values: Iterable[str]) -> str:
    """The three most frequent, with their counts."""
    counts = Counter(clean_text(value) for value in values if value).most_common(3)
    return ", ".join(f"{value} {count}" for value, count in counts) or "not stated"
