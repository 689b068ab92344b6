"""The names of one sentence while they are found (``name_groups.py``): its tokens and what was named so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from salestrigger.matchers.reader import Reader
from salestrigger.matchers.sentences import Sentence
from salestrigger.matchers.word_tokens import Token

GroupKind = Literal["O", "P", "Q", "L", "K", "G", "U"]  #: see ``name_groups.py``


@dataclass(frozen=True, slots=True)
class Group:
    """A name in a sentence. Offsets are in the document's full text."""

    kind: GroupKind
    surface: str
    start: int
    end: int
    mention_id: str | None = None


class NamesBefore(Protocol):
    """What the sentences before one say of its names; asked only where it matters.

    ``kind_of``: what somebody is whom the text has named in full, by a surname in lower case. ``opens``: whether the
    sentence opens a text whose headline names nobody, so that it begins with a name as likely as not.
    """

    def kind_of(self, surname: str) -> GroupKind | None: ...
    def opens(self) -> bool: ...


@dataclass(slots=True)
class Naming:
    """One sentence while its names are found; tokens that became a name are replaced by one coded token."""

    full: str
    sentence: Sentence
    tokens: list[Token]
    reader: Reader
    already: int
    headline: bool  #: nearly every word has a capital, so that capitals say nothing
    before: NamesBefore
    groups: list[Group] = field(default_factory=list)

    def low(self, at: int) -> str:
        """The word at ``at`` in lower case; empty outside and for what is no word."""
        return self.tokens[at].low if 0 <= at < len(self.tokens) else ""

    def capital(self, at: int) -> bool:
        """Whether an uncoded word with a capital stands at ``at``."""
        return 0 <= at < len(self.tokens) and self.tokens[at].capital and not self.tokens[at].code
