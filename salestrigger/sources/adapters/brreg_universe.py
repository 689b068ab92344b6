"""Load the whole Norwegian register from its bulk file into a file of records.

The file is about 200 MB of gzip, made every night; it is not kept (the register has it again). What it holds is a
baseline: only dated fields within the news window are news, as with every way to read the register.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from salestrigger.sources.adapters import Session
from salestrigger.sources.adapters.brreg_bulk import cut, read_part
from salestrigger.sources.adapters.brreg_yield import Yield
from salestrigger.sources.adapters.bulk_parts import parsed
from salestrigger.sources.errors import FetchError
from salestrigger.sources.http import NotModified, Response
from salestrigger.sources.record_columns import RecordWriter, unpacked
from salestrigger.sources.records import RecordFile


async def load_all(session: Session, base: str, found: Yield, *, news_days: int) -> datetime:
    """Every entity into ``found.record_file``, their news into its changes; when the register made the file.

    Raises:
        FetchError: the file cannot be had. ShapeError: it is not what it was.
    """
    async with bulk_file(session, f"{base}/enheter/lastned") as (path, made_at, fetched_at):
        context = {
            "source_id": session.spec.id,
            "now": session.now,
            "fetched_at": fetched_at,
            "news_days": news_days,
            "leave_out": found.leave_out,
        }
        writer = RecordWriter(session.place_for("records"))
        try:
            async for columns, changes, aside in parsed(session, cut(path), read_part, context, name=path.name):
                writer.add(unpacked(columns))
                found.add_changes(changes)
                found.set_aside += aside
        finally:
            writer.close()
    found.record_file = RecordFile(writer.path, writer.count)
    found.notes.append(f"read {writer.count} entities of the bulk file; {writer.repeated} were in it twice")
    return made_at


@asynccontextmanager
async def bulk_file(session: Session, url: str) -> AsyncIterator[tuple[Path, datetime, datetime]]:
    """A bulk file on disk, when the register made it and when it was fetched; it is gone after the block.

    Raises:
        FetchError: it cannot be had.
    """
    download = session.place_for("download")
    try:
        answer = await session.get(
            url, headers={"accept": "*/*"}, conditional=False, size="bulk", keep=False, into=download
        )
        if isinstance(answer, NotModified) or answer.status != 200 or answer.body_path is None:
            raise FetchError(url, "http_404", "no bulk file")
        yield answer.body_path, _made_at(answer, session.now), answer.fetched_at
    finally:
        download.unlink(missing_ok=True)


def _made_at(answer: Response, now: datetime) -> datetime:
    """``Last-Modified``, but never later than now; now when the register does not say."""
    try:
        made = parsedate_to_datetime(answer.last_modified or "")
    except (TypeError, ValueError):
        return now
    return min(made, now) if made.tzinfo else now
