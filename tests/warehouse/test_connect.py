"""Opening a database: one writer, closed doors, and one clear message for each thing that can be wrong."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from salestrigger.sources.errors import BusyError, SchemaError, StorageError
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.faults import storage_errors
from salestrigger.warehouse.migrate import migrate

OPEN = """
import sys
from salestrigger.warehouse.connect import Warehouse
from salestrigger.sources.errors import SalestriggerError
try:
    with Warehouse.open(sys.argv[1], read_only=sys.argv[2] == "ro"):
        print("open")
except SalestriggerError as error:
    print(type(error).__name__, error)
    sys.exit(error.exit_code)
"""


def in_another_process(path: Path, mode: str) -> subprocess.CompletedProcess[str]:
    """What another process gets when it opens the database."""
    return subprocess.run(
        [sys.executable, "-c", OPEN, str(path), mode], capture_output=True, text=True, check=False, timeout=60
    )


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without root's right to write everywhere; a user who is not root has none to give up."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_second_writer_is_told_at_once_that_another_run_is_at_work(wh: Warehouse, path: Path) -> None:
    """Exit code 75, the file and the process that holds it, without waiting."""
    answer = in_another_process(path, "rw")
    assert answer.returncode == 75
    assert answer.stdout.startswith(f"BusyError cannot open {str(path)!r}")
    assert str(os.getpid()) in answer.stdout


def test_nobody_reads_the_working_file_while_it_is_written(wh: Warehouse, path: Path) -> None:
    """DuckDB's own lock error comes out as the same kind of error."""
    answer = in_another_process(path, "ro")
    assert (answer.returncode, answer.stdout.split()[0]) == (75, "BusyError")


def test_the_same_process_cannot_open_it_twice_either(wh: Warehouse, path: Path) -> None:
    """Neither as a writer nor as a reader."""
    with pytest.raises(BusyError, match="another run is at work"):
        Warehouse.open(path)
    with pytest.raises(BusyError):
        Warehouse.open(path, read_only=True)


def test_after_closing_the_next_one_can_write(path: Path) -> None:
    """The lock goes with the one who held it, also after an error within."""
    with pytest.raises(ZeroDivisionError), Warehouse.open(path):
        raise ZeroDivisionError
    with Warehouse.open(path) as warehouse:
        assert migrate(warehouse)


def test_a_read_only_folder_is_a_storage_error(path: Path) -> None:
    """The message names the database and says that the folder cannot be written."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        with as_nobody(), pytest.raises(StorageError, match="folder cannot be written") as caught:
            Warehouse.open(folder / "w.duckdb")
        folder.chmod(0o755)
    assert "w.duckdb" in str(caught.value)


@pytest.mark.parametrize("damage", ["not a database at all" * 200, "", "short"])
def test_a_damaged_file_is_a_storage_error(path: Path, damage: str) -> None:
    """Garbage is refused and left as it is; an empty file is refused by readers."""
    path.write_text(damage)
    with pytest.raises(StorageError) as caught:
        Warehouse.open(path, read_only=True)
    assert str(path) in str(caught.value)
    assert path.read_text() == damage


def test_a_flipped_bit_and_a_cut_file_are_storage_errors(path: Path) -> None:
    """What DuckDB's checksums find is told with the file's name."""
    with Warehouse.open(path) as warehouse:
        migrate(warehouse)
    good = path.read_bytes()
    flipped = bytearray(good)
    flipped[4200] ^= 4
    flipped[8300] ^= 4
    for damaged in (bytes(flipped), good[:5000]):
        path.write_bytes(damaged)
        with pytest.raises(StorageError, match="damaged"):
            Warehouse.open(path)


def test_a_file_of_a_newer_duckdb_is_a_schema_error(path: Path) -> None:
    """DuckDB says which versions it can read; we say which DuckDB we have."""
    with pytest.raises(SchemaError, match=duckdb.__version__), storage_errors(path):
        raise duckdb.IOException(
            "IO Error: Trying to read a database file with version number 999, "
            "but we can only read versions between 64 and 68."
        )


def test_a_missing_database_is_no_database_to_a_reader(path: Path) -> None:
    """A reader creates nothing."""
    with pytest.raises(StorageError, match="no such database"):
        Warehouse.open(path, read_only=True)
    assert list(path.parent.iterdir()) == []


def test_a_folder_in_its_place_is_a_storage_error(path: Path) -> None:
    """Also when the path is no file."""
    path.mkdir()
    with pytest.raises(StorageError):
        Warehouse.open(path)


def test_a_full_disk_is_a_storage_error_and_loses_nothing(path: Path) -> None:
    """A limit on the file's size stands in for a full disk; what was committed before is there afterwards."""
    script = """
import resource, signal, sys
from salestrigger.warehouse.connect import Warehouse
from salestrigger.sources.errors import StorageError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
warehouse = Warehouse.open(sys.argv[1])
warehouse.script("CREATE TABLE t AS SELECT 1::BIGINT AS n; CHECKPOINT")
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
try:
    with warehouse.transaction():
        warehouse.script("INSERT INTO t SELECT (random() * 1e15)::BIGINT FROM range(3000000)")
    warehouse.script("CHECKPOINT")
except StorageError as error:
    print(error)
    sys.exit(error.exit_code)
"""
    answer = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False, timeout=120
    )
    assert answer.returncode == 74, answer.stderr
    assert "the disk is full" in answer.stdout
    assert str(path) in answer.stdout
    with Warehouse.open(path) as warehouse:
        assert warehouse.select("SELECT count(*) AS n FROM t WHERE n = 1").column("n").to_pylist() == [1]


FORBIDDEN = (
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM glob('/etc/*')",
    "COPY (SELECT 1) TO '/tmp/leak.csv'",
    "ATTACH '/tmp/other.duckdb' AS other",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET memory_limit = '100GB'",
)


@pytest.mark.parametrize("read_only", [False, True])
def test_the_connection_reaches_nothing_but_its_database(migrated: Path, path: Path, read_only: bool) -> None:
    """No file, no network, no extension, and no way to open the door again."""
    shutil.copyfile(migrated, path)
    with Warehouse.open(path, read_only=read_only) as warehouse:
        for statement in FORBIDDEN:
            with pytest.raises(duckdb.Error):
                warehouse.script(statement)
    assert not Path("/tmp/leak.csv").exists()


def test_a_reader_cannot_write(migrated: Path, path: Path) -> None:
    """Read-only means read-only."""
    shutil.copyfile(migrated, path)
    with Warehouse.open(path, read_only=True) as warehouse, pytest.raises(duckdb.Error, match="read-only"):
        warehouse.script("DELETE FROM runs")


def test_times_are_utc_whatever_the_host_says(wh: Warehouse) -> None:
    """The connection's zone is set, not taken from the machine."""
    assert wh.select("SELECT current_setting('TimeZone') AS zone").column("zone").to_pylist() == ["UTC"]


def test_a_failed_transaction_leaves_nothing(wh: Warehouse) -> None:
    """Also when it failed within an inner one, and the next one works."""
    wh.script("CREATE TABLE t (n INTEGER)")

    def fail() -> None:
        with wh.transaction():
            wh.script("INSERT INTO t VALUES (1)")
            with wh.transaction():
                wh.script("INSERT INTO t VALUES (2)")
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with wh.transaction():
        wh.script("INSERT INTO t VALUES (3)")
    assert wh.relation("t").to_pylist() == [{"n": 3}]


def test_threads_take_turns(wh: Warehouse) -> None:
    """Transactions of several threads do not mix: each one sees its own rows only."""
    wh.script("CREATE TABLE t (thread INTEGER, n INTEGER)")
    problems: list[str] = []

    def work(thread: int) -> None:
        for _ in range(10):
            with wh.transaction(), wh.staged({"staged_x": pa.table({"n": [1, 2]})}):
                before = wh.relation("t").num_rows
                wh.select("INSERT INTO t SELECT $thread, n FROM staged_x", {"thread": thread})
                if wh.relation("t").num_rows != before + 2:
                    problems.append("another thread wrote in between")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (problems, wh.relation("t").num_rows) == ([], 80)
