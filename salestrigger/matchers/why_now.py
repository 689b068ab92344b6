"""The one sentence that says why now: what happened and when, why that is a reason to call, how long it is of use.

All words are ours (``why_now.toml``): labels, dates, names of criteria. Nothing that a text on the web says is put in.
Which effect a trigger has and when its season is, is decided elsewhere. No clock, no I/O beyond the sentences' file.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from salestrigger.matchers.score import RELATED, Season
from salestrigger.matchers.types import Effect, Fit, Precision
from salestrigger.sources.declare import Declaration, load_toml

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


class _Seasons(Declaration):
    early: str
    best: str
    late: str
    lasting: str


class _Customer(Declaration):
    risk: str
    chance: str
    news: str


class _Due(Declaration):
    today: str
    day: str
    month: str
    quarter: str
    year: str


class _When(Declaration):
    planned: str
    on: str
    within: str
    told: str


class _Sentences(Declaration):
    enters_icp: str
    enters_icp_new: str
    leaves_icp: str
    hook: str
    hook_unknown_fit: str
    watched: str
    none: str
    due: _Due
    contradicted: str
    customer: _Customer
    season: _Seasons
    when: _When
    because: dict[str, str]
    fields: dict[str, str]


@functools.cache
def _sentences() -> _Sentences:
    return load_toml(Path(__file__).with_name("why_now.toml"), _Sentences)


def field_label(field: str) -> str:
    """A register's field as the start of a sentence."""
    return _sentences().fields[field]


def reasons() -> Mapping[str, str]:
    """``type.role`` → why such an event is a reason to call; ``fits`` for all others."""
    return _sentences().because


def when(on: date, *, today: date, precision: Precision | None = "day", is_stated: bool = True) -> str:
    """The day of what happened, no more exactly than it is known; ``is_stated``: a text or a register says it."""
    words = _sentences().when
    if not is_stated:
        return words.told.format(day=day(on))
    rough = precision in ("month", "quarter", "year")
    pattern = words.planned if on > today else words.within if rough else words.on
    return pattern.format(day=day(on, precision))


def why_now(
    effect: Effect,
    *,
    what: str,
    today: date,
    season: Season | None,
    fit: Fit,
    flipped: str,
    relation: str = "",
    because: str = "",
) -> str:
    """One plain English sentence, from our own words alone: labels, dates, names of criteria.

    ``what`` is what happened, with what :func:`when` says; ``because`` the event's type and role as :func:`reasons`
    knows them.
    """
    sentences = _sentences()
    template: str = getattr(sentences, "enters_icp_new" if effect == "enters_icp" and not flipped else effect)
    open_questions = [c.lookup for c in fit.criteria if c.state == "unknown" and c.need != "nice" and c.lookup]
    return template.format(
        what=what[:1].upper() + what[1:],
        because=sentences.because.get(because, sentences.because["fits"]),
        criterion=f"the criterion {flipped!r}",
        season=_season(season, today),
        related=RELATED.get(relation, "on a list of yours"),
        fails=", ".join(c.name for c in fit.criteria if c.need == "must" and c.state == "not_met")
        or "its fit is too low",
        lookup=", ".join(dict.fromkeys(open_questions)) or "how well it fits",
    )


def due(sentence: str, on: date, precision: Precision | None, today: date) -> str:
    """The sentence of something whose planned day has come."""
    words = _sentences().due
    if precision in ("month", "quarter", "year"):
        return str(getattr(words, precision)).format(sentence=sentence)
    return words.today.format(sentence=sentence) if on == today else words.day.format(sentence=sentence, day=day(on))


def contradicted(sentence: str, says: str) -> str:
    """The sentence with what a register says against it."""
    return _sentences().contradicted.format(sentence=sentence, says=says)


def customer_play(sentence: str, effect: Effect, polarity: str) -> str:
    """The same sentence with what to do about it for an existing customer: another play, not silence."""
    plays = _sentences().customer
    is_risk = effect == "leaves_icp" or polarity == "distress"
    play = plays.risk if is_risk else plays.chance if polarity == "growth" else plays.news
    return play.format(sentence=sentence)


def _season(season: Season | None, today: date) -> str:
    words = _sentences().season
    if season is None:
        return words.lasting
    if today < season.opens:
        return words.early.replace("{from}", day(season.opens))
    if season.best is not None and today <= season.best:
        return words.best.format(best=day(season.best))
    return words.lasting if season.until is None else words.late.format(until=day(season.until))


def day(value: date, precision: Precision | None = "day") -> str:
    """``7 September 2026``, whatever the locale; ``September 2026``, ``Q3 2026``, ``2026`` when no more is known."""
    if precision == "year":
        return str(value.year)
    if precision == "quarter":
        return f"Q{(value.month + 2) // 3} {value.year}"
    month = f"{_MONTHS[value.month - 1]} {value.year}"
    return month if precision == "month" else f"{value.day} {month}"
