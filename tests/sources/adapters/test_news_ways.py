"""Sitemaps, articles behind teasers, opt-outs, GDELT and MFN, in the true shape with invented outlets."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from salestrigger.sources.adapters.article_read import read_article_page
from salestrigger.sources.adapters.mfn import identifiers_of
from salestrigger.sources.adapters.opt_outs import (
    reservations,
    reserved_by_headers,
    reserved_by_page,
    reserved_by_site,
)
from salestrigger.sources.adapters.sitemap_read import read_sitemap
from salestrigger.sources.collect import SourceOutcome
from tests.sources.adapters.running import HOST, NOW, run, spec_of

BASE = f"http://{HOST}"
BODY = "Havglimt AS åpner et nytt verft i Bodø. " * 12


def once(server: HTTPServer, tmp_path: Path, adapter: str, cursor: Any = None, **options: Any) -> SourceOutcome:
    """One run of a source on the test's server."""
    spec = spec_of("s", adapter=adapter, url=f"{BASE}/start", options=options)
    return run(server, tmp_path, spec, cursors={"s": cursor or {}})[0]


def article(head: str = "", body: str = BODY) -> str:
    """A page with an article."""
    return (
        f"<html lang='nb'><head><title>Havglimt åpner verft - Avis</title>{head}</head><body>"
        f"<nav>Meny</nav><article><h1>Havglimt åpner verft</h1><p>{body}</p><p>{body}</p></article></body></html>"
    )


# sitemaps


def urlset(*urls: str, news: Mapping[str, str] | None = None) -> str:
    """A sitemap; ``news`` maps addresses to titles."""
    rows = "".join(
        f"<url><loc>{url}</loc><lastmod>2026-10-01</lastmod>"
        + (
            f"<n:news><n:publication><n:name>Avis</n:name><n:language>nb</n:language></n:publication>"
            f"<n:publication_date>2026-10-04T08:00:00+02:00</n:publication_date><n:title>{news[url]}</n:title></n:news>"
            if news and url in news
            else ""
        )
        + "</url>"
        for url in urls
    )
    head = (
        "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'"
    )
    return f"<urlset {head}>{rows}</urlset>"


def test_a_news_sitemap_has_titles_and_dates(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Its entries are news at once; gzip is unpacked; relative to nothing, foreign names stay."""
    body = urlset(f"{BASE}/a", news={f"{BASE}/a": "Havglimt åpner &amp; verft"})
    httpserver.expect_request("/start").respond_with_data(gzip.compress(body.encode()))
    (document,) = once(httpserver, tmp_path, "sitemap").collected.documents
    assert (document.title, document.url, document.language) == ("Havglimt åpner & verft", f"{BASE}/a", "nb")
    assert document.published_at == datetime(2026, 10, 4, 6, tzinfo=UTC)


def test_a_plain_sitemap_is_a_baseline_first(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Only addresses that are new later are news, with the title of their page, and no more pages than allowed."""
    httpserver.expect_request("/start").respond_with_data(urlset(f"{BASE}/old"))
    first = once(httpserver, tmp_path, "sitemap", follow={"max_pages": 1})
    assert (first.status, first.collected.documents) == ("empty", ())
    httpserver.clear()
    httpserver.expect_request("/start").respond_with_data(urlset(f"{BASE}/old", f"{BASE}/n1", f"{BASE}/n2"))
    for path in ("/n1", "/n2"):
        httpserver.expect_request(path).respond_with_data(article(), content_type="text/html")
    second = once(httpserver, tmp_path, "sitemap", first.collected.cursor, follow={"max_pages": 1})
    third = once(httpserver, tmp_path, "sitemap", second.collected.cursor, follow={"max_pages": 1})
    assert [d.url for o in (second, third) for d in o.collected.documents] == [f"{BASE}/n1", f"{BASE}/n2"]
    assert "left for the next run" in " ".join(second.collected.notes)
    assert second.collected.documents[0].title.startswith("Havglimt åpner verft")


def test_an_index_leads_to_its_newest_files_on_the_same_site(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Newest first, to a cap that is noted; another site's file is not fetched."""
    rows = "".join(
        f"<sitemap><loc>{url}</loc><lastmod>{day}</lastmod></sitemap>"
        for url, day in (
            (f"{BASE}/old.xml", "2020-01-01"), (f"{BASE}/new.xml", "2026-10-04"), ("http://evil.test/x", "2027"),
        )
    )  # fmt: skip
    httpserver.expect_request("/start").respond_with_data(f"<sitemapindex>{rows}</sitemapindex>")
    httpserver.expect_request("/new.xml").respond_with_data(urlset(f"{BASE}/a", news={f"{BASE}/a": "Nytt"}))
    outcome = once(httpserver, tmp_path, "sitemap", max_sitemaps=1)
    assert [document.title for document in outcome.collected.documents] == ["Nytt"]
    assert outcome.collected.notes == ("read 1 of 2 sitemaps (max_sitemaps)",)


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"\x1f\x8bxx", b"ingen", b"<rss/>", b'{"a": 1}'])
def test_what_is_no_sitemap(body: bytes) -> None:
    """It is said, and nothing crashes."""
    assert read_sitemap(body, {"now": NOW}).problem


# articles behind teasers

FEED = "<rss version='2.0'><channel><title>Avis</title>{}</channel></rss>"


def feed(*paths: str) -> str:
    """A feed that only teases."""
    rows = (
        f"<item><title>Sak {p}</title><link>{BASE}{p}</link><description>Les mer</description></item>" for p in paths
    )
    return FEED.format("".join(rows))


def test_a_teaser_is_followed_to_its_article(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The text comes from the page, once; the rest waits; another site is not asked."""
    elsewhere = "<item><title>Annet</title><link>http://other.example/x</link></item>"
    body = feed("/a", "/b").replace("</channel>", f"{elsewhere}</channel>")
    httpserver.expect_request("/start").respond_with_data(body, headers={"etag": '"1"'})
    for path in ("/a", "/b"):
        httpserver.expect_request(path).respond_with_data(article(), content_type="text/html")
    first = once(httpserver, tmp_path, "feed", follow={"max_pages": 1})
    texts = {d.url: d.text for d in first.collected.documents}
    assert "nytt verft i Bodø" in texts[f"{BASE}/a"]
    assert "Meny" not in texts[f"{BASE}/a"]
    assert set(texts) == {f"{BASE}/a", "http://other.example/x"}
    second = once(httpserver, tmp_path, "feed", first.collected.cursor, follow={"max_pages": 1})
    texts = {d.url: d.text for d in second.collected.documents}
    assert "nytt verft" in texts[f"{BASE}/b"]
    assert f"{BASE}/a" not in texts
    asked = [request.path for request, _ in httpserver.log]
    assert (asked.count("/a"), asked.count("/b"), asked.count("/.well-known/tdmrep.json")) == (1, 1, 2)


@pytest.mark.parametrize(
    ("headers", "head", "site", "why"),
    [
        ({"tdm-reservation": "1"}, "", "[]", "tdm-reservation: 1"),
        ({"x-robots-tag": "noai, noimageai"}, "", "[]", "x-robots-tag: noai"),
        ({}, "<meta name='robots' content='noindex, follow'>", "[]", "meta robots: noindex"),
        ({}, "<meta name='tdm-reservation' content='1'>", "[]", "meta tdm-reservation: 1"),
        ({}, "", '[{"location": "/*", "tdm-reservation": 1}]', "tdmrep.json: /*"),
    ],
)
def test_an_opt_out_is_honoured_and_noted(
    httpserver: HTTPServer, tmp_path: Path, headers: dict[str, str], head: str, site: str, why: str
) -> None:
    """The text of a reserved article is not taken; headline and link are those of the feed."""
    httpserver.expect_request("/start").respond_with_data(feed("/a"))
    httpserver.expect_request("/a").respond_with_data(article(head), content_type="text/html", headers=headers)
    httpserver.expect_request("/.well-known/tdmrep.json").respond_with_data(site)
    outcome = once(httpserver, tmp_path, "feed", follow={})
    (document,) = outcome.collected.documents
    assert (document.title, document.text) == ("Sak /a", "Les mer")
    assert outcome.collected.notes[-1] == f"opt-out honoured ({why}): {BASE}/a"


def test_a_reserved_feed_gives_headlines_only(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Headers on the feed itself hold for its texts."""
    httpserver.expect_request("/start").respond_with_data(feed("/a"), headers={"tdm-reservation": "1"})
    outcome = once(httpserver, tmp_path, "feed", follow={})
    assert [d.text for d in outcome.collected.documents] == [""]
    assert outcome.requests == 1


@pytest.mark.parametrize(
    ("tag", "reserved"),
    [("", False), ("noarchive", False), ("googlebot: noindex", False), ("NONE", True), ("salestrigger: noai", True)],
)
def test_robots_tags(tag: str, reserved: bool) -> None:
    """Only what forbids reading, and only what is meant for us."""
    assert bool(reserved_by_headers({"x-robots-tag": tag})) == reserved


def test_reservations_of_a_site() -> None:
    """Paths and their stars; what is no such file reserves nothing."""
    paths = reservations(
        b'[{"location": "/nyheter/*", "tdm-reservation": 1}, {"location": "/om", "tdm-reservation": 0}]'
    )
    assert reserved_by_site("https://a.example/nyheter/1", paths)
    assert not reserved_by_site("https://a.example/om", paths)
    assert reservations(b"<html>") == ()
    assert reserved_by_page(BeautifulSoup("<p>", "lxml")) == ""


def test_an_article_states_itself() -> None:
    """JSON-LD gives headline, dates, publisher and text; a graph and a list of types are understood."""
    stated = {
        "@graph": [{
            "@type": ["NewsArticle", "Thing"], "headline": "Fjellmørk kjøper Dalgard",
            "articleBody": "Kjøpet er gjort.",
            "datePublished": "2026-10-04T08:00:00+0200", "publisher": [{"name": "Avis"}], "inLanguage": "nb",
        }]
    }  # fmt: skip
    page = article(f"<script type='application/ld+json'>{json.dumps(stated)}</script>")
    found = read_article_page(page.encode(), {"now": NOW})
    assert (found.title, found.text, found.publisher) == ("Fjellmørk kjøper Dalgard", "Kjøpet er gjort.", "Avis")
    assert found.published_at == datetime(2026, 10, 4, 6, tzinfo=UTC)


def test_a_feed_of_one_issuer_names_it(httpserver: HTTPServer, tmp_path: Path) -> None:
    """A newsroom's or an issuer's feed carries the company and its number on every entry."""
    httpserver.expect_request("/start").respond_with_data(feed("/a"))
    (document,) = once(
        httpserver, tmp_path, "feed", issuer="Havglimt AS", identifier="NO-BRC:999000101"
    ).collected.documents
    assert (document.issuer, str(document.identifiers[0])) == ("Havglimt AS", "NO-BRC-999000101")


# GDELT


def gdelt_row(number: int) -> dict[str, Any]:
    """One article."""
    return {
        "url": f"https://avis.example/{number}", "title": f"Havglimt , Bodø : nytt verft {number}",
        "domain": "avis.example",
        "seendate": f"20261005T{number // 60:02}{number % 60:02}00Z", "language": "Norwegian",
    }  # fmt: skip


def test_gdelt_goes_on_from_the_oldest(httpserver: HTTPServer, tmp_path: Path) -> None:
    """More than one answer holds is read on; titles are joined; the cursor is the run's moment."""

    def answer(request: Request) -> Response:
        start = request.args["startdatetime"]
        found = [gdelt_row(n) for n in range(300) if gdelt_row(n)["seendate"].replace("T", "").rstrip("Z") >= start]
        return Response(json.dumps({"articles": found[:250]}))

    httpserver.expect_request("/start").respond_with_handler(answer)
    outcome = once(httpserver, tmp_path, "gdelt", query='("Havglimt")')
    assert len(outcome.collected.documents) == 300
    assert outcome.collected.documents[0].title == "Havglimt, Bodø: nytt verft 0"
    assert outcome.collected.documents[0].publisher == "avis.example"
    again = once(httpserver, tmp_path, "gdelt", outcome.collected.cursor, query='("Havglimt")')
    assert httpserver.log[-1][0].args["startdatetime"] == "20261005073000"
    assert again.status == "empty"


def test_gdelt_says_when_a_quarter_of_an_hour_holds_more_than_an_answer(httpserver: HTTPServer, tmp_path: Path) -> None:
    """What is behind the 250 of one moment cannot be had; what comes after it is."""
    rows = [gdelt_row(60) | {"url": f"https://avis.example/x{n}"} for n in range(300)] + [gdelt_row(75)]

    def answer(request: Request) -> Response:
        start = request.args["startdatetime"]
        found = [row for row in rows if row["seendate"].replace("T", "").rstrip("Z") >= start]
        return Response(json.dumps({"articles": found[:250]}))

    httpserver.expect_request("/start").respond_with_handler(answer)
    outcome = once(httpserver, tmp_path, "gdelt", query='("Havglimt")')
    assert len(outcome.collected.documents) == 251
    assert outcome.collected.notes == ("more than 250 articles were seen at 2026-10-05 01:00: narrow the query",)


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ("Please limit requests to one every 5 seconds.", "refused"), ("Your query was too short.", "refused"),
        ("<html>down</html>", "malformed"), ("", "malformed"), ("{}", "empty"), ('{"articles": 3}', "malformed"),
    ],
)  # fmt: skip
def test_gdelt_refuses_in_words(httpserver: HTTPServer, tmp_path: Path, body: str, state: str) -> None:
    """A sentence with status 200 moves no cursor; an empty object means that nothing was found."""
    httpserver.expect_request("/start").respond_with_data(body)
    assert once(httpserver, tmp_path, "gdelt", query="Havglimt").status == state


# MFN


def release(number: int) -> dict[str, Any]:
    """One release."""
    return {
        "news_id": f"id-{number}", "url": f"https://mfn.example/{number}",
        "content": {"title": f"Havglimt: rapport {number}", "publish_date": "2026-10-05T05:00:00Z"},
        "author": {"name": "Havglimt AB", "local_refs": ["SE:556012-5790"], "isins": ["SE0000000000"]},
        "properties": {"lang": "sv"},
    }  # fmt: skip


def test_mfn_reads_back_to_what_it_knows(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Pages are read until the last run's newest; the company is known by its number."""
    newest = 150

    def answer(request: Request) -> Response:
        start, size = int(request.args["offset"]), int(request.args["limit"])
        return Response(json.dumps({"items": [release(n) for n in range(newest, 0, -1)][start : start + size]}))

    httpserver.expect_request("/start").respond_with_handler(answer)
    first = once(httpserver, tmp_path, "mfn")
    assert len(first.collected.documents) == 100
    assert str(first.collected.documents[0].identifiers[0]) == "SE-BLV-5560125790"
    newest = 400
    second = once(httpserver, tmp_path, "mfn", first.collected.cursor)
    assert len(second.collected.documents) == 250
    assert len(once(httpserver, tmp_path, "mfn", second.collected.cursor).collected.documents) == 0


def test_numbers_of_registers() -> None:
    """Each country's number in its register's spelling; what is unknown is left out."""
    found = identifiers_of({"local_refs": ["NO:923 609 016", "FI:0112038-9", "XX:1", "DK:"]})
    assert [str(identifier) for identifier in found] == ["NO-BRC-923609016", "FI-PRO-0112038-9"]
