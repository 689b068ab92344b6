"""The first filter: every phrase of a language looked for at once, so that cost grows with the text.

Each phrase is kept under its rarest words (its anchors); a word of the text is one look-up. Only sentences with an
anchor are looked at again, for the other words of the phrases that it belongs to; only those with all words of a
phrase, in its order, are read further. This module decides nothing about events.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
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
    distinct: frozenset[int]  #: the same


class Scanner:
    """The phrases of a language and of those whose phrases are read as well."""

    def __init__(self, lexicon: Lexicon, chain: Sequence[str]) -> None:
        own = [(place, known) for place, language in enumerate(chain) for known in lexicon.phrases_of(language)]
        own.sort(key=lambda known: (known[1][0], known[1][1].source, known[0]))
        groups: dict[tuple[Anchor, ...], list[_Entry]] = defaultdict(list)
        numbers: dict[WordNeed, int] = {}
        for rank, (_, phrase) in enumerate(own):
            needs = tuple(numbers.setdefault(need, len(numbers)) for need in phrase[1].required)
            groups[phrase[1].anchors].append(_Entry(rank, phrase, needs, frozenset(needs)))
        self._groups = list(groups.items())
        self._anchors = NeedTable([word_need(tuple(map(_written, anchors))) for anchors in groups])
        self._needs = NeedTable(list(numbers))

    def find(self, lowered: str) -> list[Phrase]:
        """The phrases whose words all stand in a sentence in lower case, in their order; by type, then as written."""
        pieces = lowered.split()
        anchored = [n for n in self._anchors.met(self._anchors.look(pieces)) if n < len(self._groups)]
        if not anchored:
            return []
        told = self._needs.look(pieces)
        met = self._needs.met(told)
        found = [
            entry
            for anchors, entries in map(self._groups.__getitem__, anchored)
            for entry in entries
            if entry.distinct <= met and _stands(anchors, lowered)
        ]
        if not found:
            return []
        places = self._needs.places(told, frozenset().union(*(entry.distinct for entry in found)))
        found = [entry for entry in found if in_order(entry.needs, places)]
        return [entry.phrase for entry in sorted(found, key=lambda entry: entry.rank)]


def _written(anchor: Anchor) -> str:
    return f"{'*' if anchor.open_left else ''}{anchor.text}{'*' if anchor.open_right else ''}"


def _stands(anchors: Sequence[Anchor], lowered: str) -> bool:
    """Whether an anchor stands in the sentence as it is written, those of several words with all of them in a row."""
    return any(anchor.text in lowered for anchor in anchors)


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
