"""Organisations that no list knows, by the form of the words: a legal form after capitalised words ("Nordvik Bygg
AS"), a name after what it is ("softwarebedrijf Kompas", "selskapet Fjordly", "the startup Kestrel")."""

from __future__ import annotations

import functools

from salestrigger.matchers.legal_forms import form_table
from salestrigger.matchers.names import normalise
from salestrigger.matchers.text_words import Spotting, TextWords, Token

_LONGEST = 6  # words before the legal form, or after the apposition
_SMALL_FORMS = frozenset({"plc", "ehf", "oyj"})  # often written without a capital, and no ordinary words
_SHORT_FORMS = frozenset({"Co", "Oy", "Ab", "Ky"})  # of two letters, not all capitals
_SHOUTED = 0.7  # share of capitals from which on capitals say nothing


def is_form(token: Token) -> bool:
    """Whether a word of the text is a legal form, by how it is written: AS, B.V., GmbH, Ltd, Inc, not "as"."""
    if token.text in _SMALL_FORMS:
        return True
    return token.capital and len(token.text) > 1 and _written_as_form(token.text)


@functools.lru_cache(maxsize=16384)
def _written_as_form(text: str) -> bool:
    if normalise(text) not in form_table().words:
        return False
    return (
        "." in text or "/" in text or text.isupper() or not text[0].isupper() or len(text) > 2 or text in _SHORT_FORMS
    )


def _is_small(token: Token, language: Spotting) -> bool:
    return token.text == "&" or token.text.lower() in language.small


def named_by_form(words: TextWords, language: Spotting) -> list[tuple[int, int]]:
    """Word ranges that end in a legal form with capitalised words before it."""
    found = []
    tokens = words.tokens
    for at, token in enumerate(tokens):
        if not token.glued and not follows_loosely(words.full, tokens, at):
            continue
        if not is_form(token) or at == 0:
            continue
        low = _walk_back(tokens, at, language)
        if low < at:
            high = at + 1
            while high < len(tokens) and tokens[high].glued and is_form(tokens[high]):
                high += 1
            found.append((low, high))
    return found


def follows_loosely(full: str, tokens: tuple[Token, ...], at: int) -> bool:
    """In "Foo, Inc." and "Foo Co. Ltd" a comma, or the dot of another form, stands before the form."""
    if at == 0:
        return False
    gap = full[tokens[at - 1].end : tokens[at].start]
    return gap == ", " or (gap == ". " and is_form(tokens[at - 1]))


def _walk_back(tokens: tuple[Token, ...], at: int, language: Spotting) -> int:
    low = at
    first = at
    while low > 0 and at - low < _LONGEST:
        token = tokens[low - 1]
        joined = tokens[low].glued or low == at or tokens[low].text == "&" or token.text == "&"
        if not joined or is_form(token) or not (token.capital or _is_small(token, language)):
            break
        low -= 1
        if token.capital and token.text != "&":
            first = low
        if token.opens:
            break
    while first < at and tokens[first].opens and tokens[first].text.lower() in language.before:
        first += 1
    if first + 1 < at and tokens[first].opens and is_apposition(tokens[first].text, language):
        first += 1
    while first < at and not (tokens[first].capital and tokens[first].text != "&"):
        first += 1
    return first


def is_apposition(word: str, language: Spotting) -> bool:
    """Whether a word says what kind of company is named next."""
    whole, endings = _appositions(language.apposition)
    small = word.lower()
    return small in whole or (len(small) > 6 and small.endswith(endings) and small not in endings)


@functools.lru_cache(maxsize=64)
def _appositions(nouns: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Whole nouns, and what compounds of them end in."""
    return frozenset(n for n in nouns if n[0] != "*"), tuple(n[1:] for n in nouns if n[0] == "*")


def named_by_apposition(words: TextWords, language: Spotting, skip: frozenset[str]) -> list[tuple[int, int]]:
    """Word ranges that follow what they are; ``skip`` are lower-case words that no name begins with."""
    found = []
    tokens = words.tokens
    for at in range(len(tokens) - 1):
        after = tokens[at + 1]
        if not (after.glued and after.capital and after.text[0].isupper()) or not is_apposition(
            tokens[at].text, language
        ):
            continue
        if "-" in words.full[tokens[at].end : after.start] or after.text.lower() in skip:
            continue
        high = at + 2
        while (
            high < len(tokens) and high - at - 1 < _LONGEST and tokens[high].glued and _goes_on(tokens, high, language)
        ):
            high += 1
        found.append((at + 1, high))
    return found


def _goes_on(tokens: tuple[Token, ...], at: int, language: Spotting) -> bool:
    token = tokens[at]
    if token.capital and token.text != "&":
        return True
    more = at + 1 < len(tokens) and tokens[at + 1].capital and tokens[at + 1].text != "&"
    return more and (
        token.text == "&" or token.text.lower() in {"&"} | (language.small & {"of", "van", "de", "av", "af"})
    )


def shouted(tokens: tuple[Token, ...]) -> bool:
    """Whether capitals say nothing here: an English headline in title case, a line in capitals."""
    words = [t for t in tokens if len(t.text) > 3 and t.text.isalpha()]
    return len(words) >= 4 and sum(t.capital for t in words) / len(words) > _SHOUTED
