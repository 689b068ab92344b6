"""Bring a database to this version: numbered migrations, then the views.

Each migration commits together with its record, or not at all, and is followed by a CHECKPOINT, so that no DDL waits in
a write-ahead log. A migration that was applied may never change; a later one corrects it. Views hold no data: they are
made anew whenever one of their files has changed.
"""

from __future__ import annotations

import hashlib

from salestrigger.sources.errors import SchemaError
from salestrigger.warehouse.connect import Warehouse, sql_names, sql_text


def migrate(wh: Warehouse) -> list[str]:
    """Apply what is missing, in order; the names of what was applied (empty: the database was up to date).

    Raises:
        SchemaError: the database is of a newer version, or a migration was altered after it was applied.
        StorageError: the disk or the file failed; the migration at work left nothing behind.
    """
    applied = _applied(wh)
    names = sql_names("migrations")
    _refuse_newer(wh, applied, names)
    done = []
    for number, name in enumerate(names, start=1):
        checksum = _checksum(sql_text("migrations", name))
        if number in applied:
            _refuse_altered(wh, name, applied[number], checksum)
            continue
        _apply(wh, number, name=name, checksum=checksum)
        done.append(name)
    if refresh_views(wh):
        done.append("views")
    return done


def schema_version(wh: Warehouse) -> int:
    """The number of the newest migration the database has; 0 for a new one."""
    return max(_applied(wh), default=0)


def refresh_views(wh: Warehouse) -> bool:
    """Make all views anew when one of their files has changed; whether it did."""
    names = sql_names("views")
    checksum = _checksum("\x00".join(sql_text("views", name) for name in names))
    recorded = wh.rows("view_checksum")
    if recorded and recorded[0]["checksum"] == checksum:
        return False
    with wh.transaction():
        for name in names:
            wh.script(sql_text("views", name))
        wh.execute_file("record_views", {"checksum": checksum})
    wh.script("CHECKPOINT")
    return True


def _apply(wh: Warehouse, number: int, *, name: str, checksum: str) -> None:
    with wh.transaction():
        wh.script(sql_text("migrations", name))
        wh.execute_file("record_migration", {"version": number, "name": name, "checksum": checksum})
    wh.script("CHECKPOINT")


def _applied(wh: Warehouse) -> dict[int, tuple[str, str]]:
    """Migration number → (name, checksum)."""
    if not wh.rows("has_migrations")[0]["has_migrations"]:
        return {}
    return {row["version"]: (row["name"], row["checksum"]) for row in wh.rows("applied_migrations")}


def _refuse_newer(wh: Warehouse, applied: dict[int, tuple[str, str]], names: list[str]) -> None:
    newest = max(applied, default=0)
    if newest > len(names):
        raise SchemaError(
            f"cannot use {str(wh.path)!r}: its schema is version {newest} ({applied[newest][0]}), "
            f"this program knows up to version {len(names)} ({names[-1]}): use a newer salestrigger"
        )


def _refuse_altered(wh: Warehouse, name: str, recorded: tuple[str, str], checksum: str) -> None:
    if recorded != (name, checksum):
        raise SchemaError(
            f"cannot use {str(wh.path)!r}: migration {name!r} is not the one that was applied "
            f"({recorded[0]!r}, {recorded[1]}): restore the file and add a new migration instead"
        )


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
