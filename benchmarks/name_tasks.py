"""What the name model learns from: pairs of queries and candidates with their answers, out of generated noise
(`name_noise.py`) and out of the part of the labelled sets that may train (`evaluation.py`)."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from benchmarks.evaluation import Labelled
from benchmarks.name_noise import KINDS, near_miss
from salestrigger.matchers.candidates import Pairs, find_candidates
from salestrigger.matchers.features import Compared, compare
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.name_columns import name_columns
from salestrigger.matchers.segment import Raw

#: How much a pair of each source counts: the small sets of real names would drown otherwise.
WEIGHTS = {"noise": 0.4, "us_h1b": 1.5, "us_listed": 3.0, "fdb_listing": 5.0, "patstat": 3.0, "ror companies": 2.0}


@dataclass
class Task:
    """A universe, and queries made from it."""

    universe: list[str]
    queries: list[str]
    truth: list[int]  # row in the universe; -1: none


@dataclass
class Prepared:
    """The compared pairs of one source."""

    source: str
    index: OrganizationIndex
    size: int  # queries
    pairs: Pairs
    compared: Compared
    right: np.ndarray
    used: np.ndarray  # pairs whose answer is known and that may train
    listed: np.ndarray  # queries that have an answer
    trains: np.ndarray  # queries that may train

    @property
    def weight(self) -> float:
        return WEIGHTS.get(self.source, 1.0)


#: Every kind of noise by its name, and that of queries that mean another company.
NEAR_MISS = near_miss.__name__
EVERY_KIND = frozenset(kind.__name__ for kind, _ in KINDS) | {NEAR_MISS}


def make_task(
    names: list[str],
    rng: random.Random,
    *,
    held_out: float,
    queries: int,
    made: Collection[str] = EVERY_KIND,
) -> Task:
    """Queries over some of the names: noise, names that were left out and near misses. ``made``: the kinds of noise
    that are made."""
    names = list(names)
    rng.shuffle(names)
    cut = int(len(names) * held_out)
    left_out, universe = names[:cut], names[cut:]
    kinds = [k for k, n in KINDS if k.__name__ in made for _ in range(n)]
    task = Task(universe, [], [])
    for _ in range(queries):
        row = rng.randrange(len(universe))
        draw = rng.random()
        if draw < 0.79:
            query = noisy(rng, universe[row], kinds)
        elif draw < 0.92 or NEAR_MISS not in made:
            name = rng.choice(left_out)
            query = name if rng.random() < 0.8 else rng.choice(kinds)(rng, name)
        else:
            query = near_miss(rng, universe[row], rng.choice(names))
        task.queries.append(query)
        task.truth.append(row if draw < 0.79 else -1)
    return task


def noisy(rng: random.Random, name: str, kinds: list) -> str:
    """The name with one kind of noise, seldom two, in its own case or another."""
    text = rng.choice(kinds)(rng, name)
    text = rng.choice(kinds)(rng, text) if rng.random() < 0.12 and text.strip() else text
    return rng.choice([text, text, text, text.lower(), text.upper()])


def build(names: list[str]) -> OrganizationIndex:
    """An index of bare names."""
    ids = [f"r{i:07d}" for i in range(len(names))]
    return OrganizationIndex.from_raw(Raw(ids, [0] * len(ids), [""] * len(ids), names, range(len(ids)), [0] * len(ids)))


def _compared(index: OrganizationIndex, queries: list[str]):
    columns = name_columns(queries, np.zeros(len(queries), np.int64))
    pairs = find_candidates(index, columns)
    return pairs, compare(index, columns, pairs)


def prepare(task: Task) -> Prepared:
    """Candidates, features and answers of generated queries."""
    index = build(task.universe)
    pairs, compared = _compared(index, task.queries)
    truth = np.array(task.truth)
    names = index.segments[0].names
    mine = truth[pairs.query]
    own = np.maximum(mine, 0)
    # names with the same words or letters are one name here: which of them is meant is the decision's business
    equal = [key[pairs.name] == key[own] for key in (names.ordered, names.bag, names.joined)]
    right = (mine >= 0) & ((pairs.name == mine) | np.any(equal, axis=0))
    # a name that was left out but stands in the universe in another spelling is no negative: the list has many names
    # of one company, and does not say so
    differing = compared.column("extra") + compared.column("missing")
    told = sum(compared.column(name) for name in ("same_words", "same_bag", "same_joined")) > 0
    unclear = (mine < 0) & (told | (differing < 0.3))
    return Prepared(
        "noise", index, len(task.queries), pairs, compared, right, ~unclear, truth >= 0, np.ones(len(truth), dtype=bool)
    )  # fmt: skip


def prepare_real(found: Labelled) -> Prepared:
    """Candidates, features and answers of a labelled set."""
    index = build(found.names)
    pairs, compared = _compared(index, found.queries)
    row_of = {key: row for row, key in enumerate(found.ids)}
    answers = sorted(query << 32 | row_of[key] for query, keys in enumerate(found.truth) for key in keys)
    right = np.isin(pairs.query << 32 | pairs.name, np.array(answers, dtype=np.int64))
    trains = np.array(found.trains)
    return Prepared(
        found.label, index, len(found.queries), pairs, compared, right, trains[pairs.query],
        np.array([bool(keys) for keys in found.truth]), trains,
    )  # fmt: skip
