"""What the capitals of a sentence are worth: all of it in upper case, in title case, or name and noun in one word.

Looks at letters and word lists only; which words are a name is decided in ``name_groups.py``.
"""

from __future__ import annotations

from salestrigger.matchers.reader import ORGANISATION_WORDS, Reader
from salestrigger.matchers.sentences import Sentence
from salestrigger.matchers.word_tokens import Token

_FLASH = 250  #: characters; a shorter text tells nothing about its headline


def settle_capitals(full: str, sentence: Sentence, tokens: list[Token], reader: Reader) -> None:
    """Take back the capitals of a shouted sentence, and cut compounds of a name and a noun where nouns have capitals;
    ``tokens`` are changed in place."""
    if _shouted(tokens):
        _lower_capitals(full, sentence, tokens, reader)
    elif reader.language.nouns_capital:
        _split_compounds(tokens, reader)


def _shouted(tokens: list[Token]) -> bool:
    """Whether all of it is in upper case: then no word can be told to be a name."""
    letters = 0
    for token in tokens:
        if not token.code and token.text.isalpha():
            if not token.text.isupper():
                return False
            letters += 1
    return letters >= 3


def _lower_capitals(full: str, sentence: Sentence, tokens: list[Token], reader: Reader) -> None:
    """In upper case the text below tells which words are names: those that it writes with a capital."""
    for token in tokens:
        if token.capital and not token.code:
            plain = token.text.capitalize()
            token.capital = (
                token.low not in reader.function_words
                and len(plain) > 2
                and full.find(plain, sentence.end) >= 0
                and full.find(token.low, sentence.end) < 0
            )
    if len(full) - sentence.end < _FLASH and not any(token.capital and not token.code for token in tokens):
        for token in (t for t in tokens if not t.code):  # a headline without a text
            token.capital = token.text.isupper() and token.low not in reader.vocabulary and len(token.low) > 1


def all_capitals(tokens: list[Token]) -> bool:
    """Whether nearly every word has a capital, so that capitals say nothing: a headline in title case."""
    long = [t for t in tokens if not t.code and len(t.low) > 3 and t.low[0].isalpha()]
    return len(long) >= 3 and sum(t.capital for t in long) >= 0.85 * len(long)


def _split_compounds(tokens: list[Token], reader: Reader) -> None:
    """ "BHF-Übernahme": the name and the noun become words of their own."""
    for i in range(len(tokens) - 1, -1, -1):
        token = tokens[i]
        head, dash, tail = token.text.rpartition("-")
        low = tail.lower()
        if not dash or token.code or not head[:1].isupper() or low in ORGANISATION_WORDS or not _known(low, reader):
            continue
        if len(head) < 2 or any(_known(part.lower(), reader) for part in head.split("-")):
            continue
        middle = token.start + len(head)
        first = Token(head, head.lower(), token.start, middle, capital=True, compound=True)
        tokens[i : i + 1] = [first, Token(tail, low, middle + 1, token.end)]


def _known(word: str, reader: Reader) -> bool:
    """Whether a word in lower case is one of the language's ordinary words."""
    return word in reader.vocabulary or word in reader.never_names or reader.is_noun(word)
