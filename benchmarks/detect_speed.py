"""How fast events are detected, beside peers: ``python -m benchmarks.detect_speed [FILE …] [--cache DIR] [--peers]``.

Each FILE has one document a line as ``salestrigger detect`` takes them; without one the labelled cases of
``tests/cases/events`` are joined to texts of news length. Measured in one process, in seconds of its CPU: ours with the
language known and with it to be found, and the same phrases as plain regular expressions and as a spaCy blank
pipeline's Matcher, each once with all phrases (×1) and once with nine more of its kind for each (×10). spaCy runs in
an environment of its own that this command makes under the cache folder (``--peers``). The peers only look for a
phrase's words within its gaps: they find no names, roles, amounts or modality.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import platform
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from salestrigger.flows.files import read_documents_file
from salestrigger.matchers.detect import detect
from salestrigger.matchers.language import language_of
from salestrigger.matchers.lexicon import Lexicon, load_lexicon
from salestrigger.sources.records import Document
from tests.gate import document_of, load_cases

PEER = Path(__file__).parent / "peers" / "spacy_matcher_peer.py"
PACKAGES = ("spacy==3.8.18",)
LENGTH = 2_500  #: characters of a news article, of the issue that asks for the figures
TIMES = (1, 10)
_KEEP = re.compile(r"\{[^{}]*\}\??|\$[a-z_]+|@[a-z_]+|\.\.\.?(?=\s|$)|~|[()|?]")
_WORD = re.compile(r"[^\s()|?*]+")


def texts(files: Sequence[Path]) -> list[Document]:
    """The documents of the files, or our cases joined to texts of news length, one language each."""
    if files:
        return [document for path in files for document in read_documents_file(path)]
    by_language: dict[str, list[Document]] = defaultdict(list)
    for case in load_cases():
        by_language[case["language"]].append(document_of(case))
    return [joined for known in by_language.values() for joined in _joined(known)]


def _joined(documents: Sequence[Document]) -> list[Document]:
    out, text = [], ""
    for document in documents * 3:  # every case three times, in another company
        text += f"{document.title}. {document.text} "
        if len(text) >= LENGTH:
            out.append(
                dataclasses.replace(document, title=documents[len(out) % len(documents)].title, text=text[:LENGTH])
            )
            text = ""
    return out


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
    """Documents a second of CPU, after one run to warm up: the better of two."""
    run()
    best = 0.0
    for _ in range(2):
        began = time.process_time()
        run()
        best = max(best, count / max(1e-9, time.process_time() - began))
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
        given.write_text(json.dumps({"phrases": pieces(lexicon), "documents": asked}), encoding="utf-8")
        done = subprocess.run([str(python), str(PEER), str(given)], check=True, capture_output=True, text=True)
        rates.append(float(done.stdout))
    return rates


def main(arguments: Sequence[str]) -> int:
    """Print one table."""
    parser = argparse.ArgumentParser(description="documents a second of CPU, ours and peers")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "salestrigger-benchmarks")
    parser.add_argument("--peers", action="store_true", help="spaCy too, installed under the cache folder")
    chosen = parser.parse_args(arguments)
    documents = texts(chosen.files)
    lexicons = [many(load_lexicon(), times) for times in TIMES]
    counts = [len(lexicon.phrases) for lexicon in lexicons]
    print(f"{len(documents)} documents, {sum(len(d.text) for d in documents) // len(documents)} characters on average; "
          f"Python {platform.python_version()}; documents a second of CPU")  # fmt: skip
    print(f"| method | {counts[0]:,} phrases | {counts[1]:,} phrases |\n|---|---|---|")
    rows = {
        "ours, language known": [rate(ours(documents, x, known=True), len(documents)) for x in lexicons],
        "ours, language to be found": [rate(ours(documents, x, known=False), len(documents)) for x in lexicons],
        "plain regular expressions": [rate(plain_regexes(documents, pieces(x)), len(documents)) for x in lexicons],
    }
    if chosen.peers:
        chosen.cache.mkdir(parents=True, exist_ok=True)
        rows["spaCy blank Matcher"] = spacy_rates(documents, chosen.cache, lexicons)
    for name, (once, tenfold) in rows.items():
        print(f"| {name} | {once:,.0f} | {tenfold:,.0f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
