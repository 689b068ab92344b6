"""The door: guards, limits, pace, robots, conditional requests, redirects, recording, on a real local server."""

from __future__ import annotations

import asyncio
import gzip
import json
import pickle
import zlib
from pathlib import Path
from typing import Any

import pytest

from salestrigger.sources.errors import FetchError
from salestrigger.sources.http import Fetcher, FetchPolicy, Live, Local, NotModified, Replay, Request, Response, Seams
from salestrigger.sources.reasons import is_known
from tests.sources.site import NOW, Clock, Site, answer, gzipped, moved, reason, with_site

URL = "http://news.example/feed"


def fetched(pages: dict[Any, Any], **options: Any) -> Response:
    """The answer to URL."""
    got: list[Response | NotModified] = []

    async def test(fetcher: Fetcher, site: Site) -> None:
        got.append(await fetcher.fetch(Request(URL)))

    with_site(pages, test, **options)
    assert isinstance(got[0], Response)
    return got[0]


def refused(pages: dict[Any, Any], **options: Any) -> tuple[FetchError, Site]:
    """The error of fetching URL, and the site."""
    got: list[FetchError] = []
    request = options.pop("request", Request(URL))

    async def test(fetcher: Fetcher, site: Site) -> None:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(request)
        got.append(caught.value)

    site = with_site(pages, test, **options)
    assert is_known(got[0].reason)
    return got[0], site


def test_an_answer_comes_back_whole_with_its_validators_and_time() -> None:
    """Body, status, lower-case headers, ETag, Last-Modified and the injected time are all there."""
    response = fetched({"/feed": answer(b"<rss/>", ETag='"a1"', Last_Modified="Mon, 02 Mar 2026 04:00:00 GMT")})
    assert (response.status, response.body, response.url, response.request_url) == (200, b"<rss/>", URL, URL)
    assert (response.etag, response.last_modified) == ('"a1"', "Mon, 02 Mar 2026 04:00:00 GMT")
    assert response.headers["content-length"] == "6"
    assert response.fetched_at == NOW
    assert response.moved_to is None


def test_a_gzip_body_is_decoded_and_only_gzip_is_asked_for() -> None:
    """The body is plain, and the request asked for gzip alone and said who we are."""

    async def test(fetcher: Fetcher, site: Site) -> None:
        response = await fetcher.fetch(Request(URL))
        assert isinstance(response, Response)
        assert response.body == b"hello" * 100

    site = with_site({"/feed": gzipped(b"hello" * 100)}, test)
    assert site.asked[-1].headers["accept-encoding"] == "gzip"
    assert site.asked[-1].headers["user-agent"] == "salestrigger/test"


@pytest.mark.parametrize("status", [404, 410])
def test_gone_is_an_answer_for_the_adapter(status: int) -> None:
    """404 and 410 come back as responses."""
    assert fetched({"/feed": answer(b"gone", status)}).status == status


@pytest.mark.parametrize("status", [400, 401, 403, 451])
def test_other_statuses_are_errors_with_their_number(status: int) -> None:
    """A status that is no answer is refused by its number, and asked once only."""
    error, site = refused({"/feed": answer(b"no", status)})
    assert error.reason == f"http_{status}"
    assert site.targets() == ["/feed"]


def test_validators_are_sent_and_not_modified_comes_back() -> None:
    """ETag and Last-Modified go out as conditions; 304 is a value, not an error."""

    async def test(fetcher: Fetcher, site: Site) -> None:
        got = await fetcher.fetch(Request(URL, etag='"a1"', last_modified="Mon, 02 Mar 2026 04:00:00 GMT"))
        assert got == NotModified(URL, NOW)
        assert await reason(fetcher, URL) == "http_304"

    site = with_site({"/feed": b"HTTP/1.1 304 Not Modified\r\n\r\n"}, test)
    conditional = next(asked for asked in site.asked if asked.target == "/feed")
    assert conditional.headers["if-none-match"] == '"a1"'
    assert conditional.headers["if-modified-since"] == "Mon, 02 Mar 2026 04:00:00 GMT"


# --- redirects ---------------------------------------------------------------------------------------------------


def test_permanent_redirects_are_reported_as_moved() -> None:
    """A chain of 301 and 308 is followed and its end reported."""
    response = fetched({"/feed": moved("/a", 301), "/a": moved("http://other.example/b", 308), "/b": answer(b"x")})
    assert response.moved_to == response.url == "http://other.example/b"


def test_what_follows_a_temporary_redirect_is_not_reported_as_moved() -> None:
    """Only the permanent redirects that the chain begins with count."""
    response = fetched({"/feed": moved("/a", 301), "/a": moved("/b", 302), "/b": moved("/c", 301), "/c": answer(b"x")})
    assert response.url == "http://news.example/c"
    assert response.moved_to == "http://news.example/a"


def test_a_temporary_redirect_is_not_reported_as_moved() -> None:
    """302, 303 and 307 say nothing about tomorrow."""
    assert fetched({"/feed": moved("/a", 307), "/a": answer(b"x")}).moved_to is None


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("file:///etc/passwd", "bad_scheme"),
        ("data:text/html,x", "bad_scheme"),
        ("javascript:alert(1)", "bad_scheme"),
        ("ftp://other.example/", "bad_scheme"),
        ("gopher://other.example:70/", "bad_scheme"),
        ("http://unnamed.example/", "unknown_host"),
        ("//unnamed.example/x", "unknown_host"),
        ("http://169.254.169.254/latest/", "unknown_host"),
        ("http://127.0.0.1/", "unknown_host"),
        ("http://[::1]/", "unknown_host"),
        ("http://2130706433/", "bad_host"),
        ("http://0x7f.1/", "bad_host"),
        ("http://other.example:8080/", "bad_port"),
        ("http://other.example:22/", "bad_port"),
        ("http://user:pass@other.example/", "userinfo"),
        ("http://other.example\\@news.example/", "bad_url"),
        ("/" + "a" * 9_000, "bad_url"),
        ("http:///x", "bad_host"),
        ("http://", "bad_host"),
        ("", "bad_redirect"),
        ("https://news.example/feed", "unknown_host"),
        ("/feed", "too_many_redirects"),
    ],
)
def test_a_redirect_is_checked_like_a_first_address(location: str, expected: str) -> None:
    """Whatever a redirect says, it passes the same guard, and nothing else is asked for."""
    error, site = refused({"/feed": moved(location)})
    assert error.reason == expected
    assert site.targets() == ["/feed"]


def test_the_sixth_redirect_is_refused() -> None:
    """Five are followed."""
    pages = {"/feed": moved("/1")} | {f"/{n}": moved(f"/{n + 1}") for n in range(1, 9)}
    error, site = refused(pages)
    assert error.reason == "too_many_redirects"
    assert len(site.targets()) == 6
    assert fetched({"/feed": moved("/5"), "/5": moved("/6"), "/6": answer(b"x")}).status == 200


def test_a_huge_redirect_header_ends_the_exchange() -> None:
    """A header block beyond any honest size is not read to its end."""
    error, _ = refused({"/feed": moved("/" + "a" * 200_000)})
    assert error.reason == "protocol"


def test_credentials_stay_with_their_origin() -> None:
    """Authorization, cookies, api keys and any other header of one's own do not follow to another host."""
    secrets = {"Authorization": "Bearer s3cret-token", "Cookie": "a=b", "X-Api-Key": "k3y-value", "Accept": "text/xml"}

    async def test(fetcher: Fetcher, site: Site) -> None:
        await fetcher.fetch(Request(URL, headers=secrets, obey_robots=False))

    site = with_site({"/feed": moved("/same"), "/same": moved("http://other.example/x"), "/x": answer(b"")}, test)
    first, same, other = (asked.headers for asked in site.asked)
    assert first["authorization"] == same["authorization"] == "Bearer s3cret-token"
    assert first["x-api-key"] == "k3y-value"
    assert other.keys() & {"authorization", "cookie", "x-api-key"} == set()
    assert other["accept"] == "text/xml"


def test_a_post_is_not_sent_on_to_another_origin() -> None:
    """307 keeps the body, so its target must be the same origin; 303 turns into a GET without it."""
    post = Request(URL, method="POST", body=b'{"q": 1}')
    error, _ = refused({"/feed": moved("http://other.example/x", 307)}, request=post)
    assert error.reason == "body_redirect"

    async def test(fetcher: Fetcher, site: Site) -> None:
        await fetcher.fetch(post)

    site = with_site({"/feed": moved("/x", 303), "/x": answer(b"")}, test)
    assert [asked.method for asked in site.asked if asked.target != "/robots.txt"] == ["POST", "GET"]


# --- sizes and encodings -----------------------------------------------------------------------------------------


def chunked(*chunks: bytes, **headers: str) -> bytes:
    lines = [
        "HTTP/1.1 200 OK",
        "Transfer-Encoding: chunked",
        *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items()),
    ]
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body + b"0\r\n\r\n"


ZEROS = gzip.compress(bytes(40 * 1024 * 1024))

BODIES = [
    ("announced", answer(b"x", length=6 * 1024 * 1024), "too_large"),
    ("absurdly announced", answer(b"x", length=10**30), "protocol"),
    ("unannounced", chunked(*[bytes(1 << 20)] * 6), "too_large"),
    ("bomb", answer(ZEROS, Content_Encoding="gzip"), "bomb"),
    ("chunked bomb", chunked(ZEROS, Content_Encoding="x-gzip"), "bomb"),
    ("stacked", answer(gzip.compress(ZEROS), Content_Encoding="gzip, gzip"), "bad_encoding"),
    ("stacked in two headers", answer(b"x", Content_Encoding="gzip", content_encoding="gzip"), "bad_encoding"),
    ("deflate", answer(zlib.compress(b"x"), Content_Encoding="deflate"), "bad_encoding"),
    ("br", answer(b"x", Content_Encoding="br"), "bad_encoding"),
    ("zstd", answer(b"x", Content_Encoding="zstd"), "bad_encoding"),
    ("damaged", answer(b"no gzip at all", Content_Encoding="gzip"), "bad_gzip"),
    ("bad checksum", answer(gzip.compress(b"hello")[:-8] + bytes(8), Content_Encoding="gzip"), "bad_gzip"),
    ("cut gzip", answer(gzip.compress(b"hello" * 99)[:-9], Content_Encoding="gzip"), "truncated"),
    ("empty gzip", answer(b"", Content_Encoding="gzip"), "truncated"),
    ("members", answer(gzip.compress(b"") * 5_000, Content_Encoding="gzip"), "bomb"),
]


@pytest.mark.parametrize(("body", "expected"), [case[1:] for case in BODIES], ids=[case[0] for case in BODIES])
def test_a_body_that_is_too_much_or_broken_is_refused(body: bytes, expected: str) -> None:
    """Limits hold for what is sent and what it expands to, and a cut body is never a short success."""
    error, _ = refused({"/feed": body}, policy={"retries": 0})
    assert error.reason == expected


def test_a_body_shorter_than_announced_is_truncated_and_tried_again() -> None:
    """A connection that breaks in the middle may have been bad luck."""

    async def cut(writer: asyncio.StreamWriter) -> None:
        writer.write(answer(b"half", length=8))
        await writer.drain()

    assert refused({"/feed": cut})[0].reason == "truncated"
    assert fetched({"/feed": [cut, answer(b"all")]}).body == b"all"


def test_an_api_answer_may_be_larger_than_a_feed() -> None:
    """Limits belong to the kind of source."""

    async def test(fetcher: Fetcher, site: Site) -> None:
        got = await fetcher.fetch(Request(URL, size="api"))
        assert isinstance(got, Response)
        assert len(got.body) == 6 << 20

    with_site({"/feed": chunked(*[bytes(1 << 20)] * 6)}, test)


def test_a_bulk_file_streams_to_the_disk_whole_or_not_at_all(tmp_path: Path) -> None:
    """The decoded body is in the named file; after a failure there is no file, and no temporary one either."""
    into = tmp_path / "register.json"

    async def test(fetcher: Fetcher, site: Site) -> None:
        got = await fetcher.fetch(Request(URL, size="bulk", into=into))
        assert isinstance(got, Response)
        assert (got.body, got.body_path) == (b"", into)
        assert into.read_bytes() == b"{}" * 300_000
        into.unlink()
        assert await reason(fetcher, "http://news.example/cut", size="bulk", into=into) == "truncated"
        assert list(tmp_path.iterdir()) == []

    cut = answer(gzip.compress(b"{}" * 9_000)[:-9], Content_Encoding="gzip")
    with_site({"/feed": gzipped(b"{}" * 300_000), "/cut": cut}, test, policy={"retries": 0})


# --- time --------------------------------------------------------------------------------------------------------


async def drip_body(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def drip_header(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for _ in range(1000):
        writer.write(b"X-A: b\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def silence(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(20)


@pytest.mark.parametrize("slow", [drip_body, drip_header, silence])
def test_a_slow_answer_ends_at_the_deadline(slow: Any) -> None:
    """The deadline is total: bytes that keep coming do not prolong it, and nothing is asked twice."""
    error, site = refused({"/feed": slow}, policy={"deadline_s": 0.3})
    assert error.reason == "deadline"
    assert site.targets() == ["/feed"]


def test_the_deadline_covers_all_redirects_together() -> None:
    """Five slow redirects have one deadline between them, not five."""

    async def slowly(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        writer.write(moved(f"/{len(asked)}"))
        asked.append(1)

    asked: list[int] = []
    error, site = refused(
        {"/feed": slowly} | {f"/{n}": slowly for n in range(9)}, policy={"deadline_s": 0.5}, request=Request(URL)
    )
    assert error.reason == "deadline"
    assert 2 <= len(site.targets()) <= 4


def test_slow_hosts_do_not_keep_healthy_ones_waiting() -> None:
    """With more drips than places, every healthy page still arrives and every drip ends."""

    async def test(fetcher: Fetcher, site: Site) -> None:
        drips = [reason(fetcher, f"http://news.example/drip?{n}", obey_robots=False) for n in range(12)]
        healthy = [reason(fetcher, f"http://other.example/ok?{n}", obey_robots=False) for n in range(12)]
        results = await asyncio.gather(*drips, *healthy)
        assert results == ["deadline"] * 12 + [""] * 12

    pages: dict[Any, Any] = {f"/drip?{n}": drip_body for n in range(12)}
    with_site(
        pages | {f"/ok?{n}": answer(b"ok") for n in range(12)}, test, policy={"deadline_s": 0.3, "concurrency": 6}
    )


# --- retries -----------------------------------------------------------------------------------------------------


async def hang_up(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


@pytest.mark.parametrize("first", [hang_up, answer(status=500), answer(status=502), answer(status=503)])
def test_transient_failures_are_asked_again(first: Any) -> None:
    """A reset or a 5xx may pass within a second."""
    clock = Clock()
    assert fetched({"/feed": [first, answer(b"ok")]}, clock=clock).body == b"ok"
    assert clock.slept == [0.5]


def test_two_retries_are_all() -> None:
    """The third failure is final; the wait doubles in between."""
    clock = Clock()
    error, site = refused({"/feed": answer(status=500)}, clock=clock)
    assert error.reason == "http_500"
    assert site.targets() == ["/feed"] * 3
    assert clock.slept == [0.5, 1.0]


def test_a_retry_that_the_deadline_forbids_is_not_made() -> None:
    """Waiting for a retry spends the deadline too."""
    error, site = refused({"/feed": answer(status=500)}, policy={"backoff_s": 10.0})
    assert error.reason == "http_500"
    assert site.targets() == ["/feed"]


def test_a_post_that_the_server_may_have_acted_on_is_not_repeated() -> None:
    """A reset after a POST leaves open whether it was done."""
    error, site = refused({"/feed": hang_up}, request=Request(URL, method="POST", body=b"{}"))
    assert error.reason == "reset"
    assert site.targets() == ["/feed"]


def test_a_short_retry_after_is_waited_for() -> None:
    """429 with a few seconds is asked again after just those seconds."""
    clock = Clock()
    assert fetched({"/feed": [answer(status=429, Retry_After="3"), answer(b"ok")]}, clock=clock).body == b"ok"
    assert sum(clock.slept) == 3


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("Mon, 02 Mar 2026 05:30:00 GMT", 1800.0),
        ("999999999", 86_400.0),
        ("Mon, 02 Mar 2020 05:30:00 GMT", 0.0),
    ],
)
def test_a_long_retry_after_is_reported(header: str, seconds: float) -> None:
    """Seconds and dates are understood, capped at a day, and carried in the error."""
    error, _ = refused({"/feed": answer(status=429, Retry_After=header)}, policy={"retries": 0})
    assert (error.reason, error.retry_after) == ("http_429", seconds)


@pytest.mark.parametrize("header", ["soon", "-5", "1e3", "9" * 5000, "٣", "Mon, 99 Foo 2026 99:99:99 GMT"])
def test_a_senseless_retry_after_is_none(header: str) -> None:
    """What cannot be understood is as if it were not there."""
    error, _ = refused({"/feed": answer(status=429, Retry_After=header.encode().decode("latin-1"))})
    assert (error.reason, error.retry_after) == ("http_429", None)


def test_a_host_that_asked_for_a_long_pause_is_left_alone() -> None:
    """The next request to it fails at once and unsent; other hosts are not affected."""

    async def test(fetcher: Fetcher, site: Site) -> None:
        assert await reason(fetcher, URL) == "http_429"
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(Request("http://news.example/other"))
        assert (caught.value.reason, caught.value.retry_after) == ("retry_after", 600.0)
        assert await reason(fetcher, "http://other.example/ok") == ""

    site = with_site({"/feed": answer(status=429, Retry_After="600"), "/ok": answer(b"ok")}, test)
    assert site.targets() == ["/feed", "/ok"]


def test_a_host_that_asked_for_a_short_pause_gets_it() -> None:
    """Up to the policy's patience the next request waits instead of failing."""
    clock = Clock()

    async def test(fetcher: Fetcher, site: Site) -> None:
        assert await reason(fetcher, URL) == "http_503"
        assert await reason(fetcher, "http://news.example/ok") == ""

    with_site({"/feed": answer(status=503, Retry_After="45"), "/ok": answer(b"ok")}, test, clock=clock)
    assert clock.slept == [45.0]


# --- pace and robots ---------------------------------------------------------------------------------------------


def test_requests_to_one_host_keep_the_declared_pace() -> None:
    """The pause lies between all exchanges with a host, robots.txt and redirects too; other hosts are not held up."""
    clock = Clock()

    async def test(fetcher: Fetcher, site: Site) -> None:
        for url in (URL, "http://news.example/moved", "http://other.example/feed"):
            await fetcher.fetch(Request(url))

    policy = {"paces": {"news.example": 7.0, "other.example": 0.0}}
    pages = {"/feed": answer(b""), "/moved": moved("/feed")}
    with_site(pages, test, clock=clock, policy=policy)
    assert clock.slept == [7.0, 7.0, 7.0]


def test_a_pace_holds_for_subdomains_together() -> None:
    """A domain that serves many companies is one host."""
    clock = Clock()

    async def test(fetcher: Fetcher, site: Site) -> None:
        await fetcher.fetch(Request(URL, obey_robots=False))
        await fetcher.fetch(Request("http://api.news.example/feed", obey_robots=False))

    with_site({"/feed": answer(b"")}, test, clock=clock, policy={"paces": {"news.example": 4.0}})
    assert clock.slept == [4.0]


def test_a_host_that_nobody_named_has_the_default_pace() -> None:
    """Politeness is the default."""
    clock = Clock()

    async def test(fetcher: Fetcher, site: Site) -> None:
        await asyncio.gather(*(fetcher.fetch(Request(f"{URL}?{n}", obey_robots=False)) for n in range(4)))

    with_site({f"/feed?{n}": answer(b"") for n in range(4)}, test, clock=clock, policy={"default_pace_s": 5.0})
    assert clock.slept == [5.0] * 3


def test_one_host_is_asked_one_thing_at_a_time_unless_its_pace_is_zero() -> None:
    """With a pace there is one request under way per host; without one they run side by side."""
    for pace, expected in ((0.001, 1), (0.0, 4)):
        under_way, most = [0], [0]

        async def slowly(
            writer: asyncio.StreamWriter, under_way: list[int] = under_way, most: list[int] = most
        ) -> None:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
            await asyncio.sleep(0.05)
            under_way[0] -= 1
            writer.write(answer(b""))

        async def test(fetcher: Fetcher, site: Site) -> None:
            await asyncio.gather(*(fetcher.fetch(Request(f"{URL}?{n}", obey_robots=False)) for n in range(4)))

        with_site({f"/feed?{n}": slowly for n in range(4)}, test, policy={"default_pace_s": pace})
        assert most[0] == expected


ROBOTS = answer(b"User-agent: salestrigger\nDisallow: /private\n\nUser-agent: *\nDisallow: /\n")


def test_robots_are_obeyed_and_read_once() -> None:
    """What is disallowed is not asked for, also not after a redirect; the file is fetched once per host."""

    async def test(fetcher: Fetcher, site: Site) -> None:
        assert await reason(fetcher, "http://news.example/private/x") == "robots"
        assert await reason(fetcher, "http://news.example/moved") == "robots"
        assert await reason(fetcher, URL) == ""
        assert await reason(fetcher, "http://news.example/private/x", obey_robots=False) == ""

    pages = {"/robots.txt": ROBOTS, "/moved": moved("/private/y"), "/feed": answer(b""), "/private/x": answer(b"")}
    site = with_site(pages, test)
    assert [asked.target for asked in site.asked] == ["/robots.txt", "/moved", "/feed", "/private/x"]


@pytest.mark.parametrize(
    ("robots", "expected"),
    [
        (answer(status=404), ""),
        (answer(status=403), ""),
        (answer(status=410), ""),
        (answer(status=500), "robots_unreachable"),
        (hang_up, "robots_unreachable"),
        (moved("http://unnamed.example/robots.txt"), "unknown_host"),
        (answer(b"\xff\xfe\x00 nonsense \x00" * 50), ""),
        (moved("http://other.example/r"), "robots"),
        (answer(b"User-agent: a\n" * 3_000 + b"Disallow: /b\n" * 30_000), "robots_unreachable"),
    ],
)
def test_robots_that_cannot_be_read(robots: Any, expected: str) -> None:
    """Absent allows; unreachable, or built to exhaust its reader, keeps us away for this run (RFC 9309)."""
    got: list[str] = []

    async def test(fetcher: Fetcher, site: Site) -> None:
        got.append(await reason(fetcher, URL))

    with_site({"/robots.txt": robots, "/feed": answer(b""), "/r": answer(b"User-agent: *\nDisallow: /\n")}, test)
    assert got == [expected]


# --- odds and ends -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [{"Host": "a"}, {"Accept-Encoding": "br"}, {"X-A": "b\r\nX-C: d"}, {"X A": "b"}, {"Transfer-Encoding": "x"}],
)
def test_headers_that_would_change_the_exchange_are_refused(headers: dict[str, str]) -> None:
    """No header of a request can smuggle another, nor replace what the door sets."""
    error, site = refused({"/feed": answer(b"")}, request=Request(URL, headers=headers, obey_robots=False))
    assert error.reason == "bad_header"
    assert site.asked == []


def test_an_answer_that_is_not_http_is_named() -> None:
    """Anything may listen on port 80."""

    async def ssh(writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
        await writer.drain()

    assert refused({"/feed": ssh})[0].reason == "protocol"


def test_no_connection_is_named_and_tried_again() -> None:
    """A closed port is a transient failure."""
    clock = Clock()

    async def run() -> None:
        seams = Seams(sleep=clock.sleep, monotonic=clock.monotonic, jitter=lambda: 1.0)
        route = Local({"news.example": ("127.0.0.1", 1)})
        async with Fetcher(FetchPolicy(default_pace_s=0), route=route, seams=seams) as fetcher:
            assert await reason(fetcher, URL, obey_robots=False) == "connect"

    asyncio.run(run())
    assert clock.slept == [0.5, 1.0]


def test_cookies_are_neither_kept_nor_sent() -> None:
    """Every request is as if it were the first."""

    async def test(fetcher: Fetcher, site: Site) -> None:
        for _ in range(2):
            await fetcher.fetch(Request(URL))

    site = with_site({"/feed": answer(b"", Set_Cookie="a=b; Path=/")}, test)
    assert all("cookie" not in asked.headers for asked in site.asked)


def test_secrets_do_not_stand_in_errors() -> None:
    """A key in the address or a header is masked wherever the error speaks of it."""
    request = Request(
        f"{URL}?apikey=s3cret-key-1&q=1", headers={"Authorization": "Bearer s3cret-key-2"}, obey_robots=False
    )
    error, _ = refused({f"{URL[19:]}?apikey=s3cret-key-1&q=1": moved("http://s3cret-key-2.example/")}, request=request)
    assert "s3cret" not in str(error) + error.url
    assert "q=1" in error.url


def test_policies_requests_and_routes_travel_between_processes() -> None:
    """All are picklable and come back equal."""
    for value in (
        FetchPolicy(paces={"a.example": 1.0}),
        Request(URL),
        Live(),
        Local({"a": ("127.0.0.1", 1)}),
        Replay(Path("x")),
    ):
        assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - made in the same line


def test_the_environment_names_no_proxy_for_us(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxy variables would lead around the guard."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetched({"/feed": answer(b"direct")}).body == b"direct"


def test_record_then_replay_gives_the_same_answers(tmp_path: Path) -> None:
    """Bodies, statuses, redirects and conditions are the same bytes again, without a server."""
    urls = (
        URL,
        "http://news.example/moved?token=s3cret-1&p=2",
        "http://news.example/gone",
        "http://news.example/twice",
    )
    pages = {
        "/feed": gzipped("æøå <rss/>".encode() * 50),
        "/moved?token=s3cret-1&p=2": moved("/feed", 301),
        "/gone": answer(b"\x00\xff", 410),
        "/twice": [answer(b"one", ETag='"1"'), answer(b"two")],
    }

    async def ask(fetcher: Fetcher) -> list[Any]:
        got = [await fetcher.fetch(Request(url)) for url in (*urls, urls[-1])]
        return [(r.url, r.status, r.body, r.moved_to, r.etag) for r in got if isinstance(r, Response)]

    live: list[Any] = []

    async def record(fetcher: Fetcher, site: Site) -> None:
        live.extend(await ask(fetcher))

    with_site(pages, record, record_to=tmp_path)

    async def replay() -> None:
        async with Fetcher(FetchPolicy(), route=Replay(tmp_path), now=lambda: NOW) as fetcher:
            assert await ask(fetcher) == live
            assert (await fetcher.fetch(Request(urls[-1]))).body == b"two"  # type: ignore[union-attr]
            assert await reason(fetcher, "http://news.example/never") == "not_recorded"

    asyncio.run(replay())
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"s3cret" not in written
    assert json.loads((tmp_path / "manifest.jsonl").read_text().splitlines()[0])["clock"] == NOW.isoformat()
