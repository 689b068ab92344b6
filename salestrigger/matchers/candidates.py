"""Which names of the index a query may mean: few per query, found by look-ups and the rarest character grams.

::

    equal words in any order, equal without spaces ──► settled
    else  one word more, less or replaced; one typo in one word; rarest grams up to a budget ──► the most promising few

Everything is done for many queries at once. It scores nothing (``features.py`` and ``model.py`` do).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salestrigger.matchers.acronyms import initials, like_acronyms
from salestrigger.matchers.columns import U32, Spans, member, span
from salestrigger.matchers.grams import COMMON, distinct_pairs, gram_pairs
from salestrigger.matchers.index_lookups import NameLookups
from salestrigger.matchers.legal_forms import form_table
from salestrigger.matchers.name_columns import GENERIC, NUMBER, PLACE, NameColumns, take_columns
from salestrigger.matchers.narrowing import narrowed
from salestrigger.matchers.segment import MANY, deletion_keys
from salestrigger.matchers.weights import keys_of, register_size
from salestrigger.matchers.words import I64, U64, bag_value, ranges

EDIT_LIMIT = 12  #: a one-word edit that more names share says nothing
ACRONYM_LIMIT = 3  #: initials that more names share say nothing
EXACT_LIMIT = MANY  #: namesakes that are compared (all are counted elsewhere)
TYPO_LIMIT = 40  #: corrections of one word
SELDOM = 40  #: a word that more names hold is taken as it is written
_SPACE = 32
_GRAMS = 7  # rare grams of a name, about
_CHUNK = 256  # queries whose grams are summed at a time: their sums stay in the processor's cache
_NAME, _QUERY, _SCORE = np.uint64(0xFFFFFFFF), np.uint64(0xFFFF << 32), np.uint64(0xFFFF)


@dataclass(frozen=True, slots=True)
class Effort:
    """How much work a query may cost."""

    postings: int = 1500  #: names looked at per query over its rarest grams
    by_gram: int = 8  #: candidates kept of those
    kept: int = 6  #: candidates that are compared in full


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidate pairs, ascending by query and then by name, each once."""

    query: I64
    name: I64

    def __len__(self) -> int:
        return len(self.query)


def _pairs(parts: list[tuple[I64, I64]]) -> Pairs:
    query, name = (np.concatenate([p[i] for p in parts]).astype(np.uint64) for i in (0, 1))
    packed = np.sort(query << np.uint64(32) | name)
    packed = packed[np.concatenate(([True], packed[1:] != packed[:-1]))] if len(packed) else packed
    low = np.uint64(0xFFFFFFFF)
    return Pairs((packed >> np.uint64(32)).astype(np.int64), (packed & low).astype(np.int64))


def find_candidates(
    index: NameLookups, queries: NameColumns, *, effort: Effort | None = None, own: I64 | None = None
) -> Pairs:
    """The candidate names of every query; none for an empty one.

    ``own``: the organisation (row) that asks each query where a list is matched with itself; its names are left out.
    """
    usable = np.flatnonzero(queries.counts > 0)
    exact = _others(index, _exact(index, queries, usable), own)
    settled = np.zeros(len(queries), dtype=np.bool_)
    for asked, _ in exact:
        settled[asked] = True
    rest = usable[~settled[usable]]
    if not len(rest):
        return _pairs(exact)
    open_queries = take_columns(queries, rest)
    effort = effort or Effort()
    found = [*_edits(index, open_queries), *_typos(index, open_queries)]
    found.append(_by_grams(index, _telling(open_queries), effort))
    near = _pairs(_others(index, found, None if own is None else own[rest]))
    kept = narrowed(index, open_queries, (near.query, near.name), most=effort.kept)
    brief = _others(index, _acronyms(index, open_queries), None if own is None else own[rest])
    return _pairs([*exact, (rest[near.query[kept]], near.name[kept]), *((rest[who], name) for who, name in brief)])


def _others(index: NameLookups, parts: list[tuple[I64, I64]], own: I64 | None) -> list[tuple[I64, I64]]:
    """Without the names of those who ask."""
    if own is None:
        return parts
    differs = [np.flatnonzero(index.org_of(name) != own[who]) for who, name in parts]
    return [(who[some], name[some]) for (who, name), some in zip(parts, differs, strict=True)]


def _exact(index: NameLookups, queries: NameColumns, rows: I64) -> list[tuple[I64, I64]]:
    parts = []
    for table, keys in (("by_bag", queries.bag), ("by_joined", queries.joined)):
        who, name = index.names_by(table, keys[rows], limit=EXACT_LIMIT)
        parts.append((rows[who], name))
    return parts


def _acronyms(index: NameLookups, queries: NameColumns) -> list[tuple[I64, I64]]:
    """Names with these initials, and names that are the initials; only where few share them."""
    short = like_acronyms(queries)
    short_who, full = index.names_by("by_initials", queries.bag[short], limit=ACRONYM_LIMIT, rare=True)
    long, keys = initials(queries)
    long_who, brief = index.names_by("by_bag", keys, limit=ACRONYM_LIMIT, rare=True)
    return [(short[short_who], full), (long[long_who], brief)]


def _edits(index: NameLookups, queries: NameColumns) -> list[tuple[I64, I64]]:
    """One word too many in the query, one missing, one replaced."""
    owner = queries.owner
    less = queries.bag[owner] - bag_value(queries.words)
    several = np.flatnonzero(queries.counts[owner] > 1)
    extra_who, extra = index.names_by("by_bag", less[several], limit=EDIT_LIMIT, rare=True)
    replaced_who, replaced = index.names_by("by_shorter", less[several], limit=EDIT_LIMIT, rare=True)
    missing_who, missing = index.names_by("by_shorter", queries.bag, limit=EDIT_LIMIT, rare=True)
    bare = np.concatenate(_bare_bags(queries))
    left = np.flatnonzero(bare)  # a name of nothing else is not like an empty one
    bare_who, found = index.names_by("by_bag", bare[left], limit=EDIT_LIMIT, rare=True)
    return [
        (owner[several][extra_who], extra),
        (owner[several][replaced_who], replaced),
        (missing_who, missing),
        (left[bare_who] % len(queries), found),
    ]


def _bare_bags(queries: NameColumns) -> tuple[U64, U64]:
    """Two bags of each name: without places, generic words and legal forms, and without a legal form inside and what
    comes after it ("X Inc. (Japan)", "X Oy - Group"); 0 where nothing is left."""
    form = member(queries.words, form_words())
    seen = np.cumsum(form)
    before = np.concatenate(([0], seen))[queries.first[:-1]]
    after = seen - np.repeat(before, queries.counts) > 0
    told = (queries.flags & (PLACE | GENERIC) > 0) | form
    return _bag_without(queries, told), _bag_without(queries, after)


def _bag_without(queries: NameColumns, gone: NDArray[np.bool_]) -> U64:
    sums = np.zeros(len(gone) + 1, dtype=np.uint64)
    np.cumsum(np.where(gone, np.uint64(0), bag_value(queries.words)), out=sums[1:])
    bag: U64 = sums[queries.first[1:]] - sums[queries.first[:-1]]
    return bag


@functools.cache
def form_words() -> U64:
    """Keys of the legal forms that are written as one word."""
    return keys_of(form_table().words)


def _typos(index: NameLookups, queries: NameColumns) -> list[tuple[I64, I64]]:
    """One letter wrong in one word that is rare in the register."""
    counts = index.counts_of(queries.words)
    doubtful = np.flatnonzero((counts <= SELDOM) & (queries.flags & (NUMBER | GENERIC) == 0))
    starts, ends = queries.word_start[doubtful].astype(np.int64), queries.word_end[doubtful].astype(np.int64)
    keys, of_word = deletion_keys(queries.core.data, starts, ends)
    owner = queries.owner
    fixes = []
    for segment in index.segments:
        known = segment.vocabulary
        fixes += [
            _corrections(known.deletes.find(keys, most=TYPO_LIMIT), of_word),
            known.deletes.find(queries.words[doubtful], most=TYPO_LIMIT),
            _spelled(known.hash, keys, of_word),
        ]
    at, fixed = doubtful[np.concatenate([f[0] for f in fixes])], np.concatenate([f[1] for f in fixes])
    bag = queries.bag[owner[at]] - bag_value(queries.words[at]) + bag_value(fixed)
    who, name = index.names_by("by_bag", bag, limit=EDIT_LIMIT, rare=True)
    return [(owner[at][who], name), _typo_and_word(index, queries, at, bag, counts)]


def _typo_and_word(index: NameLookups, queries: NameColumns, at: I64, bag: U64, counts: I64) -> tuple[I64, I64]:
    """A typo in a word and another word that differs too: in names of three words and more."""
    owner = queries.owner[at]
    size = queries.counts[owner]
    long = np.flatnonzero((size > 2) & (counts[at] <= 3))
    other = ranges(queries.first[owner[long]], size[long])
    fix = np.repeat(long, size[long])
    differs = other != at[fix]
    fix, other = fix[differs], other[differs]
    less = bag[fix] - bag_value(queries.words[other])
    who, name = index.names_by("by_shorter", less, limit=EDIT_LIMIT, rare=True)
    return owner[fix][who], name


def _corrections(found: tuple[I64, U64], of_word: I64) -> tuple[I64, U64]:
    return of_word[found[0]], found[1]


def _spelled(known: U64, keys: U64, of_word: I64) -> tuple[I64, U64]:
    """Words of the vocabulary that a deletion in the query spells."""
    hit = np.flatnonzero(span(known, keys)[1])
    return of_word[hit], keys[hit]


def _by_grams(index: NameLookups, cores: Spans, effort: Effort) -> tuple[I64, I64]:
    who, names = [], []
    gram, owner = _grams_in_order(cores)
    edges = np.searchsorted(owner, np.arange(0, len(cores) + _CHUNK, _CHUNK))
    for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        base = int(owner[low]) // _CHUNK * _CHUNK if high > low else 0
        asked, rows = _gram_top(index, gram[low:high], owner[low:high] - base, effort)
        who.append(asked + base)
        names.append(rows)
    return np.concatenate(who), np.concatenate(names)


def _telling(queries: NameColumns) -> Spans:
    """The cores without their generic words, unless nothing else is left."""
    core = queries.core
    said = queries.flags & GENERIC == 0
    owner = queries.owner
    some = np.bincount(owner[said], minlength=len(queries)) > 0
    dropped = np.flatnonzero(~said & some[owner])
    start = queries.word_start[dropped].astype(np.int64)
    data = core.data.copy()
    data[ranges(start, queries.word_end[dropped] - start)] = _SPACE
    return Spans(data, core.start, core.end)


def _grams_in_order(cores: Spans) -> tuple[U32, I64]:
    """The distinct grams of each core, core by core."""
    grams, owners = gram_pairs(cores)
    packed = distinct_pairs(owners, grams)
    return (packed & _NAME).astype(np.uint32), (packed >> np.uint64(32)).astype(np.int64)


def _gram_top(index: NameLookups, gram: U32, owner: I64, effort: Effort) -> tuple[I64, I64]:
    """The best names of each query by the sum of its rarest grams' weights, ties by name."""
    count = index.gram_counts(gram)
    kept = np.flatnonzero((count > 0) & (count <= COMMON))
    order = kept[np.lexsort((gram[kept], count[kept], owner[kept]))]
    gram, owner, count = gram[order], owner[order], count[order]
    spent = np.cumsum(count)
    first = np.searchsorted(owner, owner)
    before = spent - count - np.where(first > 0, spent[first - 1], 0)
    some = np.flatnonzero((before + count <= effort.postings) | (first == np.arange(len(first))))  # the rarest always
    gram, owner, count = gram[some], owner[some], count[some]
    weight = gram_weights(index, count)
    asked, names = index.names_with(gram)
    packed = (owner.astype(np.uint64) << np.uint64(48) | weight)[asked]
    packed |= names.astype(np.uint64) << np.uint64(16)
    packed.sort()
    return _strongest(packed, effort.by_gram)


def gram_weights(index: NameLookups, count: I64) -> U64:
    """What sharing a gram that so many names hold is worth, 1 to 1023."""
    shares = register_size(float(index.name_base[-1])) * _GRAMS / (count + 1.0)
    weights: U64 = np.clip(64 * np.log(shares), 1, 1023).astype(np.uint64)
    return weights


def _strongest(packed: U64, most: int) -> tuple[I64, I64]:
    """Sum the weights (low 16 bits) of equal pairs and keep the best per query."""
    if not len(packed):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    pair = packed >> np.uint64(16)
    edge = _edges(pair)
    pair = pair[edge]
    packed &= _SCORE
    total = np.cumsum(packed)[np.append(edge[1:], len(packed)) - 1]
    score = np.minimum(np.diff(total, prepend=np.uint64(0)), _SCORE)
    first = _edges(pair >> np.uint64(32))
    top = np.repeat(np.maximum.reduceat(score, first), np.diff(np.append(first, len(pair))))
    near = np.flatnonzero(score + score >= top)  # most pairs share one common gram: not worth sorting
    pair, score = pair[near], score[near]
    # query, score from the best, name: in one number each, so that they sort fast
    best = (pair & _QUERY) << np.uint64(16) | (_SCORE - score) << np.uint64(32) | pair & _NAME
    best.sort()
    query = best >> np.uint64(48)
    first = _edges(query)
    rank = np.arange(len(best)) - np.repeat(first, np.diff(np.append(first, len(best))))
    kept = np.flatnonzero(rank < most)
    return query[kept].astype(np.int64), (best[kept] & _NAME).astype(np.int64)


def _edges(values: U64) -> I64:
    """Where each run of equal values begins."""
    new = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return np.flatnonzero(new)
