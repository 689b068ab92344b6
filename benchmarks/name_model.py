"""Train the name model: `python benchmarks/name_model.py EVAL_DIR` writes salestrigger/matchers/name_model.json.

It learns from noise of our own over names of the evaluation folder's list (`name_noise.py`), and from the half of the
folder's labelled queries that may train (`evaluation.py`): the benchmark's queries and the alias sets under open
licences.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.boost import SHARE, boost  # noqa: E402
from benchmarks.evaluation import ALIASES, LISTS, alias_set, benchmark_queries, read_names  # noqa: E402
from benchmarks.name_tasks import EVERY_KIND, Prepared, make_task, prepare, prepare_real  # noqa: E402
from salestrigger.matchers.features import FEATURES  # noqa: E402
from salestrigger.matchers.model import NameModel, Trees  # noqa: E402
from salestrigger.matchers.ranking import FINAL, final_columns, order  # noqa: E402

OUT = ROOT / "salestrigger" / "matchers" / "name_model.json"
SEED = 7
TREES, LEVELS, FINAL_TREES, FINAL_LEVELS = 192, 6, 120, 4
#: names drawn, share of them left out, queries
NOISE = ((30_000, 0.2, 15_000), (120_000, 0.1, 20_000), (600_000, 0.05, 25_000))


def generated(folder: Path, *, made: Collection[str] = EVERY_KIND, noise: Sequence[tuple[int, float, int]] = NOISE):
    """Pairs out of our own noise. Rows from 100,000 on: not the list that the benchmark of 100,000 names uses."""
    others = read_names(folder)[100_000:]
    rng = random.Random(SEED)
    for size, held_out, queries in noise:
        names = rng.sample(others, size)
        yield prepare(make_task(names, rng, held_out=held_out, queries=queries, made=made))


def labelled(folder: Path):
    """Pairs out of the labelled sets."""
    for label in LISTS:
        yield prepare_real(benchmark_queries(folder, label))
    for label in ALIASES:
        yield prepare_real(alias_set(folder, label))


def train(done: Sequence[Prepared], *, trees: int = TREES, share: float = SHARE) -> NameModel:
    """The pair model on all pairs that train, then the second model on the best candidates under the first."""
    x = np.concatenate([d.compared.values[d.used] for d in done])
    y = np.concatenate([d.right[d.used] for d in done]).astype(float)
    weight = np.concatenate([np.full(d.used.sum(), d.weight) for d in done])
    print(f"{len(y)} pairs, {y.mean():.3f} right", flush=True)
    pair = boost(x, y, weight=weight, trees=trees, levels=LEVELS, share=share)
    return NameModel(pair, train_final(done, pair), {})


def train_final(done: Sequence[Prepared], pair: Trees) -> Trees:
    """The model that calibrates."""
    columns, right, weight = [], [], []
    for d in done:
        ranked = order(d.index, d.pairs, d.compared, pair.scores(d.compared.values), size=d.size)
        rows = ranked.best()
        rows = rows[d.used[ranked.pair[rows]]]
        columns.append(final_columns(d.index, ranked, rows))
        right.append(d.right[ranked.pair[rows]])
        weight.append(np.full(len(rows), d.weight))
    y = np.concatenate(right).astype(float)
    return boost(np.concatenate(columns), y, weight=np.concatenate(weight), trees=FINAL_TREES, levels=FINAL_LEVELS,
                 share=0.7)  # fmt: skip


def trees_as_data(trees: Trees) -> dict[str, object]:
    return {
        "base": round(trees.base, 4),
        "feature": trees.feature.tolist(),
        "threshold": [[round(float(t), 5) for t in row] for row in trees.threshold],
        "leaves": [[round(float(v), 4) for v in row] for row in trees.leaves],
    }


def write(model: NameModel, done: Sequence[Prepared]) -> None:
    """The weights with how they were obtained."""
    about = {
        "made_by": "benchmarks/name_model.py", "seed": SEED, "features": list(FEATURES), "final": list(FINAL),
        "sources": [{"source": d.source, "names": int(d.index.name_base[-1]), "queries": d.size,
                     "pairs": int(d.used.sum()), "weight": d.weight} for d in done],
    }  # fmt: skip
    data = {"about": about, "pair": trees_as_data(model.pair), "final": trees_as_data(model.final)}
    OUT.write_text(json.dumps(data) + "\n", encoding="utf-8")
    print(f"wrote {OUT} ({OUT.stat().st_size} bytes)")


def main(folder: str) -> None:
    done = [*labelled(Path(folder)), *generated(Path(folder))]
    write(train(done), done)


if __name__ == "__main__":
    main(*sys.argv[1:])
