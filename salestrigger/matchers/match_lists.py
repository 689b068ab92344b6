"""Two lists, joined by name: for every query the organisation of the universe that it means, if any.

::

    universe ─► index ─┐
                       ├─► ranked candidates ─► probability, corroborated by country, city, website ─► decision
    queries, a batch ──┘

In columns and batches: time and memory are bounded by the batch. Probability says that the row's *name* is the right
one; where a universe lists several organisations under one name, ``namesakes`` says how many, and it is review.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from salestrigger.matchers.columns import distinct, numbers, span
from salestrigger.matchers.features import Floats
from salestrigger.matchers.forked import forked_map
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.legal_forms import country_code, split_legal_form
from salestrigger.matchers.list_columns import Queries, Universe, keyed_of, own_queries, queries_of, universe_of
from salestrigger.matchers.list_evidence import (
    SAME_NAME,
    Corroborated,
    corroborate,
    corroborate_nothing,
    explain_rows,
)
from salestrigger.matchers.model import name_model, sigmoid
from salestrigger.matchers.name_columns import name_columns
from salestrigger.matchers.ranking import Ranked, final_columns, namesakes_of, odds_of, rank
from salestrigger.matchers.words import I64, U64, mix

Flags = NDArray[np.bool_]
_ENOUGH = 50  # queries that tell whether lists share names; its square is looked at in long lists
_SPELLINGS = 8  # of one name that are looked at for the one that is equal letter by letter
_SHARED = 0.05  # of the queries: in the sets of real aliases about .01, in lists of one's own most
ACCEPT = 0.95  #: measured: precision of accepted matches is above .99 on the benchmark lists, .95 on noisy aliases
REVIEW = 0.50
BATCH = 10_000
_SMALLEST = 500  # queries: a batch of fewer is not worth sharing
SCHEMA = pa.schema([
    ("query_id", pa.string()), ("org_id", pa.string()), ("probability", pa.float64()), ("decision", pa.string()),
    ("runner_up_id", pa.string()), ("margin", pa.float64()), ("namesakes", pa.int64()), ("evidence", pa.string()),
])  # fmt: skip
__all__ = ["SCHEMA", "decide", "explain", "match_duplicates", "match_index", "match_lists"]
_DECISIONS = np.array(["reject", "review", "accept"])


@dataclass(frozen=True, slots=True)
class Decided:
    """The decided queries of one batch; one row for every query that has candidates."""

    ranked: Ranked
    rows: I64  #: the best organisation's row in ``ranked``
    second: I64  #: the runner-up's, -1 without one
    chance: Floats
    rival: Floats  #: probability of the runner-up, 0 without one
    corroborated: Corroborated
    namesakes: I64  #: other organisations with the same core name
    decision: I64  #: index into _DECISIONS


def match_lists(
    universe: pa.Table,
    queries: pa.Table,
    *,
    on_progress: Callable[[int], object] | None = None,
    never: Collection[tuple[str, str]] = (),
    one_to_one: bool = False,
    processes: int = 1,
) -> pa.Table:
    """One row per query, in their order; an empty ``org_id`` for no match.

    ``universe`` has ``org_id, name`` and may have ``aliases`` (joined by ``|``), ``country, city, website``;
    ``queries`` have ``query_id, name`` and may have ``country, city, website``. ``on_progress`` is told how many
    queries each batch has settled. ``never`` are pairs of a queried name (any spelling with the same core) and an
    ``org_id`` that are known to be different. Several queries may mean one organisation; ``one_to_one`` accepts only
    the surest of them. ``processes`` share the work (``forked.py``); the answers are the same.
    """
    listed = universe_of(universe)
    index = OrganizationIndex.from_raw(listed.raw, processes=processes)
    refused = _refused(index, never)
    told = _answers(index, listed, queries_of(queries), refused=refused, work=Work(processes, on_progress))
    return _one_each(told) if one_to_one else told


def match_duplicates(
    universe: pa.Table,
    *,
    on_progress: Callable[[int], object] | None = None,
    never: Collection[tuple[str, str]] = (),
    processes: int = 1,
) -> pa.Table:
    """Every row of a universe matched with the other organisations of the same universe: who is listed twice?

    As :func:`match_lists`, with the row's ``org_id`` as ``query_id``; its own organisation is no candidate. Two with
    one name are namesakes until city or website agree.
    """
    listed = universe_of(universe)
    index = OrganizationIndex.from_raw(listed.raw, processes=processes)
    asked = own_queries(universe, listed)
    return _answers(index, listed, asked, refused=_refused(index, never), work=Work(processes, on_progress))


def match_index(
    index: OrganizationIndex, queries: pa.Table, *, never: Collection[tuple[str, str]] = (), processes: int = 1
) -> pa.Table:
    """As :func:`match_lists`, against an index that is there already; what it knows besides names corroborates."""
    work = Work(processes, None)
    return _answers(index, None, queries_of(queries), refused=_refused(index, never), work=work)


@dataclass(frozen=True, slots=True)
class Work:
    """How queries are worked through."""

    processes: int
    on_progress: Callable[[int], object] | None


def _answers(
    index: OrganizationIndex, listed: Universe | None, asked: Queries, *, refused: U64, work: Work
) -> pa.Table:
    size = min(BATCH, max(_SMALLEST, len(asked.ids) // (2 * work.processes))) if work.processes > 1 else BATCH
    batches = [asked.slice(low, low + size) for low in range(0, len(asked.ids), size)]

    name_model()  # read once, before processes share it
    equal_is_same = _equal_is_same(index, asked)

    def answers(batch: Queries) -> pa.Table:
        return _table(index, batch, decide(index, listed, batch, refused=refused, equal_is_same=equal_is_same))

    parts = []
    for batch, part in zip(batches, forked_map(answers, batches, processes=work.processes), strict=True):
        parts.append(part)
        if work.on_progress:
            work.on_progress(len(batch.ids))
    return pa.concat_tables(parts) if parts else SCHEMA.empty_table()


def _equal_is_same(index: OrganizationIndex, asked: Queries) -> bool:
    """Whether an equal name can be trusted: not where hardly any query has one.

    Lists of the same companies share many names letter by letter. Where next to none is shared, the queries are other
    spellings of companies that are listed otherwise, and the few equal names are others' (docs/matching.md).
    """
    if asked.own is not None or len(asked.ids) < _ENOUGH:
        return asked.own is None
    rows = np.arange(0, len(asked.ids), -(-len(asked.ids) // _ENOUGH**2))
    some = name_columns(asked.names.take(rows), asked.countries[rows])
    query, name = index.names_by("by_whole", some.whole, limit=_SPELLINGS)
    pairs = zip(query.tolist(), some.raw.take(query), index.texts(name, "names.raw"), strict=True)
    equal = {row for row, written, listed in pairs if written.casefold() == listed.casefold()}
    return len(equal) >= _SHARED * len(some)


def _refused(index: OrganizationIndex, never: Collection[tuple[str, str]]) -> U64:
    """Keys of the pairs of core name and organisation that are known to be different, ascending."""
    known = [(name, row) for name, key in never if (row := index.row_of(key)) is not None]
    columns = name_columns([name for name, _ in known], np.zeros(len(known), dtype=np.int64))
    return distinct(_pair_keys(columns.ordered, np.array([row for _, row in known], dtype=np.int64)))


def _pair_keys(names: U64, orgs: I64) -> U64:
    return mix(names + mix(orgs.astype(np.uint64) + np.uint64(1)))


def _one_each(answers: pa.Table) -> pa.Table:
    """Of several accepted queries of one organisation one stays accepted: an equal name, the surest, the first."""
    decisions = answers.column("decision").to_pylist()
    taken: set[str] = set()
    equal = pc.match_substring(answers.column("evidence"), SAME_NAME).to_numpy(zero_copy_only=False)
    rows = np.lexsort((-answers.column("probability").to_numpy(), ~equal)).tolist()
    orgs, told = answers.column("org_id").to_pylist(), answers.column("evidence").to_pylist()
    for row in rows:
        if decisions[row] != "accept":
            continue
        if orgs[row] in taken:
            decisions[row], told[row] = "review", f"{told[row]}; a surer query has this organisation"
        taken.add(orgs[row])
    columns = {**{name: answers.column(name) for name in SCHEMA.names}, "decision": decisions, "evidence": told}
    return pa.table(columns, schema=SCHEMA)


def decide(
    index: OrganizationIndex, listed: Universe | None, queries: Queries, *, refused: U64, equal_is_same: bool = True
) -> Decided:
    """Find, compare and decide one batch; ``refused`` are keys of pairs that are never a match.

    Without ``listed``, what the index knows besides names is compared.
    """
    columns = name_columns(queries.names, queries.countries)
    ranked = rank(index, columns, own=queries.own)
    if len(refused):
        keys = _pair_keys(columns.ordered[ranked.query], ranked.org)
        ranked = ranked.without(span(refused, keys)[1] > 0)
    keyed = listed.keyed if listed is not None else keyed_of(index, ranked.org)
    found = corroborate(keyed, queries.keyed, ranked.query, ranked.org)
    ranked, found = _reordered(ranked, found)
    rows = ranked.best()
    second = np.where(rows + 1 < ranked.first[ranked.query[rows] + 1], rows + 1, -1)
    chance = _chances(index, ranked, found, rows, equal_is_same=equal_is_same)
    rival = np.zeros(len(rows))
    some = second >= 0
    rival[some] = np.minimum(_chances(index, ranked, found, second[some], equal_is_same=equal_is_same), chance[some])
    namesakes = namesakes_of(index, ranked.name[rows]) - 1
    decision = _decisions(ranked, rows, chance, supported=found.supported[rows], namesakes=namesakes)
    return Decided(ranked, rows, second, chance, rival, found, namesakes, decision)


def _reordered(ranked: Ranked, found: Corroborated) -> tuple[Ranked, Corroborated]:
    """Best first also by what the other columns say; ties stay as they are."""
    if not found.odds.any():
        return ranked, found
    place = np.lexsort((np.arange(len(ranked.query)), -np.round(ranked.score + found.odds, 9), ranked.query))
    return ranked.at(place), found.at(place)


def _chances(
    index: OrganizationIndex, ranked: Ranked, found: Corroborated, rows: I64, *, equal_is_same: bool
) -> Floats:
    final = final_columns(index, ranked, rows)
    return sigmoid(odds_of(final, equal_is_same=equal_is_same) + found.odds[rows])


def _decisions(ranked: Ranked, rows: I64, chance: Floats, *, supported: Flags, namesakes: I64) -> I64:
    """Equal names are no identity, nor are initials: with namesakes, or by initials, and nothing else it is review,
    also for the surest."""

    def has(feature: str) -> Flags:
        return np.asarray(ranked.compared.column(feature)[ranked.pair[rows]] > 0)

    conflict = has("number_conflict") | has("initial_conflict") | has("place_conflict")
    accept = (chance >= ACCEPT) & ~conflict & (((namesakes == 0) & ~has("acronym")) | supported)
    review = (chance >= REVIEW) | (has("same_words") & (namesakes > 0))
    return np.where(accept, 2, np.where(review, 1, 0))


def _table(index: OrganizationIndex, queries: Queries, decided: Decided) -> pa.Table:
    """One row per query: those without candidates have the columns' empty values."""
    ranked, rows, second = decided.ranked, decided.rows, decided.second
    evidence = explain_rows(index, ranked, rows, decided.corroborated.relation, decided.namesakes)
    row_of = np.full(len(queries.ids), -1, dtype=np.int64)
    row_of[ranked.query[rows]] = np.arange(len(rows))
    found = pc.if_else(pc.less(numbers(row_of), 0), None, numbers(row_of))
    ids = pa.array(index.texts(ranked.org[rows], "org_id"), pa.string())
    rivals = pa.array(index.texts(ranked.org[np.maximum(second, 0)], "org_id") if len(rows) else [], pa.string())
    columns: dict[str, tuple[pa.Array, object]] = {
        "org_id": (ids, ""),
        "probability": (numbers(decided.chance.round(4)), 0.0),
        "decision": (pa.array(_DECISIONS[decided.decision].tolist(), pa.string()), "reject"),
        "runner_up_id": (pc.if_else(pc.greater_equal(numbers(second), 0), rivals, ""), ""),
        "margin": (numbers((decided.chance - decided.rival).round(4)), 0.0),
        "namesakes": (numbers(decided.namesakes), 0),
        "evidence": (evidence, "no similar name"),
    }
    full = {name: values.take(found).fill_null(empty) for name, (values, empty) in columns.items()}
    return pa.table({"query_id": queries.ids, **full}, schema=SCHEMA)


def explain(query: str, index: OrganizationIndex, *, country: str | None = None) -> str:
    """Why a query matches what it matches: its normal form and legal form, and every candidate with what agrees."""
    columns = name_columns([query], np.array([country_code(country)], dtype=np.int64))
    core, form = split_legal_form(query, country)
    lines = [f"query {query!r}: core {core!r}, legal form {form or 'none'}"]
    ranked = rank(index, columns)
    rows = np.arange(len(ranked.query), dtype=np.int64)
    if not len(rows):
        return "\n".join([*lines, "no name in the index is similar"])
    none = {name: np.zeros(len(rows), dtype=np.int8) for name in ("country", "city", "domain")}
    namesakes = namesakes_of(index, ranked.name) - 1
    chance = _chances(index, ranked, corroborate_nothing(len(rows)), rows, equal_is_same=True)
    told = explain_rows(index, ranked, rows, none, namesakes).to_pylist()
    ids = index.texts(ranked.org, "org_id")
    return "\n".join([*lines, *(f"{p:.3f}  {i}  {t}" for p, i, t in zip(chance.tolist(), ids, told, strict=True))])
