"""Find schema.org objects (JSON-LD) in a page: soup in, plain objects out. To be called in the sandbox.

Graphs and lists are flattened; what is no JSON is left out. It knows no type's meaning.
Format: https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bs4 import BeautifulSoup

from salestrigger.sources.adapters.json_strict import NotJsonError, read_json

#: objects that are looked at in one page
MAX_OBJECTS = 5_000


def objects_of(soup: BeautifulSoup) -> list[Mapping[str, Any]]:
    """Every object at the top of the page's JSON-LD, those of graphs, lists and item lists included."""
    found: list[Mapping[str, Any]] = []
    for script in soup.find_all("script", type="application/ld+json", limit=200):
        try:
            data = read_json(script.get_text().strip().encode("utf-8", "replace"), strict=False)
        except NotJsonError:
            continue
        found += flattened(data)
    return found[:MAX_OBJECTS]


def flattened(data: Any) -> list[Mapping[str, Any]]:
    """The objects in a JSON-LD value, those of its lists, graphs and item lists."""
    found: list[Mapping[str, Any]] = []
    waiting = [data]
    while waiting and len(found) < MAX_OBJECTS:
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, Mapping):
            found.append(value)
            waiting += [value[key] for key in ("@graph", "itemListElement", "item", "mainEntity") if key in value]
    return found


def is_a(value: Mapping[str, Any], *types: str) -> bool:
    """Whether the object is of one of the types; ``@type`` may be a list, and a full address."""
    stated = value.get("@type")
    names = stated if isinstance(stated, list) else [stated]
    return any(isinstance(name, str) and name.rpartition("/")[2] in types for name in names)


def first(value: Any) -> Mapping[str, Any]:
    """The object, or the first one of a list; a bare text is a name."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, Mapping):
            return one
        if isinstance(one, str):
            return {"name": one}
    return {}


def each(value: Any) -> Iterator[Mapping[str, Any]]:
    """The object, or those of a list."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, Mapping):
            yield one
