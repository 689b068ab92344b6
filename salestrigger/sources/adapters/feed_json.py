"""Read JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/): bytes in, items out. Pure, for the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from salestrigger.sources.adapters.item_build import MAX_ITEMS, Item, Reading, build
from salestrigger.sources.adapters.item_dates import parse_date
from salestrigger.sources.adapters.json_strict import NotJsonError, read_json

_VERSIONS = ("https://jsonfeed.org/version/1", "http://jsonfeed.org/version/1")


def read_json_feed(body: bytes, context: dict[str, Any]) -> Reading:
    """The documents of a JSON Feed; ``context`` as in :func:`item_build.build`."""
    try:
        data = read_json(body)
    except NotJsonError as error:
        return Reading(problem="JSON Feed", got=str(error))
    version = data.get("version") if isinstance(data, dict) else None
    if not isinstance(version, str) or not version.startswith(_VERSIONS):
        expected = f"a JSON Feed, whose version starts with {_VERSIONS[0]!r}"
        return Reading(problem=expected, got=f"version {version!r}"[:80])
    items = data.get("items")
    if not isinstance(items, list):
        return Reading(problem="a JSON Feed with a list of items", got=f"items of type {type(items).__name__}")
    notes = (f"only the first {MAX_ITEMS} entries were read",) if len(items) > MAX_ITEMS else ()
    numbered = enumerate(items[:MAX_ITEMS], start=1)
    wrong = tuple((f"item {number}", "not an object") for number, item in numbered if not isinstance(item, dict))
    context = {**context, "feed_language": _text(data, "language")}
    reading = build(
        (_item(item, context) for item in items[:MAX_ITEMS] if isinstance(item, dict)), context, notes=notes
    )
    return Reading(reading.documents, reading.set_aside + wrong, reading.notes, reading.items + len(wrong))


def _item(item: Mapping[str, Any], context: Mapping[str, Any]) -> Item:
    return Item(
        guid=_text(item, "id"),
        link=_text(item, "url") or _text(item, "external_url"),
        title=_text(item, "title"),
        body=_text(item, "content_html") or _text(item, "content_text") or _text(item, "summary"),
        published_at=_moment(item, "date_published", context),
        updated_at=_moment(item, "date_modified", context),
        language=_text(item, "language") or None,
    )


def _text(item: Mapping[str, Any], key: str) -> str:
    """A text; ids may be numbers in 1.0."""
    value = item.get(key)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value)


def _moment(item: Mapping[str, Any], key: str, context: Mapping[str, Any]) -> datetime | None:
    return parse_date(_text(item, key), now=context["now"])
