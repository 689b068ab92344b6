"""The words of a sentence looked up once for all phrases: which of their needs it meets, and where.

What a need is stands in ``word_needs.py``; which needs make a phrase, ``scan.py`` knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from salestrigger.matchers.word_needs import WordNeed
from salestrigger.matchers.word_tokens import words_in

KNOWN_PIECES = 30_000  #: pieces of text whose words a table remembers: a language's words come back
_Met = frozenset[int]  #: numbers of needs


def in_order(needs: Iterable[int], places: Mapping[int, tuple[int, int]]) -> bool:
    """Whether the needs are met from left to right; a word that stands twice may serve at either place."""
    reached = -1
    for need in needs:
        first, last = places[need]
        if last < reached:
            return False
        reached = max(reached, first)
    return True


class NeedTable:
    """Many needs, looked up by word: each word of a sentence is looked at once, however many needs there are.

    A need is known by its place in ``needs``; the words of alternatives of several words have numbers after those. A
    piece is what stands between two spaces of a text in lower case: mostly one word and its sign.
    """

    def __init__(self, needs: Sequence[WordNeed]) -> None:
        self._count = len(needs)
        self._closed: dict[str, list[int]] = defaultdict(list)
        self._parts: tuple[dict[str, list[int]], ...] = (defaultdict(list), defaultdict(list), defaultdict(list))
        self._several: dict[int, list[tuple[int, frozenset[int]]]] = defaultdict(list)
        self._words_of: dict[int, set[int]] = {}  #: of needs with alternatives of several words
        self._numbers: dict[str, int] = {}
        for number, need in enumerate(needs):
            for word in need.closed:
                self._closed[word].append(number)
            for table, parts in zip(self._parts, (need.starts, need.ends, need.inside), strict=True):
                for part in dict.fromkeys(parts):
                    table[part].append(number)
            for words, key in need.several:
                parts_of = frozenset(map(self._number, words))
                self._several[self._number(key)].append((number, parts_of))
                self._words_of.setdefault(number, set()).update(parts_of)
        self._lengths = [sorted({len(part) for part in table}) for table in self._parts[:2]]
        self._keys = frozenset(self._several)
        self._memory: dict[str, _Met] = {}  #: pieces seen → what they meet

    def _number(self, word: str) -> int:
        if word not in self._numbers:
            self._numbers[word] = self._count + len(self._numbers)
            self._closed[word].append(self._numbers[word])
        return self._numbers[word]

    def look(self, pieces: Sequence[str]) -> list[tuple[int, _Met]]:
        """The pieces of a sentence that meet a need: where they stand, and what they meet."""
        memory = self._memory
        known = list(map(memory.get, pieces))
        if None in known:
            self._learn(set(pieces), memory)
            known = list(map(memory.get, pieces))
        return [(at, said) for at, said in enumerate(known) if said]

    def met(self, told: Iterable[tuple[int, _Met]]) -> set[int]:
        """The numbers of all needs that are met there."""
        found: set[int] = set().union(*[said for _, said in told])
        for key in self._keys & found:
            for number, words in self._several[key]:
                if words <= found:
                    found.add(number)
        return found

    def places(self, told: Iterable[tuple[int, _Met]], wanted: frozenset[int]) -> dict[int, tuple[int, int]]:
        """Number → the first and the last piece that meets it, for those of ``wanted`` that are met."""
        if not wanted:
            return {}
        asked = wanted.union(*(self._words_of.get(number, ()) for number in wanted))
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        for at, said in told:
            for number in said & asked:
                last[number] = at
                first.setdefault(number, at)
        for key in self._keys & first.keys():
            for number, words in self._several[key]:
                if number in wanted and words <= first.keys():
                    first[number] = min(first[key], first.get(number, first[key]))
                    last[number] = max(last[key], last.get(number, last[key]))
        return {number: (place, last[number]) for number, place in first.items()}

    def _learn(self, pieces: Set[str], memory: dict[str, _Met]) -> None:
        """Remember what they meet; what was remembered before is given up at some size, for those who look next."""
        for piece in pieces:
            if piece not in memory:
                memory[piece] = frozenset(number for word in words_in(piece) for number in self._met_by(word))
        if len(memory) > KNOWN_PIECES:
            self._memory = {}

    def _met_by(self, word: str) -> Iterator[int]:
        starts, ends, inside = self._parts
        yield from self._closed.get(word, ())
        for length in self._lengths[0]:
            yield from starts.get(word[:length], ())
        for length in self._lengths[1]:
            yield from ends.get(word[-length:], ())
        for part, numbers in inside.items():
            if part in word:
                yield from numbers
