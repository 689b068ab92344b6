"""Who leads whom in Norway: the file of all roles as a baseline, and the feed that says who is new."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from salestrigger.sources.adapters.brreg_baseline import NOBODY, Baseline, fingerprint, rows_of
from salestrigger.sources.collect import SourceOutcome
from salestrigger.sources.records import Collected
from tests.sources.adapters.brreg_data import BASE, entity, role, roles, search_page
from tests.sources.adapters.running import NOW, run, spec_of

URL = f"http://register.example{BASE}"
FIRST, SECOND = "999000101", "999000102"


def collect(
    server: HTTPServer, tmp_path: Path, before: SourceOutcome | None = None, *, days: int = 0, **options: Any
) -> Collected:
    """What one run of the role feed brings."""
    spec = spec_of(adapter="brreg", url=URL, trust="register", size="api", options={"mode": "roles", **options})
    cursor = before.collected.cursor if before else {}
    outcome = run(server, tmp_path, spec, cursors={"a-source": cursor}, now=NOW + timedelta(days=days))[0]
    assert outcome.status in {"ok", "empty"}, outcome.reason
    return outcome.collected


class Register:
    """A register whose leaders change, with its feed and its file."""

    def __init__(self, server: HTTPServer) -> None:
        self.server, self.events = server, 0

    def bulk(self, *entries: dict[str, Any]) -> None:
        """The file of all roles."""
        self.server.expect_request(f"{BASE}/roller/totalbestand").respond_with_data(
            gzip.compress(json.dumps(entries).encode()), headers={"last-modified": "Sun, 04 Oct 2026 02:00:00 GMT"}
        )

    def changed(self, *answers: tuple[str, dict[str, Any]]) -> None:
        """The feed names these organisations, and these are their roles now."""
        self.server.clear_all_handlers()
        events = []
        for number, answer in answers:
            self.events += 1
            events.append({"id": str(self.events), "type": "x", "data": {"organisasjonsnummer": number}})
            self.server.expect_request(f"{BASE}/enheter/{number}/roller").respond_with_json(answer)
        self.server.expect_request(f"{BASE}/oppdateringer/roller").respond_with_json(events)
        found = search_page(*(entity(number) for number, _ in answers))
        self.server.expect_request(f"{BASE}/enheter").respond_with_json(found)


def led_by(first: str, day: str = "2026-10-04", chair: str = "Siv", chair_day: str = "2019-01-01") -> dict[str, Any]:
    """An organisation's roles: its managing director and the chair of its board."""
    return roles(
        ("DAGL", day, [role("DAGL", first, "Påfunnet")]),
        ("STYR", chair_day, [role("MEDL", "Per", "Annensen"), role("LEDE", chair, "Oppspinn")]),
    )


def told(collected: Collected) -> list[str | None]:
    """What the changes say."""
    return [change.after for change in collected.changes]


def outcome_of(server: HTTPServer, tmp_path: Path, **options: Any) -> SourceOutcome:
    """A first run as an outcome, to go on from."""
    spec = spec_of(adapter="brreg", url=URL, trust="register", size="api", options={"mode": "roles", **options})
    return run(server, tmp_path, spec)[0]


def test_the_file_is_a_baseline_that_names_nobody(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Nobody in it is news, no name of it is anywhere on disk, and the feed goes on a day before it was made."""
    register = Register(httpserver)
    register.bulk({"organisasjonsnummer": FIRST, **led_by("Kari")}, {"organisasjonsnummer": SECOND, **led_by("Ola")})
    found = collect(httpserver, tmp_path, bulk=True)
    assert (found.changes, found.records) == ((), ())
    assert found.cursor["state"]["since"] == "2026-10-03T00:00:00.000Z"
    assert "read the holders of 4 roles" in found.notes[0]
    files = [path for path in (tmp_path / "raw").rglob("*") if path.is_file()]
    assert [path.stat().st_size for path in files] == [4 * 6]
    assert not any(name in path.read_bytes() for path in files for name in (b"Kari", b"P\xc3\xa5funnet", b"1970"))


def test_only_another_holder_is_told(httpserver: HTTPServer, tmp_path: Path) -> None:
    """A board whose deputy changed moves its date and is no news; a new director is told, once."""
    register = Register(httpserver)
    register.bulk({"organisasjonsnummer": FIRST, **led_by("Kari")}, {"organisasjonsnummer": SECOND, **led_by("Ola")})
    first = outcome_of(httpserver, tmp_path, bulk=True)
    register.changed((FIRST, led_by("Kari", chair_day="2026-10-04")), (SECOND, led_by("Liv")))
    spec = spec_of(adapter="brreg", url=URL, trust="register", size="api", options={"mode": "roles", "bulk": True})
    second = run(httpserver, tmp_path, spec, cursors={"a-source": first.collected.cursor})[0]
    assert told(second.collected) == ["managing director: Liv Påfunnet"]
    asked = [request.path for request, _ in httpserver.log]
    assert asked.count(f"{BASE}/roller/totalbestand") == 1
    register.changed((SECOND, led_by("Liv")))
    assert told(collect(httpserver, tmp_path, second, bulk=True)) == []
    assert len(list((tmp_path / "raw" / "working").glob("a-source-baseline-*"))) == 1


def test_without_the_file_the_baseline_grows_as_organisations_are_seen(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The first time the register's own date decides; from then on another holder does."""
    register = Register(httpserver)
    register.changed((FIRST, led_by("Kari")))
    first = outcome_of(httpserver, tmp_path)
    assert told(first.collected) == ["managing director: Kari Påfunnet"]
    register.changed((FIRST, led_by("Kari", chair_day="2026-10-05")))
    assert told(collect(httpserver, tmp_path, first)) == []


def test_of_followed_organisations_the_file_also_tells_recent_news(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Who lists organisations hears who leads them since lately; nobody else's fingerprint is kept."""
    register = Register(httpserver)
    register.bulk({"organisasjonsnummer": FIRST, **led_by("Kari")}, {"organisasjonsnummer": SECOND, **led_by("Ola")})
    found = collect(httpserver, tmp_path, bulk=True, organizations=[FIRST])
    assert told(found) == ["managing director: Kari Påfunnet"]
    assert "read the holders of 2 roles" in found.notes[0]


def test_a_director_who_is_not_replaced(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The group may stay without anybody or go away: either way nobody holds the role, said once."""
    register = Register(httpserver)
    register.bulk({"organisasjonsnummer": FIRST, **led_by("Kari")}, {"organisasjonsnummer": SECOND, **led_by("Ola")})
    first = outcome_of(httpserver, tmp_path, bulk=True)
    left = role("DAGL", "Kari", "Påfunnet", fratraadt=True)
    board_only = roles(("STYR", "2019-01-01", [role("LEDE", "Siv", "Oppspinn")]))
    register.changed((FIRST, roles(("DAGL", "2026-10-04", [left]))), (SECOND, board_only))
    spec = spec_of(adapter="brreg", url=URL, trust="register", size="api", options={"mode": "roles", "bulk": True})
    second = run(httpserver, tmp_path, spec, cursors={"a-source": first.collected.cursor})[0]
    assert [(c.record_id[-9:], c.after, c.details["kind"]) for c in second.collected.changes] == [
        (FIRST, None, "DAGL"), (SECOND, None, "DAGL"),
    ]  # fmt: skip
    register.changed((SECOND, board_only))
    assert told(collect(httpserver, tmp_path, second, bulk=True)) == []


def test_a_lost_baseline_is_made_anew_and_loses_no_event(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The feed is read first, by its dates; then the file, which does not undo what was just seen."""
    register = Register(httpserver)
    entry = {"organisasjonsnummer": FIRST, **led_by("Kari", "2020-01-01")}
    register.bulk(entry)
    first = outcome_of(httpserver, tmp_path, bulk=True)
    for path in (tmp_path / "raw" / "working").iterdir():
        path.unlink()
    register.changed((FIRST, led_by("Liv")))
    register.bulk(entry)
    spec = spec_of(adapter="brreg", url=URL, trust="register", size="api", options={"mode": "roles", "bulk": True})
    second = run(httpserver, tmp_path, spec, cursors={"a-source": first.collected.cursor})[0]
    assert told(second.collected) == ["managing director: Liv Påfunnet"]
    register.changed((FIRST, led_by("Liv")))
    assert told(collect(httpserver, tmp_path, second, bulk=True)) == []


def test_a_removed_organisation_leaves_no_fingerprint(httpserver: HTTPServer, tmp_path: Path) -> None:
    """What the register removes on legal grounds goes from the baseline too."""
    register = Register(httpserver)
    register.bulk({"organisasjonsnummer": FIRST, **led_by("Kari")}, {"organisasjonsnummer": SECOND, **led_by("Ola")})
    first = outcome_of(httpserver, tmp_path, bulk=True)
    register.changed((FIRST, led_by("Kari")))
    httpserver.clear_all_handlers()
    rows = [{"id": "1", "data": {"organisasjonsnummer": FIRST}}]
    httpserver.expect_request(f"{BASE}/oppdateringer/roller").respond_with_json(rows)
    httpserver.expect_request(f"{BASE}/enheter").respond_with_json(search_page())
    httpserver.expect_request(f"{BASE}/enheter/{FIRST}").respond_with_data("{}", status=410)
    found = collect(httpserver, tmp_path, first, bulk=True)
    assert found.removed == (f"NO-BRC-{FIRST}",)
    kept = tmp_path / "raw" / "working" / f"a-source-baseline-{found.cursor['state']['baseline']}"
    assert kept.stat().st_size == 2 * 6


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'[{"navn": "' + b"x" * 200, b'[{"organisasjonsnummer": 1}'])
def test_a_file_that_is_none_moves_no_cursor(httpserver: HTTPServer, tmp_path: Path, body: bytes) -> None:
    """An empty array is a register without leaders, which is not believed either."""
    httpserver.expect_request(f"{BASE}/roller/totalbestand").respond_with_data(body)
    spec = spec_of(adapter="brreg", url=URL, trust="register", size="api", options={"mode": "roles", "bulk": True})
    outcome = run(httpserver, tmp_path, spec)[0]
    assert (outcome.status, outcome.collected.cursor) == ("malformed", {})


def test_a_fingerprint_names_nobody() -> None:
    """It differs between organisations and roles, not by how a name is written, and has room for 16 bits only."""
    assert fingerprint(FIRST, "DAGL", "Kari  Påfunnet") == fingerprint(FIRST, "DAGL", "KARI PÅFUNNET")
    assert fingerprint(FIRST, "DAGL", "Kari Påfunnet") != fingerprint(SECOND, "DAGL", "Kari Påfunnet")
    assert fingerprint(FIRST, "DAGL", " ") == NOBODY
    values = {fingerprint(FIRST, "DAGL", f"Person {n}") for n in range(20_000)}
    assert min(values) > NOBODY
    assert max(values) < 1 << 16
    assert len(values) < 19_000  # many names share a value


def test_what_was_seen_stands_over_what_a_file_says() -> None:
    """A file is older than what was just asked; a removed organisation is in neither."""
    baseline = Baseline(rows_of({(FIRST, "DAGL"): 1}))
    baseline.see(FIRST, "DAGL", 2)
    baseline.load([rows_of({(FIRST, "DAGL"): 3, ("000000000", "STYR"): 4})])
    assert (baseline.known(FIRST, "DAGL"), baseline.known("000000000", "STYR")) == (2, 4)
    assert baseline.known("999999999", "STYR") is None
