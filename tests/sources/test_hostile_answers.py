"""Hostile and broken answers cost their own source, within bounds, and nobody else. A real local server."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterable
from typing import Any

import pytest

from salestrigger.sources.collect import MOVING, SourceOutcome, collect_source
from salestrigger.sources.http import Fetcher, FetchPolicy, Local
from salestrigger.sources.raw import RawStore
from salestrigger.sources.raw_queue import RawQueue
from salestrigger.sources.sandbox import Limits
from salestrigger.sources.spec import SourceSpec
from tests.sources.site import NOW, Site, answer, moved, serving

HOST = "hostile.example"
MIB = 1 << 20
ITEM = "<item><title>Havglimt AS bygger ny fabrikk</title><guid>h1</guid></item>"
GOOD = f'<rss version="2.0"><channel><title>A</title>{ITEM}</channel></rss>'.encode()
LAUGHS = b'<!DOCTYPE r [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
) + b']><rss version="2.0"><channel><title>&j;</title></channel></rss>'  # fmt: skip


async def drip(writer: asyncio.StreamWriter) -> None:
    """A byte now and then, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        writer.write(b"<")
        await writer.drain()
        await asyncio.sleep(0.02)


async def reset(writer: asyncio.StreamWriter) -> None:
    """Half of what was announced, then the line goes dead."""
    writer.write(answer(GOOD, length=len(GOOD) * 2))
    await writer.drain()
    writer.transport.abort()


async def endless(writer: asyncio.StreamWriter) -> None:
    """A body without an end, as fast as it goes."""
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"%x\r\n%s\r\n" % (MIB, b"x" * MIB))
        await writer.drain()


def html(size: int) -> bytes:
    return b"<!doctype html><html><body>" + b"<p>Velkommen</p>" * (size // 16) + b"</body></html>"


#: address → (what is served there, the status that it gives its source, the stable word of the reason)
ANSWERS: dict[str, tuple[Any, str, str]] = {
    "/drip": (drip, "failed", "deadline"),
    "/endless": (endless, "failed", "too_large"),
    "/reset": (reset, "failed", "truncated"),
    "/bomb": (answer(gzip.compress(bytes(200 * MIB), 9), Content_Encoding="gzip"), "failed", "too_large"),
    "/round": (moved("/round"), "failed", "too_many_redirects"),
    "/far": (moved("/far1"), "failed", "too_many_redirects"),
    "/inside": (moved("http://127.0.0.1/admin"), "failed", ""),
    "/login": (moved("/sign-in"), "malformed", "malformed"),
    "/page": (answer(html(2 * MIB), Content_Type="text/html"), "malformed", "malformed"),
    "/big-page": (answer(html(10 * MIB), Content_Type="text/html"), "failed", "too_large"),
    "/laughs": (answer(LAUGHS, Content_Type="application/rss+xml"), "malformed", "malformed"),
    "/deep-json": (answer(b'{"version":' + b"[" * 200_000, Content_Type="application/feed+json"), "malformed", ""),
    "/deep-xml": (answer(b"<rss><channel>" + b"<a>" * 200_000), "malformed", ""),
    "/attributes": (answer(b"<rss " + b"".join(b'a%d="" ' % n for n in range(200_000)) + b"/>"), "malformed", ""),
    "/pdf": (answer(b"%PDF-1.7\n" + bytes(range(256)) * 4_000, Content_Type="application/pdf"), "malformed", ""),
    "/one-line": (answer(b"a" * (4 * MIB), Content_Type="text/plain"), "malformed", "malformed"),
    "/nothing": (answer(b""), "malformed", ""),
    "/picture": (answer(GOOD, Content_Type="image/png"), "ok", ""),
    "/long-title": (answer(GOOD.replace(b"Havglimt", b"Havglimt" * 400_000)), "ok", ""),
    "/healthy": (answer(GOOD), "ok", ""),
}  # fmt: skip
PAGES = {address: said for address, (said, _, _) in ANSWERS.items()} | {
    **{f"/far{n}": moved(f"/far{n + 1}") for n in range(1, 30)},
    "/sign-in": answer(html(900), Content_Type="text/html"),
}  # fmt: skip
OLD = {"state": {"x": 1}, "http": {}, "reading": ""}


def spec_of(address: str) -> SourceSpec:
    return SourceSpec(
        id=f"a{address.replace('/', '-')}", title="A source", adapter="feed", url=f"http://{HOST}{address}",
        trust="press", pace_s=0.0, obey_robots=False, licence="invented for tests",
    )  # fmt: skip


def collected(addresses: Iterable[str], raw: RawStore, *, deadline_s: float) -> dict[str, SourceOutcome]:
    """One run over these answers, all at the same time; the deadline is a test's, since its machine may be busy."""
    policy = FetchPolicy(paces={HOST: 0.0}, retries=0, deadline_s=deadline_s, page_deadline_s=deadline_s)
    asked = tuple(addresses)

    async def run() -> list[SourceOutcome]:
        async with serving(Site(dict(PAGES))) as site:
            route = Local({HOST: ("127.0.0.1", site.port)})
            async with Fetcher(policy, route=route, now=lambda: NOW) as fetcher:
                queue = RawQueue(raw)
                one = (collect_source(spec_of(a), OLD, fetcher=fetcher, raw=queue, now=NOW) for a in asked)
                return await asyncio.gather(*one)

    return dict(zip(asked, asyncio.run(run()), strict=True))


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SourceOutcome]:
    """Every answer in one run; only what never ends by itself is asked apart, with a short deadline."""
    raw = RawStore(tmp_path_factory.mktemp("raw"))
    rest = [address for address in ANSWERS if address != "/drip"]
    return collected(rest, raw, deadline_s=120.0) | collected(["/drip", "/healthy"], raw, deadline_s=1.0)


@pytest.mark.parametrize("address", ANSWERS)
def test_each_answer_marks_its_own_source(address: str, outcomes: dict[str, SourceOutcome]) -> None:
    """Status and stable word; a source in trouble keeps its watermark, and the healthy ones have their documents."""
    _, status, word = ANSWERS[address]
    outcome = outcomes[address]
    assert outcome.status == status, outcome.reason
    if word:
        assert outcome.reason.split(":")[0] == word
    assert (outcome.collected.cursor == OLD) == (status not in MOVING)
    assert len(outcome.collected.documents) == (1 if status == "ok" else 0)
    assert not outcome.reason.startswith("bug")


def test_a_feed_or_page_has_ten_seconds_and_half_a_gigabyte() -> None:
    """What a stranger's server may cost by default; only documented interfaces and bulk files have more time."""
    policy = FetchPolicy()
    assert policy.deadline_of("feed") == policy.deadline_of("page") == 10.0
    assert policy.deadline_of("api") > 10.0
    assert FetchPolicy(deadline_s=3.0).deadline_of("feed") == 3.0
    assert (Limits().memory_mb, Limits().wall_s <= 10) == (512, True)
