"""Put what happened into one plain English sentence, with the company of the line as its subject.

Each pattern says what the company did as an infinitive, in the past, and (where it takes time) as something under way.
``{slot|words}`` is a value of the event, or the words when it has none; ``[…]`` is left out when a slot in it is
unknown. Nothing is invented: what the event does not say is not in the sentence. Escaping is not done here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from salestrigger.matchers.types import Modality

_BRACKET = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)(?:\|([^{}]*))?\}")
_MONEY = "[ for {amount}]"
#: an amount, or two, before its currency, as facts and profiles spell them
_WRITTEN_MONEY = re.compile(r"(?<![\w.])(?:(\d+(?:\.\d+)?) to )?(\d+(?:\.\d+)?) ([A-Z]{3})(?= revenue|$)")
MAX_OTHERS = 2  #: sums that disagree with the first and are shown beside it
MAX_MAGNITUDE = 18  #: powers of ten; beyond it an "amount" is shown as written, not formatted


@dataclass(frozen=True, slots=True)
class Saying:
    """How one part in one type of event is told."""

    infinitive: str
    past: str
    under_way: str = ""  #: for what is announced or in progress; empty: the past says it


@dataclass(frozen=True, slots=True)
class Happening:
    """What the sentence is made from."""

    company: str  #: as in the register
    event_type: str
    role: str
    modality: Modality
    roles: Sequence[tuple[str, str]]  #: (role, as written) of everybody in the event
    attributes: Sequence[tuple[str, str, str]]  #: (key, value, unit)
    own_surface: str = ""  #: how the text writes this company, so that it is not named twice
    before: str = ""  #: for a register change
    after: str = ""
    kind: str = ""  #: the register's own word for it (konkurs, tvangsopplosning …), when it gives one


def _regular(verb: str, past: str, under_way: str, rest: str) -> Saying:
    return Saying(f"{verb} {rest}", f"{past} {rest}", f"{under_way} {rest}" if under_way else "")


#: (event type, role of the company) → saying; an empty role is any other role
SAYINGS: dict[tuple[str, str], Saying] = {
    ("acquisition", "acquirer"): _regular("buy", "bought", "is buying", "{target|another company}" + _MONEY),
    ("acquisition", "target"): Saying(
        "be bought[ by {acquirer}]" + _MONEY,
        "was bought[ by {acquirer}]" + _MONEY,
        "is being bought[ by {acquirer}]" + _MONEY,
    ),
    ("acquisition", "seller"): _regular("sell", "sold", "is selling", "{target|a company}[ to {acquirer}]" + _MONEY),
    ("acquisition", "party"): _regular("buy or sell", "bought or sold", "", "a business (not said which)"),
    ("merger", ""): _regular("merge", "merged", "is merging", "with {party|another company}"),
    ("divestiture", "seller"): _regular("sell", "sold", "is selling", "part of its business[ to {buyer}]" + _MONEY),
    ("divestiture", "buyer"): _regular("buy", "bought", "is buying", "a business[ from {seller}]" + _MONEY),
    ("ownership_change", "organization"): _regular("get", "got", "is getting", "a new owner[: {new_owner}]"),
    ("ownership_change", "new_owner"): _regular("take", "took", "is taking", "a stake in {organization|a company}"),
    ("ownership_change", "old_owner"): _regular("give up", "gave up", "", "its stake in {organization|a company}"),
    ("funding", "investee"): _regular("raise", "raised", "", "{amount|new capital}[ from {investor}]"),
    ("funding", "investor"): _regular("invest", "invested", "", "[{amount} ]in {investee|a company}"),
    ("debt_financing", "recipient"): _regular("borrow", "borrowed", "", "{amount|money}[ from {provider}]"),
    ("debt_financing", "provider"): _regular("lend", "lent", "", "{amount|money} to {recipient|a company}"),
    ("grant", "recipient"): _regular("receive", "received", "", "a grant[ of {amount}][ from {provider}]"),
    ("grant", "provider"): _regular("give", "gave", "", "a grant[ of {amount}] to {recipient|a company}"),
    ("stock_listing", ""): _regular("list", "listed", "is listing", "its shares on a stock exchange"),
    ("investment", "investor"): _regular("invest", "invested", "is investing", "[{amount} ]in {investee|its business}"),
    ("investment", "investee"): _regular("receive", "received", "", "an investment[ of {amount}][ from {investor}]"),
    ("financial_results", ""): _regular("publish", "published", "", "its results[: {measure} {amount}]"),
    ("accounts_filed", ""): _regular("file", "filed", "", "its annual accounts"),
    ("financial_distress", ""): _regular("have", "had", "is having", "financial trouble"),
    ("insolvency", ""): Saying(
        "enter insolvency proceedings", "entered insolvency proceedings", "is entering insolvency proceedings"
    ),
    ("closure", ""): Saying("close down", "closed down", "is closing down"),
    ("incorporation", "organization"): Saying("be founded[ by {parent}]", "was founded[ by {parent}]"),
    ("incorporation", "parent"): _regular("set up", "set up", "is setting up", "{organization|a new company}"),
    ("restructuring", ""): Saying("reorganise", "reorganised", "is reorganising"),
    ("executive_hire", ""): _regular("appoint", "appointed", "", "{person|a new executive}[ as {title}]"),
    ("executive_departure", ""): _regular(
        "part with", "parted with", "is parting with", "{person|an executive}[, {title}]"
    ),
    ("executive_promotion", ""): _regular("promote", "promoted", "", "{person|one of its people}[ to {title}]"),
    ("board_change", ""): _regular("change", "changed", "is changing", "its board[: {person}][, {title}]"),
    ("champion_move", ""): _regular("hire", "hired", "is hiring", "{person|a contact of yours}, whom you know"),
    ("headcount_growth", ""): _regular("grow", "grew", "is growing", "in staff[ (the figure named is {headcount})]"),
    ("layoffs", ""): _regular("cut", "cut", "is cutting", "[{headcount} ]jobs"),
    ("hiring_surge", ""): _regular("hire", "hired", "is hiring", "far more people than usual[ ({count} vacancies)]"),
    ("key_vacancy", ""): _regular("look for", "looked for", "is looking for", "{title|somebody for a key post}"),
    ("labour_dispute", ""): _regular("have", "had", "is having", "a labour dispute"),
    ("site_opening", ""): _regular("open", "opened", "is opening", "a site[ in {location}]"),
    ("site_expansion", ""): _regular("expand", "expanded", "is expanding", "a site[ in {location}]" + _MONEY),
    ("relocation", ""): _regular("move", "moved", "is moving", "[from {from_location} ]to {location|a new address}"),
    ("site_closure", ""): _regular("close", "closed", "is closing", "a site[ in {location}]"),
    ("real_estate_deal", ""): Saying(
        "close a property deal[ with {counterparty}][ in {location}]" + _MONEY,
        "closed a property deal[ with {counterparty}][ in {location}]" + _MONEY,
        "is closing a property deal[ with {counterparty}][ in {location}]" + _MONEY,
    ),
    ("market_entry", ""): _regular("enter", "entered", "is entering", "{market|a new market}"),
    ("product_launch", ""): _regular("launch", "launched", "is launching", "{product|a new product}"),
    ("product_development", ""): _regular("develop", "developed", "is developing", "{product|a new product}"),
    ("product_discontinuation", ""): _regular("stop", "stopped", "is stopping", "{product|a product}"),
    ("contract", "vendor"): _regular("win", "won", "", "a contract[ with {customer}][ worth {amount}]"),
    ("contract", "customer"): _regular(
        "choose", "chose", "is choosing", "{vendor|a supplier}[ for {product}]" + _MONEY
    ),
    ("tender", ""): _regular("put out", "put out", "", "a tender[ for {product}][ worth {amount}]"),
    ("contract_award", "authority"): _regular("award", "awarded", "", "a contract[ worth {amount}][ to {winner}]"),
    ("contract_award", "winner"): _regular("win", "won", "", "a public contract[ from {authority}][ worth {amount}]"),
    ("renewal_due", "customer"): Saying("", "has a contract[ with {vendor}] that ends soon"),
    ("renewal_due", "vendor"): Saying("", "has a contract[ with {customer}] that ends soon"),
    ("partnership", ""): _regular("work", "worked", "is working", "together with {party|a partner}"),
    ("technology_change", ""): _regular("take", "took", "is taking", "{product|a new system} into use[, by {vendor}]"),
    ("incident", ""): _regular("have", "had", "is having", "an incident[ in {location}]"),
    ("compliance", ""): _regular("get", "got", "is getting", "a permit, certificate or ruling[ from {authority}]"),
    ("lawsuit", "plaintiff"): _regular("sue", "sued", "is suing", "{defendant|another party}" + _MONEY),
    ("lawsuit", "defendant"): Saying(
        "be sued[ by {plaintiff}]", "was sued[ by {plaintiff}]", "is being sued[ by {plaintiff}]"
    ),
    ("recognition", ""): _regular("receive", "received", "", "an award or distinction"),
    ("change_industry", ""): Saying("", "changed its industry in the register[ from {before}][ to {after}]"),
    ("change_employees", ""): Saying(
        "", "has a new number of employees in the register[: {before} before][, {after} now]"
    ),
    ("change_legal_form", ""): Saying("", "changed its legal form[ from {before}][ to {after}]"),
    ("change_name", ""): Saying("", "has a new name in the register[; it was {before}]"),
    ("change_address", ""): Saying("", "has a new address in the register[: {before} before][, {after} now]"),
    ("change_capital", ""): Saying("", "changed its share capital[ from {before}][ to {after}]"),
    ("change_status", ""): Saying("", "has a new status in the register[: {after}]"),
    ("change_website", ""): Saying("", "has a new website in the register[: {after}]"),
    ("change_parent", ""): Saying("", "has a new parent company in the register[: {after}]"),
    ("change_roles", ""): Saying("", "has new people in the register[: {after}]"),
    ("change_accounts", ""): Saying("", "filed its annual accounts"),
    ("change_created", ""): Saying("", "was entered in the register"),
}  # fmt: skip


#: how somebody is told of whose function is known, and whose name is not
_UNNAMED = {"executive_hire": "a new {title}", "executive_departure": "its {title}"}

_BANKRUPT = Saying("go bankrupt", "was declared bankrupt")
_WOUND_UP = Saying("be wound up", "is being wound up")
_GONE = Saying("be dissolved", "was dissolved")
_RECONSTRUCTED = Saying("enter court-led reconstruction", "entered court-led reconstruction")
#: the register's kind of a status change (``matchers.changes.STATUS``) → saying; it says more than the event's type
STATUS_SAYINGS: dict[str, Saying] = {
    "konkurs": _BANKRUPT,
    "bankrupt": _BANKRUPT,
    "bankruptcy": _BANKRUPT,
    "faillissement": _BANKRUPT,
    "konkurs_inledd": _BANKRUPT,
    "surseance": Saying("get a suspension of payments", "was granted a suspension of payments"),
    "rekonstruksjon": _RECONSTRUCTED,
    "rekonstruktion": _RECONSTRUCTED,
    "restructuring": _RECONSTRUCTED,
    "tvangsopplosning": Saying("be dissolved by order", "is being dissolved by order"),
    "tvangsavvikling": Saying("be wound up by order", "is being wound up by order"),
    "avvikling": _WOUND_UP,
    "winding_up": _WOUND_UP,
    "likvidation": _WOUND_UP,
    "sletting": Saying("be deleted from the register", "was deleted from the register"),
    "dissolved": _GONE,
    "opgeheven": _GONE,
    "fusjon": Saying("merge with another legal entity", "registered a merger with another legal entity"),
    "fusie_splitsing": Saying("merge or split", "registered a merger or demerger of legal entities"),
    "fisjon": Saying("split off a legal entity", "registered a demerger"),
}


def sentence(what: Happening, label: str) -> str:
    """One sentence that ends with a full stop; ``label`` is told when the type has no saying of its own."""
    saying = (
        STATUS_SAYINGS.get(what.kind) or SAYINGS.get((what.event_type, what.role)) or SAYINGS.get((what.event_type, ""))
    )
    if saying is None:
        return f"{what.company}: {label[:1].lower()}{label[1:]}."
    return _stopped(_told(saying, what.modality, what.company, _slots(what)))


def _told(saying: Saying, modality: Modality, company: str, slots: Mapping[str, str]) -> str:
    infinitive = _filled(saying.infinitive, slots)
    if not infinitive or modality == "completed":
        return f"{company} {_filled(saying.past, slots)}"
    match modality:
        case "rumour":
            return f"Rumour: {company} may {infinitive}"
        case "planned":
            return f"{company} {'is to' if infinitive.startswith('be ') else 'plans to'} {infinitive}"
        case "cancelled":
            return f"Called off: {company} will not {infinitive}"
        case "denied":
            return f"Denied: it is not so that {company} will {infinitive}"
        case _:
            return f"{company} {_filled(saying.under_way or saying.past, slots)}"


def _filled(pattern: str, slots: Mapping[str, str]) -> str:
    def bracket(found: re.Match[str]) -> str:
        inner = found[1]
        return inner if all(slots.get(m[1]) for m in _SLOT.finditer(inner)) else ""

    def slot(found: re.Match[str]) -> str:
        return slots.get(found[1]) or found[2] or ""

    return " ".join(_SLOT.sub(slot, _BRACKET.sub(bracket, pattern)).split())


def _slots(what: Happening) -> dict[str, str]:
    slots: dict[str, str] = {"before": what.before, "after": what.after}
    own = {what.company.casefold(), what.own_surface.casefold()}
    for role, surface in what.roles:
        if role != what.role or surface.casefold() not in own:
            slots.setdefault(role, surface)
    for key, value, unit in what.attributes:
        slots.setdefault(key, amount(value, unit) if key == "amount" else value)
    if (unnamed := _UNNAMED.get(what.event_type)) and "title" in slots and "person" not in slots:
        slots["person"] = unnamed.format(title=slots.pop("title"))
    if len({value for key, value, _ in what.attributes if key == "measure"}) < 2:
        slots["amount"] = _amounts(
            dict.fromkeys(amount(v, unit) for key, v, unit in what.attributes if key == "amount")
        )
    return slots


def _amounts(told: Iterable[str]) -> str:
    """The sum told first, and what others say instead."""
    first, *others = (*told, "")
    others = [one for one in others if one][:MAX_OTHERS]
    return f"{first} (elsewhere {' or '.join(others)})" if others else first


def amount(value: str, unit: str) -> str:
    """``EUR 5 million``, ``NOK 12.5 million``, ``EUR 900,000``; an unreadable value as it is."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return f"{unit} {value}".strip()
    if not number.is_finite() or abs(number.adjusted()) > MAX_MAGNITUDE:
        return f"{unit} {value}".strip()
    for size, word in ((Decimal(10**9), "billion"), (Decimal(10**6), "million")):
        if abs(number) >= size:
            return f"{unit} {_plain(number / size)} {word}".strip()
    return f"{unit} {_plain(number)}".strip()


def money_words(text: str) -> str:
    """The text with its amounts as a person writes them: ``at least 5000000 EUR revenue`` → ``at least EUR 5 million
    revenue``."""

    def words(found: re.Match[str]) -> str:
        low, high, unit = found.groups()
        return f"{amount(low, unit)} to {amount(high, '')}" if low else amount(high, unit)

    return _WRITTEN_MONEY.sub(words, text)


def _plain(number: Decimal) -> str:
    text = f"{number:,.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _stopped(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
