"""Proposing a catalogue file for an address: the text must load, and say what it does not know."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from salestrigger.sources.adapters import options_of
from salestrigger.sources.adapters.feed import Options as FeedOptions
from salestrigger.sources.adapters.feed_xml import read_xml_feed
from salestrigger.sources.adapters.wire_items import issuer_in
from salestrigger.sources.errors import ShapeError
from salestrigger.sources.http import Response
from salestrigger.sources.propose import propose
from salestrigger.sources.registry import load_spec
from salestrigger.sources.spec import SourceSpec
from tests.sources.adapters.running import NOW

URL = "https://www.havglimt.example/nyheter"


def answer(body: str, *, url: str = URL, status: int = 200, content_type: str = "text/html; charset=utf-8") -> Response:
    """What the address answered."""
    return Response(
        request_url=url,
        url=url,
        status=status,
        headers={"content-type": content_type},
        body=body.encode(),
        fetched_at=NOW,
    )


def loaded(text: str, tmp_path: Path) -> SourceSpec:
    """The proposal as the catalogue reads it."""
    path = tmp_path / "proposed.toml"
    path.write_text(text, encoding="utf-8")
    return load_spec(path)


def test_a_feed(tmp_path: Path) -> None:
    """A feed is proposed as it is, with its language and how much it publishes."""
    items = "".join(
        f"<item><title>Sak {n}</title><guid>{n}</guid><pubDate>0{n} Oct 2026 08:00:00 GMT</pubDate></item>"
        for n in (1, 2, 3)
    )
    body = f'<rss version="2.0"><channel><language>nb</language>{items}</channel></rss>'
    text, notes = propose('Havglimt "nytt"\n', URL, answer(body, content_type="text/xml"))
    spec = loaded(text, tmp_path)
    assert (spec.adapter, spec.url, spec.title, spec.language, spec.per_day) == (
        "feed",
        URL,
        'Havglimt "nytt"',
        "nb",
        1.5,
    )
    assert (spec.enabled, spec.verified) == (False, False)
    assert notes == ("3 entries, the newest of 2026-10-03",)
    assert text.startswith("# save as havglimt-nytt.toml")


def test_a_json_feed(tmp_path: Path) -> None:
    """JSON Feed is told by what arrives."""
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "A"}]})
    text, notes = propose("Havglimt", URL, answer(body))
    assert loaded(text, tmp_path).adapter == "feed"
    assert notes == ("1 entries, none with a date",)


def test_a_page_that_names_its_feeds(tmp_path: Path) -> None:
    """The feed of the news goes before that of the comments."""
    body = """<html lang="nb-NO"><head>
      <link rel="alternate" type="application/rss+xml" title="Kommentarer" href="/comments/feed">
      <link rel="alternate" type="application/rss+xml" title="Nytt" href="/feed">
      <link rel="alternate" type="text/html" hreflang="en" href="/en"></head><body>x</body></html>"""
    text, notes = propose("Havglimt", URL, answer(body))
    spec = loaded(text, tmp_path)
    assert (spec.adapter, spec.url, spec.language) == ("feed", "https://www.havglimt.example/feed", "nb-NO")
    assert any("/comments/feed" in note for note in notes)


def test_a_newsroom_without_a_feed(tmp_path: Path) -> None:
    """The list of dated links is found among navigation, and its selectors work."""
    navigation = "".join(f'<li class="menu"><a href="/{n}">Et langt navn på en side {n}</a></li>' for n in range(9))
    rows = "".join(
        f'<article class="card wide"><h2><a href="/n/{n}">Havglimt vinner kontrakt {n}</a></h2>'
        f'<time datetime="2026-10-0{n}">{n}. oktober</time><p>Tekst</p></article>'
        for n in (1, 2, 3, 4)
    )
    text, notes = propose("Havglimt", URL, answer(f"<html><ul>{navigation}</ul>{rows}</html>"))
    spec = loaded(text, tmp_path)
    assert spec.adapter == "page"
    assert spec.options == {
        "item": "article.card", "title": "h2", "date": "time[datetime]", "date_attribute": "datetime", "teaser": "p",
    }  # fmt: skip
    assert notes[1] == "4 entries, the newest of 2026-10-04"


@pytest.mark.parametrize("body", ["", "Service unavailable", "<html><p>Velkommen</p></html>", '{"a": 1}'])
def test_nothing_to_propose(body: str) -> None:
    """What is neither a feed nor a list of news is said."""
    with pytest.raises(ShapeError, match="a feed, a page that names one, or a list of news"):
        propose("X", URL, answer(body))


def test_an_address_that_is_not_there() -> None:
    """404 is not a proposal."""
    with pytest.raises(ShapeError, match="status 404"):
        propose("X", URL, answer("", status=404))


def test_hostile_names_stay_values(tmp_path: Path) -> None:
    """Nothing from outside can add a key to the file."""
    body = "<html><head><link rel='alternate' type='application/rss+xml' href='/f\"%0aenabled=true'></head></html>"
    text, _ = propose('x"\nenabled = true\n#', URL, answer(body))
    assert tomllib.loads(text)["enabled"] is False
    assert loaded(text, tmp_path).enabled is False


PRN = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prn="http://www.prnewswire.com/ns/0.1/#"
 xmlns:media="http://search.yahoo.com/mrss/"><channel><title>PR Newswire: Energy</title><language>en</language>
<item><title>Havglimt Wins Order</title>
<link>https://www.prnewswire.com/news-releases/havglimt-wins-order-302000001.html</link>
<guid>https://www.prnewswire.com/news-releases/havglimt-wins-order-302000001.html</guid>
<pubDate>Fri, 02 Oct 2026 18:33:00 +0000</pubDate>
<description><![CDATA[<p>DENVER, Oct. 2, 2026 /PRNewswire/ -- Havglimt today said it won an order.</p>]]></description>
<media:content url="https://mma.prnewswire.com/media/1/h.jpg" medium="image"/>
<dc:language>en</dc:language><dc:contributor>Havglimt Inc.</dc:contributor>
<dc:publisher>PR Newswire Association LLC.</dc:publisher><prn:industry>OIL</prn:industry><prn:subject>CON</prn:subject>
</item>
<item><title>Tarnwick Names a Chief Executive</title>
<link>https://www.prnewswire.com/news-releases/tarnwick-302000002.html</link>
<guid>https://www.prnewswire.com/news-releases/tarnwick-302000002.html</guid>
<pubDate>Tue, 29 Sep 2026 08:05:00 -0400</pubDate>
<description><![CDATA[<p>LEEDS, England, Sept. 29, 2026 /PRNewswire/ -- Tarnwick Group plc (LSE: TNW), a maker of
looms, today named Ann Example.</p>]]></description><dc:language>en</dc:language></item></channel></rss>"""

BUSINESS_WIRE = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Business Wire Technology</title><link>https://www.businesswire.com/</link>
<item><title>Orvelle Opens a Plant in Ohio</title>
<link>http://www.businesswire.com/news/home/20261002000001/en/Orvelle-Opens/?feedref=JjAwJuNHiystnCoBq_hl-X</link>
<description>DAYTON, Ohio--(BUSINESS WIRE)--Orvelle &amp; Sons, Inc. (NYSE: ORV) today opened a plant.</description>
<pubDate>Fri, 02 Oct 2026 13:00:00 UT</pubDate>
<guid isPermaLink="false">20261002000001r1</guid></item>
<item><title>INVESTOR ALERT: Brightlaw Firm Reminds Holders</title>
<link>http://www.businesswire.com/news/home/20261001000002/en/</link>
<description>NEW YORK--(BUSINESS WIRE)--Brightlaw Firm reminds holders of Orvelle (NYSE: ORV).</description>
<pubDate>Thu, 01 Oct 2026 13:00:00 UT</pubDate><guid>20261001000002r1</guid></item></channel></rss>"""


@pytest.mark.parametrize(("url", "body", "name", "issuers", "said"), [
    ("https://www.prnewswire.com/rss/energy-latest-news/energy-latest-news-list.rss", PRN, "PR Newswire",
     ["Havglimt Inc.", "Tarnwick Group plc"], "2 of 2"),
    ("https://feed.businesswire.com/rss/home/?rss=G1QFEXAMPLEXg==", BUSINESS_WIRE, "Business Wire",
     ["Orvelle & Sons, Inc."], "1 of 2"),
])  # fmt: skip
def test_a_wires_feed_is_proposed_as_one(
    url: str, body: str, name: str, issuers: list[str], said: str, tmp_path: Path
) -> None:
    """Trust and terms are the wire's, it is off until a person has read them, and who issued what is known."""
    text, notes = propose("my-wire", url, answer(body, url=url, content_type="application/rss+xml"))
    spec = loaded(text, tmp_path)
    assert (spec.adapter, spec.url, spec.trust, spec.enabled) == ("feed", url, "wire", False)
    assert name in spec.licence
    assert spec.terms_url.startswith("https://www.")
    assert notes[-1].startswith(f"a feed of {name}: {said} entries name their issuer; read its terms before")
    options = options_of(spec, FeedOptions).model_dump()
    context = {
        "source_id": "w", "base_url": url, "content_type": "application/rss+xml", "language": spec.language,
        "is_aggregator": False, "fetched_at": NOW, "now": NOW, **options,
    }  # fmt: skip
    reading = read_xml_feed(body.encode(), context)
    assert [d.issuer for d in reading.documents] == issuers
    hour, minute = (18, 33) if "prnewswire" in url else (13, 0)
    assert reading.documents[0].published_at == datetime(2026, 10, 2, hour, minute, tzinfo=UTC)
    assert all("feedref" not in d.url and d.url for d in reading.documents)


@pytest.mark.parametrize(("text", "issuer"), [
    ("OSLO, Oct. 2, 2026 (GLOBE NEWSWIRE) -- Havglimt ASA (OSE: HGL), today", "Havglimt ASA"),
    ("LEEDS, Oct. 2, 2026 /PRNewswire-FirstCall/ -- The Tarnwick Group (NYSE: TNW) said", "The Tarnwick Group"),
    ("NEW YORK, Oct. 2, 2026 /PRNewswire/ -- A law firm reminds holders of Tarnwick (NYSE: TNW)", None),
    ("NEW YORK, Oct. 2, 2026 /PRNewswire/ -- Tarnwick today announced", None),
    ("Tarnwick Group (NYSE: TNW) today announced", None),
    ("", None),
])  # fmt: skip
def test_a_listed_company_that_opens_a_release_issued_it(text: str, issuer: str | None) -> None:
    """Only behind a wire's dateline, and only as a name."""
    assert issuer_in(text) == issuer
