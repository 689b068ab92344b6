"""The demo market: an invented economy that answers like the web does.

``DemoMarket.answer`` maps a day, a host and an address to the bytes that a real source would send. It is a pure
function of them, the size and the seed: the same bytes on every machine. The server only carries them; who may reach it
is the fetcher's business.

::

    organisations ── changes ──► register documents and feeds ─┐
    stories ── outlets ──► RSS, Atom, RDF, JSON, HTML, wire ───┼─► answer(day, host, address)
    mischief ──────────────────────────────────────────────────┘
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from salestrigger.sources.demo import feeds, register
from salestrigger.sources.demo.growth import Growth
from salestrigger.sources.demo.mischief import MISCHIEF
from salestrigger.sources.demo.organisations import DemoOrg, organisations
from salestrigger.sources.demo.outlets import Outlet, all_items, demo_specs, items_on, outlets
from salestrigger.sources.demo.register_api import BadQueryError, RegisterApi
from salestrigger.sources.demo.timeline import day_clock
from salestrigger.sources.errors import UsageError
from salestrigger.sources.spec import SourceSpec

_ENTITY_TYPE = "application/vnd.brreg.enhetsregisteret.enhet.v2+json;charset=UTF-8"
_ROBOTS = b"User-agent: *\nDisallow: /private/\n"
_PREFIX = "/enhetsregisteret/api"
#: where a moved feed is to be found now
MOVED_TO = "/nieuw/feed.xml"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host sends."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DemoMarket:
    """A market of a size; the curated one when nothing is asked for. Use :meth:`build`."""

    growth: Growth

    @classmethod
    def build(cls, size: int | None = None, seed: int = 7) -> DemoMarket:
        """The market with ``size`` organisations in the register (None: the curated ones alone).

        Raises:
            UsageError: smaller than the curated market, or larger than a million.
        """
        curated = sum(org.country == "NO" for org in organisations().values())
        if size is not None and size < curated:
            raise UsageError(f"a market of {size!r} organisations is too small; the curated one has {curated}")
        return cls(Growth(0 if size is None else size - curated, seed))

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host of the market, in order."""
        return tuple(sorted({urlsplit(spec.url).netloc for spec in demo_specs().values() if "://" in spec.url}))

    def organisations(self) -> Iterator[DemoOrg]:
        """Everybody, curated and grown, one at a time."""
        yield from organisations().values()
        for index in range(self.growth.count):
            yield self.growth.organisation(index)

    def answer(self, day: int, host: str, target: str, *, attempt: int = 1) -> Answer:
        """What ``host`` sends on ``day`` for ``target`` (path and query), asked for the ``attempt``-th time."""
        path, _, query = target.partition("?")
        if path == "/robots.txt":
            return Answer(200, _ROBOTS, {"content-type": "text/plain"})
        if host == register.HOST:
            return register_answer(RegisterApi(day, self.growth), path, dict(parse_qsl(query, keep_blank_values=True)))
        source_id = _source_of_host().get(host)
        if source_id is None:
            return Answer(404)
        spec = demo_specs()[source_id]
        if source_id in MISCHIEF:
            return _mischief(source_id, day) if target == _path_of(spec) else Answer(404)
        return _outlet_answer(spec, outlets()[source_id], day, path=path, attempt=attempt)


@functools.cache
def _source_of_host() -> Mapping[str, str]:
    return {urlsplit(spec.url).netloc: source for source, spec in demo_specs().items()}


def _path_of(spec: SourceSpec) -> str:
    return urlsplit(spec.url).path


def _mischief(source_id: str, day: int) -> Answer:
    media_type, encoding, body = MISCHIEF[source_id]
    headers = {"content-type": media_type} | ({"content-encoding": encoding} if encoding else {})
    return Answer(200, body(day), headers)


def _outlet_answer(spec: SourceSpec, outlet: Outlet, day: int, *, path: str, attempt: int) -> Answer:
    is_feed = path == _path_of(spec)
    if is_feed and outlet.behaviour == "busy" and attempt == 1:
        return Answer(429, b"Too Many Requests", {"retry-after": "1", "content-type": "text/plain"})
    if is_feed and outlet.behaviour == "moved":
        return Answer(301, b"", {"location": f"http://{urlsplit(spec.url).netloc}{MOVED_TO}"})
    if is_feed or (outlet.behaviour == "moved" and path == MOVED_TO):
        items = items_on(spec.id, day)
        headers = {"content-type": feeds.MEDIA_TYPES[outlet.format]}
        if items:
            headers["last-modified"] = format_datetime(items[0].published_at, usegmt=True)
        return Answer(200, feeds.render(outlet.format, spec, items), headers)
    item = next((i for i in all_items(spec.id) if urlsplit(i.url).path == path), None)
    if item is None or item.published_at > day_clock(day):
        return Answer(404)
    return Answer(200, feeds.article(spec, item), {"content-type": "text/html; charset=utf-8"})


def register_answer(api: RegisterApi, path: str, query: Mapping[str, str]) -> Answer:
    """What the register sends; its errors are JSON as well."""
    parts = path.removeprefix(_PREFIX).strip("/").split("/") if path.startswith(f"{_PREFIX}/") else [""]
    try:
        match parts:
            case ["enheter"]:
                return _json(200, api.search(query))
            case ["enheter", "lastned"]:
                return _bulk(api)
            case ["enheter", number]:
                return _json(*api.unit(number), media_type=_ENTITY_TYPE)
            case ["enheter", number, "roller"]:
                return _json(*api.roles(number))
            case ["oppdateringer", "enheter"]:
                return _json(200, api.updates(query))
            case ["oppdateringer", "roller"]:
                return _json(200, api.role_updates(query))
            case _:
                return _json(404, None)
    except BadQueryError as error:
        return _json(400, {"status": 400, "error": "Bad Request", "feilmelding": str(error)})


def _json(status: int, value: Any, media_type: str = "application/json;charset=UTF-8") -> Answer:
    body = b"" if value is None else json.dumps(value, ensure_ascii=False).encode("utf-8")
    return Answer(status, body, {"content-type": media_type})


def _bulk(api: RegisterApi) -> Answer:
    """The whole register as a gzip file of a JSON array; it goes through the packer unit by unit."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as packer:
        for n, unit in enumerate(api.bulk()):
            packer.write((("," if n else "[") + json.dumps(unit, ensure_ascii=False)).encode("utf-8"))
        packer.write(b"]")
    headers = {
        "content-type": "application/vnd.brreg.enhetsregisteret.enhet.v2+gzip;charset=UTF-8",
        "last-modified": format_datetime(day_clock(api.day).replace(hour=4, minute=0), usegmt=True),
    }
    return Answer(200, packed.getvalue(), headers)


def etag_of(body: bytes) -> str:
    """The strong validator of a body."""
    return f'"{hashlib.sha256(body).hexdigest()[:24]}"'
