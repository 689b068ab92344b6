"""How much the name model leans on what it was trained with: ``python benchmarks/name_kinds.py EVAL_DIR``.

Trains smaller models, each without one kind of noise, one labelled set, or all of one sort, and measures them on the
queries that no model was trained on. Prints the table and writes it into docs/matching.md between its markers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.evaluation import ALIASES, alias_set, benchmark_queries  # noqa: E402
from benchmarks.name_model import generated, train  # noqa: E402
from benchmarks.name_tasks import Prepared, prepare_real  # noqa: E402
from salestrigger.matchers.model import NameModel, sigmoid  # noqa: E402
from salestrigger.matchers.ranking import final_columns, order  # noqa: E402

PAGE = ROOT / "docs" / "matching.md"
NOISE = ((80_000, 0.15, 16_000),)
TREES, SHARE = 64, 0.15
#: Families of noise (`name_noise.py`).
FAMILIES = {
    "typos": ("typo",),
    "legal forms changed": ("change_form",),
    "words added, dropped, moved": ("extra_word", "shorten", "reorder", "region"),
    "words joined, split, cut short": ("join_or_split", "abbreviate", "without_vowels"),
    "exchange and register fields": ("listing", "register"),
    "near misses": ("near_miss",),
}


def chances(found: Prepared, model: NameModel) -> tuple[np.ndarray, np.ndarray]:
    """Probability and truth of the best candidate of each query that did not train."""
    ranked = order(found.index, found.pairs, found.compared, model.scores(found.compared.values), size=found.size)
    rows = ranked.best()
    rows = rows[~found.trains[ranked.query[rows]]]
    return sigmoid(model.odds(final_columns(found.index, ranked, rows))), found.right[ranked.pair[rows]]


def measured(found: Prepared, model: NameModel) -> tuple[float, float, float]:
    """Best F1, recall at 99 % precision and calibration error."""
    chance, right = chances(found, model)
    listed = int((found.listed & ~found.trains).sum())
    place = np.argsort(-chance, kind="stable")
    told = np.cumsum(right[place])
    said = np.arange(1, len(place) + 1)
    best = float((2 * told / (said + listed)).max(initial=0.0))
    sure = float((told / max(listed, 1))[told / said >= 0.99].max(initial=0.0))
    bins = np.minimum((chance * 10).astype(int), 9)
    gaps = np.abs(np.bincount(bins, chance, 10) - np.bincount(bins, right, 10))
    return best, sure, float(gaps.sum() / max(len(chance), 1))


def line(label: str, model: NameModel, sets: Sequence[Prepared]) -> str:
    """A row of the table: the benchmark's queries, then the alias sets together and apart."""
    told = [measured(found, model) for found in sets]
    mean = np.mean([m[2] for m in told[1:]])
    cells = [f"{told[0][0]:.3f}", f"{told[0][1]:.3f}", *(f"{m[0]:.3f}" for m in told[1:]), f"{mean:.3f}"]
    row = f"| {label} | {' | '.join(cells)} |"
    print(row, flush=True)
    return row


def rows(folder: Path, sets: Sequence[Prepared]) -> Iterable[str]:
    """All models, one after the other."""
    noise = list(generated(folder, noise=NOISE))

    def model(parts: Iterable[Prepared]) -> NameModel:
        return train(list(parts), trees=TREES, share=SHARE)

    def without(keep: Callable[[Prepared], bool]) -> NameModel:
        return model(part for part in (*noise, *sets) if keep(part))

    yield line("nothing", without(lambda _: True), sets)
    yield line("our own noise", model(sets), sets)
    yield line("the labelled queries", model(noise), sets)
    yield line("the benchmark's queries", without(lambda part: part is not sets[0]), sets)
    for found in sets[1:]:
        yield line(found.source, without(lambda part, left=found: part is not left), sets)
    for label, kinds in FAMILIES.items():
        yield line(f"the labelled queries, {label}", model(generated(folder, without=kinds, noise=NOISE)), sets)


def main(folder: Path) -> None:
    """Train, measure, publish."""
    sets = [prepare_real(benchmark_queries(folder, "100k")), *(prepare_real(alias_set(folder, a)) for a in ALIASES)]
    head = ["| left out | 100k: best F1 | R@P99 | " + " | ".join(f"{a}: F1" for a in ALIASES) + " | calibration |",
            "|---" * (4 + len(ALIASES)) + "|"]  # fmt: skip
    told = head
    for row in rows(folder, sets):
        told = [*told, row]
        publish(told)  # after every model: all of them take a while


def publish(told: Sequence[str]) -> None:
    """Put the table between the page's markers."""
    begin, end = "<!-- left out -->", "<!-- /left out -->"
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(begin)[0], text.split(end)[1]
    PAGE.write_text(f"{before}{begin}\n\n" + "\n".join(told) + f"\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
