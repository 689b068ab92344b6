"""The files of GLEIF's golden copy, read from disk record by record into a file of records: three million are too many
to be held.

A file is a zip with one JSON array. It is downloaded beside the raw store and deleted when it is read, as GLEIF has it
again. Which file is read, and what a record is, is decided in ``gleif`` and ``gleif_records``.
"""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from salestrigger.sources.adapters import Session
from salestrigger.sources.adapters.api_answers import part_of
from salestrigger.sources.adapters.gleif_records import parents_of, with_parent
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


async def load_file(session: Session, link: str, found: Found, parents: Mapping[str, str]) -> None:
    """The wanted records of a file into ``found.record_file``.

    Raises:
        FetchError: it cannot be had. ShapeError: it is something else.
    """
    target = session.place_for("records")

    def write(path: Path) -> None:
        writer = RecordWriter(target)
        try:
            with _rows(path, path.stat().st_size) as rows:
                wanted = (record for row in rows if (record := found.read(row, session.now)) is not None)
                for batch in _batches(wanted):
                    writer.add(table_of(with_parent(record, parents) for record in batch))
        finally:
            writer.close()
        found.record_file = RecordFile(target, writer.count)

    await _with_download(session, link, write)


async def load_parents(session: Session, link: str) -> dict[str, str]:
    """LEI → LEI of its parent, from a file of relationships; raises as :func:`load_file`."""
    parents: dict[str, str] = {}

    def read(path: Path) -> None:
        with _rows(path, path.stat().st_size) as rows:
            parents.update(parents_of(rows))

    await _with_download(session, link, read)
    return parents


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
def _rows(file: Path | io.BytesIO, size: int) -> Iterator[Iterator[Mapping[str, Any]]]:
    """The objects of the array in the zip's only file.

    Raises:
        BadZipFile, NotJsonError: it is something else.
    """
    with zipfile.ZipFile(file) as archive:
        names = [info for info in archive.infolist() if info.filename.lower().endswith(".json")]
        if len(names) != 1 or names[0].file_size > MAX_EXPANSION * max(size, 1 << 20):
            raise zipfile.BadZipFile(f"{len(names)} JSON files, or one that expands too far")
        with archive.open(names[0]) as stream:
            yield (row for row in objects_in(stream) if isinstance(row, Mapping))


def unzipped(body: bytes) -> list[Mapping[str, Any]]:
    """The objects of the JSON array in a small zip's only file (or in a bare JSON file), of bounded expansion.

    Raises:
        BadZipFile, NotJsonError: it is something else.
    """
    if body[:2] != b"PK":
        return [row for row in objects_in(io.BytesIO(body)) if isinstance(row, Mapping)]
    with _rows(io.BytesIO(body), len(body)) as rows:
        return list(rows)


def _batches(records: Iterator[OrgRecord]) -> Iterator[list[OrgRecord]]:
    while batch := list(islice(records, BATCH)):
        yield batch
