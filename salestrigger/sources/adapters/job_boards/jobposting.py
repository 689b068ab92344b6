"""A page with schema.org JobPosting objects in JSON-LD, or a JSON array of them. No token: the address is the page.

https://schema.org/JobPosting. A role whose ``validThrough`` is over is set aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from salestrigger.sources.adapters.api_answer import text
from salestrigger.sources.adapters.job_boards import Ad, Board, board_of, joined, moment, salary_of
from salestrigger.sources.adapters.json_strict import NotJsonError, read_json
from salestrigger.sources.adapters.jsonld_read import each, first, flattened, is_a, objects_of
from salestrigger.sources.records import content_id

PATH = ""


def read(body: bytes, context: dict[str, Any]) -> Board:
    """The roles on a page; ``context`` has ``now``, ``base_url`` and ``content_type``."""
    from salestrigger.sources.adapters.page_read import soup_of

    if body.lstrip()[:1] in {b"[", b"{"}:
        try:
            objects = flattened(read_json(body, strict=False))
        except NotJsonError as error:
            return Board(problem="JobPosting objects as JSON", got=str(error))
    else:
        objects = objects_of(soup_of(body, context.get("content_type", "")))
    postings = [value for value in objects if is_a(value, "JobPosting")]
    if not any("@type" in value for value in objects):
        return Board(problem="JSON-LD with a JobPosting", got="a page without JSON-LD")
    over = tuple(
        (text(value, "title", "url")[:200], "validThrough is over") for value in postings if _is_over(value, context)
    )
    board = board_of(_ad(value, context) for value in postings if not _is_over(value, context))
    return replace(board, set_aside=board.set_aside + over)


def place_of(posting: Mapping[str, Any]) -> str:
    """The towns of ``jobLocation``, else its region or country."""
    found = []
    for place in each(posting.get("jobLocation")):
        address = first(place.get("address"))
        country = first(address.get("addressCountry"))
        found.append(text(address, "addressLocality", "addressRegion", "name") or text(country, "name"))
    return joined(*found)


def pay_of(posting: Mapping[str, Any]) -> str:
    """``baseSalary``: an amount, or a range, with its currency and unit of time."""
    stated = first(posting.get("baseSalary"))
    value = first(stated.get("value")) or stated
    low, high = value.get("minValue", value.get("value")), value.get("maxValue")
    return salary_of(low, high, text(stated, "currency"), text(value, "unitText").lower())


def _ad(value: Mapping[str, Any], context: Mapping[str, Any]) -> Ad:
    title, place = text(value, "title", "name"), place_of(value)
    identifier = first(value.get("identifier"))
    url = text(value, "url")
    return Ad(
        id=text(identifier, "value") or url or (content_id("job", title, place) if title else ""),
        title=title,
        url=url or context.get("base_url", ""),
        place=place,
        department=text(value, "occupationalCategory", "industry"),
        body=text(value, "description"),
        published_at=moment(value, "datePosted", context),
        company=text(first(value.get("hiringOrganization")), "name", "legalName"),
        salary=pay_of(value),
        is_remote=text(value, "jobLocationType") == "TELECOMMUTE",
    )


def _is_over(value: Mapping[str, Any], context: Mapping[str, Any]) -> bool:
    end = moment(value, "validThrough", context)
    return end is not None and end.date() < context["now"].date()
