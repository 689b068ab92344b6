"""Recruitee: https://docs.recruitee.com/reference/offers. No token: the company's own host. Only published offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from salestrigger.sources.adapters.api_answer import mapping, text
from salestrigger.sources.adapters.job_boards import Ad, Board, array, board_of, moment, salary_of

PATH = "/api/offers/"


def read(body: bytes, context: dict[str, Any]) -> Board:
    """The published offers; ``context`` has ``now``."""
    found, _, problem = array(body, "offers")
    if problem:
        return Board(problem="offers as a list", got=problem)
    return board_of(
        Ad(
            id=text(row, "id"),
            title=text(row, "title", "position"),
            url=text(row, "careers_url"),
            place=text(row, "city", "location"),
            department=text(row, "department"),
            body=f"{text(row, 'description')}\n{text(row, 'requirements')}",
            published_at=moment(row, "published_at", context) or moment(row, "created_at", context),
            company=text(row, "company_name"),
            salary=_salary(mapping(row.get("salary"))),
            is_remote=row.get("remote") is True,
        )
        for row in found
        if text(row, "status") in {"", "published"}
    )


def _salary(stated: Mapping[str, Any]) -> str:
    return salary_of(stated.get("min"), stated.get("max"), text(stated, "currency"), text(stated, "period"))
