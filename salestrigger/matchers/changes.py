"""A register's own statement of a change → an event of the same type as news would give, or the reason for none.

====================  ===========================================================================
status                insolvency, closure or restructuring, by the kind that the register states
created               incorporation, when it is recent
address               relocation, when the municipality differs
roles                 executive_hire or executive_departure (managing director), board_change (chair)
employees             headcount_growth or layoffs, beyond both thresholds below
capital               funding, when it went up
accounts              accounts_filed
legal_form            restructuring
parent                ownership_change, or merger when it went into another
name                  ``alias``: a further name, no event
industry, website     ``fact_only``; a change of code set is ``recoding``
====================  ===========================================================================

A register states facts: modality is ``completed`` (``in_progress`` for a winding-up), confidence is 0.99, and the quote
is composed in plain English from the register's field values, because there is no sentence to quote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from salestrigger.matchers.places import place_name
from salestrigger.matchers.quotes import QUOTE_LIMIT
from salestrigger.matchers.types import Attribute, Event, EventSource, Evidence, Modality, Organization, Role
from salestrigger.sources.records import OrgChange, content_id

#: a monthly register figure moves by noise; both must be passed to be news (our choice, docs/decisions.md)
HEADCOUNT_RELATIVE = 0.2
HEADCOUNT_ABSOLUTE = 10
RECENT_DAYS = 365  #: an incorporation longer ago is only newly seen
CONFIDENCE = 0.99

#: the kind of a status change → (event type, modality, what the register says)
STATUS: Mapping[str, tuple[str, Modality, str]] = {
    "konkurs": ("insolvency", "completed", "bankruptcy opened"),
    "bankrupt": ("insolvency", "completed", "bankruptcy opened"),
    "bankruptcy": ("insolvency", "completed", "bankruptcy opened"),
    "faillissement": ("insolvency", "completed", "bankruptcy opened"),
    "konkurs_inledd": ("insolvency", "completed", "bankruptcy opened"),
    "surseance": ("insolvency", "completed", "suspension of payments granted"),
    "rekonstruksjon": ("insolvency", "completed", "court-led reconstruction opened"),
    "rekonstruktion": ("insolvency", "completed", "court-led reconstruction opened"),
    "restructuring": ("insolvency", "completed", "court-led reconstruction opened"),
    "tvangsopplosning": ("closure", "in_progress", "compulsory dissolution opened"),
    "tvangsavvikling": ("closure", "in_progress", "compulsory winding-up opened"),
    "avvikling": ("closure", "in_progress", "winding-up resolved"),
    "winding_up": ("closure", "in_progress", "winding-up resolved"),
    "likvidation": ("closure", "in_progress", "winding-up resolved"),
    "sletting": ("closure", "completed", "deleted from the register"),
    "dissolved": ("closure", "completed", "dissolved"),
    "opgeheven": ("closure", "completed", "dissolved"),
    "fusjon": ("merger", "completed", "merger with another legal entity registered"),
    "fusie_splitsing": ("restructuring", "completed", "merger or demerger of legal entities registered"),
    "fisjon": ("restructuring", "completed", "demerger registered"),
}


#: kinds of a change of parent that say that the organisation went into another
MERGED = frozenset({"mergers_and_acquisitions"})


@dataclass(frozen=True, slots=True)
class _News:
    """What a change amounts to, before it becomes an event."""

    type: str
    says: str  #: the quote without the organisation's name
    modality: Modality = "completed"
    role: str = "organization"
    attributes: tuple[Attribute, ...] = ()
    more_roles: tuple[Role, ...] = field(default=())


def event_from_change(change: OrgChange, organization: Organization) -> tuple[Event | None, str]:
    """The event that a register change amounts to, and the outcome: ``event`` or the reason for none.

    ``organization`` is as it was known before the change (its facts fill in what the register does not repeat).
    Reasons: alias, fact_only, recoding, set_up, same_municipality, below_threshold, before_unknown, not_recent,
    ended, not_news.
    """
    if change.details.get("kind") == "set_up" or change.details.get("set_up") == "true":
        return None, "set_up"
    decide = _DECIDERS.get(change.field)
    found = decide(change, organization) if decide else "fact_only"
    if isinstance(found, str):
        return None, found
    return _event(found, change, organization), "event"


def _status(change: OrgChange, _: Organization) -> _News | str:
    kind = change.details.get("kind", "") or (change.after or "")
    if kind.endswith("_ended") or change.after == "active":
        return "ended"
    known = STATUS.get(kind) or STATUS.get(change.after or "")
    if known is None:
        return "not_news"
    role = "party" if known[0] == "merger" else "organization"
    return _News(known[0], f"{known[2]}{_on(change)}", known[1], role)


def _created(change: OrgChange, organization: Organization) -> _News | str:
    founded = organization.get("founded") or change.effective_on
    if isinstance(founded, date) and change.published_at.date() - founded > timedelta(days=RECENT_DAYS):
        return "not_recent"
    return _News("incorporation", f"newly registered{_on(change)}")


def _address(change: OrgChange, organization: Organization) -> _News | str:
    details = change.details
    if details.get("kind") == "postal":
        return "fact_only"
    before, after = place_name(organization.get("municipality")), place_name(details.get("municipality"))
    code_before, code_after = organization.get("municipality_code"), details.get("municipality_code")
    if not after and not code_after:
        return "fact_only"
    if code_before and code_after:
        moved = code_before != code_after
    elif before and after:
        moved = before.casefold() != after.casefold()
    else:
        stated = details.get("parts", "").split(",")
        if "kommunenummer" not in stated and "kommune" not in stated:
            return "before_unknown"
        moved = True
    if not moved:
        return "same_municipality"
    found = [Attribute("location", after)] if after else []
    found += [Attribute("from_location", before)] if before else []
    origin = f" from {before}" if before else ""
    return _News(
        "relocation", f"business address moved{origin} to {after or code_after}{_on(change)}", attributes=tuple(found)
    )


def _roles(change: OrgChange, _: Organization) -> _News | str:
    kind, holder = change.details.get("kind", "").upper(), change.details.get("holder", "")
    role = change.details.get("role") or kind.lower() or "role"
    person = (Attribute("person", holder),) if holder else ()
    title = (Attribute("title", role),)
    if kind in ("DAGL", "MANAGER", "CEO", "MANAGING_DIRECTOR"):
        if holder:
            return _News("executive_hire", f"{role} is now {holder}{_since(change)}", attributes=person + title)
        return _News("executive_departure", f"no {role} is registered any more{_on(change)}", attributes=title)
    if kind in ("STYR", "LEDE", "BOARD", "CHAIR"):
        says = f"{role} is now {holder}{_since(change)}" if holder else f"the {role} changed{_on(change)}"
        return _News("board_change", says, attributes=person + title)
    return "fact_only"


def _employees(change: OrgChange, organization: Organization) -> _News | str:
    after = _count(change.details.get("low")) if "low" in change.details else _count(change.after)
    high = _count(change.details.get("high")) if "high" in change.details else after
    known = change.before or organization.get("employees")
    before = _count(known)
    if before is None or after is None:
        return "before_unknown"
    if after > before and not str(known).isdigit():
        return "before_unknown"  # a number that replaces a withheld one ("0-4") is learned, it is no growth
    if after < before and high is not None:
        after = min(before, high)  # "below 5" may be 4: the smallest step that the register's words allow
    delta = after - before
    if abs(delta) < HEADCOUNT_ABSOLUTE or abs(delta) < HEADCOUNT_RELATIVE * before:
        return "below_threshold"
    says = f"employees went from {before} to {after}{_on(change)}"
    if delta > 0:
        return _News("headcount_growth", says, attributes=(Attribute("headcount", str(after), "persons"),))
    return _News("layoffs", says, attributes=(Attribute("headcount", str(-delta), "persons"),))


def _capital(change: OrgChange, organization: Organization) -> _News | str:
    after = _decimal(change.details.get("amount") or change.after)
    before = _decimal(change.before or change.details.get("before") or organization.get("capital"))
    if after is None or before is None:
        return "before_unknown"
    if after <= before:
        return "fact_only"
    currency = change.details.get("currency", "")
    amount = [Attribute("amount", f"{(after - before).normalize():f}", currency or None)]
    amount += [Attribute("currency", currency)] if currency else []
    says = f"share capital went up from {before:,f} to {after:,f} {currency}".rstrip() + _on(change)
    return _News("funding", says, role="investee", attributes=tuple(amount))


def _accounts(change: OrgChange, _: Organization) -> _News | str:
    year = change.details.get("year") or change.after or ""
    return _News("accounts_filed", f"annual accounts{f' for {year}' if year else ''} filed{_on(change)}")


def _legal_form(change: OrgChange, organization: Organization) -> _News | str:
    before, after = change.before or organization.get("legal_form"), change.details.get("new_code") or change.after
    if not before:
        return "before_unknown"
    if not after or before == after:
        return "fact_only"
    return _News("restructuring", f"legal form changed from {before} to {after}{_on(change)}")


def _parent(change: OrgChange, _: Organization) -> _News | str:
    if not change.after:
        return "fact_only"
    if change.details.get("kind") in MERGED:
        partner = Role("party", change.after, -1, -1)
        return _News("merger", f"merged into {change.after}{_on(change)}", role="party", more_roles=(partner,))
    owner = Role("new_owner", change.after, -1, -1)
    return _News("ownership_change", f"registered owner is now {change.after}{_since(change)}", more_roles=(owner,))


def _industry(change: OrgChange, organization: Organization) -> str:
    held = organization.get("industry") or ()
    sets = {str(code).partition(":")[0] for code in held}
    new = change.details.get("codeset", "")
    recoded = change.details.get("kind") == "recoding" or (new and sets and new not in sets)
    return "recoding" if recoded else "fact_only"


_DECIDERS: Mapping[str, Callable[[OrgChange, Organization], _News | str]] = {
    "status": _status,
    "created": _created,
    "address": _address,
    "roles": _roles,
    "employees": _employees,
    "capital": _capital,
    "accounts": _accounts,
    "legal_form": _legal_form,
    "parent": _parent,
    "industry": _industry,
    "name": lambda *_: "alias",
}


def _event(news: _News, change: OrgChange, organization: Organization) -> Event:
    name = organization.name
    says = f"register: {news.says}"
    text = f"{name[: QUOTE_LIMIT - len(says) - 2]}: {says}" if len(says) < QUOTE_LIMIT - 20 else says[:QUOTE_LIMIT]
    subject = Role(news.role, name, -1, -1, None, organization.organization_id, 1.0, "accept")
    source = EventSource(
        change.change_id,
        change.url,
        says,
        change.source_id,
        "",
        change.published_at,
        text,
        change.change_id,
        news.modality,
    )
    ahead = change.effective_on is not None and change.effective_on > change.published_at.date()
    return Event(
        event_id=content_id("evt", change.change_id, news.type, organization.organization_id),
        type=news.type,
        modality=news.modality,
        roles=(subject, *news.more_roles),
        attributes=news.attributes,
        quote=text,
        quote_span=(-1, -1),
        sentence=(-1, -1),
        confidence=CONFIDENCE,
        language="en",
        sources=(source,),
        event_on=None if ahead else change.effective_on,
        effective_on=change.effective_on if ahead else None,
        precision="day" if change.effective_on else None,
        evidence=(Evidence("register", change.field, 1.0, f"the register states it in its field {change.field!r}"),),
    )


def _on(change: OrgChange) -> str:
    return f" on {change.effective_on.isoformat()}" if change.effective_on else ""


def _since(change: OrgChange) -> str:
    """Of what lasts."""
    return f" (since {change.effective_on.isoformat()})" if change.effective_on else ""


def _count(value: object) -> int | None:
    """The lower bound of a count: ``12``, ``"12"``, ``"50-99"``, ``"250+"``; None for anything else."""
    found = re.match(r"\s*(\d{1,9})(?:\s*(?:-|\+)|\s*\Z)", str(value)) if value is not None else None
    return int(found[1]) if found else None


def _decimal(value: object) -> Decimal | None:
    found = re.match(r"\s*([\d.,]{1,30})", str(value)) if value is not None else None
    try:
        return Decimal(found[1].replace(",", "")) if found else None
    except InvalidOperation:
        return None
