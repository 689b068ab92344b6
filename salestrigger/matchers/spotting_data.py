"""What spotting knows of each language: ``spotting.toml``, and what of ``languages/*.toml`` it uses."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from salestrigger.matchers.columns import distinct
from salestrigger.matchers.legal_forms import form_table
from salestrigger.matchers.lexicon import Lexicon
from salestrigger.matchers.locale_names import locale_names, zone_names
from salestrigger.matchers.name_columns import expanded
from salestrigger.matchers.names import normalise_column
from salestrigger.matchers.words import U64, ordered_keys, word_columns
from salestrigger.sources.declare import Declaration, load_toml

_LOCALES = ("en", "nb", "nn", "nl", "sv", "da", "de", "fi")
_LEAST = 3  # letters that stand before the second half of a compound


class Spotting(Declaration):
    """One language of ``spotting.toml``."""

    genitive: tuple[str, ...]
    apposition: tuple[str, ...]
    small: frozenset[str]
    before: frozenset[str]
    ordinary: frozenset[str]
    openers: frozenset[str]
    boilerplate: tuple[str, ...]
    noise: tuple[str, ...]


class SpottingFile(Declaration):
    """``spotting.toml``."""

    wires: tuple[str, ...]
    after: frozenset[str]
    exchanges: frozenset[str]
    analysts: frozenset[str]
    networks: frozenset[str]
    places: tuple[str, ...]
    given_names: tuple[str, ...]
    language: dict[str, Spotting]


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language as spotting reads it."""

    spotting: Spotting
    ordinary: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    given_names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    determiners: tuple[str, ...] = ()
    nouns_capital: bool = False
    news: frozenset[str] = frozenset()  #: nouns that stand before "of" and a company in the phrases: takeover, sale


@functools.cache
def spotting() -> SpottingFile:
    """The declared language data, read once."""
    return load_toml(Path(__file__).with_name("spotting.toml"), SpottingFile)


def spotting_of(language: str) -> Spotting:
    """The data of a language (its first part counts); English where there is none."""
    known: Mapping[str, Spotting] = spotting().language
    code = language.split("-", maxsplit=1)[0].lower()
    return known.get({"no": "nb"}.get(code, code), known["en"])


def tongue_of(language: str, lexicon: Lexicon) -> Tongue:
    """A language with what the lexicon knows of it, and of the one that it falls back on."""
    declared = lexicon.languages.get(language)
    if declared is None:
        return Tongue(spotting_of(language))
    more = lexicon.languages.get(declared.falls_back_on or "")
    both = (declared, more) if more else (declared,)
    return Tongue(
        spotting=spotting_of(language),
        ordinary=(
            *(w for d in both for w in (*d.function_words, *d.common_words)),
            *(w for d in both for w in d.adjectives if "*" not in w),
            *_short_dates(language),
        ),
        never=declared.never_names,
        given_names=(*_given_names(lexicon), *spotting().given_names),
        places=_all_places(lexicon),
        titles=tuple(w for d in both for w in d.titles),
        determiners=declared.determiners,
        nouns_capital=declared.nouns_capital,
        news=_news_nouns(lexicon, language),
    )


#: words for "of"; in German also the article in the genitive
OF = frozenset({"of", "van", "von", "av", "af", "der", "des"})
_BEFORE_OF = re.compile(r"(\([^()]*\)|[^\s(){}|]+) (\([^()]*\)|\.\.\.?|[^\s(){}|]+)\?? \{")
_SHORTEST_NEWS = 4  # letters; what is shorter is as often a part of a name


@functools.lru_cache(maxsize=16)
def _news_nouns(lexicon: Lexicon, language: str) -> frozenset[str]:
    """What the phrases have before "of", or a gap, and a role: "(overname|aankoop) van {target}"."""
    found: set[str] = set()
    for code in lexicon.chain(language):
        for event_type in lexicon.types.values():
            for phrase in event_type.phrases.get(code, ()):  # type: ignore[call-overload]
                for heads, links in _BEFORE_OF.findall(phrase):
                    if links[0] == "." or not OF.isdisjoint(links.strip("()").split("|")):
                        found.update(head.split()[-1] for head in heads.strip("()").split("|") if head)
    return frozenset(word for word in found if word.isalpha() and len(word) >= _SHORTEST_NEWS)


@functools.lru_cache(maxsize=16)
def _short_dates(language: str) -> tuple[str, ...]:
    """Months and days of the week, written short ("Dec", "man")."""
    called = locale_names(language)
    short = (*called.months["abbreviated"], *called.days["abbreviated"])
    return tuple(sorted({word.rstrip(".").lower() for word in short}))


@functools.lru_cache(maxsize=8)
def _named(given: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    return tuple(sorted({name for some in given for name in some}))


def _all_places(lexicon: Lexicon) -> tuple[str, ...]:
    """Places in all languages."""
    return _named(tuple(language.places for language in lexicon.languages.values()))


def _given_names(lexicon: Lexicon) -> tuple[str, ...]:
    """First names of all languages: people cross borders."""
    return _named(tuple(language.given_names for language in lexicon.languages.values()))


@functools.lru_cache(maxsize=32)
def place_phrases(more: tuple[str, ...]) -> U64:
    """Keys, as names have them, of countries, regions and large cities, ascending: of one word or several."""
    called = [locale_names(code) for code in _LOCALES]
    names = (name for one in called for name in (*one.countries.values(), *one.cities))
    return _keys([*more, *spotting().places, *zone_names(), *names])


@functools.cache
def exchange_phrases() -> U64:
    """Keys of the names of stock exchanges, ascending."""
    return _keys(spotting().exchanges)


def _keys(names: Iterable[str]) -> U64:
    words = expanded(word_columns(sorted({n for n in normalise_column(list(names)) if n})))
    return distinct(ordered_keys(words, words.first[:-1], words.first[1:]))


@functools.cache
def prefix_forms() -> U64:
    """Keys of the legal forms that may stand in front of a name, ascending."""
    table = form_table()
    return distinct(table.keys[table.is_prefix])


def member_test(words: Iterable[str]) -> Callable[[str], bool]:
    """Whether a word in lower case is one of these; ``*`` before or after one stands for the rest of a compound."""
    several = [w.lower() for w in words]
    whole = frozenset(w for w in several if "*" not in w and " " not in w)
    ends = tuple({w[1:] for w in several if w[0] == "*" and len(w) > _LEAST})
    begins = tuple({w[:-1] for w in several if w[-1] == "*" and len(w) > _LEAST})

    def test(word: str) -> bool:
        if word in whole:
            return True
        if ends and word.endswith(ends):
            return len(word) >= _LEAST + min(len(e) for e in ends if word.endswith(e))
        return bool(begins) and word.startswith(begins)

    return test
