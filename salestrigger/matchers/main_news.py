"""Which of a text's events are its news: what is told only below the first of them is background.

The press tells its news at the head and again below it; what comes up later and only there (last year's turnover beside
a takeover, the loan that pays for a hall) says whom it is about. Events that cause each other are the exception: the
lay-offs below a closure, the departure below an appointment. Judges no single hit (``detect.py`` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from salestrigger.matchers.event_choice import Hit

#: types that the same news tells together, in one order or the other
TOGETHER = (
    frozenset(
        {"insolvency", "closure", "site_closure", "layoffs", "restructuring", "relocation", "financial_distress"}
    ),
    frozenset({"executive_hire", "executive_departure", "executive_promotion", "board_change"}),
    frozenset({"market_entry", "site_opening", "hiring_surge", "headcount_growth"}),
)

#: what a headline that tells nothing hides: wires open a deal with what its sides think of it
DEALS = frozenset({"acquisition", "merger", "divestiture", "ownership_change", "investment"})
PLAIN = 3  #: a phrase of so many words says what happened wherever it stands


def main_news(kept: Sequence[Hit], found: Iterable[Hit]) -> list[Hit]:
    """The hits of ``kept`` without those that come up in passing.

    ``found``: all hits of the text, before tellings of one event were joined. What the first sentence of the text
    tells in more words than the headline's event has is no background either: the headline may be a play on words.
    Without a headline nothing is said to be the news, and all of it is kept.
    """
    if not any(hit.title_end for hit in kept):
        return list(kept)
    told: dict[str, int] = {}
    for hit in found:
        told[hit.type.id] = min(hit.sentence.number, told.get(hit.type.id, hit.sentence.number))
    first = min((told[hit.type.id] for hit in kept), default=0)
    opening = [hit for hit in kept if told[hit.type.id] == first]
    types = {hit.type.id for hit in opening}
    plain = max((hit.finding.pattern.pieces for hit in opening), default=0) + 1
    return [
        hit
        for hit in kept
        if told[hit.type.id] == first
        or (told[hit.type.id] == 1 and hit.finding.pattern.pieces >= plain)
        or (first > 0 and hit.type.id in DEALS)
        or not _in_passing(hit, types)
    ]


def _in_passing(hit: Hit, opening: set[str]) -> bool:
    pattern = hit.finding.pattern
    if pattern.strength == "strong" or pattern.pieces >= PLAIN:
        return False
    return not any(hit.type.id in group and not opening.isdisjoint(group) for group in TOGETHER)
