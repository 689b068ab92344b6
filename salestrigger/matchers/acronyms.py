"""Names by their initials: KLM for Koninklijke Luchtvaart Maatschappij. In columns, for the index and for candidates.

What an acronym is worth is decided later: it is evidence for a person to review, never an identity.
"""

from __future__ import annotations

import functools

import numpy as np

from salestrigger.matchers.name_columns import NameColumns
from salestrigger.matchers.weights import keys_of
from salestrigger.matchers.words import I64, U64, Bytes, bag_value, words_of_lines

FEWEST, MOST = 3, 8  #: letters of an acronym
#: Words that acronyms leave out.
_JOINING = ("and", "of", "for", "the", "de", "van", "der", "den", "het", "voor", "i", "av", "af", "for", "fur", "du",
            "des", "di", "da", "do", "dos", "del", "la", "le", "et", "in")  # fmt: skip
_NEWLINE = 10


@functools.cache
def joining() -> U64:
    """Keys of the words that acronyms leave out."""
    return keys_of(_JOINING)


def initials(columns: NameColumns) -> tuple[I64, U64]:
    """The names that have initials of three to eight letters, and the bag key of a name that is just these."""
    telling = np.flatnonzero(~np.isin(columns.words, joining()))
    count = np.bincount(columns.owner[telling], minlength=len(columns))
    fits = (count >= FEWEST) & (count <= MOST)
    rows = np.flatnonzero(fits)
    telling = telling[fits[columns.owner[telling]]]
    if not len(rows):
        return rows, np.zeros(0, dtype=np.uint64)
    lines = _lines(columns.core.data[columns.word_start[telling]], count[rows])
    words = words_of_lines(lines, len(rows))
    plain = np.diff(words.first) == 1  # a first byte that is part of a longer letter makes no word
    return rows[plain], bag_value(words.hash[words.first[:-1][plain]])


def _lines(letters: Bytes, counts: I64) -> bytes:
    """The letters, a line for each name."""
    out = np.full(len(letters) + len(counts), _NEWLINE, dtype=np.uint8)
    out[np.arange(len(letters)) + np.repeat(np.arange(len(counts)), counts)] = letters
    return out[:-1].tobytes()


def like_acronyms(columns: NameColumns) -> I64:
    """The names that may be an acronym: one word of three to eight letters."""
    one = np.flatnonzero(columns.counts == 1)
    word = columns.first[one]
    size = columns.word_end[word] - columns.word_start[word]
    return one[(size >= FEWEST) & (size <= MOST)]
