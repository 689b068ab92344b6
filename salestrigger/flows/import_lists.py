"""Take a list of one's own into the home: read an export, guess its columns, merge it into accounts.csv.

Rows of the same id (else the same name, country and city) are replaced, all others stay. Nothing is written before the
guess was confirmed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from salestrigger.flows.place import in_home
from salestrigger.sources.adapters.accounts import path_of, read_bytes
from salestrigger.sources.adapters.accounts_rows import rows_of
from salestrigger.sources.errors import DeclarationError, UsageError
from salestrigger.sources.import_columns import (
    COUNTRIES_OF_NUMBERS,
    FIELDS,
    SUPPRESSED,
    Guess,
    account_rows,
    country_named,
    guess_columns,
)
from salestrigger.warehouse.whole_file import whole_file

#: what a list may be → the relation of its rows
KINDS = {
    "accounts": "account", "customers": "customer", "competitors": "competitor", "suppliers": "supplier",
    "suppressed": SUPPRESSED,
}  # fmt: skip
COLUMNS = (
    "org_id", "name", "aliases", "country", "city", "website", "identifiers", "relation", "employees", "description",
)  # fmt: skip
#: larger exports are read, but nobody has so many accounts by purpose
MAX_ROWS = 200_000
_WORKBOOKS = (".xlsx", ".xls", ".xlsb", ".ods")
_READABLE = f"CSV or TSV in UTF-8, UTF-16 or Windows-1252, or a workbook ({', '.join(_WORKBOOKS)})"
#: put behind a text before it is read: when it is no row of its own, a quote is still open
_END = "\ue000end"


@dataclass(frozen=True, slots=True)
class Listed:
    """An export as it was read."""

    path: Path
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    guesses: tuple[Guess, ...]
    lines: tuple[int, ...]  #: of each row, in the file


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of an export."""

    new: int
    replaced: int
    aside: tuple[tuple[int, str], ...]  #: (line, why) of rows that are left out
    without: tuple[tuple[int, str], ...]  #: (line, why) of cells that are left out of a row that was taken
    still_suppressed: int  #: rows that another list names, and that stay suppressed


def read_list(path: Path, overrides: Mapping[str, str]) -> Listed:
    """The export and what its columns were taken for; ``overrides`` are heading → field, "" to leave a column out.

    Raises:
        DeclarationError: the file is missing or unreadable. UsageError: an override names no column or no field.
    """
    table = _sheet(path) if path.suffix.lower() in _WORKBOOKS else delimited_rows(path)
    numbered = [(number, row) for number, row in table if any(cell.strip() for cell in row)]
    rows = [row for _, row in numbered]
    if not rows:
        raise DeclarationError(path, "empty; the first line names the columns")
    if len(rows) > MAX_ROWS:
        raise DeclarationError(path, f"{len(rows)} rows; allowed: {MAX_ROWS}")
    headings, body = tuple(cell.strip() for cell in rows[0]), tuple(tuple(row) for row in rows[1:])
    guesses = _overridden(guess_columns(headings, body), overrides, path)
    if not any(guess.field == "name" for guess in guesses):
        there = ", ".join(repr(heading[:40]) for heading in headings)
        raise DeclarationError(path, f"no column is the name; say which: --column 'HEADING=name'; it has: {there}")
    if not body:
        raise DeclarationError(path, "only a first line with headings, no rows below it")
    return Listed(path, headings, body, guesses, tuple(number for number, _ in numbered[1:]))


def import_list(home: Path, listed: Listed, *, kind: str, country: str | None) -> Imported:
    """Merge into the home's accounts.csv, and say what became of each row.

    Who is suppressed there stays so, whatever other list names it: nobody is contacted by mistake because an export of
    accounts was taken again.

    Raises:
        UsageError: ``country`` is none. DeclarationError: the home's accounts.csv is no table that a run would read:
            it is left as it is. StorageError: the home cannot be written.
    """
    where = _country(country)
    read = account_rows(listed.guesses, listed.rows, relation=KINDS[kind], country=where, lines=listed.lines)
    target = home / "accounts.csv"
    columns, kept = _present(target)
    new = replaced = still = 0
    for row in read.rows:
        key = _key(row)
        was = kept.get(key)
        new, replaced = (new + 1, replaced) if was is None else (new, replaced + 1)
        merged = {**(was or {}), **{name: value for name, value in row.items() if value}}
        if was is not None and was.get("relation") == SUPPRESSED != row["relation"]:
            merged["relation"] = SUPPRESSED
            still += 1
        kept[key] = merged
    write_list(target, columns, kept.values())
    return Imported(new, replaced, read.aside, read.without, still)


def _present(target: Path) -> tuple[list[str], dict[tuple[str, ...], dict[str, str]]]:
    """The columns and rows that are there already, all of them."""
    rows = list_rows(target)
    columns = list(dict.fromkeys((*COLUMNS, *(rows[0] if rows else ()))))
    kept: dict[tuple[str, ...], dict[str, str]] = {}
    for number, row in enumerate(rows):
        kept[_key(row) if _key(row) not in kept else ("again", str(number))] = row
    return columns, kept


def list_rows(target: Path) -> list[dict[str, str]]:
    """The rows of a home's accounts.csv, whatever a spreadsheet separates them by; none when there is no file.

    Raises:
        DeclarationError: a run could not read it either.
    """
    return [dict(row.cells) for row in rows_of(target, read_bytes(target))] if target.exists() else []


def write_list(target: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """A home's accounts.csv: all or nothing.

    Raises:
        StorageError: the home cannot be written.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: row.get(name, "") for name in columns} for row in rows)
    with whole_file(target) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8")


def is_read(home: Path) -> bool:
    """Whether a source of the home that is switched on reads its accounts.csv.

    Raises:
        DeclarationError: a catalogue file of the home is wrong.
    """
    target = (home / "accounts.csv").resolve()
    lists = (spec for spec in in_home(home).values() if spec.enabled and spec.adapter == "accounts")
    return any(path_of(spec).resolve() == target for spec in lists)


def _country(asked: str | None) -> str | None:
    """What ``--country`` means."""
    if asked is None:
        return None
    found = country_named(asked)
    if found is None:
        raise UsageError(f"{asked!r} is no country; allowed: two letters of ISO 3166, as NO, or a country's name")
    return found


def _key(row: Mapping[str, str]) -> tuple[str, ...]:
    if row.get("org_id"):
        return ("id", row["org_id"])
    return ("name", *(row.get(name, "").casefold() for name in ("name", "country", "city")))


def _overridden(guesses: tuple[Guess, ...], overrides: Mapping[str, str], path: Path) -> tuple[Guess, ...]:
    allowed = {*FIELDS, *(f"number:{c}" for c in COUNTRIES_OF_NUMBERS), ""}
    known = {guess.heading for guess in guesses}
    for heading, field in overrides.items():
        if heading not in known:
            raise UsageError(f"{str(path)!r} has no column {heading!r}; it has: {', '.join(sorted(known))}")
        if field not in allowed:
            can = ", ".join(sorted(allowed - {""}))
            raise UsageError(f"{field!r} is nothing that a column can be; allowed: {can}, or nothing, to leave it out")
    given = set(overrides.values())
    return tuple(
        replace(g, field=overrides[g.heading], why="you said so") if g.heading in overrides
        else replace(g, field="", why="you gave that to another column") if g.field in given
        else g
        for g in guesses
    )  # fmt: skip


def delimited_rows(path: Path) -> list[tuple[int, list[str]]]:
    """CSV or TSV with its lines, in UTF-8, UTF-16 or (what Excel saves in Western Europe) Windows-1252.

    Raises:
        DeclarationError: the file is missing, cannot be read, is no text or is quoted wrongly.
    """
    try:
        body = path.read_bytes()
    except FileNotFoundError:
        raise DeclarationError(path, "no such file") from None
    except OSError as error:
        raise DeclarationError(path, f"cannot be read: {error.strerror}") from None
    text = _text(path, body)
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max((",", ";", "\t", "|"), key=first.count)
    reader = csv.reader(io.StringIO(f"{text}\n{_END}", newline=""), delimiter=delimiter)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise DeclarationError(path, f"line {reader.line_num}: bad quoting or separator: {error}") from None
    if rows.pop()[1] != [_END]:
        opened = rows[-1][0] + 1 if rows else 1
        raise DeclarationError(path, f"line {opened}: a quotation mark is opened and never closed")
    return rows


def _text(path: Path, body: bytes) -> str:
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return body.decode("utf-16", "replace")
    if b"\0" in body:
        raise DeclarationError(path, f"not a table of text; allowed: {_READABLE}")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _sheet(path: Path) -> list[tuple[int, list[str]]]:
    """The first sheet of a workbook; whole numbers are written without a decimal point, so that they stay numbers."""
    import python_calamine

    try:
        with path.open("rb") as file:
            values = (
                python_calamine.CalamineWorkbook.from_filelike(file)
                .get_sheet_by_index(0)
                .to_python(skip_empty_area=False)
            )
    except FileNotFoundError:
        raise DeclarationError(path, "no such file") from None
    except (OSError, ValueError, python_calamine.CalamineError) as error:
        why = str(error)[:120]
        raise DeclarationError(path, f"no workbook that can be read: {why}; save it as .xlsx or as CSV") from None
    return [(number, [_cell(value) for value in row]) for number, row in enumerate(values, start=1)]


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def columns_of(arguments: Sequence[str]) -> dict[str, str]:
    """``HEADING=field`` arguments as a mapping.

    Raises:
        UsageError: an argument has no ``=``.
    """
    found: dict[str, str] = {}
    for argument in arguments:
        heading, equals, field = argument.rpartition("=")
        if not equals:
            raise UsageError(f"{argument!r} is not HEADING=field")
        found[heading] = field
    return found
