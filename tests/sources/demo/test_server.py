"""The demo server behaves like the web: validators, refusals, redirects, hosts, and a log of what was asked."""

import gzip

import httpx
import pytest

from salestrigger.sources.demo import DemoMarket, demo_specs, serve
from salestrigger.sources.errors import UsageError


@pytest.fixture(scope="module")
def client():
    with httpx.Client(timeout=20) as client:
        yield client


def get(client, server, source, path=None, **headers):
    host, _, rest = demo_specs()[source].url.removeprefix("http://").partition("/")
    port = server.hosts[host][1]
    return client.get(f"http://127.0.0.1:{port}{path or '/' + rest}", headers={"host": host} | headers)


def test_every_host_is_served_on_one_loopback_port():
    """What is handed to the fetcher names loopback only."""
    with serve(1) as server:
        assert len(server.hosts) >= 15
        assert set(server.hosts.values()) == {("127.0.0.1", server.port)}
        assert server.port > 0


def test_an_unchanged_body_is_a_304_by_etag_and_by_date(client):
    """With the validators of the first answer the second has no body; with others it has."""
    with serve(1) as server:
        first = get(client, server, "demo-ostviken")
        assert first.status_code == 200
        etag, modified = first.headers["etag"], first.headers["last-modified"]
        again = get(client, server, "demo-ostviken", **{"if-none-match": etag})
        assert (again.status_code, again.content) == (304, b"")
        assert get(client, server, "demo-ostviken", **{"if-modified-since": modified}).status_code == 304
        assert get(client, server, "demo-ostviken", **{"if-none-match": '"other"'}).status_code == 200
        assert get(client, server, "demo-ostviken", **{"if-modified-since": "nonsense"}).status_code == 200


def test_every_outlet_supports_validators_and_the_next_day_is_another_body(client):
    """A weekday brings news to the wire, so that its validator no longer holds."""
    with serve(1) as server:
        first = get(client, server, "demo-nordvarsel")
        server.day = 2
        second = get(client, server, "demo-nordvarsel", **{"if-none-match": first.headers["etag"]})
        assert second.status_code == 200
        assert second.headers["etag"] != first.headers["etag"]


def test_the_busy_host_refuses_first_and_says_when_to_come_back(client):
    """429 with Retry-After, then the feed; the next day it starts over."""
    with serve(1) as server:
        refused = get(client, server, "demo-mjoskurer")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
        assert get(client, server, "demo-mjoskurer").status_code == 200
        server.day = 2
        assert get(client, server, "demo-mjoskurer").status_code == 429


def test_the_moved_feed_redirects_for_good(client):
    """301 to an address that serves the feed."""
    with serve(1) as server:
        moved = get(client, server, "demo-maasbode")
        assert moved.status_code == 301
        target = "/" + moved.headers["location"].split("/", 3)[3]
        assert get(client, server, "demo-maasbode", target).status_code == 200


def test_unknown_hosts_and_paths_are_not_found(client):
    """Only the market's hosts exist; robots.txt does on each of them."""
    with serve(1) as server:
        stranger = client.get(f"http://127.0.0.1:{server.port}/", headers={"host": "real.invalid"})
        assert stranger.status_code == 404
        assert get(client, server, "demo-ostviken", "/nothing").status_code == 404
        assert "Disallow" in get(client, server, "demo-ostviken", "/robots.txt").text


def test_an_item_of_tomorrow_has_no_page_yet(client):
    """Links lead to pages, once they are published."""
    from salestrigger.sources.demo.outlets import all_items

    item = next(item for item in all_items("demo-skoddfjell") if item.story.day == 1)
    later = next(item for item in all_items("demo-ostviken") if item.story.day == 15)
    with serve(1) as server:
        page = get(client, server, "demo-skoddfjell", "/" + item.url.split("/", 3)[3])
        assert page.status_code == 200
        assert item.title in page.text
        assert get(client, server, "demo-ostviken", "/" + later.url.split("/", 3)[3]).status_code == 404


def test_the_log_tells_what_was_asked(client):
    """Host, path with query and status, in order."""
    with serve(1) as server:
        get(client, server, "demo-register", "/enhetsregisteret/api/enheter?size=1")
        get(client, server, "demo-ostviken", "/nothing")
        assert [(asked.host, asked.path, asked.status) for asked in server.log] == [
            ("register.demo.example", "/enhetsregisteret/api/enheter?size=1", 200),
            ("ostviken.demo.example", "/nothing", 404),
        ]


def test_head_has_headers_and_no_body(client):
    """The length is that of the body which GET would give."""
    with serve(1) as server:
        host, port = "ostviken.demo.example", server.port
        head = client.head(f"http://127.0.0.1:{port}/rss.xml", headers={"host": host})
        assert head.status_code == 200
        assert int(head.headers["content-length"]) == len(get(client, server, "demo-ostviken").content)


def test_the_flood_unpacks_to_far_more_than_it_sends(client):
    """A small gzip body, larger than any feed may be when unpacked."""
    with (
        serve(1) as server,
        client.stream("GET", f"http://127.0.0.1:{server.port}/rss", headers={"host": "flood.demo.example"}) as answer,
    ):
        packed = b"".join(answer.iter_raw())
        assert len(packed) < 200_000
        assert len(gzip.decompress(packed)) > 20_000_000


def test_another_market_can_be_served(client):
    """A grown register answers over the wire like the small one."""
    with serve(1, market=DemoMarket.build(size=5_000)) as server:
        page = get(client, server, "demo-register", "/enhetsregisteret/api/enheter?size=100&page=40").json()
        assert page["page"]["totalElements"] == 4_995
        assert len(page["_embedded"]["enheter"]) == 100


def test_a_day_outside_the_calendar_is_refused_before_a_port_is_opened():
    """The error names the days there are."""
    with pytest.raises(UsageError), serve(16):
        pass
