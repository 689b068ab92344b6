"""What is wrong with a home is said, with what to do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from salestrigger.flows.cli import app
from salestrigger.flows.doctor import examine
from salestrigger.flows.home import make_home
from salestrigger.flows.settings import Settings
from salestrigger.sources.records import Collected
from salestrigger.sources.registry import load_catalog
from salestrigger.warehouse import write
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.migrate import migrate
from tests.reports.stored import outcome

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


def found(home: Path, contact: str = "") -> dict[str, tuple[str, str]]:
    """What → (state, the last that was said of it)."""
    return {f.what: (f.state, f.says) for f in examine(Settings(home=home, contact=contact), now=NOW)}


def test_a_new_home_says_what_is_left_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is wrong with it; keys, accounts, a contact and a run are wanting."""
    monkeypatch.delenv("CVR_LOGIN", raising=False)
    make_home(tmp_path / "home", "dk")
    says = found(tmp_path / "home")
    assert {what for what, (state, _) in says.items() if state == "ok"} == {"sources", "profiles"}
    assert says["keys"][1].startswith("cvr-changed is refused without CVR_LOGIN, from ")
    assert "salestrigger import accounts" in says["accounts"][1]
    assert "SALESTRIGGER_CONTACT" in says["contact"][1]
    assert says["runs"][1].startswith("there was none yet")
    assert "contact" not in found(tmp_path / "home", contact="ops@havglimt.example")
    result = CliRunner().invoke(app, ["doctor", "--home", str(tmp_path / "home")])
    assert result.exit_code == 0
    assert "cvr-changed" in result.output


def test_what_stops_a_run_is_wrong_and_named_with_its_file(tmp_path: Path) -> None:
    """A source, a profile and a list that cannot be read; an empty folder."""
    home = tmp_path / "home"
    make_home(home, "dk")
    (home / "accounts.csv").write_text("company\nHavglimt\n", encoding="utf-8")
    assert found(home)["accounts"][0] == "wrong"
    assert "accounts.csv" in found(home)["accounts"][1]
    (home / "sources" / "borsen-dk.toml").write_text("titel = 1\n", encoding="utf-8")
    (home / "icp_profiles" / "companies-dk.toml").write_text("titel = 1\n", encoding="utf-8")
    says = found(home)
    assert says["sources"][0] == says["profiles"][0] == "wrong"
    assert "borsen-dk.toml" in says["sources"][1]
    assert "companies-dk.toml" in says["profiles"][1]
    result = CliRunner().invoke(app, ["doctor", "--home", str(home)])
    assert result.exit_code == 2
    (tmp_path / "empty").mkdir()
    assert found(tmp_path / "empty")["sources"][0] == "wrong"


def test_only_what_is_switched_on_is_trouble(tmp_path: Path) -> None:
    """A source that failed and was switched off since is nobody's business any more."""
    home = tmp_path / "home"
    make_home(home, "dk")
    published = home / "var" / "published" / "salestrigger.duckdb"
    published.parent.mkdir(parents=True)
    specs = {name: spec for name, spec in load_catalog(home / "sources").items() if name in ("dr-fyn", "borsen-dk")}
    with Warehouse.open(published) as warehouse:
        migrate(warehouse)
        run = write.start_run(warehouse, as_of=NOW)
        for spec, status in ((specs["dr-fyn"], "ok"), (specs["borsen-dk"], "failed")):
            write.store_collected(warehouse, run, outcome(spec, Collected(), status, at=NOW), spec)  # type: ignore[arg-type]
    assert not specs["borsen-dk"].enabled
    assert {"failing", "network", "feed broke?"}.isdisjoint(found(home))


def test_a_home_that_cannot_be_written_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No run can store there."""
    make_home(tmp_path / "home", "dk")
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert found(tmp_path / "home")["home"][0] == "wrong"
