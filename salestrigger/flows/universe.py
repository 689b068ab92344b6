"""The universe of a run: which organisations have to be looked at, and how very many of them are.

A run asks the warehouse about the organisations that its documents and changes name, and about those whose fit may
have changed: new ones, changed ones, those that a profile's new version has not judged, those that time itself moved.
When these are a whole register (a first load, an edited profile, a mass recoding) they are judged in columns, chunk by
chunk, in the transaction of the run's findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property

import pyarrow as pa

from salestrigger.flows.progress import progress
from salestrigger.icp_profiles.kinds import Criterion
from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers.judge import judge_of
from salestrigger.matchers.qualify import AGEING
from salestrigger.matchers.refit import refit_these
from salestrigger.matchers.survey import Survey
from salestrigger.sources.records import OrgChange
from salestrigger.warehouse import read
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.lazily import (
    LazyBefore,
    LazyFits,
    LazyLinks,
    LazyOrganizations,
    places_stated,
    stating,
    unjudged,
)
from salestrigger.warehouse.plain import plain_chunks
from salestrigger.warehouse.write_fits import store_fits, store_plain_fits

#: organisations that a run looks at one by one; more are judged in columns
MANY = 20_000


class Universe:
    """All organisations, as far as one run has to do with them."""

    def __init__(self, wh: Warehouse, profiles: Sequence[Profile], now: datetime) -> None:
        self._wh, self._profiles, self._now = wh, profiles, now
        self.organizations = LazyOrganizations(wh)
        self.before = LazyBefore(wh, self.organizations)
        self.links = LazyLinks(wh)
        self.fits = LazyFits(wh, [profile.name for profile in profiles])

    def expect(self, organization_ids: Iterable[str]) -> None:
        """Read at once what is known of these, not one by one as it is asked for."""
        ids = set(organization_ids)
        self.before.ensure(ids)
        self.fits.ensure((key, profile.name) for key in ids for profile in self._profiles)

    def expect_changes(self, changes: Sequence[OrgChange]) -> None:
        """Read at once what is known of the organisations that register changes are about."""
        self.links.ensure(change.record_id for change in changes)
        self.expect(self.links[c.record_id] for c in changes if c.record_id in self.links)

    @property
    def survey(self) -> Survey:
        """What the matchers ask of organisations that they do not hold."""
        return Survey(
            unsettled=lambda profile: few if len(few := self.unsettled[profile.name]) <= MANY else (),
            places=lambda: places_stated(self._wh),
            expect=self.expect,
        )

    @cached_property
    def unsettled(self) -> Mapping[str, frozenset[str]]:
        """By profile, the organisations whose fit may have changed since the last analysis."""
        changed = read.organizations_changed(self._wh)
        return {
            profile.name: changed | unjudged(self._wh, profile.name, profile.version) | self._aged(profile)
            for profile in self._profiles
        }

    def _aged(self, profile: Profile) -> frozenset[str]:
        """Those that time itself may have moved: an age that was reached, an event that is too long ago by now."""
        since = read.last_analysed_on(self._wh)
        found: frozenset[str] = frozenset()
        if since is None:
            return found  # all of them are looked at anyway
        for criterion in profile.criteria:
            if criterion.kind == "age":
                found |= self._came_of_age(criterion, since)
            elif criterion.kind in AGEING:
                found |= stating(self._wh, {"growth": "headcounts"}.get(criterion.kind, criterion.kind))
        return found

    def _came_of_age(self, criterion: Criterion, since: date) -> frozenset[str]:
        then, now = judge_of(criterion, since), judge_of(criterion, self._now.date())
        values = [str(row["value"]) for row in self._wh.rows("stated_values", {"attribute": "founded"})]
        moved = [value for value in values if then(value) != now(value)]
        return stating(self._wh, "founded", moved) if moved else frozenset()

    def settle(self, run_id: str) -> int:
        """Judge those that are too many to be looked at one by one; how many fits differ. After the run's findings."""
        todo = {p.name: self.unsettled[p.name] for p in self._profiles if len(self.unsettled[p.name]) > MANY}
        profiles = [p for p in self._profiles if p.name in todo]
        ids = sorted(frozenset().union(*todo.values()))
        if not ids:
            return 0
        count = 0
        progress().start("judge", len(ids))
        for table, others in plain_chunks(self._wh, ids, self._now.date()):
            for profile in profiles:
                count += store_plain_fits(self._wh, run_id, _of(table, todo[profile.name]), profile, now=self._now)
            count += self._settle_others(run_id, others, profiles)
            progress().advance(table.num_rows + len(others))
        progress().done(f"{count} fits of {len(ids)} organisations")
        return count

    def _settle_others(self, run_id: str, ids: Sequence[str], profiles: Sequence[Profile]) -> int:
        """Those that more than one record tells of."""
        if not ids:
            return 0
        organizations = list(read.organizations(self._wh, ids).values())
        stored = read.fits(self._wh, ids)
        found = [refit_these(organizations, profile, stored, self._now) for profile in profiles]
        for one in found:
            store_fits(self._wh, run_id, one, now=self._now)
        return sum(len(one.fits) for one in found)


def _of(table: pa.Table, ids: frozenset[str]) -> pa.Table:
    return table.filter(pa.array([key in ids for key in table.column("org_id").to_pylist()], pa.bool_()))
