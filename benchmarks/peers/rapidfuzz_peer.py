"""RapidFuzz: every query against every name (cdist) with one scorer, the best one per query. Runs in its own
environment."""

import csv
import sys
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

CELLS = 40_000_000  # scores held at a time


def column(path: str) -> tuple[list[str], list[str]]:
    with Path(path).open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    return [row[0] for row in rows], [row[1] for row in rows]


def main(universe: str, queries: str, output: str, scorer: str) -> None:
    ids, names = column(universe)
    asked, texts = column(queries)
    step = max(1, CELLS // max(len(names), 1))
    with Path(output).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["query_id", "org_id", "probability", "decision"])
        for low in range(0, len(texts), step):
            part = texts[low : low + step]
            scores = cdist(part, names, scorer=getattr(fuzz, scorer), dtype=np.float32, workers=2)
            for row, at in enumerate(scores.argmax(axis=1).tolist()):
                writer.writerow([asked[low + row], ids[at], f"{scores[row, at] / 100:.6f}", ""])


if __name__ == "__main__":
    main(*sys.argv[1:])
