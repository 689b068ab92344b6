"""Document → Mentions: where organisations are named in a text.

::

    listed names (one look-up of all runs of words) ─┐
    legal form, apposition ──────────────────────────┼─► what makes a mention? ─► longest ─► Mentions
    named by the source itself ──────────────────────┘

Offsets are exact in ``title + "\\n" + text``; a genitive ending is left out. It does not decide which organisation is
meant: a mention of a listed name carries everyone who has that name. Share buttons, bylines and wire credits are left
out; what stands in a section about the sender is in passing.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from salestrigger.matchers.given_names import given_mentions
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.known_names import Hit, find_known
from salestrigger.matchers.lexicon import Lexicon
from salestrigger.matchers.names import normalise, normalise_column
from salestrigger.matchers.text_words import MAX_TEXT, Spotting, TextWords, spotting, spotting_of, text_words
from salestrigger.matchers.types import Mention
from salestrigger.matchers.unknown_names import (
    follows_loosely,
    is_apposition,
    is_form,
    named_by_apposition,
    named_by_form,
    shouted,
)
from salestrigger.matchers.zones import Zones, zones_of
from salestrigger.sources.records import Document, content_id

Basis = Literal["known", "form", "given"]


@dataclass(frozen=True, slots=True)
class _Found:
    """A possible mention."""

    start: int
    end: int
    low: int
    high: int
    hit: Hit | None


@dataclass(frozen=True, slots=True)
class _Reading:
    document: Document
    index: OrganizationIndex
    words: TextWords
    language: Spotting
    ordinary: frozenset[str]
    given_names: frozenset[str]
    zones: Zones
    title_shouted: bool
    text_shouted: bool


def spot(document: Document, index: OrganizationIndex, lexicon: Lexicon, language: str) -> tuple[Mention, ...]:
    """The organisations named in a document, by place; those that the source itself gives come first with span -1
    when the text does not name them."""
    reading = _read(document, index, lexicon, language)
    known = [f for hit in find_known(index, reading.words) if (f := _judge(reading, hit)) is not None]
    unknown = [_Found(*_place(reading, low, high), low, high, None) for low, high in _by_form(reading)]
    unknown = [f for f in unknown if _is_news(reading, f) and not _reaches_back(reading, f, known)]
    kept = _longest([*known, *unknown])
    kept = [f for f in kept if not reading.zones.is_noise(f.start) and not _is_credit(reading, f)]
    mentions = tuple(_mention(reading, found) for found in kept)
    return (*given_mentions(document, index, mentions), *mentions)


def _read(document: Document, index: OrganizationIndex, lexicon: Lexicon, language: str) -> _Reading:
    full = f"{document.title}\n{document.text}"[:MAX_TEXT]
    own = spotting_of(language)
    words = text_words(full, own)
    declared = lexicon.languages.get(language)
    sets = (declared.function_words, declared.common_words, declared.places) if declared else ()
    title = [t for t in words.tokens if t.end <= len(document.title)]
    return _Reading(
        document=document,
        index=index,
        words=words,
        language=own,
        ordinary=own.ordinary | own.small | own.before | {w.lower() for words_ in sets for w in words_},
        given_names=frozenset(n.lower() for n in declared.given_names) if declared else frozenset(),
        zones=zones_of(full, len(document.title), own),
        title_shouted=shouted(tuple(title)),
        text_shouted=shouted(words.tokens[len(title) :]),
    )


def _place(reading: _Reading, low: int, high: int, ending: int = -1) -> tuple[int, int]:
    tokens, full = reading.words.tokens, reading.words.full
    end = tokens[high - 1].end
    if ending >= 0:
        suffix = reading.words.genitive[ending]
        if tokens[high - 1].text.lower().endswith(suffix):
            end -= len(suffix)
    elif "." in tokens[high - 1].text and full[end : end + 1] == ".":
        end += 1  # the last dot of B.V.
    return tokens[low].start, end


# --- what makes a mention --------------------------------------------------------------------------------------------


def _judge(reading: _Reading, hit: Hit) -> _Found | None:
    """The hit with its legal form, or None when these words name nobody here."""
    tokens = reading.words.tokens
    low, high, ending = hit.low, hit.high, hit.ending
    formed = any(is_form(t) for t in tokens[low:high])
    if (
        ending < 0
        and high < len(tokens)
        and (tokens[high].glued or follows_loosely(reading.words.full, tokens, high))
        and is_form(tokens[high])
    ):
        high, formed = high + 1, True
    if ending < 0 and not formed and low > 0 and tokens[low].glued and _form_before(reading, low):
        low, formed = low - 1, True
    if not formed and not _stands_alone(reading, hit):
        return None
    return _Found(*_place(reading, low, high, ending), low, high, hit)


def _form_before(reading: _Reading, low: int) -> bool:
    """A form that may stand in front, as in "AB Volvo" or "Stichting X"."""
    before = reading.words.tokens[low - 1]
    return is_form(before) and (before.text.isupper() or len(before.text) > 3)


def _stands_alone(reading: _Reading, hit: Hit) -> bool:
    """Whether the words are a name without a legal form beside them."""
    tokens = reading.words.tokens[hit.low : hit.high]
    if not all(t.capital or t.text.lower() in reading.language.small for t in tokens):
        return False
    if len(hit.names) and _too_little(tokens[0].text, len(tokens)):
        return False
    if _within_person(reading, hit):
        return False
    if _telling(reading, hit):
        return True
    return _introduced(reading, hit.low)


def _too_little(text: str, size: int) -> bool:
    """One letter, or nothing but a number."""
    return size == 1 and (len(text) < 2 or text.isdigit())


def _telling(reading: _Reading, hit: Hit) -> bool:
    """Whether capitals in this place make the words a name: not when they are ordinary words of the language."""
    tokens = reading.words.tokens[hit.low : hit.high]
    plain = [t for t in tokens if _is_ordinary(reading, t.text)]
    in_title = tokens[0].end <= len(reading.document.title)
    capitals_tell = not (reading.title_shouted if in_title else reading.text_shouted)
    if len(tokens) == 1:
        return not plain or (tokens[0].text.isupper() and len(tokens[0].text) > 2 and capitals_tell)
    if len(plain) < len(tokens):
        return True
    return capitals_tell and all(t.capital for t in tokens) and not tokens[0].opens


def _is_ordinary(reading: _Reading, text: str) -> bool:
    small = text.lower()
    return small in reading.ordinary or small in reading.words.lower or small in reading.given_names


def _introduced(reading: _Reading, low: int) -> bool:
    """ "selskapet Start", "the company Target": what it is stands before the name."""
    tokens = reading.words.tokens
    if low == 0 or not tokens[low].glued or (tokens[low - 1].capital and not tokens[low - 1].opens):
        return False
    return is_apposition(tokens[low - 1].text, reading.language)


def _within_person(reading: _Reading, hit: Hit) -> bool:
    """ "Lars Hansen": a first name before a single word."""
    tokens = reading.words.tokens
    if hit.high - hit.low > 1 or hit.low == 0 or not tokens[hit.low].glued:
        return False
    before = tokens[hit.low - 1]
    return before.text.lower() in reading.given_names or (len(before.text) == 1 and before.text.isupper())


# --- unknown ones ----------------------------------------------------------------------------------------------------


def _by_form(reading: _Reading) -> Iterable[tuple[int, int]]:
    yield from named_by_form(reading.words, reading.language)
    if not reading.text_shouted:
        yield from named_by_apposition(
            reading.words, reading.language, reading.language.small | reading.language.before
        )


def _is_news(reading: _Reading, found: _Found) -> bool:
    """Not only generic words ("The Company Limited"), and not in a headline whose capitals say nothing."""
    tokens = reading.words.tokens[found.low : found.high]
    if found.end <= len(reading.document.title) and reading.title_shouted and not any(is_form(t) for t in tokens):
        return False
    if found.low > 0 and _introduced(reading, found.low):
        return True
    return any(not _is_ordinary(reading, t.text) and not is_form(t) and len(t.text) > 1 for t in tokens)


def _reaches_back(reading: _Reading, found: _Found, known: list[_Found]) -> bool:
    """ "Faillissement van De Nieuwe B.V.": a listed name after a small word is the name."""
    tokens = reading.words.tokens
    return any(
        k.high == found.high and k.low > found.low and not tokens[k.low - 1].capital and tokens[k.low - 1].text != "&"
        for k in known
    )


def _is_credit(reading: _Reading, found: _Found) -> bool:
    """A wire or the publisher itself, named in the body: "(NTB)", "-- GLOBE NEWSWIRE --"."""
    if found.start < len(reading.document.title):
        return False
    name = normalise(reading.words.full[found.start : found.end])
    own = reading.document.publisher
    return name in _wires() or bool(own and name == normalise(own))


@functools.cache
def _wires() -> frozenset[str]:
    return frozenset(normalise_column(spotting().wires))


# --- choosing and telling --------------------------------------------------------------------------------------------


def _longest(found: list[_Found]) -> list[_Found]:
    """Of overlapping ones the longest, of equal ones the listed; in order of their place."""
    taken: list[_Found] = []
    busy: set[int] = set()
    for one in sorted(found, key=lambda f: (-(f.end - f.start), f.hit is None, f.start)):
        words = range(one.low, one.high)
        if not busy.isdisjoint(words):
            continue
        busy.update(words)
        taken.append(one)
    return sorted(taken, key=lambda f: f.start)


def _mention(reading: _Reading, found: _Found) -> Mention:
    document = reading.document
    rows = found.hit.names if found.hit else ()
    text = reading.words.full[found.start : found.end]
    return Mention(
        mention_id=content_id("men", document.document_id, str(found.start), str(found.end)),
        document_id=document.document_id,
        text=text,
        start=found.start,
        end=found.end,
        prominence=reading.zones.prominence(found.start),
        basis=_basis(reading, text, known=bool(rows)),
        candidates=reading.index.ids_of_names(rows),
    )


def _basis(reading: _Reading, text: str, *, known: bool) -> Basis:
    issuer = reading.document.issuer
    if issuer and normalise(text) == normalise(issuer):
        return "given"
    return "known" if known else "form"
