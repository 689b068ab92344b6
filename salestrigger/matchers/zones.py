"""Which part of a text a place lies in: title, lead, body, the sender's own boilerplate, or noise that names nobody."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from salestrigger.matchers.names import normalise_column
from salestrigger.matchers.spotting_data import Spotting, spotting
from salestrigger.matchers.types import Prominence

_LEAD = 400  # characters: a first "sentence" that is longer has lost its full stop
_BULLETS = " \t|•·/,-"  # what a line of share buttons may begin with
_HEAD = 60  # characters of a line that tell what it begins with
_NOISE = 120  # characters: longer lines that begin like a byline are prose
_BEFORE, _AFTER = 70, 30  # characters around a name in which an analyst makes it a passing one
_PICTURE = re.compile(
    r"\((?:foto|photo|bild|bilde|billede|kuva|beeld|illustrasjon|illustration|image|credit)[:\s/][^()\n]{0,100}\)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"[.!?](?=\s+[^\W\d_a-zæøåäöü])")
_ABBREVIATED = re.compile(
    r"(?:\b\w|\b(?:nr|no|st|dr|mr|mrs|jan|feb|mar|apr|jun|jul|aug|sep|sept|okt|oct|nov|des|dec|ca|mill|mln|inc|ltd|co|corp|bv|nv|b\.v|n\.v|a\.s))$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Zones:
    """Places in ``title + "\\n" + text``."""

    title_end: int
    lead_end: int
    about: int  #: from here on the text is about its sender; the text's length when it never is
    noise: tuple[tuple[int, int], ...]  #: lines of share buttons, bylines, credits

    def prominence(self, place: int) -> Prominence:
        """Where a mention stands; -1, named by the source itself, counts as the title."""
        if place < self.title_end:
            return "title"
        return "lead" if place < min(self.lead_end, self.about) else "body"

    def is_noise(self, place: int) -> bool:
        """Whether the place is in a line that names organisations in passing."""
        at = bisect.bisect_right(self.noise, (place, 1 << 60)) - 1
        return at >= 0 and self.noise[at][0] <= place < self.noise[at][1]


def _lead_end(full: str, begin: int) -> int:
    limit = min(len(full), begin + _LEAD)
    first = next((i for i in range(begin, limit) if not full[i].isspace()), limit)
    for match in _SENTENCE.finditer(full, first, limit):
        if not _ABBREVIATED.search(full, max(first, match.start() - 6), match.start()):
            return match.end()
    line = full.find("\n", first, limit)
    return line if line > first + 40 else limit


def zones_of(full: str, title_end: int, language: Spotting) -> Zones:
    """The zones of a text."""
    noise, about = [], len(full)
    for place, line in _telling_lines(full, title_end + 1, language):
        small = line.strip().lower()
        if _is_noise(small, language):
            noise.append((place, place + len(line)))
        elif place > title_end + 1 and about == len(full) and _is_heading(small, language):
            about = place
    noise += [match.span() for match in _PICTURE.finditer(full)]
    return Zones(title_end, _lead_end(full, title_end + 1), about, tuple(sorted(noise)))


def _telling_lines(full: str, begin: int, language: Spotting) -> Iterator[tuple[int, str]]:
    """Lines that may be something else than prose, with their place: most lines are told by their first letters."""
    starts = _line_starts(language.noise, language.boilerplate)
    pairs = _first_letters(starts)
    for line in full[begin:].split("\n"):
        head = line[:_HEAD].lstrip(_BULLETS).lower()
        if (head[:2] in pairs or head[:1] in pairs) and head.startswith(starts):
            yield begin, line
        begin += len(line) + 1


@functools.lru_cache(maxsize=64)
def _line_starts(noise: tuple[str, ...], boilerplate: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*noise, *boilerplate, *spotting().networks}))


@functools.lru_cache(maxsize=64)
def _first_letters(starts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(start[:2] for start in starts)


def _is_noise(line: str, language: Spotting) -> bool:
    if len(line) > _NOISE:
        return False
    return (_begins(line, language.noise) and not _is_prose(line)) or _is_social(line)


def _is_social(line: str) -> bool:
    """A row of share buttons: nothing but names of networks and what one does with them."""
    words = _WORDS.findall(line)
    return len(set(words)) > 1 and spotting().networks.issuperset(words)


def is_passing(full: str, start: int, end: int, name: str) -> bool:
    """A stock exchange where something is listed, or the bank of an analyst; ``name`` in normal form.

    "Oslo Børs" as the subject of a sentence is no passing mention, "listed on Oslo Børs" is.
    """
    before = full[max(0, start - _BEFORE) : start].rpartition("\n")[2]
    if name in exchange_names() and _after_small_word(before):
        return True
    here, there = _analysts()
    return bool(here.search(before) or there.match(full, end, min(len(full), end + _AFTER)))


def _after_small_word(before: str) -> bool:
    last = before.split()[-1:]
    return bool(last) and last[0].isalpha() and last[0].islower()


@functools.cache
def exchange_names() -> frozenset[str]:
    """Normal forms of stock exchanges."""
    return frozenset(normalise_column(sorted(spotting().exchanges)))


@functools.cache
def _analysts() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """An analyst before a name ("analyst at X", "analytiker Kari Moe i X"), and one after it ("X analyst")."""
    words = "|".join(sorted(map(re.escape, spotting().analysts), key=len, reverse=True))
    prepositions = "at|from|with|of|i|hos|hjá|fra|från|ved|vid|bij|van|bei|von|der"
    name = r"(?:\s+[A-ZÆØÅÄÖÜ][\w.'-]*){0,3}"
    return (
        re.compile(rf"(?:^|[\s(-])(?i:\w{{0,12}}(?:{words})){name},?\s+(?:{prepositions})\s+$"),
        re.compile(rf"[ \u00a0-](?i:{words})\b"),
    )


def _begins(line: str, phrases: tuple[str, ...]) -> bool:
    """Whether a line begins with one of the phrases as whole words: "av" begins a byline, "avtalen" does not."""
    return line.startswith(phrases) and _opening(phrases).match(line) is not None


@functools.lru_cache(maxsize=64)
def _opening(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(p) + (r"(?!\w)" if p[-1].isalnum() else "") for p in phrases))


def _is_heading(line: str, language: Spotting) -> bool:
    """A short line that opens the part about the sender: "Over Nordvik", "About us"."""
    return 0 < len(line) <= 80 and _begins(line, language.boilerplate) and not _is_prose(line)


def _is_prose(line: str) -> bool:
    return line.endswith(".") and len(line.split()) > 7
