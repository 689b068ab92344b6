"""What the demo market's press writes, and what is true in it.

A story is written by hand or expanded from a pattern (sentences with slots, filled from a list of cases or by the day);
each says which events a reader finds in it, or why there is none. The texts stand in ``stories_*.toml``; here they
become :class:`Story` values, and every claim of an event is checked against the words of its text.

An event is written ``type modality; role=organisation|organisation; attribute=value``; an organisation is a key of the
market, or ``~`` and the words of the text for one that no register knows.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from salestrigger.sources.declare import Declaration, load_toml
from salestrigger.sources.demo.organisations import FOLDER, organisations
from salestrigger.sources.demo.timeline import DAYS, FIRST_DATE, FIRST_DAY, number_of
from salestrigger.sources.errors import DeclarationError

ROLES = frozenset(
    [
        "acquirer",
        "target",
        "seller",
        "buyer",
        "party",
        "organization",
        "new_owner",
        "old_owner",
        "investee",
        "investor",
        "recipient",
        "provider",
        "issuer",
        "parent",
        "counterparty",
        "vendor",
        "customer",
        "authority",
        "winner",
        "plaintiff",
        "defendant",
    ]
)


@dataclass(frozen=True, slots=True)
class Party:
    """Who has a role, as the text writes it."""

    surface: str
    organization: str  #: scheme and number; empty when the market has no such organisation


@dataclass(frozen=True, slots=True)
class Expected:
    """One event that a text tells."""

    type: str
    modality: str
    roles: Mapping[str, tuple[Party, ...]]
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Story:
    """One text, in the outlets that carry it; the first has it first."""

    story_id: str
    day: int
    language: str
    outlets: tuple[str, ...]
    title: str
    text: str
    events: tuple[Expected, ...]
    negative: str  #: why there is no event, in a word or two; empty when there is one
    issuer: str  #: key of the organisation that sent it, for wires and newsrooms
    retitled: Mapping[str, str]  #: outlet → its own headline over the same text


class StoryRow(Declaration):
    """One ``[[story]]`` as written."""

    id: str
    day: int
    outlets: tuple[str, ...]
    title: str
    text: str = ""
    events: tuple[str, ...] = ()
    negative: str = ""
    issuer: str = ""
    retitled: Mapping[str, str] = Field(default_factory=dict)


class PatternRow(Declaration):
    """One ``[[pattern]]``: texts with slots in braces, for ``cases`` (each with its day) or for each of ``days``."""

    id: str
    outlets: tuple[str, ...]
    titles: tuple[str, ...]
    texts: tuple[str, ...] = ("",)
    events: tuple[str, ...] = ()
    negative: str = ""
    cases: tuple[Mapping[str, str | int], ...] = ()
    days: tuple[int, ...] = ()
    slots: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)


class StoryFile(Declaration):
    """One ``stories_*.toml``."""

    language: str
    story: tuple[StoryRow, ...] = ()
    pattern: tuple[PatternRow, ...] = ()


@functools.cache
def stories() -> tuple[Story, ...]:
    """Every story of the calendar, by day and id.

    Raises:
        DeclarationError: a file is wrong, or claims an event whose names are not in its text.
    """
    found: list[Story] = []
    for path in sorted(FOLDER.glob("stories_*.toml")):
        content = load_toml(path, StoryFile)
        rows = [*content.story, *(row for pattern in content.pattern for row in expand(pattern))]
        found += [_story(path, content.language, row) for row in rows]
    return tuple(sorted(found, key=lambda story: (story.day, story.story_id)))


def expand(pattern: PatternRow) -> Iterator[StoryRow]:
    """The stories of a pattern: titles and texts taken in turn, slots filled from the case or picked by the day."""
    cases = pattern.cases or tuple({"day": day} for day in pattern.days)
    for position, case in enumerate(cases):
        day = int(case["day"])
        fillings = _fillings(pattern, case, day)
        title = _pick(pattern.titles, position).format_map(fillings)
        text = _pick(pattern.texts, position).format_map(fillings)
        yield StoryRow(
            id=f"{pattern.id}-{position + 1}",
            day=day,
            outlets=(_pick(pattern.outlets, position),),
            title=title[:1].upper() + title[1:],
            text=text[:1].upper() + text[1:],
            events=tuple(event.format_map(fillings | {"org": case.get("org", "")}) for event in pattern.events),
            negative=pattern.negative,
            issuer=str(case.get("org", "")),
        )


def _pick(choices: tuple[str, ...], position: int) -> str:
    return choices[position % len(choices)]


def _fillings(pattern: PatternRow, case: Mapping[str, str | int], day: int) -> dict[str, Any]:
    picked = {slot: _pick(choices, number_of(pattern.id, slot, str(day))) for slot, choices in pattern.slots.items()}
    filled: dict[str, Any] = picked | dict(case)
    if "org" in case:
        org = organisations()[str(case["org"])]
        filled |= {"org": org.short, "name": org.name, "place": case.get("place", org.place)}
    return filled


def _story(path: Path, language: str, row: StoryRow) -> Story:
    if not FIRST_DAY <= row.day <= DAYS:
        raise DeclarationError(path, f"day {row.day!r} is not in the calendar; {_allowed()}", key=row.id)
    if bool(row.events) == bool(row.negative):
        raise DeclarationError(path, "needs either events or the reason why there are none", key=row.id)
    try:
        events = tuple(_expected(text, f"{row.title}\n{row.text}") for text in row.events)
    except (KeyError, ValueError) as error:
        raise DeclarationError(path, f"wrong event: {error}", key=row.id) from None
    return Story(
        story_id=row.id,
        day=row.day,
        language=language,
        outlets=row.outlets,
        title=row.title,
        text=row.text,
        events=events,
        negative=row.negative,
        issuer=row.issuer,
        retitled=dict(row.retitled),
    )


def _allowed() -> str:
    return f"allowed: {FIRST_DAY} to {DAYS}, where day 1 is {FIRST_DATE}"


def _expected(written: str, text: str) -> Expected:
    head, *rest = (part.strip() for part in written.split(";"))
    kind, modality = head.split()
    pairs = [part.partition("=")[::2] for part in rest]
    roles = {key: tuple(_party(v, text) for v in value.split("|")) for key, value in pairs if key in ROLES}
    attributes = {key: value for key, value in pairs if key not in ROLES}
    literal = {"person", "title", "location", "from_location", "product", "market", "previous_organization"}
    for key in literal & set(attributes):
        for value in attributes[key].split("|"):
            if value not in text:
                raise ValueError(f"{key} {value!r} is not in the text")
    return Expected(kind, modality, roles, attributes)


def _party(key: str, text: str) -> Party:
    if key.startswith("~"):
        if key[1:] not in text:
            raise ValueError(f"{key[1:]!r} is not in the text")
        return Party(key[1:], "")
    org = organisations()[key]
    names = (*org.forms, *(name for name, _ in org.former))
    found = [name for name in names if name in text]
    if not found:
        raise ValueError(f"no name of {key!r} is in the text")
    return Party(max(found, key=len), org.identifier)
