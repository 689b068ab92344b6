"""The phrase table of an index: which runs of words are listed names, and which may become one.

The names themselves are the index's sorted keys (memory-mapped, one pair of tables per segment, so that additions are
a segment of their own). Beside them stand, per segment, the words that names begin with, the first two words of those
that go on, and a set of bits (``openings.py``): most runs of a text end there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.openings import openings_of
from salestrigger.matchers.words import I64, U64

_LONGEST = 10  # words in a name that is looked up in texts
_MOST = 50  # names of one key that a mention carries


def one_of(keys: U64, table: U64) -> NDArray[np.bool_]:
    """Whether each key is in an ascending table."""
    if not len(table):
        return np.zeros(len(keys), dtype=np.bool_)
    return np.asarray(table[np.minimum(np.searchsorted(table, keys), len(table) - 1)] == keys)


class PhraseTable:
    """The phrases of an index, all segments together, removed organisations left out."""

    def __init__(self, index: OrganizationIndex) -> None:
        self.index = index
        self._openings = [openings_of(segment) for segment in index.segments]
        #: words in the longest name that is looked up, and one more for names kept whole
        self.longest = min(_LONGEST, 1 + max((int(o.longest[0]) for o in self._openings), default=0))

    def may_begin(self, words: U64) -> NDArray[np.bool_]:
        """Whether some name begins with each word."""
        return self._any(words, [o.heads for o in self._openings])

    def may_go_on(self, keys: U64) -> NDArray[np.bool_]:
        """Whether some name of three words or more begins with the two words of each key."""
        return self._any(keys, [o.pairs for o in self._openings])

    def _any(self, keys: U64, tables: list[U64]) -> NDArray[np.bool_]:
        found = np.zeros(len(keys), dtype=np.bool_)
        for table in tables:
            found |= one_of(keys, table)
        return found

    def has(self, keys: U64) -> NDArray[np.bool_]:
        """Whether an organisation has a name with each key, with or without its legal form."""
        found = np.zeros(len(keys), dtype=np.bool_)
        possible = np.zeros(len(keys), dtype=np.bool_)
        for openings in self._openings:
            possible |= openings.may_have(keys)
        for table in ("by_ordered", "by_whole"):
            rest = np.flatnonzero(possible & ~found)
            asked, _ = self.index.names_by(table, keys[rest])
            found[rest[asked]] = True
        return found

    def names(self, keys: U64) -> tuple[I64, I64]:
        """Pairs (place of the key, row of a name), by place; at most some of each table."""
        asked, names = self.index.names_by("by_ordered", keys, limit=_MOST)
        whole_asked, whole = self.index.names_by("by_whole", keys, limit=_MOST)
        asked, names = np.concatenate([asked, whole_asked]), np.concatenate([names, whole])
        order = np.argsort(asked, kind="stable")
        return asked[order], names[order]
