"""Which organisations turn out to be one, by the numbers that their records name. Pure.

A register's record (or a public list's) that names another register's number says that both are one: LEI and national
number. One's own list says it of the listed row alone. Two numbers of the *same* register are two legal entities,
whatever anybody says: such a join is refused and reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

#: lists that are no registers: two entries of theirs may be one organisation
OPEN_SCHEMES = frozenset({"ACCOUNT", "XI-WIKIDATA"})


@dataclass(frozen=True, slots=True)
class Edge:
    """A record, and another organisation whose number it names."""

    record_id: str
    scheme: str
    organization_id: str
    full_id: str
    other_id: str


@dataclass(frozen=True, slots=True)
class Joins:
    """What is to be joined: organisation → the one it turns out to be; rows of one's own → their organisation."""

    merged: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)
    conflicts: tuple[tuple[str, str], ...] = ()  #: (record, why not)


def joins_of(edges: Iterable[Edge], numbers: Mapping[str, Iterable[tuple[str, str]]], ages: Mapping[str, int]) -> Joins:
    """Joins by the edges.

    ``numbers`` are the registers' own numbers (scheme, identifier) of every organisation named, ``ages`` the run that
    minted it: the oldest organisation that a register knows is the one that stays.
    """
    own: dict[str, dict[str, set[str]]] = {key: _by_scheme(pairs) for key, pairs in numbers.items()}
    parent: dict[str, str] = {}
    rows: dict[str, str] = {}
    conflicts: list[tuple[str, str]] = []

    def root(key: str) -> str:
        while parent.get(key, key) != key:
            parent[key] = parent.get(parent[key], parent[key])
            key = parent[key]
        return key

    for edge in edges:
        if edge.scheme == "ACCOUNT":
            # the first number that a row states is the one that counts
            rows.setdefault(edge.record_id, edge.other_id)
            continue
        first, second = root(edge.organization_id), root(edge.other_id)
        if first == second:
            continue
        if clash := _clash(own.get(first, {}), own.get(second, {})):
            conflicts.append((edge.record_id, f"names {edge.full_id}, but {clash}"))
            continue
        stays, goes = sorted((first, second), key=lambda key: (not _national(own.get(key, {})), ages.get(key, 0), key))
        parent[goes] = stays
        merged = own.setdefault(stays, defaultdict(set))
        for scheme, identifiers in own.get(goes, {}).items():
            merged.setdefault(scheme, set()).update(identifiers)
    merges = {key: root(key) for key in parent if root(key) != key}
    return Joins(merges, {record: root(other) for record, other in rows.items()}, tuple(conflicts))


def _by_scheme(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for scheme, identifier in pairs:
        if scheme not in OPEN_SCHEMES:
            found.setdefault(scheme, set()).add(identifier)
    return found


def _national(numbers: Mapping[str, set[str]]) -> bool:
    """Whether a country's register knows it; LEI and the like (XI-…) are further names of what that one has."""
    return any(not scheme.startswith("XI-") for scheme in numbers)


def _clash(first: Mapping[str, set[str]], second: Mapping[str, set[str]]) -> str:
    """Two different numbers of one register, in words; "" when there are none."""
    for scheme in sorted(first.keys() & second.keys()):
        if first[scheme] != second[scheme]:
            listed = ", ".join(sorted(first[scheme] | second[scheme]))
            return f"{scheme} has two organisations there: {listed}"
    return ""
