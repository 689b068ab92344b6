"""The tables beside the profiles, built from what others publish: coordinates of places, and codes that became others.

* *places*: files of GeoNames (CC BY 4.0), unpacked, tab-separated without header, in the columns that its readmes
  give: postal codes (https://download.geonames.org/export/zip/, twelve columns) or cities
  (https://download.geonames.org/export/dump/, such as cities500.txt, nineteen columns).
* *crosswalk*: any table with a header that has one column of codes of each set, such as Eurostat's correspondence of
  NACE Rev. 2 and Rev. 2.1, or a national office's own (Statistics Norway's Klass: ``sourceCode``, ``targetCode``).

Nothing is fetched: a person downloads them, and with that accepts their terms.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from salestrigger.icp_profiles.tables import CROSSWALK_HEADER, PLACES_HEADER, place_key
from salestrigger.matchers.judge import codesets
from salestrigger.sources.errors import DeclarationError, UsageError

_CITY_COLUMNS = 19
_LARGE = 50_000  # people: a city whose other names are kept
_LARGER = 10
_SAME_WORD = 0.75  # Göteborg and Gothenburg differ, Amsterdam and Amsterdamas do not
_SAME_PLACE = 0.1  # degrees north: about 11 km
_LATIN = re.compile(r"['\u2019]?[A-ZÀ-Þ][\w'\u2019 .-]{2,40}|'s-[A-Z]\w{2,40}")


@dataclass(frozen=True, slots=True)
class _City:
    """A city of GeoNames."""

    country: str
    names: tuple[str, ...]  #: its own first
    point: tuple[float, float]  #: degrees north, degrees east
    people: int  #: at least 1


def build_places(files: Sequence[Path], output: Path, *, countries: Sequence[str] = ()) -> str:
    """Every postcode with its coordinates, and every city: its own, or the middle of its postcodes.

    ``countries`` (ISO 3166-1 alpha-2): only these. A name that several cities of a country share is the largest one's
    when it is ten times larger than the others, else nobody's: a wrong place is worse than an unknown one.

    Raises:
        DeclarationError: a file is missing or in neither form (file, line). UsageError: it cannot be written.
    """
    postcodes: set[tuple[str, ...]] = set()
    cities: list[_City] = []
    for path in files:
        by_postcode: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
        for number, line in _lines(path, delimiter="\t"):
            try:
                if len(line) == _CITY_COLUMNS:
                    cities.append(_city(line))
                else:
                    country, postcode, city, point = line[0], line[1], line[2], (float(line[9]), float(line[10]))
                    postcodes.add((country, "postcode", postcode, *_degrees(point)))
                    by_postcode[country, city].append(point)
            except (IndexError, ValueError):
                problem = "not a line of a GeoNames file of postal codes (12 columns) or cities (19 columns)"
                raise DeclarationError(path, problem, key=f"line {number}") from None
        for (country, city), points in by_postcode.items():
            north, east = (sum(part) / len(points) for part in zip(*points, strict=True))
            cities.append(_City(country, (city,), (north, east), len(points)))
    named = _named(cities)
    rows = [row for row in (*postcodes, *named) if not countries or row[0] in countries]
    _write(output, PLACES_HEADER, sorted(rows))
    found = [row[1] for row in rows]
    return f"{output}: {found.count('postcode')} postcodes, {found.count('city')} cities"


def _city(line: Sequence[str]) -> _City:
    """The other names of a large city are kept too, but not its own in the spelling of another language."""
    people, own = int(line[14] or 0), line[1].casefold()
    others = [
        name
        for name in (line[3].split(",") if people >= _LARGE else ())
        if _LATIN.fullmatch(name) and SequenceMatcher(None, own, name.casefold()).ratio() < _SAME_WORD
    ]
    return _City(line[8], (line[1], *others), (float(line[4]), float(line[5])), max(people, 1))


def _named(cities: Sequence[_City]) -> list[tuple[str, ...]]:
    """One row per name that means one city; a city's own name goes before another's further one."""
    by_name: dict[tuple[str, str], list[tuple[bool, _City]]] = defaultdict(list)
    spelt: dict[tuple[str, str], str] = {}
    for city in cities:
        for name in city.names:
            key = city.country, place_key(city.country, "city", name)[2]
            by_name[key].append((name == city.names[0], city))
            spelt.setdefault(key, name)
    rows: list[tuple[str, ...]] = []
    for (country, folded), named in by_name.items():
        own = [city for is_own, city in named if is_own] or [city for _, city in named]
        ordered = sorted(own, key=lambda city: -city.people)
        if all(_near(ordered[0], other) or other.people * _LARGER <= ordered[0].people for other in ordered[1:]):
            rows.append((country, "city", spelt[country, folded], *_degrees(ordered[0].point)))
    return rows


def _near(a: _City, b: _City) -> bool:
    return max(abs(a.point[0] - b.point[0]), abs(a.point[1] - b.point[1]) / 2) <= _SAME_PLACE


def _degrees(point: tuple[float, float]) -> tuple[str, str]:
    return f"{point[0]:.4f}", f"{point[1]:.4f}"


def build_crosswalk(
    path: Path, output: Path, *, columns: tuple[str, str], sets: tuple[str, str], is_added: bool = False
) -> str:
    """Which code of one set became which of the other; finer codes are cut to the digits that are the base's own.

    ``is_added``: to the pairs that ``output`` holds already, so that several sets lie in one table.

    Raises:
        DeclarationError: the file is missing or lacks a column. UsageError: an unknown code set, or it cannot be
            written.
    """
    for name in sets:
        if name not in codesets():
            raise UsageError(f"unknown code set {name!r}; allowed: {', '.join(sorted(codesets()))}")
    kinds = [codesets()[name] for name in sets]
    bases = kinds[0].base, kinds[1].base
    if bases[0] == bases[1]:
        raise UsageError(f"{sets[0]!r} and {sets[1]!r} share their codes; nothing became another")
    lines = _lines(path, delimiter=_delimiter(path))
    _, header = next(lines, (0, []))
    missing = next((name for name in columns if name not in header), None)
    if missing is not None:
        raise DeclarationError(path, f"lacks the column {missing!r}; it has {', '.join(header)}")
    at = [header.index(name) for name in columns]
    found: set[tuple[str, ...]] = set()
    for _, line in lines:
        if len(line) <= max(at):
            continue
        pair = [line[i].replace(".", "").strip()[: k.digits] for i, k in zip(at, kinds, strict=True)]
        if all(code.isdigit() and len(code) == k.digits for code, k in zip(pair, kinds, strict=True)):
            found.add((bases[0], pair[0], bases[1], pair[1]))
    if not found:
        digits = " and ".join(str(kind.digits) for kind in kinds)
        raise DeclarationError(path, f"no pair of codes of {digits} digits in the columns {' and '.join(columns)}")
    _write(output, CROSSWALK_HEADER, sorted(found | (_pairs(output) if is_added and output.exists() else set())))
    return f"{output}: {len(found)} pairs, {len({row[1] for row in found})} codes of {bases[0]}"


def _pairs(path: Path) -> set[tuple[str, ...]]:
    """The pairs of a table that was built before."""
    (_, header), *lines = [*_lines(path, delimiter="\t")] or [(1, [])]
    if tuple(header) != CROSSWALK_HEADER:
        raise DeclarationError(path, f"not a table that this command built; its header must be {CROSSWALK_HEADER}")
    return {tuple(line) for _, line in lines}


def _delimiter(path: Path) -> str:
    _, first = next(_lines(path, delimiter="\n"), (0, [""]))
    return max(";\t,", key=(first[0] if first else "").count)


def _lines(path: Path, *, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            if delimiter == "\n":
                yield 1, [file.readline()]
                return
            yield from ((n, line) for n, line in enumerate(csv.reader(file, delimiter=delimiter), start=1) if line)
    except OSError as error:
        raise DeclarationError(path, f"cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error):
        raise DeclarationError(path, "not a table of UTF-8 text") from None


def _write(output: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    try:
        with output.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter="\t", lineterminator="\n")
            writer.writerows([header, *rows])
    except OSError as error:
        raise UsageError(f"cannot write {str(output)!r}: {error.strerror}") from None
