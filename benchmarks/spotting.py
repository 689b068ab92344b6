"""Measure spotting and linking: ``python benchmarks/spotting.py EVAL_DIR [--only PART …] [--errors N]``.

Parts: ``speed``, ``injected``, ``ner``, ``unknown``, ``headlines``. Prints the tables and writes them into
docs/spotting.md between each part's markers; the protocol stands there. The baseline is a dictionary: the longest
listed name at every place of the lower-cased text, whole words only, by Aho-Corasick.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.spotting_data import (  # noqa: E402
    LANGUAGES,
    SEED,
    Labelled,
    index_of,
    labelled,
    names_1m,
    newswire,
    reuters,
    sentfin,
)
from benchmarks.spotting_injected import injected  # noqa: E402
from benchmarks.spotting_scores import (  # noqa: E402
    MAYBE,
    ORG,
    Dictionary,
    f1,
    full_of,
    known_spans,
    ours,
    overlap,
    own_names,
    score_injected,
    score_ner,
    score_sets,
)
from salestrigger.matchers.index import OrganizationIndex  # noqa: E402
from salestrigger.matchers.lexicon import load_lexicon  # noqa: E402
from salestrigger.matchers.resolve import Asked, resolve_all  # noqa: E402
from salestrigger.matchers.spot import spot_all  # noqa: E402

PAGE = ROOT / "docs" / "spotting.md"
PARTS = ("speed", "injected", "ner", "unknown", "headlines")
_DISTRACTORS = 100_000
_FEWEST_NAMES = 500  # put into the texts of a language


def run_injected(eval_dir: Path, names: Sequence[tuple[str, str]], errors: list[str]) -> list[list[object]]:
    """The table of injected names, ours and the dictionary's."""
    index, baseline = index_of(names), Dictionary(names)
    rows = []
    sets = {language: labelled(eval_dir, language) for language in LANGUAGES}
    for language, texts in (*sets.items(), ("en, unlabelled", newswire(eval_dir))):
        put = [text for seed in range(_rounds(texts)) for text in injected(texts, names, seed=SEED + seed)]
        scores = score_injected(put, known_spans(put, index), errors)
        other = score_injected(put, [baseline.spans(full_of(t)) for t in put], [])
        unknown = not any(text.entities for text in texts)
        rows.append([language, scores["names"], scores["recall"], "–" if unknown else scores["precision"],
                     *(scores[k] for k in ("all others wrong", "exact", "listed", "short", "ending", "title",
                                           "capitals")),
                     other["recall"], "–" if unknown else other["precision"]])  # fmt: skip
    return rows


def _rounds(texts: Sequence[Labelled]) -> int:
    """How often a small set is used, with other names each time."""
    return max(1, round(_FEWEST_NAMES / (2 * len(texts))))


def run_ner(eval_dir: Path, names: Sequence[tuple[str, str]], errors: list[str]) -> list[list[object]]:
    """The table of labelled organisations, ours and the dictionary's."""
    rows = []
    for language in LANGUAGES:
        texts = labelled(eval_dir, language)
        own = own_names(texts)
        taken = {name.lower() for _, name in own}
        universe = [*own, *((k, n) for k, n in names[:_DISTRACTORS] if n.lower() not in taken)]
        precision, recall = score_ner(texts, known_spans(texts, index_of(universe)), errors)
        baseline = Dictionary(universe)
        base_p, base_r = score_ner(texts, [baseline.spans(full_of(t)) for t in texts], [])
        rows.append([language, len(own), precision, recall, f1(precision, recall), base_p, base_r, f1(base_p, base_r)])
    return rows


def run_unknown(eval_dir: Path, errors: list[str]) -> list[list[object]]:
    """Organisations that no list knows: how many mentions by form are some, and how many of all are seen."""
    rows = []
    empty = OrganizationIndex.build([])
    for language in LANGUAGES:
        texts = labelled(eval_dir, language)
        right = said = maybe = total = seen = 0
        for text, mentions in zip(texts, ours(texts, empty), strict=True):
            gold = [(a, b) for a, b, kind in text.entities if kind in ORG]
            total += len(gold)
            seen += sum(any(overlap(a, b, m.start, m.end) for m in mentions) for a, b in gold)
            for m in mentions:
                near = [k for a, b, k in text.entities if overlap(a, b, m.start, m.end)]
                said, right = said + 1, right + ("ORG" in near)
                maybe += any(k in MAYBE for k in near)
                if not any(k in MAYBE for k in near):
                    errors.append(f"wrong {m.text!r} {near} in {full_of(text)[max(0, m.start - 40) : m.end + 30]!r}")
        rows.append([language, said, right / max(said, 1), maybe / max(said, 1), seen / max(total, 1)])
    return rows


def run_headlines(eval_dir: Path, names: Sequence[tuple[str, str]], errors: list[str]) -> list[list[object]]:
    """Companies of headlines, linked; ours by decision, and the dictionary's."""
    listed, headlines = sentfin(eval_dir)
    universe = [*((symbol, alias) for symbol, aliases in listed for alias in aliases), *names[:_DISTRACTORS]]
    own = {symbol for symbol, _ in listed}
    index, lexicon = index_of(universe), load_lexicon()
    documents = [d for d, _ in headlines]
    gold = [g for _, g in headlines]
    found = spot_all(documents, index, lexicon, ["en"] * len(documents))
    matches = resolve_all([Asked(d, m) for d, m in zip(documents, found, strict=True)], index)
    baseline = Dictionary(universe)
    dictionary = [{k for s in baseline.spans(f"{d.title}\n") if len(s[2]) == 1 for k in s[2]} for d in documents]
    rows: list[list[object]] = []
    for label, decisions in (("accept", {"accept"}), ("accept or review", {"accept", "review"})):
        said = [{str(m.organization_id) for m in some.values() if m.decision in decisions} for some in matches]
        rows.append([f"ours, {label}", *score_sets(gold, said)])
        if label == "accept":
            errors += [
                f"wrong {s - g} missed {g - s}: {d.title!r}"
                for d, g, s in zip(documents, gold, said, strict=True)
                if s != g
            ]
    rows.append(["dictionary, names of one company", *score_sets(gold, dictionary)])
    only = [[k for k in some if k in own] for some in dictionary]
    rows.append(["dictionary, without the distractors", *score_sets(gold, [set(x) for x in only])])
    return rows


# --- speed -----------------------------------------------------------------------------------------------------------


def run_speed(eval_dir: Path, names: Sequence[tuple[str, str]]) -> list[list[object]]:
    """10,000 texts against a saved index of a million names, in this process, after loading."""
    texts = reuters(eval_dir, 10_000)
    long = texts[:]
    random.Random(SEED).shuffle(long)
    joined = [
        type(a)(
            a.document_id, a.source_id, a.key, a.url, a.title, f"{a.text}\n\n{b.text}\n\n{c.text}", a.fetched_at, "en"
        )
        for a, b, c in zip(texts, long, long[3000:] + long[:3000], strict=True)
    ]
    lexicon = load_lexicon()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        index_of(names).save(Path(folder) / "index")
        index = OrganizationIndex.load(Path(folder) / "index")
        spot_all(texts[:5], index, lexicon, ["en"] * 5)
        for label, some in (("newswire as it is", texts), ("three in one", joined)):
            wall, cpu = time.perf_counter(), time.process_time()
            found = spot_all(some, index, lexicon, ["en"] * len(some))
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            size = sum(len(d.title) + len(d.text) + 1 for d in some) / 1e6
            rows.append([label, len(some), size, wall, cpu, sum(map(len, found)), _peak_mb()])
    return rows


def _peak_mb() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# --- tables ----------------------------------------------------------------------------------------------------------

HEADS = {
    "speed": ("10,000 texts × 1,000,000 names", (
        "texts", "number", "MB", "wall s", "processor s", "mentions", "peak MB of the process")),
    "injected": ("Names put into real texts, universe of 1,000,000", (
        "language", "names", "recall", "precision", "if all else is wrong", "exact span", "as listed", "short",
        "ending", "title", "capitals", "dictionary recall", "precision")),
    "ner": ("Organisations of labelled sets, with 100,000 other names", (
        "language", "names", "precision", "recall", "F1", "dictionary precision", "recall", "F1")),
    "unknown": ("Organisations by form alone (empty universe)", (
        "language", "mentions", "labelled ORG", "ORG or another name", "share of all ORG seen")),
    "headlines": ("Headlines linked to companies (1,010 companies with aliases, 100,000 other names)", (
        "method", "precision", "recall", "F1")),
}  # fmt: skip


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}" if value <= 1 else f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def table(part: str, rows: Iterable[Sequence[object]]) -> str:
    """One part as Markdown."""
    title, head = HEADS[part]
    lines = [f"### {title}", "", f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(map(_cell, row))} |" for row in rows), ""])


def write(part: str, text: str) -> None:
    """Put a part's table between its markers on the page."""
    about = f"Measured {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} cores, "
    about += f"load average {os.getloadavg()[0]:.1f} at the end."
    page = PAGE.read_text(encoding="utf-8")
    begin, end = page.index(f"<!-- {part} -->"), page.index(f"<!-- /{part} -->")
    PAGE.write_text(f"{page[:begin]}<!-- {part} -->\n{text}\n{about}\n\n{page[end:]}", encoding="utf-8")


def main() -> None:
    """Run the parts and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("eval_dir", type=Path)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--errors", type=int, default=0, help="print so many examples of what was wrong, per part")
    args = parser.parse_args()
    if not (args.eval_dir / "D_mentions").is_dir():
        sys.exit(f"no D_mentions in {args.eval_dir}: give the folder of the evaluation data")
    names = names_1m(args.eval_dir)
    parts: dict[str, Callable[[list[str]], list[list[object]]]] = {
        "speed": lambda _: run_speed(args.eval_dir, names),
        "injected": lambda errors: run_injected(args.eval_dir, names, errors),
        "ner": lambda errors: run_ner(args.eval_dir, names, errors),
        "unknown": lambda errors: run_unknown(args.eval_dir, errors),
        "headlines": lambda errors: run_headlines(args.eval_dir, names, errors),
    }
    for part in args.only:
        errors: list[str] = []
        text = table(part, parts[part](errors))
        print(text, flush=True)
        write(part, text)
        kinds = Counter(line.split(" ", 1)[0] for line in errors)
        random.Random(SEED).shuffle(errors)
        if args.errors:
            print(kinds, *errors[: args.errors], sep="\n")


if __name__ == "__main__":
    main()
