"""What makes a run of words that is a listed name a mention here: its form, its capitals in their place, its company.

Every rule is asked of all hits at once. A hit that stays is a name in this text; whose name is decided in
``resolve.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salestrigger.matchers.characters import Bools
from salestrigger.matchers.columns import distinct
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.known_names import Hits
from salestrigger.matchers.phrase_table import one_of
from salestrigger.matchers.spotting_data import Tongue, exchange_phrases, place_phrases
from salestrigger.matchers.text_words import TextWords, in_address, pairs_of
from salestrigger.matchers.vocabulary import (
    ABBREVIATION,
    ADJECTIVE,
    AFTER,
    AND,
    BEFORE,
    CAPITAL,
    DETERMINER,
    DIGITS,
    FORM,
    GENERIC,
    GIVEN,
    KIND,
    OPENER,
    ORDINARY,
    PLACE,
    PREFIX,
    SMALL,
    TITLE,
    UPPER,
)
from salestrigger.matchers.words import I64, U64

_PLAIN = ORDINARY | GIVEN | PLACE | DIGITS | GENERIC | KIND | TITLE | BEFORE  # what a word of a name may also be
_NEVER = ORDINARY | OPENER | DETERMINER | BEFORE | TITLE | DIGITS  # words that begin no name of plain words
_COMMON, _COMMON_SHARE, _NOUN_SHARE = 5, 1e-4, 1e-5  # names with a word, from which on it is a common word of names
_LEAST = 4  # letters of a word alone that has an ending: "Gas" + "s" is rather an ordinary word
_UNIT = 3  # letters: "196 MW"
_COLON = ord(":")
_LONG = 4  # words: a listed name of so many is no accident


def real_forms(words: TextWords) -> Bools:
    """Words that are legal forms; in a line in capitals not those that are ordinary words too ("AS")."""
    unclear = words.shouted & (words.flags & UPPER > 0) & (words.flags & (SMALL | BEFORE | ORDINARY) > 0)
    return (words.flags & FORM > 0) & ~unclear


@dataclass(frozen=True, slots=True)
class Around:
    """The words around hits, with one more word at either end that is nothing."""

    words: TextWords
    flags: I64
    glued: Bools
    opens: Bools
    hyphen: Bools
    shouted: Bools
    form: Bools

    def count(self, mask: Bools, low: I64, high: I64) -> I64:
        """How many words of each run are so."""
        total = np.concatenate(([0], np.cumsum(mask)))
        return np.asarray(total[high] - total[low])


def around(words: TextWords) -> Around:
    """The columns of a text as the rules read them; made once."""

    def more(values: NDArray[np.generic]) -> NDArray[np.generic]:
        return np.concatenate([values, np.zeros(1, dtype=values.dtype)])

    return Around(
        words,
        flags=np.asarray(more(words.flags), dtype=np.int64),
        glued=np.asarray(more(words.glued), dtype=np.bool_),
        opens=np.asarray(more(words.runs.opens), dtype=np.bool_),
        hyphen=np.asarray(more(words.runs.hyphen), dtype=np.bool_),
        shouted=np.asarray(more(words.shouted), dtype=np.bool_),
        form=np.asarray(more(real_forms(words)), dtype=np.bool_),
    )


def mentions_among(hits: Hits, text: Around, index: OrganizationIndex, tongue: Tongue) -> tuple[Hits, Hits]:
    """The hits that are mentions, and the same with the legal forms beside them."""
    formed, wider = _with_forms(hits, text)
    formed &= _something(hits, text)
    alone = _something(hits, text) & _stands_alone(hits, text, index, tongue)
    kept = np.flatnonzero(formed | alone | _established(hits, text, formed))
    return hits.take(kept), wider.take(kept)


def _something(hits: Hits, text: Around) -> Bools:
    """More than a number, a letter or a legal form."""
    flags = text.flags[:-1]
    telling = text.count((flags & (DIGITS | AND | ABBREVIATION) == 0) & ~text.form[:-1], hits.low, hits.high) > 0
    return telling | (text.count(flags & AND > 0, hits.low, hits.high) > 0) & (hits.high - hits.low > 1)


def _with_forms(hits: Hits, text: Around) -> tuple[Bools, Hits]:
    low, high, bare = hits.low.copy(), hits.high.copy(), hits.ending < 0
    comma = np.append(text.words.runs.comma, False)
    dotted = np.append(text.words.runs.dotted, False)
    most = len(text.form) - 1
    for _ in range(3):  # "Co. Ltd", "GmbH & Co. KG"
        loosely = comma[high] | dotted[high] & text.form[high - 1]
        joined = bare & text.form[high - 1] & (text.flags[high] & AND > 0) & text.form[np.minimum(high + 1, most)]
        high = high + joined
        high = high + (bare & text.form[high] & (text.glued[high] | loosely))
    formed = (text.count(text.form[:-1], low, high) > 0) | (high > hits.high)
    left = np.maximum(low - 1, 0)
    front = bare & ~formed & (low > 0) & text.glued[low] & text.form[left] & (text.flags[left] & PREFIX > 0)
    return formed | front, Hits(low - front, high, hits.ending, hits.key)


def _established(hits: Hits, text: Around, formed: Bools) -> Bools:
    """A name that the same text writes with its legal form: "Start AS … Start"."""
    runs = text.words.runs
    pairs = distinct(pairs_of(runs.text[hits.low[formed]], hits.key[formed]))
    capital = (text.flags[hits.low] & CAPITAL > 0) & ~_compound(hits, text)
    more = (text.flags[hits.high] & CAPITAL > 0) & text.glued[hits.high]
    return one_of(pairs_of(runs.text[hits.low], hits.key), pairs) & capital & ~more & ~text.words.small_too[hits.low]


def _stands_alone(hits: Hits, text: Around, index: OrganizationIndex, tongue: Tongue) -> Bools:
    """Whether the words are a name without a legal form beside them."""
    single = hits.high - hits.low == 1
    names = np.where(single, _single_tells(hits, text, index, tongue), _several_tell(hits, text, tongue))
    names &= ~_person(hits, text) & ~_part_of_more(hits, text, tongue) & ~one_of(hits.key, place_phrases(tongue.places))
    names |= one_of(hits.key, exchange_phrases()) & ~single
    capital = text.flags[hits.low] & CAPITAL > 0
    return np.asarray((names | _introduced(hits, text, tongue)) & capital & ~_compound(hits, text))


def _says_little(hits: Hits, text: Around, tongue: Tongue) -> Bools:
    """Where a capital is no sign of a name: at the begin of a sentence, in a headline of capitals, on any noun."""
    return np.asarray(text.opens[hits.low] | text.shouted[hits.low] | tongue.nouns_capital)


def _single_tells(hits: Hits, text: Around, index: OrganizationIndex, tongue: Tongue) -> Bools:
    """One word: no ordinary word; where capitals say little also no frequent or common one."""
    words = text.words
    row, ending = words.row[hits.low], hits.ending
    flags = np.where(ending < 0, text.flags[hits.low], words.words.bases[row, ending].astype(np.int64))
    base = np.where(ending < 0, words.hash[hits.low], words.words.endings[row, ending])
    whole = text.flags[hits.low]
    plain = ((flags | whole) & _PLAIN > 0) | words.small_too[hits.low]
    left = np.maximum(hits.low - 1, 0)
    near = text.glued[hits.low] & (hits.low > 0)
    little = _says_little(hits, text, tongue)
    plain |= little & ((flags | whole) & (OPENER | DETERMINER) > 0)
    plain |= _common_word(index, hits, base, little & ~plain, least=_common(index, tongue))
    plain |= text.shouted[hits.low] & (whole & UPPER > 0) & ~text.opens[hits.low] & ~_echoed(hits, text)
    if tongue.nouns_capital:
        plain |= near & (text.flags[left] & CAPITAL == 0) & (text.flags[left] & (DETERMINER | ADJECTIVE) > 0)
    plain &= ~_acronym(hits, text, flags)
    return np.asarray(~plain & ~_label(hits, text) & _long_enough(hits, text, flags))


def _acronym(hits: Hits, text: Around, flags: I64) -> Bools:
    """Capitals among small letters: "START" is a name though "start" is a word; not where that word often begins a
    sentence, and not "DEC 31"."""
    word = (flags & (PLACE | DIGITS | GENERIC) > 0) | (flags & OPENER > 0) & text.opens[hits.low]
    word |= (flags & ORDINARY > 0) & (text.flags[hits.high] & DIGITS > 0) & text.glued[hits.high]
    return np.asarray((flags & UPPER > 0) & ~word & ~text.shouted[hits.low])


def _label(hits: Hits, text: Around) -> Bools:
    """A word that a colon makes the heading of what follows: "NOTE: …", "Price: …"; in a headline it may be a name."""
    colon = text.words.runs.after[hits.low] == _COLON
    return np.asarray(colon & text.opens[hits.low] & ~text.words.in_title[hits.low])


def _long_enough(hits: Hits, text: Around, flags: I64) -> Bools:
    """No single letter, no acronym of two, no unit after a number ("196 MW")."""
    runs = text.words.runs
    size = runs.end[hits.low] - runs.start[hits.low]
    upper = flags & UPPER > 0
    least = np.where(hits.ending < 0, np.where(upper & (flags & DIGITS == 0), 2, 1), np.where(upper, 3, _LEAST))
    left = np.maximum(hits.low - 1, 0)
    unit = upper & (size <= _UNIT) & text.glued[hits.low] & (hits.low > 0) & (text.flags[left] & DIGITS > 0)
    return np.asarray((size > least) & ~unit)


def _common_word(index: OrganizationIndex, hits: Hits, words: U64, asked: Bools, *, least: float) -> Bools:
    """Whether many names of the register hold a single word besides those that are nothing else; only where asked."""
    found = np.zeros(len(hits), dtype=np.bool_)
    some = np.flatnonzero(asked & (hits.high - hits.low == 1))
    some = some[index.counts_of(words[some]) > least]
    only, _ = index.names_by("by_ordered", hits.key[some])
    found[some] = index.counts_of(words[some]) - np.bincount(only, minlength=len(some)) > least
    return found


def _common(index: OrganizationIndex, tongue: Tongue) -> float:
    """From how many other names on a word is a common word of names."""
    return max(_COMMON, (_NOUN_SHARE if tongue.nouns_capital else _COMMON_SHARE) * float(index.name_base[-1]))


def _echoed(hits: Hits, text: Around) -> Bools:
    """The same text has the word elsewhere with a capital that tells."""
    words = text.words
    tells = (words.flags & CAPITAL > 0) & ~words.shouted & ~words.runs.opens
    here = np.flatnonzero(tells)
    pairs = distinct(pairs_of(words.runs.text[here], words.hash[here]))
    return one_of(pairs_of(words.runs.text[hits.low], words.hash[hits.low]), pairs)


def _several_tell(hits: Hits, text: Around, tongue: Tongue) -> Bools:
    """Several words: one of them is no ordinary word, or all have capitals where capitals tell."""
    flags = text.flags[:-1]
    capital = (flags & CAPITAL > 0) & (flags & AND == 0)
    plain = (flags & (_PLAIN | OPENER) > 0) | text.words.small_too
    telling = text.count(capital & ~plain & (flags & ABBREVIATION == 0), hits.low, hits.high) > 0
    lower = text.count(flags & (CAPITAL | SMALL) == 0, hits.low, hits.high) > 0  # "Nordvik sparebank"
    inside = (text.count(flags & CAPITAL == 0, hits.low, hits.high) == 0) & ~_says_little(hits, text, tongue)
    first = flags[hits.low] & (ORDINARY | GIVEN | OPENER | DIGITS | DETERMINER) == 0
    first &= (flags[hits.low] & (PLACE | UPPER) != PLACE | UPPER) | (hits.high - hits.low > 2)  # "U.S. trade"
    small = first & ~text.words.small_too[hits.low] | (hits.high - hits.low >= _LONG)
    small &= flags[hits.low] & CAPITAL > 0
    return np.asarray(np.where(lower, small, telling | inside | _opening(hits, text, tongue)))


def _opening(hits: Hits, text: Around, tongue: Tongue) -> Bools:
    """ "Nordvik University said": at the begin of a sentence the capitals after the first word tell."""
    flags = text.flags[:-1]
    capital = text.count(flags & CAPITAL == 0, hits.low, hits.high) == 0
    plain = text.count(flags & _NEVER > 0, hits.low, hits.high) > 0
    plain |= text.count(text.words.small_too, hits.low, hits.high) > 0
    return np.asarray(capital & ~plain & text.opens[hits.low] & ~text.shouted[hits.low] & (not tongue.nouns_capital))


def _introduced(hits: Hits, text: Around, tongue: Tongue) -> Bools:
    """ "selskapet Start", "the company Target": what it is stands before the name."""
    left = np.maximum(hits.low - 1, 0)
    before = text.flags[left]
    small = (before & CAPITAL == 0) | text.opens[left] | tongue.nouns_capital
    capital = text.flags[hits.low] & CAPITAL > 0
    glued = text.glued[hits.low] & ~text.hyphen[hits.low] & (hits.low > 0)
    return np.asarray(glued & (before & KIND > 0) & small & capital)


def _person(hits: Hits, text: Around) -> Bools:
    """ "Lars Hansen", "Mr Hansen", "P. Hansen", and "Hansen" alone in a text that names Lars Hansen."""
    size = hits.high - hits.low
    left = np.maximum(hits.low - 1, 0)
    before, first = text.flags[left], text.flags[hits.low]
    initial = (before & ABBREVIATION > 0) & (before & UPPER > 0)
    after_name = text.glued[hits.low] & (hits.low > 0) & ((before & (GIVEN | TITLE) > 0) | initial)
    after_name &= (before & KIND == 0) & (before & CAPITAL > 0) | (before & TITLE > 0)
    last = text.flags[hits.high - 1]
    whole = (size > 1) & (size < 4) & (first & GIVEN > 0) & (last & (GENERIC | UPPER | FORM | AND) == 0)
    whole &= text.count(text.flags[:-1] & (AND | GENERIC | DIGITS) > 0, hits.low, hits.high) == 0
    return np.asarray((size == 1) & (after_name | _surname_here(hits, text)) | whole)


def _surname_here(hits: Hits, text: Around) -> Bools:
    """The last of a first name, perhaps an initial, and a word with a capital, somewhere in the text."""
    flags, words = text.flags[:-1], text.words
    first = (flags & GIVEN > 0) & (flags & CAPITAL > 0)
    initial = (flags & ABBREVIATION > 0) & (flags & UPPER > 0) & words.glued
    initial[1:] &= first[:-1]
    last = words.glued & (flags & CAPITAL > 0) & (flags & (GENERIC | FORM) == 0)
    after = np.zeros(len(flags), dtype=np.bool_)
    after[1:] = last[1:] & (first[:-1] & ~words.runs.opens[1:] | initial[:-1])
    here = np.flatnonzero(after)
    pairs = distinct(pairs_of(words.runs.text[here], words.hash[here]))
    bases = np.where(hits.ending < 0, words.hash[hits.low], words.words.endings[words.row[hits.low], hits.ending])
    return one_of(pairs_of(words.runs.text[hits.low], bases), pairs)


def _part_of_more(hits: Hits, text: Around, tongue: Tongue) -> Bools:
    """ "Nordvik" in "Nordvik Energi": the name goes on, so that it may be another company's."""
    passes = AFTER | TITLE | KIND | DIGITS | FORM
    right = text.flags[hits.high]
    more = (right & CAPITAL > 0) & (right & passes == 0) & text.glued[hits.high] & ~text.opens[hits.high]
    more &= ~(text.hyphen[hits.high] & tongue.nouns_capital)  # "Nordvik-Chef"
    left = np.maximum(hits.low - 1, 0)
    before = text.flags[left]
    ordinary = (before & (ORDINARY | OPENER | DETERMINER | GENERIC) > 0) | (hits.high - hits.low > 1)
    opening = text.opens[left] & ordinary | (before & BEFORE > 0)
    less = (hits.low > 0) & text.glued[hits.low] & (before & CAPITAL > 0) & (before & passes == 0) & ~opening
    return np.asarray(~text.shouted[hits.low] & (more & (hits.ending < 0) | less))


def _compound(hits: Hits, text: Around) -> Bools:
    """The second half of "Hansen-Nordvik", or a piece of an address."""
    left = np.maximum(hits.low - 1, 0)
    second = text.hyphen[hits.low] & (text.flags[left] & CAPITAL > 0)
    return np.asarray(second | in_address(text.words.runs)[hits.low])
