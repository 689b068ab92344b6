"""Every error that salestrigger raises on purpose, in one tree.

::

    SalestriggerError                    str(e) = what failed: which one: cause
    ├── DeclarationError(path)           a file that a person wrote is wrong    → stop before any I/O
    ├── SourceError(source)
    │   ├── FetchError(url, reason)      network, server, guard                 → retry, then skip this source
    │   └── ShapeError(url, expected)    answered, but not what we know         → no retry; loud
    ├── DocumentError(document_id)       one document cannot be read            → set aside with the reason, counted
    ├── WarehouseError
    │   ├── SchemaError                  the database is of another version     → stop
    │   ├── BusyError                    another run is at work                 → exit 75
    │   └── StorageError                 disk, permission, damaged file         → exit 74
    └── DeliveryError(channel)           the report is kept, delivered again later

Messages are lower case, without a full stop, show the value with ``repr`` and list what is allowed.
This module holds no logic beyond composing those messages.
"""

from __future__ import annotations

from pathlib import Path


class SalestriggerError(Exception):
    """The root: catch this to catch everything we raise on purpose. ``exit_code`` is what the command line returns."""

    exit_code = 70


class DeclarationError(SalestriggerError):
    """A file that a person wrote is wrong.

    ``path`` is the file, ``key`` the dotted key in it (empty for the whole file), ``problem`` what is wrong and what
    is allowed.
    """

    exit_code = 2

    def __init__(self, path: Path | str, problem: str, *, key: str = "") -> None:
        self.path, self.key, self.problem = str(path), key, problem
        where = f"{path}: {key}" if key else f"{path}"
        super().__init__(f"{where}: {problem}")


class UsageError(SalestriggerError):
    """A command was given something it cannot use (an unknown source, profile, format)."""

    exit_code = 2


class SourceError(SalestriggerError):
    """One source failed; the others go on. ``source`` is its id, ``reason`` one of a short list of words."""

    def __init__(self, message: str, *, source: str = "", reason: str = "failed") -> None:
        self.source, self.reason = source, reason
        super().__init__(message)


class FetchError(SourceError):
    """The network, the server or our own guard said no.

    ``reason`` is a stable word such as ``denied_address``, ``too_large``, ``deadline``, ``http_500``, ``robots``;
    ``retry_after`` are the seconds the server asked us to wait, if it did.
    """

    def __init__(self, url: str, reason: str, detail: str = "", *, retry_after: float | None = None) -> None:
        self.url, self.retry_after = url, retry_after
        super().__init__(f"cannot fetch {url!r}: {reason}" + (f": {detail}" if detail else ""), reason=reason)


class ShapeError(SourceError):
    """The source answered, but not with what we know. Never retried: it is loud instead."""

    def __init__(self, url: str, expected: str, got: str = "") -> None:
        self.url, self.expected = url, expected
        super().__init__(
            f"unexpected answer from {url!r}: expected {expected}" + (f", got {got}" if got else ""), reason="malformed"
        )


class DocumentError(SalestriggerError):
    """One document cannot be read; it is set aside with the reason and counted."""

    def __init__(self, document_id: str, reason: str) -> None:
        self.document_id, self.reason = document_id, reason
        super().__init__(f"cannot read document {document_id!r}: {reason}")


class WarehouseError(SalestriggerError):
    """Something about the database."""

    exit_code = 74


class SchemaError(WarehouseError):
    """The database was made by a newer version, or a migration was altered after it was applied."""


class BusyError(WarehouseError):
    """Another run holds the lock or the database."""

    exit_code = 75


class StorageError(WarehouseError):
    """The disk is full or read-only, or the file is damaged."""


class DeliveryError(SalestriggerError):
    """A report could not be delivered through ``channel``; it is kept and delivered again later."""

    def __init__(self, channel: str, cause: str) -> None:
        self.channel = channel
        super().__init__(f"cannot deliver through {channel!r}: {cause}")
