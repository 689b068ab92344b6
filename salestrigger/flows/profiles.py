"""Working on a profile: what it would select and tell, over the stored warehouse. Reads the published file alone.

Every function returns the lines that a person reads; what they count is computed in ``matchers`` and, for the past, in
``flows.profile_history``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from salestrigger.flows.stored import Selected, Stored, open_stored
from salestrigger.icp_profiles.profile import Profile, load_profile, profile_files
from salestrigger.matchers.check_profile import check_profile
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.qualify import VERDICTS
from salestrigger.matchers.types import Trigger
from salestrigger.sources.errors import DeclarationError, UsageError

__all__ = ["Compared", "Stored", "backtested", "checked", "compare", "diffed", "find", "listed", "open_stored"]

EXAMPLES = 5
#: Days of a month, for "triggers a month".
MONTH = 30.44


def find(name: str, folder: Path) -> Profile:
    """A profile by its name in the folder, or by the path of its file; checked.

    Raises:
        DeclarationError: the file is wrong. UsageError: an unknown name.
    """
    files = profile_files(folder)
    path = Path(name) if name.endswith(".toml") else files.get(name)
    if path is None:
        raise UsageError(f"unknown profile {name!r}; allowed: a .toml file, {', '.join(files)}")
    profile = load_profile(path)
    check_profile(profile, load_lexicon(), path=path)
    return profile


def listed(folder: Path) -> list[str]:
    """One line per profile: name, version, state, what it asks."""
    lines = []
    for name, path in profile_files(folder).items():
        profile = load_profile(path)
        needs = Counter(criterion.need for criterion in profile.criteria)
        counts = ", ".join(f"{needs[need]} {need}" for need in ("must", "nice", "exclude") if needs[need])
        types = sum(weight > 0 for weight in profile.event_types.values())
        state = "on " if profile.enabled else "off"
        lines.append(f"{name}  {profile.version}  {state}  {counts}; {types} event types  {profile.title}")
    return lines


def checked(folder: Path, names: Sequence[str], stored: Stored | None) -> tuple[list[str], bool]:
    """Every file's errors, or what the profile selects and would tell; whether all files are right."""
    lines: list[str] = []
    right: list[Profile] = []
    wanted = list(names) or list(profile_files(folder))
    for name in wanted:
        try:
            right.append(find(name, folder))
        except DeclarationError as error:
            lines.append(f"{name}: {error}")
    if stored is None:
        lines += [f"{profile.name}: right ({profile.version})" for profile in right]
        return [*lines, "nothing is stored yet, so that nothing can be counted; run first: salestrigger run"], len(
            right
        ) == len(wanted)
    told = stored.told(*right) if right else []
    selected = stored.select(*right).profiles if right else ()
    for profile, found, triggers in zip(right, selected, told, strict=True):
        lines += [*_selects(profile, found), _a_week(triggers, stored), ""]
    lines += _overlaps(right, selected)
    return lines, len(right) == len(wanted)


def _selects(profile: Profile, found: Selected) -> list[str]:
    verdicts = np.bincount(found.verdicts, minlength=len(VERDICTS))
    counts = ", ".join(f"{n} {v.replace('_', ' ')}" for v, n in zip(VERDICTS, verdicts.tolist(), strict=True))
    lines = [f"{profile.name} ({profile.version}): {len(found.verdicts)} organisations: {counts}"]
    for count in found.criteria:
        line = count.line
        lookup = f"; to settle it: {line.lookup}" if count.unknown and line.lookup else ""
        lines.append(
            f"  {line.need:7} {line.name}: {count.met} met, {count.not_met} not met, {count.unknown} unknown"
            f" [{line.wanted}]{lookup}"
        )
    return lines


def _a_week(triggers: Mapping[str, Trigger], stored: Stored) -> str:
    """How many triggers a week; of less than a week only how many there were."""
    weeks = stored.history.weeks
    effects = Counter(trigger.effect.replace("_", " ") for trigger in triggers.values())
    kinds = ", ".join(f"{n} {effect}" for effect, n in sorted(effects.items())) or "none"
    if weeks < 1:
        days = max(round(weeks * 7), 1)
        return f"  triggers in {days} days stored: {len(triggers)} ({kinds}); too few days to expect a week by"
    return f"  expected triggers a week: {len(triggers) / weeks:.1f} ({kinds} in {weeks:.1f} weeks stored)"


def _overlaps(profiles: Sequence[Profile], selected: Sequence[Selected]) -> list[str]:
    fitting = {p.name: found.fits for p, found in zip(profiles, selected, strict=True)}
    return [
        f"{a} and {b}: {int((fitting[a] & fitting[b]).sum())} organisations fit both "
        f"({int(fitting[a].sum())} and {int(fitting[b].sum())} fit one of them)"
        for a, b in combinations(fitting, 2)
    ]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions over the same past: what the second gives more, and less."""

    gained: tuple[Trigger, ...]
    lost: tuple[Trigger, ...]
    both: int


def compare(old: Profile, new: Profile, stored: Stored) -> Compared:
    """The triggers told under ``new`` and not under ``old``, and the other way round, the best first."""
    before, after = stored.told(old, new)

    def best(keys: set[str], of: Mapping[str, Trigger]) -> tuple[Trigger, ...]:
        return tuple(sorted((of[k] for k in keys), key=lambda t: (-t.rank, t.organization_id, t.role)))

    gained, lost = set(after) - set(before), set(before) - set(after)
    return Compared(best(gained, after), best(lost, before), len(set(after) & set(before)))


def backtested(profile: Profile, against: Profile | None, stored: Stored) -> list[str]:
    """What a version would have told over the stored past, against another one (or against what really was told)."""
    if against is None:
        (triggers,) = stored.told(profile)
        shown = sorted(triggers.values(), key=lambda t: (-t.rank, t.organization_id))
        (selected,) = stored.select(profile).profiles
        return [_selects(profile, selected)[0], _a_week(triggers, stored), *_shown("the best", shown, stored)]
    found = compare(against, profile, stored)
    summary = (
        f"{profile.name} ({profile.version}) against {against.name} ({against.version}), "
        f"{stored.history.weeks:.1f} weeks stored: {len(found.gained)} gained, {len(found.lost)} lost, "
        f"{found.both} told by both"
    )
    return [
        summary,
        *_shown("gained", found.gained, stored),
        *_shown("lost", found.lost, stored),
    ]


def _shown(title: str, triggers: Sequence[Trigger], stored: Stored) -> list[str]:
    lines = [f"  {t.rank:5.1f}  {stored.name(t.organization_id)}: {t.why_now}" for t in triggers[:EXAMPLES]]
    if not lines:
        return []
    more = [f"  and {len(triggers) - EXAMPLES} more"] if len(triggers) > EXAMPLES else []
    return [f"{title}:", *lines, *more]


def diffed(old: Profile, new: Profile, stored: Stored | None) -> list[str]:
    """What is different between two profiles, and what that changes: organisations and triggers a month."""
    lines = _changed_text(old, new) or ["nothing that changes a fit or a trigger"]
    if stored is None:
        return lines
    selection = stored.select(old, new)
    before, after = (found.fits for found in selection.profiles)
    found = compare(old, new, stored)
    months = max(stored.history.weeks * 7 / MONTH, 1 / MONTH)
    change = len(found.gained) - len(found.lost)
    rate = f"{change / months:+.1f} triggers a month" if stored.history.weeks >= 1 else f"{change:+d} triggers"
    lines.append(
        f"{int(after.sum()) - int(before.sum()):+d} organisations fit "
        f"({int((after & ~before).sum())} more, {int((before & ~after).sum())} fewer), {rate}"
    )
    for title, rows in (("now fit", after & ~before), ("no longer fit", before & ~after)):
        if rows.any():
            some = selection.ids.take(np.flatnonzero(rows)[:EXAMPLES]).to_pylist()
            lines.append(f"{title}: " + ", ".join(stored.name(key) for key in some))
    return [*lines, *_shown("gained", found.gained, stored), *_shown("lost", found.lost, stored)]


def _changed_text(old: Profile, new: Profile) -> list[str]:
    """Criterion by criterion and key by key, in words."""
    was, is_now = ({c.label: c for c in p.criteria} for p in (old, new))
    lines = [f"criterion {k!r} is gone ({was[k].wanted})" for k in was if k not in is_now]
    lines += [f"criterion {k!r} is new ({is_now[k].wanted}, {is_now[k].need})" for k in is_now if k not in was]
    for key in was.keys() & is_now.keys():
        if was[key] == is_now[key]:
            continue
        a, b = was[key], is_now[key]
        words = f"{b.wanted} instead of {a.wanted}" if a.wanted != b.wanted else f"{b.need}, weight {b.weight:g}"
        lines.append(f"criterion {key!r}: {words}")
    for kind in sorted(old.event_types.keys() | new.event_types.keys()):
        if old.event_weight(kind) != new.event_weight(kind):
            lines.append(f"{kind}: weight {new.event_weight(kind):g} instead of {old.event_weight(kind):g}")
    for key in ("exclude", "unknown_must", "thresholds", "order_value", "watch_accounts"):
        if getattr(old, key) != getattr(new, key):
            lines.append(f"{key} differs")
    return sorted(lines)
