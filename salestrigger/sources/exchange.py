"""What goes through the door and what comes back: values only, no I/O.

``Request`` → ``Fetcher.fetch`` → ``Response`` or ``NotModified``, under a ``FetchPolicy``, over a ``Route``. All are
frozen and picklable, so that a worker in another process can be given them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from salestrigger.sources.spec import SizeKind

#: says what we are: sources ask for that, and a pretended browser would be a lie; who runs it may add a contact
USER_AGENT = "salestrigger/0.1 (collects company news and register changes)"


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to fetch."""

    url: str
    method: str = "GET"  #: GET, HEAD or POST
    headers: Mapping[str, str] = field(default_factory=dict)  #: sent as they are, to the origin of ``url`` only
    body: bytes | None = None
    size: SizeKind = "feed"  #: which limits apply: ``bodies.LIMITS``
    etag: str | None = None  #: of the last answer, sent as If-None-Match
    last_modified: str | None = None  #: of the last answer, sent as If-Modified-Since
    obey_robots: bool = True
    listen_s: float | None = None  #: a stream without end: take what came within so many seconds
    into: Path | None = None  #: write the decoded body to this file (bulk) instead of into memory


@dataclass(frozen=True, slots=True)
class Response:
    """A complete answer: 2xx, 404 or 410."""

    request_url: str
    url: str  #: where it came from in the end, after redirects
    status: int
    headers: Mapping[str, str]  #: lower-case names; several of one name joined with ", "
    body: bytes  #: decoded; empty when it went into ``body_path``
    fetched_at: datetime  #: aware UTC
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None  #: target of the permanent redirects (301, 308) that the chain began with
    body_path: Path | None = None  #: the file with the decoded body, when ``Request.into`` asked for one


@dataclass(frozen=True, slots=True)
class NotModified:
    """The source still has what we have (304)."""

    request_url: str
    fetched_at: datetime  #: aware UTC


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """How patient, how polite and how trusting the door is. Times are seconds."""

    user_agent: str = USER_AGENT
    deadline_s: float = 30.0  #: for one fetch over all its connects, headers, bodies, redirects and retries
    page_deadline_s: float = 10.0  #: the same for feeds and pages, which anybody serves: a hostile one costs no more
    bulk_deadline_s: float = 1_800.0  #: the same for a source's bulk file: 200 MB on a slow line
    connect_s: float = 10.0  #: for one connection, so that one dead address leaves time for the next
    max_redirects: int = 5
    retries: int = 2  #: of transient failures, within the deadline
    backoff_s: float = 0.5  #: before the first retry; doubles
    default_pace_s: float = 5.0  #: between two requests to a host that ``paces`` does not name
    paces: Mapping[str, float] = field(default_factory=dict)  #: host (and its subdomains) → seconds
    ports: tuple[int, ...] = (80, 443)
    concurrency: int = 64  #: exchanges at once over all hosts
    max_retry_after_s: float = 86_400.0  #: a longer Retry-After is cut to this
    short_retry_after_s: float = 10.0  #: up to this a 429 or 503 is asked again in the same fetch
    patience_s: float = 60.0  #: how long we wait for a host that asked for a pause; longer is refused at once
    #: source id → the user's key for it, given by the environment; never shown, stored or logged
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)

    def deadline_of(self, size: SizeKind) -> float:
        """Seconds for one fetch of an answer of that size."""
        if size == "bulk":
            return self.bulk_deadline_s
        return self.deadline_s if size == "api" else min(self.deadline_s, self.page_deadline_s)


@dataclass(frozen=True, slots=True)
class Live:
    """The internet, behind the address table."""


@dataclass(frozen=True, slots=True)
class Local:
    """Each named host is served at (address, port), given in code; every other host is refused. Plain http only."""

    hosts: Mapping[str, tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Replay:
    """Recorded answers (format: ``recording``); never the network. ``root`` overrides where the bodies lie."""

    directory: Path
    root: Path | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """A service of the user's own, at an address that the user declared: this one origin may be private or loopback,
    and nothing else is reached by this route."""

    scheme: str  #: http or https
    host: str
    port: int


Route = Live | Local | Replay | Own
