"""The shape of every staging relation: the columns that a MERGE reads, as Arrow schemas.

Rows are dicts from ``collected_rows`` and ``found_rows``; here they become columns in bulk. Texts come from anywhere,
so what no database can hold (a lone surrogate) is replaced, never dropped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pyarrow as pa

#: how a column of a staging relation is spelled below
_TYPES: Mapping[str, pa.DataType] = {
    "text": pa.string(),
    "json": pa.string(),  # MERGE casts it: DuckDB has no Arrow type for JSON
    "int": pa.int64(),
    "number": pa.float64(),
    "money": pa.decimal128(24, 2),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "time": pa.timestamp("us"),
}

_SHAPES: Mapping[str, str] = {
    "staged_source": """
        source_id text, title text, adapter text, url text, trust text, country text, language text,
        licence text, terms_url text, personal_data text, retention_days int, expected_per_day number""",
    "staged_source_run": """
        source_id text, status text, reason text, cursor json, started_at time, duration_seconds number,
        request_count int, received_bytes int, document_count int, new_document_count int,
        edited_document_count int, set_aside_count int, record_count int, changed_record_count int,
        change_count int, new_change_count int, removed_count int, notes json""",
    "staged_profiles": "profile text, profile_version text, content json",
    "staged_documents": """
        position int, document_id text, source_id text, document_key text, url text, title text, language text,
        kind text, publisher text, issuer text, identifiers json, published_at time, edited_at time,
        fetched_at time, content_hash text, outcome text, raw_ref text""",
    "staged_records": """
        position int, record_id text, scheme text, identifier text, name text, names json, country text,
        legal_form text, addresses json, industries json, employees_low int, employees_high int,
        employees_on date, revenue_amount money, revenue_currency text, revenue_year int, website text,
        status text, status_on date, founded_on date, registered_on date, parent_id text, other_ids json,
        description text, has_marketing_block bool, is_sole_proprietor bool, relation text, source_id text,
        fetched_at time, content_hash text""",
    "staged_bulk": """
        position int, record_id text, scheme text, identifier text, name text, names json, country text,
        legal_form text, addresses json, industries json, employees_low int, employees_high int,
        employees_on date, revenue_amount money, revenue_currency text, revenue_year int, website text,
        status text, status_on date, founded_on date, registered_on date, parent_id text, other_ids json,
        description text, has_marketing_block bool, is_sole_proprietor bool, relation text, source_id text,
        fetched_at time, content_hash text, place_country text, place_region text, place_municipality text,
        place_municipality_code text, place_city text, place_postcode text, industry_codes text""",
    "staged_identifiers": "record_id text, scheme text, identifier text, full_id text, is_own bool",
    "staged_names": "record_id text, name text, kind text, position int, valid_from_on date, valid_to_on date",
    "staged_changes": """
        position int, change_id text, record_id text, field text, before_value text, after_value text,
        effective_on date, published_at time, source_id text, url text, details json, expires_on date""",
    "staged_links": "record_id text, organization_id text, basis text, probability number, is_new bool",
    "staged_joins": "record_id text, organization_id text, basis text, probability number",
    "staged_candidates": """
        record_id text, organization_id text, probability number, decision text, evidence text""",
    "staged_facts": """
        organization_id text, record_id text, attribute text, value json, value_type text, valid_from_on date,
        known_from_at time, source_id text, confidence number, cause_id text""",
    "staged_subjects": "organization_id text",
    "staged_owners": "level text, subject text, owner text, valid_from_on date, valid_to_on date, origin text",
    "staged_absences": "owner text, deputy text, from_on date, to_on date",
    "staged_removed": "record_id text, tombstone_id text",
    "staged_gone": "organization_id text",
    "staged_organizations": "organization_id text",
    "staged_plain": "organization_id text, record_id text",
    "staged_gone_events": "event_id text",
    "staged_gone_documents": "document_id text",
    "staged_ids": "record_id text",
    "staged_analysed": "document_id text, language text, outcome text, signature text",
    "staged_mentions": """
        mention_id text, document_id text, mention text, char_start int, char_end int, prominence text,
        basis text, candidates json""",
    "staged_matches": """
        mention_id text, document_id text, organization_id text, probability number, decision text,
        runner_up_id text, margin number, namesakes_count int, evidence json""",
    "staged_events": """
        event_id text, type text, modality text, quote text, quote_start int, quote_end int, sentence_start int,
        sentence_end int, confidence number, language text, event_on date, effective_on date,
        event_precision text, evidence json, merged_into_id text""",
    "staged_roles": """
        event_id text, position int, role text, surface text, char_start int, char_end int, mention_id text,
        organization_id text, probability number, decision text""",
    "staged_attributes": """
        event_id text, position int, attribute text, value text, unit text, char_start int, char_end int,
        expires_on date, document_id text""",
    "staged_event_sources": """
        event_id text, position int, document_id text, url text, title text, source_id text, publisher text,
        published_at time, quote text, copy_group text, modality text""",
    "staged_outcomes": "change_id text, outcome text",
    "staged_fits": """
        organization_id text, profile text, profile_version text, fit_lower number, fit_upper number,
        verdict text, criteria json""",
    "staged_fit_changes": """
        organization_id text, profile text, profile_version text, cause text, verdict_before text,
        fit_lower_before number, fit_upper_before number, verdict text, fit_lower number, fit_upper number,
        criteria json""",
    "staged_triggers": """
        trigger_id text, event_id text, change_id text, organization_id text, role text, profile text,
        profile_version text, effect text, cause text, profile_version_before text, verdict_before text,
        fit_lower_before number, fit_upper_before number, criteria_before json, verdict text, fit_lower number,
        fit_upper number, criteria json, flipped text, valid_from_on date, valid_until_on date, rank number,
        rank_terms json, held_back text, why_now text, due_on date, content_hash text""",
    "staged_counts": "profile text, stage text, reason text, unit_count int",
    "staged_told": "trigger_id text",
    "staged_event_changes": "event_id text, kind text, detail text, document_id text",
    "staged_readings": """
        document_id text, mode text, model text, why text, outcome text, is_cached bool, input_token_count int,
        output_token_count int, cost number""",
    "staged_differences": """
        document_id text, position int, kind text, event_type text, rules_say text, reader_says text""",
}


def _schema(shape: str) -> pa.Schema:
    pairs = (column.strip().rsplit(" ", 1) for column in shape.split(","))
    return pa.schema([(name, _TYPES[kind]) for name, kind in pairs])


def names() -> tuple[str, ...]:
    """Every staging relation there is."""
    return tuple(_SHAPES)


def staged(name: str, rows: Iterable[Mapping[str, Any]]) -> dict[str, pa.Table]:
    """``{name: rows as columns}``, ready for :meth:`Warehouse.staged`; every row has the shape's columns."""
    schema = _schema(_SHAPES[name])
    held = list(rows)
    arrays = [_array([row[field.name] for row in held], field.type) for field in schema]
    return {name: pa.Table.from_arrays(arrays, schema=schema)}


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    """A column; only kinds whose values may need it are looked at one by one."""
    if pa.types.is_timestamp(kind) or pa.types.is_decimal(kind):
        return pa.array([storable(value) for value in values], type=kind)
    try:
        return pa.array(values, type=kind)
    except UnicodeEncodeError:  # a lone surrogate somewhere
        return pa.array([storable(value) for value in values], type=kind)


def storable(value: Any) -> Any:
    """The value as a column takes it: UTC times without zone, texts without lone surrogates, cents for money."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, Decimal):
        return value.quantize(Decimal("0.01"))
    return value


def to_json(value: Any) -> str:
    """Canonical JSON: equal values give equal text, so that "did it change?" is a comparison of texts.

    Dates become ISO text, decimals plain text, a lone surrogate a question mark.
    """
    text = _encoder().encode(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


@cache
def _encoder() -> json.JSONEncoder:
    return json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_plain, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"cannot store {value!r} ({type(value).__name__})")


def chunk_ids(ids: Sequence[str]) -> dict[str, pa.Table]:
    """A staging relation of record ids."""
    return staged("staged_ids", ({"record_id": value} for value in sorted(set(ids))))


def staged_organizations(ids: Iterable[str]) -> dict[str, pa.Table]:
    """A staging relation of organisation ids."""
    return staged("staged_organizations", ({"organization_id": value} for value in sorted(set(ids))))
