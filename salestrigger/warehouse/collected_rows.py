"""What a source yielded, as rows of staging relations, and an OrgRecord back from its row. Pure.

Nothing here knows SQL; the shapes are those of ``staging``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from salestrigger.matchers.types import Fact
from salestrigger.sources.collect import SourceOutcome
from salestrigger.sources.record_columns import addresses_text, industries_text, names_text, other_ids_text
from salestrigger.sources.records import (
    Document,
    Identifier,
    OrgChange,
    OrgRecord,
    content_id,
)
from salestrigger.sources.spec import SourceSpec
from salestrigger.warehouse.staging import to_json

#: How long a person's name is kept: the event's quote and the name expire together (usual
#: practice is 12 to 18 months after the event; we take the shorter).
PERSON_KEPT_DAYS = 365

Row = dict[str, Any]


def source_row(spec: SourceSpec) -> Row:
    """A source as declared."""
    return {
        "source_id": spec.id,
        "title": spec.title,
        "adapter": spec.adapter,
        "url": spec.url,
        "trust": spec.trust,
        "country": spec.country,
        "language": spec.language,
        "licence": spec.licence,
        "terms_url": spec.terms_url,
        "personal_data": spec.personal_data,
        "retention_days": spec.retention_days,
        "expected_per_day": spec.per_day,
    }


def source_run_row(outcome: SourceOutcome, counts: Mapping[str, int]) -> Row:
    """One collection; ``counts`` are the ``new_…``, ``edited_…`` and ``changed_…`` columns."""
    collected = outcome.collected
    return {
        "source_id": outcome.source_id,
        "status": outcome.status,
        "reason": outcome.reason,
        "cursor": to_json(dict(collected.cursor)),
        "started_at": outcome.started_at,
        "duration_seconds": outcome.seconds,
        "request_count": outcome.requests,
        "received_bytes": outcome.bytes,
        "document_count": len(collected.documents),
        "set_aside_count": len(collected.set_aside),
        "record_count": collected.record_count,
        "change_count": len(collected.changes),
        "removed_count": len(collected.removed),
        "notes": to_json(list(collected.notes)),
        **counts,
    }


def document_rows(documents: Iterable[Document], ref: str | None) -> Iterator[Row]:
    """Documents without their bodies; ``ref`` is where the raw store has those."""
    for position, document in enumerate(documents):
        yield {
            "position": position,
            "document_id": document.document_id,
            "source_id": document.source_id,
            "document_key": document.key,
            "url": document.url,
            "title": document.title,
            "language": document.language,
            "kind": document.kind,
            "publisher": document.publisher,
            "issuer": document.issuer,
            "identifiers": to_json([str(i) for i in document.identifiers]),
            "published_at": document.published_at,
            "edited_at": document.updated_at,
            "fetched_at": document.fetched_at,
            "content_hash": content_id("text", document.title, document.text),
            "outcome": None,
            "raw_ref": ref,
        }


def set_aside_rows(outcome: SourceOutcome, now: datetime) -> Iterator[Row]:
    """What could not be read, as documents that only have a key and a reason."""
    for position, (key, reason) in enumerate(outcome.collected.set_aside):
        yield {
            "position": position,
            "document_id": content_id("doc", outcome.source_id, key),
            "source_id": outcome.source_id,
            "document_key": key,
            "url": key if key.startswith(("http://", "https://")) else "",
            "title": "",
            "language": None,
            "kind": "news",
            "publisher": None,
            "issuer": None,
            "identifiers": "[]",
            "published_at": None,
            "edited_at": None,
            "fetched_at": now,
            "content_hash": "",
            "outcome": reason,
            "raw_ref": outcome.documents_ref,
        }


def record_rows(records: Iterable[OrgRecord]) -> Iterator[Row]:
    """Organisation records, one row each."""
    for position, record in enumerate(records):
        row = _record_content(record)
        row |= {"position": position, "source_id": record.source_id, "fetched_at": record.fetched_at}
        row["content_hash"] = ""  # of all that it states: hashed_records.sql fills it in
        yield row


def _record_content(record: OrgRecord) -> Row:
    employees, revenue = record.employees, record.revenue
    return {
        "record_id": record.record_id,
        "scheme": record.scheme,
        "identifier": record.identifier,
        "name": record.name,
        "names": names_text(record.names),
        "country": record.country,
        "legal_form": record.legal_form,
        "addresses": addresses_text(record),
        "industries": industries_text(record),
        "employees_low": employees.low if employees else None,
        "employees_high": employees.high if employees else None,
        "employees_on": employees.as_of if employees else None,
        "revenue_amount": revenue.amount if revenue else None,
        "revenue_currency": revenue.currency if revenue else None,
        "revenue_year": record.revenue_year,
        "website": record.website,
        "status": record.status,
        "status_on": record.status_on,
        "founded_on": record.founded_on,
        "registered_on": record.registered_on,
        "parent_id": str(record.parent) if record.parent else None,
        "other_ids": other_ids_text(record),
        "description": record.description,
        "has_marketing_block": record.marketing_block,
        "is_sole_proprietor": record.is_sole_proprietor,
        "relation": record.relation,
    }


def identifier_rows(records: Iterable[OrgRecord]) -> Iterator[Row]:
    """Every official number that the records state."""
    for record in records:
        own = Identifier(record.scheme, record.identifier)
        for identifier in dict.fromkeys((own, *record.other_ids)):
            yield {
                "record_id": record.record_id,
                "scheme": identifier.scheme,
                "identifier": identifier.value,
                "full_id": str(identifier),
                "is_own": identifier == own,
            }


def name_rows(records: Iterable[OrgRecord]) -> Iterator[Row]:
    """Every name that the records state."""
    for record in records:
        for position, name in enumerate(record.names):
            yield {
                "record_id": record.record_id,
                "name": name.text,
                "kind": name.kind,
                "position": position,
                "valid_from_on": name.valid_from,
                "valid_to_on": name.valid_to,
            }


def change_rows(changes: Iterable[OrgChange]) -> Iterator[Row]:
    """Register changes; those about roles may name persons, so their values expire."""
    for position, change in enumerate(changes):
        kept = timedelta(days=PERSON_KEPT_DAYS)
        yield {
            "position": position,
            "change_id": change.change_id,
            "record_id": change.record_id,
            "field": change.field,
            "before_value": change.before,
            "after_value": change.after,
            "effective_on": change.effective_on,
            "published_at": change.published_at,
            "source_id": change.source_id,
            "url": change.url,
            "details": to_json(dict(change.details)),
            "expires_on": change.published_at.date() + kept if change.field == "roles" else None,
        }


def fact_row(organization_id: str, fact: Fact, *, record_id: str | None) -> Row:
    """One fact; ``value_type`` says how to read the value back."""
    kind, value = encode_value(fact.value)
    return {
        "organization_id": organization_id,
        "record_id": record_id,
        "attribute": fact.attribute,
        "value": value,
        "value_type": kind,
        "valid_from_on": fact.valid_from,
        "known_from_at": fact.known_from,
        "source_id": fact.source_id,
        "confidence": fact.confidence,
        "cause_id": fact.cause_id,
    }


def encode_value(value: Any) -> tuple[str, str]:
    """(value_type, JSON) of a fact's value.

    Raises:
        TypeError: a fact may not hold such a value.
    """
    from decimal import Decimal

    kinds: tuple[tuple[type, str], ...] = (
        (bool, "boolean"), (int, "integer"), (float, "number"), (Decimal, "decimal"), (date, "date"),
        (tuple, "list"), (str, "text"),
    )  # fmt: skip
    for kind, name in kinds:  # bool before int: True is an int
        if isinstance(value, kind):
            return name, to_json(value)
    raise TypeError(f"a fact cannot hold {value!r} ({type(value).__name__})")
