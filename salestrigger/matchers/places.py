"""Which words are places: learned from the addresses of the organisations that we know, not from a list of ours.

A city belongs to a municipality when every organisation of that city says so; what they disagree on stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from salestrigger.matchers.types import Organization

#: Attributes that are won or lost together: no organisation gets the city of one source and the postcode of another.
PLACE = ("country", "region", "municipality", "municipality_code", "city", "postcode")


@dataclass(frozen=True, slots=True)
class Place:
    """A place that organisations are known to be in."""

    country: str | None
    city: str
    municipality: str | None = None
    municipality_code: str | None = None  #: only when all organisations of that city agree on it
    region: str | None = None


#: (country or "", name in folded case) → place
Places = Mapping[tuple[str, str], Place]


def place_of(organization: Organization) -> Place:
    """Where an organisation is by its records; what news says of it is left out."""
    known = {f.attribute: f.value for f in organization.facts if f.attribute in PLACE and not f.cause_id}
    return Place(
        known.get("country"), known.get("city") or "", known.get("municipality"), known.get("municipality_code"),
        known.get("region"),
    )  # fmt: skip


def places_of(where: Iterable[Place], cities: Iterable[str] = ()) -> Places:
    """Every city and municipality that organisations are in (:func:`place_of`), with the municipality when it is
    certain.

    ``cities`` are more names that are known to be places (the cities a profile names).
    """
    seen: dict[tuple[str, str], set[Place]] = {("", c.casefold()): {Place(None, c)} for c in cities}
    for place in where:
        for name in {place.city, place.municipality or ""} - {""}:
            seen.setdefault((place.country or "", name.casefold()), set()).add(replace(place, city=name))
    return {key: _agreed(found) for key, found in seen.items()}


def place_name(value: object) -> str:
    """A place as a person writes it: registers print municipalities in capitals."""
    text = str(value or "").strip()
    return text.title() if text.isupper() else text


def _agreed(found: set[Place]) -> Place:
    """One place out of several readings: what they disagree on is unknown."""
    first = min(found, key=lambda p: (p.city, p.municipality_code or "", p.region or ""))
    if len({p.municipality_code for p in found}) > 1:
        first = replace(first, municipality=None, municipality_code=None)
    return first if len({p.region for p in found}) == 1 else replace(first, region=None)


def find_place(places: Places, name: str, country: str | None) -> Place | None:
    """The place of that name in the country; without one there, a name known without country."""
    folded = name.strip().casefold()
    found = places.get((country or "", folded)) or places.get(("", folded))
    return replace(found, country=country) if found is not None and found.country is None else found
