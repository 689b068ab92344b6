"""The demo market's register, month after month: headcounts that drift about the bounds tell nobody anything twice."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from salestrigger.flows.profile_history import _Known as Known
from salestrigger.flows.profiles import open_stored
from salestrigger.icp_profiles.profile import load_profiles
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.owners import Owners
from salestrigger.matchers.qualify import qualify_many
from salestrigger.matchers.trigger import triggers_for
from salestrigger.matchers.types import Fact, Organization, Trigger
from salestrigger.sources.records import OrgChange
from salestrigger.warehouse import read


def with_headcount(organization: Organization, count: int, at: datetime) -> Organization:
    """The organisation with another number of people."""
    others = tuple(f for f in organization.facts if f.attribute != "employees")
    return replace(organization, facts=(*others, Fact("employees", count, "demo-register", at)))


def test_monthly_headcounts_are_no_news(first_day: Path) -> None:
    """A year of drift about the profiles' bounds: an organisation enters at most once, and nobody leaves."""
    with open_stored(first_day / "var/demo/published/salestrigger.duckdb") as stored:
        market, now = read.organizations(stored.warehouse), stored.now
    profiles, lexicon = load_profiles(), load_lexicon()
    dice = random.Random(4)
    at_bound = {k: dice.choice((20, 50)) for k, o in market.items() if isinstance(o.get("employees"), int)}
    assert len(at_bound) > 50
    today = {k: with_headcount(o, at_bound[k], now) if k in at_bound else o for k, o in market.items()}
    records = {f"rec_{key}": key for key in market}
    triggers: dict[str, Trigger] = {}
    told: Counter[tuple[str, str, str]] = Counter()
    for month in range(1, 13):
        at = datetime(2026, 10, 12, 6, tzinfo=UTC) + timedelta(days=30 * month)
        before, today = today, {
            k: with_headcount(o, at_bound[k] + dice.choice((-2, -1, 0, 1)), at) if k in at_bound else o
            for k, o in today.items()
        }  # fmt: skip
        changes = [
            (
                OrgChange(
                    f"chg_{month}_{k}", f"rec_{k}", "employees", None, str(today[k].get("employees")), at.date(), at,
                    "demo-register",
                ),
                "below_threshold",
            )
            for k in sorted(at_bound)
            if before[k].get("employees") != today[k].get("employees")
        ]  # fmt: skip
        fits = {(f.organization_id, p.name): f for p in profiles for f in qualify_many(list(before.values()), p, at)}
        known = Known(lexicon, profiles, today, before, records, fits, {}, at, Owners(()))
        result = triggers_for([], changes, known=known, stored=triggers)
        triggers |= {t.trigger_id: t for t in result.triggers}
        told.update((t.organization_id, t.profile, t.effect) for t in result.triggers if not t.held_back)
    assert {effect for _, _, effect in told} <= {"enters_icp"}
    assert all(count == 1 for count in told.values())
    waiting = Counter(t.held_back for t in triggers.values() if t.effect == "leaves_icp")
    assert set(waiting) == {"within_margin"}
