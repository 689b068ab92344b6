"""Feeds of every dialect, good and bad, as bytes in the true shape with invented companies."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from salestrigger.sources.adapters.feed_json import read_json_feed
from salestrigger.sources.adapters.feed_xml import is_page, read_xml_feed, within_limits
from salestrigger.sources.adapters.item_build import MAX_ITEMS, MAX_TEXT, language_tag
from salestrigger.sources.adapters.item_dates import parse_date
from salestrigger.sources.records import Document
from tests.sources.adapters.running import NOW, run, spec_of


def context(**values: Any) -> dict[str, Any]:
    """What a parse function is told of its source."""
    return {
        "source_id": "a-source",
        "base_url": "https://www.nordlys.example/rss",
        "content_type": "",
        "language": None,
        "is_aggregator": False,
        "kind": "news",
        "skip_titles": (),
        "fetched_at": NOW,
        "now": NOW,
    } | values


def rss(*items: str, channel: str = "", root: str = "") -> bytes:
    """An RSS 2.0 feed of these items."""
    body = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0" {root}><channel><title>Avis</title>{channel}{body}</channel></rss>'.encode()


def read(body: bytes, **values: Any) -> tuple[Document, ...]:
    """The documents of an XML feed that has to be readable."""
    reading = read_xml_feed(body, context(**values))
    assert reading.problem == ""
    return reading.documents


def test_rss_gives_every_field() -> None:
    """An RSS item becomes a Document with its guid as key and its link resolved."""
    (document,) = read(
        rss(
            "<title>Fjellmørk AS kjøper Dalgard Drift AS</title><link>/nyheter/1?utm_source=rss</link>"
            "<guid isPermaLink='false'>nordlys-1</guid><pubDate>Mon, 05 Oct 2026 07:15:00 +0200</pubDate>"
            "<description>&lt;p&gt;Oppkjøpet ble &lt;b&gt;gjennomført&lt;/b&gt; mandag.&lt;/p&gt;</description>",
            channel="<language>nb-no</language>",
        )
    )
    assert document.key == "nordlys-1"
    assert document.url == "https://www.nordlys.example/nyheter/1"
    assert document.title == "Fjellmørk AS kjøper Dalgard Drift AS"
    assert document.text == "Oppkjøpet ble gjennomført mandag."
    assert document.published_at == datetime(2026, 10, 5, 5, 15, tzinfo=UTC)
    assert document.language == "nb-NO"


def test_rss_1_has_its_items_beside_the_channel() -> None:
    """RDF feeds are read, with dc:date."""
    body = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://x.example"><title>X</title></channel>
      <item rdf:about="https://x.example/1"><title>Havglimt ASA vinner kontrakt</title><link>https://x.example/1</link>
      <dc:date>2026-10-04T10:00:00+02:00</dc:date></item></rdf:RDF>"""
    (document,) = read(body)
    assert document.published_at == datetime(2026, 10, 4, 8, tzinfo=UTC)
    assert document.url == "https://x.example/1"


@pytest.mark.parametrize("namespace", ["http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"])
def test_atom_of_both_ages(namespace: str) -> None:
    """Atom 1.0 and 0.3 are read; an update after publication is kept apart."""
    published = "published" if namespace.endswith("Atom") else "issued"
    updated = "updated" if namespace.endswith("Atom") else "modified"
    body = f"""<feed xmlns="{namespace}" version="0.3" xml:lang="nl"><title>K</title><entry>
      <title>Veerhof B.V. opent vestiging</title><link rel="alternate" href="nieuws/7"/><id>tag:k.example,2026:7</id>
      <{published}>2026-10-01T08:00:00Z</{published}><{updated}>2026-10-02T09:00:00Z</{updated}>
      <summary>In Zwolle.</summary></entry></feed>""".encode()
    (document,) = read(body, base_url="https://k.example/feeds/all.atom")
    assert (document.key, document.url) == ("tag:k.example,2026:7", "https://k.example/feeds/nieuws/7")
    assert document.published_at == datetime(2026, 10, 1, 8, tzinfo=UTC)
    assert document.updated_at == datetime(2026, 10, 2, 9, tzinfo=UTC)
    assert document.language == "nl"


def test_json_feed_gives_every_field() -> None:
    """JSON Feed 1.1 is read; a numeric id of 1.0 becomes a text."""
    body = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "language": "en",
            "items": [
                {"id": 7, "url": "/a", "title": "Tarnwick raises &pound;4m", "content_html": "<p>By <i>Orve</i>.",
                 "date_published": "2026-10-03T12:00:00Z", "date_modified": "2026-10-03T13:00:00Z"},
                "no object",
            ],
        }
    ).encode()  # fmt: skip
    reading = read_json_feed(body, context())
    (document,) = reading.documents
    assert (document.key, document.title, document.text) == ("7", "Tarnwick raises £4m", "By Orve.")
    assert document.updated_at == datetime(2026, 10, 3, 13, tzinfo=UTC)
    assert reading.set_aside == (("item 2", "not an object"),)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": NaN}', "NaN is no JSON"),
        (b'{"version": 1, "items": []}', "version 1"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": {}}', "items of type dict"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a": ' + b"9" * 5000 + b"}", "digits"),
    ],
)
def test_json_that_is_no_feed_is_a_problem_not_a_crash(body: bytes, expected: str) -> None:
    """What the standard does not allow, and what is no feed, is said in words."""
    assert expected in read_json_feed(body, context()).got


def test_globenewswire_names_its_issuer_and_language() -> None:
    """dc:contributor in GlobeNewswire's own namespace is the issuer; its dates have no seconds."""
    item = (
        "<title>Havglimt ASA: Contract award</title><link>http://wire.example/1</link>"
        "<pubDate>Fri, 02 Oct 2026 18:06 GMT</pubDate><dc:language>en</dc:language>"
        "<dc:publisher>GlobeNewswire Inc.</dc:publisher><dc:contributor>Havglimt ASA</dc:contributor>"
    )
    (document,) = read(rss(item, root='xmlns:dc="http://dublincore.org/documents/dcmi-namespace/"'))
    assert (document.issuer, document.language) == ("Havglimt ASA", "en")
    assert document.published_at == datetime(2026, 10, 2, 18, 6, tzinfo=UTC)


def test_an_ordinary_contributor_is_no_issuer() -> None:
    """Elsewhere dc:contributor is a person."""
    item = "<title>T</title><link>http://x.example/1</link><dc:contributor>A Reporter</dc:contributor>"
    (document,) = read(rss(item, root='xmlns:dc="http://purl.org/dc/elements/1.1/"'))
    assert document.issuer is None


def test_google_news_gives_the_outlet_and_a_clean_title() -> None:
    """The source is the publisher, its name leaves the title, and other outlets' headlines are not the text."""
    item = (
        "<title>Fjellmørk AS kutter 40 årsverk - Nordposten</title><guid isPermaLink='false'>CBMi1</guid>"
        "<link>https://news.google.com/rss/articles/CBMi1?oc=5</link>"
        "<description>&lt;ol&gt;&lt;li&gt;Dalgard Drift konkurs&lt;/li&gt;&lt;/ol&gt;</description>"
        "<source url='https://nordposten.example'>Nordposten</source>"
    )
    (document,) = read(rss(item), is_aggregator=True)
    assert (document.title, document.publisher, document.text) == ("Fjellmørk AS kutter 40 årsverk", "Nordposten", "")


def test_google_alerts_links_are_unwrapped() -> None:
    """The link of an alert leads to the article, whose domain is the publisher."""
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:google.com,2013:googlealerts/feed:1</id>
      <title type="html">&lt;b&gt;Veerhof&lt;/b&gt; B.V. verhuist</title>
      <link href="https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://www.zeekant.example/nieuws/9&amp;ct=ga"/>
      <content type="html">&lt;b&gt;Veerhof&lt;/b&gt; gaat naar&amp;nbsp;...</content></entry></feed>"""
    (document,) = read(body, is_aggregator=True)
    assert document.url == "https://www.zeekant.example/nieuws/9"
    assert (document.title, document.text) == ("Veerhof B.V. verhuist", "Veerhof gaat naar ...")
    assert document.publisher == "zeekant.example"


def test_key_falls_back_to_link_then_to_title_and_date() -> None:
    """Without a guid the canonical link identifies an item, without a link its title and date."""
    documents = read(
        rss(
            "<title>A</title><link>https://x.example/a?utm_medium=rss#top</link>",
            "<title>B</title><pubDate>Mon, 05 Oct 2026 05:00:00 GMT</pubDate>",
        )
    )
    assert [document.key for document in documents] == ["https://x.example/a", "B 2026-10-05T05:00:00+00:00"]


def test_a_guid_that_is_no_address_stays_as_it_is() -> None:
    """A key must not change with the address of the feed, and a bare number is no link."""
    documents = read(rss("<title>A</title><guid>1</guid>", "<title>B</title><guid>2</guid><link>/b</link>"))
    assert [(document.key, document.url) for document in documents] == [
        ("1", ""),
        ("2", "https://www.nordlys.example/b"),
    ]


def test_an_item_twice_is_set_aside() -> None:
    """The same guid again in one feed is one document."""
    item = "<title>A</title><guid isPermaLink='false'>1</guid>"
    reading = read_xml_feed(rss(item, item), context())
    assert len(reading.documents) == 1
    assert reading.set_aside == (("1", "same key as an earlier entry"),)


def test_unusable_items_are_set_aside_with_the_reason() -> None:
    """Neither title nor link, or dated far ahead: counted, not lost silently."""
    reading = read_xml_feed(
        rss(
            "<guid isPermaLink='false'>x</guid><description>text</description>",
            "<title>Later</title><guid isPermaLink='false'>y</guid><pubDate>Wed, 07 Oct 2026 08:00:00 GMT</pubDate>",
            "<title>Soon</title><guid isPermaLink='false'>z</guid><pubDate>Tue, 06 Oct 2026 18:00:00 GMT</pubDate>",
        ),
        context(),
    )
    assert [document.key for document in reading.documents] == ["z"]
    assert reading.set_aside == (("x", "neither title nor link"), ("y", "dated in the future"))


def test_declared_titles_are_skipped() -> None:
    """A wire's advertising of law firms can be kept out by the source's file."""
    item = "<title>INVESTOR ALERT: Tarnwick plc</title><link>https://x.example/1</link>"
    reading = read_xml_feed(rss(item), context(skip_titles=("investor alert",)))
    assert reading.documents == ()
    assert "'investor alert'" in reading.set_aside[0][1]


def test_double_escaped_and_hostile_text_becomes_plain() -> None:
    """Mark-up that was escaped twice is unescaped; scripts, bidi and zero-width characters do not survive."""
    (document,) = read(
        rss(
            "<title>Dal&amp;amp;Fjord \u202eAS\u200b</title><link>javascript:alert(1)</link>"
            "<description>&amp;lt;p&amp;gt;Ny&amp;lt;/p&amp;gt;&lt;script&gt;alert(1)&lt;/script&gt;</description>"
        )
    )
    assert (document.title, document.text, document.url) == ("Dal&Fjord AS", "Ny", "")


def test_a_closing_tag_in_cdata_does_not_end_the_item() -> None:
    """CDATA with </item> inside is text."""
    (document,) = read(rss("<title>A</title><description><![CDATA[one </item> two]]></description>"))
    assert document.text == "one two"


def test_declared_encoding_is_heeded_and_a_wrong_one_survived() -> None:
    """ISO-8859-1 by declaration, and bytes that contradict their declaration, still give the items."""
    latin = "<?xml version='1.0' encoding='iso-8859-1'?>" + rss("<title>Blåfjell økte</title>").decode()
    assert read(latin.encode("iso-8859-1"))[0].title == "Blåfjell økte"
    assert read(rss("<title>Blåfjell økte</title>").decode().encode("iso-8859-1"))[0].title == "Blåfjell økte"


def test_a_torn_feed_gives_what_it_has_with_a_note() -> None:
    """What is not well-formed is read as far as it goes, and said."""
    reading = read_xml_feed(rss("<title>A</title><guid>1</guid>")[:-20] + b"<item><title>B & C", context())
    assert [document.title for document in reading.documents][:1] == ["A"]
    assert reading.notes[0].startswith("not well-formed")


@pytest.mark.parametrize(
    ("body", "got"),
    [
        (b"<!DOCTYPE html><html><body>Hi</body></html>", "an HTML page"),
        (b"<html><form><input type='x'><input type=\"password\"></form></html>", "a login page"),
        (b"", "an empty answer"),
        (b"Service unavailable", "plain text"),
        (b"<opml><body/></opml>", "XML that is no feed"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, got: str) -> None:
    """A page instead of a feed is a problem that says what arrived."""
    reading = read_xml_feed(body, context())
    assert (reading.problem, reading.got) == ("RSS, Atom or JSON Feed", got)


def test_a_page_is_told_before_a_parser_reads_it() -> None:
    """A large login page instead of a feed; a feed within HTML is still looked at."""
    assert is_page(b"\xef\xbb\xbf\n<!DOCTYPE html><html><body>" + b"<p>Log in</p>" * 100_000)
    assert not is_page(b"<html><body><RSS version='2.0'><channel></channel></RSS></body></html>")
    assert not is_page(b"<?xml version='1.0'?><html/>")


def test_an_empty_feed_is_no_problem() -> None:
    """A valid feed without entries is empty."""
    assert read(rss()) == ()


def test_mark_up_that_is_built_to_hurt_is_refused() -> None:
    """Thousands of attributes or levels are refused before the parser sees them."""
    attributes = " ".join(f'a{number}="x"' for number in range(2001))
    assert "2001 attributes" in within_limits(rss(f"<title {attributes}>A</title>"))[2]
    assert "256 deep" in within_limits(rss("<a>" * 300 + "</a>" * 300))[2]


def test_an_entity_bomb_is_refused() -> None:
    """Entities of entities of entities are not expanded."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE rss [<!ENTITY e0 "boom">{levels}]>' + rss("<title>&e9;</title>").decode()
    reading = read_xml_feed(bomb.encode(), context())
    assert (reading.documents, reading.got) == ((), "entities that expand without end")


def test_only_so_many_entries_are_read() -> None:
    """A feed with too many entries is cut, still well-formed, and noted."""
    reading = read_xml_feed(rss(*(f"<title>T{n}</title>" for n in range(MAX_ITEMS + 5))), context())
    assert len(reading.documents) == MAX_ITEMS
    assert reading.notes == (f"only the first {MAX_ITEMS} entries were read",)


def test_texts_are_cut_with_a_mark() -> None:
    """A field has at most 64 K characters."""
    (document,) = read(rss(f"<title>A</title><description>{'ord ' * 40_000}</description>"))
    assert len(document.text) <= MAX_TEXT
    assert document.text.endswith("…")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fri, 02 Oct 2026 18:06 GMT", datetime(2026, 10, 2, 18, 6, tzinfo=UTC)),
        ("2026-10-02T18:06:00+02:00", datetime(2026, 10, 2, 16, 6, tzinfo=UTC)),
        ("2026-10-02", datetime(2026, 10, 2, tzinfo=UTC)),
        ("5. oktober 2026", datetime(2026, 10, 5, tzinfo=UTC)),
        ("ma 5 oktober 2026 10:15", datetime(2026, 10, 5, 10, 15, tzinfo=UTC)),
        ("03.10.2026", datetime(2026, 10, 3, tzinfo=UTC)),
        ("2 timer siden", datetime(2026, 10, 5, 6, tzinfo=UTC)),
        ("0001-01-01T00:00:00", None),
        ("99999-01-01", None),
        ("yesterday", None),
        ("", None),
        ("5" * 100, None),
    ],
)
def test_dates_of_every_dialect(text: str, expected: datetime | None) -> None:
    """A date is read as its publisher means it, or not at all."""
    assert parse_date(text, now=NOW, languages=("nb",)) == expected


@pytest.mark.parametrize(
    ("code", "tag"), [("en_us", "en-US"), ("NB", "nb"), ("nn-NO", "nn-NO"), ("", None), ("norsk språk", None)]
)
def test_language_tags_are_spelled_alike(code: str, tag: str | None) -> None:
    """A declared language is a BCP 47 tag or unknown."""
    assert language_tag(code) == tag


def test_the_source_s_own_language_goes_first() -> None:
    """Newsrooms leave their software's en-US in place; the catalogue file knows better."""
    (document,) = read(rss("<title>A</title>", channel="<language>en-US</language>"), language="nb")
    assert document.language == "nb"


def test_collected_over_http_and_then_not_modified(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The first run stores documents and validators, the second is told that nothing is new."""
    httpserver.expect_request("/feed", headers={"If-None-Match": '"v1"'}).respond_with_data(status=304)
    httpserver.expect_request("/feed").respond_with_data(rss("<title>Fjellmørk AS</title>"), headers={"ETag": '"v1"'})
    (first,) = run(httpserver, tmp_path, spec_of())
    assert (first.status, first.reason, len(first.collected.documents)) == ("ok", "", 1)
    assert first.documents_ref is not None
    (second,) = run(httpserver, tmp_path, spec_of(), cursors={"a-source": first.collected.cursor})
    assert (second.status, second.collected.documents) == ("not_modified", ())
    assert second.collected.cursor == first.collected.cursor
    (third,) = run(
        httpserver, tmp_path, spec_of(options={"kind": "notice"}), cursors={"a-source": first.collected.cursor}
    )
    assert third.status == "ok", "a source that is read differently is read again"


def test_json_feed_is_told_by_its_first_character(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Declared types are often wrong."""
    body = '\ufeff{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "A"}]}'
    httpserver.expect_request("/feed").respond_with_data(body, content_type="text/xml")
    assert run(httpserver, tmp_path, spec_of())[0].status == "ok"
