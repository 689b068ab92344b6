"""Account over segment over territory, on a day, with deputies; a reassignment moves what is open."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from salestrigger.flows.cli import app
from salestrigger.flows.profile_owners import (
    absences_from,
    assignments_from,
    hand_over,
    store,
)
from salestrigger.matchers.owners import Absence, Assignment, Owners, clashes, reassigned
from salestrigger.sources.errors import DeclarationError, UsageError
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.migrate import migrate
from salestrigger.warehouse.owners import read_owners
from salestrigger.warehouse.publish import publish
from tests.matchers.qualifying import organization

DAY, SOON = date(2026, 9, 7), date(2026, 9, 14)
ALL = (
    Assignment("territory", "NO", "Tor", date(2020, 1, 1)),
    Assignment("territory", "NO-0301", "Oda", date(2020, 1, 1)),
    Assignment("segment", "oslo", "Siv", date(2020, 1, 1), date(2026, 9, 10)),
    Assignment("account", "NO-BRC-999999999", "Ada", date(2026, 9, 12)),
)


def whose(owners: Owners, on: date, profile: str = "oslo") -> str:
    """Who acts for the one organisation."""
    return owners.of(organization(), profile, on).owner


def test_the_nearest_level_that_holds_decides() -> None:
    """Segment over municipality over country; the account from the day on which it is assigned."""
    owners = Owners(ALL)
    assert whose(owners, DAY) == "Siv"
    assert whose(owners, DAY, "another") == "Oda"
    assert whose(owners, date(2026, 9, 11)) == "Oda"
    assert whose(owners, SOON) == "Ada"
    assert whose(Owners(ALL[:1]), DAY) == "Tor"
    assert whose(Owners(()), DAY) == ""


def test_deputies_stand_in_while_the_owner_is_away() -> None:
    """A deputy who is away has one too; two who stand in for each other end the search."""
    away = (Absence("Siv", "Oda", DAY, DAY), Absence("Oda", "Tor", DAY, DAY))
    found = Owners(ALL, away).of(organization(), "oslo", DAY)
    assert (found.owner, found.stands_in_for, found.level, found.subject) == ("Tor", "Siv", "segment", "oslo")
    circle = (Absence("Siv", "Oda", DAY, DAY), Absence("Oda", "Siv", DAY, DAY))
    assert whose(Owners(ALL, circle), DAY) == "Oda"
    assert whose(Owners(ALL, away), date(2026, 9, 8)) == "Siv"


@given(st.dates(date(2025, 1, 1), date(2027, 1, 1)), st.dates(date(2025, 1, 1), date(2027, 1, 1)))
def test_a_reassignment_moves_everything_from_its_day_on(on: date, asked: date) -> None:
    """Before the day nothing changes, from then on it is the new owner's, and nobody owns anything twice."""
    after = reassigned(ALL, old="Siv", new="Per", on=on)
    was, now = whose(Owners(ALL), asked), whose(Owners(after), asked)
    assert now == ("Per" if was == "Siv" and asked >= on else was)
    assert clashes(after) == []


def test_a_table_of_owners_is_stored_whole_and_handed_over(tmp_path: Path) -> None:
    """From the file to the answer; a hand-over closes the old assignments and opens new ones."""
    (path := tmp_path / "owners.csv").write_text(
        "level,subject,owner,valid_from\nsegment,oslo,Siv,2026-01-01\nterritory,NO,Tor,\n", encoding="utf-8"
    )
    (away := tmp_path / "away.csv").write_text(
        "owner,deputy,from,to\nSiv,Tor,2026-09-14,2026-09-20\n", encoding="utf-8"
    )
    with Warehouse.open(tmp_path / "warehouse.duckdb") as wh:
        migrate(wh)
        says = store(wh, assignments_from(path), absences_from(away), path.name)
        assert says == "2 assignments: 0 account, 1 segment, 1 territory"
        assert (whose(read_owners(wh), DAY), whose(read_owners(wh), SOON)) == ("Siv", "Tor")
        assert hand_over(wh, old="Siv", new="Per", on=SOON) == "1 assignments of 'Siv' are 'Per''s from 2026-09-14 on"
        assert (whose(read_owners(wh), DAY), whose(read_owners(wh), SOON)) == ("Siv", "Per")
        assert len(read_owners(wh).assignments) == 3
        with pytest.raises(UsageError, match="'Nobody' owns nothing"):
            hand_over(wh, old="Nobody", new="Per", on=SOON)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("region,NO,Siv,,", r"row 1: level: 'region' is not allowed; allowed: account, segment, territory"),
        ("segment,,Siv,,", r"row 1: subject: missing"),
        ("segment,oslo,,,", r"row 1: owner: missing"),
        ("segment,oslo,Siv,monday,", r"row 1: valid_from: 'monday' is no day"),
        ("segment,oslo,Siv,2026-02-01,2026-01-01", r"row 1: valid_to: impossible time"),
        ("segment,oslo,Siv,,\nsegment,oslo,Per,2026-01-01,", r"row 2: owner: 'Per' and 'Siv' both own segment 'oslo'"),
    ],
)
def test_wrong_owners_are_refused(tmp_path: Path, lines: str, problem: str) -> None:
    """File, row, key, value and what is allowed; two owners at one level on one day too."""
    (path := tmp_path / "owners.csv").write_text(
        f"level,subject,owner,valid_from,valid_to\n{lines}\n", encoding="utf-8"
    )
    with pytest.raises(DeclarationError, match=problem):
        assignments_from(path)


def test_wrong_absences_are_refused(tmp_path: Path) -> None:
    """Nobody stands in for himself."""
    (path := tmp_path / "away.csv").write_text(
        "owner,deputy,from,to\nSiv,Siv,2026-01-01,2026-01-02\n", encoding="utf-8"
    )
    with pytest.raises(DeclarationError, match="row 1: needs an owner, another deputy"):
        absences_from(path)


def test_owners_by_the_command_are_known_at_once(tmp_path: Path) -> None:
    """Stored, listed, with absences alone, handed over; the snapshot that reports read has them too."""
    data = tmp_path / "var"
    data.mkdir()
    with Warehouse.open(data / "warehouse.duckdb") as warehouse:
        migrate(warehouse)
        publish(warehouse, data / "published" / "salestrigger.duckdb")
    (table := tmp_path / "own.csv").write_text("level,subject,owner\nterritory,NO,Siv\n", encoding="utf-8")
    (away := tmp_path / "away.csv").write_text(
        "owner,deputy,from,to\nSiv,Per,2099-01-01,2099-02-01\n", encoding="utf-8"
    )

    def said(*arguments: str) -> str:
        answer = CliRunner().invoke(app, ["profile", "owners", *arguments, "--home", str(tmp_path)])
        assert answer.exit_code == 0, answer.output
        return answer.output

    assert "nobody owns anything" in said()
    assert "1 territory" in said(str(table))
    assert "1 absences" in said("--absences", str(away))
    assert said().splitlines() == [
        "territory  NO  Siv", "absence    Siv  Per stands in  from 2099-01-01  to 2099-02-01",
    ]  # fmt: skip
    said("--hand-over", "Siv", "Ada", "--on", "2026-09-14")
    with Warehouse.open(data / "published" / "salestrigger.duckdb", read_only=True) as snapshot:
        assert whose(read_owners(snapshot), DAY) == "Siv"
        assert whose(read_owners(snapshot), SOON) == "Ada"
