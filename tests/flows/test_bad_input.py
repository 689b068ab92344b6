"""Wrong input ends with one clear message and the right exit code, and nothing is lost."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from salestrigger.flows import cli, cli_run


def command(*arguments: str, home: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a person runs it."""
    env = {**os.environ, **environment} | ({"SALESTRIGGER_HOME": str(home)} if home else {})
    return subprocess.run(
        [sys.executable, "-m", "salestrigger", *arguments], capture_output=True, text=True, env=env, check=False
    )


def refused(done: subprocess.CompletedProcess[str], code: int, *says: str) -> None:
    """One line on stderr with everything that a person needs, no traceback."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    for word in says:
        assert word in done.stderr, done.stderr


@pytest.fixture
def norway(tmp_path: Path) -> Path:
    """A home as `init` makes it, with a list of accounts as its only source."""
    home = tmp_path / "home"
    assert command("init", str(home), "--market", "no").returncode == 0
    for path in (home / "sources").glob("*.toml"):
        if path.stem != "accounts":
            path.unlink()
    (home / "accounts.csv").write_text("org_id,name,country\n1,Fjellbro Teknikk AS,NO\n", encoding="utf-8")
    return home


def test_a_home_from_init_runs(norway: Path) -> None:
    """The accounts alone are enough for a run, and the report says why it is quiet."""
    done = command("run", "--no-prefect", home=norway)
    assert done.returncode == 0, done.stderr
    assert "1 register records" in done.stdout


def test_init_twice_and_an_unknown_market(norway: Path, tmp_path: Path) -> None:
    """Nothing is overwritten, and the markets are listed."""
    refused(command("init", str(norway), "--market", "no"), 2, "already has sources/")
    refused(command("init", str(tmp_path / "x"), "--market", "be"), 2, "unknown market 'be'", "nl, no")


def test_no_source_is_switched_on(tmp_path: Path) -> None:
    """An empty folder is no home: the message says how to make one."""
    refused(command("run", "--no-prefect", home=tmp_path), 2, "no source is switched on", "salestrigger init")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title = 'x'\ntitle = 'y'\n", ("not valid TOML", "accounts.toml")),
        ("title = 'x'\n", ("accounts.toml", "missing")),
        ("adapter = 'fax'\ntitle='x'\nurl='a.csv'\ntrust='user'\nlicence='own'\n", ("'fax'", "known: accounts, ")),
        ("adapter='accounts'\ntitle='x'\nurl='a.csv'\ntrust='mine'\nlicence='own'\n", ("trust", "'mine'", "'user'")),
        ("colour=1\nadapter='accounts'\ntitle='x'\nurl='a.csv'\ntrust='user'\nlicence='own'\n", ("colour", "unknown")),
    ],
)
def test_a_wrong_source_file(norway: Path, text: str, says: tuple[str, ...]) -> None:
    """File, key, value and what is allowed; nothing was stored."""
    (norway / "sources" / "accounts.toml").write_text(text, encoding="utf-8")
    refused(command("run", "--no-prefect", home=norway), 2, *says)
    assert not (norway / "var" / "warehouse.duckdb").exists()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("min = 20\nmax = 250", "min = 250\nmax = 20", ("criteria", "250")),
        ("relocation = 1.0", "relocatoin = 1.0", ("event_types", "relocatoin", "relocation")),
        ('kind = "municipality"', 'kind = "moon"', ("'moon'", "municipality")),
        ('need = "must"', 'need = "wish"', ("'wish'", "must")),
        ("[thresholds]", "[treshholds]", ("treshholds",)),
        ('legal_form = "AS"\nindustry = "43.210"', 'legal_form = "ANS"\nindustry = "43.210"', ("examples.fit",)),
    ],
)
def test_a_wrong_profile(norway: Path, old: str, new: str, says: tuple[str, ...]) -> None:
    """A profile that cannot be meant so is refused before anything is fetched."""
    path = norway / "icp_profiles" / "facility-services-norway.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    refused(command("run", "--no-prefect", home=norway), 2, "facility-services-norway.toml", *says)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("org_id,name,employees\n1,Fjellbro AS,many\n", ("accounts.csv", "employees", "'many'")),
        ("org_id,nam\n1,Fjellbro\n", ("accounts.csv", "name")),
        ('org_id,name\n1,"Fjellbro\n2,Skog AS\n', ("accounts.csv",)),
        ("org_id,name\n1,Fjellbro AS\n1,Skog AS\n", ("accounts.csv", "'1'")),
    ],
)
def test_wrong_accounts(norway: Path, text: str, says: tuple[str, ...]) -> None:
    """The list names the file and the row; what was known before stays known."""
    assert command("run", "--no-prefect", home=norway).returncode == 0
    (norway / "accounts.csv").write_text(text, encoding="utf-8")
    done = command("run", "--no-prefect", home=norway)
    assert done.returncode in (2, 3), done.stderr
    for word in says:
        assert word in done.stderr + done.stdout, done.stderr + done.stdout
    with duckdb.connect(str(norway / "var" / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM organizations").fetchall() == [(1,)]


def test_no_profile_is_switched_on(norway: Path) -> None:
    """Without a profile nothing could be told, so nothing is read either."""
    (norway / "icp_profiles" / "facility-services-norway.toml").unlink()
    refused(command("run", "--no-prefect", home=norway), 2, "no profile is switched on", "icp_profiles/")
    assert not (norway / "var" / "warehouse.duckdb").exists()


def test_options_that_belong_to_others(norway: Path) -> None:
    """An option that would be ignored is refused."""
    refused(command("run", "--day", "3", home=norway), 2, "--day belongs to --demo")
    refused(command("run", "--demo", "--day", "0", home=norway), 2, "day 0", "1 to 15")
    refused(command("run", "--replay-root", "x", home=norway), 2, "--replay-root belongs to --replay")


def test_unknown_names_on_the_command_line(norway: Path) -> None:
    """Sources, profiles, days, formats, times and triggers are checked, and the known ones listed."""
    refused(command("run", "--source", "nope", home=norway), 2, "unknown source 'nope'; allowed: accounts")
    refused(command("run", "--profile", "nope", home=norway), 2, "unknown profile 'nope'", "facility-services-norway")
    refused(command("run", "--demo", "--day", "16", home=norway), 2, "day 16", "1 to 15")
    refused(command("run", "--as-of", "yesterday", home=norway), 2, "'yesterday'", "ISO")
    refused(command("report", home=norway), 2, "nothing is published yet")
    refused(command("schedule", "--timezone", "Norway/Oslo", home=norway), 2, "'Norway/Oslo'", "IANA")
    refused(command("schedule", "--at", "25:00", home=norway), 2, "'25:00'", "06:30")


def test_a_database_of_a_newer_version(norway: Path) -> None:
    """It is refused untouched, with both versions named."""
    assert command("run", "--no-prefect", home=norway).returncode == 0
    database = norway / "var" / "warehouse.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("INSERT INTO schema_migrations VALUES (99, '0099_later', 'x')")
    refused(command("run", "--no-prefect", home=norway), 74, "99")


def test_a_busy_database(norway: Path) -> None:
    """A second run ends at once with 75 and says that another is at work."""
    from salestrigger.warehouse.connect import Warehouse

    assert command("run", "--no-prefect", home=norway).returncode == 0
    with Warehouse.open(norway / "var" / "warehouse.duckdb"):
        refused(command("run", "--no-prefect", home=norway), 75, "another run is at work")


def test_a_damaged_database(norway: Path) -> None:
    """A file that is no database is named, and left as it is."""
    (norway / "var").mkdir()
    (norway / "var" / "warehouse.duckdb").write_text("not a database" * 1000, encoding="utf-8")
    refused(command("run", "--no-prefect", home=norway), 74, "warehouse.duckdb")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere; run as another user to see this")
def test_a_read_only_directory(norway: Path) -> None:
    """No permission is said in words, with the path."""
    (norway / "var").mkdir(mode=0o555)
    refused(command("run", "--no-prefect", home=norway), 74, "cannot be written")


def test_a_directory_that_cannot_be_made(norway: Path) -> None:
    """A file where the data folder should be is a storage error, also for root."""
    (norway / "var").write_text("in the way", encoding="utf-8")
    refused(command("run", "--no-prefect", home=norway), 74, "var")


def test_wrong_files_for_match_detect_and_fit(tmp_path: Path) -> None:
    """Missing files, missing columns, lines that are no JSON: file, line and key."""
    universe, out = tmp_path / "universe.csv", str(tmp_path / "out.csv")
    universe.write_text("org_id,title\n1,x\n", encoding="utf-8")
    refused(command("match", str(universe), str(universe), "-o", out), 2, "universe.csv", "name")
    refused(command("match", str(tmp_path / "no.csv"), str(universe), "-o", out), 2, "no.csv", "no such file")
    refused(command("match", str(tmp_path / "no.xls"), str(universe), "-o", out), 2, "no.xls", "csv")
    refused(command("match", str(universe), "--duplicates", "--one-to-one", "-o", out), 2, "--one-to-one")
    refused(command("match", str(universe), str(universe), "--explain", "x"), 2, "--explain", "alone")
    documents = tmp_path / "documents.jsonl"
    documents.write_text('{"document_id": "1", "title": "x"}\n', encoding="utf-8")
    refused(command("detect", str(documents), "-o", out), 2, "documents.jsonl", "line 1", "text")
    universe.write_text("org_id,name\n1,Fjellbro AS\n", encoding="utf-8")
    refused(command("fit", str(universe), "--profile", "nope", "-o", out), 2, "unknown profile 'nope'")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_disk_that_refuses_is_no_fault_of_ours(
    number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whichever command meets it: the file, what the system says, and the exit code of storage."""

    def refusing() -> None:
        raise OSError(number, os.strerror(number), "/home/us/sources/x.toml")

    monkeypatch.setattr(cli, "app", refusing)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 74
    assert capsys.readouterr().err == (f"salestrigger: cannot write '/home/us/sources/x.toml': {os.strerror(number)}\n")


def test_a_source_that_answers_nothing_is_not_recorded(norway: Path, tmp_path: Path) -> None:
    """No empty recording is said to be one."""
    (norway / "sources" / "gone.toml").write_text(
        "adapter='feed'\ntitle='Gone'\nurl='http://gone.invalid/feed'\ntrust='press'\nlicence='own'\n", encoding="utf-8"
    )
    done = command("sources", "record", "gone", "-o", str(tmp_path / "recording"), home=norway)
    assert done.returncode == 3, done.stderr
    assert "nothing was answered: nothing is recorded" in done.stdout
    assert "serve it with" not in done.stdout


def test_sources_with_one_trouble_share_a_line() -> None:
    """Twenty lines about a missing connection hide the one that matters, and an address may have thousands of signs."""
    down = [(name, "failed", f"dns: cannot fetch 'http://{name}.invalid/'") for name in ("one", "two", "three")]
    odd = ("odd", "malformed", f"malformed: {'x' * 2000}")
    lines = cli_run.failing_lines([*down, odd])
    assert lines[0] == "3 sources: the name cannot be resolved: one, two, three"
    assert lines[1].startswith("odd: it answered with something that we cannot read (malformed: xxx")
    assert len(lines[1]) < 400
