"""Run one source, or all of them, and say what became of each: the only place that turns errors into a status.

::

    SourceSpec + cursor ──► adapter ──► Collected ──► documents bundle in the raw store ──► SourceOutcome
                              │ get: raw bodies kept, stored with the documents at the latest; validators remembered
                              └ parse: in the sandbox

Every answer is ok, empty, refused, malformed, failed or not_modified, and only ok, empty and not_modified carry a moved
cursor. One source never stops another, whatever its adapter does. Nothing here knows the database.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from salestrigger.sources.adapters import adapter
from salestrigger.sources.errors import DeclarationError, FetchError, ShapeError, SourceError, StorageError
from salestrigger.sources.http import Fetcher, FetchPolicy, NotModified, Request, Response, Route
from salestrigger.sources.raw import RawStore
from salestrigger.sources.raw_queue import RawQueue
from salestrigger.sources.records import Collected, Document, content_id
from salestrigger.sources.sandbox import run_sandboxed
from salestrigger.sources.spec import SizeKind, SourceSpec

log = logging.getLogger(__name__)

T = TypeVar("T")
Status = Literal["ok", "empty", "refused", "malformed", "failed", "not_modified"]

#: statuses after which the cursor moves
MOVING: frozenset[Status] = frozenset({"ok", "empty", "not_modified"})

#: reasons that mean "they do not want us now": the address works, the answer is no
REFUSALS = frozenset({"refused", "robots", "retry_after", "http_401", "http_403", "http_429", "http_451", "no_key"})

#: bytes of bodies that one source may have waiting to be stored
MAX_UNSTORED = 1024 * 1024

#: reasons of the sandbox: what arrived could not be read within the limits
UNREADABLE = frozenset({"parse_timeout", "parse_memory", "parse_crash"})


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """What became of one source in one run."""

    source_id: str
    status: Status
    #: empty when all is well, else a stable word, a colon and what happened: ``http_500: cannot fetch …``
    reason: str
    collected: Collected  #: its ``cursor`` is the whole cursor to store; the old one unless the status moves it
    documents_ref: str | None  #: the bundle of ``collected.documents`` in the raw store; None: no documents
    requests: int
    bytes: int  #: of decoded bodies
    seconds: float  #: wall clock
    started_at: datetime  #: the run's logical now


class SourceSession:
    """The :class:`~salestrigger.sources.adapters.Session` of a run: it counts, stores bodies, remembers validators."""

    def __init__(
        self, spec: SourceSpec, cursor: Mapping[str, Any], *, fetcher: Fetcher, raw: RawQueue, now: datetime
    ) -> None:
        self.spec, self.now = spec, now
        self.cursor: Mapping[str, Any] = cursor.get("state") or {}
        self.requests = self.bytes = self.answers = self.unchanged = 0
        self._fetcher, self._raw = fetcher, raw
        # a source that is read differently must be read again, though its server has nothing new
        self._reading = content_id("reading", spec.adapter, json.dumps(spec.options, sort_keys=True, default=str))
        same = cursor.get("reading") == self._reading
        self._known: Mapping[str, Mapping[str, str | None]] = (cursor.get("http") or {}) if same else {}
        self._validators: dict[str, Mapping[str, str | None]] = {}
        self._unstored: list[Response] = []

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        conditional: bool = True,
        size: SizeKind | None = None,
        keep: bool = True,
        post: bytes | None = None,
        into: Path | None = None,
        listen_s: float | None = None,
    ) -> Response | NotModified:
        """See :meth:`salestrigger.sources.adapters.Session.get`."""
        conditional = conditional and post is None
        known = self._known.get(url, {}) if conditional else {}
        request = Request(
            url=url,
            method="GET" if post is None else "POST",
            body=post,
            listen_s=listen_s,
            headers=dict(headers or {}),
            size=size or self.spec.size,
            etag=known.get("etag"),
            last_modified=known.get("last_modified"),
            obey_robots=self.spec.obey_robots,
            into=into,
        )
        self.requests += 1
        answer = await self._fetcher.fetch(request)
        if isinstance(answer, NotModified):
            self.unchanged += 1
            self._validators[url] = known
            return answer
        self.answers += 1
        self.bytes += answer.body_path.stat().st_size if answer.body_path else len(answer.body)
        if keep:
            await self._keep(answer)
        if conditional and answer.status == 200 and (answer.etag or answer.last_modified):
            self._validators[url] = {"etag": answer.etag, "last_modified": answer.last_modified}
        return answer

    async def _keep(self, answer: Response) -> None:
        """Store a body, or have it stored with the next ones: waiting for the disk costs more than writing."""
        if answer.body_path is not None:
            await asyncio.to_thread(self._raw.store.put_body, self.spec.id, answer)
            return
        self._unstored.append(answer)
        if sum(len(body.body) for body in self._unstored) > MAX_UNSTORED:
            await self.store(None)

    async def store(self, documents: Sequence[Document] | None) -> str | None:
        """Store the bodies that are not stored yet, and the documents, if there are any; returns the documents' ref.

        Raises:
            StorageError: the raw store cannot be written.
        """
        bodies, self._unstored = self._unstored, []
        if not bodies and not documents:
            return None
        return await self._raw.put_all(self.spec.id, bodies, self.now, documents or None) or None

    def place_for(self, name: str) -> Path:
        """See :meth:`salestrigger.sources.adapters.Session.place_for`."""
        return self._raw.store.place_for(self.spec.id, name)

    def key(self) -> str:
        """See :meth:`salestrigger.sources.adapters.Session.key`."""
        value = self._fetcher.key_of(self.spec.id)
        if not value:
            where = f"; get one at {self.spec.key_from}" if self.spec.key_from else ""
            raise FetchError(self.spec.url, "no_key", f"set {self.spec.key_env or 'key_env in its file'}{where}")
        return value

    async def parse(self, function: Callable[[bytes, dict[str, Any]], T], body: bytes, context: dict[str, Any]) -> T:
        """See :meth:`salestrigger.sources.adapters.Session.parse`."""
        return await run_sandboxed(function, body, context)

    def cursor_after(self, state: Mapping[str, Any]) -> dict[str, Any]:
        """The cursor to store: the adapter's own state and the validators of the addresses asked for in this run."""
        return {"state": dict(state), "http": dict(self._validators), "reading": self._reading}


async def collect_source(
    spec: SourceSpec, cursor: Mapping[str, Any], *, fetcher: Fetcher, raw: RawQueue, now: datetime
) -> SourceOutcome:
    """Run the adapter of ``spec`` from ``cursor`` on; ``now`` is the run's logical time.

    Whatever the source does becomes a status.

    Raises:
        StorageError: the raw store cannot be written; that concerns the run, not the source.
    """
    session, begun = SourceSession(spec, cursor, fetcher=fetcher, raw=raw, now=now), time.monotonic()
    documents_ref: str | None = None
    try:
        collected = await adapter(spec.adapter)(session)
        status, reason = _status_of(collected, session)
        collected = replace(collected, cursor=session.cursor_after(collected.cursor))
        documents_ref = await session.store(collected.documents)
    except (SourceError, DeclarationError) as error:
        status, reason = _status_of_error(error)
        collected = Collected(cursor=cursor)
    except StorageError:
        raise
    except Exception as error:
        # an adapter's fault is ours; it must not cost the other sources their run
        log.exception("adapter failed", extra={"source_id": spec.id, "adapter": spec.adapter})
        status, reason = "failed", f"bug: {type(error).__name__}: {error}"[:500]
        collected = Collected(cursor=cursor)
    await session.store(None)  # what a source that failed had answered is kept too
    return SourceOutcome(
        source_id=spec.id,
        status=status,
        reason=reason,
        collected=collected,
        documents_ref=documents_ref,
        requests=session.requests,
        bytes=session.bytes,
        seconds=time.monotonic() - begun,
        started_at=now,
    )


def collect_all(
    specs: Sequence[SourceSpec],
    cursors: Mapping[str, Mapping[str, Any]],
    *,
    policy: FetchPolicy,
    route: Route,
    raw_root: Path,
    now: datetime,
    on_done: Callable[[SourceOutcome], None] | None = None,
) -> list[SourceOutcome]:
    """Run ``specs`` at the same time, through one fetcher, in an event loop of their own.

    ``cursors`` are by source id; an absent one starts afresh. The hosts' paces come from the specs. ``on_done`` is
    called as each source ends. The outcomes are in the order of ``specs``.
    """
    paced = replace(policy, paces={**paces_of(specs), **policy.paces})

    async def run() -> list[SourceOutcome]:
        # while some are parsed and stored, others use the connections, of which the fetcher counts its own
        raw, gate = RawQueue(RawStore(raw_root)), asyncio.Semaphore(2 * policy.concurrency)
        async with Fetcher(paced, route=route, now=lambda: now) as fetcher:

            async def one(spec: SourceSpec) -> SourceOutcome:
                async with gate:
                    outcome = await collect_source(spec, cursors.get(spec.id, {}), fetcher=fetcher, raw=raw, now=now)
                if on_done is not None:
                    on_done(outcome)
                return outcome

            return await asyncio.gather(*(one(spec) for spec in specs))

    return asyncio.run(run())


def paces_of(specs: Iterable[SourceSpec]) -> dict[str, float]:
    """Host → seconds between two requests: the slowest that any of its sources asks for."""
    paces: dict[str, float] = {}
    for spec in specs:
        for host in filter(None, (urlsplit(spec.url).hostname, *spec.also_hosts)):
            paces[host] = max(spec.pace_s, paces.get(host, 0.0))
    return paces


def _status_of(collected: Collected, session: SourceSession) -> tuple[Status, str]:
    """The status of a source that its adapter could read."""
    if any((collected.documents, collected.record_count, collected.changes, collected.removed, collected.parents)):
        return "ok", ""
    if session.unchanged and not session.answers:
        return "not_modified", ""
    if collected.set_aside:
        return "empty", f"set_aside: all {len(collected.set_aside)} entries, the first for: {collected.set_aside[0][1]}"
    return "empty", ""


def _status_of_error(error: SourceError | DeclarationError) -> tuple[Status, str]:
    """The status of a source that raised, and the reason as a stable word with the message."""
    if isinstance(error, DeclarationError):
        return "malformed", f"declaration: {error}"
    reason = f"{error.reason}: {error}"
    if error.reason in REFUSALS:
        return "refused", reason
    if isinstance(error, ShapeError) or error.reason in UNREADABLE:
        return "malformed", reason
    if isinstance(error, FetchError) and error.reason in {"http_404", "http_410"}:
        return "failed", f"{reason}; has the address changed?"
    return "failed", reason
