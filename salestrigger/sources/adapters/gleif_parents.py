"""Who is whose accounting parent by GLEIF's relationship records (RR-CDF 2.1), kept from file to file. Pure.

https://www.gleif.org/en/lei-data/access-and-use-lei-data/level-2-data-relationship-record-rr-cdf-2-1-format
A delta holds only relationships that changed, and a record that is read anew comes without its parent: so what is known
is kept whole, some 250,000 pairs. The other way round, a relationship changes without its record: whose parent is
another than before is remembered until a record tells it. Fund managers, branches and ended relationships are no
parents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import orjson

from salestrigger.sources.adapters.gleif_records import bare
from salestrigger.sources.adapters.national_ids import lei_of

_KINDS: Final[Mapping[str, str]] = {
    "IS_DIRECTLY_CONSOLIDATED_BY": "direct",
    "IS_ULTIMATELY_CONSOLIDATED_BY": "ultimate",
}


class Parents:
    """LEI → LEI of its direct parent, else of its ultimate one."""

    def __init__(self, content: bytes | None = None) -> None:
        held: dict[str, dict[str, str]] = orjson.loads(content) if content else {}
        self._held = {kind: held.get(kind, {}) for kind in _KINDS.values()}
        self._before: dict[str, str | None] = {}

    def anew(self) -> Parents:
        """Nobody's parent yet, for a file that holds all relationships; what was known counts as before."""
        fresh = Parents()
        fresh._before = {lei: self.of(lei) for held in self._held.values() for lei in held}
        return fresh

    def apply(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take relationship records of any spelling: those that hold, and those that ended."""
        for row in rows:
            plain = bare(row)
            relation = _part(plain, "Relationship") or _part(_part(plain, "RelationshipRecord"), "Relationship")
            kind = _KINDS.get(str(relation.get("RelationshipType")))
            child, parent = (lei_of(str(_part(relation, node).get("NodeID"))) for node in ("StartNode", "EndNode"))
            if kind is None or child is None or parent is None:
                continue
            self._before.setdefault(child.value, self.of(child.value))
            if relation.get("RelationshipStatus") in {"ACTIVE", "", None}:
                self._held[kind][child.value] = parent.value
            elif self._held[kind].get(child.value) == parent.value:
                del self._held[kind][child.value]

    def of(self, lei: str) -> str | None:
        """The parent's LEI."""
        return self._held["direct"].get(lei) or self._held["ultimate"].get(lei)

    def told(self, lei: str) -> str | None:
        """The parent's LEI for a record that is read in this run: nothing more is to be said of it."""
        self._before.pop(lei, None)
        return self.of(lei)

    def changed(self) -> Iterator[tuple[str, str | None, str | None]]:
        """(LEI, its parent before, its parent now) of all that no record told."""
        for lei, before in self._before.items():
            if before != self.of(lei):
                yield lei, before, self.of(lei)

    def content(self) -> bytes:
        """All of it, to be kept."""
        return orjson.dumps(self._held, option=orjson.OPT_SORT_KEYS)


def _part(row: Any, key: str) -> Mapping[str, Any]:
    value = row.get(key) if isinstance(row, Mapping) else None
    return value if isinstance(value, Mapping) else {}
