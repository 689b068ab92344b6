"""Run sources of tests against a real HTTP server on loopback, through the door and the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pytest_httpserver import HTTPServer

from salestrigger.sources.collect import SourceOutcome, collect_all
from salestrigger.sources.http import FetchPolicy, Local
from salestrigger.sources.spec import SourceSpec

NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
HOST = "news.example"


def spec_of(source_id: str = "a-source", **values: Any) -> SourceSpec:
    """A source on the host of the test's server."""
    defaults: dict[str, Any] = {
        "title": "A source",
        "adapter": "feed",
        "url": f"http://{HOST}/feed",
        "trust": "press",
        "pace_s": 0.0,
        "obey_robots": False,
        "licence": "invented for tests",
    }
    return SourceSpec(id=source_id, **defaults | values)


def run(
    server: HTTPServer,
    tmp_path: Path,
    *specs: SourceSpec,
    cursors: Mapping[str, Mapping[str, Any]] | None = None,
    now: datetime = NOW,
    keys: Mapping[str, str] | None = None,
) -> list[SourceOutcome]:
    """The outcomes of ``specs``; every host of theirs is the test's server."""
    address = (server.host, server.port)
    hosts = {HOST: address, "other.example": address, "register.example": address, "board.example": address}
    policy = FetchPolicy(default_pace_s=0.0, retries=0, deadline_s=10.0, keys=keys or {})
    return collect_all(specs, cursors or {}, policy=policy, route=Local(hosts), raw_root=tmp_path / "raw", now=now)
