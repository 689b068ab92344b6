"""Distance, group, technologies, growth and history of one value: met, not met or unknown. See ``matchers.judge``."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from salestrigger.icp_profiles.criteria_more import (
    GroupCriterion,
    GrowthCriterion,
    HistoryCriterion,
    RadiusCriterion,
    TechnologiesCriterion,
)
from salestrigger.icp_profiles.kinds import Criterion
from salestrigger.icp_profiles.tables import Coordinates, coordinates, place_key
from salestrigger.matchers.states import MET, NOT_MET, SEPARATOR, UNKNOWN
from salestrigger.matchers.universe import NOTHING

#: Mean radius of the earth in km (International Union of Geodesy and Geophysics).
EARTH_KM = 6371.0088
#: How far from a city's coordinates an address in it may lie: so near to the circle, a city alone says nothing.
CITY_KM = 5.0
Point = tuple[float, float]


def judge_of(criterion: Criterion, on: date, within: Callable[..., int]) -> Callable[[str], int] | None:
    """The judge of a criterion of one of these kinds; None: it is of another."""
    match criterion:
        case RadiusCriterion():
            return radius(criterion)
        case GroupCriterion():
            return group(criterion)
        case TechnologiesCriterion():
            return technologies(criterion)
        case GrowthCriterion():
            return growth(criterion, on, within)
        case HistoryCriterion():
            return history(criterion, on)
        case _:
            return None


def radius(criterion: RadiusCriterion) -> Callable[[str], int]:
    """Judges ``country, postcode, city, latitude, longitude``: the best that is known of where it is."""
    table = coordinates(criterion.places)
    centre = _centre(criterion, table)

    def judge(value: str) -> int:
        where = _where(value, table)
        if where is None or centre is None:
            return UNKNOWN
        point, within = where
        away = kilometres(centre, point)
        if abs(away - criterion.km) < within:
            return UNKNOWN
        return MET if away <= criterion.km else NOT_MET

    return judge


def _centre(criterion: RadiusCriterion, table: Coordinates) -> Point | None:
    if criterion.latitude is not None and criterion.longitude is not None:
        return criterion.latitude, criterion.longitude
    keys = (place_key(criterion.country, kind, criterion.place) for kind in ("city", "postcode"))
    return next((table[key] for key in keys if key in table), None)


def _where(value: str, table: Coordinates) -> tuple[Point, float] | None:
    """A point and how many kilometres it may be off."""
    country, postcode, city, latitude, longitude = (value.split(SEPARATOR) + [""] * 5)[:5]
    try:
        point = float(latitude), float(longitude)
        if -90 <= point[0] <= 90 and -180 <= point[1] <= 180:
            return point, 0.0
    except ValueError:
        pass  # no coordinates of its own
    for kind, name, within in (("postcode", postcode, 0.0), ("city", city, CITY_KM)):
        found = table.get(place_key(country, kind, name)) if name.strip() else None
        if found is not None:
            return found, within
    return None


def kilometres(a: Point, b: Point) -> float:
    """The great-circle distance (haversine formula; R. W. Sinnott, "Virtues of the Haversine", 1984)."""
    north_a, east_a, north_b, east_b = map(math.radians, (*a, *b))
    part = (
        math.sin((north_b - north_a) / 2) ** 2
        + math.cos(north_a) * math.cos(north_b) * math.sin((east_b - east_a) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(part)))


def group(criterion: GroupCriterion) -> Callable[[str], int]:
    """Judges the parent's number. Without one nothing is known, so only a known parent is judged."""
    if criterion.parents:
        wanted = frozenset(criterion.parents)
        return lambda value: MET if value.strip() in wanted else NOT_MET
    state = MET if criterion.part_of_group else NOT_MET
    return lambda value: state if value.strip() else UNKNOWN


def technologies(criterion: TechnologiesCriterion) -> Callable[[str], int]:
    """Judges a list joined by ``|``."""
    some, every = (frozenset(t.strip().casefold() for t in names) for names in (criterion.any, criterion.all))
    missing = UNKNOWN if criterion.absent == "unknown" else NOT_MET

    def judge(value: str) -> int:
        known = {part.strip().casefold() for part in value.split("|")} - {""}
        if not known:
            return UNKNOWN
        return MET if (not some or some & known) and every <= known else missing

    return judge


def growth(criterion: GrowthCriterion, on: date, within: Callable[..., int]) -> Callable[[str], int]:
    """Judges a number of per cent, or readings ``2025-09-12=40|2026-09-12=52``."""

    def judge(value: str) -> int:
        per_cent = _per_cent(value, on, criterion.over_days)
        return UNKNOWN if per_cent is None else within((per_cent, per_cent), criterion.min, criterion.max)

    return judge


def _per_cent(value: str, on: date, days: int) -> Decimal | None:
    if "=" not in value:
        try:
            number = Decimal(value.strip().rstrip("%").strip())
        except InvalidOperation:
            return None
        return number if number.is_finite() else None
    readings = _readings(value)
    newest = max((day for day in readings if day <= on), default=None)
    if newest is None or (on - newest).days > days:
        return None
    # a year is 9 to 15 months: registers and accounts do not state a headcount on the day we would like
    near = [day for day in readings if days * 3 / 4 <= (newest - day).days <= days * 5 / 4]
    if not near:
        return None
    first = min(near, key=lambda day: (abs((newest - day).days - days), day))
    return Decimal(100) * (readings[newest] - readings[first]) / readings[first] if readings[first] else None


def _readings(value: str) -> Mapping[date, int]:
    found: dict[date, int] = {}
    for part in value.split("|"):
        day, _, number = part.partition("=")
        try:
            found[date.fromisoformat(day.strip())] = int(number)
        except ValueError:
            continue  # one reading that cannot be read is one that we do not have
    return found


def history(criterion: HistoryCriterion, on: date) -> Callable[[str], int]:
    """Judges a list ``funding:2026-03-01|relocation:2026-05-02``, or ``none``."""
    wanted, since = frozenset(criterion.event_types), on - timedelta(days=criterion.within_days)

    def judge(value: str) -> int:
        if not value.strip():
            return UNKNOWN
        if value.strip() == NOTHING:
            return NOT_MET
        count = 0
        for part in value.split("|"):
            kind, _, day = part.partition(":")
            try:
                count += kind.strip() in wanted and since <= date.fromisoformat(day.strip()) <= on
            except ValueError:
                return UNKNOWN
        return MET if count >= criterion.at_least else NOT_MET

    return judge
