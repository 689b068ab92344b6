"""Bodies of unknown honesty: several members, padding, limits, and the memory that a bomb may cost."""

from __future__ import annotations

import asyncio
import gzip
import os
import tracemalloc
from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salestrigger.sources.bodies import LIMITS, MIB, Gunzip, Limit, check_length, is_gzip, read_body
from salestrigger.sources.reasons import Refusal


def read(chunks: Sequence[bytes], limit: Limit = LIMITS["feed"], *, gzip: bool = True) -> bytes:
    """The body in ``chunks``, decoded."""
    parts: list[bytes] = []

    async def stream() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    asyncio.run(read_body(stream(), limit, gzip=gzip, sink=parts.append))
    return b"".join(parts)


def reason(chunks: Sequence[bytes], limit: Limit = LIMITS["feed"], *, gzip: bool = True) -> str:
    with pytest.raises(Refusal) as caught:
        read(chunks, limit, gzip=gzip)
    return caught.value.reason


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(max_size=3_000), min_size=1, max_size=6), st.integers(1, 400))
def test_members_one_after_another_are_one_body(bodies: list[bytes], size: int) -> None:
    """However the sender cut members and the network cut chunks, the body is the same."""
    packed = b"".join(gzip.compress(body) for body in bodies)
    chunks = [packed[start : start + size] for start in range(0, len(packed), size)]
    assert read(chunks) == b"".join(bodies)


def test_zero_padding_between_and_after_members_is_skipped() -> None:
    """Tapes and some proxies pad with zero bytes."""
    packed = gzip.compress(b"one") + bytes(600) + gzip.compress(b"two") + bytes(600)
    assert read([packed]) == read([packed[:100], packed[100:700], packed[700:]]) == b"onetwo"


def test_garbage_after_a_member_is_damage() -> None:
    """What is no member is not silently dropped."""
    assert reason([gzip.compress(b"one") + b"garbage"]) == "bad_gzip"


def test_a_cut_anywhere_is_an_error() -> None:
    """No prefix of a compressed body counts as the body."""
    packed = gzip.compress(os.urandom(200))
    assert {reason([packed[:size]]) for size in range(len(packed))} == {"truncated"}


def test_limits_are_exact() -> None:
    """The last allowed byte is allowed, the next one is not, raw and decoded."""
    limit = Limit(raw=1_000, decoded=2_000)
    assert len(read([bytes(600), bytes(400)], limit, gzip=False)) == 1_000
    assert reason([bytes(600), bytes(401)], limit, gzip=False) == "too_large"
    assert len(read([gzip.compress(bytes(2_000))], limit)) == 2_000
    assert reason([gzip.compress(bytes(2_001))], limit) == "too_large"
    assert reason([gzip.compress(os.urandom(1_100))], limit) == "too_large"


def test_honest_repetition_is_no_bomb() -> None:
    """The ratio is not held against small bodies, nor against well compressed large ones."""
    assert len(read([gzip.compress(bytes(900_000))])) == 900_000
    text = b"".join(b'{"id": %d, "name": "A company with a usual name"}' % n for n in range(60_000))
    assert read([gzip.compress(text)]) == text


def test_a_bomb_costs_little_memory() -> None:
    """300 MB of zeros are refused after the ten that a feed may have."""
    member = gzip.compress(bytes(30 * MIB))
    bomb = member * 10
    tracemalloc.start()
    try:
        assert reason([bomb]) == "too_large"
        assert tracemalloc.get_traced_memory()[1] < 24 * MIB
    finally:
        tracemalloc.stop()


def test_pieces_stay_small() -> None:
    """No single step hands out more than a quarter of a mebibyte, so nothing uncounted can grow."""
    decoder = Gunzip(64 * MIB)
    packed = gzip.compress(bytes(900_000))
    assert max(len(piece) for piece in decoder.feed(packed)) <= 256 * 1024


def test_thousands_of_empty_members_are_refused_at_once() -> None:
    """They would cost time for nothing."""
    assert reason([gzip.compress(b"") * 50_000]) == "bomb"
    assert read([gzip.compress(b"") * 60]) == b""


@pytest.mark.parametrize(
    "encoding", ["gzip, gzip", "gzip,identity", "deflate", "br", "zstd", "compress", "gzip;q=1", "x" * 9_000]
)
def test_other_encodings_are_refused(encoding: str) -> None:
    """We asked for gzip: whoever sends something else is not believed."""
    with pytest.raises(Refusal) as caught:
        is_gzip(encoding)
    assert caught.value.reason == "bad_encoding"
    assert len(str(caught.value)) < 200


def test_known_encodings() -> None:
    """Gzip under both names, and none under two."""
    assert [is_gzip(name) for name in ("gzip", "X-GZIP", " gzip ", "", "identity")] == [True, True, True, False, False]


@pytest.mark.parametrize("declared", ["11", "9" * 30])
def test_a_length_beyond_the_limit_is_refused_before_reading(declared: str) -> None:
    """Content-Length is believed when it is bad news."""
    with pytest.raises(Refusal):
        check_length(declared, Limit(10, 10))
    for harmless in (None, "", "10", "x", "-1"):
        check_length(harmless, Limit(10, 10))
