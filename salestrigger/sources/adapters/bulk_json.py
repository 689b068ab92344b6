"""A bulk file with one JSON array, bare or as a zip's only JSON file: downloaded beside the raw store, read object by
object in a thread, deleted. What an object is, the adapter knows.
"""

from __future__ import annotations

import asyncio
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from salestrigger.sources.adapters import Session
from salestrigger.sources.adapters.json_stream import objects_in
from salestrigger.sources.adapters.json_strict import NotJsonError
from salestrigger.sources.errors import FetchError, ShapeError
from salestrigger.sources.http import NotModified

#: a zip says how far it expands; JSON of records expands about 15 times
MAX_EXPANSION: Final = 200
#: what a damaged or encrypted zip raises, beside NotJsonError for what is no JSON
DAMAGED: Final = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error)


async def with_download(
    session: Session, link: str, use: Callable[[Path], None], *, expected: str = "a zip with one JSON file of records"
) -> None:
    """Fetch ``link`` to disk, give the file to ``use`` in a thread, and delete it; ``expected`` is for errors.

    Raises:
        FetchError: it cannot be had. ShapeError: it is something else.
    """
    path = session.place_for("download")
    try:
        answer = await session.get(
            link, headers={"accept": "*/*"}, conditional=False, size="bulk", keep=False, into=path
        )
        if isinstance(answer, NotModified) or answer.status != 200 or answer.body_path is None:
            raise FetchError(link, f"http_{getattr(answer, 'status', 304)}")
        try:
            await asyncio.to_thread(use, answer.body_path)
        except (*DAMAGED, NotJsonError) as error:
            raise ShapeError(link, expected, str(error)[:120]) from None
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def rows_in(path: Path) -> Iterator[Iterator[Mapping[str, Any]]]:
    """The objects of the array in a zip's only JSON file, or in a bare JSON file.

    Raises:
        DAMAGED, NotJsonError: it is something else.
    """
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            file.seek(0)
            yield _objects(file)
            return
        with zipfile.ZipFile(file) as archive:
            names = [info for info in archive.infolist() if info.filename.lower().endswith(".json")]
            if len(names) != 1 or names[0].file_size > MAX_EXPANSION * max(path.stat().st_size, 1 << 20):
                raise zipfile.BadZipFile(f"{len(names)} JSON files, or one that expands too far")
            with archive.open(names[0]) as stream:
                yield _objects(stream)


def _objects(stream: IO[bytes]) -> Iterator[Mapping[str, Any]]:
    return (row for row in objects_in(stream) if isinstance(row, Mapping))
