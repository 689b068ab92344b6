"""Why: the chain behind a trigger, and where a document that made none was lost.

::

    explain:        source ─► document ─► quote ─► match ─► event ─► fit ─► rank ─► told
    explain_missed: source ─► document ─► mentions ─► events ─► triggers (the step where it ended)

Everything is read from what was stored; nothing is computed again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from salestrigger.sources.errors import UsageError
from salestrigger.sources.text import canonical_url
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.report_rows import parsed

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain."""

    stage: str  #: source, document, match, event, fit, rank, told, lost …
    says: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """A chain from source to result."""

    subject: str  #: what is explained
    steps: tuple[Step, ...]

    def lines(self) -> tuple[str, ...]:
        """The chain as plain text, details indented; control characters are shown as spaces."""
        return tuple(_plain(line) for line in self._lines())

    def _lines(self) -> Iterator[str]:
        yield self.subject
        for step in self.steps:
            yield f"  {step.stage}: {step.says}"
            yield from (f"      {detail}" for detail in step.details)


def _plain(line: str) -> str:
    """Texts from the web may carry terminal codes: only printable characters stay."""
    return "".join(character if character.isprintable() else " " for character in line)


def explain(wh: Warehouse, trigger_id: str) -> Explanation:
    """The chain behind a trigger, as it stands now.

    Raises:
        UsageError: there is no such trigger.
    """
    found = parsed(wh.rows("trigger_by_id", {"trigger_id": trigger_id}))
    if not found:
        raise UsageError(f"unknown trigger {trigger_id!r}; allowed: a trigger_id of the view trigger_feed")
    row = found[0]
    subject = f"{row['company'] or row['mention']}: {row['effect']} ({row['event_type']}, profile {row['profile']})"
    steps = (*_origin(row), _match(row), *_event(wh, row), _fit(row), _rank(row), *_told(wh, trigger_id))
    return Explanation(subject, tuple(step for step in steps if step is not None))


def _origin(row: Row) -> Iterator[Step]:
    """The texts and the register entry that tell of it."""
    for source in row["sources"]:
        quote = (f"“{source['quote']}”",) if source["quote"] else ()
        yield Step(
            "source",
            f"{source['publisher'] or source['source_id']} ({source['source_id']}), {source['published_at']}",
            (f"{source['title']} {source['url']}".strip(), *quote),
        )
    if row["change_field"]:
        before, after = row["change_before"] or "not stated", row["change_after"] or "nothing"
        when = f", effective {row['effective_on']}" if row["effective_on"] else ""
        yield Step("register change", f"{row['change_field']}: {before} → {after}{when}", _some(row["change_url"]))


def _match(row: Row) -> Step:
    identifiers = ", ".join(row["identifiers"]) or "no number known"
    if row["match_probability"] is None:
        return Step("match", f"the register itself names {row['company']} ({identifiers})")
    evidence = tuple(f"{e['says']} ({e['weight']:+.2f})" for e in row["match_evidence"])
    rival = f"; next best {row['runner_up']}" if row["runner_up"] else ""
    return Step(
        "match",
        f"“{row['mention']}” is {row['company']} ({identifiers}): {row['match_decision']}, "
        f"probability {row['match_probability']:.2f}, {row['namesakes_count']} namesakes{rival}",
        evidence,
    )


def _event(wh: Warehouse, row: Row) -> Iterator[Step]:
    if row["event_id"] is None:
        return
    stored = wh.rows("event_by_id", {"event_id": row["event_id"]})[0]
    attributes = [f"{a['key']} {a['value']}{' ' + a['unit'] if a['unit'] else ''}" for a in row["attributes"]]
    evidence = [f"{e['says']} ({e['weight']:+.2f})" for e in json.loads(stored["evidence"])]
    yield Step(
        "event",
        f"{stored['type']}, {stored['modality']}, role {row['role']}, confidence {stored['confidence']:.2f}, "
        f"{row['independent_source_count']} independent sources",
        (*attributes, *evidence),
    )


def _fit(row: Row) -> Step:
    lines = tuple(
        f"{c['name']} ({c['need']}): {c['state']}"
        + (f", {c['value']}" if c["value"] else "")
        + f", wanted {c['wanted']}"
        + (f", from {c['source_id']}" if c["source_id"] else "")
        + (f", look up {c['lookup']}" if c["state"] == "unknown" and c["lookup"] else "")
        for c in row["criteria"]
    )
    before = f"{row['verdict_before']} → " if row["verdict_before"] else ""
    flipped = f", decided by {row['flipped']}" if row["flipped"] else ""
    bounds = f"{row['fit_lower']:.0f} to {row['fit_upper']:.0f}"
    return Step("fit", f"{before}{row['verdict']}, {bounds} of 100 (version {row['profile_version']}){flipped}", lines)


def _rank(row: Row) -> Step:
    held = f"; held back: {row['held_back']}" if row["held_back"] else ""
    terms = tuple(f"{t['name']} {t['value']:.2f}: {t['says']}" for t in row["rank_terms"])
    return Step("rank", f"{row['rank']:.0f} of 100{held}", (*terms, *_some(row["why_now"])))


def _told(wh: Warehouse, trigger_id: str) -> Iterator[Step]:
    versions = wh.rows("trigger_versions_of", {"trigger_id": trigger_id})
    history = tuple(
        f"version {v['version_number']}, {_day(v['recorded_at'])}: {v['effect']}, rank {v['rank']:.0f}"
        + (f", held back: {v['held_back']}" if v["held_back"] else "")
        for v in versions
    )
    yield Step("history", f"{len(versions)} version{'s' if len(versions) > 1 else ''}", history)
    told = wh.rows("told_of", {"trigger_id": trigger_id})
    lines = tuple(f"{_day(t['reported_at'])} by {t['channel']} to {t['recipient'] or 'anybody'}" for t in told)
    yield Step("told", f"{len(told)} time{'s' * (len(told) != 1)}" if told else "not yet", lines)


def explain_missed(wh: Warehouse, url: str) -> Explanation:
    """Where a page that one expected to see was lost; the last step of each document says why it went no further."""
    found = parsed(wh.rows("documents_by_url", {"url": url, "canonical": canonical_url(url) or url}))
    if not found:
        return Explanation(url, (_never_seen(wh, url),))
    return Explanation(url, tuple(step for row in found for step in _missed(wh, row)))


def _never_seen(wh: Warehouse, url: str) -> Step:
    host = urlsplit(url).netloc.lower() if url.startswith(("http://", "https://")) else ""
    sources = [row["source_id"] for row in wh.rows("sources_of_host", {"host": host})] if host else []
    if sources:
        return Step("lost", f"no source has served it; others of {host} came from: {', '.join(sources)}")
    return Step("lost", "no source has served it, nor anything else of that site: add a source for it")


def _missed(wh: Warehouse, row: Row) -> Iterator[Step]:
    published = row["published_at"] or row["fetched_at"]
    where = f"{row['source_title'] or row['source_id']}, {published:%Y-%m-%d}, language {row['language'] or 'unknown'}"
    yield Step("document", where, _some(row["title"]))
    if row["state"] != "analysed":
        why = f"set aside: {row['outcome']}" if row["state"] == "set_aside" else "still to be analysed by the next run"
        yield Step("lost", why)
        return
    yield from _mentions(wh, row["document_id"])
    events = wh.rows("events_of_document", {"document_id": row["document_id"]})
    if not events:
        yield Step("lost", f"no event: {row['outcome']}")
    for event in events:
        yield Step("event", f"{event['type']}, {event['modality']}, confidence {event['confidence']:.2f}")
        yield from _triggers(wh, event["standing_id"])


def _mentions(wh: Warehouse, document_id: str) -> Iterator[Step]:
    for row in wh.rows("mentions_of_document", {"document_id": document_id}):
        whom = f"{row['company']}, {row['probability']:.2f}" if row["organization_id"] else "no organisation we know"
        evidence = tuple(str(e["says"]) for e in json.loads(row["evidence"] or "[]"))
        yield Step("mention", f"“{row['mention']}”: {row['decision'] or 'not looked up'}, {whom}", evidence)


def _triggers(wh: Warehouse, event_id: str) -> Iterator[Step]:
    rows = wh.rows("triggers_of_event", {"event_id": event_id})
    if not rows:
        yield Step("lost", "no trigger: none of its organisations is one that we know, or no profile wants it")
    for row in rows:
        ended = f"held back: {row['held_back']}" if row["held_back"] else f"told as {row['effect']}"
        stage = "lost" if row["held_back"] or row["effect"] == "none" else "trigger"
        yield Step(
            stage,
            f"{row['company']}, profile {row['profile']}: {ended}; fit {row['verdict']}, rank {row['rank']:.0f}",
            (row["trigger_id"],),
        )


def _some(text: str | None) -> tuple[str, ...]:
    return (text,) if text else ()


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"
