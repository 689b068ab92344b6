"""A second reader beside the rules: which texts it is given, and what follows from its answer.

::

    documents + the rules' detections ─► worth asking? (mode) ─► Question ─► ask (given by flows) ─► Reply
                                      ─► believed? (second_answer) ─► events joined with the rules' ─► Detection

Modes: ``doubtful`` asks about what the rules were unsure of (an event with doubts, a phrase refused by judgement, a
headline with cue words and no event), ``wide`` about everything that passes the filter of cue words (``cues.py``).
The rules' result stands wherever no usable answer comes, with the reason counted. Asks nobody itself: ``ask`` does,
and may be anything from a language model to a file of labels.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from salestrigger.matchers.answer_form import AnswerError
from salestrigger.matchers.cues import JUDGED, in_headline, passes
from salestrigger.matchers.detect import detect
from salestrigger.matchers.event_choice import fold_name, same_subject
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.lexicon import Lexicon
from salestrigger.matchers.read_documents import with_events
from salestrigger.matchers.second_answer import BOTH, Read, read_answer
from salestrigger.matchers.second_prompt import Question, question
from salestrigger.matchers.trace import Trace
from salestrigger.matchers.types import Detection, Event
from salestrigger.sources.records import Document

Mode = Literal["rules", "doubtful", "wide"]
MODES: tuple[Mode, ...] = ("rules", "doubtful", "wide")
SURE = 0.7  #: the rules are unsure of an event below this
KINDS = frozenset({"news", "notice", "filing"})  #: what is told in sentences; vacancies and tenders have fields


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for a question: a text, or the reason why there is none."""

    text: str = ""
    failure: str = (
        ""  #: a stable word: budget, deadline, http_429, connect, cut_off, gave_up …; empty: ``text`` is there
    )
    is_cached: bool = False
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0  #: in the currency that was declared


Ask = Callable[[Sequence[Question]], Sequence[Reply]]


@dataclass(frozen=True, slots=True)
class SecondReader:
    """Whom to ask, and about what."""

    mode: Mode
    model: str  #: as the server calls it; shown as evidence
    ask: Ask  #: one reply per question, in order; never raises for what a server does


@dataclass(frozen=True, slots=True)
class Difference:
    """One point in which the two readers differ."""

    kind: str  #: only_rules, only_reader, modality, roles, or refused: the reader's event was not believed
    event_type: str
    rules: str  #: what the rules say; empty: nothing
    reader: str  #: what the second reader says; for ``refused`` why it was not believed


@dataclass(frozen=True, slots=True)
class SecondReading:
    """What became of one document that the second reader was to read."""

    document_id: str
    mode: Mode
    model: str
    why: str  #: doubtful, or cue_words
    outcome: str  #: agreed, changed, or why the rules' result stands
    is_cached: bool
    input_tokens: int
    output_tokens: int
    cost: float
    differences: tuple[Difference, ...] = ()


def read_again(
    documents: Sequence[Document],
    detections: Sequence[Detection],
    *,
    reader: SecondReader,
    lexicon: Lexicon,
    index: OrganizationIndex,
    countries: Mapping[str, str],
) -> tuple[list[Detection], list[SecondReading]]:
    """The detections with what the second reader had to say, in their order, and what became of each question.

    ``detections`` are the rules'; those of documents that are not in ``documents`` stay as they are. What the rules
    were unsure of is asked first, so that a budget that ends ends there.
    """
    texts = {document.document_id: document for document in documents}
    chosen: list[tuple[str, Detection]] = []
    for detection in detections:
        document = texts.get(detection.document_id)
        why = reason_to_ask(document, detection, mode=reader.mode, lexicon=lexicon) if document is not None else ""
        if why:
            chosen.append((why, detection))
    chosen.sort(key=lambda pair: pair[0] != "doubtful")
    questions = [question(texts[d.document_id], lexicon, d.language) for _why, d in chosen]
    found: dict[str, Detection] = {}
    readings = []
    for (why, detection), reply in zip(chosen, reader.ask(questions) if questions else (), strict=True):
        document = texts[detection.document_id]
        judged = _judged(reply, document, detection, lexicon=lexicon, model=reader.model)
        readings.append(_reading(detection, judged, reply, why=why, reader=reader))
        if isinstance(judged, _Joined) and judged.events != detection.events:
            country = countries.get(document.source_id)
            blank = dataclasses.replace(detection, outcome=judged.outcome)
            found[detection.document_id] = with_events(blank, document, judged.events, index=index, country=country)
    return [found.get(d.document_id, d) for d in detections], readings


def reason_to_ask(document: Document, detection: Detection, *, mode: Mode, lexicon: Lexicon) -> str:
    """Why the second reader is to read the document: doubtful, cue_words, or "" when it is not."""
    readable = detection.language in lexicon.languages and detection.outcome != "empty_text"
    if mode == "rules" or not readable or document.stated or document.kind not in KINDS:
        return ""
    if is_doubtful(detection):
        return "doubtful"
    if detection.outcome in JUDGED:
        return "cue_words" if mode == "wide" else ""
    trace = Trace()
    detect(document, detection.mentions, lexicon, detection.language, trace=trace)
    if in_headline(trace, lexicon):
        return "doubtful"
    return "cue_words" if mode == "wide" and passes(detection.outcome, trace, lexicon) else ""


def is_doubtful(detection: Detection) -> bool:
    """Whether the rules were unsure: a phrase matched and was refused by judgement, or an event has doubts."""
    if not detection.events:
        return detection.outcome in JUDGED
    return any(e.confidence < SURE or any(x.feature == "doubt" for x in e.evidence) for e in detection.events)


@dataclass(frozen=True, slots=True)
class _Joined:
    events: tuple[Event, ...]
    outcome: str
    differences: tuple[Difference, ...]


def _judged(
    reply: Reply, document: Document, detection: Detection, *, lexicon: Lexicon, model: str
) -> _Joined | tuple[str, tuple[Difference, ...]]:
    """Both readers' events joined; or the reason why the rules' stand."""
    if reply.failure:
        return reply.failure, ()
    try:
        read = read_answer(
            reply.text, document, lexicon=lexicon, language=detection.language, mentions=detection.mentions, model=model
        )
    except AnswerError as error:
        return error.reason, ()
    if read.refused and not read.events:
        return "ungrounded", _refusals(read)  # nothing that it says can be believed
    return join(detection, read)


def join(detection: Detection, read: Read) -> _Joined:
    """The second reader's events, with what the rules know of them too.

    An event that only the rules found is dropped, unless the reader told one of that type which was not believed.
    """
    left = list(detection.events)
    events: list[Event] = []
    differences = list(_refusals(read))
    for event in read.events:
        twin = next((held for held in left if _is_same(held, event)), None)
        if twin is None:
            differences.append(Difference("only_reader", event.type, "", _says(event)))
            events.append(event)
            continue
        left.remove(twin)
        differences += _between(twin, event)
        events.append(_both(twin, event))
    doubted = {name for name, _why in read.refused}
    for held in left:
        if held.type in doubted:
            events.append(held)
        else:
            differences.append(Difference("only_rules", held.type, _says(held), ""))
    outcome = "event" if events else "read_as_none" if detection.events else detection.outcome
    return _Joined(tuple(events), outcome, tuple(differences))


def _is_same(one: Event, other: Event) -> bool:
    """One event, told by two readers of one text: the same type, and nobody in the same part who is another."""
    if one.type != other.type:
        return False
    shared = {r.name for r in one.roles} & {r.name for r in other.roles}
    return not shared or any(
        same_subject(fold_name(a.surface), fold_name(b.surface))
        for a in one.roles for b in other.roles if a.name == b.name
    )  # fmt: skip


def _both(rules: Event, reader: Event) -> Event:
    """The reader's words and roles under the rules' id, with the values that only the rules found."""
    keys = {a.key for a in reader.attributes}
    return dataclasses.replace(
        reader,
        event_id=rules.event_id,
        attributes=reader.attributes + tuple(a for a in rules.attributes if a.key not in keys),
        confidence=max(rules.confidence, BOTH),
        event_on=reader.event_on or rules.event_on,
        effective_on=reader.effective_on or rules.effective_on,
        precision=reader.precision or rules.precision,
        evidence=rules.evidence + reader.evidence,
    )


def _between(rules: Event, reader: Event) -> list[Difference]:
    found = []
    if rules.modality != reader.modality:
        found.append(Difference("modality", rules.type, rules.modality, reader.modality))
    mine, theirs = _parts(rules), _parts(reader)
    same = mine.keys() == theirs.keys() and all(
        len(mine[name]) == len(theirs[name])
        and all(any(same_subject(fold_name(a), fold_name(b)) for b in theirs[name]) for a in mine[name])
        for name in mine
    )
    if not same:
        found.append(Difference("roles", rules.type, _says(rules), _says(reader)))
    return found


def _parts(event: Event) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = {}
    for role in event.roles:
        parts.setdefault(role.name, []).append(role.surface)
    return parts


def _says(event: Event) -> str:
    """``acquirer: A; target: B, C``."""
    return "; ".join(f"{name}: {', '.join(surfaces)}" for name, surfaces in _parts(event).items())


def _refusals(read: Read) -> tuple[Difference, ...]:
    return tuple(Difference("refused", name, "", why) for name, why in read.refused)


def _reading(
    detection: Detection,
    judged: _Joined | tuple[str, tuple[Difference, ...]],
    reply: Reply,
    *,
    why: str,
    reader: SecondReader,
) -> SecondReading:
    if isinstance(judged, _Joined):
        outcome, differences = "changed" if judged.differences else "agreed", judged.differences
    else:
        outcome, differences = judged
    return SecondReading(
        detection.document_id, reader.mode, reader.model, why, outcome,
        reply.is_cached, reply.input_tokens, reply.output_tokens, reply.cost, differences,
    )  # fmt: skip
