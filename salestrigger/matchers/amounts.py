"""Numbers in a text: money, percentages, years, plain numbers, each as a Decimal. Reads no dates.

"€ 4,5 mln", "12 MNOK", "1,2 mrd. kr", "£3m", "NOK 45 millioner", "4 200", "dertig". Which sign divides thousands
follows the language, but two different signs in one number speak for themselves.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Literal

from salestrigger.matchers.reader import Reader

_DIGITS = r"\d{1,3}(?:[ \u00a0\u202f.,'’]\d{3}){1,5}(?:[.,]\d{1,2})?(?!\d)|\d{1,15}(?:[.,]\d{1,6})?"
_PERCENT = r"%|procent|prosent|per\s?cent|pst\.?|pct\.?|prosenttia|prozent"

_NEXT_WORD = re.compile(r"[ \u00a0](\w+)")
#: right before a number that is a year
_DATED = re.compile(r"\b(?:in|i|im|år|året|jaar|year|anno|vuonna|since|sinds|siden|sidan|seit)\s$", re.IGNORECASE)
#: how words of area, weight and volume begin
_MEASURES = ("kvadrat", "kvm", "vierkante", "quadrat", "square", "neliö", "tonn", "kubik", "kuub", "liter", "litre")


@dataclass(frozen=True, slots=True)
class Value:
    """One number as a text states it. Offsets are in the text that was scanned."""

    kind: Literal["M", "R", "Y", "N"]  #: money, percentage, year, plain number
    amount: Decimal
    currency: str  #: ISO 4217; empty where the text leaves it open
    start: int
    end: int


def scan_values(text: str, reader: Reader, *, offset: int = 0) -> list[Value]:
    """The numbers of ``text`` from left to right, without overlap; their offsets are moved by ``offset``."""
    found = (_value(match, reader, offset) for match in _expression(reader).finditer(text))
    return [value for value in found if value is not None]


def _value(match: re.Match[str], reader: Reader, offset: int) -> Value | None:
    amount = _number(match["n"], reader)
    if amount is None:
        return None
    factor, currency = _currency(match, reader)
    scale = reader.scales.get((match["s"] or "").lower().rstrip("."), Decimal(1))
    kind: Literal["M", "R", "Y", "N"]
    if match["pct"]:
        kind = "R"
    elif currency or scale >= 100_000:
        kind = "M"
    elif not match["s"] and re.fullmatch(r"(?:18|19|20)\d\d", match["n"]) and not _counts(match, reader):
        kind = "Y"
    else:
        kind = "N"
    return Value(kind, amount * scale * factor, currency, match.start() + offset, match.end() + offset)


def _counts(match: re.Match[str], reader: Reader) -> bool:
    """Whether a number that could be a year counts what follows: "2000 ansatte", but "i 2019 ansatte banken"."""
    after = _NEXT_WORD.match(match.string, match.end())
    if after is None or _DATED.search(match.string, max(0, match.start() - 12), match.start()):
        return False
    word = after.group(1).lower()
    return word.startswith(_MEASURES) or word in reader.people or word in reader.vacancies


def _currency(match: re.Match[str], reader: Reader) -> tuple[Decimal, str]:
    for name in ("c1", "c2"):
        if match[name]:
            return reader.units[match[name].lower().rstrip(".")]
    return Decimal(1), ""


def _number(text: str, reader: Reader) -> Decimal | None:
    if text.lower() in reader.numbers:
        return reader.numbers[text.lower()]
    plain = re.sub(r"[ \u00a0\u202f'’]", "", text)
    thousands, point = (".", ",") if reader.language.decimal_comma else (",", ".")
    if "." in plain and "," in plain:
        point = max(".,", key=plain.rfind)
        thousands = "," if point == "." else "."
    elif plain.count(point) > 1 or (thousands in plain and not re.search(rf"\{thousands}\d{{3}}(?!\d)", plain)):
        thousands, point = point, thousands  # "1,250,000" in Dutch, "4.5" in Dutch
    try:
        return Decimal(plain.replace(thousands, "").replace(point, "."))
    except InvalidOperation:
        return None


@functools.lru_cache(maxsize=64)
def _expression(reader: Reader) -> re.Pattern[str]:
    units, scales, words = (one_of_words(mapping) for mapping in (reader.units, reader.scales, reader.numbers))
    number = f"{_DIGITS}|(?:{words})(?!\\w)"
    return re.compile(
        rf"(?<![\w.,§])(?:(?P<c1>{units})\.?\s?)?(?P<n>{number})"
        rf"(?:[\s-]?(?P<s>{scales})(?![^\W\d_])\.?)?(?:[\s-]?(?P<c2>{units})(?![^\W\d_])\.?)?(?:\s?(?P<pct>{_PERCENT})(?!\w))?",
        re.IGNORECASE,
    )


def one_of_words(words: Iterable[str]) -> str:
    """One of the words, the longest first, in any case; words with the same beginning share it, which spares tries."""
    return _branches(sorted({word.lower() for word in words})) or r"(?!)"


def _branches(words: Sequence[str]) -> str:
    """The expression of words in order, which differ; the empty one last."""
    branches = []
    for first, same in groupby((word for word in words if word), key=lambda word: word[0]):
        rest = [word[1:] for word in same]
        branches.append(re.escape(first) + (f"(?:{_branches(rest)})" if rest != [""] else ""))
    return "|".join((*branches, "") if "" in words else branches)
