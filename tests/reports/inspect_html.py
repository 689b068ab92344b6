"""What a rendered page is made of, as a browser's parser (html5lib) sees it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import html5lib

from salestrigger.reports.report import Report

Shape = frozenset[tuple[str, tuple[str, ...]]]


def elements(page: str) -> Iterator[tuple[str, dict[str, str]]]:
    """(name without its namespace, attributes) of every element."""
    for element in html5lib.parse(page).iter():
        if isinstance(element.tag, str):
            yield element.tag.rpartition("}")[2], {str(k): str(v) for k, v in element.attrib.items()}


def shape(page: str) -> Shape:
    """Every combination of an element and the names of its attributes."""
    return frozenset((name, tuple(sorted(attributes))) for name, attributes in elements(page))


def hrefs(page: str) -> list[str]:
    """Every address that a click or a parser may follow."""
    following = {"href", "src", "srcset", "action", "formaction", "data", "poster", "background", "cite", "xlink:href"}
    return [value for _, attributes in elements(page) for key, value in attributes.items() if key in following]


#: ids and closed vocabularies never come from the web; every other text field may
_OURS = {"trigger_id", "organization_id", "key", "effect", "modality", "cause", "precision", "verdict", "state", "need",
         "decision"}  # fmt: skip


def with_texts(value: Any, change: Callable[[str, str], str], field: str = "") -> Any:
    """The report with ``change(field, text)`` in place of every text that may come from outside."""
    if isinstance(value, str):
        return value if field in _OURS else change(field, value)
    if isinstance(value, tuple):
        return tuple(with_texts(item, change, field) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {f.name: with_texts(getattr(value, f.name), change, f.name) for f in dataclasses.fields(value)}
        return dataclasses.replace(value, **parts)
    return value


def poisoned(report: Report, payload: str) -> Report:
    """The report with the payload at the end of every text, and as the whole of every address."""
    return with_texts(report, lambda field, text: payload if field in ("url", "website") else f"{text} {payload}")  # type: ignore[no-any-return]
