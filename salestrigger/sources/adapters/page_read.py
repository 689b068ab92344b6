"""Read an HTML list of news by declared CSS selectors: bytes in, items out. To be called in the sandbox.

It reads what the selectors say and nothing else; it guesses no selector and follows no link. That the page no longer
has what they name is said as ``Reading.problem``, never by an exception, since those do not travel well between
processes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import soupsieve
from bs4 import BeautifulSoup, Tag

from salestrigger.sources.adapters.feed_xml import looks_like
from salestrigger.sources.adapters.item_build import MAX_ITEMS, MAX_TEXT, Item, Reading, build, plain
from salestrigger.sources.adapters.item_dates import parse_date, to_utc

#: below this share of items with a title and a link, the markup has drifted
DRIFT_SHARE = 0.8


def read_page(body: bytes, context: dict[str, Any]) -> Reading:
    """The documents of a list page.

    ``context`` as in :func:`item_build.build`, and ``options`` (the adapter's, dumped) and ``content_type``.
    """
    options = context["options"]
    soup = soup_of(body, context.get("content_type", ""))
    rows = soup.select(options["item"], limit=MAX_ITEMS)
    if not rows and not (options["empty"] and soup.select_one(options["empty"])):
        got = looks_like(body)
        return Reading(problem=f"at least one element for the item selector {options['item']!r}", got=f"none, in {got}")
    items = tuple(_item(row, options, context) for row in rows)
    return build(items, context, notes=_drift(items, options))


def read_article(body: bytes, context: dict[str, Any]) -> tuple[str, str]:
    """The text of an article page by the selector ``text``, and why there is none (empty: there is)."""
    found = soup_of(body, context.get("content_type", "")).select(context["text"], limit=200)
    text = plain("\n".join(str(part) for part in found), limit=MAX_TEXT, lines=True)
    if not found:
        return "", f"no element for the text selector {context['text']!r}"
    return text, "" if text else f"no text in the element of the text selector {context['text']!r}"


def soup_of(body: bytes, content_type: str) -> BeautifulSoup:
    """The parsed page; the server's charset goes before the page's own word. Never ``html.parser``: it is quadratic."""
    charset = content_type.lower().partition("charset=")[2].split(";")[0].strip(" \"'") or None
    return BeautifulSoup(body, "lxml", from_encoding=charset)


def _item(row: Tag, options: Mapping[str, Any], context: Mapping[str, Any]) -> Item:
    link = _first(row, options["link"])
    title = _first(row, options["title"]) if options["title"] else link
    teaser = _first(row, options["teaser"]) if options["teaser"] else None
    href = link.get("href") if link else None
    published = _date(row, options, context)
    return Item(
        link=href if isinstance(href, str) else "",
        title=str(title) if title else "",
        body=str(teaser) if teaser else "",
        published_at=published,
    )


def _first(row: Tag, selector: str) -> Tag | None:
    """The row itself when it is what the selector names (a list of bare links), else the first one in it."""
    return row.select_one(selector) or (row if soupsieve.match(selector, row) else None)


def _date(row: Tag, options: Mapping[str, Any], context: Mapping[str, Any]) -> datetime | None:
    found = _first(row, options["date"]) if options["date"] else None
    if found is None:
        return None
    value = found.get(options["date_attribute"]) if options["date_attribute"] else found.get_text(" ")
    text, zone = " ".join(value.split()) if isinstance(value, str) else "", ZoneInfo(options["timezone"])
    if not options["date_format"]:
        languages = [context["language"]] if context["language"] else []
        return parse_date(text, now=context["now"], languages=languages, zone=zone)
    try:
        return to_utc(datetime.strptime(text, options["date_format"]), zone=zone)  # noqa: DTZ007 - the zone is given next
    except ValueError:
        return None


def _drift(items: tuple[Item, ...], options: Mapping[str, Any]) -> tuple[str, ...]:
    """Notes on what the selectors found too rarely to be right."""
    if not items:
        return ()
    checks: dict[str, list[Any]] = {"title": [item.title for item in items], "link": [item.link for item in items]}
    if options["date"]:
        checks["date"] = [item.published_at for item in items]
    counts = {name: sum(1 for value in values if value) for name, values in checks.items()}
    return tuple(
        f"markup drifted? {name} found in {count} of {len(items)} items, by the selector {options[name]!r}"
        for name, count in counts.items()
        if count < DRIFT_SHARE * len(items)
    )
