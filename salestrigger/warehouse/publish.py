"""The analysts' snapshot: a compact copy, checked, then swapped in by rename.

::

    COPY FROM DATABASE ─► checks ─► fsync ─► rename over the old file ─► fsync of the folder

Readers who have the old file open keep it until they close it; a crash leaves the old file in place. Nobody but us ever
opens the working file.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from salestrigger.sources.errors import StorageError, WarehouseError
from salestrigger.warehouse.checks import run_checks
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.faults import storage_errors


def publish(wh: Warehouse, target: Path | str) -> Path:
    """Make the snapshot at ``target``, views and comments included; its path.

    Raises:
        WarehouseError: a check fails on the copy; the old snapshot stays.
        StorageError: the disk or the folder failed; the old snapshot stays.
    """
    target = Path(target).absolute()
    staging = _copy(wh)
    try:
        with storage_errors(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            _sync(staging)
            _swap(staging, target)
            _sync(target.parent)
    finally:
        staging.unlink(missing_ok=True)
    return target


def _copy(wh: Warehouse) -> Path:
    """The snapshot, not yet where readers look."""
    try:
        with wh.snapshot() as staging:
            wh.script("COPY FROM DATABASE warehouse TO published")
            wh.script("USE published")
            failures = run_checks(wh)
    except WarehouseError:
        wh.staging_path.unlink(missing_ok=True)
        raise
    if failures:
        staging.unlink(missing_ok=True)
        raise WarehouseError("cannot publish: " + "; ".join(str(failure) for failure in failures))
    return staging


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _swap(staging: Path, target: Path) -> None:
    """Rename over the target; from another file system copied beside it first."""
    if staging.stat().st_dev != target.parent.stat().st_dev:
        beside = target.with_name(target.name + ".publishing")
        shutil.copyfile(staging, beside)
        _sync(beside)
        staging = beside
    if target.is_dir():
        raise StorageError(f"cannot publish to {str(target)!r}: it is a folder")
    staging.replace(target)
