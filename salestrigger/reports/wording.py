"""How a report says things: dates, numbers, reasons. Plain English, short sentences, no locale, no clock.

What happened is put into a sentence by ``reports.sentences``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from babel import Locale

from salestrigger.matchers.types import Precision
from salestrigger.reports.report import FunnelRow
from salestrigger.sources.reasons import REASONS

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

#: reason (``matchers.effects.REASONS``) → (title, explanation) of a trigger that is held back
HELD_BACK: dict[str, tuple[str, str]] = {
    "wrong_company_risk": ("It may be another company", "The name fits, but not enough else speaks for this company."),
    "passing_mention": ("Only mentioned in passing", "The text is about somebody else."),
    "rumour": ("Only a rumour", "No source states it as a fact yet."),
    "low_confidence": ("Not sure that it happened", "The text does not state it clearly enough."),
    "denied": ("Denied", "A party says that it is not so."),
    "cancelled": ("Called off", "It will not happen."),
    "below_threshold": ("Below the threshold", "The rank is lower than the profile asks for."),
    "outside_window": ("Outside the time window", "It is too late to call about this."),
    "not_yet": ("Too early", "It is told when its time window opens."),
    "unknown_fit": ("Fit unknown", "Too much is unknown for the profile; a look-up would settle it."),
    "outside_icp": ("Outside the ICP", "The company does not fit the profile."),
    "not_wanted": ("Not wanted by the profile", "The profile gives this kind of event no weight."),
    "no_hook": ("No reason to call", "This kind of event is no opening for a sales talk."),
    "fact_only": ("A fact, no reason to call", "The register changed a fact; the fit did not change by it."),
    "distress": ("In difficulty, and not for you", "The company does not fit the profile, or may be another one."),
    "excluded": ("Excluded, and not for you", "The company does not fit the profile, or may be another one."),
    "within_margin": ("Within the margin of a bound", "The number moved about the bound; that is no news yet."),
    "quiet_period": ("Crossed back too soon", "It crossed the same bound not long ago; told if it stays."),
    "suppressed": ("Not to be contacted", "It is on your own list of those who are not to be contacted."),
    "marketing_block": ("Marked against marketing", "Its register says so, and the profile holds such companies back."),
    "account_cap": ("More about the same company", "The company's best triggers are shown above; these are the rest."),
}
#: reason → what to do instead; these are told under "Do not pursue", not held back
DO_NOT_PURSUE: dict[str, str] = {
    "distress": "The company is in difficulty. Do not use this as an opening.",
    "excluded": "The profile excludes this company.",
    "customer": "This is a customer. Tell the owner of the account instead.",
    "competitor": "This is a competitor.",
    "supplier": "This is a supplier of yours.",
    "account": "Somebody already works on this account. Tell its owner instead.",
}
#: country → what a mark against marketing in its register forbids (KVK: indNonMailing, CVR: reklamebeskyttet,
#: Bolagsverket: reklamspärr); Norway has none for companies (reference/triggers.md section 14)
MARKETING_BLOCK: dict[str, str] = {
    "NL": "The Dutch register marks it as non-mailing: no advertising by post and no visit to sell. Calls and e-mail "
    "have rules of their own.",
    "DK": "The Danish register protects it from advertising (reklamebeskyttet): do not approach it to sell.",
    "SE": "The Swedish register blocks advertising to it (reklamspärr): send it none.",
}
#: what is wrong with a source beyond the door's own words (``sources.reasons``)
SOURCE_TROUBLE: dict[str, str] = {
    "malformed": "it answered with something that we cannot read",
    "parse_timeout": "it took too long to read",
    "parse_memory": "it took too much memory to read",
    "parse_crash": "the reader stopped on it",
    "silent": "nothing new for longer than is usual for it",
}
#: in the order in which they are told
_COUNTED = {
    "documents": ("document", "documents"),
    "changes": ("register change", "register changes"),
    "events": ("event", "events"),
    "subjects": ("company with a part in it", "companies with a part in it"),
}
#: why a unit of a stage went no further, or what it became
_REASONS = {
    # documents (matchers.detect)
    "event": "told of an event",
    "empty_text": "no text",
    "unsupported_language": "a language that is not read",
    "no_cue_word": "no word that points to an event",
    "no_pattern": "such a word, but no event",
    "opinion": "an opinion",
    "homonym": "a word with another meaning",
    "historical": "about the past",
    "negated": "it says that it did not happen",
    "hypothetical": "only a possibility",
    "public_body": "about a public body",
    "no_subject": "nobody named who did it",
    "doubtful": "too doubtful",
    "read_as_none": "no event to the second reader",
    # register changes (matchers.changes)
    "alias": "only a further name",
    "fact_only": "a fact, no event",
    "recoding": "only a new code for the same thing",
    "set_up": "part of a first registration",
    "same_municipality": "moved within the municipality",
    "before_unknown": "what was before is unknown",
    "not_recent": "long ago",
    "ended": "an end to a status",
    "not_news": "no news",
    # companies (matchers.subjects, matchers.effects)
    "resolved": "about a known company",
    "review": "perhaps about a known company",
    "no_organization": "company not in the registers that are read",
    "unknown_organization": "company not known yet",
    "unknown_type": "a kind of event that is not declared any more",
    "merged": "part of another event",
    "enters_icp": "enters the ICP",
    "leaves_icp": "leaves the ICP",
    "hook": "a reason to call",
    "hook_unknown_fit": "a reason to call, fit unknown",
    "watched": "one of your own accounts, outside the profile",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the funnel with its reasons."""

    title: str
    total: int
    rows: tuple[FunnelRow, ...]


def day(value: date, precision: Precision | None = "day") -> str:
    """``Mon 7 Sep 2026``; ``Sep 2026``, ``Q3 2026`` or ``2026`` when it is not known more precisely."""
    if precision == "year":
        return str(value.year)
    if precision == "quarter":
        return f"Q{(value.month + 2) // 3} {value.year}"
    if precision == "month":
        return f"{MONTHS[value.month - 1]} {value.year}"
    return f"{DAYS[value.weekday()]} {value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """``Mon 7 Sep 2026, 06:30 UTC``."""
    at = value.astimezone(UTC)
    return f"{day(at.date())}, {at:%H:%M} UTC"


def count(number: int, singular: str, plural: str = "") -> str:
    """``1 source``, ``1,200 sources``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def per_cent(value: float) -> str:
    """``97 %`` of a number from 0 to 1; never a rounded-up certainty."""
    if 0.99 <= value < 1:
        return "over 99 %"
    return f"{round(value * 100)} %"


def in_words(reason: str) -> str:
    """A stable id (``no_cue_word``) as words: ours where there are some, else the id without its underscores."""
    known = _REASONS.get(reason)
    if known:
        return known
    title, _ = HELD_BACK.get(reason) or (reason.replace("_", " "), "")
    return lower_first(title)


def stage_count(stage: str, number: int) -> str:
    """``212 documents``, ``1 event``."""
    singular, plural = _COUNTED.get(stage, (stage.replace("_", " "), stage.replace("_", " ")))
    return count(number, singular, plural)


def plain(key: str) -> str:
    """A stable id as words, its first letter large: ``legal_form`` → ``Legal form``."""
    text = key.replace("_", " ")
    return text[:1].upper() + text[1:]


@cache
def _country_names() -> dict[str, str]:
    return dict(Locale("en").territories)


def place(city: str | None, country: str | None) -> str:
    """``Bergen, Norway``: the country by its English name, the city as the register writes it (capitals tamed)."""
    named = _country_names().get(country or "", country or "")
    tamed = city.title() if city and city.isupper() else city or ""
    return ", ".join(part for part in (tamed, named) if part)


def lower_first(text: str) -> str:
    """The text with its first letter small, unless it is an abbreviation (ICP)."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def stages(rows: Sequence[FunnelRow]) -> tuple[Stage, ...]:
    """The funnel's rows by stage and profile, in the order of the work; the largest reason first."""
    order = list(_COUNTED)
    groups: dict[tuple[str, str], list[FunnelRow]] = {}
    for row in sorted(
        rows, key=lambda r: (order.index(r.stage) if r.stage in order else len(order), r.stage, r.profile)
    ):
        groups.setdefault((row.profile, row.stage), []).append(row)
    return tuple(_stage(profile, stage, group) for (profile, stage), group in groups.items())


def _stage(profile: str, stage: str, rows: Sequence[FunnelRow]) -> Stage:
    total = sum(row.count for row in rows)
    title = plain(stage_count(stage, total).partition(" ")[2])
    ordered = tuple(sorted(rows, key=lambda row: (-row.count, row.reason)))
    return Stage(title + (f", profile {profile}" if profile else ""), total, ordered)


def held_back_words(reason: str) -> tuple[str, str]:
    """(title, explanation) of a reason."""
    return HELD_BACK.get(reason) or (plain(in_words(reason)), "")


def marketing_block(country: str) -> str:
    """What the mark against marketing in a company's register means, where it is set."""
    return MARKETING_BLOCK.get(country, "Its register says: no unsolicited marketing.")


def source_trouble(status: str, reason: str) -> str:
    """What went wrong with a source, in plain words; which key it wants and where to get one, if that is all."""
    how = reason.rpartition("no_key: set ")[2] if reason.startswith("no_key: ") else ""
    if how and how != reason:
        return f"it wants a key: set {how}"
    reason = reason.partition(":")[0]
    if reason.startswith("http_"):
        return f"it answered with an error (HTTP {reason.removeprefix('http_')})"
    return REASONS.get(reason) or SOURCE_TROUBLE.get(reason) or SOURCE_TROUBLE.get(status) or in_words(reason or status)


def joined(items: tuple[str, ...]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"
