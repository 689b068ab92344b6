"""What a text must have for a phrase to match at all: the words by which phrases are found before they are tried.

Knows the words of a phrase only, not how it matches (``patterns.py``) or how texts are searched (``scan.py``).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Anchor:
    """A string that must stand in a text for its pattern to match: the key of the first filter."""

    text: str
    open_left: bool  #: it may be the end of a longer word
    open_right: bool  #: it may be the beginning of a longer word


def best_anchors(literals: Sequence[tuple[str, ...]]) -> tuple[Anchor, ...]:
    """The required piece whose shortest alternative is longest: the rarest by the cheapest measure."""
    scored = [_scored(alternatives) for alternatives in literals]
    return max(
        ((shortest, anchors) for shortest, anchors in scored if shortest >= 2), key=lambda s: s[0], default=(0, ())
    )[1]


@functools.lru_cache(maxsize=8192)
def _scored(alternatives: tuple[str, ...]) -> tuple[int, tuple[Anchor, ...]]:
    """The length of the shortest, and all of them."""
    anchors = tuple(dict.fromkeys(map(_anchor, alternatives)))
    return min((len(a.text) for a in anchors), default=0), anchors


def _anchor(alternative: str) -> Anchor:
    """An alternative as it stands, or its longest word when it has wildcards, which leave that side open."""
    if "*" not in alternative:
        return Anchor(alternative, open_left=False, open_right=False)
    word = max(alternative.split(), key=lambda w: len(w.strip("*")))
    return Anchor(word.strip("*"), word.startswith("*"), word.endswith("*"))
