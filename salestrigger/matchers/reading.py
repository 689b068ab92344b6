"""One document while it is read: its sentences, each encoded when it is first asked for. Decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from salestrigger.matchers.encode import Line, encode
from salestrigger.matchers.lexicon import Lexicon
from salestrigger.matchers.naming import Group, GroupKind
from salestrigger.matchers.reader import Reader, reader_of
from salestrigger.matchers.roles import only_organisation
from salestrigger.matchers.sentences import Sentence, full_text, split_sentences
from salestrigger.matchers.trace import Trace
from salestrigger.matchers.types import Mention
from salestrigger.sources.records import Document

#: two or three words with capitals, of which the last may be a surname: "Minister Jo Mill"
_INTRODUCED = re.compile(r"\b([A-Z][\w.]+)\s(?:[A-Z][\w.]*\s)?([A-Z]\w+)")
BODY_SENTENCES = 8  #: news is told at the head: later sentences are background


@dataclass(slots=True)
class Reading:
    """A document and what has been read of it so far."""

    document: Document
    full: str
    reader: Reader
    lexicon: Lexicon
    mentions: Sequence[Mention]  #: by their places
    sentences: list[Sentence]
    published: datetime
    dated: bool  #: whether the source says when it was published
    lines: dict[int, Line] = field(default_factory=dict)
    people: dict[int, dict[str, GroupKind]] = field(
        default_factory=dict
    )  #: surnames of those whom a line names in full
    trace: Trace | None = None

    @property
    def year(self) -> int:
        """Of publication; 0 when it is not known, so that no year counts as past."""
        return self.published.year if self.dated else 0

    @property
    def excerpt(self) -> bool:
        """One sentence without a headline: whom it speaks of may be named elsewhere."""
        return len(self.sentences) == 1 and self.sentences[0].where != "title"

    def reads(self, type_id: str, number: int) -> bool:
        """Whether a type is looked for in documents of this kind, and in the sentence of that number."""
        event_type = self.lexicon.types[type_id]
        return self.document.kind in event_type.kinds and not (event_type.headline_only and number)

    def sentence(self, number: int) -> Sentence | None:
        """The sentence of that number (0: the title), if there is one."""
        return next((s for s in self.sentences if s.number == number), None)

    def line(self, number: int) -> Line | None:
        """The encoded sentence of that number; None when there is none."""
        if number not in self.lines:
            sentence = self.sentence(number)
            if sentence is None:
                return None
            before = _Before(self, number)
            line = encode(self.full, sentence, self.reader, self.mentions, before=before, excerpt=self.excerpt)
            self.lines[number] = line
            if named := _surnames(line.groups):
                self.people[number] = named
        return self.lines[number]


@dataclass(frozen=True, slots=True)
class _Before:
    """What stands before one sentence: the title and the first sentence are encoded only where it matters."""

    reading: Reading
    number: int

    def headline(self) -> Group | None:
        """The organisation of the title, else the first of the first sentence."""
        heading = self.reading.line(0) if self.number else None
        headline = (only_organisation(heading) or _at(heading)) if heading is not None else None
        if self.number > 1 and headline is None and (lead := self.reading.line(1)) is not None:
            return only_organisation(lead, first=True)
        return headline

    def opens(self) -> bool:
        """Whether the sentence opens a text whose headline names nobody."""
        heading = self.reading.line(0) if self.number == 1 else None
        return heading is not None and only_organisation(heading) is None

    def kind_of(self, surname: str) -> GroupKind | None:
        """What somebody is whom the text has named in full before, by the last word in lower case."""
        for earlier in self._may_name(surname):
            self.reading.line(earlier)
        people = self.reading.people
        named = (people[n][surname] for n in sorted(people, reverse=True) if n < self.number and surname in people[n])
        return next(named, None) or self._introduced(surname)

    def _introduced(self, surname: str) -> GroupKind | None:
        """Of an office, by the word before an earlier mention: "Minister Mill", "Senator Jo Mill"."""
        reading, here = self.reading, self.reading.sentence(self.number)
        before = reading.full[: here.start] if here else ""
        offices = (office.lower() for office, name in _INTRODUCED.findall(before) if name.lower() == surname)
        return "G" if any(office in reading.reader.not_companies for office in offices) else None

    def _may_name(self, surname: str) -> Iterator[int]:
        """The title, and the first sentence where the title does not say whom the text is about: where the word is."""
        if self.number > 0 and self._has(0, surname):
            yield 0
        if self.number > 1 and self._has(1, surname):
            heading = self.reading.line(0)
            if heading is None or only_organisation(heading) is None:
                yield 1

    def _has(self, number: int, word: str) -> bool:
        sentence = self.reading.sentence(number)
        return sentence is not None and f" {word}" in self.reading.full[sentence.start : sentence.end].lower()


def open_reading(document: Document, mentions: Sequence[Mention], lexicon: Lexicon, language: str) -> Reading:
    """A document cut into sentences, none of them read yet."""
    full = full_text(document.title, document.text)
    reader = reader_of(lexicon, language)
    sentences = split_sentences(full, len(document.title), reader.abbreviations, limit=BODY_SENTENCES)
    ordered = sorted(mentions, key=lambda m: (m.start, -m.end))
    published = document.published_at or document.fetched_at
    at, dated = published.astimezone(UTC), document.published_at is not None
    return Reading(document, full, reader, lexicon, ordered, sentences, at, dated)


def _at(line: Line) -> Group | None:
    """Whom a line names only by where: "All change at Saltash Ferries"; a name of one word is rather a place's."""
    found = [g for g in line.groups if g.kind == "K" and " " in g.surface]
    return found[0] if len(found) == 1 else None


def _surnames(groups: Iterable[Group]) -> dict[str, GroupKind]:
    """The last words, in lower case, of people and officials named in full: later they stand alone."""
    return {g.surface.rsplit(None, 1)[-1].lower(): g.kind for g in groups if g.kind in "PG" and " " in g.surface}
