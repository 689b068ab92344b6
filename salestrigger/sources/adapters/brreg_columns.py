"""Entities of the Norwegian register as columns, without making a record of each: what a bulk file of a million needs.

The rows are those of ``table_of(record_of(entity) …)``, which a test holds; what is not ordinary (a former name, a
status) is read by the same functions as everywhere. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import pyarrow as pa

from salestrigger.sources.adapters.brreg_records import (
    CODESET,
    SCHEME,
    SOLE_PROPRIETOR,
    address_lines,
    code_of,
    date_of,
    description_of,
    former_names,
    headcount_of,
    industries_of,
    number_of,
    often,
    parent_of,
    record_id,
    status_of,
    text_of,
    website_of,
)
from salestrigger.sources.record_columns import columns_of, names_text, quoted
from salestrigger.sources.records import AddressKind, OrgName

#: what differs from entity to entity, in the order of :func:`row_of`
VARYING: Final = (
    "record_id", "identifier", "name", "names", "legal_form", "addresses", "industries", "employees_low",
    "employees_high", "employees_on", "website", "status", "status_on", "founded_on", "registered_on", "parent_id",
    "description", "is_sole_proprietor", "place_country", "place_municipality", "place_municipality_code", "place_city",
    "place_postcode", "industry_codes",
)  # fmt: skip
STATUS: Final = VARYING.index("status")
REGISTERED: Final = VARYING.index("registered_on")

#: an entity's addresses in the order in which one is chosen as the place: (field, kind)
_ADDRESSES: Final[tuple[tuple[str, AddressKind], ...]] = (
    ("forretningsadresse", "business"),
    ("beliggenhetsadresse", "visiting"),
    ("postadresse", "postal"),
)
#: country, municipality, its code, city, postcode
Place = tuple[str | None, str | None, str | None, str | None, str | None]
_NOWHERE: Final[Place] = (None, None, None, None, None)


def row_of(entity: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The entity's values of VARYING; None when it has no number or no name (nothing to be known by)."""
    number, name = number_of(entity), text_of(entity, "navn")
    if number is None or not name:
        return None
    form, (status, since) = code_of(entity, "organisasjonsform"), status_of(entity)
    headcount, parent = headcount_of(entity), parent_of(entity)
    addresses, place = _addresses(entity)
    industries, codes = _industries(*(code_of(entity, f) for f in ("naeringskode1", "naeringskode2", "naeringskode3")))
    return (
        record_id(number), number, name, _names(name, entity), form, addresses, industries,
        headcount.low if headcount else None, headcount.high if headcount else None,
        headcount.as_of if headcount else None, website_of(text_of(entity, "hjemmeside")), status, since,
        date_of(entity, "stiftelsesdato"), date_of(entity, "registreringsdatoEnhetsregisteret"),
        record_id(parent) if parent else None, description_of(entity), form == SOLE_PROPRIETOR, *place, codes,
    )  # fmt: skip


def columns(rows: Iterable[tuple[Any, ...]], *, source_id: str, fetched_at: datetime) -> pa.Table:
    """Rows of :func:`row_of` as a table of records."""
    return columns_of(VARYING, rows, {
        "scheme": SCHEME, "country": "NO", "other_ids": "[]", "relation": "", "source_id": source_id,
        "fetched_at": fetched_at.astimezone(UTC).replace(tzinfo=None),
    })  # fmt: skip


def _names(name: str, entity: Mapping[str, Any]) -> str:
    if entity.get("historiskeNavn"):
        return names_text((OrgName(name), *former_names(entity)))
    return f'[{{"kind":"legal","text":{quoted(name)},"valid_from":null,"valid_to":null}}]'


def _addresses(entity: Mapping[str, Any]) -> tuple[str, Place]:
    """The addresses as JSON, and where the first of them is."""
    texts, place = [], None
    for field, kind in _ADDRESSES:
        value = entity.get(field)
        if not isinstance(value, dict):
            continue
        before, after, here = _spelled(
            kind, often(value.get("landkode")), often(value.get("kommune")), often(value.get("kommunenummer")),
            often(value.get("poststed")), often(value.get("postnummer")),
        )  # fmt: skip
        texts.append(before + ",".join(map(quoted, address_lines(value))) + after)
        place = place or here
    return f"[{','.join(texts)}]", place or _NOWHERE


@lru_cache(maxsize=16_384)
def _spelled(kind: AddressKind, *place: str | None) -> tuple[str, str, Place]:
    """What stands before and after an address's lines, and the place; many share one."""
    country, municipality, code, city, postcode = place
    before = f'{{"city":{_json(city)},"country":{_json(country)},"kind":"{kind}","lines":['
    after = (
        f'],"municipality":{_json(municipality)},"municipality_code":{_json(code)},"postcode":{_json(postcode)},'
        f'"region":null}}'
    )
    return before, after, (country, municipality, code, city, postcode)


@lru_cache(maxsize=16_384)
def _industries(*codes: str | None) -> tuple[str, str]:
    """The industry codes as JSON, and as facts state them; a few thousand combinations are all there are."""
    stated = industries_of({f"naeringskode{n}": {"kode": code} for n, code in enumerate(codes, 1)})
    objects = (f'{{"code":{quoted(i.code)},"codeset":"{CODESET}"}}' for i in stated)
    return f"[{','.join(objects)}]", f"[{','.join(quoted(f'{CODESET}:{i.code}') for i in stated)}]"


def _json(text: str | None) -> str:
    return "null" if text is None else quoted(text)
