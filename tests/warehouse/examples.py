"""Invented records, documents, events and triggers in their true shapes, for the tests of the warehouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from salestrigger.matchers.analyse import Findings, FunnelCount
from salestrigger.matchers.second_reader import Difference, SecondReading
from salestrigger.matchers.types import (
    Attribute,
    CriterionFit,
    Detection,
    Event,
    EventSource,
    Evidence,
    Fact,
    Fit,
    FitChange,
    Match,
    Mention,
    RankTerm,
    Role,
    Trigger,
)
from salestrigger.sources.collect import SourceOutcome
from salestrigger.sources.records import (
    Address,
    Collected,
    Document,
    Headcount,
    Identifier,
    IndustryCode,
    Money,
    OrgChange,
    OrgName,
    OrgRecord,
    content_id,
)
from salestrigger.sources.spec import SourceSpec

DAY1 = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
DAY2 = DAY1 + timedelta(days=1)
DAY3 = DAY1 + timedelta(days=2)

REGISTER = SourceSpec(
    id="fjord-register",
    title="The Fjord register",
    adapter="brreg",
    url="http://register.example/api",
    trust="register",
    licence="invented",
    country="NO",
)
NEWS = SourceSpec(
    id="kyst-news",
    title="Kyst news",
    adapter="feed",
    url="http://kyst.example/feed",
    trust="press",
    licence="invented",
    per_day=3,
)
ACCOUNTS = SourceSpec(
    id="accounts", title="My accounts", adapter="accounts", url="accounts.csv", trust="user", licence="own"
)


def record(number: str = "800000001", name: str = "Nordlys Maskin AS", **changes: Any) -> OrgRecord:
    """A register's record with everything a register may state."""
    values: dict[str, Any] = {
        "names": (OrgName(name),),
        "fetched_at": DAY1,
        "country": "NO",
        "legal_form": "AS",
        "addresses": (
            Address("business", ("Kaiveien 7",), "9008", "Tromsø", "Tromsø", "5501", "Troms", "NO"),
            Address("postal", ("Postboks 3",), "9252", "Tromsø", country="NO"),
        ),
        "industries": (IndustryCode("28.920", "SN2025"), IndustryCode("33.120", "SN2025")),
        "employees": Headcount(42, 42, date(2026, 1, 31)),
        "revenue": None,
        "website": "nordlys.example",
        "status": "active",
        "founded_on": date(2001, 5, 4),
        "source_id": REGISTER.id,
    }
    values |= changes
    return OrgRecord(record_id=f"NO-BRC-{number}", scheme="NO-BRC", identifier=number, **values)


def full_record() -> OrgRecord:
    """A record in which every field is filled."""
    return record(
        "800000009",
        "Full Felt AS",
        names=(OrgName("Full Felt AS"), OrgName("Felt", "trade", date(2010, 1, 1), date(2020, 2, 3))),
        employees=Headcount(50, None, date(2025, 12, 31)),
        revenue=Money(Decimal("123456789.50"), "NOK"),
        revenue_year=2025,
        status="winding_up",
        status_on=date(2026, 2, 1),
        registered_on=date(2001, 6, 1),
        parent=Identifier("NO-BRC", "800000002"),
        other_ids=(Identifier("XI-LEI", "5493000000000000FELT"), Identifier("US-EIN", "12-3456789")),
        description="lager felt – «med» \"anførsel\" og 'apostrof'",
        marketing_block=True,
        is_sole_proprietor=True,
        relation="supplier",
    )


def account(number: str, name: str, *others: Identifier, relation: Any = "account") -> OrgRecord:
    """A row of one's own list."""
    return OrgRecord(
        record_id=f"ACCOUNT-{number}",
        scheme="ACCOUNT",
        identifier=number,
        names=(OrgName(name),),
        source_id=ACCOUNTS.id,
        fetched_at=DAY1,
        other_ids=others,
        relation=relation,
    )


def document(
    key: str = "a1", title: str = "Nordlys Maskin flytter til Bodø", text: str = "Bedriften flytter."
) -> Document:
    """A news item of the press source."""
    return Document(
        document_id=content_id("doc", NEWS.id, key),
        source_id=NEWS.id,
        key=key,
        url=f"http://kyst.example/{key}",
        title=title,
        text=text,
        fetched_at=DAY1,
        language="nb",
        published_at=DAY1 - timedelta(hours=3),
        identifiers=(Identifier("NO-BRC", "800000001"),),
    )


def change(field: Any = "name", after: str | None = "Nordlys Robot AS", **values: Any) -> OrgChange:
    """A change that the register publishes, without saying what was before."""
    defaults: dict[str, Any] = {
        "record_id": "NO-BRC-800000001",
        "before": None,
        "effective_on": date(2026, 3, 1),
        "published_at": DAY1 - timedelta(hours=5),
        "source_id": REGISTER.id,
        "url": "http://register.example/800000001",
        "details": {"kind": "test"},
    }
    values = defaults | values
    return OrgChange(
        change_id=content_id("chg", values["record_id"], field, str(after)), field=field, after=after, **values
    )


def outcome(
    spec: SourceSpec, collected: Collected | None = None, *, status: Any = "ok", at: datetime = DAY1
) -> SourceOutcome:
    """What one source yielded."""
    collected = collected or Collected()
    return SourceOutcome(
        source_id=spec.id,
        status=status,
        reason="" if status in ("ok", "empty", "not_modified") else f"http_500: cannot fetch {spec.url!r}",
        collected=collected,
        documents_ref=f"2026-03-02/{spec.id}.documents.gz" if collected.documents else None,
        requests=1,
        bytes=1234,
        seconds=0.5,
        started_at=at,
    )


ORG = content_id("org", "NO-BRC-800000001")


def mention(of: Document, text: str = "Nordlys Maskin") -> Mention:
    """The first place of the text in the document."""
    start = f"{of.title}\n{of.text}".index(text)
    end = start + len(text)
    key = content_id("men", of.document_id, str(start), str(end))
    return Mention(key, of.document_id, text, start, end, "title", "known", (ORG,))


def match(of: Mention, *, organization_id: str | None = ORG, decision: Any = "accept") -> Match:
    """An accepted match with its evidence."""
    evidence = (Evidence("exact_name", of.text, 3.2, "same name as in the register"),)
    return Match(of.mention_id, organization_id, 0.97, decision, None, 0.9, 2, evidence)


def event(of: Document, *, type_: str = "relocation", organization_id: str | None = ORG, **changes: Any) -> Event:
    """An event that one document tells of."""
    who = mention(of)
    values: dict[str, Any] = {
        "modality": "announced",
        "roles": (Role("organization", who.text, who.start, who.end, who.mention_id, organization_id, 0.97, "accept"),),
        "attributes": (Attribute("location", "Bodø", None, 27, 31), Attribute("person", "Kari Eksempel", None, 3, 9)),
        "quote": of.title,
        "quote_span": (0, len(of.title)),
        "sentence": (0, len(of.title)),
        "confidence": 0.9,
        "language": "nb",
        "sources": (event_source(of),),
        "effective_on": date(2026, 4, 1),
        "precision": "day",
        "evidence": (Evidence("cue", "flytter til", 2.0, "says that it moves"),),
    }
    values |= changes
    return Event(event_id=content_id("evt", of.document_id, type_), type=type_, **values)


def event_source(of: Document, *, group: str = "g1") -> EventSource:
    """The document as a source of an event."""
    assert of.published_at is not None
    return EventSource(of.document_id, of.url, of.title, of.source_id, "Kyst", of.published_at, of.title, group)


def fit(*, verdict: Any = "fits", lower: float = 80.0, upper: float = 95.0, profile: str = "maskin") -> Fit:
    """A fit with one criterion of each state."""
    criteria = (
        CriterionFit("city", "must", "met", 2.0, "Bodø", "Bodø", "fjord-register", date(2026, 3, 1)),
        CriterionFit("employees", "nice", "unknown", 1.0, "", "20 to 200", lookup="annual accounts"),
    )
    return Fit(ORG, profile, "v1", lower, upper, verdict, criteria)


def trigger(of: Event, *, profile: str = "maskin", **changes: Any) -> Trigger:
    """A trigger that the event makes."""
    values: dict[str, Any] = {
        "event_id": of.event_id,
        "change_id": None,
        "organization_id": ORG,
        "role": "organization",
        "profile": profile,
        "profile_version": "v1",
        "effect": "enters_icp",
        "cause": "changed",
        "fit_before": fit(verdict="does_not_fit", lower=10, upper=20, profile=profile),
        "fit_after": fit(profile=profile),
        "flipped": "city",
        "valid_from": date(2026, 3, 2),
        "valid_until": date(2026, 9, 2),
        "rank": 71.5,
        "rank_terms": (RankTerm("fit", 0.8, "fits well"), RankTerm("freshness", 1.0, "of today")),
        "held_back": "",
        "why_now": "moves on 1 April",
    }
    values |= changes
    return Trigger(trigger_id=content_id("trg", of.event_id, ORG, profile, "organization"), **values)


def detection(
    of: Document, *, events: Sequence[Event] = (), reason: str = "no_cue_word", matched: bool = True
) -> Detection:
    """What one document yielded."""
    who = (mention(of),) if matched else ()
    matches: Mapping[str, Match] = {m.mention_id: match(m) for m in who}
    return Detection(of.document_id, "nb", who, matches, tuple(events), "event" if events else reason, "00ff")


def findings(**changes: Any) -> Findings:
    """Findings with the given parts; the funnel adds up to them."""
    empty = Findings((), (), (), (), (), (), (), ())
    made = replace(empty, **changes)
    return made if "funnel" in changes else replace(made, funnel=funnel_of(made))


def funnel_of(made: Findings) -> tuple[FunnelCount, ...]:
    """Counts that add up, in the stages that analysing reports."""
    counts: dict[tuple[str, str, str], int] = {}
    keys = [("", "documents", d.outcome) for d in made.detections]
    keys += [("", "changes", reason) for _, reason in made.change_outcomes]
    keys += [("", "events", "resolved") for _ in made.events]
    keys += [(t.profile, "subjects", t.held_back or t.effect) for t in made.triggers]
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return tuple(FunnelCount(*key, count) for key, count in sorted(counts.items()))


def readings(agreed: Document, changed: Document, failed: Document) -> tuple[SecondReading, ...]:
    """What a second reader made of three documents."""
    differences = (
        Difference("modality", "relocation", "announced", "planned"),
        Difference("refused", "layoffs", "", "invented_name"),
    )
    return (
        SecondReading(agreed.document_id, "doubtful", "tiny", "doubtful", "agreed", True, 0, 0, 0.0),
        SecondReading(changed.document_id, "doubtful", "tiny", "doubtful", "changed", False, 700, 90, 0.5, differences),
        SecondReading(failed.document_id, "doubtful", "tiny", "doubtful", "no_json", False, 500, 0, 0.0),
    )


def relocated(of: Document) -> Findings:
    """One document with one event, its fact, fits and triggers for one profile."""
    happened = event(of)
    fact = Fact("city", "Bodø", NEWS.id, DAY1, date(2026, 4, 1), 0.87, happened.event_id)
    return findings(
        detections=(detection(of, events=(happened,)),),
        events=(happened,),
        facts=((ORG, fact),),
        fits=(fit(),),
        fit_changes=(FitChange(ORG, "kyst", "learned", None, fit(profile="kyst")),),
        triggers=(trigger(happened),),
    )
