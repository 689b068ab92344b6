"""detect and fit over files: read a table, call the pure function, write a table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from salestrigger.flows.match_files import UNIVERSE, read_universe
from salestrigger.flows.progress import progress
from salestrigger.flows.reader_file import ReaderFile
from salestrigger.flows.runners import batches
from salestrigger.flows.second_reader import account, open_reader
from salestrigger.icp_profiles.profile import Profile, default_folder, load_profile, load_profiles
from salestrigger.matchers.check_profile import check_profile
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.judge import age_span, codesets, read_span
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.list_organizations import organizations_from
from salestrigger.matchers.qualify import fit_table
from salestrigger.matchers.read_documents import read_all
from salestrigger.matchers.second_reader import SecondReading, read_again
from salestrigger.matchers.types import Detection, Event, Role
from salestrigger.matchers.universe import text_column
from salestrigger.sources.errors import DeclarationError, UsageError
from salestrigger.sources.records import Document
from salestrigger.warehouse.tables import read_table, write_lines, write_table

READ_AT_ONCE = 500  #: documents: names are looked up for all of them together, and so are a second reader's questions
FIT_COLUMNS = (
    "industry", "industry_codeset", "employees", "revenue", "currency", "postcode", "region", "municipality",
    "municipality_code",
    "legal_form", "founded", "description", "keywords", "status", "relation", "parent", "technologies", "growth",
    "history", "latitude", "longitude",
)  # fmt: skip


def detect_file(
    documents: Path, output: Path, *, universe: Path | None, reader: ReaderFile | None = None, home: Path | None = None
) -> str:
    """``salestrigger detect``: one JSON line per document, with a universe linked to it.

    ``reader`` reads again what its mode says; its answers are kept in ``home`` (default: the current folder).

    Raises:
        DeclarationError: a file is missing, malformed, or a line lacks a key.
    """
    organizations = organizations_from(read_universe(universe)) if universe else ()
    index, lexicon = OrganizationIndex.build(organizations), load_lexicon()
    again = open_reader(reader, folder=(home or Path()) / "var", today=_today()) if reader else None
    readings: list[SecondReading] = []
    found = events = 0

    def lines() -> Iterator[str]:
        nonlocal found, events
        for part in _chunks(read_documents_file(documents), READ_AT_ONCE):
            detections = read_all(part, lexicon=lexicon, index=index, countries={})
            if again is not None:
                detections, more = read_again(
                    part, detections, reader=again, lexicon=lexicon, index=index, countries={}
                )
                readings.extend(more)
            for detection in detections:
                found, events = found + 1, events + len(detection.events)
                yield json.dumps(_detection_json(detection, linked=universe is not None), ensure_ascii=False)

    write_lines(output, lines())
    says = f"{output}: {events} events in {found} documents"
    return f"{says}\n{account(readings, found, reader)}" if reader else says


def _chunks(documents: Iterable[Document], size: int) -> Iterator[list[Document]]:
    walk = iter(documents)
    while part := list(islice(walk, size)):
        yield part


def _today() -> date:
    return datetime.now(UTC).date()


def fit_file(universe: Path, output: Path, *, profile: str) -> str:
    """``salestrigger fit``: one row per organisation.

    Raises:
        DeclarationError: the file or the profile is wrong. UsageError: an unknown profile.
    """
    wanted = find_profile(profile)
    check_profile(wanted, load_lexicon())
    optional = (*UNIVERSE["optional"], *FIT_COLUMNS)
    table = read_table(universe, required=UNIVERSE["required"], optional=optional)
    progress().start("fit", table.num_rows)
    parts = [fit_table(part, wanted, datetime.now(UTC)) for part in _slices(table, 100_000)]
    answers = pa.concat_tables(parts) if parts else fit_table(table, wanted, datetime.now(UTC))
    write_table(output, answers)
    verdicts = answers.column("verdict").to_pylist()
    says = f"{output}: " + ", ".join(
        f"{verdicts.count(v)} {v.replace('_', ' ')}" for v in ("fits", "unknown", "does_not_fit", "excluded")
    )
    progress().done(says)
    return "\n".join((says, *_unread(table)))


def _unread(table: pa.Table) -> Iterator[str]:
    """What stands in a column of numbers and cannot be read: it counts as unknown, and somebody should know."""
    today = _today()
    readers: dict[str, Callable[[str], object]] = {
        "employees": read_span,
        "revenue": read_span,
        "founded": lambda text: age_span(text, today),
    }
    for name in sorted(readers.keys() & set(table.column_names)):
        column = text_column(table, name)
        bad = [text for text in pc.unique(column).to_pylist() if text and readers[name](text) is None]
        if bad:
            count = pc.sum(pc.is_in(column, pa.array(bad))).as_py()
            yield f"{name}: {count} values cannot be read and count as unknown, such as {bad[0]!r}"
    named = {
        part.strip()
        for text in pc.unique(text_column(table, "industry_codeset")).to_pylist()
        for part in text.split("|")
    }
    if stray := sorted(named - codesets().keys() - {""}):
        names = ", ".join(map(repr, stray[:5]))
        yield f"industry_codeset: not known: {names}; their codes count as unknown; allowed: {', '.join(codesets())}"


def find_profile(name: str) -> Profile:
    """A profile by the path of its file, or by name among the shipped ones."""
    if name.endswith(".toml"):
        return load_profile(Path(name))
    known = {profile.name: profile for profile in load_profiles(default_folder())}
    if name not in known:
        raise UsageError(f"unknown profile {name!r}; allowed: a .toml file, {', '.join(sorted(known))}")
    return known[name]


def read_documents_file(path: Path) -> Iterator[Document]:
    """The documents of a JSON Lines file, one by one.

    Raises:
        DeclarationError: naming the line and the key; a document_id may be given once.
    """
    lines: dict[str, int] = {}
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    document = _document(path, number, line)
                    first = lines.setdefault(document.document_id, number)
                    if first != number:
                        why = f"{document.document_id!r} is also on line {first}; allowed: each once"
                        raise DeclarationError(path, why, key=f"line {number}: document_id")
                    yield document
    except FileNotFoundError:
        raise DeclarationError(path, "no such file") from None
    except UnicodeDecodeError as error:
        raise DeclarationError(path, f"not UTF-8 text: byte {error.start}") from None
    except OSError as error:
        raise DeclarationError(path, f"cannot be read: {error.strerror}") from None


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


def _slices(table: pa.Table, size: int) -> list[pa.Table]:
    return [table.slice(rows[0], len(rows)) for rows in batches(range(table.num_rows), size)]
