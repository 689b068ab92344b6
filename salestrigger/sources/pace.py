"""Politeness: one request at a time per host, a pause between two, and longer when the host says so.

The pause counts from the end of one exchange to the start of the next, so that the server never sees two requests
closer than declared. Time is monotonic and sleeping is given from outside. It knows nothing of HTTP.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from salestrigger.sources.exchange import FetchPolicy
from salestrigger.sources.reasons import Refusal


@dataclass(slots=True)
class _Host:
    """What is known of one host (or of the domain that shares one pace)."""

    pace_s: float
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    ready_at: float = float("-inf")  #: by the pace
    paused_until: float = float("-inf")  #: by Retry-After or backing off


class Pace:
    """Takes turns per host. One event loop, one instance."""

    def __init__(
        self, policy: FetchPolicy, *, sleep: Callable[[float], Awaitable[object]], monotonic: Callable[[], float]
    ) -> None:
        self._policy, self._sleep, self._now = policy, sleep, monotonic
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for this host's turn and hold it; a pace of 0 lets requests run side by side.

        Raises:
            Refusal: ``retry_after`` when the host asked for a pause longer than the policy's patience.
        """
        state = self._host(host)
        if state.pace_s == 0:
            await self._wait(state)
            yield
            return
        async with state.turn:
            await self._wait(state)
            try:
                yield
            finally:
                state.ready_at = self._now() + state.pace_s

    def pause(self, host: str, seconds: float) -> None:
        """Stay away from ``host`` for ``seconds`` from now (never shortens a pause)."""
        state = self._host(host)
        state.paused_until = max(state.paused_until, self._now() + seconds)

    async def _wait(self, state: _Host) -> None:
        # in a loop, because another request may have prolonged the pause while we slept
        while True:
            now = self._now()
            if (left := state.paused_until - now) > self._policy.patience_s:
                raise Refusal("retry_after", f"{left:.0f} s left", retry_after=left)
            wait = max(state.ready_at, state.paused_until) - now
            if wait <= 0:
                return
            await self._sleep(wait)

    def _host(self, host: str) -> _Host:
        """The state that ``host`` shares with its declared parent domain, if there is one."""
        labels = host.split(".")
        parents = (".".join(labels[start:]) for start in range(len(labels)))
        key = next((name for name in parents if name in self._policy.paces), host)
        if key not in self._hosts:
            self._hosts[key] = _Host(self._policy.paces.get(key, self._policy.default_pace_s))
        return self._hosts[key]
