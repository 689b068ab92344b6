"""Mention × index → Match: which organisation is meant, how sure that is, and why.

::

    candidates (the name's owners, or the nearest names) ─► evidence of the name, the form, the document ─► probability
                                                                                                             │
    rules: equal names are no identity · a passing mention is no subject ─► accept / review / reject ◄───────┘

An accepted match goes into an alert, a match in review goes to a person; a rejected one names nobody. The thresholds
and the weights of the name are judgements like those of ``corroborate.py``; for names that differ the trained model of
``model.py`` speaks.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from salestrigger.matchers.corroborate import CORROBORATING, SETTLING, Surroundings, corroboration, surroundings
from salestrigger.matchers.entries import Entry
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.name_evidence import (
    NameFacts,
    Surface,
    name_evidence,
    name_facts,
    nearest_names,
    owners,
)
from salestrigger.matchers.types import Decision, Evidence, Match, Mention
from salestrigger.sources.records import Document

ACCEPT = 0.90  #: from this probability on a match may be accepted
REVIEW = 0.20  #: from this probability on a person may be asked
_LIFTED = frozenset({"passing", "not_identity", "ordinary"})  # doubts that a sure mention in the same text settles
_COMPARED = 40  # namesakes whose evidence is weighed; the others count as equally likely


@dataclass(frozen=True, slots=True)
class _Candidate:
    entry: Entry
    evidence: tuple[Evidence, ...]
    facts: NameFacts

    @property
    def odds(self) -> float:
        return sum(e.weight for e in self.evidence)

    @property
    def corroborated(self) -> bool:
        return any(e.feature in CORROBORATING for e in self.evidence)

    @property
    def settled(self) -> bool:
        """Whether something other than words speaks for it: a number or a website."""
        return any(e.feature in SETTLING for e in self.evidence)


@dataclass(frozen=True, slots=True)
class Asked:
    """A document whose mentions are to be resolved."""

    document: Document
    mentions: Sequence[Mention]
    source_country: str | None = None  #: the country the source writes about (ISO 3166-1 alpha-2)


def resolve(
    document: Document, mentions: Sequence[Mention], index: OrganizationIndex, *, source_country: str | None = None
) -> dict[str, Match]:
    """A match for every mention, by mention id.

    ``source_country`` is the country the source writes about (ISO 3166-1 alpha-2). A rejected match has no
    organisation; its runner-up is then the one that came nearest.
    """
    return resolve_all([Asked(document, mentions, source_country)], index)[0]


def resolve_all(asked: Sequence[Asked], index: OrganizationIndex) -> list[dict[str, Match]]:
    """The matches of every document, as :func:`resolve` would give them; names are looked up for all at once."""
    pairs = [(mention, one.source_country) for one in asked for mention in one.mentions]
    if not pairs:
        return [{} for _ in asked]
    surfaces = name_facts([m for m, _ in pairs], countries=[country for _, country in pairs])
    near = nearest_names(index, [s for s in surfaces if not s.mention.candidates])
    rest = iter(surfaces)
    out = []
    for one in asked:
        own = list(itertools.islice(rest, len(one.mentions)))
        around = None  # of most texts nobody may be listed: then it is not needed
        matches = {}
        for surface in own:
            known = owners(index, surface) if surface.mention.candidates else near.get(surface.mention.mention_id, ())
            if known and around is None:
                around = surroundings(one.document, one.source_country)
            candidates = [_weigh(index, surface, facts, around) for facts in known[:_COMPARED] if around]
            decided = _decide(surface, candidates, unseen=max(len(known) - _COMPARED, 0))
            matches[surface.mention.mention_id] = decided
        out.append(_through_document(one.mentions, matches))
    return out


def _weigh(index: OrganizationIndex, surface: Surface, facts: NameFacts, around: Surroundings) -> _Candidate:
    entry = index.entry(facts.org)
    evidence = (*name_evidence(index, surface, facts), *corroboration(entry, around, surface.mention))
    return _Candidate(entry, evidence, facts)


def _decide(surface: Surface, candidates: Sequence[_Candidate], *, unseen: int) -> Match:
    mention = surface.mention
    if not candidates:
        why = Evidence("no_candidate", mention.text, 0.0, "no organisation in the index has a name like this")
        return Match(mention.mention_id, None, 0.0, "reject", None, 0.0, 0, (why,))
    ordered = sorted(candidates, key=lambda c: (-c.odds, c.entry.organization_id))
    weights = np.exp(np.clip([c.odds for c in ordered], -30, 30))
    total = 1.0 + float(weights.sum()) + unseen * float(weights[-1])
    chances = [float(w) / total for w in weights]
    best = ordered[0]
    second = ordered[1] if len(ordered) > 1 else None
    margin = chances[0] - (chances[1] if second else 0.0)
    decision, doubts = _decision(surface, best, ordered[1:], chances[0])
    rejected = decision == "reject"
    runner_up = best if rejected else second
    return Match(
        mention_id=mention.mention_id,
        organization_id=None if rejected else best.entry.organization_id,
        probability=round(chances[0], 4),
        decision=decision,
        runner_up_id=runner_up.entry.organization_id if runner_up else None,
        margin=round(margin, 4),
        namesakes=best.facts.namesakes,
        evidence=(*best.evidence, *doubts),
    )


def _held(feature: str, value: str, says: str) -> tuple[Evidence, ...]:
    return (Evidence(feature, value, 0.0, says),)


def _decision(
    surface: Surface, best: _Candidate, others: Sequence[_Candidate], chance: float
) -> tuple[Decision, tuple[Evidence, ...]]:
    """One guard per reason; what holds an acceptance back is told as evidence of weight 0."""
    if best.facts.conflict and not any(e.feature == "identifier" for e in best.evidence):
        return "reject", _held("conflict", best.facts.conflict, best.facts.conflict)
    if not best.facts.exact and not best.settled and not surface.distinctive:
        says = "a place or an ordinary word that no listed name equals: likeness says nothing"
        return "reject", _held("ordinary", surface.mention.text, says)
    if chance < REVIEW and not best.facts.exact:
        return "reject", ()
    if chance < ACCEPT:
        return ("review" if chance >= REVIEW or best.facts.namesakes else "reject"), ()
    if best.facts.namesakes and not (best.corroborated or best.facts.singled_out):
        return "review", _held(
            "not_identity", surface.mention.text, "an equal name is no identity: nothing tells them apart"
        )
    if not best.facts.exact and not (best.settled if surface.is_one_word else best.corroborated):
        return "review", _held(
            "not_equal", surface.mention.text, "the name is only similar and nothing else supports it"
        )
    if not surface.distinctive and not (best.corroborated or best.facts.form == "equal"):
        return "review", _held(
            "ordinary", surface.mention.text, "an ordinary or generic name, and nothing else supports it"
        )
    if surface.mention.prominence == "body" and surface.mention.basis != "given":
        return "review", _held(
            "passing", surface.mention.prominence, "named in passing only, not in the title or first sentence"
        )
    if any(c.odds == best.odds for c in others):
        return "review", _held("tie", surface.mention.text, "another organisation is just as likely")
    return "accept", ()


def _through_document(mentions: Sequence[Mention], matches: Mapping[str, Match]) -> dict[str, Match]:
    """Once the title or first sentence names an organisation for certain, its other mentions are no passing ones."""
    sure = {m.organization_id for m in matches.values() if m.decision == "accept"}
    out = dict(matches)
    for mention in mentions:
        match = out[mention.mention_id]
        held = match.evidence[-1].feature if match.evidence else ""
        if match.decision != "review" or match.organization_id not in sure or held not in _LIFTED:
            continue
        says = "the same organisation is named for certain in the title or first sentence"
        evidence = (*match.evidence[:-1], Evidence("same_document", mention.text, 0.0, says))
        out[mention.mention_id] = replace(match, decision="accept", evidence=evidence)
    return out
