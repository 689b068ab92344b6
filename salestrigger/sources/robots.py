"""robots.txt as RFC 9309 says: absent (4xx) allows all, unreachable (5xx, no connection) forbids all for this run.

Rules are matched by protego (linear, no regular expressions). Fetching is given from outside, through the same door.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from protego import Protego

from salestrigger.sources.errors import FetchError
from salestrigger.sources.reasons import Refusal
from salestrigger.sources.urls import Url

#: RFC 9309, 2.5: parse at least 500 kibibytes
MAX_BYTES = 500 * 1024
#: these say more than "unreachable", and hold for the page as they do for its robots.txt
_TELLING = frozenset({"denied_address", "unknown_host", "dns", "connect", "retry_after"})
#: protego copies every rule to every agent of its group; real files stay below a tenth of this
MAX_COPIES = 500_000


class Robots:
    """The rules of every origin asked so far: fetched once each."""

    def __init__(self, get: Callable[[str], Awaitable[bytes]], user_agent: str) -> None:
        self._get, self._agent = get, user_agent.partition("/")[0]
        self._rules: dict[tuple[str, str, int], Protego | FetchError] = {}
        self._locks: dict[tuple[str, str, int], asyncio.Lock] = {}

    async def check(self, url: Url) -> None:
        """Raise if ``url`` is disallowed.

        Raises:
            Refusal: ``robots``.
            FetchError: the file could not be had: ``robots_unreachable``, or why no connection to its host is made.
                Not a refusal, because the file was already asked for as often as may be.
        """
        async with self._locks.setdefault(url.origin, asyncio.Lock()):
            if url.origin not in self._rules:
                self._rules[url.origin] = await self._load(f"{url.scheme}://{url.authority}/robots.txt")
        rules = self._rules[url.origin]
        if isinstance(rules, FetchError):
            raise rules.with_traceback(None)
        if not rules.can_fetch(str(url), self._agent):
            raise Refusal("robots", f"{self._agent} is disallowed")

    async def _load(self, address: str) -> Protego | FetchError:
        """The rules at ``address``, or the error that means: stay away."""
        try:
            body = await self._get(address)
        except FetchError as error:
            if error.reason.startswith("http_4"):
                return Protego.parse("")
            if error.reason in _TELLING:
                return error
            return FetchError(address, "robots_unreachable", error.reason, retry_after=error.retry_after)
        return parse_robots(body) or FetchError(address, "robots_unreachable", "built to exhaust its reader")


def parse_robots(body: bytes) -> Protego | None:
    """The rules in a robots.txt; None when the file is built to exhaust its reader."""
    text = body[:MAX_BYTES].decode("utf-8-sig", "replace")
    return Protego.parse(text) if _copies(text) <= MAX_COPIES else None


def _copies(text: str) -> int:
    """How many rules × agents the file asks for, at most: only what surely ends a group of agents is taken to."""
    total = agents = rules = 0
    for line in text.splitlines():
        content = line.partition("#")[0].strip().lower()
        is_rule = content.startswith(("allow:", "disallow:"))
        if content and "agent" in content and not is_rule:
            if rules:
                total, agents, rules = total + agents * rules, 0, 0
            agents += 1
        rules += is_rule
    return total + agents * max(rules, 1)
