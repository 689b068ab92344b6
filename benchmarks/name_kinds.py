"""How much the name model leans on what it was trained with: ``python benchmarks/name_kinds.py EVAL_DIR``.

Trains smaller models and measures each on what it has not seen; some five minutes of processor time in all. Two tables,
which it prints and writes into docs/matching.md between their markers:

- *left out*: models without one labelled set, without all of them, without our own noise, on the queries that may not
  train;
- *noise left out*: models without one family of our noise, on new names and queries that have that noise alone.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.evaluation import ALIASES, alias_set, benchmark_queries, read_names  # noqa: E402
from benchmarks.name_model import generated, train  # noqa: E402
from benchmarks.name_tasks import EVERY_KIND, NEAR_MISS, Prepared, make_task, prepare, prepare_real  # noqa: E402
from salestrigger.matchers.match_lists import ACCEPT  # noqa: E402
from salestrigger.matchers.model import NameModel, sigmoid  # noqa: E402
from salestrigger.matchers.ranking import final_columns, order  # noqa: E402

PAGE = ROOT / "docs" / "matching.md"
NOISE = ((40_000, 0.15, 16_000),)
EXAM = {"names": 30_000, "held_out": 0.15, "queries": 4_000}
TREES, SHARE, SEED = 64, 0.15, 11
#: Families of noise (`name_noise.py`).
FAMILIES = {
    "typos": ("typo",),
    "legal forms changed": ("change_form",),
    "words added, dropped, moved": ("extra_word", "shorten", "reorder", "region"),
    "words joined, split, cut short": ("join_or_split", "abbreviate", "without_vowels"),
    "exchange and register fields": ("listing", "register"),
    "near misses": (NEAR_MISS,),
}


def chances(found: Prepared, model: NameModel) -> tuple[np.ndarray, np.ndarray]:
    """Probability and truth of the best candidate of each query that did not train."""
    ranked = order(found.index, found.pairs, found.compared, model.scores(found.compared.values), size=found.size)
    rows = ranked.best()
    rows = rows[~found.trains[ranked.query[rows]]]
    return sigmoid(model.odds(final_columns(found.index, ranked, rows))), found.right[ranked.pair[rows]]


def measured(found: Prepared, model: NameModel) -> tuple[float, float, float, float]:
    """Best F1, recall at 99 % precision, calibration error, and how many of the answers that are accepted by their
    probability are right."""
    chance, right = chances(found, model)
    listed = int((found.listed & ~found.trains).sum())
    place = np.argsort(-chance, kind="stable")
    told = np.cumsum(right[place])
    said = np.arange(1, len(place) + 1)
    best = float((2 * told / (said + listed)).max(initial=0.0))
    sure = float((told / max(listed, 1))[told / said >= 0.99].max(initial=0.0))
    bins = np.minimum((chance * 10).astype(int), 9)
    gaps = np.abs(np.bincount(bins, chance, 10) - np.bincount(bins, right, 10))
    accepted = right[chance >= ACCEPT]
    return best, sure, float(gaps.sum() / max(len(chance), 1)), float(accepted.mean() if len(accepted) else 1.0)


def small(parts: Iterable[Prepared]) -> NameModel:
    """A model smaller than the shipped one."""
    return train(list(parts), trees=TREES, share=SHARE)


def row(label: str, cells: Iterable[float]) -> str:
    """A row of a table, printed as soon as it is there."""
    told = f"| {label} | {' | '.join(f'{cell:.3f}' for cell in cells)} |"
    print(told, flush=True)
    return told


def sources(sets: Sequence[Prepared], noise: Prepared) -> Iterable[str]:
    """What models lose without one source: the benchmark's queries, then the alias sets together and apart."""
    yield "| left out | 100k: best F1 | R@P99 | " + " | ".join(f"{a}: F1" for a in ALIASES) + " | calibration |"
    yield "|---" * (4 + len(ALIASES)) + "|"

    def without(label: str, keep: Callable[[Prepared], bool]) -> str:
        model = small(part for part in (noise, *sets) if keep(part))
        told = [measured(found, model) for found in sets]
        mean = float(np.mean([m[2] for m in told[1:]]))
        return row(label, [told[0][0], told[0][1], *(m[0] for m in told[1:]), mean])

    yield without("nothing", lambda _: True)
    yield without("our own noise", lambda part: part is not noise)
    yield without("the labelled queries", lambda part: part is noise)
    yield without("the benchmark's queries", lambda part: part is not sets[0])
    for found in sets[1:]:
        yield without(found.source, lambda part, left=found: part is not left)


def exam_of(names: Sequence[str], family: Sequence[str]) -> Prepared:
    """Queries over names of their own that have this family of noise and no other."""
    kinds = EVERY_KIND if NEAR_MISS in family else frozenset(family)
    rng = random.Random(SEED)
    task = make_task(rng.sample(list(names), EXAM["names"]), rng, held_out=EXAM["held_out"], queries=EXAM["queries"],
                     made=kinds)  # fmt: skip
    found = prepare(task)
    # whose answer is not known (see ``prepare``) is not measured
    return replace(found, trains=np.isin(np.arange(found.size), found.pairs.query[~found.used]))


def families(sets: Sequence[Prepared], noise: Prepared, folder: Path) -> Iterable[str]:
    """What models lose on a family of noise that none of their own noise has."""
    yield "| family of noise | noise alone: with it | without it | and the labelled queries: with it | without it |"
    yield "|---|---|---|---|---|"
    others = read_names(folder)[:100_000]  # those that noise is made of come after them
    whole = [small([noise]), small([noise, *sets])]
    for label, family in FAMILIES.items():
        found = exam_of(others, family)
        [rest] = generated(folder, made=EVERY_KIND - set(family), noise=NOISE)
        bare = [small([rest]), small([rest, *sets])]
        told = [measured(found, model) for model in (whole[0], bare[0], whole[1], bare[1])]
        cells = " | ".join(f"{best:.3f} / {sure:.3f} / {accepted:.3f}" for best, sure, _, accepted in told)
        print(said := f"| {label} | {cells} |", flush=True)
        yield said


def main(folder: Path) -> None:
    """Train, measure, publish."""
    sets = [prepare_real(benchmark_queries(folder, "100k")), *(prepare_real(alias_set(folder, a)) for a in ALIASES)]
    [noise] = generated(folder, noise=NOISE)
    for marker, table in (("left out", sources(sets, noise)), ("noise left out", families(sets, noise, folder))):
        told: list[str] = []
        for line in table:
            told.append(line)
            if len(told) > 2:  # after every model: all of them take a while
                publish(marker, told)


def publish(marker: str, told: Sequence[str]) -> None:
    """Put a table between the page's markers."""
    begin, end = f"<!-- {marker} -->", f"<!-- /{marker} -->"
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(begin)[0], text.split(end)[1]
    PAGE.write_text(f"{before}{begin}\n\n" + "\n".join(told) + f"\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
