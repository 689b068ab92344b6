"""Rows of the user's own list as OrgRecords, strictly: whoever typed it is told what is wrong and where. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final, Literal, cast, get_args

from salestrigger.sources.adapters.national_ids import NUMBERS, checked_id
from salestrigger.sources.errors import DeclarationError
from salestrigger.sources.records import (
    Address,
    Headcount,
    Identifier,
    IndustryCode,
    Money,
    OrgName,
    OrgRecord,
    content_id,
)
from salestrigger.sources.text import canonical_url, clean_text

Relation = Literal["", "account", "customer", "competitor", "supplier", "suppressed"]

SCHEME: Final = "ACCOUNT"

COLUMNS: Final = (
    "org_id", "name", "aliases", "country", "city", "website", "identifiers", "relation", "employees", "industry",
    "industry_codeset", "legal_form", "revenue", "currency", "description",
)  # fmt: skip

#: org-id.guide list codes: a country and a register
_IDENTIFIER = re.compile(r"([A-Z]{2}-[A-Z0-9]{2,8})[:-]\s*([^\W_][\w ./()-]{0,59})")
_EMPLOYEES = re.compile(r"(\d{1,8})(?:\s*(?:-|–)\s*(\d{1,8})|(\+))?")
#: industry code sets that a row may name: those of ``matchers/codesets.toml`` (a test holds them equal)
_CODESETS: Final = (
    "SN2007", "SN2025", "SBI2008", "SBI2025", "SNI2007", "SNI2025", "TOL2008", "TOL2025", "DB07", "DB25", "NACE2",
    "NACE2.1", "SIC2007", "SIC1987", "NAICS2012", "NAICS2017", "NAICS2022", "ISIC4",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row, with what its errors must say."""

    path: Path
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return clean_text(self.cells.get(column, ""))

    def wrong(self, column: str, allowed: str) -> DeclarationError:
        """The error about one cell."""
        problem = f"line {self.line}: {self.cells.get(column, '')!r} is not allowed; allowed: {allowed}"
        return DeclarationError(self.path, problem, key=column)

    def parts(self, column: str) -> tuple[str, ...]:
        """The ``|``-separated values of a cell."""
        return tuple(part for part in (clean_text(part) for part in self.cells.get(column, "").split("|")) if part)


def read_accounts(
    path: Path,
    body: bytes,
    *,
    source_id: str,
    fetched_at: datetime,
    relation: Relation = "account",
    notes: list[str] | None = None,
) -> tuple[OrgRecord, ...]:
    """Every row as a record, in the file's order.

    A number that its register cannot have given out links to nobody or to somebody else: the row is read without it,
    and ``notes`` gets the line, the value and what is allowed.

    Raises:
        DeclarationError: with the file, the column, the line, the value and what is allowed.
    """
    records: dict[str, tuple[int, OrgRecord]] = {}
    for row in rows_of(path, body):
        if notes is not None:
            notes += (f"{path.name}: line {row.line}: {says}; read without it" for says in _wrong_numbers(row))
        record = _record(row, source_id=source_id, fetched_at=fetched_at, relation=relation)
        if record.record_id in records:
            first = records[record.record_id][0]
            column = "org_id" if row["org_id"] else "name"
            raise DeclarationError(path, f"line {row.line}: {row[column]!r} is already on line {first}", key=column)
        records[record.record_id] = (row.line, record)
    return tuple(record for _, record in records.values())


def rows_of(path: Path, body: bytes) -> Iterator[Row]:
    """The file's rows as they stand, under the columns of its first line; empty lines are skipped.

    Raises:
        DeclarationError: no UTF-8, badly quoted, or a line that does not fit the columns.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise DeclarationError(path, f"line {line}: not UTF-8 text; save it as CSV UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(path, text), strict=True)
    header: list[str] | None = None
    try:
        for values in reader:
            if not any(value.strip() for value in values):
                continue
            if header is None:
                header = _header(path, values)
            else:
                yield _row(path, reader.line_num, header, values)
    except csv.Error as error:
        raise DeclarationError(path, f"line {reader.line_num}: bad quoting or separator: {error}") from None
    if header is None:
        raise DeclarationError(path, f"empty; the first line names the columns: {', '.join(COLUMNS)}")


def _delimiter(path: Path, text: str) -> str:
    """Tab for .tsv; else what the first line is separated by: spreadsheets of many countries write semicolons."""
    first = text.lstrip("\n\r").split("\n", 1)[0]
    if path.suffix.lower() in {".tsv", ".tab"} or ("\t" in first and "," not in first):
        return "\t"
    return ";" if ";" in first and "," not in first else ","


def _header(path: Path, values: list[str]) -> list[str]:
    names = [clean_text(value).lower() for value in values]
    allowed = f"allowed: {', '.join(COLUMNS)}"
    for name in names:
        if name not in COLUMNS:
            raise DeclarationError(path, f"line 1: {name!r} is not a column; {allowed}", key=name)
        if names.count(name) > 1:
            raise DeclarationError(path, f"line 1: the column {name!r} is there {names.count(name)} times", key=name)
    if "name" not in names:
        raise DeclarationError(path, f"line 1: the column is missing; {allowed}", key="name")
    return names


def _row(path: Path, line: int, header: list[str], values: list[str]) -> Row:
    if len(values) != len(header):
        raise DeclarationError(
            path, f"line {line}: {len(values)} cells, but the first line names {len(header)} columns"
        )
    return Row(path, line, dict(zip(header, values, strict=True)))


def _record(row: Row, *, source_id: str, fetched_at: datetime, relation: Relation) -> OrgRecord:
    name = row["name"]
    if not name:
        raise row.wrong("name", "the company's name")
    country, city = _country(row), row["city"] or None
    number = row["org_id"] or content_id("row", name.casefold(), country or "", (city or "").casefold())
    return OrgRecord(
        record_id=f"{SCHEME}-{number}",
        scheme=SCHEME,
        identifier=number,
        names=(OrgName(name), *(OrgName(alias, "alias") for alias in row.parts("aliases"))),
        source_id=source_id,
        fetched_at=fetched_at,
        country=country,
        legal_form=row["legal_form"] or None,
        addresses=(Address(city=city, country=country),) if city else (),
        industries=_industries(row),
        employees=_employees(row),
        revenue=_revenue(row),
        website=_website(row),
        other_ids=_identifiers(row),
        description=row["description"] or None,
        relation=_relation(row, relation),
    )


def _country(row: Row) -> str | None:
    code = row["country"].upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise row.wrong("country", "two letters of ISO 3166, as NO or NL")
    return code or None


def _relation(row: Row, default: Relation) -> Relation:
    word = row["relation"].lower()
    if word and word not in get_args(Relation):
        raise row.wrong("relation", ", ".join(value for value in get_args(Relation) if value))
    return cast(Relation, word or default)


def _employees(row: Row) -> Headcount | None:
    text = row["employees"]
    if not text:
        return None
    found = _EMPLOYEES.fullmatch(text)
    if found is None:
        raise row.wrong("employees", "a whole number, or a range as 50-99 or 250+")
    low = int(found[1])
    high = None if found[3] else int(found[2] or found[1])
    if high is not None and high < low:
        raise row.wrong("employees", "a range whose first number is the smaller one")
    return Headcount(low, high)


def _industries(row: Row) -> tuple[IndustryCode, ...]:
    codes, codeset = row.parts("industry"), row["industry_codeset"]
    if codes and codeset not in _CODESETS:
        raise row.wrong("industry_codeset", f"with an industry, one of {', '.join(_CODESETS)}")
    return tuple(IndustryCode(code, codeset) for code in codes)


def _revenue(row: Row) -> Money | None:
    text, currency = row["revenue"].replace(" ", ""), row["currency"].upper()
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise row.wrong("revenue", "a number in plain units, as 12500000 or 12500000.50")
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise row.wrong("currency", "with a revenue, three letters of ISO 4217, as NOK or EUR")
    return Money(amount, currency)


def _website(row: Row) -> str | None:
    text = row["website"]
    if not text:
        return None
    url = canonical_url(text if "://" in text else f"https://{text}")
    if not url:
        raise row.wrong("website", "a domain or an address, as example.com or https://example.com")
    return url


def _identifiers(row: Row) -> tuple[Identifier, ...]:
    found = []
    for part in row.parts("identifiers"):
        match = _IDENTIFIER.fullmatch(part)
        if match is None:
            raise row.wrong("identifiers", "register:number, separated by |, as NO-BRC:987654321|XI-LEI:…")
        number = checked_id(match[1], match[2])
        if number is not None:
            found.append(number)
    return tuple(found)


def _wrong_numbers(row: Row) -> Iterator[str]:
    """What to say of each number that is in a register's name but not in its form."""
    for part in row.parts("identifiers"):
        match = _IDENTIFIER.fullmatch(part)
        if match is not None and checked_id(match[1], match[2]) is None:
            yield f"identifiers: {part!r} is not allowed; allowed: {match[1]} and {NUMBERS[match[1]][1]}"
