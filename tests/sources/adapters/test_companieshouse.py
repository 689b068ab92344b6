"""The British register, with invented companies in the true shape."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.sources.adapters.companieshouse import events_of
from salestrigger.sources.adapters.companieshouse_records import FILINGS
from salestrigger.sources.collect import SourceOutcome, collect_all
from salestrigger.sources.http import FetchPolicy, Local
from tests.sources.adapters.running import NOW, spec_of

PROFILE = {
    "company_number": "01234567",
    "company_name": "FELLMOOR ROBOTICS LTD",
    "company_status": "active",
    "type": "ltd",
    "date_of_creation": "2014-03-25",
    "sic_codes": ["68100"],
    "registered_office_address": {
        "address_line_1": "1 Example Road",
        "locality": "Canterbury",
        "postal_code": "CT1 3DZ",
    },
    "previous_company_names": [{"name": "FELL LTD", "ceased_on": "2026-09-28", "effective_from": "2014-03-25"}],
}


def house(mode: str, path: str = "", **options: Any) -> Any:
    """The source."""
    url = f"http://news.example{path}"
    return spec_of(
        "ch", adapter="companieshouse", url=url, size="api", key_env="CH_KEY", options={"mode": mode, **options}
    )


def run(server: HTTPServer, tmp_path: Path, spec: Any, *, key: str = "secret-key", **cursors: Any) -> SourceOutcome:
    """The outcome, with the user's key."""
    policy = FetchPolicy(default_pace_s=0.0, retries=0, deadline_s=10.0, keys={"ch": key} if key else {})
    route = Local({"news.example": (server.host, server.port)})
    (outcome,) = collect_all([spec], cursors, policy=policy, route=route, raw_root=tmp_path / "raw", now=NOW)
    return outcome


def test_a_watched_company(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Its profile, its recent filings as stated events, a new director by name and nothing else of persons."""
    httpserver.expect_request(
        "/company/01234567", headers={"authorization": "Basic c2VjcmV0LWtleTo="}
    ).respond_with_json(PROFILE)
    httpserver.expect_request("/company/00000009").respond_with_data("", status=404)
    filings = [
        {"transaction_id": "T1", "type": "MR01", "date": "2026-10-01", "description": "mortgage-create-with-deed"},
        {"transaction_id": "T2", "type": "CS01", "date": "2026-09-20", "description": "confirmation-statement"},
        {"transaction_id": "T3", "type": "AD01", "date": "2020-01-01", "description": "change-registered-office"},
    ]
    httpserver.expect_request("/company/01234567/filing-history").respond_with_json({"items": filings})
    officers = [
        {
            "name": "EXAMPLE, Alex",
            "officer_role": "director",
            "appointed_on": "2026-09-30",
            "date_of_birth": {"year": 1970},
            "links": {"self": "/a/1"},
        },
        {
            "name": "GONE, Robin",
            "officer_role": "director",
            "appointed_on": "2010-01-01",
            "resigned_on": "2026-09-29",
            "links": {"self": "/a/2"},
        },
        {"name": "OLD, Sam", "officer_role": "secretary", "appointed_on": "2026-09-30"},
    ]
    httpserver.expect_request("/company/01234567/officers").respond_with_json({"items": officers})
    outcome = run(httpserver, tmp_path, house("watch", organizations=["1234567", "00000009"], with_officers=True))
    (record,) = outcome.collected.records
    assert (record.record_id, record.status, record.industries[0].codeset) == ("GB-COH-01234567", "active", "SIC2007")
    first, second = outcome.collected.documents
    assert [(e.type, e.roles[0].role, e.roles[0].name) for e in first.stated] == [
        ("debt_financing", "recipient", "FELLMOOR ROBOTICS LTD")
    ]
    assert (second.stated, str(first.identifiers[0])) == ((), "GB-COH-01234567")
    roles = [change for change in outcome.collected.changes if change.field == "roles"]
    assert [(c.after, c.details.get("holder")) for c in roles] == [
        ("director appointed", "EXAMPLE, Alex"),
        ("director resigned", None),
    ]
    assert next(c for c in outcome.collected.changes if c.field == "name").before == "FELL LTD"
    assert outcome.collected.set_aside == (("GB-COH-00000009", "not in the register"),)


def test_without_a_key_it_is_refused(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The reason says which variable is missing."""
    outcome = run(httpserver, tmp_path, house("watch", organizations=["01234567"]), key="")
    assert outcome.status == "refused"
    assert "CH_KEY" in outcome.reason


def test_every_stated_filing_is_of_the_lexicon() -> None:
    """Types and roles are those of the lexicon."""
    lexicon = load_lexicon()
    assert all(not type_ or role in lexicon.types[type_].roles for type_, role in FILINGS.values())


def event(timepoint: int, number: str = "01234567") -> bytes:
    """One event of the stream."""
    body = {
        "resource_kind": "company-profile",
        "resource_uri": f"/company/{number}",
        "data": PROFILE | {"company_number": number},
        "event": {"timepoint": timepoint, "type": "changed"},
    }
    return json.dumps(body).encode() + b"\n"


def test_the_stream_is_listened_to_and_taken_up_again(httpserver: HTTPServer, tmp_path: Path) -> None:
    """A stream without end gives what came; the next run goes on from its timepoint; one too old is said."""
    asked: list[str | None] = []

    def stream(request: Request) -> Response:
        asked.append(request.args.get("timepoint"))
        if request.args.get("timepoint") == "7":
            return Response("", status=416)

        def chunks() -> Iterator[bytes]:
            yield event(41) + b"\n\n"
            yield event(42, "SC123456") + event(43)[:30]
            import time

            for _ in range(40):
                time.sleep(0.1)
                yield b"\n"

        return Response(chunks(), content_type="application/json")

    httpserver.expect_request("/companies").respond_with_handler(stream)
    spec = house("stream", "/companies", listen_s=1)
    outcome = run(httpserver, tmp_path, spec)
    assert [r.identifier for r in outcome.collected.records] == ["01234567", "SC123456"]
    assert outcome.collected.cursor["state"] == {"timepoint": 42}
    again = run(httpserver, tmp_path, spec, ch=outcome.collected.cursor)
    assert again.status == "ok"
    old = run(httpserver, tmp_path, spec, ch={"state": {"timepoint": 7}})
    assert old.collected.notes[0].startswith("the stream no longer has timepoint 7: changes since then are missing;")
    assert asked == [None, "42", "7", None]


@pytest.mark.parametrize(("published", "notes"), [("2026-10-05T07:30:00", 0), ("2026-10-04T08:00:00Z", 1), ("", 0)])
def test_a_stream_that_we_do_not_keep_up_with_says_so(
    httpserver: HTTPServer, tmp_path: Path, published: str, notes: int
) -> None:
    """What was heard last and is hours old was waiting for us."""
    row = json.loads(event(7))
    row["event"]["published_at"] = published
    httpserver.expect_request("/companies").respond_with_data(json.dumps(row) + "\n")
    outcome = run(httpserver, tmp_path, house("stream", "/companies", listen_s=1))
    assert len(outcome.collected.notes) == notes


def test_broken_lines_of_a_stream_are_set_aside() -> None:
    """Heartbeats are nothing, a cut last line is nothing yet, a broken line in between is set aside."""
    aside: list[tuple[str, str]] = []
    events = list(events_of(b"\n\n" + event(1) + b"{broken}\n[]\n" + event(2)[:20], aside))
    assert len(events) == 1
    assert [where for where, _ in aside] == ["line 4", "line 5"]
