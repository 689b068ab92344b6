"""Greenhouse: https://developers.greenhouse.io/job-board.html. ``content`` is escaped HTML."""

from __future__ import annotations

from typing import Any

from salestrigger.sources.adapters.api_answer import mapping, rows, text
from salestrigger.sources.adapters.job_boards import Ad, Board, array, board_of, joined, moment

PATH = "/v1/boards/{token}/jobs?content=true"


def read(body: bytes, context: dict[str, Any]) -> Board:
    """The roles of a board; ``context`` has ``now``."""
    found, _, problem = array(body, "jobs")
    if problem:
        return Board(problem="jobs as a list", got=problem)
    return board_of(
        Ad(
            id=text(row, "id"),
            title=text(row, "title"),
            url=text(row, "absolute_url"),
            place=text(mapping(row.get("location")), "name"),
            department=joined(*(text(department, "name") for department in rows(row.get("departments")))),
            body=text(row, "content"),
            published_at=moment(row, "first_published", context),
            language=text(row, "language"),
            company=text(row, "company_name"),
            is_remote="remote" in text(mapping(row.get("location")), "name").lower(),
        )
        for row in found
    )
