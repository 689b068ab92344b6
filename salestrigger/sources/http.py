"""THE door to the network (being built)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from salestrigger.sources.exchange import FetchPolicy, Live, Local, NotModified, Replay, Request, Response, Route

__all__ = ["FetchPolicy", "Fetcher", "Live", "Local", "NotModified", "Replay", "Request", "Response", "Route", "utc_now"]


def utc_now() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(UTC)


class Fetcher:
    """Async context manager; ``fetch`` raises ``FetchError``."""

    def __init__(
        self,
        policy: FetchPolicy,
        *,
        route: Route = Live(),
        now: Callable[[], datetime] = utc_now,
        record_to: Path | None = None,
    ) -> None:
        raise NotImplementedError

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def fetch(self, request: Request) -> Response | NotModified:
        """Fetch."""
        raise NotImplementedError
