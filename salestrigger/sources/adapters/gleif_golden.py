"""The files of GLEIF's golden copy, read from disk record by record into a file of records: three million are too many
to be held.

A file is a zip with one JSON array (XML and CSV of the same are offered too; JSON alone is read). It is downloaded
beside the raw store and deleted when it is read, as GLEIF has it again. Which file is read, and what a record is, is
decided in ``gleif`` and ``gleif_records``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from salestrigger.sources.adapters import Session
from salestrigger.sources.adapters.api_answers import part_of
from salestrigger.sources.adapters.bulk_json import rows_in, with_download
from salestrigger.sources.adapters.gleif_parents import Parents
from salestrigger.sources.adapters.gleif_records import with_parent
from salestrigger.sources.errors import ShapeError
from salestrigger.sources.record_columns import RecordWriter, table_of
from salestrigger.sources.records import OrgRecord, RecordFile

#: the name of the whole file, beside those of the deltas
FULL = "full"
#: records that are made into columns at a time
BATCH = 5_000


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

    await with_download(session, link, write)


async def load_parents(session: Session, link: str, parents: Parents) -> None:
    """The relationships of a file into ``parents``; raises as :func:`load_file`."""

    def read(path: Path) -> None:
        with rows_in(path) as rows:
            parents.apply(rows)

    await with_download(session, link, read)


def _batches(records: Iterator[OrgRecord]) -> Iterator[list[OrgRecord]]:
    while batch := list(islice(records, BATCH)):
        yield batch
