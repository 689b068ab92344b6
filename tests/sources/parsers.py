"""Functions that the sandbox's tests run in a child process: they must be importable there."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from salestrigger.sources.errors import FetchError, ShapeError
from salestrigger.sources.records import Document

KEPT: list[bytearray] = []


def keep(body: bytes, context: dict[str, Any]) -> int:
    """Take memory and never give it back; what this process keeps now, in MiB."""
    KEPT.append(bytearray(context["mib"] * 2**20))
    return sum(map(len, KEPT)) // 2**20


def length(body: bytes, context: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return len(body), context


def process_id(body: bytes, context: dict[str, Any]) -> int:
    return os.getpid()


def spin(body: bytes, context: dict[str, Any]) -> None:
    while True:
        pass


def nap(body: bytes, context: dict[str, Any]) -> None:
    time.sleep(60)


def eat(body: bytes, context: dict[str, Any]) -> int:
    return len([bytearray(1 << 24) for _ in range(1000)])


def shape_error(body: bytes, context: dict[str, Any]) -> None:
    raise ShapeError("https://example.com/feed", "a feed", "a login page")


def fetch_error(body: bytes, context: dict[str, Any]) -> None:
    raise FetchError("https://example.com/feed", "http_500", "again", retry_after=3.0)


def other_error(body: bytes, context: dict[str, Any]) -> None:
    raise OverflowError("cannot convert")


def die(body: bytes, context: dict[str, Any]) -> None:
    os.abort()


def leave(body: bytes, context: dict[str, Any]) -> None:
    sys.exit(3)


def recurse(body: bytes, context: dict[str, Any]) -> Any:
    return recurse(body, context)


class _Evil:
    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (self.path,)


class _Foreign:
    pass


def evil(body: bytes, context: dict[str, Any]) -> Any:
    return _Evil(context["path"])


def foreign(body: bytes, context: dict[str, Any]) -> Any:
    return _Foreign()


def document(body: bytes, context: dict[str, Any]) -> tuple[Document, Decimal, frozenset[str]]:
    at = datetime(2026, 3, 2, 5, tzinfo=UTC)
    found = Document("doc_1", "source", "k", "", "T", body.decode(), fetched_at=at, published_at=at)
    return found, Decimal("1.50"), frozenset({"a"})


def print_much(body: bytes, context: dict[str, Any]) -> str:
    print("x" * 100_000)  # noqa: T201
    sys.stdout.flush()
    os.write(1, b"\x00" * 64)
    return "quiet"


def write_file(body: bytes, context: dict[str, Any]) -> str:
    Path(context["path"]).write_bytes(b"x" * 10_000)
    return "written"


def environment(body: bytes, context: dict[str, Any]) -> list[str]:
    return sorted(os.environ)
