"""One exchange: send a request over a transport, read the answer within its limits, name what went wrong.

It follows nothing, repeats nothing and waits for nobody: that is ``http``.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import h11
import httpcore

from salestrigger.sources.bodies import LIMITS, check_length, is_gzip, read_body
from salestrigger.sources.exchange import FetchPolicy, Request
from salestrigger.sources.hops import Hop
from salestrigger.sources.http1 import Outgoing
from salestrigger.sources.reasons import Refusal
from salestrigger.sources.wire import Transport

#: statuses that are answers for an adapter to judge: besides 2xx, "gone" is news about a source or an organisation
ANSWERS = frozenset({404, 410})


@dataclass(slots=True)
class Budget:
    """What is left of one fetch's deadline, in seconds; waiting for a host's turn does not count."""

    left: float

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Let the clock run.

        Raises:
            Refusal: ``deadline``.
        """
        started = time.monotonic()
        try:
            async with asyncio.timeout(max(self.left, 0.0)):
                yield
        except TimeoutError:
            raise Refusal("deadline") from None
        finally:
            self.left -= time.monotonic() - started


@dataclass(frozen=True, slots=True)
class Answer:
    """What one exchange brought. The body of a redirect or an error is not read."""

    status: int
    headers: Mapping[str, str]  #: lower-case names
    body: bytes = b""
    body_path: Path | None = None

    @property
    def is_complete(self) -> bool:
        """Whether this is an answer whose body matters."""
        return 200 <= self.status < 300 or self.status in ANSWERS


async def send(transport: Transport, hop: Hop, request: Request, *, policy: FetchPolicy, left_s: float) -> Answer:
    """One exchange for ``hop``; ``request`` says how large the answer may be and where its body goes.

    Raises:
        Refusal: any reason of ``reasons`` that one exchange can have.
    """
    with _named():
        incoming = await transport.ask(_outgoing(hop, connect_s=max(min(policy.connect_s, left_s), 0.001)))
    try:
        answer = Answer(incoming.status, incoming.headers)
        if not answer.is_complete or hop.method == "HEAD" or answer.status == 204:
            return answer
        with _named():
            return await _with_body(incoming.chunks, answer, request)
    finally:
        await incoming.close()


def _outgoing(hop: Hop, *, connect_s: float) -> Outgoing:
    """The request as it is sent: to the very host and port that were checked."""
    headers = [("host", hop.url.authority), *hop.headers.items(), ("accept-encoding", "gzip")]
    if hop.body or hop.method == "POST":
        headers.append(("content-length", str(len(hop.body or b""))))
    return Outgoing(hop.method, hop.url, headers, hop.body or b"", connect_s)


async def _with_body(sent: AsyncIterator[bytes], answer: Answer, request: Request) -> Answer:
    """``answer`` with its decoded body in memory, or in the file that was asked for."""
    limit = LIMITS[request.size]
    gzip = is_gzip(answer.headers.get("content-encoding", ""))
    check_length(answer.headers.get("content-length"), limit)
    if request.into is None or answer.status in ANSWERS:
        parts: list[bytes] = []
        if request.listen_s is None:
            await read_body(sent, limit, gzip=gzip, sink=parts.append)
        else:
            with suppress(_CutError):  # a stream has no end: what came before we hung up stands
                chunks = _heard(sent, request.listen_s)
                await read_body(chunks, limit, gzip=gzip, sink=parts.append)
        return Answer(answer.status, answer.headers, b"".join(parts))
    descriptor, name = tempfile.mkstemp(dir=request.into.parent, prefix=".fetch-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            await read_body(sent, limit, gzip=gzip, sink=file.write)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(request.into)
    finally:
        Path(name).unlink(missing_ok=True)
    return Answer(answer.status, answer.headers, body_path=request.into)


class _CutError(Exception):
    """We have listened long enough."""


async def _heard(chunks: AsyncIterator[bytes], seconds: float) -> AsyncIterator[bytes]:
    """The chunks of a stream until ``seconds`` have passed.

    Raises:
        _CutError: the stream goes on.
    """
    end = time.monotonic() + seconds
    while True:
        try:
            yield await asyncio.wait_for(anext(chunks), max(end - time.monotonic(), 0.01))
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise _CutError from None


@contextmanager
def _named() -> Iterator[None]:
    """The errors of connection and protocol in our words."""
    try:
        yield
    except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
        raise Refusal("connect", str(error) or type(error).__name__) from None
    except httpcore.TimeoutException as error:
        raise Refusal("deadline", type(error).__name__) from None
    except (h11.LocalProtocolError, UnicodeEncodeError) as error:
        raise Refusal("bad_header", str(error)) from None
    except h11.RemoteProtocolError as error:
        raise Refusal(_protocol_reason(str(error)), str(error)) from None
    except httpcore.NetworkError as error:
        raise Refusal("reset", str(error) or type(error).__name__) from None


def _protocol_reason(message: str) -> str:
    """h11's complaints that mean a broken connection; all others mean that it is not HTTP."""
    if "without sending a response" in message:
        return "reset"
    return "truncated" if "closed connection" in message else "protocol"
