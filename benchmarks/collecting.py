"""How fast many feeds are collected: `python -m benchmarks.collecting [--feeds N] [--connections C]`.

A local server plays N virtual hosts, each with a feed that answers after 50 to 500 ms (a fixed seed), in a process of
its own. Printed: wall time, the ideal (the answers' delays laid end to end on C connections), their ratio, processor
time and peak memory of the collecting process and its parsers. No network beyond loopback is used.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from salestrigger.sources.collect import collect_all
from salestrigger.sources.http import FetchPolicy, Local
from salestrigger.sources.sandbox import end_workers
from salestrigger.sources.spec import SourceSpec

SEED = 20_26
SLOWEST, FASTEST = 0.5, 0.05  #: seconds until a host answers
ITEMS = 20  #: entries of a feed
NOW = datetime(2026, 10, 5, 8, tzinfo=UTC)


def delay_of(host: str) -> float:
    """Seconds until a host answers: the same in every run."""
    return random.Random(f"{SEED} {host}").uniform(FASTEST, SLOWEST)


def feed_of(host: str) -> bytes:
    """An ordinary feed of about 12 kB."""
    items = "".join(
        f"<item><title>Nyhet {n} fra {host}</title><link>http://{host}/{n}</link><guid>{host}-{n}</guid>"
        f"<pubDate>Mon, 05 Oct 2026 0{n % 8}:15:00 +0000</pubDate>"
        f"<description>&lt;p&gt;{'En helt vanlig setning om en bedrift. ' * 10}&lt;/p&gt;</description></item>"
        for n in range(ITEMS)
    )
    return f'<rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>'.encode()


def hosts_of(feeds: int) -> list[str]:
    """The names of the virtual hosts."""
    return [f"feed-{number}.example" for number in range(feeds)]


class _Server(asyncio.Protocol):
    """One connection: every request waits for its host's delay. As light as can be, since it shares the machine."""

    def __init__(self, answers: Mapping[bytes, tuple[float, bytes]]) -> None:
        self._answers, self._asked = answers, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._asked += data
        while b"\r\n\r\n" in self._asked:
            head, _, self._asked = self._asked.partition(b"\r\n\r\n")
            host = head.lower().partition(b"\r\nhost:")[2].partition(b"\r\n")[0].strip().partition(b":")[0]
            delay, answer = self._answers[host]
            asyncio.get_running_loop().call_later(delay, self._transport.write, answer)


def _answer(host: str) -> bytes:
    body = feed_of(host)
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/rss+xml\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _serve(port: multiprocessing.Queue[int], feeds: int) -> None:
    answers = {host.encode(): (delay_of(host), _answer(host)) for host in hosts_of(feeds)}

    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Server(answers), "127.0.0.1", 0, backlog=512)
        port.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def main(arguments: list[str]) -> None:
    """Serve, collect, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--connections", type=int, default=64)
    chosen = parser.parse_args(arguments)
    ports: multiprocessing.Queue[int] = multiprocessing.Queue()
    server = multiprocessing.Process(target=_serve, args=(ports, chosen.feeds), daemon=True)
    server.start()
    try:
        print(measure(chosen.feeds, chosen.connections, ports.get(timeout=120)))
    finally:
        server.terminate()
        server.join()


def measure(feeds: int, connections: int, port: int) -> str:
    """One collection in words."""
    hosts = hosts_of(feeds)
    specs = [
        SourceSpec(
            id=f"feed-{n}", title=host, adapter="feed", url=f"http://{host}/rss", trust="press", licence="invented",
            pace_s=0.0, obey_robots=False,
        )
        for n, host in enumerate(hosts)
    ]  # fmt: skip
    policy = FetchPolicy(default_pace_s=0.0, concurrency=connections)
    route = Local(dict.fromkeys(hosts, ("127.0.0.1", port)))
    with tempfile.TemporaryDirectory(prefix="salestrigger-bench-") as folder:
        begun, cpu = time.perf_counter(), time.process_time()
        outcomes = collect_all(specs, {}, policy=policy, route=route, raw_root=Path(folder), now=NOW)
        wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    documents = sum(len(outcome.collected.documents) for outcome in outcomes)
    assert documents == feeds * ITEMS, f"{documents} documents of {feeds * ITEMS}"
    ideal = max(sum(map(delay_of, hosts)) / connections, *map(delay_of, hosts))
    own = resource.getrusage(resource.RUSAGE_SELF)
    end_workers()
    workers = resource.getrusage(resource.RUSAGE_CHILDREN)
    return "\n".join((
        f"{feeds} feeds, {documents} documents, {connections} connections",
        f"wall {wall:.2f} s, ideal {ideal:.2f} s, ratio {wall / ideal:.2f}",
        f"processor: collecting {cpu:.1f} s, parsers {workers.ru_utime + workers.ru_stime:.1f} s",
        f"peak memory: collecting {own.ru_maxrss / 1024:.0f} MB, the largest parser {workers.ru_maxrss / 1024:.0f} MB",
    ))  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
