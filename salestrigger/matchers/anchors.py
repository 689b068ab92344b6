"""What a text must have for a phrase to match at all: the words by which phrases are found before they are tried.

Knows the words of a phrase only, not how it matches (``patterns.py``) or how texts are searched (``scan.py``).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

SHORTEST = 2  #: letters


@dataclass(frozen=True, slots=True)
class Anchor:
    """A string that must stand in a text for its pattern to match: the key of the first filter."""

    text: str
    open_left: bool  #: it may be the end of a longer word
    open_right: bool  #: it may be the beginning of a longer word


def has_anchor(literals: Sequence[tuple[str, ...]]) -> bool:
    """Whether there is something to look for: a piece all of whose alternatives have two letters."""
    return any(_shortest(alternatives) >= SHORTEST for alternatives in literals)


def best_anchors(literals: Sequence[tuple[str, ...]]) -> tuple[Anchor, ...]:
    """The required piece whose shortest alternative is longest: the rarest by the cheapest measure."""
    best = max(literals, key=_shortest, default=())
    return _anchors(best) if _shortest(best) >= SHORTEST else ()


@functools.lru_cache(maxsize=16_384)
def _shortest(alternatives: tuple[str, ...]) -> int:
    """The length of the shortest anchor."""
    return min((len(_text(a).strip("*")) if "*" in a else len(a) for a in alternatives), default=0)


def _text(alternative: str) -> str:
    """The longest word of an alternative."""
    return max(alternative.split(), key=lambda w: len(w.strip("*")))


@functools.lru_cache(maxsize=16_384)
def _anchors(alternatives: tuple[str, ...]) -> tuple[Anchor, ...]:
    return tuple(dict.fromkeys(map(_anchor, alternatives)))


def _anchor(alternative: str) -> Anchor:
    """An alternative as it stands, or its longest word when it has wildcards, which leave that side open."""
    if "*" not in alternative:
        return Anchor(alternative, open_left=False, open_right=False)
    word = _text(alternative)
    return Anchor(word.strip("*"), word.startswith("*"), word.endswith("*"))
