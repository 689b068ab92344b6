"""Files that are whole or absent, many at a time, gzipped. Knows nothing of what they hold: ``raw.py`` does."""

from __future__ import annotations

import functools
import itertools
import os
import secrets
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

#: how the name of a file begins that is being written; what an interrupted write left has it still
TEMPORARY = ".writing-"
_numbers = itertools.count()


def write_whole(files: Mapping[str, Iterable[bytes]]) -> None:
    """Write temporary files, sync and rename them, sync the folders: a crash leaves all or nothing of a file.

    Content in a list is in memory; any other is taken piece by piece.
    All are written before the first is synced, and all are synced before the first is renamed, so that the disk does it
    at once; and with as few calls as that takes, since each lets another thread go first.
    """
    opened, temporary = dict[str, int](), dict[str, str]()
    try:
        for path, chunks in files.items():
            folder = os.path.dirname(path)  # noqa: PTH120
            temporary[path] = os.path.join(folder, _temporary_name())  # noqa: PTH118
            opened[path] = _created(temporary[path])
            for packed in _packed(chunks):
                _write(opened[path], packed)
        for path in files:
            os.fsync(opened[path])
            os.close(opened.pop(path))
        for path in files:
            os.replace(temporary[path], path)  # noqa: PTH105
            del temporary[path]
        for folder in {os.path.dirname(path) for path in files}:  # noqa: PTH120
            opened[folder] = os.open(folder, os.O_RDONLY)
            os.fsync(opened[folder])
    finally:
        for descriptor in opened.values():
            os.close(descriptor)
        for name in temporary.values():
            Path(name).unlink(missing_ok=True)


def _created(path: str) -> int:
    """A new file, open to be written; its folder is made where there is none yet."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        return os.open(path, flags, 0o600)
    except FileNotFoundError:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, flags, 0o600)


def _write(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


@functools.cache
def _process_token(pid: int) -> str:
    """What tells this process's files from those of any other, also of one that had its number before."""
    return f"{pid}-{secrets.token_hex(8)}"


def _temporary_name() -> str:
    return f"{TEMPORARY}{_process_token(os.getpid())}-{next(_numbers)}"


def _packed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """As gzip, without a time or a name inside: the same content is the same file."""
    if isinstance(chunks, list):
        yield zlib.compress(b"".join(chunks), level=6, wbits=31)
        return
    packer = zlib.compressobj(level=6, wbits=31)
    for chunk in chunks:
        yield packer.compress(chunk)
    yield packer.flush()
