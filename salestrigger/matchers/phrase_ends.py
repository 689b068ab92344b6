"""Phrases that close with what need not be there: ``.. (from|of)? {seller}?``.

Piece by piece the shortest reading would win, in which nothing of it is there, and a name further on would never be
taken. So the last gap is passed together with the word and the name after it, or not at all. This module knows no
other piece of the pattern language (``patterns.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from salestrigger.matchers.pattern_slots import ORDINARY


class Build(Protocol):
    """What of a pattern that is being built is touched here."""

    parts: list[str | tuple[str, ...]]
    needs: list[str]
    after: str


def end_of(pieces: Sequence[str]) -> int:
    """Where such an ending begins, or the number of pieces."""
    length = len(pieces) - sum(piece.startswith("@") for piece in pieces)
    gap, words, slot = pieces[length - 3 : length] if length >= 3 else ("", "", "")
    closes = gap == ".." and words.endswith(")?") and slot.startswith("{") and slot.endswith("}?")
    return length - 3 if closes else len(pieces)


def add_end(pieces: Sequence[str], build: Build, add: Callable[[str], None]) -> None:
    """Add such an ending and the tags after it; ``add`` adds one piece."""
    if not pieces:
        return
    _, words, slot, *tags = pieces
    build.parts.append("(?:(?:" + ORDINARY + "{0,5}?")
    build.after = "gap"
    add(words)
    build.parts[-1] = ")?"  # the words need not be there, and without them neither the gap
    needs = len(build.needs)
    add(slot.removesuffix("?"))
    del build.needs[needs:]
    build.parts.append(")?")
    for tag in tags:
        add(tag)
