"""How a report says things: dates, numbers, reasons. Plain English, short sentences, no locale, no clock.

What happened is put into a sentence by ``reports.sentences``.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from salestrigger.matchers.types import Precision
from salestrigger.sources.reasons import REASONS

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

#: reason → (title, explanation) of a trigger that is held back
HELD_BACK: dict[str, tuple[str, str]] = {
    "wrong_company_risk": ("It may be another company", "The name fits, but not enough else speaks for this company."),
    "below_threshold": ("Below the threshold", "The rank is lower than the profile asks for."),
    "outside_window": ("Outside the time window", "It is too early or too late to call about this."),
    "rumour": ("Only a rumour", "No source states it as a fact yet."),
    "denied": ("Denied or cancelled", "It was called off, or a party denies it."),
    "cancelled": ("Denied or cancelled", "It was called off, or a party denies it."),
    "low_confidence": ("Not sure that it happened", "The text does not state it clearly enough."),
    "account_cap": ("More about the same company", "The company's best triggers are shown above; these are the rest."),
    "outside_icp": ("Outside the ICP", "The company does not fit the profile."),
    "no_hook": ("No reason to call", "This kind of event is no opening for a sales talk."),
}
#: reason → what to do instead; these are told under "Do not pursue", not held back
DO_NOT_PURSUE: dict[str, str] = {
    "distress": "The company is in difficulty. Do not use this as an opening.",
    "excluded": "The profile excludes this company.",
    "customer": "This is a customer. Tell the owner of the account instead.",
    "competitor": "This is a competitor.",
    "supplier": "This is a supplier of yours.",
    "marketing_block": "The register says: no unsolicited marketing.",
    "do_not_contact": "You marked this company as not to be contacted.",
}
#: what is wrong with a source beyond the door's own words (``sources.reasons``)
SOURCE_TROUBLE: dict[str, str] = {
    "malformed": "it answered with something that we cannot read",
    "parse_timeout": "it took too long to read",
    "parse_memory": "it took too much memory to read",
    "parse_crash": "the reader stopped on it",
    "silent": "nothing new for longer than is usual for it",
}
_COUNTED = {
    "documents": ("document", "documents"),
    "changes": ("register change", "register changes"),
    "events": ("event", "events"),
    "subjects": ("company in an event", "companies in events"),
    "triggers": ("trigger", "triggers"),
}
_REASONS = {
    "event": "told of an event",
    "no_cue_word": "no word that points to an event",
    "negated": "it says that it did not happen",
    "hypothetical": "only a possibility",
    "no_subject": "no company that did it",
    "empty_text": "no text",
    "outside_icp": "outside the ICP",
    "resolved": "company found",
    "unresolved": "company not in the registers",
    "trigger": "became a trigger",
    "held_back": "held back",
}


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
    return _REASONS.get(reason) or reason.replace("_", " ")


def stage_count(stage: str, number: int) -> str:
    """``212 documents``, ``1 event``."""
    singular, plural = _COUNTED.get(stage, (stage.replace("_", " "), stage.replace("_", " ")))
    return count(number, singular, plural)


def held_back_words(reason: str) -> tuple[str, str]:
    """(title, explanation) of a reason."""
    return HELD_BACK.get(reason) or (in_words(reason).capitalize(), "")


def source_trouble(status: str, reason: str) -> str:
    """What went wrong with a source, in plain words."""
    if reason.startswith("http_"):
        return f"it answered with an error (HTTP {reason.removeprefix('http_')})"
    return REASONS.get(reason) or SOURCE_TROUBLE.get(reason) or SOURCE_TROUBLE.get(status) or in_words(reason or status)


def joined(items: tuple[str, ...]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"
