"""What analysing found, back from its rows: events, fits and triggers as the values of ``matchers``. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from salestrigger.matchers.types import (
    Attribute,
    CriterionFit,
    Event,
    EventSource,
    Evidence,
    Fit,
    RankTerm,
    Role,
    Trigger,
)
from salestrigger.warehouse.collected_values import aware


def event_from_rows(
    row: Mapping[str, Any],
    roles: list[dict[str, Any]],
    attributes: list[dict[str, Any]],
    sources: list[dict[str, Any]],
) -> Event:
    """The whole event that a row of ``events`` and its children hold."""
    return Event(
        event_id=row["event_id"],
        type=row["type"],
        modality=row["modality"],
        roles=tuple(_role(r) for r in roles),
        attributes=tuple(
            Attribute(a["attribute"], a["value"], a["unit"], a["char_start"], a["char_end"], a["document_id"] or "")
            for a in attributes
        ),
        quote=row["quote"],
        quote_span=(row["quote_start"], row["quote_end"]),
        sentence=(row["sentence_start"], row["sentence_end"]),
        confidence=row["confidence"],
        language=row["language"],
        sources=tuple(_source(s) for s in sources),
        event_on=row["event_on"],
        effective_on=row["effective_on"],
        precision=row["event_precision"],
        evidence=tuple(Evidence(**e) for e in json.loads(row["evidence"])),
        merged_into=row["merged_into_id"],
    )


def _role(row: Mapping[str, Any]) -> Role:
    return Role(
        name=row["role"],
        surface=row["surface"],
        start=row["char_start"],
        end=row["char_end"],
        mention_id=row["mention_id"],
        organization_id=row["organization_id"],
        probability=row["probability"],
        decision=row["decision"],
    )


def _source(row: Mapping[str, Any]) -> EventSource:
    return EventSource(
        document_id=row["document_id"],
        url=row["url"],
        title=row["title"],
        source_id=row["source_id"],
        publisher=row["publisher"],
        published_at=aware(row["published_at"]),
        quote=row["quote"],
        copy_group=row["copy_group"],
        modality=row["modality"],
    )


def fit_from_row(row: Mapping[str, Any]) -> Fit:
    """The fit that a row of ``fits`` holds."""
    return Fit(
        organization_id=row["organization_id"],
        profile=row["profile"],
        profile_version=row["profile_version"],
        lower=row["fit_lower"],
        upper=row["fit_upper"],
        verdict=row["verdict"],
        criteria=tuple(_criterion(c) for c in json.loads(row["criteria"])),
    )


def _criterion(stored: Mapping[str, Any]) -> CriterionFit:
    as_of = stored["as_of"]
    return CriterionFit(**{**stored, "as_of": date.fromisoformat(as_of) if as_of else None})


def trigger_from_row(row: Mapping[str, Any]) -> Trigger:
    """The trigger that its row and the row of its version hold."""
    before = None
    if row["verdict_before"] is not None:
        before = fit_from_row(
            {
                "organization_id": row["organization_id"],
                "profile": row["profile"],
                "profile_version": row["profile_version_before"],
                "verdict": row["verdict_before"],
                "fit_lower": row["fit_lower_before"],
                "fit_upper": row["fit_upper_before"],
                "criteria": row["criteria_before"],
            }
        )
    return Trigger(
        trigger_id=row["trigger_id"],
        event_id=row["event_id"],
        change_id=row["change_id"],
        organization_id=row["organization_id"],
        role=row["role"],
        profile=row["profile"],
        profile_version=row["profile_version"],
        effect=row["effect"],
        cause=row["cause"],
        fit_before=before,
        fit_after=fit_from_row(row),
        flipped=row["flipped"],
        valid_from=row["valid_from_on"],
        valid_until=row["valid_until_on"],
        rank=row["rank"],
        rank_terms=tuple(RankTerm(**term) for term in json.loads(row["rank_terms"])),
        held_back=row["held_back"],
        why_now=row["why_now"],
        due_on=row["due_on"],
    )
