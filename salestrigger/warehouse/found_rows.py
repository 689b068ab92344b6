"""What analysing found, as rows of staging relations. Pure.

Quotes are cut to 150 characters here whatever the matchers say: it is the legal limit of what we keep of a text.
Personal names are kept only as the attribute ``person``, with the day they expire on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from salestrigger.matchers.corrections import EventChange
from salestrigger.matchers.types import Detection, Event, Evidence, Fit, FitChange, Trigger
from salestrigger.sources.records import content_id
from salestrigger.warehouse.collected_rows import PERSON_KEPT_DAYS, Row
from salestrigger.warehouse.staging import to_json

if TYPE_CHECKING:
    from salestrigger.matchers.analyse import FunnelCount
    from salestrigger.matchers.second_reader import SecondReading

#: Characters of a text that may be quoted (Rechtbank Amsterdam 30 October 2024, ECLI:NL:RBAMS:2024:6563).
QUOTE_LIMIT = 150

#: The attributes of an event that may be a person's name.
PERSON_ATTRIBUTES = frozenset({"person", "previous_person"})


def quote_of(text: str) -> str:
    """At most :data:`QUOTE_LIMIT` characters."""
    return text if len(text) <= QUOTE_LIMIT else text[: QUOTE_LIMIT - 1].rstrip() + "…"


def analysed_rows(detections: Iterable[Detection]) -> Iterator[Row]:
    """What became of each document."""
    for detection in detections:
        yield {
            "document_id": detection.document_id,
            "language": detection.language or None,
            "outcome": detection.outcome,
            "signature": detection.signature,
        }


def mention_rows(detections: Iterable[Detection]) -> Iterator[Row]:
    """Every mention of every document."""
    for mention in (m for d in detections for m in d.mentions):
        yield {
            "mention_id": mention.mention_id,
            "document_id": mention.document_id,
            "mention": mention.text,
            "char_start": mention.start,
            "char_end": mention.end,
            "prominence": mention.prominence,
            "basis": mention.basis,
            "candidates": to_json(list(mention.candidates)),
        }


def match_rows(detections: Iterable[Detection]) -> Iterator[Row]:
    """Every match of every document."""
    for document_id, match in ((d.document_id, m) for d in detections for m in d.matches.values()):
        yield {
            "mention_id": match.mention_id,
            "document_id": document_id,
            "organization_id": match.organization_id,
            "probability": match.probability,
            "decision": match.decision,
            "runner_up_id": match.runner_up_id,
            "margin": match.margin,
            "namesakes_count": match.namesakes,
            "evidence": _evidence(match.evidence),
        }


def _evidence(evidence: Sequence[Evidence]) -> str:
    return to_json([asdict(e) for e in evidence])


def event_rows(events: Iterable[Event]) -> Iterator[Row]:
    """Events without their roles, attributes and sources."""
    for event in events:
        yield {
            "event_id": event.event_id,
            "type": event.type,
            "modality": event.modality,
            "quote": quote_of(event.quote),
            "quote_start": event.quote_span[0],
            "quote_end": event.quote_span[1],
            "sentence_start": event.sentence[0],
            "sentence_end": event.sentence[1],
            "confidence": event.confidence,
            "language": event.language,
            "event_on": event.event_on,
            "effective_on": event.effective_on,
            "event_precision": event.precision,
            "evidence": _evidence(event.evidence),
            "merged_into_id": event.merged_into,
        }


def role_rows(events: Iterable[Event]) -> Iterator[Row]:
    """Who has which part."""
    for event in events:
        for position, role in enumerate(event.roles):
            yield {
                "event_id": event.event_id,
                "position": position,
                "role": role.name,
                "surface": role.surface,
                "char_start": role.start,
                "char_end": role.end,
                "mention_id": role.mention_id,
                "organization_id": role.organization_id,
                "probability": role.probability,
                "decision": role.decision,
            }


def attribute_rows(events: Iterable[Event]) -> Iterator[Row]:
    """Values of events; a person's name expires a year after the first text about it."""
    for event in events:
        first = min((s.published_at for s in event.sources), default=None)
        expires_on = first.date() + timedelta(days=PERSON_KEPT_DAYS) if first else None
        for position, attribute in enumerate(event.attributes):
            yield {
                "event_id": event.event_id,
                "position": position,
                "attribute": attribute.key,
                "value": attribute.value,
                "unit": attribute.unit,
                "char_start": attribute.start,
                "char_end": attribute.end,
                "expires_on": expires_on if attribute.key in PERSON_ATTRIBUTES else None,
                "document_id": attribute.document_id or None,
            }


def event_source_rows(events: Iterable[Event]) -> Iterator[Row]:
    """Which documents and register changes tell of events."""
    for event in events:
        for position, source in enumerate(event.sources):
            yield {
                "event_id": event.event_id,
                "position": position,
                "document_id": source.document_id,
                "url": source.url,
                "title": source.title,
                "source_id": source.source_id,
                "publisher": source.publisher,
                "published_at": source.published_at,
                "quote": quote_of(source.quote),
                "copy_group": source.copy_group,
                "modality": source.modality,
            }


def fit_rows(fits: Iterable[Fit]) -> Iterator[Row]:
    """Fits with their criteria."""
    for fit in fits:
        yield {
            "organization_id": fit.organization_id,
            "profile": fit.profile,
            "profile_version": fit.profile_version,
            **_fit(fit, ""),
        }


def _fit(fit: Fit | None, suffix: str) -> Row:
    return {
        f"verdict{suffix}": fit.verdict if fit else None,
        f"fit_lower{suffix}": fit.lower if fit else None,
        f"fit_upper{suffix}": fit.upper if fit else None,
        f"criteria{suffix}": to_json([asdict(c) for c in fit.criteria]) if fit else None,
    }


def fit_change_rows(changes: Iterable[FitChange]) -> Iterator[Row]:
    """Verdicts that changed without anything having happened."""
    for change in changes:
        yield {
            "organization_id": change.organization_id,
            "profile": change.profile,
            "profile_version": change.after.profile_version,
            "cause": change.cause,
            **_fit(change.before, "_before"),
            **_fit(change.after, ""),
        }


def trigger_rows(triggers: Iterable[Trigger]) -> Iterator[Row]:
    """Triggers with all that may change about them, and the hash of it."""
    for trigger in triggers:
        content: Row = {
            "profile_version": trigger.profile_version,
            "effect": trigger.effect,
            "cause": trigger.cause,
            "profile_version_before": trigger.fit_before.profile_version if trigger.fit_before else None,
            **_fit(trigger.fit_before, "_before"),
            **_fit(trigger.fit_after, ""),
            "flipped": trigger.flipped,
            "valid_from_on": trigger.valid_from,
            "valid_until_on": trigger.valid_until,
            "rank": trigger.rank,
            "rank_terms": to_json([asdict(t) for t in trigger.rank_terms]),
            "held_back": trigger.held_back,
            "why_now": trigger.why_now,
            "due_on": trigger.due_on,
        }
        yield {
            "trigger_id": trigger.trigger_id,
            "event_id": trigger.event_id,
            "change_id": trigger.change_id,
            "organization_id": trigger.organization_id,
            "role": trigger.role,
            "profile": trigger.profile,
            **content,
            "content_hash": content_id("tv", to_json(content)),
        }


def count_rows(funnel: Iterable[FunnelCount]) -> Iterator[Row]:
    """The funnel of a run."""
    for count in funnel:
        yield {
            "profile": count.profile,
            "stage": count.stage,
            "reason": count.reason,
            "unit_count": count.count,
        }


def outcome_rows(outcomes: Iterable[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """What became of each register change."""
    for change_id, outcome in outcomes:
        yield {"change_id": change_id, "outcome": outcome}


def event_change_rows(history: Iterable[EventChange]) -> Iterator[Row]:
    """What happened to events after they were first told."""
    for change in history:
        yield {
            "event_id": change.event_id,
            "kind": change.kind,
            "detail": change.detail,
            "document_id": change.document_id,
        }


def reading_rows(readings: Iterable[SecondReading]) -> Iterator[Row]:
    """What became of each document that a second reader was to read."""
    for reading in readings:
        yield {
            "document_id": reading.document_id,
            "mode": reading.mode,
            "model": reading.model,
            "why": reading.why,
            "outcome": reading.outcome,
            "is_cached": reading.is_cached,
            "input_token_count": reading.input_tokens,
            "output_token_count": reading.output_tokens,
            "cost": reading.cost,
        }


def difference_rows(readings: Iterable[SecondReading]) -> Iterator[Row]:
    """Where a second reader differs from the rules."""
    for reading in readings:
        for position, difference in enumerate(reading.differences):
            yield {
                "document_id": reading.document_id,
                "position": position,
                "kind": difference.kind,
                "event_type": difference.event_type,
                "rules_say": difference.rules,
                "reader_says": difference.reader,
            }
