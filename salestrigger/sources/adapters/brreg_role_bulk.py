"""The register's file of all roles (``/roller/totalbestand``, 131 MB of gzip) as a baseline of who leads whom.

The file holds everybody's name and birth date. Of each managing director and chair a fingerprint is kept (see
brreg_baseline), of the organisations that are followed also what changed within the news window; the file itself is
deleted when it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from salestrigger.sources.adapters import Session
from salestrigger.sources.adapters.brreg_baseline import Baseline, fingerprint, rows_from, rows_of
from salestrigger.sources.adapters.brreg_bulk import cut
from salestrigger.sources.adapters.brreg_maker import Maker
from salestrigger.sources.adapters.brreg_records import number_of
from salestrigger.sources.adapters.brreg_roles import changes_of_roles, holders_of
from salestrigger.sources.adapters.brreg_universe import bulk_file
from salestrigger.sources.adapters.brreg_yield import Yield
from salestrigger.sources.adapters.bulk_parts import parsed
from salestrigger.sources.records import OrgChange

#: fingerprints as bytes, changes of followed organisations, what was set aside
Part = tuple[bytes, tuple[OrgChange, ...], tuple[tuple[str, str], ...]]


async def load_roles(
    session: Session, base: str, found: Yield, baseline: Baseline, *, followed: frozenset[str]
) -> datetime:
    """Every holder of the file into ``baseline``, news of ``followed`` into ``found``; when the file was made.

    With ``followed`` nobody else's fingerprint is kept; without it, everybody's.

    Raises:
        FetchError: the file cannot be had. ShapeError: it is not what it was.
    """
    context: Mapping[str, Any] = {
        "source_id": session.spec.id,
        "now": session.now,
        "news_days": found.maker.news_days,
        "followed": followed,
    }
    rows = []
    async with bulk_file(session, f"{base}/roller/totalbestand") as (path, made_at, _):
        async for content, changes, aside in parsed(session, cut(path), read_part, context, name=path.name):
            rows.append(rows_from(content))
            found.add_changes(changes)
            found.set_aside += aside
    baseline.load(rows)
    found.notes.append(f"read the holders of {len(baseline)} roles of the bulk file, as fingerprints")
    return made_at


def read_part(body: bytes, context: dict[str, Any]) -> Part | str:
    """The fingerprints of one part, and the news of who is followed; or what is wrong with it.

    ``context``: ``source_id``, ``now``, ``news_days``, ``followed``.
    """
    try:
        entries = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        return str(error)[:200]
    maker = Maker(context["source_id"], context["now"], context["news_days"])
    prints: dict[tuple[str, str], int] = {}
    changes: list[OrgChange] = []
    aside: list[tuple[str, str]] = []
    for entry in entries:
        number = number_of(entry) if isinstance(entry, Mapping) else None
        if number is None or not isinstance(entry.get("rollegrupper"), list):
            aside.append((str(entry)[:40] if number is None else number, "an entry without a number or roles"))
        elif not context["followed"] or number in context["followed"]:
            prints |= {(number, code): fingerprint(number, code, holder) for code, holder in holders_of(entry)}
            if context["followed"]:
                changes += changes_of_roles(number, entry, maker)
    return rows_of(prints).tobytes(), tuple(changes), tuple(aside)
