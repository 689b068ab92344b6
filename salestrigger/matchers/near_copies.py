"""Recognises copies of one text (a wire story in five papers) by a short signature of its words.

MinHash (Broder 1997) over rows of three words, 64 permutations of which 8 bits each are kept (b-bit minwise hashing, Li
and König 2010): 128 hex digits that can be stored and compared without the text. They are those of datasketch 2
(``affine32``), whose import alone takes longer than reading hundreds of texts.
"""

from __future__ import annotations

import functools
import re
import zlib

import numpy as np
from numpy.typing import NDArray

from salestrigger.sources.records import Document

PERMUTATIONS = 64
COPY_SIMILARITY = 0.6  #: shared share of word rows from which two texts count as copies
HEAD = 1_500  #: characters that are read
SHORT = 12  #: a text of fewer words is compared with its title
_WORD = re.compile(r"\w+")


def signature(document: Document) -> str:
    """128 hex digits of a document's text (of its title too, when the text is short); empty for no words."""
    return _signature(document.title[:HEAD], document.text[:HEAD])


@functools.lru_cache(maxsize=1024)  # an event and its document ask for the same one
def _signature(title: str, text: str) -> str:
    words = _WORD.findall(text.lower())
    if len(words) < SHORT:
        words = _WORD.findall(title.lower()) + words
    if not words:
        return ""
    rows = set(map(" ".join, zip(words, words[1:], words[2:], strict=False))) or {" ".join(words)}
    hashes = np.array([zlib.crc32(row.encode("utf-8", "surrogatepass")) for row in rows], dtype=np.uint32)
    factors, shifts = _permutations()
    least = (factors[:, None] * _mixed(hashes) + shifts[:, None]).min(axis=1)
    return bytes(least.astype(np.uint8)).hex()


def similarity(one: str, other: str) -> float:
    """Estimated Jaccard similarity of two texts by their signatures, 0..1; 0 when one has none (a register change has
    its id instead)."""
    if len(one) != 2 * PERMUTATIONS or len(other) != 2 * PERMUTATIONS:
        return 0.0
    equal = sum(a == b for a, b in zip(bytes.fromhex(one), bytes.fromhex(other), strict=True)) / PERMUTATIONS
    return max(0.0, (equal - 1 / 256) / (1 - 1 / 256))


def _mixed(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Every bit spread over all others: the finalizer of MurmurHash3 (Appleby 2011)."""
    hashes = (hashes ^ (hashes >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    hashes = (hashes ^ (hashes >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return hashes ^ (hashes >> np.uint32(16))


@functools.cache
def _permutations() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """An odd factor and a shift each, modulo 2^32; numpy promises that a ``RandomState`` gives the same ones for ever
    (NEP 19)."""
    chosen = np.random.RandomState(1)
    factors = chosen.randint(0, 1 << 31, PERMUTATIONS, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, chosen.randint(0, 1 << 32, PERMUTATIONS, dtype=np.uint32)
