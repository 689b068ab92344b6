"""What the matchers say to each other and to the warehouse: frozen values, no I/O.

Confidence that an event is real, probability that it is this company, fit, impact and freshness are separate numbers
and stay separate columns. No score travels without its evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from salestrigger.sources.records import Identifier, OrgName

Decision = Literal["accept", "review", "reject"]
Modality = Literal["rumour", "planned", "announced", "in_progress", "completed", "cancelled", "denied"]
Effect = Literal["enters_icp", "leaves_icp", "hook", "hook_unknown_fit", "watched", "none"]
Cause = Literal["changed", "learned", "profile_edited", "first_load"]
CriterionState = Literal["met", "not_met", "unknown"]
Verdict = Literal["fits", "does_not_fit", "unknown", "excluded"]
Prominence = Literal["title", "lead", "body"]
Precision = Literal["day", "month", "quarter", "year"]
Polarity = Literal["growth", "distress", "change", "neutral"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One attribute of one organisation, with where and when it comes from."""

    attribute: str  #: one of qualify.ATTRIBUTES
    value: Any  #: str, int, Decimal, date, bool or a tuple of str; never None (unknown = no fact)
    source_id: str
    known_from: datetime  #: when we learned it (UTC)
    valid_from: date | None = None  #: since when it is true, if the source says so
    confidence: float = 1.0  #: 0..1; a register is 1
    cause_id: str = ""  #: the event or change that set it, if one did


@dataclass(frozen=True, slots=True)
class Organization:
    """One organisation as we know it now: its linked records joined, the best source of each attribute kept."""

    organization_id: str
    names: tuple[OrgName, ...]  #: the current legal name first
    identifiers: tuple[Identifier, ...] = ()
    facts: tuple[Fact, ...] = ()  #: at most one per attribute
    is_sole_proprietor: bool = False
    relation: str = ""  #: account, customer, competitor, supplier, suppressed or empty

    @property
    def name(self) -> str:
        """The current legal name."""
        return self.names[0].text

    def get(self, attribute: str) -> Any:
        """The attribute's value, or None when it is unknown."""
        return next((f.value for f in self.facts if f.attribute == attribute), None)


@dataclass(frozen=True, slots=True)
class Mention:
    """An organisation named in a text. Offsets are in characters of ``title + "\\n" + text``."""

    mention_id: str  #: content_id("men", document_id, start, end)
    document_id: str
    text: str  #: as written
    start: int
    end: int
    prominence: Prominence
    basis: Literal[
        "known", "form", "given"
    ]  #: a listed name, the form of the words (legal form, apposition), or the source's own field
    candidates: tuple[str, ...] = ()  #: organisation ids whose name this is, when ``known`` or ``given``


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for or against a match, readable by a rep."""

    feature: str  #: stable id: exact_name, legal_form, municipality, website, namesakes, first_word …
    value: str
    weight: float  #: log-odds it added; negative speaks against
    says: str  #: "same name as in the register", "14 other active companies in NL share this name"


@dataclass(frozen=True, slots=True)
class Match:
    """Which organisation a mention means, how sure that is and why."""

    mention_id: str
    organization_id: str | None
    probability: float  #: calibrated, 0..1
    decision: Decision
    runner_up_id: str | None
    margin: float  #: probability less the runner-up's
    namesakes: int  #: other organisations with the same core name
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """Who has which part in an event, grounded in the title or in the event's sentence."""

    name: str  #: acquirer, target, organization …
    surface: str  #: as written
    start: int
    end: int
    mention_id: str | None = None
    organization_id: str | None = None  #: only where the match was accepted or is in review
    probability: float = 0.0
    decision: Decision = "reject"


@dataclass(frozen=True, slots=True)
class Attribute:
    """A value that belongs to an event."""

    key: str  #: amount, currency, headcount, person, title, location …
    value: str  #: normalised: a plain decimal number, an ISO code, or a literal substring of the text
    unit: str | None = None  #: ISO 4217 for an amount, persons, per cent …
    start: int = -1  #: -1: not from the text but from a register's field
    end: int = -1
    document_id: str = ""  #: the one document that told it; empty: not merged yet, or several did


@dataclass(frozen=True, slots=True)
class EventSource:
    """One document (or register change) that tells of an event."""

    document_id: str  #: or the change's id
    url: str
    title: str
    source_id: str
    publisher: str
    published_at: datetime
    quote: str  #: at most 150 characters
    copy_group: str  #: equal for copies of one text, so that five copies of a wire count once
    modality: Modality = "announced"


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: stored once, whoever looks at it."""

    event_id: str  #: content_id("evt", first document or change, type, subject); never changes as the event grows
    type: str  #: a name of the lexicon
    modality: Modality
    roles: tuple[Role, ...]
    attributes: tuple[Attribute, ...]
    quote: str  #: at most 150 characters, in the original language
    quote_span: tuple[int, int]  #: in title + "\n" + text; (-1, -1) for a register change
    sentence: tuple[int, int]
    confidence: float  #: that it happened, 0..1
    language: str
    sources: tuple[EventSource, ...]
    event_on: date | None = None  #: when it happens or happened, if the text says so
    effective_on: date | None = None
    precision: Precision | None = None
    evidence: tuple[Evidence, ...] = ()  #: which phrase and rule, which doubts
    merged_into: str | None = None

    @property
    def independent_sources(self) -> int:
        """Copies of one text count once."""
        return len({s.copy_group for s in self.sources})


@dataclass(frozen=True, slots=True)
class CriterionFit:
    """One line of a fit."""

    name: str
    need: Literal["must", "nice", "exclude"]
    state: CriterionState
    weight: float
    value: str  #: what we know, as text; empty when unknown
    wanted: str  #: what the profile asks for
    source_id: str = ""
    as_of: date | None = None
    lookup: str = ""  #: for unknown: which look-up would settle it


@dataclass(frozen=True, slots=True)
class Fit:
    """How well an organisation fits a profile: bounds over everything that is unknown."""

    organization_id: str
    profile: str
    profile_version: str
    lower: float  #: 0..100
    upper: float  #: 0..100
    verdict: Verdict
    criteria: tuple[CriterionFit, ...]


@dataclass(frozen=True, slots=True)
class FitChange:
    """A verdict that changed without anything having happened: "newly known to fit"."""

    organization_id: str
    profile: str
    cause: Cause
    before: Fit | None
    after: Fit


@dataclass(frozen=True, slots=True)
class RankTerm:
    """One factor of a trigger's rank."""

    name: str  #: fit, impact, probability, confidence, freshness …
    value: float  #: 0..1
    says: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """What an event or a register change means for an organisation under a profile."""

    trigger_id: str  #: content_id("trg", event or change id, organization_id, profile name, role)
    event_id: str | None  #: the event behind it …
    change_id: (
        str | None
    )  #: … or the register change (an industry or headcount change is no news event); one of the two
    organization_id: str
    role: str
    profile: str
    profile_version: str
    effect: Effect
    cause: Cause
    fit_before: Fit | None
    fit_after: Fit
    flipped: str  #: the criterion whose state decided enters/leaves; empty otherwise
    valid_from: date
    valid_until: date | None  #: None: does not expire
    rank: float  #: 0..100
    rank_terms: tuple[RankTerm, ...]
    held_back: str  #: empty, or the reason: wrong_company_risk, below_threshold, outside_window, customer, distress …
    why_now: str
    due_on: date | None = None  #: the planned day on which it was told again


@dataclass(frozen=True, slots=True)
class Detection:
    """What one document yielded, before events are merged over documents."""

    document_id: str
    language: str
    mentions: tuple[Mention, ...]
    matches: Mapping[str, Match]  #: by mention id
    events: tuple[Event, ...]
    outcome: str  #: "event", or why there is none: no_cue_word, negated, hypothetical, no_subject, empty_text …
    signature: str  #: near-duplicate signature, hex
