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

import functools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from salestrigger.matchers.columns import U32, KeyTable, column_at, concatenated, span
from salestrigger.matchers.entries import Entry, entry_of, raw_of
from salestrigger.matchers.index_files import load_index, save_index
from salestrigger.matchers.legal_forms import country_code
from salestrigger.matchers.name_columns import NameColumns, join_columns, name_columns, take_columns
from salestrigger.matchers.segment import Raw, Segment, build_segment, text_keys
from salestrigger.matchers.types import Organization
from salestrigger.matchers.weights import word_weights
from salestrigger.matchers.words import I64, U64, ranges

_MOST_SEGMENTS = 8  # with more, an addition merges the small ones
_CAP = 256  # rows of one key that a look-up returns: more namesakes than that are counted, not compared


def _places(table: U32, values: U32) -> tuple[I64, I64]:
    """Where in an ascending table those values stand that it holds, and which they are."""
    if not len(table):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    place = np.minimum(np.searchsorted(table, values), len(table) - 1)
    found = np.flatnonzero(table[place] == values)
    return place[found], found


class OrganizationIndex:
    """All names of a universe of organisations; see the module. Use :meth:`build` or :meth:`load`."""

    def __init__(self, segments: Sequence[Segment], alive: Sequence[NDArray[np.bool_]], *, version: str = "") -> None:
        self.segments = tuple(segments)
        self.alive = tuple(alive)
        self.version = version
        names = [len(s.names) for s in self.segments]
        orgs = [len(s.org_id) for s in self.segments]
        self.name_base = np.concatenate(([0], np.cumsum(names))).astype(np.int64)
        self.org_base = np.concatenate(([0], np.cumsum(orgs))).astype(np.int64)

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

    @functools.cached_property
    def sizes(self) -> dict[int, int]:
        """Organisations per country code."""
        codes = concatenated([s.country[a] for s, a in zip(self.segments, self.alive, strict=True)])
        values, counts = np.unique(np.asarray(codes), return_counts=True)
        return dict(zip(values.tolist(), counts.tolist(), strict=True))

    def size_of(self, country: str | None) -> int:
        """How many organisations of that country it holds; None: whose country is not known."""
        return self.sizes.get(country_code(country), 0)

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

    # --- look-ups: (which of the asked, row), rows counted over all segments ----------------------------------------

    def names_by(self, table: str, keys: U64, *, limit: int = _CAP, rare: bool = False) -> tuple[I64, I64]:
        """Names by ``by_whole``, ``by_ordered``, ``by_bag``, ``by_joined`` or ``by_shorter``; the living only.

        ``rare``: keys that more than ``limit`` names have give none.
        """
        tables: list[KeyTable] = [getattr(segment, table) for segment in self.segments]
        places = [found.places(keys) for found in tables]
        total = sum(count for _, count in places)
        asked, rows = [], []
        for number, (found, (left, count)) in enumerate(zip(tables, places, strict=True)):
            some = np.where(total > limit, 0, count) if rare else np.minimum(count, limit)
            who, row = found.at(left, some)
            kept = self.alive[number][self.segments[number].org[row]]
            asked.append(who[kept])
            rows.append(row[kept] + self.name_base[number])
        return concatenated(asked), concatenated(rows)

    def orgs_by(self, table: str, keys: U64, *, limit: int = _CAP) -> tuple[I64, I64]:
        """Organisations by ``by_id``, ``by_identifier`` or ``by_domain``; the living only."""
        asked, rows = [], []
        for number, segment in enumerate(self.segments):
            found: KeyTable = getattr(segment, table)
            who, row = found.find(keys, limit=limit)
            kept = self.alive[number][row]
            asked.append(who[kept])
            rows.append(row[kept] + self.org_base[number])
        return concatenated(asked), concatenated(rows)

    def _take(self, rows: I64, column: str, base: I64) -> I64:
        if len(self.segments) == 1:
            return np.asarray(column_at(self.segments[0], column)[rows], dtype=np.int64)
        out = np.zeros(len(rows), dtype=np.int64)
        which = np.searchsorted(base, rows, "right") - 1
        for number in np.unique(which).tolist():
            here = which == number
            out[here] = column_at(self.segments[number], column)[rows[here] - base[number]]
        return out

    def org_of(self, names: I64) -> I64:
        """The organisation (row) of each name."""
        local = self._take(names, "org", self.name_base)
        return local + self.org_base[np.searchsorted(self.name_base, names, "right") - 1]

    def kind_of(self, names: I64) -> I64:
        """The kind of each name, an index into ``segment.NAME_KINDS``."""
        return self._take(names, "kind", self.name_base)

    def country_of(self, orgs: I64) -> I64:
        """The country code of each organisation."""
        return self._take(orgs, "country", self.org_base)

    def form_of(self, names: I64) -> I64:
        """The legal form written in each name, -1 for none."""
        return self._take(names, "names.form", self.name_base)

    def key_of(self, names: I64, key: str) -> U64:
        """One of the keys ``whole``, ``ordered``, ``bag``, ``joined`` of each name."""
        return self._take(names, f"names.{key}", self.name_base).view(np.uint64)

    def texts(self, rows: I64, column: str) -> list[str]:
        """``names.raw`` or ``names.core`` of names, ``org_id`` of organisations."""
        base = self.org_base if column == "org_id" else self.name_base
        if len(self.segments) == 1:
            return list(column_at(self.segments[0], column).take(rows))
        which = np.searchsorted(base, rows, "right") - 1
        out = [""] * len(rows)
        for number in np.unique(which).tolist():
            here = np.flatnonzero(which == number)
            texts = column_at(self.segments[number], column).take(rows[here] - base[number])
            for place, text in zip(here.tolist(), texts, strict=True):
                out[place] = text
        return out

    def columns_of(self, names: I64) -> NameColumns:
        """The columns of the given names, copied together."""
        if len(self.segments) == 1:
            return take_columns(self.segments[0].names, names)
        which = np.searchsorted(self.name_base, names, "right") - 1
        order = np.argsort(which, kind="stable")
        parts = [
            take_columns(self.segments[n].names, names[which == n] - self.name_base[n])
            for n in np.unique(which).tolist()
        ]
        back = np.empty(len(names), dtype=np.int64)
        back[order] = np.arange(len(names))
        return take_columns(join_columns(parts), back)

    @functools.cached_property
    def _heads(self) -> U64:
        """The words that names begin with, with or without their legal form, ascending."""
        parts = []
        for segment in self.segments:
            names = segment.names
            parts.append(names.words[names.first[:-1][names.counts > 0]])
            alone = names.counts == 0
            parts.append(names.whole[alone])
        return np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.uint64)

    @functools.cached_property
    def longest(self) -> int:
        """Words in the longest name, its legal form not counted, and one more for names kept whole."""
        return 1 + max((int(s.names.counts.max(initial=0)) for s in self.segments), default=0)

    def may_begin(self, hashes: U64) -> NDArray[np.bool_]:
        """Whether some name begins with each word."""
        heads = self._heads
        if not len(heads):
            return np.zeros(len(hashes), dtype=np.bool_)
        return np.asarray(heads[np.minimum(np.searchsorted(heads, hashes), len(heads) - 1)] == hashes)

    def gram_counts(self, grams: U32) -> I64:
        """How often each gram occurs in names, over all segments (removed ones included until they are merged)."""
        total = np.zeros(len(grams), dtype=np.int64)
        for segment in self.segments:
            place, found = _places(segment.grams.grams, grams)
            total[found] += segment.grams.counts[place]
        return total

    def names_with(self, grams: U32) -> tuple[I64, I64]:
        """Pairs (which gram of those asked, name) for grams that are not common; the living only."""
        asked, rows = [], []
        for number, segment in enumerate(self.segments):
            listed = segment.grams
            place, found = _places(listed.grams, grams)
            count = listed.starts[place + 1] - listed.starts[place]
            who = np.repeat(found, count)
            row = listed.names[ranges(listed.starts[place], count)].astype(np.int64)
            if not self._untouched[number]:
                kept = np.flatnonzero(self.alive[number][segment.org[row]])
                who, row = who[kept], row[kept]
            asked.append(who)
            rows.append(row + self.name_base[number])
        return concatenated(asked), concatenated(rows)

    @functools.cached_property
    def _untouched(self) -> tuple[bool, ...]:
        """Which segments no organisation was removed from."""
        return tuple(bool(alive.all()) for alive in self.alive)

    def counts_of(self, hashes: U64) -> I64:
        """How many names hold each word, over all segments (removed ones included until they are merged away)."""
        total = np.zeros(len(hashes), dtype=np.int64)
        for segment in self.segments:
            known = segment.vocabulary.hash
            if len(known):
                left, found = span(known, hashes)
                hit = np.flatnonzero(found)
                total[hit] += segment.vocabulary.count[left[hit]]
        return total

    def weights_of(self, hashes: U64) -> NDArray[np.float64]:
        """What a word says: minus the logarithm of its share of the register's names, with a prior on generic words
        that a small register outgrows; from about 1 (nearly everywhere) to ln(names)."""
        return word_weights(hashes, self.counts_of(hashes), float(self.name_base[-1]))
