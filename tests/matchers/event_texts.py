"""Documents for the tests of detection: short texts about companies that do not exist."""

from __future__ import annotations

from datetime import UTC, datetime

from salestrigger.matchers.detect import detect
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.types import Event, Mention
from salestrigger.sources.records import Document, DocumentKind, content_id

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


def document(
    title: str,
    text: str = "",
    language: str | None = "en",
    *,
    at: datetime = NOON,
    key: str = "1",
    kind: DocumentKind = "news",
) -> Document:
    """One published text."""
    url = f"https://news.example/{key}"
    return Document(content_id("doc", "news", key), "news", key, url, title, text, at, language, at, kind=kind)


def events_in(
    title: str,
    text: str = "",
    language: str = "en",
    mentions: tuple[Mention, ...] = (),
    *,
    kind: DocumentKind = "news",
) -> tuple[Event, ...]:
    """The events of one text."""
    return detect(document(title, text, language, kind=kind), mentions, load_lexicon(), language)[0]


def outcome_of(title: str, text: str = "", language: str = "en") -> str:
    """Why there is an event, or none."""
    return detect(document(title, text, language), (), load_lexicon(), language)[1]


def roles_of(event: Event) -> dict[str, list[str]]:
    """Role name → names, as written."""
    found: dict[str, list[str]] = {}
    for role in event.roles:
        found.setdefault(role.name, []).append(role.surface)
    return found
