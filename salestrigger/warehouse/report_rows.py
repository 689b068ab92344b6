"""What reports and the command line ask of the warehouse: rows of the analysts' views, parsed.

JSON columns come back as lists and dicts, times as aware UTC datetimes. Nothing is written, and nothing is worded here
beyond one line of counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from salestrigger.warehouse.collected_values import aware
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.staging import storable

Rows = list[dict[str, Any]]

#: The columns of views and tables that hold JSON.
JSON_COLUMNS = frozenset(
    {
        "identifiers", "attributes", "match_evidence", "change_details", "criteria", "rank_terms", "sources",
        "organizations", "profiles", "roles", "notes", "evidence", "criteria_before",
    }
)  # fmt: skip


def trigger_rows(
    wh: Warehouse, *, profile: str | None = None, since: datetime | None = None, as_of: datetime | None = None
) -> Rows:
    """``trigger_feed``, the best rank first, held-back ones included; its days are ``valid_from`` and ``valid_until``.

    ``since``: only triggers first stored after that time. ``as_of``: the versions that held at that time.
    """
    parameters = {"profile": profile, "since": _time(since), "as_of": _time(as_of)}
    return parsed(wh.rows("trigger_rows", parameters))


def fit_change_rows(
    wh: Warehouse,
    *,
    profile: str | None = None,
    since: datetime | None = None,
    as_of: datetime | None = None,
    limit: int | None = None,
) -> Rows:
    """Verdicts that changed although nothing happened, the newest first; filters as for :func:`trigger_rows`."""
    parameters = {"profile": profile, "since": _time(since), "as_of": _time(as_of), "limit": limit}
    return parsed(wh.rows("fit_change_rows", parameters))


def source_rows(wh: Warehouse) -> Rows:
    """``source_health``, by source id."""
    return parsed(wh.rows("source_rows"))


def funnel_rows(wh: Warehouse, *, run_id: str | None = None, as_of: datetime | None = None) -> Rows:
    """``run_funnel`` of one run; without a run the last analysed one (of those up to ``as_of``)."""
    return parsed(wh.rows("funnel_rows", {"run_id": run_id, "as_of": _time(as_of)}))


def prospect_rows(wh: Warehouse, *, profile: str | None = None) -> Rows:
    """``prospects``, the best score first."""
    return parsed(wh.rows("prospect_rows", {"profile": profile}))


def runs(wh: Warehouse) -> Rows:
    """Every run, the first one first."""
    return parsed(wh.rows("runs_all"))


def last_run(wh: Warehouse, *, as_of: datetime | None = None) -> dict[str, Any] | None:
    """The last run (of those up to ``as_of``); None before the first."""
    found = parsed(wh.rows("last_run", {"as_of": _time(as_of)}))
    return found[0] if found else None


def unreported(wh: Warehouse, *, profile: str | None = None) -> Rows:
    """Trigger versions in the outbox that nobody was told yet: trigger_id, version_number, profile, queued_at."""
    return parsed(wh.rows("unreported", {"profile": profile}))


def universe_line(wh: Warehouse) -> str:
    """What is known and what is pending, in one line."""
    counts = wh.rows("universe_counts")[0]
    return (
        f"{counts['organization_count']} organisations from {counts['record_count']} records; pending: "
        f"{counts['pending_document_count']} documents, {counts['pending_change_count']} register changes"
    )


def parsed(rows: Iterable[Mapping[str, Any]]) -> Rows:
    """Rows with JSON parsed and times made aware."""
    return [{column: _parsed(column, value) for column, value in row.items()} for row in rows]


def _parsed(column: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return aware(value)
    if column in JSON_COLUMNS and isinstance(value, str):
        return json.loads(value)
    return value


def _time(at: datetime | None) -> datetime | None:
    stored: datetime | None = storable(at)
    return stored
