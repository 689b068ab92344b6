"""Cuts a document into its title and sentences: spans only, no words.

Offsets are in characters of ``title + "\\n" + text``. An event is told at the head of a text, so reading stops after
``TEXT_LIMIT`` characters: that also bounds the time for any input.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

TEXT_LIMIT = 8_000  #: characters; a long news article has about 5,000
TITLE_LIMIT = 400
SENTENCE_LIMIT = 700  #: a longer "sentence" is a table or a list; its head is read
#: a line break, or a sentence's end before something that can open one; every repetition is bounded
_BREAK = re.compile(  # it begins with a set of signs, so that the search leaps from one to the next
    r"[\n.!?…](?:(?<=\n)\s{0,200}|(?<!\n)(?<![.!?…]{2})[.!?…]{0,7}"
    r"[\"'”’»)\]]{0,4}(\s{1,20})(?=[\"'“‘«„(\[–-]?\s?[^\W_a-zæøåäöü]))"
)
LEAD = 2  #: sentences of the text that tell its news
LEAD_ALONE = 4  #: without a title the headline, the dateline and the like come first
WRAPPED_LINE = 36  #: characters of such a text's average line inside a paragraph
WRAPPED_WIDTH = 85  #: characters of the longest line of a text that was wrapped by hand (wires, mails)
_LAST_WORD = re.compile(r"([^\s(\"'“‘«„]{1,15}) ?\Z")  # some texts have a space before each sign

#: abbreviations that a sentence may end with ("for 800 mio. kr. Aftalen …"), when a word with a capital follows
_CLOSING = frozenset({"kr", "pct", "osv", "jne", "usw", "mkr", "m.m"})
_OPENS = re.compile(r"\s{1,20}[^\W\d_]{2}")
_INITIALS = re.compile(r"(?:[^\W\d_]\.){0,3}[^\W\d_]")  # of "J. Mill", "J.P. Mill", without the last dot
#: "LEEDS, England, May 3, 2026 (GLOBE NEWSWIRE) -- ", "LEEDS, May 3 /PRNewswire/ -- ", "LEEDS, May 3 - "
_DATELINE = re.compile(
    r"\s{0,20}(?:[^\n]{0,120}?"
    r"(?:\((?:[A-Z][\w ]{0,20})?(?:[Ww]ire|WIRE|Reuters)\)|/(?:PR ?|CNW ?)[Nn]ewswire[^/\n]{0,30}/)"
    r"\s{0,5}(?:(?:--|[–—-])\s{1,5})?"
    r"|[A-Z][A-Z .'-]{2,30}(?:, [A-Z][\w.]{1,20})?,? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? "
    r"\d{1,2}(?:, \d{4})?,? (?:--|[–—-])\s)"
)
_DATED = ("ire)", "IRE)", "ire/", "Reuters)", " -", " –", " —")  # one of these stands in every dateline
_DATED_HEAD = 160  #: characters; a dateline is no longer


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or the title."""

    start: int
    end: int
    where: Literal["title", "lead", "body"]  #: lead: the first two sentences of the text; without a title four
    number: int  #: 0 is the title


def full_text(title: str, text: str) -> str:
    """What offsets count in: the title, a line break, the text; cut at ``TEXT_LIMIT``."""
    limit = TEXT_LIMIT + (len(title) if len(title) <= TITLE_LIMIT else 0)
    return f"{title[:limit]}\n{text[:limit]}"[:limit]


def split_sentences(
    full: str, title_length: int, abbreviations: Collection[str], *, limit: int = 200
) -> list[Sentence]:
    """The title and the first ``limit`` sentences of :func:`full_text`, without those that are empty."""
    spans = [(0, min(title_length, TITLE_LIMIT))]
    start = title_length + 1
    wrapped = _wrapped(full[start : start + 1_000])
    for match in _BREAK.finditer(full, start):
        if match[1] and not _paragraph(match[1]) and _abbreviated(full, match.start(), abbreviations):
            continue
        if not match[1] and (_continues(full, match.end()) or (wrapped and not _paragraph(match[0]))):
            continue
        spans.append((start, match.end() - len(match[1] or "") if match[1] else match.start()))
        start = match.end()
        if len(spans) > limit:
            break
    else:
        spans.append((start, len(full)))
    return _numbered(full, spans)


def _after_dateline(full: str, start: int, end: int) -> int:
    """Where a sentence begins that a dateline stands before: places and the agency's name have no part in the news."""
    head = full[start : min(end, start + _DATED_HEAD)]
    found = _DATELINE.match(full, start, end) if any(sign in head for sign in _DATED) else None
    return found.end() if found and full[found.end() : end].strip() else start


def _wrapped(text: str) -> bool:
    """Whether the lines are cut at a fixed width, so that a line break is only a space.

    A paragraph's last line is as long as it happens to be, so only the others are measured; of those a list of
    headlines has none that goes on in lower case.
    """
    lines = text.split("\n")
    inner = [line for line, after in pairwise(lines) if line.strip() and after[:1].strip()]
    goes_on = any(after[:1].islower() for line, after in pairwise(lines) if line.strip())
    if not inner or max(map(len, lines[:-1])) > WRAPPED_WIDTH:
        return False
    return sum(map(len, inner)) >= (WRAPPED_LINE if goes_on else 45) * len(inner)


def _continues(full: str, at: int) -> bool:
    """Whether a line begins in lower case, so that the break before it ends no sentence; a list's items do too, but
    they are rarely sentences."""
    return full[at : at + 1].islower()


def _paragraph(gap: str) -> bool:
    """An empty or an indented line."""
    return gap.count("\n") > 1 or gap.endswith(("  ", "\t"))


def _abbreviated(full: str, dot: int, abbreviations: Collection[str]) -> bool:
    """Whether the dot belongs to "B.V.", "ca.", an initial or an ordinal ("1. juli")."""
    if full[dot] != ".":
        return False
    word = _LAST_WORD.search(full, max(0, dot - 15), dot)
    if not word:
        return False
    last = word[1]
    if last.lower() in _CLOSING and _OPENS.match(full, dot + 1):
        return False
    if last.lower() in abbreviations or _INITIALS.fullmatch(last):
        return True
    return last.isdigit() and len(last) <= 2


def _numbered(full: str, spans: list[tuple[int, int]]) -> list[Sentence]:
    """The spans that hold something, the title (the first span) as number 0."""
    found: list[Sentence] = []
    number = 0
    lead = LEAD if full[: spans[0][1]].strip() else LEAD_ALONE
    for i, (start, stop) in enumerate(spans):
        end = min(stop, start + SENTENCE_LIMIT)
        if i and full[start:end].strip():
            number += 1
            begin = _after_dateline(full, start, end) if number <= LEAD_ALONE else start
            found.append(Sentence(begin, end, "lead" if number <= lead else "body", number))
        elif full[start:end].strip():
            found.append(Sentence(start, end, "title", 0))
    return found
