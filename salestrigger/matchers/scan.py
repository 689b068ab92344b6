"""The first filter: every phrase of every language looked for at once, so that cost grows with the text.

One Aho-Corasick automaton holds the anchor of every pattern; only sentences in which one is found are read further, and
only for the patterns whose anchor it is. This module decides nothing about events.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Sequence

import ahocorasick_rs

from salestrigger.matchers.lexicon import Lexicon
from salestrigger.matchers.patterns import Pattern

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
