"""Sentences of a document are encoded when they are asked for, as if all before them had been read."""

from __future__ import annotations

from datetime import UTC, datetime

from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.reading import Reading, open_reading
from salestrigger.sources.records import Document

NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)


def reading(title: str, text: str) -> Reading:
    """A document that was opened and not yet read."""
    return open_reading(Document("doc-1", "s", "1", "", title, text, NOW, "en", NOW), (), load_lexicon(), "en")


def kinds(opened: Reading, number: int) -> list[tuple[str, str]]:
    """The names of a sentence with what they are."""
    line = opened.line(number)
    return [(group.surface, group.kind) for group in line.groups] if line else []


def test_a_surname_is_whom_the_title_names_in_full() -> None:
    """Asked for alone, a later sentence knows the people of the title."""
    opened = reading(
        "Brackwater Mills names Mary Tellow as chief executive", "It starts in May. The board met Tellow twice."
    )
    assert ("Tellow", "P") in kinds(opened, 2)
    assert ("Tellow", "P") not in kinds(
        reading("Brackwater Mills looks ahead", "In May. The board met Tellow twice."), 2
    )


def test_the_company_is_the_one_of_the_title() -> None:
    """Also where the title was not read before."""
    assert ("Brackwater Mills", "Q") in kinds(
        reading("Brackwater Mills expands", "First. The company opens a shop."), 2
    )


def test_what_does_not_matter_is_not_read() -> None:
    """A sentence that names everybody itself leaves the title alone."""
    opened = reading("Brackwater Mills expands", "Dunholt Foods Ltd opens a shop in Leeds. More follows.")
    kinds(opened, 1)
    assert set(opened.lines) == {1}
