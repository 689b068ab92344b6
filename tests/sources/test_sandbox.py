"""The sandbox: a parser may hang, eat, die or lie, and the run goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salestrigger.sources.errors import FetchError, ShapeError, SourceError
from salestrigger.sources.sandbox import Limits, Sandbox, run_sandboxed
from tests.sources import parsers


def run(function: Callable[..., Any], body: bytes = b"", context: dict[str, Any] | None = None, **limits: Any) -> Any:
    return asyncio.run(run_sandboxed(function, body, context or {}, **limits))


def test_the_result_comes_back() -> None:
    """Body and context go in, plain values and our own types come out equal."""
    body = b"x" * 3_000_000
    assert run(parsers.length, body, {"language": "nb"}) == (len(body), {"language": "nb"})
    found, amount, words = run(parsers.document, "på".encode())
    assert (found.text, found.fetched_at) == ("på", datetime(2026, 3, 2, 5, tzinfo=UTC))
    assert (amount, words) == (Decimal("1.50"), frozenset({"a"}))


def test_one_worker_serves_many() -> None:
    """The process is reused, so hundreds of feeds are cheap."""
    assert len({run(parsers.process_id) for _ in range(20)}) == 1


def test_two_work_side_by_side() -> None:
    """A slow parse does not stop the others."""

    async def both() -> list[Any]:
        nap = run_sandboxed(parsers.nap, b"", {}, wall_s=0.4)
        quick = [run_sandboxed(parsers.length, b"x", {}) for _ in range(10)]
        return await asyncio.gather(nap, *quick, return_exceptions=True)

    first, *others = asyncio.run(both())
    assert isinstance(first, SourceError)
    assert others == [(1, {})] * 10


@pytest.mark.parametrize(
    ("function", "limits", "reason"),
    [
        (parsers.spin, {"cpu_s": 1}, "parse_timeout"),
        (parsers.spin, {"wall_s": 0.3}, "parse_timeout"),
        (parsers.nap, {"wall_s": 0.3}, "parse_timeout"),
        (parsers.eat, {"memory_mb": 300}, "parse_memory"),
        (parsers.die, {}, "parse_crash"),
        (parsers.leave, {}, "parse_crash"),
        (parsers.other_error, {}, "parse_crash"),
        (parsers.recurse, {}, "parse_crash"),
        (parsers.foreign, {}, "parse_crash"),
    ],
)
def test_each_way_to_fail_has_its_reason_and_the_next_job_is_served(
    function: Callable[..., Any], limits: dict[str, Any], reason: str
) -> None:
    """Whatever it does, the caller gets a reason, and a worker is there for the next source."""
    with pytest.raises(SourceError) as caught:
        run(function, **limits)
    assert caught.value.reason == reason
    assert run(parsers.length, b"abc") == (3, {})


def test_the_processor_limit_is_per_job() -> None:
    """A worker that has worked long is not punished for it."""
    with Sandbox(workers=1) as sandbox:
        for _ in range(3):
            with pytest.raises(SourceError):
                asyncio.run(sandbox.run(parsers.spin, b"", {}, limits=Limits(wall_s=0.2)))
        assert asyncio.run(sandbox.run(parsers.length, b"a", {}, limits=Limits(cpu_s=1))) == (1, {})


def test_what_a_job_leaves_behind_is_not_the_next_ones() -> None:
    """A worker that has kept much of its memory is replaced; one that has kept little works on."""
    with Sandbox(workers=1) as sandbox:
        keep = [asyncio.run(sandbox.run(parsers.keep, b"", {"mib": mib}, limits=Limits())) for mib in (10, 400, 10)]
    assert keep == [10, 410, 10]


def test_the_clock_starts_when_the_worker_is_ready() -> None:
    """Starting a child and importing the parser, slow on a busy machine, is not the document's fault."""
    from tests.sources import slow_parsers

    with Sandbox(workers=1) as sandbox:
        assert asyncio.run(sandbox.run(slow_parsers.length, b"abc", {}, limits=Limits(wall_s=0.3))) == 3


def test_our_own_errors_come_back_as_themselves() -> None:
    """With their class, message and fields."""
    with pytest.raises(ShapeError) as shape:
        run(parsers.shape_error)
    assert (shape.value.expected, shape.value.reason) == ("a feed", "malformed")
    assert str(shape.value) == str(ShapeError("https://example.com/feed", "a feed", "a login page"))
    with pytest.raises(FetchError) as fetch:
        run(parsers.fetch_error)
    assert (fetch.value.reason, fetch.value.retry_after) == ("http_500", 3.0)


def test_a_reply_cannot_run_code_here(tmp_path: Path) -> None:
    """A parser that was taken over can send a pickle that calls something: it is refused, not called."""
    with pytest.raises(SourceError) as caught:
        run(parsers.evil, context={"path": str(tmp_path / "touched")})
    assert caught.value.reason == "parse_crash"
    assert list(tmp_path.iterdir()) == []


def test_what_a_parser_prints_disturbs_nothing() -> None:
    """Its standard output leads nowhere."""
    assert run(parsers.print_much) == "quiet"


def test_a_parser_cannot_write_files_or_see_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file grows, and the environment holds no more than Python needs."""
    target = tmp_path / "file"
    with pytest.raises(SourceError):
        run(parsers.write_file, context={"path": str(target)})
    assert not target.exists() or target.stat().st_size == 0
    monkeypatch.setenv("SALESTRIGGER_KEY", "s3cret")
    with Sandbox(workers=1) as sandbox:
        names = asyncio.run(sandbox.run(parsers.environment, b"", {}, limits=Limits()))
    assert "SALESTRIGGER_KEY" not in names
    assert "PYTHONPATH" in names


def test_a_function_that_a_child_cannot_import_is_a_mistake_of_ours() -> None:
    """Found out before anything is sent."""
    with pytest.raises(TypeError, match="cannot import"):
        run(lambda body, context: body)
