"""How final an event is, and when it is none: negated, hypothetical, past, opinion, sport.

Judges one hit (a phrase found in an encoded sentence) by the marker words around it. The order of the guards is the
order of what outweighs what; every refusal has a stable word for the record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from salestrigger.matchers.encode import Line
from salestrigger.matchers.lexicon import EventType
from salestrigger.matchers.reader import Reader
from salestrigger.matchers.types import Modality

_YEAR = re.compile(r"(?<= )(\S+) (?:(?:år|jaar|year|fiscal) )?§Y(\d+) ")
#: before a year: since when something is so, or when the company was founded; says nothing about the event
_SINCE = frozenset(
    "since sinds siden sidan from uit fra från vanaf sedan founded established opgericht stiftet stifta grundat etablert"
    " gegründet seit est vuodesta".split()
)
_FOUNDED = re.compile(r"(?<= )(?:founded|established|started|opgericht|gesticht|stiftet|stifta|etablert|grundat|grundades|gegründet) (?:in|i) §Y")
#: types that speak of the year before as a matter of course
_OF_LAST_YEAR = frozenset({"financial_results", "accounts_filed", "financial_distress", "recognition"})
#: from most to least telling, when two sentences tell one event
ORDER: tuple[Modality, ...] = ("denied", "cancelled", "rumour", "planned", "completed", "in_progress", "announced")


@dataclass(frozen=True, slots=True)
class Judgement:
    """``refused``: why it is no event (empty: it is one)."""

    refused: str
    modality: Modality = "announced"
    doubts: tuple[str, ...] = ()


def judge(line: Line, hit: tuple[int, int], event_type: EventType, reader: Reader, *, tag: str, title: Line | None, year: int) -> Judgement:
    """Judge the hit ``line.text[hit[0]:hit[1]]``; ``tag`` is what the phrase itself states, ``year`` that of publication."""
    marks = reader.markers
    if reason := _no_news(line, title, reader):
        return Judgement(reason)
    if _historical(line, hit, event_type, reader, year):
        return Judgement("historical")
    heading = title.text if title is not None else " "
    if marks["denied"].search(line.text) or (line.sentence.number <= 2 and marks["denied"].search(heading)):
        return Judgement("", "denied")
    near = _around(line.text, hit, before=6, after=5)
    if tag == "cancelled" or marks["cancelled"].search(near):
        return Judgement("", "cancelled")
    if marks["negation"].search(_around(line.text, hit, before=4, after=2)):
        return Judgement("negated")
    if marks["hypothetical"].search(_around(line.text, hit, before=9, after=2)):
        return Judgement("hypothetical")
    rumour = marks["rumour"].search(line.text)
    if line.text.rstrip().endswith("?"):
        return Judgement("", "rumour", ("a question",)) if rumour else Judgement("hypothetical")
    return Judgement("", _degree(line, hit, event_type, reader, tag, year=year), ("unconfirmed",) if rumour else ())


def _degree(line: Line, hit: tuple[int, int], event_type: EventType, reader: Reader, tag: str, *, year: int) -> Modality:
    marks = reader.markers
    if marks["rumour"].search(line.text):
        return "rumour"
    if tag:
        return tag  # type: ignore[return-value]
    before = _around(line.text, hit, before=5, after=0)
    if marks["planned"].search(before):
        return "planned"
    if event_type.future == "planned" and (marks["future"].search(line.text) or _coming_year(line, year)):
        return "planned"
    if marks["in_progress"].search(line.text):
        return "in_progress"
    if marks["completed"].search(_around(line.text, hit, before=5, after=3)):
        return "completed"
    return "announced"


def _no_news(line: Line, title: Line | None, reader: Reader) -> str:
    if title is not None:
        genre = reader.markers["genre"].search(title.text)
        if genre and genre.start() < 30:
            return "opinion"
        if reader.markers["sports"].search(title.text):
            return "homonym"
    return "homonym" if reader.markers["sports"].search(line.text) else ""


def _historical(line: Line, hit: tuple[int, int], event_type: EventType, reader: Reader, year: int) -> bool:
    if reader.markers["historical"].search(line.text):
        return True
    if event_type.id in _OF_LAST_YEAR or _FOUNDED.search(line.text) and event_type.id != "incorporation":
        return False
    return any(
        int(line.values[int(found[2])].amount) < year
        and found[1] not in _SINCE
        and found.start() - hit[1] < 70
        and hit[0] - found.end() < 70
        for found in _YEAR.finditer(line.text)
    )


def _coming_year(line: Line, year: int) -> bool:
    return any(v.kind == "Y" and int(v.amount) > year for v in line.values)


def _around(text: str, hit: tuple[int, int], *, before: int, after: int) -> str:
    """The hit with so many tokens before and after it, a space at both ends, not over a semicolon."""
    head = text[: hit[0]].split()
    tail = text[hit[1] :].split()
    left = " ".join(head[len(head) - before :] if before < len(head) else head).rpartition(";")[2]
    right = " ".join(tail[:after]).partition(";")[0]
    return f" {left} {text[hit[0] : hit[1]].strip()} {right} ".replace("  ", " ")
