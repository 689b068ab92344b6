"""The hashes of ``words.py`` in plain numbers, name by name: an array call costs more than a few words.

Every function gives exactly what its namesake over columns gives; ``tests/matchers/test_few_names.py`` holds that.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np

from salestrigger.matchers.words import BYTE_BASE, U64, WORD_BASE, mix

_MASK = (1 << 64) - 1
_KEPT_WORDS = 1 << 16  # words of names repeat


def mix_one(value: int) -> int:
    """``words.mix`` of one number."""
    x = value & _MASK
    x ^= x >> 30
    x = x * 0xBF58476D1CE4E5B9 & _MASK
    x ^= x >> 27
    x = x * 0x94D049BB133111EB & _MASK
    return x ^ x >> 31


@functools.cache
def _byte_powers(size: int) -> tuple[int, ...]:
    return tuple(pow(BYTE_BASE, exponent, 1 << 64) for exponent in range(size))


@functools.lru_cache(maxsize=_KEPT_WORDS)
def bytes_hash(word: bytes) -> int:
    """``words.byte_hashes`` of one run of bytes; 0 for none."""
    value = 0
    for byte in reversed(word):
        value = (value * BYTE_BASE + byte + 1) & _MASK
    return mix_one(value + len(word)) if word else 0


def ordered_key(hashes: Sequence[int]) -> int:
    """``words.ordered_keys`` of the words with these hashes; 0 for none."""
    value = 0
    for word in reversed(hashes):
        value = (value * WORD_BASE + word) & _MASK
    return mix_one(value + len(hashes)) if hashes else 0


@functools.lru_cache(maxsize=_KEPT_WORDS)
def bag_value_of(word: int) -> int:
    """``words.bag_value`` of one word's hash."""
    return mix_one(word + 0x5851F42D4C957F2D)


def bag_key(hashes: Sequence[int]) -> int:
    """``words.bag_keys`` of the words with these hashes; 0 for none."""
    return sum(map(bag_value_of, hashes)) & _MASK


def less(bag: int, *words: int) -> int:
    """The bag key without these words."""
    return (bag - sum(map(bag_value_of, words))) & _MASK


def deletion_keys_of(words: Sequence[bytes]) -> U64:
    """``words.deletion_hashes`` of several words, one after the other."""
    raw: list[int] = []
    for word in words:
        size = len(word)
        powers = _byte_powers(1 << max(6, size.bit_length()))
        after = [(byte + 1) * power for byte, power in zip(word[1:], powers, strict=False)]  # one place to the front
        value = sum(after) + size - 1
        for byte, power, moved in zip(word, powers, (*after, 0), strict=False):
            raw.append(value & _MASK)
            value += (byte + 1) * power - moved
    return mix(np.array(raw, dtype=np.uint64))
