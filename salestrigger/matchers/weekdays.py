"""Which Monday is meant: the one before or the one ahead, by each language's own grammar.

The word before the day decides first ("på mandag", "next Monday", "i måndags", "vergangenen Montag"), then who speaks
("said on Monday"), then the tense: what will be or is told in the present lies ahead ("opens on Monday"), what was lies
behind. Knows no calendar: ``dates.py`` counts the days.

"På" and a weekday is the coming one in Danish, Swedish ("på måndag", not "på måndagen") and Norwegian, where the press
also writes it of what was; "i" and a weekday in -s is the last one in Danish and Swedish.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Literal

from pydantic import Field

from salestrigger.sources.declare import Declaration, load_toml

Side = Literal["ahead", "next", "behind", "last"]  #: "next" and "last" are never the day itself
_SPOKEN = 4  #: words between who says it and the day: "teilte das Unternehmen am Montag mit"


_NEVER = "(?!)"


class _Grammar(Declaration):
    """Alternatives of regular expressions, in lower case; a language that is not declared knows none."""

    endings: str = Field("", description="after the weekday's name")
    next: str = Field(_NEVER, description="right before the day")
    last: str = Field(_NEVER, description="right before the day")
    says: str = Field(_NEVER, description="who speaks: the day is then that of the words")
    will: str = Field(_NEVER, description="auxiliaries and verbs of what is to come")
    now: str = Field(_NEVER, description="present tenses of what is dated: an opening, a move, a start")
    past: str = Field(_NEVER, description="auxiliaries and past tenses")
    last_endings: str = Field(_NEVER, description="endings that by themselves mean the last one")


class _Grammars(Declaration):
    languages: dict[str, _Grammar]


@functools.cache
def _grammar(language: str) -> _Grammar:
    grammars = load_toml(Path(__file__).with_name("weekdays.toml"), _Grammars).languages
    return grammars.get("nb" if language == "nn" else language) or _Grammar.model_validate({})


def weekday_endings(language: str) -> str:
    """What may follow a weekday's name in a language, as a regular expression."""
    grammar = _grammar(language)
    return rf"(?:{grammar.last_endings}|{grammar.endings})"


def side_of(text: str, span: tuple[int, int], *, language: str) -> Side:
    """On which side of the day of publication the weekday at ``span`` of ``text`` lies.

    ``text`` is a sentence in lower case. What is unsure is "behind": news tells of what was.
    """
    rules, (start, end) = _rules(language), span
    before, day, clause = text[:start], text[start:end], _clause(text, start, end)
    if rules["last"].search(before) or rules["last day"].fullmatch(day):
        return "last"
    said = rules["says"].search(" ".join(before.split()[-_SPOKEN:] + text[end:].split()[:2])) is not None
    past, will = rules["past"].search(clause) is not None, rules["will"].search(clause) is not None
    told = said or (past and not will)
    if (found := rules["next"].search(before)) and not (found[1] == "på" and _told(day, language, told)):
        return "next"
    if rules["next day"].match(text, start):
        return "next"
    now = rules["now"].search(clause) is not None
    return "ahead" if not said and (will or (now and not past)) else "behind"


def _told(day: str, language: str, past: bool) -> bool:
    """Whether "på" before this day says nothing of the future: "på måndagen" in Swedish, a past tense in Norwegian."""
    return day.endswith("en") if language == "sv" else past and language in ("nb", "nn")


def _clause(text: str, start: int, end: int) -> str:
    """The part of the sentence around the day: up to the nearest comma or the like on both sides."""
    left = max(text.rfind(mark, 0, start) for mark in (", ", "; ", ": "))
    rights = [at for mark in (", ", "; ") if (at := text.find(mark, end)) >= 0]
    return text[left + 1 : min(rights, default=len(text))].rstrip(". \n")


@functools.cache
def _rules(language: str) -> dict[str, re.Pattern[str]]:
    grammar = _grammar(language)
    return {
        "next": re.compile(rf"(?<!\w)({grammar.next})\s\Z"),
        "last": re.compile(rf"(?<!\w)({grammar.last})\s\Z"),
        "last day": re.compile(rf"\w+dag{grammar.last_endings}"),
        "next day": re.compile(r"\w+sta (?:alkaen|lähtien)\b"),
        "says": re.compile(rf"(?<!\w)(?:{grammar.says})(?!\w)"),
        "now": re.compile(rf"(?<!\w)(?:{grammar.now})(?!\w)"),
        "will": re.compile(rf"(?<!\w)(?:{grammar.will})(?!\w)"),
        "past": re.compile(rf"(?<!\w)(?:{grammar.past})(?!\w)"),
    }
