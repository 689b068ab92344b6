"""A small world for tests of qualifying: three event types, one profile, organisations and events made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers.lexicon import EventType, Lexicon
from salestrigger.matchers.owners import Owners
from salestrigger.matchers.survey import Survey
from salestrigger.matchers.types import Attribute, Event, EventSource, Fact, Fit, Organization, Role
from salestrigger.sources.records import Identifier, OrgChange, OrgName

NOW = datetime(2026, 9, 7, 6, tzinfo=UTC)
TODAY = NOW.date()


def event_type(
    name: str, *, hook: str = "safe", polarity: str = "growth", window: tuple[Any, ...] = (0, 90, 180),
    waits: bool = False,
) -> EventType:  # fmt: skip
    """An event type whose phrases do not matter here."""
    return EventType.model_validate(
        {
            "id": name,
            "label": dict.fromkeys(("nl", "nb", "en"), name.replace("_", " ")),
            "definition": f"an organisation does {name}",
            "roles": ["organization", "acquirer", "target"],
            "polarity": polarity,
            "window": dict(zip(("not_before", "best", "expires"), window, strict=True)),
            "impact": 70,
            "hook": hook,
            "waits": waits,
            "phrases": {},
            "examples": {},
        }
    )


LEXICON = Lexicon(
    {
        t.id: t
        for t in (
            event_type("renewal_due", window=(-365, -180, 0), waits=True),
            event_type("relocation", polarity="change", window=(-60, 60, 120)),
            event_type("headcount_growth"),
            event_type("acquisition"),
            event_type("merger"),
            event_type("partnership"),
            event_type("executive_hire", window=(14, 90, 180)),
            event_type("insolvency", hook="never", polarity="distress", window=(0, None, None)),
            event_type("layoffs", hook="never", polarity="distress"),
            event_type("incorporation"),
            event_type("recognition"),
        )
    },
    {},
)
WANTED = ("relocation", "headcount_growth", "acquisition", "executive_hire", "insolvency", "incorporation")


def profile(**changes: Any) -> Profile:
    """Norwegian companies in Oslo of 50 people and more."""
    content: dict[str, Any] = {
        "name": "oslo",
        "title": "Oslo",
        "criteria": [
            {"kind": "country", "values": ["NO"]},
            {"name": "territory", "kind": "municipality", "codes": ["0301"], "weight": 2},
            {"name": "size", "kind": "employees", "min": 50, "weight": 2},
        ],
        "event_types": dict.fromkeys(WANTED, 1.0),
        "thresholds": {"rank": 0},
    }
    return Profile.model_validate(content | changes)


def organization(name: str = "Fjellbro", *, relation: str = "", **facts: Any) -> Organization:
    """An organisation of the register; None leaves a fact out."""
    known = {
        "country": "NO",
        "municipality_code": "0301",
        "municipality": "Oslo",
        "city": "Oslo",
        "employees": 60,
    } | facts
    return Organization(
        organization_id=f"org_{name.lower()}",
        names=(OrgName(f"{name} AS"),),
        identifiers=(Identifier("NO-BRC", "999999999"),),
        facts=tuple(Fact(k, v, "register", NOW) for k, v in known.items() if v is not None),
        relation=relation,
    )


BERGEN = {"municipality_code": "4601", "municipality": "Bergen", "city": "Bergen"}


def event(kind: str, *roles: Role, attributes: Mapping[str, str] | None = None, **changes: Any) -> Event:
    """An event of one newsroom item, told yesterday."""
    made = Event(
        event_id=f"evt_{kind}",
        type=kind,
        modality="announced",
        roles=roles,
        attributes=tuple(Attribute(k, v) for k, v in (attributes or {}).items()),
        quote="",
        quote_span=(0, 0),
        sentence=(0, 0),
        confidence=0.9,
        language="nb",
        sources=(
            EventSource(
                "doc_1", "https://example.org/1", "t", "newsroom", "", datetime(2026, 9, 6, 8, tzinfo=UTC), "", "g1"
            ),
        ),
    )
    return replace(made, **changes)


def role(organization_id: str | None, name: str = "organization", **changes: Any) -> Role:
    """An accepted role."""
    made = Role(name, "Fjellbro", 0, 8, "men_1", organization_id, 0.95, "accept")
    return replace(made, **changes)


def change(field_name: str, organization_id: str = "org_fjellbro", **changes: Any) -> OrgChange:
    """A register change of yesterday about the organisation's record."""
    made = OrgChange(
        change_id=f"chg_{field_name}_{organization_id}",
        record_id=f"rec_{organization_id}",
        field=field_name,  # type: ignore[arg-type]
        before=None,
        after=None,
        effective_on=date(2026, 9, 5),
        published_at=datetime(2026, 9, 6, 8, tzinfo=UTC),
        source_id="register",
    )
    return replace(made, **changes)


@dataclass(frozen=True)
class World:
    """What is known, in the shape of ``analyse.Knowledge``."""

    organizations: Mapping[str, Organization]
    organizations_before: Mapping[str, Organization]
    profiles: tuple[Profile, ...] = field(default_factory=lambda: (profile(),))
    fits: Mapping[tuple[str, str], Fit] = field(default_factory=dict)
    trust: Mapping[str, str] = field(default_factory=lambda: {"register": "register", "newsroom": "newsroom"})
    lexicon: Lexicon = LEXICON
    now: datetime = NOW
    owners: Owners = field(default_factory=lambda: Owners(()))
    survey: Survey | None = None

    @property
    def organization_of(self) -> Mapping[str, str]:
        """Each organisation has one record."""
        return {f"rec_{key}": key for key in self.organizations}


def world(*now: Organization, before: tuple[Organization, ...] | None = None, **changes: Any) -> World:
    """Organisations as they are, and as they were (default: the same)."""
    old = now if before is None else before
    return World({o.organization_id: o for o in now}, {o.organization_id: o for o in old}, **changes)
