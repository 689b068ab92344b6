"""How bytes travel: the guarded connection, the local one, and the recording that needs none.

A name is resolved once, all its answers are checked, and the very address that was checked is connected to: there is
no second look-up that could answer otherwise. Host header and TLS name stay those of the address as written. Every
other module goes through ``http.Fetcher``; a test keeps sockets out of them.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpcore
import httpx

from salestrigger.sources.addresses import why_denied
from salestrigger.sources.exchange import Live, Local, Own, Replay, Route
from salestrigger.sources.masking import mask_url
from salestrigger.sources.reasons import Refusal
from salestrigger.sources.recording import Exchange, Recording, read_manifest
from salestrigger.sources.urls import is_address, parse_url

#: (name, port) → IP addresses as text
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
#: how many of a name's addresses are tried
_MAX_TRIES = 4


async def resolve(host: str, port: int) -> tuple[str, ...]:
    """All addresses of a name, from the system's resolver, in its order.

    Raises:
        Refusal: ``dns``.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refusal("dns", f"{host}: {error}") from None
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to public addresses only (and, having no method for it, never to a socket file)."""

    def __init__(self, resolver: Resolver = resolve, inner: httpcore.AsyncNetworkBackend | None = None) -> None:
        self._resolve, self._inner = resolver, inner or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        *_unused: Any,
        **_options: Any,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, check every answer, connect to a checked one.

        Raises:
            Refusal: ``dns`` or ``denied_address``; one denied answer refuses the name.
        """
        addresses = (host,) if is_address(host) else await self._resolve(host, port)
        if not addresses:
            raise Refusal("dns", f"{host}: no address")
        for address in addresses:
            if why := why_denied(address):
                raise Refusal("denied_address", f"{host} is at {address}: {why}")
        return await self._first(addresses[:_MAX_TRIES], port, timeout)

    async def _first(self, addresses: Sequence[str], port: int, limit: float | None) -> httpcore.AsyncNetworkStream:
        """The first of ``addresses`` that answers."""
        for address in addresses[:-1]:
            try:
                return await self._inner.connect_tcp(address, port, timeout=limit)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._inner.connect_tcp(addresses[-1], port, timeout=limit)


class LocalBackend(GuardedBackend):
    """Connects each named host to its (address, port), and no other host to anything."""

    def __init__(self, hosts: Mapping[str, tuple[str, int]], inner: httpcore.AsyncNetworkBackend | None = None) -> None:
        super().__init__(inner=inner)
        self._hosts = hosts

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        *_unused: Any,
        **_options: Any,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to where ``host`` is served.

        Raises:
            Refusal: ``unknown_host``.
        """
        if host not in self._hosts:
            raise Refusal("unknown_host", f"{host}:{port}")
        address, local_port = self._hosts[host]
        return await self._inner.connect_tcp(address, local_port, timeout=timeout)


class OwnBackend(GuardedBackend):
    """Connects to one host and port that the user declared, wherever it is, and to nothing else."""

    def __init__(self, own: Own, inner: httpcore.AsyncNetworkBackend | None = None) -> None:
        super().__init__(inner=inner)
        self._own = own

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        *_unused: Any,
        **_options: Any,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve and connect.

        Raises:
            Refusal: ``unknown_host`` or ``dns``.
        """
        if (host, port) != (self._own.host, self._own.port):
            raise Refusal("unknown_host", f"{host}:{port}")
        addresses = (host,) if is_address(host) else await self._resolve(host, port)
        if not addresses:
            raise Refusal("dns", f"{host}: no address")
        return await self._first(addresses[:_MAX_TRIES], port, timeout)


class ReplayTransport(httpx.AsyncBaseTransport):
    """Answers from a recording."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._served: dict[tuple[str, str], int] = {}
        self._lines: defaultdict[tuple[str, str], list[Exchange]] = defaultdict(list)
        for exchange in recording.exchanges:
            self._lines[exchange.method, mask_url(str(parse_url(exchange.url)))].append(exchange)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The next recorded answer to this request, or the last one again.

        Raises:
            Refusal: ``not_recorded``.
        """
        key = request.method, mask_url(request.extensions["address"])
        lines = self._lines.get(key)
        if not lines:
            raise Refusal("not_recorded", " ".join(key))
        turn = self._served.get(key, 0)
        self._served[key] = turn + 1
        exchange = lines[min(turn, len(lines) - 1)]
        file = self._recording.body_file(exchange)
        stream = _FileStream(file) if file else httpx.ByteStream(b"")
        return httpx.Response(exchange.status, headers=exchange.headers, stream=stream)


class _FileStream(httpx.AsyncByteStream):
    """A file in pieces."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with self._path.open("rb") as file:
            while chunk := file.read(65_536):
                yield chunk


#: idle connections that are kept: most hosts are asked once, and the pool looks at every kept one for every request
KEPT = 16


def transport_for(
    route: Route, *, concurrency: int, backend: httpcore.AsyncNetworkBackend | None = None
) -> httpx.AsyncBaseTransport:
    """The transport of a route; ``backend`` replaces the guarded connection's own sockets (tests count with it)."""
    match route:
        case Live():
            return _pooled(backend or GuardedBackend(), concurrency, httpx.create_ssl_context(trust_env=False))
        case Local(hosts):
            # no certificate is ever checked here: the door refuses https on this route
            return _pooled(LocalBackend(hosts, backend), concurrency, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        case Own():
            context = httpx.create_ssl_context(trust_env=False)
            return _pooled(OwnBackend(route, backend), concurrency, context)
        case Replay(directory, root):
            return ReplayTransport(read_manifest(directory, root))


def _pooled(
    backend: httpcore.AsyncNetworkBackend, concurrency: int, context: ssl.SSLContext
) -> httpx.AsyncHTTPTransport:
    """httpx's transport over a pool with our backend: no proxy, no environment, HTTP/1.1."""
    transport = httpx.AsyncHTTPTransport(verify=context, trust_env=False)
    # httpx has no parameter for the backend; the version is bounded in pyproject.toml, and the tests count connects
    transport._pool = httpcore.AsyncConnectionPool(
        ssl_context=context,
        max_connections=concurrency + 8,  # the fetcher's own gate decides; waiting here would eat the deadline
        max_keepalive_connections=min(KEPT, concurrency),
        keepalive_expiry=5.0,
        network_backend=backend,
    )
    return transport
