"""NAV's vacancies, Doffin's notices and the register of accounts, in the true shape with invented organisations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from salestrigger.sources.adapters.doffin import organization_number
from salestrigger.sources.collect import SourceOutcome
from salestrigger.sources.spec import SourceSpec
from tests.sources.adapters.running import NOW, run, spec_of

BASE = "http://register.example"


def source(adapter: str, path: str, **options: Any) -> SourceSpec:
    """A source with a key of its own."""
    return spec_of(
        "s", adapter=adapter, url=f"{BASE}{path}", size="api", options=options, key_env="A_KEY", language="nb",
        trust="register",
    )  # fmt: skip


def once(server: HTTPServer, tmp_path: Path, spec: SourceSpec, cursor: Any = None, now: Any = NOW) -> SourceOutcome:
    """One run with the key."""
    return run(server, tmp_path, spec, cursors={"s": cursor or {}}, keys={"s": "text before a-key"}, now=now)[0]


# NAV


def entry(number: str, status: str = "ACTIVE", name: str = "Havglimt AS", at: str = "2026-10-04T07:00:00Z") -> Any:
    """One entry of a page of the feed."""
    return {
        "id": number, "url": f"/api/v1/feedentry/{number}", "title": "Elektriker", "date_modified": at,
        "_feed_entry": {"uuid": number, "status": status, "businessName": name, "municipal": "BODØ"},
    }  # fmt: skip


def page(name: str, *items: Any, following: str = "") -> dict[str, Any]:
    """A page of the feed."""
    return {
        "version": "https://jsonfeed.org/version/1", "feed_url": f"/api/v1/feed/{name}", "items": list(items),
        "next_url": f"/api/v1/feed/{following}" if following else None, "next_id": following or None, "id": name,
    }  # fmt: skip


def details(number: str, status: str = "ACTIVE") -> dict[str, Any]:
    """A vacancy as the feed gives it, contact person and all."""
    return {
        "uuid": number, "status": status,
        "json": {
            "uuid": number, "title": f"Elektriker {number}", "published": "2026-10-03T22:00:00.000Z",
            "description": "<p>Du monterer.</p>", "link": f"https://stilling.example/{number}", "positioncount": "2",
            "contactList": [{"name": "Fiktiv Person", "email": "fiktiv@havglimt.example"}],
            "employer": {"name": "Havglimt AS", "orgnr": "999000101"}, "workLocations": [{"city": "BODØ"}],
        },
    }  # fmt: skip


def nav(server: HTTPServer, *pages: dict[str, Any]) -> None:
    """The feed: its first page is where a moment leads to, the others are by name."""
    for number, one in enumerate(pages):
        if not number:
            server.expect_request("/api/v1/feed").respond_with_json(one)
        server.expect_request(one["feed_url"]).respond_with_json(one)

    def detail(request: Request) -> Response:
        number = request.path.rpartition("/")[2]
        return Response(json.dumps(details(number)), content_type="application/json")

    server.expect_request("/api/v1/feedentry/1").respond_with_handler(detail)
    server.expect_request("/api/v1/feedentry/2").respond_with_handler(detail)


def test_nav_reads_the_watched_employers_and_goes_on_from_the_last_page(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Details are asked for by name only; the next run begins at the last page and does nothing twice."""
    nav(httpserver, page("a", entry("1"), entry("8", name="Annen AS"), following="b"), page("b", entry("2")))
    spec = source("nav", "/api/v1/feed", names=["Havglimt"])
    outcome = once(httpserver, tmp_path, spec)
    first, second = outcome.collected.documents
    assert (first.title, first.issuer, str(first.identifiers[0])) == ("Elektriker 1", "Havglimt AS", "NO-BRC-999000101")
    assert first.text == "Company: Havglimt AS. Location: BODØ. Positions: 2.\nDu monterer."
    assert second.key == "2"
    assert httpserver.log[0][0].headers["Authorization"] == "Bearer a-key"
    assert httpserver.log[0][0].headers["If-Modified-Since"] == "Sun, 04 Oct 2026 08:00:00 GMT"
    again = once(httpserver, tmp_path, spec, outcome.collected.cursor)
    assert (again.status, again.requests) == ("empty", 1)
    assert "Fiktiv" not in "".join(path.read_bytes().hex() for path in tmp_path.rglob("*.gz"))


def test_nav_takes_back_what_was_withdrawn(httpserver: HTTPServer, tmp_path: Path) -> None:
    """A vacancy that ended loses its title and text under the same id; one that we never had is nothing."""
    nav(httpserver, page("a", entry("1")))
    spec = source("nav", "/api/v1/feed")
    first = once(httpserver, tmp_path, spec)
    httpserver.clear()
    ended = [entry("1", "INACTIVE", at="2026-10-05T07:00:00Z"), entry("9", "INACTIVE")]
    nav(httpserver, page("a", entry("1"), *ended))
    (document,) = once(httpserver, tmp_path, spec, first.collected.cursor).collected.documents
    assert document.document_id == first.collected.documents[0].document_id
    assert (document.title, document.text, document.url) == ("Vacancy withdrawn", "", "")


def test_nav_stops_at_its_cap_and_goes_on(httpserver: HTTPServer, tmp_path: Path) -> None:
    """What the cap leaves is read by the next run, though the page did not change."""
    nav(httpserver, page("a", entry("1"), entry("2")))
    spec = source("nav", "/api/v1/feed", max_details=1)
    first = once(httpserver, tmp_path, spec)
    second = once(httpserver, tmp_path, spec, first.collected.cursor)
    assert [d.key for o in (first, second) for d in o.collected.documents] == ["1", "2"]
    assert "max_details" in first.collected.notes[0]


def test_nav_without_a_token(httpserver: HTTPServer, tmp_path: Path) -> None:
    """No key is a refusal that says where to get one."""
    (outcome,) = run(httpserver, tmp_path, source("nav", "/api/v1/feed"))
    assert (outcome.status, outcome.reason.split(":")[0]) == ("refused", "no_key")


# Doffin


def hit(number: str, award: bool = False, **values: Any) -> dict[str, Any]:
    """One notice."""
    kind = "ANNOUNCEMENT_OF_CONCLUSION_OF_CONTRACT" if award else "ANNOUNCEMENT_OF_COMPETITION"
    lots = [{"heading": "", "winner": [{"organizationId": "NO 999 000 101 MVA", "name": "Havglimt AS"}]}] * 2
    fields = {
        "id": number, "heading": f"Drift av kaier {number}", "description": "Omfatter\x0b alt.", "type": kind,
        "buyer": [{"organizationId": "999000102", "name": "Øvre Fiktiv kommune"}], "allTypes": ["RESULT", kind],
        "estimatedValue": {"currencyCode": "NOK", "amount": 5000000.0}, "issueDate": "2026-10-05T06:12:39Z",
        "deadline": None if award else "2026-11-01T10:00:00Z", "lots": lots if award else [],
    }  # fmt: skip
    return fields | values


def doffin(server: HTTPServer, by_day: dict[str, list[Any]]) -> None:
    """The search: day by day, a hundred hits a page."""

    def answer(request: Request) -> Response:
        assert request.headers["Ocp-Apim-Subscription-Key"] == "text before a-key"
        found = by_day.get(request.args["issueDateFrom"], [])
        start = (int(request.args["page"]) - 1) * 100
        body = json.dumps({"numHitsTotal": len(found), "hits": found[start : start + 100]}, ensure_ascii=False)
        return Response(body.replace("\\u000b", "\x0b"), content_type="application/json")

    server.expect_request("/public/v2/search").respond_with_handler(answer)


def test_doffin_states_tenders_and_awards(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Buyer, winner, numbers and value come from fields; each name stands in the text; control signs do no harm."""
    doffin(httpserver, {"2026-10-05": [hit("2026-1"), hit("2026-2", award=True), hit("2026-3", type="X", allTypes=[])]})
    outcome = once(httpserver, tmp_path, source("doffin", "/public/v2"))
    tender, award, other = outcome.collected.documents
    assert (tender.stated[0].type, award.stated[0].type, other.stated) == ("tender", "contract_award", ())
    assert [(r.role, r.name, str(r.identifier)) for r in award.stated[0].roles] == [
        ("winner", "Havglimt AS", "NO-BRC-999000101"), ("authority", "Øvre Fiktiv kommune", "NO-BRC-999000102"),
    ]  # fmt: skip
    assert award.stated[0].amount is not None
    assert award.stated[0].amount.amount == 5_000_000
    assert all(role.name in award.text for role in award.stated[0].roles)
    assert outcome.collected.cursor["state"] == {"day": "2026-10-05"}


def test_doffin_reads_a_full_day_to_the_end_and_says_when_it_cannot(httpserver: HTTPServer, tmp_path: Path) -> None:
    """More than a page is paged, more than the service gives is noted; the last day is read again next time."""
    doffin(
        httpserver,
        {"2026-10-04": [hit(f"a-{n}") for n in range(250)], "2026-10-05": [hit(f"b-{n}") for n in range(1200)]},
    )
    outcome = once(httpserver, tmp_path, source("doffin", "/public/v2"))
    assert len(outcome.collected.documents) == 1250
    assert outcome.collected.notes == (
        "read 1000 of 1200 notices of 2026-10-05: the service gives no more; narrow the query",
    )
    again = once(httpserver, tmp_path, source("doffin", "/public/v2"), outcome.collected.cursor)
    assert httpserver.log[-1][0].args["issueDateFrom"] == "2026-10-05"
    assert again.status == "ok"


def test_doffin_reads_again_what_an_unstable_order_hid(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Pages that repeat some notices miss others: the day is read again until all that it counts are there."""
    found = [hit(f"a-{n}") for n in range(150)]
    asked: list[str] = []

    def answer(request: Request) -> Response:
        day, page = request.args["issueDateFrom"], int(request.args["page"])
        asked.append(f"{day}:{page}")
        hits = found if day == "2026-10-05" else []
        shown = hits[(page - 1) * 100 :][:100] if asked.count(f"{day}:{page}") > 1 else hits[(page - 1) * 50 :][:100]
        return Response(json.dumps({"numHitsTotal": len(hits), "hits": shown}))

    httpserver.expect_request("/public/v2/search").respond_with_handler(answer)
    outcome = once(httpserver, tmp_path, source("doffin", "/public/v2"))
    assert (len(outcome.collected.documents), outcome.collected.notes) == (150, ())


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("999 601 391", "999601391"), ("NO952522035MVA", "952522035"), ("Org.nr.978693024", "978693024"),
        ("\u200b918 000 001\u200b", "918000001"), ("DE123456789012", ""), ("", ""), ("12345678", ""),
    ],
)  # fmt: skip
def test_dirty_organisation_numbers(written: str, number: str) -> None:
    """What buyers type around a number goes; a foreign id is none."""
    assert organization_number(written) == number


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, b"", "refused"),
        (200, b"Rate limit is exceeded", "refused"),
        (200, b"{}", "malformed"),
        (500, b"", "failed"),
    ],
)
def test_doffin_that_does_not_answer(
    httpserver: HTTPServer, tmp_path: Path, status: int, body: bytes, expected: str
) -> None:
    """No cursor moves, and the state says why."""
    httpserver.expect_request("/public/v2/search").respond_with_data(body, status=status)
    outcome = once(httpserver, tmp_path, source("doffin", "/public/v2"), {"state": {"day": "2026-10-05"}})
    assert (outcome.status, outcome.collected.cursor) == (expected, {"state": {"day": "2026-10-05"}})


# Regnskapsregisteret


def accounts(year: int, revenue: float | None = 2042.0, kind: str = "SELSKAP") -> dict[str, Any]:
    """One year's accounts."""
    income = {"driftsinntekter": {"sumDriftsinntekter": revenue}} if revenue is not None else {}
    return {
        "journalnr": f"{year}77", "regnskapstype": kind, "valuta": "NOK",
        "regnskapsperiode": {"fraDato": f"{year}-01-01", "tilDato": f"{year}-12-31"},
        "resultatregnskapResultat": {"aarsresultat": -12.5, "driftsresultat": income},
    }  # fmt: skip


def test_accounts_are_a_change_with_the_revenue(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The first accounts are dated by their year, later ones by the day they came; the same ones are no change."""
    spec = source("regnskap", "/regnskap", organizations=["999 000 101", "999000102", "999000103"])
    httpserver.expect_request("/regnskap/999000101").respond_with_json([accounts(2024), accounts(2024, 9e9, "KONSERN")])
    httpserver.expect_request("/regnskap/999000102").respond_with_data("", status=404)
    httpserver.expect_request("/regnskap/999000103").respond_with_data(
        "oppstillingsplan som ikke er støttet", status=500
    )
    first = once(httpserver, tmp_path, spec)
    (change,) = first.collected.changes
    assert (str(change.effective_on), change.after) == ("2024-12-31", "2024: revenue 2042 NOK")
    assert change.details["result"] == "-12.5"
    assert first.collected.set_aside == (("999000103", "the register does not serve accounts of this kind (500)"),)
    assert once(httpserver, tmp_path, spec, first.collected.cursor).collected.changes == ()
    httpserver.clear()
    httpserver.expect_request("/regnskap/999000101").respond_with_json([accounts(2025, None)])
    later = once(
        httpserver, tmp_path, source("regnskap", "/regnskap", organizations=["999000101"]), first.collected.cursor
    )
    (change,) = later.collected.changes
    assert (change.published_at, change.after, "revenue" in change.details) == (NOW, "2025", False)


def test_accounts_in_turn(httpserver: HTTPServer, tmp_path: Path) -> None:
    """With a cap, every organisation has its turn."""
    for number in ("999000101", "999000102", "999000103"):
        httpserver.expect_request(f"/regnskap/{number}").respond_with_json([accounts(2025)])
    spec = source("regnskap", "/regnskap", organizations=["999000101", "999000102", "999000103"], max_requests=2)
    first = once(httpserver, tmp_path, spec)
    second = once(httpserver, tmp_path, spec, first.collected.cursor)
    found = [change.record_id[-1] for outcome in (first, second) for change in outcome.collected.changes]
    assert found == ["1", "2", "3"]
