"""A text as words with their exact places: what spotting scans. Words are folded as names are (``names.py``)."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from salestrigger.matchers.name_columns import expanded
from salestrigger.matchers.names import normalise_column
from salestrigger.matchers.words import U64, word_columns
from salestrigger.sources.declare import Declaration, load_toml

#: A longer text is read up to here: bounds the time of one document.
MAX_TEXT = 100_000
_TOKEN = re.compile(r"&|[^\W_]+(?:['’][^\W\d_]+)*")
_SENTENCE_END = frozenset('.!?:\n•–—«"“”|')


class Spotting(Declaration):
    """One language of ``spotting.toml``."""

    genitive: tuple[str, ...]
    apposition: tuple[str, ...]
    small: frozenset[str]
    before: frozenset[str]
    ordinary: frozenset[str]
    boilerplate: tuple[str, ...]
    noise: tuple[str, ...]


class SpottingFile(Declaration):
    """``spotting.toml``."""

    wires: tuple[str, ...]
    after: frozenset[str]
    language: dict[str, Spotting]


@functools.cache
def spotting() -> SpottingFile:
    """The declared language data, read once."""
    return load_toml(Path(__file__).with_name("spotting.toml"), SpottingFile)


def spotting_of(language: str) -> Spotting:
    """The data of a language (its first part counts); English where there is none."""
    known: Mapping[str, Spotting] = spotting().language
    code = language.split("-", maxsplit=1)[0].lower()
    return known.get({"no": "nb"}.get(code, code), known["en"])


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text."""

    text: str  #: as written
    start: int
    end: int
    capital: bool  #: begins with a capital or digit, or has a capital inside (eBay)
    opens: bool  #: first word of a sentence, line or quotation
    glued: bool  #: only a space, a hyphen, a dot of initials or nothing lies between it and the word before


@dataclass(frozen=True, slots=True)
class TextWords:
    """The words of a text and their hashes."""

    full: str
    tokens: tuple[Token, ...]
    hashes: U64
    endings: tuple[U64, ...]  #: per genitive ending: the hash without it, 0 where the word has not that ending
    genitive: tuple[str, ...]
    lower: frozenset[str]  #: words that the text also writes small: ordinary words here


def _joined(full: str, before: Token, match: re.Match[str]) -> Token | None:
    """Initials are one word: B.V., A/S, J.P."""
    gap = full[before.end : match.start()]
    letters = before.text.replace(".", "").replace("/", "")
    single = len(match.group()) == 1 and match.group().isalpha() and letters.isalpha() and match.group().isupper()
    initials = len(before.text) == 1 or before.text[-2:-1] in {".", "/"}
    if not (single and gap in {".", "/"} and initials and before.capital):
        return None
    end = match.end()
    return Token(full[before.start : end], before.start, end, before.capital, before.opens, before.glued)


def _token(full: str, before: Token | None, match: re.Match[str]) -> Token:
    text, start = match.group(), match.start()
    gap = full[before.end : start] if before else "\n"
    opens = before is None or (gap != " " and not _SENTENCE_END.isdisjoint(gap))
    glued = (
        before is not None and gap in {" ", "-", "", "\u00a0", ". ", "."} and (gap[:1] != "." or _is_short(before.text))
    )
    if glued and gap[:1] == ".":
        opens = False
    capital = text[0].isupper() or text[0].isdigit() or text == "&" or text != text.lower()
    return Token(text, start, match.end(), capital, opens, glued)


def _is_short(text: str) -> bool:
    """An initial or an abbreviation that carries a dot inside names (St., Dr., J.)."""
    return len(text) == 1 or text in {"St", "Dr", "Chr", "Joh", "Fr", "Mr", "Ms", "Jr", "Sr", "Bros", "Sp"}


def _tokens(full: str) -> tuple[Token, ...]:
    tokens: list[Token] = []
    for match in _TOKEN.finditer(full, 0, min(len(full), MAX_TEXT)):
        if match.end() - match.start() > 60:
            continue
        before = tokens[-1] if tokens else None
        joined = _joined(full, before, match) if before and len(match.group()) == 1 else None
        if joined:
            tokens[-1] = joined
        else:
            tokens.append(_token(full, before, match))
    return tuple(tokens)


def _hash_column(texts: list[str]) -> U64:
    """The name-word hash of each text; 0 where it is not exactly one word."""
    unique = sorted(set(texts))
    columns = expanded(word_columns([w.replace(" ", "") for w in normalise_column(unique)]))
    hashes = np.zeros(len(unique), dtype=np.uint64)
    one = np.flatnonzero(columns.counts == 1)
    hashes[one] = columns.hash[columns.first[one]]
    table = dict(zip(unique, hashes.tolist(), strict=True))
    return np.array([table[t] for t in texts], dtype=np.uint64)


_JOINING = frozenset({"&", "en", "og", "och", "und", "et", "ja"})


def _without(full: str, token: Token, ending: str) -> str:
    """The word without its ending; empty when it does not end so, or too little would remain."""
    text = token.text
    if not token.capital:
        return ""
    if text.lower().endswith(ending):
        return text[: -len(ending)] if len(text) - len(ending) >= 2 else ""
    follows = (
        ending[0] in ":'’"
        and full.startswith(ending, token.end)
        and not full[token.end + len(ending) : token.end + len(ending) + 1].isalnum()
    )
    return text if follows else ""


def _in_address(full: str, token: Token) -> bool:
    """Part of a link, host, e-mail address or handle: no ordinary word."""
    if token.start and full[token.start - 1] in "./@#_":
        return True
    return full[token.end : token.end + 1] in {".", "/", "@", "_"} and full[token.end + 1 : token.end + 2].isalnum()


def text_words(full: str, language: Spotting) -> TextWords:
    """The words of ``title + "\\n" + text``."""
    tokens = _tokens(full)
    texts = ["and" if t.text in _JOINING else t.text for t in tokens]
    bases = [[_without(full, token, ending) for token in tokens] for ending in language.genitive]
    everything = _hash_column(texts + [w for row in bases for w in row])
    size = len(texts)
    return TextWords(
        full=full,
        tokens=tokens,
        hashes=everything[:size],
        endings=tuple(everything[size * (i + 1) : size * (i + 2)] for i in range(len(bases))),
        genitive=language.genitive,
        lower=frozenset(t.text for t in tokens if not t.capital and not _in_address(full, t)),
    )
