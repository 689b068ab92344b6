"""How final an event is, and when it is none: negated, hypothetical, past, opinion, sport.

Judges one hit (a phrase found in an encoded sentence) by the marker words around it. The order of the guards is the
order of what outweighs what; every refusal has a stable word for the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass

from salestrigger.matchers.encode import Line
from salestrigger.matchers.finding import Finding
from salestrigger.matchers.reader import Reader
from salestrigger.matchers.types import Modality

#: a year that dates something: "in 2019", "i år 2019", "jaar 2019"
_YEAR = re.compile(r"(?<= )(?:(?P<before>\S+) )??(?:in|i|im|år|jaar|year|during|tijdens|vuonna|anno) §Y(?P<value>\d+) ")
#: before a year: since when something is so, or when the company was founded; says nothing about the event
_SINCE = frozenset(
    {
        *("since", "sinds", "siden", "sidan", "from", "uit", "fra", "från", "vanaf", "sedan", "founded", "established"),
        *("opgericht", "stiftet", "stifta", "grundat", "etablert", "gegründet", "seit", "est", "vuodesta"),
    }
)
_FOUNDED = re.compile(
    r"(?<= )(?:founded|established|started|opgericht|gesticht|stiftet|stifta|etablert|grundat|gegründet) (?:in|i) §Y"
)
#: types that speak of the year before as a matter of course
_OF_LAST_YEAR = frozenset({"financial_results", "accounts_filed", "financial_distress", "recognition"})
#: words of a sentence that neither confirms nor denies
_NO_COMMENT = re.compile(
    r" (?:bekrefte|stadfeste|bevestigen|bevestigt|confirm|bekräfta|bekræfte|bestätigen|kommenter\w*|comment\w*) "
)
_TAKEN_UP = ("det ", "dette ", "dat ", "dit ", "daar ", "that ", "this ", "detta ", "das ", "dies ", "nee ", "nei ")
_CLAUSE_END = re.compile(r" [,;:.!?–-] ")
CLAUSE_REST = 5  #: words behind the phrase within which its clause may end with a negation
LEAD = 2  #: sentences that tell the title's news again
#: from most to least telling, when two sentences tell one event
ORDER: tuple[Modality, ...] = ("denied", "cancelled", "rumour", "planned", "completed", "in_progress", "announced")


@dataclass(frozen=True, slots=True)
class Judgement:
    """``refused``: why it is no event (empty: it is one)."""

    refused: str
    modality: Modality = "announced"
    doubts: tuple[str, ...] = ()


def judge(finding: Finding) -> Judgement:
    """Whether a finding is an event, and how final."""
    line, title, reader = finding.line, finding.title, finding.reader
    if "news" in finding.event_type.kinds and (reason := _no_news(line, title, reader)):
        return Judgement(reason)
    if _historical(finding):
        return Judgement("historical")
    in_heading = title is not None and line.sentence.number <= LEAD and title.has("denied", reader)
    if in_heading or line.has("denied", reader):
        return Judgement("", "denied")
    if finding.pattern.modality == "cancelled" or _called_off(finding):
        return Judgement("", "cancelled")
    if _marked(finding, "negation", 4, 2) or _ends_negated(finding):
        return Judgement("negated")
    if _marked(finding, "hypothetical", 9, 4):
        return Judgement("hypothetical")
    rumour = line.has("rumour", reader)
    if line.text.rstrip().endswith("?"):
        return Judgement("", "rumour", ("a question",)) if rumour else Judgement("hypothetical")
    return Judgement("", "rumour", ("unconfirmed",)) if rumour else Judgement("", _degree(finding))


def _called_off(finding: Finding) -> bool:
    """Whether a marker of an end stands near: "stops" tells of a stopped product, not of the end of a product."""
    return _marked(finding, "cancelled", 8, 5)


def _marked(finding: Finding, kind: str, before: int, after: int) -> bool:
    """Whether a marker stands near that is not the phrase's own words: who "cannot pay wages" has not been negated."""
    if not _near(finding, kind, before, after):
        return False
    around = _around(finding.line.text, finding.hit, before=before, after=after)
    found = finding.reader.markers[kind].all(around)
    return any(not finding.pattern.words.issuperset(marker.group().split()) for marker in found)


def _ends_negated(finding: Finding) -> bool:
    """Whether the clause ends with a negation, where Dutch and German put it: "eröffnet Filiale in Kassel nicht"."""
    line, reader = finding.line, finding.reader
    if not line.has("negation", reader):
        return False
    rest = _CLAUSE_END.split(line.text[finding.hit[1] :], maxsplit=1)[0].split()
    return 0 < len(rest) <= CLAUSE_REST and reader.markers["negation"].search(f" {rest[-1]} ") is not None


def lies_ahead(after: Iterable[Line | None], reader: Reader, holders: Set[str]) -> bool:
    """Whether a sentence after an event, up to the first that names somebody else than its ``holders``, dates it ahead
    ("Work starts in May"). What a holder itself does next
    may be another matter, and dates nothing; what it has done is no longer ahead."""
    for line in after:
        if line is None:
            return False
        named = {group.surface for group in line.groups if group.kind in "OQP"}
        if not named <= holders or (named and line.has("completed", reader)):
            return False
        if not named and line.has("future", reader):
            return True
    return False


def is_denied(after: Line | None, modality: Modality, reader: Reader, holders: Set[str]) -> bool:
    """Whether the sentence right after contradicts what was told: a rumour, or a report that it takes up again ("Det
    avviser direktøren"). Who neither confirms nor denies contradicts nothing, nor does a sentence on somebody else."""
    if after is None or not after.has("denied", reader) or _NO_COMMENT.search(after.text):
        return False
    if modality != "rumour" and not after.text.lstrip().startswith(_TAKEN_UP):
        return False
    return {group.surface for group in after.groups if group.kind in "OQ"} <= holders


def _degree(finding: Finding) -> Modality:
    line, reader = finding.line, finding.reader
    stated = finding.pattern.modality
    if stated in (None, "announced") and _near(finding, "planned", 5, 0):
        return "planned"
    if stated is not None:
        return stated
    if finding.event_type.future == "planned" and (line.has("future", reader) or _coming_year(line, finding.year)):
        return "planned"
    if line.has("in_progress", reader):
        return "in_progress"
    return "completed" if _near(finding, "completed", 5, 3) else "announced"


def _near(finding: Finding, kind: str, before: int, after: int) -> bool:
    """Whether a marker stands in the hit or so many tokens before or after it."""
    line, reader = finding.line, finding.reader
    if not line.has(kind, reader):
        return False
    return reader.markers[kind].search(_around(line.text, finding.hit, before=before, after=after)) is not None


def _no_news(line: Line, title: Line | None, reader: Reader) -> str:
    if title is not None and title.has("genre", reader):
        genre = reader.markers["genre"].search(title.text)
        if genre and genre.start() < 30:
            return "opinion"
    sport = line.has("sports", reader) or (title is not None and title.has("sports", reader))
    return "homonym" if sport else ""


def _historical(finding: Finding) -> bool:
    line, hit, type_id = finding.line, finding.hit, finding.event_type.id
    if line.has("historical", finding.reader) or _earlier(finding):
        return True
    if type_id == "incorporation" and any(v.kind == "Y" and int(v.amount) < finding.year for v in line.values):
        return True
    if type_id in _OF_LAST_YEAR or _FOUNDED.search(line.text):
        return False
    return any(
        int(line.values[int(found["value"])].amount) < finding.year
        and found["before"] not in _SINCE
        and found.start() - hit[1] < 70
        and hit[0] - found.end() < 70
        for found in _YEAR.finditer(line.text)
    )


def _earlier(finding: Finding) -> bool:
    """ "It had raised …" in the body is what came before the news, unless somebody says it ("said it had raised")."""
    line, reader = finding.line, finding.reader
    said = not reader.speech.isdisjoint(line.words)
    return line.sentence.number > 1 and not said and _near(finding, "earlier", 1, 0)


def _coming_year(line: Line, year: int) -> bool:
    return year > 0 and any(v.kind == "Y" and int(v.amount) > year for v in line.values)


def _around(text: str, hit: tuple[int, int], *, before: int, after: int) -> str:
    """The hit with so many tokens before and after it, a space at both ends, not over a semicolon."""
    head = text[: hit[0]].split()
    tail = text[hit[1] :].split()
    left = " ".join(head[len(head) - before :] if before < len(head) else head).rpartition(";")[2]
    right = " ".join(tail[:after]).partition(";")[0]
    return f" {left} {text[hit[0] : hit[1]].strip()} {right} ".replace("  ", " ")
