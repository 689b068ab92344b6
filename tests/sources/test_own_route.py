"""The route to a service of one's own: one declared origin, wherever it is, and nothing else."""

from __future__ import annotations

import asyncio

import pytest
from pytest_httpserver import HTTPServer

from salestrigger.sources.errors import FetchError
from salestrigger.sources.http import Fetcher, FetchPolicy, Live, Own, Request, Response, Route

POLICY = FetchPolicy(default_pace_s=0.0, retries=0, deadline_s=5.0)


def fetched(server: HTTPServer, url: str, route: Route) -> Response | str:
    """The answer, or the reason for none."""
    from dataclasses import replace

    async def fetch() -> Response | str:
        policy = replace(POLICY, ports=(server.port, 80, 443))
        async with Fetcher(policy, route=route) as fetcher:
            try:
                answer = await fetcher.fetch(Request(url, obey_robots=False))
            except FetchError as error:
                return error.reason
        assert isinstance(answer, Response)
        return answer

    return asyncio.run(fetch())


@pytest.fixture
def own(httpserver: HTTPServer) -> Own:
    httpserver.expect_request("/v1").respond_with_data("here")
    httpserver.expect_request("/away").respond_with_data("", 302, {"Location": "http://127.0.0.1/secret"})
    httpserver.expect_request("/meta").respond_with_data("", 302, {"Location": "http://169.254.169.254/latest"})
    return Own("http", "127.0.0.1", httpserver.port)


def test_the_declared_address_may_be_loopback(httpserver: HTTPServer, own: Own) -> None:
    """The live route refuses the same address."""
    url = f"http://127.0.0.1:{httpserver.port}/v1"
    answer = fetched(httpserver, url, own)
    assert isinstance(answer, Response)
    assert answer.body == b"here"
    assert fetched(httpserver, url, Live()) == "denied_address"


@pytest.mark.parametrize("path", ["away", "meta"])
def test_it_leads_nowhere_else(httpserver: HTTPServer, own: Own, path: str) -> None:
    """A redirect to another port or host is refused, private or not."""
    assert fetched(httpserver, f"http://127.0.0.1:{httpserver.port}/{path}", own) == "unknown_host"


def test_another_host_is_refused_at_once(httpserver: HTTPServer, own: Own) -> None:
    """The route is for one origin; a public host is not reached by it either."""
    assert fetched(httpserver, "http://93.184.216.34/", own) == "unknown_host"
