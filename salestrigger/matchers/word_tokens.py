"""Words, signs and numbers of a sentence, each with its place in the text. Knows no names and no language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from salestrigger.matchers.amounts import Value

TOKEN_LIMIT = 130  #: tokens of a sentence that are read
_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’.&/+-][^\W_]+)*\+?|[^\w\s]")
_QUOTES = frozenset("\"'“”‘’«»„`*<>")
#: "Leeds-based" is no name
PLACED = ("-based", "-headquartered", "-backed", "-owned", "-controlled", "-listed")
#: an aside, a share's ticker, who is addressed in a short message, an address of the web
_BRACKETED = re.compile(r"\([^()]{0,60}\)|(?<!\w)@\w{1,40}|https?://\S{1,200}|<[A-Z0-9]{1,6}(?:\.[A-Z]{1,3})?>")


@dataclass(slots=True)
class Token:
    """One token. Offsets are in the document's full text."""

    text: str
    low: str
    start: int
    end: int
    code: str = ""  #: what it is encoded as, when it is no ordinary word
    capital: bool = False
    compound: bool = False  #: the first half of "Kompas-topman"


def words_in(lowered: str) -> list[str]:
    """The words that the encoded form of a text in lower case can have, in its order: a quick look before encoding
    it. Of "kompas-topman" the second half as well."""
    words = _TOKEN.findall(lowered)
    if "-" in lowered:
        return [part for w in words for part in ((w, w.rpartition("-")[2]) if "-" in w else (w,))]
    return words


def tokens_of(full: str, span: tuple[int, int], values: Sequence[Value]) -> list[Token]:
    """Words and signs, with each number as one token; quotation marks and short brackets are left out."""
    hidden = [m.span() for m in _BRACKETED.finditer(full, *span)]
    taken = sorted(
        [(v.start, max(v.end, v.start + 1), f"§{v.kind}{i}") for i, v in enumerate(values)]
        + [(a, b, "") for a, b in hidden]
    )
    tokens: list[Token] = []
    position = span[0]
    for start, end, code in (*taken, (span[1], span[1], "")):
        if start < position:
            continue  # a number in brackets
        for match in _TOKEN.finditer(full, position, start):
            text, at = match[0], match.start()
            if text.islower():  # most words: nothing about them needs a closer look
                tokens.append(Token(text, text, at, at + len(text)))
            else:
                tokens += _words(text, at)
        if code:
            tokens.append(Token(full[start:end], "", start, end, code))
        position = end
        if len(tokens) > TOKEN_LIMIT:
            break
    return tokens[:TOKEN_LIMIT]


def _words(text: str, start: int) -> list[Token]:
    """A word; the genitive ``'s`` and the second half of "Kompas-topman" become words of their own."""
    if text in _QUOTES:
        return []
    end = start + len(text)
    capital = text[0].isupper() or (len(text) > 1 and text[1].isupper() and text[0].isalnum())
    if capital and text[-2:] in ("'s", "’s") and len(text) > 2:
        return [Token(text[:-2], text[:-2].lower(), start, end - 2, capital=True), Token("'s", "'s", end - 2, end)]
    head, dash, tail = text.rpartition("-")
    if text.endswith(PLACED):
        return [Token(text, text.lower(), start, end)]
    if capital and dash and tail.islower() and len(head) > 2:
        short = head.isupper() and len(head) <= 3
        first = Token(head, head.lower(), start, start + len(head), capital=not short, compound=True)
        return [first, Token(tail, tail, end - len(tail), end)]
    return [Token(text, text.lower(), start, end, capital=capital)]
