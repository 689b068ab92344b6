"""Silence explained: why a report tells no trigger, and which sources failed or are quieter than they usually are.

It words what was counted before, and reads nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from salestrigger.reports import wording
from salestrigger.reports.report import FailedSource, FunnelRow

MAIN_REASONS = 3  #: of a step, in the sentence that explains a quiet day
SILENT_BELOW = 3.0  #: documents expected in seven days; a source that yields fewer may well be quiet for a week
SILENT_DAYS = 7  #: a source that was asked for fewer has not been silent for so long
TROUBLE = frozenset({"refused", "malformed", "failed"})  #: answers that are none

Row = Mapping[str, Any]


def quiet_because(funnel: Sequence[FunnelRow], held_back: int, sources: Sequence[Row] = ()) -> str:
    """Why a report tells no trigger, in numbers: what came in, and where it ended, or who did not answer."""
    steps = [_step(stage) for stage in wording.stages(funnel) if stage.total]
    if not steps:
        asked = [row for row in sources if row["last_attempt_at"] is not None]
        failed = sum(row["last_status"] in TROUBLE for row in asked)
        if failed:
            rest = " The others published nothing new." if failed < len(asked) else ""
            return f"{failed} of {wording.count(len(asked), 'source', 'sources')} did not answer as they should.{rest}"
        return "The sources published nothing new since the run before."
    if held_back:
        steps.append(f"{wording.count(held_back, 'trigger is', 'triggers are')} held back; the reasons are below.")
    return " ".join(("No new trigger.", *steps))


def _step(stage: wording.Stage) -> str:
    """The step's total and its main reasons; the whole list stands under "how we got here"."""
    rows = [row for row in stage.rows if row.count]
    if len(rows) == 1:
        return f"{stage.title}: {stage.total:,}, {'all of them ' if stage.total > 1 else ''}{rows[0].label}."
    shown = [f"{row.count:,} {row.label}" for row in rows[:MAIN_REASONS]]
    rest = sum(row.count for row in rows[MAIN_REASONS:])
    told = wording.joined((*shown, f"{rest:,} for other reasons") if rest else tuple(shown))
    return f"{stage.title}: {stage.total:,}, of which {told}."


def failed_sources(rows: Sequence[Row]) -> tuple[FailedSource, ...]:
    """Sources whose last answer was no good, then those that look silent although they answer."""
    failed = [_failed(row) for row in rows if row["last_status"] in TROUBLE]
    silent = [_silent(row) for row in rows if row["last_status"] not in TROUBLE and looks_silent(row)]
    return tuple(failed + silent)


def looks_silent(row: Row) -> bool:
    """Whether a source that usually yields some documents a week yielded none for seven days that it was asked."""
    if row["last_attempt_at"] is None or row["per_day"] is None or row["known_days"] < SILENT_DAYS:
        return False
    return bool(row["per_day"] * 7 >= SILENT_BELOW and not row["seen_7d"])


def _failed(row: Row) -> FailedSource:
    reason = str(row["last_reason"] or "")
    detail = wording.source_trouble(row["last_status"], reason)
    return FailedSource(row["source_id"], row["title"], row["last_status"], reason, detail, row["last_ok_at"])


def _silent(row: Row) -> FailedSource:
    detail = f"nothing new for seven days; usually about {row['per_day']:g} a day"
    return FailedSource(row["source_id"], row["title"], "silent", "silent", detail, row["last_ok_at"])
