"""Frames on the pipes between ``sandbox`` and its children: a length, then so many bytes. Pure but for the pipe."""

from __future__ import annotations

import struct
from typing import Any

_FRAME = struct.Struct(">Q")


def write_frame(pipe: Any, content: bytes) -> None:
    """Length and content, however much the pipe takes at a time."""
    for part in (_FRAME.pack(len(content)), content):
        view = memoryview(part)
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
