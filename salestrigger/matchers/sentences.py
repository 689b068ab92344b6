"""Cuts a document into its title and sentences: spans only, no words.

Offsets are in characters of ``title + "\\n" + text``. An event is told at the head of a text, so reading stops after
``TEXT_LIMIT`` characters: that also bounds the time for any input.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

TEXT_LIMIT = 8_000  #: characters; a long news article has about 5,000
TITLE_LIMIT = 400
SENTENCE_LIMIT = 700  #: a longer "sentence" is a table or a list; its head is read
_BREAK = re.compile(r"\s*\n+\s*|[.!?…]+[\"'”’»)\]]*(\s+)(?=[\"'“‘«„(\[–-]?\s?[^\W_a-zæøåäöü])")
_LAST_WORD = re.compile(r"([^\s(\"'“‘«„]{1,15})\Z")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or the title."""

    start: int
    end: int
    where: Literal["title", "lead", "body"]  #: lead: the first two sentences of the text
    number: int  #: 0 is the title


def full_text(title: str, text: str) -> str:
    """What offsets count in: the title, a line break, the text; cut at ``TEXT_LIMIT``."""
    return (title + "\n" + text)[: TEXT_LIMIT + len(title)] if len(title) <= TITLE_LIMIT else (title + "\n" + text)[:TEXT_LIMIT]


def split_sentences(full: str, title_length: int, abbreviations: Collection[str]) -> list[Sentence]:
    """The title and the sentences of :func:`full_text`, without those that are empty."""
    spans = [(0, min(title_length, TITLE_LIMIT))]
    start = title_length + 1
    for match in _BREAK.finditer(full, start):
        if match[1] and _abbreviated(full, match.start(), abbreviations):
            continue
        spans.append((start, match.end() - len(match[1] or "") if match[1] else match.start()))
        start = match.end()
    spans.append((start, len(full)))
    return _numbered(full, spans)


def _abbreviated(full: str, dot: int, abbreviations: Collection[str]) -> bool:
    """Whether the dot belongs to "B.V.", "ca.", an initial or an ordinal ("1. juli")."""
    if full[dot] != ".":
        return False
    word = _LAST_WORD.search(full, max(0, dot - 15), dot)
    if not word:
        return False
    last = word[1]
    return last.lower() in abbreviations or (len(last) == 1 and last.isalpha()) or (last.isdigit() and len(last) <= 2)


def _numbered(full: str, spans: list[tuple[int, int]]) -> list[Sentence]:
    found = []
    for start, end in spans:
        end = min(end, start + SENTENCE_LIMIT)
        if full[start:end].strip():
            number = len(found) if found and found[0].where == "title" else len(found) + (start > 0)
            where: Literal["title", "lead", "body"] = "title" if start == 0 and spans[0][1] > 0 else ("lead" if number <= 2 else "body")
            found.append(Sentence(start, end, where, number))
    return found
