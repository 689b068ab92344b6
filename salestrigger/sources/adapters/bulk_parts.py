"""Read a bulk file part by part: cut in this process, parsed by two sandboxed workers, in order, in bounded memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

from salestrigger.sources.adapters import Session
from salestrigger.sources.errors import ShapeError

#: parts that are read at the same time: one for each worker, and one that waits
AT_ONCE: Final = 3

T = TypeVar("T")
#: what reads a part in the sandbox: what it found, or what is wrong with the part
Reader = Callable[[bytes, dict[str, Any]], T | str]


async def parsed(
    session: Session, parts: Iterable[bytes], read: Reader[T], context: Mapping[str, Any], *, name: str
) -> AsyncGenerator[T, None]:
    """What ``read`` finds in each part, in their order; ``context`` is for it, ``name`` is the file's in errors.

    Raises:
        ShapeError: ``read`` says that a part is not what it should be; and whatever ``parts`` raises.
    """
    waiting: list[asyncio.Task[T | str]] = []
    try:
        for part in parts:
            waiting.append(asyncio.create_task(session.parse(read, part, dict(context))))
            if len(waiting) == AT_ONCE:
                yield _good(await waiting.pop(0), name)
        while waiting:
            yield _good(await waiting.pop(0), name)
    finally:
        for task in waiting:
            task.cancel()


def _good(part: T | str, name: str) -> T:
    if isinstance(part, str):
        raise ShapeError(name, "parts that can be read", part)
    return part
