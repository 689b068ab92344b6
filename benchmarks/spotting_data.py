"""The texts and names by which spotting is measured, read by path from the evaluation folder."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.segment import Raw
from salestrigger.sources.records import Document

SEED = 20_26
NER_SETS = {
    "nb": "ner_nob_norne_dev", "nn": "ner_nno_norne_dev", "nl": "ner_nl_conll2002_testa", "da": "ner_da_uner_dev",
    "sv": "ner_sv_klintan_train", "fi": "ner_fi_turku_dev", "de": "ner_de_germeval2014_dev",
}  # fmt: skip
LANGUAGES = (*NER_SETS, "en")
_ENGLISH = Path(__file__).with_name("spotting_english.tsv")  # text, start, end, kind: read and labelled by hand
_NEWSWIRE = 1_000  # texts
_DECIDED = re.compile(r"""[{,] ?['"](.+?)['"]: ['"]\w+['"]""")
_SHORT_TEXT = 300  # characters
_SENTENCES = 8  # sentences that make a text
_NO_SPACE_BEFORE = frozenset(".,;:!?)]»”%")
_NO_SPACE_AFTER = frozenset("([«„")
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Labelled:
    """A text with the spans of its entities."""

    document: Document
    language: str
    entities: tuple[tuple[int, int, str], ...]  #: start, end, type, in ``title + "\\n" + text``
    injected: tuple[tuple[int, int, str, str], ...] = ()  #: start, end, org id, kind of writing


@dataclass
class _Draft:
    title: str = ""
    parts: list[str] = field(default_factory=list)
    size: int = 0
    entities: list[tuple[int, int, str]] = field(default_factory=list)

    def add(self, text: str) -> int:
        """Append; the place where it begins, counted in the text."""
        begin = self.size
        self.parts.append(text)
        self.size += len(text)
        return begin


def document(key: str, title: str, text: str, language: str) -> Document:
    """A text as spotting takes it."""
    return Document(key, "set", key, "https://texts.example/1", title, text, _NOW, language)


def _sentences(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            tokens, tags = row["tokens"], row["tags"]
            if tags and tags[0].startswith("["):  # the set's own line about its source
                tokens, tags = tokens[1:], tags[1:]
            yield tokens, tags


def _write(draft: _Draft, tokens: Sequence[str], tags: Sequence[str]) -> None:
    """A sentence as it is printed, with its entities."""
    before = ""
    opened: tuple[int, str, int] | None = None
    for token, tag in zip(tokens, tags, strict=True):
        if draft.size and before[-1:] not in _NO_SPACE_AFTER and token[:1] not in _NO_SPACE_BEFORE:
            draft.add(" ")
        if opened and not tag.startswith("I-"):
            draft.entities.append((opened[0], opened[2], opened[1]))
            opened = None
        at = draft.add(token)
        if tag.startswith("B-"):
            opened = (at, tag[2:], at + len(token))
        elif opened and tag.startswith("I-"):
            opened = (opened[0], opened[1], at + len(token))
        before = token
    if opened:
        draft.entities.append((opened[0], opened[2], opened[1]))


def ner_texts(eval_dir: Path, language: str) -> list[Labelled]:
    """A labelled set as texts of some sentences."""
    path = eval_dir / "D_mentions" / f"{NER_SETS[language]}.jsonl.gz"
    drafts = [_Draft()]
    for number, (tokens, tags) in enumerate(_sentences(path)):
        if number and number % _SENTENCES == 0:
            drafts.append(_Draft())
        _write(drafts[-1], tokens, tags)
    return [
        Labelled(
            document(f"{language}-{n}", "", "".join(d.parts), language),
            language,
            tuple((a + 1, b + 1, kind) for a, b, kind in d.entities),
        )
        for n, d in enumerate(drafts)
    ]


def reuters(eval_dir: Path, count: int) -> list[Document]:
    """English newswire."""
    out = []
    with gzip.open(eval_dir / "C_events" / "reuters21578.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["body"] and len(out) < count:
                out.append(document(str(row["id"]), row["title"] or "", row["body"], "en"))
    return out


def newswire(eval_dir: Path) -> list[Labelled]:
    """English newswire whose names are not labelled, without the shortest."""
    long = [d for d in reuters(eval_dir, 3 * _NEWSWIRE) if len(d.text) > _SHORT_TEXT]
    return [Labelled(d, "en", ()) for d in long[:_NEWSWIRE]]


def labelled(eval_dir: Path, language: str) -> list[Labelled]:
    """Texts of a language with their entities; for English newswire with our own labels, which are places alone."""
    if language != "en":
        return ner_texts(eval_dir, language)
    entities: dict[str, list[tuple[int, int, str]]] = {}
    with _ENGLISH.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            entities.setdefault(row["text"], []).append((int(row["start"]), int(row["end"]), row["kind"]))
    texts = [text.document for text in newswire(eval_dir) if text.document.document_id in entities]
    return [Labelled(d, "en", tuple(entities[d.document_id])) for d in texts]


def names_1m(eval_dir: Path) -> list[tuple[str, str]]:
    """The benchmark's universe: org id, name."""
    with gzip.open(eval_dir / "A_names" / "bench_universe_1m.tsv.gz", "rt", encoding="utf-8") as lines:
        next(lines)
        return [tuple(line.rstrip("\n").split("\t")) for line in lines]  # type: ignore[misc]


def index_of(names: Sequence[tuple[str, str]]) -> OrganizationIndex:
    """An index of (org id, name) pairs; several names may have one id."""
    ids = sorted({key for key, _ in names})
    row = {key: n for n, key in enumerate(ids)}
    return OrganizationIndex.from_raw(
        Raw(
            org_ids=ids, countries=[0] * len(ids), entries=(), names=[name for _, name in names],
            name_org=[row[key] for key, _ in names], name_kind=[0] * len(names),
        )
    )  # fmt: skip


# --- headlines whose companies are known -----------------------------------------------------------------------------


def sentfin(eval_dir: Path) -> tuple[list[tuple[str, list[str]]], list[tuple[Document, set[str]]]]:
    """Companies with their aliases, and headlines with the companies they name."""
    folder = eval_dir / "D_mentions"
    with gzip.open(folder / "sentfin_entity_list.csv.gz", "rt", encoding="utf-8") as file:
        listed = [
            (row["Symbol"], [a.strip() for a in row["Entity"].split(",") if a.strip()]) for row in csv.DictReader(file)
        ]
    by_alias: dict[str, set[str]] = {}
    for symbol, aliases in listed:
        for alias in aliases:
            by_alias.setdefault(alias.lower(), set()).add(symbol)
    headlines = []
    with gzip.open(folder / "sentfin_headlines.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(io.StringIO(file.read())):
            entities = _DECIDED.findall(row["Decisions"])  # some names hold quotes that Python could not read
            known = [by_alias.get(entity.lower(), set()) for entity in entities]
            if all(len(some) == 1 for some in known):
                gold = {key for some in known for key in some}
                headlines.append((document(row["S No."], row["Title"], "", "en"), gold))
    return listed, headlines
