"""A phrase of an event type found in a sentence, with what is needed to judge it. A value only."""

from __future__ import annotations

import re
from dataclasses import dataclass

from salestrigger.matchers.encode import Line
from salestrigger.matchers.expressions import Match
from salestrigger.matchers.lexicon import EventType
from salestrigger.matchers.naming import Group
from salestrigger.matchers.patterns import Pattern
from salestrigger.matchers.reader import Reader

_CODE = re.compile(r"§[A-Z](\d+)")


@dataclass(frozen=True, slots=True)
class Finding:
    """One phrase match. ``title`` and ``lead`` are those of the document (one of them may be ``line`` itself)."""

    event_type: EventType
    pattern: Pattern
    match: Match
    line: Line
    title: Line | None
    lead: Line | None
    reader: Reader
    year: int  #: of publication

    @property
    def hit(self) -> tuple[int, int]:
        """Where the phrase stands in ``line.text``."""
        return self.match.span()

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands in the document's full text."""
        return self.line.span(*self.match.span())

    def slot(self, name: str) -> str:
        """The encoded text of the first slot of that name; empty when the phrase has none or it is not filled."""
        labels = (label for label in self.pattern.slots if slot_name(label) == name)
        return next((self.match[label] for label in labels if self.match[label]), "")

    def groups(self, label: str) -> list[Group]:
        """The names that a slot took; ``label`` is one of ``pattern.slots``."""
        return [self.line.groups[int(number)] for number in _CODE.findall(self.match[label] or "")]


def slot_name(label: str) -> str:
    """``acquirer`` of ``acquirer__0``."""
    return label.partition("__")[0]
