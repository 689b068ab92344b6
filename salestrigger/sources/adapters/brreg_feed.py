"""Read the Norwegian register's change feeds: which organisation, when, and the JSON Patch if there is one. Pure.

The feed of entities is HAL (``_embedded`` is absent when nothing matched); the feed of roles is a bare array of
CloudEvents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from salestrigger.sources.adapters.brreg_records import number_of
from salestrigger.sources.errors import ShapeError

_OPERATIONS = frozenset({"add", "remove", "replace", "move", "copy", "test"})

#: the register's own clock: its local dates are of this zone
OSLO = "Europe/Oslo"


@dataclass(frozen=True, slots=True)
class Patch:
    """One operation of a JSON Patch (RFC 6902)."""

    operation: str
    path: tuple[str, ...]  #: ("kapital", "belop") for /kapital/belop
    value: Any = None


@dataclass(frozen=True, slots=True)
class Update:
    """One event of the change feed of entities."""

    number: int  #: oppdateringsid; ids have gaps
    at: datetime  #: dato, UTC
    organization: str
    kind: str  #: endringstype: Ukjent, Ny, Endring, Sletting or Fjernet
    patches: tuple[Patch, ...] = ()

    @property
    def day(self) -> str:
        """The register's local day of the event, ISO."""
        return self.at.astimezone(ZoneInfo(OSLO)).date().isoformat()


@dataclass(frozen=True, slots=True)
class RoleEvent:
    """One event of the change feed of roles: it says who, never what."""

    event_id: str
    organization: str


def read_updates(data: Any, url: str) -> tuple[tuple[Update, ...], tuple[tuple[str, str], ...]]:
    """The events of one page in its order, and what could not be read with the reason.

    Raises:
        ShapeError: the page is not one of the feed.
    """
    if not isinstance(data, Mapping) or not {"_embedded", "page", "_links"} & data.keys():
        raise ShapeError(url, "a page of the change feed (_embedded, page)", type(data).__name__)
    embedded = data.get("_embedded", {"oppdaterteEnheter": []})
    # of branches, the same under another name
    known = {"oppdaterteEnheter", "oppdaterteUnderenheter"} & embedded.keys() if isinstance(embedded, Mapping) else ()
    rows = embedded[next(iter(known))] if known else None
    if not isinstance(rows, list):
        raise ShapeError(url, "_embedded.oppdaterteEnheter (or …Underenheter) as a list", str(embedded)[:80])
    updates, aside = [], []
    for row in rows:
        update = _update(row) if isinstance(row, Mapping) else None
        if update is None:
            aside.append((str(row)[:80], "an event without a number, an organisation or a time"))
        else:
            updates.append(update)
    return tuple(updates), tuple(aside)


def read_role_events(data: Any, url: str) -> tuple[tuple[RoleEvent, ...], tuple[tuple[str, str], ...]]:
    """The events of one answer of the role feed, in its order, and what could not be read.

    Raises:
        ShapeError: the answer is not an array.
    """
    if not isinstance(data, list):
        raise ShapeError(url, "an array of CloudEvents", type(data).__name__)
    events, aside = [], []
    for row in data:
        payload = row.get("data") if isinstance(row, Mapping) else None
        number = number_of(payload) if isinstance(payload, Mapping) else None
        if number is None or not isinstance(row.get("id"), (str, int)):
            aside.append((str(row)[:80], "an event without an id or an organisation"))
        else:
            events.append(RoleEvent(str(row["id"]), number))
    return tuple(events), tuple(aside)


def read_patches(value: Any) -> tuple[Patch, ...]:
    """``endringer`` as objects (what the live feed sends) or as a flat array of operation, path, value."""
    if not isinstance(value, list):
        return ()
    if value and not isinstance(value[0], Mapping):
        return _flat(value)
    rows = (row for row in value if isinstance(row, Mapping))
    return tuple(
        Patch(str(row.get("op")), _path(row["path"]), row.get("value"))
        for row in rows
        if isinstance(row.get("path"), str) and row.get("op") in _OPERATIONS
    )


def _update(row: Mapping[str, Any]) -> Update | None:
    number, organization, at = row.get("oppdateringsid"), number_of(row), _time(row.get("dato"))
    if isinstance(number, bool) or not isinstance(number, int) or organization is None or at is None:
        return None
    return Update(number, at, organization, str(row.get("endringstype")), read_patches(row.get("endringer")))


def _flat(values: list[Any]) -> tuple[Patch, ...]:
    """``[op, path, value, op, path, value, …]``; a ``remove`` may come without its value."""
    found, at = [], 0
    while at + 1 < len(values):
        operation, path = values[at], values[at + 1]
        if operation not in _OPERATIONS or not isinstance(path, str) or not path.startswith("/"):
            at += 1
            continue
        bare = operation == "remove" and (at + 2 >= len(values) or values[at + 2] in _OPERATIONS)
        found.append(Patch(operation, _path(path), None if bare or at + 2 >= len(values) else values[at + 2]))
        at += 2 if bare else 3
    return tuple(found)


def _path(pointer: str) -> tuple[str, ...]:
    """A JSON Pointer (RFC 6901) as its parts."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.lstrip("/").split("/"))


def _time(value: Any) -> datetime | None:
    """``dato``: UTC with milliseconds."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
