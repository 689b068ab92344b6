"""Pinpoint: https://developers.pinpointhq.com. The postings of a career site. No token: the company's own host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from salestrigger.sources.adapters.api_answer import mapping, text
from salestrigger.sources.adapters.job_boards import Ad, Board, array, board_of

PATH = "/postings.json"


def read(body: bytes, context: dict[str, Any]) -> Board:
    """The postings of a career site; ``context`` has ``base_url``."""
    found, _, problem = array(body, "data")
    if problem:
        return Board(problem="data as a list", got=problem)
    return board_of(_ad(row, str(context["base_url"])) for row in found)


def _ad(row: Mapping[str, Any], base: str) -> Ad:
    job = mapping(row.get("job"))
    parts = ("description", "key_responsibilities", "skills_knowledge_expertise")
    return Ad(
        id=text(row, "id"),
        title=text(row, "title"),
        url=text(row, "url") or urljoin(base, text(row, "path")),
        place=text(mapping(row.get("location")), "name"),
        department=text(mapping(job.get("department")), "name") or text(mapping(row.get("department")), "name"),
        body="\n".join(text(row, part) for part in parts),
        is_remote=text(row, "workplace_type").lower() == "remote",
        salary=text(row, "compensation") if row.get("compensation_visible") is True else "",
    )
