"""The analysts' snapshot: whole, checked, swapped in under readers' feet without their noticing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from salestrigger.sources.errors import StorageError, UsageError, WarehouseError
from salestrigger.sources.records import Collected
from salestrigger.warehouse import read, write
from salestrigger.warehouse.checks import run_checks
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.publish import publish
from salestrigger.warehouse.shell import ask
from tests.warehouse import examples as ex

READER = """
import sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
print(con.execute("SELECT count(*) FROM documents").fetchone()[0], flush=True)
for _ in sys.stdin:
    count = con.execute("SELECT count(*) FROM documents").fetchone()[0]
    print(count, con.execute("FROM trigger_feed").fetchall(), flush=True)
"""


def collect(wh: Warehouse, key: str) -> None:
    """One more document."""
    run = write.start_run(wh, as_of=ex.DAY1)
    write.store_collected(wh, run, ex.outcome(ex.NEWS, Collected(documents=(ex.document(key),))), ex.NEWS)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where the snapshot goes; the folder does not exist yet."""
    return tmp_path / "published" / "salestrigger.duckdb"


def test_readers_keep_working_while_it_is_written_and_published(wh: Warehouse, target: Path) -> None:
    """A reader in another process keeps its own snapshot; a new one sees the new; nobody gets an error."""
    collect(wh, "a1")
    assert publish(wh, target) == target
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(target)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        assert reader.stdout.readline() == "1\n"
        for key in ("a2", "a3"):
            collect(wh, key)
            publish(wh, target)
            reader.stdin.write("again\n")
            reader.stdin.flush()
            assert reader.stdout.readline() == "1 []\n"
        reader.stdin.close()
    with Warehouse.open(target, read_only=True) as snapshot:
        assert snapshot.relation("documents").num_rows == 3


def test_the_snapshot_has_views_and_comments_and_nothing_beside_it(wh: Warehouse, target: Path) -> None:
    """Analysts find the explanations; no log, no lock, no staging file is left in either folder."""
    collect(wh, "a1")
    publish(wh, target)
    with duckdb.connect(str(target), read_only=True) as analyst:
        assert analyst.execute("SELECT count(*) FROM source_health").fetchone() == (1,)
        views = analyst.execute("SELECT view_name, comment FROM duckdb_views() WHERE NOT internal").fetchall()
        columns = analyst.execute(
            "SELECT count(*) FROM duckdb_columns() WHERE NOT internal AND comment IS NULL"
        ).fetchone()
    assert len(views) == 10
    assert all(comment for _, comment in views)
    assert columns == (0,)
    assert list(target.parent.iterdir()) == [target]
    assert sorted(p.name for p in wh.path.parent.iterdir() if not p.name.endswith(".wal")) == [
        "warehouse.duckdb", "warehouse.duckdb.lock",
    ]  # fmt: skip


def test_the_working_file_can_be_written_after_publishing(wh: Warehouse, target: Path) -> None:
    """Publishing leaves the connection where it was."""
    publish(wh, target)
    collect(wh, "a1")
    assert wh.select("SELECT current_database() AS db").column("db").to_pylist() == ["warehouse"]
    publish(wh, target)


def test_a_failing_check_keeps_the_last_good_snapshot(wh: Warehouse, target: Path) -> None:
    """The message names the check; nothing is left behind."""
    collect(wh, "a1")
    publish(wh, target)
    wh.script(
        "INSERT INTO organization_links VALUES ('NO-BRC-1', 'org_x', 'own', 1.0, now()::TIMESTAMP, NULL, 'run_x')"
    )
    with pytest.raises(WarehouseError, match="orphans"):
        publish(wh, target)
    assert not wh.staging_path.exists()
    with Warehouse.open(target, read_only=True) as snapshot:
        assert snapshot.relation("organization_links").num_rows == 0


def test_what_a_crash_left_is_replaced(wh: Warehouse, target: Path) -> None:
    """A half-written staging file of a run that was cut off does no harm."""
    wh.staging_path.write_bytes(b"half a database")
    Path(f"{wh.staging_path}.wal").write_bytes(b"and its log")
    publish(wh, target)
    assert not wh.staging_path.exists()
    assert run_checks(wh) == []


def test_a_target_that_cannot_be_written_is_a_storage_error(wh: Warehouse, tmp_path: Path) -> None:
    """A file where the folder should be; a folder where the file should be."""
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    for target in (tmp_path / "file" / "s.duckdb", tmp_path / "folder"):
        with pytest.raises(StorageError, match=target.name):
            publish(wh, target)
    assert not wh.staging_path.exists()


def test_reports_read_the_snapshot_as_they_would_the_working_file(wh: Warehouse, target: Path) -> None:
    """Every reading function works on a read-only snapshot."""
    collect(wh, "a1")
    publish(wh, target)
    with Warehouse.open(target, read_only=True) as snapshot:
        assert read.universe_line(snapshot).endswith("pending: 1 documents, 0 register changes")
        assert read.trigger_rows(snapshot) == []
        assert run_checks(snapshot) == []


def test_an_analyst_may_ask_and_is_told_what_is_wrong(wh: Warehouse, target: Path) -> None:
    """An answer has columns and rows; a bad statement is a usage error in DuckDB's words."""
    collect(wh, "a1")
    publish(wh, target)
    with Warehouse.open(target, read_only=True) as snapshot:
        assert ask(snapshot, "SELECT source_id, 1 AS n FROM documents") == (["source_id", "n"], [("kyst-news", 1)])
        for wrong in ("SELEC 1", "FROM nothing", "DELETE FROM documents", "SELECT * FROM read_text('/etc/hostname')"):
            with pytest.raises(UsageError, match="cannot answer"):
                ask(snapshot, wrong)
