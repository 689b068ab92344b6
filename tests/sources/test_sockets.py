"""The door's own sockets: plain and TLS, slow readers and slow writers, and how they break."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpcore
import pytest

from salestrigger.sources.sockets import AsyncioBackend
from tests.sources.test_addresses import self_signed

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Use = Callable[[httpcore.AsyncNetworkStream], Awaitable[bytes]]
MUCH = bytes(range(256)) * 8192  #: 2 MiB: more than any buffer on the way holds


def talk(serve: Serve, use: Use, *, server_tls: ssl.SSLContext | None = None) -> bytes:
    """What ``use`` makes of a connection to ``serve``."""

    async def run() -> bytes:
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=server_tls)
        stream = await AsyncioBackend().connect_tcp("127.0.0.1", server.sockets[0].getsockname()[1], timeout=5)
        try:
            return await asyncio.wait_for(use(stream), 20)
        finally:
            await stream.aclose()
            server.close()

    return asyncio.run(run())


async def all_of(stream: httpcore.AsyncNetworkStream) -> bytes:
    """All that comes until the end."""
    parts = bytearray()
    while part := await stream.read(65_536):
        parts += part
    return bytes(parts)


async def say_much(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(MUCH)
    await writer.drain()
    writer.close()


async def echo_slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(0.2)
    writer.write(await reader.readexactly(len(MUCH)))
    writer.close()


async def read_late(stream: httpcore.AsyncNetworkStream) -> bytes:
    await asyncio.sleep(0.2)
    assert stream.get_extra_info("is_readable")
    return await all_of(stream)


def test_all_that_is_sent_arrives_though_it_is_read_late() -> None:
    """The sender waits while too much is unread, and goes on."""
    assert talk(say_much, read_late) == MUCH


def test_all_that_is_written_arrives_though_it_is_taken_late() -> None:
    """Writing waits for the other side."""

    async def use(stream: httpcore.AsyncNetworkStream) -> bytes:
        await stream.write(MUCH)
        return await all_of(stream)

    assert talk(echo_slowly, use) == MUCH


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate)


@pytest.mark.parametrize("name", ["news.example", "other.example"])
def test_tls_is_for_the_name_that_was_asked_for(tmp_path: Path, name: str) -> None:
    """With a trusted certificate of that name the same bytes arrive; with another name there is no connection."""
    certificate = self_signed(tmp_path)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)

    async def use(stream: httpcore.AsyncNetworkStream) -> bytes:
        try:
            return await read_late(await stream.start_tls(trusting(certificate), server_hostname=name, timeout=5))
        except httpcore.ConnectError as error:
            return str(error).encode()

    said = talk(say_much, use, server_tls=server)
    assert said == MUCH if name == "news.example" else b"CERTIFICATE_VERIFY_FAILED" in said


def test_a_reset_is_an_error_and_an_end_is_not() -> None:
    """A connection that breaks off is told from one that ends."""

    async def reset(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # to linger for no time: hanging up is a reset
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()

    async def use(stream: httpcore.AsyncNetworkStream) -> bytes:
        with pytest.raises(httpcore.ReadError):
            await all_of(stream)
        with pytest.raises(httpcore.WriteError):
            await stream.write(b"x")
        return b"reset"

    assert talk(reset, use) == b"reset"


def test_nobody_there_is_a_connect_error() -> None:
    """Refused at once."""
    with pytest.raises(httpcore.ConnectError):
        asyncio.run(AsyncioBackend().connect_tcp("127.0.0.1", 1, timeout=5))
