"""What spotting knows of each language: ``spotting.toml``, and the sets of words of ``languages/*.toml`` that it uses."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from salestrigger.matchers.lexicon import Lexicon
from salestrigger.sources.declare import Declaration, load_toml

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
    nouns_capital: bool = False


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
        ordinary=tuple(w for d in both for w in (*d.function_words, *d.common_words)),
        never=declared.never_names,
        given_names=tuple(w for d in both for w in d.given_names),
        places=tuple(w for d in both for w in d.places),
        titles=tuple(w for d in both for w in d.titles),
        nouns_capital=declared.nouns_capital,
    )


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
