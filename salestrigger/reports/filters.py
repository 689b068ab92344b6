"""The few words and shapes that the templates ask for: one pure function per filter, no markup.

Texts that come in here were already cleaned; what goes out is escaped by the template that asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from babel import Locale

from salestrigger.reports import safe, wording
from salestrigger.reports.report import Account, FailedSource, FitLine, MatchLine, ReportLine

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", re.ASCII)
_UNDER_WAY = re.compile(r"^is (?=to |\w{2,20}ing\b)", re.ASCII)  #: "is opening a site" → "opening a site"
_EFFECTS = {
    "enters_icp": "enters the ICP",
    "leaves_icp": "leaves the ICP",
    "hook": "a reason to call",
    "hook_unknown_fit": "a reason to call, fit unknown",
    "watched": "one of your own accounts, outside the profile",
    "none": "no effect",
}
_CAUSES = {
    "changed": "something changed",
    "learned": "learned from a source",
    "profile_edited": "the profile was edited",
    "first_load": "first load",
}
_NEEDS = {"must": "required", "nice": "welcome", "exclude": "must not be"}
_MODALITIES = {
    "rumour": "Rumour",
    "planned": "Planned",
    "in_progress": "Under way",
    "cancelled": "Called off",
    "denied": "Denied",
    "announced": "Announced",
    "completed": "Done",
}
_DECISIONS = {"accept": "Right company", "review": "Perhaps this company", "reject": "Probably not this company"}


def criterion(item: FitLine) -> str:
    """``Employees: 120``; for what is unknown the name and what is wanted."""
    name = capital(plain_words(item.name))
    if item.state == "unknown":
        return f"{name} (wanted: {item.wanted})" if item.wanted else name
    text = f"{name}: {item.value}" if item.value else name
    if item.need == "exclude":
        return f"{text} (excluded)" if item.state == "met" else f"{text} (not excluded)"
    return text if item.state == "met" or not item.wanted else f"{text} (wanted: {item.wanted})"


def whose(line: ReportLine) -> str:
    """``Owner Siv``; ``Per, while Siv is away``."""
    return f"{line.owner}, while {line.stands_in_for} is away" if line.stands_in_for else f"Owner {line.owner}"


def plain_words(key: str) -> str:
    """A stable id without its underscores."""
    return key.replace("_", " ")


def sign(item: FitLine) -> str:
    """``met`` for what speaks for the company (also an exclusion that does not apply), ``not_met`` or ``unknown``."""
    if item.state == "unknown":
        return "unknown"
    return "met" if (item.state == "met") != (item.need == "exclude") else "not_met"


def marks(items: Sequence[FitLine]) -> str:
    """The criteria in one line of plain text, each with its sign and, when unknown, the look-up that settles it."""
    return " · ".join(_marked(item) for item in items)


def _marked(item: FitLine) -> str:
    if item.state == "unknown":
        return f"? {criterion(item)}" + (f", look up: {item.lookup}" if item.lookup else "")
    return f"{'✓' if sign(item) == 'met' else '✕'} {criterion(item)}"


def headline(line: ReportLine) -> str:
    """What happened, without the company's name in front when a heading above it already says it."""
    rest = line.happened.removeprefix(f"{line.company} ")
    if rest == line.happened:
        return rest
    return capital(_UNDER_WAY.sub("", rest))


def fit_range(line: ReportLine) -> str:
    """``84``, or ``60 to 84`` while something is unknown."""
    low, high = round(line.fit_lower), round(line.fit_upper)
    return str(low) if low == high else f"{low} to {high}"


def match_title(match: MatchLine | None) -> str:
    """``Right company: 97 %``; a register's own statement needs no match."""
    if match is None:
        return "Right company: by its register number"
    return f"{_DECISIONS[match.decision]}: {wording.per_cent(match.probability)}"


def namesakes(number: int) -> str:
    """How many other companies have the same core name."""
    if number == 0:
        return "No other company in the registers we read has this name."
    has = "has" if number == 1 else "have"
    return f"{wording.count(number, 'other company', 'other companies')} {has} the same core name."


def who(account: Account) -> str:
    """Where the company is and its register numbers."""
    return " · ".join(part for part in (account.place, *account.identifiers) if part)


def lang(code: str) -> str:
    """The code if it can stand in a ``lang`` attribute, else an empty string."""
    return code if _LANGUAGE.fullmatch(code) and code != "und" else ""


@cache
def _language_names() -> Mapping[str, str]:
    return dict(Locale("en").languages)


def language_name(code: str) -> str:
    """``Norwegian Bokmål`` for ``nb``; empty when unknown."""
    return _language_names().get(code.partition("-")[0].lower(), "") if lang(code) else ""


#: sources with one trouble that are told in one line
TOGETHER = 4


def troubles(sources: Sequence[FailedSource]) -> tuple[tuple[FailedSource, ...], ...]:
    """The sources one by one, but as one group those of which many have the same trouble: a lost connection is one."""
    same: dict[tuple[str, str], list[FailedSource]] = {}
    for source in sources:
        same.setdefault((source.status, source.detail), []).append(source)
    groups: list[tuple[FailedSource, ...]] = []
    for alike in same.values():
        groups += [tuple(alike)] if len(alike) >= TOGETHER else [(source,) for source in alike]
    return tuple(groups)


def capital(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]


#: by the name under which the templates know them
FILTERS: Mapping[str, Callable[..., Any]] = {
    "capital": capital,
    "cause": lambda key: _CAUSES.get(key, key),
    "count": lambda number, one, many="": wording.count(number, one, many),
    "criterion": criterion,
    "day": wording.day,
    "effect": lambda key: _EFFECTS.get(key, key),
    "fit_range": fit_range,
    "headline": headline,
    "joined": wording.joined,
    "lang": lang,
    "language_name": language_name,
    "link": safe.safe_link,
    "marks": marks,
    "match_title": match_title,
    "modality": lambda key: _MODALITIES.get(key, key),
    "moment": wording.moment,
    "namesakes": namesakes,
    "need": lambda key: _NEEDS.get(key, key),
    "per_cent": wording.per_cent,
    "stages": wording.stages,
    "text": safe.shown,
    "who": who,
    "troubles": troubles,
    "whose": whose,
    "sign": sign,
    "words": plain_words,
}
