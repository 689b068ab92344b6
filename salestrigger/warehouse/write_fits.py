"""Store the fits of very many organisations in columns: a first load, or a profile that was edited. See ``plain.py``.

What is stored is what ``write_findings`` stores of the same fits, which a test holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import pyarrow as pa

from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers.fit_dated import DatedLine, dated_lines
from salestrigger.matchers.fit_json import joined
from salestrigger.matchers.qualify import VERDICTS, fit_columns
from salestrigger.matchers.refit import Refit
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.found_rows import fit_change_rows, fit_rows
from salestrigger.warehouse.plain import told_of, universe_of
from salestrigger.warehouse.staging import staged, to_json
from salestrigger.warehouse.write_collected import RunContext


def store_plain_fits(wh: Warehouse, run_id: str, table: pa.Table, profile: Profile, *, now: datetime) -> int:
    """The fits of plain organisations (``plain.plain_chunks``), and what they make newly known; how many differ.

    Raises:
        StorageError: the disk or the file failed; nothing of it is stored.
    """
    run = RunContext.of(wh, run_id, now)
    values = run.values | {"run_number": run.number}
    with wh.transaction(), wh.staged({"staged_fits": _fits(table, profile, now)}):
        wh.execute_file("insert_fit_changes", values)
        return wh.execute_file("insert_fits", values)


def store_fits(wh: Warehouse, run_id: str, found: Refit, *, now: datetime) -> None:
    """The fits of other organisations, and what they make newly known.

    Raises:
        StorageError: the disk or the file failed; nothing of it is stored.
    """
    run = RunContext.of(wh, run_id, now)
    values = run.values | {"run_number": run.number}
    fits, changes = (
        staged("staged_fits", fit_rows(found.fits)),
        staged("staged_fit_changes", fit_change_rows(found.changes)),
    )
    with wh.transaction(), wh.staged(fits | changes):
        wh.execute_file("insert_fits", values)
        wh.execute_file("merge_fit_changes", values)


def _fits(table: pa.Table, profile: Profile, now: datetime) -> pa.Table:
    universe = universe_of(table)
    columns = fit_columns(universe, profile, now.date())
    return pa.table(
        {
            "organization_id": table.column("org_id"),
            "profile": pa.repeat(pa.scalar(profile.name), table.num_rows),
            "profile_version": pa.repeat(pa.scalar(profile.version), table.num_rows),
            "fit_lower": pa.array(columns.lower),
            "fit_upper": pa.array(columns.upper),
            "verdict": pa.array(VERDICTS, pa.string()).take(pa.array(columns.verdict)),
            "criteria": _criteria(dated_lines(universe, columns, told_of(table))),
        }
    )


def _criteria(lines: Sequence[DatedLine]) -> pa.Array:
    """A JSON list per row, as ``found_rows`` writes it."""
    last = len(lines) - 1
    return joined(
        (_fragments(line, "," if at else "[", "" if at < last else "]"), line.rows) for at, line in enumerate(lines)
    )


def _fragments(line: DatedLine, first: str, last: str) -> pa.Array:
    return pa.array([f"{first}{to_json(asdict(case))}{last}" for case in line.distinct], pa.string())
