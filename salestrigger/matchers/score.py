"""A trigger's rank, 0 to 100, from terms that are shown.

How the terms (each 0 to 1) combine::

    worth = 0.40 impact + 0.35 fit + 0.25 freshness
    shade = (0.8 + 0.2 modality) × (0.9 + 0.1 corroboration)
          × (0.9 + 0.1 territory) × (0.9 + 0.1 order_size) × (0.95 + 0.05 relationship)
    rank  = 100 × worth × probability × confidence × shade

What it would be worth, times how sure we are: an expected value. A doubtful company or event pulls the rank down
however much it would be worth. What else counts only shades it: how final it is, how many independent sources tell of
it, whether somebody owns the account, what an order is worth beside the other profiles', whether we know them already.
The rank never falls when a term rises. The weights are ours (there is no published set that was measured); the impact
of a type and its window come from the type's file, oriented on the published buying windows in reference/triggers.md,
sections 3 and 9. No clock, no I/O.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from salestrigger.matchers.types import Fit, Modality, RankTerm

#: How final an event is.
MODALITY: Mapping[Modality, float] = {
    "completed": 1.0, "in_progress": 0.95, "announced": 0.9, "planned": 0.7, "rumour": 0.3, "cancelled": 0.0,
    "denied": 0.0,
}  # fmt: skip
#: How near we are already: a named account was chosen by a person, a customer knows us, a supplier knows our name.
RELATIONSHIP: Mapping[str, float] = {"account": 1.0, "customer": 1.0, "supplier": 0.5}
RELATED: Mapping[str, str] = {
    "account": "one of your accounts", "customer": "a customer", "supplier": "one of your suppliers",
    "competitor": "a competitor",
}  # fmt: skip
_WORTH = {"impact": 0.40, "fit": 0.35, "freshness": 0.25}
#: term → how much of the rank it can take away
_SHADES = {"modality": 0.2, "corroboration": 0.1, "territory": 0.1, "order_size": 0.1, "relationship": 0.05}
#: Freshness before the window opens, and on its last day.
EARLY, LAST = 0.6, 0.2


class WindowLike(Protocol):
    """Days after the anchor: from when, until when best, until when at all (None: open)."""

    @property
    def not_before(self) -> int: ...
    @property
    def best(self) -> int | None: ...
    @property
    def expires(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Season:
    """A type's window for one event, as days."""

    opens: date
    best: date | None
    until: date | None

    @classmethod
    def of(cls, anchor: date, window: WindowLike) -> Season:
        """The window counted from the day of the event."""

        def days(count: int | None) -> date | None:
            return None if count is None else anchor + timedelta(days=count)

        return cls(anchor + timedelta(days=window.not_before), days(window.best), days(window.expires))

    def is_over(self, today: date) -> bool:
        """Whether it is of no use any more."""
        return self.until is not None and today > self.until

    def freshness(self, today: date) -> float:
        """0.6 before it opens, 1 until the best day, then down in a straight line to 0.2 on the last; 0 after it."""
        if self.is_over(today):
            return 0.0
        if today < self.opens:
            return EARLY
        peak = self.best or self.opens
        if today <= peak or self.until is None or self.until <= peak:
            return 1.0
        gone = (today - peak).days / (self.until - peak).days
        return round(1.0 - (1.0 - LAST) * gone, 4)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is known of an event for ranking it."""

    impact: int  #: of its type, 0 to 100
    wanted: float  #: the profile's weight of the type, 0 to 1
    probability: float  #: that it is this company, 0 to 1
    confidence: float  #: that it happened, 0 to 1
    freshness: float  #: 0 to 1
    modality: Modality
    independent_sources: int
    is_official: bool  #: a register itself states it, which needs no second source
    territory: bool | None = None  #: whether somebody owns it on the day; None: no owners are given at all
    order_size: float | None = None  #: of the profile, against the largest of all profiles, 0 to 1; None: not given
    relation: str = ""  #: account, customer … from the user's own lists


def rank_terms(fit: Fit, weighed: Weighed) -> tuple[RankTerm, ...]:
    """The terms of a rank, each 0 to 1, with what they say."""
    middle = (fit.lower + fit.upper) / 200
    span = f"{fit.lower:g}" if fit.lower == fit.upper else f"between {fit.lower:g} and {fit.upper:g}"
    count = weighed.independent_sources
    corroboration = 1.0 if weighed.is_official else 1 - 0.5**count
    sources = "stated by a register" if weighed.is_official else f"{count} independent source{'s' * (count != 1)}"
    fresh = "in the best of its window" if weighed.freshness == 1 else "not in the best of its window"
    return (
        RankTerm(
            "impact", round(weighed.impact / 100 * weighed.wanted, 4),
            f"impact {weighed.impact} of 100, wanted at {weighed.wanted:g}",
        ),
        RankTerm("fit", round(middle, 4), f"fit {span} of 100"),
        RankTerm("freshness", weighed.freshness, fresh),
        RankTerm("probability", round(weighed.probability, 4), "that it is this company"),
        RankTerm("confidence", round(weighed.confidence, 4), "that it happened"),
        RankTerm("modality", MODALITY[weighed.modality], weighed.modality.replace("_", " ")),
        RankTerm("corroboration", round(corroboration, 4), sources),
        _territory(weighed.territory),
        _order_size(weighed.order_size),
        _relationship(weighed.relation),
    )  # fmt: skip


def _territory(is_owned: bool | None) -> RankTerm:
    says = {None: "no owners are given", True: "somebody owns it", False: "nobody owns it"}[is_owned]
    return RankTerm("territory", 0.0 if is_owned is False else 1.0, says)


def _order_size(share: float | None) -> RankTerm:
    if share is None:
        return RankTerm("order_size", 1.0, "the profile names no order value")
    return RankTerm("order_size", round(share, 4), f"an order is worth {share:.0%} of the largest profile's")


def _relationship(relation: str) -> RankTerm:
    return RankTerm("relationship", RELATIONSHIP.get(relation, 0.0), RELATED.get(relation, "no relation yet"))


def rank(terms: Sequence[RankTerm]) -> float:
    """The rank of the terms, 0 to 100, as the module's head says."""
    value = {term.name: term.value for term in terms}
    worth = sum(weight * value[name] for name, weight in _WORTH.items())
    sure = value["probability"] * value["confidence"]
    shade = math.prod(1 - share * (1 - value[name]) for name, share in _SHADES.items())
    return round(100 * worth * sure * shade, 2)
