"""Branches (vestigingen) of followed companies that KVK took in or out, as notices about their company.

Two requests of KVK: ``/v1/basisprofielen/{number}/vestigingen`` lists a company's branches (one paid request each run),
``/v1/vestigingsprofielen/{branch}`` says where a new one is and who works there (one each time one is new). The first
look is a baseline. A branch is a place, not a company: it gets no record, so that it is never taken for its company.
Shielded addresses are not read.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from salestrigger.sources.adapters import Session
from salestrigger.sources.adapters.api_answer import mapping, rows, text
from salestrigger.sources.adapters.kvk_records import PUBLIC_URL, SCHEME, addresses_of, day_of, headcount_of
from salestrigger.sources.errors import ShapeError
from salestrigger.sources.records import Document, Identifier, StatedEvent, StatedRole, content_id
from salestrigger.sources.text import clean_text

#: asks for a path below the source's address; None: KVK has nothing there
Ask = Callable[[str], Awaitable[Any | None]]


@dataclass(slots=True)
class Branches:
    """What a run has found; ``known`` is (company → branch → its place), for the cursor."""

    session: Session
    ask: Ask
    allowed: int  #: requests that this run may still cost
    known: dict[str, dict[str, str]]
    documents: list[Document] = field(default_factory=list)
    set_aside: list[tuple[str, str]] = field(default_factory=list)

    async def look(self, number: str) -> bool:
        """At one company; False when it is left for another run, for what that would cost."""
        if self.allowed < 1:
            return False
        self.allowed -= 1
        data = await self.ask(f"/v1/basisprofielen/{number}/vestigingen")
        if data is None:
            self.set_aside.append((number, "not in the register"))
            return True
        listed = mapping(data).get("vestigingen")
        if not isinstance(listed, list):
            raise ShapeError(self.session.spec.url, "vestigingen as a list", str(data)[:80])
        names = {text(row, "vestigingsnummer"): text(row, "eersteHandelsnaam") for row in rows(listed)}
        names.pop("", None)
        before = self.known.get(number)
        if before is None:
            self.known[number] = dict.fromkeys(names, "")
            return True
        company = clean_text(next(iter(names.values()), "")) or f"KVK {number}"
        for branch in sorted(before.keys() - names.keys()):
            self.documents.append(self._notice(number, branch, before.pop(branch), {}, company=company))
        for branch in sorted(names.keys() - before.keys()):
            if self.allowed < 1:
                return False
            await self._opened(number, branch, before, company=company)
        return True

    async def _opened(self, number: str, branch: str, before: dict[str, str], *, company: str) -> None:
        self.allowed -= 1
        profile = mapping(await self.ask(f"/v1/vestigingsprofielen/{branch}"))
        if not profile:
            self.set_aside.append((branch, "a branch without a profile"))
            return
        place = next((address.city or "" for address in addresses_of(profile) if address.kind == "business"), "")
        before[branch] = place
        self.documents.append(self._notice(number, branch, place, profile, company=company))

    def _notice(self, number: str, branch: str, place: str, profile: Mapping[str, Any], *, company: str) -> Document:
        """Opened, with its profile; closed, without one."""
        session, what = self.session, "nieuwe vestiging" if profile else "vestiging opgeheven"
        name = clean_text(text(profile, "eersteHandelsnaam")) or company
        day = _day(profile, session.now.date())
        identifier, key = Identifier(SCHEME, number), f"{branch}:{'opened' if profile else 'closed'}"
        staff = headcount_of(profile)
        facts = {"Bedrijf": name, "KVK-nummer": number, "Vestiging": branch, "Plaats": place}
        facts |= {"Werkzame personen": str(staff.low)} if staff else {}
        stated = StatedEvent(
            type="site_opening" if profile else "site_closure",
            roles=(StatedRole("organization", name, identifier),),
            event_on=day,
            attributes=(("location", place),) if place else (),
        )
        return Document(
            document_id=content_id("doc", session.spec.id, key),
            source_id=session.spec.id,
            key=key,
            url=f"{PUBLIC_URL}{number}",
            title=f"{name}: {what}{' in ' + place if place else ''}",
            text="\n".join(f"{label}: {value}" for label, value in facts.items() if value),
            fetched_at=session.now,
            language="nl",
            published_at=session.now,
            kind="notice",
            identifiers=(identifier,),
            stated=(stated,),
        )


def _day(profile: Mapping[str, Any], today: date) -> date:
    """The day a branch began, when it is stated and not ahead; else the day we saw it."""
    begun = day_of(mapping(profile.get("materieleRegistratie")).get("datumAanvang"))
    return begun if begun and begun <= today else today
