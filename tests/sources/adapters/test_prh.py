"""The Finnish register, with invented companies in the true shape."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.sources.adapters.running import run, spec_of


def business_id(number: int) -> str:
    """An invented business id with its check digit."""
    for base in range(9_000_000 + number * 100, 9_000_100 + number * 100):
        rest = sum(int(c) * w for c, w in zip(str(base), (7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
        if rest != 1:
            return f"{base}-{0 if rest == 0 else 11 - rest}"
    raise AssertionError


def company(number: int, name: str, **values: Any) -> dict[str, Any]:
    """One company."""
    return {
        "businessId": {"value": business_id(number), "registrationDate": "2010-01-04"},
        "names": [
            {"name": name, "type": "1", "registrationDate": "2026-09-30", "version": 1},
            {
                "name": "Vanha Nimi Oy",
                "type": "1",
                "registrationDate": "2010-01-04",
                "endDate": "2026-09-29",
                "version": 2,
            },
            {"name": "Tunturi", "type": "3", "registrationDate": "2012-01-01", "version": 1},
        ],
        "mainBusinessLine": {"type": "62100", "typeCodeSet": "TOIMI4"},
        "companyForms": [
            {"type": "16", "version": 1, "descriptions": [{"languageCode": "1", "description": "Osakeyhtiö"}]}
        ],
        "addresses": [
            {
                "type": 1,
                "street": "Esimerkkikatu",
                "buildingNumber": "1",
                "postCode": "00100",
                "registrationDate": "2026-09-28",
                "postOffices": [
                    {"city": "HELSINGFORS", "languageCode": "2"},
                    {"city": "HELSINKI", "languageCode": "1", "municipalityCode": "091"},
                ],
            },
        ],
        "website": {"url": "www.tunturi.example"},
        "companySituations": [],
        "lastModified": "2026-10-04T08:00:00",
    } | values


def prh(**options: Any) -> Any:
    """The source."""
    return spec_of("prh", adapter="prh", url="http://news.example/v3", size="api", options=options)


def test_a_company_and_what_its_dates_tell(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Present and former names, the Finnish spelling of the place, the code with its set; dated statements are news."""
    row = company(1, "Tunturi Oy", companySituations=[{"type": "KONK", "registrationDate": "2026-10-01"}])
    httpserver.expect_request("/v3/companies").respond_with_json({"totalResults": 1, "companies": [row]})
    (outcome,) = run(httpserver, tmp_path, prh(mode="watch", organizations=[business_id(1)]))
    (record,) = outcome.collected.records
    assert [(n.text, n.kind) for n in record.names] == [
        ("Tunturi Oy", "legal"),
        ("Tunturi", "trade"),
        ("Vanha Nimi Oy", "former"),
    ]
    assert (record.legal_form, record.industries[0].codeset, record.website) == (
        "OY",
        "TOL2025",
        "https://www.tunturi.example/",
    )
    assert (record.addresses[0].city, record.addresses[0].municipality_code) == ("HELSINKI", "091")
    assert (record.status, str(record.status_on), record.employees) == ("bankrupt", "2026-10-01", None)
    told = {change.field: change for change in outcome.collected.changes}
    assert set(told) == {"status", "name", "address"}
    assert (told["name"].before, told["name"].after) == ("Vanha Nimi Oy", "Tunturi Oy")
    assert told["status"].details["kind"] == "bankruptcy"


def test_housing_companies_are_left_out_and_traders_are_marked(httpserver: HTTPServer, tmp_path: Path) -> None:
    """A building is no business; a private trader's name is a person's."""
    trader = {"type": "26", "version": 1, "descriptions": [{"description": "Yksityinen elinkeinonharjoittaja"}]}
    rows = [
        company(1, "As Oy Katu 1", companyForms=[{"type": "2", "version": 1}]),
        company(2, "Toiminimi X", companyForms=[trader]),
    ]
    httpserver.expect_request("/v3/companies").respond_with_json({"totalResults": 2, "companies": rows})
    (outcome,) = run(httpserver, tmp_path, prh(mode="search", query={"location": "Helsinki"}))
    assert [(r.name, r.is_sole_proprietor) for r in outcome.collected.records] == [("Toiminimi X", True)]
    assert outcome.collected.changes == ()


def test_new_companies_page_to_the_end(httpserver: HTTPServer, tmp_path: Path) -> None:
    """All pages are read and the next run asks from yesterday; a cap keeps the day and is said."""
    rows = [
        company(n, f"Uusi {n} Oy", businessId={"value": business_id(n), "registrationDate": "2026-10-01"})
        for n in range(5)
    ]
    asked: list[str] = []

    def page(request: Request) -> Response:
        asked.append(request.args["registrationDateStart"])
        start = (int(request.args["page"]) - 1) * 2
        return Response(json.dumps({"totalResults": 5, "companies": rows[start : start + 2]}))

    httpserver.expect_request("/v3/companies").respond_with_handler(page)
    (outcome,) = run(httpserver, tmp_path, prh(mode="new"))
    assert (len(outcome.collected.records), outcome.requests) == (5, 3)
    assert [c.field for c in outcome.collected.changes].count("created") == 5
    assert outcome.collected.cursor["state"] == {"since": "2026-10-04"}
    (capped,) = run(httpserver, tmp_path, prh(mode="new", max_companies=2))
    assert capped.collected.cursor["state"] == {"since": "2026-09-29"}  # the first day is read to its end
    assert capped.collected.notes == (
        "5 companies, read those before 2026-09-29 (max_companies); the next run goes on from there",
    )
    assert set(asked) == {"2026-09-28"}


def test_the_daily_file_gives_what_was_modified(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Only companies modified since the last run; a broken file moves nothing."""
    rows = [company(1, "Uusi Oy"), company(2, "Vanha Oy", lastModified="2026-01-01T00:00:00")]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("all.json", json.dumps(rows))
    httpserver.expect_oneshot_request("/v3/all_companies").respond_with_data(target.getvalue())
    httpserver.expect_request("/v3/all_companies").respond_with_data(b"PK broken")
    (outcome,) = run(httpserver, tmp_path, prh(mode="changed"))
    assert [r.name for r in outcome.collected.records] == ["Uusi Oy"]
    assert outcome.collected.cursor["state"] == {"modified": "2026-10-03"}
    (broken,) = run(httpserver, tmp_path, prh(mode="changed"), cursors={"prh": outcome.collected.cursor})
    assert (broken.status, broken.collected.cursor["state"]) == ("malformed", {"modified": "2026-10-03"})


@pytest.mark.parametrize(("rows", "status"), [
    ([company(2, "Vanha Oy", lastModified="2026-01-01T00:00:00")], "empty"), (["busy"], "malformed"), ([], "malformed"),
])  # fmt: skip
def test_a_daily_file_without_news_keeps_the_day(
    httpserver: HTTPServer, tmp_path: Path, rows: list[object], status: str
) -> None:
    """Nothing modified since is no reason to begin anew; a file without companies is none."""
    httpserver.expect_request("/v3/all_companies").respond_with_data(json.dumps(rows).encode())
    cursor = {"state": {"modified": "2026-10-03"}, "http": {}, "reading": ""}
    (outcome,) = run(httpserver, tmp_path, prh(mode="changed"), cursors={"prh": cursor})
    assert (outcome.status, outcome.collected.cursor["state"]) == (status, {"modified": "2026-10-03"})


@pytest.mark.parametrize("body", ["[]", "<html/>", '{"error": "x"}'])
def test_another_answer_is_malformed(httpserver: HTTPServer, tmp_path: Path, body: str) -> None:
    """It is not taken for "no companies"."""
    httpserver.expect_request("/v3/companies").respond_with_data(body)
    (outcome,) = run(httpserver, tmp_path, prh(mode="new"))
    assert outcome.status == "malformed"
