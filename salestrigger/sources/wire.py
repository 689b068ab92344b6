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
from typing import Any, Protocol

import certifi
import httpcore

from salestrigger.sources.addresses import why_denied
from salestrigger.sources.exchange import Live, Local, Own, Replay, Route
from salestrigger.sources.http1 import Connection, Incoming, Outgoing
from salestrigger.sources.masking import mask_url
from salestrigger.sources.reasons import Refusal
from salestrigger.sources.recording import Exchange, Recording, read_manifest
from salestrigger.sources.sockets import AsyncioBackend
from salestrigger.sources.urls import is_address, parse_url

#: (name, port) → IP addresses as text
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
#: how many of a name's addresses are tried
_MAX_TRIES = 4
#: idle connections that are kept, and for how many seconds: most hosts are asked once
KEPT, KEPT_S = 16, 5.0


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
        self._resolve, self._inner = resolver, inner or AsyncioBackend()

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


class Transport(Protocol):
    """Takes one request at a time to where its route leads."""

    async def ask(self, request: Outgoing) -> Incoming:
        """The answer to ``request``, as far as its head."""
        ...

    async def aclose(self) -> None:
        """Let go of what is held."""
        ...


class ReplayTransport:
    """Answers from a recording."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._served: dict[tuple[str, str], int] = {}
        self._lines: defaultdict[tuple[str, str], list[Exchange]] = defaultdict(list)
        for exchange in recording.exchanges:
            self._lines[exchange.method, mask_url(str(parse_url(exchange.url)))].append(exchange)

    async def ask(self, request: Outgoing) -> Incoming:
        """The next recorded answer to this request, or the last one again.

        Raises:
            Refusal: ``not_recorded``.
        """
        key = request.method, mask_url(str(request.url))
        lines = self._lines.get(key)
        if not lines:
            raise Refusal("not_recorded", " ".join(key))
        turn = self._served.get(key, 0)
        self._served[key] = turn + 1
        exchange = lines[min(turn, len(lines) - 1)]
        headers = {name.lower(): value for name, value in exchange.headers.items()}
        return Incoming(exchange.status, headers, _pieces(self._recording.body_file(exchange)), self.aclose)

    async def aclose(self) -> None:
        """Nothing is held."""


async def _pieces(file: Path | None) -> AsyncIterator[bytes]:
    """A file in pieces."""
    if file is not None:
        with file.open("rb") as opened:
            while chunk := opened.read(65_536):
                yield chunk


class Connections:
    """Connections of a backend, the last idle ones kept: no proxy, no environment, HTTP/1.1."""

    def __init__(self, backend: httpcore.AsyncNetworkBackend, context: ssl.SSLContext) -> None:
        context.set_alpn_protocols(["http/1.1"])
        self._backend, self._context = backend, context
        self._idle: list[Connection] = []  # the longest idle first

    async def ask(self, request: Outgoing) -> Incoming:
        """Send a request, over an idle connection of its origin when there is one.

        Raises:
            Refusal: the backend's.
            httpcore.NetworkError, httpcore.TimeoutException, h11.ProtocolError: the exchange failed.
        """
        connection = await self._idle_to(request.url.origin) or await self._new_to(request)
        try:
            status, headers = await connection.ask(request)
        except BaseException:
            await connection.aclose()
            raise
        return Incoming(status, headers, connection.chunks(), lambda: self._returned(connection))

    async def aclose(self) -> None:
        """Hang up wherever nobody is speaking."""
        while self._idle:
            await self._idle.pop().aclose()

    async def _idle_to(self, origin: tuple[str, str, int]) -> Connection | None:
        """An idle connection to ``origin``, taken out; those that ended are cleared away."""
        oldest = asyncio.get_running_loop().time() - KEPT_S
        for connection in tuple(self._idle):
            if connection.idle_since < oldest or connection.is_stale():
                self._idle.remove(connection)
                await connection.aclose()
        found = next((connection for connection in self._idle if connection.origin == origin), None)
        if found is not None:
            self._idle.remove(found)
        return found

    async def _new_to(self, request: Outgoing) -> Connection:
        scheme, host, port = request.url.origin
        stream = await self._backend.connect_tcp(host, port, timeout=request.connect_s)
        if scheme == "https":
            try:
                stream = await stream.start_tls(self._context, server_hostname=host, timeout=request.connect_s)
            except BaseException:
                await stream.aclose()
                raise
        return Connection(request.url.origin, stream)

    async def _returned(self, connection: Connection) -> None:
        """Keep a connection whose exchange is over, or hang up."""
        if not connection.is_reusable():
            await connection.aclose()
            return
        connection.begin_again()
        connection.idle_since = asyncio.get_running_loop().time()
        self._idle.append(connection)
        if len(self._idle) > KEPT:
            await self._idle.pop(0).aclose()


def transport_for(route: Route, *, backend: httpcore.AsyncNetworkBackend | None = None) -> Transport:
    """The transport of a route; ``backend`` replaces the guarded connection's own sockets (tests count with it)."""
    match route:
        case Live():
            return Connections(backend or GuardedBackend(), trusted())
        case Local(hosts):
            # no certificate is ever checked here: the door refuses https on this route
            return Connections(LocalBackend(hosts, backend), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        case Own():
            return Connections(OwnBackend(route, backend), trusted())
        case Replay(directory, root):
            return ReplayTransport(read_manifest(directory, root))


def trusted() -> ssl.SSLContext:
    """Certificates are checked against Mozilla's list, whatever the environment says."""
    return ssl.create_default_context(cafile=certifi.where())
