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
from salestrigger.matchers.known_names import Hits
from salestrigger.matchers.spotting_data import Tongue
from salestrigger.matchers.text_words import TextWords, in_address, one_of, pairs_of
from salestrigger.matchers.vocabulary import (
    ABBREVIATION,
    AFTER,
    AND,
    BEFORE,
    CAPITAL,
    DIGITS,
    FORM,
    GENERIC,
    GIVEN,
    KIND,
    OPENER,
    ORDINARY,
    PLACE,
    SMALL,
    TITLE,
    UPPER,
)
from salestrigger.matchers.words import I64

_LONG_PREFIX = 3  # characters: a form in front that is longer need not be in capitals ("Stichting")


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


def mentions_among(hits: Hits, text: Around, tongue: Tongue) -> tuple[Hits, Hits]:
    """The hits that are mentions, and the same with the legal forms beside them."""
    formed, wider = _with_forms(hits, text)
    kept = np.flatnonzero(_something(hits, text) & (formed | _stands_alone(hits, text, tongue)))
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
    for _ in range(2):  # "Co. Ltd"
        loosely = comma[high] | dotted[high] & text.form[high - 1]
        high = high + (bare & text.form[high] & (text.glued[high] | loosely))
    formed = (text.count(text.form[:-1], low, high) > 0) | (high > hits.high)
    long = np.array([len(word) > _LONG_PREFIX for word in text.words.words.texts], dtype=np.bool_)
    left = np.maximum(low - 1, 0)
    prefix = text.form[left] & (text.flags[left] & UPPER > 0) | text.form[left] & long[text.words.row[left]]
    front = bare & ~formed & (low > 0) & text.glued[low] & prefix
    return formed | front, Hits(low - front, high, hits.ending, hits.key)


def _stands_alone(hits: Hits, text: Around, tongue: Tongue) -> Bools:
    """Whether the words are a name without a legal form beside them."""
    introduced = _introduced(hits, text)
    single = hits.high - hits.low == 1
    names = np.where(single, _single_tells(hits, text), _several_tell(hits, text))
    names &= ~_person(hits, text) & ~_part_of_more(hits, text, tongue)
    return (names | introduced) & ~_compound(hits, text)


def _plain(text: Around) -> Bools:
    """Words that are also ordinary words, first names or places."""
    return (text.flags[:-1] & (ORDINARY | GIVEN | PLACE | DIGITS) > 0) | text.words.small_too


def _single_tells(hits: Hits, text: Around) -> Bools:
    plain = _plain(text)[hits.low]
    flags = text.flags[hits.low]
    capitals = (flags & UPPER > 0) & (flags & (PLACE | DIGITS) == 0) & ~text.shouted[hits.low] & _longer(hits, text, 2)
    opening = text.opens[hits.low] & (flags & OPENER > 0)
    return (~plain & ~opening | capitals) & _longer(hits, text, 1)


def _longer(hits: Hits, text: Around, size: int) -> Bools:
    runs = text.words.runs
    return np.asarray(runs.end[hits.low] - runs.start[hits.low] > size)


def _several_tell(hits: Hits, text: Around) -> Bools:
    flags = text.flags[:-1]
    plain = _plain(text)
    capital = (flags & CAPITAL > 0) & (flags & AND == 0)
    telling = text.count(capital & ~plain & (flags & ABBREVIATION == 0), hits.low, hits.high) > 0
    all_capital = text.count(flags & CAPITAL == 0, hits.low, hits.high) == 0
    lower = text.count(flags & (CAPITAL | SMALL) == 0, hits.low, hits.high) > 0  # "Nordvik sparebank"
    inside = all_capital & ~text.shouted[hits.low] & ~text.opens[hits.low]
    return np.where(lower, ~plain[hits.low], telling | inside)


def _introduced(hits: Hits, text: Around) -> Bools:
    """ "selskapet Start", "the company Target": what it is stands before the name."""
    left = np.maximum(hits.low - 1, 0)
    before = text.flags[left]
    small = (before & CAPITAL == 0) | text.opens[left]
    capital = text.flags[hits.low] & CAPITAL > 0
    return (hits.low > 0) & text.glued[hits.low] & ~text.hyphen[hits.low] & (before & KIND > 0) & small & capital


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
    return (size == 1) & (after_name | _surname_here(hits, text)) | whole


def _surname_here(hits: Hits, text: Around) -> Bools:
    flags, words = text.flags[:-1], text.words
    after = np.zeros(len(flags), dtype=np.bool_)
    after[1:] = (flags[:-1] & GIVEN > 0) & (flags[:-1] & CAPITAL > 0) & words.glued[1:] & (flags[1:] & CAPITAL > 0)
    after &= ~words.runs.opens & (flags & (GENERIC | FORM) == 0)
    here = np.flatnonzero(after)
    pairs = distinct(pairs_of(words.runs.text[here], words.hash[here]))
    bases = np.where(hits.ending < 0, words.hash[hits.low], words.words.endings[words.row[hits.low], hits.ending])
    return one_of(pairs_of(words.runs.text[hits.low], bases), pairs)


def _part_of_more(hits: Hits, text: Around, tongue: Tongue) -> Bools:
    """ "Nordvik" in "Nordvik Energi": the name goes on, so that it may be another company's."""
    passes = AFTER | TITLE | KIND | DIGITS | GIVEN | FORM
    right = text.flags[hits.high]
    more = (right & CAPITAL > 0) & (right & passes == 0) & text.glued[hits.high] & ~text.hyphen[hits.high]
    left = np.maximum(hits.low - 1, 0)
    before = text.flags[left]
    opening = text.opens[left] & (before & (ORDINARY | BEFORE | OPENER) > 0)
    less = (hits.low > 0) & text.glued[hits.low] & (before & CAPITAL > 0) & (before & (passes & ~GIVEN) == 0) & ~opening
    tells = ~text.shouted[hits.low]
    if tongue.nouns_capital:  # a noun beside a name says nothing
        more &= right & (GENERIC | PLACE | UPPER) > 0
        less &= before & (GENERIC | PLACE | UPPER) > 0
    return tells & (more & (hits.ending < 0) | less)


def _compound(hits: Hits, text: Around) -> Bools:
    """The second half of "Hansen-Nordvik", or a piece of an address."""
    left = np.maximum(hits.low - 1, 0)
    second = text.hyphen[hits.low] & (text.flags[left] & CAPITAL > 0)
    return second | in_address(text.words.runs)[hits.low]
