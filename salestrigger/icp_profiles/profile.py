"""Whom we want: one strict TOML file = one profile, named by its file.

Here a profile's syntax is read and checked; its meaning (event types exist, examples hold) is checked by
``matchers.check_profile``, and the fit of an organisation is computed in ``matchers.qualify``. No network, no clock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from salestrigger.icp_profiles.criteria import known_statuses
from salestrigger.icp_profiles.kinds import CRITERIA, Criterion
from salestrigger.icp_profiles.tables import CROSSWALK, PLACES, coordinates, crosswalk, place_key
from salestrigger.sources.declare import Declaration, read_toml, validate
from salestrigger.sources.errors import DeclarationError

#: What a profile wants that names no event types: about a dozen that most sellers can act on, each with its weight.
#: All 45 would be noise (reference/triggers.md section 11: alerts that nobody acts on are the first complaint).
DEFAULT_EVENT_TYPES: Mapping[str, float] = {
    "acquisition": 1.0, "merger": 1.0, "funding": 1.0, "executive_hire": 0.9, "relocation": 0.9, "site_opening": 0.9,
    "site_expansion": 0.8, "headcount_growth": 0.8, "market_entry": 0.7, "contract": 0.6, "incorporation": 0.5,
    "insolvency": 0.5, "closure": 0.5,
}  # fmt: skip

#: Files of the folder that are no profiles.
NOT_PROFILES = frozenset({"funnel.toml"})

Relation = Literal["account", "customer", "competitor", "supplier"]
ExampleValue = str | int | float | bool | date | tuple[str, ...]


class Exclusions(Declaration):
    """Who is never pursued under this profile. These are tags that we know of: a missing tag is no doubt."""

    relations: tuple[Relation, ...] = ("competitor",)
    organizations: tuple[str, ...] = Field(default=(), description='register numbers, such as "NO-BRC-999999999"')
    statuses: tuple[str, ...] = Field(
        default=("restructuring", "winding_up", "bankrupt", "insolvent", "dissolved"),
        description="known to be in one of these: excluded; not known: not excluded",
    )
    marketing_block: Literal["mark", "hold"] = Field(
        default="mark", description="its register says no marketing: told with a warning, or held back with the reason"
    )
    customers: Literal["separate", "include", "exclude"] = Field(
        default="separate", description="separate: another play, held back with the reason; include: as any other"
    )

    @field_validator("statuses")
    @classmethod
    def _known(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return known_statuses(values)


class UnknownMust(Declaration):
    """What to do with organisations of which a must-have is unknown."""

    policy: Literal["hide", "show", "lookup"] = Field(
        default="show", description="hide: held back; show: reported as unknown; lookup: the first ones only"
    )
    first: int = Field(default=20, ge=1, le=100_000, description="for lookup: how many, by upper bound then rank")


class Thresholds(Declaration):
    """Below these a trigger is held back, with its reason."""

    rank: float = Field(default=25, ge=0, le=100, description="least rank to report")
    fit: float = Field(default=0, ge=0, le=100, description="least fit (lower bound) to count as fitting")
    confidence: float = Field(default=0.5, ge=0, le=1, description="least confidence that the event is real")


class OrderValue(Declaration):
    """What an order is worth, for ranking by value."""

    amount: Decimal = Field(gt=0)
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="ISO 4217")


class Examples(Declaration):
    """Organisations that must fit and must not: a profile that contradicts them is refused."""

    fit: tuple[dict[str, ExampleValue], ...] = ()
    not_fit: tuple[dict[str, ExampleValue], ...] = ()


class Profile(Declaration):
    """One ideal customer profile: what must hold, what counts, what happens that we want to hear of."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$", description="the file's name without .toml")
    title: str = Field(min_length=1, max_length=120)
    description: str = ""
    enabled: bool = True
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    event_types: dict[str, float] = Field(default_factory=lambda: dict(DEFAULT_EVENT_TYPES))
    exclude: Exclusions = Exclusions()
    unknown_must: UnknownMust = UnknownMust()
    thresholds: Thresholds = Thresholds()
    order_value: OrderValue | None = None
    watch_accounts: bool = Field(
        default=True, description="tell what happens at one's own accounts and customers that fit no profile"
    )
    examples: Examples = Examples()

    @field_validator("criteria")
    @classmethod
    def _distinct(cls, criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
        names = [c.label for c in criteria]
        twice = next((n for n in names if names.count(n) > 1), None)
        if twice is not None:
            raise ValueError(f"two criteria are named {twice!r}; give each a 'name' of its own")
        return criteria

    @field_validator("event_types")
    @classmethod
    def _weights(cls, weights: dict[str, float]) -> dict[str, float]:
        for name, weight in weights.items():
            if not 0 <= weight <= 1:
                raise ValueError(f"weight of {name!r} is {weight!r}; allowed: 0 to 1")
        if not any(weights.values()):
            raise ValueError("weights cannot add up: no event type has a weight above 0")
        return weights

    @model_validator(mode="after")
    def _adds_up(self) -> Profile:
        if not any(c.weight for c in self.criteria if c.need != "exclude"):
            raise ValueError("weights cannot add up: no must or nice criterion has a weight above 0")
        return self

    @cached_property
    def version(self) -> str:
        """12 hex digits of the SHA-256 of everything that can change a fit or a trigger.

        Title, description, examples and the order of keys are left out: editing them makes no new version.
        """
        content = self.model_dump(mode="json", exclude={"name", "title", "description", "enabled", "examples"})
        content["criteria"] = [_by_content(criterion) for criterion in content["criteria"]]
        # a version is older than these keys
        if content["watch_accounts"]:
            del content["watch_accounts"]
        if content["exclude"]["marketing_block"] == "mark":
            del content["exclude"]["marketing_block"]
        content["event_types"] = {k: v for k, v in content["event_types"].items() if v}
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def event_weight(self, event_type: str) -> float:
        """How much this profile wants the type, 0 (not wanted) to 1."""
        return self.event_types.get(event_type, 0.0)


def default_folder() -> Path:
    """The folder of the shipped profiles."""
    return Path(__file__).parent


def profile_files(*folders: Path) -> dict[str, Path]:
    """Profile name → file; a later folder's file replaces an earlier one of the same name.

    Raises:
        DeclarationError: a folder does not exist.
    """
    found: dict[str, Path] = {}
    for folder in folders or (default_folder(),):
        if not folder.is_dir():
            raise DeclarationError(folder, "no such folder")
        found |= {p.stem: p for p in sorted(folder.glob("*.toml")) if p.name not in NOT_PROFILES}
    return dict(sorted(found.items()))


def load_profiles(*folders: Path) -> tuple[Profile, ...]:
    """Every enabled profile, in name order; without folders the shipped ones.

    Raises:
        DeclarationError: a folder is missing or a file is wrong (file, key, value, what is allowed).
    """
    loaded = (load_profile(path) for path in profile_files(*folders).values())
    return tuple(p for p in loaded if p.enabled)


def load_profile(path: Path) -> Profile:
    """One file as a profile, named by the file.

    Raises:
        DeclarationError: see :func:`load_profiles`.
    """
    data = read_toml(path)
    if "name" in data:
        raise DeclarationError(path, f"the name is the file's name: {path.stem!r}; leave it out", key="name")
    criteria = data.get("criteria")
    if isinstance(criteria, list):
        data["criteria"] = tuple(_criterion(path, i, raw) for i, raw in enumerate(criteria))
    for key, model in _TABLES.items():
        if isinstance(data.get(key), dict):
            data[key] = _nested(path, key, model, data[key])
    return validate(path, Profile, data | {"name": path.stem})


def _by_content(criterion: dict[str, Any]) -> dict[str, Any]:
    """A criterion's table by what is in it, not by where it lies; without one as if there were no such key."""
    kept = {key: value for key, value in criterion.items() if key not in _BESIDE or value}
    for key in _BESIDE.keys() & kept.keys():
        kept[key] = hashlib.sha256(Path(kept[key]).read_bytes()).hexdigest()
    return kept


def _beside(path: Path, position: int, raw: dict[str, Any]) -> dict[str, Any]:
    """The criterion with its table found beside the profile, and read, so that a wrong one is refused now."""
    key = {"radius": "places", "industry": "crosswalk"}.get(str(raw.get("kind")))
    if key is None:
        return raw
    named = raw.get(key)
    if named is not None and not isinstance(named, str):
        raise DeclarationError(path, f"{named!r} is no file name", key=f"criteria.{position}.{key}")
    table = path.parent / (named or _BESIDE[key])
    if named is None and not table.is_file():
        table = default_folder() / _BESIDE[key]  # the shipped one, if there is one
    if not table.is_file():
        if named is not None:
            raise DeclarationError(path, f"no such file {named!r} beside the profile", key=f"criteria.{position}.{key}")
        return raw
    if key == "crosswalk":
        crosswalk(table)
    elif (place := raw.get("place")) and not _is_place(table, str(raw.get("country", "")), str(place)):
        problem = f"{place!r} is not in {table.name}; allowed: its cities and postcodes"
        raise DeclarationError(path, problem, key=f"criteria.{position}.place")
    return raw | {key: table}


def _is_place(table: Path, country: str, place: str) -> bool:
    return any(place_key(country, kind, place) in coordinates(table) for kind in ("city", "postcode"))


#: key of a criterion → the table's usual name
_BESIDE = {"places": PLACES, "crosswalk": CROSSWALK}
_TABLES: dict[str, type[Declaration]] = {
    "exclude": Exclusions, "unknown_must": UnknownMust, "thresholds": Thresholds, "order_value": OrderValue,
    "examples": Examples,
}  # fmt: skip


def _criterion(path: Path, position: int, raw: object) -> Declaration:
    """One ``[[criteria]]`` table as the model of its kind, so that an error can list the keys of that kind."""
    key = f"criteria.{position}"
    if not isinstance(raw, dict):
        raise DeclarationError(path, f"{raw!r} is not a table", key=key)
    model = CRITERIA.get(str(raw.get("kind", "")))
    if model is None:
        problem = f"unknown kind {raw['kind']!r}" if "kind" in raw else "missing"
        raise DeclarationError(path, f"{problem}; allowed: {', '.join(CRITERIA)}", key=f"{key}.kind")
    return _nested(path, key, model, _beside(path, position, raw))


def _nested(path: Path, key: str, model: type[Declaration], raw: dict[str, Any]) -> Declaration:
    """A sub-table as its model; the error's key is the full one."""
    try:
        return validate(path, model, raw)
    except DeclarationError as error:
        raise DeclarationError(path, error.problem, key=f"{key}.{error.key}".rstrip(".")) from None
