"""Press-release wires: how their feeds are known, whose release an entry is, and what their terms say. Pure.

PR Newswire names the issuer in ``dc:contributor`` (its namespace ``prn`` tells its feeds from others, where that is a
person), GlobeNewswire likewise in a namespace of its own. Business Wire names nobody; there, and where the field is
empty, the issuer is the listed company that opens the text behind the dateline.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

#: namespaces of the wires that name the issuer as a contributor; GlobeNewswire has its own idea of Dublin Core
CONTRIBUTOR_NAMESPACES: Final = frozenset({
    "http://dublincore.org/documents/dcmi-namespace/", "http://www.prnewswire.com/ns/0.1/#",
})  # fmt: skip

#: "DENVER, Oct. 2, 2026 /PRNewswire/ -- ", "LEEDS, England--(BUSINESS WIRE)--"
_MARK = re.compile(
    r"(?:/(?:PR ?Newswire|CNW)[^/\n]{0,30}/|\((?:BUSINESS WIRE|GLOBE ?NEWSWIRE)\))\s{0,3}(?:--|[–—-])?\s{0,5}", re.I
)
_LISTED = re.compile(r"\((?:NASDAQ|NYSE|TSX|LSE|AIM|OTC|Euronext|Nasdaq|Oslo|OSE)[\w ]{0,20}: ?[A-Z0-9.-]{1,12}")
_WORD = re.compile(r"[A-ZÆØÅÄÖÜ0-9][\w&.'’-]*,?|&|and|of|the|de|van|der|plc")
#: characters of a text in which its dateline stands, and of a name
_HEAD, _NAME = 300, 80


@dataclass(frozen=True, slots=True)
class Wire:
    """What is known of a wire whose feed a person gave."""

    name: str
    hosts: tuple[str, ...]  #: registrable domains
    licence: str
    terms_url: str


#: of the terms is told what others who read them write down; a person has to read them before switching a feed on
WIRES: Final = (
    Wire(
        "PR Newswire", ("prnewswire.com", "prnewswire.co.uk", "newswire.ca"),
        "the issuers' and PR Newswire's copyright; its terms are said to forbid robots, republishing and commercial "
        "use without permission, though it offers the feed: read them; headline, link and a short quote only",
        "https://www.prnewswire.com/terms-of-use/",
    ),
    Wire(
        "Business Wire", ("businesswire.com",),
        "the issuers' and Business Wire's copyright; its terms are said to allow feeds to be read and to forbid "
        "commercial use and aggregating: read them; headline, link and a short quote only",
        "https://www.businesswire.com/terms-of-use",
    ),
    Wire(
        "GlobeNewswire", ("globenewswire.com",),
        "issuers' press releases, offered as RSS for readers; headline, link and a short quote only, no republishing",
        "https://www.globenewswire.com/rss/list",
    ),
)  # fmt: skip


def wire_of(domains: Iterable[str]) -> Wire | None:
    """The wire whose feed this is, by the registrable domains of its address and its entries."""
    held = set(domains)
    return next((wire for wire in WIRES if held.intersection(wire.hosts)), None)


def issuer_in(text: str) -> str | None:
    """The listed company that opens a release behind its dateline: "… /PRNewswire/ -- Havglimt Inc. (NYSE: HGL), …".

    None where no such company stands there: a law firm that writes about one is not the issuer.
    """
    mark = _MARK.search(text[:_HEAD])
    if mark is None:
        return None
    rest = text[mark.end() : mark.end() + _NAME + 40]
    listed = _LISTED.search(rest)
    name = rest[: listed.start()].strip(' ,"“”') if listed else ""
    words = name.split()
    is_name = bool(words) and len(name) <= _NAME and all(_WORD.fullmatch(word) for word in words)
    return name if is_name else None
