"""Parse hostile bytes in a child process: bounded CPU, memory and time, and no way to take the run down.

::

    run_sandboxed ─ a free worker (warm, at most two) ─ pipe ─ sandbox_worker ─ function(body, context)
                    └─ killed at the wall limit, replaced when it died

A worker is reused, so that hundreds of feeds cost milliseconds each. It gets no environment (no secrets), may write no
file, and what it sends back is unpickled with an allow-list, so that a parser that was taken over still cannot run
code here. It does not keep a parser from being wrong: that is what the adapters' checks are for.
"""

from __future__ import annotations

import asyncio
import atexit
import functools
import io
import os
import pickle
import queue
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import is_dataclass
from types import TracebackType
from typing import Any, TypeVar

from salestrigger.sources.errors import SalestriggerError, SourceError
from salestrigger.sources.sandbox_frames import MAX_REPLY, MEMORY_REPLY, READY, Limits, Line

__all__ = ["Limits", "Sandbox", "end_workers", "run_sandboxed"]

T = TypeVar("T")

#: classes outside our own package that a reply may hold
_PLAIN = {
    ("builtins", "set"), ("builtins", "frozenset"), ("builtins", "bytearray"), ("datetime", "date"),
    ("datetime", "datetime"), ("datetime", "time"), ("datetime", "timedelta"), ("datetime", "timezone"),
    ("decimal", "Decimal"),
}  # fmt: skip
#: seconds on the wall that a worker may take to start and to import the function with the parsers that its module
#: names in PARSERS; that is our own code, and slow only where the machine is
START_S = 60.0
#: part of its memory that a worker may still have after a job; one with more is replaced
FULL = 0.75
#: environment that a worker keeps: how Python finds modules and reads text
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "PYTHONHASHSEED", "SYSTEMROOT")


async def run_sandboxed(
    function: Callable[[bytes, dict[str, Any]], T],
    body: bytes,
    context: Mapping[str, Any],
    *,
    cpu_s: int = 5,
    memory_mb: int = 512,
    wall_s: float = 10.0,
) -> T:
    """``function(body, dict(context))``, computed in a child process.

    ``function`` must be a module's own (importable by name); ``context`` and the result must pickle, the result from
    plain values, dates, decimals and the dataclasses of salestrigger.

    Raises:
        SalestriggerError: whatever of our own tree the function raised, as it was.
        SourceError: reason ``parse_timeout``, ``parse_memory`` or ``parse_crash`` (died, raised something else, or
            sent something back that is not allowed).
    """
    limits = Limits(cpu_s, memory_mb, wall_s)
    return await _shared().run(function, body, context, limits=limits)


class Sandbox:
    """A pool of ``workers`` warm child processes. Thread-safe; ``run`` may be awaited from any event loop."""

    def __init__(self, workers: int = 2) -> None:
        # last in, first out: the second worker starts only when there is work for two
        self._free: queue.LifoQueue[_Worker] = queue.LifoQueue()
        for _ in range(workers):
            self._free.put(_Worker())
        # threads of our own: name look-ups of the event loop must not wait behind slow parsers
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="sandbox")

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the workers."""
        self._threads.shutdown()
        while not self._free.empty():
            self._free.get().stop()

    async def run(
        self,
        function: Callable[[bytes, dict[str, Any]], T],
        body: bytes,
        context: Mapping[str, Any],
        *,
        limits: Limits,
    ) -> T:
        """See :func:`run_sandboxed`."""
        if getattr(sys.modules.get(function.__module__), function.__qualname__, None) is not function:
            raise TypeError(f"{function!r} is not a module's own function, so a child process cannot import it")
        name = function.__module__, function.__qualname__
        job = pickle.dumps((*name, limits, body, dict(context)))
        reply = await asyncio.get_running_loop().run_in_executor(self._threads, self._work, name[0], job, limits)
        return _outcome(reply, function.__qualname__)  # type: ignore[no-any-return]  # the function's own type

    def _work(self, module: str, job: bytes, limits: Limits) -> bytes:
        """In a thread: give the job to a free worker; returns its reply."""
        worker = self._free.get()
        try:
            return worker.work(module, job, limits)
        finally:
            self._free.put(worker)


class _Worker:
    """One child process, started at its first job and again after it died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Line | None = None
        self._sizes = -1  #: where the system says how large the child is, open
        self._imported: set[str] = set()

    def work(self, module: str, job: bytes, limits: Limits) -> bytes:
        """Send a job for a function of ``module``, wait for the reply.

        Raises:
            SourceError: the child died or was killed.
        """
        if self._process is None or self._line is None or self._process.poll() is not None:
            self.stop()
            self._process = _start()
            self._line, self._sizes = _line_to(self._process), _sizes_of(self._process.pid)
        process, is_new = self._process, module not in self._imported
        try:
            reply, has_begun = _talk(self._line, job, limits.wall_s, is_new=is_new)
        except (OSError, EOFError) as error:
            self.stop()
            raise _death(process.returncode, timed_out=isinstance(error, TimeoutError), limits=limits) from None
        if has_begun:
            self._imported.add(module)
        if reply == MEMORY_REPLY or _mib(self._sizes) > FULL * limits.memory_mb:
            self.stop()  # what was half made may be broken, what is left over is the next job's: a new one is cheap
        return reply

    def stop(self) -> None:
        """Kill the child, if there is one, and forget it."""
        process, self._process, self._line = self._process, None, None
        self._imported.clear()
        if self._sizes >= 0:
            os.close(self._sizes)
            self._sizes = -1
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()


def _sizes_of(pid: int) -> int:
    """Where the system says how large a process is, open for all its jobs; -1 where it does not say."""
    try:
        return os.open(f"/proc/{pid}/statm", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return -1


def _mib(sizes: int) -> float:
    """The address space that a process has, in MiB; 0 where the system does not say."""
    try:
        pages = int(os.pread(sizes, 200, 0).split()[0]) if sizes >= 0 else 0
    except (OSError, IndexError):  # it has just ended
        return 0.0
    return pages * resource.getpagesize() / 2**20


def _start() -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    return subprocess.Popen(
        [sys.executable, "-B", "-m", "salestrigger.sources.sandbox_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        bufsize=0,
    )


def _line_to(process: subprocess.Popen[bytes]) -> Line:
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    return Line(process.stdin.fileno(), process.stdout.fileno())


def _talk(line: Line, job: bytes, wall_s: float, *, is_new: bool) -> tuple[bytes, bool]:
    """The job there and a reply back; and whether the function, when it ``is_new`` to the child, could be imported.

    Raises:
        TimeoutError: one of the two took too long.
        OSError, EOFError: the child is gone, or it announces more than a reply may be.
    """
    begun = time.monotonic()
    line.send(job, begun + START_S)
    if is_new:
        first = line.receive(MAX_REPLY, begun + START_S)
        if first != READY:
            return first, False  # it could not even begin
        begun = time.monotonic()
    return line.receive(MAX_REPLY, begun + wall_s), True


def _death(code: int | None, *, timed_out: bool, limits: Limits) -> SourceError:
    """Why a child died, from the way it did."""
    if timed_out or code == -signal.SIGXCPU:
        what = f"{limits.wall_s} s" if timed_out else f"{limits.cpu_s} s of processor time"
        return SourceError(f"cannot parse: took more than {what}", reason="parse_timeout")
    return SourceError(f"cannot parse: the parser died (code {code})", reason="parse_crash")


def _outcome(reply: bytes, name: str) -> Any:
    """The result in a reply, or the error in it raised."""
    try:
        kind, value = _Unpickler(io.BytesIO(reply)).load()
        if kind == "ok":
            return value
        error = _rebuilt(kind, value, name)
    except Exception as problem:  # noqa: BLE001 - the bytes come from a process that read hostile input
        raise SourceError(f"cannot parse: {name} sent back what it may not: {problem}", reason="parse_crash") from None
    raise error


def _rebuilt(kind: str, value: Any, name: str) -> SalestriggerError:
    """The error that the child reports."""
    if kind == "memory":
        return SourceError(f"cannot parse: {name} needs too much memory", reason="parse_memory")
    if kind == "crash":
        return SourceError(f"cannot parse: {name}: {str(value)[:300]}", reason="parse_crash")
    cls, args, state = value
    if kind != "error" or not issubclass(cls, SalestriggerError):
        raise TypeError(f"unknown reply {kind!r}")
    error: SalestriggerError = cls.__new__(cls)
    Exception.__init__(error, *args)
    error.__dict__.update(state)
    return error


class _Unpickler(pickle.Unpickler):
    """Takes plain values, our own dataclasses and errors; nothing that can be called to do something."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if module.startswith("salestrigger."):
            found = super().find_class(module, name)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, SalestriggerError)):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed")


def end_workers() -> None:
    """End the shared workers now, not at exit; the next call starts new ones."""
    if _shared.cache_info().currsize:
        _shared().close()
        _shared.cache_clear()


@functools.cache
def _shared() -> Sandbox:
    """The pool of this process; ends with it."""
    sandbox = Sandbox()
    atexit.register(sandbox.close)
    return sandbox
