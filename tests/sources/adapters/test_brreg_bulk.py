"""The Norwegian register's bulk file joined with its change feed, and its branches."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from salestrigger.sources.adapters import brreg_bulk
from salestrigger.sources.adapters.brreg_bulk import cut, read_part
from salestrigger.sources.collect import SourceOutcome
from salestrigger.sources.errors import ShapeError
from salestrigger.sources.record_columns import slices_of, unpacked
from tests.sources.adapters.brreg_data import BASE, entity, event, feed_page, put, search_page
from tests.sources.adapters.running import NOW, run, spec_of

URL = f"http://register.example{BASE}"
CONTEXT = {"source_id": "a-source", "now": NOW, "fetched_at": NOW, "news_days": 90, "leave_out": ()}


def collect(server: HTTPServer, tmp_path: Path, cursor: Any = None, **options: Any) -> SourceOutcome:
    """One run of the register."""
    spec = spec_of(adapter="brreg", url=URL, trust="register", size="api", options=options)
    return run(server, tmp_path, spec, cursors={"a-source": cursor or {}})[0]


def numbers_in(path: Path) -> list[str]:
    """The organisation numbers in a file of records."""
    return [number for batch in slices_of(path) for number in batch.column("identifier").to_pylist()]


def bulk(server: HTTPServer, body: bytes, **headers: str) -> None:
    """The register's bulk file."""
    server.expect_request(f"{BASE}/enheter/lastned").respond_with_data(
        body, headers={"last-modified": "Sun, 04 Oct 2026 02:00:00 GMT"} | headers
    )


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("indent", [None, 2])
def test_the_bulk_file_becomes_columns(
    httpserver: HTTPServer, tmp_path: Path, packed: bool, indent: int | None
) -> None:
    """Plain or gzip, in one line or many: every entity once, those left out not, news of dated fields as changes."""
    odd = entity("999000102", 'RART "}, {\\"organisasjonsnummer\\": AS', konkurs=True, konkursdato="2026-09-30")
    units = [entity("999000101"), odd, entity("999000103", organisasjonsform={"kode": "ENK"}), entity("999000101")]
    body = json.dumps(units, indent=indent, ensure_ascii=False).encode()
    bulk(httpserver, gzip.compress(body) if packed else body)
    outcome = collect(httpserver, tmp_path, mode="universe", leave_out=["ENK"])
    found = outcome.collected
    assert (outcome.status, found.record_count) == ("ok", 2)
    assert found.record_file is not None
    assert numbers_in(found.record_file.path) == ["999000101", "999000102"]
    assert [change.details["kind"] for change in found.changes] == ["konkurs"]
    assert found.cursor["state"]["since"] == "2026-10-03T00:00:00.000Z"
    assert not list((tmp_path / "raw").rglob("*.body.gz"))
    assert not (tmp_path / "raw" / "working" / "a-source-download").exists()


def test_the_feed_goes_on_where_the_file_ends(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The second run reads the feed from a day before the file; what the file told already has the same id."""
    bankrupt = entity("999000101", konkurs=True, konkursdato="2026-10-02")
    bulk(httpserver, json.dumps([bankrupt]).encode())
    first = collect(httpserver, tmp_path, mode="universe")
    rows = [event(7, "999000101", changes=[put("/konkurs", True), put("/konkursdato", "2026-10-02")], day="2026-10-03")]
    httpserver.expect_request(f"{BASE}/oppdateringer/enheter").respond_with_json(feed_page(*rows))
    httpserver.expect_request(f"{BASE}/enheter").respond_with_json(search_page(bankrupt))
    second = collect(httpserver, tmp_path, first.collected.cursor, mode="universe")
    assert {c.change_id for c in second.collected.changes} == {c.change_id for c in first.collected.changes}
    assert httpserver.log[1][0].args["dato"] == "2026-10-03T00:00:00.000Z"
    assert second.collected.cursor["state"]["next_id"] == 8
    third = collect(httpserver, tmp_path, second.collected.cursor, mode="universe")
    assert third.collected.record_file is None
    assert httpserver.log[-1][0].args["oppdateringsid"] == "8"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"<html>Too busy</html>", b'{"navn": "x"}', b'[{"organisasjonsnummer": "999000101", "navn": "x"',
        gzip.compress(b'[{"organisasjonsnummer": "999000101"}]')[:-12], b"[1, 2, {}",
    ],
)  # fmt: skip
def test_a_broken_file_loads_nothing(httpserver: HTTPServer, tmp_path: Path, body: bytes) -> None:
    """A page, a file that ends early and a damaged archive are malformed, and no cursor moves."""
    bulk(httpserver, body)
    outcome = collect(httpserver, tmp_path, mode="universe")
    assert (outcome.status, outcome.collected.cursor) == ("malformed", {})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(st.text(max_size=30), min_size=1, max_size=12), part=st.integers(20, 2000))
def test_cutting_loses_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: list[str], part: int
) -> None:
    """Whatever stands in the texts and wherever the parts end, every entity comes out once and in order."""
    monkeypatch.setattr(brreg_bulk, "PART", part)
    units = [entity(f"{999000100 + n}", f"A {name}") for n, name in enumerate(names)]
    path = tmp_path / "file"
    path.write_bytes(json.dumps(units).encode())
    parts: Iterable[Any] = [read_part(body, CONTEXT) for body in cut(path)]
    found = [number for columns, _, _ in parts for number in unpacked(columns).column("identifier").to_pylist()]
    assert found == [unit["organisasjonsnummer"] for unit in units]


def test_an_entity_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in which no second entity begins is not read into memory as a whole."""
    monkeypatch.setattr(brreg_bulk, "PART", 100)
    monkeypatch.setattr(brreg_bulk, "LONGEST", 1000)
    path = tmp_path / "file"
    path.write_bytes(b'[{"organisasjonsnummer": "' + b"9" * 5000)
    with pytest.raises(ShapeError, match="an entity that ends"):
        list(cut(path))


def branch(number: str, **values: Any) -> dict[str, Any]:
    """One branch of today's schema."""
    place = {
        "adresse": ["Kaia 3"],
        "postnummer": "8006",
        "poststed": "BODØ",
        "kommune": "BODØ",
        "kommunenummer": "1804",
    }
    unit = {
        "organisasjonsnummer": number, "navn": "FJELLMØRK DRIFT AS AVD BODØ", "overordnetEnhet": "999000101",
        "organisasjonsform": {"kode": "BEDR"}, "registreringsdatoEnhetsregisteret": "2026-10-03",
        "oppstartsdato": "2026-10-01", "beliggenhetsadresse": place,
    }  # fmt: skip
    return unit | values


def branches(server: HTTPServer, *units: dict[str, Any], events: list[dict[str, Any]]) -> None:
    """The feed of branches, and the branches."""
    page = feed_page(*events)
    if "_embedded" in page:
        page["_embedded"] = {"oppdaterteUnderenheter": page["_embedded"]["oppdaterteEnheter"]}
    server.expect_request(f"{BASE}/oppdateringer/underenheter").respond_with_json(page)
    found = search_page(*units)
    if units:
        found["_embedded"] = {"underenheter": list(units)}
    server.expect_request(f"{BASE}/underenheter").respond_with_json(found)


def test_a_new_branch_is_a_site_opening_of_its_parent(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Opened and closed branches are stated with the parent's number; other changes and other parents are not news."""
    branches(
        httpserver,
        branch("999000201"),
        branch("999000202", nedleggelsesdato="2026-10-02"),
        branch("999000203", overordnetEnhet="999000999"),
        branch("999000205", oppstartsdato="1999-01-01"),
        events=[
            event(1, "999000201", "Ny"), event(2, "999000202", "Sletting"), event(3, "999000203", "Ny"),
            event(4, "999000201"), event(5, "999000205", "Ny"),
        ],
    )  # fmt: skip
    outcome = collect(httpserver, tmp_path, mode="branches", organizations=["999000101"])
    opened, closed = outcome.collected.documents
    assert opened.title == "FJELLMØRK DRIFT AS AVD BODØ: ny underenhet i BODØ"
    assert [(d.stated[0].type, str(d.stated[0].event_on)) for d in (opened, closed)] == [
        ("site_opening", "2026-10-01"), ("site_closure", "2026-10-02"),
    ]  # fmt: skip
    assert str(opened.stated[0].roles[0].identifier) == "NO-BRC-999000101"
    assert opened.stated[0].roles[0].name in opened.title
    assert (len(outcome.collected.set_aside), outcome.collected.records) == (1, ())
    assert outcome.collected.cursor["state"] == {"next_id": 6}
    assert "organisasjonsnummer" not in httpserver.log[0][0].args
