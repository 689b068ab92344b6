"""Serve the demo market over real HTTP on loopback: one port, every host of the market by its Host header.

``with serve(day) as server:`` gives ``server.hosts`` for the fetcher's local route and ``server.log`` of what was asked
for. Nothing outside this machine can reach it, and it knows no host but the market's.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from salestrigger.sources.demo.market import Answer, DemoMarket, etag_of
from salestrigger.sources.demo.timeline import day_clock

ADDRESS = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request and how it was answered."""

    host: str
    path: str  #: with its query
    status: int


@dataclass(slots=True)
class DemoServer:
    """A running server; set :attr:`day` to let the market go on."""

    market: DemoMarket
    day: int
    port: int = 0
    log: list[Asked] = field(default_factory=list)
    _counts: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def hosts(self) -> Mapping[str, tuple[str, int]]:
        """Every host of the market → the address and port that serve it."""
        return dict.fromkeys(self.market.hosts, (ADDRESS, self.port))

    def respond(self, host: str, target: str, headers: Mapping[str, str]) -> Answer:
        """The answer to one request, with validators, and 304 where the caller has the body already."""
        with self._lock:
            self._counts[host, target, self.day] += 1
            attempt = self._counts[host, target, self.day]
        answer = _conditional(self.market.answer(self.day, host, target, attempt=attempt), headers)
        with self._lock:
            self.log.append(Asked(host, target, answer.status))
        return answer


@contextmanager
def serve(day: int, *, market: DemoMarket | None = None) -> Iterator[DemoServer]:
    """The market of ``day`` on a free port of loopback, for as long as the block lasts.

    Raises:
        UsageError: the calendar has no such day.
        OSError: no port could be bound.
    """
    day_clock(day)
    server = DemoServer(market or DemoMarket.build(), day)
    with _Loopback((ADDRESS, 0), _handler(server)) as listening:
        server.port = listening.server_address[1]
        thread = threading.Thread(target=listening.serve_forever, args=(0.05,), name="demo-market", daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()


class _Loopback(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up in the middle (a guard that saw too much) is no error of the server."""


def _conditional(answer: Answer, headers: Mapping[str, str]) -> Answer:
    if answer.status != 200:
        return answer
    etag = etag_of(answer.body)
    validated = dict(answer.headers) | {"etag": etag}
    if "if-none-match" in headers:
        seen = {tag.strip().removeprefix("W/") for tag in headers["if-none-match"].split(",")}
        unchanged = etag in seen
    else:
        unchanged = _not_newer(answer.headers.get("last-modified"), headers.get("if-modified-since"))
    return Answer(304, b"", validated) if unchanged else Answer(200, answer.body, validated)


def _not_newer(modified: str | None, since: str | None) -> bool:
    try:
        return bool(modified and since and parsedate_to_datetime(modified) <= parsedate_to_datetime(since))
    except ValueError:
        return False


def _handler(server: DemoServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "DemoMarket"
        timeout = 60
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._send(with_body=True)

        def do_HEAD(self) -> None:
            self._send(with_body=False)

        def _send(self, *, with_body: bool) -> None:
            host = self.headers.get("Host", "").partition(":")[0].lower()
            answer = server.respond(host, self.path, {name.lower(): value for name, value in self.headers.items()})
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != 304:
                self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            if with_body:
                self.wfile.write(answer.body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the signature of http.server
            """Nothing on standard error: ``DemoServer.log`` has it."""

    return Handler
