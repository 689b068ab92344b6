"""How well a text's language is found, and at what cost: ``python -m benchmarks.languages [FILE …] [--eval DIR]``.

Each FILE has one text a line: ``language``, ``title`` and ``text``; without one the labelled cases of
``tests/cases/events`` are read. ``--eval`` adds, from an evaluation folder, the sentences of its lists of names, whose
file names state the language: one by one, and four in a row for the length of a short item. Prints per set and language
the share that was found, what the others were taken for, and microseconds of CPU a text (one process, after a first
text that loads the lists). It measures the finding alone: what a source states is not asked.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from salestrigger.matchers.language import detect_language
from tests.gate import load_cases

SENTENCES = {
    "da": "ner_da_uner_dev", "de": "ner_de_germeval2014_dev", "fi": "ner_fi_turku_dev", "nb": "ner_nob_norne_dev",
    "nl": "ner_nl_conll2002_testa", "nn": "ner_nno_norne_dev", "sv": "ner_sv_klintan_train",
}  # fmt: skip
MOST = 2_400  #: sentences of one list
IN_A_ROW = 4
FEWEST = 4  #: words of a sentence
Text = tuple[str, str]  #: language, text


def of_cases(cases: Iterable[dict[str, str]]) -> Iterator[tuple[str, Text]]:
    """Titles alone, and titles with their texts."""
    for case in cases:
        yield "titles alone", (case["language"], case["title"])
        yield "titles and texts", (case["language"], f"{case['title']}\n{case['text']}")


def of_sentences(folder: Path) -> Iterator[tuple[str, Text]]:
    """The sentences of the lists, one by one and four in a row."""
    for language, name in SENTENCES.items():
        path = folder / "D_mentions" / f"{name}.jsonl.gz"
        if not path.exists():
            sys.exit(f"no {path.name} in {path.parent}")
        with gzip.open(path, "rt", encoding="utf-8") as file:
            lines = [json.loads(line)["tokens"] for _, line in zip(range(MOST), file, strict=False)]
        for tokens in lines:
            if len(tokens) >= FEWEST:
                yield "sentences", (language, " ".join(tokens))
        for at in range(0, len(lines) - IN_A_ROW + 1, IN_A_ROW):
            yield (
                "four sentences",
                (language, " ".join(word for tokens in lines[at : at + IN_A_ROW] for word in tokens)),
            )


def told(name: str, texts: Sequence[Text]) -> Iterator[str]:
    """The lines of one set."""
    start = time.process_time()
    found = Counter((language, detect_language(text)) for language, text in texts)
    cost = (time.process_time() - start) / len(texts) * 1e6
    yield f"{name}: {len(texts)} texts, {cost:.0f} µs of CPU a text"
    for language in sorted({language for language, _ in texts}):
        own = {guess: count for (truth, guess), count in found.items() if truth == language}
        wrong = ", ".join(f"{n} {guess}" for guess, n in sorted(own.items()) if guess != language)
        yield f"  {language} {own.get(language, 0) / sum(own.values()):.3f} of {sum(own.values())}  {wrong}"


def main() -> None:
    """Prints the figures of every set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--eval", type=Path, dest="folder", help="evaluation folder with D_mentions")
    args = parser.parse_args()
    lines = (line for path in args.files for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    sets: dict[str, list[Text]] = defaultdict(list)
    for name, text in of_cases([json.loads(line) for line in lines] if args.files else load_cases()):
        sets[name].append(text)
    for name, text in of_sentences(args.folder) if args.folder else ():
        sets[name].append(text)
    detect_language("")
    for _, text in next(iter(sets.values()), [])[:1]:
        detect_language(text)
    print("\n".join(line for name, texts in sets.items() for line in told(name, texts)))
    print(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
