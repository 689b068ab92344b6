"""Everything that is ever written: one run's bookkeeping here, the two transactions of a run in their own modules.

::

    start_run ─► store_collected (one transaction per source) ─► store_findings (one transaction) ─► finish_run

Ids are content hashes and rows are merged, so that storing the same again changes nothing but the bookkeeping of runs.
"""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from salestrigger.icp_profiles.profile import Profile
from salestrigger.sources.errors import UsageError
from salestrigger.sources.records import content_id
from salestrigger.warehouse.collected_values import aware
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.purge import told_by
from salestrigger.warehouse.staging import staged, storable, to_json
from salestrigger.warehouse.write_collected import StoredCounts, store_collected
from salestrigger.warehouse.write_findings import store_findings

__all__ = [
    "StoredCounts",
    "finish_run",
    "record_reported",
    "start_run",
    "store_collected",
    "store_findings",
    "store_profiles",
    "told_by",
]


def start_run(wh: Warehouse, *, as_of: datetime, kind: str = "real", profiles: Sequence[Profile] = ()) -> str:
    """Begin a run at the logical time ``as_of`` with these profiles; its id.

    A run that never finished (the machine stopped) is marked as interrupted.

    Raises:
        UsageError: ``as_of`` lies before the last run: what is known cannot be un-known.
    """
    last = wh.rows("last_run", {"as_of": None})
    number = last[0]["run_number"] + 1 if last else 1
    if last and aware(last[0]["as_of_at"]) > as_of:
        before = aware(last[0]["as_of_at"]).isoformat()
        raise UsageError(
            f"cannot run as of {as_of.isoformat()!r}: the last run was as of {before!r}, allowed: not before"
        )
    run_id = content_id("run", str(number), as_of.isoformat())
    names = [{"name": p.name, "version": p.version} for p in profiles]
    values = {"run_id": run_id, "run_number": number, "kind": kind, "as_of": storable(as_of)}
    with wh.transaction():
        wh.execute_file("interrupt_runs")
        wh.execute_file(
            "insert_run", values | {"version": importlib.metadata.version("salestrigger"), "profiles": to_json(names)}
        )
        store_profiles(wh, run_id, profiles, now=as_of)
    return run_id


def store_profiles(wh: Warehouse, run_id: str, profiles: Iterable[Profile], *, now: datetime) -> None:
    """Keep the content of every profile version that is used, so that a fit of long ago can be explained."""
    rows = [_profile_row(profile) for profile in profiles]
    with wh.transaction(), wh.staged(staged("staged_profiles", rows)):
        wh.execute_file("merge_profiles", {"at": storable(now), "run_id": run_id})


def _profile_row(profile: Profile) -> dict[str, Any]:
    content = json.loads(profile.model_dump_json())
    return {"profile": profile.name, "profile_version": profile.version, "content": to_json(content)}


def finish_run(wh: Warehouse, run_id: str, *, status: str = "finished", finished_at: datetime | None = None) -> None:
    """Mark a run as ended; without ``finished_at`` at its own logical time.

    Raises:
        UsageError: there is no such run, or the status is not finished or failed.
    """
    if status not in ("finished", "failed"):
        raise UsageError(f"cannot finish run {run_id!r}: status {status!r}; allowed: 'finished', 'failed'")
    found = wh.rows("run_by_id", {"run_id": run_id})
    if not found:
        raise UsageError(f"cannot finish run {run_id!r}: no such run")
    at = storable(finished_at) if finished_at else found[0]["as_of_at"]
    wh.execute_file("finish_run", {"run_id": run_id, "status": status, "at": at})


def record_reported(
    wh: Warehouse,
    run_id: str,
    trigger_ids: Iterable[str],
    *,
    report_id: str,
    reported_at: datetime,
    channel: str = "file",
    recipient: str = "",
) -> int:
    """Write into the ledger that these triggers were told, each in the version that is in the outbox; how many new.

    Telling the same report again to the same recipient changes nothing.
    """
    values = {
        "run_id": run_id,
        "report_id": report_id,
        "channel": channel,
        "recipient": recipient,
        "at": storable(reported_at),
    }
    told = staged("staged_told", [{"trigger_id": trigger_id} for trigger_id in sorted(set(trigger_ids))])
    with wh.transaction(), wh.staged(told):
        return wh.execute_file("merge_reported", values)
