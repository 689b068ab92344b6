"""TED's search, page by page and run by run, against a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from salestrigger.sources.spec import SourceSpec
from tests.sources.adapters.notice_data import award, contract, lot, organization, party, tender
from tests.sources.adapters.running import run, spec_of


def row(number: str, day: str = "2026-10-04", **values: Any) -> dict[str, Any]:
    """One hit in the true shape."""
    return {
        "publication-number": number,
        "publication-date": f"{day}+02:00",
        "notice-type": "cn-standard",
        "notice-title": {"eng": f"Norway – Snow clearing {number}", "nob": f"Norge – Brøyting {number}"},
        "buyer-name": {"nob": ["Dalgard kommune"]},
        "buyer-country": ["NOR"],
    } | values


class Ted:
    """A search with as many notices as there are, in pages; what it was asked is kept."""

    def __init__(self, server: HTTPServer, rows: list[dict[str, Any]]) -> None:
        self.rows, self.asked = rows, [dict[str, Any]() for _ in range(0)]
        server.expect_request("/v3/notices/search", method="POST").respond_with_handler(self.search)

    def search(self, request: Request) -> Response:
        """A page, and the token of the next."""
        body = json.loads(request.data)
        self.asked.append(body)
        since = body["query"].partition(">= ")[2][:8]
        rows = [r for r in self.rows if r["publication-date"][:10].replace("-", "") >= since]
        start, limit = int(body.get("iterationNextToken") or 0), body["limit"]
        more = str(start + limit) if start + limit < len(rows) else None
        page = {"notices": rows[start : start + limit], "totalNoticeCount": len(rows), "iterationNextToken": more}
        return Response(json.dumps(page), content_type="application/json")


def ted(**options: Any) -> SourceSpec:
    """The source."""
    return spec_of("ted", adapter="ted", url="http://news.example/v3/notices/search", size="api", options=options)


def test_pages_to_the_end_and_goes_on_from_there(httpserver: HTTPServer, tmp_path: Path) -> None:
    """All pages are read; the next run asks from the last day on and brings only what is new."""
    api = Ted(httpserver, [row(f"{n}-2026") for n in range(1, 6)])
    source = ted(countries=["NO"], page_size=2, languages=["nob"])
    (first,) = run(httpserver, tmp_path, source)
    assert (first.status, len(first.collected.documents)) == ("ok", 5)
    assert first.collected.documents[0].title == "Dalgard kommune · Norge – Brøyting 1-2026"
    assert first.collected.documents[0].stated[0].type == "tender"
    assert "buyer-country IN (NOR)" in api.asked[0]["query"]
    api.rows.append(row("6-2026", "2026-10-05"))
    (second,) = run(httpserver, tmp_path, source, cursors={"ted": first.collected.cursor})
    assert [d.key for d in second.collected.documents] == ["6-2026"]
    (third,) = run(httpserver, tmp_path, source, cursors={"ted": second.collected.cursor})
    assert third.status == "empty"


@settings(
    max_examples=8, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.permutations(range(8)), st.integers(1, 5), st.integers(1, 7))
def test_any_order_page_size_and_cap_give_the_same_set(
    httpserver: HTTPServer, tmp_path: Path, order: list[int], page_size: int, cap: int
) -> None:
    """However the answers are cut, repeated or ordered, and wherever a run stops: every notice comes exactly once."""
    httpserver.clear()
    rows = [row(f"{n}-2026", f"2026-10-0{4 + n % 2}") for n in order]
    Ted(httpserver, [*rows, rows[0]])
    cursor: dict[str, Any] = {}
    seen: list[str] = []
    for _ in range(15):
        (outcome,) = run(httpserver, tmp_path, ted(page_size=page_size, max_notices=cap), cursors={"ted": cursor})
        cursor = dict(outcome.collected.cursor)
        seen += [d.key for d in outcome.collected.documents]
        assert bool(outcome.collected.notes) == ("stopped after" in " ".join(outcome.collected.notes))
        if outcome.status == "empty":
            break
    assert sorted(seen) == sorted(f"{n}-2026" for n in order)


def test_the_xml_is_the_authority_on_who_won(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The hit's winner names mix headings and losers; the XML has the winner. Without XML the hit stands in."""
    organizations = organization("ORG-0001", "Dalgard kommune") + organization("ORG-0002", "Fjellmørk Drift AS")
    result = lot("selec-w", "T1") + tender("T1", "5", "P1") + contract("T1") + party("P1", "ORG-0002")
    body = award(result=result, organizations=organizations)
    httpserver.expect_request("/en/notice/1-2026/xml").respond_with_data(body, content_type="application/xml")
    httpserver.expect_request("/en/notice/2-2026/xml").respond_with_data("gone", status=404)
    hits = [
        row(
            f"{n}-2026",
            **{
                "notice-type": "can-standard",
                "winner-name": {"nob": ["Seksjon V", "Havglimt AS"]},
                "links": {"xml": {"MUL": f"http://news.example/en/notice/{n}-2026/xml"}},
            },
        )
        for n in (1, 2)
    ]
    Ted(httpserver, hits)
    (outcome,) = run(httpserver, tmp_path, ted())
    first, second = outcome.collected.documents
    assert [r.name for r in first.stated[0].roles] == ["Fjellmørk Drift AS", "Dalgard kommune"]
    assert [e.roles[0].name for e in second.stated] == ["Seksjon V", "Havglimt AS"]
    assert outcome.collected.notes == ("2-2026: read without its XML: http_404",)


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        ("<html>maintenance</html>", 200, "malformed"),
        ('{"message": "QUERY_SYNTAX_ERROR"}', 200, "malformed"),
        ('{"notices": [], "iterationNextToken": null, "timedOut": true}', 200, "failed"),
        ("Too many requests", 200, "refused"),
        ("slow down", 429, "refused"),
        ("broken", 500, "failed"),
        ('{"notices": [], "totalNoticeCount": 0, "iterationNextToken": null}', 200, "empty"),
    ],
)
def test_what_is_no_answer_moves_nothing(
    httpserver: HTTPServer, tmp_path: Path, body: str, status: int, expected: str
) -> None:
    """Only an answer moves the cursor; an error text with status 200 is none."""
    httpserver.expect_request("/v3/notices/search").respond_with_data(body, status=status)
    before = {"state": {"since": "2026-10-01", "seen": {}}, "http": {}, "reading": ""}
    (outcome,) = run(httpserver, tmp_path, ted(), cursors={"ted": before})
    assert outcome.status == expected
    assert outcome.collected.cursor["state"] == before["state"]
