"""Personio: the XML of a career site (``workzag-jobs``). No token: the company's own host.

https://support.personio.de/hc/en-us/articles/207576365. Names of recruiters are not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from salestrigger.sources.adapters.feed_xml import looks_like
from salestrigger.sources.adapters.job_boards import Ad, Board, board_of, moment

PATH = "/xml?language=en"


def read(body: bytes, context: dict[str, Any]) -> Board:
    """The positions of a career site; ``context`` has ``now``."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None or root.tag != "workzag-jobs":
        return Board(problem="workzag-jobs", got=looks_like(body))
    return board_of(_ad(position, context) for position in root.iterfind("position"))


def _ad(position: Any, context: Mapping[str, Any]) -> Ad:
    parts = [part.findtext("value") or "" for part in position.iterfind("jobDescriptions/jobDescription")]
    number = (position.findtext("id") or "").strip()
    return Ad(
        id=number,
        title=(position.findtext("name") or "").strip(),
        url=f"{context['base_url'].partition('/xml')[0]}/job/{number}" if number else "",
        place=(position.findtext("office") or "").strip(),
        department=(position.findtext("department") or "").strip(),
        body="\n".join(parts),
        published_at=moment({"createdAt": position.findtext("createdAt") or ""}, "createdAt", context),
        company=(position.findtext("subcompany") or "").strip(),
        is_remote=(position.findtext("office") or "").strip().lower() == "remote",
    )
