"""Which organisation a record belongs to: its link if it has one, else a shared official number, else a new one. Pure.

Links are data and reversible. A record that names two known organisations (an account with a Norwegian and a Dutch
number) is linked to the first it names and merges nothing: two numbers on one's own list are no proof that two legal
entities are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from salestrigger.sources.records import OrgRecord, content_id

Basis = Literal["own", "identifier"]


@dataclass(frozen=True, slots=True)
class Link:
    """A record and its organisation."""

    record_id: str
    organization_id: str
    basis: Basis
    probability: float = 1.0
    is_new: bool = False  #: the organisation was minted from this record


def organization_id_for(record_id: str) -> str:
    """The id of the organisation that a record mints when it shares a number with none."""
    return content_id("org", record_id)


def link_records(
    records: Iterable[OrgRecord], *, linked: Mapping[str, str], named_by: Mapping[str, str]
) -> tuple[Link, ...]:
    """Links for those of ``records`` that have none yet.

    ``linked`` maps record ids (of the records and of the numbers they name) to their organisation; ``named_by`` maps a
    record id to the organisation of a stored record that names it. Within ``records``, earlier ones count for later
    ones in both directions.
    """
    known, named = dict(linked), dict(named_by)
    links: list[Link] = []
    for record in records:
        if record.record_id in known:
            continue
        others = [str(i) for i in record.other_ids]
        shared = next((known[o] for o in others if o in known), None) or named.get(record.record_id)
        shared = shared or next((named[o] for o in others if o in named), None)
        link = _link(record.record_id, shared)
        links.append(link)
        known[record.record_id] = link.organization_id
        for other in others:
            named.setdefault(other, link.organization_id)
    return tuple(links)


def _link(record_id: str, shared: str | None) -> Link:
    if shared is not None:
        return Link(record_id, shared, "identifier")
    return Link(record_id, organization_id_for(record_id), "own", is_new=True)
