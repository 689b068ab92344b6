"""What words a phrase cannot do without: the quick look before a sentence is encoded. Knows no phrase and no text."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence


class WordNeed:
    """One piece of a phrase: of its alternatives one must be there. ``*`` in a word as in ``patterns.py``."""

    __slots__ = ("_closed", "_ends", "_inside", "_open", "_several", "_starts", "alternatives")

    def __init__(self, alternatives: Sequence[str]) -> None:
        self.alternatives = tuple(alternatives)  #: as written
        split = [tuple(w for w in a.split() if w != "*") for a in alternatives]
        closed = [tuple(w for w in words if "*" not in w) for words in split]
        self._closed = frozenset(words[0] for words in closed if len(words) == 1)
        self._several = tuple((frozenset(words), max(words, key=len)) for words in closed if len(words) > 1)
        opened = [words[0] for words, known in zip(split, closed, strict=True) if words and not known]
        self._starts = tuple(w[:-1] for w in opened if w.endswith("*") and not w.startswith("*"))
        self._ends = tuple(w[1:] for w in opened if w.startswith("*") and not w.endswith("*"))
        self._inside = tuple(w.strip("*") for w in opened if w.startswith("*") and w.endswith("*"))
        self._open = bool(opened)

    def keys(self, words: frozenset[str]) -> list[str]:
        """For every alternative that these words allow, one word of it."""
        found = list(self._closed & words)
        if self._several:
            found += [key for needed, key in self._several if key in words and needed <= words]
        if self._open:
            found += [w for w in words if w.startswith(self._starts) or w.endswith(self._ends) or self._within(w)]
        return found

    def _within(self, word: str) -> bool:
        return any(part in word for part in self._inside)

    def met(self, words: frozenset[str]) -> bool:
        """Whether these words allow one of the alternatives."""
        return not self._closed.isdisjoint(words) or bool(self.keys(words))


@functools.lru_cache(maxsize=8192)
def word_need(alternatives: tuple[str, ...]) -> WordNeed:
    """The need of these alternatives; equal ones are one object, so that a sentence answers each once."""
    return WordNeed(alternatives)


class SentenceWords:
    """The words of one sentence with their places, and its answers so far."""

    __slots__ = ("_first", "_known", "_last", "_words", "numbered")

    def __init__(self, words: Sequence[str], *, numbered: bool) -> None:
        self._words = frozenset(words)
        self._last = {word: i for i, word in enumerate(words)}
        self._first: Mapping[str, int] = dict(zip(reversed(words), range(len(words) - 1, -1, -1), strict=True))
        self._known: dict[WordNeed, tuple[int, int] | None] = {}
        self.numbered = numbered  #: whether there is a number

    def allow(self, needs: Sequence[WordNeed], *, number: bool) -> bool:
        """Whether the needs can be met in their order, and a number is there if one is needed."""
        if number and not self.numbered:
            return False
        reached = -1
        for need in needs:
            place = self._known[need] if need in self._known else self._place(need)
            if place is None or place[1] < reached:
                return False
            reached = max(reached, place[0])
        return True

    def _place(self, need: WordNeed) -> tuple[int, int] | None:
        keys = need.keys(self._words)
        found = (min(self._first[k] for k in keys), max(self._last[k] for k in keys)) if keys else None
        self._known[need] = found
        return found
