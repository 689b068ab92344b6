"""GLEIF's golden copy and API, with invented companies in the true shape."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from salestrigger.sources.adapters.gleif_parents import Parents
from salestrigger.sources.adapters.json_stream import objects_in
from salestrigger.sources.adapters.json_strict import NotJsonError
from salestrigger.sources.record_columns import slices_of
from salestrigger.sources.records import OrgRecord
from salestrigger.warehouse.collected_values import record_from_row
from tests.sources.adapters.running import run, spec_of


def lei(number: int) -> str:
    """An invented LEI with right check digits."""
    base = f"9999EXAMPLE{number:07d}"
    rest = int("".join(str(int(char, 36)) for char in base + "00")) % 97
    return f"{base}{98 - rest:02d}"


def record(
    number: int, name: str, *, authority: str = "RA000472", entity_id: str = "974 760 673", **entity: Any
) -> Any:
    """A record of the golden copy, with its dollars."""
    return {
        "LEI": {"$": lei(number)},
        "Entity": {
            "LegalName": {"@xml:lang": "no", "$": name},
            "OtherEntityNames": {"OtherEntityName": [{"@type": "PREVIOUS_LEGAL_NAME", "$": "Gamle Navn AS"}]},
            "LegalAddress": {"FirstAddressLine": {"$": "Storgata 1"}, "City": {"$": "Dalgard"}, "Country": {"$": "NO"}},
            "RegistrationAuthority": {
                "RegistrationAuthorityID": {"$": authority},
                "RegistrationAuthorityEntityID": {"$": entity_id},
            },
            "EntityCategory": {"$": "GENERAL"},
            "EntityStatus": {"$": "ACTIVE"},
            "LegalEntityEvents": {"LegalEntityEvent": [{
                "@event_status": "COMPLETED",
                "LegalEntityEventType": {"$": "CHANGE_LEGAL_NAME"},
                "LegalEntityEventEffectiveDate": {"$": "2026-09-28T00:00:00+02:00"},
                "LegalEntityEventRecordedDate": {"$": "2026-10-02T00:00:00+02:00"},
            }]},
        } | entity,
        "Registration": {"RegistrationStatus": {"$": "LAPSED"}},
    }  # fmt: skip


def zipped(rows: list[Any], key: str = "records") -> bytes:
    """A golden copy file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("20261005-gleif-goldencopy.json", json.dumps({key: rows}, ensure_ascii=False))
    return target.getvalue()


def golden(server: HTTPServer, rows: list[Any], *, published: str = "2026-10-05 00:00:00") -> None:
    """A golden copy of one publication with all its deltas; each tells its name in a record."""
    host = "http://news.example"
    deltas = {n: {"json": {"url": f"{host}/{n}.zip"}} for n in ("IntraDay", "LastDay", "LastWeek", "LastMonth")}
    full = {"json": {"url": f"{host}/full.zip"}}
    latest = {"data": {"publish_date": published, "full_file": full, "delta_files": deltas}}
    server.expect_request("/full.zip").respond_with_data(zipped(rows))
    server.expect_request("/golden/lei2/latest.json").respond_with_json(latest)
    for name in deltas:
        named = [*rows, record(99, f"Delta {name} AS", entity_id="")]
        server.expect_request(f"/{name}.zip").respond_with_data(zipped(named))


def source(**options: Any) -> Any:
    """The source."""
    base = "golden" if options.get("mode") in {"delta", "universe"} else "api/v1"
    return spec_of("gleif", adapter="gleif", url=f"http://news.example/{base}", size="api", options=options)


def records_in(outcome: Any) -> list[OrgRecord]:
    """The records in the outcome's file."""
    return [
        record_from_row(row) for batch in slices_of(outcome.collected.record_file.path) for row in batch.to_pylist()
    ]


def names_in(outcome: Any) -> list[str]:
    """Their names."""
    return [record.name for record in records_in(outcome)]


def test_a_delta_gives_records_with_national_numbers(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The number of the national register joins registers; a lapsed registration is a living company; no funds."""
    rows = [
        record(1, "Fjellmørk AS"),
        record(2, "Poldervink B.V.", authority="RA000463", entity_id="01234567",
               LegalAddress={"Country": {"$": "NL"}, "City": {"$": "Duinbroek"}}),
        record(3, "Fondet", EntityCategory={"$": "FUND"}),
        record(4, "Elsewhere Ltd", authority="RA000602", LegalAddress={"Country": {"$": "US"}}),
    ]  # fmt: skip
    golden(httpserver, rows)
    (outcome,) = run(httpserver, tmp_path, source(mode="delta", countries=["NO", "NL"]))
    first, second, _ = records_in(outcome)
    assert first.record_id == f"XI-LEI-{lei(1)}"
    assert [str(i) for i in first.other_ids] == ["NO-BRC-974760673"]
    assert [str(i) for i in second.other_ids] == ["NL-KVK-01234567"]
    assert first.status == "active"
    assert [(n.text, n.kind) for n in first.names] == [("Fjellmørk AS", "legal"), ("Gamle Navn AS", "former")]
    assert outcome.collected.notes == ("1 funds or nameless records left out",)
    renamed = outcome.collected.changes[0]
    assert (renamed.field, renamed.after, str(renamed.effective_on)) == ("name", "Fjellmørk AS", "2026-09-28")


@pytest.mark.parametrize(
    ("last", "expected", "notes"),
    [
        (None, "LastMonth", 0),
        ("2026-10-04 16:00:00", "IntraDay", 0),
        ("2026-10-04 08:00:00", "LastDay", 0),
        ("2026-09-30 08:00:00", "LastWeek", 0),
        ("2026-07-01 08:00:00", "LastMonth", 1),
    ],
)
def test_the_smallest_delta_that_covers_the_gap(
    httpserver: HTTPServer, tmp_path: Path, last: str | None, expected: str, notes: int
) -> None:
    """A gap longer than the largest delta is said; an unchanged publication is nothing to read."""
    golden(httpserver, [])
    cursor = {"state": {"published": last} if last else {}, "http": {}, "reading": ""}
    (outcome,) = run(httpserver, tmp_path, source(mode="delta"), cursors={"gleif": cursor})
    assert names_in(outcome) == [f"Delta {expected} AS"]
    assert len(outcome.collected.notes) == notes
    (again,) = run(httpserver, tmp_path, source(mode="delta"), cursors={"gleif": outcome.collected.cursor})
    assert (again.status, again.requests) == ("empty", 1)


def test_the_whole_file_once_and_then_its_deltas(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Everybody in the countries goes into a file of records; then the smallest delta; after a long gap all again."""
    abroad = record(3, "Elsewhere Ltd", authority="RA000602", LegalAddress={"Country": {"$": "US"}})
    golden(httpserver, [record(1, "Fjellmørk AS"), abroad, record(2, "Uten Nummer AS", entity_id="")])
    (first,) = run(httpserver, tmp_path, source(mode="universe", countries=["NO"]))
    assert (first.status, first.collected.records, names_in(first)) == ("ok", (), ["Fjellmørk AS", "Uten Nummer AS"])
    assert {change.field for change in first.collected.changes} == {"name"}
    assert not (tmp_path / "raw" / "working" / "gleif-download").exists()
    for last, wanted in (("2026-10-04 16:00:00", "Delta IntraDay AS"), ("2026-07-01 08:00:00", None)):
        cursor = {"state": {"published": last}, "http": {}, "reading": ""}
        (later,) = run(httpserver, tmp_path, source(mode="universe", countries=["NO"]), cursors={"gleif": cursor})
        assert names_in(later) == ["Fjellmørk AS", "Uten Nummer AS", *([wanted] if wanted else [])]
        assert later.collected.cursor["state"] == {"published": "2026-10-05 00:00:00"}


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04broken", b"<html>", zipped([])[:-30]])
def test_a_broken_whole_file_is_malformed(httpserver: HTTPServer, tmp_path: Path, body: bytes) -> None:
    """Nothing is kept of it, and the cursor stays."""
    golden(httpserver, [])
    httpserver.clear()
    latest = {"data": {"publish_date": "x", "full_file": {"json": {"url": "http://news.example/full.zip"}}}}
    httpserver.expect_request("/golden/lei2/latest.json").respond_with_json(latest)
    httpserver.expect_request("/full.zip").respond_with_data(body)
    (outcome,) = run(httpserver, tmp_path, source(mode="universe"))
    assert (outcome.status, outcome.collected.cursor) == ("malformed", {})


def relation(child: int, parent: int, kind: str = "IS_DIRECTLY_CONSOLIDATED_BY", status: str = "ACTIVE") -> Any:
    """A relationship record of the golden copy."""
    ids = {"StartNode": {"NodeID": {"$": lei(child)}}, "EndNode": {"NodeID": {"$": lei(parent)}}}
    return {"Relationship": {**ids, "RelationshipType": {"$": kind}, "RelationshipStatus": {"$": status}}}


def test_relationships_give_parents() -> None:
    """The direct parent counts before the ultimate one; fund managers are no parents; an ended relation ends."""
    parents = Parents()
    parents.apply([
        relation(1, 7, "IS_ULTIMATELY_CONSOLIDATED_BY"), relation(1, 6), relation(2, 6),
        relation(3, 6, "IS_FUND-MANAGED_BY"),
    ])  # fmt: skip
    parents = Parents(parents.content())
    assert [parents.of(lei(n)) for n in (1, 2, 3)] == [lei(6), lei(6), None]
    parents.apply([relation(1, 6, status="INACTIVE"), relation(2, 5, status="INACTIVE"), {"Relationship": "odd"}])
    assert [parents.of(lei(n)) for n in (1, 2)] == [lei(7), lei(6)]


def relationships(server: HTTPServer, published: str, **files: list[Any]) -> None:
    """The golden copy of relationships."""
    host = "http://news.example/rr"
    deltas = {name: {"json": {"url": f"{host}-{name}.zip"}} for name in files}
    latest = {
        "data": {"publish_date": published, "full_file": {"json": {"url": f"{host}-full.zip"}}, "delta_files": deltas}
    }
    server.expect_request("/golden/rr/latest.json").respond_with_json(latest)
    for name, rows in files.items():
        server.expect_request(f"/rr-{name}.zip").respond_with_data(zipped(rows, "relations"))


def parents_in(outcome: Any) -> list[tuple[int, int | None, int | None]]:
    """(child, parent before, parent now) by the invented numbers."""
    numbers = {lei(n): n for n in range(10)}
    return sorted(
        (
            numbers[change.record_id.removeprefix("XI-LEI-")],
            change.before and numbers[change.before.value],
            change.after and numbers[change.after.value],
        )
        for change in outcome.collected.parents
    )


def test_a_parent_stays_known_when_a_delta_does_not_repeat_it(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The relationships are read whole once; then a record that comes without them, or before them, has its parent."""
    golden(httpserver, [record(1, "Fjellmørk AS"), record(2, "Poldervink B.V.")], published="2026-10-04 16:00:00")
    relationships(httpserver, "2026-10-04 16:00:00", full=[relation(1, 6)])
    (first,) = run(httpserver, tmp_path, source(mode="delta", with_parents=True))
    assert {r.name: str(r.parent) for r in records_in(first)}["Fjellmørk AS"] == f"XI-LEI-{lei(6)}"
    httpserver.clear_all_handlers()
    golden(httpserver, [record(1, "Fjellmørk AS"), record(2, "Poldervink B.V.")])
    relationships(httpserver, "2026-10-05 00:00:00", IntraDay=[relation(2, 7)])
    (second,) = run(
        httpserver, tmp_path, source(mode="delta", with_parents=True), cursors={"gleif": first.collected.cursor}
    )
    parents = {record.name: str(record.parent) for record in records_in(second)}
    assert parents | {"Delta IntraDay AS": "None"} == parents
    assert (parents["Fjellmørk AS"], parents["Poldervink B.V."]) == (f"XI-LEI-{lei(6)}", f"XI-LEI-{lei(7)}")
    assert len(list((tmp_path / "raw" / "working").glob("gleif-parents-*"))) == 2  # the old one goes with the next run
    (third,) = run(
        httpserver, tmp_path, source(mode="delta", with_parents=True), cursors={"gleif": second.collected.cursor}
    )
    assert (third.status, third.collected.cursor) == ("empty", second.collected.cursor)


def test_a_relationship_without_its_record_is_told_alone(httpserver: HTTPServer, tmp_path: Path) -> None:
    """A parent that is new, another or none any more; what a record of the same run tells is not told twice."""
    golden(httpserver, [record(1, "Fjellmørk AS")], published="2026-10-04 16:00:00")
    relationships(httpserver, "2026-10-04 16:00:00", full=[relation(1, 6), relation(2, 6), relation(3, 6)])
    (first,) = run(httpserver, tmp_path, source(mode="delta", with_parents=True))
    assert parents_in(first) == [(2, None, 6), (3, None, 6)]
    httpserver.clear_all_handlers()
    golden(httpserver, [record(9, "Poldervink B.V.")])
    changed = [relation(1, 7), relation(2, 6, status="INACTIVE"), relation(3, 6), relation(4, 5), relation(9, 5)]
    relationships(httpserver, "2026-10-05 00:00:00", IntraDay=changed)
    (second,) = run(
        httpserver, tmp_path, source(mode="delta", with_parents=True), cursors={"gleif": first.collected.cursor}
    )
    assert parents_in(second) == [(1, 6, 7), (2, 6, None), (4, None, 5)]
    assert (second.status, second.collected.tells_parents) == ("ok", True)


def test_a_full_file_of_relationships_ends_what_it_no_longer_holds(httpserver: HTTPServer, tmp_path: Path) -> None:
    """After a gap that no delta covers."""
    golden(httpserver, [], published="2026-07-01 00:00:00")
    relationships(httpserver, "2026-07-01 00:00:00", full=[relation(1, 6), relation(2, 6)])
    (first,) = run(httpserver, tmp_path, source(mode="delta", with_parents=True))
    httpserver.clear_all_handlers()
    golden(httpserver, [])
    relationships(httpserver, "2026-10-05 00:00:00", full=[relation(2, 6)])
    (second,) = run(
        httpserver, tmp_path, source(mode="delta", with_parents=True), cursors={"gleif": first.collected.cursor}
    )
    assert parents_in(second) == [(1, 6, None)]
    (without,) = run(httpserver, tmp_path, source(mode="delta"))
    assert (without.collected.parents, without.collected.tells_parents) == ((), False)


def test_parents_that_were_lost_are_read_whole_again(httpserver: HTTPServer, tmp_path: Path) -> None:
    """A working file that somebody deleted costs a download."""
    golden(httpserver, [record(1, "Fjellmørk AS")])
    relationships(httpserver, "2026-10-05 00:00:00", full=[relation(1, 6)])
    state = {"published": "2026-10-04 16:00:00", "parents": "gone", "parents_published": "2026-10-05 00:00:00"}
    cursor = {"state": state, "http": {}, "reading": ""}
    (outcome,) = run(httpserver, tmp_path, source(mode="delta", with_parents=True), cursors={"gleif": cursor})
    assert str(records_in(outcome)[0].parent) == f"XI-LEI-{lei(6)}"


def api_row(number: int, name: str, **entity: Any) -> Any:
    """A record of the API."""
    address = {"country": "NL", "addressLines": ["Markt 1"], "city": "Duinbroek"}
    values = {"legalName": {"name": name}, "legalAddress": address,
              "registeredAt": {"id": "RA000463"}, "registeredAs": "01234567", "status": "ACTIVE"}  # fmt: skip
    return {"type": "lei-records", "id": lei(number), "attributes": {"lei": lei(number), "entity": values | entity}}


def test_the_api_is_paged_to_the_end(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Both pages are read; a sparse record is one; a cap is said."""
    for page in (1, 2):
        body = {"meta": {"pagination": {"lastPage": 2, "total": 2}}, "data": [api_row(page, f"Poldervink {page} B.V.")]}
        query = {"filter[entity.registeredAt]": "RA000463", "page[size]": "1", "page[number]": str(page)}
        httpserver.expect_request("/api/v1/lei-records", query_string=query).respond_with_json(body)
    options: dict[str, Any] = {"mode": "search", "query": {"entity.registeredAt": "RA000463"}, "page_size": 1}
    (outcome,) = run(httpserver, tmp_path, source(**options))
    assert [str(r.other_ids[0]) for r in outcome.collected.records] == ["NL-KVK-01234567"] * 2
    (capped,) = run(httpserver, tmp_path, source(**options, max_records=1))
    assert capped.collected.notes == ("read 1 of the 2 records that the query finds (max_records)",)


def test_watched_leis_and_their_parents(httpserver: HTTPServer, tmp_path: Path) -> None:
    """One request for all; the parent is a record too; 404 is "no parent"."""
    found = {
        "data": [
            api_row(1, "Poldervink B.V."),
            {"attributes": {"lei": lei(2), "entity": {"legalName": {"name": "X AB"}}}},
        ]
    }
    httpserver.expect_request("/api/v1/lei-records").respond_with_json(found)
    httpserver.expect_request(f"/api/v1/lei-records/{lei(1)}/direct-parent").respond_with_json(
        {"data": api_row(5, "Moeder N.V.")}
    )
    httpserver.expect_request(f"/api/v1/lei-records/{lei(2)}/direct-parent").respond_with_data("", status=404)
    (outcome,) = run(httpserver, tmp_path, source(mode="watch", leis=[lei(1), lei(2), lei(3)], with_parents=True))
    assert [r.name for r in outcome.collected.records] == ["Poldervink B.V.", "X AB", "Moeder N.V."]
    assert str(outcome.collected.records[0].parent) == f"XI-LEI-{lei(5)}"
    assert outcome.collected.notes == (f"not found: {lei(3)}",)


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04broken", b"<html>", b'{"records": [{"LEI": '])
def test_a_broken_delta_is_malformed(httpserver: HTTPServer, tmp_path: Path, body: bytes) -> None:
    """The publication is not taken for read."""
    golden(httpserver, [])
    httpserver.clear()
    deltas = {"LastMonth": {"json": {"url": "http://news.example/d.zip"}}}
    latest = {"data": {"publish_date": "2026-10-05 00:00:00", "delta_files": deltas}}
    httpserver.expect_request("/golden/lei2/latest.json").respond_with_json(latest)
    httpserver.expect_request("/d.zip").respond_with_data(body)
    (outcome,) = run(httpserver, tmp_path, source(mode="delta"))
    assert outcome.status == "malformed"
    assert not outcome.collected.cursor.get("state")


@given(
    st.lists(st.dictionaries(st.text(max_size=5), st.text() | st.integers(), max_size=3), max_size=20),
    st.integers(1, 40),
)
def test_a_stream_gives_what_the_whole_would(rows: list[Any], step: int) -> None:
    """Wherever the stream is cut, also within a character."""

    class Slow(io.BytesIO):
        def read(self, _: int | None = -1, /) -> bytes:
            return super().read(step)

    text = json.dumps({"records": rows}, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if b"\xed" in text:  # lone surrogates are no UTF-8
        return
    found: list[Any] = []
    try:
        found = list(objects_in(Slow(text)))
    except NotJsonError:
        assert step < 15  # the array has to begin in the first piece
        return
    assert found == rows
