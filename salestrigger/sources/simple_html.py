"""Read the simplest of HTML without a parser, with the same outcome: what most entries of feeds consist of.

Paragraphs, lists, links, emphasis, properly nested, with the entities that everybody knows. Whatever is not plainly so
(another element, an end without its begin, a block where only words may stand, an odd character) is left to the parser:
nothing is guessed here, and every HTML parser agrees on what is read. Pure, linear time.
"""

from __future__ import annotations

import re
from html.entities import name2codepoint
from typing import Final

#: elements that hold blocks and words, that hold words only, and that are empty; all break the line
_HOLDERS: Final = frozenset({"div", "ul", "ol", "li", "blockquote", "section", "article"})
_INLINE: Final = frozenset({"a", "b", "i", "u", "em", "strong", "span", "small", "sub", "sup"})
_LISTS: Final = frozenset({"ul", "ol"})
_DEEPEST: Final = 100  #: elements within each other; a parser reads 256

_TAG = re.compile(
    r"<(/?)(p|br|a|b|i|u|em|strong|span|div|ul|ol|li|img|h[1-6]|hr|blockquote|small|sub|sup|section|article)"
    r"((?:\s+[a-z][a-z0-9_:-]*(?:=(?:\"[^\"<>]*\"|'[^'<>]*'))?)*)\s*/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:(?:([a-zA-Z][a-zA-Z0-9]{1,7})|#([0-9]{1,6})|#[xX]([0-9a-fA-F]{1,5}));)?")
#: HTML 4 and HTML 5 mean different characters
_DISPUTED: Final = frozenset({"lang", "rang"})
#: characters that parsers drop or replace, each in its own way
_ODD = re.compile("[\x00\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


class _NotSimpleError(Exception):
    """This is one for the parser."""


def simple_text(html: str) -> str | None:
    """The words of ``html`` with a line break wherever a block begins or ends; None when a parser must read it."""
    if not html.isprintable() and _ODD.search(html):
        return None
    # words, then for each tag: slash, name, attributes, words
    parts = _TAG.split(html)
    try:
        pieces = [_words(parts[0])]
        open_tags: list[str] = []
        for at in range(1, len(parts), 4):
            pieces.append(_tag(parts[at], parts[at + 1].lower(), open_tags))
            pieces.append(_words(parts[at + 3]))
    except _NotSimpleError:
        return None
    return None if open_tags else "".join(pieces)


def _tag(slash: str, name: str, open_tags: list[str]) -> str:
    """What a tag stands for in the text; ``open_tags`` is kept."""
    if slash:
        if not open_tags or open_tags.pop() != name:
            raise _NotSimpleError
        return "" if name in _INLINE else "\n"
    around = open_tags[-1] if open_tags else "div"
    if name == "img":
        return ""
    if name == "br":
        return "\n"
    if name in _INLINE:
        if name == "a" and "a" in open_tags:
            raise _NotSimpleError
    elif around not in _HOLDERS or (name == "li") != (around in _LISTS):
        raise _NotSimpleError
    if name == "hr":
        return "\n"
    if len(open_tags) >= _DEEPEST:
        raise _NotSimpleError
    open_tags.append(name)
    return "" if name in _INLINE else "\n"


def _words(text: str) -> str:
    """The words between two tags, entities resolved."""
    if "<" in text:
        raise _NotSimpleError
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    name, decimal, hexadecimal = match.groups()
    if name:
        code = 0 if name in _DISPUTED else name2codepoint.get(name, 0)
    elif decimal or hexadecimal:
        code = int(decimal) if decimal else int(hexadecimal, 16)
    else:
        code = ord("&") if match.string[match.end() : match.end() + 1].strip() == "" else 0
    if not (32 <= code < 127 or 160 <= code < 0xD800 or 0xE000 <= code < 0xFDD0):
        raise _NotSimpleError
    return chr(code)
