"""What a register removes on legal grounds (410) is removed here: from collecting to the analysts' snapshot."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from salestrigger.flows.place import Place
from salestrigger.flows.runners import open_runner
from salestrigger.flows.settings import Settings
from salestrigger.flows.steps import DailyRun, run_plain
from salestrigger.icp_profiles.profile import load_profiles
from salestrigger.sources.http import Local
from salestrigger.sources.spec import SourceSpec
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.migrate import migrate
from tests.sources.adapters.brreg_data import BASE, entity, event, feed_page, put, role, roles, search_page

GONE, STAYS = "999000101", "999000202"
DAY_1 = datetime(2026, 10, 5, 6, 0, tzinfo=UTC)
#: what the register told of the organisation and of who leads it
TOLD = ("FJELLMØRK DRIFT", "Fjellmørk Drift", "999000101", "fjellmork.example", "Fjellmørk tun", "Påfunnet")


@dataclass
class Register:
    """The Norwegian register, with two organisations of which one is removed."""

    removed: bool = False
    events: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        status, body = self.answer(request.path.removeprefix(BASE), request.args)
        return Response(json.dumps(body), status=status, content_type="application/json")

    def answer(self, path: str, query: Any) -> tuple[int, Any]:
        known = [STAYS] if self.removed else [GONE, STAYS]
        units = {number: self.unit(number) for number in known}
        match path.strip("/").split("/"):
            case ["enheter"]:
                return 200, search_page(*(units[n] for n in query["organisasjonsnummer"].split(",") if n in units))
            case ["enheter", number]:
                return (200, units[number]) if number in units else (410, {"organisasjonsnummer": number})
            case ["enheter", number, "roller"]:
                return 200, roles(
                    ("DAGL", "2026-10-04", [role("DAGL", "Kari", "Påfunnet" if number == GONE else "Oppspinn")])
                )
            case ["oppdateringer", "enheter"]:
                first = int(query.get("oppdateringsid", 0))
                return 200, feed_page(*(row for row in self.events if row["oppdateringsid"] >= first))
            case ["oppdateringer", "roller"]:
                fresh = [] if "afterId" in query else [GONE, STAYS]
                return 200, [{"id": str(n), "data": {"organisasjonsnummer": o}} for n, o in enumerate(fresh, 1)]
            case ["oppdateringer", "underenheter"]:
                rows = [] if "oppdateringsid" in query else [event(1, "999000301", "Ny")]
                return 200, {"page": {}} | ({"_embedded": {"oppdaterteUnderenheter": rows}} if rows else {})
            case ["underenheter"]:
                return 200, {"page": {}, "_embedded": {"underenheter": [self.branch()]}}
        return 404, {}

    def unit(self, number: str) -> dict[str, Any]:
        if number == GONE:
            street = {"adresse": ["Fjellmørk tun 7"], "postnummer": "8006", "poststed": "BODØ", "kommunenummer": "1804"}
            return entity(number, forretningsadresse=street, konkurs=True, konkursdato="2026-10-02", antallAnsatte=180)
        return entity(number, "HAVGLIMT RIGG AS", hjemmeside="www.havglimt.example", antallAnsatte=190)

    def branch(self) -> dict[str, Any]:
        return {
            "organisasjonsnummer": "999000301", "navn": "FJELLMØRK DRIFT AS AVD BODØ", "overordnetEnhet": GONE,
            "organisasjonsform": {"kode": "BEDR"}, "oppstartsdato": "2026-10-01",
            "beliggenhetsadresse": {"poststed": "BODØ", "kommune": "BODØ", "kommunenummer": "1804"},
        }  # fmt: skip


def spec(mode: str, **options: Any) -> SourceSpec:
    """The register, asked in one way."""
    return SourceSpec(
        id=f"brreg-{mode}", title=mode, adapter="brreg", url=f"http://register.example{BASE}", country="NO",
        trust="register", size="api", pace_s=0.0, obey_robots=False, licence="invented for tests",
        options={"mode": mode, "first_days": 9, **options},
    )  # fmt: skip


def day(server: HTTPServer, home: Path, now: datetime) -> Place:
    """One whole run."""
    sources = (spec("changes"), spec("roles"), spec("branches"))
    place = Place(
        kind="real", data=home / "var", specs={one.id: one for one in sources}, profiles=load_profiles(),
        route=Local({"register.example": (server.host, server.port)}), now=now,
    )  # fmt: skip
    settings = Settings(home=home, runner="local")
    with Warehouse.open(place.warehouse) as warehouse, open_runner(settings) as runner:
        migrate(warehouse)
        run_plain(DailyRun(settings, place, warehouse, runner))
    return place


def cells(database: Path) -> Iterator[tuple[str, str]]:
    """(table, row) of everything in a database."""
    with duckdb.connect(str(database), read_only=True) as connection:
        for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            for row in connection.table(table).fetchall():
                yield table, repr(row)


def told_in_tables(database: Path) -> set[str]:
    """The tables that hold anything of what was told."""
    return {table for table, row in cells(database) if any(text in row for text in TOLD)}


def told_in_files(*folders: Path) -> set[str]:
    """The files that hold anything of it, unpacked where they are packed."""
    found = set()
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        spelled = [text.encode() for text in TOLD] + [json.dumps(text)[1:-1].encode() for text in TOLD]
        found |= {path.name for text in spelled if text in body}
    return found


@pytest.fixture
def register(httpserver: HTTPServer) -> Register:
    """The register behind the test's server."""
    found = Register(events=[event(1, GONE, changes=[put("/hjemmeside", "www.fjellmork.example")]), event(2, STAYS)])
    httpserver.expect_request(re.compile(f"{BASE}/.*")).respond_with_handler(found)
    return found


def test_what_is_removed_leaves_every_copy(httpserver: HTTPServer, register: Register, tmp_path: Path) -> None:
    """Facts, names, fits, events and triggers, raw bodies, the index and the snapshot hold nothing of it any more."""
    place = day(httpserver, tmp_path, DAY_1)
    before = told_in_tables(place.published)
    assert {"org_records", "organization_names", "facts", "org_changes", "documents", "events"} <= before
    assert told_in_files(place.raw)
    register.removed = True
    register.events.append(event(3, GONE, "Fjernet"))
    day(httpserver, tmp_path, DAY_1 + timedelta(days=1))
    assert told_in_tables(place.warehouse) == set()
    assert told_in_tables(place.published) == set()
    assert told_in_files(place.raw, place.index) == set()
    kept = {row for table, row in cells(place.published) if table == "org_records"}
    assert any("HAVGLIMT" in row for row in kept)
