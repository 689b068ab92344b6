"""The fit of one organisation, now or at any time: by when it was true and by when it was known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time

from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers.qualify import qualify
from salestrigger.matchers.types import CriterionFit, Fit
from salestrigger.sources.errors import UsageError
from salestrigger.warehouse import read
from salestrigger.warehouse.connect import Warehouse


def fit_as_of(wh: Warehouse, asked: str, profiles: Sequence[Profile], *, on: date, known_at: datetime) -> list[str]:
    """Lines that say how well an organisation fitted each profile on a day, by what was known at a time (aware UTC).

    ``asked`` is an organisation id, a register number or an exact name.

    Raises:
        UsageError: no or several organisations are meant, or nothing was known of it then.
    """
    found = read.find_organizations(wh, asked)
    if len(found) != 1:
        known = "; ".join(f"{row['organization_id']} ({row['name']}, {row['city'] or 'no city'})" for row in found)
        raise UsageError(f"{asked!r} is {'one of several organisations: ' + known if found else 'no organisation'}")
    organization = read.organization_as_of(wh, found[0]["organization_id"], known_at=known_at, on=on)
    if organization is None:
        raise UsageError(f"nothing was known of {asked!r} at {known_at:%Y-%m-%d %H:%M} UTC")
    head = f"{organization.name} on {on.isoformat()}, as known at {known_at:%Y-%m-%d %H:%M} UTC"
    fits = [qualify(organization, profile, datetime.combine(on, time(), UTC)) for profile in profiles]
    return [head, *(line for fit in fits for line in _lines(fit))]


def _lines(fit: Fit) -> Iterator[str]:
    yield ""
    span = f"{fit.lower:g}" if fit.lower == fit.upper else f"{fit.lower:g} to {fit.upper:g}"
    yield f"{fit.profile} ({fit.profile_version}): {fit.verdict.replace('_', ' ')}, {span} of 100"
    yield from (_line(criterion) for criterion in fit.criteria)


def _line(criterion: CriterionFit) -> str:
    source = f", from {criterion.source_id} {criterion.as_of or ''}".rstrip() if criterion.source_id else ""
    wanted = f"; wanted: {criterion.wanted}" if criterion.wanted else ""
    settle = f"; look up: {criterion.lookup}" if criterion.lookup else ""
    state = criterion.state.replace("_", " ")
    value = criterion.value or ("unknown" if state == "unknown" else "none")
    return f"  {state:8} {criterion.name} ({criterion.need}): {value}{source}{wanted}{settle}"
