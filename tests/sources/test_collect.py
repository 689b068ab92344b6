"""Running sources: what each way of going wrong becomes, and that nobody pays for another's."""

from __future__ import annotations

import asyncio
import gzip
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from salestrigger.sources import collect as collect_module
from salestrigger.sources.adapters import Session
from salestrigger.sources.check import check_sources, report_of
from salestrigger.sources.collect import SourceSession, paces_of
from salestrigger.sources.errors import FetchError, StorageError
from salestrigger.sources.http import Fetcher, FetchPolicy, Local, Response
from salestrigger.sources.raw import RawStore
from salestrigger.sources.raw_queue import RawQueue
from salestrigger.sources.records import Collected
from tests.sources.adapters.running import HOST, NOW, run, spec_of

RSS = (
    '<rss version="2.0"><channel><title>A</title>'
    "<item><title>Fjellmørk AS utvider</title><guid isPermaLink='false'>1</guid>"
    "<pubDate>Sun, 04 Oct 2026 08:00:00 GMT</pubDate></item></channel></rss>"
)
OLD = {"state": {"x": 1}, "http": {}, "reading": ""}


@pytest.mark.parametrize(
    ("status", "body", "expected", "reason"),
    [
        (200, RSS, "ok", ""),
        (200, '<rss version="2.0"><channel><title>A</title></channel></rss>', "empty", ""),
        (200, '<rss version="2.0"><channel><item><guid>1</guid></item></channel></rss>', "empty", "set_aside"),
        (200, "<html><body>Log in</body></html>", "malformed", "malformed"),
        (404, "gone", "failed", "http_404"),
        (410, "gone", "failed", "http_410"),
        (403, "no", "refused", "http_403"),
        (500, "oops", "failed", "http_500"),
    ],
)
def test_every_answer_has_its_status(
    httpserver: HTTPServer, tmp_path: Path, status: int, body: str, expected: str, reason: str
) -> None:
    """Each answer becomes one status with a stable word, and only ok and empty move the cursor."""
    httpserver.expect_request("/feed").respond_with_data(body, status=status)
    (outcome,) = run(httpserver, tmp_path, spec_of(), cursors={"a-source": OLD})
    assert (outcome.status, outcome.reason.split(":")[0]) == (expected, reason)
    assert (outcome.collected.cursor == OLD) == (expected not in collect_module.MOVING)
    assert (outcome.documents_ref is not None) == (expected == "ok")


def test_bodies_and_documents_are_in_the_raw_store(httpserver: HTTPServer, tmp_path: Path) -> None:
    """What was collected can be read again from the raw store."""
    httpserver.expect_request("/feed").respond_with_data(RSS)
    (outcome,) = run(httpserver, tmp_path, spec_of())
    assert outcome.documents_ref is not None
    assert RawStore(tmp_path / "raw").documents(outcome.documents_ref) == outcome.collected.documents
    assert len(list((tmp_path / "raw").rglob("*.body.gz"))) == 1
    assert (outcome.requests, outcome.bytes, outcome.started_at) == (1, len(RSS.encode()), NOW)
    assert outcome.seconds >= 0


def test_what_cannot_be_read_is_kept_too(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The body that a source failed over is what one wants to look at."""
    httpserver.expect_request("/feed").respond_with_data("<html>log in</html>", content_type="text/html")
    (outcome,) = run(httpserver, tmp_path, spec_of())
    assert outcome.status == "malformed"
    (kept,) = (tmp_path / "raw").rglob("*.body.gz")
    assert gzip.decompress(kept.read_bytes()) == b"<html>log in</html>"


def test_one_source_stops_nobody(
    httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An adapter's own fault is logged with its traceback and fails that source alone; the order is kept."""

    async def broken(session: Session) -> Collected:
        raise KeyError("surprise")

    real = collect_module.adapter
    monkeypatch.setattr(collect_module, "adapter", lambda name: broken if name == "page" else real(name))
    httpserver.expect_request("/feed").respond_with_data(RSS)
    specs = [
        spec_of("one"),
        spec_of("two", adapter="page"),
        spec_of("three", url="http://nowhere.example/"),
        spec_of("four"),
    ]
    with caplog.at_level(logging.ERROR):
        outcomes = run(httpserver, tmp_path, *specs)
    assert [(o.source_id, o.status) for o in outcomes] == [
        ("one", "ok"), ("two", "failed"), ("three", "failed"), ("four", "ok"),
    ]  # fmt: skip
    assert outcomes[1].reason == "bug: KeyError: 'surprise'"
    assert "KeyError: 'surprise'" in caplog.text
    assert outcomes[2].reason.startswith("unknown_host: ")


def test_wrong_options_at_run_time_are_a_status(httpserver: HTTPServer, tmp_path: Path) -> None:
    """A declaration that slipped through fails its source only."""
    (outcome,) = run(httpserver, tmp_path, spec_of(options={"kind": "gossip"}))
    assert (outcome.status, outcome.reason.split(":")[0]) == ("malformed", "declaration")


def test_a_raw_store_that_cannot_be_written_stops_the_run(httpserver: HTTPServer, tmp_path: Path) -> None:
    """A full disk is no source's fault."""
    httpserver.expect_request("/feed").respond_with_data(RSS)
    (tmp_path / "raw").write_text("a file where the folder belongs", encoding="utf-8")
    with pytest.raises(StorageError):
        run(httpserver, tmp_path, spec_of())


def test_hosts_keep_the_slowest_pace() -> None:
    """Two sources on one host: the more patient one decides."""
    specs = [spec_of("a", pace_s=1.0), spec_of("b", pace_s=7.0), spec_of("c", adapter="accounts", url="accounts.csv")]
    assert paces_of(specs) == {HOST: 7.0}


def test_progress_is_told_as_sources_end(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Every outcome is reported once."""
    httpserver.expect_request("/feed").respond_with_data(RSS)
    seen: list[str] = []
    collect_module.collect_all(
        [spec_of("a"), spec_of("b")],
        {},
        policy=FetchPolicy(default_pace_s=0.0, retries=0),
        route=Local({HOST: (httpserver.host, httpserver.port)}),
        raw_root=tmp_path,
        now=NOW,
        on_done=lambda outcome: seen.append(outcome.source_id),
    )
    assert sorted(seen) == ["a", "b"]


def test_a_check_reports_what_is_seen_and_keeps_nothing(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The report says status, counts, newest date, languages and what is missing."""
    httpserver.expect_request("/feed").respond_with_data(RSS)
    (report,) = check_sources(
        [spec_of()],
        policy=FetchPolicy(default_pace_s=0.0, retries=0),
        route=Local({HOST: (httpserver.host, httpserver.port)}),
        now=NOW,
    )
    assert (report.status, report.documents, report.records) == ("ok", 1, 0)
    assert report.newest_at == report.oldest_at == datetime(2026, 10, 4, 8, tzinfo=UTC)
    assert report.languages == (("not declared", 1),)
    assert report.missing == ("no text: 1 of 1", "no link: 1 of 1", "no declared language: 1 of 1")
    assert list(tmp_path.iterdir()) == []


def test_a_quiet_source_is_noticed(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Nothing new for long is said, since the feed may have moved."""
    httpserver.expect_request("/feed").respond_with_data(RSS)
    (outcome,) = run(httpserver, tmp_path, spec_of())
    later: Any = report_of(outcome, now=NOW + timedelta(days=60))
    assert "quiet: nothing newer than 2026-10-04" in later.missing


def test_a_source_that_wants_a_key_says_where_it_belongs(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Without the key nothing is asked; with it, the adapter can send it."""
    spec = spec_of(key_env="A_SOURCE_KEY", key_from="https://register.example/keys")

    def key(keys: dict[str, str]) -> str:
        fetcher = Fetcher(FetchPolicy(keys=keys), route=Local({}))
        return SourceSession(spec, {}, fetcher=fetcher, raw=RawQueue(RawStore(tmp_path)), now=NOW).key()

    assert key({"a-source": "k-123"}) == "k-123"
    with pytest.raises(FetchError, match="no_key: set A_SOURCE_KEY; get one at https"):
        key({"another": "k-123"})
    assert "k-123" not in repr(FetchPolicy(keys={"a-source": "k-123"}))


def test_a_session_can_post(httpserver: HTTPServer, tmp_path: Path) -> None:
    """A search that takes its query in the body."""
    httpserver.expect_oneshot_request("/search", method="POST", data="{}").respond_with_json({"hits": 2})

    async def search() -> bytes:
        route = Local({HOST: (httpserver.host, httpserver.port)})
        async with Fetcher(FetchPolicy(default_pace_s=0.0), route=route) as fetcher:
            session = SourceSession(spec_of(), {}, fetcher=fetcher, raw=RawQueue(RawStore(tmp_path)), now=NOW)
            answer = await session.get(f"http://{HOST}/search", post=b"{}")
            return answer.body if isinstance(answer, Response) else b""

    assert b"hits" in asyncio.run(search())
