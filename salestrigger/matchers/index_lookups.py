"""What an index of several segments is asked: rows by key, columns of rows, how frequent words and grams are.

Rows are counted over all segments, one after the other; organisations that were removed are left out. It builds and
saves nothing (``index.py`` does).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from salestrigger.matchers.columns import U32, KeyTable, column_at, concatenated, span
from salestrigger.matchers.name_columns import NameColumns, join_columns, take_columns
from salestrigger.matchers.segment import Segment
from salestrigger.matchers.weights import word_weights
from salestrigger.matchers.words import I64, U64, ranges

_CAP = 256  # rows of one key that a look-up returns: more namesakes than that are counted, not compared


def _places(table: U32, values: U32) -> tuple[I64, I64]:
    """Where in an ascending table those values stand that it holds, and which they are."""
    if not len(table):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    place = np.minimum(np.searchsorted(table, values), len(table) - 1)
    found = np.flatnonzero(table[place] == values)
    return place[found], found


class NameLookups:
    """Segments side by side, asked as one; see the module."""

    def __init__(self, segments: Sequence[Segment], alive: Sequence[NDArray[np.bool_]], *, version: str = "") -> None:
        self.segments = tuple(segments)
        self.alive = tuple(alive)
        self.version = version
        names = [len(s.names) for s in self.segments]
        orgs = [len(s.org_id) for s in self.segments]
        self.name_base = np.concatenate(([0], np.cumsum(names))).astype(np.int64)
        self.org_base = np.concatenate(([0], np.cumsum(orgs))).astype(np.int64)

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
            if not self.untouched[number]:
                kept = np.flatnonzero(self.alive[number][segment.org[row]])
                who, row = who[kept], row[kept]
            asked.append(who)
            rows.append(row + self.name_base[number] if number else row)
        return concatenated(asked), concatenated(rows)

    @functools.cached_property
    def untouched(self) -> tuple[bool, ...]:
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
