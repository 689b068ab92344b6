"""Companies House's monthly file of all live companies, some 5.5 million rows: CSV in a zip, whole or in parts.

::

    zip on disk ─► lines in parts of about 1 MiB, each with the heading ─► two sandboxed workers ─► one file of records

http://download.companieshouse.gov.uk/en_output.html. The file is a baseline: it tells no news. It is made in the first
days of a month, so until it is there the month before's is asked for. Which companies are wanted is decided row by row;
nothing is held but one part. The download is deleted when it is read.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from salestrigger.sources.adapters import Session
from salestrigger.sources.adapters.bulk_json import DAMAGED, MAX_EXPANSION
from salestrigger.sources.adapters.bulk_parts import parsed
from salestrigger.sources.adapters.companieshouse_records import bulk_record
from salestrigger.sources.errors import FetchError, ShapeError
from salestrigger.sources.http import NotModified
from salestrigger.sources.record_columns import RecordWriter, packed, table_of, unpacked
from salestrigger.sources.records import Collected, OrgRecord, RecordFile

#: bytes of CSV that a worker reads at a time, and within which a row must end
PART: Final = 1 << 20
LONGEST: Final = 8 * PART
#: rows that are named when they cannot be read
MAX_ASIDE: Final = 1_000

#: records as columns, rows that were read, (row, reason) of those that could not be
Part = tuple[bytes, int, tuple[tuple[str, str], ...]]


async def load_month(
    session: Session, *, parts: int, postcodes: Sequence[str], sic: Sequence[str], limit: int
) -> Collected:
    """The newest month's companies, once; the cursor is its address.

    ``parts`` is how many files the month has when the source's address names one with ``{part}``.

    Raises:
        FetchError: there is none of this month nor of the last. ShapeError: it is something else.
    """
    for month in (session.now.date().replace(day=1), _month_before(session.now.date())):
        addresses = _addresses(session.spec.url, month, parts)
        if session.cursor.get("file") == addresses[0]:
            return Collected(cursor=session.cursor)
        try:
            return await _load(session, addresses, postcodes=postcodes, sic=sic, limit=limit)
        except FetchError as error:
            if error.reason != "http_404" or error.url != addresses[0]:
                raise
            missing = error
    raise missing


async def _load(
    session: Session, addresses: Sequence[str], *, postcodes: Sequence[str], sic: Sequence[str], limit: int
) -> Collected:
    context = {
        "source_id": session.spec.id, "now": session.now, "postcodes": tuple(postcodes), "sic": tuple(sic),
    }  # fmt: skip
    download, writer = session.place_for("download"), RecordWriter(session.place_for("records"))
    aside: list[tuple[str, str]] = []
    read, notes = 0, []
    try:
        for url in addresses:
            answer = await session.get(
                url, headers={"accept": "*/*"}, conditional=False, size="bulk", keep=False, into=download
            )
            if isinstance(answer, NotModified) or answer.status != 200 or answer.body_path is None:
                raise FetchError(url, f"http_{getattr(answer, 'status', 304)}")
            parts = parsed(session, cut(answer.body_path), read_part, context, name=url)
            async with aclosing(parts):
                async for columns, rows, odd in parts:
                    writer.add(unpacked(columns))
                    read, aside = read + rows, [*aside, *odd][:MAX_ASIDE]
                    if writer.count >= limit:
                        break
            if writer.count >= limit:
                notes.append(f"stopped after {writer.count} companies (max_companies)")
                break
    finally:
        writer.close()
        download.unlink(missing_ok=True)
    if not read or (not writer.count and len(aside) >= min(read, MAX_ASIDE)):
        raise ShapeError(addresses[0], "rows of companies", f"{read} others")
    notes.append(f"read {read} rows of {len(addresses)} files; {writer.count} companies are wanted")
    return Collected(
        record_file=RecordFile(writer.path, writer.count),
        cursor={"file": addresses[0]},
        notes=tuple(notes),
        set_aside=tuple(aside),
    )


def cut(path: Path) -> Iterator[bytes]:
    """The CSV in the zip as parts of whole rows, each with the heading before it.

    A row that ends within a quoted field is no end: the next one begins with a quote after one.

    Raises:
        ShapeError: it is no zip with one CSV of companies, or a row that does not end.
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_csv_in(archive, path.stat().st_size)) as raw:
            heading = raw.readline(PART)
            if b"CompanyNumber" not in heading:
                raise ShapeError(path.name, "a column CompanyNumber", repr(heading[:80]))
            yield from _rows(raw, heading, path.name)
    except DAMAGED as error:
        raise ShapeError(path.name, "a zip with one CSV of companies", str(error)[:120]) from None


def _csv_in(archive: zipfile.ZipFile, size: int) -> zipfile.ZipInfo:
    """The only CSV of a zip of ``size`` bytes."""
    inside = [i for i in archive.infolist() if i.filename.endswith(".csv") and not i.filename.startswith("__MACOSX")]
    if len(inside) != 1 or inside[0].file_size > MAX_EXPANSION * max(size, 1 << 20):
        raise zipfile.BadZipFile(f"{len(inside)} CSV files, or one that expands too far")
    return inside[0]


def _rows(raw: Any, heading: bytes, name: str) -> Iterator[bytes]:
    rest = b""
    while more := raw.read(PART):
        rest += more
        at = max(rest.rfind(b'"\n"'), rest.rfind(b'"\r\n"'))
        if at >= 0:
            end = rest.index(b"\n", at) + 1
            yield heading + rest[:end]
            rest = rest[end:]
        elif len(rest) > LONGEST:
            raise ShapeError(name, "a row that ends", f"{len(rest)} bytes without a second one")
    if rest.strip():
        yield heading + rest


def read_part(body: bytes, context: dict[str, Any]) -> Part | str:
    """The wanted companies of one part as columns; or what is wrong with it.

    ``context``: ``source_id``, ``now``, ``postcodes`` and ``sic`` as beginnings (none: all).
    """
    reader = csv.reader(io.StringIO(body.decode("utf-8-sig", "replace"), newline=""))
    records: list[OrgRecord] = []
    aside: list[tuple[str, str]] = []
    read = 0
    try:
        heading = [name.strip() for name in next(reader, [])]
        for row in reader:
            read += 1
            record = bulk_record(
                dict(zip(heading, row, strict=False)), source_id=context["source_id"], fetched_at=context["now"]
            )
            if record is None:
                aside.append((",".join(row[:2])[:80], "a row without a number or a name"))
            elif _is_wanted(record, context["postcodes"], context["sic"]):
                records.append(record)
    except csv.Error as error:
        return str(error)[:200]
    return packed(table_of(records)), read, tuple(aside)


def _is_wanted(record: OrgRecord, postcodes: tuple[str, ...], sic: tuple[str, ...]) -> bool:
    postcode = record.addresses[0].postcode or "" if record.addresses else ""
    return (not postcodes or postcode.startswith(postcodes)) and (
        not sic or any(industry.code.startswith(sic) for industry in record.industries)
    )


def _addresses(url: str, month: date, parts: int) -> list[str]:
    url = url.replace("{month}", month.isoformat())
    if "{part}" not in url:
        return [url]
    return [url.replace("{part}", f"{number}_{parts}") for number in range(1, parts + 1)]


def _month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)
