"""What detecting looked at in one text, noted on request: for explanations and for the filter before a second reader.

``detect`` fills a :class:`Trace` that it is given and does nothing more when it is given none. Nothing here decides
anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from salestrigger.matchers.encode import Line
from salestrigger.matchers.event_choice import Hit
from salestrigger.matchers.finding import Finding
from salestrigger.matchers.reader import Reader
from salestrigger.matchers.scan import Phrase
from salestrigger.matchers.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Step:
    """One phrase that was tried on one sentence."""

    line: Line
    phrase: Phrase
    finding: Finding | None  #: None: its words are there, but not in this order or without somebody they speak of
    result: Hit | str  #: the event it makes by itself, or the reason why it makes none


@dataclass(slots=True)
class Trace:
    """Filled by ``detect``; empty for a text that was not read (no text, no supported language)."""

    reader: Reader | None = None
    sentences: Sequence[Sentence] = ()
    line: Callable[[int], Line | None] = lambda _number: None  #: the encoded sentence of a number
    phrases: Mapping[int, Sequence[Phrase]] = field(default_factory=dict)  #: sentence number → those whose cue is there
    steps: list[Step] = field(default_factory=list)
    found: Sequence[Hit] = ()  #: what was left of each sentence
    kept: Sequence[Hit] = ()  #: what became events
