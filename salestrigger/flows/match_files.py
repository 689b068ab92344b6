"""match over files: read two tables, call the pure function, write a table. Imports no more than that needs."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc

from salestrigger.flows.progress import progress
from salestrigger.matchers.forked import cores
from salestrigger.matchers.match_lists import explain, match_duplicates, match_lists
from salestrigger.warehouse.tables import format_of, read_table, write_table

UNIVERSE = {"required": ("org_id", "name"), "optional": ("aliases", "country", "city", "website", "identifiers")}
QUERIES = {"required": ("query_id", "name"), "optional": ("country", "city", "website")}


def match_files(universe: Path, queries: Path | None, output: Path) -> str:
    """``salestrigger match``: one row per query; without queries one per row of the universe, for its duplicates.

    Returns a line that says what came of it.

    Raises:
        DeclarationError: a file is missing, malformed, or lacks a column; the output's format is unknown.
    """
    format_of(output)  # before the work, not after it
    known = read_table(universe, **UNIVERSE)
    if queries is None:
        progress().start("match", known.num_rows)
        answers = match_duplicates(known, on_progress=progress().advance, processes=cores())
    else:
        asked = read_table(queries, **QUERIES)
        progress().start("match", asked.num_rows)
        answers = match_lists(known, asked, on_progress=progress().advance, processes=cores())
    write_table(output, answers)
    decisions = answers.column("decision")
    says = f"{output}: " + ", ".join(
        f"{pc.sum(pc.equal(decisions, d)).as_py() or 0} {d}" for d in ("accept", "review", "reject")
    )
    progress().done(says)
    return says


def explain_match(universe: Path, query: str) -> str:
    """``salestrigger match UNIVERSE --explain NAME``: the candidates and what speaks for and against them."""
    from salestrigger.matchers.index import OrganizationIndex
    from salestrigger.matchers.list_organizations import organizations_from

    index = OrganizationIndex.build(organizations_from(read_table(universe, **UNIVERSE)))
    return explain(query, index)
