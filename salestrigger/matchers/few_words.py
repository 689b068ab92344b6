"""Which words of one name stand for words of another: ``word_pairs.py`` for one pair of names, word by word."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from salestrigger.matchers.acronyms import joining
from salestrigger.matchers.word_pairs import CUT, CUT_ONE, CUT_TWO, MOST, THINNED, THINNED_TWO, WIDE


def added(values: Iterable[float]) -> float:
    """The sum in order, each step rounded, as ``np.bincount`` adds; ``sum`` compensates from Python 3.12 on."""
    total = 0.0
    for value in values:
        total += value
    return total


def _alike(one: bytes, other: bytes) -> int:
    """How many bytes two words begin with alike."""
    most = min(len(one), len(other), WIDE)
    if one[:most] == other[:most]:
        return most
    at = 0
    while one[at] == other[at]:
        at += 1
    return at


def _within(short: bytes, long: bytes) -> bool:
    """Whether the letters of the shorter word stand in the longer one in their order."""
    letters = iter(long[:WIDE])
    return all(letter in letters for letter in short)


def _stands_for(one: bytes, other: bytes) -> float:
    """How well one of two words that begin alike stands for the other, 0 to 1."""
    short, long = (other, one) if len(one) > len(other) else (one, other)
    size, full = len(short), len(long)
    head = _alike(short, long)
    if head >= min(size, WIDE):
        return CUT if size > 2 else CUT_TWO if size > 1 else CUT_ONE
    tail = min(_alike(one[::-1], other[::-1]), size - head)
    alike = (head + tail) / min(full, 2 * WIDE)
    value = alike * 0.95 if alike >= 0.6 and size > 3 else 0.0
    if 1 < size < min(full, WIDE) and _within(short, long):
        value = max(value, THINNED if size > 2 else THINNED_TWO)
    return value


def standing_of(left: Sequence[bytes], right: Sequence[bytes]) -> tuple[list[float], list[float]]:
    """For every word of either side how well its best partner on the other stands for it."""
    out = [0.0] * len(left), [0.0] * len(right)
    for i, one in enumerate(left):
        for j, other in enumerate(right):
            if one[0] == other[0]:
                value = _stands_for(one, other)
                out[0][i], out[1][j] = max(out[0][i], value), max(out[1][j], value)
    return out


@functools.cache
def joining_words() -> frozenset[int]:
    """Hashes of the words that acronyms leave out."""
    return frozenset(joining().tolist())


def _is_initials(words: Sequence[bytes], others: Sequence[tuple[int, bytes]]) -> bool:
    if not words or len(others) < 2:
        return False
    firsts = bytes([text[0] for key, text in others if key not in joining_words()])
    return 1 < len(firsts) <= MOST and firsts in words


def is_acronym(left: Sequence[tuple[int, bytes]], right: Sequence[tuple[int, bytes]]) -> bool:
    """Whether a word (hash and text) of one side is the initials of the words that only the other has."""
    return _is_initials([text for _, text in left], right) or _is_initials([text for _, text in right], left)
