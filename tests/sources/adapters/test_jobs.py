"""Job boards of every kind, and what their counts tell."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from salestrigger.sources.adapters import options_of
from salestrigger.sources.adapters.job_boards import Ad, Board, board_names, reader
from salestrigger.sources.adapters.job_boards.workday import posted
from salestrigger.sources.adapters.jobs import Options
from salestrigger.sources.adapters.jobs_counts import HISTORY, WINDOW, chance_of, look, still
from salestrigger.sources.errors import DeclarationError
from salestrigger.sources.spec import SourceSpec
from tests.sources.adapters.running import NOW, run, spec_of

BASE = "http://board.example"
ADDRESS = {"postalAddress": {"addressLocality": "Bodø", "addressCountry": "NO"}}
POSTING = {
    "@type": "JobPosting",
    "title": "Elektriker",
    "datePosted": "2026-10-01",
    "identifier": {"@type": "PropertyValue", "value": 7},
    "hiringOrganization": {"@type": "Organization", "name": "Havglimt AS"},
    "jobLocation": [{"@type": "Place", "address": {"addressLocality": "Bodø"}}],
    "description": "<p>Du monterer.</p>",
    "url": f"{BASE}/7",
}

OVER = POSTING | {"identifier": "9", "validThrough": "2026-09-01"}

#: kind → an answer with one role, "Elektriker" in Bodø, number 7
ANSWERS: dict[str, Any] = {
    "greenhouse": {
        "jobs": [{
            "id": 7, "title": "Elektriker", "absolute_url": f"{BASE}/7", "location": {"name": "Bodø"},
            "first_published": "2026-10-01T08:00:00-04:00", "content": "&lt;p&gt;Du monterer.&lt;/p&gt;",
            "departments": [{"id": 1, "name": "Drift"}], "company_name": "Havglimt AS ", "language": "nb",
        }],
        "meta": {"total": 1},
    },
    "lever": [{
        "id": "7", "text": "Elektriker", "hostedUrl": f"{BASE}/7", "createdAt": 1790870400000,
        "categories": {"location": "Bodø", "team": "Drift"}, "description": "<p>Du monterer.</p>", "lists": [],
    }],
    "ashby": {
        "apiVersion": "1",
        "jobs": [
            {"id": "7", "title": " Elektriker", "jobUrl": f"{BASE}/7", "location": "HQ", "address": ADDRESS,
             "publishedAt": "2026-10-01T08:00:00.000+00:00", "isListed": True, "department": "Drift",
             "descriptionHtml": "<p>Du monterer.</p>"},
            {"id": "8", "title": "Hemmelig", "isListed": False},
        ],
    },
    "teamtailor": {
        "version": "https://jsonfeed.org/version/1.1", "title": "Havglimt",
        "items": [{"id": "7", "title": "Elektriker", "url": f"{BASE}/7", "date_published": "2026-10-01T10:00:00+02:00",
                   "_jobposting": POSTING}],
    },
    "recruitee": {
        "offers": [
            {"id": 7, "title": "Elektriker", "careers_url": f"{BASE}/7", "city": "Bodø", "status": "published",
             "published_at": "2026-10-01 08:00:00 UTC", "description": "<p>Du monterer.</p>", "department": "Drift"},
            {"id": 8, "title": "Utkast", "status": "draft"},
        ]
    },
    "smartrecruiters": {
        "offset": 0, "limit": 100, "totalFound": 1,
        "content": [{"id": "7", "name": "Elektriker", "company": {"identifier": "Havglimt", "name": "Havglimt AS"},
                     "releasedDate": "2026-10-01T08:00:00.000Z", "location": {"city": "Bodø", "country": "no"},
                     "department": {"label": "Drift"}, "creator": {"name": "Fiktiv Person"}}],
    },
    "workable": {
        "name": "Havglimt",
        "jobs": [{"title": "Elektriker", "shortcode": "7", "url": f"{BASE}/7", "published_on": "2026-10-01",
                  "city": "Bodø", "country": "Norway", "department": "Drift", "telecommuting": False}],
    },
    "personio": "<workzag-jobs><position><id>7</id><office>Bodø</office><department>Drift</department>"
    "<name>Elektriker</name><jobDescriptions><jobDescription><name>Om</name><value>Du monterer.</value>"
    "</jobDescription></jobDescriptions><createdAt>2026-10-01T08:00:00+00:00</createdAt></position></workzag-jobs>",
    "workday": {
        "total": 1,
        "jobPostings": [{"title": "Elektriker", "externalPath": "/job/Bodo/Elektriker_7", "locationsText": "Bodø",
                         "postedOn": "Posted 4 Days Ago", "bulletFields": ["7"]}],
    },
    "bamboohr": {
        "meta": {"totalCount": 1},
        "result": [{"id": "7", "jobOpeningName": "Elektriker", "departmentLabel": "Drift", "isRemote": None,
                    "location": {"city": "Bodø", "state": None}, "atsLocation": {"city": None}}],
    },
    "pinpoint": {
        "data": [{"id": "7", "title": "Elektriker", "path": "/postings/7", "description": "<p>Du monterer.</p>",
                  "location": {"name": "Bodø"}, "job": {"department": {"name": "Drift"}},
                  "compensation": "600 000 kr", "compensation_visible": True}],
    },
    "jobposting": "<html><script type='application/ld+json'>"
    + json.dumps({"@graph": [{"@type": "WebSite"}, POSTING, OVER]})
    + "</script></html>",
}  # fmt: skip


def encoded(answer: Any) -> bytes:
    """The answer as its board sends it."""
    return answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()


def read(kind: str, body: bytes) -> Board:
    """What the reader of a kind makes of a body."""
    board: Board = reader(kind).read(body, {"now": NOW, "base_url": f"{BASE}/jobs", "content_type": "text/html"})
    return board


def board_spec(kind: str = "greenhouse", **options: Any) -> SourceSpec:
    """A company's board on the test's server."""
    values = {"board": kind, "company": "Havglimt AS", "identifier": "NO-BRC:999999999"} | options
    if "{token}" in reader(kind).PATH:
        values.setdefault("token", "havglimt/Careers" if kind == "workday" else "havglimt")
    return spec_of("board", adapter="jobs", url=BASE, options=values)


def test_every_kind_of_board_has_an_answer_here() -> None:
    """A new reader needs an answer in these tests."""
    assert set(ANSWERS) == set(board_names())


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_is_read(kind: str) -> None:
    """Each board gives the role with its number, title, place, date and text; drafts and ended ones stay out."""
    (ad,) = read(kind, encoded(ANSWERS[kind])).ads
    assert (ad.id, ad.title, ad.place) == ("7", ad.title.strip(), "Bodø")
    assert ad.title == "Elektriker"
    dated = ad.published_at.date() if ad.published_at else None
    assert dated == (None if kind in {"bamboohr", "pinpoint"} else date(2026, 10, 1))
    assert "monterer" in ad.body or kind in {"smartrecruiters", "workable", "workday", "bamboohr"}
    assert ad.url.startswith(BASE) or kind == "smartrecruiters"


@pytest.mark.parametrize("kind", ANSWERS)
@pytest.mark.parametrize(
    "body", [b"", b"<html>Sign in</html>", b'{"jobs": 3}', b"[1, null]", b"<a>" * 500, b"\xff\xfe{"]
)
def test_nonsense_is_a_problem_or_no_roles(kind: str, body: bytes) -> None:
    """A broken answer never crashes a reader and never makes a role."""
    board = read(kind, body)
    assert board.ads == ()
    assert board.problem or body == b"[1, null]" or kind == "jobposting"


def test_a_role_becomes_a_document(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The document names the company, its number and the fields; a second run with nothing new gives none."""
    httpserver.expect_request("/v1/boards/havglimt/jobs").respond_with_data(
        encoded(ANSWERS["greenhouse"]), headers={"etag": '"1"'}
    )
    (outcome,) = run(httpserver, tmp_path, board_spec())
    (document,) = outcome.collected.documents
    assert (document.kind, document.issuer, str(document.identifiers[0])) == (
        "job_ad", "Havglimt AS", "NO-BRC-999999999",
    )  # fmt: skip
    assert document.text == "Company: Havglimt AS. Location: Bodø. Department: Drift.\nDu monterer."
    (again,) = run(httpserver, tmp_path, board_spec(), cursors={"board": outcome.collected.cursor})
    assert (again.status, again.collected.documents) == ("empty", ())


def test_pages_are_read_to_the_end(httpserver: HTTPServer, tmp_path: Path) -> None:
    """A board of 250 roles is read in three pages, and an answer that repeats a role counts it once."""

    def page(request: Request) -> Response:
        start = int(request.args["offset"])
        found = [{"id": str(n), "name": f"Role {n}"} for n in range(max(0, start - 1), 250)][:100]
        return Response(json.dumps({"totalFound": 250, "content": found}))

    httpserver.expect_request("/v1/companies/havglimt/postings").respond_with_handler(page)
    (outcome,) = run(httpserver, tmp_path, board_spec("smartrecruiters"))
    ids = {document.key for document in outcome.collected.documents}
    assert len(ids) == len(outcome.collected.documents) >= 249


def test_workday_is_posted_to_page_by_page(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Later pages say that there are none in all; a full page is followed by another."""

    def answer(request: Request) -> Response:
        start = json.loads(request.data)["offset"]
        rows = [{"title": f"Rolle {n}", "externalPath": f"/job/x_{n}", "bulletFields": [f"R{n}"]} for n in range(45)]
        return Response(json.dumps({"total": 45 if not start else 0, "jobPostings": rows[start : start + 20]}))

    httpserver.expect_request("/wday/cxs/havglimt/Careers/jobs", method="POST").respond_with_handler(answer)
    outcome = run(httpserver, tmp_path, board_spec("workday"))[0]
    assert (len(outcome.collected.documents), outcome.requests) == (45, 3)
    assert outcome.collected.documents[0].url == f"{BASE}/Careers/job/x_0"


@pytest.mark.parametrize(
    ("words", "days"), [("Posted Today", 0), ("Posted Yesterday", 1), ("Posted 30+ Days Ago", None), ("Neulich", None)]
)
def test_days_in_words(words: str, days: int | None) -> None:
    """Longer ago than is said is no day."""
    assert posted(words, NOW) == (None if days is None else NOW - timedelta(days=days))


@pytest.mark.parametrize(
    ("kind", "fields", "salary"),
    [
        ("lever", {"salaryRange": {"min": 500000, "max": 600000, "currency": "NOK", "interval": "per-year-salary"}},
         "500000–600000 NOK per year"),
        ("ashby", {"compensation": {"compensationTierSummary": "€50K – €60K"}}, "€50K – €60K"),
        ("recruitee", {"salary": {"min": "2500", "max": None, "currency": "EUR", "period": "month"}},
         "2500 EUR per month"),
        ("jobposting", {"baseSalary": {"@type": "MonetaryAmount", "currency": "NOK", "value": {
            "@type": "QuantitativeValue", "minValue": 500000, "maxValue": 500000, "unitText": "YEAR"}}},
         "500000 NOK per year"),
    ],
)  # fmt: skip
def test_a_stated_salary_is_carried(kind: str, fields: dict[str, Any], salary: str) -> None:
    """As the board states it; whoever states none has none."""
    rows = [POSTING] if kind == "jobposting" else ANSWERS[kind]
    row = rows[0] if isinstance(rows, list) else next(v for v in rows.values() if isinstance(v, list))[0]
    wrapped: Any = [row | fields]
    if kind in {"ashby", "recruitee"}:
        wrapped = {"jobs" if kind == "ashby" else "offers": wrapped}
    (ad,) = read(kind, json.dumps(wrapped).encode()).ads
    assert ad.salary == salary
    assert read(kind, encoded(ANSWERS[kind])).ads[0].salary == ""


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (404, b"", "failed"),
        (200, b"Too many requests", "refused"),
        (200, b"<html>welcome</html>", "malformed"),
        (200, b'{"jobs": []}', "empty"),
    ],
)
def test_what_is_no_board(httpserver: HTTPServer, tmp_path: Path, status: int, body: bytes, expected: str) -> None:
    """An unknown token, a refusal in words and a page are told apart from a board without roles."""
    httpserver.expect_request("/v1/boards/havglimt/jobs").respond_with_data(body, status=status)
    (outcome,) = run(httpserver, tmp_path, board_spec())
    assert outcome.status == expected


@pytest.mark.parametrize(
    "options", [{"board": "nosuch"}, {"token": ""}, {"company": "", "identifier": ""}, {"identifier": "999999999"}]
)
def test_wrong_options_are_named(options: dict[str, Any]) -> None:
    """An unknown kind, a missing token and a board of nobody are refused."""
    spec = board_spec().model_copy(
        update={"options": {"board": "greenhouse", "token": "t", "company": "X", "identifier": ""} | options}
    )
    with pytest.raises(DeclarationError):
        options_of(spec, Options)


START = date(2026, 8, 1)


def ads(count: int, first: int = 0, place: str = "Bodø") -> list[Ad]:
    """``count`` different roles."""
    return [Ad(str(n), f"Role {n}", place=place) for n in range(first, first + count)]


def after_days(days: int, roles: Sequence[Ad], state: dict[str, Any] | None = None) -> dict[str, Any]:
    """The state after a daily look at the same roles."""
    state = state or {}
    for day in range(days):
        _, state = look(state, roles, START + timedelta(days=day))
    return state


def test_a_first_look_is_no_news() -> None:
    """A hundred roles at first are a baseline."""
    seen, _ = look({}, ads(100), START)
    assert (seen.is_surge, seen.usual, seen.new) == (False, None, 0)
    assert seen.notes


def test_a_surge_against_the_own_past() -> None:
    """A company with nine roles that posts fifteen more within two weeks has a surge, told once."""
    days = HISTORY + WINDOW
    state = after_days(days, ads(9))
    seen, state = look(state, ads(24), START + timedelta(days=days))
    assert (seen.is_surge, seen.open, seen.usual, seen.new) == (True, 24, 9.0, 15)
    again, _ = look(state, ads(30), START + timedelta(days=days + 1))
    assert not again.is_surge


def test_what_is_usual_for_it_is_no_surge() -> None:
    """A board where ten roles come and go every week is as always, with ten new ones in a week."""
    state: dict[str, Any] = {}
    for day in range(70):
        seen, state = look(state, ads(40, first=day * 10 // 7), START + timedelta(days=day))
        assert not seen.is_surge


def test_reposts_are_no_new_roles() -> None:
    """The same roles with new numbers, a comma and another case in the title are not new."""
    days = HISTORY + WINDOW
    state = after_days(days, ads(9))
    reposted = [replace(ad, id=f"n{ad.id}", title=f"{ad.title.upper()} ,") for ad in ads(9)]
    seen, _ = look(state, [*ads(9), *reposted], START + timedelta(days=days))
    assert (seen.reposts, seen.fresh, seen.new, seen.is_surge) == (9, (), 0, False)


def test_a_long_gap_and_a_cut_list_are_not_judged() -> None:
    """New roles that came at an unknown time make no surge, nor does a list that was cut."""
    days = HISTORY + WINDOW
    state = after_days(days, ads(9))
    late, _ = look(state, ads(40), START + timedelta(days=days + WINDOW + 5))
    cut, kept = look(state, ads(40), START + timedelta(days=days), complete=False)
    assert (late.is_surge, cut.is_surge) == (False, False)
    assert set(state["ads"]) <= set(kept["ads"])


def test_looking_twice_a_day_changes_nothing() -> None:
    """The order and the number of looks of a day do not matter."""
    state = after_days(10, ads(5))
    _, once = look(state, ads(7), START + timedelta(days=10))
    _, twice = look(look(state, ads(6), START + timedelta(days=10))[1], ads(7), START + timedelta(days=10))
    assert once == twice
    assert still(once, START + timedelta(days=10)) == once


def test_the_chance_of_a_count() -> None:
    """The Poisson tail agrees with its table (Abramowitz and Stegun, table 26.7: P(X >= 3 | 1) = 0.0803)."""
    assert chance_of(3, 1.0) == pytest.approx(0.0803, abs=1e-4)
    assert chance_of(0, 5.0) == 1.0


def test_a_surge_is_a_notice_that_states_it(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The notice names the company, the number and the count, and a role in a new town is a rumour of a site."""
    roles = [{"id": n, "title": f"Role {n}", "location": {"name": "Bodø" if n < 24 else "Tromsø"}} for n in range(25)]
    httpserver.expect_request("/v1/boards/havglimt/jobs").respond_with_data(json.dumps({"jobs": roles}))
    days = HISTORY + WINDOW
    cursor = {"state": after_days(days, ads(9)), "http": {}}
    moment = datetime.combine(START + timedelta(days=days), NOW.time(), UTC)
    (outcome,) = run(httpserver, tmp_path, board_spec(), cursors={"board": cursor}, now=moment)
    notices = {document.stated[0].type: document for document in outcome.collected.documents if document.stated}
    surge, site = notices["hiring_surge"], notices["site_opening"]
    assert surge.title == "Havglimt AS: 25 open roles, usually 9"
    assert surge.stated[0].attributes == (("count", "25"),)
    assert surge.stated[0].roles[0].name in surge.title
    assert (site.stated[0].modality, site.title) == ("rumour", "Havglimt AS: first open role in Tromsø")
