"""Register numbers that a company's pages state, and whether they are that company's own. Pure.

A number is taken only where the words before it say whose register it is and its check digit is right. Pages name
others too: who hosts them, the general partner, the parent. So the name that stands nearest before a number must be the
account's, when a name with a legal form stands there at all; else the number is doubtful and a person has to look.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from salestrigger.sources.adapters.german_courts import register_numbers
from salestrigger.sources.adapters.national_ids import national_id

_NUMBERS = (
    ("NO", re.compile(r"(?:org(?:anisasjons)?\.?\s?-?(?:nr|nummer)|foretaksregisteret)\D{0,20}((?:\d[ .]?){9})", re.I)),
    ("NL", re.compile(r"(?:kvk|k\.v\.k\.|kamer van koophandel)\D{0,20}((?:\d[ .]?){8})(?!\d)", re.I)),
    ("SE", re.compile(r"org(?:anisations)?\.?\s?-?(?:nr|nummer)\.?\D{0,20}(\d{6}-?\d{4})", re.I)),
    ("DK", re.compile(r"cvr\D{0,20}((?:\d ?){8})(?!\d)", re.I)),
    ("FI", re.compile(r"y-?tunnus\D{0,20}(\d{7}-\d)", re.I)),
    ("GB", re.compile(r"(?:company|registered|registration) (?:number|no)\b\W{0,20}((?:[A-Z]{2})?\d{6,8})\b", re.I)),
)  # fmt: skip

#: legal forms of one word
_FORMS = r"KGaA|KG|OHG|e\.? ?K\.?|eG|ASA?|B\.?V\.?|N\.?V\.?|AB|A/S|ApS|Oyj?|Ltd\.?|Limited|plc|LLP"
#: a name that ends in a legal form
_NAMED = re.compile(
    r"((?:[A-ZÆØÅÄÖÜ0-9][\w&.'’+-]{0,40} |& |und |og |en |of ){0,5}[A-ZÆØÅÄÖÜ0-9][\w&.'’+-]{0,40}[ -])"
    r"(gGmbH|GmbH(?: ?& ?Co\.? ?(?:KG|OHG))?|UG(?: ?\(haftungsbeschränkt\))?|AG(?: ?& ?Co\.? ?KG(?:aA)?)?"
    rf"|SE(?: ?& ?Co\.? ?KG(?:aA)?)?|{_FORMS})(?!\w)"
)
#: words before "AG" or a form that make it no company
_NO_NAMES = frozenset({"handelsregister", "registergericht", "amtsgericht", "sitz", "impressum"})
_FORM_END = re.compile(rf"[ ,-]*(?<!\w)(?:gGmbH|GmbH|UG|AG|SE|{_FORMS}|\(haftungsbeschränkt\)|& ?Co\.?)\Z", re.I)
#: the register that a German legal form is entered in (§§ 106, 162 HGB, § 7 GmbHG, § 10 GenG)
_REGISTERS = (
    (re.compile(r"(?:KG|OHG|e\.? ?K\.?)\Z"), "HRA"),
    (re.compile(r"(?:GmbH|AG|SE|KGaA|UG|UG ?\(haftungsbeschränkt\))\Z"), "HRB"),
    (re.compile(r"eG\Z"), "GnR"),
)
#: how far before a number the name of its holder may stand
_NEAR = 300


@dataclass(frozen=True, slots=True)
class Stated:
    """A number that a page states."""

    number: str  #: NO-BRC-…
    doubt: str = ""  #: why it may be somebody else's; empty: nothing speaks against it


def stated_numbers(text: str, *, country: str | None, account: str = "") -> Iterator[Stated]:
    """The register numbers in a page's text, those of the account's ``country`` if that is known."""
    for land, number, at in _found(text, country):
        yield Stated(number, _doubt(text[max(0, at - _NEAR) : at], number, land, account))


def _found(text: str, country: str | None) -> Iterator[tuple[str, str, int]]:
    for land, pattern in _NUMBERS:
        if country in (None, land):
            for match in pattern.finditer(text):
                if found := national_id(land, match[1]):
                    yield land, str(found), match.start()
    if country in (None, "DE"):
        for number, at in register_numbers(text):
            yield "DE", f"DE-CR-{number}", at


def _doubt(before: str, number: str, land: str, account: str) -> str:
    if not account:
        return ""
    names = [(m[1], m[1] + m[2]) for m in _NAMED.finditer(before) if not _NO_NAMES.intersection(_words(m[1])[-1:])]
    if names and not _is_same(names[-1][0], account):
        return f"beside the name {names[-1][1].strip()!r}"
    wanted = next((register for form, register in _REGISTERS if form.search(account.strip())), None)
    if land == "DE" and wanted and f" {wanted} " not in number:
        return f"a company of this form is entered in {wanted}"
    return ""


def _is_same(words_before: str, account: str) -> bool:
    """Whether the account's own words are the last before the legal form."""
    own = _words(_without_form(account))
    return not own or _words(_without_form(words_before))[-len(own) :] == own


def _without_form(name: str) -> str:
    name = name.strip()
    while (shorter := _FORM_END.sub("", name)) != name:
        name = shorter.strip()
    return name


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"\w+", "".join(sign for sign in plain if not unicodedata.combining(sign)))
