"""More that a profile may ask: distance, group, technologies, growth, what happened there before. Syntax alone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from salestrigger.icp_profiles.criteria import _Criterion, _Range, _some


class RadiusCriterion(_Criterion):
    """The business address within so many kilometres, as the crow flies, of a place or a point.

    Coordinates come from the table ``places`` beside the profile (``salestrigger profile places`` builds it), or from
    the universe's own columns ``latitude`` and ``longitude``.
    """

    kind: Literal["radius"]
    km: float = Field(gt=0, le=2000)
    place: str = Field(default="", description="a city or postcode of the table")
    country: str = Field(default="", pattern=r"^([A-Z]{2})?$", description="of the place; ISO 3166-1 alpha-2")
    latitude: float | None = Field(default=None, ge=-90, le=90, description="of the point, in degrees")
    longitude: float | None = Field(default=None, ge=-180, le=180)
    places: Path | None = Field(default=None, description="table of coordinates; default: places.tsv if there")

    @model_validator(mode="after")
    def _one_centre(self) -> RadiusCriterion:
        has_point = self.latitude is not None and self.longitude is not None
        if bool(self.place) == has_point or (not has_point and (self.latitude, self.longitude) != (None, None)):
            raise ValueError("needs either 'place' (with 'country'), or both 'latitude' and 'longitude'")
        if self.place and not self.country:
            raise ValueError("'place' needs its 'country', such as 'NO'")
        return self

    @property
    def wanted(self) -> str:
        """The distance and the centre."""
        centre = f"{self.place} ({self.country})" if self.place else f"{self.latitude:g}, {self.longitude:g}"
        return f"within {self.km:g} km of {centre}"


class GroupCriterion(_Criterion):
    """Whether it has a parent, or one of these. No known parent says nothing: most registers do not tell."""

    kind: Literal["group"]
    part_of_group: bool | None = None
    parents: tuple[str, ...] = Field(default=(), description='register numbers, such as "NO-BRC-999999999"')

    @model_validator(mode="after")
    def _something(self) -> GroupCriterion:
        if self.part_of_group is None and not self.parents:
            raise ValueError("needs 'part_of_group' or 'parents'")
        if self.part_of_group is False and self.parents:
            raise ValueError("'parents' and part_of_group = false contradict each other")
        return self

    @property
    def wanted(self) -> str:
        """The group, or that there is one."""
        if self.parents:
            return f"part of the group of {_some(self.parents)}"
        return "part of a group" if self.part_of_group else "not part of a group"


class TechnologiesCriterion(_Criterion):
    """Technologies it is known to use: one of ``any`` and every one of ``all``, without case.

    A list of technologies is never complete, so one that is not on it is unknown, unless ``absent = "no"``.
    """

    kind: Literal["technologies"]
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    absent: Literal["unknown", "no"] = "unknown"

    @model_validator(mode="after")
    def _something(self) -> TechnologiesCriterion:
        if not self.any + self.all:
            raise ValueError("needs 'any', 'all' or both")
        if not all_of(self.any + self.all):
            raise ValueError("an empty name; leave it out")
        return self

    @property
    def wanted(self) -> str:
        """The names."""
        parts = [f"any of {_some(self.any)}"] if self.any else []
        return "uses " + " and ".join(parts + ([f"all of {_some(self.all)}"] if self.all else []))


def all_of(texts: tuple[str, ...]) -> bool:
    """Whether none of the texts is blank (``all`` is a field's name above)."""
    return not [text for text in texts if not text.strip()]


class GrowthCriterion(_Range):
    """How much the number of people grew, in per cent over about ``over_days``; negative: it shrank."""

    kind: Literal["growth"]
    min: Decimal | None = Field(default=None, ge=-100)
    max: Decimal | None = Field(default=None, ge=-100)
    over_days: int = Field(default=365, ge=30, le=3650)

    @property
    def wanted(self) -> str:
        """The range, in per cent."""
        return f"{self._bounds()} % more people over {self.over_days} days"


class HistoryCriterion(_Criterion):
    """So many events of these types told of it within so many days. What we never heard of did not happen for this."""

    kind: Literal["history"]
    event_types: tuple[str, ...] = Field(min_length=1)
    within_days: int = Field(ge=1, le=3650)
    at_least: int = Field(default=1, ge=1, le=1000)

    @field_validator("event_types")
    @classmethod
    def _distinct(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(values)) < len(values):
            raise ValueError("an event type is named twice")
        return values

    @property
    def wanted(self) -> str:
        """The events and the time."""
        return f"at least {self.at_least} of {_some(self.event_types)} in the last {self.within_days} days"
