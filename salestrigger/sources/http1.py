"""One HTTP/1.1 connection: h11 says which bytes to send and what the bytes that came mean; a stream carries them.

It knows one request after another on one connection, and nothing of pools, redirects, limits or addresses.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import h11
import httpcore

from salestrigger.sources.urls import Url

#: bytes that the head of an answer may have
MAX_HEAD = 100 * 1024
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request as it is sent."""

    method: str
    url: Url
    headers: Sequence[tuple[str, str]]  #: all of them, Host included
    body: bytes = b""
    connect_s: float = 10.0  #: seconds that connecting may take


@dataclass(frozen=True, slots=True)
class Incoming:
    """An answer whose head has come; ``close`` it when enough of the body is read."""

    status: int
    headers: Mapping[str, str]  #: lower-case names; several of one name joined with ", "
    chunks: AsyncIterator[bytes]  #: the body as sent
    close: Callable[[], Awaitable[None]]


class Connection:
    """A connection to one origin."""

    def __init__(self, origin: tuple[str, str, int], stream: httpcore.AsyncNetworkStream) -> None:
        self.origin, self._stream = origin, stream
        self.idle_since = 0.0  #: on the loop's clock, when it is idle
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD)

    async def ask(self, request: Outgoing) -> tuple[int, Mapping[str, str]]:
        """Send ``request``; status and headers of its answer.

        Raises:
            h11.LocalProtocolError: the request is none that can be sent.
            h11.RemoteProtocolError: what came is no answer.
            httpcore.NetworkError: the connection broke.
        """
        target = request.url.target
        head = h11.Request(method=request.method, target=target, headers=list(request.headers))
        parts = [self._state.send(head)]
        if request.body:
            parts.append(self._state.send(h11.Data(data=request.body)))
        parts.append(self._state.send(h11.EndOfMessage()))
        with suppress(httpcore.WriteError):  # who answers before all is heard may still be heard
            await self._stream.write(b"".join(part or b"" for part in parts))
        while True:
            event = await self._next()
            if isinstance(event, h11.Response) or event.status_code == 101:
                return event.status_code, _headers(event.headers)

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body of the answer as it comes.

        Raises:
            h11.RemoteProtocolError: it ends before its end.
            httpcore.ReadError: the connection broke.
        """
        while isinstance(event := await self._next(), h11.Data):
            yield bytes(event.data)

    def is_reusable(self) -> bool:
        """Whether one exchange is over on both sides, and nothing came that belongs to none."""
        is_over = self._state.our_state is h11.DONE and self._state.their_state is h11.DONE
        return is_over and self._state.trailing_data == (b"", False) and not self.is_stale()

    def is_stale(self) -> bool:
        """Whether the other side hung up, or says something unasked."""
        return bool(self._stream.get_extra_info("is_readable"))

    def begin_again(self) -> None:
        """Get ready for the next request."""
        self._state.start_next_cycle()

    async def aclose(self) -> None:
        """Hang up."""
        with suppress(httpcore.NetworkError, OSError):
            await self._stream.aclose()

    async def _next(self) -> Any:
        """What comes next: a head, a piece of the body, the end."""
        while (event := self._state.next_event()) is h11.NEED_DATA:
            data = await self._stream.read(_PIECE)
            if not data and self._state.their_state is h11.SEND_RESPONSE:
                raise h11.RemoteProtocolError("server disconnected without sending a response")
            self._state.receive_data(data)
        return event


def _headers(raw: Sequence[tuple[bytes, bytes]]) -> Mapping[str, str]:
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("ascii"), _text(value)
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def _text(value: bytes) -> str:
    """ASCII, else what UTF-8 makes of it, else Latin-1 (RFC 9110, 5.5: historically)."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
