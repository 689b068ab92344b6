"""SmartRecruiters: https://developers.smartrecruiters.com/docs/posting-api. An unknown company answers 200 with none.

A list gives no description; the names of recruiters (``creator``) are not read.
"""

from __future__ import annotations

from typing import Any

from salestrigger.sources.adapters.api_answer import mapping, text
from salestrigger.sources.adapters.job_boards import Ad, Board, array, board_of, moment

PATH = "/v1/companies/{token}/postings"
PAGE = "?limit=100&offset={start}"
SIZE = 100


def read(body: bytes, context: dict[str, Any]) -> Board:
    """The roles of one page; ``context`` has ``now``."""
    found, answer, problem = array(body, "content")
    if problem:
        return Board(problem="content as a list", got=problem)
    total = answer.get("totalFound")
    ads = (
        Ad(
            id=text(row, "id", "uuid"),
            title=text(row, "name"),
            url=_address(text(mapping(row.get("company")), "identifier"), text(row, "id")),
            place=text(mapping(row.get("location")), "city"),
            department=text(mapping(row.get("department")), "label"),
            published_at=moment(row, "releasedDate", context),
            company=text(mapping(row.get("company")), "name"),
            is_remote=mapping(row.get("location")).get("remote") is True,
        )
        for row in found
    )
    return board_of(ads, total=total if isinstance(total, int) else None)


def _address(company: str, role: str) -> str:
    """Where a person reads the role."""
    return f"https://jobs.smartrecruiters.com/{company}/{role}" if company and role else ""
