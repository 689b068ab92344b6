"""What words a phrase cannot do without: the quick look before a sentence is encoded. Knows no phrase and no text."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import accumulate


class WordNeed:
    """One piece of a phrase: of its alternatives one must be there. ``*`` in a word as in ``patterns.py``."""

    __slots__ = ("_closed", "_ends", "_inside", "_several", "_starts")

    def __init__(self, alternatives: Sequence[str]) -> None:
        split = [tuple(w for w in a.split() if w != "*") for a in alternatives]
        closed = [tuple(w for w in words if "*" not in w) for words in split]
        self._closed = frozenset(words[0] for words in closed if len(words) == 1)
        self._several = tuple((frozenset(words), max(words, key=len)) for words in closed if len(words) > 1)
        opened = [words[0] for words, known in zip(split, closed, strict=True) if words and not known]
        self._starts = tuple(w[:-1] for w in opened if w.endswith("*") and not w.startswith("*"))
        self._ends = tuple(w[1:] for w in opened if w.startswith("*") and not w.endswith("*"))
        self._inside = tuple(w.strip("*") for w in opened if w.startswith("*") and w.endswith("*"))

    def keys(self, words: Collection[str]) -> Iterator[str]:
        """For every alternative that these words allow, one word of it."""
        yield from self._closed.intersection(words)
        for needed, key in self._several:
            if needed.issubset(words):
                yield key
        if self._starts or self._ends or self._inside:
            for word in words:
                if word.startswith(self._starts) or word.endswith(self._ends) or any(p in word for p in self._inside):
                    yield word

    def met(self, words: Collection[str]) -> bool:
        """Whether these words allow one of the alternatives."""
        return next(self.keys(words), None) is not None


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
        places = []
        for need in needs:
            place = self._known[need] if need in self._known else self._place(need)
            if place is None:
                return False
            places.append(place)
        if len(places) < 2:
            return True
        reached = accumulate((first for first, _ in places), max)
        return all(last >= so_far for (_, last), so_far in zip(places[1:], reached, strict=False))

    def _place(self, need: WordNeed) -> tuple[int, int] | None:
        keys = list(need.keys(self._words))
        found = (min(self._first[k] for k in keys), max(self._last[k] for k in keys)) if keys else None
        self._known[need] = found
        return found
