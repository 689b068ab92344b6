"""How fast events are detected, beside peers: ``python -m benchmarks.detect_speed [FILE …] [--cache DIR] [--peers]``.

Each FILE has one document a line as ``salestrigger detect`` takes them; without one the labelled cases of
``tests/cases/events`` are joined to texts of news length, in eight languages: a day (texts in which nothing happened,
every fifth with an event at its head), and a worst case (every sentence was written to tell of an event). Measured in
one process, in seconds of its CPU, after one run to warm up: ours with the language known and with it to be found,
each once with all phrases (×1) and once with nine more of its kind for each (×10). With ``--peers`` the phrases of
one language are also tried as plain regular expressions and as a spaCy blank pipeline's Matcher, beside ours, on one
text: they take seconds a text, and the Matcher some minutes to take in the phrases of ×10. spaCy runs in an environment
of its own that this command makes under the cache folder. The peers only look for a phrase's words within its gaps:
they find no names, roles, amounts or modality.
With ``--write`` the tables go into docs/detecting.md and the plot beside it.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import random
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.plot import curves
from benchmarks.processes import timed
from salestrigger.flows.detect_files import read_documents_file
from salestrigger.matchers.detect import detect
from salestrigger.matchers.language import language_of
from salestrigger.matchers.lexicon import Lexicon, load_lexicon
from salestrigger.sources.records import Document
from tests.gate import document_of, load_cases

PEER = Path(__file__).parent / "peers" / "spacy_matcher_peer.py"
PACKAGES = ("spacy==3.8.18",)
PEER_LANGUAGES = ("nl",)
LENGTH = 2_500  #: characters of a news article
LEAST = 0.5  #: seconds of CPU that are measured at least
TIMES = (1, 10)
SEED = 7
ROOT = Path(__file__).resolve().parents[1]
PAGE, PLOT = ROOT / "docs" / "detecting.md", ROOT / "docs" / "detecting.svg"
Case = Mapping[str, Any]
Rates = dict[str, list[float]]  #: method → documents a second, by number of phrases
_KEEP = re.compile(r"\{[^{}]*\}\??|\$[a-z_]+|@[a-z_]+|\.\.\.?(?=\s|$)|~|[()|?]")
_WORD = re.compile(r"[^\s()|?*]+")


def texts(files: Sequence[Path]) -> dict[str, list[Document]]:
    """The documents of the files, or what our cases make, by the name of the set."""
    if files:
        return {"of the files": [document for path in files for document in read_documents_file(path)]}
    cases = load_cases()
    quiet, telling = ([c for c in cases if bool(c["events"]) is told] for told in (False, True))
    return {"a day": _day(quiet, telling), "every sentence tells": _dense(telling)}


def _day(quiet: Sequence[Case], telling: Sequence[Case]) -> list[Document]:
    """Of each language ten texts of news length made of cases without an event, every fifth with one at its head."""
    chosen, out = random.Random(SEED), []
    for language in sorted({case["language"] for case in quiet}):
        calm, loud = ([c for c in cases if c["language"] == language] for cases in (quiet, telling))
        for number in range(10):
            parts = chosen.sample(calm, len(calm))
            head = loud[number % len(loud)] if number % 5 == 0 else parts[0]
            out.append(_joined(head, parts))
    chosen.shuffle(out)
    return out


def _dense(telling: Sequence[Case]) -> list[Document]:
    """Of each language four texts of news length made of cases with an event."""
    chosen, out = random.Random(SEED), []
    for language in sorted({case["language"] for case in telling}):
        own = [case for case in telling if case["language"] == language]
        out += [_joined(parts[0], parts) for parts in (chosen.sample(own, len(own)) for _ in range(4))]
    return out


def _joined(head: Case, parts: Sequence[Case]) -> Document:
    text = " ".join([head["text"], *(f"{part['title']}. {part['text']}" for part in parts if part is not head)])
    return dataclasses.replace(document_of(head), text=text[:LENGTH])


def many(lexicon: Lexicon, times: int) -> Lexicon:
    """The lexicon with ``times`` as many phrases: the others have the same form and words that no text has."""
    types = {
        name: kind.model_copy(update={"phrases": {k: _times(v, times) for k, v in kind.phrases.items()}})
        for name, kind in lexicon.types.items()
    }
    return Lexicon(types, lexicon.languages)


def _times(phrases: Sequence[str], times: int) -> tuple[str, ...]:
    more = (_other(phrase, number) for number in range(1, times) for phrase in phrases)
    return (*phrases, *(phrase for phrase in more if phrase))


def _other(phrase: str, number: int) -> str:
    """The phrase with a suffix on each of its words; empty when all its words are in sets."""
    parts, at = [], 0
    for kept in (*_KEEP.finditer(phrase), None):
        between = phrase[at : kept.start() if kept else len(phrase)]
        parts.append(_WORD.sub(lambda word: f"{word[0]}q{number}", between))
        if kept:
            parts.append(kept[0])
            at = kept.end()
    other = "".join(parts)
    return other if other != phrase else ""


def pieces(lexicon: Lexicon) -> dict[str, list[list[list[str]]]]:
    """Language → per phrase the alternatives of each piece, its roles and values left out: what the peers look for."""
    out: dict[str, list[list[list[str]]]] = defaultdict(list)
    for _, language, pattern in lexicon.phrases:
        out[language].append([sorted(need.alternatives) for need in pattern.required])
    return dict(out)


def plain_regexes(documents: Sequence[Document], phrases: dict[str, list[list[list[str]]]]) -> Callable[[], int]:
    """One plain expression per phrase, on the text as it stands."""
    compiled = {
        language: [re.compile(r".{0,80}?".join(_alternatives(p) for p in phrase), re.IGNORECASE) for phrase in known]
        for language, known in phrases.items()
    }

    def run() -> int:
        return sum(1 for d in documents for e in compiled.get(d.language or "", ()) if e.search(d.text))

    return run


def _alternatives(words: Sequence[str]) -> str:
    return r"\b(?:" + "|".join(re.escape(w).replace(r"\*", r"\w*") for w in words) + r")\b"


def ours(documents: Sequence[Document], lexicon: Lexicon, *, known: bool) -> Callable[[], int]:
    """Detecting as it is, with the language stated or found."""
    stated = [d if known else dataclasses.replace(d, language=None) for d in documents]
    return lambda: sum(len(detect(d, (), lexicon, language_of(d))[0]) for d in stated)


def rate(run: Callable[[], int], count: int) -> float:
    """Documents a second of CPU, after one run to warm up: the best of two and more."""
    run()
    best = spent = 0.0
    runs = 0
    while runs < 2 or spent < LEAST:
        began = time.process_time()
        run()
        took = max(1e-9, time.process_time() - began)
        best, spent, runs = max(best, count / took), spent + took, runs + 1
    return best


def spacy_rates(documents: Sequence[Document], cache: Path, lexicons: Sequence[Lexicon]) -> list[float]:
    """The Matcher's figures, from its own environment."""
    place = cache / "env-spacy"
    python = place / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    rates = []
    for number, lexicon in enumerate(lexicons):
        given = cache / f"matcher-{number}.json"
        asked = [{"language": d.language, "text": d.text} for d in documents]
        given.write_text(json.dumps({"phrases": _of(documents, lexicon), "documents": asked}), encoding="utf-8")
        done = subprocess.run([str(python), str(PEER), str(given)], check=True, capture_output=True, text=True)
        rates.append(float(done.stdout))
    return rates


def rates_of(documents: Sequence[Document], lexicons: Sequence[Lexicon]) -> Rates:
    """Ours on one set."""
    count = len(documents)
    return {
        "ours, language known": [rate(ours(documents, x, known=True), count) for x in lexicons],
        "ours, language to be found": [rate(ours(documents, x, known=False), count) for x in lexicons],
    }


def _of(documents: Sequence[Document], lexicon: Lexicon) -> dict[str, list[list[list[str]]]]:
    """The pieces of the documents' languages."""
    spoken = {document.language for document in documents}
    return {language: known for language, known in pieces(lexicon).items() if language in spoken}


def one_each(documents: Sequence[Document]) -> list[Document]:
    """The first document in each of the peers' languages."""
    first = {d.language: d for d in reversed(documents)}
    return [first[language] for language in PEER_LANGUAGES if language in first]


def peers_table(documents: Sequence[Document], lexicons: Sequence[Lexicon], cache: Path) -> tuple[Rates, list[str]]:
    """Ours and the peers on the same few documents, with the phrases of their languages."""
    some = one_each(documents)
    counts = [sum(map(len, _of(some, lexicon).values())) for lexicon in lexicons]
    rates = {
        **rates_of(some, lexicons),
        "plain regular expressions": [rate(plain_regexes(some, _of(some, x)), len(some)) for x in lexicons],
        "spaCy blank Matcher": spacy_rates(some, cache, lexicons),
    }
    head = f"### Beside peers, in {', '.join(d.language or '' for d in some)}"
    lines = [head, "", *table(some, rates, counts)]
    best = rates["ours, language known"]
    for name in ("plain regular expressions", "spaCy blank Matcher"):
        few, more = (ours / theirs for ours, theirs in zip(best, rates[name], strict=True))
        lines.append(f"- {name}: ours read {few:,.0f} and {more:,.0f} times as many")
    return rates, [*lines, ""]


def table(documents: Sequence[Document], rates: Rates, counts: Sequence[int]) -> list[str]:
    """Documents a second, and how much more a document costs with ten times the phrases."""
    length = sum(len(d.text) for d in documents) // len(documents)
    out = [f"Texts: {len(documents)}, of {length:,} characters; documents a second of CPU.", ""]
    out += [f"| method | {counts[0]:,} phrases | {counts[1]:,} phrases | cost × |", "|---|---|---|---|"]
    return [*out, *(f"| {n} | {_figure(a)} | {_figure(b)} | {a / b:.1f} |" for n, (a, b) in rates.items()), ""]


def _figure(rate_: float) -> str:
    return f"{rate_:,.0f}" if rate_ >= 10 else f"{rate_:.2g}"


def loading(cache: Path) -> str:
    """What starting costs: the command on one document of each language, in a process of its own; the better of two."""
    documents = {d.language: d for d in texts(())["a day"]}
    given, out = cache / "start.jsonl", cache / "start-events.jsonl"
    lines = ({"document_id": d.document_id, "title": d.title, "text": d.text} for d in documents.values())
    given.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    command = [sys.executable, "-m", "salestrigger.flows.cli", "detect", str(given), "-o", str(out)]
    taken = [timed(command) for _ in range(2)]
    cpu, peak = min(cpu for _, cpu, _ in taken), max(peak for _, _, peak in taken)
    return (
        f"To start `salestrigger detect`, with all types and languages, and read one document of each language: "
        f"{cpu:.1f} s of CPU, {peak:.0f} MB at most."
    )


def _machine() -> str:
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d} with Python {platform.python_version()} on {os.cpu_count()} cores; "
        f"load average {os.getloadavg()[0]:.1f}: what others do there slows a second of CPU too."
    )


def publish(lines: Sequence[str]) -> None:
    """Put the tables between the page's markers."""
    begin, end = "<!-- speed -->", "<!-- /speed -->"
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text("\n".join([text.split(begin)[0] + begin, "", *lines, end]) + text.split(end)[1], encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="documents a second of CPU, ours and peers")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "salestrigger-benchmarks")
    parser.add_argument("--peers", action="store_true", help="spaCy too, installed under the cache folder")
    parser.add_argument("--write", action="store_true", help="into docs/detecting.md")
    chosen = parser.parse_args(arguments)
    lexicons = [many(load_lexicon(), times) for times in TIMES]
    counts = [len(lexicon.phrases) for lexicon in lexicons]
    chosen.cache.mkdir(parents=True, exist_ok=True)
    measured = {}
    lines = [_machine(), "", loading(chosen.cache), ""]
    print("\n".join(lines), flush=True)
    for name, documents in texts(chosen.files).items():
        measured[name] = rates_of(documents, lexicons)
        fresh = [f"### {name.capitalize()}", "", *table(documents, measured[name], counts)]
        if chosen.peers and len(measured) == 1:
            measured[name], beside = peers_table(documents, lexicons, chosen.cache)
            fresh += beside
        print("\n".join(fresh), flush=True)
        lines += fresh
    if chosen.write:
        publish(lines)
        first = next(iter(measured.values()))
        costs = {n: [(c, 1000 / r) for c, r in zip(counts, rates, strict=True)] for n, rates in first.items()}
        PLOT.write_text(curves("Cost of a document against the number of phrases", costs), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
