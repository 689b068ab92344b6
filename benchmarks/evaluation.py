"""The evaluation folder as our commands read it: its own scorer, its name lists, and which part may train.

Half of what it labels may train the name model (`may_train`); what our pages tell of accuracy is measured on the other
half.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import importlib.util
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

ALIASES = {
    "us_h1b": "us_h1b_employer_name_variants", "us_listed": "us_listed_name_variants",
    "fdb_listing": "fdb_listing_name_variants", "patstat": "patstat_nl_leuven", "ror companies": "ror_org_names",
}  # fmt: skip
_KEYS = {"us_h1b": "cluster", "us_listed": "sec_cik", "fdb_listing": "cluster", "patstat": "leuven_id",
         "ror companies": "ror_id"}  # fmt: skip
LISTS = {"100k": 100_000, "1000k": 1_000_000}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A universe and queries whose answers are known."""

    label: str
    ids: list[str]
    names: list[str]
    query_ids: list[str]
    queries: list[str]
    truth: list[frozenset[str]]  #: acceptable organisations of each query; none: not listed
    trains: list[bool]  #: which queries may train


def exam(folder: Path) -> ModuleType:
    """The evaluation folder's own scorer."""
    spec = importlib.util.spec_from_file_location("measure", folder / "measure.py")
    if spec is None or spec.loader is None or not (folder / "measure.py").exists():
        sys.exit(f"no measure.py in {folder}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(path: Path) -> list[dict[str, str]]:
    """A compressed table."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def table(path: Path) -> list[dict[str, str]]:
    """A plain table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def may_train(key: str) -> bool:
    """Whether what is labelled under this key is of the half that trains."""
    return hashlib.sha256(f"trains|{key}".encode()).digest()[0] % 2 == 0


def clusters(folder: Path, label: str) -> dict[str, str]:
    """A cluster of each name of an alias set."""
    found: dict[str, str] = {}
    for row in rows(folder / "A_names" / f"{ALIASES[label]}.tsv.gz"):
        key, name = row[_KEYS[label]], row.get("name") or row["raw_name"]
        found[name] = min(key, found.get(name, key))
    return found


def alias_set(folder: Path, label: str, place: Path | None = None) -> Labelled:
    """One of ALIASES by the exam's protocol; its files are left in ``place``. All names of a company train or none."""
    cluster = clusters(folder, label)
    with tempfile.TemporaryDirectory() as scratch:
        out = place or Path(scratch)
        exam(folder).pairs(folder, f"{ALIASES[label]}.tsv.gz", out)
        return read_set(label, out, lambda query: may_train(cluster[query["name"]]))


def benchmark_queries(folder: Path, label: str, place: Path | None = None) -> Labelled:
    """The benchmark's list of 100k or 1000k names with its queries."""
    with tempfile.TemporaryDirectory() as scratch:
        out = place or Path(scratch)
        exam(folder).names(folder, label, LISTS[label], out)
        return read_set(label, out, lambda query: may_train(query["query_id"]))


def read_set(label: str, place: Path, trains) -> Labelled:
    """What the exam wrote into a folder."""
    universe, queries = table(place / "universe.csv"), table(place / "queries.csv")
    lines = (place / "gold.tsv").read_text(encoding="utf-8").splitlines()
    gold = {key: frozenset(filter(None, told.split("|"))) for key, told in (line.split("\t") for line in lines)}
    return Labelled(
        label, [r["org_id"] for r in universe], [r["name"] for r in universe], [q["query_id"] for q in queries],
        [q["name"] for q in queries], [gold[q["query_id"]] for q in queries], [trains(q) for q in queries],
    )  # fmt: skip


def read_names(folder: Path) -> list[str]:
    """The list of a million names."""
    path = folder / "A_names" / "bench_universe_1m.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t")[1] for line in file][1:]
