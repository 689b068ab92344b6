"""OrganizationIndex: every name that organisations go by, ready to be looked up.

::

    base segment ─┐
    delta segment ├─► look-ups by exact key, bag, spelling without spaces, one-word edits, grams, id, number, domain
    …            ─┘   (removed organisations are masked)

Immutable: :meth:`add` and :meth:`remove` give a new index that shares the old segments, so a reader at work is never
disturbed. Saved as memory-mapped arrays. It finds names; it decides nothing (``resolve.py``). Sole proprietors are
left out: their names are persons' names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from salestrigger.matchers.entries import Entry, entry_of, raw_of
from salestrigger.matchers.index_files import load_index, save_index
from salestrigger.matchers.index_lookups import NameLookups
from salestrigger.matchers.name_columns import name_columns
from salestrigger.matchers.segment import Raw, build_segment, text_keys

if TYPE_CHECKING:
    from salestrigger.matchers.types import Organization

_MOST_SEGMENTS = 8  # with more, an addition merges the small ones


class OrganizationIndex(NameLookups):
    """All names of a universe of organisations; see the module. Use :meth:`build` or :meth:`load`."""

    @classmethod
    def build(cls, organizations: Iterable[Organization], *, version: str = "") -> OrganizationIndex:
        """The index of these organisations; of two with one id the last counts. ``version`` names what it was built
        from (the warehouse's change number)."""
        return cls.from_entries([e for e in map(entry_of, organizations) if e is not None], version=version)

    @classmethod
    def from_entries(cls, entries: Iterable[Entry], *, version: str = "") -> OrganizationIndex:
        """The index of entries, in the order of their ids: the order they are given in does not matter."""
        unique = {entry.organization_id: entry for entry in entries}
        return cls.from_raw(raw_of([unique[key] for key in sorted(unique)]), version=version)

    @classmethod
    def from_raw(cls, raw: Raw, *, version: str = "", processes: int = 1) -> OrganizationIndex:
        """The index of plain columns, for lists that are no organisations of ours; ``processes`` share the work."""
        segment = build_segment(raw, processes=processes)
        return cls([segment], [np.ones(len(segment.org_id), dtype=np.bool_)], version=version)

    def add(self, organizations: Iterable[Organization], *, version: str | None = None) -> OrganizationIndex:
        """A new index with these organisations too; one whose id is known is replaced."""
        entries = {e.organization_id: e for o in organizations if (e := entry_of(o)) is not None}
        if len(self.segments) >= _MOST_SEGMENTS:
            return self._merged(entries, version=self.version if version is None else version)
        kept = self.remove(entries)
        segment = build_segment(raw_of([entries[key] for key in sorted(entries)]))
        return OrganizationIndex(
            [*kept.segments, segment],
            [*kept.alive, np.ones(len(entries), dtype=np.bool_)],
            version=self.version if version is None else version,
        )

    def _merged(self, entries: dict[str, Entry], *, version: str) -> OrganizationIndex:
        """The largest segment as it is, all others and the additions as one."""
        largest = max(range(len(self.segments)), key=lambda i: len(self.segments[i].org_id))
        base = OrganizationIndex([self.segments[largest]], [self.alive[largest]], version=version)
        small = {e.organization_id: e for i in range(len(self.segments)) if i != largest for e in self._entries_in(i)}
        small |= entries
        kept = base.remove(small)
        segment = build_segment(raw_of([small[key] for key in sorted(small)]))
        return OrganizationIndex(
            [*kept.segments, segment], [*kept.alive, np.ones(len(small), dtype=np.bool_)], version=version
        )

    def _entries_in(self, number: int) -> Iterator[Entry]:
        segment = self.segments[number]
        for row in np.flatnonzero(self.alive[number]).tolist():
            yield Entry.from_json(segment.org_id[row], segment.entry[row])

    def remove(self, organization_ids: Iterable[str]) -> OrganizationIndex:
        """A new index without these organisations; ids that are not in it are ignored."""
        keys = text_keys(sorted(set(organization_ids)))
        masks = []
        for segment, alive in zip(self.segments, self.alive, strict=True):
            _, rows = segment.by_id.find(keys, limit=2)
            mask = alive.copy()
            mask[rows] = False
            masks.append(mask)
        return OrganizationIndex(self.segments, masks, version=self.version)

    def save(self, directory: Path) -> None:
        """Write all arrays beside what is there, then swap by renaming.

        Raises:
            StorageError: the directory cannot be written.
        """
        save_index(directory, self.segments, self.alive, version=self.version)

    @classmethod
    def load(cls, directory: Path) -> OrganizationIndex:
        """What :meth:`save` wrote, memory-mapped.

        Raises:
            StorageError: there is none, it is damaged, or of another format: build it again.
        """
        segments, alive, version = load_index(directory)
        return cls(segments, alive, version=version)

    def __len__(self) -> int:
        return int(sum(int(a.sum()) for a in self.alive))

    def __contains__(self, organization_id: object) -> bool:
        return isinstance(organization_id, str) and self.row_of(organization_id) is not None

    @property
    def ids(self) -> frozenset[str]:
        """The organisations that it holds."""
        every = (s.org_id.take(np.flatnonzero(a)) for s, a in zip(self.segments, self.alive, strict=True))
        return frozenset(key for ids in every for key in ids)

    def row_of(self, organization_id: str) -> int | None:
        """The organisation's row, None when it is not in the index."""
        _, rows = self.orgs_by("by_id", text_keys([organization_id]))
        return int(rows[-1]) if len(rows) else None

    def get(self, organization_id: str) -> Entry | None:
        """What is known of an organisation, None when it is not in the index."""
        row = self.row_of(organization_id)
        return None if row is None else self.entry(row)

    def entry(self, row: int) -> Entry:
        """What is known of the organisation in that row."""
        number = int(np.searchsorted(self.org_base, row, "right")) - 1
        segment, local = self.segments[number], row - int(self.org_base[number])
        return Entry.from_json(segment.org_id[local], segment.entry[local])

    def ids_of_names(self, names: Iterable[int]) -> tuple[str, ...]:
        """The ids of the organisations that have these names (rows), each once, ascending."""
        rows = np.unique(np.array(sorted(names), dtype=np.int64))
        return tuple(sorted(set(self.texts(self.org_of(rows), "org_id")))) if len(rows) else ()

    def ids_named(self, name: str) -> tuple[str, ...]:
        """The organisations whose name has the same core as this one, ascending; at most some hundreds."""
        columns = name_columns([name], np.zeros(1, dtype=np.int64))
        return self.ids_of_names(self.names_by("by_ordered", columns.ordered)[1].tolist()) if columns.counts[0] else ()

    def ids_by_identifier(self, identifier: str) -> tuple[str, ...]:
        """The organisations that have an official number, written ``SCHEME-value``."""
        rows = np.unique(self.orgs_by("by_identifier", text_keys([identifier]))[1])
        return tuple(sorted(self.texts(rows, "org_id"))) if len(rows) else ()
