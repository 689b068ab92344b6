"""How right matching is: real aliases, a peer's labelled pairs, companies that were renamed. `matching.py` prints it.

Alias sets and benchmark queries are scored by the evaluation folder's own scorer, on the half that the name model was
not trained on (`evaluation.may_train`).
"""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa

from benchmarks.evaluation import ALIASES, Labelled, alias_set, clusters, rows, table

Scores = dict[str, Any]
_SEED = 7
_ORGANIZATIONS = ("Company", "Organization", "LegalEntity")


def calibration(place: Path, output: Path) -> float:
    """Expected calibration error over ten bins of the probability, of the answers given."""
    return _gap([(chance, ok, 1.0) for _, chance, ok in _answered(place, output)])


def by_company(place: Path, output: Path, company: Mapping[str, str]) -> tuple[float, float, float]:
    """The calibration error when every company counts once, however many spellings of it are asked for, and the range
    of the error by queries over 500 draws of the companies (2.5 to 97.5 %): what other companies might have shown."""
    answers: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for query, chance, ok in _answered(place, output):
        answers[company[query]].append((chance, ok))
    shares = [(chance, ok, 1 / len(rows)) for rows in answers.values() for chance, ok in rows]
    rng, groups = random.Random(_SEED), list(answers.values())
    drawn = (rng.choices(groups, k=len(groups)) for _ in range(500))
    errors = sorted(_gap([(chance, ok, 1.0) for rows in draw for chance, ok in rows]) for draw in drawn)
    return _gap(shares), errors[12], errors[-13]


def _answered(place: Path, output: Path) -> list[tuple[str, float, bool]]:
    """Query, probability and truth of each answer that names an organisation."""
    gold = dict(line.rstrip("\n").split("\t") for line in (place / "gold.tsv").open(encoding="utf-8"))
    rows = [row for row in table(output) if row["org_id"]]
    return [(r["query_id"], float(r["probability"]), r["org_id"] in gold[r["query_id"]].split("|")) for r in rows]


def _gap(weighed: Sequence[tuple[float, bool, float]]) -> float:
    """The expected calibration error of chances, truths and weights."""
    gaps, total = [0.0] * 10, 0.0
    for chance, ok, weight in weighed:
        gaps[min(int(chance * 10), 9)] += weight * (chance - ok)
        total += weight
    return sum(map(abs, gaps)) / max(total, 1e-9)


def scored(place: Path, output: Path, measure: ModuleType, *, leave_out: Collection[str] = ()) -> Scores:
    """The exam's scores of what was written, and the calibration error, without the queries that are left out."""
    if leave_out:
        place, output = _part(place, output, leave_out)
    scores: Scores = measure.match(place, output)
    return scores | {"ece": calibration(place, output)}


def _part(place: Path, output: Path, leave_out: Collection[str]) -> tuple[Path, Path]:
    part = place / "unseen"
    part.mkdir(exist_ok=True)
    kept = [line for line in (place / "gold.tsv").open(encoding="utf-8") if line.split("\t")[0] not in leave_out]
    (part / "gold.tsv").write_text("".join(kept), encoding="utf-8")
    with (part / output.name).open("w", newline="", encoding="utf-8") as file:
        answers = [row for row in table(output) if row["query_id"] not in leave_out]
        writer = csv.DictWriter(file, fieldnames=list(answers[0]))
        writer.writeheader()
        writer.writerows(answers)
    return part, part / output.name


def trained(found: Labelled) -> set[str]:
    """The queries of a set that trained the model."""
    return {query for query, trains in zip(found.query_ids, found.trains, strict=True) if trains}


def aliases(folder: Path, cache: Path, measure: ModuleType, answer: Callable[[Path], Path]) -> list[str]:
    """The table of real aliases; ``answer`` matches a folder's lists and gives the file it wrote. "Drawn anew" and
    "once" are the calibration error in other ways (:func:`by_company`)."""
    head = ("set", "queries", "companies", "best F1", "R@P95", "accept: precision", "recall", "calibration error",
            "drawn anew", "once")  # fmt: skip
    out = ["### Real aliases (half of the companies are not listed)", "", f"| {' | '.join(head)} |"]
    out.append("|---" * len(head) + "|")
    for label in ALIASES:
        place = cache / ALIASES[label]
        found = alias_set(folder, label, place)
        part, told = _part(place, answer(place), trained(found))
        s = scored(part, told, measure)
        cluster = clusters(folder, label)
        company = {key: cluster[name] for key, name in zip(found.query_ids, found.queries, strict=True)}
        asked = len({company[line.split("\t")[0]] for line in (part / "gold.tsv").open(encoding="utf-8")})
        once, low, high = by_company(part, told, company)
        out.append(f"| {label} | {s['queries']:,} | {asked:,} | {s['best_f1']:.3f} | {s['recall_at_p95']:.3f} | "
                   f"{s['accept_precision']:.3f} | {s['accept_recall']:.3f} | {s['ece']:.3f} | {low:.3f}–{high:.3f} | "
                   f"{once:.3f} |")  # fmt: skip
    return [*out, ""]


def f1(right: int, said: int, true: int) -> float:
    return 2 * right / max(said + true, 1)


def best_f1(chances: Iterable[float], truths: Iterable[bool]) -> float:
    """The best F1 over all thresholds."""
    pairs = sorted(zip(chances, truths, strict=True), reverse=True)
    true = sum(ok for _, ok in pairs)
    best, right = 0.0, 0
    for said, (chance, ok) in enumerate(pairs, 1):
        right += ok
        if said == len(pairs) or pairs[said][0] != chance:
            best = max(best, f1(right, said, true))
    return best


def peer_pairs(folder: Path) -> list[str]:
    """The organisations among nomenklatura's labelled pairs, with the scores that it froze."""
    from salestrigger.matchers.name_pairs import same_company

    pairs = [r for r in table(folder / "A_names" / "nk_logicv2-frozen.csv") if r["schema"] in _ORGANIZATIONS]
    truth = [r["is_match"] == "true" for r in pairs]
    ours = same_company([r["name1"] for r in pairs], [r["name2"] for r in pairs]).tolist()
    count = f"{len(pairs)} pairs, {sum(truth)} of them one organisation."
    title = "### nomenklatura's pairs of organisations"
    out = [title, "", count, "", "| method | F1 as shipped | best F1 |", "|---|---|---|"]
    theirs = [float(r["score"]) for r in pairs]
    for label, chances, said in (
        ("salestrigger, a pair without a list", ours, [p >= 0.5 for p in ours]),
        ("nomenklatura logic-v2", theirs, [r["predicted_match"] == "true" for r in pairs]),
    ):
        right = sum(a and b for a, b in zip(said, truth, strict=True))
        out.append(f"| {label} | {f1(right, sum(said), sum(truth)):.3f} | {best_f1(chances, truth):.3f} |")
    return [*out, ""]


def _fdb(folder: Path) -> list[list[str]]:
    return [[r["former_name"], r["new_name"]] for r in rows(folder / "A_names" / "fdb_former_names.tsv.gz")]


def _over_time(path: Path, key: str, seen: str) -> list[list[str]]:
    """The names of each company, the latest last."""
    names: dict[str, list[str]] = defaultdict(list)
    for row in sorted(rows(path), key=lambda r: r[seen]):
        names[row[key]].append(row["name"])
    return [list(dict.fromkeys(reversed(known)))[::-1] for known in names.values()]


def renamed(folder: Path) -> dict[str, list[list[str]]]:
    """Per set the names of each company: the former ones, then the current one."""
    names = folder / "A_names"
    return {
        "fdb_former_names": _fdb(folder),
        "sp500_names_by_cik": _over_time(names / "sp500_names_by_cik.tsv.gz", "sec_cik", "seen_at"),
        "ind_nl_name_changes": _over_time(names / "ind_nl_name_changes.tsv.gz", "kvk", "last_seen"),
    }


def renames(folder: Path, measure: ModuleType) -> list[str]:
    """Former names as queries, against the current names, without and with the former names as aliases."""
    others = [r["name"] for r in rows(folder / "B_lists" / "us_h1b_employers.tsv.gz")][::8]
    out = ["### Renames (former names asked for, among some 20,000 other companies)", "",
           "| set | former names | without: found | accepted wrongly | former names loaded: found | accepted |",
           "|---|---|---|---|---|---|"]  # fmt: skip
    for label, companies in renamed(folder).items():
        current = {measure.fold(names[-1]) for names in companies}
        heads = {measure.fold(name).split(" ")[0] for names in companies for name in names}
        strangers = [name for name in others if measure.fold(name).split(" ")[0] not in heads]
        asked = [(f"c{i}", name) for i, names in enumerate(companies) for name in names[:-1]]
        asked = [(key, name) for key, name in asked if measure.fold(name) not in current]
        bare, loaded = (_rename_answers(companies, strangers, asked, with_former=w) for w in (False, True))
        wrong = sum(r["decision"] == "accept" and r["org_id"] != key for r, (key, _) in zip(bare, asked, strict=True))
        accepted = sum(r["decision"] == "accept" for r in loaded)
        n = max(len(asked), 1)
        out.append(f"| {label} | {len(asked):,} | {_found(bare, asked) / n:.3f} | {wrong / n:.3f} | "
                   f"{_found(loaded, asked) / n:.3f} | {accepted / n:.3f} |")  # fmt: skip
    return [*out, ""]


def _found(answers: list[dict[str, Any]], asked: list[tuple[str, str]]) -> int:
    """How many have the right organisation as a match or for review."""
    pairs = zip(answers, asked, strict=True)
    return sum(row["org_id"] == key and row["decision"] != "reject" for row, (key, _) in pairs)


def _rename_answers(
    companies: list[list[str]], others: list[str], asked: list[tuple[str, str]], *, with_former: bool
) -> list[dict[str, Any]]:
    from salestrigger.matchers.match_lists import match_lists

    former = ["|".join(names[:-1]) if with_former else "" for names in companies]
    universe = pa.table({
        "org_id": [f"c{i}" for i in range(len(companies))] + [f"o{i}" for i in range(len(others))],
        "name": [names[-1] for names in companies] + others, "aliases": former + [""] * len(others),
    })  # fmt: skip
    queries = pa.table({"query_id": [f"q{i}" for i in range(len(asked))], "name": [name for _, name in asked]})
    answers: list[dict[str, Any]] = match_lists(universe, queries).to_pylist()
    return answers
