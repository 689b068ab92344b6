"""THE door to the network: everything that is collected comes through ``Fetcher.fetch``, and nothing goes around it.

::

    fetch ─ attempts ─ chain of hops ─ one exchange
            │          │               ├─ turn of the host (pace), gate (concurrency)
            │          │               ├─ deadline over connect, header and body (sending)
            │          │               ├─ connection to a checked address (wire, addresses, sockets, http1)
            │          │               └─ bounded body (bodies), recorded if asked (recording)
            │          ├─ robots.txt, fetched through this same door (robots)
            │          └─ redirects by hand, each target checked again (hops, urls)
            └─ transient failures again, within the deadline; refusals of the guard never

It knows no source and no format. The words of ``FetchError.reason`` stand in ``reasons``.
"""

from __future__ import annotations

import asyncio
import dataclasses
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import httpcore

from salestrigger.sources.errors import FetchError
from salestrigger.sources.exchange import (
    FetchPolicy,
    Live,
    Local,
    NotModified,
    Own,
    Replay,
    Request,
    Response,
    Route,
)
from salestrigger.sources.hops import REDIRECTS, Hop, first_hop, next_hop, retry_after, retry_wait
from salestrigger.sources.masking import mask_text, mask_url, secrets_of
from salestrigger.sources.pace import Pace
from salestrigger.sources.reasons import REASONS, Refusal
from salestrigger.sources.recording import Recorder
from salestrigger.sources.robots import Robots
from salestrigger.sources.sending import Answer, Budget, send
from salestrigger.sources.wire import transport_for

__all__ = [
    "REASONS", "FetchPolicy", "Fetcher", "Live", "Local", "NotModified", "Own", "Replay", "Request", "Response",
    "Route", "Seams", "utc_now",
]  # fmt: skip

_LIVE = Live()


def utc_now() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(UTC)


def _jitter() -> float:
    return 0.75 + random.random() / 2  # noqa: S311 - spreads retries, keeps no secret


@dataclass(frozen=True, slots=True)
class Seams:
    """What tests replace: waiting, the clock for pacing, chance, and the connections of the live route."""

    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    monotonic: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = _jitter  #: factor on our own backing off
    backend: httpcore.AsyncNetworkBackend | None = None


_SEAMS = Seams()


class Fetcher:
    """Async context manager over one route; ``fetch`` is all it does. One event loop, one instance."""

    def __init__(
        self,
        policy: FetchPolicy,
        *,
        route: Route = _LIVE,
        now: Callable[[], datetime] = utc_now,
        record_to: Path | None = None,
        seams: Seams = _SEAMS,
    ) -> None:
        """Open nothing yet. ``now`` dates the answers; ``record_to`` is a directory in the format of ``recording``.

        Raises:
            DeclarationError: the recording to replay is wrong.
        """
        self._is_replay = isinstance(route, Replay)
        # a recording cannot be hurried, and its robots were obeyed when it was made
        self._policy = dataclasses.replace(policy, default_pace_s=0.0, paces={}) if self._is_replay else policy
        self._route, self._now, self._seams = route, now, seams
        self._transport = transport_for(route, backend=seams.backend)
        self._pace = Pace(self._policy, sleep=seams.sleep, monotonic=seams.monotonic)
        self._gate = asyncio.Semaphore(policy.concurrency)
        self._robots = Robots(self._robots_txt, policy.user_agent)
        self._recorder = Recorder(record_to, clock=now()) if record_to else None

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.aclose()

    async def fetch(self, request: Request) -> Response | NotModified:
        """The complete answer to ``request``: 2xx, 404 or 410; or that nothing changed (304).

        Raises:
            FetchError: for everything else; its ``reason`` is a word of ``reasons.REASONS`` or ``http_<status>``, its
                ``retry_after`` the seconds that the host asked for. Secrets in its texts are masked.
        """
        try:
            return await self._attempts(request)
        except Refusal as refusal:
            detail = mask_text(mask_url(refusal.detail), secrets_of(request.url, request.headers))
            raise FetchError(mask_url(request.url), refusal.reason, detail, retry_after=refusal.retry_after) from None

    def key_of(self, source_id: str) -> str:
        """The user's key for a source, empty when there is none; a recording is served whatever the key."""
        return "replayed" if self._is_replay else self._policy.keys.get(source_id, "")

    async def _attempts(self, request: Request) -> Response | NotModified:
        """Ask, and ask again after a transient failure while the deadline allows."""
        hop = first_hop(request, self._policy)
        budget = Budget(self._policy.deadline_of(request.size))
        for attempt in range(self._policy.retries):
            try:
                return await self._chain(request, hop, budget)
            except Refusal as refusal:
                wait = self._wait_before_retry(refusal, request, attempt)
                if wait is None or wait >= budget.left:
                    raise
            budget.left -= wait
            if not self._is_replay:
                await self._seams.sleep(wait)
        return await self._chain(request, hop, budget)

    def _wait_before_retry(self, refusal: Refusal, request: Request, attempt: int) -> float | None:
        wait = retry_wait(refusal, request.method, attempt, self._policy)
        if wait is None or refusal.retry_after is not None:
            return wait  # what the server asked for is not shortened by chance
        return wait * self._seams.jitter()

    async def _chain(self, request: Request, hop: Hop, budget: Budget) -> Response | NotModified:
        """Follow redirects to the end."""
        seen: set[tuple[str, str]] = set()
        for _ in range(self._policy.max_redirects + 1):
            if (key := (hop.method, str(hop.url))) in seen:
                raise Refusal("too_many_redirects", "a loop")
            seen.add(key)
            if request.obey_robots and not self._is_replay:
                await self._robots.check(hop.url)
            answer = await self._exchange(request, hop, budget)
            if answer.status not in REDIRECTS:
                return self._finished(request, hop, answer)
            hop = next_hop(hop, answer.status, answer.headers.get("location"), self._policy)
        raise Refusal("too_many_redirects", f"more than {self._policy.max_redirects}")

    async def _exchange(self, request: Request, hop: Hop, budget: Budget) -> Answer:
        """One exchange in the host's turn, within what is left of the deadline."""
        if isinstance(self._route, Local) and hop.url.scheme != "http":
            raise Refusal("unknown_host", "the local route serves http only")
        async with self._pace.turn(hop.url.host), self._gate, budget.running():
            answer = await send(self._transport, hop, request, policy=self._policy, left_s=budget.left)
        if self._recorder:
            sent = hop.method, str(hop.url), hop.headers
            body = answer.body_path or answer.body
            self._recorder.add(sent, answer.status, answer.headers, body=body, at=self._now())
        return answer

    def _finished(self, request: Request, hop: Hop, answer: Answer) -> Response | NotModified:
        """The end of the chain as a value.

        Raises:
            Refusal: ``http_<status>``.
        """
        if answer.status == 304 and (request.etag or request.last_modified):
            return NotModified(request.url, self._now())
        if not answer.is_complete:
            raise self._refused(hop, answer)
        return Response(
            request_url=request.url,
            url=str(hop.url),
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            fetched_at=self._now(),
            etag=answer.headers.get("etag"),
            last_modified=answer.headers.get("last-modified"),
            moved_to=hop.moved_to,
            body_path=answer.body_path,
        )

    def _refused(self, hop: Hop, answer: Answer) -> Refusal:
        """A status that is no answer; a pause that the host asks for holds for all that is asked of it."""
        asked = None
        if answer.status in {429, 503}:
            asked = retry_after(answer.headers.get("retry-after"), self._now(), self._policy.max_retry_after_s)
        if asked and not self._is_replay:
            self._pace.pause(hop.url.host, asked)
        return Refusal(f"http_{answer.status}", retry_after=asked)

    async def _robots_txt(self, url: str) -> bytes:
        """The robots.txt at ``url``; empty when there is none."""
        answer = await self.fetch(Request(url, size="page", obey_robots=False))
        return answer.body if isinstance(answer, Response) and answer.status == 200 else b""
