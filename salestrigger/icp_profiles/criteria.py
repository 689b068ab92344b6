"""What a profile may ask of an organisation: one model per kind of criterion.

This module holds the syntax alone: which keys a kind has, and which values can be right at all. What a criterion means
for an organisation is computed in ``matchers.qualify``; whether its code sets exist is checked by
``matchers.check_profile``.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import Field, field_validator, model_validator

from salestrigger.sources.declare import Declaration
from salestrigger.sources.records import OrgStatus

Need = Literal["must", "nice", "exclude"]
#: What a register can report, and ``insolvent``: news of an insolvency of which the kind is not told.
STATUSES: tuple[str, ...] = (*get_args(OrgStatus), "insolvent")
_CODE_OR_RANGE = re.compile(r"\d[\d.]{0,11}(\s*-\s*\d[\d.]{0,11})?")
_POSTCODE_OR_RANGE = re.compile(r"[A-Z0-9][A-Z0-9 ]{0,9}(-[A-Z0-9][A-Z0-9 ]{0,9})?")


class _Criterion(Declaration):
    """What every kind has: a name of its own, how much it is needed, and its weight among the others."""

    name: str = Field(default="", max_length=60, description="as a rep reads it; the kind when absent")
    need: Need = Field(default="must", description="must: no fit without it; nice: adds; exclude: no fit with it")
    weight: float = Field(default=1.0, ge=0, le=100, description="share of the fit, relative to the other criteria")
    quiet_days: int = Field(
        default=0, ge=0, le=730, description="after it was told, no crossing the other way for so long"
    )

    @property
    def wanted(self) -> str:
        """What is asked for, in words."""
        raise NotImplementedError

    @property
    def label(self) -> str:
        """The name, or the kind where no name was given."""
        kind: str = getattr(self, "kind", "")
        return self.name or kind.replace("_", " ")


class _Range(_Criterion):
    """A number between two bounds, both included; at least one of them."""

    min: Decimal | None = Field(default=None, ge=0)
    max: Decimal | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _possible(self) -> _Range:
        if self.min is None and self.max is None:
            raise ValueError("needs 'min', 'max' or both")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"impossible range: min {_plain(self.min)} is above max {_plain(self.max)}")
        return self

    def _bounds(self) -> str:
        if self.max is None:
            return f"at least {_plain(self.min or Decimal(0))}"
        return f"at most {_plain(self.max)}" if self.min is None else f"{_plain(self.min)} to {_plain(self.max)}"


def _plain(number: Decimal) -> str:
    """The number without exponent and without needless zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class EmployeesCriterion(_Range):
    """How many people work there."""

    kind: Literal["employees"]
    margin: float = Field(default=0.1, ge=0, lt=1, description="share of the bound by which it may miss and stay in")
    quiet_days: int = Field(default=90, ge=0, le=730)

    @property
    def wanted(self) -> str:
        """The range, in people."""
        return f"{self._bounds()} employees"


class RevenueCriterion(_Range):
    """Yearly revenue, in plain units of ``currency``; other currencies are converted with a margin."""

    kind: Literal["revenue"]
    margin: float = Field(default=0.1, ge=0, lt=1, description="share of the bound by which it may miss and stay in")
    quiet_days: int = Field(default=90, ge=0, le=730)
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="ISO 4217")

    @property
    def wanted(self) -> str:
        """The range with its currency."""
        return f"{self._bounds()} {self.currency} revenue"


class AgeCriterion(_Range):
    """Completed years since it was founded."""

    kind: Literal["age"]

    @property
    def wanted(self) -> str:
        """The range, in years."""
        return f"{self._bounds()} years old"


class IndustryCriterion(_Criterion):
    """Any of its industry codes begins with one of ``codes`` or lies in one of the ranges."""

    kind: Literal["industry"]
    codes: tuple[str, ...] = Field(min_length=1, description='prefixes "46", "43.2" or ranges "10-33"')
    codesets: tuple[str, ...] = Field(min_length=1, description="the code sets that ``codes`` speak of")
    crosswalk: Path | None = Field(default=None, description="which code became which; default: crosswalk.tsv if there")

    @field_validator("codes")
    @classmethod
    def _codes(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        for code in codes:
            if not _CODE_OR_RANGE.fullmatch(code):
                raise ValueError(f"{code!r} is no industry code; allowed: digits such as '46', '43.21', '10-33'")
            low, high = code_range(code)
            if len(low) != len(high) or low > high:
                raise ValueError(f"impossible range {code!r}: both ends need as many digits, the lower one first")
        return codes

    @property
    def wanted(self) -> str:
        """The codes with their code sets."""
        return f"industry {', '.join(self.codes)} ({'/'.join(self.codesets)})"


class _Values(_Criterion):
    """One of a list of names, compared without case."""

    values: tuple[str, ...] = Field(min_length=1)

    @field_validator("values")
    @classmethod
    def _not_blank(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        if not all(v.strip() for v in values):
            raise ValueError("an empty value; leave it out")
        return values

    @property
    def wanted(self) -> str:
        """The values, the first of a long list only."""
        return _some(self.values)


class CountryCriterion(_Values):
    """The country of its business address."""

    kind: Literal["country"]

    @field_validator("values")
    @classmethod
    def _iso(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            if not re.fullmatch(r"[A-Z]{2}", value):
                raise ValueError(f"{value!r} is no country; allowed: ISO 3166-1 alpha-2 such as 'NO', 'NL'")
        return values


class RegionCriterion(_Values):
    """The region (county, province) of its business address."""

    kind: Literal["region"]


class CityCriterion(_Values):
    """The city of its business address."""

    kind: Literal["city"]


class LegalFormCriterion(_Values):
    """The register's own code of its legal form; dots and case do not matter."""

    kind: Literal["legal_form"]


class StatusCriterion(_Values):
    """Its status in the register."""

    kind: Literal["status"]

    @field_validator("values")
    @classmethod
    def _known(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return known_statuses(values)


class MunicipalityCriterion(_Criterion):
    """The municipality of its business address, by the country's own code."""

    kind: Literal["municipality"]
    codes: tuple[str, ...] = Field(min_length=1, description="strings: leading zeros matter")

    @field_validator("codes")
    @classmethod
    def _digits(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        for code in codes:
            if not re.fullmatch(r"[A-Z]{0,3}\d{3,8}", code):
                raise ValueError(f"{code!r} is no municipality code; allowed: codes such as '0301', 'GM0363'")
        return codes

    @property
    def wanted(self) -> str:
        """The codes, the first of a long list only."""
        return f"municipality {_some(self.codes)}"


class PostcodeCriterion(_Criterion):
    """The postcode of its business address, in one of the ranges (compared over as many characters as are given)."""

    kind: Literal["postcode"]
    ranges: tuple[str, ...] = Field(min_length=1, description='"0150", "1000-1099", "5611"')

    @field_validator("ranges")
    @classmethod
    def _ordered(cls, ranges: tuple[str, ...]) -> tuple[str, ...]:
        for item in ranges:
            if not _POSTCODE_OR_RANGE.fullmatch(item.upper()):
                raise ValueError(f"{item!r} is no postcode or range; allowed: such as '0150', '1000-1099', '5611 AB'")
            low, high = postcode_range(item)
            if len(low) != len(high) or low > high:
                raise ValueError(f"impossible range {item!r}: both ends need as many characters, the lower one first")
        return ranges

    @property
    def wanted(self) -> str:
        """The ranges, the first of a long list only."""
        return f"postcode {_some(self.ranges)}"


class KeywordsCriterion(_Criterion):
    """Words in its description: one of ``any`` and every one of ``all``, as whole words, without case."""

    kind: Literal["keywords"]
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _something(self) -> KeywordsCriterion:
        words = self.any + self.all
        if not words:
            raise ValueError("needs 'any', 'all' or both")
        if not all(w.strip() for w in words):
            raise ValueError("an empty word; leave it out")
        return self

    @property
    def wanted(self) -> str:
        """The words."""
        parts = [f"any of {_some(self.any)}"] if self.any else []
        return "described with " + " and ".join(parts + ([f"all of {_some(self.all)}"] if self.all else []))


def code_range(text: str) -> tuple[str, str]:
    """``"10-33"`` → ``("10", "33")``, ``"43.21"`` → ``("4321", "4321")``: digits only, both ends included."""
    low, _, high = re.sub(r"[.\s]", "", text).partition("-")
    return low, high or low


def postcode_range(text: str) -> tuple[str, str]:
    """``"5611 AB"`` → ``("5611AB", "5611AB")``: upper case, no spaces, both ends included."""
    low, _, high = re.sub(r"\s", "", text.upper()).partition("-")
    return low, high or low


def known_statuses(values: tuple[str, ...]) -> tuple[str, ...]:
    """The values, when each is a status that a register can report.

    Raises:
        ValueError: one is not; lists those that are.
    """
    for value in values:
        if value not in STATUSES:
            raise ValueError(f"{value!r} is not allowed; allowed: {', '.join(STATUSES)}")
    return values


def _some(values: tuple[Any, ...], limit: int = 8) -> str:
    """The values, joined; a long list is cut with how many more there are."""
    shown = ", ".join(str(v) for v in values[:limit])
    return shown if len(values) <= limit else f"{shown} and {len(values) - limit} more"
