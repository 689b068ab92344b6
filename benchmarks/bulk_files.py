"""Other registers' whole files, for ``first_load``: the British monthly file and the Norwegian file of all roles.

Both are made in the true shape from arithmetic on a row's number, written once, and served from this machine over HTTP.
Of the British file what a run does until it is stored is measured; the file of roles stores no rows, only fingerprints.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import resource
import shutil
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from salestrigger.sources.collect import collect_all
from salestrigger.sources.demo.growth import RESERVED, number_at
from salestrigger.sources.demo.timeline import number_of
from salestrigger.sources.http import FetchPolicy, Local
from salestrigger.sources.spec import SourceSpec
from salestrigger.warehouse import write
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.migrate import migrate

#: the register's own headings, blanks and all (http://download.companieshouse.gov.uk/en_output.html)
HEADING: Final = (
    "CompanyName", " CompanyNumber", "RegAddress.CareOf", "RegAddress.POBox", "RegAddress.AddressLine1",
    " RegAddress.AddressLine2", "RegAddress.PostTown", "RegAddress.County", "RegAddress.Country",
    "RegAddress.PostCode", "CompanyCategory", "CompanyStatus", "CountryOfOrigin", "DissolutionDate",
    "IncorporationDate", "Accounts.AccountRefDay", "Accounts.AccountRefMonth", "Accounts.NextDueDate",
    "Accounts.LastMadeUpDate", "Accounts.AccountCategory", "Returns.NextDueDate", "Returns.LastMadeUpDate",
    "Mortgages.NumMortCharges", "Mortgages.NumMortOutstanding", "Mortgages.NumMortPartSatisfied",
    "Mortgages.NumMortSatisfied", "SICCode.SicText_1", "SICCode.SicText_2", "SICCode.SicText_3", "SICCode.SicText_4",
    "LimitedPartnerships.NumGenPartners", "LimitedPartnerships.NumLimPartners", "URI",
    *(f"{blank}PreviousName_{n}.{what}" for n in range(1, 11)
      for blank, what in (("" if n in (1, *range(3, 11)) else " ", "CONDATE"), (" ", "CompanyName"))),
    "ConfStmtNextDueDate", " ConfStmtLastMadeUpDate",
)  # fmt: skip
_FIRST = ("ASH", "BRACK", "COLD", "DUN", "ELM", "FAIR", "GRIM", "HOLT", "IVY", "KIRK", "LONG", "MERE", "NETHER", "OAK")
_SECOND = ("BURY", "COMBE", "DALE", "FIELD", "FORD", "GATE", "HAM", "LEY", "MOOR", "STONE", "THORPE", "WICK", "WORTH")
_TRADES = ("PROPERTY", "CONSULTING", "ENGINEERING", "FOODS", "LOGISTICS", "DIGITAL", "CARE", "BUILDERS", "TRADING")
_SIC = (
    "68209 - Other letting and operating of own or leased real estate",
    "70229 - Management consultancy activities other than financial management",
    "62020 - Information technology consultancy activities",
    "56102 - Unlicensed restaurants and cafes",
    "41202 - Construction of domestic buildings",
    "47910 - Retail sale via mail order houses or via Internet",
)
_AREAS = ("S", "M", "LS", "B", "EC", "SW", "EH", "CF", "NE", "BS", "G", "L")
_GIVEN, _FAMILY = (
    ("Ada", "Bo", "Eli", "Ida", "Jon", "Kim", "Liv", "Ola", "Per", "Siv"),
    ("Påfunnet", "Oppspinn", "Diktet"),
)
HOST: Final = "register.example"


def british_row(i: int) -> list[str]:
    """Company ``i``: a third with a former name, most with one trade."""
    pick = number_of("british", str(i))
    name = f"{_FIRST[pick % 14]}{_SECOND[(pick >> 4) % 13]} {_TRADES[(pick >> 8) % 9]} {i % 977} LIMITED"
    day = (date(1990, 1, 1) + timedelta(days=(pick >> 12) % 13_000)).strftime("%d/%m/%Y")
    sic = [_SIC[(pick >> 26) % 6], _SIC[(pick >> 29) % 6] if pick % 5 == 0 else "", "", ""]
    former = [day, f"{_FIRST[(pick >> 32) % 14]} {_TRADES[(pick >> 36) % 9]} LTD"] if pick % 3 == 0 else ["", ""]
    return [
        name, f"{i + 1_000_000:08d}", "", "", f"{pick % 300} EXAMPLE ROAD", "", "SHEFFIELD", "", "UNITED KINGDOM",
        f"{_AREAS[pick % 12]}{pick % 30} {pick % 10}AA", "Private Limited Company", "Active", "United Kingdom", "", day,
        "31", "12", "30/09/2027", "31/12/2025", "TOTAL EXEMPTION FULL", "", "", "0", "0", "0", "0", *sic, "0", "0",
        f"http://business.data.gov.uk/id/company/{i + 1_000_000:08d}", *former, *[""] * 18, "12/08/2027", "29/07/2026",
    ]  # fmt: skip


def write_british(path: Path, companies: int) -> None:
    """A zip with one CSV, every field in quotes."""
    name = "BasicCompanyDataAsOneFile-2026-09-01.csv"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(name, "w", force_zip64=True) as raw,
    ):
        text = io.TextIOWrapper(raw, encoding="utf-8", newline="")
        text.write(",".join(HEADING) + "\n")
        rows = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        rows.writerows(british_row(i) for i in range(companies))
        text.flush()


def _role(kind: str, pick: int, at: int) -> dict[str, Any]:
    name = {"fornavn": f"{_GIVEN[pick % 10]} {_GIVEN[(pick >> 4) % 10]}", "etternavn": _FAMILY[(pick >> 8) % 3]}
    person = {"fodselsdato": f"19{50 + pick % 45}-0{1 + pick % 9}-1{pick % 9}", "navn": name, "erDoed": False}
    return {
        "type": {"kode": kind, "beskrivelse": kind.title()}, "person": person, "avregistrert": False,
        "fratraadt": False, "rekkefolge": at,
    }  # fmt: skip


def roles_entry(i: int) -> dict[str, Any]:
    """The roles of organisation ``i``: a managing director, a board of three, an accountant."""
    pick = number_of("roles", str(i))
    day = (date(2005, 1, 1) + timedelta(days=pick % 7_500)).isoformat()
    board = [_role("LEDE", pick >> 8, 0), _role("MEDL", pick >> 12, 1), _role("VARA", pick >> 16, 2)]
    accountant = {
        "type": {"kode": "REGN", "beskrivelse": "Regnskapsfører"}, "avregistrert": False, "fratraadt": False,
        "rekkefolge": 0,
        "enhet": {"organisasjonsnummer": "999999999", "navn": ["OPPDIKTET REGNSKAP AS"], "erSlettet": False},
    }  # fmt: skip
    groups = (("DAGL", [_role("DAGL", pick, 0)]), ("STYR", board), ("REGN", [accountant]))
    return {
        "organisasjonsnummer": roles_number(i),
        "rollegrupper": [
            {"type": {"kode": kind, "beskrivelse": kind}, "sistEndret": day, "roller": held} for kind, held in groups
        ],
    }


def roles_number(i: int) -> str:
    """The number of organisation ``i``; beyond the generator's largest market, of another block."""
    most = 1_000_000 - RESERVED
    number = number_at(RESERVED + i % most)
    return number if i < most else f"7{number[1:]}"


def write_roles(path: Path, organisations: int) -> None:
    """One JSON array as gzip."""
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        file.write("[")
        for i in range(organisations):
            file.write(("," if i else "") + json.dumps(roles_entry(i), ensure_ascii=False))
        file.write("]")


#: source → (default number of rows, file's ending, writer, the source)
SOURCES: Final[dict[str, tuple[int, str, Callable[[Path, int], None], SourceSpec]]] = {
    "companieshouse": (5_500_000, "zip", write_british, SourceSpec(
        id="register", title="Register", adapter="companieshouse", url=f"http://{HOST}/all-{{month}}.zip", country="GB",
        trust="register", size="bulk", pace_s=0.0, obey_robots=False, licence="generated", options={"mode": "bulk"},
    )),
    "roles": (1_100_000, "json.gz", write_roles, SourceSpec(
        id="register", title="Register", adapter="brreg", url=f"http://{HOST}/api", country="NO", trust="register",
        size="api", pace_s=0.0, obey_robots=False, licence="generated", options={"mode": "roles", "bulk": True},
    )),
}  # fmt: skip


def _handler(bulk: Path) -> type[BaseHTTPRequestHandler]:
    """The bulk file at its address, an empty change feed everywhere else; the file is never held in memory."""

    class Register(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            is_bulk = urlsplit(self.path).path.endswith((".zip", "/totalbestand"))
            size = bulk.stat().st_size if is_bulk else 2
            self.send_response(200)
            self.send_header("content-type", "application/octet-stream" if is_bulk else "application/json")
            self.send_header("content-length", str(size))
            self.send_header("last-modified", "Mon, 07 Sep 2026 04:00:00 GMT")
            self.end_headers()
            if not is_bulk:
                self.wfile.write(b"[]")
                return
            with bulk.open("rb") as file:
                shutil.copyfileobj(file, self.wfile, 1 << 16)

        def log_message(self, *_: Any) -> None:
            """Nothing: a benchmark prints its own lines."""

    return Register


def load(source: str, rows: int, folder: Path, *, now: Any, cpu_s: Callable[[], float]) -> Iterator[str]:
    """Make the file, load it, and say what each step cost."""
    _, ending, writing, spec = SOURCES[source]
    bulk = folder / f"{source}-{rows}.{ending}"
    if not bulk.exists():
        folder.mkdir(parents=True, exist_ok=True)
        writing(bulk, rows)
    yield f"{rows:,} rows, {bulk.stat().st_size / 1e6:.0f} MB"
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(bulk))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say = partial(_said, cpu_s)
    try:
        begun = cpu_s(), time.monotonic()
        policy = FetchPolicy(default_pace_s=0.0, retries=0)
        (outcome,) = collect_all(
            [spec], {}, policy=policy, route=Local({HOST: server.server_address}),  # type: ignore[dict-item]
            raw_root=folder / "raw", now=now,
        )  # fmt: skip
        found = f"{outcome.status} {outcome.reason}: {outcome.collected.record_count:,} records; "
        yield say("collect", begun) + found + "; ".join(outcome.collected.notes)
        begun = cpu_s(), time.monotonic()
        (folder / "warehouse.duckdb").unlink(missing_ok=True)
        with Warehouse.open(folder / "warehouse.duckdb", memory_limit="1GB") as warehouse:
            migrate(warehouse)
            run_id = write.start_run(warehouse, as_of=now, profiles=())
            write.store_collected(warehouse, run_id, outcome, spec, now=now)
        yield say("store", begun) + f"database {(folder / 'warehouse.duckdb').stat().st_size / 1e6:.0f} MB"
    finally:
        server.shutdown()


def _said(cpu_s: Callable[[], float], name: str, begun: tuple[float, float]) -> str:
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    workers = _largest_worker()
    return (
        f"{name:8} {time.monotonic() - begun[1]:7.1f} s on the wall, {cpu_s() - begun[0]:7.1f} s of CPU, "
        f"peak {own:.0f} MB (a worker {workers:.0f} MB)  "
    )


def _largest_worker() -> float:
    """The peak of the largest child process that is still there, in MB (Linux)."""
    peaks = [0.0]
    for task in Path("/proc/self/task").iterdir():
        for child in (task / "children").read_text().split():
            status = Path(f"/proc/{child}/status").read_text()
            peaks += [int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")]
    return max(peaks)
