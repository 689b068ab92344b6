"""Working on a profile over the stored warehouse: list, check, learn, backtest, diff."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from salestrigger.flows.cli import app
from salestrigger.flows.profile_history import replay
from salestrigger.flows.profile_learn import learned
from salestrigger.flows.profiles import Stored, backtested, checked, compare, diffed, find, open_stored
from salestrigger.icp_profiles.profile import default_folder, load_profiles
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.sources.errors import DeclarationError, UsageError
from salestrigger.warehouse import read

NORWAY = "facility-services-norway"
SHIPPED = default_folder()


@pytest.fixture(scope="module")
def stored(first_day: Path) -> Iterator[Stored]:
    """What the first demo day published."""
    with open_stored(first_day / "var/demo/published/salestrigger.duckdb") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the shipped profiles and a wider copy of one."""
    target = Path(shutil.copytree(SHIPPED, tmp_path / "icp_profiles", ignore=shutil.ignore_patterns("*.py", "__*")))
    text = (target / f"{NORWAY}.toml").read_text(encoding="utf-8").split("[[examples.fit]]")[0]
    (target / "wider.toml").write_text(text.replace("min = 20\nmax = 250", "min = 5\nmax = 900"), encoding="utf-8")
    return target


def test_the_past_told_again_is_what_was_told(stored: Stored) -> None:
    """Under the same profiles the replay gives the stored triggers: effect, flipped criterion, reason, rank."""
    replayed = replay(stored.history, load_profiles(), load_lexicon())
    again = {key: t for triggers in replayed.values() for key, t in triggers.items()}
    was = read.triggers(stored.warehouse)
    assert set(again) == set(was)
    for key, trigger in was.items():
        told = again[key]
        assert (told.effect, told.flipped, told.held_back, told.rank) == (
            trigger.effect, trigger.flipped, trigger.held_back, trigger.rank,
        )  # fmt: skip


def test_check_counts_everybody_once(stored: Stored) -> None:
    """Each verdict and each criterion adds up to the universe; the triggers a week are told."""
    lines, is_right = checked(SHIPPED, [NORWAY], stored)
    assert is_right
    total = len(stored.organizations)
    assert f"{total} organisations" in lines[0]
    verdicts = lines[0].partition("organisations: ")[2]
    assert sum(map(int, re.findall(r"\d+", verdicts))) == total
    for line in lines[1:8]:
        met, failed, unknown = re.findall(r"(\d+) (?:met|not met|unknown)", line)[:3]
        assert int(met) + int(failed) + int(unknown) == total, line
    rate = "expected triggers a week: " if stored.history.weeks >= 1 else "triggers in "
    assert any(line.strip().startswith(rate) for line in lines)


def test_check_names_what_is_wrong(folder: Path, stored: Stored) -> None:
    """A wrong file is named with its key; the others are still counted."""
    path = folder / "wider.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("relocation = 1.0", "relocatoin = 1.0"), encoding="utf-8")
    lines, is_right = checked(folder, [], stored)
    assert not is_right
    assert "event_types.relocatoin" in lines[0]
    assert "did you mean 'relocation'?" in lines[0]
    assert any(line.startswith(NORWAY) for line in lines)


def test_a_version_against_itself_changes_nothing(stored: Stored) -> None:
    """No gain, no loss, and the same number by both."""
    profile = find(NORWAY, SHIPPED)
    found = compare(profile, profile, stored)
    assert (found.gained, found.lost) == ((), ())
    assert found.both > 0
    assert diffed(profile, profile, stored)[0] == "nothing that changes a fit or a trigger"


def test_a_wider_profile_gains_and_says_what(folder: Path, stored: Stored) -> None:
    """More people fit and nobody is lost; the criterion is named with both ranges."""
    old, new = find(NORWAY, folder), find("wider", folder)
    lines = diffed(old, new, stored)
    assert lines[0] == "criterion 'size': 5 to 900 employees instead of 20 to 250 employees"
    counted = re.match(r"\+(\d+) organisations fit \((\d+) more, 0 fewer\), [+-][\d.]+ triggers", lines[1])
    assert counted is not None
    assert int(counted[1]) == int(counted[2]) > 0
    assert compare(old, new, stored).both == compare(new, old, stored).both
    assert "gained" in backtested(new, old, stored)[0]


def test_learning_from_customers_that_are_found(stored: Stored, tmp_path: Path) -> None:
    """Customers are found by number and by name; those that are not are named, and few of them prove nothing."""
    norwegian = [o for o in stored.organizations.values() if o.identifiers and o.get("country") == "NO"]
    known = [o for o in norwegian if not o.is_sole_proprietor][:2]  # a person is found by number alone
    path = tmp_path / "customers.csv"
    path.write_text(
        f"org_id,name\n{known[0].identifiers[0]},\n,{known[1].name}\n,Finnes Aldri Her AS\n", encoding="utf-8"
    )
    text, says = learned(path, stored)
    assert says[0].startswith("2 of 3 customers found")
    assert "Finnes Aldri Her AS" in says[1]
    assert "this proves nothing" in says[2]
    assert "2 customers are too few" in text


def test_a_list_without_customers_is_refused(stored: Stored, tmp_path: Path) -> None:
    """A file of which no column says who is meant is named."""
    path = tmp_path / "customers.csv"
    path.write_text("company\nFjellbro AS\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match="has no customers"):
        learned(path, stored)


def test_unknown_names_and_empty_homes_are_usage_errors(tmp_path: Path) -> None:
    """What is asked for and not there is said, with what is."""
    with pytest.raises(UsageError, match="unknown profile 'nobody'"):
        find("nobody", SHIPPED)
    with pytest.raises(UsageError, match="nothing is published yet"), open_stored(tmp_path / "none.duckdb"):
        pass


def test_the_commands(first_day: Path, folder: Path) -> None:
    """Each command prints and ends with 0; a wrong profile ends check with 2."""
    home = ["--demo", "--home", str(first_day)]
    wider = str(folder / "wider.toml")
    run = CliRunner().invoke
    for arguments in (["list"], ["check", NORWAY], ["backtest", NORWAY], ["diff", NORWAY, wider]):
        result = run(app, ["profile", *arguments, *home])
        assert (result.exit_code, bool(result.stdout)) == (0, True), (arguments, result.output)
    (folder / "wider.toml").write_text("title = 1", encoding="utf-8")
    assert run(app, ["profile", "check", wider, *home]).exit_code == 2
