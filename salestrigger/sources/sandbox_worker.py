"""The child's side of ``sandbox``: read a job, bound oneself, run it, answer; until the pipe ends.

Run as ``python -m salestrigger.sources.sandbox_worker``; it is of no use by hand.
"""

from __future__ import annotations

import importlib
import os
import pickle
import resource
from collections.abc import Callable
from typing import Any

from salestrigger.sources.errors import SalestriggerError
from salestrigger.sources.sandbox_frames import MAX_REPLY, MEMORY_REPLY, READY, Limits, read_frame, write_frame

#: bytes; a job is at most a decoded body with its context
_MAX_JOB = 1 << 30


def main() -> None:
    """Serve jobs from standard input on standard output; what a parser prints goes nowhere."""
    jobs, replies = os.fdopen(os.dup(0), "rb", buffering=0), os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    imported: set[str] = set()
    while True:
        try:
            job = read_frame(jobs, _MAX_JOB)
        except EOFError:
            return
        write_frame(replies, _answer(job, imported, lambda: write_frame(replies, READY)))


def _answer(job: bytes, imported: set[str], begin: Callable[[], None]) -> bytes:
    """The outcome of one job, pickled; ``begin`` is called when a module is newly imported and its limits hold."""
    try:
        module, name, limits, body, context = pickle.loads(job)  # noqa: S301 - from our own parent process
        _unbound()
        function = _function(module, name)
        _bound(limits)
        if module not in imported:
            begin()
            imported.add(module)
        reply = pickle.dumps(("ok", function(body, context)))
    except MemoryError:
        return MEMORY_REPLY
    except SalestriggerError as error:
        return pickle.dumps(("error", (type(error), error.args, dict(vars(error)))))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - this process exists to contain whatever it is
        return pickle.dumps(("crash", f"{type(error).__name__}: {error}"[:300]))
    return reply if len(reply) <= MAX_REPLY else MEMORY_REPLY


def _function(module: str, name: str) -> Any:
    """The function, with the parsers that its module imports only when it needs them (its PARSERS)."""
    found = importlib.import_module(module)
    for parser in getattr(found, "PARSERS", ()):
        importlib.import_module(parser)
    return getattr(found, name)


def _unbound() -> None:
    """Importing is our own code's work: the last job's limits do not hold for it."""
    _limit(resource.RLIMIT_CPU, resource.RLIM_INFINITY)
    _limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)


def _bound(limits: Limits) -> None:
    """Let this job use so much more processor time than was used before, and so much memory in all."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + limits.cpu_s)
    _limit(resource.RLIMIT_AS, limits.memory_mb * 1024 * 1024)


def _limit(which: int, value: int) -> None:
    """Set the soft limit; the hard one stays, so that the next job can have its own."""
    hard: Any = resource.getrlimit(which)[1]
    if hard != resource.RLIM_INFINITY:
        value = hard if value == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (value, hard))


if __name__ == "__main__":
    main()
