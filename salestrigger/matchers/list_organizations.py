"""The rows of a universe file as organisations, for what needs an index of a list rather than a table of matches."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pyarrow as pa

from salestrigger.matchers.list_columns import texts_of
from salestrigger.matchers.types import Fact, Organization
from salestrigger.sources.records import Identifier, OrgName

_FACTS = ("country", "city", "website")
_IDENTIFIER = re.compile(r"([A-Z]{2}-[A-Z0-9]{2,12})-(\S.*)")
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)  # a list does not say since when


def organizations_from(universe: pa.Table) -> tuple[Organization, ...]:
    """One organisation per ``org_id``, in order of their first rows; rows with one id give it several names.

    Columns as in ``match_lists``, and ``identifiers`` joined by ``|`` (``NO-BRC-…``; any other text is the list's own
    account number).
    """
    wanted = ("org_id", "name", "aliases", "identifiers", *_FACTS)
    columns = [texts_of(universe, column) for column in wanted]
    rows: dict[str, list[dict[str, str]]] = {}
    for values in zip(*columns, strict=True):
        row = dict(zip(wanted, values, strict=True))
        rows.setdefault(row["org_id"], []).append(row)
    return tuple(_organization(key, group) for key, group in rows.items())


def _organization(key: str, rows: list[dict[str, str]]) -> Organization:
    names = [OrgName(row["name"]) for row in rows if row["name"].strip()]
    aliases = [OrgName(alias.strip(), "alias") for row in rows for alias in row["aliases"].split("|") if alias.strip()]
    numbers = [number.strip() for row in rows for number in row["identifiers"].split("|") if number.strip()]
    first = rows[0]
    return Organization(
        organization_id=key,
        names=tuple(names + aliases) or (OrgName(""),),
        identifiers=tuple(_identifier(number) for number in numbers),
        facts=tuple(Fact(name, first[name].strip(), "list", _ALWAYS) for name in _FACTS if first[name].strip()),
    )


def _identifier(text: str) -> Identifier:
    match = _IDENTIFIER.fullmatch(text)
    return Identifier(match[1], match[2]) if match else Identifier("ACCOUNT", text)
