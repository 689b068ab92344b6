"""Every shipped source that is no feed, when its server answers with something else: it is marked, with a reason.

A page, an error object, one long text, entities, a wide table, a damaged zip, a loop: whichever way a source is read
(JSON, CSV, XML, ZIP), it neither believes it nor falls over it. A real local server.
"""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from salestrigger.sources.adapters.json_strict import NotJsonError, read_json
from salestrigger.sources.collect import SourceOutcome, collect_source
from salestrigger.sources.http import Fetcher, FetchPolicy, Local
from salestrigger.sources.raw import RawStore
from salestrigger.sources.raw_queue import RawQueue
from salestrigger.sources.registry import CATALOG, load_spec
from salestrigger.sources.spec import SourceSpec
from tests.sources.site import NOW, Site, answer, moved, serving
from tests.sources.test_hostile_answers import LAUGHS, MIB

WIDE = ",".join(['"a"'] * 200_000)


def zipped(name: str, body: bytes) -> bytes:
    """A zip with one file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    return target.getvalue()


#: what a source is answered with, whatever it asks
ANSWERS: dict[str, bytes] = {
    "page": answer(b"<html><body>Service [temporarily] unavailable</body></html>", Content_Type="text/html"),
    "error": answer(
        b'{"message": "Service temporarily unavailable", "errors": ["x"]}', Content_Type="application/json"
    ),
    "text": answer(b'"' + b"a" * (2 * MIB) + b'"', Content_Type="application/json"),
    "deep": answer(b'{"data":' + b"[" * 50_000),
    "laughs": answer(LAUGHS, Content_Type="text/xml"),
    "table": answer(WIDE.encode() + b"\n"),
    "table in a zip": answer(zipped("x.csv", f'"CompanyName","CompanyNumber",{WIDE}\n{WIDE}\n'.encode())),
    "zeros in a zip": answer(zipped("x.json", bytes(8 * MIB))),
    "half a zip": answer(zipped("x.json", b'[{"a": 1}]' * 90_000)[:-40]),
    "bomb": answer(gzip.compress(bytes(60 * MIB), 9), Content_Encoding="gzip"),
    "loop": moved("/"),
}
#: those that ask somebody else only when they are told whom
LISTS: dict[str, dict[str, Any]] = {
    "companieshouse": {"organizations": ["00000006"]}, "bolagsverket": {"organizations": ["5560000001"]},
    "regnskap": {"organizations": ["974760673"]},
}  # fmt: skip


class Everywhere(dict[Any, Any]):
    """The same answer at every address."""

    def __init__(self, said: bytes) -> None:
        super().__init__()
        self.said = said

    def get(self, key: Any, default: Any = None) -> bytes:
        return self.said


def sources() -> Iterable[SourceSpec]:
    """Every shipped source but feeds and one's own file, as it would be asked without TLS."""
    for path in sorted(CATALOG.glob("*.toml")):
        spec = load_spec(path)
        if spec.adapter not in {"feed", "accounts"}:
            wanted = {k: v for k, v in LISTS.get(spec.adapter, {}).items() if spec.options.get(k) == []}
            options = {**spec.options, **wanted}
            yield spec.model_copy(
                update={"url": spec.url.replace("https://", "http://"), "options": options, "pace_s": 0.0}
            )


def collected(said: bytes, raw: RawStore) -> dict[str, SourceOutcome]:
    """What became of every source when that is all that it hears."""
    specs = list(sources())
    hosts = {host for spec in specs for host in (urlsplit(spec.url).hostname, *spec.also_hosts) if host}
    policy = FetchPolicy(
        paces=dict.fromkeys(hosts, 0.0), retries=0, deadline_s=120.0, page_deadline_s=120.0, default_pace_s=0.0,
        keys={spec.id: "user:word" for spec in specs},
    )  # fmt: skip

    async def run() -> list[SourceOutcome]:
        async with serving(Site(Everywhere(said))) as site:
            route = Local(dict.fromkeys(hosts, ("127.0.0.1", site.port)))
            queue = RawQueue(raw)
            async with Fetcher(policy, route=route, now=lambda: NOW) as fetcher:
                return await asyncio.gather(
                    *(collect_source(spec, {}, fetcher=fetcher, raw=queue, now=NOW) for spec in specs)
                )

    return {outcome.source_id: outcome for outcome in asyncio.run(run())}


@pytest.mark.parametrize("kind", ANSWERS)
def test_what_is_no_answer_marks_every_source(kind: str, tmp_path: Path) -> None:
    """No source takes it for an answer, none falls over it, and none moves its cursor."""
    outcomes = collected(ANSWERS[kind], RawStore(tmp_path))
    believed = {
        name: (outcome.status, outcome.reason)
        for name, outcome in outcomes.items()
        if outcome.status not in {"malformed", "failed", "refused"} or outcome.reason.startswith("bug")
    }
    assert believed == {}
    assert all(outcome.collected.cursor == {} for outcome in outcomes.values())


def test_json_that_would_take_too_much_memory_is_not_read() -> None:
    """Told by its signs before a single object is made; a page of a register is far from it."""
    with pytest.raises(NotJsonError, match="too many values"):
        read_json(b"[" + b",".join([b'{"":0}'] * 950_000) + b"]")
    with pytest.raises(NotJsonError, match="too many values"):
        read_json(b"[" + b"[]," * 2_200_000 + b"[]]")
    page = b'{"a": [' + b",".join([b'{"b": {"c": [1, 2, 3]}, "d": "text"}'] * 100_000) + b"]}"
    assert len(read_json(page)["a"]) == 100_000


@pytest.mark.parametrize("adapter", ["companieshouse", "cvr"])
def test_the_same_page_for_ever_ends(adapter: str, tmp_path: Path) -> None:
    """A server that does not understand where to go on from is asked twice."""
    host, day = "register.example", NOW.date().isoformat()
    filings = [{"transaction_id": f"t{n}", "date": day, "type": "AD01", "category": "address"} for n in range(100)]
    hits = [{"_source": {"Vrvirksomhed": {}}, "sort": [n]} for n in range(100)]
    pages: dict[Any, Any] = {
        "/company/00000006": answer(json.dumps({"company_number": "00000006", "company_name": "Fell Ltd"}).encode()),
        "/cvr": answer(json.dumps({"hits": {"hits": hits}}).encode()),
    }
    for start in range(0, 1000, 100):
        said = answer(json.dumps({"items": filings}).encode())
        pages[f"/company/00000006/filing-history?items_per_page=100&start_index={start}"] = said
    url, options = {
        "companieshouse": (f"http://{host}", {"mode": "watch", "organizations": ["00000006"], "with_officers": False}),
        "cvr": (f"http://{host}/cvr", {"mode": "changed", "page_size": 100}),
    }[adapter]
    spec = SourceSpec(
        id="register", title="Register", adapter=adapter, url=url, trust="register", size="api", pace_s=0.0,
        obey_robots=False, licence="invented for tests", options=options,
    )  # fmt: skip
    site = Site(pages)

    async def run() -> SourceOutcome:
        async with serving(site):
            policy = FetchPolicy(paces={host: 0.0}, retries=0, keys={"register": "user:word"})
            async with Fetcher(policy, route=Local({host: ("127.0.0.1", site.port)}), now=lambda: NOW) as fetcher:
                return await collect_source(spec, {}, fetcher=fetcher, raw=RawQueue(RawStore(tmp_path)), now=NOW)

    outcome = asyncio.run(run())
    assert (outcome.status, len(site.targets()) <= 3) == ("ok" if adapter == "companieshouse" else "malformed", True)
