"""Tables that lie beside the profiles: coordinates of places, and which industry code became which.

Both are built by a command from tables that others publish (``salestrigger profile places`` and ``crosswalk``). One is
shipped, ``places.tsv``: cities of NO, NL, SE, DK, FI, DE and GB from GeoNames' cities500 (https://www.geonames.org,
CC BY 4.0), without postcodes; one beside a person's own profiles goes before it. They are read once and kept by file
and time of change.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from salestrigger.sources.errors import DeclarationError

PLACES, CROSSWALK = "places.tsv", "crosswalk.tsv"
PLACES_HEADER = ("country", "kind", "name", "latitude", "longitude")
CROSSWALK_HEADER = ("from_base", "from_code", "to_base", "to_code")

#: (country, "postcode" or "city", name in capitals without spaces, or folded) → degrees north, degrees east
Coordinates = Mapping[tuple[str, str, str], tuple[float, float]]
#: (base, four digits, other base) → the codes that it became there
Crosswalk = Mapping[tuple[str, str, str], frozenset[str]]


def coordinates(path: Path | None) -> Coordinates:
    """The table of coordinates; empty without one.

    Raises:
        DeclarationError: it cannot be read, lacks a column, or a line has no coordinates (file, line).
    """
    return _coordinates(path, path.stat().st_mtime_ns) if path is not None and path.exists() else MappingProxyType({})


def crosswalk(path: Path | None) -> Crosswalk:
    """The table of codes; empty without one.

    Raises:
        DeclarationError: it cannot be read or lacks a column.
    """
    return _crosswalk(path, path.stat().st_mtime_ns) if path is not None and path.exists() else MappingProxyType({})


def place_key(country: str, kind: str, name: str) -> tuple[str, str, str]:
    """How a place is looked up."""
    folded = "".join(name.upper().split()) if kind == "postcode" else " ".join(name.casefold().split())
    return country.strip().upper(), kind, folded


@functools.lru_cache(maxsize=8)
def _coordinates(path: Path, _changed: int) -> Coordinates:
    found: dict[tuple[str, str, str], tuple[float, float]] = {}
    for number, row in _rows(path, PLACES_HEADER):
        try:
            point = float(row["latitude"]), float(row["longitude"])
        except ValueError:
            raise DeclarationError(path, "no coordinates in degrees", key=f"line {number}") from None
        if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
            raise DeclarationError(path, f"{point!r} is nowhere on earth", key=f"line {number}")
        found[place_key(row["country"], row["kind"], row["name"])] = point
    return MappingProxyType(found)


@functools.lru_cache(maxsize=8)
def _crosswalk(path: Path, _changed: int) -> Crosswalk:
    found: dict[tuple[str, str, str], set[str]] = {}
    for _, row in _rows(path, CROSSWALK_HEADER):
        a, b = row["from_code"].replace(".", ""), row["to_code"].replace(".", "")
        found.setdefault((row["from_base"], a, row["to_base"]), set()).add(b)
        found.setdefault((row["to_base"], b, row["from_base"]), set()).add(a)
    return MappingProxyType({key: frozenset(codes) for key, codes in found.items()})


def _rows(path: Path, header: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t")
            missing = [name for name in header if name not in (reader.fieldnames or ())]
            if missing:
                raise DeclarationError(path, f"lacks the column {missing[0]!r}; needs {', '.join(header)}")
            return [(n, {k: row.get(k) or "" for k in header}) for n, row in enumerate(reader, start=2)]
    except OSError as error:
        raise DeclarationError(path, f"cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error):
        raise DeclarationError(path, "not tab-separated UTF-8 text") from None
