"""When a source is asked again: at every run, or not sooner than its file says. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from salestrigger.sources.collect import MOVING
from salestrigger.sources.spec import SourceSpec


def next_due(spec: SourceSpec, state: Mapping[str, Any] | None) -> datetime | None:
    """From when on the next run asks ``spec``; None: whenever it is.

    ``state`` has ``last_status`` and ``last_attempt_at`` (UTC), or is None when it was never asked. A source that
    failed is asked again at the next run: what it has was not read yet.
    """
    if state is None or not spec.every_hours or state["last_status"] not in MOVING:
        return None
    at: datetime = state["last_attempt_at"]
    return at + timedelta(hours=spec.every_hours)


def is_due(spec: SourceSpec, state: Mapping[str, Any] | None, now: datetime) -> bool:
    """Whether a run at ``now`` asks ``spec``."""
    due = next_due(spec, state)
    return due is None or due <= now
