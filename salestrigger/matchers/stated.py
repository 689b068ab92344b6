"""Events that a source states in fields of its own → the same Event as reading a text would give. Nothing is read here.

An award notice names buyer and winner in fields, an 8-K its items by number: what they state is taken as it is. A role
still has to stand in the document's own title or text; one that does not is left out, and an event without any role is
none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.lexicon import Lexicon
from salestrigger.matchers.quotes import QUOTE_LIMIT
from salestrigger.matchers.types import Attribute, Event, EventSource, Evidence, Mention, Modality, Precision, Role
from salestrigger.sources.records import Document, StatedEvent, StatedRole, content_id

#: as a register's own change: what can still be wrong is the source's form, not our reading
CONFIDENCE = 0.97


def stated_events(
    document: Document, index: OrganizationIndex, lexicon: Lexicon, *, language: str
) -> tuple[tuple[Event, ...], tuple[Mention, ...]]:
    """The events that ``document`` states, and the mentions of the organisations that have a part in them.

    A type, role, modality or precision that is not known is left out.
    """
    events, mentions = [], {}
    for number, stated in enumerate(document.stated):
        known = lexicon.types.get(stated.type)
        if known is None or stated.modality not in get_args(Modality) or stated.precision not in get_args(Precision):
            continue
        parts = {*known.roles, known.unsaid}
        placed = [pair for role in stated.roles if role.role in parts for pair in _placed(document, index, role)]
        if placed:
            mentions.update({mention.mention_id: mention for mention, _ in placed})
            events.append(_event(document, stated, tuple(role for _, role in placed), number=number, language=language))
    return tuple(events), tuple(sorted(mentions.values(), key=lambda m: (m.start, m.end)))


def _placed(document: Document, index: OrganizationIndex, role: StatedRole) -> Iterator[tuple[Mention, Role]]:
    """The mention of a stated role and the role itself, when its name stands in the document."""
    start = f"{document.title}\n{document.text}".find(role.name) if role.name else -1
    if start < 0:
        return
    end = start + len(role.name)
    by_number = index.ids_by_identifier(str(role.identifier)) if role.identifier else ()
    mention_id = content_id("men", document.document_id, str(start), str(end))
    mention = Mention(
        mention_id=mention_id,
        document_id=document.document_id,
        text=role.name,
        start=start,
        end=end,
        prominence="title" if start <= len(document.title) else "lead",
        basis="given",
        candidates=by_number or index.ids_named(role.name),
    )
    yield mention, Role(role.role, role.name, start, end, mention_id)


def _event(document: Document, stated: StatedEvent, roles: tuple[Role, ...], *, number: int, language: str) -> Event:
    modality: Modality = stated.modality  # type: ignore[assignment]  # checked by the caller against the allowed ones
    precision: Precision = stated.precision  # type: ignore[assignment]  # likewise
    when = document.published_at or document.fetched_at
    ahead = stated.event_on is not None and stated.event_on > when.date()
    quote = document.title[:QUOTE_LIMIT]
    source = EventSource(
        document.document_id, document.url, document.title, document.source_id, document.publisher or "", when, quote,
        document.document_id, modality,
    )  # fmt: skip
    return Event(
        event_id=content_id("evt", document.document_id, stated.type, str(number)),
        type=stated.type,
        modality=modality,
        roles=roles,
        attributes=tuple(_attributes(stated)),
        quote=quote,
        quote_span=(0, len(quote)),
        sentence=(0, len(document.title)),
        confidence=CONFIDENCE,
        language=language,
        sources=(source,),
        event_on=None if ahead else stated.event_on,
        effective_on=stated.event_on if ahead else None,
        precision=precision if stated.event_on else None,
        evidence=(Evidence("stated", stated.type, 1.0, "the source states it in fields of its own"),),
    )


def _attributes(stated: StatedEvent) -> Iterator[Attribute]:
    if stated.amount is not None:
        yield Attribute("amount", f"{stated.amount.amount.normalize():f}", stated.amount.currency)
        yield Attribute("currency", stated.amount.currency)
    yield from (Attribute(key, value) for key, value in stated.attributes)
