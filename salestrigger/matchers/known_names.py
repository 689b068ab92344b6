"""Listed names in a text: one look-up of every run of capitalised words in the index's sorted keys.

The keys are the index's own (memory-mapped, additions included), so that a universe needs no second structure. What a
hit is worth is decided in ``spot.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.text_words import TextWords
from salestrigger.matchers.words import I64, U64, mix, word_power

_LONGEST = 10  # words in a name that is looked up in texts
_MOST = 50  # organisations of one name that a mention carries; all are counted elsewhere


@dataclass(frozen=True, slots=True)
class Hit:
    """Words ``low:high`` of the text are a listed name."""

    low: int
    high: int
    ending: int  #: which genitive ending the last word carries, -1 for none
    names: tuple[int, ...]  #: rows of the index


def _rows(index: OrganizationIndex, keys: U64) -> tuple[I64, I64]:
    asked, names = index.names_by("by_ordered", keys, limit=_MOST)
    whole_asked, whole = index.names_by("by_whole", keys, limit=_MOST)
    return np.concatenate([asked, whole_asked]), np.concatenate([names, whole])


def find_known(index: OrganizationIndex, words: TextWords) -> list[Hit]:
    """Every listed name in the text, overlapping ones included, by place and length."""
    tokens = words.tokens
    starts = np.array([i for i, t in enumerate(tokens) if t.capital and t.text != "&"], dtype=np.int64)
    if not len(starts) or not len(index.segments):
        return []
    may = np.any([index.may_begin(variant[starts]) for variant in (words.hashes, *words.endings)], axis=0)
    starts = starts[may]
    glued = np.array([t.glued or t.text == "&" or (i > 0 and tokens[i - 1].text == "&") for i, t in enumerate(tokens)])
    return _scan(index, words, starts, glued)


def _scan(index: OrganizationIndex, words: TextWords, starts: I64, glued: np.ndarray) -> list[Hit]:
    keys: list[U64] = []
    places: list[tuple[I64, int, int]] = []
    run = np.zeros(len(starts), dtype=np.uint64)
    for size in range(1, min(_LONGEST, index.longest) + 1):
        last = starts + size - 1
        inside = last < len(words.tokens)
        starts, run, last = starts[inside], run[inside], last[inside]
        if size > 1:
            joined = glued[last]
            starts, run, last = starts[joined], run[joined], last[joined]
        if not len(starts):
            break
        power, length = word_power(size - 1), np.uint64(size)
        for ending, variant in enumerate((words.hashes, *words.endings), start=-1):
            here = np.flatnonzero(variant[last])
            if not len(here):
                continue
            keys.append(run[here] + variant[last[here]] * power + length)
            places.append((starts[here], size, ending))
        run = run + words.hashes[last] * power
    return _hits(index, keys, places)


def _hits(index: OrganizationIndex, keys: list[U64], places: list[tuple[I64, int, int]]) -> list[Hit]:
    if not keys:
        return []
    start = np.concatenate([p[0] for p in places])
    size = np.repeat([p[1] for p in places], [len(p[0]) for p in places])
    ending = np.repeat([p[2] for p in places], [len(p[0]) for p in places])
    asked, names = _rows(index, mix(np.concatenate(keys)))
    found: dict[tuple[int, int, int], set[int]] = {}
    for at, name in zip(asked.tolist(), names.tolist(), strict=True):
        found.setdefault((int(start[at]), int(size[at]), int(ending[at])), set()).add(name)
    return [Hit(low, low + n, end, tuple(sorted(rows))) for (low, n, end), rows in sorted(found.items())]
