"""One segment of an index: the names of some organisations as flat arrays with their look-up tables.

Built in columns from plain lists; immutable. Several segments make an index (``index.py``), so that additions are a
small segment of their own. It knows nothing about documents or decisions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from salestrigger.matchers.columns import KeyTable, Postings, Strings
from salestrigger.matchers.name_columns import NameColumns, name_columns
from salestrigger.matchers.words import (
    I32,
    I64,
    U64,
    Bytes,
    bag_value,
    byte_hashes,
    mix,
    ranges,
)

NAME_KINDS = ("legal", "trade", "former", "alias", "short")
_SPACE, _NEWLINE = 32, 10
_SHORTEST_TYPO = 4  # bytes: in shorter words one letter is a different word


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The distinct words of a segment's cores, by hash."""

    hash: U64  #: ascending
    count: I32  #: names that hold the word
    text: Strings
    deletes: KeyTable  #: key of the word with one byte left out → row


@dataclass(frozen=True, slots=True)
class Segment:
    """Names and organisations with every table that look-ups need."""

    names: NameColumns
    org: I32  #: organisation (row within this segment) of each name
    kind: I32  #: index into NAME_KINDS
    country: I32  #: country code of each organisation, 0 for unknown
    org_id: Strings
    entry: Strings  #: what is known of each organisation as JSON; empty where the universe was a bare list
    vocabulary: Vocabulary
    by_whole: KeyTable
    by_ordered: KeyTable
    by_bag: KeyTable
    by_joined: KeyTable
    by_shorter: KeyTable  #: bag key with one word left out
    by_id: KeyTable  #: hash of the organisation id → organisation
    by_identifier: KeyTable  #: hash of "SCHEME-value" → organisation
    by_domain: KeyTable  #: hash of the registrable domain → organisation
    grams: Postings


def text_keys(values: Sequence[str]) -> U64:
    """Stable 64-bit keys of whole strings (ids, domains, identifiers); not words of names."""
    packed = Strings.of(values)
    return mix(byte_hashes(packed.data, packed.offsets[:-1], packed.offsets[1:]) + np.uint64(1))


def gram_pairs(core: Strings) -> U64:
    """``gram << 32 | name`` for the four-byte grams of word-padded cores, straight from the bytes.

    A gram may begin or end with the space around a word, never hold one inside.
    """
    count = len(core)
    padded = np.full(len(core.data) + 2 * count + 3, _SPACE, dtype=np.uint8)
    place = np.arange(len(core.data)) + 2 * np.repeat(np.arange(count), np.diff(core.offsets)) + 1
    padded[place] = core.data
    owner = np.zeros(len(padded), dtype=np.uint32)
    owner[core.offsets[:-1] + 2 * np.arange(count)] = np.arange(count)
    np.maximum.accumulate(owner, out=owner)
    inner = np.flatnonzero((padded[1:-2] != _SPACE) & (padded[2:-1] != _SPACE))
    wide = padded.astype(np.uint64)
    gram = wide[inner] << np.uint64(24) | wide[inner + 1] << np.uint64(16) | wide[inner + 2] << np.uint64(8)
    packed: U64 = (gram | wide[inner + 3]) << np.uint64(32) | owner[inner + 1].astype(np.uint64)
    return packed


def deletion_keys(data: Bytes, starts: I64, ends: I64) -> tuple[U64, I64]:
    """Keys of every word with one byte left out, and which word each is of; comparable with word hashes.

    Equal neighbours give equal keys; words below four bytes are left out.
    """
    long = np.flatnonzero(ends - starts >= _SHORTEST_TYPO)
    size = ends[long] - starts[long]
    owner = np.repeat(long, size)
    within = ranges(np.zeros(len(long), dtype=np.int64), size)
    # every variant is written out: (size − 1) bytes, the byte at `within` skipped
    lengths = np.repeat(size - 1, size)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    source = ranges(starts[owner], lengths)
    source += ranges(np.zeros(len(lengths), dtype=np.int64), lengths) >= np.repeat(within, lengths)
    return byte_hashes(data[source], offsets[:-1], offsets[1:]), owner


def _vocabulary(columns: NameColumns) -> Vocabulary:
    order = np.lexsort((columns.owner, columns.words))
    hashes, owner = columns.words[order], columns.owner[order]
    new = np.concatenate(([True], hashes[1:] != hashes[:-1]))[: len(hashes)]
    once = new | np.concatenate(([True], owner[1:] != owner[:-1]))[: len(hashes)]
    group = np.cumsum(new) - 1
    count = np.bincount(group[once], minlength=int(new.sum())).astype(np.int32)
    rows = order[new]
    starts, ends = columns.word_start[rows].astype(np.int64), columns.word_end[rows].astype(np.int64)
    offsets = np.concatenate(([0], np.cumsum(ends - starts))).astype(np.int64)
    text = Strings(columns.core.data[ranges(starts, ends - starts)], offsets)
    keys, word = deletion_keys(text.data, offsets[:-1], offsets[1:])
    return Vocabulary(hashes[new], count, text, KeyTable.of(keys, word.astype(np.int32)))


@dataclass(frozen=True, slots=True)
class Raw:
    """What a segment is built from: plain columns."""

    org_ids: Sequence[str]
    countries: Sequence[int]  #: country codes, one per organisation
    entries: Sequence[str]  #: JSON, one per organisation, or none at all
    names: Sequence[str]
    name_org: Sequence[int] | I64  #: organisation of each name
    name_kind: Sequence[int] | I64
    identifiers: Sequence[tuple[str, int]] = ()  #: ("NO-BRC-…", organisation)
    domains: Sequence[tuple[str, int]] = ()


def _org_table(pairs: Sequence[tuple[str, int]]) -> KeyTable:
    return KeyTable.of(text_keys([key for key, _ in pairs]), np.array([row for _, row in pairs], dtype=np.int32))


def build_segment(raw: Raw) -> Segment:
    """All arrays of one segment."""
    org = np.asarray(raw.name_org, dtype=np.int64)
    country = np.asarray(raw.countries, dtype=np.int64)
    columns = name_columns(raw.names, country[org])
    owner = columns.owner
    return Segment(
        names=columns,
        org=org.astype(np.int32),
        kind=np.asarray(raw.name_kind, dtype=np.int32),
        country=country.astype(np.int32),
        org_id=Strings.of(raw.org_ids),
        entry=Strings.of(raw.entries),
        vocabulary=_vocabulary(columns),
        by_whole=KeyTable.of(columns.whole),
        by_ordered=KeyTable.of(columns.ordered),
        by_bag=KeyTable.of(columns.bag),
        by_joined=KeyTable.of(columns.joined),
        by_shorter=KeyTable.of(columns.bag[owner] - bag_value(columns.words), owner.astype(np.int32)),
        by_id=KeyTable.of(text_keys(raw.org_ids)),
        by_identifier=_org_table(raw.identifiers),
        by_domain=_org_table(raw.domains),
        grams=Postings.of(gram_pairs(columns.core)),
    )
