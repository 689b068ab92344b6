"""Legal forms in names: recognised by country, cut off the core name, kept as evidence.

The forms are declared in ``legal_forms.toml``; ``legal_forms_listed.json`` adds abbreviations of GLEIF's list (ISO
20275) that are read only where a name's country is known (``benchmarks/legal_forms.py`` makes it). Two names' forms are
equal, near (the same kind in another country), in conflict, or one is missing; what that is worth is the model's
business.
"""

from __future__ import annotations

import functools
import itertools
import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from salestrigger.matchers.names import normalise_column
from salestrigger.matchers.words import I64, U64, RangeHashes, WordColumns, ordered_keys, word_columns

FormRelation = Literal["equal", "near", "conflict", "missing", "none"]
RELATIONS: tuple[FormRelation, ...] = ("equal", "near", "conflict", "missing", "none")
_SECURITY = "security"
LISTED = Path(__file__).with_name("legal_forms_listed.json")
_EDGE = np.uint64(0xFFFF)


@dataclass(frozen=True, slots=True)
class LegalForm:
    """One legal form: how it is written, and where."""

    id: str  #: country and an abbreviation: ``NO.AS``
    countries: tuple[str, ...]
    kind: str
    spellings: tuple[str, ...]
    prefix: bool = False
    ambiguous: tuple[str, ...] = ()


def own_forms() -> tuple[LegalForm, ...]:
    """The forms that we declare, without those of the published list.

    Read without ``sources.declare``, which costs a tenth of what matching a small list does; a test checks the file.
    """
    data = tomllib.loads(Path(__file__).with_name("legal_forms.toml").read_text(encoding="utf-8"))
    lists = ("countries", "spellings", "ambiguous")
    return tuple(LegalForm(**form | {key: tuple(form[key]) for key in lists if key in form}) for form in data["form"])


@dataclass(frozen=True, slots=True)
class FormTable:
    """All spellings as ordered word keys, sorted; one row per spelling and form."""

    forms: tuple[LegalForm, ...]
    keys: U64
    form: NDArray[np.int16]
    is_prefix: NDArray[np.bool_]
    is_ambiguous: NDArray[np.bool_]
    allowed: NDArray[np.bool_]  #: spelling row × country code
    relation: NDArray[np.int8]  #: form × form → index into RELATIONS; the last row and column: no form
    is_security: NDArray[np.bool_]  #: by form: an exchange's addition, no legal form
    sizes: tuple[int, ...]  #: words in spellings, longest first
    edge: NDArray[np.bool_]  #: by the last 16 bits of a word's hash: may a spelling end, or one in front begin, with it
    near: NDArray[np.bool_]  #: by the last 16 bits of a key: may it be a spelling
    words: frozenset[str]  #: normalised spellings of one word that are no ordinary words


def country_code(country: str | None) -> int:
    """A country as a small number: 0 for unknown, else 1 to 676 for AA to ZZ."""
    if not country or len(country) != 2 or not (country.isascii() and country.isalpha()):
        return 0
    high, low = country.upper().encode()
    return (high - 65) * 26 + low - 64


def country_text(code: int) -> str:
    """The country of a code of :func:`country_code`; empty for 0."""
    return chr(65 + (code - 1) // 26) + chr(65 + (code - 1) % 26) if code else ""


def _relations(forms: Sequence[LegalForm], spelled: Sequence[set[str]]) -> NDArray[np.int8]:
    n = len(forms)
    table = np.full((n + 1, n + 1), RELATIONS.index("missing"), dtype=np.int8)
    table[n, n] = RELATIONS.index("none")
    numbers = {kind: number for number, kind in enumerate({form.kind for form in forms})}
    kinds = np.array([numbers[form.kind] for form in forms], dtype=np.int64)
    near = kinds[:, None] == kinds[None, :]
    table[:n, :n] = np.where(near, RELATIONS.index("near"), RELATIONS.index("conflict"))
    np.fill_diagonal(table[:n, :n], RELATIONS.index("equal"))
    owners: dict[str, list[int]] = {}
    for number, spellings in enumerate(spelled):
        for spelling in spellings:
            owners.setdefault(spelling, []).append(number)
    for sharing in owners.values():
        table[np.ix_(sharing, sharing)] = RELATIONS.index("equal")
    return table


def _listed_forms() -> tuple[LegalForm, ...]:
    """The forms of the published list, whose file is ours: id, kind, normalised spellings."""
    return tuple(
        LegalForm(id=key, countries=(key[:2],), kind=kind, spellings=tuple(said), ambiguous=tuple(said))
        for key, kind, said in json.loads(LISTED.read_text(encoding="utf-8"))
    )


def _spelled(forms: Sequence[LegalForm]) -> tuple[list[set[str]], list[set[str]]]:
    """The normalised spellings of every form, and the ambiguous ones among them."""
    flat = normalise_column([s for form in forms for part in (form.spellings, form.ambiguous) for s in part])
    words = iter(flat)
    sets = [[set(itertools.islice(words, len(p))) for p in (f.spellings, f.ambiguous)] for f in forms]
    return [one for one, _ in sets], [unclear for _, unclear in sets]


@functools.cache
def form_table() -> FormTable:
    """The declared forms, read once."""
    forms = (*own_forms(), *_listed_forms())
    rows: dict[tuple[str, int], tuple[bool, bool]] = {}
    spelled: list[set[str]] = []
    for number, (form, own, ambiguous) in enumerate(zip(forms, *_spelled(forms), strict=True)):
        spelled.append(own - ambiguous)
        rows |= {(s, number): (form.prefix, s in ambiguous) for s in sorted(own)}
    columns = word_columns([spelling for spelling, _ in rows])
    keys = ordered_keys(columns, columns.first[:-1], columns.first[1:])
    order = np.argsort(keys, kind="stable")
    allowed = np.zeros((len(rows), 677), dtype=np.bool_)
    for row, (_, number) in enumerate(rows):
        allowed[row, [country_code(c) for c in forms[number].countries]] = True
    flags = np.array(list(rows.values()), dtype=np.bool_)
    edge = np.zeros(1 << 16, dtype=np.bool_)
    edge[columns.hash[columns.first[1:] - 1] & _EDGE] = True
    edge[columns.hash[columns.first[:-1][flags[:, 0]]] & _EDGE] = True
    near = np.zeros(1 << 16, dtype=np.bool_)
    near[keys & _EDGE] = True
    return FormTable(
        forms=forms,
        keys=keys[order],
        form=np.array([number for _, number in rows], dtype=np.int16)[order],
        is_prefix=flags[order, 0],
        is_ambiguous=flags[order, 1],
        allowed=allowed[order],
        relation=_relations(forms, spelled),
        is_security=np.array([form.kind == _SECURITY for form in forms]),
        sizes=tuple(sorted(set(columns.counts.tolist()), reverse=True)),
        edge=edge,
        near=near,
        words=frozenset(
            spelling
            for (spelling, number), (_, unclear) in rows.items()
            if forms[number].kind != _SECURITY and " " not in spelling and not unclear and len(spelling) > 1
        ),
    )


def _look_up(table: FormTable, keys: U64, countries: I64, *, prefix: bool) -> NDArray[np.int16]:
    """The form each key spells in its country, -1 for none; a form of that country wins over one of another."""
    found = np.full(len(keys), -1, dtype=np.int16)
    best = np.zeros(len(keys), dtype=np.int8)
    near = np.flatnonzero(table.near[keys & _EDGE])  # most are told by a few of their bits
    left = np.searchsorted(table.keys, keys[near], "left")
    count = np.searchsorted(table.keys, keys[near], "right") - left
    for step in range(int(count.max(initial=0))):
        more = np.flatnonzero(count > step)
        some, row = near[more], left[more] + step
        here = table.allowed[row, countries[some]] & (countries[some] > 0)
        usable = (here | ~table.is_ambiguous[row]) & (table.is_prefix[row] if prefix else True)
        rank = np.where(usable, 1 + here, 0).astype(np.int8)
        better = rank > best[some]
        found[some[better]], best[some[better]] = table.form[row[better]], rank[better]
    return found


@dataclass(frozen=True, slots=True)
class Cores:
    """Where the core of each name lies within its words, and the form that was cut off."""

    low: I64  #: first word of the core
    high: I64  #: word after the core
    form: NDArray[np.int16]  #: row of ``FormTable.forms``; -1: none written


def split_forms(words: WordColumns, countries: I64) -> Cores:
    """Cut the legal form off every name, longest spelling first, at the end and then in front.

    At least one word always remains: "AS" alone is a name.
    """
    table = form_table()
    low, high = words.first[:-1].copy(), words.first[1:].copy()
    form = np.full(len(words), -1, dtype=np.int16)
    state = _State(words, RangeHashes(words.hash), countries, low, high, form)
    rows = np.arange(len(words), dtype=np.int64)
    for _ in range(2):  # "Oy X Ab", "X Co Ltd LLC": a form at either end, or two of them
        before = high - low
        for sizes, prefix in ((table.sizes, False), ((2, 1), True)):
            some = _edged(state, rows, prefix=prefix)
            for size in sizes:
                some = _cut(state, some, size=size, prefix=prefix)
        rows = np.flatnonzero(high - low < before)
    form[form == len(table.forms)] = -1
    return Cores(low, high, form)


@dataclass(frozen=True, slots=True)
class _State:
    words: WordColumns
    hashes: RangeHashes
    countries: I64
    low: I64
    high: I64
    form: NDArray[np.int16]


def _edged(state: _State, rows: I64, *, prefix: bool) -> I64:
    """The rows of two words and more whose last (first) word may be that of a spelling."""
    low, high = state.low[rows], state.high[rows]
    some = np.flatnonzero(high - low > 1)
    edge = state.words.hash[low[some] if prefix else high[some] - 1]
    edged: I64 = rows[some[form_table().edge[edge & _EDGE]]]
    return edged


def _cut(state: _State, rows: I64, *, size: int, prefix: bool) -> I64:
    """Cut spellings of that many words off; the rows that may still have one."""
    low, high, form = state.low, state.high, state.form
    some = rows[high[rows] - low[rows] > size]
    if not len(some):
        return rows
    begin = low[some] if prefix else high[some] - size
    found = _look_up(form_table(), state.hashes.of(begin, begin + size), state.countries[some], prefix=prefix)
    cut = found >= 0
    hit, spelled = some[cut], found[cut]
    told = np.where(form_table().is_security[spelled], np.int16(-1), spelled)
    form[hit] = np.where(form[hit] < 0, told, form[hit])
    if prefix:
        low[hit] += size
    else:
        high[hit] -= size
    if not len(hit):
        return rows
    kept = np.ones(len(low), dtype=np.bool_)
    kept[hit] = False
    kept[_edged(state, hit, prefix=prefix)] = True
    return rows[kept[rows]]


def relation_of(one: str | None, other: str | None) -> FormRelation:
    """How two forms (their ids, None for none written) relate; symmetric."""
    table = form_table()
    ids = {form.id: number for number, form in enumerate(table.forms)}
    last = len(table.forms)
    return RELATIONS[int(table.relation[ids[one] if one else last, ids[other] if other else last])]


def split_legal_form(name: str, country: str | None = None) -> tuple[str, str | None]:
    """The normalised core of a name and the id of its legal form (``NL.BV``), None when it has none.

    ``country`` (ISO 3166-1 alpha-2) decides between forms that are spelled alike; without it a spelling that is also
    an ordinary word ("DA", "KY") is no form.
    """
    columns = word_columns(normalise_column([name]))
    cores = split_forms(columns, np.array([country_code(country)], dtype=np.int64))
    low, high = int(cores.low[0]), int(cores.high[0])
    if high <= low:
        return "", None
    core = bytes(columns.data[columns.start[low] : columns.end[high - 1]]).decode("utf-8")
    form = int(cores.form[0])
    return core, form_table().forms[form].id if form >= 0 else None
