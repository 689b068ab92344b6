"""Recorded exchanges: a directory that ``Fetcher(record_to=…)`` writes and ``Replay`` serves.

::

    manifest.jsonl   {"clock": "2026-03-02T05:00:00Z", "root": "bodies", "broken": []}   first line; all optional
                     {"method": "GET", "url": "https://…", "status": 200, "headers": {"content-type": "…"},
                      "body": "0001-3f….bin", "at": "2026-03-02T05:00:01Z"}     one line per exchange, in order
    bodies/          the decoded bodies, as files

Several lines with the same method and address are served in order, the last one again and again. Secrets never reach
the disk (``masking``). ``root`` says where the bodies lie, from the manifest's directory; ``read_manifest(root=…)``
overrides it, so that a hand-written manifest can point into a directory of samples. No network here.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, Field

from salestrigger.sources.declare import Declaration, ModelT, validate
from salestrigger.sources.errors import DeclarationError
from salestrigger.sources.masking import is_secret_header, mask_bytes, mask_text, mask_url, secrets_of

MANIFEST = "manifest.jsonl"
#: these describe how the body was sent, which a decoded body contradicts
_TRANSPORT_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"})


class Header(Declaration):
    """The first line of a manifest."""

    clock: AwareDatetime | None = Field(default=None, description="when the recording was made: the run's own now")
    root: str = Field(default=".", description="where the bodies lie, from the manifest's directory")
    broken: tuple[str, ...] = Field(default=(), description="ids of sources whose recorded answers are broken")


class Exchange(Declaration):
    """One request and its answer."""

    url: str
    method: str = "GET"
    status: int = Field(default=200, ge=100, le=599)
    headers: dict[str, str] = Field(default_factory=dict)
    body: str = Field(default="", description="file under the root; empty for no body")
    at: AwareDatetime | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """A manifest, read and checked."""

    clock: datetime | None  #: aware UTC
    root: Path
    exchanges: tuple[Exchange, ...]
    broken: tuple[str, ...] = ()  #: sources whose recorded answers are broken, and known to be

    def body_file(self, exchange: Exchange) -> Path | None:
        """The file with the exchange's body; None when it has none."""
        return self.root / exchange.body if exchange.body else None


def read_manifest(directory: Path, root: Path | None = None) -> Recording:
    """The recording in ``directory``.

    Raises:
        DeclarationError: the manifest is absent or a line is wrong (with its number), or a body lies outside the root
            or is absent.
    """
    path = directory / MANIFEST
    lines = [(number, line) for number, line in enumerate(_read(path).splitlines(), 1) if line.strip()]
    header = Header()
    if lines and (first := _parse(path, *lines[0])).keys() <= Header.model_fields.keys():
        header = _validated(path, Header, first, lines[0][0])
        lines = lines[1:]
    where = (root or directory / header.root).resolve()
    exchanges = tuple(_validated(path, Exchange, _parse(path, *line), line[0]) for line in lines)
    recording = Recording(header.clock and header.clock.astimezone(UTC), where, exchanges, header.broken)
    for (number, _), exchange in zip(lines, exchanges, strict=True):
        _check_body(path, number, recording, exchange)
    return recording


class Recorder:
    """Writes exchanges to a directory as they happen; an exchange is on the disk before the next one starts."""

    def __init__(self, directory: Path, *, clock: datetime) -> None:
        self._bodies = directory / "bodies"
        self._bodies.mkdir(parents=True, exist_ok=True)
        self._manifest = directory / MANIFEST
        self._count = sum(1 for _ in self._bodies.iterdir())
        if not self._manifest.exists():
            self._append({"clock": clock.isoformat(), "root": "bodies"})

    def add(
        self, request: tuple[str, str, Mapping[str, str]], status: int, headers: Mapping[str, str],
        *, body: bytes | Path, at: datetime,
    ) -> None:  # fmt: skip
        """Record one exchange; ``request``: method, address and the headers sent; ``body``: decoded, or its file."""
        method, url, sent = request
        secrets = secrets_of(url, sent)
        self._append(
            {
                "method": method,
                "url": mask_text(mask_url(url), secrets),
                "status": status,
                "headers": _kept(headers, secrets),
                "body": self._store(body, secrets),
                "at": at.isoformat(),
            }
        )

    def _store(self, body: bytes | Path, secrets: tuple[str, ...]) -> str:
        """Write the body; its name in the bodies' directory, empty for an empty body."""
        if not body:
            return ""
        self._count += 1
        content = mask_bytes(body, secrets) if isinstance(body, bytes) else str(body).encode()
        name = f"{self._count:05d}-{hashlib.sha256(content).hexdigest()[:16]}.bin"
        if isinstance(body, bytes):
            (self._bodies / name).write_bytes(content)
        else:
            shutil.copyfile(body, self._bodies / name)
        return name

    def _append(self, line: Mapping[str, Any]) -> None:
        with self._manifest.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _kept(headers: Mapping[str, str], secrets: tuple[str, ...]) -> dict[str, str]:
    """The headers of an answer that a recording keeps."""
    return {
        name.lower(): mask_text(mask_url(value), secrets)
        for name, value in headers.items()
        if name.lower() not in _TRANSPORT_HEADERS and not is_secret_header(name)
    }


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DeclarationError(path, f"cannot be read: {error}") from None


def _parse(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DeclarationError(path, f"not JSON: {error}", key=f"line {number}") from None
    if not isinstance(value, dict):
        raise DeclarationError(path, "not a JSON object", key=f"line {number}")
    return value


def _validated(path: Path, model: type[ModelT], data: dict[str, Any], number: int) -> ModelT:
    try:
        return validate(path, model, data)
    except DeclarationError as error:
        raise DeclarationError(path, error.problem, key=f"line {number}: {error.key}") from None


def _check_body(path: Path, number: int, recording: Recording, exchange: Exchange) -> None:
    file = recording.body_file(exchange)
    if file is None:
        return
    if not file.resolve().is_relative_to(recording.root):
        raise DeclarationError(path, f"{exchange.body!r} lies outside {str(recording.root)!r}", key=f"line {number}")
    if not file.is_file():
        raise DeclarationError(path, f"no such file: {exchange.body!r}", key=f"line {number}")
