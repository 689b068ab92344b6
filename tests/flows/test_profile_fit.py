"""The fit of one organisation as of any date: by what was true, and by what was known."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from salestrigger.flows.profile_fit import fit_as_of
from salestrigger.icp_profiles.profile import load_profiles
from salestrigger.sources.errors import UsageError
from salestrigger.warehouse import read
from salestrigger.warehouse.collected_values import aware
from salestrigger.warehouse.connect import Warehouse


def test_fit_now_names_every_criterion_with_source_and_day(first_day: Path) -> None:
    """What is stored is what is told, with municipalities by name."""
    with Warehouse.open(first_day / "var/demo/published/salestrigger.duckdb", read_only=True) as wh:
        run = read.last_run(wh)
        assert run is not None
        now = run["as_of_at"]
        key, fit = next(
            (key, fit) for (key, _), fit in sorted(read.fits(wh).items()) if fit.verdict == "fits"
        )  # fmt: skip
        told = fit_as_of(wh, key, load_profiles(), on=now.date(), known_at=now)
        assert f"{fit.profile} ({fit.profile_version}): fits, {fit.lower:g} of 100" in "\n".join(told)
        assert all(any(c.name in line for line in told) for c in fit.criteria)


def test_before_it_was_known_nothing_is_said(first_day: Path) -> None:
    """Known from: the first run; a stranger is named."""
    with Warehouse.open(first_day / "var/demo/published/salestrigger.duckdb", read_only=True) as wh:
        first = aware(wh.rows("runs_all")[0]["as_of_at"])
        key = next(iter(read.organizations(wh)))
        long_ago = datetime(2020, 1, 1, tzinfo=UTC)
        with pytest.raises(UsageError, match="nothing was known"):
            fit_as_of(wh, key, load_profiles(), on=first.date(), known_at=long_ago)
        with pytest.raises(UsageError, match="'Nobody AS' is no organisation"):
            fit_as_of(wh, "Nobody AS", load_profiles(), on=first.date(), known_at=first)
