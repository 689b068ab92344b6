"""The Norwegian register over real HTTP: paging, cursors, batches, and every way of not answering."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from salestrigger.sources.adapters import options_of
from salestrigger.sources.adapters.brreg import Options
from salestrigger.sources.collect import SourceOutcome
from salestrigger.sources.errors import DeclarationError
from tests.sources.adapters.brreg_data import BASE, deleted, entity, event, feed_page, put, role, roles, search_page
from tests.sources.adapters.running import run, spec_of

URL = f"http://register.example{BASE}"


def collect(server: HTTPServer, tmp_path: Path, cursor: dict[str, Any] | None = None, **options: Any) -> SourceOutcome:
    """One run of the register."""
    spec = spec_of(adapter="brreg", url=URL, trust="register", size="api", options=options)
    return run(server, tmp_path, spec, cursors={"a-source": cursor or {}})[0]


def asked(server: HTTPServer) -> list[str]:
    """Paths and queries that the server was asked for, without the base."""
    return [request.full_path.removeprefix(BASE).rstrip("?").replace("%2C", ",") for request, _ in server.log]


def test_search_pages_to_the_end(httpserver: HTTPServer, tmp_path: Path) -> None:
    """All pages are read; the query goes along."""
    query = {"organisasjonsform": "AS", "konkurs": "false", "size": "1"}
    for page in (0, 1):
        answer = search_page(entity(f"99900010{page}"), number=page, pages=2, total=2)
        httpserver.expect_request(f"{BASE}/enheter", query_string=query | {"page": str(page)}).respond_with_json(answer)
    outcome = collect(
        httpserver, tmp_path, mode="search", query={"organisasjonsform": "AS", "konkurs": False}, page_size=1
    )
    assert outcome.status == "ok"
    assert [record.identifier for record in outcome.collected.records] == ["999000100", "999000101"]
    assert outcome.collected.notes == ()
    accept = httpserver.log[0][0].headers["Accept"]
    assert accept.startswith("application/vnd.brreg.enhetsregisteret.enhet.v2+json")


def test_a_cap_is_noted(httpserver: HTTPServer, tmp_path: Path) -> None:
    """What was not read is said."""
    answer = search_page(entity("999000101"), entity("999000102"), pages=30, total=60)
    httpserver.expect_request(f"{BASE}/enheter").respond_with_json(answer)
    outcome = collect(httpserver, tmp_path, mode="search", max_entities=2)
    assert outcome.collected.notes == ("read 2 of the 60 entities that the query finds (max_entities)",)


def test_an_empty_search_is_empty(httpserver: HTTPServer, tmp_path: Path) -> None:
    """No _embedded means nothing found."""
    httpserver.expect_request(f"{BASE}/enheter").respond_with_json(search_page())
    assert collect(httpserver, tmp_path, mode="search").status == "empty"


def test_watched_organisations_that_are_gone(httpserver: HTTPServer, tmp_path: Path) -> None:
    """A batch leaves out who is deleted, removed or unknown; the single address says which."""
    httpserver.expect_request(f"{BASE}/enheter").respond_with_json(search_page(entity("999000101")))
    httpserver.expect_request(f"{BASE}/enheter/999000104").respond_with_json(deleted())
    httpserver.expect_request(f"{BASE}/enheter/999000105").respond_with_data("", status=410)
    httpserver.expect_request(f"{BASE}/enheter/999000106").respond_with_data("", status=404)
    numbers = ["999 000 101", "999000104", "999000105", "999000106"]
    collected = collect(httpserver, tmp_path, mode="watch", organizations=numbers).collected
    assert [record.status for record in collected.records] == ["active", "dissolved"]
    assert [change.details["kind"] for change in collected.changes] == ["sletting"]
    assert collected.removed == ("NO-BRC-999000105",)
    assert collected.set_aside == (("999000106", "not in the register"),)
    assert asked(httpserver)[0] == "/enheter?organisasjonsnummer=999000101,999000104,999000105,999000106&size=4&page=0"


def test_watch_with_roles_one_by_one(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Roles are fetched when asked for, and their answers (birth dates) are not stored."""
    httpserver.expect_request(f"{BASE}/enheter/999000101").respond_with_json(entity())
    answer = roles(("DAGL", "2026-09-20", [role("DAGL", "Ny", "Oppdiktet")]))
    httpserver.expect_request(f"{BASE}/enheter/999000101/roller").respond_with_json(answer)
    outcome = collect(httpserver, tmp_path, mode="watch", organizations=["999000101"], batch_size=1, with_roles=True)
    assert [change.field for change in outcome.collected.changes] == ["roles"]
    assert outcome.requests == 2
    assert len(list((tmp_path / "raw").rglob("*.body.gz"))) == 1


class Feed:
    """A change feed that honours its inclusive cursor and its page size."""

    def __init__(self, *events: dict[str, Any]) -> None:
        self.events = events

    def __call__(self, request: Request) -> Response:
        first = int(request.args.get("oppdateringsid", 0))
        rows = [row for row in self.events if row["oppdateringsid"] >= first][: int(request.args["size"])]
        import json

        return Response(json.dumps(feed_page(*rows)), content_type="application/json")


def test_change_feed_from_a_day_then_from_the_last_id(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The first run begins at a date, the next one behind the last event: nothing twice, nothing lost."""
    feed = Feed(
        event(11, "999000101", changes=[put("/antallAnsatte", 57)]),
        event(13, "999000102", "Fjernet"),
        event(17, "999000101", changes=[put("/sisteInnsendteAarsregnskap", "2025")]),
    )
    httpserver.expect_request(f"{BASE}/oppdateringer/enheter").respond_with_handler(feed)
    httpserver.expect_request(f"{BASE}/enheter").respond_with_json(search_page(entity("999000101")))
    first = collect(httpserver, tmp_path, mode="changes", page_size=2)
    assert [change.field for change in first.collected.changes] == ["employees", "accounts"]
    assert first.collected.removed == ("NO-BRC-999000102",)
    assert first.collected.cursor["state"] == {"next_id": 18}
    assert asked(httpserver) == [
        "/oppdateringer/enheter?dato=2026-10-04T00:00:00.000Z&size=2&sort=id,ASC&includeChanges=true",
        "/oppdateringer/enheter?oppdateringsid=14&size=2&sort=id,ASC&includeChanges=true",
        "/enheter?organisasjonsnummer=999000101&size=1&page=0",
    ]
    second = collect(httpserver, tmp_path, dict(first.collected.cursor), mode="changes", page_size=2)
    assert (second.status, second.collected.cursor) == ("empty", first.collected.cursor)


def test_a_run_stops_at_its_cap_and_goes_on_there(httpserver: HTTPServer, tmp_path: Path) -> None:
    """More events than a run takes are left for the next one."""
    feed = Feed(*(event(number, "999000101", changes=[put("/antallAnsatte", number)]) for number in range(1, 6)))
    httpserver.expect_request(f"{BASE}/oppdateringer/enheter").respond_with_handler(feed)
    httpserver.expect_request(f"{BASE}/enheter").respond_with_json(search_page(entity("999000101")))
    first = collect(httpserver, tmp_path, mode="changes", max_events=3, page_size=2)
    second = collect(httpserver, tmp_path, dict(first.collected.cursor), mode="changes", max_events=3, page_size=2)
    both = [change.after for outcome in (first, second) for change in outcome.collected.changes]
    assert both == ["1", "2", "3", "4", "5"]
    assert "3 events (max_events)" in first.collected.notes[0]
    assert second.collected.notes == ()


def test_forms_can_be_left_out(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Sole proprietors stay out when the file says so, with their changes."""
    feed = Feed(event(1, "999000101", changes=[put("/antallAnsatte", 2)]))
    httpserver.expect_request(f"{BASE}/oppdateringer/enheter").respond_with_handler(feed)
    person = entity("999000101", "OPPDIKTET PERSON", organisasjonsform={"kode": "ENK"})
    httpserver.expect_request(f"{BASE}/enheter").respond_with_json(search_page(person))
    outcome = collect(httpserver, tmp_path, mode="changes", leave_out=["ENK"])
    assert (outcome.status, outcome.collected.cursor["state"]) == ("empty", {"next_id": 2})


def test_changes_alone(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Without refetching, the patches tell what they tell and no organisation is asked for."""
    feed = Feed(event(1, "999000101", changes=[put("/antallAnsatte", 2)]))
    httpserver.expect_request(f"{BASE}/oppdateringer/enheter").respond_with_handler(feed)
    outcome = collect(httpserver, tmp_path, mode="changes", refetch=False)
    assert [change.after for change in outcome.collected.changes] == ["2"]
    assert (outcome.collected.records, outcome.requests) == ((), 1)


def test_role_feed_refetches_roles(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The feed says who, the roles say what; its cursor is exclusive."""

    def feed(request: Request) -> Response:
        import json

        rows = (
            [{"id": "7", "type": "x", "data": {"organisasjonsnummer": "999000101"}}]
            if "afterTime" in request.args
            else []
        )
        return Response(json.dumps(rows), content_type="application/json")

    httpserver.expect_request(f"{BASE}/oppdateringer/roller").respond_with_handler(feed)
    httpserver.expect_request(f"{BASE}/enheter").respond_with_json(search_page(entity("999000101")))
    answer = roles(("STYR", "2026-10-03", [role("LEDE", "En", "Påfunnet")]))
    httpserver.expect_request(f"{BASE}/enheter/999000101/roller").respond_with_json(answer)
    first = collect(httpserver, tmp_path, mode="roles")
    assert [change.after for change in first.collected.changes] == ["chair of the board: En Påfunnet"]
    assert first.collected.cursor["state"]["after_id"] == "7"
    second = collect(httpserver, tmp_path, dict(first.collected.cursor), mode="roles")
    assert second.status == "empty"
    assert asked(httpserver)[-1] == "/oppdateringer/roller?afterId=7&size=500"


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ("Too many requests, please try again later", "refused", "refused"),
        ('{"status": 429, "feilmelding": "For mange"}', "refused", "refused"),
        ("<html>Vedlikehold</html>", "malformed", "malformed"),
        ('{"uventet": 1}', "malformed", "malformed"),
        ("", "malformed", "malformed"),
    ],
)
def test_an_error_with_status_200_moves_no_cursor(
    httpserver: HTTPServer, tmp_path: Path, body: str, status: str, reason: str
) -> None:
    """What is no answer is told apart, and the next run asks again from the same place."""
    httpserver.expect_request(f"{BASE}/oppdateringer/enheter").respond_with_data(body)
    cursor = {"state": {"next_id": 5}}
    outcome = collect(httpserver, tmp_path, cursor, mode="changes")
    assert (outcome.status, outcome.reason.split(":")[0]) == (status, reason)
    assert outcome.collected.cursor == cursor


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "missing"),
        ({"mode": "watch"}, "needs organizations"),
        ({"mode": "watch", "organizations": ["12"]}, "nine digits"),
        ({"mode": "changes", "query": {"navn": "x"}}, "belongs to mode 'search'"),
        ({"mode": "changes", "refetch": False, "leave_out": ["ENK"]}, "leave_out needs refetch"),
        ({"mode": "all"}, "'search', 'watch', 'changes', 'roles', 'universe' or 'branches'"),
        ({"mode": "search", "max_entities": 20_000}, "less than or equal to 10000"),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], message: str) -> None:
    """An error says what is allowed."""
    with pytest.raises(DeclarationError) as error:
        options_of(spec_of(adapter="brreg", options=options), Options)
    assert message in str(error.value)
