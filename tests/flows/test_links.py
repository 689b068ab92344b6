"""Accounts without a number, through the daily steps: linked when their name is sure, listed when it is not."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from salestrigger.flows.cli import app
from salestrigger.flows.place import RunRequest
from salestrigger.flows.settings import Settings
from salestrigger.flows.steps import open_run, run_plain


def run_with(home: Path, accounts: Path, day: int) -> None:
    """A demo day with accounts of one's own."""
    with open_run(Settings(home=home, runner="local"), RunRequest(demo_day=day)) as run:
        specs = dict(run.place.specs)
        changed = specs["demo-accounts"].model_copy(update={"url": str(accounts)})
        object.__setattr__(run.place, "specs", {**specs, "demo-accounts": changed})
        run_plain(run)


@pytest.mark.slow
def test_accounts_are_identified_by_name_in_the_daily_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sure name is linked to the register's record and tells its triggers as an account's; others are separate."""
    home, accounts = tmp_path / "home", tmp_path / "accounts.csv"
    monkeypatch.setenv("SALESTRIGGER_HOME", str(home))
    rows = (
        "org_id,name,country,relation",
        "A1,Skoddfjell Entreprenør,NO,account",
        "A2,Helt Ukjent Firma,NO,account",
        "",
    )
    accounts.write_text("\n".join(rows), encoding="utf-8")
    run_with(home, accounts, 1)
    published = home / "var" / "demo" / "published" / "salestrigger.duckdb"
    with duckdb.connect(str(published), read_only=True) as connection:
        found = connection.execute(
            "SELECT o.name, o.relation, o.record_count FROM organization_ids AS i JOIN organizations_current AS o "
            "USING (organization_id) WHERE i.scheme = 'ACCOUNT' ORDER BY i.identifier"
        ).fetchall()
    assert found == [("SKODDFJELL ENTREPRENØR AS", "account", 2), ("Helt Ukjent Firma", "account", 1)]
    result = CliRunner().invoke(app, ["links", "list", "--demo"])
    assert result.exit_code == 0
    run_with(home, accounts, 2)  # the next day goes on
