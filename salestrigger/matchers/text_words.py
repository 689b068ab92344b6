"""Texts as words with their exact places, many texts at once: what spotting scans. Words are folded as names are
(``names.py``)."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from salestrigger.matchers.characters import Bools, Runs, runs_of
from salestrigger.matchers.columns import distinct
from salestrigger.matchers.phrase_table import one_of
from salestrigger.matchers.spotting_data import Tongue
from salestrigger.matchers.vocabulary import ABBREVIATION, AND, CAPITAL, DIGITS, PLAIN, UPPER, Words, vocabulary_of
from salestrigger.matchers.words import I64, U64, mix

#: A longer text is read up to here: bounds the time of one document.
MAX_TEXT = 100_000
_SHOUTED = 0.7  # share of capitals from which on capitals say nothing
_FEWEST, _FEWEST_IN_TEXT = 3, 12  # words of a headline, of a text


@dataclass(frozen=True, slots=True)
class Text:
    """One text to be read."""

    full: str  #: ``title + "\\n" + text``, at most MAX_TEXT characters
    title: int  #: characters of the title


@dataclass(frozen=True, slots=True)
class TextWords:
    """The words of many texts."""

    texts: tuple[Text, ...]
    begin: I64  #: where each text begins in the texts joined by line breaks
    first: I64  #: first word of each text, and one more
    runs: Runs
    words: Words
    row: I64  #: of ``words``, for each word of the texts
    hash: U64  #: for each word of the texts
    inner: U64  #: the same inside a name
    flags: I64  #: for each word of the texts, see ``vocabulary.py``
    glued: Bools  #: it may go on the name of the word before
    in_title: Bools
    shouted: Bools  #: capitals say nothing here: a headline in title case, a line in capitals
    small_too: Bools  #: a capitalised word that the same text also writes small

    def written(self, at: int) -> str:
        """A word as it is written."""
        return str(self.words.texts[int(self.row[at])])


def text_words(texts: Sequence[Text], tongue: Tongue) -> TextWords:
    """The words of texts in one language."""
    runs = runs_of([text.full for text in texts])
    begin = np.cumsum([0, *(len(text.full) + 1 for text in texts)]).astype(np.int64)
    joined = "\n".join(text.full for text in texts)
    starts, ends = runs.start, runs.end

    def text_at(at: int) -> str:
        return joined[starts[at] : ends[at]]

    words, row = vocabulary_of(tongue).words(runs.key, text_at)
    hashes, flags = words.hash[row], words.flags[row].astype(np.int64)
    titles = begin[:-1] + np.array([text.title for text in texts], dtype=np.int64)
    in_title = ends <= titles[runs.text]
    return TextWords(
        texts=tuple(texts),
        begin=begin,
        first=np.searchsorted(starts, begin).astype(np.int64),
        runs=runs,
        words=words,
        row=row,
        hash=hashes,
        inner=words.inner[row],
        flags=flags,
        glued=_glued(runs, flags),
        in_title=in_title,
        shouted=_shouted(runs, flags, in_title, len(texts)),
        small_too=_small_too(runs, flags, hashes),
    )


def _glued(runs: Runs, flags: I64) -> Bools:
    """Only a space, a hyphen, or the dot of an abbreviation between them; anything around an ampersand."""
    before = np.concatenate(([0], flags[:-1])) if len(flags) else flags
    same = np.zeros(len(flags), dtype=np.bool_)
    same[1:] = runs.text[1:] == runs.text[:-1]
    joined = runs.spaced | runs.dotted & (before & ABBREVIATION > 0)
    return np.asarray(joined | (same & ((flags | before) & AND > 0) & ~runs.opens))


def _shouted(runs: Runs, flags: I64, in_title: Bools, count: int) -> Bools:
    """Whether the title, or the rest of the text, of each word has capitals on most of its words."""
    part = runs.text * 2 + in_title

    def mostly(capital: int, some: Bools, fewest: I64) -> Bools:
        total = np.bincount(part[some], minlength=count * 2)
        capitals = np.bincount(part[some & (flags & capital > 0)], minlength=count * 2)
        return np.asarray((total >= fewest) & (capitals > _SHOUTED * total))

    few = np.tile(np.array([_FEWEST_IN_TEXT, _FEWEST]), count)
    in_capitals = mostly(UPPER, (runs.end - runs.start > 1) & (flags & DIGITS == 0), np.full(count * 2, _FEWEST))
    return np.asarray((mostly(CAPITAL, flags & PLAIN > 0, few) | in_capitals)[part])


def pairs_of(text: I64, hashes: U64) -> U64:
    """One key for each word and the text it is in."""
    return mix(hashes ^ (text.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15))


def _small_too(runs: Runs, flags: I64, hashes: U64) -> Bools:
    capital = np.flatnonzero((flags & CAPITAL > 0) & (hashes != 0))
    small = np.flatnonzero((flags & CAPITAL == 0) & ~in_address(runs))
    small = small[one_of(hashes[small], distinct(hashes[capital]))]
    out = np.zeros(len(flags), dtype=np.bool_)
    pairs = distinct(pairs_of(runs.text[small], hashes[small]))
    out[capital] = one_of(pairs_of(runs.text[capital], hashes[capital]), pairs)
    return out


@functools.cache
def _marks(signs: str) -> Bools:
    """Which of the first characters are these; the last stands for all beyond."""
    table = np.zeros(129, dtype=np.bool_)
    table[[ord(sign) for sign in signs]] = True
    return table


def in_address(runs: Runs) -> Bools:
    """Part of a link, host, e-mail address or handle: no ordinary word."""
    letter = (runs.next > 47) & (runs.next != ord(":")) & (runs.next != ord(";"))
    before, after = np.minimum(runs.before, 128), np.minimum(runs.after, 128)
    return np.asarray(_marks("./@#_")[before] | (_marks("./@_")[after] & letter))
