"""Workable: the widget of a career page; ``published_on`` is a day. https://help.workable.com (career page widget)."""

from __future__ import annotations

from typing import Any

from salestrigger.sources.adapters.api_answer import text
from salestrigger.sources.adapters.job_boards import Ad, Board, array, board_of, moment

PATH = "/api/v1/widget/accounts/{token}"


def read(body: bytes, context: dict[str, Any]) -> Board:
    """The roles of an account; ``context`` has ``now``."""
    found, account, problem = array(body, "jobs")
    if problem:
        return Board(problem="jobs as a list", got=problem)
    ads = (
        Ad(
            id=text(row, "shortcode"),
            title=text(row, "title"),
            url=text(row, "url", "shortlink"),
            place=text(row, "city", "state", "country"),
            department=text(row, "department", "function"),
            body=text(row, "description"),
            published_at=moment(row, "published_on", context),
            is_remote=row.get("telecommuting") is True,
        )
        for row in found
    )
    return board_of(ads, company=text(account, "name"))
