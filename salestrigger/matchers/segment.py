"""One segment of an index: the names of some organisations as flat arrays with their look-up tables.

Built in columns from plain lists; immutable. Several segments make an index (``index.py``), so that additions are a
small segment of their own. It knows nothing about documents or decisions.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from salestrigger.matchers.acronyms import initials
from salestrigger.matchers.columns import KeyTable, Strings, WordTable, in_order
from salestrigger.matchers.country_weights import CountryWords, country_words
from salestrigger.matchers.grams import Postings
from salestrigger.matchers.name_columns import NameColumns, name_columns
from salestrigger.matchers.words import (
    I32,
    I64,
    U64,
    Bytes,
    bag_value,
    byte_hashes,
    deletion_hashes,
    mix,
)

NAME_KINDS = ("legal", "trade", "former", "alias", "short")
_THREADS = 2
MANY = 64  #: names of one key; a look-up may return no more of them
SHORTEST_TYPO = 4  #: bytes: in shorter words one letter is a different word


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The distinct words of a segment's cores, by hash."""

    hash: U64  #: ascending
    count: I32  #: names that hold the word
    deletes: WordTable  #: key of the word with one byte left out → hash of the word


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
    local: CountryWords
    by_whole: KeyTable
    by_ordered: KeyTable
    by_bag: KeyTable
    by_joined: KeyTable
    by_shorter: KeyTable  #: bag key with one word left out
    by_initials: KeyTable  #: bag key of a name that is just the initials of the core's words
    by_id: KeyTable  #: hash of the organisation id → organisation
    by_identifier: KeyTable  #: hash of "SCHEME-value" → organisation
    by_domain: KeyTable  #: hash of the registrable domain → organisation
    grams: Postings


def text_keys(values: Sequence[str] | Strings) -> U64:
    """Stable 64-bit keys of whole strings (ids, domains, identifiers); not words of names."""
    packed = values if isinstance(values, Strings) else Strings.of(values)
    return mix(byte_hashes(packed.data, packed.offsets[:-1], packed.offsets[1:]) + np.uint64(1))


def deletion_keys(data: Bytes, starts: I64 | I32, ends: I64 | I32) -> tuple[U64, I64]:
    """Keys of every word with one byte left out, and which word each is of; comparable with word hashes.

    Equal neighbours give equal keys; words below four bytes are left out.
    """
    long = np.flatnonzero(ends - starts >= SHORTEST_TYPO)
    begin, finish = starts[long].astype(np.int64), ends[long].astype(np.int64)
    return deletion_hashes(data, begin, finish), np.repeat(long, finish - begin)


def _vocabulary(columns: NameColumns) -> Vocabulary:
    hashes, order = in_order(columns.words)
    owner = np.repeat(np.arange(len(columns), dtype=np.int32), columns.counts)[order]
    new = np.ones(len(hashes), dtype=np.bool_)
    np.not_equal(hashes[1:], hashes[:-1], out=new[1:])
    once = new.copy()
    once[1:] |= owner[1:] != owner[:-1]
    edges = np.flatnonzero(new)
    count = np.add.reduceat(once, edges, dtype=np.int32) if len(edges) else np.zeros(0, dtype=np.int32)
    rows = np.sort(order[edges])  # ascending, as the words lie in the text
    keys, word = deletion_keys(columns.core.data, columns.word_start[rows], columns.word_end[rows])
    return Vocabulary(hashes[edges], count, WordTable.of(keys, columns.words[rows][word]))


@dataclass(frozen=True, slots=True)
class Raw:
    """What a segment is built from: plain columns."""

    org_ids: Sequence[str] | Strings
    countries: Sequence[int] | I64  #: country codes, one per organisation
    entries: Sequence[str]  #: JSON, one per organisation, or none at all
    names: Sequence[str] | Strings
    name_org: Sequence[int] | I64  #: organisation of each name
    name_kind: Sequence[int] | I64
    identifiers: Sequence[tuple[str, int]] = ()  #: ("NO-BRC-…", organisation)
    domains: Sequence[tuple[str, int]] = ()
    id_keys: U64 | None = None  #: ``text_keys`` of the ids where they are known already


def _org_table(pairs: Sequence[tuple[str, int]]) -> KeyTable:
    return KeyTable.of(text_keys([key for key, _ in pairs]), np.array([row for _, row in pairs], dtype=np.int32))


def build_segment(raw: Raw, *, processes: int = 1) -> Segment:
    """All arrays of one segment; ``processes`` share the work."""
    org = np.asarray(raw.name_org, dtype=np.int64)
    country = np.asarray(raw.countries, dtype=np.int64)
    columns = name_columns(raw.names, country[org], processes=processes)
    ids = raw.org_ids if isinstance(raw.org_ids, Strings) else Strings.of(raw.org_ids)
    with ThreadPoolExecutor(_THREADS) as pool:  # sorting and counting arrays run side by side
        grams = pool.submit(Postings.of, columns.core)
        vocabulary = pool.submit(_vocabulary, columns)
        local = pool.submit(country_words, columns, country[org])
        shorter = pool.submit(_shorter, columns)
        acronyms = pool.submit(_initials, columns)
        whole, ordered, bag, joined = pool.map(
            lambda keys: _by_id(KeyTable.of(keys), org, ids),
            (columns.whole, columns.ordered, columns.bag, columns.joined),
        )
        by_id = pool.submit(lambda: KeyTable.of(text_keys(ids) if raw.id_keys is None else raw.id_keys))
        return Segment(
            names=columns,
            org=org.astype(np.int32),
            kind=np.asarray(raw.name_kind, dtype=np.int32),
            country=country.astype(np.int32),
            org_id=ids,
            entry=Strings.of(raw.entries) if len(raw.entries) else Strings.empty(len(raw.org_ids)),
            vocabulary=vocabulary.result(),
            local=local.result(),
            by_whole=whole,
            by_ordered=ordered,
            by_bag=bag,
            by_joined=joined,
            by_shorter=shorter.result(),
            by_initials=acronyms.result(),
            by_id=by_id.result(),
            by_identifier=_org_table(raw.identifiers),
            by_domain=_org_table(raw.domains),
            grams=grams.result(),
        )


def _by_id(table: KeyTable, org: I64, ids: Strings) -> KeyTable:
    """The rows of keys that very many share in the order of their organisations' ids: which of them a look-up returns
    does not depend on the order of the list."""
    first = np.flatnonzero(np.concatenate(([True], table.keys[1:] != table.keys[:-1]))) if len(table.keys) else org[:0]
    count = np.diff(first, append=len(table.keys))
    many = np.flatnonzero(count > MANY)
    rows = table.rows.copy() if len(many) else table.rows
    for low, high in zip(first[many].tolist(), (first + count)[many].tolist(), strict=True):
        own = rows[low:high]
        texts = ids.take(org[own])
        rows[low:high] = own[sorted(range(high - low), key=texts.__getitem__)]
    return KeyTable(table.keys, rows)


def _initials(columns: NameColumns) -> KeyTable:
    rows, keys = initials(columns)
    return KeyTable.of(keys, rows.astype(np.int32))


def _shorter(columns: NameColumns) -> KeyTable:
    owner = columns.owner
    return KeyTable.of(columns.bag[owner] - bag_value(columns.words), owner.astype(np.int32))
