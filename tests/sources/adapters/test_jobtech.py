"""JobStream: ads and their removals, with invented employers."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.sources.adapters.running import NOW, run, spec_of


def ad(key: str, number: str = "5560004615", stamp: int = 1_791_180_000_000, **values: Any) -> dict[str, Any]:
    """One ad."""
    return {
        "id": key,
        "headline": "Projektledare bygg",
        "publication_date": "2026-10-05T08:00:00",
        "number_of_vacancies": 3,
        "employer": {"name": "Fjällmark Bygg AB", "organization_number": number, "email": "x@example.com"},
        "application_contacts": [{"name": "Kim Exempel"}],
        "workplace_address": {"municipality": "Umeå"},
        "occupation": {"label": "Projektledare"},
        "description": {"text": "Vi söker dig.\nVarmt välkommen."},
        "webpage_url": "https://arbetsformedlingen.example/1",
        "timestamp": stamp,
    } | values


def jobs(**options: Any) -> Any:
    """The source."""
    return spec_of("jobs", adapter="jobtech", url="http://news.example/v2/stream", size="bulk", options=options)


def test_ads_and_removals(httpserver: HTTPServer, tmp_path: Path) -> None:
    """An ad names its employer by number; a removed one is not open any more; persons are left out."""
    asked: list[str] = []
    answers = [
        [ad("1"), ad("2", stamp=1_791_180_060_000), ad("3", "8001011234"), ad("4", "5590000005")],
        [{"id": "1", "removed": True, "removed_date": "2026-10-05T12:00:00", "timestamp": 1_791_190_000_000}],
    ]

    def stream(request: Request) -> Response:
        asked.append(request.args["updated-after"])
        return Response(json.dumps(answers[len(asked) - 1]))

    httpserver.expect_request("/v2/stream").respond_with_handler(stream)
    spec = jobs(organizations=["556000-4615"])
    (first,) = run(httpserver, tmp_path, spec)
    assert [d.key for d in first.collected.documents] == ["1", "2"]
    document = first.collected.documents[0]
    assert (document.title, str(document.identifiers[0])) == (
        "Fjällmark Bygg AB: Projektledare bygg",
        "SE-BLV-5560004615",
    )
    assert document.published_at is not None
    assert document.published_at.hour == 6  # Swedish summer time
    assert "Municipality: Umeå" in document.text
    assert "Kim" not in document.text
    assert first.collected.notes == ("1 ads without an organisation number left out",)
    (second,) = run(httpserver, tmp_path, spec, cursors={"jobs": first.collected.cursor})
    assert second.collected.notes == ("1 ads that were open have been removed",)
    assert list(second.collected.cursor["state"]["open"]) == ["2"]
    assert asked == ["2026-10-04T08:00:00", first.collected.cursor["state"]["since"]]


def test_a_surge_at_a_listed_employer(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Against the employer's own past; the notice names it by number."""
    rows: list[dict[str, Any]] = []
    httpserver.expect_request("/v2/stream").respond_with_handler(lambda _: Response(json.dumps(rows)))
    spec, cursor = jobs(organizations=["556000-4615"]), dict[str, Any]()
    for week in range(8):
        rows[:] = [ad("0")] if week < 7 else [ad(str(n), headline=f"Montör {n}") for n in range(20)]
        (outcome,) = run(httpserver, tmp_path, spec, cursors={"jobs": cursor}, now=NOW + timedelta(days=7 * week))
        cursor = dict(outcome.collected.cursor)
    (notice,) = (d for d in outcome.collected.documents if d.kind == "notice")
    assert (notice.stated[0].type, str(notice.identifiers[0])) == ("hiring_surge", "SE-BLV-5560004615")
    assert notice.title == "Fjällmark Bygg AB: 20 open roles, usually 1"


def test_a_cap_leaves_the_latest_for_the_next_run(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Ads are taken by time, whatever their order in the answer."""
    rows = [ad(str(n), stamp=1_791_180_000_000 + n * 60_000) for n in (3, 1, 2)]
    httpserver.expect_request("/v2/stream").respond_with_json(rows)
    (outcome,) = run(httpserver, tmp_path, jobs(max_ads=2))
    assert [d.key for d in outcome.collected.documents] == ["1", "2"]
    assert "max_ads" in outcome.collected.notes[0]
    (rest,) = run(httpserver, tmp_path, jobs(), cursors={"jobs": outcome.collected.cursor})
    assert rest.collected.cursor["state"]["since"] > outcome.collected.cursor["state"]["since"]


@pytest.mark.parametrize("body", ['{"message": "no"}', "", "<html/>"])
def test_another_answer_is_malformed(httpserver: HTTPServer, tmp_path: Path, body: str) -> None:
    """It is not "no ads"."""
    httpserver.expect_request("/v2/stream").respond_with_data(body)
    (outcome,) = run(httpserver, tmp_path, jobs())
    assert outcome.status == "malformed"
