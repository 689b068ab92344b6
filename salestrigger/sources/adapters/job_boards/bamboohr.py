"""BambooHR: the list of a career site. No token: the company's own host. It gives neither dates nor descriptions."""

from __future__ import annotations

from typing import Any

from salestrigger.sources.adapters.api_answer import mapping, text
from salestrigger.sources.adapters.job_boards import Ad, Board, array, board_of

PATH = "/careers/list"


def read(body: bytes, context: dict[str, Any]) -> Board:
    """The openings of a career site; ``context`` has ``base_url``."""
    found, _, problem = array(body, "result")
    if problem:
        return Board(problem="result as a list", got=problem)
    site = str(context["base_url"]).removesuffix("/list")
    return board_of(
        Ad(
            id=text(row, "id"),
            title=text(row, "jobOpeningName"),
            url=f"{site}/{text(row, 'id')}",
            place=text(mapping(row.get("location")), "city") or text(mapping(row.get("atsLocation")), "city"),
            department=text(row, "departmentLabel"),
            is_remote=row.get("isRemote") is True,
        )
        for row in found
    )
