"""Organisation numbers of several countries: dirty text → one Identifier, or none. Pure.

Procurement data, GLEIF and Wikidata carry national numbers as people typed them (``999 601 391``, ``NO952522035MVA``,
``Org.nr. 978693024``, with zero-width characters). What has not the form of the country's number, or fails its check
digit, is no identifier: a wrong link between two organisations is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from salestrigger.sources.adapters.german_courts import german_number
from salestrigger.sources.records import Identifier
from salestrigger.sources.text import clean_text

#: ISO 3166-1 alpha-3 → alpha-2, of the countries that our sources name so (eForms and TED write alpha-3)
ALPHA2: Final[Mapping[str, str]] = {
    "NOR": "NO", "NLD": "NL", "SWE": "SE", "DNK": "DK", "FIN": "FI", "GBR": "GB", "BEL": "BE", "DEU": "DE",
    "FRA": "FR", "AUT": "AT", "CHE": "CH", "IRL": "IE", "ISL": "IS", "EST": "EE", "LVA": "LV", "LTU": "LT",
    "POL": "PL", "ESP": "ES", "PRT": "PT", "ITA": "IT", "LUX": "LU", "USA": "US", "CZE": "CZ", "SVK": "SK",
    "HUN": "HU", "ROU": "RO", "BGR": "BG", "GRC": "GR", "HRV": "HR", "SVN": "SI", "MLT": "MT", "CYP": "CY",
}  # fmt: skip
ALPHA3: Final[Mapping[str, str]] = {two: three for three, two in ALPHA2.items()}

_WORDS = re.compile(
    r"(?:org(?:anisasjons|anisations)?\.?\s*-?\s*n(?:umme)?r|kvk|cvr|y-tunnus|n(?:umme)?r)[.:\s-]*", re.I
)
_LEI = re.compile(r"[A-Z0-9]{18}[0-9]{2}")


def country_of(code: str) -> str | None:
    """A country code of two or three letters as alpha-2; None for what we do not know (EL is Greece, UK is GB)."""
    code = code.strip().upper()
    code = {"EL": "GR", "UK": "GB"}.get(code, code)
    return code if len(code) == 2 and code.isalpha() else ALPHA2.get(code)


def national_id(country: str | None, text: str) -> Identifier | None:
    """The register number of ``country`` (alpha-2) that ``text`` holds; None when it holds none that can be right."""
    form = _FORMS.get(country or "")
    if form is None:
        return None
    scheme, read = form
    number = read(_WORDS.sub("", clean_text(text)).upper())
    return Identifier(scheme, number) if number else None


def lei_of(text: str) -> Identifier | None:
    """A legal entity identifier (ISO 17442): 18 letters or digits and two check digits (ISO 7064, mod 97-10)."""
    code = clean_text(text).replace(" ", "").upper()
    if not _LEI.fullmatch(code) or int("".join(str(int(char, 36)) for char in code)) % 97 != 1:
        return None
    return Identifier("XI-LEI", code)


def _norwegian(text: str) -> str | None:
    """Nine digits, modulus 11 (https://www.brreg.no/om-oss/registrene-vare/om-enhetsregisteret/organisasjonsnummeret/)."""
    digits = _digits(re.sub(r"^NO|MVA$", "", text.replace(" ", "")))
    return digits if len(digits) == 9 and _mod11(digits, (3, 2, 7, 6, 5, 4, 3, 2)) else None


def _dutch(text: str) -> str | None:
    """Eight digits; no check digit. The first eight of a branch's twelve are not the company's."""
    digits = _digits(re.sub(r"^NL(?=\d{8}$)", "", text.replace(" ", "")))
    return digits if len(digits) == 8 else None


def _swedish(text: str) -> str | None:
    """Ten digits, Luhn; a personal number (third and fourth digit below 20) is a sole proprietor's and left out."""
    digits = _digits(re.sub(r"^SE|01$(?<=\d{12})", "", text.replace(" ", "")))
    if len(digits) != 10 or int(digits[2:4]) < 20:
        return None
    total = sum(int(c) if at % 2 else sum(divmod(int(c) * 2, 10)) for at, c in enumerate(digits))
    return digits if total % 10 == 0 else None


def _danish(text: str) -> str | None:
    """Eight digits; CVR's modulus 11 holds for every number given out."""
    digits = _digits(re.sub(r"^DK", "", text.replace(" ", "")))
    weights = (2, 7, 6, 5, 4, 3, 2, 1)
    return (
        digits if len(digits) == 8 and sum(int(c) * w for c, w in zip(digits, weights, strict=True)) % 11 == 0 else None
    )


def _finnish(text: str) -> str | None:
    """``1234567-8``, modulus 11; written also without the hyphen and as the VAT number FI12345678."""
    digits = _digits(re.sub(r"^FI", "", text.replace(" ", "")).replace("-", ""))
    if len(digits) != 8 or not _mod11(digits, (7, 9, 10, 5, 8, 4, 2)):
        return None
    return f"{digits[:7]}-{digits[7]}"


def _british(text: str) -> str | None:
    """Eight signs: digits, or two letters and six digits (SC, NI, OC …); leading zeros are often lost."""
    code = text.replace(" ", "")
    if re.fullmatch(r"[0-9]{7}", code):
        code = code.zfill(8)
    return code if re.fullmatch(r"[0-9]{8}|[A-Z]{2}[0-9]{6}", code) else None


def _digits(text: str) -> str:
    """The digits of a number grouped by blanks, dots or hyphens; "" when anything else is in it."""
    bare = re.sub(r"[\s.\-\u00a0]", "", text)
    return bare if bare.isascii() and bare.isdigit() else ""


def _mod11(digits: str, weights: tuple[int, ...]) -> bool:
    """Whether the last digit is the check digit of those before it, modulus 11."""
    rest = 11 - sum(int(c) * w for c, w in zip(digits[:-1], weights, strict=True)) % 11
    return digits[-1] == str(0 if rest == 11 else rest)


_FORMS: Final[Mapping[str, tuple[str, Callable[[str], str | None]]]] = {
    "NO": ("NO-BRC", _norwegian), "NL": ("NL-KVK", _dutch), "SE": ("SE-BLV", _swedish), "DK": ("DK-CVR", _danish),
    "FI": ("FI-PRO", _finnish), "GB": ("GB-COH", _british), "DE": ("DE-CR", german_number),
}  # fmt: skip


#: register → its country, and what its numbers look like, in words
NUMBERS: Final[Mapping[str, tuple[str, str]]] = {
    "NO-BRC": ("NO", "nine digits, the last a check digit"),
    "NL-KVK": ("NL", "eight digits"),
    "SE-BLV": ("SE", "ten digits, the last a check digit; a person's own number is not taken"),
    "DK-CVR": ("DK", "eight digits that pass CVR's check"),
    "FI-PRO": ("FI", "seven digits, a hyphen and a check digit, as 0112038-9"),
    "GB-COH": ("GB", "eight digits, or two letters and six digits"),
    "DE-CR": ("DE", "its court and its number in the register there, as München HRB 12345"),
    "XI-LEI": ("XI", "eighteen letters or digits and two check digits"),
}


def checked_id(scheme: str, value: str) -> Identifier | None:
    """The identifier as its register writes it; of a register whose numbers we cannot check, as it stands,
    without blanks.

    None: it cannot be a number of that register (:data:`NUMBERS` says what can).
    """
    if scheme not in NUMBERS:
        return Identifier(scheme, value.replace(" ", ""))
    return lei_of(value) if scheme == "XI-LEI" else national_id(NUMBERS[scheme][0], value)


def swedish_numbers(texts: Sequence[str]) -> tuple[str, ...]:
    """The ten digits of each, each once.

    Raises:
        ValueError: one is no Swedish organisation number.
    """
    found = [(text, national_id("SE", text)) for text in texts]
    wrong = next((text for text, number in found if number is None), None)
    if wrong is not None:
        raise ValueError(f"{wrong!r} is not a Swedish organisation number, which has ten digits")
    return tuple(dict.fromkeys(number.value for _, number in found if number is not None))
