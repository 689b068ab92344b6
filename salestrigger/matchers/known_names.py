"""Listed names in texts: one look-up of every run of words that a name may be, in the phrase table. What a
hit is worth is decided in ``mention_rules.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from salestrigger.matchers.characters import Bools
from salestrigger.matchers.phrase_table import PhraseTable
from salestrigger.matchers.text_words import TextWords
from salestrigger.matchers.vocabulary import AND, CAPITAL, FORM
from salestrigger.matchers.words import I64, U64, mix, word_power

_SIGNS = frozenset(",()-–/+\"'’|")  # that names are written with


@dataclass(frozen=True, slots=True)
class Hits:
    """Runs of words ``low:high`` that are listed names, by place, then length."""

    low: I64
    high: I64
    ending: I64  #: which ending the last word carries, -1 for none
    key: U64  #: by which the names are found

    def __len__(self) -> int:
        return len(self.low)

    def take(self, some: I64 | Bools) -> Hits:
        """Some of the hits."""
        return Hits(self.low[some], self.high[some], self.ending[some], self.key[some])


def find_known(phrases: PhraseTable, words: TextWords) -> Hits:
    """Every listed name in the texts, overlapping ones included."""
    if not len(words.hash) or not len(phrases.index.segments):
        return _joined([])
    capital = words.flags & CAPITAL > 0
    capital[1:] |= (words.flags[:-1] & FORM > 0) & words.glued[1:]  # "Stichting de Nieuwe"
    starts = np.flatnonzero(capital & (words.flags & AND == 0))
    return _true_to_signs(_scan(phrases, words, _that_begin(phrases, words, starts)), phrases, words)


def _that_begin(phrases: PhraseTable, words: TextWords, starts: I64) -> I64:
    """The places whose word some name begins with, as it is or without an ending."""
    rows, place = np.unique(words.row[starts], return_inverse=True)
    endings = words.words.endings[rows]
    heads = phrases.may_begin(words.words.hash[rows])
    heads |= phrases.may_begin(endings.ravel()).reshape(endings.shape).any(axis=1)
    return starts[heads[place]]


def _scan(phrases: PhraseTable, words: TextWords, starts: I64) -> Hits:
    parts: list[Hits] = []
    run = np.zeros(len(starts), dtype=np.uint64)
    linked = words.glued | words.runs.loose
    for size in range(1, phrases.longest + 1):
        last = starts + size - 1
        inside = last < len(words.hash)
        if size > 1:
            inside[inside] = linked[last[inside]]
        if size == 3:
            inside &= phrases.may_go_on(mix(run + np.uint64(2)))
        starts, run, last = starts[inside], run[inside], last[inside]
        if not len(starts):
            break
        power = word_power(size - 1)
        variants = [(-1, words.hash[last]), *enumerate(words.words.endings[words.row[last]].T)]
        parts += [_hits(phrases, _Runs(starts, run, size), ending, variant, power) for ending, variant in variants]
        run = run + (words.hash if size == 1 else words.inner)[last] * power
    return _joined(parts)


def _true_to_signs(hits: Hits, phrases: PhraseTable, words: TextWords) -> Hits:
    """Without those that reach over a comma, a bracket or a dash that no owner of the name writes."""
    far = np.concatenate(([0], np.cumsum(words.runs.loose & ~words.glued)))
    doubtful = np.flatnonzero(far[hits.high] - far[hits.low + 1] > 0)
    if not len(doubtful):
        return hits
    asked, names = phrases.names(hits.key[doubtful])
    written = np.array([not _SIGNS.isdisjoint(raw) for raw in phrases.index.texts(names, "names.raw")], dtype=np.bool_)
    kept = np.ones(len(hits), dtype=np.bool_)
    kept[doubtful] = False
    kept[doubtful[asked[written]]] = True
    return hits.take(kept)


@dataclass(frozen=True, slots=True)
class _Runs:
    starts: I64
    run: U64  #: the key so far, before the last word
    size: int


def _hits(phrases: PhraseTable, runs: _Runs, ending: int, last: U64, power: np.uint64) -> Hits:
    some = np.flatnonzero(last)
    keys = mix(runs.run[some] + last[some] * power + np.uint64(runs.size))
    listed = phrases.has(keys)
    low = runs.starts[some[listed]]
    return Hits(low, low + runs.size, np.full(len(low), ending, dtype=np.int64), keys[listed])


def _joined(parts: list[Hits]) -> Hits:
    if not parts:
        nothing = np.zeros(0, dtype=np.int64)
        return Hits(nothing, nothing, nothing, np.zeros(0, dtype=np.uint64))
    low, high = np.concatenate([p.low for p in parts]), np.concatenate([p.high for p in parts])
    ending, key = np.concatenate([p.ending for p in parts]), np.concatenate([p.key for p in parts])
    return Hits(low, high, ending, key).take(np.lexsort((ending, high, low)))
