"""A merger on the demo market, by the real daily steps: who absorbs another enters, who is absorbed leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from salestrigger.flows.place import RunRequest
from salestrigger.flows.settings import Settings
from salestrigger.flows.steps import open_run, run_plain
from salestrigger.reports.report import ReportLine

SOURCES = ("demo-register", "demo-register-changes", "demo-byggbladet")
ABSORBING, ABSORBED = "TAKRENNA BLIKK AS", "SKIFERLØKK TAK AS"


def lines_of(home: Path, day: int) -> list[tuple[str, ReportLine]]:
    """One run of one profile; what its report says of the two."""
    request = RunRequest(demo_day=day, sources=SOURCES, profiles=("facility-services-norway",))
    with open_run(Settings(home=home), request) as run:
        run_plain(run)
        assert run.report is not None
        return [(section, line) for section, line in run.report.every_line() if line.company in (ABSORBING, ABSORBED)]


@pytest.mark.slow
def test_who_absorbs_another_enters_and_who_is_absorbed_leaves(tmp_path: Path) -> None:
    """The register's own changes cross, each once with its criterion; the merger that the press tells is the hook."""
    assert lines_of(tmp_path, 8) == []
    told = {(line.company, line.event_type): (section, line) for section, line in lines_of(tmp_path, 9)}
    section, enters = told[ABSORBING, "headcount_growth"]
    assert (section, enters.effect, enters.cause, enters.held_back) == ("enters_icp", "enters_icp", "changed", "")
    assert enters.flipped.startswith("Size: 37")
    assert "meets the criterion 'size'" in enters.why_now
    section, leaves = told[ABSORBED, "closure"]
    assert (section, leaves.effect, leaves.cause, leaves.held_back) == ("leaves_icp", "leaves_icp", "changed", "")
    assert leaves.flipped.startswith("Status: dissolved")
    assert told[ABSORBING, "merger"][0] == "hook"
    assert "merged with" in told[ABSORBING, "merger"][1].happened
    assert told[ABSORBED, "merger"][0] == "do_not_pursue"
    crossings = [key for key, (_, line) in told.items() if line.effect in ("enters_icp", "leaves_icp")]
    assert len(crossings) == 2
    assert not [line for _, line in lines_of(tmp_path, 10) if line.first_told_at is None and not line.held_back]
