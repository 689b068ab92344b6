"""German register numbers with their courts, and numbers on a page that are somebody else's. All invented."""

from __future__ import annotations

import pytest

from salestrigger.sources.adapters.german_courts import COURTS, german_number, register_numbers
from salestrigger.sources.adapters.national_ids import checked_id, national_id
from salestrigger.sources.discover import look_through
from salestrigger.sources.register_numbers import Stated, stated_numbers


@pytest.mark.parametrize(("text", "expected"), [
    ("Amtsgericht München, HRB 12345", ["München HRB 12345"]),
    ("Registergericht: Amtsgericht München Registernummer: HRB 12 345", ["München HRB 12345"]),
    ("Handelsregister: HRB 12345 B, Amtsgericht Charlottenburg (Berlin)", ["Charlottenburg HRB 12345 B"]),
    ("eingetragen im Handelsregister des Amtsgerichts Köln unter der Nummer HRB 678", ["Köln HRB 678"]),
    ("Registergericht: AG Frankfurt/Main, HRB-Nr. 123456", ["Frankfurt am Main HRB 123456"]),
    ("AMTSGERICHT KEMPTEN, hra 0815", ["Kempten (Allgäu) HRA 815"]),
    ("Register court: Munich, HRB 4711 USt-IdNr. DE123456789", ["München HRB 4711"]),
    ("Genossenschaftsregister: Amtsgericht Ulm, GnR 77", ["Ulm GnR 77"]),
    ("HRB 4711, 80331 Nürnberg, Handelsregister Nürnberg", ["Nürnberg HRB 4711"]),
    # several: the page says its courts all before or all behind
    ("HRB 111 Amtsgericht Köln, HRB 222 Amtsgericht Bonn", ["Köln HRB 111", "Bonn HRB 222"]),
    ("Amtsgericht Köln HRA 111, Amtsgericht Bonn HRB 222", ["Köln HRA 111", "Bonn HRB 222"]),
    # nothing that could be meant by another court, or is no number
    ("HRB 12345", []),
    ("HRB 12345, Amtsgericht Entenhausen", []),
    ("Amtsgericht Köln, HRB 123 456 789", []),
    ("Amtsgericht Köln, HRB 1234567", []),
    ("Amtsgericht Köln, Aktenzeichen 12 C 345/26", []),
    ("SHRB 12 HRBX 13 Amtsgericht Köln", []),
    ("Amtsgericht Köln. " + "Mehr dazu. " * 20 + "HRB 12345", []),
])  # fmt: skip
def test_a_number_counts_with_its_court(text: str, expected: list[str]) -> None:
    """However a page writes the two; a number without one of the courts that keep registers is none."""
    assert [number for number, _ in register_numbers(text)] == expected


def test_one_spelling_is_the_identifier() -> None:
    """Of a list, a register or a page; the court alone stands for "Amtsgericht", a second number makes it unclear."""
    assert str(national_id("DE", "HRB 12345, Amtsgericht München")) == "DE-CR-München HRB 12345"
    assert str(checked_id("DE-CR", "muenchen hrb 12345")) == "DE-CR-München HRB 12345"
    assert [german_number(text) for text in ("HRB 5", "Köln", "HRB 5 HRA 6 Köln", "", "HRB 5 Köln")] == [
        None, None, None, None, "Köln HRB 5",
    ]  # fmt: skip
    assert [court for court in COURTS if german_number(f"{court} HRB 1") != f"{court} HRB 1"] == []


def seen(page: str, name: str, country: str | None = "DE") -> tuple[Stated, ...]:
    """What a page states for an account."""
    context = {
        "url": "https://x.example/",
        "content_type": "text/html; charset=utf-8",
        "country": country,
        "name": name,
    }
    return look_through(page.encode(), context).numbers


IMPRINT = """<h1>Impressum</h1><p>Angaben gemäß § 5 DDG</p><p>Nebelwerk Maschinenbau GmbH &amp; Co. KG<br>Ringstr. 1<br>
50667 Köln</p><p>Registergericht: Amtsgericht Köln<br>Registernummer: HRA 4321</p>
<p>Persönlich haftende Gesellschafterin: Nebelwerk Maschinenbau Verwaltungs-GmbH, Amtsgericht Köln, HRB 98765</p>
<p>Hosting: Wolkenheim SE, Amtsgericht Montabaur, HRB 1111</p>"""


def test_an_imprint_names_others_too() -> None:
    """The general partner and the host have numbers of their own, and each is told with the name beside it."""
    assert seen(IMPRINT, "Nebelwerk Maschinenbau GmbH & Co. KG") == (
        Stated("DE-CR-Köln HRA 4321"),
        Stated("DE-CR-Köln HRB 98765", "beside the name 'Nebelwerk Maschinenbau Verwaltungs-GmbH'"),
        Stated("DE-CR-Montabaur HRB 1111", "beside the name 'Wolkenheim SE'"),
    )


def test_an_imprint_of_another_company_gives_nothing_sure() -> None:
    """A brand's site run by a holding, or a site that was sold."""
    page = "<p>Herbstlaub Holding AG, Amtsgericht Hamburg, HRB 2222</p>"
    (stated,) = seen(page, "Nebelwerk GmbH")
    assert (stated.number, stated.doubt) == ("DE-CR-Hamburg HRB 2222", "beside the name 'Herbstlaub Holding AG'")
    assert seen(page, "Herbstlaub Holding")[0].doubt == ""
    assert seen(page, "Herbstlaub Holding AG", country="NO") == ()


def test_the_register_fits_the_legal_form() -> None:
    """A limited partnership stands in HRA; the HRB number beside the same words is its partner's."""
    page = "<p>Nebelwerk GmbH, Amtsgericht Köln, HRB 98765</p>"
    assert seen(page, "Nebelwerk GmbH & Co. KG")[0].doubt == "a company of this form is entered in HRA"
    assert [s.doubt for name in ("Nebelwerk GmbH", "Nebelwerk") for s in seen(page, name)] == ["", ""]


@pytest.mark.parametrize(("text", "country", "doubt"), [
    ("Fjellmørk AS, org.nr. 974 760 673", "NO", ""),
    ("Levert av Nettsnekker AS, org.nr. 974 760 673", "NO", "beside the name 'Nettsnekker AS'"),
    ("Org.nr. 974 760 673", "NO", ""),
    ("Poldervink Beheer B.V. KvK 01234567", "NL", "beside the name 'Poldervink Beheer B.V.'"),
])  # fmt: skip
def test_every_countrys_numbers_are_held_to_the_name(text: str, country: str, doubt: str) -> None:
    """A name with a legal form that stands nearest before the number; without one nothing speaks against it."""
    name = {"NO": "Fjellmørk AS", "NL": "Poldervink B.V."}[country]
    assert [stated.doubt for stated in stated_numbers(text, country=country, account=name)] == [doubt]


def test_hostile_pages_cost_little() -> None:
    """Thousands of almost-numbers and almost-names end."""
    for piece in ("HRB ", "Amtsgericht ", "HRB 1 Amtsgericht ", "A A A A A A ", "GmbH & Co. ", "1 234 "):
        assert list(stated_numbers(piece * (200_000 // len(piece)), country="DE", account="Nebelwerk GmbH")) == []
