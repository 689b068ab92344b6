"""Workday: the list behind a career site, at the company's own host; ``token`` is TENANT/SITE. Asked by POST.

The list gives no description, says how many there are on its first page only, and dates in words ("Posted 3 Days Ago").
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from salestrigger.sources.adapters.api_answer import text
from salestrigger.sources.adapters.job_boards import Ad, Board, array, board_of

PATH = "/wday/cxs/{token}/jobs"
SIZE = 20

_DAYS_AGO = re.compile(r"Posted (\d{1,3})\+? Days? Ago", re.IGNORECASE)
_SEVERAL = re.compile(r"\d{1,3} Locations")


def read(body: bytes, context: dict[str, Any]) -> Board:
    """The roles of one page; ``context`` has ``now`` and ``base_url``."""
    found, _, problem = array(body, "jobPostings")
    if problem:
        return Board(problem="jobPostings as a list", got=problem)
    host, _, rest = str(context["base_url"]).partition("/wday/cxs/")
    site = f"{host}/{rest.split('/')[1]}" if rest.count("/") > 1 else host
    return board_of(_ad(row, site, context["now"]) for row in found)


def _ad(row: Mapping[str, Any], site: str, now: datetime) -> Ad:
    path, place = text(row, "externalPath"), text(row, "locationsText")
    fields = row.get("bulletFields")
    number = (
        next((field for field in fields if isinstance(field, str) and field), "") if isinstance(fields, list) else ""
    )
    return Ad(
        id=number or path,
        title=text(row, "title"),
        url=f"{site}{path}" if path else "",
        place="" if _SEVERAL.fullmatch(place) else place,
        published_at=posted(text(row, "postedOn"), now),
        is_remote="remote" in place.lower(),
    )


def posted(words: str, now: datetime) -> datetime | None:
    """The day that the words mean; None for "30+" (longer ago than is said) and for other words."""
    if found := _DAYS_AGO.fullmatch(words.strip()):
        return None if "+" in words else now - timedelta(days=int(found[1]))
    return {"posted today": now, "posted yesterday": now - timedelta(days=1)}.get(words.strip().lower())


def ask(start: int) -> bytes:
    """The body of the request for the page that begins with role ``start``."""
    return json.dumps({"appliedFacets": {}, "limit": SIZE, "offset": start, "searchText": ""}).encode()
