"""One criterion and one value: met, not met or unknown. Three values everywhere; what cannot be read is unknown.

A range of values ("20-49", "below 5", a year) is met when all of it is wanted, not met when none of it is, and unknown
otherwise, so that learning the exact value can only settle it. Each judge sees one distinct value, as text;
``qualify`` calls it once per distinct value of a column. No tables here, no I/O beyond two data files of ours.
"""

from __future__ import annotations

import calendar
import functools
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from pydantic import Field

from salestrigger.icp_profiles.criteria import (
    AgeCriterion,
    CountryCriterion,
    EmployeesCriterion,
    IndustryCriterion,
    KeywordsCriterion,
    MunicipalityCriterion,
    PostcodeCriterion,
    RevenueCriterion,
    _Values,
    code_range,
    postcode_range,
)
from salestrigger.icp_profiles.kinds import Criterion
from salestrigger.icp_profiles.tables import Crosswalk, crosswalk
from salestrigger.matchers import judge_more
from salestrigger.matchers.judge_words import keywords
from salestrigger.matchers.states import MET, NOT_MET, SEPARATOR, UNKNOWN
from salestrigger.sources.declare import Declaration, load_toml

Judge = Callable[[str], int]
Span = tuple[Decimal, Decimal | None]  #: from, to (both included); None: no upper bound

_NUMBER = r"\d{1,18}(?:\.\d{1,6})?"
_SPAN = re.compile(rf"({_NUMBER})(?:\s*(?:-|–|to)\s*({_NUMBER}))?")
_OPEN = re.compile(rf"({_NUMBER})\s*\+|(>=|>|<=|<)\s*({_NUMBER})")
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ].*)?", re.DOTALL)


class _Codeset(Declaration):
    base: str
    digits: int = Field(ge=1, description="how many leading digits are those of the base")
    empty: tuple[str, ...] = Field(default=(), description="codes that say nothing about an industry")


class _Codesets(Declaration):
    sets: dict[str, _Codeset]


class _Currencies(Declaration):
    year: int
    margin: Decimal = Field(ge=0, lt=1)
    per_euro: dict[str, Decimal]


@functools.cache
def codesets() -> MappingProxyType[str, _Codeset]:
    """The industry code sets that we know, by name."""
    return MappingProxyType(load_toml(Path(__file__).with_name("codesets.toml"), _Codesets).sets)


@functools.cache
def currencies() -> _Currencies:
    """Reference rates, with the year they are of and how far they may be off."""
    return load_toml(Path(__file__).with_name("currencies.toml"), _Currencies)


def judge_of(criterion: Criterion, on: date) -> Judge:
    """The judge of a criterion: a value as text (parts joined by :data:`SEPARATOR`; empty: unknown) → its state."""
    return judge_more.judge_of(criterion, on, within) or _judge_of(criterion, on)


def _judge_of(criterion: Criterion, on: date) -> Judge:
    match criterion:
        case EmployeesCriterion():
            return lambda value: within(read_span(value), criterion.min, criterion.max)
        case RevenueCriterion():
            return lambda value: within(_revenue(value, criterion.currency), criterion.min, criterion.max)
        case AgeCriterion():
            return lambda value: within(age_span(value, on), criterion.min, criterion.max)
        case IndustryCriterion():
            wanted_codes = tuple(map(code_range, criterion.codes))
            return functools.partial(_industry, wanted_codes, criterion.codesets, crosswalk(criterion.crosswalk))
        case MunicipalityCriterion():
            return functools.partial(_municipality, frozenset(c.upper() for c in criterion.codes))
        case PostcodeCriterion():
            return functools.partial(_postcode, tuple(postcode_range(r) for r in criterion.ranges))
        case KeywordsCriterion():
            return keywords(criterion)
        case CountryCriterion():
            wanted = frozenset(criterion.values)
            return lambda value: _found(value.strip().upper() in wanted) if len(value.strip()) == 2 else UNKNOWN
        case _Values():
            return _one_of(criterion.values, _folded_form if criterion.kind == "legal_form" else str.casefold)
        case _:
            raise TypeError(f"no judge for criteria of the kind {criterion.kind!r}")


def within(span: Span | None, low: Decimal | None, high: Decimal | None) -> int:
    """Whether every (met), no (not met) or some (unknown) value of the span lies between the bounds."""
    if span is None:
        return UNKNOWN
    start, end = span
    if (low is not None and end is not None and end < low) or (high is not None and start > high):
        return NOT_MET
    starts_inside = low is None or start >= low
    ends_inside = high is None or (end is not None and end <= high)
    return MET if starts_inside and ends_inside else UNKNOWN


def read_span(text: str) -> Span | None:
    """``"35"``, ``"20-49"``, ``"200+"``, ``"<5"``, ``">=50"`` as whole numbers from and to; None: it cannot be read."""
    text = text.strip()
    if found := _SPAN.fullmatch(text):
        low, high = Decimal(found[1]), Decimal(found[2] or found[1])
        return (low, high) if low <= high else None
    if not (found := _OPEN.fullmatch(text)):
        return None
    if found[1]:
        return Decimal(found[1]), None
    bound = Decimal(found[3])
    match found[2]:
        case ">=":
            return bound, None
        case ">":
            return bound + 1, None
        case "<=":
            return Decimal(0), bound
        case _:
            return (Decimal(0), bound - 1) if bound >= 1 else None


def age_span(text: str, on: date) -> Span | None:
    """Completed years on a day since ``"2009"``, ``"2009-04"``, ``"2009-04-01"``; None: unreadable or in the future."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = found[1], found[2], found[3]
    try:
        first = date(int(year), int(month or 1), int(day or 1))
        last = first if day else _last_day(int(year), int(month or 12))
    except ValueError:
        return None
    oldest, youngest = _years(first, on), _years(last, on)
    return (Decimal(max(youngest, 0)), Decimal(oldest)) if oldest >= 0 else None


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _years(since: date, on: date) -> int:
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


def _revenue(value: str, wanted: str) -> Span | None:
    """The amount in the wanted currency; converted amounts become a range as wide as the rates are uncertain."""
    amount, _, currency = value.partition(SEPARATOR)
    span, currency = read_span(amount), currency.strip().upper()
    if span is None or currency == wanted:
        return span if currency else None
    rates = currencies()
    if currency not in rates.per_euro or wanted not in rates.per_euro:
        return None
    factor = rates.per_euro[wanted] / rates.per_euro[currency]
    low, high = span
    return low * factor * (1 - rates.margin), None if high is None else high * factor * (1 + rates.margin)


def _industry(
    wanted: tuple[tuple[str, str], ...], codesets_wanted: tuple[str, ...], became: Crosswalk, value: str
) -> int:
    """Met when any code is wanted; not met when every code can be compared and none is; unknown otherwise."""
    codes, _, named = value.partition(SEPARATOR)
    sets = named.split("|")
    states = [
        _any_set(wanted, codesets_wanted, code.strip(), (sets[i] if i < len(sets) else sets[-1]).strip(), became)
        for i, code in enumerate(codes.split("|"))
        if code.strip()
    ]
    if MET in states:
        return MET
    return NOT_MET if states and UNKNOWN not in states else UNKNOWN


def _any_set(
    wanted: tuple[tuple[str, str], ...], codesets_wanted: tuple[str, ...], code: str, codeset: str, became: Crosswalk
) -> int:
    """In a set that the profile speaks of; else by what the code is called in one: all, none or some of it wanted."""
    if codeset in codesets() and code in codesets()[codeset].empty:
        return UNKNOWN
    usable = _shared_digits(codesets_wanted, codeset)
    if usable or codeset not in codesets():
        return _code(wanted, code, usable)
    known = codesets()
    digits, base = code.replace(".", "").replace(" ", "")[: known[codeset].digits], known[codeset].base
    ways = {known[name].base: len(became.way(base, known[name].base)) for name in codesets_wanted if name in known}
    nearest = min((length for length in ways.values() if length), default=0)  # a longer way is a vaguer one
    states = {
        _code(wanted, other, 99)
        for to, length in ways.items() if length == nearest
        for other in became.became(base, digits, to)
    }  # fmt: skip
    return states.pop() if len(states) == 1 else UNKNOWN


def _code(wanted: tuple[tuple[str, str], ...], code: str, usable: int) -> int:
    digits = code.replace(".", "").replace(" ", "")
    if not digits.isdigit() or usable == 0:
        return UNKNOWN
    return max(_code_within(one, digits, usable) for one in wanted)


def _code_within(wanted: tuple[str, str], digits: str, usable: int) -> int:
    """A prefix can be judged over as many digits as the code has and both code sets share."""
    low, high = wanted
    n = min(len(low), len(digits), usable)
    if n == len(low):
        return MET if low <= digits[:n] <= high else NOT_MET
    return NOT_MET if digits[:n] < low[:n] or digits[:n] > high[:n] else UNKNOWN


@functools.cache
def _shared_digits(wanted: tuple[str, ...], codeset: str) -> int:
    """How many leading digits of a code of ``codeset`` mean the same in one of the wanted sets; 0: none."""
    if codeset in wanted:
        return 99
    known = codesets()
    if codeset not in known:
        return 0
    same_base = [known[w].digits for w in wanted if w in known and known[w].base == known[codeset].base]
    return min(known[codeset].digits, max(same_base)) if same_base else 0


def _municipality(wanted: frozenset[str], value: str) -> int:
    """A number that is shorter than every wanted code has lost its leading zero somewhere: that is unknown, not no."""
    code = value.strip().upper()
    if not code or (code.isdigit() and len(code) < min(map(len, wanted))):
        return UNKNOWN
    return _found(code in wanted)


def _postcode(ranges: tuple[tuple[str, str], ...], value: str) -> int:
    code = re.sub(r"\s", "", value.upper())
    if not code:
        return UNKNOWN
    return max(_code_within(r, code, 99) for r in ranges)


def _one_of(values: tuple[str, ...], fold: Callable[[str], str]) -> Judge:
    wanted = frozenset(fold(v.strip()) for v in values)
    return lambda value: _found(fold(value.strip()) in wanted) if value.strip() else UNKNOWN


def _folded_form(form: str) -> str:
    return re.sub(r"[.\s]", "", form).casefold()


def _found(is_so: bool) -> int:
    return MET if is_so else NOT_MET
