from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from salestrigger.sources.errors import StorageError
from salestrigger.sources.exchange import Response
from salestrigger.sources.raw import RawStore
from salestrigger.sources.raw_queue import TOGETHER, WRITERS, RawQueue
from salestrigger.sources.records import Document

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def response(body: bytes) -> Response:
    return Response("http://a.example/", "http://a.example/", 200, {}, body, NOW, None, None, None)


def document(key: str) -> Document:
    return Document(document_id=key, source_id="news", key=key, url="", title=key, text=key, fetched_at=NOW)


class Counting(RawStore):
    """Counts how many sources were written at a time."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.sizes: list[int] = []

    def put_many(self, several: object) -> list[str]:
        self.sizes.append(len(several))  # type: ignore[arg-type]
        return super().put_many(several)  # type: ignore[arg-type]


def test_each_gets_its_own_ref_and_many_are_written_together(tmp_path: Path) -> None:
    """Whoever waits meanwhile is stored with the next ones; every body and document can be read again."""
    store, count = Counting(tmp_path), 3 * TOGETHER

    async def run() -> list[str]:
        queue = RawQueue(store)
        several = (queue.put_all(f"s-{n}", [response(b"%d" % n)], NOW, [document(f"{n}")]) for n in range(count))
        alone = asyncio.create_task(queue.put_all("bodies", [response(b"alone")], NOW, None))
        refs = await asyncio.gather(*several)
        assert await alone == ""
        return [*refs, await queue.put_all("nothing", [], NOW, None), await queue.put_all("one", [], NOW, [])]

    *refs, nothing, empty = asyncio.run(run())
    assert [store.documents(ref)[0].key for ref in refs] == [str(n) for n in range(count)]
    assert (nothing, store.documents(empty)) == ("", ())
    assert len(list(tmp_path.rglob("*.body.gz"))) == count + 1
    assert max(store.sizes) <= TOGETHER
    assert len(store.sizes) <= count / TOGETHER + WRITERS + 3
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith(".")]


def test_a_disk_that_fails_is_told_to_all_who_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for ever, nothing half written stays, and the queue works on when the disk does."""

    def fail(descriptor: int) -> None:
        raise OSError(28, "no space left on device")

    async def run() -> None:
        queue = RawQueue(RawStore(tmp_path))
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", fail)
            several = (queue.put_all(f"s-{n}", [response(b"x")], NOW, None) for n in range(2 * TOGETHER))
            said = await asyncio.gather(*several, return_exceptions=True)
        assert {type(one) for one in said} == {StorageError}
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
        assert await queue.put_all("s", [response(b"x")], NOW, [document("1")])

    asyncio.run(run())


@pytest.mark.parametrize("writers", [1, 2])
def test_whoever_comes_as_a_writer_ends_is_stored_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writers: int
) -> None:
    """One after another, each as soon as the one before is stored: the next never waits for a writer that has ended."""
    monkeypatch.setattr("salestrigger.sources.raw_queue.WRITERS", writers)

    async def run() -> None:
        queue = RawQueue(RawStore(tmp_path))

        async def several(name: str) -> None:
            for number in range(5):
                await queue.put_all(name, [response(b"%d" % number)], NOW, None)

        await asyncio.wait_for(asyncio.gather(several("a"), several("b")), 30)

    asyncio.run(run())
    assert len(list(tmp_path.rglob("*.body.gz"))) == 10


def test_who_is_cancelled_disturbs_nobody(tmp_path: Path) -> None:
    """A source that is given up while it waits: the others are stored."""

    async def run() -> None:
        queue = RawQueue(RawStore(tmp_path))
        given_up = asyncio.create_task(queue.put_all("a", [response(b"a")], NOW, [document("a")]))
        other = asyncio.create_task(queue.put_all("b", [response(b"b")], NOW, [document("b")]))
        await asyncio.sleep(0)
        given_up.cancel()
        assert await asyncio.wait_for(other, 20)

    asyncio.run(run())
