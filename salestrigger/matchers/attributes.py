"""The values that belong to an event: amount, headcount, person and title, place, product, per cent.

Each is taken from the phrase's own slot, else from the event's sentence, and only where the type declares it. Values of
names are literal substrings; amounts are plain decimal numbers in units of their currency.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from salestrigger.matchers.amounts import Value
from salestrigger.matchers.encode import Line
from salestrigger.matchers.finding import Finding, slot_name
from salestrigger.matchers.naming import Group
from salestrigger.matchers.reader import WordSet
from salestrigger.matchers.types import Attribute, Role

_SLOT_KEYS = {
    "person": "person", "who": "person", "place": "location", "from": "from_location", "product": "product",
    "market": "market", "previous": "previous_organization",
}  # fmt: skip
_VALUE = re.compile(r"§[MRYN](\d+)")
#: which figure a results story speaks of; the first such word of its sentence decides
_MEASURES = {
    "loss": WordSet(("verlies", "tap", "underskudd", "underskot", "loss", "losses", "förlust", "underskud")),
    "revenue": WordSet(
        ("omzet*", "omsetning*", "omsatte", "omsette", "revenue*", "sales", "turnover", "omsättning*", "omsætning*")
    ),
    "operating_profit": WordSet(
        ("driftsresultat*", "bedrijfsresultaat", "ebit", "ebita", "ebitda", "operating", "rörelseresultat*")
    ),
    "profit": WordSet(
        (
            "winst*",
            "nettowinst*",
            "overskudd*",
            "overskot*",
            "profit*",
            "earnings",
            "vinst*",
            "overskud*",
            "årsresultat*",
        )
    ),
}


def attributes_of(finding: Finding, roles: Sequence[Role]) -> tuple[Attribute, ...]:
    """The attributes of one finding, at most one per key (but several persons), in a stated order."""
    wanted = set(finding.event_type.attributes)
    found = _from_slots(finding)
    keys = {a.key for a in found}
    if "amount" in wanted:
        found += _money(finding)
    if "percent" in wanted:
        found += _percent(finding.line)
    for key, nouns in (("headcount", finding.reader.people), ("count", finding.reader.vacancies)):
        if key in wanted:
            found += _counted(finding, key, nouns)
    taken = {role.start for role in roles}
    if "person" in wanted - keys:
        found += _person(finding, taken)
    if "title" in wanted - keys:
        found += _title(finding)
    if "location" in wanted - keys:
        found += _place(finding, taken)
    if "measure" in wanted:
        found += _measure(finding.line)
    return tuple(a for a in found if a.key in wanted)


def _from_slots(finding: Finding) -> list[Attribute]:
    found = []
    for label in finding.pattern.slots:
        name = slot_name(label)
        if name in _SLOT_KEYS:
            found += [_named(_SLOT_KEYS[name], group) for group in finding.groups(label)]
        elif name == "title" and finding.match[label]:
            found.append(_written("title", finding.line, *finding.line.span(*finding.match.span(label))))
    return found


def _written(key: str, line: Line, start: int, end: int) -> Attribute:
    return Attribute(key, line.full[start:end], None, start, end)


def _named(key: str, group: Group) -> Attribute:
    return Attribute(key, group.surface, None, group.start, group.end)


def _money(finding: Finding) -> list[Attribute]:
    value = _numbered(finding.line, finding.slot("money")) or _closest(finding, "M")
    if value is None:
        return []
    found = [Attribute("amount", plain(value.amount), value.currency or None, value.start, value.end)]
    if value.currency:
        found.append(Attribute("currency", value.currency, None, value.start, value.end))
    return found


def amount_after(line: Line) -> tuple[Attribute, ...]:
    """The one sum of money in a sentence that goes on about an event ("The price is 9 million euros"); none where the
    sentence speaks of a turnover or a result, or names several sums."""
    values = [v for v in line.values if v.kind == "M" and v.currency]
    if len(values) != 1 or _measure(line):
        return ()
    value = values[0]
    return (
        Attribute("amount", plain(value.amount), value.currency, value.start, value.end),
        Attribute("currency", value.currency, None, value.start, value.end),
    )


def plain(amount: Decimal) -> str:
    """Without exponent and without trailing zeros."""
    return f"{amount.normalize():f}"


def _numbered(line: Line, code: str) -> Value | None:
    found = _VALUE.search(code)
    return line.values[int(found[1])] if found else None


def _closest(finding: Finding, kind: str) -> Value | None:
    """The first value of a kind after the beginning of the hit, else the last before it."""
    start = finding.span[0]
    values = [v for v in finding.line.values if v.kind == kind]
    return next((v for v in values if v.start >= start), values[-1] if values else None)


def _percent(line: Line) -> list[Attribute]:
    value = next((v for v in line.values if v.kind == "R"), None)
    return [Attribute("percent", plain(value.amount), "per cent", value.start, value.end)] if value else []


def _counted(finding: Finding, key: str, nouns: WordSet) -> list[Attribute]:
    counted = (v for v, after in _numbers(finding.line) if any(word in nouns for word in after))
    value = _numbered(finding.line, finding.slot("n")) or next(counted, None)
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


def _person(finding: Finding, taken: set[int]) -> list[Attribute]:
    free = [g for g in finding.line.groups if g.start not in taken]
    people = [g for g in free if g.kind == "P"] or [g for g in free if g.kind == "Q"]
    if not people:
        return []
    middle = sum(finding.span) / 2
    return [_named("person", min(people, key=lambda g: abs(g.start - middle)))]


def _title(finding: Finding) -> list[Attribute]:
    """The words of the position nearest to the hit, as written."""
    line, titles = finding.line, finding.reader.titles
    words = line.text.split()
    at = [i for i, w in enumerate(words) if w in titles]
    if not at:
        return []
    middle = line.token_at(finding.hit[0])
    last = first = min(at, key=lambda i: abs(i - middle))
    while first - 1 in at:
        first -= 1
    while last + 1 in at:
        last += 1
    return [_written("title", line, line.spans[first][0], line.spans[last][1])]


def _place(finding: Finding, taken: set[int]) -> list[Attribute]:
    places = [g for g in finding.line.groups if g.kind in ("L", "K") and g.start not in taken]
    if not places:
        return []
    start = finding.span[0]
    return [_named("location", next((g for g in places if g.start >= start), places[-1]))]


def _measure(line: Line) -> list[Attribute]:
    for word in line.text.split():
        for measure, nouns in _MEASURES.items():
            if word in nouns:
                return [Attribute("measure", measure)]
    return []
