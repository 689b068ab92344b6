"""RapidFuzz's extractOne with its default scorer (WRatio), one query after the other, names as they are. Runs in its
own environment."""

import csv
import sys
from pathlib import Path

from rapidfuzz import process


def column(path: str) -> tuple[list[str], list[str]]:
    with Path(path).open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    return [row[0] for row in rows], [row[1] for row in rows]


def main(universe: str, queries: str, output: str) -> None:
    ids, names = column(universe)
    with Path(output).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["query_id", "org_id", "probability", "decision"])
        for query, text in zip(*column(queries), strict=True):
            found = process.extractOne(text, names)
            writer.writerow([query, ids[found[2]] if found else "", f"{found[1] / 100 if found else 0:.6f}", ""])


if __name__ == "__main__":
    main(*sys.argv[1:])
