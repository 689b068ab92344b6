"""Each outlet prints what parsers of its format read, and every item of the day is in it."""

import json

import feedparser
import pytest
from lxml import etree, html

from salestrigger.sources.demo import DemoMarket, demo_specs
from salestrigger.sources.demo.mischief import MISCHIEF
from salestrigger.sources.demo.outlets import items_on, outlets

DAYS = (1, 6, 15)


def body_of(source, day):
    host, _, path = demo_specs()[source].url.removeprefix("http://").partition("/")
    market = DemoMarket.build()
    answer = market.answer(day, host, f"/{path}", attempt=2)
    if answer.status == 301:
        answer = market.answer(day, host, "/" + answer.headers["location"].split("/", 3)[3])
    assert answer.status == 200
    return answer.body


def sources(*formats):
    return [source for source, outlet in outlets().items() if outlet.format in formats]


@pytest.mark.parametrize("source", sources("rss", "atom", "rdf", "globe"))
def test_xml_feeds_are_well_formed_and_complete(source):
    """lxml takes them strictly, and feedparser finds every title, link and date."""
    for day in DAYS:
        body, items = body_of(source, day), items_on(source, day)
        etree.fromstring(body)
        feed = feedparser.parse(body)
        assert not feed.bozo, feed.get("bozo_exception")
        assert [entry.title for entry in feed.entries] == [item.title for item in items]
        assert [entry.link for entry in feed.entries] == [item.url for item in items]
        for entry, item in zip(feed.entries, items, strict=True):
            stated = entry.get("published_parsed") or entry.get("updated_parsed")
            assert stated[:5] == item.published_at.timetuple()[:5]


def test_there_is_every_format():
    """RSS, Atom, RDF, JSON Feed, an HTML newsroom and the wire format are all in use."""
    assert {outlet.format for outlet in outlets().values()} == {"rss", "atom", "rdf", "json", "html", "globe"}


@pytest.mark.parametrize("source", sources("json"))
def test_json_feeds_follow_their_version(source):
    """Version 1.1, ids and dates with a zone."""
    feed = json.loads(body_of(source, 1))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [entry["id"] for entry in feed["items"]] == [item.key for item in items_on(source, 1)]
    assert all(entry["date_published"].endswith("+00:00") for entry in feed["items"])


@pytest.mark.parametrize("source", sources("html"))
def test_newsrooms_have_what_their_selectors_name(source):
    """The selectors of the catalogue file find each item, its link and its date."""
    options = demo_specs()[source].options
    page = html.fromstring(body_of(source, 1))
    found = page.cssselect(options["item"]) if hasattr(page, "cssselect") and _has_cssselect() else None
    entries = found if found is not None else page.xpath("//article[@class='news-item']")
    items = items_on(source, 1)
    assert [entry.xpath(".//h2/a/@href")[0] for entry in entries] == [item.url for item in items]
    assert all(entry.xpath(".//time/@datetime") for entry in entries)


def _has_cssselect():
    try:
        import cssselect  # noqa: F401
    except ImportError:
        return False
    return True


def test_the_wire_format_states_issuers_and_dates_without_seconds():
    """Its Dublin Core namespace is its own, its contributor is the issuer."""
    root = etree.fromstring(body_of("demo-newswire", 15))
    space = {"dc": "http://dublincore.org/documents/dcmi-namespace/"}
    items = root.findall("channel/item")
    assert any(item.findtext("dc:contributor", namespaces=space) == "Grepa AS" for item in items)
    for item in items:
        assert item.findtext("pubDate").count(":") == 1
        assert item.findtext("dc:identifier", namespaces=space) in item.findtext("link")


def test_the_hostile_feed_is_well_formed_and_carries_every_trick():
    """Script in titles, links that run, formulas, templates and bidirectional controls."""
    body = body_of("demo-hostile", 1).decode()
    for trick in ("<script>", "javascript:", "=HYPERLINK", "{{ 7 * 7 }}", "\u202e", "onerror", "user:secret@"):
        assert trick in body
    assert feedparser.parse(body.encode()).entries


def test_the_broken_feed_stops_in_the_middle():
    """No parser takes it whole."""
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(body_of("demo-broken", 1))


def test_mischief_is_declared_and_nothing_else_fails():
    """Every source that misbehaves for good has a catalogue file; outlets and mischief do not overlap."""
    assert set(MISCHIEF) <= set(demo_specs())
    assert not set(MISCHIEF) & set(outlets())
    others = set(demo_specs()) - set(MISCHIEF) - set(outlets())
    assert others == {"demo-accounts", "demo-register", "demo-register-changes", "demo-register-roles"}
