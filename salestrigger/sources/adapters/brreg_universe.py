"""Load the whole Norwegian register from its bulk file into a file of records.

The file is about 200 MB of gzip, made every night; it is not kept (the register has it again). What it holds is a
baseline: only dated fields within the news window are news, as with every way to read the register.
"""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime

from salestrigger.sources.adapters import Session
from salestrigger.sources.adapters.brreg_bulk import parts_of
from salestrigger.sources.adapters.brreg_yield import Yield
from salestrigger.sources.errors import FetchError
from salestrigger.sources.http import NotModified, Response
from salestrigger.sources.record_columns import RecordWriter, unpacked
from salestrigger.sources.records import RecordFile


async def load_all(session: Session, base: str, found: Yield, *, news_days: int) -> datetime:
    """Every entity into ``found.record_file``, their news into its changes; when the register made the file.

    Raises:
        FetchError: the file cannot be had. ShapeError: it is not what it was.
    """
    download = session.place_for("download")
    try:
        answer = await session.get(
            f"{base}/enheter/lastned",
            headers={"accept": "*/*"},
            conditional=False,
            size="bulk",
            keep=False,
            into=download,
        )
        if isinstance(answer, NotModified) or answer.status != 200 or answer.body_path is None:
            raise FetchError(session.spec.url, "http_404", "no bulk file")
        context = {
            "source_id": session.spec.id,
            "now": session.now,
            "fetched_at": answer.fetched_at,
            "news_days": news_days,
            "leave_out": found.leave_out,
        }
        writer = RecordWriter(session.place_for("records"))
        try:
            async for columns, changes, aside in parts_of(session, answer.body_path, context):
                writer.add(unpacked(columns))
                found.add_changes(changes)
                found.set_aside += aside
        finally:
            writer.close()
    finally:
        download.unlink(missing_ok=True)
    found.record_file = RecordFile(writer.path, writer.count)
    found.notes.append(f"read {writer.count} entities of the bulk file; {writer.repeated} were in it twice")
    return _made_at(answer, session.now)


def _made_at(answer: Response, now: datetime) -> datetime:
    """``Last-Modified``, but never later than now; now when the register does not say."""
    try:
        made = parsedate_to_datetime(answer.last_modified or "")
    except (TypeError, ValueError):
        return now
    return min(made, now) if made.tzinfo else now
