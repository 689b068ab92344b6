"""What is known of the organisations that a run asks about, read when it asks: a register has a million others.

Each is a mapping like the whole, so that nobody who asks needs to know. Who asks about many says so first
(:meth:`Lazily.ensure`), then one query answers all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, partial
from typing import TypeVar

from salestrigger.matchers.places import Place
from salestrigger.matchers.types import Fit, Organization
from salestrigger.warehouse import read
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.staging import chunk_ids

Key = TypeVar("Key")
Value = TypeVar("Value")


class Lazily(Mapping[Key, Value]):
    """A mapping whose values are fetched when they are asked for, and then held."""

    def __init__(
        self, fetch: Callable[[Collection[Key]], Mapping[Key, Value]], every: Callable[[], Collection[Key]]
    ) -> None:
        self._fetch, self._every = fetch, every
        self._held: dict[Key, Value] = {}
        self._asked: set[Key] = set()

    def ensure(self, keys: Iterable[Key]) -> None:
        """Fetch those of the keys that were never asked for, in one go."""
        new = set(keys) - self._asked
        if new:
            self._asked |= new
            self._held |= self._fetch(new)

    def __getitem__(self, key: Key) -> Value:
        self.ensure((key,))
        return self._held[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._every())

    def __len__(self) -> int:
        return len(self._every())


class LazyOrganizations(Lazily[str, Organization]):
    """Organisations as we know them now."""

    def __init__(self, wh: Warehouse) -> None:
        super().__init__(partial(read.organizations, wh), cache(partial(read.organization_ids, wh)))


class LazyBefore(Lazily[str, Organization]):
    """Organisations as we knew them when the last analysis was stored; those first seen since are absent."""

    def __init__(self, wh: Warehouse, now: LazyOrganizations) -> None:
        def fetch(keys: Collection[str]) -> Mapping[str, Organization]:
            now.ensure(keys)
            return read.organizations_before(wh, {key: now[key] for key in keys if key in now})

        super().__init__(fetch, cache(lambda: tuple(read.organizations_before(wh))))


class LazyLinks(Lazily[str, str]):
    """Record id → organisation id."""

    def __init__(self, wh: Warehouse) -> None:
        super().__init__(partial(read.organization_of, wh), cache(lambda: tuple(read.organization_of(wh))))


class LazyFits(Lazily[tuple[str, str], Fit]):
    """(organisation id, profile name) → the fit that holds."""

    def __init__(self, wh: Warehouse, profiles: Collection[str]) -> None:
        def fetch(keys: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], Fit]:
            organizations = {organization_id for organization_id, _ in keys}
            self._asked |= {(o, p) for o in organizations for p in profiles}  # they come with it
            return read.fits(wh, organizations)

        super().__init__(fetch, cache(lambda: tuple(read.fits(wh))))


def unjudged(wh: Warehouse, profile: str, version: str) -> frozenset[str]:
    """The organisations that this version of a profile has not judged."""
    found = wh.query("unjudged_organizations", {"profile": profile, "profile_version": version})
    return frozenset(found.column(0).to_pylist())


def stating(wh: Warehouse, attribute: str, values: Collection[str] | None = None) -> frozenset[str]:
    """The organisations of which one of these values of an attribute (None: any) was ever stated."""
    with wh.staged(chunk_ids(tuple(values or ()))):
        found = wh.query("organizations_stating", {"attribute": attribute, "is_restricted": values is not None})
    return frozenset(found.column(0).to_pylist())


def places_stated(wh: Warehouse) -> list[Place]:
    """Where organisations are by their records, each place once."""
    return [Place(**row | {"city": row["city"] or ""}) for row in wh.rows("stated_places")]
