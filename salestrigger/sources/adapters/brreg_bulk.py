"""The Norwegian register's whole files (``/enheter/lastned``, ``/roller/totalbestand``): JSON arrays of a million
entities, read part by part.

::

    file on disk ─► parts of whole entities ─► two sandboxed workers ─► columns and changes ─► one file of records

A file is cut between two entities without being parsed: each begins with the same key, and no text can hold that key
with bare quotes around it. The file may be gzip, whatever its headers say. Nothing here asks the network.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import orjson

from salestrigger.sources.adapters.brreg_changes import changes_of_entity
from salestrigger.sources.adapters.brreg_columns import REGISTERED, STATUS, columns, row_of
from salestrigger.sources.adapters.brreg_maker import Maker
from salestrigger.sources.adapters.brreg_records import code_of, number_of
from salestrigger.sources.errors import ShapeError
from salestrigger.sources.record_columns import packed
from salestrigger.sources.records import OrgChange

#: bytes of JSON that one worker reads at a time: what its memory limit has room for, several times
PART = 1024 * 1024
#: an array in which no second entity begins within so many bytes is none of entities
LONGEST = 8 * PART

#: what an entity may begin with: keys that no object in a list within an entity begins with
_FIRST_KEY = re.compile(rb'\s{0,40}\{\s{0,40}"(organisasjonsnummer|rollegrupper)"')
#: bytes within which the first key stands, if it is one of them
_LONGEST_KEY = 120
_GZIP = b"\x1f\x8b"

#: columns as bytes, changes, what was set aside
Part = tuple[bytes, tuple[OrgChange, ...], tuple[tuple[str, str], ...]]


def cut(path: Path) -> Iterator[bytes]:
    """The array in the file as arrays of whole entities, about PART bytes each.

    Raises:
        ShapeError: no entity begins where one should, or the file is damaged.
    """
    with _opened(path) as file:
        rest = _read(file, path).lstrip(b"\xef\xbb\xbf \t\r\n")
        if not rest.startswith(b"["):
            raise ShapeError(path.name, "a JSON array of entities", repr(rest[:60]))
        rest = rest[1:]
        boundary: re.Pattern[bytes] | None = None
        while True:
            more = _read(file, path)
            if not more:
                break
            rest += more
            if boundary is None and len(rest) >= _LONGEST_KEY:
                boundary = _boundary(rest, path)
            found = None
            for found in boundary.finditer(rest) if boundary else ():  # noqa: B007 - the last one is wanted
                pass
            if found is not None:
                yield b"[" + rest[: found.end() - 1] + b"]"
                rest = rest[found.end() :]
            elif len(rest) > LONGEST:
                raise ShapeError(path.name, "an entity that ends", f"{len(rest)} bytes without a second one")
        if rest.strip() == b"]" and boundary is None:
            raise ShapeError(path.name, "at least one entity", "an empty array")
        if rest.strip() not in {b"", b"]"}:
            yield b"[" + rest


def _boundary(start: bytes, path: Path) -> re.Pattern[bytes]:
    """What stands between two entities of a file that begins so."""
    first = _FIRST_KEY.match(start)
    if first is None:
        raise ShapeError(path.name, "entities that begin with their number or their roles", repr(start[:60]))
    return re.compile(rb'\}\s{0,40},(?=\s{0,40}\{\s{0,40}"%s")' % first[1])


def read_part(body: bytes, context: dict[str, Any]) -> Part | str:
    """The entities of one part as columns, with the changes their dated fields tell; or what is wrong with it.

    ``context``: ``source_id``, ``now``, ``fetched_at``, ``news_days``, ``leave_out``.
    """
    try:
        entities = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        return str(error)[:200]
    maker = Maker(context["source_id"], context["now"], context["news_days"])
    rows: list[tuple[Any, ...]] = []
    changes: list[OrgChange] = []
    aside: list[tuple[str, str]] = []
    for entity in entities:
        if not isinstance(entity, dict) or code_of(entity, "organisasjonsform") in context["leave_out"]:
            continue
        row = row_of(entity)
        if row is None:
            aside.append((str(number_of(entity) or "")[:20], "an entity without a number or a name"))
            continue
        rows.append(row)
        # of most there is none: in force, never renamed, registered long ago
        if row[STATUS] != "active" or entity.get("historiskeNavn") or maker.is_news(row[REGISTERED]):
            changes += changes_of_entity(str(number_of(entity)), entity, maker)
    table = columns(rows, source_id=context["source_id"], fetched_at=context["fetched_at"])
    return packed(table), tuple(changes), tuple(aside)


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        is_gzip = file.read(2) == _GZIP
    return gzip.open(path, "rb") if is_gzip else path.open("rb")  # type: ignore[return-value]  # GzipFile reads bytes


def _read(file: IO[bytes], path: Path) -> bytes:
    try:
        return file.read(PART)
    except (OSError, EOFError) as error:
        raise ShapeError(path.name, "a complete file", str(error)[:100]) from None
