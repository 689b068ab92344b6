"""A second reader in the daily run and over files: asked after the rules, accounted for, never depended on."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from salestrigger.flows.detect_files import detect_file
from salestrigger.flows.reader_file import reader_from_options
from tests.flows.conftest import every_row, run_demo
from tests.flows.test_chat import completion, serve

#: What differs by design when there is a second reader that never answers.
ABOUT_READING = {"second_readings", "second_reading_differences"}


def home_with_reader(home: Path, server: HTTPServer, mode: str = "doubtful", more: str = "") -> Path:
    text = f'mode = "{mode}"\nurl = "{server.url_for("/v1")}"\nmodel = "tiny"\nparallel = 2\n{more}'
    (home / "second_reader.toml").write_text(text, encoding="utf-8")
    return home


def ask(home: Path, statement: str) -> list[tuple[object, ...]]:
    database = home / "var" / "demo" / "published" / "salestrigger.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(statement).fetchall()


def test_a_run_with_a_reader_that_is_no_use_stores_what_the_rules_found(
    first_day: Path, tmp_path: Path, httpserver: HTTPServer
) -> None:
    """Prose, an error, an invented event, 429 for hours: every row but the account of it is the same, and the account
    says why."""
    invented = '{"events": [{"type": "insolvency", "modality": "completed", "quote": "x", "roles": []}]}'
    turns = iter([completion("They buy it, I think."), Response("oh", 500), completion(invented), completion("{}")])
    busy = Response("busy", 429, headers={"Retry-After": "7200"})
    serve(httpserver, lambda _r: next(turns, busy))
    run_demo(home_with_reader(tmp_path, httpserver), 1)
    database = Path("var") / "demo" / "warehouse.duckdb"
    with_reader, without = every_row(tmp_path / database), every_row(first_day / database)
    for table in without.keys() - ABOUT_READING:
        assert with_reader[table] == without[table], table
    outcomes = dict(ask(tmp_path, "SELECT outcome, count(*) FROM second_readings GROUP BY ALL"))
    assert {"no_json", "http_500", "ungrounded", "wrong_shape", "http_429"} <= outcomes.keys()
    assert outcomes.keys() <= {"no_json", "http_500", "ungrounded", "wrong_shape", "http_429", "retry_after", "gave_up"}


def test_what_the_reader_says_reaches_events_and_account(tmp_path: Path, httpserver: HTTPServer) -> None:
    """A reader that sees no event anywhere takes those that the rules doubted; share, tokens, cost and differences are
    in the warehouse, and a second run of the day asks nothing again."""
    asked = serve(httpserver, lambda _r: completion())
    home = home_with_reader(tmp_path, httpserver, more="price_input = 1.0\nprice_output = 2.0\n")
    run = run_demo(home, 1)
    (row,) = ask(
        home, "SELECT given_document_count, read_document_count, changed_document_count, input_token_count, cost, "
        "document_count, given_share FROM second_reader_runs",
    )  # fmt: skip
    given, read, changed, tokens, cost, documents, share = row
    assert given == read == run.counts()["documents read again"]
    assert 0 < len(asked) <= given, "two outlets with one text are one question"
    assert (tokens, share) == (100 * len(asked), given / documents)
    assert cost == pytest.approx(len(asked) * 120 / 1_000_000)
    dropped = ask(home, "SELECT count(DISTINCT document_id) FROM second_reading_differences WHERE kind = 'only_rules'")
    lost = ask(home, "SELECT count(*) FROM documents WHERE outcome = 'read_as_none'")
    assert changed == dropped[0][0] == lost[0][0] > 0


def test_detect_asks_a_reader_too(tmp_path: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over files, with the address and model as options; one line says what came of it."""
    quote = "Brackwater Foods reportedly buys Pennine Pies"
    roles = [{"role": "acquirer", "name": "Brackwater Foods"}, {"role": "target", "name": "Pennine Pies"}]
    event = {"type": "acquisition", "modality": "planned", "quote": quote, "roles": roles, "attributes": []}
    serve(httpserver, lambda _r: completion(json.dumps({"events": [event]})))
    monkeypatch.chdir(tmp_path)
    documents, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    titles = [quote, "Sun expected at the weekend"]
    rows = [{"document_id": str(i), "title": t, "text": "", "language": "en"} for i, t in enumerate(titles)]
    documents.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    reader = reader_from_options(httpserver.url_for("/v1"), "tiny", "wide")
    says = detect_file(documents, out, universe=None, reader=reader)
    first, second = (json.loads(line) for line in out.read_text(encoding="utf-8").splitlines())
    assert [e["modality"] for e in first["events"]] == ["planned"]
    assert second["outcome"] == "no_cue_word"
    assert "given 1 of 2 documents (50 %), read 1" in says
