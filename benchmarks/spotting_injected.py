"""Names put into real texts: sentences of ours with names of the universe, at the begin, the end or as the headline."""

from __future__ import annotations

import random
from collections.abc import Sequence

from benchmarks.spotting_data import SEED, Labelled, document
from salestrigger.matchers.legal_forms import split_legal_form
from salestrigger.matchers.names import normalise

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


def injected(
    texts: Sequence[Labelled], names: Sequence[tuple[str, str]], *, seed: int = SEED, each: int = 2
) -> list[Labelled]:
    """Every text with names of the universe in sentences of ours at its begin and end, and sometimes a headline."""
    random_ = random.Random(seed)
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
    shift = len(title) + len(before) - len(one.document.title)
    base = {"title": 0, "before": len(title) + 1, "after": len(title) + 1 + len(before) + len(one.document.text)}
    marked = []
    for key, kind, where, place in spots:
        begin, size = map(int, place.split())
        marked.append((base[where] + begin, base[where] + begin + size, key, kind))
    own = len(one.document.title)
    entities = tuple((a + shift, b + shift, kind) for a, b, kind in one.entities if a > own)
    if title == one.document.title:
        entities = (*(entity for entity in one.entities if entity[0] <= own), *entities)
    doc = document(f"{one.language}-{number}", title, text, one.language)
    full = f"{title}\n{text}"
    assert all(0 <= a < b <= len(full) for a, b, _, _ in marked)
    return Labelled(doc, one.language, entities, tuple(sorted(marked)))
