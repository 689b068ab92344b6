"""A small local web server that says exactly the bytes a test wants, at the speed it wants, and remembers who asked."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from salestrigger.sources.errors import FetchError
from salestrigger.sources.http import Fetcher, FetchPolicy, Local, Request, Seams

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
Writer = Callable[[asyncio.StreamWriter], Awaitable[None]]


def answer(body: bytes = b"", status: int = 200, *, length: int | None = None, **headers: str) -> bytes:
    """A whole HTTP response; ``_`` in a header's name stands for ``-``."""
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body) if length is None else length}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def gzipped(body: bytes) -> bytes:
    """A response with ``body`` compressed."""
    return answer(gzip.compress(body), Content_Encoding="gzip")


def moved(location: str, status: int = 302) -> bytes:
    """A redirect."""
    return answer(status=status, Location=location)


@dataclass
class Asked:
    """One request as the server saw it."""

    host: str
    target: str
    method: str
    headers: dict[str, str]


@dataclass
class Site:
    """What is served: (host, target) or target → response, a list of responses in order, or a writer."""

    pages: dict[Any, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def targets(self) -> list[str]:
        """What was asked for, robots.txt left out."""
        return [asked.target for asked in self.asked if asked.target != "/robots.txt"]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._once(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _once(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        await reader.readexactly(int(headers.get("content-length", 0)))
        self.asked.append(Asked(headers["host"], target, method, headers))
        said = self._said(headers["host"], target)
        if isinstance(said, bytes):
            writer.write(said)
            await writer.drain()
            return True
        await said(writer)
        return False

    def _said(self, host: str, target: str) -> bytes | Writer:
        default = answer(status=404)
        found = self.pages.get((host, target), self.pages.get(target, default))
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found


@asynccontextmanager
async def serving(site: Site) -> AsyncIterator[Site]:
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0, limit=1 << 20)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()


class Clock:
    """A monotonic clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now, self.slept = 1000.0, list[float]()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)

    def monotonic(self) -> float:
        return self.now


HOSTS = ("news.example", "other.example", "api.news.example")
Test = Callable[[Fetcher, Site], Coroutine[Any, Any, None]]


def with_site(
    pages: Mapping[Any, Any],
    test: Test,
    *,
    clock: Clock | None = None,
    policy: Mapping[str, Any] | None = None,
    **door: Any,
) -> Site:
    """Serve ``pages`` under every name of HOSTS, run ``test(fetcher, site)``, return the site."""
    site, clock = Site(dict(pages)), clock or Clock()
    settings = FetchPolicy(
        **{"default_pace_s": 0.0, "deadline_s": 5.0, "user_agent": "salestrigger/test"} | dict(policy or {})
    )

    async def run() -> None:
        async with serving(site):
            route = Local(dict.fromkeys(HOSTS, ("127.0.0.1", site.port)))
            seams = Seams(sleep=clock.sleep, monotonic=clock.monotonic, jitter=lambda: 1.0)
            async with Fetcher(settings, route=route, now=lambda: NOW, seams=seams, **door) as fetcher:
                await test(fetcher, site)

    asyncio.run(run())
    return site


async def reason(fetcher: Fetcher, url: str, **request: Any) -> str:
    """The reason for which ``url`` is not fetched; empty when it is."""
    try:
        await fetcher.fetch(Request(url, **request))
    except FetchError as error:
        return error.reason
    return ""
