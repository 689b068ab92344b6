"""match over files: read two tables, call the pure function, write a table. Imports no more than that needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from salestrigger.flows.progress import progress
from salestrigger.matchers.forked import cores
from salestrigger.matchers.legal_forms import country_code
from salestrigger.matchers.match_lists import explain, match_duplicates, match_lists
from salestrigger.sources.errors import DeclarationError, UsageError
from salestrigger.warehouse.tables import format_of, read_table, write_table

UNIVERSE = {"required": ("org_id", "name"), "optional": ("aliases", "country", "city", "website", "identifiers")}
QUERIES = {"required": ("query_id", "name"), "optional": ("country", "city", "website")}
NEVER = {"required": ("name", "org_id")}


@dataclass(frozen=True, slots=True)
class MatchRules:
    """What a person decided beforehand."""

    never: Path | None = None  #: file with the columns ``name,org_id``: pairs that are known to be different
    one_to_one: bool = False  #: accept only the surest query of each organisation


_NO_RULES = MatchRules()


def match_files(universe: Path, queries: Path | None, output: Path, rules: MatchRules = _NO_RULES) -> str:
    """``salestrigger match``: one row per query; without queries one per row of the universe, for its duplicates.

    Returns a line that says what came of it, and one for each column with values that cannot be read.

    Raises:
        DeclarationError: a file is missing, malformed, or lacks a column; a row has no id; an id of a query is given
            twice; the output's format is unknown.
        UsageError: the output is one of the files that are read.
    """
    format_of(output)  # before the work, not after it
    _refuse_overwriting(output, (universe, queries, rules.never))
    never = _pairs(rules.never)
    known = read_universe(universe)
    read = {universe: known}
    if queries is None:
        progress().start("match", known.num_rows)
        answers = match_duplicates(known, on_progress=progress().advance, never=never, processes=cores())
    else:
        asked = read[queries] = _with_ids(queries, read_table(queries, **QUERIES), "query_id")
        _refuse_twice(queries, asked.column("query_id"))
        progress().start("match", asked.num_rows)
        answers = match_lists(
            known, asked, on_progress=progress().advance, never=never, one_to_one=rules.one_to_one, processes=cores()
        )
    write_table(output, answers)
    decisions = answers.column("decision")
    says = f"{output}: " + ", ".join(
        f"{pc.sum(pc.equal(decisions, d)).as_py() or 0} {d}" for d in ("accept", "review", "reject")
    )
    says = "\n".join((says, *(note for path, table in read.items() for note in _unread(path, table))))
    progress().done(says)
    return says


def read_universe(path: Path) -> pa.Table:
    """The organisations of a file; each row has an id, which several rows may share.

    Raises:
        DeclarationError: see ``read_table``; a row has no id.
    """
    return _with_ids(path, read_table(path, **UNIVERSE), "org_id")


def _with_ids(path: Path, table: pa.Table, key: str) -> pa.Table:
    """Rows are known by their ids: one without any could neither be told from another nor be answered with."""
    column = table.column(key)
    row = pc.index(pc.fill_null(pc.equal(pc.utf8_trim_whitespace(column), ""), True), True).as_py()
    if row >= 0:
        raise DeclarationError(path, "empty; every row needs an id", key=f"row {row + 1}, column {key}")
    return table


def _refuse_overwriting(output: Path, inputs: tuple[Path | None, ...]) -> None:
    if output.resolve() in {path.resolve() for path in inputs if path is not None}:
        raise UsageError(f"{str(output)!r} is read as well; give -o another file")


def _unread(path: Path, table: pa.Table) -> Iterator[str]:
    """Countries that are written otherwise than by their code count as unknown, and somebody should know."""
    column = table.column("country")
    bad = [text for text in pc.unique(column).to_pylist() if text and not country_code(text.strip())]
    if bad:
        count = pc.sum(pc.is_in(column, pa.array(bad))).as_py()
        allowed = "allowed: two letters (ISO 3166-1)"
        yield f"{path}: country: {count} values count as unknown, such as {bad[0]!r}; {allowed}"


def _pairs(path: Path | None) -> list[tuple[str, str]]:
    table = read_table(path, **NEVER) if path is not None else None
    return list(zip(*(table.column(name).to_pylist() for name in NEVER["required"]), strict=True)) if table else []


def _refuse_twice(path: Path, ids: pa.ChunkedArray) -> None:
    """An answer is found by its query's id: one that is given twice has no answer of its own."""
    if pc.count_distinct(ids).as_py() == len(ids):
        return
    counts = pc.value_counts(ids)
    twice = counts.filter(pc.greater(counts.field("counts"), 1))[0]["values"].as_py()
    rows = [str(at + 1) for at, value in enumerate(ids.to_pylist()) if value == twice]
    problem = f"{twice!r} is the id of {len(rows)} queries (rows {', '.join(rows[:5])}); each needs its own"
    raise DeclarationError(path, problem, key="query_id")


def explain_match(universe: Path, query: str) -> str:
    """``salestrigger match UNIVERSE --explain NAME``: the candidates and what speaks for and against them."""
    from salestrigger.matchers.index import OrganizationIndex
    from salestrigger.matchers.list_organizations import organizations_from

    index = OrganizationIndex.build(organizations_from(read_universe(universe)))
    return explain(query, index)
