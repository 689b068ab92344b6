"""Invented organisations and documents for the tests of matching names."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.lexicon import Lexicon
from salestrigger.matchers.resolve import resolve
from salestrigger.matchers.spot import spot
from salestrigger.matchers.types import Fact, Match, Mention, Organization
from salestrigger.sources.records import Document, Identifier, NameKind, OrgName, content_id

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
NO_LEXICON = Lexicon({}, {})


def organization(
    key: str, *names: str | tuple[str, NameKind], ids: tuple[Identifier, ...] = (), sole: bool = False, **facts: Any
) -> Organization:
    """An organisation with these names (legal unless said) and facts."""
    pairs = [(n, "legal") if isinstance(n, str) else n for n in names]
    return Organization(
        organization_id=key,
        names=tuple(OrgName(text, kind) for text, kind in pairs),  # type: ignore[arg-type]
        identifiers=ids,
        facts=tuple(Fact(name, value, "register", NOW) for name, value in facts.items()),
        is_sole_proprietor=sole,
    )


def document(title: str, text: str = "", *, language: str = "nb", **more: Any) -> Document:
    """A news item."""
    return Document(
        content_id("doc", title, text), "press", "1", "https://avis.example/1", title, text, NOW, language, **more
    )


def matched(
    doc: Document, index: OrganizationIndex, *, country: str | None = None, lexicon: Lexicon = NO_LEXICON
) -> list[tuple[Mention, Match]]:
    """Every mention with its match."""
    mentions = spot(doc, index, lexicon, doc.language or "en")
    matches = resolve(doc, mentions, index, source_country=country)
    return [(mention, matches[mention.mention_id]) for mention in mentions]
