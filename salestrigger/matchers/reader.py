"""What one language's declaration becomes when it is read with: word sets, marker expressions, vocabulary.

Built once per lexicon and language, when first needed. This module knows no text.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from salestrigger.matchers.lasting import lasting
from salestrigger.matchers.lexicon import Language, Lexicon
from salestrigger.matchers.locale_names import locale_names
from salestrigger.matchers.markers import Markers

#: legal forms and words that only organisations' names have, in any of the languages
ORGANISATION_WORDS = frozenset(
    {
        *("as", "asa", "ab", "abp", "oy", "oyj", "aps", "a/s", "bv", "b.v", "nv", "n.v", "b.v.", "n.v.", "vof", "gmbh"),
        *("ag", "se", "kg", "plc", "ltd", "llc", "inc", "corp", "co", "llp", "sa", "ba", "da", "ans", "&", "cie"),
        *("group", "groep", "gruppen", "gruppe", "konsern", "holding", "bank", "sparebank", "partners", "capital"),
        *("ventures", "invest"),
    }
)
#: written in lower case after a name
LOWER_FORMS = frozenset(
    {"plc", "a/s", "gmbh", "ltd", "inc", "bv", "nv", "b.v.", "n.v.", "as", "asa", "ab", "oy", "aps"}
)


ENDINGS = frozenset({"cancelled", "denied"})  #: kinds of markers whose verb and particle stand around names
KNOWN_WORDS = 20_000  #: words whose answer a set remembers: a text's words come back


class WordSet:
    """Words, some with ``*`` at an end: ``in`` takes a word in lower case."""

    def __init__(self, words: Iterable[str]) -> None:
        words = tuple(words)
        self._exact = frozenset(w for w in words if "*" not in w)
        self._starts = tuple(w[:-1] for w in words if w.endswith("*") and not w.startswith("*"))
        self._ends = tuple(w[1:] for w in words if w.startswith("*") and not w.endswith("*"))
        self._inside = tuple(w.strip("*") for w in words if w.startswith("*") and w.endswith("*"))
        self._known: dict[str, bool] = {}

    def __contains__(self, word: str) -> bool:
        if word in self._exact:
            return True
        if not (self._starts or self._ends or self._inside):
            return False
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= KNOWN_WORDS:
                self._known.clear()
            known = self._known[word] = (
                word.startswith(self._starts) or word.endswith(self._ends) or any(p in word for p in self._inside)
            )
        return known


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """One language, ready to read with. Fallback languages (nn → nb) are included."""

    language: Language
    chain: tuple[str, ...]
    vocabulary: frozenset[str]  #: words of phrases and markers, and frequent words: no names where a capital is due
    function_words: frozenset[str]
    headline_words: frozenset[str]  #: no names where every word has a capital
    finite_verbs: frozenset[str]
    openers: frozenset[str]  #: words that follow a phrase's first role, and finite verbs
    bodies: WordSet
    never_names: frozenset[str]
    nouns: WordSet
    determiners: frozenset[str]
    titles: WordSet
    title_ends: WordSet  #: the words that end a position: "General" alone is none
    given_names: frozenset[str]
    place_prepositions: frozenset[str]
    places: frozenset[str]
    adjectives: WordSet
    name_adjectives: frozenset[str]
    pronouns: frozenset[str]
    trade_words: WordSet
    not_companies: WordSet
    people: WordSet
    vacancies: WordSet
    numbers: dict[str, Decimal]
    scales: dict[str, Decimal]
    units: dict[str, tuple[Decimal, str]]  #: currency word → (factor, ISO 4217)
    abbreviations: frozenset[str]
    relative_days: dict[str, int]
    anaphora: Markers
    speech: frozenset[str]
    public_names: dict[str, tuple[tuple[str, ...], ...]]  #: first word → public bodies' names of several words
    markers: dict[str, Markers]

    def is_noun(self, word: str) -> bool:
        """Whether a word in lower case is a noun of the language's list, or one in another case or number."""
        if word in self.nouns:
            return True
        stems = (word[: -len(end)] for end in _CASE_ENDINGS if word.endswith(end))
        return any(len(stem) > 4 and stem in self.nouns for stem in stems)


#: endings of German cases and plurals
_CASE_ENDINGS = ("s", "es", "n", "en", "e", "er", "ern")


@functools.lru_cache(maxsize=64)
@lasting()
def reader_of(lexicon: Lexicon, language: str) -> Reader:
    """The reader of a declared language; one that is not declared is read as English."""
    language = language if language in lexicon.languages else "en"
    chain = lexicon.chain(language)
    own = [lexicon.languages[name] for name in chain]

    def joined(key: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for known in own for value in getattr(known, key)))

    function_words = frozenset(joined("function_words"))
    return Reader(
        language=own[0],
        chain=chain,
        vocabulary=_vocabulary(lexicon, chain) | function_words | frozenset(joined("common_words")),
        function_words=function_words,
        headline_words=frozenset(joined("headline_words")),
        finite_verbs=frozenset(joined("finite_verbs")),
        openers=frozenset(joined("finite_verbs")).union(*(p.verbs for x in chain for _, p in lexicon.phrases_of(x))),
        bodies=WordSet(joined("bodies")),
        never_names=frozenset(joined("never_names")),
        nouns=WordSet(joined("nouns")),
        determiners=frozenset(joined("determiners")),
        titles=WordSet(w for t in joined("titles") for w in (t.split()[-1], t.split()[0]) if w != "*"),
        title_ends=WordSet(w for t in joined("titles") for w in t.split()[-1:] if w != "*"),
        given_names=frozenset(joined("given_names")),
        place_prepositions=frozenset(joined("place_prepositions")),
        places=frozenset(joined("places")) | _countries(own[0].id),
        adjectives=WordSet(joined("adjectives")),
        name_adjectives=frozenset(joined("name_adjectives")),
        pronouns=frozenset(joined("pronouns")),
        trade_words=WordSet(joined("trade_words")),
        not_companies=WordSet(joined("not_companies")),
        people=WordSet(joined("people")),
        vacancies=WordSet(joined("vacancies")),
        numbers={k: v for known in reversed(own) for k, v in known.numbers.items()},
        scales={k: v for known in reversed(own) for k, v in known.scales.items()},
        units={k: _unit(v) for known in reversed(own) for k, v in known.currencies.items()},
        abbreviations=frozenset(joined("abbreviations")),
        relative_days={k: v for known in reversed(own) for k, v in known.relative_days.items()},
        anaphora=Markers(lexicon.patterns(joined("anaphora"), language)),
        speech=frozenset(joined("speech")),
        public_names=_by_first_word(joined("not_companies")),
        markers={
            kind: Markers(lexicon.patterns(_marker(lexicon, chain, kind), language), over_names=kind in ENDINGS)
            for kind in type(own[0].markers).model_fields
        },
    )


def _by_first_word(names: Iterable[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Those of several words, by their first."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for words in (tuple(name.split()) for name in names if " " in name):
        found[words[0]] = (*found.get(words[0], ()), words)
    return found


def _countries(language: str) -> frozenset[str]:
    """The countries' names in a language, in lower case, from the Unicode locale data."""
    return frozenset(name.lower() for code, name in locale_names(language).countries.items() if code.isalpha())


def _marker(lexicon: Lexicon, chain: tuple[str, ...], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m for name in chain for m in getattr(lexicon.languages[name].markers, kind)))


def _unit(value: str) -> tuple[Decimal, str]:
    """``NOK`` or ``1000000 NOK``."""
    factor, _, code = value.rpartition(" ")
    return Decimal(factor or 1), code


def _vocabulary(lexicon: Lexicon, chain: tuple[str, ...]) -> frozenset[str]:
    phrases = frozenset().union(*(pattern.words for name in chain for _, pattern in lexicon.phrases_of(name)))
    markers = (
        pattern.words
        for name in chain
        for kind in type(lexicon.languages[name].markers).model_fields
        for pattern in lexicon.patterns(getattr(lexicon.languages[name].markers, kind), name)
    )
    return phrases.union(*markers)
