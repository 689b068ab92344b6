"""Ask a JSON interface through a session, and tell an answer from a refusal. No mapping.

Interfaces like to refuse with status 200 and a text; 404 often means "no hit". Whoever calls says whether it may.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from salestrigger.sources.adapters import Session
from salestrigger.sources.adapters.api_answer import refuse_if_said
from salestrigger.sources.adapters.json_strict import NotJsonError, read_json
from salestrigger.sources.errors import FetchError, ShapeError
from salestrigger.sources.http import NotModified, Response
from salestrigger.sources.spec import SizeKind


async def ask(
    session: Session,
    url: str,
    *,
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    post: bytes | None = None,
    absent_ok: bool = False,
    keep: bool = True,
    size: SizeKind | None = None,
) -> Response:
    """An answer whose body is wanted whatever we have seen before; 404 and 410 only with ``absent_ok``.

    Raises:
        FetchError: the network, the server or our guard said no.
    """
    if query:
        url += f"{'&' if '?' in url else '?'}{urlencode(query, safe=',:')}"
    sent = {"accept": "application/json", **(headers or {})}
    if post is not None:
        sent.setdefault("content-type", "application/json")
    answer = await session.get(url, headers=sent, conditional=False, keep=keep, post=post, size=size)
    if isinstance(answer, NotModified):
        raise FetchError(url, "http_304", "an unconditional request has no unchanged answer")
    if answer.status != 200 and not (absent_ok and answer.status in {404, 410}):
        raise FetchError(url, f"http_{answer.status}")
    return answer


def json_of(session: Session, answer: Response) -> Any:
    """The body as JSON.

    Raises:
        SourceError: reason ``refused``: a text for too many requests, sent with status 200.
        ShapeError: it is not JSON.
    """
    try:
        return read_json(answer.body)
    except NotJsonError as error:
        refuse_if_said(session, answer.body, answer.url)
        raise ShapeError(answer.url, "JSON", f"{error}: {answer.body[:60]!r}") from None


def object_of(session: Session, answer: Response, *keys: str) -> Mapping[str, Any]:
    """The body as a JSON object that has all of ``keys``.

    Raises:
        ShapeError: it is something else. SourceError: as in :func:`json_of`.
    """
    data = json_of(session, answer)
    if not isinstance(data, Mapping) or not set(keys) <= data.keys():
        got = ", ".join(map(str, list(data)[:6])) if isinstance(data, Mapping) else type(data).__name__
        raise ShapeError(answer.url, f"an object with {', '.join(keys) or 'anything'}", got[:120])
    return data


def basic(user: str, password: str = "") -> dict[str, str]:
    """The header of HTTP Basic authentication (RFC 7617)."""
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")}


def rows_of(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The objects of a list field; none when it is absent or of another type."""
    value = data.get(key)
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def part_of(data: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    """The object at ``path``; an empty one when there is none."""
    for key in path:
        value = data.get(key)
        if not isinstance(value, Mapping):
            return {}
        data = value
    return data
