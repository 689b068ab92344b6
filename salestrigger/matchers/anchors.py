"""What a text must have for a phrase to match at all: the words by which phrases are found before they are tried.

Knows the words of a phrase only, not how it matches (``patterns.py``) or how texts are searched (``scan.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Anchor:
    """A string that must stand in a text for its pattern to match: the key of the first filter."""

    text: str
    open_left: bool  #: it may be the end of a longer word
    open_right: bool  #: it may be the beginning of a longer word


def best_anchors(literals: Sequence[Sequence[str]]) -> tuple[Anchor, ...]:
    """The required piece whose shortest alternative is longest: the rarest by the cheapest measure."""
    scored = [[_anchor(a) for a in alternatives] for alternatives in literals]
    usable = [anchors for anchors in scored if anchors and min(len(a.text) for a in anchors) >= 2]
    if not usable:
        return ()
    return tuple(dict.fromkeys(max(usable, key=lambda anchors: min(len(a.text) for a in anchors))))


def _anchor(alternative: str) -> Anchor:
    """An alternative as it stands, or its longest word when it has wildcards, which leave that side open."""
    if "*" not in alternative:
        return Anchor(alternative, open_left=False, open_right=False)
    word = max(alternative.split(), key=lambda w: len(w.strip("*")))
    return Anchor(word.strip("*"), word.startswith("*"), word.endswith("*"))
