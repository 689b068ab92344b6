"""Who there is in the demo market: the organisations as data, none of them real.

Norwegian ones stand in ``organisations.jsonl`` and are known through the demo register; those of other countries stand
in ``accounts.csv``, which is at the same time the user's own list of accounts and so the source that knows them.
Numbers pass the register's own check (mod 11) but lie in a range that was never given out. This module knows what an
organisation is at the start; what happens to it stands in ``changes``, how a register prints it in ``register``.
"""

from __future__ import annotations

import csv
import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from salestrigger.sources.declare import read_toml

FOLDER = Path(__file__).parent
ACCOUNTS = FOLDER / "accounts.csv"
SCHEMES: Mapping[str, str] = {"NO": "NO-BRC", "NL": "NL-KVK", "SE": "SE-BLV", "DK": "DK-CVR", "FI": "FI-PRO"}
#: weights of the check digit of a Norwegian organisation number, Brønnøysundregistrene, "Om organisasjonsnummeret"
WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
_TRAILING_FORM = re.compile(r"[ ,]+(AS|ASA|ANS|DA|SA|KF|B\.V\.|N\.V\.|V\.O\.F\.|U\.A\.|AB|A/S|ApS|A\.m\.b\.A\.|Oyj?)$")


@dataclass(frozen=True, slots=True)
class DemoOrg:
    """One invented organisation as it is before anything happens to it."""

    key: str  #: what stories and changes call it
    country: str
    number: str  #: of the country's register, as a string
    name: str  #: with its legal form
    short: str  #: as the press writes it
    form: str
    place: str  #: municipality in Norway, city elsewhere
    industry: str  #: SN2025 in Norway
    founded: date = date(2000, 1, 1)
    employees: int | None = None  #: None: the register withholds it (1 to 4, or not reported); 0: no employees
    website: str = ""
    parent: str = ""  #: key of the organisation above it
    former: tuple[tuple[str, date], ...] = ()  #: older names, with the day the name was given up
    registered_day: int | None = None  #: a day of the calendar, for those that are new
    aliases: tuple[str, ...] = ()  #: other names in use

    @property
    def identifier(self) -> str:
        """Scheme and number, as a record id is written: ``NO-BRC-…``."""
        return f"{SCHEMES[self.country]}-{self.number}"

    @property
    def forms(self) -> tuple[str, ...]:
        """How a text may write it, the fullest first."""
        return (self.name, self.short, *self.aliases)


def check_digit(stem: str) -> int | None:
    """The ninth digit of a Norwegian organisation number, or None when this stem cannot be given out."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(stem, WEIGHTS, strict=True)) % 11
    return None if rest == 10 else rest % 11


def without_form(name: str) -> str:
    """The name without its legal form at the end."""
    return _TRAILING_FORM.sub("", name)


@functools.cache
def organisations() -> Mapping[str, DemoOrg]:
    """Every curated organisation by key, in the files' order."""
    lines = (FOLDER / "organisations.jsonl").read_text(encoding="utf-8").splitlines()
    with ACCOUNTS.open(encoding="utf-8", newline="") as file:
        foreign = [_foreign(row) for row in csv.DictReader(file) if row["country"] != "NO"]
    return {org.key: org for org in [*(_norwegian(json.loads(line)) for line in lines if line), *foreign]}


def _norwegian(row: dict[str, Any]) -> DemoOrg:
    former = tuple((name, date.fromisoformat(until)) for name, until in row.pop("former", ()))
    return DemoOrg(**row | {"country": "NO", "founded": date.fromisoformat(row["founded"]), "former": former})


def _foreign(row: Mapping[str, str]) -> DemoOrg:
    return DemoOrg(
        key=row["org_id"],
        country=row["country"],
        number=row["identifiers"].removeprefix(f"{SCHEMES[row['country']]}-"),
        name=row["name"],
        short=without_form(row["name"]),
        form=row["legal_form"],
        place=row["city"],
        industry=row["industry"],
        employees=int(row["employees"]) if row["employees"] else None,
        website=row["website"],
        aliases=tuple(alias for alias in row["aliases"].split("|") if alias),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address lies."""

    name: str
    code: str  #: municipality number in Norway, region elsewhere
    postcode: str


@functools.cache
def places(country: str = "NO") -> Mapping[str, Place]:
    """Every place of a country by name."""
    table = read_toml(FOLDER / "places.toml")[country.lower()]
    if country == "NO":
        return {name: Place(name, code, postcode) for name, (code, postcode) in table.items()}
    return {name: Place(name, region, postcode) for name, (postcode, region) in table.items()}


@functools.cache
def streets() -> tuple[str, ...]:
    """Invented street names for addresses."""
    return tuple(read_toml(FOLDER / "places.toml")["streets"])


@functools.cache
def codes_in_use() -> tuple[str, ...]:
    """The industry codes that curated Norwegian organisations have, in order."""
    return tuple(sorted({org.industry for org in organisations().values() if org.country == "NO"}))
