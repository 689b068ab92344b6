"""How well events are detected: `python -m benchmarks.detecting FILE... [--resamples N]`.

Each file has one labelled document a line, in the form of ``tests/cases/events``: document_id, language, published_at,
title, text, events with type, modality and roles. Prints precision, recall and F1 of the types, per language and per
type, with the number of labelled events and a 95 % interval of F1 by bootstrap over documents (percentiles of
resamples, Efron 1979). Roles and modality are scored by ``tests/gate.py``. It tunes nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from salestrigger.matchers.detect import detect
from salestrigger.matchers.lexicon import load_lexicon
from tests.gate import document_of

Tally = tuple[int, int, int]  #: found, false, missed
SEED = 20_26  #: the intervals are the same in every run


def tallies(cases: Sequence[Mapping[str, Any]]) -> dict[str, list[Tally]]:
    """``all``, each language and each type → one tally per document that has anything to do with it."""
    lexicon = load_lexicon()
    found: dict[str, list[Tally]] = defaultdict(list)
    for case in cases:
        events, _ = detect(document_of(case), (), lexicon, case["language"])
        said = Counter(event.type for event in events)
        true = Counter(label["type"] for label in case["events"])
        whole = _tally(said, true)
        found["all"].append(whole)
        found[case["language"]].append(whole)
        for name in sorted(said.keys() | true.keys()):
            found[f"{case['language']} {name}"].append(_tally(_only(said, name), _only(true, name)))
    return found


def _only(counts: Counter[str], name: str) -> Counter[str]:
    return Counter({name: counts[name]})


def _tally(said: Counter[str], true: Counter[str]) -> Tally:
    return (said & true).total(), (said - true).total(), (true - said).total()


def figures(documents: Sequence[Tally]) -> tuple[float, float, float]:
    """Precision, recall and F1 of the sums."""
    found, false, missed = (sum(column) for column in zip(*documents, strict=True))
    return (
        found / max(1, found + false),
        found / max(1, found + missed),
        2 * found / max(1, 2 * found + false + missed),
    )


def interval(documents: Sequence[Tally], *, resamples: int) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile of F1 over resampled documents."""
    generator = random.Random(SEED)
    scores = sorted(figures(generator.choices(documents, k=len(documents)))[2] for _ in range(resamples))
    return scores[int(0.025 * resamples)], scores[min(resamples - 1, int(0.975 * resamples))]


def main(arguments: Sequence[str]) -> int:
    """Print one line per group."""
    parser = argparse.ArgumentParser(description="precision, recall and F1 of detected event types")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--resamples", type=int, default=1000)
    options = parser.parse_args(arguments)
    lines = (line for path in options.files for line in path.read_text(encoding="utf-8").splitlines())
    for name, documents in sorted(tallies([json.loads(line) for line in lines]).items()):
        precision, recall, f1 = figures(documents)
        low, high = interval(documents, resamples=options.resamples)
        support = sum(found + missed for found, _, missed in documents)
        print(f"{name:32} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f} [{low:.3f}, {high:.3f}]  n {support}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
