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
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import ahocorasick_rs  # noqa: E402

from benchmarks.spotting_data import (  # noqa: E402
    NER_SETS,
    SEED,
    Labelled,
    index_of,
    injected,
    names_1m,
    ner_texts,
    reuters,
    sentfin,
)
from salestrigger.matchers.index import OrganizationIndex  # noqa: E402
from salestrigger.matchers.lexicon import load_lexicon  # noqa: E402
from salestrigger.matchers.resolve import Asked, resolve_all  # noqa: E402
from salestrigger.matchers.spot import spot_all  # noqa: E402
from salestrigger.matchers.types import Mention  # noqa: E402

PAGE = ROOT / "docs" / "spotting.md"
PARTS = ("speed", "injected", "ner", "unknown", "headlines")
#: What labelled sets call organisations, and what may be one as well: neither right nor wrong when it is found.
ORG = frozenset({"ORG"})
MAYBE = frozenset({"ORG", "PROD", "PRO", "GPE_ORG", "EVT", "EVENT", "MISC", "OTH", "ORGpart", "ORGderiv"})
Span = tuple[int, int, frozenset[str]]  #: start, end, org ids
_DISTRACTORS = 100_000


class Dictionary:
    """The baseline: names in lower case, longest first, whole words."""

    def __init__(self, names: Sequence[tuple[str, str]]) -> None:
        self.owners: dict[str, set[str]] = defaultdict(set)
        for key, name in names:
            if len(name) > 1:
                self.owners[name.lower()].add(key)
        self.patterns = list(self.owners)
        kind = ahocorasick_rs.MatchKind.Standard
        self.machine = ahocorasick_rs.AhoCorasick(self.patterns, matchkind=kind)

    def spans(self, full: str) -> list[Span]:
        """The longest names that begin and end with a word, left to right."""
        low = full.lower()
        if len(low) != len(full):
            low = "".join(c.lower() if len(c.lower()) == 1 else c for c in full)
        found = [
            (a, b, n)
            for n, a, b in self.machine.find_matches_as_indexes(low, overlapping=True)
            if not (a and low[a - 1].isalnum() and low[a].isalnum()) and not (b < len(low) and low[b].isalnum())
        ]
        out: list[Span] = []
        for a, b, n in sorted(found, key=lambda f: (f[0], -f[1])):
            if not out or a >= out[-1][1]:
                out.append((a, b, frozenset(self.owners[self.patterns[n]])))
        return out


def ours(texts: Sequence[Labelled], index: OrganizationIndex) -> list[list[Mention]]:
    """What spotting finds in the texts."""
    lexicon = load_lexicon()
    found = spot_all([t.document for t in texts], index, lexicon, [t.language for t in texts])
    return [[m for m in some if m.start >= 0] for some in found]


def known_spans(texts: Sequence[Labelled], index: OrganizationIndex) -> list[list[Span]]:
    """Mentions of listed names."""
    return [[(m.start, m.end, frozenset(m.candidates)) for m in some if m.candidates] for some in ours(texts, index)]


def _full(text: Labelled) -> str:
    return f"{text.document.title}\n{text.document.text}"


def overlap(a: int, b: int, c: int, d: int) -> bool:
    """Whether two spans share a character."""
    return a < d and c < b


# --- names put into real texts ---------------------------------------------------------------------------------------


def score_injected(texts: Sequence[Labelled], spans: Sequence[Sequence[Span]], errors: list[str]) -> dict[str, object]:
    """Recall over injected names; precision over the spans that lie on no entity of the text's own."""
    right = exact = total = wrong = strict = 0
    kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for text, some in zip(texts, spans, strict=True):
        used = set()
        for a, b, key, kind in text.injected:
            hit = [s for s in some if overlap(a, b, s[0], s[1])]
            good = [s for s in hit if key in s[2]]
            total, right = total + 1, right + bool(good)
            exact += any(s[:2] == (a, b) or (s[0] == a and 0 <= s[1] - b <= 1) for s in good)
            kinds[kind][0] += bool(good)
            kinds[kind][1] += 1
            used.update(good)
            if not good:
                errors.append(f"missed [{kind}] {_full(text)[a:b]!r} in {_full(text)[max(0, a - 30) : b + 30]!r} {hit}")
        for span in some:
            if span in used:
                continue
            strict += 1
            if not any(overlap(a, b, span[0], span[1]) for a, b, kind in text.entities if kind in MAYBE):
                wrong += 1
                a, b, _ = span
                errors.append(f"wrong {_full(text)[a:b]!r} in {_full(text)[max(0, a - 30) : b + 30]!r}")
    return {
        "names": total, "recall": right / max(total, 1), "precision": right / max(right + wrong, 1),
        "all others wrong": right / max(right + strict, 1), "exact": exact / max(right, 1),
    } | {f"{kind}": a / b for kind, (a, b) in sorted(kinds.items())}  # fmt: skip


def run_injected(eval_dir: Path, names: Sequence[tuple[str, str]], errors: list[str]) -> list[list[object]]:
    """The table of injected names, ours and the dictionary's."""
    index, baseline = index_of(names), Dictionary(names)
    rows = []
    sets = {language: ner_texts(eval_dir, language) for language in NER_SETS}
    english = [d for d in reuters(eval_dir, 3000) if len(d.text) > 300][:1000]
    sets["en"] = [Labelled(d, "en", ()) for d in english]
    for language, texts in sets.items():
        put = injected(texts, names)
        scores = score_injected(put, known_spans(put, index), errors)
        other = score_injected(put, [baseline.spans(_full(t)) for t in put], [])
        rows.append([language, scores["names"], *(scores[k] for k in (
            "recall", "precision", "all others wrong", "exact", "listed", "short", "ending", "title", "capitals",
        )), other["recall"], other["precision"]])  # fmt: skip
    return rows


# --- organisations of labelled sets ----------------------------------------------------------------------------------


def _entities(texts: Sequence[Labelled]) -> list[tuple[str, str]]:
    """Every distinct organisation of a set as it is written there: id, name."""
    written = sorted({_full(t)[a:b] for t in texts for a, b, kind in t.entities if kind in ORG})
    return [(f"own-{name.lower()}", name) for name in written if sum(c.isalnum() for c in name) > 1]


def score_ner(texts: Sequence[Labelled], spans: Sequence[Sequence[Span]], errors: list[str]) -> tuple[float, float]:
    """Precision and recall of listed organisations; a find on a name that may be one as well is not counted."""
    right = total = wrong = 0
    for text, some in zip(texts, spans, strict=True):
        used = set()
        for a, b, kind in text.entities:
            if kind not in ORG:
                continue
            name = f"own-{_full(text)[a:b].lower()}"
            good = [s for s in some if overlap(a, b, s[0], s[1]) and name in s[2]]
            total, right = total + 1, right + bool(good)
            used.update(good)
            if not good:
                errors.append(f"missed {_full(text)[a:b]!r} in {_full(text)[max(0, a - 40) : b + 40]!r}")
        for span in some:
            near = [k for a, b, k in text.entities if overlap(a, b, span[0], span[1])]
            if span in used or any(k in MAYBE - ORG for k in near):
                continue
            wrong += 1
            a, b, _ = span
            errors.append(f"wrong {_full(text)[a:b]!r} {near} in {_full(text)[max(0, a - 40) : b + 40]!r}")
    return right / max(right + wrong, 1), right / max(total, 1)


def run_ner(eval_dir: Path, names: Sequence[tuple[str, str]], errors: list[str]) -> list[list[object]]:
    """The table of labelled organisations, ours and the dictionary's."""
    rows = []
    for language in NER_SETS:
        texts = ner_texts(eval_dir, language)
        own = _entities(texts)
        taken = {name.lower() for _, name in own}
        universe = [*own, *((k, n) for k, n in names[:_DISTRACTORS] if n.lower() not in taken)]
        precision, recall = score_ner(texts, known_spans(texts, index_of(universe)), errors)
        baseline = Dictionary(universe)
        base_p, base_r = score_ner(texts, [baseline.spans(_full(t)) for t in texts], [])
        rows.append(
            [language, len(own), precision, recall, _f1(precision, recall), base_p, base_r, _f1(base_p, base_r)]
        )
    return rows


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / max(precision + recall, 1e-9)


def run_unknown(eval_dir: Path, errors: list[str]) -> list[list[object]]:
    """Organisations that no list knows: how many mentions by form are some, and how many of all are seen."""
    rows = []
    empty = OrganizationIndex.build([])
    for language in NER_SETS:
        texts = ner_texts(eval_dir, language)
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
                    errors.append(f"wrong {m.text!r} {near} in {_full(text)[max(0, m.start - 40) : m.end + 30]!r}")
        rows.append([language, said, right / max(said, 1), maybe / max(said, 1), seen / max(total, 1)])
    return rows


# --- headlines -------------------------------------------------------------------------------------------------------


def _universe_sentfin(listed: Iterable[tuple[str, list[str]]]) -> list[tuple[str, str]]:
    return [(symbol, alias) for symbol, aliases in listed for alias in aliases]


def _score_sets(gold: Sequence[set[str]], said: Sequence[set[str]]) -> tuple[float, float, float]:
    right = sum(len(a & b) for a, b in zip(gold, said, strict=True))
    precision, recall = right / max(sum(map(len, said)), 1), right / max(sum(map(len, gold)), 1)
    return precision, recall, _f1(precision, recall)


def run_headlines(eval_dir: Path, names: Sequence[tuple[str, str]], errors: list[str]) -> list[list[object]]:
    """Companies of headlines, linked; ours by decision, and the dictionary's."""
    listed, headlines = sentfin(eval_dir)
    universe = [*_universe_sentfin(listed), *names[:_DISTRACTORS]]
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
        rows.append([f"ours, {label}", *_score_sets(gold, said)])
        if label == "accept":
            errors += [
                f"wrong {s - g} missed {g - s}: {d.title!r}"
                for d, g, s in zip(documents, gold, said, strict=True)
                if s != g
            ]
    rows.append(["dictionary, names of one company", *_score_sets(gold, dictionary)])
    only = [[k for k in some if k in own] for some in dictionary]
    rows.append(["dictionary, without the distractors", *_score_sets(gold, [set(x) for x in only])])
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
