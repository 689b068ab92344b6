"""Propose a catalogue file for an address, from what the address answered, for ``salestrigger sources new``. Pure.

It looks at one answer: a feed, a JSON Feed, a page that names its feeds, or a list of news. It fetches nothing, and
what it cannot know (the terms, the trust, the country) is left for a person, with a comment that says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from salestrigger.sources.adapters.feed import is_json
from salestrigger.sources.adapters.feed_json import read_json_feed
from salestrigger.sources.adapters.feed_xml import read_xml_feed
from salestrigger.sources.adapters.item_build import Reading, language_tag, site_of
from salestrigger.sources.adapters.page_read import read_page, soup_of
from salestrigger.sources.adapters.wire_items import Wire, wire_of
from salestrigger.sources.errors import ShapeError
from salestrigger.sources.http import Response
from salestrigger.sources.text import canonical_url, clean_text, slug

FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})

#: a list of news has at least so many entries
MIN_ITEMS = 3

_CLASS = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,60}")


@dataclass(frozen=True, slots=True)
class _Draft:
    """What goes into the file."""

    adapter: str
    url: str
    language: str | None
    per_day: float | None
    options: Mapping[str, str]
    wire: Wire | None = None


def propose(name: str, url: str, response: Response) -> tuple[str, tuple[str, ...]]:
    """The text of a catalogue file for ``url`` under the title ``name``, and notes on what was seen and what to do.

    Raises:
        ShapeError: the answer is neither a feed nor a page with feeds or a list of news.
    """
    if response.status != 200:
        raise ShapeError(url, "an answer with status 200", f"status {response.status}")
    reading = _as_feed(response)
    if not reading.problem:
        wire = wire_of(site_of(url) for url in (response.url, *(d.url for d in reading.documents[:20])))
        draft = _Draft("feed", response.url, _language(reading), _per_day(reading), {}, wire)
        return _toml(name, draft), (*_seen(reading), *_of_wire(reading, wire))
    soup = soup_of(response.body, response.headers.get("content-type", ""))
    language = _page_language(soup)
    feeds = feeds_of(soup, response.url)
    if feeds:
        title, address = feeds[0]
        others = tuple(f"another feed: {other} ({label})" for label, other in feeds[1:])
        notes = (f"the page names a feed: {address} ({title}); check it with sources check", *others)
        return _toml(name, _Draft("feed", address, language, None, {})), notes
    options = newsroom_options(soup, response)
    if not options:
        raise ShapeError(url, "a feed, a page that names one, or a list of news", reading.got or reading.problem)
    found = _as_page(response, options, language)
    notes = ("no feed named; the selectors are a guess, check them with sources check", *_seen(found))
    return _toml(name, _Draft("page", response.url, language, _per_day(found), options)), notes


def proposed(body: bytes, context: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """:func:`propose` for the sandbox, since strangers wrote the page; ``context``: ``name``, ``url``, ``response``."""
    return propose(context["name"], context["url"], replace(context["response"], body=body))


def feeds_of(soup: BeautifulSoup, base: str) -> list[tuple[str, str]]:
    """(title, address) of the feeds that a page names in its head; those of comments last."""
    found: dict[str, str] = {}
    for link in soup.select('link[rel~="alternate"][href]', limit=50):
        kind, href = str(link.get("type", "")).strip().lower(), str(link.get("href", ""))
        address = canonical_url(href, base)
        if kind in FEED_TYPES and address:
            found.setdefault(address, clean_text(str(link.get("title", ""))) or "no title")
    return sorted(((title, address) for address, title in found.items()), key=lambda feed: "comment" in feed[1].lower())


def newsroom_options(soup: BeautifulSoup, response: Response) -> dict[str, str]:
    """Selectors for the list of news on a page: the group of alike elements with the most links and dates."""
    groups: dict[str, list[Tag]] = {}
    for link in soup.select("a[href]", limit=3000):
        row = link.find_parent(_is_row)
        if isinstance(row, Tag) and len(clean_text(link.get_text(" "))) >= 15:
            rows = groups.setdefault(_selector(row), [])
            if not any(row is known for known in rows):
                rows.append(row)
    host = urlsplit(response.url).hostname
    scored = [(_score(rows, host), selector) for selector, rows in groups.items() if len(rows) >= MIN_ITEMS]
    if not scored:
        return {}
    selector = max(scored)[1]
    return {"item": selector} | _within(groups[selector])


def _is_row(tag: Tag) -> bool:
    return tag.name in {"article", "li"} or (tag.name in {"div", "section", "tr"} and bool(_classes(tag)))


def _classes(tag: Tag) -> list[str]:
    value = tag.get("class")
    return [name for name in value if _CLASS.fullmatch(name)] if isinstance(value, list) else []


def _selector(tag: Tag) -> str:
    """Tag and first class, with the nearest classed ancestor when the tag has no class of its own."""
    own = _classes(tag)
    if own:
        return f"{tag.name}.{own[0]}"
    parent = tag.find_parent(lambda ancestor: bool(_classes(ancestor)))
    return f"{parent.name}.{_classes(parent)[0]} {tag.name}" if isinstance(parent, Tag) else tag.name


def _score(rows: Iterable[Tag], host: str | None) -> tuple[int, int]:
    """How many rows have a date, and how many lead to the same site."""
    rows = list(rows)
    dated = sum(1 for row in rows if row.find("time"))
    near = sum(1 for row in rows for a in row.select("a[href]", limit=1) if _same_site(str(a.get("href")), host))
    return dated, near


def _same_site(href: str, host: str | None) -> bool:
    return "://" not in href or urlsplit(href).hostname == host


def _within(rows: list[Tag]) -> dict[str, str]:
    """Selectors for title, date and teaser that most of the rows have."""
    candidates = {"title": ("h1", "h2", "h3", "h4"), "date": ("time[datetime]", "time", ".date"), "teaser": ("p",)}
    found = {
        field: next((s for s in selectors if sum(1 for row in rows if row.select_one(s)) * 2 > len(rows)), "")
        for field, selectors in candidates.items()
    }
    attribute = {"date_attribute": "datetime"} if found["date"] == "time[datetime]" else {}
    return {field: selector for field, selector in found.items() if selector} | attribute


def _as_feed(response: Response) -> Reading:
    return (read_json_feed if is_json(response) else read_xml_feed)(response.body, _context(response))


def _as_page(response: Response, options: Mapping[str, str], language: str | None) -> Reading:
    from salestrigger.sources.adapters.page import Options

    dumped = Options.model_validate(options).model_dump()
    return read_page(response.body, _context(response) | {"options": dumped, "language": language})


def _context(response: Response) -> dict[str, Any]:
    return {
        "source_id": "proposed",
        "base_url": response.url,
        "content_type": response.headers.get("content-type", ""),
        "language": None,
        "is_aggregator": False,
        "kind": "news",
        "skip_titles": (),
        "fetched_at": response.fetched_at,
        "now": response.fetched_at,
    }


def _seen(reading: Reading) -> tuple[str, ...]:
    """What was found, in a sentence each."""
    dates = _dates(reading)
    newest = f", the newest of {max(dates).date().isoformat()}" if dates else ", none with a date"
    return (f"{reading.items} entries{newest if reading.items else ''}", *reading.notes)


def _of_wire(reading: Reading, wire: Wire | None) -> tuple[str, ...]:
    """What to know of a wire's feed before it is switched on."""
    if wire is None:
        return ()
    named = sum(1 for document in reading.documents if document.issuer)
    says = f"{named} of {len(reading.documents)} entries name their issuer"
    return (f"a feed of {wire.name}: {says}; read its terms before you switch it on: {wire.terms_url}",)


def _dates(reading: Reading) -> list[datetime]:
    return [document.published_at for document in reading.documents if document.published_at]


def _language(reading: Reading) -> str | None:
    """The language when all entries declare the same."""
    languages = {document.language for document in reading.documents}
    return languages.pop() if len(languages) == 1 else None


def _page_language(soup: BeautifulSoup) -> str | None:
    root = soup.find("html")
    value = root.get("lang") if isinstance(root, Tag) else None
    return language_tag(value) if isinstance(value, str) else None


def _per_day(reading: Reading) -> float | None:
    """Entries per day over the time that the answer spans."""
    dates = _dates(reading)
    days = (max(dates) - min(dates)).total_seconds() / 86_400 if len(dates) > 1 else 0.0
    return round(len(dates) / days, 2) if days >= 1 else None


def _toml(name: str, draft: _Draft) -> str:
    """The file's text; every value from outside is quoted as TOML's basic string, which JSON's is."""
    lines = [
        f"# save as {slug(name)}.toml in the sources/ folder of your home",
        f"title = {_quoted(name)}",
        f"adapter = {_quoted(draft.adapter)}",
        f"url = {_quoted(draft.url)}",
        "enabled = false  # set to true once you have read the site's terms",
        '# country = "NO"  # where its companies are: two letters',
    ]
    lines += [f"language = {_quoted(draft.language)}"] if draft.language else ['# language = "nb"']
    lines += [
        f"trust = {_quoted('wire' if draft.wire else 'press')}  # register, wire, newsroom, press, aggregator or user",
        f"size = {_quoted('page' if draft.adapter == 'page' else 'feed')}",
    ]
    lines += [f"per_day = {draft.per_day}  # as seen today"] if draft.per_day is not None else []
    lines += _terms(draft.wire)
    if draft.options:
        lines += ["", "[options]", *(f"{key} = {_quoted(value)}" for key, value in draft.options.items())]
    return "\n".join(lines) + "\n"


def _terms(wire: Wire | None) -> list[str]:
    if wire is None:
        return ['licence = "not read yet"  # the terms under which its content may be used', "verified = false"]
    return [
        f"licence = {_quoted(wire.licence)}",
        f"terms_url = {_quoted(wire.terms_url)}",
        'personal_data = "names in the news; nothing is extracted from them but the news"',
        "verified = false",
        'options = { skip_titles = ["INVESTOR ALERT", "Class Action"] }  # law firms\' advertising',
    ]


def _quoted(value: str) -> str:
    return json.dumps(clean_text(value), ensure_ascii=False)
