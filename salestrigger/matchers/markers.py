"""Words around an event as one expression per kind: negation, hedges, exclusions … Knows no language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from salestrigger.matchers.expressions import Expression, Match
from salestrigger.matchers.pattern_slots import NO_NAME
from salestrigger.matchers.patterns import Pattern

_CLAUSE_END = r"(?=[,;:.!?–-] |\s*\Z)"


class Markers:
    """Markers of one kind (negation, hedges …) as one expression, tried only where one of their words stands.

    Everything is made when it is first needed: most kinds are asked for in few texts. ``over_names``: at the end of
    a clause the gaps of its patterns may hold names, for a verb and its particle stand around what they speak of
    ("blaast overname van Acme af").
    """

    def __init__(self, patterns: Sequence[Pattern], *, over_names: bool = False) -> None:
        self._patterns = tuple(patterns)
        self._over_names = over_names

    @cached_property
    def _expression(self) -> Expression:
        body = "|".join(re.sub(r"\(\?P<\w+>", "(?:", pattern.regex) for pattern in self._patterns)
        if self._over_names and body:
            body += f"|(?:{body.replace(NO_NAME, '')}){_CLAUSE_END}"
        return Expression(body or r"(?!)")

    @cached_property
    def _anchors(self) -> tuple[frozenset[str], re.Pattern[str] | None]:
        """Words of which one may stand by itself, and an expression of those that may be parts of a word."""
        anchors = {anchor for pattern in self._patterns for anchor in pattern.anchors}
        opened = sorted(a.text for a in anchors if a.open_left or a.open_right)
        closed = (a.text for a in anchors if not (a.open_left or a.open_right))
        return (
            frozenset(max(text.split(), key=len) for text in closed),
            re.compile("|".join(map(re.escape, opened))) if opened else None,
        )

    def possible(self, words: frozenset[str], text: str) -> bool:
        """Whether one could be found in a sentence with these words; cheap."""
        closed, opened = self._anchors
        return not closed.isdisjoint(words) or (opened is not None and opened.search(text) is not None)

    def search(self, text: str) -> Match | None:
        """The first marker in an encoded sentence, or part of one."""
        return self._expression.search(text)

    def all(self, text: str) -> Iterator[Match]:
        """Every marker in an encoded sentence, from left to right."""
        return self._expression.all(text)
