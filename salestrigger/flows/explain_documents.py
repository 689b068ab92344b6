"""``detect --explain``: why a text told of these events, or of none, for a person to read or as JSON.

Says what ``matchers.explain_events`` found; decides nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from salestrigger.flows.detect_files import read_documents_file
from salestrigger.flows.match_files import UNIVERSE
from salestrigger.matchers.explain_events import Explanation, Tried, explain_events
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.lexicon import Lexicon, load_lexicon
from salestrigger.matchers.list_organizations import organizations_from
from salestrigger.reports.safe import clean
from salestrigger.reports.wording import in_words
from salestrigger.warehouse.lines import write_lines
from salestrigger.warehouse.tables import read_table

MOST_LINES = 12  #: phrases of a document that a person is shown; JSON has them all
_HOW = {
    "slot": "named by the phrase itself", "sentence": "the nearest organisation of the sentence",
    "title": "the headline's only organisation", "lead": "the organisation that the text opens with",
}  # fmt: skip
_RESULTS = {
    "event": "an event", "joined": "the same event, told again",
    "weaker": "another phrase fits these words better, or a more specific type takes its place",
    "excluded": "not this type, by words that exclude it",
}  # fmt: skip


def explain_file(documents: Path, output: Path | None, *, universe: Path | None) -> Iterator[str]:
    """The lines to print; with ``output`` the explanations go there as JSON Lines instead.

    Raises:
        DeclarationError: a file is missing, malformed, or a line lacks a key.
    """
    organizations = organizations_from(read_table(universe, **UNIVERSE)) if universe else ()
    index, lexicon = OrganizationIndex.build(organizations), load_lexicon()
    explained = (explain_events(d, lexicon=lexicon, index=index) for d in read_documents_file(documents))
    if output is None:
        for explanation in explained:
            yield from said(explanation, lexicon)
        return
    count = 0

    def lines() -> Iterator[str]:
        nonlocal count
        for count, explanation in enumerate(explained, start=1):  # noqa: B007  the count is told below
            yield json.dumps(as_json(explanation), ensure_ascii=False)

    write_lines(output, lines())
    yield f"{output}: {count} documents explained"


def said(explanation: Explanation, lexicon: Lexicon) -> Iterator[str]:
    """For a person: what was found and by which words, then what else was tried and why it came to nothing."""
    yield f"{explanation.document_id} [{explanation.language}] {clean(explanation.title)}"
    if explanation.events:
        for event in explanation.events:
            label = lexicon.types[event.type].label.en
            roles = "; ".join(f"{role.name}: {clean(role.surface)}" for role in event.roles)
            yield f"  {label} ({event.type}), {event.modality}, confidence {event.confidence:.2f}: {roles}"
            yield f"    in these words: {clean(event.quote)}"
            if event.effective_on is not None:
                yield f"    dated ahead: {event.effective_on.isoformat()}, right to the {event.precision or 'day'}"
    else:
        yield f"  no event: {in_words(explanation.outcome)} ({explanation.outcome})"
    yield from _shown(explanation)
    yield ""


def _shown(explanation: Explanation) -> Iterator[str]:
    """The best phrase of each sentence and type, the furthest first."""
    best = [next(group) for _key, group in groupby(explanation.tried, key=lambda t: (t.sentence, t.event_type))]
    best.sort(key=lambda t: (not t.words, t.confidence is None))
    for tried in best[:MOST_LINES]:
        yield f"  {_place(tried)}, {tried.event_type}: {_told(tried)}"
        yield f"    phrase {_shortened(tried.phrase)!r}"
    if len(best) > MOST_LINES:
        yield f"  … and {len(best) - MOST_LINES} more; all of them with -o FILE"


def _place(tried: Tried) -> str:
    return "title" if tried.sentence == 0 else f"sentence {tried.sentence} ({tried.where})"


def _told(tried: Tried) -> str:
    if not tried.words:
        return f"{in_words(tried.result)}; missing: {', '.join(tried.missing)}"
    parts = [f"{clean(tried.words)!r} → {_RESULTS.get(tried.result) or in_words(tried.result)}"]
    if tried.how:
        parts.append(f"who: {_HOW[tried.how]}")
    parts += [f"{kind}: {clean(words)!r}" for kind, words in tried.markers]
    parts += [f"against it: {says}" for says in tried.against]
    return "; ".join(parts)


def _shortened(phrase: str) -> str:
    return phrase if len(phrase) <= 110 else phrase[:109] + "…"


def as_json(explanation: Explanation) -> dict[str, Any]:
    """For a program: everything, as plain values."""
    return {
        "document_id": explanation.document_id,
        "language": explanation.language,
        "outcome": explanation.outcome,
        "events": [
            {
                "type": event.type,
                "modality": event.modality,
                "confidence": event.confidence,
                "roles": [[role.name, role.surface] for role in event.roles],
                "quote": event.quote,
                "sentence": list(event.sentence),
                "event_on": event.event_on.isoformat() if event.event_on else None,
                "effective_on": event.effective_on.isoformat() if event.effective_on else None,
                "evidence": [
                    {"feature": e.feature, "value": e.value, "weight": e.weight, "says": e.says} for e in event.evidence
                ],
            }
            for event in explanation.events
        ],
        "sentences": [{"number": number, "text": text} for number, text in explanation.sentences],
        "tried": [_tried_json(tried) for tried in explanation.tried],
    }


def _tried_json(tried: Tried) -> dict[str, Any]:
    row: dict[str, Any] = {
        "sentence": tried.sentence, "where": tried.where, "type": tried.event_type, "phrase": tried.phrase,
        "result": tried.result,
    }  # fmt: skip
    if not tried.words:
        return row | {"missing": list(tried.missing)}
    row |= {"words": tried.words, "markers": [list(pair) for pair in tried.markers]}
    if tried.confidence is not None:
        row |= {
            "roles": [list(pair) for pair in tried.roles], "subject": tried.how, "against": list(tried.against),
            "confidence": tried.confidence,
        }  # fmt: skip
    return row
