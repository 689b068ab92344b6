"""Invented persons: every surname is a made-up compound, so that nobody real is meant."""

from __future__ import annotations

from salestrigger.sources.demo.timeline import number_of

FIRST_NAMES = (
    "Liv",
    "Torvald",
    "Ida",
    "Morten",
    "Signe",
    "Eskil",
    "Ragna",
    "Jostein",
    "Vilde",
    "Håkon",
    "Astri",
    "Birger",
)
SURNAMES = (
    "Tåkeheim", "Rimfrostli", "Sølvkvern", "Vindharpelien", "Bjørnebærlia", "Månestølen", "Skodderud", "Duggværmo",
    "Trollbærmo", "Glitterbakk", "Kråkesølv", "Eventyrhaug", "Nordlysbråten", "Snøklokkeng",
)  # fmt: skip


def manager_of(number: str, role: str) -> str:
    """Who holds a role at the start, by the organisation's number alone."""
    pick = number_of("person", number, role)
    return f"{FIRST_NAMES[pick % len(FIRST_NAMES)]} {SURNAMES[pick // 97 % len(SURNAMES)]}"


def name_parts(person: str) -> tuple[str, str]:
    """First names and surname."""
    first, _, last = person.rpartition(" ")
    return first, last
