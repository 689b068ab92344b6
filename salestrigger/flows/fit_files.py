"""fit over files: read a table, call the pure function, write a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from salestrigger.flows.match_files import UNIVERSE
from salestrigger.flows.progress import progress
from salestrigger.flows.runners import batches
from salestrigger.icp_profiles.profile import Profile, default_folder, load_profile, load_profiles
from salestrigger.matchers.check_profile import check_profile
from salestrigger.matchers.judge import age_span, codesets, read_span
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.qualify import fit_table
from salestrigger.matchers.universe import text_column
from salestrigger.sources.errors import UsageError
from salestrigger.warehouse.tables import read_table, write_table

FIT_COLUMNS = (
    "industry", "industry_codeset", "employees", "revenue", "currency", "postcode", "region", "municipality",
    "municipality_code",
    "legal_form", "founded", "description", "keywords", "status", "relation", "parent", "technologies", "growth",
    "history", "latitude", "longitude",
)  # fmt: skip


def _today() -> date:
    return datetime.now(UTC).date()


def fit_file(universe: Path, output: Path, *, profile: str) -> str:
    """``salestrigger fit``: one row per organisation.

    Raises:
        DeclarationError: the file or the profile is wrong. UsageError: an unknown profile.
    """
    wanted = find_profile(profile)
    check_profile(wanted, load_lexicon())
    optional = (*UNIVERSE["optional"], *FIT_COLUMNS)
    table = read_table(universe, required=UNIVERSE["required"], optional=optional)
    progress().start("fit", table.num_rows)
    parts = [fit_table(part, wanted, datetime.now(UTC)) for part in _slices(table, 100_000)]
    answers = pa.concat_tables(parts) if parts else fit_table(table, wanted, datetime.now(UTC))
    write_table(output, answers)
    verdicts = answers.column("verdict").to_pylist()
    says = f"{output}: " + ", ".join(
        f"{verdicts.count(v)} {v.replace('_', ' ')}" for v in ("fits", "unknown", "does_not_fit", "excluded")
    )
    progress().done(says)
    return "\n".join((says, *_unread(table)))


def _unread(table: pa.Table) -> Iterator[str]:
    """What stands in a column of numbers and cannot be read: it counts as unknown, and somebody should know."""
    today = _today()
    readers: dict[str, Callable[[str], object]] = {
        "employees": read_span,
        "revenue": read_span,
        "founded": lambda text: age_span(text, today),
    }
    for name in sorted(readers.keys() & set(table.column_names)):
        column = text_column(table, name)
        bad = [text for text in pc.unique(column).to_pylist() if text and readers[name](text) is None]
        if bad:
            count = pc.sum(pc.is_in(column, pa.array(bad))).as_py()
            yield f"{name}: {count} values cannot be read and count as unknown, such as {bad[0]!r}"
    named = {
        part.strip()
        for text in pc.unique(text_column(table, "industry_codeset")).to_pylist()
        for part in text.split("|")
    }
    if stray := sorted(named - codesets().keys() - {""}):
        names = ", ".join(map(repr, stray[:5]))
        yield f"industry_codeset: not known: {names}; their codes count as unknown; allowed: {', '.join(codesets())}"


def find_profile(name: str) -> Profile:
    """A profile by the path of its file, or by name among the shipped ones."""
    if name.endswith(".toml"):
        return load_profile(Path(name))
    known = {profile.name: profile for profile in load_profiles(default_folder())}
    if name not in known:
        raise UsageError(f"unknown profile {name!r}; allowed: a .toml file, {', '.join(sorted(known))}")
    return known[name]


def _slices(table: pa.Table, size: int) -> list[pa.Table]:
    return [table.slice(rows[0], len(rows)) for rows in batches(range(table.num_rows), size)]
