"""Plain and TLS connections over asyncio's own transports, in the words of httpcore's interface.

httpcore's own ones go through anyio, at several times the cost of a connection. Nothing is checked here: who may be
connected to is decided in ``wire``. Reading and writing have no limit of their own in time; the deadline of the whole
exchange (``sending.Budget``) holds for them.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

import httpcore

#: bytes that may wait to be read before the sender is told to wait
_HIGH_WATER = 256 * 1024


class AsyncioBackend(httpcore.AsyncNetworkBackend):
    """Connects to an IP address."""

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *_unused: Any, **_options: Any
    ) -> httpcore.AsyncNetworkStream:
        """A connection to ``host``, which is to be an address: names are resolved and checked before.

        Raises:
            httpcore.ConnectError, httpcore.ConnectTimeout: there is none.
        """
        try:
            async with asyncio.timeout(timeout):
                _, stream = await asyncio.get_running_loop().create_connection(AsyncioStream, host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from None
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from None
        return stream


class AsyncioStream(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """One connection; read and written by one task."""

    def __init__(self) -> None:
        self._transport: Any = None
        self._unread = bytearray()
        self._is_over = self._is_held = self._is_full = False  #: ended; we hold the sender; the receiver holds us
        self._error: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Something came."""
        self._unread += data
        if len(self._unread) > _HIGH_WATER and not self._is_held:
            self._is_held = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """The other side will send no more."""
        self._is_over = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._is_over, self._error = True, exc
        self._wake()

    def pause_writing(self) -> None:
        """The other side takes no more for now."""
        self._is_full = True

    def resume_writing(self) -> None:
        """It takes more again."""
        self._is_full = False
        self._wake()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - interface
        """What came, at most so many bytes; empty at the end.

        Raises:
            httpcore.ReadError: the connection broke.
        """
        while not self._unread and not self._is_over:
            await self._woken()
        if not self._unread:
            if self._error is not None:
                raise httpcore.ReadError(str(self._error))
            return b""
        data = bytes(self._unread[:max_bytes])
        del self._unread[:max_bytes]
        if self._is_held and not self._is_over and len(self._unread) <= _HIGH_WATER:
            self._is_held = False
            self._transport.resume_reading()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - interface
        """Send all of ``buffer``.

        Raises:
            httpcore.WriteError: the connection is gone.
        """
        if self._transport.is_closing():
            raise httpcore.WriteError(str(self._error or "the connection is closed"))
        self._transport.write(buffer)
        while self._is_full and not self._is_over:
            await self._woken()

    async def aclose(self) -> None:
        """Hang up, whatever is under way."""
        self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """The same connection under TLS, with the certificate checked against ``server_hostname``.

        Raises:
            httpcore.ConnectError: it cannot be had.
        """
        loop = asyncio.get_running_loop()
        try:
            self._transport = await loop.start_tls(
                self._transport, self, ssl_context, server_hostname=server_hostname, ssl_handshake_timeout=timeout
            )
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from None
        if self._transport is None:
            raise httpcore.ConnectError("the connection ended")
        return self

    def get_extra_info(self, info: str) -> Any:
        """``is_readable``: whether something came unasked, or the connection ended."""
        return bool(self._unread) or self._is_over if info == "is_readable" else None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def _woken(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None
