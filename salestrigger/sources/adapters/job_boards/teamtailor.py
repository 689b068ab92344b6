"""Teamtailor: the JSON Feed 1.1 of a career site, each item with a schema.org ``_jobposting``. No token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from salestrigger.sources.adapters.api_answer import mapping, text
from salestrigger.sources.adapters.job_boards import Ad, Board, array, board_of, moment
from salestrigger.sources.adapters.job_boards.jobposting import pay_of, place_of
from salestrigger.sources.adapters.jsonld_read import first

PATH = "/jobs.json"


def read(body: bytes, context: dict[str, Any]) -> Board:
    """The roles of a career site; ``context`` has ``now``."""
    found, feed, problem = array(body, "items")
    if problem:
        return Board(problem="a JSON Feed with items", got=problem)
    return board_of((_ad(row, context) for row in found), company=text(feed, "title"))


def _ad(row: Mapping[str, Any], context: Mapping[str, Any]) -> Ad:
    posting = mapping(row.get("_jobposting"))
    return Ad(
        id=text(row, "id"),
        title=text(row, "title") or text(posting, "title"),
        url=text(row, "url"),
        place=place_of(posting),
        department=text(posting, "occupationalCategory"),
        body=text(row, "content_html", "content_text") or text(posting, "description"),
        published_at=moment(row, "date_published", context) or moment(posting, "datePosted", context),
        company=text(first(posting.get("hiringOrganization")), "name"),
        salary=pay_of(posting),
        is_remote=text(posting, "jobLocationType") == "TELECOMMUTE",
    )
