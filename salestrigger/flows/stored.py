"""What profiles are tried on: everybody who is known and everything that happened, as published.

A register has a million organisations, so they pass by in columns, chunk by chunk; only those that somebody names are
read as objects. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from salestrigger.flows.profile_history import History, read_history, replay
from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.qualify import VERDICTS, Line, fit_columns
from salestrigger.matchers.types import Organization, Trigger
from salestrigger.matchers.universe import text_column, universe_table
from salestrigger.sources.errors import UsageError
from salestrigger.warehouse import read
from salestrigger.warehouse.collected_values import aware
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.lazily import LazyOrganizations
from salestrigger.warehouse.plain import plain_chunks, universe_of


@dataclass(frozen=True, slots=True)
class CriterionCount:
    """How one criterion came out."""

    line: Line  #: of any part of the universe: what it is called and asks for
    met: int
    unknown: int
    not_met: int


@dataclass(frozen=True, slots=True)
class Selected:
    """What a profile makes of everybody."""

    verdicts: npt.NDArray[np.int8]  #: of each organisation, in the order of ``Selection.ids``
    criteria: tuple[CriterionCount, ...]

    @property
    def fits(self) -> npt.NDArray[np.bool_]:
        """Who fits."""
        return np.equal(self.verdicts, VERDICTS.index("fits"))


@dataclass(frozen=True, slots=True)
class Selection:
    """Several profiles over everybody."""

    ids: pa.ChunkedArray  #: organisation ids
    profiles: tuple[Selected, ...]  #: in the order in which they were asked for


class _Tally:
    """One profile over a universe that passes by."""

    def __init__(self, profile: Profile, on: date) -> None:
        self._profile, self._on = profile, on
        self._verdicts: list[npt.NDArray[np.int8]] = []
        self._counts: npt.NDArray[np.int64] | int = 0
        self._lines: tuple[Line, ...] = ()

    def add(self, universe: pa.Table) -> None:
        """A part of the universe."""
        columns = fit_columns(universe, self._profile, self._on)
        self._verdicts.append(columns.verdict)
        self._lines = columns.lines
        self._counts = self._counts + np.array([np.bincount(line.states + 1, minlength=3) for line in columns.lines])

    @property
    def selected(self) -> Selected:
        """What came of it."""
        counts = np.atleast_2d(self._counts).tolist()
        return Selected(
            np.concatenate(self._verdicts),
            tuple(CriterionCount(line, *reversed(row)) for line, row in zip(self._lines, counts, strict=True)),
        )


class Stored:
    """Everybody who is known, and everything that happened."""

    def __init__(self, warehouse: Warehouse, path: Path) -> None:
        self.path = path
        self.warehouse = warehouse
        #: read when they are asked for
        self.organizations: Mapping[str, Organization] = LazyOrganizations(warehouse)
        runs = warehouse.rows("last_run", {"as_of": None})
        if not runs or not len(self.organizations):
            raise UsageError(f"nothing is stored yet in {str(path)!r}; run first: salestrigger run")
        self.now: datetime = aware(runs[0]["as_of_at"])

    @property
    def index(self) -> Path:
        """Where the home keeps its name index (``flows.saved_index``)."""
        return self.path.parent.parent / "index"

    def universes(self) -> Iterator[pa.Table]:
        """Everybody who is known, in tables (``matchers.universe``), always in the same order."""
        for table, others in plain_chunks(self.warehouse, tuple(self.organizations), self.now.date()):
            if table.num_rows:
                yield universe_of(table)
            if others:
                yield universe_table(list(read.organizations(self.warehouse, others).values()))

    def select(self, *profiles: Profile) -> Selection:
        """The fit of everybody to each profile, in one passage."""
        ids: list[pa.Array] = []
        tallies = [_Tally(profile, self.now.date()) for profile in profiles]
        for universe in self.universes():
            ids.append(text_column(universe, "org_id"))
            for tally in tallies:
                tally.add(universe)
        return Selection(pa.chunked_array(ids, pa.string()), tuple(tally.selected for tally in tallies))

    @cached_property
    def history(self) -> History:
        """Everything that happened."""
        return read_history(self.warehouse)

    def told(self, *profiles: Profile) -> list[dict[str, Trigger]]:
        """For each profile, the triggers that it would have given over the stored past and told."""
        # renamed, so that two versions of one profile can be told apart; which of all profiles tells of an account
        # outside them is no matter of one profile
        renamed = [
            profile.model_copy(update={"name": f"{profile.name}#{i}", "watch_accounts": False})
            for i, profile in enumerate(profiles)
        ]
        replayed = replay(self.history, renamed, load_lexicon())
        return [
            {_place(t): t for t in replayed[p.name].values() if t.effect != "none" and not t.held_back} for p in renamed
        ]

    def name(self, organization_id: str) -> str:
        """What a person calls it."""
        return self.organizations[organization_id].name


@contextmanager
def open_stored(published: Path) -> Iterator[Stored]:
    """The published file, read-only.

    Raises:
        UsageError: nothing is published or stored yet.
    """
    if not published.exists():
        raise UsageError(f"nothing is published yet at {str(published)!r}; run first: salestrigger run")
    with Warehouse.open(published, read_only=True) as warehouse:
        yield Stored(warehouse, published)


def _place(trigger: Trigger) -> str:
    """What a trigger is about, whatever the profile is called."""
    return f"{trigger.event_id or trigger.change_id}|{trigger.organization_id}|{trigger.role}"
