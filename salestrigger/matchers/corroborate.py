"""What in a document, besides the name, speaks for or against one organisation: one function per kind of evidence.

The weights are log-odds. They are judgements, not fitted: no labelled set joins news texts to a register's numbers.
Their order is what matters: an official number settles it, a website nearly, a municipality or what the company does
supports, a country alone only helps.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

from salestrigger.matchers.entries import Entry, domain_of
from salestrigger.matchers.names import normalise, normalise_column
from salestrigger.matchers.types import Evidence, Mention
from salestrigger.matchers.weights import generic
from salestrigger.sources.records import Document

IDENTIFIER, WEBSITE, PLACE, PARENT, INDUSTRY, HOME, ABROAD = 8.0, 4.0, 2.5, 1.0, 0.8, 1.2, -2.0
_MOST_TEXT = 50_000  # characters searched for places, websites and words of industry
#: Kinds of evidence that tell namesakes apart; the country of the source is none of them.
CORROBORATING = frozenset({"identifier", "website", "municipality", "industry", "parent"})

#: Those of them that no coincidence of words explains.
SETTLING = frozenset({"identifier", "website"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A document as corroboration reads it; made once per document."""

    document: Document
    country: str  #: of the source, empty when unknown
    words: str  #: all words of the text in normal form, spaces around each
    identifiers: frozenset[str]
    domains: frozenset[str]


def surroundings(document: Document, country: str | None) -> Surroundings:
    """Read a document once for all its mentions."""
    text = f"{document.title}\n{document.text}"[:_MOST_TEXT]
    pieces = normalise_column(text.split())
    return Surroundings(
        document=document,
        country=(country or "").upper(),
        words=f" {' '.join(p for p in pieces if p)} ",
        identifiers=frozenset(str(i) for i in document.identifiers),
        domains=_domains(document, text),
    )


def _domains(document: Document, text: str) -> frozenset[str]:
    hosts = [document.url] if document.url else []
    for piece in text.split():
        bare = piece.strip("()[]<>,;:\"'.«»")
        if (
            "." in bare
            and "/" not in bare[:1]
            and 4 <= len(bare) <= 200
            and ("www." in bare or "://" in bare or "@" in bare)
        ):
            hosts.append(bare.rpartition("@")[2])
    return frozenset(filter(None, map(_domain, hosts[:40])))


@functools.lru_cache(maxsize=4096)
def _domain(host: str) -> str:
    return domain_of(host)


@functools.lru_cache(maxsize=16384)
def _normal(text: str) -> str:
    """The normal form; the same few places and parents are asked for in every document."""
    return normalise(text) if text else ""


def _identifier(entry: Entry, around: Surroundings, _: Mention) -> Evidence | None:
    shared = sorted(around.identifiers & {str(i) for i in entry.identifiers})
    if not shared:
        return None
    return Evidence("identifier", shared[0], IDENTIFIER, f"the source names it by its number {shared[0]}")


def _website(entry: Entry, around: Surroundings, _: Mention) -> Evidence | None:
    if not entry.domain or entry.domain not in around.domains:
        return None
    return Evidence("website", entry.domain, WEBSITE, f"its website {entry.domain} is in the text or is its publisher")


def _municipality(entry: Entry, around: Surroundings, mention: Mention) -> Evidence | None:
    if not (entry.municipality or entry.city):
        return None
    own = f" {_normal(mention.text)} "
    for place in dict.fromkeys((entry.municipality, entry.city)):
        known = _normal(place)
        if len(known) > 2 and f" {known} " not in own and f" {known} " in around.words:
            return Evidence("municipality", place, PLACE, f"the text names {place}, where it is registered")
    return None


@functools.lru_cache(maxsize=4096)
def _trade_words(description: str) -> tuple[str, ...]:
    words = normalise(description[:300]).split()
    return tuple(dict.fromkeys(w for w in words if len(w) > 5 and w not in generic()))[:20]


def _industry(entry: Entry, around: Surroundings, mention: Mention) -> Evidence | None:
    if not entry.description:
        return None
    own = _normal(mention.text).split()
    shared = [w for w in _trade_words(entry.description) if w not in own and f" {w} " in around.words][:2]
    if not shared:
        return None
    return Evidence(
        "industry", " ".join(shared), INDUSTRY * len(shared), f"the text speaks of what it does: {', '.join(shared)}"
    )


def _parent(entry: Entry, around: Surroundings, _: Mention) -> Evidence | None:
    known = _normal(entry.parent)
    if len(known) < 4 or known.isdigit() or f" {known} " not in around.words:
        return None
    return Evidence("parent", entry.parent, PARENT, f"the text also names its parent {entry.parent}")


def _country(entry: Entry, around: Surroundings, _: Mention) -> Evidence | None:
    if not entry.country or not around.country:
        return None
    if entry.country == around.country:
        return Evidence(
            "country", entry.country, HOME, f"the source writes about {entry.country}, where it is registered"
        )
    return Evidence(
        "country", entry.country, ABROAD, f"the source is from {around.country}, it is registered in {entry.country}"
    )


_KINDS: tuple[Callable[[Entry, Surroundings, Mention], Evidence | None], ...] = (
    _identifier, _website, _municipality, _industry, _parent, _country,
)  # fmt: skip


def corroboration(entry: Entry, around: Surroundings, mention: Mention) -> tuple[Evidence, ...]:
    """All that speaks for or against this organisation, besides its name; at most one of each kind."""
    found = (kind(entry, around, mention) for kind in _KINDS)
    return tuple(evidence for evidence in found if evidence is not None)
