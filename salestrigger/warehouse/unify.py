"""One organisation out of records of several registers and one's own lists; every join is stored and can be undone.

::

    numbers that records name ─► join (an identifier beats a name) ─► relinked, old organisation merged into the other
    rows of one's own, and LEI holders, without a number ─► matcher ─► accept: linked (basis ``match``)
                                                                    └ review: listed for a person

What a person confirmed or refused stands whatever the matcher says later.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.match_lists import match_index, match_lists
from salestrigger.sources.errors import UsageError
from salestrigger.warehouse.connect import Warehouse, sql_names, sql_text
from salestrigger.warehouse.join import Edge, joins_of
from salestrigger.warehouse.link import organization_id_for
from salestrigger.warehouse.staging import chunk_ids, staged, staged_organizations, storable


@dataclass(frozen=True, slots=True)
class Unified:
    """What a run joined."""

    by_number: int = 0  #: records that went to another organisation by a number
    by_name: int = 0  #: records without a number that were linked by their name
    to_review: int = 0  #: records that may be an organisation, but not surely
    conflicts: tuple[tuple[str, str], ...] = ()  #: (record, why it was not joined)


def unify(
    wh: Warehouse, run_id: str, now: datetime, *, index: Callable[[], OrganizationIndex | None] = lambda: None
) -> Unified:
    """Join what numbers and names say is one, in one transaction.

    ``index`` gives the index of everybody's names as they are now, where there is one; it is asked for only when there
    are names to look up. Without it one is built of what registers tell.

    Raises:
        StorageError: the disk or the file failed; nothing of it is stored.
    """
    with wh.transaction():
        by_number, conflicts = _by_number(wh, run_id, now)
        by_name, to_review = _by_name(wh, run_id, now, index)
    return Unified(by_number, by_name, to_review, conflicts)


def confirm(wh: Warehouse, record_id: str, organization_id: str, now: datetime) -> None:
    """A person says that a row of one's own list is that organisation.

    Raises:
        UsageError: there is no such record or organisation.
    """
    _check(wh, record_id, organization_id)
    run = _latest(wh)
    with wh.transaction():
        _relink(wh, {record_id: organization_id}, "match", {record_id: 1.0}, run_id=run["run_id"], now=now)
        _keep(wh, [_candidate(record_id, organization_id, 1.0, "confirmed", "a person said so")], now=now)


def refuse(wh: Warehouse, record_id: str, organization_id: str, now: datetime) -> None:
    """A person says that they are not the same: a link between them is undone, and never made again.

    Raises:
        UsageError: there is no such record or organisation.
    """
    current = _check(wh, record_id, organization_id)
    run = _latest(wh)
    with wh.transaction():
        if current["organization_id"] == organization_id:
            row = {
                "record_id": record_id, "organization_id": organization_id_for(record_id), "basis": "own",
                "probability": 1.0,
            }  # fmt: skip
            if row["organization_id"] == organization_id:
                raise UsageError(f"{record_id!r} is that organisation's own record: there is nothing to undo")
            values = {"at": storable(now), "run_id": run["run_id"], "run_number": run["run_number"]}
            with wh.staged(staged("staged_joins", [row])):
                _in_turn(wh, "split_records_now", values)
        _keep(wh, [_candidate(record_id, organization_id, 0.0, "refused", "a person said so")], now=now)


def review(wh: Warehouse) -> list[dict[str, Any]]:
    """What waits for a person, the surest first."""
    return wh.rows("linked_review")


def made(wh: Warehouse) -> list[dict[str, Any]]:
    """The links that hold of one's own rows, and those by name, the least sure first."""
    return wh.rows("linked_made")


def _by_number(wh: Warehouse, run_id: str, now: datetime) -> tuple[int, tuple[tuple[str, str], ...]]:
    edges = [Edge(**row) for row in wh.rows("join_edges")]
    if not edges:
        return 0, ()
    named = {edge.organization_id for edge in edges} | {edge.other_id for edge in edges}
    numbers: dict[str, list[tuple[str, str]]] = defaultdict(list)
    ages: dict[str, int] = {}
    with wh.staged(staged_organizations(named)):
        for row in wh.rows("join_numbers"):
            numbers[row["organization_id"]].append((row["scheme"], row["identifier"]))
            ages[row["organization_id"]] = min(row["run_number"], ages.get(row["organization_id"], row["run_number"]))
    joins = joins_of(edges, numbers, ages)
    with wh.staged(staged_organizations(joins.merged)):
        moved = {row["record_id"]: joins.merged[row["organization_id"]] for row in wh.rows("join_records")}
    moved |= joins.rows
    if moved:
        _relink(wh, moved, "identifier", {}, run_id=run_id, now=now)
    return len(moved), joins.conflicts


def _by_name(
    wh: Warehouse, run_id: str, now: datetime, index: Callable[[], OrganizationIndex | None]
) -> tuple[int, int]:
    """Records that only their name can tell: accounts without a number at every run, new LEI holders without one."""
    asked = wh.query("unidentified_accounts")
    found = _among_registered(wh, asked, index()) if asked.num_rows else []
    asked = wh.query("unnumbered_leis", {"run_id": run_id})
    if asked.num_rows:
        with wh.staged(chunk_ids(asked.column("record_id").to_pylist())):
            universe = wh.query("lei_universe")
        found += _one_each(_matched(wh, asked, universe))
    accepted = {a["query_id"]: a["org_id"] for a in found if a["decision"] == "accept"}
    if accepted:
        chances = {a["query_id"]: a["probability"] for a in found}
        _relink(wh, accepted, "match", chances, run_id=run_id, now=now)
    rows = [_candidate(a["query_id"], a["org_id"], a["probability"], a["decision"], a["evidence"]) for a in found]
    _keep(wh, rows, now=now, run_id=run_id)
    return len(accepted), len(found) - len(accepted)


def _among_registered(wh: Warehouse, asked: pa.Table, index: OrganizationIndex | None) -> list[dict[str, Any]]:
    """What the matcher links or would have reviewed, of the organisations that a register tells of."""
    if index is None:
        return _matched(wh, asked, wh.query("register_universe"))
    registered = index.remove(wh.query("unregistered_organizations").column(0).to_pylist())
    return _linkable(match_index(registered, _queries(asked), never=_never(wh)))


def _matched(wh: Warehouse, asked: pa.Table, universe: pa.Table) -> list[dict[str, Any]]:
    """The same among the rows of a table."""
    return _linkable(match_lists(universe, _queries(asked), never=_never(wh))) if universe.num_rows else []


def _queries(asked: pa.Table) -> pa.Table:
    return asked.rename_columns(["query_id", "name", "country", "city", "website"])


def _never(wh: Warehouse) -> list[tuple[str, str]]:
    return [(row["name"], row["organization_id"]) for row in wh.rows("refused_links")]


def _linkable(answers: pa.Table) -> list[dict[str, Any]]:
    return [a for a in answers.to_pylist() if a["org_id"] and a["decision"] in {"accept", "review"}]


def _one_each(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An organisation has one LEI: where two holders are linked to it, a person has to say which."""
    claims = Counter(a["org_id"] for a in found if a["decision"] == "accept")
    return [a | {"decision": "review"} if claims[a["org_id"]] > 1 else a for a in found]


def _relink(
    wh: Warehouse, to: Mapping[str, str], basis: str, chances: Mapping[str, float], *, run_id: str, now: datetime
) -> None:
    rows = [
        {"record_id": r, "organization_id": o, "basis": basis, "probability": chances.get(r, 1.0)}
        for r, o in sorted(to.items())
    ]
    with wh.staged(staged("staged_joins", rows)):
        _in_turn(wh, "join_records_now", {"at": storable(now), "run_id": run_id})


def _keep(wh: Warehouse, rows: list[dict[str, Any]], *, now: datetime, run_id: str | None = None) -> None:
    with wh.staged(staged("staged_candidates", rows)):
        _in_turn(wh, "merge_candidates", {"at": storable(now), "run_id": run_id, "is_run": run_id is not None})


def _in_turn(wh: Warehouse, name: str, values: Mapping[str, Any]) -> None:
    """The numbered statements of a name, each with those of the values that it asks for."""
    for part in sql_names("queries"):
        if part.rpartition("_")[0] == name:
            text = sql_text("queries", part)
            wh.execute_file(part, {key: value for key, value in values.items() if f"${key}" in text})


def _candidate(record_id: str, organization_id: str, chance: float, decision: str, evidence: str) -> dict[str, Any]:
    return {
        "record_id": record_id, "organization_id": organization_id, "probability": chance, "decision": decision,
        "evidence": evidence,
    }  # fmt: skip


def _check(wh: Warehouse, record_id: str, organization_id: str) -> dict[str, Any]:
    found = wh.rows("link_now", {"record_id": record_id})
    if not found:
        raise UsageError(f"no record {record_id!r}; those that wait are listed by: salestrigger links")
    known = {row["organization_id"] for row in wh.rows("find_organizations", {"asked": organization_id})}
    if organization_id not in known:
        raise UsageError(f"no organisation {organization_id!r}; those that wait are listed by: salestrigger links")
    return found[0]


def _latest(wh: Warehouse) -> dict[str, Any]:
    found = wh.rows("latest_run")
    if not found:
        raise UsageError("there was no run yet: nothing is linked")
    return found[0]
