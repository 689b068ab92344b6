"""One text → its events, or the reason why there is none. Pure; joins nothing over documents (``merge.py`` does).

::

    title + text ─► scan (all phrases at once) ─► sentences with a hit ─► encode (names, numbers, words)
                 ─► phrase matches ─► judge (none? how final?) ─► ground (who?) ─► attributes
                 ─► one event per type and subject
"""

from __future__ import annotations

import dataclasses
import functools
from collections import Counter
from collections.abc import Sequence, Set

from salestrigger.matchers.attributes import amount_after, attributes_of
from salestrigger.matchers.dates import find_date
from salestrigger.matchers.encode import Line
from salestrigger.matchers.event_choice import Hit, best_of_line, one_each, recast
from salestrigger.matchers.finding import Finding
from salestrigger.matchers.lexicon import EventType, Lexicon
from salestrigger.matchers.main_news import main_news
from salestrigger.matchers.markers import Markers
from salestrigger.matchers.modality import is_denied, judge, lies_ahead
from salestrigger.matchers.near_copies import signature
from salestrigger.matchers.quotes import quote
from salestrigger.matchers.reading import Reading, open_reading
from salestrigger.matchers.roles import Grounding, ground
from salestrigger.matchers.scan import Phrase, find_phrases
from salestrigger.matchers.trace import Step, Trace
from salestrigger.matchers.types import Event, EventSource, Evidence, Mention, Modality
from salestrigger.sources.records import Document, content_id

HEAD = 4  #: the title and the sentences that may say what kind of event it is
LATE = 6  #: after this sentence a telling counts less still
MAJOR = 95  #: impact of a type that is news wherever a text tells it: a purchase, a merger, a round, a new head
BASE = 0.7  #: confidence of a phrase before its evidence
THRESHOLD = 0.5  #: an event that is less sure than this is no event
#: types of which a sum in the next sentence may well be another figure
_OWN_SUMS = frozenset({"financial_results", "accounts_filed", "financial_distress", "insolvency", "layoffs", "merger"})
_STRENGTH = {"strong": 0.1, "weak": -0.15, "": 0.0}
_WHERE = {"title": 0.05, "lead": 0.0, "body": -0.2}
_HOW = {"slot": 0.05, "sentence": -0.03, "title": -0.05, "lead": -0.1, "outside": -0.05}


def detect(
    document: Document,
    mentions: Sequence[Mention],
    lexicon: Lexicon,
    language: str,
    *,
    trace: Trace | None = None,
) -> tuple[tuple[Event, ...], str]:
    """The events of this one text, and the outcome: ``event`` or the reason for none.

    Reasons: empty_text, unsupported_language, no_cue_word, no_pattern, opinion, homonym, historical, negated,
    hypothetical, excluded, public_body, no_subject, doubtful. Never raises for any text; time is bounded by
    ``sentences.TEXT_LIMIT``. Deterministic. ``trace``, when given, is filled with every step on the way.
    """
    if not (document.title.strip() or document.text.strip()):
        return (), "empty_text"
    if language not in lexicon.languages:
        return (), "unsupported_language"
    reading = open_reading(document, mentions, lexicon, language)
    cued = find_phrases(reading.full, reading.sentences, reading.lexicon, reading.reader)
    hits = {n: read for n, phrases in cued.items() if (read := [p for p in phrases if reading.reads(p[0], n)])}
    if trace is not None:
        reading.trace, trace.reader, trace.sentences = trace, reading.reader, reading.sentences
        trace.line, trace.phrases = reading.line, hits
    if not hits:
        return (), "no_cue_word"
    reasons: Counter[str] = Counter()
    found = [c for number, phrases in sorted(hits.items()) for c in _read_line(reading, number, phrases, reasons)]
    cast = [_recast(hit, reading) for hit in found]
    kept = main_news(one_each(cast), cast)
    if trace is not None:
        trace.found, trace.kept = found, kept
    if not kept:
        return (), _main_reason(reasons)
    copy_group = signature(document)
    told = {hit.sentence.number for hit in found}
    return tuple(_event(_with_amount(c, reading, told), reading, copy_group) for c in kept), "event"


def _recast(hit: Hit, reading: Reading) -> Hit:
    """The hit as the type that the words of the head make it."""
    if not hit.type.recast:
        return hit
    return recast(hit, reading.lexicon, [line for line in map(reading.line, range(HEAD)) if line is not None])


def _with_amount(hit: Hit, reading: Reading, told: Set[int]) -> Hit:
    """The hit with the sum that the sentence after it states; ``told``: the sentences that tell an event themselves."""
    if (
        hit.type.id in _OWN_SUMS
        or "amount" not in hit.type.attributes
        or any(a.key == "amount" for a in hit.attributes)
    ):
        return hit
    number = max(told & {hit.sentence.number, 1, 2}, default=hit.sentence.number) + 1
    line = reading.line(number) if number not in told else None
    if line is None:
        return hit
    found = tuple(a for a in amount_after(line) if a.key in hit.type.attributes)
    return dataclasses.replace(hit, attributes=hit.attributes + found)


def _read_line(reading: Reading, number: int, phrases: Sequence[Phrase], reasons: Counter[str]) -> list[Hit]:
    line = reading.line(number)
    if line is None:
        return []
    found: list[Hit] = []
    for type_name, pattern in phrases:
        match = pattern.expression.search(line.text) if line.may_match(pattern) else None
        if match is None:
            reasons[_nobody(line)] += 1
            if reading.trace is not None:
                reading.trace.steps.append(Step(line, (type_name, pattern), None, _nobody(line)))
            continue
        lead = next((reading.line(s.number) for s in reading.sentences if s.number >= 1), None)
        event_type, year = reading.lexicon.types[type_name], reading.year
        finding = Finding(event_type, pattern, match, line, reading.line(0), lead, reading.reader, year)
        hit = _hit(reading, finding)
        if reading.trace is not None:
            reading.trace.steps.append(Step(line, (type_name, pattern), finding, hit))
        if isinstance(hit, str):
            reasons[hit] += 1
        else:
            found.append(hit)
    return best_of_line(found)


def _nobody(line: Line) -> str:
    """Why a phrase did not match: perhaps only because nobody is there who could have a part in it."""
    if not line.kinds.isdisjoint("OQKP"):
        return "no_pattern"
    return "public_body" if "G" in line.kinds else "no_subject"


def _hit(reading: Reading, finding: Finding) -> Hit | str:
    """The finding as an event by itself, or the reason why it is none."""
    if _excluded(finding.event_type, reading, finding.line):
        return "excluded"
    judgement = judge(finding)
    if judgement.refused:
        return judgement.refused
    grounding = ground(finding, excerpt=reading.excerpt)
    if not grounding.how or not {r.name for r in grounding.roles}.issuperset(finding.event_type.needs):
        return "no_subject"
    minor = finding.event_type.impact < MAJOR and finding.line.sentence.where == "body"
    aside = minor and not _at_the_head(reading, grounding)
    doubts = (
        (*judgement.doubts, "about somebody whom the head of the text does not name") if aside else judgement.doubts
    )
    evidence = _evidence(finding, grounding.how, doubts)
    confidence = round(min(0.99, max(0.0, BASE + sum(e.weight for e in evidence))), 3)
    if confidence < THRESHOLD:
        return "doubtful"
    attributes = attributes_of(finding, grounding.roles)
    return Hit(finding, judgement.modality, grounding, attributes, confidence, evidence, len(reading.document.title))


def _at_the_head(reading: Reading, grounding: Grounding) -> bool:
    """Whether the title or the first two sentences name one of those who have a part."""
    head = reading.full[: max((s.end for s in reading.sentences if s.where != "body"), default=0)].casefold()
    return any(role.surface.split()[0].casefold() in head for role in grounding.roles)


def _excluded(event_type: EventType, reading: Reading, line: Line) -> bool:
    """Whether the sentence has words with which it is no event of the type; asked once per sentence and type."""
    key = "not " + event_type.id
    if key not in line.marks:
        markers = (_exclusion(reading.lexicon, event_type.id, language) for language in reading.reader.chain)
        line.marks[key] = any(m.possible(line.words, line.text) and m.search(line.text) is not None for m in markers)
    return line.marks[key]


@functools.lru_cache(maxsize=2048)
def _exclusion(lexicon: Lexicon, event_type_id: str, language: str) -> Markers:
    return Markers(lexicon.exclusions(event_type_id, language))


def _evidence(finding: Finding, how: str, doubts: Sequence[str]) -> tuple[Evidence, ...]:
    sentence, pattern = finding.line.sentence, finding.pattern
    late = -0.05 if sentence.number > LATE else 0.0
    return (
        Evidence("phrase", pattern.source, _STRENGTH[pattern.strength], f"the text has the phrase {pattern.source!r}"),
        Evidence("place", sentence.where, _WHERE[sentence.where] + late, f"it stands in the {sentence.where}"),
        Evidence("subject", how, _HOW[how], _SUBJECT_SAYS[how]),
        *(Evidence("doubt", doubt, -0.1, f"it is {doubt}") for doubt in doubts),
    )


_SUBJECT_SAYS = {
    "slot": "the phrase itself names who",
    "sentence": "the nearest organisation of the sentence",
    "title": "the headline's only organisation",
    "lead": "the organisation that the text opens with",
    "outside": "an excerpt, whose article names the organisation",
}


def _main_reason(reasons: Counter[str]) -> str:
    """The reason that came furthest: a phrase that did not match says less than one that was refused."""
    told = {reason: count for reason, count in reasons.items() if reason != "no_pattern"}
    return max(sorted(told), key=lambda r: told[r]) if told else "no_pattern"


def _event(hit: Hit, reading: Reading, copy_group: str) -> Event:
    document, line = reading.document, hit.grounding.line
    sentence = (line.sentence.start, line.sentence.end)
    text, span = quote(reading.full, sentence, hit.finding.span if line is hit.finding.line else sentence)
    moment = find_date(reading.full[sentence[0] : sentence[1]], reading.reader, reading.published.date())
    ahead = moment is not None and moment.day > reading.published.date()
    after = [reading.line(line.sentence.number + step) for step in (1, 2)]
    holders = {role.surface for role in hit.roles}
    dated = ahead or lies_ahead(after, reading.reader, holders)
    planned = dated and hit.type.future == "planned" and hit.modality in ("announced", "in_progress")
    modality: Modality = "planned" if planned else hit.modality
    if is_denied(after[0], modality, reading.reader, holders):
        modality = "denied"
    source = EventSource(
        document.document_id, document.url, document.title, document.source_id, document.publisher or "",
        reading.published, text, copy_group, modality,
    )  # fmt: skip
    return Event(
        event_id=content_id("evt", document.document_id, hit.type.id, hit.subject),
        type=hit.type.id,
        modality=modality,
        roles=hit.roles,
        attributes=hit.attributes,
        quote=text,
        quote_span=span,
        sentence=sentence,
        confidence=hit.confidence,
        language=reading.reader.language.id,
        sources=(source,),
        event_on=moment.day if moment and not ahead else None,
        effective_on=moment.day if moment and ahead else None,
        precision=moment.precision if moment else None,
        evidence=hit.evidence,
    )
