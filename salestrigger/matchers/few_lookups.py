"""What an index is asked for one name: a handful of keys, a row, the weights of a few words.

As ``index_lookups.py``, without what makes that fast for many.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from salestrigger.matchers.index_lookups import NameLookups
from salestrigger.matchers.name_columns import NameColumns
from salestrigger.matchers.words import U64


class PlainName(NamedTuple):
    """One name's core and words in plain numbers."""

    core: bytes
    words: list[int]  #: hashes
    texts: list[bytes]
    flags: list[int]


def plain_name(columns: NameColumns, row: int) -> PlainName:
    """The name in a row of columns."""
    low, high = columns.first[row : row + 2].tolist()
    begin = int(columns.core.start[row])
    core = columns.core.data[begin : int(columns.core.end[row])].tobytes()
    spans = zip(columns.word_start[low:high].tolist(), columns.word_end[low:high].tolist(), strict=True)
    texts = [core[start - begin : end - begin] for start, end in spans]
    return PlainName(core, columns.words[low:high].tolist(), texts, columns.flags[low:high].tolist())


def listed_name(index: NameLookups, name: int) -> PlainName:
    """A name of the index, by its row."""
    number = int(index.name_base.searchsorted(name, "right")) - 1
    return plain_name(index.segments[number].names, name - int(index.name_base[number]))


def hits(table: U64, keys: U64, most: int) -> dict[int, tuple[int, int]]:
    """Of the keys that an ascending table has: their first place there and how often they are, counted up to
    ``most``."""
    if not len(table) or not len(keys):
        return {}
    left = table.searchsorted(keys)
    out = {}
    for place in (table.take(left, mode="clip") == keys).nonzero()[0].tolist():
        begin = int(left[place])
        out[place] = begin, 1 if most == 1 else int(table[begin : begin + most].searchsorted(keys[place], "right"))
    return out


def rows_of(index: NameLookups, table: str, keys: Sequence[int], *, limit: int, rare: bool = False) -> list[int]:
    """The names that ``NameLookups.names_by`` finds for distinct keys."""
    wanted = np.array(keys, dtype=np.uint64)
    found = [hits(getattr(segment, table).keys, wanted, limit + 1) for segment in index.segments]
    total = [0] * len(keys)
    for places in found:
        for place, (_, count) in places.items():
            total[place] += count
    out: list[int] = []
    for number, places in enumerate(found):
        segment, base = index.segments[number], int(index.name_base[number])
        rows = getattr(segment, table).rows
        for place, (left, count) in places.items():
            if rare and total[place] > limit:
                continue
            names = rows[left : left + min(count, limit)]
            if not index.untouched[number]:
                names = names[index.alive[number][segment.org[names]]]
            out += [name + base for name in names.tolist()]
    return out


def counted(index: NameLookups, words: Sequence[int]) -> list[int]:
    """How many names hold each word (a hash)."""
    total = [0] * len(words)
    wanted = np.array(words, dtype=np.uint64)
    for segment in index.segments:
        for place, (left, _) in hits(segment.vocabulary.hash, wanted, 1).items():
            total[place] += int(segment.vocabulary.count[left])
    return total


class WordWeights:
    """The weights of words (``NameLookups.weights_of``), each looked up once."""

    def __init__(self, index: NameLookups) -> None:
        self._index = index
        self._known: dict[int, float] = {}
        #: the weight of a word that was learned
        self.of = self._known.__getitem__

    def learn(self, words: Sequence[int]) -> None:
        """Look up those that are not known."""
        new = sorted(set(words).difference(self._known))
        if new:
            weights = self._index.weights_of(np.array(new, dtype=np.uint64)).tolist()
            self._known.update(zip(new, weights, strict=True))
