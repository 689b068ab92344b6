"""Print items in the formats of real sources: RSS 2.0, Atom, RSS 1.0 (RDF), JSON Feed 1.1, an HTML newsroom, the wire
format of GlobeNewswire (a Dublin Core namespace of its own, dates without seconds). Pure.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping, Sequence
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from salestrigger.sources.demo.organisations import organisations
from salestrigger.sources.demo.outlets import Format, Item
from salestrigger.sources.spec import SourceSpec

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
MEDIA_TYPES: Mapping[Format, str] = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "rdf": "application/rdf+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "globe": "text/xml; charset=utf-8",
}


def render(kind: Format, spec: SourceSpec, items: Sequence[Item]) -> bytes:
    """The feed or page as bytes."""
    return RENDERERS[kind](spec, items).encode("utf-8")


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{html.escape(part, quote=False)}</p>" for part in text.split("\n") if part)


def _home(spec: SourceSpec) -> str:
    return "/".join(spec.url.split("/")[:3]) + "/"


def _rss(spec: SourceSpec, items: Sequence[Item]) -> str:
    entries = "".join(_rss_item(item) for item in items)
    built = f"<lastBuildDate>{format_datetime(items[0].published_at)}</lastBuildDate>" if items else ""
    return (
        f'{_XML}<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{escape(spec.title)}</title><link>{_home(spec)}</link><description>{escape(spec.title)}</description>"
        f"<language>{spec.language or 'nb'}</language><ttl>30</ttl>{built}"
        f'<atom:link href={quoteattr(spec.url)} rel="self" type="application/rss+xml"/>{entries}</channel></rss>\n'
    )


def _rss_item(item: Item) -> str:
    permanent = "true" if item.key == item.url else "false"
    body = f"<description><![CDATA[{_paragraphs(item.text)}]]></description>" if item.text else "<description/>"
    return (
        f"<item><title>{escape(item.title)}</title><link>{escape(item.url)}</link>"
        f'<guid isPermaLink="{permanent}">{escape(item.key)}</guid>'
        f"<pubDate>{format_datetime(item.published_at)}</pubDate>{body}</item>\n"
    )


def _atom(spec: SourceSpec, items: Sequence[Item]) -> str:
    updated = items[0].published_at.isoformat() if items else "2026-09-01T00:00:00+00:00"
    entries = "".join(
        f'<entry><id>{escape(item.key)}</id><title type="html">{escape(html.escape(item.title, quote=False))}</title>'
        f'<link rel="alternate" href={quoteattr(item.url)}/><published>{item.published_at.isoformat()}</published>'
        f"<updated>{item.published_at.isoformat()}</updated><dc:language>{item.story.language}</dc:language>"
        f'<content type="html">{escape(_paragraphs(item.text))}</content></entry>\n'
        for item in items
    )
    return (
        f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xml:lang="{spec.language or "nl"}"><title>{escape(spec.title)}</title><id>{_home(spec)}</id>'
        f'<link rel="self" href={quoteattr(spec.url)}/><updated>{updated}</updated>{entries}</feed>\n'
    )


def _rdf(spec: SourceSpec, items: Sequence[Item]) -> str:
    listed = "".join(f"<rdf:li rdf:resource={quoteattr(item.url)}/>" for item in items)
    entries = "".join(
        f"<item rdf:about={quoteattr(item.url)}><title>{escape(item.title)}</title><link>{escape(item.url)}</link>"
        f"<description>{escape(item.text)}</description><dc:date>{item.published_at.isoformat()}</dc:date></item>\n"
        for item in items
    )
    return (
        f'{_XML}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about={quoteattr(spec.url)}>'
        f"<title>{escape(spec.title)}</title><link>{_home(spec)}</link><description>{escape(spec.title)}</description>"
        f"<items><rdf:Seq>{listed}</rdf:Seq></items></channel>{entries}</rdf:RDF>\n"
    )


def _json(spec: SourceSpec, items: Sequence[Item]) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": spec.title,
        "home_page_url": _home(spec),
        "feed_url": spec.url,
        "language": spec.language,
        "items": [
            {
                "id": item.key,
                "url": item.url,
                "title": item.title,
                "content_html": _paragraphs(item.text),
                "date_published": item.published_at.isoformat(),
            }
            for item in items
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _html(spec: SourceSpec, items: Sequence[Item]) -> str:
    entries = "".join(
        f'<article class="news-item"><time datetime="{item.published_at.isoformat()}">'
        f'{item.published_at:%d.%m.%Y}</time><h2 class="news-title"><a href="{html.escape(item.url)}">'
        f'{html.escape(item.title)}</a></h2><p class="news-intro">{html.escape(item.text.split(". ")[0])}</p>'
        "</article>\n"
        for item in items
    )
    return _page(
        spec, spec.title, f'<main><h1>{html.escape(spec.title)}</h1><div class="news-list">{entries}</div></main>'
    )


def article(spec: SourceSpec, item: Item) -> bytes:
    """The page of one item, which its link leads to."""
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": item.title,
        "datePublished": item.published_at.isoformat(),
        "inLanguage": item.story.language,
    }
    data = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    body = (
        f'<script type="application/ld+json">{data}</script><main><article class="article">'
        f'<h1>{html.escape(item.title)}</h1><time datetime="{item.published_at.isoformat()}"></time>'
        f'<div class="body">{_paragraphs(item.text)}</div></article></main>'
    )
    return _page(spec, item.title, body).encode("utf-8")


def _page(spec: SourceSpec, title: str, body: str) -> str:
    language = spec.language or "nb"
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        "</head>"
        f'<body><nav><a href="/">{html.escape(spec.title)}</a> <a href="/kontakt">Kontakt</a></nav>{body}'
        "<footer><p>Demo market: every company and person here is invented.</p></footer></body></html>\n"
    )


def _globe(spec: SourceSpec, items: Sequence[Item]) -> str:
    entries = "".join(_globe_item(item) for item in items)
    return (
        f'{_XML}<rss version="2.0" xmlns:dc="http://dublincore.org/documents/dcmi-namespace/" '
        'xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        f"<title>{escape(spec.title)}</title><link>{_home(spec)}</link><description>{escape(spec.title)}</description>"
        f"{entries}</channel></rss>\n"
    )


def _globe_item(item: Item) -> str:
    org = organisations().get(item.story.issuer)
    stamp = f"{item.published_at:%a, %d %b %Y %H:%M} GMT"
    place = org.place.upper() if org else "LONDON"
    dateline = f"{place}, {item.published_at:%b. %d, %Y} (DEMO NEWSWIRE) -- "
    listed = (
        f'<category domain="http://wire.demo.example/rss/stock">Demo:{org.key.upper()[:6]}</category>' if org else ""
    )
    return (
        f'<item><guid isPermaLink="true">{escape(item.key)}</guid><link>{escape(item.url)}</link>{listed}'
        f"<title>{escape(item.title)}</title>"
        f'<description><![CDATA[<p align="left">{html.escape(dateline + item.text, quote=False)}<br /></p>]]>'
        "</description>"
        f"<pubDate>{stamp}</pubDate><dc:identifier>{item.number}</dc:identifier>"
        f"<dc:language>{item.story.language}</dc:language><dc:publisher>Demo Newswire Inc.</dc:publisher>"
        f"<dc:contributor>{escape(org.name) if org else ''}</dc:contributor><dc:modified>{stamp}</dc:modified></item>\n"
    )


#: format → renderer
RENDERERS: Mapping[Format, Callable[[SourceSpec, Sequence[Item]], str]] = {
    "rss": _rss,
    "atom": _atom,
    "rdf": _rdf,
    "json": _json,
    "html": _html,
    "globe": _globe,
}
