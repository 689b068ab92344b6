"""What a saved index of a million names costs: to load, to add to, to ask once; and a list matched with itself."""

from __future__ import annotations

import csv
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks.evaluation import read_names
from benchmarks.processes import timed

_ADDITIONS = 5  # of 1,000 names each


def moments(folder: Path, cache: Path) -> list[str]:
    """Loading, adding and asking once, on a saved index of a million names."""
    import numpy as np

    from salestrigger.matchers.index import OrganizationIndex
    from salestrigger.matchers.model import name_model
    from salestrigger.matchers.name_columns import name_columns
    from salestrigger.matchers.ranking import final_columns, rank
    from salestrigger.matchers.segment import Raw

    names = read_names(folder)
    ids = [f"r{number:07d}" for number in range(len(names))]
    zeros = np.zeros(len(ids), dtype=np.int64)
    OrganizationIndex.from_raw(Raw(ids, zeros, (), names, np.arange(len(ids)), zeros)).save(cache / "index")
    began = time.perf_counter()
    index = OrganizationIndex.load(cache / "index")
    loaded = time.perf_counter() - began
    spent = []
    for name in names[480:900]:
        began = time.perf_counter()
        ranked = rank(index, name_columns([f"{name} Norge"], zeros[:1]))
        name_model().odds(final_columns(index, ranked, ranked.best()))
        spent.append(time.perf_counter() - began)
    size = sum(file.stat().st_size for file in (cache / "index").rglob("*.npy")) / 1e6
    return ["### A saved index of 1,000,000 names", "", "| what | measured |", "|---|---|",
            f"| size on disk | {size:.0f} MB |", f"| load | {loaded * 1000:.0f} ms |",
            f"| add 1,000 names (median of {_ADDITIONS}) | {_added(index, names) * 1000:.0f} ms |",
            f"| one query that no name equals (median) | {median(spent[20:]) * 1000:.1f} ms |", ""]  # fmt: skip


def _added(index, names: list[str]) -> float:
    """Seconds to add 1,000 organisations."""
    from salestrigger.matchers.types import Organization
    from salestrigger.sources.records import OrgName

    spent = []
    for turn in range(_ADDITIONS):
        more = [
            Organization(f"n{turn}-{i}", (OrgName(f"{n} Nova {turn}"),), (), ()) for i, n in enumerate(names[:1000])
        ]
        began = time.perf_counter()
        index.add(more)
        spent.append(time.perf_counter() - began)
    return median(spent)


def duplicates(place: Path) -> list[str]:
    """A million names matched with themselves, as a command: who is listed twice?"""
    output = place / "duplicates.csv"
    program = str(Path(sys.executable).with_name("salestrigger"))
    seconds, cpu, peak = timed([program, "match", str(place / "universe.csv"), "--duplicates", "-o", str(output)])
    with output.open(newline="", encoding="utf-8") as file:
        told = [row["decision"] for row in csv.DictReader(file)]
    accepted, review = told.count("accept"), told.count("review")
    return [f"### {len(told):,} names matched with themselves", "",
            "| wall s | processor s | peak MB | accept | review |", "|---|---|---|---|---|",
            f"| {seconds:.0f} | {cpu:.0f} | {peak:.0f} | {accepted:,} | {review:,} |", ""]  # fmt: skip
