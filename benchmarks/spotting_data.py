"""The texts and names by which spotting is measured: labelled sets read by path, and names put into real texts."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.legal_forms import split_legal_form
from salestrigger.matchers.names import normalise
from salestrigger.matchers.segment import Raw
from salestrigger.sources.records import Document

SEED = 20_26
NER_SETS = {
    "nb": "ner_nob_norne_dev", "nn": "ner_nno_norne_dev", "nl": "ner_nl_conll2002_testa", "da": "ner_da_uner_dev",
    "sv": "ner_sv_klintan_train", "fi": "ner_fi_turku_dev", "de": "ner_de_germeval2014_dev",
}  # fmt: skip
_DECIDED = re.compile(r"""[{,] ?['"](.+?)['"]: ['"]\w+['"]""")
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


# --- names put into texts --------------------------------------------------------------------------------------------

#: Sentences of ours, {} for the name; the second group takes a name with its genitive or case ending.
FRAMES = {
    "en": (
        ["{} said on Monday that it will hire 40 people.", "The order went to {} after a long tender.",
         "Rival {} declined to comment.", "Talks with {} broke down last week.", "According to {}, demand is weak."],
        ["{}' results beat the forecast."], ["{}'s new plant opens in May."],
        ["{} opens new office", "Contract for {}", "{} to cut 200 jobs"],
    ),
    "nb": (
        ["{} skal ansette 40 personer i år.", "Kontrakten gikk til {} etter en lang anbudsrunde.",
         "Konkurrenten {} vil ikke kommentere saken.", "Samtalene med {} brøt sammen i forrige uke.",
         "Ifølge {} er etterspørselen svak."],
        ["{}' resultat ble bedre enn ventet."], ["{}s nye fabrikk åpner i mai."],
        ["{} åpner nytt kontor", "Millionkontrakt til {}", "{} kutter 200 stillinger"],
    ),
    "nn": (
        ["{} skal tilsetje 40 personar i år.", "Kontrakten gjekk til {} etter ein lang anbodsrunde.",
         "Konkurrenten {} vil ikkje kommentere saka.", "Samtalane med {} braut saman i førre veke.",
         "Ifølgje {} er etterspurnaden svak."],
        ["{}' resultat vart betre enn venta."], ["{}s nye fabrikk opnar i mai."],
        ["{} opnar nytt kontor", "Millionkontrakt til {}", "{} kuttar 200 stillingar"],
    ),
    "nl": (
        ["{} neemt dit jaar 40 mensen aan.", "De opdracht ging naar {} na een lange aanbesteding.",
         "Concurrent {} wil niet reageren.", "De gesprekken met {} liepen vorige week vast.",
         "Volgens {} is de vraag zwak."],
        ["{}' resultaat viel mee."], ["{}s nieuwe fabriek opent in mei."],
        ["{} opent nieuw kantoor", "Miljoenenopdracht voor {}", "{} schrapt 200 banen"],
    ),
    "sv": (
        ["{} ska anställa 40 personer i år.", "Ordern gick till {} efter en lång upphandling.",
         "Konkurrenten {} vill inte kommentera saken.", "Samtalen med {} bröt samman förra veckan.",
         "Enligt {} är efterfrågan svag."],
        ["{}' resultat blev bättre än väntat."], ["{}s nya fabrik öppnar i maj."],
        ["{} öppnar nytt kontor", "Miljonorder till {}", "{} varslar 200 anställda"],
    ),
    "da": (
        ["{} skal ansætte 40 medarbejdere i år.", "Kontrakten gik til {} efter et langt udbud.",
         "Konkurrenten {} vil ikke kommentere sagen.", "Samtalerne med {} brød sammen i sidste uge.",
         "Ifølge {} er efterspørgslen svag."],
        ["{}' resultat blev bedre end ventet."], ["{}s nye fabrik åbner i maj."],
        ["{} åbner nyt kontor", "Millionordre til {}", "{} fyrer 200 ansatte"],
    ),
    "de": (
        ["{} will in diesem Jahr 40 Leute einstellen.", "Der Auftrag ging an {} nach langer Ausschreibung.",
         "Konkurrent {} wollte sich nicht äußern.", "Die Gespräche mit {} scheiterten vergangene Woche.",
         "Laut {} ist die Nachfrage schwach."],
        ["{}' Ergebnis fiel besser aus als erwartet."], ["{}s neues Werk öffnet im Mai."],
        ["{} eröffnet neues Büro", "Millionenauftrag für {}", "{} streicht 200 Stellen"],
    ),
    "fi": (
        ["{} palkkaa tänä vuonna 40 henkeä.", "Tilaus meni yhtiölle {} pitkän kilpailutuksen jälkeen.",
         "Kilpailija {} ei kommentoi asiaa.", "Yhtiö {} avaa uuden tehtaan.", "Myös {} vähentää väkeä."],
        ["{}:n tulos parani odotetusta."], ["{}n uusi tehdas avataan toukokuussa."],
        ["{} avaa uuden toimiston", "{} voitti ison tilauksen", "{} vähentää 200 henkeä"],
    ),
}  # fmt: skip


def _short(name: str) -> str:
    """The name without its legal form, as written; the whole name where too little would remain."""
    core, form = split_legal_form(name)
    if form is None:
        return name
    pieces = name.split()
    for size in range(len(pieces) - 1, 0, -1):
        if normalise(" ".join(pieces[:size])) == core:
            short = " ".join(pieces[:size]).strip(",;.( ")
            return short if len(short) > 3 and not short.isdigit() else name
    return name


def _written(name: str, language: str, kind: str, random_: random.Random) -> tuple[str, str, bool]:
    """A sentence, the name as it stands in it, and whether the sentence is a headline."""
    plain, apostrophe, ending, title = FRAMES[language]
    short = _short(name)
    if kind == "listed":
        return random_.choice(plain), name, False
    if kind == "short":
        return random_.choice(plain), short, False
    if kind == "ending":
        frames = apostrophe if short[-1:].lower() in "sxz" or not short[-1:].islower() else ending
        return random_.choice(frames), short, False
    return random_.choice(title), short.upper() if kind == "capitals" else short, True


KINDS = ("listed", "listed", "listed", "short", "short", "short", "ending", "ending", "title", "capitals")


def injected(texts: Sequence[Labelled], names: Sequence[tuple[str, str]], *, each: int = 2) -> list[Labelled]:
    """Every text with names of the universe in sentences of ours at its begin and end, and sometimes a headline."""
    random_ = random.Random(SEED)
    out = []
    for number, one in enumerate(texts):
        title, before, after = "", "", ""
        spots: list[tuple[str, str, str, str]] = []
        for _ in range(each):
            key, name = random_.choice(names)
            if sum(c.isalpha() for c in name) < 3 or name[0].islower():
                continue
            kind = random_.choice(KINDS)
            frame, surface, headline = _written(name, one.language, kind, random_)
            sentence = (frame.upper() if kind == "capitals" else frame).replace("{}", surface, 1)
            if headline and title:
                continue
            offset = frame.index("{}")
            if headline:
                title = sentence
                spots.append((key, kind, "title", f"{offset} {len(surface)}"))
            elif random_.random() < 0.5:
                spots = [(k, d, w, _moved(p, len(sentence) + 1) if w == "before" else p) for k, d, w, p in spots]
                before = f"{sentence} {before}"
                spots.append((key, kind, "before", f"{offset} {len(surface)}"))
            else:
                gap = " " if (after or one.document.text)[-1:] in {".", "!", "?"} else "\n"
                spots.append((key, kind, "after", f"{len(after) + 1 + offset} {len(surface)}"))
                after = f"{after}{gap}{sentence}"
        out.append(_assembled(one, number, (title, before, after), spots))
    return out


def _moved(place: str, by: int) -> str:
    begin, size = place.split()
    return f"{int(begin) + by} {size}"


def _assembled(
    one: Labelled, number: int, parts: tuple[str, str, str], spots: Sequence[tuple[str, str, str, str]]
) -> Labelled:
    title, before, after = parts
    title = title or one.document.title
    text = before + one.document.text + after
    shift = len(title) + 1 + len(before) - len(one.document.title) - 1
    base = {"title": 0, "before": len(title) + 1, "after": len(title) + 1 + len(before) + len(one.document.text)}
    marked = []
    for key, kind, where, place in spots:
        begin, size = map(int, place.split())
        marked.append((base[where] + begin, base[where] + begin + size, key, kind))
    entities = tuple((a + shift, b + shift, kind) for a, b, kind in one.entities if a > len(one.document.title))
    doc = document(f"{one.language}-{number}", title, text, one.language)
    full = f"{title}\n{text}"
    assert all(0 <= a < b <= len(full) for a, b, _, _ in marked)
    return Labelled(doc, one.language, entities, tuple(sorted(marked)))


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
