"""The raw store: what was fetched, as it came, for as long as the terms of its source allow.

One gzip file per body and per list of documents, under ``<root>/YYYY-MM-DD/``; names are made of our own slug and a
content hash, never of anything a source says. A file is complete or absent: written under a temporary name, synced,
renamed. A *ref* is the path from the root. It knows nothing of the warehouse; the caller says which refs still matter.
"""

from __future__ import annotations

import contextlib
import functools
import gzip
import json
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import orjson

from salestrigger.sources.errors import StorageError
from salestrigger.sources.exchange import Response
from salestrigger.sources.raw_files import TEMPORARY, write_whole
from salestrigger.sources.records import Document, Identifier, Money, StatedEvent, StatedRole
from salestrigger.sources.text import short_hash, slug

Kind = Literal["body", "documents"]
Parts = list[tuple[datetime, str, Iterable[bytes]]]  #: each of a day, a name and its content

#: days, for a source that no longer says
DEFAULT_RETENTION_DAYS = 30
_NAME = re.compile(r"(?P<source>[a-z0-9-]{1,81})-[0-9a-f]{20}\.(?P<kind>body|documents)\.gz")
_REF = re.compile(r"\d{4}-\d{2}-\d{2}/" + _NAME.pattern)
_TIMES = ("fetched_at", "published_at", "updated_at")


class RawStore:
    """Bodies and documents under ``root``, which is made when needed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put_body(self, source_id: str, response: Response) -> str:
        """Store the body of ``response`` (also one in a file); returns its ref. The same body on a day is one file.

        Raises:
            StorageError: the disk is full or read-only.
        """
        path = response.body_path
        if path is None:
            return self._put([(response.fetched_at, _name(source_id, "body", response.body), [response.body])])[0]
        with _storage_errors(path), path.open("rb") as file:
            key = f"{response.url} {path.stat().st_size} {response.fetched_at.isoformat()}".encode()
            chunks = iter(lambda: file.read(1 << 20), b"")
            return self._put([(response.fetched_at, _name(source_id, "body", key), chunks)])[0]

    def put_all(
        self, source_id: str, bodies: Sequence[Response], at: datetime, documents: Sequence[Document] | None
    ) -> str:
        """Store bodies that are in memory, and documents, and wait for the disk once; the documents' ref ("": none).

        Raises:
            StorageError: the disk is full or read-only.
        """
        return self.put_many([parts_of(source_id, bodies, at, documents)])[0]

    def put_many(self, several: Sequence[Parts]) -> list[str]:
        """Store what :func:`parts_of` made for several sources, and wait for the disk once; of each its last ref ("":
        it had nothing to store, or bodies alone).

        Raises:
            StorageError: the disk is full or read-only; nothing of it counts as stored.
        """
        refs = iter(self._put([part for parts in several for part in parts]))
        own = [[next(refs) for _ in parts] for parts in several]
        return [some[-1] if some and ".documents." in some[-1] else "" for some in own]

    def place_for(self, source_id: str, name: str) -> Path:
        """Where a source may keep one working file of its own between two steps of a run, outside any retention.

        Raises:
            StorageError: the disk is full or read-only.
        """
        folder = self.root / "working"
        with _storage_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{slug(source_id)}-{slug(name)}"

    def body(self, ref: str) -> bytes:
        """The body behind a ref.

        Raises:
            StorageError: there is no such file (any more), it is damaged, or ``ref`` is none of ours.
        """
        path = self._path(ref)
        with _storage_errors(path), gzip.open(path) as file:
            return file.read()

    def documents(self, ref: str) -> tuple[Document, ...]:
        """The documents behind a ref, in the order they were stored.

        Raises:
            StorageError: as :meth:`body`.
        """
        try:
            return tuple(_from_line(line) for line in self.body(ref).splitlines())
        except (ValueError, TypeError, KeyError) as error:
            raise StorageError(f"cannot read {ref!r}: {error}") from None

    def expire(self, today: date, retention: Mapping[str, int], *, keep: Collection[str] = frozenset()) -> int:
        """Delete what is older than its source's retention (days; 0: at once), except the refs to ``keep``.

        ``keep`` is what still waits to be analysed. Files that an interrupted write left are removed too. Returns how
        many bodies and documents files were deleted.
        """
        days = {slug_of(source): value for source, value in retention.items()}
        deleted = 0
        for path in sorted(self.root.glob("????-??-??/*")):
            ref, written = f"{path.parent.name}/{path.name}", _date(path.parent.name)
            age = (today - written).days if written else 0
            match = _NAME.fullmatch(path.name)
            if match and ref not in keep and age >= days.get(match["source"], DEFAULT_RETENTION_DAYS):
                path.unlink(missing_ok=True)
                deleted += 1
            elif path.name.startswith(TEMPORARY) and age >= 1:
                path.unlink(missing_ok=True)
        for folder in self.root.glob("????-??-??"):
            with contextlib.suppress(OSError):  # not empty
                folder.rmdir()
        return deleted

    def forget(self, sources: Collection[str], identifiers: Collection[Identifier]) -> int:
        """Delete what ``sources`` said of organisations that must be forgotten, whatever their retention.

        A body that holds one of the numbers goes whole; of lists of documents, only those about them. Returns how many
        files were deleted or written anew.

        Raises:
            StorageError: the disk is full or read-only, or a file is damaged.
        """
        numbers = [re.escape(identifier.value.encode()) for identifier in identifiers]
        if not numbers:
            return 0
        wanted = re.compile(rb"(?<![0-9A-Za-z])(?:" + b"|".join(numbers) + rb")(?![0-9A-Za-z])")
        slugs, changed = {slug_of(source) for source in sources}, 0
        for path in sorted(self.root.glob("????-??-??/*")):
            match = _NAME.fullmatch(path.name)
            if match is None or match["source"] not in slugs:
                continue
            content = self.body(f"{path.parent.name}/{path.name}")
            if wanted.search(content):
                kept = _about_others(content, frozenset(identifiers)) if match["kind"] == "documents" else b""
                changed += 1
                with _storage_errors(path):
                    if kept:
                        write_whole({str(path): [kept]})
                    else:
                        path.unlink()
        return changed

    def _put(self, parts: Parts) -> list[str]:
        """Write files whole; returns their refs."""
        refs, absent = list[str](), dict[str, Iterable[bytes]]()
        for at, name, chunks in parts:
            ref = f"{at.astimezone(UTC).date().isoformat()}/{name}"
            refs.append(ref)
            path = os.path.join(self.root, ref)  # noqa: PTH118  as text: for thousands of files paths as objects cost
            if not os.path.exists(path):  # noqa: PTH110
                absent[path] = chunks
        if absent:
            with _storage_errors(Path(next(iter(absent)))):
                write_whole(absent)
        return refs

    def _path(self, ref: str) -> Path:
        if not _REF.fullmatch(ref):
            raise StorageError(f"no reference of the raw store: {ref[:120]!r}")
        return self.root / ref


def _about_others(content: bytes, gone: frozenset[Identifier]) -> bytes:
    """The lines of a list of documents that are not about ``gone``: by their identifiers, or by their key."""
    numbers = {identifier.value for identifier in gone}
    kept = (
        line
        for line in content.splitlines(keepends=True)
        if not (gone & set((document := _from_line(line)).identifiers) or document.key.partition(":")[0] in numbers)
    )
    return b"".join(kept)


@functools.lru_cache(4096)  # asked for every file
def slug_of(source_id: str) -> str:
    """The file-name part of a source: its id when that is safe already, else a slug of it with a hash."""
    plain = slug(source_id)
    return plain if plain == source_id else f"{plain}-{short_hash(source_id)}"


def parts_of(source_id: str, bodies: Sequence[Response], at: datetime, documents: Sequence[Document] | None) -> Parts:
    """What :meth:`RawStore.put_many` stores of one source: bodies that are in memory, and its documents."""
    parts: Parts = [(body.fetched_at, _name(source_id, "body", body.body), [body.body]) for body in bodies]
    if documents is not None:
        content = b"".join(_to_line(document) for document in documents)
        parts.append((at, _name(source_id, "documents", content), [content]))
    return parts


def _name(source_id: str, kind: Kind, content: bytes) -> str:
    return f"{slug_of(source_id)}-{short_hash(content)}.{kind}.gz"


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@contextlib.contextmanager
def _storage_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError) as error:
        raise StorageError(f"raw store: {str(path)!r}: {error}") from error


def _to_line(document: Document) -> bytes:
    """One document as a line of JSON; whatever text it holds, the line is valid UTF-8 without a line break."""
    try:
        return orjson.dumps(document, default=str, option=orjson.OPT_APPEND_NEWLINE)
    except orjson.JSONEncodeError:
        return _to_ascii_line(document)


def _to_ascii_line(document: Document) -> bytes:
    """The same for texts with half a character (lone surrogates), which have no UTF-8."""
    fields = asdict(document)
    for name in _TIMES:
        fields[name] = fields[name] and fields[name].isoformat()
    return json.dumps(fields, ensure_ascii=True, separators=(",", ":"), default=str).encode() + b"\n"


def _from_line(line: bytes) -> Document:
    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError:  # lone surrogates, or damage, which the other reader says too
        fields = json.loads(line)
    for name in _TIMES:
        fields[name] = fields[name] and datetime.fromisoformat(fields[name])
    fields["identifiers"] = tuple(Identifier(**identifier) for identifier in fields["identifiers"])
    # lines of an earlier version have no such field
    fields["stated"] = tuple(_stated(event) for event in fields.get("stated", ()))
    return Document(**fields)


def _stated(fields: dict[str, Any]) -> StatedEvent:
    on, amount = fields["event_on"], fields["amount"]
    return StatedEvent(
        **{
            **fields,
            "roles": tuple(
                StatedRole(**{**role, "identifier": role["identifier"] and Identifier(**role["identifier"])})
                for role in fields["roles"]
            ),
            "event_on": on and date.fromisoformat(on),
            "amount": amount and Money(Decimal(amount["amount"]), amount["currency"]),
            "attributes": tuple((key, value) for key, value in fields["attributes"]),
        }
    )
