"""Read a body of unknown honesty: bounded in bytes as sent, bytes as decoded, and expansion.

HTTP clients decode by themselves, layer on layer and a whole chunk at a time, before anybody can count; so the door
asks for gzip only, takes the raw bytes and decodes them here. It does not know what the bytes mean.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterable, Callable, Iterator, Mapping
from dataclasses import dataclass

from salestrigger.sources.reasons import Refusal
from salestrigger.sources.spec import SizeKind

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limit:
    """Bytes that a body may have."""

    raw: int  #: as sent
    decoded: int  #: after decompression


#: per kind of source: a register's 200 MB is no bomb, a feed of that size is
LIMITS: Mapping[SizeKind, Limit] = {
    "feed": Limit(5 * MIB, 10 * MIB),
    "page": Limit(5 * MIB, 10 * MIB),
    "api": Limit(20 * MIB, 50 * MIB),
    "bulk": Limit(600 * MIB, 4096 * MIB),
}

#: decoded : raw. Text compresses 3 to 20 times, deflate can do 1,032
MAX_RATIO = 200
#: the ratio says nothing about small bodies
RATIO_FROM = 1 * MIB
#: bytes decoded in one step, so that what is not yet counted stays small
_STEP = 256 * 1024


class Gunzip:
    """Decode gzip (RFC 1952, several members one after another allowed) in small steps.

    Raises :class:`Refusal` from ``feed``: ``bad_gzip``, ``bomb``, ``too_large``; from ``finish``: ``truncated``.
    """

    def __init__(self, limit: int) -> None:
        self.limit, self.raw, self.decoded, self.members = limit, 0, 0, 0
        self._member: zlib._Decompress | None = None

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The bytes that ``chunk`` decodes to, in pieces of at most 256 KiB."""
        self.raw += len(chunk)
        while chunk:
            if self._member is None:
                chunk = self._begin(chunk)
                continue
            piece = self._decode(chunk)
            self._count(len(piece))
            yield piece
            chunk = self._member.unconsumed_tail
            if self._member.eof:
                chunk, self._member = self._member.unused_data, None

    def finish(self) -> None:
        """Say that nothing follows: a body that ends inside a member is an error, never a partial success."""
        if self._member is not None or not self.members:
            raise Refusal("truncated", f"gzip ends after {self.decoded} decoded bytes")

    def _begin(self, chunk: bytes) -> bytes:
        """Start a member; zero bytes between members are padding."""
        if self.members and not (chunk := chunk.lstrip(b"\0")):
            return b""
        self.members += 1
        # an honest writer cuts members of kilobytes; thousands of empty ones cost time for nothing
        if self.members > 64 + self.raw // 1024:
            raise Refusal("bomb", f"{self.members} gzip members in {self.raw} bytes")
        self._member = zlib.decompressobj(wbits=31)
        return chunk

    def _decode(self, chunk: bytes) -> bytes:
        assert self._member is not None  # noqa: S101 - feed() has just begun one
        try:
            return self._member.decompress(chunk, _STEP)
        except zlib.error as error:
            raise Refusal("bad_gzip", str(error)) from None

    def _count(self, size: int) -> None:
        self.decoded += size
        if self.decoded > self.limit:
            raise Refusal("too_large", f"more than {self.limit} bytes decoded")
        if self.decoded > RATIO_FROM and self.decoded > MAX_RATIO * self.raw:
            raise Refusal("bomb", f"{self.raw} bytes expand to more than {self.decoded}")


def is_gzip(encoding: str) -> bool:
    """Whether a Content-Encoding is one layer of gzip; False for none.

    Raises:
        Refusal: ``bad_encoding`` for every other or stacked encoding: we asked for gzip alone.
    """
    match encoding.strip().lower():
        case "" | "identity":
            return False
        case "gzip" | "x-gzip":
            return True
    raise Refusal("bad_encoding", f"{encoding[:80]!r}; allowed: gzip")


def check_length(declared: str | None, limit: Limit) -> None:
    """Refuse by the Content-Length already, when there is one.

    Raises:
        Refusal: ``too_large``.
    """
    if declared and declared.isdecimal() and (len(declared) > 15 or int(declared) > limit.raw):
        raise Refusal("too_large", f"{declared[:20]} bytes announced; allowed: {limit.raw}")


async def read_body(chunks: AsyncIterable[bytes], limit: Limit, *, gzip: bool, sink: Callable[[bytes], object]) -> int:
    """Give the decoded body to ``sink`` piece by piece; returns the number of bytes as sent.

    Raises:
        Refusal: ``too_large``, ``bomb``, ``bad_gzip`` or ``truncated``.
    """
    raw = 0
    decoder = Gunzip(limit.decoded) if gzip else None
    async for chunk in chunks:
        raw += len(chunk)
        if raw > limit.raw:
            raise Refusal("too_large", f"more than {limit.raw} bytes sent")
        for piece in decoder.feed(chunk) if decoder else (chunk,):
            sink(piece)
    if decoder:
        decoder.finish()
    return raw
