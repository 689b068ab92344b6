"""What many sources want stored at about the same time, written together by few threads.

Each waits until its own is on the disk. A thread per source would wait for the interpreter more than for the disk.
It knows nothing of what is stored; ``raw`` does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from salestrigger.sources.exchange import Response
from salestrigger.sources.raw import Parts, RawStore, parts_of
from salestrigger.sources.records import Document

#: sources whose files are open at the same time, at most
TOGETHER = 32
#: threads that write: while the disk lets one wait, another goes on
WRITERS = 6
_Waiting = tuple[Parts, "asyncio.Future[str]"]


class RawQueue:
    """The way to a raw store for the sources of one event loop."""

    def __init__(self, store: RawStore) -> None:
        self.store = store
        self._waiting: list[_Waiting] = []
        self._writers: set[asyncio.Task[None]] = set()
        self._writing = 0  #: writers that will look for more before they end

    async def put_all(
        self, source_id: str, bodies: Sequence[Response], at: datetime, documents: Sequence[Document] | None
    ) -> str:
        """See :meth:`salestrigger.sources.raw.RawStore.put_all`.

        Raises:
            StorageError: the disk is full or read-only.
        """
        done: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting.append((parts_of(source_id, bodies, at, documents), done))
        if self._writing < WRITERS:
            self._writing += 1
            writer = asyncio.create_task(self._write())
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)
        return await done

    async def _write(self) -> None:
        """Store what waits, and what comes meanwhile."""
        try:
            while self._waiting:
                some, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
                _answer(some, await self._written([parts for parts, _ in some]))
        finally:
            self._writing -= 1

    async def _written(self, several: Sequence[Parts]) -> Sequence[str] | Exception:
        try:
            return await asyncio.to_thread(self.store.put_many, several)
        except Exception as error:  # noqa: BLE001  whoever waits must hear of it
            return error


def _answer(some: Sequence[_Waiting], said: Sequence[str] | Exception) -> None:
    """Tell those who wait; who was cancelled waits no more."""
    for place, (_, done) in enumerate(some):
        if done.done():
            continue
        if isinstance(said, Exception):
            done.set_exception(said)
        else:
            done.set_result(said[place])
