"""Ashby: https://developers.ashbyhq.com/docs/public-job-posting-api. Roles that are not listed are not public."""

from __future__ import annotations

from typing import Any

from salestrigger.sources.adapters.api_answer import mapping, text
from salestrigger.sources.adapters.job_boards import Ad, Board, array, board_of, moment

PATH = "/posting-api/job-board/{token}?includeCompensation=true"


def read(body: bytes, context: dict[str, Any]) -> Board:
    """The listed roles; ``context`` has ``now``."""
    found, _, problem = array(body, "jobs")
    if problem:
        return Board(problem="jobs as a list", got=problem)
    return board_of(
        Ad(
            id=text(row, "id"),
            title=text(row, "title"),
            url=text(row, "jobUrl"),
            place=text(mapping(mapping(row.get("address")).get("postalAddress")), "addressLocality")
            or text(row, "location"),
            department=text(row, "department", "team"),
            body=text(row, "descriptionHtml", "descriptionPlain"),
            published_at=moment(row, "publishedAt", context),
            salary=text(mapping(row.get("compensation")), "compensationTierSummary"),
            is_remote=text(row, "workplaceType").lower() == "remote",
        )
        for row in found
        if row.get("isListed") is not False
    )
