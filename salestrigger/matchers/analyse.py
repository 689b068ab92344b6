"""analyse(batch, knowledge) → Findings: the one pure entry point of the matchers.

::

    documents ─► spot ─► resolve ─► detect ─┐
                                            ├─► merge ─► qualify before / after ─► triggers
    register changes ─► events ─────────────┘

It reads nothing and writes nothing: what it needs is in ``Knowledge``, what it found is in ``Findings``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.lexicon import Lexicon
from salestrigger.matchers.types import Cause, Detection, Event, Fact, Fit, Organization, Trigger
from salestrigger.sources.records import Document, OrgChange


@dataclass(frozen=True, slots=True)
class FunnelCount:
    """How many units of a stage ended with a reason; the reasons of a stage add up to what entered it."""

    profile: str  #: empty for the stages that no profile has a say in
    stage: str  #: documents, events, subjects
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class FitChange:
    """A verdict that changed without anything having happened: "newly known to fit"."""

    organization_id: str
    profile: str
    cause: Cause
    before: Fit | None
    after: Fit


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything that is pending, in the stated order (documents by published_at, document_id; changes by
    published_at, change_id), so that one process, many processes and Dask give the same rows."""

    documents: tuple[Document, ...]
    changes: tuple[OrgChange, ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What we knew before this run, and the run's own logical time."""

    lexicon: Lexicon
    index: OrganizationIndex
    profiles: tuple[Profile, ...]
    organizations: Mapping[str, Organization]  #: now, after collecting, by organization id
    organizations_before: Mapping[str, Organization]  #: as of the last analysis; absent: not known then
    organization_of: Mapping[str, str]  #: record id → organization id
    open_events: tuple[Event, ...]  #: that new documents may still belong to
    fits: Mapping[tuple[str, str], Fit]  #: (organization id, profile name) → as last stored
    trust: Mapping[str, str]  #: source id → trust class
    now: datetime


@dataclass(frozen=True, slots=True)
class Findings:
    """What analysing found; stored in one transaction."""

    detections: tuple[Detection, ...]  #: one per document: mentions, matches, outcome
    events: tuple[Event, ...]  #: new and grown ones, whole
    facts: tuple[tuple[str, Fact], ...]  #: (organization id, fact) that events state
    fits: tuple[Fit, ...]  #: those that are new or differ from the stored ones
    fit_changes: tuple[FitChange, ...]
    triggers: tuple[Trigger, ...]  #: new and changed ones, held-back ones included
    change_outcomes: tuple[tuple[str, str], ...]  #: (change id, reason): event, alias, fact_only, recoding, set_up …
    funnel: tuple[FunnelCount, ...]


def in_order(documents: Sequence[Document], changes: Sequence[OrgChange]) -> Batch:
    """The batch in its stated order."""
    return Batch(
        documents=tuple(sorted(documents, key=lambda d: (d.published_at or d.fetched_at, d.document_id))),
        changes=tuple(sorted(changes, key=lambda c: (c.published_at, c.change_id))),
    )
