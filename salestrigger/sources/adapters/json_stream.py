"""The objects of a huge JSON array, one by one, in memory that one object bounds. Pure but for reading the stream.

GLEIF's golden copy is ``{"records": [{…}, …]}`` of gigabytes; what stands before the first array is skipped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from salestrigger.sources.adapters.json_strict import NotJsonError

#: bytes that are read at a time, and that one object may have
_STEP, MAX_OBJECT = 1 << 20, 4 << 20


def objects_in(stream: IO[bytes]) -> Iterator[Any]:
    """Every object of the first array in a UTF-8 stream.

    Raises:
        NotJsonError: there is no array, it ends early, or an object is larger than MAX_OBJECT.
    """
    decoder = json.JSONDecoder()
    pending, text = b"", ""
    pending, text, done = _more(stream, pending, text)
    start = text.find("[")
    if start < 0:
        raise NotJsonError("no array")
    at = start + 1
    while True:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        if at < len(text) and text[at] == "]":
            return
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            if done or len(text) - at > MAX_OBJECT:
                raise NotJsonError(f"at an object of the array: {error}"[:200]) from None
            pending, text, done = _more(stream, pending, text[at:])
            at = 0
            continue
        yield value
        at = end
        if at > _STEP:
            text, at = text[at:], 0


def _more(stream: IO[bytes], pending: bytes, text: str) -> tuple[bytes, str, bool]:
    """The text with what comes next; a character cut in two waits for its rest."""
    chunk = stream.read(_STEP)
    data = pending + chunk
    if not chunk:
        return b"", text + data.decode("utf-8", "replace"), True
    cut = len(data)
    while cut and cut > len(data) - 4 and data[cut - 1] & 0xC0 == 0x80:
        cut -= 1
    if cut and data[cut - 1] >= 0xC0:
        cut -= 1
    else:
        cut = len(data)
    return data[cut:], text + data[:cut].decode("utf-8", "replace").lstrip("\ufeff"), False
