"""The first filter: every phrase of a language looked for at once, so that cost grows with the text.

Each phrase is kept under its rarest words (its anchors). A piece of the text is one look-up, which says what it meets
of all phrases; the phrases of the anchors that are met are looked at, and only sentences with all words of a phrase, in
its order, are read further. This module decides nothing about events.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from salestrigger.matchers.anchors import Anchor
from salestrigger.matchers.lasting import lasting
from salestrigger.matchers.lexicon import Lexicon
from salestrigger.matchers.need_table import NeedTable, in_order
from salestrigger.matchers.patterns import Pattern
from salestrigger.matchers.reader import Reader
from salestrigger.matchers.sentences import Sentence
from salestrigger.matchers.word_needs import WordNeed, word_need
from salestrigger.matchers.word_tokens import words_in

Phrase = tuple[str, Pattern]  #: event type, pattern


@dataclass(frozen=True, slots=True)
class _Entry:
    """A phrase as it is looked for."""

    rank: int  #: its place in the order of types and phrases
    phrase: Phrase
    needs: tuple[int, ...]  #: numbers of what must be there, in this order
    distinct: frozenset[int]  #: the same, and that of its anchors
    in_a_row: tuple[str, ...]  #: its anchors, where one is of several words: one must stand there as it is written


class Scanner:
    """The phrases of a language and of those whose phrases are read as well."""

    def __init__(self, lexicon: Lexicon, chain: Sequence[str]) -> None:
        own = [(place, known) for place, language in enumerate(chain) for known in lexicon.phrases_of(language)]
        own.sort(key=lambda known: (known[1][0], known[1][1].source, known[0]))
        groups: dict[int, list[_Entry]] = defaultdict(list)
        numbers: dict[WordNeed, int] = {}
        for rank, (_, phrase) in enumerate(own):
            needs = tuple(numbers.setdefault(need, len(numbers)) for need in phrase[1].required)
            need, in_a_row = _anchoring(phrase[1].anchors)
            number = numbers.setdefault(need, len(numbers))
            groups[number].append(_Entry(rank, phrase, needs, frozenset((*needs, number)), in_a_row))
        self._groups: Mapping[int, Sequence[_Entry]] = groups
        self._anchors = frozenset(groups)
        self._needs = NeedTable(list(numbers))

    def find(self, lowered: str) -> list[Phrase]:
        """The phrases whose words all stand in a sentence in lower case, in their order; by type, then as written."""
        pieces = lowered.split()
        told = self._needs.look(pieces)
        met = self._needs.met(told)
        found = [
            entry
            for number in self._anchors & met
            for entry in self._groups[number]
            if entry.distinct <= met and (not entry.in_a_row or any(text in lowered for text in entry.in_a_row))
        ]
        if not found:
            return []
        places = self._needs.places(told, frozenset().union(*(e.needs for e in found if len(e.needs) > 1)))
        found = [entry for entry in found if len(entry.needs) == 1 or in_order(entry.needs, places)]
        return [entry.phrase for entry in sorted(found, key=lambda entry: entry.rank)]


@functools.lru_cache(maxsize=16_384)
def _anchoring(anchors: tuple[Anchor, ...]) -> tuple[WordNeed, tuple[str, ...]]:
    """The anchors as a need, and their texts where one has several words: those must stand in a row."""
    need = word_need(tuple(map(_written, anchors)))
    return need, tuple(a.text for a in anchors) if any(" " in a.text for a in anchors) else ()


def _written(anchor: Anchor) -> str:
    return f"{'*' if anchor.open_left else ''}{anchor.text}{'*' if anchor.open_right else ''}"


def find_phrases(full: str, sentences: Sequence[Sentence], lexicon: Lexicon, reader: Reader) -> dict[int, list[Phrase]]:
    """Sentence number → the phrases whose words all stand in it, in their order; the rest need not be encoded."""
    scanner = scanner_of(lexicon, reader.chain)
    lowered = lowered_text(full[: sentences[-1].end if sentences else 0]).replace("\n", " ")
    found = {}
    for sentence in sentences:
        own = lowered[sentence.start : sentence.end]
        if phrases := list(_possible(scanner.find(own), own, sentence, reader)):
            found[sentence.number] = phrases
    return found


def _possible(phrases: Sequence[Phrase], lowered: str, sentence: Sentence, reader: Reader) -> Iterator[Phrase]:
    """Those that have the number they need, and could reach the threshold where they stand."""
    numbered = None
    for phrase in phrases:
        if phrase[1].strength == "weak" and sentence.where == "body":
            continue
        if phrase[1].counts:
            numbered = _numbered(lowered, reader) if numbered is None else numbered
            if not numbered:
                continue
        yield phrase


def _numbered(lowered: str, reader: Reader) -> bool:
    return _DIGIT.search(lowered) is not None or not reader.numbers.keys().isdisjoint(words_in(lowered))


_DIGIT = re.compile(r"\d")


@functools.lru_cache(maxsize=64)
@lasting()
def scanner_of(lexicon: Lexicon, chain: tuple[str, ...]) -> Scanner:
    """The scanner of a language with those it falls back on, built once."""
    return Scanner(lexicon, chain)


def lowered_text(text: str) -> str:
    """In lower case, character by character, so that offsets stay (``"İ".lower()`` has two characters)."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    return low
