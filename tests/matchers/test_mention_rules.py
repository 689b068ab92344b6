"""What makes a listed name a mention: headings, labels, short dates, persons, wrapped lines, forms of names."""

from __future__ import annotations

import pytest

from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.spot import spot
from tests.matchers.names_support import document, organization

INDEX = OrganizationIndex.build(
    [
        organization("note", "Note Ltd", country="GB"),
        organization("pris", "Pris ApS", country="DK"),
        organization("ayla", "Aylandra ApS", country="DK"),
        organization("dec", "Dec Ltd", country="GB"),
        organization("frit", "Frit ApS", country="DK"),
        organization("hens", "Hendervik Ltd", country="GB"),
        organization("trade", "U.S. Trade Ltd", country="GB"),
        organization("univ", "Marlow University Ltd", country="GB"),
        organization("isaer", "Især ApS", country="DK"),
        organization("moe", "Moelund & Company", country="GB"),
        organization("fish", "K. Fischvarg Verlag GmbH & Co. KG", country="DE"),
        organization("bare", "Kesterwick", country="GB"),
        organization("swiss", "Swiss Ltd", country="GB"),
    ]
)
LEXICON = load_lexicon()


def known(text: str, language: str, title: str = "") -> list[tuple[str, tuple[str, ...]]]:
    """Mentions of listed names with whose they may be."""
    found = spot(document(title, text, language=language), INDEX, LEXICON, language)
    return [(m.text, m.candidates) for m in found if m.candidates]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Sales rose. NOTE: The figures are not audited.", "en"),
        ("Sales rose. NOTE that the figures are not audited.", "en"),
        ("Bilen er ny. PRIS: 219.000 kr.", "da"),
        ("Bilen er ny. Aylandra: 219.000 kr.", "da"),
        ("It was sold on DEC 31 and paid later.", "en"),
        ("It was sold on Dec 31 and paid later.", "en"),
        ("Sådan siger den 42-årige Frits Morrison i dag.", "da"),
        ("The car was given to Rick J. Hendervik. It was what Hendervik said.", "en"),
        ("With a record U.S. trade deficit the dollar fell.", "en"),
        ("Især ældre rammes af det.", "da"),
        ("Yesterday the Swiss franc rose.", "en"),
    ],
)
def test_labels_dates_and_persons_are_no_companies(text: str, language: str) -> None:
    """Though each is a listed name."""
    assert not known(text, language)


@pytest.mark.parametrize(
    ("text", "language", "title", "expected"),
    [
        ("", "da", "Aylandra: rekordresultat i årets første kvartal", ("Aylandra", ("ayla",))),
        ("Marlow University said on Monday that it will hire.", "en", "", ("Marlow University", ("univ",))),
        ("The order went to Moelund & Company yesterday.", "en", "", ("Moelund & Company", ("moe",))),
        (
            "Laut K. Fischvarg Verlag GmbH & Co. KG wächst es.",
            "de",
            "",
            ("K. Fischvarg Verlag GmbH & Co. KG", ("fish",)),
        ),
        ("Es wächst, sagte K. Fischvarg Verlag GmbH.", "de", "", ("K. Fischvarg Verlag GmbH", ("fish",))),
    ],
)
def test_listed_names_in_their_place(
    text: str, language: str, title: str, expected: tuple[str, tuple[str, ...]]
) -> None:
    """A heading before a colon, capitals after the first word of a sentence, and a form that is part of the name."""
    assert expected in known(text, language, title)


def test_a_short_line_of_a_wrapped_text_ends_there() -> None:
    """A signature on a line of its own is not the first word of the name on the next."""
    lines = [
        "The owners of the harbour said that a larger crane will be",
        "built in the north of the town and that the work will begin",
        "in the spring of next year, when the ice is gone and ships",
        "can be unloaded again. It was the third order this year, by",
        "the same owners, and the largest of them all, they added.",
        " Haldor",
        "Kesterwick said on Monday that it will hire 40 people.",
    ]
    assert known("\n".join(lines), "en") == [("Kesterwick", ("bare",))]
