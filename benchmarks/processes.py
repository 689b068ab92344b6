"""What a command costs: wall time, processor time, and the most memory that it and its children held at once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

_PAUSE = 0.5  # seconds between two looks at the memory: each costs the system some milliseconds
_SHARE = re.compile(r"^Pss:\s+(\d+)", re.MULTILINE)


def timed(command: list[str]) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and peak megabytes of a process and those it started.

    Memory is looked at twice a second: what processes share is counted once (proportional set size). Where the
    system does not tell, it is the most that the process itself held.
    """
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak, over = [0.0], threading.Event()
    watch = threading.Thread(target=_watch, args=(process.pid, peak, over))
    watch.start()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    over.set()
    watch.join()
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"failed: {' '.join(command)}")
    return seconds, usage.ru_utime + usage.ru_stime, peak[0] or usage.ru_maxrss / 1024


def _watch(process: int, peak: list[float], over: threading.Event) -> None:
    while not over.wait(_PAUSE):
        peak[0] = max(peak[0], sum(map(_megabytes, _family(process))))


def _family(process: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        told = [int(child) for task in tasks for child in (task / "children").read_text(encoding="ascii").split()]
    except OSError:
        return [process]
    return [process, *(member for child in told for member in _family(child))]


def _megabytes(process: int) -> float:
    try:
        found = _SHARE.search(Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii"))
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0
