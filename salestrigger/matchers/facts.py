"""What we know about an organisation, as facts: from records, from events, joined into one organisation.

::

    OrgRecord ─► facts_from_record ─┐
                                    ├─► best of each attribute ─► Organization
    Event     ─► facts_from_event  ─┘

Which fact wins: a register over one's own list and over news; between one's own list and news, what is newer; within
one kind of source, what is newer. The place (region, municipality, city, postcode) is won as a whole, so that no
organisation gets the city of one source and the postcode of another. Facts that only become true later do not count
yet. Joining is pure and does not depend on the order in which facts came. Nothing is stored here; a fact that lost is
kept by the warehouse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from salestrigger.matchers.attribute_specs import ATTRIBUTES, JOINED
from salestrigger.matchers.places import PLACE, Places, find_place
from salestrigger.matchers.types import Event, Fact, Organization, Role
from salestrigger.sources.records import Headcount, Identifier, OrgName, OrgRecord

#: From here on an event may update what we know (reference/triggers.md, rule 7).
CERTAIN_ENOUGH = frozenset({"announced", "in_progress", "completed"})
#: "grows to 120 people", in the languages we read; one to three words before the number.
_TOTAL_WORDS = frozenset({"to", "naar", "til", "till", "auf"})
_RELATION_ORDER = ("suppressed", "customer", "competitor", "supplier", "account")


def facts_from_record(record: OrgRecord, at: datetime) -> tuple[Fact, ...]:
    """What one record states, known from ``at`` on; what it leaves open is no fact."""
    founded = record.founded_on or record.registered_on
    address = record.main_address
    stated: dict[str, tuple[Any, date | None]] = {
        "country": (address.country or record.country, None),
        "region": (address.region, None),
        "municipality": (address.municipality, None),
        "municipality_code": (address.municipality_code, None),
        "city": (address.city, None),
        "postcode": (address.postcode, None),
        "industry": (tuple(f"{i.codeset}:{i.code}" for i in record.industries), None),
        "employees": _headcount(record.employees),
        "revenue": _revenue(record),
        "legal_form": (record.legal_form, None),
        "founded": (founded, None),
        "registered": (record.registered_on, None),
        "status": (record.status, record.status_on),
        "parent": (str(record.parent) if record.parent else None, None),
        "website": (record.website, None),
        "description": (record.description, None),
        "marketing_block": (record.marketing_block, None),
    }
    return tuple(
        Fact(name, value, record.source_id, at, valid_from)
        for name, (value, valid_from) in stated.items()
        if value is not None and value not in ("", ())
    )


def _headcount(employees: Headcount | None) -> tuple[int | str | None, date | None]:
    if employees is None:
        return None, None
    if employees.high is None:
        return f"{employees.low}+", employees.as_of
    exact = employees.low == employees.high
    return (employees.low if exact else f"{employees.low}-{employees.high}"), employees.as_of


def _revenue(record: OrgRecord) -> tuple[str | None, date | None]:
    if record.revenue is None:
        return None, None
    ended = date(record.revenue_year, 12, 31) if record.revenue_year else None
    return f"{record.revenue.amount:f} {record.revenue.currency}", ended


def facts_from_event(
    event: Event, role: Role, *, organization: Organization, now: datetime, places: Places | None = None
) -> tuple[Fact, ...]:
    """What an event states about the holder of ``role``; nothing when it is not certain enough.

    Only events that are announced or later, and only matches that were accepted, may update an organisation
    (reference/triggers.md, rule 7). A relocation sets the place, when it is one that organisations of the same country
    are known to be in (``places``): a business park or a street is no city. A headcount counts only when the text
    states the new total, not the number of people that come or go. An insolvency or closure sets the status,
    unless a register already says which of them it is.
    """
    if event.modality not in CERTAIN_ENOUGH or role.decision != "accept":
        return ()
    known = min((s.published_at for s in event.sources), default=now)
    day = event.effective_on or event.event_on or known.date()
    stated: dict[str, Any] = {"history": (f"{event.type}:{min(day, now.date())}",)}
    if role.name != "organization":
        pass
    elif event.type == "relocation":
        stated = _moved(event, organization, places or {})
    elif event.type == "headcount_growth":
        stated = {"employees": _total(event)}
    elif event.type in ("insolvency", "closure") and organization.get("status") in (None, "active"):
        closing = "dissolved" if event.modality == "completed" else "winding_up"
        stated = {"status": "insolvent" if event.type == "insolvency" else closing}
    return tuple(
        Fact(
            attribute=name,
            value=value,
            source_id=event.sources[0].source_id if event.sources else "",
            known_from=known,
            valid_from=min(day, now.date()) if name == "history" else day,
            confidence=round(event.confidence * role.probability, 4),
            cause_id=event.event_id,
        )
        for name, value in stated.items()
        if value is not None
    )


def _moved(event: Event, organization: Organization, places: Places) -> dict[str, Any]:
    """The new place, all parts of it; parts that the news does not tell become unknown, not stale."""
    name = _value(event, "location")
    place = find_place(places, name, organization.get("country")) if name else None
    if place is None:
        return {}
    return {
        "country": place.country, "region": place.region, "municipality": place.municipality,
        "municipality_code": place.municipality_code, "city": place.city,
    }  # fmt: skip


def _total(event: Event) -> int | None:
    """The new number of people, when the text states a total; a difference says nothing about the level.

    A total is marked as such (unit ``total``), or the words before the number say so: "to 120", "naar ruim 120".
    """
    number = next((a for a in event.attributes if a.key == "headcount"), None)
    if number is None or not number.value.isdigit():
        return None
    before = _text_before(event, number.start).split()[-3:]
    is_total = number.unit == "total" or bool(_TOTAL_WORDS & {word.casefold() for word in before})
    return int(number.value) if is_total else None


def _text_before(event: Event, start: int) -> str:
    """What stands before an attribute in the title or in the quote; the rest of the text is not kept."""
    title = event.sources[0].title if event.sources else ""
    if 0 <= start < len(title):
        return title[:start]
    first, last = event.quote_span
    return event.quote[: start - first] if 0 <= first <= start < last else ""


def _value(event: Event, key: str) -> str:
    return next((a.value for a in event.attributes if a.key == key), "")


def organization_from(
    organization_id: str,
    records: Sequence[OrgRecord],
    facts: Sequence[Fact] = (),
    *,
    now: datetime | None = None,
    known_from: Mapping[str, datetime] | None = None,
    trust: Mapping[str, str] | None = None,
) -> Organization:
    """The records linked to one organisation, and facts that events stated about it, as one organisation.

    ``known_from`` says by record id since when we know its content (default: when it was fetched); ``trust`` the trust
    class by source id (default: ACCOUNT records are the user's own, all others a register's).

    Raises:
        ValueError: there is no record, so that it would have no name.
    """
    if not records:
        raise ValueError(f"no record for organization {organization_id!r}")
    classes = {r.source_id: "user" if r.scheme == "ACCOUNT" else "register" for r in records} | dict(trust or {})
    since = known_from or {}
    stated = [f for r in records for f in facts_from_record(r, since.get(r.record_id, r.fetched_at))]
    ordered = sorted(records, key=lambda r: (classes.get(r.source_id) != "register", r.record_id))
    return Organization(
        organization_id=organization_id,
        names=names_in_order(name for record in ordered for name in record.names),
        identifiers=_identifiers(ordered),
        facts=best_facts([*stated, *facts], classes, on=now.date() if now else None),
        is_sole_proprietor=any(r.is_sole_proprietor for r in records),
        relation=next((name for name in _RELATION_ORDER if any(r.relation == name for r in records)), ""),
    )


def names_in_order(names: Iterable[OrgName]) -> tuple[OrgName, ...]:
    """Every name once; the current legal name first, of several the one that was given first."""
    return tuple(sorted(dict.fromkeys(names), key=lambda n: n.kind != "legal" or n.valid_to is not None))


def _identifiers(records: Sequence[OrgRecord]) -> tuple[Identifier, ...]:
    own = [Identifier(r.scheme, r.identifier) for r in records]
    return tuple(dict.fromkeys(own + [i for r in records for i in r.other_ids]))


def best_facts(facts: Iterable[Fact], trust: Mapping[str, str], *, on: date | None = None) -> tuple[Fact, ...]:
    """At most one fact per attribute, the winner as the module's head says; in the order of :data:`ATTRIBUTES`."""
    counted = [f for f in facts if on is None or f.valid_from is None or f.valid_from <= on]
    place_source = max(
        (f for f in counted if f.attribute in PLACE and f.attribute != "country"),
        key=lambda f: _standing(f, trust), default=None,
    )  # fmt: skip
    best: dict[str, Fact] = {}
    for fact in counted:
        if place_source is not None and fact.attribute in PLACE and not _same_statement(fact, place_source, counted):
            continue
        held = best.get(fact.attribute)
        wins = held is None or _standing(fact, trust) > _standing(held, trust)
        if fact.attribute in JOINED and held is not None:
            best[fact.attribute] = replace(fact if wins else held, value=_joined(fact.value, held.value))
        elif wins:
            best[fact.attribute] = fact
    return tuple(best[name] for name in ATTRIBUTES if name in best)


def _joined(one: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*one, *other}))


def _same_statement(fact: Fact, place: Fact, facts: Sequence[Fact]) -> bool:
    """Whether both are of one statement; the country may come from elsewhere when that statement leaves it out."""
    if _statement(fact) == _statement(place):
        return True
    return fact.attribute == "country" and not any(
        f.attribute == "country" and _statement(f) == _statement(place) for f in facts
    )


def _statement(fact: Fact) -> tuple[str, str, datetime]:
    return fact.source_id, fact.cause_id, fact.known_from


def _standing(fact: Fact, trust: Mapping[str, str]) -> tuple[Any, ...]:
    """Sorts facts of one attribute: the greatest wins; the last parts only make ties independent of order."""
    is_register = not fact.cause_id and trust.get(fact.source_id, "register") == "register"
    when = fact.valid_from or fact.known_from.date()
    return is_register, when, fact.known_from, fact.confidence, fact.source_id, fact.cause_id, str(fact.value)


def with_facts(organization: Organization, facts: Iterable[Fact]) -> Organization:
    """The organisation as it is if ``facts`` are right: they replace what we knew, whoever said it.

    A new place replaces the old one as a whole.
    """
    new = {f.attribute: f for f in facts}
    gone = set(new) | (set(PLACE) - {"country"} if set(new) & set(PLACE) else set())
    kept = {f.attribute: f for f in organization.facts if f.attribute not in gone}
    parts = {f.attribute: f for f in organization.facts if f.attribute in JOINED & set(new)}
    joined = kept | new | {k: replace(new[k], value=_joined(new[k].value, old.value)) for k, old in parts.items()}
    return replace(organization, facts=tuple(joined[name] for name in ATTRIBUTES if name in joined))


def without(organization: Organization, attributes: Iterable[str], *, instead: Organization | None) -> Organization:
    """The organisation with these attributes as they are in ``instead`` (unknown when it has none)."""
    gone = set(attributes)
    old = instead.facts if instead is not None else ()
    facts = {f.attribute: f for f in organization.facts if f.attribute not in gone}
    facts |= {f.attribute: f for f in old if f.attribute in gone}
    return replace(organization, facts=tuple(facts[name] for name in ATTRIBUTES if name in facts))
