"""The values that belong to an event: amount, headcount, person and title, place, product, per cent.

Each is taken from the phrase's own slot, else from the event's sentence, and only where the type declares it. Values of
names are literal substrings; amounts are plain decimal numbers in units of their currency.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from salestrigger.matchers.amounts import Value
from salestrigger.matchers.encode import Group, Line
from salestrigger.matchers.lexicon import EventType
from salestrigger.matchers.reader import Reader, WordSet
from salestrigger.matchers.roles import slot_groups
from salestrigger.matchers.types import Attribute, Role

_SLOT_KEYS = {
    "person": "person", "place": "location", "from": "from_location", "product": "product", "market": "market",
    "previous": "previous_organization",
}  # fmt: skip
_VALUE = re.compile(r"§[MRYN](\d+)")
_MEASURES = {
    "loss": ("verlies", "tap", "underskudd", "underskot", "loss", "förlust", "verlust"),
    "revenue": ("omzet*", "omsetning*", "revenue*", "sales", "turnover", "omsättning*", "omsætning*", "nettoomsättning*"),
    "operating_profit": ("driftsresultat*", "bedrijfsresultaat", "ebit", "ebita", "ebitda", "operating", "rörelseresultat*"),
    "profit": ("winst*", "nettowinst*", "overskudd*", "resultat*", "profit*", "earnings", "vinst*", "overskud*", "årsresultat*"),
}  # fmt: skip


def attributes_of(
    event_type: EventType, line: Line, match: re.Match[str], slots: Sequence[str], roles: Sequence[Role], reader: Reader
) -> tuple[Attribute, ...]:
    """The attributes of one hit, at most one per key (but several persons), in a stated order."""
    wanted = set(event_type.attributes)
    found = _from_slots(line, match, slots)
    keys = {a.key for a in found}
    if "amount" in wanted:
        found += _money(line, match, slots)
    if "percent" in wanted:
        found += _percent(line)
    for key, nouns in (("headcount", reader.people), ("count", reader.vacancies)):
        if key in wanted:
            found += _counted(line, match, slots, key, nouns)
    if "person" in wanted and "person" not in keys:
        found += _person(line, match.span(), roles)
    if "title" in wanted and "title" not in keys:
        found += _title(line, match.span(), reader)
    if "location" in wanted and "location" not in keys:
        found += _place(line, match.span(), roles)
    if "measure" in wanted:
        found += _measure(line)
    return tuple(a for a in found if a.key in wanted)


def _from_slots(line: Line, match: re.Match[str], slots: Sequence[str]) -> list[Attribute]:
    found = []
    for label in slots:
        name = label.split("__")[0]
        if name in _SLOT_KEYS:
            found += [_named(_SLOT_KEYS[name], group) for group in slot_groups(line, match, label)]
        elif name == "title" and match[label]:
            start, end = line.span(*match.span(label))
            found.append(Attribute("title", match[label].strip(), None, start, end))
    return found


def _named(key: str, group: Group) -> Attribute:
    return Attribute(key, group.surface, None, group.start, group.end)


def _money(line: Line, match: re.Match[str], slots: Sequence[str]) -> list[Attribute]:
    slot = next((match[s] for s in slots if s.startswith("money__") and match[s]), "")
    value = _numbered(line, slot) or _closest(line, match.span(), "M")
    if value is None:
        return []
    found = [Attribute("amount", plain(value.amount), value.currency or None, value.start, value.end)]
    if value.currency:
        found.append(Attribute("currency", value.currency, None, value.start, value.end))
    return found


def plain(amount: Decimal) -> str:
    """Without exponent and without trailing zeros."""
    return f"{amount.normalize():f}"


def _numbered(line: Line, code: str) -> Value | None:
    found = _VALUE.search(code)
    return line.values[int(found[1])] if found else None


def _closest(line: Line, hit: tuple[int, int], kind: str) -> Value | None:
    """The first value of a kind after the beginning of the hit, else the last before it."""
    start = line.span(*hit)[0]
    values = [v for v in line.values if v.kind == kind]
    return next((v for v in values if v.start >= start), values[-1] if values else None)


def _percent(line: Line) -> list[Attribute]:
    value = next((v for v in line.values if v.kind == "R"), None)
    return [Attribute("percent", plain(value.amount), "per cent", value.start, value.end)] if value else []


def _counted(line: Line, match: re.Match[str], slots: Sequence[str], key: str, nouns: WordSet) -> list[Attribute]:
    slot = next((match[s] for s in slots if s.startswith("n__") and match[s]), "")
    value = _numbered(line, slot) or next((v for v, after in _numbers(line) if any(w in nouns for w in after)), None)
    if value is None or value.amount != value.amount.to_integral_value() or value.amount <= 0:
        return []
    return [Attribute(key, plain(value.amount), "persons" if key == "headcount" else None, value.start, value.end)]


def _numbers(line: Line) -> list[tuple[Value, list[str]]]:
    """Plain numbers with the three words after them, not over another number."""
    words = line.text.split()
    found = []
    for i, word in enumerate(words):
        if (code := re.fullmatch(r"§N(\d+)", word)) and (value := line.values[int(code[1])]):
            after = words[i + 1 : i + 4]
            stop = next((k for k, w in enumerate(after) if w.startswith(("§N", "§M", "§R"))), 3)
            found.append((value, after[:stop]))
    return found


def _person(line: Line, hit: tuple[int, int], roles: Sequence[Role]) -> list[Attribute]:
    taken = {role.start for role in roles}
    people = [g for g in line.groups if g.kind == "P" and g.start not in taken]
    people = people or [g for g in line.groups if g.kind == "Q" and g.start not in taken and not g.mention_id]
    if not people:
        return []
    middle = sum(line.span(*hit)) / 2
    return [_named("person", min(people, key=lambda g: abs(g.start - middle)))]


def _title(line: Line, hit: tuple[int, int], reader: Reader) -> list[Attribute]:
    """The words of a position nearest to the hit, as written in lower or upper case."""
    words = line.text.split()
    at = [i for i, w in enumerate(words) if w in reader.titles]
    if not at:
        return []
    middle = line.token_at(hit[0])
    best = min(at, key=lambda i: abs(i - middle))
    first = best
    while first > 0 and first - 1 in at:
        first -= 1
    start, end = line.spans[first][0], line.spans[best][1]
    return [Attribute("title", " ".join(words[first : best + 1]), None, start, end)]


def _place(line: Line, hit: tuple[int, int], roles: Sequence[Role]) -> list[Attribute]:
    taken = {role.start for role in roles}
    places = [g for g in line.groups if g.kind in ("L", "K") and g.start not in taken]
    if not places:
        return []
    start = line.span(*hit)[0]
    return [_named("location", next((g for g in places if g.start >= start), places[-1]))]


def _measure(line: Line) -> list[Attribute]:
    """Which figure is meant: the word before or after the first amount, else the first such word."""
    for word in line.text.split():
        for measure, nouns in _MEASURES.items():
            if word in WordSet(nouns):
                return [Attribute("measure", measure)]
    return []
