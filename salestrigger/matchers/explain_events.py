"""Why a text told of these events, or of none: every phrase that was tried, what it lacked or what was held against it.

Reads the document once more with a :class:`~salestrigger.matchers.trace.Trace`; the ordinary path does not know of it.
Values only; how they are shown is for others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from salestrigger.matchers.detect import detect
from salestrigger.matchers.encode import Line
from salestrigger.matchers.event_choice import Hit
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.language import language_of
from salestrigger.matchers.lexicon import Lexicon
from salestrigger.matchers.markers import Markers
from salestrigger.matchers.reader import Reader
from salestrigger.matchers.spot import spot
from salestrigger.matchers.trace import Step, Trace
from salestrigger.matchers.types import Event
from salestrigger.sources.records import Document

#: reason → the kinds of marker words that can be behind it
_MARKERS: Mapping[str, tuple[str, ...]] = {
    "negated": ("negation",),
    "hypothetical": ("hypothetical",),
    "historical": ("historical",),
    "homonym": ("sports",),
    "opinion": ("genre",),
}
#: kinds of marker words that say how final something is
_MODALITY = ("denied", "cancelled", "rumour", "planned", "future", "in_progress", "completed")
_NAMES = {"O": "an organisation", "Q": "a name", "G": "a public body", "K": "a name", "P": "a person", "L": "a place"}
_VALUES = {"M": "a sum of money", "R": "a percentage", "N": "a number", "Y": "a year"}


@dataclass(frozen=True, slots=True)
class Tried:
    """One phrase on one sentence."""

    sentence: int  #: 0 is the title
    where: str  #: title, lead or body
    event_type: str
    phrase: str  #: as the type's file has it
    result: str  #: event, joined, weaker (another phrase fits the same words better), or the reason for none
    words: str = ""  #: what the phrase took, as written; empty when it did not match
    roles: tuple[tuple[str, str], ...] = ()
    how: str = ""  #: how the subject was found: slot, sentence, title, lead
    markers: tuple[tuple[str, str], ...] = ()  #: (kind, words as written): negation, planned …
    missing: tuple[str, ...] = ()  #: what the phrase speaks of and the sentence lacks
    against: tuple[str, ...] = ()  #: doubts that cost confidence
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything about one document."""

    document_id: str
    language: str
    outcome: str
    title: str
    events: tuple[Event, ...]
    sentences: tuple[tuple[int, str], ...]  #: number and words of every sentence that was read
    tried: tuple[Tried, ...]  #: the furthest first within each sentence and type


def explain_events(document: Document, *, lexicon: Lexicon, index: OrganizationIndex) -> Explanation:
    """Read a document and say why. Deterministic; never raises for any text."""
    language = language_of(document)
    trace = Trace()
    events, outcome = detect(document, spot(document, index, lexicon, language), lexicon, language, trace=trace)
    steps = [_tried(step, trace, lexicon) for step in trace.steps]
    order = sorted(steps, key=lambda t: (t.sentence, t.event_type, _reach(t), t.phrase))
    lines = [(s.number, line) for s in trace.sentences if (line := trace.line(s.number)) is not None]
    return Explanation(
        document_id=document.document_id,
        language=language,
        outcome=outcome,
        title=document.title,
        events=events,
        sentences=tuple((n, line.full[line.sentence.start : line.sentence.end]) for n, line in lines),
        tried=tuple(order),
    )


def _reach(tried: Tried) -> tuple[int, float]:
    """The further a phrase came, the earlier it is told."""
    stage = {"event": 0, "joined": 1, "weaker": 2}.get(tried.result, 3 if tried.words else 4)
    return stage, -(tried.confidence or 0.0)


def _tried(step: Step, trace: Trace, lexicon: Lexicon) -> Tried:
    assert trace.reader is not None  # noqa: S101  there are steps only where a reader read
    line, (type_name, pattern), finding = step.line, step.phrase, step.finding
    common = {
        "sentence": line.sentence.number, "where": line.sentence.where, "event_type": type_name,
        "phrase": pattern.source,
    }  # fmt: skip
    if finding is None:
        unmet = tuple(_kinds(need) for need in pattern.needs if line.kinds.isdisjoint(need))
        return Tried(**common, result=str(step.result), missing=unmet or ("these words in this order",))  # type: ignore[arg-type]
    words = line.full[slice(*finding.span)]
    if isinstance(step.result, str):
        found = _refusal(step.result, type_name, line, trace, lexicon)
        return Tried(**common, result=step.result, words=words, markers=found)  # type: ignore[arg-type]
    hit = step.result
    return Tried(
        **common,  # type: ignore[arg-type]
        result=_fate(hit, trace),
        words=words,
        roles=tuple((role.name, role.surface) for role in hit.roles),
        how=hit.grounding.how,
        markers=_modality(line, trace.reader, pattern.modality),
        against=tuple(e.says for e in hit.evidence if e.weight < 0),
        confidence=hit.confidence,
    )


def _fate(hit: Hit, trace: Trace) -> str:
    """event: it stands; joined: it tells what another hit of its type tells; weaker: another phrase took its words."""
    if any(kept.finding is hit.finding for kept in trace.kept):
        return "event"
    left = any(found is hit for found in trace.found)
    return "joined" if left and any(kept.type.id == hit.type.id for kept in trace.kept) else "weaker"


def _kinds(need: str) -> str:
    """``OQKG`` → an organisation."""
    return _VALUES.get(need[0]) or _NAMES.get(need[0], need)


def _refusal(reason: str, type_name: str, line: Line, trace: Trace, lexicon: Lexicon) -> tuple[tuple[str, str], ...]:
    """The words behind a refusal."""
    reader = trace.reader
    assert reader is not None  # noqa: S101  see _tried
    if reason == "excluded":
        excluded = [p for language in reader.chain for p in lexicon.exclusions(type_name, language)]
        return _marked("excluded", Markers(excluded), line)
    lines = [line, title] if (title := trace.line(0)) is not None and title is not line else [line]
    return tuple(
        found
        for kind in _MARKERS.get(reason, ())
        for where in lines
        for found in _marked(kind, reader.markers[kind], where)
    )


def _modality(line: Line, reader: Reader, stated: str | None) -> tuple[tuple[str, str], ...]:
    found = [pair for kind in _MODALITY for pair in _marked(kind, reader.markers[kind], line)]
    return ((stated, "the phrase itself"), *found) if stated else tuple(found)


def _marked(kind: str, markers: Markers, line: Line) -> tuple[tuple[str, str], ...]:
    match = markers.search(line.text) if markers.possible(line.words, line.text) else None
    return ((kind, line.full[slice(*line.span(*match.span()))]),) if match else ()
