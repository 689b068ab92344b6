"""What a second reader would cost and bring, on any labelled file, in any mode.

    python -m benchmarks.second_reader filter FILE...
        how many documents each mode gives to the reader: of those with a labelled event (recall), and of the others
    python -m benchmarks.second_reader score FILE... --mode MODE [--reader URL --model M | --reader labels]
        precision, recall and F1 of types, roles and modality, for a real model or for the labels themselves
    python -m benchmarks.second_reader predict DOCUMENTS -o OUT --mode MODE --reader URL --model M
        what `salestrigger detect` writes, for a scorer of one's own

FILE is in the form of ``tests/cases/events`` (JSON Lines: document_id, language, published_at, title, text, events); a
file of documents without ``events`` counts as ordinary ones. ``--reader labels`` answers with the labels through the
whole path (question, answer, grounding): what a perfect reader would reach, and so what grounding and the mode's choice
cost. The key of a real reader is in SALESTRIGGER_READER_KEY. It tunes nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from salestrigger.flows.detect_files import detect_file
from salestrigger.flows.reader_file import reader_from_options
from salestrigger.flows.second_reader import open_reader
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.read_documents import read_document
from salestrigger.matchers.second_prompt import Question
from salestrigger.matchers.second_reader import MODES, Mode, Reply, SecondReader, read_again, reason_to_ask
from salestrigger.matchers.sentences import full_text
from salestrigger.matchers.types import Detection
from salestrigger.sources.errors import DeclarationError, SalestriggerError
from salestrigger.sources.records import Document
from tests.gate import Counts, count, document_of

Case = Mapping[str, Any]


def load(files: Sequence[Path]) -> list[dict[str, Any]]:
    """All cases; times and languages that a file leaves out are filled in."""
    blank = {"published_at": "2026-01-01T12:00:00Z", "language": "en", "events": [], "title": "", "text": ""}
    cases = []
    for path in files:
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
            try:
                cases += [blank | json.loads(line)] if line.strip() else []
            except (ValueError, TypeError):
                raise DeclarationError(path, f"line {number} is no JSON object") from None
    return cases


def detections_of(documents: Sequence[Document]) -> list[Detection]:
    """What the rules find."""
    lexicon, index = load_lexicon(), OrganizationIndex.build(())
    return [read_document(document, lexicon=lexicon, index=index) for document in documents]


def filtered(cases: Sequence[Case]) -> dict[str, dict[tuple[Mode, bool], list[bool]]]:
    """Language (and ``all``) → (mode, has a labelled event) → whether each document is given to the reader."""
    lexicon = load_lexicon()
    documents = [document_of(case) for case in cases]
    found: dict[str, dict[tuple[Mode, bool], list[bool]]] = defaultdict(lambda: defaultdict(list))
    for case, document, detection in zip(cases, documents, detections_of(documents), strict=True):
        for mode in MODES[1:]:
            given = bool(reason_to_ask(document, detection, mode=mode, lexicon=lexicon))
            for key in ("all", case["language"]):
                found[key][mode, bool(case["events"])].append(given)
    return found


def labels_as_reader(cases: Sequence[Case]) -> Callable[[Sequence[Question]], list[Reply]]:
    """Answers with the labels, in the form that a model would be asked for."""
    texts = {document_of(case).document_id: case for case in cases}
    return lambda questions: [Reply(json.dumps(_as_answer(texts[q.document_id]))) for q in questions]


def _as_answer(case: Case) -> dict[str, Any]:
    full = full_text(case["title"], case["text"])
    events = []
    for label in case["events"]:
        pairs = [(role, name) for role, names in label["roles"].items() for name in names]
        quote = _quote(full, [name for _role, name in pairs])
        roles = [{"role": role, "name": name} for role, name in pairs]
        events.append({"type": label["type"], "modality": label["modality"], "quote": quote, "roles": roles})
    return {"events": events}


def _quote(full: str, names: Sequence[str]) -> str:
    """The first line or sentence that names the most of them: what a careful reader would copy."""
    pieces = [piece for line in full.split("\n") for piece in line.replace(". ", ".\n").split("\n") if piece.strip()]
    return max(pieces, key=lambda piece: sum(name in piece for name in names), default="")[:150]


def scored(cases: Sequence[Case], detections: Sequence[Detection]) -> dict[str, dict[str, float]]:
    """Figures per language and for ``all``, counted as the gate counts."""
    counts: dict[str, Counts] = defaultdict(Counts)
    for case, detection in zip(cases, detections, strict=True):
        for key in ("all", case["language"]):
            count(counts[key], case["events"], detection.events)
    return {key: counts[key].scores() for key in sorted(counts)}


def main(arguments: Sequence[str]) -> int:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description="what a second reader would cost and bring")
    parser.add_argument("what", choices=("filter", "score", "predict"))
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--mode", choices=MODES, default="doubtful")
    parser.add_argument("--reader", default="", help="base address of a server, or the word labels")
    parser.add_argument("--model", default="")
    parser.add_argument("-o", dest="output", type=Path)
    options = parser.parse_args(arguments)
    if options.mode != "rules" and options.what != "filter" and not options.reader:
        parser.error(f"--mode {options.mode} asks somebody: --reader URL --model M, or --reader labels")
    if options.what == "predict" and options.output is None:
        parser.error("predict writes a file: -o OUT")
    try:
        _done(options)
    except SalestriggerError as error:
        parser.error(str(error))
    return 0


def _done(options: argparse.Namespace) -> None:
    if options.what == "predict":
        asks = options.mode != "rules"
        declared = reader_from_options(options.reader, options.model, options.mode) if asks else None
        print(detect_file(options.files[0], options.output, universe=None, reader=declared))
        return
    cases = load(options.files)
    if options.what == "filter":
        _print_filter(filtered(cases))
        return
    _print_score(cases, options)


def _print_filter(found: Mapping[str, Mapping[tuple[Mode, bool], Sequence[bool]]]) -> None:
    for language, by_mode in sorted(found.items()):
        for mode in MODES[1:]:
            told, quiet = by_mode.get((mode, True), ()), by_mode.get((mode, False), ())
            recall = f"{sum(told) / len(told):.3f} of {len(told):4}" if told else "     -      "
            share = f"{sum(quiet) / len(quiet):.3f} of {len(quiet):4}" if quiet else "     -      "
            print(f"{language:4} {mode:9} with an event {recall}   without {share}")


def _print_score(cases: Sequence[Case], options: argparse.Namespace) -> None:
    documents = [document_of(case) for case in cases]
    detections = detections_of(documents)
    reader = _reader(cases, options)
    if reader is not None:
        lexicon, index = load_lexicon(), OrganizationIndex.build(())
        detections, readings = read_again(
            documents, detections, reader=reader, lexicon=lexicon, index=index, countries={}
        )
        outcomes = sorted({r.outcome for r in readings})
        tally = ", ".join(f"{sum(r.outcome == o for r in readings)} {o}" for o in outcomes)
        tokens = sum(r.input_tokens + r.output_tokens for r in readings)
        print(f"given {len(readings)} of {len(cases)} documents: {tally}; {tokens} tokens")
    for language, figures in scored(cases, detections).items():
        print(f"{language:4}", "  ".join(f"{name} {value:.3f}" for name, value in figures.items()))


def _reader(cases: Sequence[Case], options: argparse.Namespace) -> SecondReader | None:
    if options.mode == "rules":
        return None
    if options.reader == "labels":
        return SecondReader(options.mode, "labels", labels_as_reader(cases))
    declared = reader_from_options(options.reader, options.model, options.mode)
    assert declared is not None
    return open_reader(declared, folder=Path("var"), today=datetime.now(UTC).date())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
