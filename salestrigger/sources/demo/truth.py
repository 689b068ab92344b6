"""What is true in the demo market, so that readers of it can be measured.

Per item of an outlet: the events that its text tells, or why there is none; the key is source and item key, as a reader
finds them. ``truth.jsonl`` holds the same as lines of JSON, for programs in other languages; a test keeps the two equal
(``python -m salestrigger.sources.demo.truth`` prints the lines). Per demo profile: who enters, leaves, or is merely
learned to fit, on which day and why (``outcomes.toml``).

The sources of ``mischief`` are not in it: nothing they say is true.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from salestrigger.sources.declare import Declaration, load_toml
from salestrigger.sources.demo.organisations import FOLDER, organisations
from salestrigger.sources.demo.outlets import Item, all_items, outlets
from salestrigger.sources.demo.stories import Expected

#: attributes that are words of the text
LITERAL = ("person", "title", "location", "from_location", "product", "market", "previous_organization")


@dataclass(frozen=True, slots=True)
class Truth:
    """What one item tells."""

    source_id: str
    key: str
    day: int
    language: str
    title: str
    events: tuple[Expected, ...]
    negative: str  #: why there is no event; empty when there is one


class Outcome(Declaration):
    """What a day brings for one organisation under one of the shipped profiles."""

    day: int
    profile: str
    org: str
    effect: Literal["enters_icp", "leaves_icp", "none"]
    cause: Literal["changed", "learned"]
    criterion: str
    by: Literal["register", "press"]  #: where it is to be read first
    why: str

    @property
    def organization(self) -> str:
        """Scheme and number."""
        return organisations()[self.org].identifier


class Outcomes(Declaration):
    """``outcomes.toml``."""

    outcome: tuple[Outcome, ...]


def truth() -> Iterator[Truth]:
    """Every item of every outlet over the whole calendar, by source and time."""
    for source_id in sorted(outlets()):
        for item in all_items(source_id):
            yield _of(item)


@functools.cache
def outcomes() -> tuple[Outcome, ...]:
    """What the days bring under the shipped profiles, by day."""
    listed = load_toml(FOLDER / "outcomes.toml", Outcomes).outcome
    return tuple(sorted(listed, key=lambda outcome: (outcome.day, outcome.profile, outcome.org)))


def lines() -> Iterator[str]:
    """:func:`truth` as lines of JSON."""
    for entry in truth():
        yield json.dumps(dataclasses.asdict(entry), ensure_ascii=False, sort_keys=True)


def _of(item: Item) -> Truth:
    told = tuple(event for event in (_told(e, f"{item.title}\n{item.text}") for e in item.story.events) if event.roles)
    reason = item.story.negative or ("" if told else "cut by the outlet")
    return Truth(item.source_id, item.key, item.story.day, item.story.language, item.title, told, reason)


def _told(event: Expected, text: str) -> Expected:
    """The event as far as this outlet's cut of the text still tells it."""
    kept = {role: tuple(p for p in parties if p.surface in text) for role, parties in event.roles.items()}
    attributes = {key: value for key, value in event.attributes.items() if key not in LITERAL or value in text}
    return Expected(event.type, event.modality, {role: found for role, found in kept.items() if found}, attributes)


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())
