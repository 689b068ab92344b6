"""detect over files: JSON Lines in, JSON Lines out. Imports no more than that needs, so that one text is soon read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salestrigger.matchers.lexicon import Lexicon, load_lexicon
from salestrigger.matchers.read_texts import read_texts
from salestrigger.matchers.types import Detection, Event, Role
from salestrigger.sources.declare import readable
from salestrigger.sources.errors import DeclarationError
from salestrigger.sources.records import Document
from salestrigger.warehouse.lines import write_lines

if TYPE_CHECKING:
    from salestrigger.flows.reader_file import ReaderFile
    from salestrigger.matchers.index import OrganizationIndex
    from salestrigger.matchers.second_reader import SecondReading

READ_AT_ONCE = 500  #: documents: names are looked up for all of them together, and so are a second reader's questions


def detect_file(
    documents: Path, output: Path, *, universe: Path | None, reader: ReaderFile | None = None, home: Path | None = None
) -> str:
    """``salestrigger detect``: one JSON line per document, with a universe linked to it.

    ``reader`` reads again what its mode says; its answers are kept in ``home`` (default: the current folder).

    Raises:
        DeclarationError: a file is missing, malformed, or a line lacks a key.
    """
    lexicon = load_lexicon()
    again = _Again(reader, (home or Path()) / "var") if reader else None
    read = _with_names(universe, lexicon, again) if universe or again else partial(read_texts, lexicon=lexicon)
    found = events = 0

    def lines() -> Iterator[str]:
        nonlocal found, events
        for part in _chunks(read_documents_file(documents), READ_AT_ONCE):
            for detection in read(part):
                found, events = found + 1, events + len(detection.events)
                yield json.dumps(_detection_json(detection, linked=universe is not None), ensure_ascii=False)

    write_lines(output, lines())
    says = f"{output}: {events} events in {found} documents"
    return f"{says}\n{again.account(found)}" if again else says


def _with_names(
    universe: Path | None, lexicon: Lexicon, again: _Again | None
) -> Callable[[Sequence[Document]], list[Detection]]:
    """Reading with organisations looked up, and a second time where there is a reader; imports what that needs."""
    from salestrigger.flows.match_files import read_universe
    from salestrigger.matchers.index import OrganizationIndex
    from salestrigger.matchers.list_organizations import organizations_from
    from salestrigger.matchers.read_documents import read_all

    index = OrganizationIndex.build(organizations_from(read_universe(universe)) if universe else ())

    def read(part: Sequence[Document]) -> list[Detection]:
        detections = read_all(part, lexicon=lexicon, index=index, countries={})
        return again.read(part, detections, lexicon=lexicon, index=index) if again else detections

    return read


class _Again:
    """The second reader of a file; what it needs (a way to the network) is imported only where there is one."""

    def __init__(self, declared: ReaderFile, folder: Path) -> None:
        from salestrigger.flows.second_reader import open_reader

        self._declared = declared
        self._reader = open_reader(declared, folder=folder, today=datetime.now(UTC).date())
        self._readings: list[SecondReading] = []

    def read(
        self, documents: Sequence[Document], detections: list[Detection], *, lexicon: Lexicon, index: OrganizationIndex
    ) -> list[Detection]:
        """The detections with what it has to say."""
        from salestrigger.matchers.second_reader import read_again

        reader = self._reader
        detections, more = read_again(documents, detections, reader=reader, lexicon=lexicon, index=index, countries={})
        self._readings.extend(more)
        return detections

    def account(self, documents: int) -> str:
        """One line: what it read of so many documents."""
        from salestrigger.flows.second_reader import account

        return account(self._readings, documents, self._declared)


def _chunks(documents: Iterable[Document], size: int) -> Iterator[list[Document]]:
    walk = iter(documents)
    while part := list(islice(walk, size)):
        yield part


def read_documents_file(path: Path) -> Iterator[Document]:
    """The documents of a JSON Lines file, one by one.

    Raises:
        DeclarationError: naming the line and the key; a document_id may be given once.
    """
    lines: dict[str, int] = {}
    with readable(path), path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                document = _document(path, number, line)
                first = lines.setdefault(document.document_id, number)
                if first != number:
                    why = f"{document.document_id!r} is also on line {first}; allowed: each once"
                    raise DeclarationError(path, why, key=f"line {number}: document_id")
                yield document


def _document(path: Path, number: int, line: str) -> Document:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        raise DeclarationError(path, "not one JSON object", key=f"line {number}") from None
    if not isinstance(data, dict) or not all(isinstance(data.get(k), str) for k in ("document_id", "title", "text")):
        raise DeclarationError(path, "needs the strings document_id, title and text", key=f"line {number}")
    published = data.get("published_at")
    try:
        at = datetime.fromisoformat(published).astimezone(UTC) if published else None
    except (TypeError, ValueError):
        raise DeclarationError(path, f"{published!r} is not an ISO time", key=f"line {number}: published_at") from None
    return Document(
        document_id=data["document_id"], source_id="file", key=data["document_id"], url="",
        title=data["title"], text=data["text"], fetched_at=at or datetime.now(UTC), published_at=at,
        language=data.get("language") if isinstance(data.get("language"), str) else None,
    )  # fmt: skip


def _detection_json(detection: Detection, *, linked: bool) -> dict[str, Any]:
    mentions = []
    for mention in detection.mentions:
        row: dict[str, Any] = {"text": mention.text, "start": mention.start, "end": mention.end}
        match = detection.matches.get(mention.mention_id)
        if linked:
            row |= {
                "org_id": match.organization_id if match else None,
                "probability": match.probability if match else 0.0,
                "decision": match.decision if match else "reject",
            }
        mentions.append(row)
    return {
        "document_id": detection.document_id,
        "language": detection.language,
        "mentions": mentions,
        "events": [_event_json(event, linked=linked) for event in detection.events],
    } | ({} if detection.events else {"outcome": detection.outcome})


def _event_json(event: Event, *, linked: bool) -> dict[str, Any]:
    roles: dict[str, list[Any]] = {}
    for role in event.roles:
        roles.setdefault(role.name, []).append(_role_json(role) if linked else role.surface)
    return {
        "type": event.type,
        "modality": event.modality,
        "roles": roles,
        "attributes": {a.key: _number(a.value) for a in event.attributes},
        "quote": event.quote,
        "sentence": list(event.sentence),
        "confidence": round(event.confidence, 3),
    }


def _role_json(role: Role) -> dict[str, Any]:
    return {
        "text": role.surface, "org_id": role.organization_id,
        "probability": role.probability, "decision": role.decision,
    }  # fmt: skip


def _number(value: str) -> str | int | float:
    """Plain decimal numbers as JSON numbers, everything else as it stands."""
    body = value.removeprefix("-")
    if body.isdigit():
        return int(value)
    whole, dot, part = body.partition(".")
    return float(value) if dot and whole.isdigit() and part.isdigit() else value
