"""Look at a source as it is now: report what was seen, record its answers, or propose a catalogue file for an address.

For ``salestrigger sources check|record|new``. Nothing is stored but what is asked for.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from salestrigger.sources.collect import MOVING, SourceOutcome, Status, collect_source, paces_of
from salestrigger.sources.errors import ShapeError
from salestrigger.sources.http import Fetcher, FetchPolicy, NotModified, Request, Route
from salestrigger.sources.propose import proposed
from salestrigger.sources.raw import RawStore
from salestrigger.sources.raw_queue import RawQueue
from salestrigger.sources.records import Collected
from salestrigger.sources.sandbox import run_sandboxed
from salestrigger.sources.spec import SourceSpec

#: a source whose newest item is older may have moved or died
QUIET = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What a source answered when it was asked afresh, and what is missing in it."""

    source_id: str
    status: Status
    reason: str
    documents: int
    records: int
    changes: int
    set_aside: int
    newest_at: datetime | None  #: of the documents, or of the changes
    oldest_at: datetime | None
    languages: tuple[tuple[str, int], ...]  #: (declared language or "not declared", documents), the most frequent first
    missing: tuple[str, ...]  #: what a reader should know: no dates, no texts, quiet for long …
    notes: tuple[str, ...]
    requests: int
    seconds: float

    @property
    def works(self) -> bool:
        """Whether the answer was one that a run can use."""
        return self.status in MOVING

    def line(self) -> str:
        """All of it for a person, in one line."""
        found = (
            f"{self.documents} documents, {self.records} records, {self.changes} changes, {self.set_aside} set aside"
        )
        when = f", {self.oldest_at:%Y-%m-%d} to {self.newest_at:%Y-%m-%d}" if self.newest_at and self.oldest_at else ""
        languages = ", ".join(f"{language} {count}" for language, count in self.languages)
        parts = (
            [f"{found}{when}", languages, *self.missing, *self.notes]
            if self.works
            else [self.reason.removeprefix(f"{self.status}: ")]
        )
        return f"{self.source_id}: {self.status}: " + "; ".join(part for part in parts if part)


async def check_source(spec: SourceSpec, *, fetcher: Fetcher, now: datetime) -> SourceReport:
    """Collect ``spec`` from scratch (no cursor, nothing kept) and report."""
    with tempfile.TemporaryDirectory(prefix="salestrigger-check-") as folder:
        outcome = await collect_source(spec, {}, fetcher=fetcher, raw=RawQueue(RawStore(Path(folder))), now=now)
    return report_of(outcome, now=now)


def check_sources(
    specs: Sequence[SourceSpec], *, policy: FetchPolicy, route: Route, now: datetime
) -> list[SourceReport]:
    """:func:`check_source` for each, at the same time, in an event loop of their own; in the order of ``specs``."""
    paced = replace(policy, paces={**paces_of(specs), **policy.paces})

    async def run() -> list[SourceReport]:
        async with Fetcher(paced, route=route, now=lambda: now) as fetcher:
            return await asyncio.gather(*(check_source(spec, fetcher=fetcher, now=now) for spec in specs))

    return asyncio.run(run())


def record_source(spec: SourceSpec, folder: Path, *, policy: FetchPolicy, route: Route, now: datetime) -> SourceReport:
    """:func:`check_source`, with every answer kept in ``folder`` as a recording that a replay can serve."""
    paced = replace(policy, paces={**paces_of([spec]), **policy.paces})

    async def run() -> SourceReport:
        async with Fetcher(paced, route=route, now=lambda: now, record_to=folder) as fetcher:
            return await check_source(spec, fetcher=fetcher, now=now)

    return asyncio.run(run())


def look_at(name: str, url: str, *, policy: FetchPolicy, route: Route) -> tuple[str, tuple[str, ...]]:
    """The text of a catalogue file for an address, and notes on what was seen there.

    Raises:
        FetchError: the address cannot be fetched. ShapeError: there is nothing to read from.
    """

    async def run() -> tuple[str, tuple[str, ...]]:
        async with Fetcher(policy, route=route) as fetcher:
            answer = await fetcher.fetch(Request(url=url, size="page"))
            if isinstance(answer, NotModified):
                raise ShapeError(url, "an answer to an unconditional request", "304")
            context = {"name": name, "url": url, "response": replace(answer, body=b"")}
            return await run_sandboxed(proposed, answer.body, context)

    return asyncio.run(run())


def report_of(outcome: SourceOutcome, *, now: datetime) -> SourceReport:
    """What an outcome shows. Pure."""
    collected = outcome.collected
    times = [document.published_at for document in collected.documents]
    dated = [time for time in times if time] or [change.published_at for change in collected.changes]
    languages = Counter(document.language or "not declared" for document in collected.documents)
    return SourceReport(
        source_id=outcome.source_id,
        status=outcome.status,
        reason=outcome.reason,
        documents=len(collected.documents),
        records=collected.record_count,
        changes=len(collected.changes),
        set_aside=len(collected.set_aside),
        newest_at=max(dated, default=None),
        oldest_at=min(dated, default=None),
        languages=tuple(languages.most_common()),
        missing=_missing(collected, max(dated, default=None), now=now),
        notes=collected.notes,
        requests=outcome.requests,
        seconds=outcome.seconds,
    )


def _missing(collected: Collected, newest: datetime | None, *, now: datetime) -> tuple[str, ...]:
    documents = collected.documents
    counts = {
        "no date": sum(1 for document in documents if document.published_at is None),
        "no text": sum(1 for document in documents if not document.text),
        "no title": sum(1 for document in documents if not document.title),
        "no link": sum(1 for document in documents if not document.url),
        "no declared language": sum(1 for document in documents if document.language is None),
    }
    found = [f"{what}: {count} of {len(documents)}" for what, count in counts.items() if count]
    if newest is not None and now - newest > QUIET:
        found.append(f"quiet: nothing newer than {newest.date().isoformat()}")
    return tuple(found)
