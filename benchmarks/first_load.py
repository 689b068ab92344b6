"""How long the first load of a register the size of Norway takes, and one day of its change feed, and how much memory.

The bulk file is drawn from the demo market's generator (shape of data.brreg.no's ``/enheter/lastned``), written once
beside the database and served from this machine over HTTP like the real one, as gzip. The load is what a run does
between asking and having stored: fetch, read in the sandbox, store with facts, names and links; then analyse: index the
names and judge everybody by the shipped profiles. The day is so many updates of the change feed, the entities fetched
again in batches of 100, everything stored and analysed.

    python -m benchmarks.first_load [--source enheter] [--entities 1100000] [--updates 6000] [--folder DIR]

``--source companieshouse`` loads the British monthly file (5.5 million rows), ``--source roles`` the Norwegian file of
all roles: see ``bulk_files``.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import os
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from benchmarks.bulk_files import SOURCES, load
from salestrigger.flows.knowledge import knowledge_of
from salestrigger.flows.place import Place
from salestrigger.flows.universe import Universe
from salestrigger.icp_profiles.profile import load_profiles
from salestrigger.matchers.analyse import conclude, in_order
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.sources.collect import SourceOutcome, collect_all
from salestrigger.sources.demo.growth import LARGEST, RESERVED, Growth
from salestrigger.sources.demo.register import first_document
from salestrigger.sources.http import FetchPolicy, Local
from salestrigger.sources.spec import SourceSpec
from salestrigger.warehouse import read, write
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.migrate import migrate

NOW = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)
HOST = "register.example"
MOST = LARGEST - RESERVED


def entity(number: int) -> dict[str, Any]:
    """Entity ``number``; beyond the generator's largest market, its organisations under numbers of another block."""
    unit = first_document(Growth(MOST).organisation(number % MOST))
    if number >= MOST:
        unit["organisasjonsnummer"] = f"7{unit['organisasjonsnummer'][1:]}"
    return unit


def write_bulk_file(path: Path, entities: int) -> None:
    """The register's file: one JSON array."""
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        file.write("[")
        for number in range(entities):
            file.write(("," if number else "") + json.dumps(entity(number), ensure_ascii=False))
        file.write("]")


def handler(bulk: Path, entities: int, updates: int) -> type[BaseHTTPRequestHandler]:
    """The register: its bulk file, its change feed, its entities by number."""
    changed = [entity(n * (entities // updates)) for n in range(updates)]
    for unit in changed:
        unit["antallAnsatte"] = unit.get("antallAnsatte", 5) + 3
    by_number = {unit["organisasjonsnummer"]: unit for unit in changed}

    def feed(query: Mapping[str, list[str]]) -> dict[str, Any]:
        first = int(query["oppdateringsid"][0]) if "oppdateringsid" in query else 0
        part = range(first, min(updates, first + int(query["size"][0])))
        rows = [
            {
                "oppdateringsid": n,
                "dato": "2026-09-07T04:00:00.000Z",
                "organisasjonsnummer": changed[n]["organisasjonsnummer"],
                "endringstype": "Endring",
                "endringer": [{"op": "replace", "path": "/antallAnsatte", "value": changed[n]["antallAnsatte"]}],
            }
            for n in part
        ]
        return {"_embedded": {"oppdaterteEnheter": rows}, "page": {}} if rows else {"page": {}}

    class Register(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = parse_qs(parts.query)
            if parts.path.endswith("/lastned"):
                self._send(bulk.read_bytes(), "application/octet-stream")
            elif parts.path.endswith("/oppdateringer/enheter"):
                self._send(json.dumps(feed(query)).encode(), "application/json")
            else:
                numbers = query["organisasjonsnummer"][0].split(",")
                page = {"_embedded": {"enheter": [by_number[n] for n in numbers]}, "page": {"totalPages": 1}}
                self._send(json.dumps(page).encode(), "application/json")

        def _send(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.send_header("last-modified", "Mon, 07 Sep 2026 04:00:00 GMT")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing: a benchmark prints its own lines."""

    return Register


def spec() -> SourceSpec:
    """The register as a source."""
    return SourceSpec(
        id="register", title="Register", adapter="brreg", url=f"http://{HOST}/api", country="NO", trust="register",
        size="api", pace_s=0.0, obey_robots=False, licence="generated", options={"mode": "universe"},
    )  # fmt: skip


def steps(folder: Path, address: tuple[str, int]) -> Iterator[tuple[str, SourceOutcome, float]]:
    """Each step of two runs, its outcome and how long it took."""
    cursor: Mapping[str, Any] = {}
    with Warehouse.open(folder / "warehouse.duckdb") as warehouse:
        migrate(warehouse)
        for name, now in (("first load", NOW), ("a day", NOW.replace(day=8))):
            begun = time.monotonic()
            policy = FetchPolicy(default_pace_s=0.0, retries=0)
            (outcome,) = collect_all(
                [spec()], {"register": cursor}, policy=policy, route=Local({HOST: address}), raw_root=folder / "raw",
                now=now,
            )  # fmt: skip
            yield f"{name}: collect", outcome, time.monotonic() - begun
            begun = time.monotonic()
            run_id = write.start_run(warehouse, as_of=now, profiles=load_profiles())
            write.store_collected(warehouse, run_id, outcome, spec(), now=now)
            yield f"{name}: store", outcome, time.monotonic() - begun
            begun = time.monotonic()
            judge(warehouse, folder, run_id, now)
            write.finish_run(warehouse, run_id)
            yield f"{name}: analyse", outcome, time.monotonic() - begun
            cursor = outcome.collected.cursor


def judge(warehouse: Warehouse, folder: Path, run_id: str, now: datetime) -> None:
    """What a run does after storing: index, register changes to events and triggers, fits of the shipped profiles."""
    place = Place("real", folder, {"register": spec()}, load_profiles(), Local({}), now)
    universe = Universe(warehouse, place.profiles, now)
    known = knowledge_of(warehouse, place, load_lexicon(), universe=universe, run_id=run_id)
    batch = in_order((), read.pending_changes(warehouse))
    universe.expect_changes(batch.changes)
    write.store_findings(warehouse, run_id, conclude(batch.changes, (), known), now=now)
    universe.settle(run_id)


def cpu_s() -> float:
    """Seconds of processor time of this process and of its workers, those that ended too (Linux)."""
    own, ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    ticks = 0
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # it has just ended
            for child in (task / "children").read_text().split():
                fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
    done = sum((own.ru_utime, own.ru_stime, ended.ru_utime, ended.ru_stime))
    return done + ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Make the file, load it, read a day, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", choices=("enheter", *SOURCES), default="enheter")
    parser.add_argument("--entities", type=int, help="1,100,000, and 5,500,000 of the British file")
    parser.add_argument("--updates", type=int, default=6_000)
    parser.add_argument("--folder", type=Path, help="keep the bulk file and the database here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        if arguments.source != "enheter":
            rows = arguments.entities or SOURCES[arguments.source][0]
            for line in load(arguments.source, rows, folder, now=NOW, cpu_s=cpu_s):
                print(line, flush=True)
            return
        arguments.entities = arguments.entities or 1_100_000
        bulk = folder / f"enheter-{arguments.entities}.json.gz"
        if not bulk.exists():
            folder.mkdir(parents=True, exist_ok=True)
            write_bulk_file(bulk, arguments.entities)
        (folder / "warehouse.duckdb").unlink(missing_ok=True)
        print(f"{arguments.entities:,} entities, {bulk.stat().st_size / 1e6:.0f} MB of gzip")
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler(bulk, arguments.entities, arguments.updates))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        own = cpu_s()
        for name, outcome, seconds in steps(folder, server.server_address):  # type: ignore[arg-type]
            now = cpu_s()
            collected = outcome.collected
            print(
                f"{name:21} {seconds:7.1f} s on the wall, {now - own:7.1f} s of CPU  {outcome.status}: "
                f"{collected.record_count:,} records, {len(collected.changes):,} changes, "
                f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB {outcome.reason}"
            )
            own = now
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        server.shutdown()
        size = (folder / "warehouse.duckdb").stat().st_size / 1e6
        print(f"peak memory of this process: {peak:.0f} MB; database {size:.0f} MB")


if __name__ == "__main__":
    sys.exit(main())
