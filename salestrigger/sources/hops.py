"""Decide what follows an answer: a redirect, an end, a pause. Pure functions, one guard per reason.

Redirects are followed by hand because each target must pass the guard again, credentials must not leave their origin,
and the feed's address may only change for permanent ones. It does no I/O.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from salestrigger.sources.exchange import FetchPolicy, Request
from salestrigger.sources.masking import is_secret_header, secrets_of
from salestrigger.sources.reasons import TRANSIENT, Refusal
from salestrigger.sources.urls import Url, parse_url

METHODS = ("GET", "HEAD", "POST")
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
#: headers that the door alone sets
_OURS = frozenset({"host", "accept-encoding", "content-length", "transfer-encoding", "connection", "expect", "te"})
#: headers that may follow a redirect to another origin
_HARMLESS = frozenset({"accept", "accept-language", "user-agent", "if-none-match", "if-modified-since"})


@dataclass(frozen=True, slots=True)
class Hop:
    """One exchange of a chain."""

    url: Url
    method: str
    headers: Mapping[str, str]  #: lower-case names
    body: bytes | None
    carries_secrets: bool  #: the request that the chain began with did
    moved_to: str | None = None  #: target of the permanent redirects so far
    only_permanent: bool = True  #: no temporary redirect yet


def first_hop(request: Request, policy: FetchPolicy) -> Hop:
    """The request as the first exchange.

    Raises:
        Refusal: ``bad_header``, or the address is refused (see ``urls.parse_url``, and ``bad_port``).
    """
    if request.method not in METHODS:
        raise Refusal("bad_header", f"method {request.method!r}; allowed: {', '.join(METHODS)}")
    url = checked(parse_url(request.url), policy)
    headers = {name.lower(): value for name, value in request.headers.items()}
    if own := _OURS & headers.keys():
        raise Refusal("bad_header", f"{', '.join(sorted(own))} cannot be set")
    headers = {"user-agent": policy.user_agent, "accept": "*/*", **headers, **_validators(request)}
    secret = bool(secrets_of(str(url), headers)) or any(is_secret_header(name) for name in headers)
    return Hop(url, request.method, headers, request.body, secret)


def checked(url: Url, policy: FetchPolicy) -> Url:
    """``url`` when the policy fetches from its port.

    Raises:
        Refusal: ``bad_port``.
    """
    if url.port not in policy.ports:
        raise Refusal("bad_port", f"{url.port}; allowed: {', '.join(map(str, policy.ports))}")
    return url


def next_hop(hop: Hop, status: int, location: str | None, policy: FetchPolicy) -> Hop:
    """Where a redirect leads.

    Raises:
        Refusal: ``bad_redirect``, ``downgrade``, ``body_redirect``, or the target is refused.
    """
    if not location:
        raise Refusal("bad_redirect", f"{status} without Location")
    url = checked(parse_url(location.strip(" "), base=hop.url), policy)
    if hop.carries_secrets and hop.url.scheme == "https" and url.scheme == "http":
        raise Refusal("downgrade", f"to {url.authority}")
    method, body = (hop.method, hop.body) if status in {307, 308} or hop.method == "HEAD" else ("GET", None)
    if body is not None and url.origin != hop.url.origin:
        raise Refusal("body_redirect", f"to {url.authority}")
    permanent = hop.only_permanent and status in PERMANENT
    return dataclasses.replace(
        hop,
        url=url,
        method=method,
        body=body,
        headers=_headers_for(hop, url, keep_body=body is not None),
        moved_to=str(url) if permanent else hop.moved_to,
        only_permanent=permanent,
    )


def retry_after(value: str | None, now: datetime, cap_s: float) -> float | None:
    """A Retry-After header (seconds or an HTTP date, RFC 9110) as seconds from now, at most ``cap_s``."""
    if value is None or len(value) > 64:
        return None
    text = value.strip()
    if text.isascii() and text.isdecimal():
        return min(float(text), cap_s)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max((at - now).total_seconds(), 0.0), cap_s)


def retry_wait(refusal: Refusal, method: str, attempt: int, policy: FetchPolicy) -> float | None:
    """Seconds to wait before asking again after the failed ``attempt`` (from 0); None: do not ask again.

    A refusal of the guard is never asked again, nor a POST that the server may have acted on.
    """
    backoff = policy.backoff_s * 2.0**attempt
    if refusal.reason in {"http_429", "http_503"} and refusal.retry_after is not None:
        return max(refusal.retry_after, backoff) if refusal.retry_after <= policy.short_retry_after_s else None
    if refusal.reason in {"dns", "connect"}:
        return backoff
    is_transient = refusal.reason in TRANSIENT or refusal.reason.startswith("http_5")
    return backoff if is_transient and method != "POST" else None


def _validators(request: Request) -> dict[str, str]:
    """The headers of a conditional request."""
    pairs = (("if-none-match", request.etag), ("if-modified-since", request.last_modified))
    return {name: value for name, value in pairs if value}


def _headers_for(hop: Hop, url: Url, *, keep_body: bool) -> Mapping[str, str]:
    """The headers that may go to ``url``: all to the same origin, harmless ones to another."""
    headers = hop.headers if keep_body else {n: v for n, v in hop.headers.items() if n != "content-type"}
    if url.origin == hop.url.origin:
        return headers
    return {name: value for name, value in headers.items() if name in _HARMLESS}
