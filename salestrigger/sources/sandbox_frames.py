"""What ``sandbox`` and its children say to each other: frames on pipes, a length and then so many bytes.

The child waits for its parent as long as it takes; the parent's :class:`Line` never waits longer than it is told.
"""

from __future__ import annotations

import os
import pickle
import select
import struct
import time
from dataclasses import dataclass
from typing import Any

#: what a reply may take: the decoded body of the largest kind that is parsed here (50 MiB), and some more
MAX_REPLY = 96 * 1024 * 1024
#: what a worker sends when it begins with a function that it had to import: from then on the job's limits hold
READY = b"ready"
#: what a worker answers that ran out of memory
MEMORY_REPLY = pickle.dumps(("memory", None))

_FRAME = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may use."""

    cpu_s: int = 5  #: processor time, seconds
    memory_mb: int = 512  #: address space, MiB
    wall_s: float = 10.0  #: time on the wall, seconds, from when the worker is ready


class Line:
    """The parent's ends of a child's two pipes."""

    def __init__(self, to_child: int, from_child: int) -> None:
        self._to, self._from, self._unread = to_child, from_child, bytearray()
        for descriptor in (to_child, from_child):
            os.set_blocking(descriptor, False)

    def send(self, content: bytes, until: float) -> None:
        """Length and content, however much the pipe takes at a time; ``until`` is on the monotonic clock.

        Raises:
            TimeoutError: the child did not take it in time.
            OSError: the child is gone.
        """
        rest = memoryview(_FRAME.pack(len(content)) + content)
        while rest:
            try:
                rest = rest[os.write(self._to, rest) :]
            except BlockingIOError:
                _wait(self._to, select.POLLOUT, until)

    def receive(self, limit: int, until: float) -> bytes:
        """The content of the next frame.

        Raises:
            TimeoutError: it did not come in time.
            EOFError: the pipe ended, or the frame is longer than ``limit``.
        """
        end = _FRAME.size
        while len(self._unread) < end or (end := self._end(limit)) > len(self._unread):
            _wait(self._from, select.POLLIN, until)
            part = os.read(self._from, 1 << 16)  # what a pipe holds
            if not part:
                raise EOFError("the pipe ended")
            self._unread += part
        content = bytes(memoryview(self._unread)[_FRAME.size : end])
        del self._unread[:end]
        return content

    def _end(self, limit: int) -> int:
        """Where the frame ends whose length has come."""
        (size,) = _FRAME.unpack_from(self._unread)
        if size > limit:
            raise EOFError(f"frame of {size} bytes; allowed: {limit}")
        return _FRAME.size + int(size)


def _wait(descriptor: int, event: int, until: float) -> None:
    """Wait until the pipe can be used, or has ended."""
    poll = select.poll()
    poll.register(descriptor, event)
    if not poll.poll(max(until - time.monotonic(), 0.0) * 1000):
        raise TimeoutError


def write_frame(pipe: Any, content: bytes) -> None:
    """Length and content, however much the pipe takes at a time."""
    view = memoryview(_FRAME.pack(len(content)) + content)
    while view:
        view = view[pipe.write(view) :]


def read_frame(pipe: Any, limit: int) -> bytes:
    """The content of the next frame.

    Raises:
        EOFError: the pipe ended, or the frame is longer than ``limit``.
    """
    (size,) = _FRAME.unpack(_read_exactly(pipe, _FRAME.size))
    if size > limit:
        raise EOFError(f"frame of {size} bytes; allowed: {limit}")
    return _read_exactly(pipe, size)


def _read_exactly(pipe: Any, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = pipe.read(min(size - len(parts), 1 << 20))
        if not part:
            raise EOFError("the pipe ended")
        parts += part
    return bytes(parts)
