"""``salestrigger profile learn``: one's customers among everybody who is known, and a profile proposed from them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from salestrigger.flows.profiles import EXAMPLES, Stored
from salestrigger.flows.saved_index import saved_or_built
from salestrigger.matchers.learn import lifts, proposal
from salestrigger.matchers.match_lists import match_index
from salestrigger.matchers.universe import text_column
from salestrigger.sources.errors import DeclarationError
from salestrigger.warehouse import read
from salestrigger.warehouse.tables import read_table

CUSTOMERS = ("org_id", "name", "aliases", "country", "city", "website", "identifiers")


def learned(customers: Path, stored: Stored) -> tuple[str, list[str]]:
    """A profile proposed from one's best customers, as TOML, and what to say about how they were found.

    Raises:
        DeclarationError: the file is wrong or has neither org_id nor name.
    """
    table = read_table(customers, required=(), optional=CUSTOMERS)
    ours, doubtful = _found(customers, table, stored)
    everybody = len(stored.organizations)
    known = pa.array(sorted(ours), pa.string())
    found = lifts(
        (universe, pc.is_in(text_column(universe, "org_id"), value_set=known).to_numpy(zero_copy_only=False))
        for universe in stored.universes()
    )
    missing = len(doubtful)
    says = [f"{len(ours)} of {table.num_rows} customers found among {everybody} organisations"]
    if missing:
        says.append(f"not found or not sure: {', '.join(doubtful[:EXAMPLES])}" + (" …" if missing > EXAMPLES else ""))
    if not any(lift.is_proven for lift in found):
        says.append("this proves nothing: no value is surely more frequent among the customers")
    return proposal(found, customers=len(ours), universe=everybody), says


def _found(path: Path, customers: pa.Table, stored: Stored) -> tuple[set[str], list[str]]:
    """The customers' organisations, by number, else by name with the matcher's own evidence; and those of which none
    is sure."""
    texts = {name: text_column(customers, name).to_pylist() for name in CUSTOMERS}
    if not any(texts["name"]) and not any(texts["org_id"]) and not any(texts["identifiers"]):
        raise DeclarationError(path, "has no customers: needs a column org_id, identifiers or name")
    numbers = [
        [number for part in (key, *more.split("|")) if (number := part.strip())]
        for key, more in zip(texts["org_id"], texts["identifiers"], strict=True)
    ]
    by_number = read.organizations_by_number(stored.warehouse, {n for some in numbers for n in some})
    rows = {
        position: next(by_number[number] for number in some if number in by_number)
        for position, some in enumerate(numbers)
        if any(number in by_number for number in some)
    }
    left = [p for p in range(customers.num_rows) if p not in rows and texts["name"][p].strip()]
    if left:
        asked = customers.take(pa.array(left)).append_column("query_id", pa.array([str(p) for p in left]))
        index = saved_or_built(stored.warehouse, stored.index, on=stored.now.date())
        everybody = frozenset(stored.organizations)  # the index may be older or newer than what is published
        for answer in match_index(index, asked).to_pylist():
            if answer["decision"] == "accept" and answer["org_id"] in everybody:
                rows[int(answer["query_id"])] = answer["org_id"]
    doubtful = [texts["name"][p] or texts["org_id"][p] for p in range(customers.num_rows) if p not in rows]
    return set(rows.values()), doubtful
