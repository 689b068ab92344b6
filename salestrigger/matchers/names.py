"""Names as evidence: one normal form for comparing, made by column and never name by name.

What it does: letters are folded so that ø, ö and oe, å and aa, æ and ae, ß and ss agree; ``&``, and, en, og, och, und
between two words are one word; initials are joined (B.V., b v and BV agree); punctuation falls away. What it does not:
delete digits, legal forms, generic words or numerals. What a word weighs is the index's business, what a legal form
says is ``legal_forms``'.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence

import numpy as np

from salestrigger.matchers.ascii_names import finish_ascii

#: Longer names are cut: the longest legal names in European registers have some 200 characters.
MAX_NAME = 300
_NEWLINE = 10
_FEW = 400  # bytes: not worth the columns' preparations

_LETTERS = {
    "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ŋ": "n", "ħ": "h",
    "ŧ": "t", "ς": "σ", "ẞ": "ss",
}  # fmt: skip
_SIGNS = frozenset("™®©℠")
_APOSTROPHES = frozenset("'’‘ʼ`´′ʹ")
_KEPT_MARKS = frozenset("./&")  # needed by the later steps: initials and joining words
_JOINING = ("en", "og", "och", "und", "et", "ja")

# The patterns begin with a literal character, so that a scan is a memchr and time stays linear.
_POSSESSIVE = re.compile(rb"'[sS](?<=[sS]'[sS])(?![0-9A-Za-z'\x80-\xff])")  # Philips's is Philips
_CURLY = "’".encode()
_INITIAL_MARK = re.compile(r"[./](?<=\b[^\W\d_][./])(?=[^\W\d_](?!\w))")
_INITIAL_GAP = re.compile(r" (?<=(?<!\w)[^\W\d_] )(?=[^\W\d_](?!\w))")
_DOUBLE_VOWELS = (
    (re.compile(r"a(?:(?<=\ba)([ae]+\b)|[ae]+)"), "a"),
    (re.compile(r"o(?:(?<=\bo)(e+\b)|e+)"), "o"),
    (re.compile(r"u(?:(?<=\bu)(e+\b)|e+)"), "u"),
)


def _kept(char: str) -> str:
    """One folded character: itself, a space where a word ends, or nothing."""
    if char in _KEPT_MARKS or char == "\n" or char.isalnum() or unicodedata.category(char)[0] == "M":
        return char
    return "" if char in _APOSTROPHES or unicodedata.category(char) == "Cf" else " "


def _fold_char(char: str) -> str:
    """Lower case, without Latin diacritics and compatibility forms; a fixed point of itself."""
    if char in _SIGNS:
        return " "
    plain = "".join(
        _LETTERS.get(part, part)
        for lower in unicodedata.normalize("NFKD", char)
        for part in unicodedata.normalize("NFKD", lower.lower())
        if not "\u0300" <= part <= "\u036f"
    )
    return "".join(_kept(part) for part in plain)


class _FoldTable(dict[int, str]):
    """Folded characters, worked out when first seen."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_char(chr(code))
        return folded


_FOLD = _FoldTable()
_ASCII = [_fold_char(chr(code)) for code in range(128)]
_ASCII_TABLE = bytes(ord(char) if char else 32 for char in _ASCII).ljust(256, b" ")
_ASCII_GONE = bytes(code for code, char in enumerate(_ASCII) if not char)


def _one_vowel(vowel: str, found: re.Match[str]) -> str:
    """The vowel alone, but a word that is nothing else stays as it is."""
    return vowel + (found[1] or "")


def _finish(text: str) -> str:
    """The steps after folding characters, over all names at once (one per line)."""
    text = _INITIAL_MARK.sub("", text)
    text = text.replace("&", " and ").replace(".", " ").replace("/", " ")
    text = _single_spaces(text)
    text = _INITIAL_GAP.sub("", text)
    for pattern, vowel in _DOUBLE_VOWELS:
        text = pattern.sub(functools.partial(_one_vowel, vowel), text)
    for word in _JOINING:
        for _ in range(2):  # twice: in "og og" the space between is shared
            text = text.replace(f" {word} ", " and ")
    return text


def _single_spaces(text: str) -> str:
    while "  " in text:
        text = text.replace("  ", " ")
    return text.replace(" \n", "\n").replace("\n ", "\n").strip(" ")


def raw_lines(names: Sequence[str]) -> bytes:
    """The names as UTF-8, one per line, cut to :data:`MAX_NAME` characters; a line break inside is a space."""
    text = "\n".join(names)
    if text.count("\n") >= len(names):
        text = "\n".join(name.replace("\n", " ") for name in names)
    if len(text) > MAX_NAME and max(map(len, names)) > MAX_NAME:
        text = "\n".join(name[:MAX_NAME].replace("\n", " ") for name in names)
    return text.encode("utf-8", "replace")


def normal_lines(raw: bytes) -> bytes:
    """The normal forms of names that lie one per line (:func:`raw_lines`), as UTF-8, one per line."""
    raw = _POSSESSIVE.sub(b"", raw.replace(_CURLY, b"'"))
    if raw.isascii():
        return _ascii_lines(raw)
    lines, strange = _fold_beyond_ascii(raw)
    done = _ascii_lines(lines)
    if not strange:
        return done
    out = done.split(b"\n")
    finished = _finish("\n".join(strange.values())).encode("utf-8", "replace").split(b"\n")
    for row, form in zip(strange, finished, strict=True):
        out[row] = form
    return b"\n".join(out)


def _ascii_lines(lines: bytes) -> bytes:
    folded = lines.translate(_ASCII_TABLE, _ASCII_GONE)
    return _finish(folded.decode()).encode() if len(folded) <= _FEW else finish_ascii(folded)


def _fold_beyond_ascii(raw: bytes) -> tuple[bytes, dict[int, str]]:
    """Fold the lines that hold other than ASCII; those that still do are given back and left empty: they go the slower
    way, over characters."""
    rows, starts, ends = _beyond_ascii(raw)
    other = b"\n".join([raw[low:high] for low, high in zip(starts, ends, strict=True)]).decode("utf-8", "replace")
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", other).translate(_FOLD))
    strange: dict[int, str] = {}
    if folded.isascii():
        lines = folded.encode().split(b"\n")
    else:
        texts = folded.split("\n")
        strange = {row: line for row, line in zip(rows, texts, strict=True) if not line.isascii()}
        lines = [line.encode() if line.isascii() else b"" for line in texts]
    parts = [b""] * (2 * len(rows) + 1)
    parts[0::2] = [raw[low:high] for low, high in zip([0, *ends], [*starts, len(raw)], strict=True)]
    parts[1::2] = lines
    return b"".join(parts), strange


def _beyond_ascii(raw: bytes) -> tuple[list[int], list[int], list[int]]:
    """The lines that hold other than ASCII: their numbers, first bytes, and the bytes after them."""
    data = np.frombuffer(raw, dtype=np.uint8)
    breaks = np.flatnonzero(data == _NEWLINE)
    line_of = np.searchsorted(breaks, np.flatnonzero(data > 127))
    rows = line_of[np.flatnonzero(np.diff(line_of, prepend=-1))]
    starts = np.concatenate(([0], breaks + 1))[rows]
    ends = np.append(breaks, len(data))[rows]
    return rows.tolist(), starts.tolist(), ends.tolist()


def normalise_column(names: Sequence[str]) -> list[str]:
    """The normal form of every name; empty where nothing of the name remains. Idempotent."""
    return normal_lines(raw_lines(names)).decode("utf-8").split("\n") if names else []


def normalise(name: str) -> str:
    """The normal form of one name; for many names use :func:`normalise_column`."""
    return normalise_column([name])[0]
