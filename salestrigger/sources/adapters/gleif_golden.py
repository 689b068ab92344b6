"""The files of GLEIF's golden copy, read from disk record by record into a file of records: three million are too many
to be held.

A file is a zip with one JSON array (XML and CSV of the same are offered too; JSON alone is read). It is downloaded
beside the raw store and deleted when it is read, as GLEIF has it again. Which file is read, and what a record is, is
decided in ``gleif`` and ``gleif_records``.
"""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any, Protocol

from salestrigger.sources.adapters import Session
from salestrigger.sources.adapters.api_answers import part_of
from salestrigger.sources.adapters.gleif_parents import Parents
from salestrigger.sources.adapters.gleif_records import with_parent
from salestrigger.sources.adapters.json_stream import objects_in
from salestrigger.sources.adapters.json_strict import NotJsonError
from salestrigger.sources.errors import FetchError, ShapeError
from salestrigger.sources.http import NotModified
from salestrigger.sources.record_columns import RecordWriter, table_of
from salestrigger.sources.records import OrgRecord, RecordFile

#: the name of the whole file, beside those of the deltas
FULL = "full"
#: records that are made into columns at a time
BATCH = 5_000
#: a zip says how far it expands; JSON of records expands about 15 times
MAX_EXPANSION = 200


class Found(Protocol):
    """What :func:`load_file` adds to."""

    record_file: RecordFile | None

    def read(self, row: Mapping[str, Any], fetched_at: datetime) -> OrgRecord | None:
        """The record, when it is wanted."""
        ...


def file_of(latest: Mapping[str, Any], name: str, url: str) -> str:
    """The address of a file of one publication: the whole one or a delta.

    Raises:
        ShapeError: the publication names none.
    """
    path = ("full_file",) if name == FULL else ("delta_files", name)
    link = part_of(latest, *path, "json").get("url")
    if not isinstance(link, str):
        raise ShapeError(url, f"data.{'.'.join(path)}.json.url", ", ".join(part_of(latest, path[0]))[:120])
    return link


async def load_file(session: Session, link: str, found: Found, parents: Parents) -> None:
    """The wanted records of a file into ``found.record_file``.

    Raises:
        FetchError: it cannot be had. ShapeError: it is something else.
    """
    target = session.place_for("records")

    def write(path: Path) -> None:
        writer = RecordWriter(target)
        try:
            with rows_in(path) as rows:
                wanted = (record for row in rows if (record := found.read(row, session.now)) is not None)
                for batch in _batches(wanted):
                    writer.add(table_of(with_parent(record, parents.told(record.identifier)) for record in batch))
        finally:
            writer.close()
        found.record_file = RecordFile(target, writer.count)

    await _with_download(session, link, write)


async def load_parents(session: Session, link: str, parents: Parents) -> None:
    """The relationships of a file into ``parents``; raises as :func:`load_file`."""

    def read(path: Path) -> None:
        with rows_in(path) as rows:
            parents.apply(rows)

    await _with_download(session, link, read)


async def _with_download(session: Session, link: str, use: Callable[[Path], None]) -> None:
    path = session.place_for("download")
    try:
        answer = await session.get(
            link, headers={"accept": "*/*"}, conditional=False, size="bulk", keep=False, into=path
        )
        if isinstance(answer, NotModified) or answer.status != 200 or answer.body_path is None:
            raise FetchError(link, f"http_{getattr(answer, 'status', 304)}")
        try:
            await asyncio.to_thread(use, answer.body_path)
        except (zipfile.BadZipFile, NotJsonError, NotImplementedError) as error:
            raise ShapeError(link, "a zip with one JSON file of records", str(error)[:120]) from None
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def rows_in(path: Path) -> Iterator[Iterator[Mapping[str, Any]]]:
    """The objects of the array in a zip's only JSON file, or in a bare JSON file.

    Raises:
        BadZipFile, NotJsonError: it is something else.
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


def _batches(records: Iterator[OrgRecord]) -> Iterator[list[OrgRecord]]:
    while batch := list(islice(records, BATCH)):
        yield batch
