"""``salestrigger profile learn``: one's customers among everybody who is known, and a profile proposed from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from salestrigger.flows.profiles import EXAMPLES, Stored
from salestrigger.matchers.learn import lifts, proposal
from salestrigger.matchers.match_lists import match_lists
from salestrigger.matchers.universe import text_column
from salestrigger.sources.errors import DeclarationError
from salestrigger.warehouse.tables import read_table

CUSTOMERS = ("org_id", "name", "aliases", "country", "city", "website", "identifiers")


def learned(customers: Path, stored: Stored) -> tuple[str, list[str]]:
    """A profile proposed from one's best customers, as TOML, and what to say about how they were found.

    Raises:
        DeclarationError: the file is wrong or has neither org_id nor name.
    """
    table = read_table(customers, required=(), optional=CUSTOMERS)
    rows, doubtful = _customer_rows(customers, table, stored)
    is_customer = np.zeros(len(stored.organizations), dtype=bool)
    is_customer[sorted(rows)] = True
    found = lifts(stored.universe, is_customer)
    missing = table.num_rows - len(rows)
    says = [f"{len(rows)} of {table.num_rows} customers found among {len(stored.organizations)} organisations"]
    if missing:
        says.append(f"not found or not sure: {', '.join(doubtful[:EXAMPLES])}" + (" …" if missing > EXAMPLES else ""))
    if not any(lift.is_proven for lift in found):
        says.append("this proves nothing: no value is surely more frequent among the customers")
    return proposal(found, customers=len(rows), universe=len(stored.organizations)), says


def _customer_rows(path: Path, customers: pa.Table, stored: Stored) -> tuple[set[int], list[str]]:
    """The universe's rows of the customers: by register number, else by the name, with the matcher's own evidence."""
    at = {key: row for row, key in enumerate(stored.organizations)}
    by_number = {str(n): at[key] for key, o in stored.organizations.items() for n in o.identifiers} | at
    texts = {name: text_column(customers, name).to_pylist() for name in CUSTOMERS}
    if not any(texts["name"]) and not any(texts["org_id"]) and not any(texts["identifiers"]):
        raise DeclarationError(path, "has no customers: needs a column org_id, identifiers or name")
    rows: dict[int, int] = {}
    for position, (key, numbers) in enumerate(zip(texts["org_id"], texts["identifiers"], strict=True)):
        known = next((by_number[n.strip()] for n in (key, *numbers.split("|")) if n.strip() in by_number), None)
        if known is not None:
            rows[position] = known
    left = [p for p in range(customers.num_rows) if p not in rows and texts["name"][p].strip()]
    if left:
        asked = customers.take(pa.array(left)).append_column("query_id", pa.array([str(p) for p in left]))
        for answer in match_lists(_names(stored), asked).to_pylist():
            if answer["decision"] == "accept" and answer["org_id"]:
                rows[int(answer["query_id"])] = at[answer["org_id"]]
    doubtful = [texts["name"][p] or texts["org_id"][p] for p in range(customers.num_rows) if p not in rows]
    return set(rows.values()), doubtful


def _names(stored: Stored) -> pa.Table:
    """Everybody who is known, in the columns of ``match``."""
    listed = stored.organizations.values()
    return pa.table(
        {
            "org_id": pa.array([o.organization_id for o in listed], pa.string()),
            "name": pa.array([o.name for o in listed], pa.string()),
            "aliases": pa.array(["|".join(n.text for n in o.names[1:]) for o in listed], pa.string()),
            "country": pa.array([o.get("country") for o in listed], pa.string()),
            "city": pa.array([o.get("city") for o in listed], pa.string()),
            "website": pa.array([o.get("website") for o in listed], pa.string()),
            "identifiers": pa.array(["|".join(map(str, o.identifiers)) for o in listed], pa.string()),
        }
    )
