"""When a source is asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from salestrigger.sources.due import is_due, next_due
from tests.sources.adapters.running import spec_of

AT = datetime(2026, 10, 5, 6, 0, tzinfo=UTC)


def test_a_source_without_a_pause_is_asked_at_every_run() -> None:
    """Its file says nothing, so there is no time to wait for."""
    assert next_due(spec_of(), {"last_status": "ok", "last_attempt_at": AT}) is None
    assert is_due(spec_of(), {"last_status": "ok", "last_attempt_at": AT}, AT)


@pytest.mark.parametrize("status", ["ok", "empty", "not_modified"])
def test_a_pause_begins_with_an_answer(status: str) -> None:
    """Twenty hours after it the source is asked again, not a minute sooner."""
    spec, state = spec_of(every_hours=20), {"last_status": status, "last_attempt_at": AT}
    assert next_due(spec, state) == AT + timedelta(hours=20)
    assert not is_due(spec, state, AT + timedelta(hours=19, minutes=59))
    assert is_due(spec, state, AT + timedelta(hours=20))


@pytest.mark.parametrize("status", ["refused", "malformed", "failed"])
def test_what_failed_does_not_wait(status: str) -> None:
    """Nothing was read, so the next run tries; and so it does with a source that was never asked."""
    assert is_due(spec_of(every_hours=20), {"last_status": status, "last_attempt_at": AT}, AT)
    assert is_due(spec_of(every_hours=20), None, AT)
