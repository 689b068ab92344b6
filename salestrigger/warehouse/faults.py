"""DuckDB's and the system's errors about disk, lock and file, in our own words. Faults of ours pass as they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from salestrigger.sources.errors import BusyError, SchemaError, StorageError

_BUSY = ("could not set lock", "unique file handle conflict", "already attached")
_NEWER = ("we can only read versions", "unsupported storage version", "newer version of duckdb")
_STORAGE = (duckdb.IOException, duckdb.FatalException, duckdb.OutOfMemoryException, duckdb.InternalException)


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """DuckDB's errors about disk, lock and file in our own words; its other errors are faults of ours and pass.

    Raises:
        BusyError, SchemaError, StorageError: see :meth:`Warehouse.open`.
    """
    try:
        yield
    except (*_STORAGE, duckdb.BinderException, duckdb.SerializationException) as error:
        text = str(error)
        if any(word in text.lower() for word in _BUSY):
            raise BusyError(f"cannot open {str(path)!r}: another process has it open: {_first_line(text)}") from error
        if any(word in text.lower() for word in _NEWER):
            raise SchemaError(
                f"cannot open {str(path)!r}: written by a newer DuckDB than {duckdb.__version__}: {_first_line(text)}"
            ) from error
        if isinstance(error, duckdb.BinderException):
            raise
        raise StorageError(f"cannot use {str(path)!r}: {_cause(text)}: {_first_line(text)}") from error
    except OSError as error:
        raise StorageError(f"cannot use {str(path)!r}: {error.strerror or error}") from error


def _cause(text: str) -> str:
    """What a person can act on, by the words that DuckDB and the system use."""
    low = text.lower()
    if "no space left" in low or "file too large" in low or "disk quota" in low:
        return "the disk is full"
    if "permission denied" in low or "read-only file system" in low:
        return "no permission"
    if "does not exist" in low:
        return "no such database"
    if "corrupt" in low or "not a valid duckdb" in low or "could not read enough" in low or "checksum" in low:
        return "the file is damaged or no database"
    if "out of memory" in low or "failed to allocate" in low or "failed to offload" in low:
        return "out of memory and spill space"
    return "storage failed"


def _first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0]
