"""The peers that matching is compared with: packages, script, which lists they get, and how much of them.

One that would take an hour answers the first queries only; its seconds are then scaled to all of them and marked ``~``.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).with_name("peers")


@dataclass(frozen=True, slots=True)
class Peer:
    """Another matcher."""

    label: str
    script: str
    packages: tuple[str, ...]
    more: tuple[str, ...] = ()  #: further arguments
    is_raw: bool = False  #: it gets the lists as they are; the others get names that our normaliser cleaned
    first: int | None = None  #: how many queries it answers; None: all
    trains: bool = False  #: it learns from labelled queries in a call of its own, which is not counted


SPARSE = Peer("sparse_dot_topn trigrams", "sparse_dot_topn_peer.py", ("sparse_dot_topn==1.2.0", "scipy<1.18"))
RATIO = Peer("RapidFuzz cdist ratio", "rapidfuzz_peer.py", ("rapidfuzz==3.14.6", "numpy"), ("ratio",))
EMM = Peer("EMM (ING), supervised", "emm_peer.py", ("emm==2.1.11",), is_raw=True, trains=True)
SPLINK = Peer("splink (DuckDB)", "splink_peer.py", ("splink==4.0.17", "pandas<3"))
NAME_MATCHING = Peer("name_matching (DNB)", "name_matching_peer.py", ("name_matching==0.9.22", "pandas<3"), first=1_000)
EXTRACT_ONE = Peer("RapidFuzz extractOne WRatio", "extract_one_peer.py", ("rapidfuzz==3.14.6",), is_raw=True, first=500)
#: part of the benchmark → its peers
OF_PART = {"small": (SPARSE, RATIO, EMM, SPLINK, NAME_MATCHING, EXTRACT_ONE), "large": (SPARSE,), "full": (SPARSE,)}


def environment(cache: Path, packages: tuple[str, ...]) -> Path:
    """A Python with these packages, made once under ``cache``."""
    place = cache / "environments" / "-".join(p.split("=")[0].split("<")[0] for p in packages)
    python = place / "bin" / "python"
    if not (place / "made").exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *packages], check=True)
        (place / "made").touch()
    return python


def answered(peer: Peer, place: Path, cache: Path, timed: Callable[[list[str]], tuple[float, float, float]]):
    """Let the peer answer ``place``'s queries into ``peer.csv``; returns what ``timed`` says of that process."""
    kind = "" if peer.is_raw else "-clean"
    queries = _first(place / f"queries{kind}.csv", peer.first)
    output = place / "peer.csv"
    command = [str(environment(cache, peer.packages)), "-W", "ignore", str(SCRIPTS / peer.script),
               str(place / f"universe{kind}.csv"), str(queries), str(output), *peer.more]  # fmt: skip
    if peer.trains:
        command += [str(place / "train.csv"), str(place / f"{peer.script}.trained")]
        if not Path(command[-1]).exists():
            timed(command)
    return timed(command)


def _first(queries: Path, count: int | None) -> Path:
    if count is None:
        return queries
    with queries.open(encoding="utf-8", newline="") as file:
        lines = [line for line, _ in zip(file, range(count + 1), strict=False)]
    part = queries.with_name(f"first-{count}-{queries.name}")
    part.write_text("".join(lines), encoding="utf-8")
    return part
