"""Documents → Mentions: where organisations are named in texts.

::

    listed names (one look-up of all runs of words) ─► what makes a mention? ─┐
    legal form, apposition ───────────────────────────────────────────────────┼─► longest ─► Mentions
    named by the source itself ───────────────────────────────────────────────┘

Many documents are read at once, each as if it were alone. Offsets are exact in ``title + "\\n" + text``; a genitive or
case ending is left out. It does not decide which organisation is meant: a mention of a listed name carries everyone who
has that name. Share buttons, bylines and wire credits are left out; what stands in a section about the sender is in
passing.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from salestrigger.matchers.given_names import given_mentions
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.known_names import find_known
from salestrigger.matchers.lexicon import Lexicon
from salestrigger.matchers.mention_rules import Around, around, mentions_among
from salestrigger.matchers.name_columns import name_columns
from salestrigger.matchers.names import normalise_column
from salestrigger.matchers.phrase_table import PhraseTable
from salestrigger.matchers.spotting_data import Tongue, spotting, tongue_of
from salestrigger.matchers.text_words import MAX_TEXT, Text, text_words
from salestrigger.matchers.types import Mention
from salestrigger.matchers.unknown_names import unknown_names
from salestrigger.matchers.vocabulary import AND, CAPITAL
from salestrigger.matchers.words import U64
from salestrigger.matchers.zones import Zones, is_passing, zones_of
from salestrigger.sources.records import Document, content_id

Basis = Literal["known", "form", "given"]
_CHUNK = 500_000  # characters read at once: what the arrays of a step take stays in the cache


@dataclass(frozen=True, slots=True)
class _Found:
    """A possible mention; words are counted over all texts of the chunk, places within the own text."""

    start: int
    end: int
    low: int
    high: int
    ids: tuple[str, ...]
    known: bool


def spot(document: Document, index: OrganizationIndex, lexicon: Lexicon, language: str) -> tuple[Mention, ...]:
    """The organisations named in a document, by place; those that the source itself gives come first with span -1
    when the text does not name them."""
    return spot_all([document], index, lexicon, [language])[0]


def spot_all(
    documents: Sequence[Document], index: OrganizationIndex, lexicon: Lexicon, languages: Sequence[str]
) -> list[tuple[Mention, ...]]:
    """The mentions of every document, as :func:`spot` would give them; ``languages`` has one for each."""
    out: list[tuple[Mention, ...]] = [()] * len(documents)
    for language in dict.fromkeys(languages):
        tongue = tongue_of(language, lexicon)
        own = [row for row, other in enumerate(languages) if other == language]
        for chunk in _chunks(documents, own):
            found = _spot_chunk([documents[row] for row in chunk], index, tongue)
            for row, mentions in zip(chunk, found, strict=True):
                out[row] = mentions
    return out


def _chunks(documents: Sequence[Document], rows: Sequence[int]) -> Iterator[list[int]]:
    chunk: list[int] = []
    size = 0
    for row in rows:
        size += min(len(documents[row].title) + len(documents[row].text), MAX_TEXT) + 2
        chunk.append(row)
        if size >= _CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _spot_chunk(documents: Sequence[Document], index: OrganizationIndex, tongue: Tongue) -> list[tuple[Mention, ...]]:
    fulls = [f"{document.title[:MAX_TEXT]}\n{document.text[:MAX_TEXT]}"[:MAX_TEXT] for document in documents]
    texts = [Text(full, min(len(d.title), len(full))) for d, full in zip(documents, fulls, strict=True)]
    text = around(text_words(texts, tongue))
    by_text: list[list[_Found]] = [[] for _ in documents]
    for found in (*_known(index, text, tongue), *_unknown(text, tongue)):
        by_text[text.words.runs.text[found.low]].append(found)
    kept = _named_by_form([_longest(_without_reaching(some, text)) for some in by_text], texts, index)
    normal = _normal_forms(documents, texts, kept)
    return [
        _mentions(_Page(document, own, zones_of(own.full, own.title, tongue.spotting), normal), some, index)
        for document, own, some in zip(documents, texts, kept, strict=True)
    ]


# --- listed and unlisted ---------------------------------------------------------------------------------------------


def _known(index: OrganizationIndex, text: Around, tongue: Tongue) -> Iterator[_Found]:
    phrases = PhraseTable(index)
    hits, wider = mentions_among(find_known(phrases, text.words), text, index, tongue)
    owners = _owners(phrases, hits.key)
    endings = tongue.spotting.genitive
    for row, (low, high, ending) in enumerate(
        zip(wider.low.tolist(), wider.high.tolist(), wider.ending.tolist(), strict=True)
    ):
        start, end = _place(text, low, high)
        cut = len(endings[ending]) if ending >= 0 else 0
        yield _Found(start, end - cut, low, high, owners[row], known=True)


def _owners(phrases: PhraseTable, keys: U64) -> list[tuple[str, ...]]:
    """The ids of those who have the name of each key, ascending."""
    asked, names = phrases.names(keys)
    index = phrases.index
    owners: list[set[str]] = [set() for _ in range(len(keys))]
    for place, key in zip(asked.tolist(), index.texts(index.org_of(names), "org_id"), strict=True):
        owners[place].add(key)
    return [tuple(sorted(some)) for some in owners]


def _unknown(text: Around, tongue: Tongue) -> Iterator[_Found]:
    for low, high in unknown_names(text, tongue):
        yield _Found(*_place(text, low, high), low, high, (), known=False)


def _named_by_form(
    found: Sequence[list[_Found]], texts: Sequence[Text], index: OrganizationIndex
) -> list[list[_Found]]:
    """With the owners of what was found by its form alone, where its whole text is a listed name ("Moe & Company")."""
    asked = [(row, place) for row, some in enumerate(found) for place, one in enumerate(some) if not one.known]
    written = [texts[row].full[found[row][place].start : found[row][place].end] for row, place in asked]
    columns = name_columns(written, np.zeros(len(written), dtype=np.int64))
    owners = _owners(PhraseTable(index), columns.ordered)
    for (row, place), ids, words in zip(asked, owners, columns.counts.tolist(), strict=True):
        if ids and words:
            found[row][place] = replace(found[row][place], ids=ids, known=True)
    return list(found)


def _place(text: Around, low: int, high: int) -> tuple[int, int]:
    words = text.words
    begin = words.begin[words.runs.text[low]]
    start, end = int(words.runs.start[low] - begin), int(words.runs.end[high - 1] - begin)
    if "." in words.written(high - 1) and words.texts[words.runs.text[low]].full[end : end + 1] == ".":
        end += 1  # the last dot of B.V.
    return start, end


# --- choosing and telling --------------------------------------------------------------------------------------------


def _without_reaching(found: Sequence[_Found], text: Around) -> list[_Found]:
    """ "Faillissement van De Nieuwe B.V.", "Konkurrenten Nordvik AS": a listed name after a small word, or after the
    first word of a sentence, is the name."""
    flags, opens = text.words.flags, text.words.runs.opens
    small = [f for f in found if f.known and f.low > 0 and flags[f.low - 1] & (CAPITAL | AND) == 0]
    second = [f for f in found if f.known and f.low > 0 and opens[f.low - 1]]
    inner = {(k.low, k.high) for k in small}
    after_first = {(k.low - 1, k.high) for k in second}
    return [
        f for f in found
        if f.known or ((f.low, f.high) not in after_first and not any(h == f.high and low > f.low for low, h in inner))
    ]  # fmt: skip


def _longest(found: Sequence[_Found]) -> list[_Found]:
    """Of overlapping ones the longest, of equal ones the listed; in order of their place."""
    taken: list[_Found] = []
    busy: set[int] = set()
    for one in sorted(found, key=lambda f: (-(f.end - f.start), not f.known, f.start, f.ids)):
        words = range(one.low, one.high)
        if not busy.isdisjoint(words):
            continue
        busy.update(words)
        taken.append(one)
    return sorted(taken, key=lambda f: f.start)


@dataclass(frozen=True, slots=True)
class _Page:
    """A document as its mentions are told."""

    document: Document
    text: Text
    zones: Zones
    normal: dict[str, str]  #: normal form of every name that is compared


def _normal_forms(
    documents: Sequence[Document], texts: Sequence[Text], found: Sequence[Sequence[_Found]]
) -> dict[str, str]:
    written = {name for d in documents for name in (d.publisher, d.issuer) if name}
    written |= {own.full[f.start : f.end] for own, some in zip(texts, found, strict=True) for f in some}
    names = sorted(written)
    return dict(zip(names, normalise_column(names), strict=True))


def _mentions(page: _Page, found: Sequence[_Found], index: OrganizationIndex) -> tuple[Mention, ...]:
    kept = [f for f in found if not page.zones.is_noise(f.start)] if found else ()
    mentions = [_mention(page, f) for f in kept if not _is_credit(page, f)]
    return (*given_mentions(page.document, index, mentions), *mentions)


@functools.cache
def _wires() -> frozenset[str]:
    return frozenset(normalise_column(spotting().wires))


def _is_credit(page: _Page, found: _Found) -> bool:
    """A wire or the publisher itself, named in the body: "(NTB)", "-- GLOBE NEWSWIRE --"."""
    if found.start < page.text.title:
        return False
    name = page.normal[page.text.full[found.start : found.end]]
    return name in _wires() or name == page.normal.get(page.document.publisher or "")


def _mention(page: _Page, found: _Found) -> Mention:
    text, issuer = page.text.full[found.start : found.end], page.document.issuer
    given = bool(issuer) and page.normal[text] == page.normal.get(issuer or "")
    basis: Basis = "given" if given else "known" if found.known else "form"
    prominence = page.zones.prominence(found.start)
    if prominence != "body" and not given and is_passing(page.text.full, found.start, found.end, page.normal[text]):
        prominence = "body"
    return Mention(
        mention_id=content_id("men", page.document.document_id, str(found.start), str(found.end)),
        document_id=page.document.document_id,
        text=text,
        start=found.start,
        end=found.end,
        prominence=prominence,
        basis=basis,
        candidates=found.ids,
    )
