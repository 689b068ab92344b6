"""How an event grows by another telling of it: sources, modality, roles, values. Compares nothing; pure.

Every value remembers which document told it, as long as only one did, so that a corrected document can take its word
back (``corrections.py``).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from salestrigger.matchers.near_copies import COPY_SIMILARITY, similarity
from salestrigger.matchers.same_event import CLOSED, PARTIAL, core_name, kin_of, last_told, states_one_side
from salestrigger.matchers.types import Attribute, Event, EventSource, Modality, Role

FORWARD: tuple[Modality, ...] = ("rumour", "planned", "announced", "in_progress", "completed")


def with_origins(event: Event) -> Event:
    """The event of one document with that document noted on each of its values."""
    if len(event.sources) != 1 or all(a.document_id for a in event.attributes):
        return event
    key = event.sources[0].document_id
    noted = tuple(a if a.document_id else dataclasses.replace(a, document_id=key) for a in event.attributes)
    return dataclasses.replace(event, attributes=noted)


def grow(held: Event, event: Event) -> Event:
    """The held event with what the other adds."""
    sources = _sources(held.sources, event.sources)
    more = len({s.copy_group for s in sources}) > held.independent_sources
    confidence = max(held.confidence, event.confidence)
    better, other = (held, event) if _is_better(held, event) else (event, held)
    alike = better.type == other.type and not states_one_side(other)
    return dataclasses.replace(
        held,
        type=better.type,
        modality=_modality(held, event),
        roles=_roles(better.roles, other.roles, alike=alike),
        attributes=_attributes(held.attributes, event.attributes),
        confidence=round(min(0.99, confidence + 0.04), 3) if more else confidence,
        sources=sources,
        event_on=held.event_on or event.event_on,
        effective_on=event.effective_on or held.effective_on,
        precision=held.precision or event.precision,
    )


def _is_better(one: Event, other: Event) -> bool:
    """Whether the first of two tellings of kin types says more; a type says no more than itself, both parties more than
    one."""
    if states_one_side(one) != states_one_side(other):
        return states_one_side(other)
    family = kin_of(one.type)
    return one.type == other.type or family.index(one.type) < family.index(other.type)


def _sources(held: Sequence[EventSource], new: Sequence[EventSource]) -> tuple[EventSource, ...]:
    """By document; one that is read again (corrected) takes its old place. A near copy joins the group of its like."""
    found = {source.document_id: source for source in held}
    for source in new:
        group = next(
            (s.copy_group for s in found.values() if _copies(s.copy_group, source.copy_group)), source.copy_group
        )
        found[source.document_id] = dataclasses.replace(source, copy_group=group)
    return tuple(sorted(found.values(), key=lambda s: (s.published_at, s.document_id)))


def _copies(one: str, other: str) -> bool:
    return one == other or similarity(one, other) >= COPY_SIMILARITY


def _modality(held: Event, event: Event) -> Modality:
    """Forward only; what was said last closes. A late copy of an old telling changes nothing."""
    return _forward(held.modality, event.modality, later=last_told(event) >= last_told(held))


def _forward(held: Modality, said: Modality, *, later: bool) -> Modality:
    if said in CLOSED:
        return said if later else held
    if held in CLOSED:
        return held
    return max(held, said, key=FORWARD.index)


def modality_of(sources: Sequence[EventSource]) -> Modality:
    """How final an event is by what its sources say, in the order of publication."""
    first, *rest = sorted(sources, key=lambda s: (s.published_at, s.document_id))
    modality = first.modality
    for source in rest:
        modality = _forward(modality, source.modality, later=True)
    return modality


def _roles(held: Sequence[Role], new: Sequence[Role], *, alike: bool) -> tuple[Role, ...]:
    """The held roles with what they lacked: holders of empty roles, and organisations found for names that had none.

    Not ``alike``: the tellings are of kin types, and the parts of the lesser one are parts of another story.
    """
    found = list(held)
    for role in new:
        named = (i for i, r in enumerate(found) if (r.name == role.name or not alike) and _same_holder(r, role))
        twin = next(named, None)
        if twin is None and alike and (role.name in PARTIAL or all(r.name != role.name for r in held)):
            found.append(role)
        elif twin is not None and found[twin].organization_id is None and role.organization_id is not None:
            found[twin] = dataclasses.replace(
                found[twin], organization_id=role.organization_id, probability=role.probability, decision=role.decision
            )
    return tuple(found)


def _same_holder(one: Role, other: Role) -> bool:
    if one.organization_id and other.organization_id:
        return one.organization_id == other.organization_id
    return core_name(one.surface) == core_name(other.surface)


def _attributes(held: Sequence[Attribute], new: Sequence[Attribute]) -> tuple[Attribute, ...]:
    """All values that were told, each once, the first telling's first; one that several told is no document's own."""
    found: dict[tuple[str, str, str | None], Attribute] = {}
    for attribute in (*held, *new):
        key = (attribute.key, attribute.value.casefold(), attribute.unit)
        first = found.setdefault(key, attribute)
        if first.document_id != attribute.document_id:
            found[key] = dataclasses.replace(first, document_id="")
    return tuple(found.values())
