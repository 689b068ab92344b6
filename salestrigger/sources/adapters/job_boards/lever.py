"""Lever: https://github.com/lever/postings-api. A bare array; ``createdAt`` in milliseconds.

Boards of European customers are at api.eu.lever.co.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from salestrigger.sources.adapters.api_answer import mapping, rows, text
from salestrigger.sources.adapters.job_boards import Ad, Board, array, board_of, moment, salary_of

PATH = "/v0/postings/{token}?mode=json"
PAGE = "&skip={start}&limit=100"
SIZE = 100


def read(body: bytes, context: dict[str, Any]) -> Board:
    """The roles of one page; ``context`` has ``now``."""
    found, _, problem = array(body)
    if problem:
        return Board(problem="a list of postings", got=problem)
    return board_of(
        Ad(
            id=text(row, "id"),
            title=text(row, "text"),
            url=text(row, "hostedUrl"),
            place=text(mapping(row.get("categories")), "location"),
            department=text(mapping(row.get("categories")), "department", "team"),
            body="\n".join([text(row, "description"), *(text(part, "content") for part in rows(row.get("lists")))]),
            published_at=moment(row, "createdAt", context),
            salary=_salary(mapping(row.get("salaryRange"))),
            is_remote=text(row, "workplaceType").lower() == "remote",
        )
        for row in found
    )


def _salary(stated: Mapping[str, Any]) -> str:
    per = text(stated, "interval").removeprefix("per-").removesuffix("-salary")
    return salary_of(stated.get("min"), stated.get("max"), text(stated, "currency"), per)
