"""What words a phrase cannot do without: the quick look before a sentence is encoded. Knows no phrase and no text."""

from __future__ import annotations

import functools
from collections.abc import Sequence


class WordNeed:
    """One piece of a phrase: of its alternatives one must be there. ``*`` in a word as in ``patterns.py``."""

    __slots__ = ("_open", "alternatives", "closed", "ends", "inside", "several", "starts")

    def __init__(self, alternatives: Sequence[str]) -> None:
        self.alternatives = tuple(alternatives)  #: as written
        split = [tuple(w for w in a.split() if w != "*") for a in alternatives if not a.isalnum()]
        closed = [tuple(w for w in words if "*" not in w) for words in split]
        #: words one of which will do
        self.closed = frozenset(words[0] for words in closed if len(words) == 1).union(
            a for a in alternatives if a.isalnum()
        )
        #: alternatives of several words, each with the word by which it is found
        self.several = tuple((frozenset(words), max(words, key=len)) for words in closed if len(words) > 1)
        opened = [words[0] for words, known in zip(split, closed, strict=True) if words and not known]
        self.starts = tuple(w[:-1] for w in opened if w.endswith("*") and not w.startswith("*"))
        self.ends = tuple(w[1:] for w in opened if w.startswith("*") and not w.endswith("*"))
        self.inside = tuple(w.strip("*") for w in opened if w.startswith("*") and w.endswith("*"))
        self._open = bool(opened)

    def met(self, words: frozenset[str]) -> bool:
        """Whether these words allow one of the alternatives."""
        if not self.closed.isdisjoint(words) or any(needed <= words for needed, _ in self.several):
            return True
        return self._open and any(
            w.startswith(self.starts) or w.endswith(self.ends) or any(part in w for part in self.inside) for w in words
        )


@functools.lru_cache(maxsize=65_536)
def word_need(alternatives: tuple[str, ...]) -> WordNeed:
    """The need of these alternatives; equal ones are one object, so that a sentence answers each once."""
    return WordNeed(alternatives)
