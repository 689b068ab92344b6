"""Recordings: what a manifest may say, what is written down, and what never is."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from salestrigger.sources.errors import DeclarationError
from salestrigger.sources.http import Fetcher, FetchPolicy, NotModified, Replay, Request, Response
from salestrigger.sources.masking import is_secret_header, is_secret_parameter, mask_url, secrets_of
from salestrigger.sources.recording import Recorder, read_manifest
from tests.sources.site import NOW, reason


def manifest(folder: Path, *lines: Any) -> Path:
    """Write a manifest; strings as they are, all else as JSON."""
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    (folder / "manifest.jsonl").write_text(text, encoding="utf-8")
    return folder


def replayed(folder: Path, *requests: Request, root: Path | None = None) -> list[Response | NotModified]:
    async def run() -> list[Response | NotModified]:
        async with Fetcher(FetchPolicy(), route=Replay(folder, root), now=lambda: NOW) as fetcher:
            return [await fetcher.fetch(request) for request in requests]

    return asyncio.run(run())


def test_a_hand_written_manifest_points_into_any_folder(tmp_path: Path) -> None:
    """The root may be a directory of samples given at run time; the clock is the recording's own."""
    samples = tmp_path / "samples"
    samples.mkdir()
    (samples / "feed.xml").write_bytes(b"<rss/>")
    folder = manifest(
        tmp_path, {"clock": "2026-03-02T05:00:00Z"}, {"url": "https://News.example/feed", "body": "feed.xml"}
    )
    with pytest.raises(DeclarationError, match="no such file"):
        read_manifest(folder)
    assert read_manifest(folder, samples).clock == datetime(2026, 3, 2, 5, tzinfo=UTC)
    (response,) = replayed(folder, Request("https://news.example/feed"), root=samples)
    assert isinstance(response, Response)
    assert (response.body, response.fetched_at) == (b"<rss/>", NOW)


def test_the_same_address_is_served_in_order_and_the_last_one_again(tmp_path: Path) -> None:
    """A source that changes can be recorded; methods are told apart; a condition may find nothing changed."""
    for name in ("1", "2", "p"):
        (tmp_path / name).write_text(name)
    url = "https://news.example/feed"
    manifest(
        tmp_path,
        {"url": url, "body": "1"},
        {"url": url, "status": 304},
        {"url": url, "body": "2"},
        {"url": url, "method": "POST", "body": "p"},
    )
    get = Request(url, etag='"x"')
    got = replayed(tmp_path, get, get, Request(url, method="POST", body=b"q"), get, get)
    assert [r.body if isinstance(r, Response) else b"304" for r in got] == [b"1", b"304", b"p", b"2", b"2"]


def test_replay_keeps_the_guards(tmp_path: Path) -> None:
    """A recording cannot lead anywhere that the live route would not go, and never to the network."""
    manifest(tmp_path, {"url": "https://news.example/a", "status": 302, "headers": {"location": "file:///etc/passwd"}})

    async def run() -> list[str]:
        async with Fetcher(FetchPolicy(), route=Replay(tmp_path)) as fetcher:
            return [await reason(fetcher, f"https://news.example/{path}") for path in ("a", "b")]

    assert asyncio.run(run()) == ["bad_scheme", "not_recorded"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["{"], "not JSON"),
        (["[1]"], "not a JSON object"),
        ([{"clock": "2026-03-02T05:00:00"}], "timezone"),
        ([{"url": "https://a.example", "colour": 1}], "colour"),
        ([{"status": 200}], "url"),
        ([{"url": "https://a.example", "status": 99}], "status"),
        (["[" * 100_000], "not JSON"),
        ([{"url": "https://a.example", "body": "../secret"}], "outside"),
        ([{"url": "https://a.example", "body": "/etc/passwd"}], "outside"),
        (
            [{"clock": "2026-03-02T05:00:00Z"}, {"url": "https://a.example"}, {"clock": "2026-03-02T05:00:00Z"}],
            "line 3",
        ),
    ],
)
def test_a_wrong_manifest_is_refused_with_its_line(tmp_path: Path, lines: list[Any], message: str) -> None:
    """Whoever wrote it learns where to look."""
    with pytest.raises(DeclarationError) as caught:
        read_manifest(manifest(tmp_path, *lines))
    assert message in str(caught.value)
    assert "line" in str(caught.value)


def test_no_manifest_is_an_error_before_any_fetching(tmp_path: Path) -> None:
    """A route to nowhere is found out when the door is made."""
    with pytest.raises(DeclarationError):
        Fetcher(FetchPolicy(), route=Replay(tmp_path / "none"))


SECRETS = ["s3cret-bearer", "s3cret-cookie", "s3cret-key", "s3cret-query", "s3cret/sig+1", "s3cret-answer"]


def test_secrets_are_never_written(tmp_path: Path) -> None:
    """Neither what was sent, nor what the server repeats in its links, headers and body."""
    sent = {"authorization": "Bearer s3cret-bearer", "cookie": "a=s3cret-cookie", "x-api-key": "s3cret-key"}
    url = "https://api.example/v1?apiKey=s3cret-query&q=1&sig=s3cret%2Fsig%2B1"
    headers = {
        "Set-Cookie": "id=s3cret-answer",
        "Content-Type": "application/json",
        "X-Auth-Token": "s3cret-answer",
        "Location": "https://api.example/v2?apiKey=s3cret-query",
        "Link": "<https://api.example/s3cret-key>",
    }
    body = b'{"next": "/v1?apiKey=s3cret-query&p=2", "you": ["s3cret-bearer", "s3cret-key", "s3cret/sig+1"]}'
    recorder = Recorder(tmp_path, clock=NOW)
    recorder.add(("GET", url, sent), 200, headers, body=body, at=NOW)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert [secret for secret in SECRETS if secret.encode() in written] == []
    exchange = read_manifest(tmp_path).exchanges[0]
    assert exchange.url == "https://api.example/v1?apiKey=MASKED&q=1&sig=MASKED"
    assert exchange.headers["content-type"] == "application/json"


def test_a_recording_can_be_continued(tmp_path: Path) -> None:
    """A second session appends, and its bodies do not overwrite the first one's."""
    for text in (b"one", b"two"):
        Recorder(tmp_path, clock=NOW).add(("GET", f"https://a.example/{text.decode()}", {}), 200, {}, body=text, at=NOW)
    got = replayed(tmp_path, Request("https://a.example/one"), Request("https://a.example/two"))
    assert [r.body for r in got if isinstance(r, Response)] == [b"one", b"two"]


@pytest.mark.parametrize(
    "name", ["Authorization", "cookie", "Set-Cookie", "X-Api-Key", "Ocp-Apim-Subscription-Key", "X-CSRF-Token"]
)
def test_headers_with_secrets_are_known(name: str) -> None:
    """By what they are called, in any case."""
    assert is_secret_header(name)


def test_parameters_with_secrets_are_known() -> None:
    """Keys, tokens, signatures and passwords, however spelled; pages and sort orders are none."""
    secret = [
        "token",
        "key",
        "sig",
        "password",
        "apikey",
        "api_key",
        "api-key",
        "access_token",
        "X-Api-Key",
        "client%5Fsecret",
    ]
    assert [name for name in secret if not is_secret_parameter(name)] == []
    assert [
        name for name in ("q", "pageToken", "sortkey", "keyword", "nextPageKey", "") if is_secret_parameter(name)
    ] == []


def test_masking_keeps_everything_else() -> None:
    """An address without secrets is unchanged; user names go too."""
    assert mask_url("https://a.example/x?q=a+b&page=2#key") == "https://a.example/x?q=a+b&page=2#key"
    assert mask_url("https://u:p@a.example/?key=1;token=2") == "https://MASKED@a.example/?key=MASKED;token=MASKED"
    assert secrets_of("https://a.example/?key=short", {"X-Api-Key": "longenough"}) == ("longenough",)
