"""Branches (underenheter) that were opened or closed, as notices about their parents.

A branch is a place, not a company: it gets no record of its own, so that it is never taken for its parent. The notice
states the event, and the parent by its number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from salestrigger.sources.adapters.brreg_api import Api
from salestrigger.sources.adapters.brreg_feed import Update
from salestrigger.sources.adapters.brreg_maker import PUBLIC_URL, Maker
from salestrigger.sources.adapters.brreg_records import (
    SCHEME,
    address_text,
    addresses_of,
    date_of,
    record_id,
    text_of,
)
from salestrigger.sources.adapters.brreg_yield import Yield
from salestrigger.sources.records import Document, Identifier, StatedEvent, StatedRole, content_id


async def branches(api: Api, updates: Sequence[Update], found: Yield, *, parents: frozenset[str]) -> None:
    """The opened and closed branches among ``updates`` into ``found``; ``parents`` restricts them to these, if any."""
    wanted = [update for update in updates if update.kind in {"Ny", "Sletting"}]
    fetched = await api.entities(list(dict.fromkeys(update.organization for update in wanted)))
    found.removed += [record_id(number) for number in fetched.gone]
    found.removed += [record_id(update.organization) for update in updates if update.kind == "Fjernet"]
    found.set_aside += [(number, "a branch that is not in the register any more") for number in fetched.unknown]
    known = {document.document_id for document in found.documents}
    for update in wanted:
        unit = fetched.found.get(update.organization)
        if unit is None or not found.wants(unit):
            continue
        parent = text_of(unit, "overordnetEnhet")
        if parents and parent not in parents:
            continue
        document = notice_of(unit, update, found.maker, fetched_at=fetched.at[update.organization])
        if document is None:
            found.set_aside.append(
                (update.organization, "a branch without a name, a parent or a day in the news window")
            )
        elif document.document_id not in known:
            known.add(document.document_id)
            found.documents.append(document)


def notice_of(unit: Mapping[str, Any], update: Update, maker: Maker, *, fetched_at: datetime) -> Document | None:
    """The notice of one opened or closed branch; None when it says too little, or is old news."""
    name, parent = text_of(unit, "navn"), text_of(unit, "overordnetEnhet")
    is_new = update.kind == "Ny"
    day = _day(unit, is_new=is_new) or update.at.date()
    if not name or not parent or not maker.is_news(day):
        return None
    where = next((a for a in addresses_of(unit) if a.kind == "visiting"), None)
    place = (where.city or where.municipality or "") if where else ""
    what = "ny underenhet" if is_new else "underenhet lagt ned"
    key = f"{update.organization}:{'opened' if is_new else 'closed'}"
    identifier = Identifier(SCHEME, parent)
    stated = StatedEvent(
        type="site_opening" if is_new else "site_closure",
        roles=(StatedRole("organization", name, identifier),),
        event_on=day,
        attributes=(("location", place),) if place else (),
    )
    lines = [f"Underenhet: {name}", f"Overordnet enhet: {parent}", f"Dato: {day.isoformat()}"]
    lines += [f"Beliggenhet: {address_text(where)}"] if where else []
    return Document(
        document_id=content_id("doc", maker.source_id, key),
        source_id=maker.source_id,
        key=key,
        url=f"{PUBLIC_URL}{update.organization}",
        title=f"{name}: {what}{' i ' + place if place else ''}",
        text="\n".join(lines),
        fetched_at=fetched_at,
        language="nb",
        published_at=min(update.at, maker.now),
        kind="notice",
        identifiers=(identifier,),
        stated=(stated,),
    )


def _day(unit: Mapping[str, Any], *, is_new: bool) -> date | None:
    """The day it opened or closed, else the day the register took it in or out."""
    if is_new:
        return date_of(unit, "oppstartsdato") or date_of(unit, "registreringsdatoEnhetsregisteret")
    return date_of(unit, "nedleggelsesdato") or date_of(unit, "slettedato")
