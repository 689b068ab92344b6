"""Open the warehouse: the only place that spells a database address and quotes it (ATTACH takes no parameters).

::

    Warehouse.open(path) ─► flock on <path>.lock (writers) ─► DuckDB in memory ─► ATTACH path ─► settings ─► locked

One writer at a time: a second one gets BusyError at once instead of waiting. After opening, the connection can read and
write this database and its own staging copy for publishing and nothing else: no other file, no network, no extension,
and these settings can no longer be changed.

One ``Warehouse`` is one connection. It may be handed from thread to thread: calls are serialised by a lock, and a
transaction belongs to the thread that began it until it ends. It cannot be sent to another process.

This module does not know any table.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

from salestrigger.sources.errors import BusyError, StorageError
from salestrigger.warehouse.faults import storage_errors

#: The catalogue name under which the database is attached; no stored view may spell it.
CATALOG = "warehouse"

#: The oldest storage format that holds what we store: analysts with DuckDB 1.0 and later can read the snapshot.
STORAGE_VERSION = "v1.0.0"

#: What DuckDB may spill to disk before a query fails (its own default is 90 % of what is free).
MAX_SPILL = "20GB"

#: DuckDB keeps these beside a database file (write-ahead log, and two names during checkpoint and recovery).
COMPANIONS = ("", ".wal", ".wal.checkpoint", ".wal.recovery")


@cache
def sql_text(package: str, name: str) -> str:
    """The text of ``salestrigger/warehouse/<package>/<name>.sql``."""
    return (resources.files("salestrigger.warehouse") / package / f"{name}.sql").read_text(encoding="utf-8")


def sql_names(package: str) -> list[str]:
    """The names (without ``.sql``) of all files of a package, in name order."""
    entries = (resources.files("salestrigger.warehouse") / package).iterdir()
    return sorted(entry.name.removesuffix(".sql") for entry in entries if entry.name.endswith(".sql"))


class Warehouse:
    """One open database: a context manager, made by :meth:`open`."""

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection, *, read_only: bool, lock: int | None) -> None:
        self.path, self.read_only = path, read_only
        self._connection, self._lock_file = connection, lock
        self._guard = threading.RLock()
        self._depth = 0

    @classmethod
    def open(
        cls, path: Path | str, *, read_only: bool = False, memory_limit: str = "1GB", threads: int = 2
    ) -> Warehouse:
        """Open (a writer also creates) the database at ``path``.

        Raises:
            BusyError: another process is writing (or, for a writer, has the file open).
            SchemaError: the file was written by a newer DuckDB than ours.
            StorageError: absent (read-only), no permission, disk full, or not an undamaged database.
        """
        path = Path(path).absolute()
        lock = None if read_only else _take_lock(path)
        try:
            connection = _connect(path, read_only=read_only, memory_limit=memory_limit, threads=threads)
        except BaseException:
            _release(lock)
            raise
        return cls(path, connection, read_only=read_only, lock=lock)

    def __enter__(self) -> Warehouse:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back the connection and the lock; closing twice is harmless."""
        with self._guard:
            self._connection.close()
            _release(self._lock_file)
            self._lock_file = None

    @property
    def staging_path(self) -> Path:
        """The one other database that this connection may attach: where a snapshot is prepared."""
        return staging_path(self.path)

    def script(self, text: str) -> None:
        """Run statements without parameters and without results (migrations, views).

        Raises:
            StorageError: the disk or the file failed.
        """
        with self._guard, storage_errors(self.path):
            self._connection.execute(text)

    def select(self, text: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """The result of one statement given as text; values only as ``$named`` parameters.

        Raises:
            StorageError: the disk or the file failed.
        """
        with self._guard, storage_errors(self.path):
            result = self._connection.execute(text, dict(parameters or {}))
            return result.to_arrow_table()

    def query(self, name: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """The result of ``queries/<name>.sql``."""
        return self.select(sql_text("queries", name), parameters)

    def rows(self, name: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The result of ``queries/<name>.sql`` as dicts."""
        rows: list[dict[str, Any]] = self.query(name, parameters).to_pylist()
        return rows

    def execute_file(self, name: str, parameters: Mapping[str, Any] | None = None) -> int:
        """Run ``queries/<name>.sql`` for its effect; the number of rows it changed.

        Raises:
            StorageError: the disk or the file failed.
        """
        with self._guard, storage_errors(self.path):
            row = self._connection.execute(sql_text("queries", name), dict(parameters or {})).fetchone()
            return int(row[0]) if row and isinstance(row[0], int) else 0

    def relation(self, name: str) -> pa.Table:
        """A whole table or view by its name."""
        with self._guard, storage_errors(self.path):
            return self._connection.table(name).to_arrow_table()

    @contextmanager
    def staged(self, relations: Mapping[str, pa.Table]) -> Iterator[None]:
        """The given tables under the given names (``staged_…``) for the statements within."""
        with self._guard:
            for name, table in relations.items():
                self._connection.register(name, table)
            try:
                yield
            finally:
                for name in relations:
                    self._connection.unregister(name)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; a transaction within a transaction is part of the outer one.

        Raises:
            StorageError: the disk or the file failed; nothing of it is stored.
        """
        with self._guard:
            if self._depth:
                yield
                return
            self.script("BEGIN TRANSACTION")
            self._depth = 1
            try:
                yield
                self.script("COMMIT")
            except BaseException:
                self._roll_back()
                raise
            finally:
                self._depth = 0

    @contextmanager
    def snapshot(self) -> Iterator[Path]:
        """A new database at ``staging_path``, attached as ``published`` for the statements within, then detached.

        What was there before (left by a crash) is removed first.
        """
        with self._guard:
            for suffix in COMPANIONS:
                Path(f"{self.staging_path}{suffix}").unlink(missing_ok=True)
            address = _quoted(self.staging_path)
            self.script("ATTACH " + address + " AS published (STORAGE_VERSION '" + STORAGE_VERSION + "')")
            try:
                yield self.staging_path
            finally:
                self.script("USE " + CATALOG)
                self.script("DETACH published")

    def _roll_back(self) -> None:
        try:
            self._connection.execute("ROLLBACK")
        except duckdb.Error:
            # the failure that brought us here has already ended the transaction (a fatal error, a failed commit)
            return


def staging_path(path: Path) -> Path:
    """Where the snapshot of the database at ``path`` is prepared: beside it, so that a rename can publish it."""
    return path.with_name(path.name + ".publishing")


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _connect(path: Path, *, read_only: bool, memory_limit: str, threads: int) -> duckdb.DuckDBPyConnection:
    """An in-memory instance with the database attached, and every door closed behind it."""
    spill = Path(tempfile.gettempdir()) / f"salestrigger-{os.getpid()}" if read_only else f"{path}.spill"
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory_limit,
            "threads": threads,
            "temp_directory": str(spill),
            "max_temp_directory_size": MAX_SPILL,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
        },
    )
    options = "READ_ONLY" if read_only else "STORAGE_VERSION '" + STORAGE_VERSION + "'"
    allowed = (Path(f"{base}{suffix}") for base in (path, staging_path(path)) for suffix in COMPANIONS)
    try:
        with storage_errors(path):
            connection.execute("ATTACH " + _quoted(path) + " AS " + CATALOG + " (" + options + ")")
            connection.execute("USE " + CATALOG)
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute("SET python_enable_replacements = false")
            connection.execute("SET allowed_paths = [" + ", ".join(map(_quoted, allowed)) + "]")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
    except BaseException:
        connection.close()
        raise
    return connection


def _take_lock(path: Path) -> int:
    """The writer's lock, held by the open file until it is closed or the process ends."""
    lock_path = Path(f"{path}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StorageError(f"cannot use {str(path)!r}: the folder cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
        os.close(descriptor)
        raise BusyError(f"cannot open {str(path)!r}: another run is at work (process {holder or '?'})") from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode("ascii"), 0)
    return descriptor


def _release(descriptor: int | None) -> None:
    if descriptor is not None:
        os.close(descriptor)
