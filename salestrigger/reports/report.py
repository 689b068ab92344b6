"""What a report says, as plain frozen values: no database, no markup, no clock.

::

    Report ─► Section (what to do) ─► Account (one company) ─► ReportLine (one trigger)
           ├─► HeldBack (one reason) ─► ReportLine
           ├─► NewlyKnown, FailedSource, FunnelRow
           └─► quiet: the sentence that explains an empty report

Texts here are as the sources wrote them; ``reports.safe`` makes them harmless before any format shows them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from salestrigger.matchers.types import (
    Cause,
    CriterionState,
    Decision,
    Effect,
    Modality,
    Precision,
    Verdict,
)

SectionKey = Literal["enters_icp", "hook", "hook_unknown_fit", "watched", "leaves_icp", "do_not_pursue"]
Format = Literal["html", "md", "csv", "json"]

FORMATS: tuple[Format, ...] = ("html", "md", "csv", "json")

#: (key, title, what to do), in the order in which a rep reads them
SECTIONS: tuple[tuple[SectionKey, str, str], ...] = (
    ("enters_icp", "Now fits: enters the ICP", "Something happened, and since then this company fits the profile."),
    ("hook", "A reason to call", "These companies fit, and here is something to talk about."),
    ("hook_unknown_fit", "A reason to call, but fit unknown", "Settle the open question first; the look-up is named."),
    ("watched", "Your own accounts", "They are outside the profile, but on your own list: you want to know."),
    ("leaves_icp", "Leaving the ICP", "These companies fitted until this happened. Lower or stop your effort."),
    ("do_not_pursue", "Do not pursue", "Know about it, but do not open a sales talk with it."),
)


@dataclass(frozen=True, slots=True)
class SourceLink:
    """One text (or register entry) that tells of the event."""

    url: str  #: as published; shown as a link only when it is http(s)
    title: str
    publisher: str
    published_at: datetime | None = None
    is_copy: bool = False  #: the same text as another source of this line: it corroborates nothing


@dataclass(frozen=True, slots=True)
class FitLine:
    """One criterion of the profile and what we know about it."""

    name: str
    need: Literal["must", "nice", "exclude"]
    state: CriterionState
    value: str = ""  #: what we know; empty when unknown
    wanted: str = ""  #: what the profile asks for
    source: str = ""
    as_of: date | None = None
    lookup: str = ""  #: for unknown: the look-up that settles it


@dataclass(frozen=True, slots=True)
class RankLine:
    """One term of the rank."""

    name: str
    value: float  #: 0..1
    says: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One reason for or against "it is this company"."""

    says: str
    weight: float = 0.0  #: log-odds; negative speaks against


@dataclass(frozen=True, slots=True)
class MatchLine:
    """How sure we are that the text means this company."""

    probability: float  #: 0..1
    decision: Decision
    mention: str = ""  #: as written in the text
    namesakes: int = 0  #: other companies with the same core name
    runner_up: str = ""  #: the second best company's name, if there is one
    evidence: tuple[EvidenceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One trigger, with everything a rep needs in order to believe it."""

    trigger_id: str
    organization_id: str
    company: str  #: as in the register
    profile: str
    event_type: str  #: a name of the lexicon, or change_<field> for a bare register change
    type_label: str  #: the same in plain English
    happened: str  #: one sentence
    effect: Effect
    rank: float  #: 0..100
    modality: Modality = "announced"
    role: str = ""
    place: str = ""
    owner: str = ""  #: whose it is on the report's day; empty: nobody's
    stands_in_for: str = ""  #: the owner who is away
    identifiers: tuple[str, ...] = ()  #: NO-BRC-…, as in the register
    website: str = ""
    cause: Cause = "changed"
    quote: str = ""  #: at most 150 characters, in the original language; empty when ``stated`` says it
    stated: str = ""  #: what the register states, put into English by us: shown, but not as a quotation
    language: str = ""  #: BCP 47, of the quote
    sources: tuple[SourceLink, ...] = ()  #: the first published one first
    independent_sources: int = 1  #: copies of one text count once
    event_on: date | None = None
    effective_on: date | None = None
    precision: Precision | None = None
    published_on: date | None = None  #: of the first article: not the day of the event
    confidence: float | None = None  #: that it happened, 0..1
    flipped: str = ""  #: the criterion that decided enters or leaves
    verdict: Verdict = "unknown"
    fit_lower: float = 0.0
    fit_upper: float = 100.0
    fit: tuple[FitLine, ...] = ()
    why_now: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    rank_terms: tuple[RankLine, ...] = ()
    match: MatchLine | None = None
    held_back: str = ""  #: the reason's id, empty when it is reported
    advice: str = ""  #: what to do instead, for lines one should not pursue
    first_told_at: datetime | None = None  #: None: told today for the first time
    marketing_block: str = ""  #: what the company's register says about marketing, in words; empty: nothing

    @property
    def met(self) -> tuple[FitLine, ...]:
        """Criteria that are met; for an exclusion "not met" is the good answer, so it is left out."""
        return tuple(f for f in self.fit if f.state == "met" and f.need != "exclude")

    @property
    def failed(self) -> tuple[FitLine, ...]:
        """What speaks against the company: requirements not met and exclusions that apply."""
        bad = {"must": "not_met", "exclude": "met"}
        return tuple(f for f in self.fit if f.state == bad.get(f.need))

    @property
    def missing(self) -> tuple[FitLine, ...]:
        """What would be welcome and is not so; it lowers the fit and rules nobody out."""
        return tuple(f for f in self.fit if f.need == "nice" and f.state == "not_met")

    @property
    def is_opening(self) -> bool:
        """Whether it is something to call about, and so has a day until which it is of use."""
        return self.effect not in ("none", "leaves_icp")

    @property
    def unknown(self) -> tuple[FitLine, ...]:
        """What is unknown, the requirements first."""
        order = {"must": 0, "exclude": 1, "nice": 2}
        return tuple(sorted((f for f in self.fit if f.state == "unknown"), key=lambda f: order[f.need]))


@dataclass(frozen=True, slots=True)
class Account:
    """One company in one section, with its triggers together."""

    organization_id: str
    company: str
    place: str
    identifiers: tuple[str, ...]
    website: str
    lines: tuple[ReportLine, ...]  #: best rank first

    @property
    def rank(self) -> float:
        """The rank of its best line."""
        return self.lines[0].rank


@dataclass(frozen=True, slots=True)
class Section:
    """What to do, and with whom; accounts sorted by rank."""

    key: SectionKey
    title: str
    advice: str
    accounts: tuple[Account, ...]

    @property
    def lines(self) -> tuple[ReportLine, ...]:
        """All lines, account by account."""
        return tuple(line for account in self.accounts for line in account.lines)


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Triggers that were not told as such, for one reason."""

    reason: str
    title: str  #: the reason in plain words
    explanation: str
    lines: tuple[ReportLine, ...]


@dataclass(frozen=True, slots=True)
class NewlyKnown:
    """A company that fits without anything having happened: we only learned it."""

    organization_id: str
    company: str
    place: str
    profile: str
    cause: Cause
    reasons: tuple[str, ...] = ()  #: criteria met, as text


@dataclass(frozen=True, slots=True)
class FailedSource:
    """A source that did not answer as it should, or is silent longer than it ought to be."""

    source_id: str
    title: str
    status: str  #: refused, malformed, failed, silent
    reason: str
    detail: str = ""  #: what that means, in plain words
    last_ok_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """How many units of a stage ended with a reason."""

    profile: str  #: empty for the stages that no profile has a say in
    stage: str
    reason: str
    label: str  #: the reason in plain words
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one report says."""

    title: str
    generated_at: datetime  #: the run's own time, or ``as_of``: never a clock's
    profiles: tuple[str, ...]
    sections: tuple[Section, ...]  #: those with something in them, in the order of ``SECTIONS``
    as_of: datetime | None = None  #: set when an earlier state of knowledge is shown
    since: datetime | None = None
    run_id: str = ""
    held_back: tuple[HeldBack, ...] = ()
    newly_known: tuple[NewlyKnown, ...] = ()  #: the first of them
    newly_known_count: int = 0
    quiet: str = ""  #: why there is nothing; empty when there is something
    failed_sources: tuple[FailedSource, ...] = ()
    sources_ok: int = 0
    funnel: tuple[FunnelRow, ...] = ()
    still_open: int = 0  #: triggers of earlier reports whose time has not run out

    @property
    def lines(self) -> tuple[ReportLine, ...]:
        """All reported lines, section by section."""
        return tuple(line for section in self.sections for line in section.lines)

    @property
    def marketing_blocks(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What registers say about marketing to companies that are told, and which companies those are."""
        rules: dict[str, dict[str, None]] = {}
        for line in self.lines:
            if line.marketing_block:
                rules.setdefault(line.marketing_block, {})[line.company] = None
        return tuple((rule, tuple(companies)) for rule, companies in sorted(rules.items()))

    @property
    def held_back_count(self) -> int:
        """How many lines were held back."""
        return sum(len(group.lines) for group in self.held_back)

    def every_line(self) -> Iterator[tuple[str, ReportLine]]:
        """(section's key or ``held_back``, line): each trigger of the report exactly once."""
        for section in self.sections:
            yield from ((section.key, line) for line in section.lines)
        for group in self.held_back:
            yield from (("held_back", line) for line in group.lines)
