"""Which names of the index one name may mean: what ``candidates.py`` finds for many, found by a few look-ups.

The same names, by the same limits, for one query at a time: array calls are made only where a query asks many things
at once (the keys of one table, the names of its grams). ``tests/matchers/test_few.py`` holds that.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Prefix
from rapidfuzz.fuzz import ratio

from salestrigger.matchers.acronyms import FEWEST, MOST
from salestrigger.matchers.candidates import (
    ACRONYM_LIMIT,
    EDIT_LIMIT,
    EXACT_LIMIT,
    SELDOM,
    TYPO_LIMIT,
    Effort,
    form_words,
    gram_weights,
)
from salestrigger.matchers.few_lookups import PlainName, WordWeights, counted, hits, listed_name, rows_of
from salestrigger.matchers.few_words import added, joining_words
from salestrigger.matchers.grams import COMMON, word_grams
from salestrigger.matchers.index_lookups import NameLookups
from salestrigger.matchers.name_columns import GENERIC, NUMBER, PLACE
from salestrigger.matchers.narrowing import PREFIX
from salestrigger.matchers.plain_words import bag_key, bag_value_of, bytes_hash, deletion_keys_of, less
from salestrigger.matchers.segment import SHORTEST_TYPO
from salestrigger.matchers.words import U64

_MASK = (1 << 64) - 1
_SCORE = np.uint64(0xFFFF)
_SHIFT, _HIGH = np.uint64(16), np.uint64(32)


@dataclass(frozen=True, slots=True)
class Asked:
    """One query and whom it asks."""

    index: NameLookups
    name: PlainName
    bag: int
    joined: int
    own: int  #: the organisation (row) that asks, -1 for none
    weights: WordWeights


def candidates_of(asked: Asked, effort: Effort) -> list[int]:
    """The candidate names of a query, ascending; none for an empty one."""
    if not asked.name.words:
        return []
    exact = rows_of(asked.index, "by_bag", [asked.bag], limit=EXACT_LIMIT)
    exact += rows_of(asked.index, "by_joined", [asked.joined], limit=EXACT_LIMIT)
    if settled := _others(asked, exact):
        return sorted(settled)
    near = sorted(_others(asked, [*_edited(asked), *_by_grams(asked, effort)]))
    kept = near if len(near) <= effort.kept else _promising(asked, near, effort.kept)
    return sorted({*kept, *_others(asked, _acronyms(asked))})


def _others(asked: Asked, names: Sequence[int]) -> set[int]:
    """Without the names of the organisation that asks."""
    if asked.own < 0 or not names:
        return set(names)
    orgs = asked.index.org_of(np.array(names, dtype=np.int64)).tolist()
    return {name for name, org in zip(names, orgs, strict=True) if org != asked.own}


def _edited(asked: Asked) -> list[int]:
    """One word too many in the query, one missing, one replaced; one typo; a typo and a word."""
    words = asked.name.words
    shorter = [less(asked.bag, word) for word in words] if len(words) > 1 else []
    fixed, twice = _typos(asked)
    bags = {*shorter, *fixed, *(bag for bag in _bare_bags(asked.name) if bag)}
    found = rows_of(asked.index, "by_bag", sorted(bags), limit=EDIT_LIMIT, rare=True)
    shorter_keys = sorted({*shorter, asked.bag, *twice})
    return found + rows_of(asked.index, "by_shorter", shorter_keys, limit=EDIT_LIMIT, rare=True)


@functools.cache
def _form_words() -> frozenset[int]:
    return frozenset(form_words().tolist())


def _bare_bags(name: PlainName) -> tuple[int, int]:
    """Two bags, see ``candidates._bare_bags``."""
    forms = _form_words()
    plain = [
        word
        for word, flags in zip(name.words, name.flags, strict=True)
        if not flags & (PLACE | GENERIC) and word not in forms
    ]
    inside = next((place for place, word in enumerate(name.words) if word in forms), len(name.words))
    return bag_key(plain), bag_key(name.words[:inside])


def _typos(asked: Asked) -> tuple[set[int], set[int]]:
    """Bags of the query with one word corrected, and of those without another word."""
    name = asked.name
    counts = counted(asked.index, name.words)
    doubtful = [
        place
        for place, (count, flags) in enumerate(zip(counts, name.flags, strict=True))
        if count <= SELDOM and not flags & (NUMBER | GENERIC)
    ]
    fixed: set[int] = set()
    twice: set[int] = set()
    for place, word in _corrections(asked, doubtful):
        bag = (less(asked.bag, name.words[place]) + bag_value_of(word)) & _MASK
        fixed.add(bag)
        if len(name.words) > 2 and counts[place] <= 3:
            twice |= {less(bag, other) for at, other in enumerate(name.words) if at != place}
    return fixed, twice


def _corrections(asked: Asked, doubtful: Sequence[int]) -> set[tuple[int, int]]:
    """The places of doubtful words and the words of the register that they may be misspellings of."""
    name = asked.name
    long = [place for place in doubtful if len(name.texts[place]) >= SHORTEST_TYPO]
    of_word = [place for place in long for _ in name.texts[place]]
    deleted = deletion_keys_of([name.texts[place] for place in long])
    keys: U64 = np.concatenate((deleted, np.array([name.words[place] for place in doubtful], dtype=np.uint64)))
    places = of_word + list(doubtful)
    found: set[tuple[int, int]] = set()
    for segment in asked.index.segments:
        known = segment.vocabulary
        for key, (left, count) in hits(known.deletes.keys, keys, TYPO_LIMIT + 1).items():
            if count <= TYPO_LIMIT:
                found |= {(places[key], word) for word in known.deletes.words[left : left + count].tolist()}
        found |= {(of_word[key], int(deleted[key])) for key in hits(known.hash, deleted, 1)}
    return found


def _by_grams(asked: Asked, effort: Effort) -> list[int]:
    """The best names by the sum of the weights of the query's rarest grams."""
    telling = [text for text, flags in zip(asked.name.texts, asked.name.flags, strict=True) if not flags & GENERIC]
    grams = np.array(sorted({gram for text in telling or asked.name.texts for gram in word_grams(text)}), np.uint32)
    counts = asked.index.gram_counts(grams).tolist()
    order = sorted((count, gram) for gram, count in zip(grams.tolist(), counts, strict=True) if 0 < count <= COMMON)
    spent, some = 0, 0
    for count, _ in order:
        spent += count
        if some and spent > effort.postings:
            break
        some += 1  # the rarest always
    if not some:
        return []
    rarest = np.array(order[:some], dtype=np.int64)
    who, names = asked.index.names_with(rarest[:, 1].astype(np.uint32))
    packed = names.astype(np.uint64) << _SHIFT
    packed |= gram_weights(asked.index, rarest[:, 0])[who]
    return _strongest(packed, effort.by_gram)


def _strongest(packed: U64, most: int) -> list[int]:
    """``candidates._strongest`` of one query: name in the high bits, weight in the low 16."""
    if not len(packed):
        return []
    packed.sort()
    name = packed >> _SHIFT
    new = np.ones(len(name), dtype=np.bool_)
    np.not_equal(name[1:], name[:-1], out=new[1:])
    edge = new.nonzero()[0]
    packed &= _SCORE
    score = np.minimum(np.add.reduceat(packed, edge), _SCORE)
    near = (score + score >= score.max()).nonzero()[0]
    best = (_SCORE - score[near]) << _HIGH | name[edge[near]]
    best.sort()
    names: list[int] = (best[:most] & np.uint64(0xFFFFFFFF)).tolist()
    return names


def _promising(asked: Asked, names: list[int], most: int) -> Iterable[int]:
    """``narrowing.narrowed``: the few names that are most alike."""
    query, others = asked.name, [listed_name(asked.index, name) for name in names]
    asked.weights.learn([word for name in (query, *others) for word in name.words])
    text, weigh = query.core.decode(), asked.weights.of
    own = added(map(weigh, query.words))
    alike, rest = [], []
    for other in others:
        core = other.core.decode()
        alike.append(ratio(text, core))
        shorter = max(min(len(query.core), len(other.core)), 1)
        both = added(2 * weigh(word) for word in query.words for its in other.words if its == word)
        common = min(both / max(own + added(map(weigh, other.words)), 1e-9), 1.0)
        rest.append((Prefix.similarity(text, core) / shorter, common))
    begin, shared = np.array(rest).T
    promise = np.round(np.array(alike, dtype=np.float32) / 100 + PREFIX * begin + shared, 6)
    order = sorted(zip((-promise).tolist(), names, strict=True))
    return [name for _, name in order[:most]]


def _acronyms(asked: Asked) -> list[int]:
    """Names with these initials, and names that are the initials; only where few share them."""
    name, found = asked.name, []
    if len(name.words) == 1 and FEWEST <= len(name.texts[0]) <= MOST:
        found += rows_of(asked.index, "by_initials", [asked.bag], limit=ACRONYM_LIMIT, rare=True)
    firsts = bytes(t[0] for t, word in zip(name.texts, name.words, strict=True) if word not in joining_words())
    if FEWEST <= len(firsts) <= MOST:
        keys = [bag_value_of(bytes_hash(firsts))]
        found += rows_of(asked.index, "by_bag", keys, limit=ACRONYM_LIMIT, rare=True)
    return found
