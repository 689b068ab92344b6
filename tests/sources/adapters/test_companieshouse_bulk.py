"""The monthly file of British companies: whole or in parts, row by row, into columns. Invented companies."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from salestrigger.sources.adapters import companieshouse_bulk
from salestrigger.sources.adapters.companieshouse_bulk import cut, read_part
from salestrigger.sources.collect import SourceOutcome
from salestrigger.sources.errors import ShapeError
from salestrigger.sources.record_columns import slices_of, unpacked
from salestrigger.sources.records import OrgRecord
from salestrigger.warehouse.collected_values import record_from_row
from tests.sources.adapters.running import NOW, run, spec_of

HEADING = (
    "CompanyName, CompanyNumber,RegAddress.AddressLine1, RegAddress.AddressLine2,RegAddress.PostTown,"
    "RegAddress.PostCode,CompanyCategory,CompanyStatus,DissolutionDate,IncorporationDate,SICCode.SicText_1,"
    "PreviousName_1.CONDATE, PreviousName_1.CompanyName"
)
ANY_BUT_BREAKS = st.characters(codec="utf-8", exclude_characters="\r\n")
CONTEXT = {"source_id": "s", "now": NOW, "postcodes": (), "sic": ()}


def row(name: str, number: str, postcode: str = "S35 2PH", *, sic: str = "78300 - Human resources") -> str:
    """One company as the file writes it: every field in quotes."""
    cells = [
        name, number, "1 EXAMPLE ROAD", "", "SHEFFIELD", postcode, "Private Limited Company",
        "Active - Proposal to Strike off", "", "29/07/2020", sic, "01/02/2023", "FELL LTD",
    ]  # fmt: skip
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)


def zipped(*rows: str, heading: str = HEADING, end: str = "\n") -> bytes:
    """A file of the register, with what a Mac adds."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("BasicCompanyData-part1.csv", end.join([heading, *rows, ""]))
        archive.writestr("__MACOSX/._BasicCompanyData-part1.csv", "x")
    return target.getvalue()


def collect(
    server: HTTPServer, tmp_path: Path, path: str = "/Basic-{month}.zip", cursor: Any = None, **options: Any
) -> SourceOutcome:
    """One run of the monthly file; options may carry ``now``."""
    now = options.pop("now", NOW)
    spec = spec_of(
        "ch", adapter="companieshouse", url=f"http://news.example{path}", trust="register", size="bulk",
        options={"mode": "bulk", **options},
    )  # fmt: skip
    return run(server, tmp_path, spec, cursors={"ch": cursor or {}}, now=now)[0]


def records(outcome: SourceOutcome) -> list[OrgRecord]:
    """The records in the outcome's file."""
    assert outcome.collected.record_file is not None
    parts = slices_of(outcome.collected.record_file.path)
    return [record_from_row(row) for part in parts for row in part.to_pylist()]


def test_the_monthly_file(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Headings have blanks before them, days are day first, the code stands before its text; once a month."""
    rows = (row("FELLMOOR LTD", "01234567"), row("OTHER LTD", "07654321", "LS1 1AA"), row("FELLMOOR LTD", "01234567"))
    httpserver.expect_request("/Basic-2026-10-01.zip").respond_with_data(zipped(*rows))
    outcome = collect(httpserver, tmp_path, postcodes=["S35"])
    (record,) = records(outcome)
    assert (record.name, record.identifier, str(record.founded_on)) == ("FELLMOOR LTD", "01234567", "2020-07-29")
    assert (record.industries[0].code, record.names[1].text) == ("78300", "FELL LTD")
    assert (record.addresses[0].city, record.status, str(record.names[1].valid_to)) == (
        "SHEFFIELD",
        "active",
        "2023-02-01",
    )
    assert outcome.collected.notes == ("read 3 rows of 1 files; 1 companies are wanted",)
    assert not (tmp_path / "raw" / "working" / "ch-download").exists()
    assert not list((tmp_path / "raw").rglob("*.body.gz"))
    again = collect(httpserver, tmp_path, cursor=outcome.collected.cursor, postcodes=["S35"])
    assert (again.status, again.requests) == ("empty", 0)


def test_parts_are_read_as_one(httpserver: HTTPServer, tmp_path: Path) -> None:
    """All of them, or nothing: a part that is missing moves no cursor."""
    httpserver.expect_request("/Basic-2026-10-01-part1_2.zip").respond_with_data(zipped(row("ONE LTD", "01234567")))
    httpserver.expect_oneshot_request("/Basic-2026-10-01-part2_2.zip").respond_with_data("", status=404)
    missing = collect(httpserver, tmp_path, "/Basic-{month}-part{part}.zip", parts=2)
    assert (missing.status, missing.collected.cursor) == ("failed", {})
    httpserver.expect_request("/Basic-2026-10-01-part2_2.zip").respond_with_data(zipped(row("TWO LTD", "07654321")))
    outcome = collect(httpserver, tmp_path, "/Basic-{month}-part{part}.zip", parts=2)
    assert [record.name for record in records(outcome)] == ["ONE LTD", "TWO LTD"]


def test_until_a_month_is_there_the_one_before_is_read(httpserver: HTTPServer, tmp_path: Path) -> None:
    """And not again when it was read already."""
    httpserver.expect_request("/Basic-2026-01-01.zip").respond_with_data("", status=404)
    httpserver.expect_request("/Basic-2025-12-01.zip").respond_with_data(zipped(row("ONE LTD", "01234567")))
    new_year = datetime(2026, 1, 2, tzinfo=UTC)
    first = collect(httpserver, tmp_path, now=new_year)
    assert first.status == "ok", first.reason
    again = collect(httpserver, tmp_path, cursor=first.collected.cursor, now=new_year)
    assert (again.status, again.requests) == ("empty", 1)
    httpserver.clear_all_handlers()
    httpserver.expect_request(re.compile("/.*")).respond_with_data("", status=404)
    assert collect(httpserver, tmp_path, now=new_year).reason.startswith("http_404")


def test_a_cap_is_said(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Whoever sets one hears where it stopped."""
    rows = (row(f"COMPANY {n} LTD", f"{n:08}") for n in range(1, 50))
    httpserver.expect_request("/Basic-2026-10-01.zip").respond_with_data(zipped(*rows))
    outcome = collect(httpserver, tmp_path, max_companies=10)
    assert re.fullmatch(
        r"stopped after 4[89] companies \(max_companies\)", outcome.collected.notes[0]
    )  # parts are whole
    assert [r.name for r in records(collect(httpserver, tmp_path, sic=["01"]))] == []


def test_a_row_that_cannot_be_read_is_set_aside(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The others come through."""
    httpserver.expect_request("/Basic-2026-10-01.zip").respond_with_data(
        zipped(row("A LTD", "1"), row("B LTD", "01234567"))
    )
    outcome = collect(httpserver, tmp_path)
    assert [record.name for record in records(outcome)] == ["B LTD"]
    assert outcome.collected.set_aside == (("A LTD,1", "a row without a number or a name"),)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", zipped("x")[:-30], zipped(row("A", "01234567"), heading="x,y"), zipped(), b"PK\x03\x04broken"],
)
def test_a_file_that_is_none_moves_no_cursor(httpserver: HTTPServer, tmp_path: Path, body: bytes) -> None:
    """A page, a damaged archive, another table, and a month without companies."""
    httpserver.expect_request("/Basic-2026-10-01.zip").respond_with_data(body)
    outcome = collect(httpserver, tmp_path)
    assert (outcome.status, outcome.collected.cursor) == ("malformed", {})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.text(ANY_BUT_BREAKS, max_size=30), min_size=1, max_size=12),
    part=st.integers(400, 3000), end=st.sampled_from(["\n", "\r\n"]),
)  # fmt: skip
def test_cutting_loses_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: list[str], part: int, end: str
) -> None:
    """Whatever stands in the names and wherever the parts end, every company comes out once and in order."""
    monkeypatch.setattr(companieshouse_bulk, "PART", part)
    path = tmp_path / "file.zip"
    path.write_bytes(zipped(*(row(f"A {name}", f"{n:08}") for n, name in enumerate(names)), heading=HEADING, end=end))
    found = [
        number
        for body in cut(path)
        for number in unpacked(read_part(body, CONTEXT)[0]).column("identifier").to_pylist()  # type: ignore[arg-type]
    ]
    assert found == [f"{n:08}" for n in range(len(names))]


def test_a_row_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in which no row ends is not read into memory as a whole."""
    monkeypatch.setattr(companieshouse_bulk, "PART", 400)
    monkeypatch.setattr(companieshouse_bulk, "LONGEST", 1000)
    path = tmp_path / "file.zip"
    path.write_bytes(zipped('"' + "x" * 5000))
    with pytest.raises(ShapeError, match="a row that ends"):
        list(cut(path))
