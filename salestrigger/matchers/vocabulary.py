"""What is known of each word as it is written, in one language: looked up once per distinct word, not once per place.

It grows with the texts read and is dropped when it has grown too large; what it says of a word never depends on the
texts.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salestrigger.matchers.legal_forms import form_table
from salestrigger.matchers.name_columns import expanded
from salestrigger.matchers.names import normalise_column
from salestrigger.matchers.phrase_table import one_of
from salestrigger.matchers.spotting_data import Tongue, member_test, prefix_forms, spotting
from salestrigger.matchers.weights import generic, places
from salestrigger.matchers.words import I64, U64, mix, word_columns

#: What a word is, as bits.
(
    CAPITAL, UPPER, FORM, SMALL, ORDINARY, GIVEN, BEFORE, KIND, ABBREVIATION, PLAIN, DIGITS, AND, PLACE, TITLE, GENERIC,
    AFTER, OPENER, DETERMINER, ADJECTIVE, PREFIX,
) = (1 << n for n in range(20))  # fmt: skip
_DECLINED = ("e", "en", "er", "es", "em")  # German adjectives, where nouns have capitals
_NO_TITLES = frozenset({"partner", "hoofd", "head", "president"})  # that also stand before names of companies
_LONG_PREFIX = 3  # characters: a form in front that is longer need not be in capitals ("Stichting")
_MOST = 300_000  # words kept
_SMALL_FORMS = frozenset({"plc", "ehf", "oyj", "b.v", "n.v", "a.s"})  # often small, and no ordinary words
_SHORT_FORMS = frozenset({"Co", "Oy", "Ab", "Ky"})  # of two letters, not all capitals
_DOTTED = frozenset({"St", "Dr", "Chr", "Joh", "Fr", "Mr", "Ms", "Jr", "Sr", "Bros", "Sp"})
_JOINING = frozenset({"&", "en", "og", "och", "und", "et", "ja"})
_LEAST = 2  # letters that remain of a word without its ending


@dataclass(frozen=True, slots=True)
class Words:
    """Distinct words, one row each."""

    key: U64  #: hash of the characters as written, ascending
    row: I64  #: of each key
    texts: tuple[str, ...]
    hash: U64  #: of the normal form, as in names; 0 where it is not exactly one word
    inner: U64  #: the same inside a name, where "og", "und" and "&" are one word
    flags: NDArray[np.uint32]
    endings: U64  #: rows × endings: the hash without the ending; 0 where the word has it not
    bases: NDArray[np.uint32]  #: rows × endings: what the word without the ending is, as bits


class Vocabulary:
    """The words of one language; safe to use from several threads."""

    def __init__(self, tongue: Tongue) -> None:
        self._endings = tongue.spotting.genitive
        self._judge = _judge_of(tongue)
        self._lock = threading.Lock()
        self._words = self._of(np.zeros(0, dtype=np.uint64), ())

    def words(self, keys: U64, text_at: Callable[[int], str]) -> tuple[Words, I64]:
        """The words known now, and the row of every key; ``text_at`` gives the text of the word in a place."""
        distinct, first, place = np.unique(keys, return_index=True, return_inverse=True)
        with self._lock:
            words = self._words
            known = _find(words, distinct)
            missing = np.flatnonzero(known < 0)
            if len(missing):
                texts = [text_at(at) for at in first[missing].tolist()]
                words = self._words = self._grown(words, distinct[missing], texts)
                known = _find(words, distinct)
            if len(words.texts) > _MOST:
                self._words = self._of(np.zeros(0, dtype=np.uint64), ())
        return words, known[place]

    def _grown(self, words: Words, keys: U64, texts: Sequence[str]) -> Words:
        fresh = self._of(keys, texts)
        merged = np.concatenate([words.key, fresh.key])
        rows = np.concatenate([words.row, fresh.row + len(words.texts)])
        order = np.argsort(merged, kind="stable")
        return Words(
            key=merged[order],
            row=rows[order],
            texts=(*words.texts, *fresh.texts),
            hash=np.concatenate([words.hash, fresh.hash]),
            inner=np.concatenate([words.inner, fresh.inner]),
            flags=np.concatenate([words.flags, fresh.flags]),
            endings=np.concatenate([words.endings, fresh.endings]),
            bases=np.concatenate([words.bases, fresh.bases]),
        )

    def _of(self, keys: U64, texts: Sequence[str]) -> Words:
        normal = normalise_column(texts)
        flags = np.array([self._judge(t, n) for t, n in zip(texts, normal, strict=True)], dtype=np.uint32)
        hashes = _hashes(normal)
        in_front = one_of(mix(hashes + np.uint64(1)), prefix_forms()) & (hashes != 0)
        in_front &= (flags & UPPER > 0) | np.array([len(text) > _LONG_PREFIX for text in texts], dtype=np.bool_)
        flags[in_front & (flags & FORM > 0)] |= PREFIX
        inner = np.where([text.lower() in _JOINING for text in texts], _hashes(["and"])[0], hashes)
        endings = np.zeros((len(texts), len(self._endings)), dtype=np.uint64)
        bases = np.zeros(endings.shape, dtype=np.uint32)
        for place, ending in enumerate(self._endings):
            rows, without = _bases(texts, flags, ending)
            plain = normalise_column(without)
            endings[rows, place] = _hashes(plain)
            bases[rows, place] = [self._judge(t, n) for t, n in zip(without, plain, strict=True)]
        return Words(keys, np.arange(len(texts)), tuple(texts), hashes, inner.astype(np.uint64), flags, endings, bases)


def _find(words: Words, keys: U64) -> I64:
    if not len(words.key):
        return np.full(len(keys), -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(words.key, keys), len(words.key) - 1)
    return np.where(words.key[at] == keys, words.row[at], -1)


def _bases(texts: Sequence[str], flags: NDArray[np.uint32], ending: str) -> tuple[list[int], list[str]]:
    """The capitalised words with that ending, without it."""
    size = len(ending)
    some = [
        row
        for row in np.flatnonzero(flags & CAPITAL).tolist()
        if texts[row][-size:] == ending and len(texts[row]) - size >= _LEAST
    ]
    return some, [texts[row][:-size] for row in some]


def _hashes(normal: Sequence[str]) -> U64:
    """The hash of each normal form as one word of a name; 0 where it is none."""
    columns = expanded(word_columns([text.replace(" ", "") for text in normal]))
    hashes = np.zeros(len(normal), dtype=np.uint64)
    one = np.flatnonzero(columns.counts == 1)
    hashes[one] = columns.hash[columns.first[one]]
    return hashes


def written_as_form(text: str, normal: str) -> bool:
    """Whether a word is a legal form by how it is written: AS, B.V., GmbH, Ltd, Inc, not "as"."""
    if text in _SMALL_FORMS:
        return True
    if len(text) < 2 or text.islower() or normal not in form_table().words:
        return False
    marked = "." in text or "/" in text or text.isupper()
    return marked or not text[0].isupper() or len(text) > 2 or text in _SHORT_FORMS


@functools.lru_cache(maxsize=32)
def vocabulary_of(tongue: Tongue) -> Vocabulary:
    """The vocabulary of a language, made once."""
    return Vocabulary(tongue)


def _judge_of(tongue: Tongue) -> Callable[[str, str], int]:
    """What a word is as bits, from its text and its normal form."""
    own = tongue.spotting
    ordinary = own.ordinary | own.small | own.before | frozenset(w.lower() for w in tongue.ordinary)
    kind, title, never = (member_test(words) for words in (own.apposition, tongue.titles, tongue.never))
    members: tuple[tuple[int, Container[str]], ...] = (
        (SMALL, own.small | {"&"}), (BEFORE, own.before), (ORDINARY, ordinary),
        (GIVEN, frozenset(w.lower() for w in tongue.given_names)), (AFTER, spotting().after), (OPENER, own.openers),
        (DETERMINER, frozenset(tongue.determiners)),
        (PLACE, places() | frozenset(w.lower() for w in tongue.places)),
    )  # fmt: skip

    def judge(text: str, normal: str) -> int:
        low = text.lower()
        flags = _shape(text, low, normal)
        for flag, words in members:
            if low in words:
                flags |= flag
        if never(low):
            flags |= ORDINARY
        if kind(low):
            flags |= KIND
        if title(low) and low not in _NO_TITLES:
            flags |= TITLE
        if text == low and low.endswith(_DECLINED):
            flags |= ADJECTIVE
        return flags | (GENERIC if normal in generic() else 0)

    return judge


def _shape(text: str, low: str, normal: str) -> int:
    """What shows on the word itself."""
    flags = 0
    if text != low or text[0].isdigit() or text == "&" or text in _SMALL_FORMS:
        flags = CAPITAL | (FORM if written_as_form(text, normal) else 0)
        flags |= UPPER if text.isupper() else 0
    flags |= PLAIN if len(text) > 3 and text.isalpha() else 0
    flags |= ABBREVIATION if len(text) == 1 or text in _DOTTED or (text[1] == "." and text[-2] == ".") else 0
    flags |= DIGITS if text.isdigit() else 0
    return flags | (AND if text == "&" else 0)
