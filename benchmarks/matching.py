"""Measure matching against its peers: ``python benchmarks/matching.py EVAL_DIR [--cache DIR] [--only PART …]``.

Every method runs as a process of its own, from reading the lists to writing the answers, one after the other on the
same data in the same run; peers in environments of their own that this command makes under the cache folder. It prints
the tables, writes them into docs/matching.md between its markers, and draws docs/matching.svg from the page's table of
all peers, so that the plot shows what the page says, whichever parts were measured this time. Peers get names that our
normaliser has already cleaned, which is not charged to them; ours reads the lists as they are.
"""

from __future__ import annotations

import argparse
import compileall
import csv
import json
import os
import platform
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.accuracy import aliases, peer_pairs, renames, scored  # noqa: E402
from benchmarks.evaluation import exam, may_train, rows  # noqa: E402
from benchmarks.peer_methods import OF_PART, Peer, answered  # noqa: E402
from benchmarks.plot import scatter  # noqa: E402
from benchmarks.processes import timed  # noqa: E402
from benchmarks.saved_index import duplicates, moments  # noqa: E402

UNSCORED = "also-"  # before the ids of queries that are asked and not scored
PAGE, PLOT = ROOT / "docs" / "matching.md", ROOT / "docs" / "matching.svg"
PLOTTED = "10,000 queries × 100,000 names"  # the table that every peer is in


@dataclass(frozen=True, slots=True)
class Run:
    """One method on one data set."""

    method: str
    seconds: float
    cpu: float
    peak_mb: float
    scores: dict[str, Any]


def write(path: Path, header: tuple[str, ...], lines: list[tuple[str, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *lines])


def lists(folder: Path, out: Path, *, size: int, queries: int) -> Path:
    """Universe, queries and answers for ``size`` names, also cleaned for the peers."""
    out.mkdir(parents=True, exist_ok=True)
    names = folder / "A_names"
    universe = [(r["org_id"], r["name"]) for r in rows(names / "bench_universe_1m.tsv.gz")[:size]]
    label = "1000k" if size > 100_000 else "100k"
    labelled = rows(next(names.glob(f"bench_queries_{label}_*.tsv.gz")))
    asked = labelled[:queries]
    training = [(r["truth_ids"].split("|")[0], r["name"]) for r in labelled[-10_000:] if r["truth_ids"]]
    write(out / "train.csv", ("id", "name"), training)  # for peers that learn: none of those asked
    if len(asked) < queries:  # those of the other list make up the number; what they mean in this one is not known
        other = rows(next(names.glob("bench_queries_100k_*.tsv.gz")))[: queries - len(asked)]
        asked += [{"query_id": f"{UNSCORED}{r['query_id']}", "name": r["name"], "truth_ids": ""} for r in other]
    wanted = [(r["query_id"], r["name"]) for r in asked]
    write(out / "universe.csv", ("org_id", "name"), universe)
    write(out / "queries.csv", ("query_id", "name"), wanted)
    (out / "gold.tsv").write_text("".join(f"{r['query_id']}\t{r['truth_ids']}\n" for r in asked), encoding="utf-8")
    for name, head, table in (("universe", "org_id", universe), ("queries", "query_id", wanted)):
        cores = clean([text for _, text in table])
        write(out / f"{name}-clean.csv", (head, "name"), [(i, c) for (i, _), c in zip(table, cores, strict=True)])
    return out


def clean(names: list[str]) -> list[str]:
    """What the peers compare: our normal form without legal forms."""
    import numpy as np

    from salestrigger.matchers.name_columns import name_columns

    columns = name_columns(names, np.zeros(len(names), dtype=np.int64))
    return columns.core.take(np.arange(len(names)))


def ours(place: Path, measure: ModuleType) -> Run:
    """`salestrigger match`, start-up included."""
    output = place / "ours.csv"
    compileall.compile_dir(ROOT / "salestrigger", quiet=1)  # as installing does, for the peers too
    spent = timed(our_command(place, output))
    return Run("salestrigger match", *spent, scored(place, output, measure, leave_out=_left_out(place)))


def answer(place: Path) -> Path:
    """What `salestrigger match` writes for a folder's lists."""
    output = place / "ours.csv"
    timed(our_command(place, output))
    return output


def our_command(place: Path, output: Path) -> list[str]:
    return [str(Path(sys.executable).with_name("salestrigger")), "match", str(place / "universe.csv"),
            str(place / "queries.csv"), "-o", str(output)]  # fmt: skip


def _left_out(place: Path) -> set[str]:
    """The queries that trained the model, for everyone is scored on the others; and those without a known answer."""
    return {key for key in _asked(place) if key.startswith(UNSCORED) or may_train(key)}


def _asked(place: Path) -> list[str]:
    return [line.split("\t")[0] for line in (place / "gold.tsv").open(encoding="utf-8")]


def theirs(peer: Peer, place: Path, cache: Path, measure: ModuleType) -> Run:
    """A peer on the same lists, in an environment of its own; what it did not answer is left out of its scores."""
    seconds, cpu, peak = answered(peer, place, cache, timed)
    asked = _asked(place)
    first = peer.first or len(asked)
    scores = scored(place, place / "peer.csv", measure, leave_out=_left_out(place) | set(asked[first:]))
    share = len(asked) / first
    return Run(peer.label if share == 1 else f"~ {peer.label}", seconds * share, cpu * share, peak, scores)


def table(runs: list[Run]) -> list[str]:
    out = ["| method | wall s | × ours | processor s | peak MB | best F1 | R@P99 |", "|---|---|---|---|---|---|---|"]
    for run in runs:
        out.append(
            f"| {run.method} | {run.seconds:.1f} | {run.seconds / runs[0].seconds:.1f} | {run.cpu:.1f} | "
            f"{run.peak_mb:.0f} | {run.scores['best_f1']:.3f} | {run.scores['recall_at_p99']:.3f} |"
        )
    return out


def speed(folder: Path, cache: Path, measure: ModuleType, *, only: set[str]) -> tuple[list[str], list[Run]]:
    told: list[str] = []
    first: list[Run] = []
    sizes = (("small", 100_000, 10_000), ("large", 1_000_000, 10_000), ("full", 1_000_000, 100_000))
    for part, size, queries in sizes:
        if only and part not in only:
            continue
        place = lists(folder, cache / part, size=size, queries=queries)
        asked = sum(1 for _ in (place / "gold.tsv").open(encoding="utf-8"))
        runs = [ours(place, measure), *(theirs(peer, place, cache, measure) for peer in OF_PART[part])]
        shipped = runs[0].scores
        says = (
            f"Precision of accepted matches {shipped['accept_precision']:.3f} at a recall of "
            f"{shipped['accept_recall']:.3f}; calibration error {shipped['ece']:.3f}."
        )
        told += [f"### {asked:,} queries × {size:,} names", "", *table(runs), "", says, ""]
        first = first or runs
    return told, first


def publish(lines: list[str], *, keep: bool) -> None:
    """Put the tables between the page's markers; ``keep`` those that were not measured this time."""
    begin, end = "<!-- measured -->", "<!-- /measured -->"
    text = PAGE.read_text(encoding="utf-8")
    before, (known, after) = text.split(begin)[0], text.split(begin)[1].split(end)
    parts = (_parts(known) if keep else {}) | {k: v for k, v in _parts("\n".join(lines)).items() if v.strip()}
    PAGE.write_text(f"{before}{begin}\n\n" + "\n".join(parts.values()) + f"\n{end}{after}", encoding="utf-8")


def plotted(page: str) -> list[tuple[str, float, float]]:
    """Method, seconds and best F1 of each row of the page's table of all peers."""
    part = _parts(page.split("<!-- measured -->")[1])[f"### {PLOTTED}"]
    rows = [row for row in part.splitlines() if row.startswith("| ")]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    seconds, best = cells[0].index("wall s"), cells[0].index("best F1")
    return [(row[0], float(row[seconds]), float(row[best])) for row in cells[1:]]


def _parts(text: str) -> dict[str, str]:
    """The page's parts by their titles; what stands before the first is the head."""
    parts: dict[str, list[str]] = {"": []}
    for line in text.strip().splitlines():
        if line.startswith("### "):
            parts[line] = []
        parts[list(parts)[-1]].append(line)
    return {title: "\n".join(part).strip() + "\n" for title, part in parts.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("eval_dir", type=Path)
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "salestrigger-benchmarks")
    parser.add_argument("--only", nargs="*", default=[], help="small large full aliases pairs moments duplicates")
    chosen = parser.parse_args()
    only, cache = set(chosen.only), chosen.cache
    measure = exam(chosen.eval_dir)
    told, runs = speed(chosen.eval_dir, cache, measure, only=only)
    if not only or "aliases" in only:
        told += aliases(chosen.eval_dir, cache, measure, answer)
    if not only or "pairs" in only:
        told += [*peer_pairs(chosen.eval_dir), *renames(chosen.eval_dir, measure)]
    if not only or "moments" in only:
        told += moments(chosen.eval_dir, cache)
    if not only or "duplicates" in only:
        told += duplicates(lists(chosen.eval_dir, cache / "full", size=1_000_000, queries=100_000))
    load = os.getloadavg()[0]
    head = (f"Measured {datetime.now(UTC):%Y-%m-%d} with Python {platform.python_version()} on {os.cpu_count()} cores; "
            f"load average {load:.1f} at the end of the run.")  # fmt: skip
    lines = [head, "", *told] if runs else told  # the head speaks of seconds
    print("\n".join(lines))
    print(json.dumps({r.method: r.scores for r in runs}))
    publish(lines, keep=bool(only))
    points = plotted(PAGE.read_text(encoding="utf-8"))
    PLOT.write_text(scatter(f"Accuracy against time: {PLOTTED}", points), encoding="utf-8")


if __name__ == "__main__":
    main()
