"""Wikidata's query service, with invented items."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.sources.adapters.running import run, spec_of


def row(item: str, number: str, names: str, aliases: str = "", **values: str) -> dict[str, Any]:
    """One result."""
    cells = {
        "item": f"http://www.wikidata.org/entity/{item}",
        "number": number,
        "names": names,
        "aliases": aliases,
    } | values
    return {key: {"type": "literal", "value": value} for key, value in cells.items()}


def wikidata(**options: Any) -> Any:
    """The source."""
    return spec_of("wd", adapter="wikidata", url="http://news.example/sparql", size="api", options=options)


def test_names_aliases_and_websites_with_the_registers_number(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Pages to the end; a wrong number or no name is set aside."""
    rows = [
        row(
            "Q1",
            "974 760 673",
            "Fjellmørk|Fjellmork",
            "FM|Fjellmørk",
            website="http://fjellmork.example/",
            official="Fjellmørk AS",
        ),
        row("Q2", "123456789", "Feil nummer"),
        row("Q3", "964965781", ""),
    ]
    queries: list[str] = []

    def answer(request: Request) -> Response:
        query = request.args["query"]
        queries.append(query)
        start = int(query.rpartition("OFFSET ")[2])
        return Response(json.dumps({"results": {"bindings": rows[start : start + 2]}}))

    httpserver.expect_request("/sparql").respond_with_handler(answer)
    (outcome,) = run(httpserver, tmp_path, wikidata(scheme="NO-BRC", languages=["nb", "en"], page_size=2))
    (record,) = outcome.collected.records
    assert (record.record_id, [str(i) for i in record.other_ids]) == ("XI-WIKIDATA-Q1", ["NO-BRC-974760673"])
    assert [n.text for n in record.names] == ["Fjellmørk AS", "Fjellmørk", "Fjellmork", "FM"]
    assert record.website == "http://fjellmork.example/"
    assert len(outcome.collected.set_aside) == 2
    assert len(queries) == 2
    assert 'IN ("nb", "en", "mul")' in queries[0]


def test_asked_numbers_cannot_end_the_query(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Only letters, digits and hyphens go into a literal."""
    asked: list[str] = []

    def answer(request: Request) -> Response:
        asked.append(request.args["query"])
        return Response('{"results": {"bindings": []}}')

    httpserver.expect_request("/sparql").respond_with_handler(answer)
    (outcome,) = run(
        httpserver, tmp_path, wikidata(scheme="NL-KVK", organizations=['01234567" } #', "76543210"], page_size=1)
    )
    assert outcome.status == "empty"
    assert ['VALUES ?number { "01234567" }' in asked[0], 'VALUES ?number { "76543210" }' in asked[1]] == [True, True]


@pytest.mark.parametrize(("body", "status", "expected"), [
    ("java.util.concurrent.TimeoutException", 200, "malformed"),
    ('{"results": {}}', 200, "malformed"),
    ("Too many requests", 429, "refused"),
])  # fmt: skip
def test_what_is_no_answer(httpserver: HTTPServer, tmp_path: Path, body: str, status: int, expected: str) -> None:
    """A query that was cut comes as text with status 200."""
    httpserver.expect_request("/sparql").respond_with_data(body, status=status)
    (outcome,) = run(httpserver, tmp_path, wikidata(scheme="NO-BRC"))
    assert outcome.status == expected
