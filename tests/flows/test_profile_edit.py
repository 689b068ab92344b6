"""An edited profile on the demo market: whoever fits it now is newly known to fit, and nothing is told as news."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from salestrigger.flows import place
from salestrigger.icp_profiles.profile import default_folder, load_profiles
from tests.flows.conftest import run_demo

NORWAY = "facility-services-norway"


@pytest.mark.slow
def test_an_edited_profile_is_no_news(first_day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Companies of five people and more from now on; nothing happened, so that nothing enters."""
    folder = Path(shutil.copytree(default_folder(), tmp_path / "icp_profiles"))
    text = (folder / f"{NORWAY}.toml").read_text(encoding="utf-8").split("[[examples.fit]]")[0]
    (folder / f"{NORWAY}.toml").write_text(text.replace("min = 20\nmax = 250", "min = 5\nmax = 900"), encoding="utf-8")
    monkeypatch.setattr(place, "load_profiles", lambda *_: load_profiles(folder))
    home = Path(shutil.copytree(first_day, tmp_path / "home"))
    run_demo(home, 1)
    with duckdb.connect(str(home / "var/demo/published/salestrigger.duckdb"), read_only=True) as connection:
        told = connection.execute(
            "SELECT company, effect FROM trigger_feed JOIN runs AS first_run ON first_run.run_id = first_run_id "
            "WHERE first_run.run_number = 2 AND held_back = '' AND effect IN ('enters_icp', 'leaves_icp')"
        ).fetchall()
        causes = connection.execute(
            "SELECT DISTINCT cause FROM fit_changes WHERE run_number = 2 AND profile = ?", [NORWAY]
        ).fetchall()
    assert told == []
    assert causes == [("profile_edited",)]
