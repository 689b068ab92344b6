"""The first filter: every phrase of every language looked for at once, so that cost grows with the text.

One Aho-Corasick automaton holds the anchor of every pattern; only sentences in which one is found are read further, and
only for the patterns whose anchor it is. This module decides nothing about events.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

import ahocorasick_rs

from salestrigger.matchers.lexicon import Lexicon
from salestrigger.matchers.patterns import Pattern
from salestrigger.matchers.reader import Reader
from salestrigger.matchers.sentences import Sentence
from salestrigger.matchers.word_needs import SentenceWords
from salestrigger.matchers.word_tokens import words_in

Phrase = tuple[str, Pattern]  #: event type, pattern
_Entry = tuple[bool, bool, Phrase]


class Scanner:
    """The automaton and what each of its strings stands for, per language."""

    def __init__(self, lexicon: Lexicon) -> None:
        table: dict[str, dict[str, list[_Entry]]] = defaultdict(lambda: defaultdict(list))
        for type_name, language, pattern in lexicon.phrases:
            for anchor in pattern.anchors:
                table[anchor.text][language].append((anchor.open_left, anchor.open_right, (type_name, pattern)))
        self._entries = [dict(table[text]) for text in sorted(table)]
        self._automaton = ahocorasick_rs.AhoCorasick(sorted(table))

    def find(self, lowered: str, languages: Sequence[str]) -> list[tuple[int, Phrase]]:
        """(offset, phrase) for every anchor in ``lowered`` that stands at the borders its pattern asks for."""
        found: list[tuple[int, Phrase]] = []
        last = len(lowered)
        for number, start, end in self._automaton.find_matches_as_indexes(lowered, overlapping=True):
            by_language = self._entries[number]
            for language in languages:
                entries = by_language.get(language)
                if not entries:
                    continue
                left = start == 0 or not lowered[start - 1].isalnum()
                right = end == last or not lowered[end].isalnum()
                found.extend(
                    (start, phrase)
                    for open_left, open_right, phrase in entries
                    if (left or open_left) and (right or open_right)
                )
        return found


def find_phrases(full: str, sentences: Sequence[Sentence], lexicon: Lexicon, reader: Reader) -> dict[int, list[Phrase]]:
    """Sentence number → the phrases whose words all stand in it, in their order; the rest need not be encoded."""
    starts = [s.start for s in sentences]
    lowered = lowered_text(full[: sentences[-1].end if sentences else 0]).replace("\n", " ")
    found: dict[int, dict[int, Phrase]] = {}
    words: dict[int, SentenceWords] = {}
    for offset, phrase in scanner_of(lexicon).find(lowered, reader.chain):
        at = bisect_right(starts, offset) - 1
        if at < 0:
            continue
        sentence = sentences[at]
        if sentence.where == "body" and phrase[1].strength == "weak":
            continue  # could not reach the threshold there
        if sentence.number not in words:
            words[sentence.number] = _words(lowered[sentence.start : sentence.end], reader)
        if words[sentence.number].allow(phrase[1].required, number=phrase[1].counts):
            found.setdefault(sentence.number, {})[id(phrase[1])] = phrase
    return {number: sorted(phrases.values(), key=lambda p: (p[0], p[1].source)) for number, phrases in found.items()}


def _words(lowered: str, reader: Reader) -> SentenceWords:
    words = words_in(lowered)
    numbered = _DIGIT.search(lowered) is not None or not reader.numbers.keys().isdisjoint(words)
    return SentenceWords(words, numbered=numbered)


_DIGIT = re.compile(r"\d")


@functools.lru_cache(maxsize=8)
def scanner_of(lexicon: Lexicon) -> Scanner:
    """The scanner of a lexicon, built once."""
    return Scanner(lexicon)


def lowered_text(text: str) -> str:
    """In lower case, character by character, so that offsets stay (``"İ".lower()`` has two characters)."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    return low if low.isascii() else _SURROGATES.sub("?", low)


_SURROGATES = re.compile("[\ud800-\udfff]")  # cannot be handed to the automaton, which reads UTF-8
