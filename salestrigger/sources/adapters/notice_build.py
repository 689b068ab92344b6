"""A procurement notice in plain parts → a Document that states its events. Pure.

The names of winners and buyers stand literally in the title and the first lines of the text, so that a stated role can
be found there. Only a winner is a winner: tenderers, subcontractors and review bodies are never told of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from salestrigger.sources.adapters.notice_terms import earliest, is_usable
from salestrigger.sources.records import Document, DocumentKind, Identifier, Money, StatedEvent, StatedRole, content_id
from salestrigger.sources.text import clean_text

#: an award of more winners is told winner by winner up to here (a framework may have hundreds)
MAX_WINNERS = 50
MAX_NAME, MAX_TITLE, MAX_TEXT = 200, 900, 8_000


@dataclass(frozen=True, slots=True)
class Party:
    """A buyer or a winner, as the notice names it."""

    name: str
    identifier: Identifier | None = None
    country: str | None = None  #: ISO 3166-1 alpha-2


@dataclass(frozen=True, slots=True)
class Award:
    """One winner and what it won in all lots together."""

    winner: Party
    amount: Money | None = None  #: None: not stated, or withheld
    decided_on: date | None = None
    ends_on: date | None = None  #: the contract's end, the first one's of several; None: not stated
    is_end_exact: bool = False  #: else the end was counted from the day of the contract
    renewals: int = 0  #: how often it may be renewed at most


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice; ``kind`` is what it says: an award, an intended award, a tender, or something else."""

    number: str
    kind: Literal["award", "intended_award", "tender", "planned_tender", "other"]
    subject: str
    buyers: tuple[Party, ...] = ()
    awards: tuple[Award, ...] = ()
    amount: Money | None = None  #: of the notice as a whole: estimated, or awarded in total
    description: str = ""
    language: str | None = None
    codes: tuple[str, ...] = ()  #: CPV
    deadline: date | None = None
    published_at: datetime | None = None
    url: str = ""
    withheld: bool = False  #: some of it is not published yet


#: kind of notice → (type of event, modality)
_EVENTS = {
    "award": ("contract_award", "completed"),
    "intended_award": ("contract_award", "planned"),
    "tender": ("tender", "announced"),
    "planned_tender": ("tender", "planned"),
}


def document_of(notice: Notice, *, source_id: str, fetched_at: datetime) -> Document | None:
    """The notice as a Document; None when it has neither a subject nor a buyer."""
    buyers = tuple(_tidy(party) for party in notice.buyers if clean_text(party.name))
    awards = tuple(merged(notice.awards))[:MAX_WINNERS]
    subject = clean_text(notice.subject)[:500]
    if not subject and not buyers:
        return None
    return Document(
        document_id=content_id("doc", source_id, notice.number),
        source_id=source_id,
        key=notice.number,
        url=notice.url,
        title=_title(subject, buyers, awards),
        text=_text(notice, subject, buyers, awards),
        fetched_at=fetched_at,
        language=notice.language,
        published_at=notice.published_at,
        kind=_document_kind(notice),
        issuer=buyers[0].name if buyers else None,
        identifiers=tuple(dict.fromkeys(
            party.identifier for party in (*(a.winner for a in awards), *buyers) if party.identifier
        )),
        stated=tuple(_events(notice, buyers, awards)),
    )  # fmt: skip


def merged(awards: Iterable[Award]) -> Iterable[Award]:
    """One award per winner: the sum of its lots (None when any of them is not stated, or in several currencies)."""
    found: dict[str, list[Award]] = {}
    for award in awards:
        winner = _tidy(award.winner)
        if winner.name:
            key = str(winner.identifier) if winner.identifier else winner.name.casefold()
            found.setdefault(key, []).append(replace(award, winner=winner))
    for group in found.values():
        amounts = [award.amount for award in group]
        known = [amount for amount in amounts if amount is not None]
        one = len(known) == len(amounts) and len({amount.currency for amount in known}) == 1
        total = Money(sum((amount.amount for amount in known), Decimal(0)), known[0].currency) if one else None
        days = [award.decided_on for award in group if award.decided_on]
        end = earliest((award.ends_on, award.is_end_exact, award.renewals) for award in group)
        yield Award(group[0].winner, total, max(days, default=None), *end)


def amount_of(text: str, currency: str) -> Money | None:
    """An amount as a notice writes it; None when it is no number, not positive, or the currency no code."""
    try:
        amount = Decimal(text.strip().replace(" ", ""))
    except ArithmeticError:
        return None
    currency = currency.strip().upper()
    usable = amount.is_finite() and 0 < amount < Decimal(10) ** 13 and len(currency) == 3 and currency.isalpha()
    return Money(amount, currency) if usable else None


def _document_kind(notice: Notice) -> DocumentKind:
    return "tender" if notice.kind in {"tender", "planned_tender"} else "notice"


def _tidy(party: Party) -> Party:
    return Party(clean_text(party.name)[:MAX_NAME].strip(), party.identifier, party.country)


def _title(subject: str, buyers: tuple[Party, ...], awards: tuple[Award, ...]) -> str:
    """``Winner · Buyer · Subject``, as far as known; more than three winners are counted."""
    names = ", ".join(award.winner.name for award in awards[:3])
    more = f" (+{len(awards) - 3})" if len(awards) > 3 else ""
    parts = (names + more, buyers[0].name if buyers else "", subject)
    return " · ".join(part for part in parts if part)[:MAX_TITLE]


def _text(notice: Notice, subject: str, buyers: tuple[Party, ...], awards: tuple[Award, ...]) -> str:
    lines = [f"Winner: {award.winner.name}{_worth(award.amount)}{_runs(award)}" for award in awards]
    lines += [f"Buyer: {buyer.name}" for buyer in buyers[:10]]
    lines += [f"Value: {plain_amount(notice.amount)}"] if notice.amount else []
    lines += [f"Subject: {subject}"] if subject else []
    lines += [f"Deadline: {notice.deadline.isoformat()}"] if notice.deadline else []
    lines += [f"CPV: {', '.join(notice.codes[:10])}"] if notice.codes else []
    lines += ["Part of this notice is not published yet."] if notice.withheld else []
    lines += [clean_text(notice.description, lines=True)] if notice.description else []
    return "\n".join(lines)[:MAX_TEXT]


def _worth(amount: Money | None) -> str:
    return f" ({plain_amount(amount)})" if amount else ""


def _runs(award: Award) -> str:
    """Until when, as far as it is known."""
    if award.ends_on is None:
        return ""
    about = "" if award.is_end_exact else "about "
    times = f", may be renewed {award.renewals} times" if award.renewals else ""
    return f", until {about}{award.ends_on.isoformat()}{times}"


def plain_amount(amount: Money) -> str:
    """``1250000 EUR``: without separators, which countries write differently."""
    return f"{amount.amount.normalize():f} {amount.currency}"


def _events(notice: Notice, buyers: tuple[Party, ...], awards: tuple[Award, ...]) -> Iterable[StatedEvent]:
    """One event per winner; one for a tender; none for what is neither (a change, a notice without result)."""
    if notice.kind not in _EVENTS:
        return
    type_, modality = _EVENTS[notice.kind]
    authority = tuple(StatedRole("authority", buyer.name, buyer.identifier) for buyer in buyers[:3])
    if type_ == "tender":
        yield StatedEvent(type_, authority, modality=modality, amount=notice.amount)
        return
    for award in awards:
        winner = StatedRole("winner", award.winner.name, award.winner.identifier)
        amount = award.amount or (notice.amount if len(awards) == 1 else None)
        yield StatedEvent(type_, (winner, *authority), modality=modality, event_on=award.decided_on, amount=amount)
    if notice.kind == "award":
        yield from _ends(notice, buyers, awards)


def _ends(notice: Notice, buyers: tuple[Party, ...], awards: tuple[Award, ...]) -> Iterable[StatedEvent]:
    """One event ahead per winner whose contract has a known end."""
    told = notice.published_at.date() if notice.published_at else None
    customers = tuple(StatedRole("customer", buyer.name, buyer.identifier) for buyer in buyers[:3])
    for award in awards:
        if is_usable(award.ends_on, told):
            vendor = StatedRole("vendor", award.winner.name, award.winner.identifier)
            yield StatedEvent(
                "renewal_due", (*customers, vendor), modality="planned", event_on=award.ends_on, amount=award.amount,
                precision="day" if award.is_end_exact else "month",
            )  # fmt: skip
