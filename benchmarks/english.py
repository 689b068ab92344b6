"""How well English events are found on labelled data of others: `python -m benchmarks.english [--eval DIR]`.

Texts, labels and scorer are those of the evaluation folder (its README says what each set is); texts are read as
`salestrigger detect` reads them, rules alone. ``quiet_training`` counts false alarms as the folder's ``reuters_false``
does, on the training articles of Reuters-21578, which that set leaves out. Prints one JSON object per set.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.evaluation import exam
from salestrigger.flows.detect_files import detect_file

SETS = ("sentivent", "biotech", "reuters_acq", "reuters_false", "acq600")
QUIET = frozenset(
    {
        *("money-fx", "grain", "interest", "trade", "wheat", "corn", "dlr", "oilseed", "sugar", "coffee", "gnp"),
        *("money-supply", "cpi", "cocoa", "bop"),
    }
)
_NO_COMPANY = frozenset({"tender", "contract", "contract_award"})  #: of states: not counted


def scores(folder: Path, name: str) -> dict[str, Any]:
    """What the folder's own scorer says of one of SETS."""
    measure = exam(folder)
    documents = [document for document, _ in measure.load(name, folder)]
    with tempfile.TemporaryDirectory() as scratch:
        found: dict[str, Any] = measure.detect(name, folder, _detected(documents, Path(scratch)))
    return found


def quiet_training(folder: Path) -> dict[str, Any]:
    """Events per 100 training articles of commodities, money and trade alone."""
    documents = list(_quiet(folder))
    with tempfile.TemporaryDirectory() as scratch:
        lines = _detected(documents, Path(scratch)).read_text(encoding="utf-8").splitlines()
    count = sum(event["type"] not in _NO_COMPANY for line in lines for event in json.loads(line)["events"])
    return {"set": "quiet_training", "events_per_100": round(100 * count / len(documents), 2), "n": len(documents)}


def _quiet(folder: Path) -> Iterator[dict[str, str]]:
    for row in exam(folder).lines(folder / "C_events" / "reuters21578.jsonl.gz"):
        if (
            row["lewissplit"] == "TRAIN"
            and row["has_topics"] == "YES"
            and row["topics"]
            and QUIET.issuperset(row["topics"])
        ):
            yield {
                "document_id": str(row["id"]),
                "title": row["title"] or "",
                "text": row["body"] or "",
                "language": "en",
            }


def _detected(documents: Sequence[dict[str, str]], place: Path) -> Path:
    """The file that `salestrigger detect` writes of these documents."""
    source, output = place / "documents.jsonl", place / "events.jsonl"
    source.write_text("".join(json.dumps(document) + "\n" for document in documents), encoding="utf-8")
    detect_file(source, output, universe=None)
    return output


def main(arguments: Sequence[str]) -> int:
    """Print one line per set."""
    parser = argparse.ArgumentParser(description="English events on labelled data of others")
    parser.add_argument("--eval", type=Path, default=Path("../shared/eval"), help="the evaluation folder")
    folder = parser.parse_args(arguments).eval
    for name in SETS:
        print(json.dumps(scores(folder, name)))
    print(json.dumps(quiet_training(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
