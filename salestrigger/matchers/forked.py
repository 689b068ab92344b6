"""A function applied to many items by several processes that share what this one holds: for work on large arrays.

The processes are forked, so that they see everything this one has without copying it, and hand their results back
through anonymous memory, whose arrays are looked at where they lie. Only on Linux, where that is safe for array code;
elsewhere threads do it, and with one process the function runs here. Results come in the order of the items either way.

Not for reading untrusted bytes (``sources/sandbox.py`` is).
"""

from __future__ import annotations

import mmap
import os
import pickle
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NoReturn, TypeVar

from salestrigger.sources.errors import SalestriggerError

In = TypeVar("In")
Out = TypeVar("Out")

_NUMBER = struct.Struct("<q")
_ALIGNED = 64  # bytes: where arrays begin
_ROUND = 4096  # items whose numbers fit the buffer of a pipe


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def forked_map(function: Callable[[In], Out], items: Sequence[In], *, processes: int) -> Iterator[Out]:
    """``function`` of every item, in order, each as soon as it and those before it are done.

    Raises:
        SalestriggerError: a process ended without its result (killed for want of memory); what the function raises.
    """
    workers = min(processes, len(items))
    if workers < 2:
        yield from map(function, items)
        return
    if not sys.platform.startswith("linux"):
        with ThreadPoolExecutor(workers) as pool:  # most of the work is in array code that lets others run
            yield from pool.map(function, items)
        return
    for low in range(0, len(items), _ROUND):
        yield from _Forked(function, items[low : low + _ROUND], workers).results()


class _Forked:
    """Items are taken from a pipe, so that whoever is free takes the next; results come as memory files."""

    def __init__(self, function: Callable[[In], Out], items: Sequence[In], workers: int) -> None:
        self._function, self._items = function, items
        self._results, results = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        todo = _numbers(len(items))
        sys.stdout.flush()
        sys.stderr.flush()
        self._children: list[int] = []
        with results:
            for _ in range(workers):
                child = os.fork()
                if not child:
                    self._work(todo, results)
                self._children.append(child)
        os.close(todo)

    def _work(self, todo: int, results: socket.socket) -> NoReturn:
        """The child: it never comes back."""
        code = 1
        try:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C reaches every process; one of them says so
            while number := os.read(todo, _NUMBER.size):
                memory = os.memfd_create("result")
                _put(memory, self._outcome(_NUMBER.unpack(number)[0]))
                socket.send_fds(results, [number], [memory])
                os.close(memory)
            code = 0
        finally:
            os._exit(code)

    def _outcome(self, place: int) -> tuple[Any, BaseException | None]:
        try:
            return self._function(self._items[place]), None
        except Exception as error:  # noqa: BLE001  it is raised again where the results are asked for
            error.add_note("".join(traceback.format_exception(error)))
            return None, error

    def results(self) -> Iterator[Any]:
        """Everything, in order."""
        done: dict[int, int] = {}
        try:
            for place in range(len(self._items)):
                while place not in done:
                    number, files, _, _ = socket.recv_fds(self._results, _NUMBER.size, 1)
                    if not number:
                        raise SalestriggerError("a process that was matching ended early: is there enough memory?")
                    done[_NUMBER.unpack(number)[0]] = files[0]
                value, error = _get(done.pop(place))
                if error is not None:
                    raise error
                yield value
        finally:
            self._end(done.values())

    def _end(self, files: Iterable[int]) -> None:
        self._results.close()
        for file in files:
            os.close(file)
        for child in self._children:
            os.kill(child, signal.SIGTERM)  # not yet waited for: the number is still its own, also when it is done
            os.waitpid(child, 0)


def _numbers(count: int) -> int:
    """A pipe that holds the numbers from 0."""
    out, into = os.pipe()
    os.write(into, b"".join(map(_NUMBER.pack, range(count))))
    os.close(into)
    return out


def _put(file: int, value: object) -> None:
    """Write a value with its arrays beside it."""
    arrays: list[pickle.PickleBuffer] = []
    body = pickle.dumps(value, protocol=5, buffer_callback=arrays.append)
    raws = [array.raw() for array in arrays]
    head = pickle.dumps((len(body), [raw.nbytes for raw in raws]))
    position = 0
    parts: list[bytes | memoryview] = [_NUMBER.pack(len(head)) + head, body, *raws]
    for part in parts:
        os.ftruncate(file, position + len(part))
        os.lseek(file, position, os.SEEK_SET)
        _write(file, memoryview(part))
        position = -(-(position + len(part)) // _ALIGNED) * _ALIGNED


def _write(file: int, data: memoryview) -> None:
    while data:
        data = data[os.write(file, data) :]


def _get(file: int) -> Any:
    """What :func:`_put` wrote; its arrays lie in the mapped file, and are private to this process. Closes the file."""
    view = memoryview(mmap.mmap(file, 0, flags=mmap.MAP_PRIVATE))
    os.close(file)
    begin = _NUMBER.size + _NUMBER.unpack(view[: _NUMBER.size])[0]
    body, sizes = pickle.loads(view[_NUMBER.size : begin])  # noqa: S301  written by our own child
    parts = []
    position = begin
    for size in (body, *sizes):
        position = -(-position // _ALIGNED) * _ALIGNED
        parts.append(view[position : position + size])
        position += size
    return pickle.loads(parts[0], buffers=parts[1:])  # noqa: S301
