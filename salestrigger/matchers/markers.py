"""Words around an event as one expression per kind: negation, hedges, exclusions … Knows no language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from salestrigger.matchers.patterns import Sets, compile_pattern


class Markers:
    """Markers of one kind (negation, hedges …) as one expression, tried only where one of their words stands."""

    def __init__(self, sources: Sequence[str], sets: Sets) -> None:
        patterns = [compile_pattern(source, sets, lambda _: False) for source in sources]
        body = "|".join(re.sub(r"\(\?P<\w+>", "(?:", pattern.regex) for pattern in patterns)
        self._regex = re.compile(body or r"(?!)")
        anchors = {anchor for pattern in patterns for anchor in pattern.anchors}
        self._closed = frozenset(max(a.text.split(), key=len) for a in anchors if not (a.open_left or a.open_right))
        opened = sorted(a.text for a in anchors if a.open_left or a.open_right)
        self._open = re.compile("|".join(map(re.escape, opened))) if opened else None

    def possible(self, words: frozenset[str], text: str) -> bool:
        """Whether one could be found in a sentence with these words; cheap."""
        return not self._closed.isdisjoint(words) or (self._open is not None and self._open.search(text) is not None)

    def search(self, text: str) -> re.Match[str] | None:
        """The first marker in an encoded sentence, or part of one."""
        return self._regex.search(text)

    def all(self, text: str) -> Iterator[re.Match[str]]:
        """Every marker in an encoded sentence, from left to right."""
        return self._regex.finditer(text)


def words_of(sources: Sequence[str], sets: Sets) -> frozenset[str]:
    """The whole words of markers."""
    return frozenset().union(*(compile_pattern(s, sets, lambda _: False).words for s in sources))
