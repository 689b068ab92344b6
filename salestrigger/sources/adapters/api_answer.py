"""Ask an API through a session and take its answer for what it is: data, nothing there, or a refusal in disguise.

Many an API says no with status 200 and a plain sentence. Here that is a refusal, other text is a ShapeError, and a 404
means "nothing there" only where the caller says so. It knows no source.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from salestrigger.sources.adapters import Session
from salestrigger.sources.adapters.json_strict import NotJsonError, read_json
from salestrigger.sources.errors import FetchError, ShapeError, SourceError
from salestrigger.sources.http import NotModified, Response

#: how services say "too much" in a body whose status is 200
REFUSALS = (
    b"too many requests", b"rate limit", b"limit requests", b"request rate threshold", b"quota exceeded", b"for mange",
    b"access denied",
)  # fmt: skip


async def response_of(
    session: Session,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    absent: frozenset[int] = frozenset(),
    keep: bool = True,
    post: bytes | None = None,
) -> Response | None:
    """A complete answer, asked for whatever was seen before; None for a status in ``absent`` (of 404, 410).

    Raises:
        FetchError: any other status than 200, or no answer.
    """
    answer = await session.get(url, headers=headers, conditional=False, keep=keep, post=post)
    if isinstance(answer, NotModified):
        raise FetchError(url, "http_304", "an unconditional request has no unchanged answer")
    if answer.status in absent:
        return None
    if answer.status not in {200, 201}:
        raise FetchError(answer.request_url, f"http_{answer.status}")
    return answer


async def data_of(
    session: Session,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    absent: frozenset[int] = frozenset(),
    keep: bool = True,
    post: bytes | None = None,
) -> Any | None:
    """The JSON of a documented API at ``url``; None for a status in ``absent``.

    Raises:
        FetchError, ShapeError, SourceError: see :func:`response_of` and :func:`json_of`.
    """
    asked = {"accept": "application/json", **(headers or {})}
    answer = await response_of(session, url, headers=asked, absent=absent, keep=keep, post=post)
    return None if answer is None else json_of(session, answer)


def json_of(session: Session, answer: Response) -> Any:
    """The body as JSON; control characters within texts, which some APIs leave in, are taken as they are.

    Raises:
        SourceError: reason ``refused``, the body says that we ask too much or may not.
        ShapeError: it is not JSON.
    """
    try:
        return read_json(answer.body, strict=False)
    except NotJsonError as error:
        refuse_if_said(session, answer.body, answer.url)
        raise ShapeError(answer.url, "JSON", f"{error}: {answer.body[:60]!r}") from None


def refuse_if_said(session: Session, body: bytes, url: str) -> None:
    """Raise when a body that is not what was asked for says no in words.

    Raises:
        SourceError: reason ``refused``.
    """
    if any(word in body[:2000].lower() for word in REFUSALS):
        text = body[:120].decode("utf-8", "replace")
        message = f"{url!r} answered 200 with an error text: {text!r}"
        raise SourceError(message, source=session.spec.id, reason="refused")


def mapping(value: object) -> Mapping[str, Any]:
    """The value when it is an object, else an empty one: a field of another type is a field that is not there."""
    return value if isinstance(value, Mapping) else {}


def rows(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list; nothing of anything else."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def text(row: Mapping[str, Any], *keys: str) -> str:
    """The first of the fields that holds a text or a number, stripped; empty when none does."""
    for key in keys:
        value = row.get(key)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""
