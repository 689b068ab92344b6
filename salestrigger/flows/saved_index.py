"""The saved index of a home: brought up to date by what changed since it was saved, built anew when it cannot be.

An index of another format, of another database, or from before a record was deleted at its source's wish is built anew:
what was deleted must not live on in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import accumulate, chain
from pathlib import Path
from typing import Any, cast

from salestrigger.flows.place import Place
from salestrigger.matchers.entries import Entry, domain_of, entry_of, raw_of
from salestrigger.matchers.facts import names_in_order
from salestrigger.matchers.forked import cores
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.segment import Raw
from salestrigger.sources.errors import StorageError
from salestrigger.warehouse import read
from salestrigger.warehouse.collected_values import identifier, names_of
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.plain import plain_chunks

#: so many changed organisations are added to an index; with more it is quicker to build it
MANY = 20_000


def brought_up_to_date(wh: Warehouse, place: Place, *, run_id: str) -> OrganizationIndex:
    """The index of all organisations as they are now; saved in the home under the name of the run.

    Raises:
        StorageError: the home cannot be written.
    """
    index = renewed(wh, place.index, run_id) or _built(wh, place.now.date(), run_id)
    index.save(place.index)
    return index


def saved_or_built(wh: Warehouse, folder: Path, *, on: date) -> OrganizationIndex:
    """The index of a home as it was last saved, for who only asks; built from the warehouse where there is none."""
    try:
        return OrganizationIndex.load(folder)
    except StorageError:
        return _built(wh, on, "")


def renewed(wh: Warehouse, folder: Path, run_id: str) -> OrganizationIndex | None:
    """The saved index with what changed since, under the name of the run; not saved. None when it has to be built."""
    try:
        index = OrganizationIndex.load(folder)
    except StorageError:
        return None
    known = wh.rows("run_by_id", {"run_id": index.version})
    if not known or wh.rows("removed_since", {"run_number": known[0]["run_number"]})[0]["removed_count"]:
        return None
    changed = read.organizations_changed(wh, index.version)
    if len(changed) > MANY:
        return None
    gone = index.ids - frozenset(read.organization_ids(wh))
    now = read.organizations(wh, changed) if changed else {}
    return index.remove(gone | changed).add(now.values(), version=run_id)


def _built(wh: Warehouse, on: date, run_id: str) -> OrganizationIndex:
    parts = (raw_of(entries) for entries in _entries(wh, on))
    return OrganizationIndex.from_raw(_joined(parts), version=run_id, processes=cores())


def _entries(wh: Warehouse, on: date) -> Iterator[list[Entry]]:
    """What the index keeps of every organisation, chunk by chunk."""
    for table, others in plain_chunks(wh, read.organization_ids(wh), on):
        plain = (_entry(row) for row in table.to_pylist() if not row["is_sole_proprietor"])
        ordinary = (entry_of(o) for o in read.organizations(wh, others).values()) if others else ()
        yield sorted(filter(None, chain(plain, ordinary)), key=lambda entry: entry.organization_id)


def _entry(row: dict[str, Any]) -> Entry | None:
    """The entry of an organisation of which one record tells everything; as ``entries.entry_of`` makes it."""
    named = tuple(name for name in names_in_order(names_of(row["names"])) if name.text.strip())
    if not named:
        return None
    return Entry(
        organization_id=row["org_id"],
        names=named,
        country=(row["country"] or "").upper(),
        city=row["city"] or "",
        municipality=row["municipality"] or "",
        domain=domain_of(row["website"] or ""),
        identifiers=tuple(identifier(full_id) for full_id in row["identifiers"].split("|")),
        description=row["description"] or "",
        parent=row["parent"] or "",
    )


def _joined(parts: Iterable[Raw]) -> Raw:
    """The columns of all parts as one; ``raw_of`` makes lists."""
    kept = list(parts)
    first = [0, *accumulate(len(part.org_ids) for part in kept)]
    numbered = list(zip(kept, first, strict=False))
    return Raw(
        org_ids=[key for part in kept for key in cast("list[str]", part.org_ids)],
        countries=[code for part in kept for code in part.countries],
        entries=[entry for part in kept for entry in part.entries],
        names=[name for part in kept for name in cast("list[str]", part.names)],
        name_org=[low + row for part, low in numbered for row in part.name_org],
        name_kind=[kind for part in kept for kind in part.name_kind],
        identifiers=[(key, low + row) for part, low in numbered for key, row in part.identifiers],
        domains=[(key, low + row) for part, low in numbered for key, row in part.domains],
    )
