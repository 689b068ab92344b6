"""The tables beside the profiles, built from what others publish: coordinates of places, and codes that became others.

* *places*: postal code files of GeoNames (https://download.geonames.org/export/zip/, CC BY 4.0), unpacked:
  tab-separated without header, twelve columns as its readme says (country, postcode, place, six of regions, latitude,
  longitude, accuracy).
* *crosswalk*: any table with a header that has one column of codes of each set, such as Eurostat's correspondence of
  NACE Rev. 2 and Rev. 2.1, or a national office's own (Statistics Norway's Klass: ``sourceCode``, ``targetCode``).

Nothing is fetched: a person downloads them, and with that accepts their terms.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from salestrigger.icp_profiles.tables import CROSSWALK_HEADER, PLACES_HEADER
from salestrigger.matchers.judge import codesets
from salestrigger.sources.errors import DeclarationError, UsageError

_DIGITS = 4


def build_places(files: Sequence[Path], output: Path) -> str:
    """Every postcode with its coordinates, and every city with the middle of its postcodes.

    Raises:
        DeclarationError: a file is missing or not in that form (file, line). UsageError: it cannot be written.
    """
    rows: list[tuple[str, ...]] = []
    cities: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for path in files:
        for number, line in _lines(path, delimiter="\t"):
            try:
                country, postcode, city, point = line[0], line[1], line[2], (float(line[9]), float(line[10]))
            except (IndexError, ValueError):
                problem = "not a line of a GeoNames postal code file (twelve columns, coordinates in degrees)"
                raise DeclarationError(path, problem, key=f"line {number}") from None
            rows.append((country, "postcode", postcode, f"{point[0]:.4f}", f"{point[1]:.4f}"))
            cities[country, city].append(point)
    for (country, city), points in cities.items():
        north, east = (sum(part) / len(points) for part in zip(*points, strict=True))
        rows.append((country, "city", city, f"{north:.4f}", f"{east:.4f}"))
    _write(output, PLACES_HEADER, sorted(set(rows)))
    return f"{output}: {len(rows) - len(cities)} postcodes, {len(cities)} cities"


def build_crosswalk(path: Path, output: Path, *, columns: tuple[str, str], sets: tuple[str, str]) -> str:
    """Which four-digit code of one set became which of the other; finer codes are cut to the four digits they share.

    Raises:
        DeclarationError: the file is missing or lacks a column. UsageError: an unknown code set, or it cannot be
            written.
    """
    for name in sets:
        if name not in codesets():
            raise UsageError(f"unknown code set {name!r}; allowed: {', '.join(sorted(codesets()))}")
    bases = codesets()[sets[0]].base, codesets()[sets[1]].base
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
        pair = [line[i].replace(".", "").strip()[:_DIGITS] for i in at]
        if all(code.isdigit() and len(code) == _DIGITS for code in pair):
            found.add((bases[0], pair[0], bases[1], pair[1]))
    if not found:
        raise DeclarationError(path, f"no pair of four-digit codes in the columns {' and '.join(columns)}")
    _write(output, CROSSWALK_HEADER, sorted(found))
    return f"{output}: {len(found)} pairs, {len({row[1] for row in found})} codes of {bases[0]}"


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
