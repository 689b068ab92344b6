"""Ordinary feeds read without feedparser: the same documents, and whatever is odd is left to feedparser."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salestrigger.sources.adapters.feed_plain import plain_feed
from salestrigger.sources.adapters.feed_xml import by_feedparser
from salestrigger.sources.adapters.item_build import build
from tests.sources.adapters.running import NOW

CONTEXT: dict[str, Any] = {
    "source_id": "a-source", "base_url": "http://news.example/feed", "content_type": "application/xml",
    "language": None, "is_aggregator": False, "kind": "news", "skip_titles": (), "fetched_at": NOW, "now": NOW,
}  # fmt: skip
ITEM = (
    "<title>Havglimt åpner i Bodø</title><link>http://news.example/1</link><guid>n-1</guid>"
    "<pubDate>Mon, 05 Oct 2026 06:15:00 +0200</pubDate><description>Kort.</description>"
)


def feed(items: str, channel: str = "", head: str = '<rss version="2.0">') -> bytes:
    """A feed around the items."""
    return f"{head}<channel><title>Nytt</title>{channel}{items}</channel></rss>".encode()


def both(body: bytes, content_type: str = "application/xml") -> tuple[Any, Any]:
    """The documents by the short way (None: not taken) and by feedparser."""
    context = CONTEXT | {"content_type": content_type}
    short = plain_feed(body, content_type)
    return short and build(short[0], context | {"feed_language": short[1]}), by_feedparser(body, context)


TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=40) | st.sampled_from([
    "Å \u0301 &amp; <b>to</b>", "Ã¥pner", "  ", "&lt;p&gt;Ett &amp;amp; to&lt;/p&gt;", "\n en\n\n to ",
])  # fmt: skip
LINKS = st.sampled_from(["http://news.example/1?a=1&b=2", " http://news.example/2 ", "https://x.example/å", "/rel", ""])
DATES = st.sampled_from([
    "Mon, 05 Oct 2026 06:15:00 +0200", "5 Oct 2026 06:15:00 GMT", "Mon, 31 Feb 2026 06:15:00 GMT",
    "Mon, 05 Oct 2026 25:15:00 GMT", "2026-10-05T06:15:00Z", "i går", "", "Fri, 02 Oct 2026 18:06 GMT",
])  # fmt: skip
FIELDS: dict[str, st.SearchStrategy[str]] = {
    "title": TEXTS, "link": LINKS, "pubDate": DATES, "description": TEXTS, "category": TEXTS, "author": TEXTS,
    "guid": TEXTS | LINKS,
}  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.lists(st.fixed_dictionaries({}, optional=FIELDS), max_size=3), st.randoms(use_true_random=False))
def test_both_ways_give_the_same_documents(items: list[dict[str, str]], chance: Any) -> None:
    """Whatever the texts, links and dates, and in whatever order they stand."""
    text = ""
    for item in items:
        parts = [f"<{key}>{escape(value)}</{key}>" for key, value in item.items()]
        chance.shuffle(parts)
        text += f"<item>{''.join(parts)}</item>"
    short, long = both(feed(text))
    assert short is None or short == long


def test_an_ordinary_feed_takes_the_short_way() -> None:
    """With its language, a longer text in content:encoded, and a guid that is an address."""
    head = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:c="http://purl.org/rss/1.0/modules/content/">'
    )
    more = ITEM.replace("n-1", "http://news.example/?p=2").replace("<guid>", '<guid isPermaLink="false">')
    encoded = "<c:encoded><![CDATA[<p>En <b>lang</b> tekst &amp; mer.</p>]]></c:encoded>"
    body = feed(f"<item>{ITEM}</item><item>{more}{encoded}</item>", "<language>nb-NO</language>", head)
    for content_type in ("application/xml", "text/xml; charset=UTF-8", "application/rss+xml"):
        short, long = both(body, content_type)
        assert short == long
        assert [document.language for document in short.documents] == ["nb-NO", "nb-NO"]
        assert short.documents[1].text == "En lang tekst & mer."


@pytest.mark.parametrize(
    "body",
    [
        feed(f"<item>{ITEM}<source url='http://x.example/'>X</source></item>"), feed(f"<item>{ITEM}{ITEM}</item>"),
        feed(f"<item>{ITEM}</item>", head='<rss version="2.0" xml:base="http://x.example/">'),
        feed(f"<item>{ITEM.replace('Kort.', '<p>Kort.</p>')}</item>"),
        feed(f"<item>{ITEM}</item>").decode().encode("latin-1"),
        b"<!DOCTYPE rss [<!ENTITY x 'y'>]>" + feed(f"<item>{ITEM}</item>"), feed(f"<item>{ITEM}")[:-30],
        feed(f"<item>{ITEM}</item>", head='<rss version="0.91">'),
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title></feed>",
    ],
)  # fmt: skip
def test_what_is_odd_is_left_to_feedparser(body: bytes) -> None:
    """Another element, one twice, a base, mark-up in a text, another encoding, entities, a broken end, a dialect."""
    assert plain_feed(body, "application/xml") is None
