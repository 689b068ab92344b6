"""The child's side of ``sandbox``: read a job, bound oneself, run it, answer; until the pipe ends.

Run as ``python -m salestrigger.sources.sandbox_worker``; it is of no use by hand.
"""

from __future__ import annotations

import importlib
import os
import pickle
import resource
from typing import Any

from salestrigger.sources.errors import SalestriggerError
from salestrigger.sources.sandbox import MAX_REPLY, MEMORY_REPLY, Limits, read_frame, write_frame

#: bytes; a job is at most a decoded body with its context
_MAX_JOB = 1 << 30


def main() -> None:
    """Serve jobs from standard input on standard output; what a parser prints goes nowhere."""
    jobs, replies = os.fdopen(os.dup(0), "rb", buffering=0), os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    while True:
        try:
            job = read_frame(jobs, _MAX_JOB)
        except EOFError:
            return
        write_frame(replies, _answer(job))


def _answer(job: bytes) -> bytes:
    """The outcome of one job, pickled."""
    try:
        module, name, limits, body, context = pickle.loads(job)  # noqa: S301 - from our own parent process
        _bound(limits)
        function = getattr(importlib.import_module(module), name)
        reply = pickle.dumps(("ok", function(body, context)))
    except MemoryError:
        return MEMORY_REPLY
    except SalestriggerError as error:
        return pickle.dumps(("error", (type(error), error.args, dict(vars(error)))))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - this process exists to contain whatever it is
        return pickle.dumps(("crash", f"{type(error).__name__}: {error}"[:300]))
    return reply if len(reply) <= MAX_REPLY else MEMORY_REPLY


def _bound(limits: Limits) -> None:
    """Let this job use so much more processor time than was used before, and so much memory in all."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + limits.cpu_s)
    _limit(resource.RLIMIT_AS, limits.memory_mb * 1024 * 1024)


def _limit(which: int, value: int) -> None:
    """Set the soft limit; the hard one stays, so that the next job can have its own."""
    hard: Any = resource.getrlimit(which)[1]
    resource.setrlimit(which, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


if __name__ == "__main__":
    main()
