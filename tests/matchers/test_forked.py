"""Work over several processes: the results are those of one, in order, and what goes wrong comes back."""

from __future__ import annotations

import os
import signal
import sys

import numpy as np
import pytest

from salestrigger.matchers.forked import forked_map
from salestrigger.sources.errors import SalestriggerError

LARGE = np.arange(300_000)
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks on Linux only")


def piece(size: int) -> dict[str, np.ndarray]:
    """Something with arrays, empty ones too, and a text."""
    if size == 13:
        raise ValueError("thirteen")
    return {"head": LARGE[:size] * 2, "none": LARGE[:0], str(size): LARGE[-1:]}


def test_results_are_those_of_one_process_in_order() -> None:
    """With any number of processes; the arrays can be written to."""
    sizes = [5, 0, 200_000, 1, 7]
    for processes in (1, 2, 3, 9):
        got = list(forked_map(piece, sizes, processes=processes))
        assert [list(g) for g in got] == [["head", "none", str(size)] for size in sizes]
        assert all(np.array_equal(g["head"], LARGE[:size] * 2) for g, size in zip(got, sizes, strict=True))
        got[2]["head"][0] = 1
    assert list(forked_map(piece, [], processes=4)) == []


def test_what_is_raised_is_raised_here() -> None:
    """With where it was raised there."""
    results = forked_map(piece, [1, 13, 2], processes=2)
    assert len(next(results)["head"]) == 1
    with pytest.raises(ValueError, match="thirteen") as caught:
        next(results)
    assert "in piece" in "".join(caught.value.__notes__)


def test_a_process_that_is_killed_is_an_error() -> None:
    """Nothing waits for ever."""

    def killed(_: int) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(SalestriggerError, match="ended early"):
        list(forked_map(killed, [1, 2], processes=2))


def test_a_reader_that_stops_early_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Results that nobody wants are not waited for; other children of this process are not its business."""
    fork = os.fork
    started: list[int] = []

    def noted() -> int:
        started.append(child := fork())
        return child

    monkeypatch.setattr(os, "fork", noted)
    results = forked_map(piece, list(range(14, 60)), processes=2)
    next(results)
    results.close()
    assert len(started) == 2
    for child in started:
        with pytest.raises(ChildProcessError):
            os.waitpid(child, os.WNOHANG)
