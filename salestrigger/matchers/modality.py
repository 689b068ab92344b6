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
    ["since", "sinds", "siden", "sidan", "from", "uit", "fra", "från", "vanaf", "sedan", "founded", "established", "opgericht", "stiftet", "stifta", "grundat", "etablert", "gegründet", "seit", "est", "vuodesta"]
)
_FOUNDED = re.compile(
    r"(?<= )(?:founded|established|started|opgericht|gesticht|stiftet|stifta|etablert|grundat|grundades|gegründet) (?:in|i) §Y"
)
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


def judge(
    line: Line, hit: tuple[int, int], event_type: EventType, reader: Reader, *, tag: str, title: Line | None, year: int
) -> Judgement:
    """Judge the hit ``line.text[hit[0]:hit[1]]``; ``tag`` is what the phrase itself states, ``year`` that of publication."""
    marks = reader.markers
    if reason := _no_news(line, title, reader):
        return Judgement(reason)
    if _historical(line, hit, event_type, reader, year):
        return Judgement("historical")
    if line.has("denied", reader) or (title is not None and line.sentence.number <= 2 and title.has("denied", reader)):
        return Judgement("", "denied")

    def near(kind: str, before: int, after: int) -> bool:
        return (
            line.has(kind, reader)
            and marks[kind].search(_around(line.text, hit, before=before, after=after)) is not None
        )

    if tag == "cancelled" or near("cancelled", 6, 5):
        return Judgement("", "cancelled")
    if near("negation", 4, 2):
        return Judgement("negated")
    if near("hypothetical", 9, 2):
        return Judgement("hypothetical")
    rumour = line.has("rumour", reader)
    if line.text.rstrip().endswith("?"):
        return Judgement("", "rumour", ("a question",)) if rumour else Judgement("hypothetical")
    return Judgement("", _degree(line, hit, event_type, reader, tag, year=year), ("unconfirmed",) if rumour else ())


def _degree(
    line: Line, hit: tuple[int, int], event_type: EventType, reader: Reader, tag: str, *, year: int
) -> Modality:
    marks = reader.markers
    if line.has("rumour", reader):
        return "rumour"
    if tag:
        return tag  # type: ignore[return-value]
    if line.has("planned", reader) and marks["planned"].search(_around(line.text, hit, before=5, after=0)):
        return "planned"
    if event_type.future == "planned" and (line.has("future", reader) or _coming_year(line, year)):
        return "planned"
    if line.has("in_progress", reader):
        return "in_progress"
    if line.has("completed", reader) and marks["completed"].search(_around(line.text, hit, before=5, after=3)):
        return "completed"
    return "announced"


def _no_news(line: Line, title: Line | None, reader: Reader) -> str:
    if title is not None and title.has("genre", reader):
        genre = reader.markers["genre"].search(title.text)
        if genre and genre.start() < 30:
            return "opinion"
    sport = line.has("sports", reader) or (title is not None and title.has("sports", reader))
    return "homonym" if sport else ""


def _historical(line: Line, hit: tuple[int, int], event_type: EventType, reader: Reader, year: int) -> bool:
    if line.has("historical", reader):
        return True
    if event_type.id in _OF_LAST_YEAR or (_FOUNDED.search(line.text) and event_type.id != "incorporation"):
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
