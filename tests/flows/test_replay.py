"""Recorded answers run like live ones, with the recording's own clock."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from salestrigger.flows.place import RunRequest, fetch_policy, open_place
from salestrigger.flows.settings import Settings
from salestrigger.flows.steps import DailyRun, open_run, run_plain
from salestrigger.sources.check import record_source
from salestrigger.sources.registry import declare

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(os.environ.get("SAMPLES", ROOT.parent / "shared" / "samples"))


def replay(home: Path, folder: Path, root: Path | None = None) -> DailyRun:
    """A plain run over a recording."""
    with open_run(Settings(home=home), RunRequest(replay=folder, replay_root=root)) as run:
        run_plain(run)
        return run


def test_what_was_recorded_is_replayed(tmp_path: Path) -> None:
    """A source recorded from the demo market gives the same documents again, without its server."""
    settings, folder = Settings(home=tmp_path), tmp_path / "recording"
    with open_place(settings, RunRequest(demo_day=1, sources=("demo-nordvarsel",))) as place:
        spec = place.specs["demo-nordvarsel"]
        policy = fetch_policy(settings, [spec])
        seen = record_source(spec, folder, policy=policy, route=place.route, now=place.now)
        declare(spec, folder / "sources")
    run = replay(tmp_path, folder)
    assert run.outcomes["demo-nordvarsel"].status == "ok"
    assert len(run.outcomes["demo-nordvarsel"].collected.documents) == seen.documents > 0
    assert run.place.now == place.now


@pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no recorded payloads at {SAMPLES}; set SAMPLES to their folder")
def test_real_payloads(tmp_path: Path) -> None:
    """Real register answers become triggers about real companies, and every news document is accounted for."""
    run = replay(tmp_path, ROOT / "replays" / "samples", SAMPLES)
    assert run.findings is not None
    told = Counter(trigger.effect for trigger in run.findings.triggers if not trigger.held_back)
    assert told["leaves_icp"] >= 4, told
    assert {event.type for event in run.findings.events} >= {"insolvency", "closure"}
    assert "alias" in dict(run.findings.change_outcomes).values(), "a new name is an alias, no event"
    assert [name for name in run.failing if run.outcomes[name].status != "malformed"] == []
    documents = sum(len(outcome.collected.documents) for outcome in run.outcomes.values())
    assert len(run.findings.detections) == documents > 200
    assert sum(row.count for row in run.findings.funnel if row.stage == "documents") == documents
