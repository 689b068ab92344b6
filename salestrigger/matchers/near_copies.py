"""Recognises copies of one text (a wire story in five papers) by a short signature of its words.

MinHash (Broder 1997) over rows of three words, 64 permutations of which 8 bits each are kept (b-bit minwise hashing, Li
and König 2010), by rensa: 128 hex digits that can be stored and compared without the text.
"""

from __future__ import annotations

import functools
import re

from rensa import RMinHash

from salestrigger.sources.records import Document

PERMUTATIONS, SEED = 64, 1  #: of every signature that is stored
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
    sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    sketch.update([row.encode("utf-8", "replace").decode() for row in rows])
    return bytes(value & 0xFF for value in sketch.digest()).hex()


def similarity(one: str, other: str) -> float:
    """Estimated Jaccard similarity of two texts by their signatures, 0..1; 0 when one has none (a register change has
    its id instead)."""
    if len(one) != 2 * PERMUTATIONS or len(other) != 2 * PERMUTATIONS:
        return 0.0
    equal = sum(a == b for a, b in zip(bytes.fromhex(one), bytes.fromhex(other), strict=True)) / PERMUTATIONS
    return max(0.0, (equal - 1 / 256) / (1 - 1 / 256))
