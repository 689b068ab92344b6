"""Organization × Profile → Fit, three-valued, in columns.

Fit is the weighted share of the must and nice criteria that are met, 0 to 100. What is unknown counts as not met in
the lower bound and as met in the upper one, so that the two contain the fit of every way in which the unknowns may turn
out, and learning a fact never widens them. The verdict is separate from the number:

* ``excluded``: an exclusion applies (a tag that we know of, or a criterion with need ``exclude`` that is met);
* ``does_not_fit``: a must-have is not met, or the upper bound is below the profile's least fit;
* ``unknown``: a must-have or an excluding criterion is unknown, or only the lower bound is below the least fit;
* ``fits``: otherwise.

Each criterion is judged once per distinct value of its column and the answers are spread over the rows, so that a
million rows cost little more than their distinct values. One organisation goes the same way, as a table of one row.
No clock: ``on`` is the day for which ages are computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salestrigger.icp_profiles.criteria import IndustryCriterion, KeywordsCriterion
from salestrigger.icp_profiles.kinds import Criterion
from salestrigger.icp_profiles.profile import Exclusions, Profile
from salestrigger.matchers.attribute_specs import ATTRIBUTES
from salestrigger.matchers.fit_json import criteria_json, readable
from salestrigger.matchers.judge import judge_of
from salestrigger.matchers.judge_why import why_open
from salestrigger.matchers.judge_words import keywords_column
from salestrigger.matchers.places import place_name
from salestrigger.matchers.states import MET, NOT_MET, SEPARATOR, STATES, UNKNOWN
from salestrigger.matchers.types import CriterionFit, Fact, Fit, Organization, Verdict
from salestrigger.matchers.universe import text_column, universe_table

#: Kind of criterion → the attribute it is about; the others are about the attribute of the same name.
ATTRIBUTE_OF = {
    "municipality": "municipality_code", "age": "founded", "keywords": "description", "radius": "city",
    "group": "parent", "growth": "headcounts",
}  # fmt: skip
#: Kind of criterion → the columns that it is judged by; the others are judged by the one of their attribute.
COLUMNS_OF = {
    "industry": ("industry", "industry_codeset"), "revenue": ("revenue", "currency"), "growth": ("growth",),
    "radius": ("country", "postcode", "city", "latitude", "longitude"),
}  # fmt: skip
#: Kinds of which a place without the first column may still be judged by the others.
_ANY_COLUMN = frozenset({"radius"})
#: Kinds whose state may change by the passing of time alone.
AGEING = frozenset({"age", "growth", "history"})
VERDICTS: tuple[Verdict, ...] = ("fits", "unknown", "does_not_fit", "excluded")
_FITS, _UNKNOWN, _DOES_NOT_FIT, _EXCLUDED = range(4)

#: Rows that are written out at a time: their texts then stay in the processor's cache (benchmarks/fit.py).
_SLICE = 20_000

Need = Literal["must", "nice", "exclude"]
Judging = Callable[[pa.Array], npt.NDArray[np.int8]]  #: distinct values ("" is unknown) → their states


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion or exclusion over all rows: its distinct values with their states, and which one each row has."""

    name: str
    attribute: str
    need: Need
    weight: float
    wanted: str
    lookup: str
    distinct: pa.Array  #: distinct values of the column; "" is unknown
    value_states: npt.NDArray[np.int8]  #: of each distinct value: 1 met, 0 unknown, -1 not met
    rows: npt.NDArray[np.int32]  #: row → position in ``distinct``
    lookups: Mapping[int, str] = field(default_factory=dict)  #: position → what settles it, where that is its own

    def lookup_at(self, position: int) -> str:
        """What would settle an unknown state of this distinct value."""
        return self.lookups.get(position, self.lookup)

    @property
    def states(self) -> npt.NDArray[np.int8]:
        """The state of each row."""
        return self.value_states[self.rows]

    @property
    def readable(self) -> list[str]:
        """The distinct values as a person reads them."""
        return [readable(value, self.attribute) for value in self.distinct.to_pylist()]


@dataclass(frozen=True, slots=True)
class FitColumns:
    """The fit of every row."""

    lines: tuple[Line, ...]
    lower: npt.NDArray[np.float64]  #: 0..100
    upper: npt.NDArray[np.float64]  #: 0..100
    verdict: npt.NDArray[np.int8]  #: position in :data:`VERDICTS`


def fit_columns(universe: pa.Table, profile: Profile, on: date) -> FitColumns:
    """The fit of every row of a universe table (see ``matchers.universe``) under a profile, on a day."""
    lines = (*(_line(universe, c, on) for c in profile.criteria), *_tags(universe, profile.exclude))
    lower, upper = _bounds(lines, universe.num_rows)
    return FitColumns(lines, lower, upper, _verdict(lines, lower, upper, profile.thresholds.fit))


def _line(universe: pa.Table, criterion: Criterion, on: date) -> Line:
    attribute = ATTRIBUTE_OF.get(criterion.kind, criterion.kind)
    judge: Judging
    if isinstance(criterion, KeywordsCriterion):
        judge = partial(keywords_column, criterion)
    else:
        judge = partial(_one_by_one, judge_of(criterion, on))
    line = _judged(
        _joined(universe, COLUMNS_OF.get(criterion.kind, (attribute,)), any_of=criterion.kind in _ANY_COLUMN),
        judge,
        name=criterion.label, attribute=attribute, need=criterion.need, weight=criterion.weight,
        wanted=criterion.wanted,
    )  # fmt: skip
    return replace(line, lookups=_lookups(criterion, line)) if isinstance(criterion, IndustryCriterion) else line


def _lookups(criterion: IndustryCriterion, line: Line) -> dict[int, str]:
    """Codes that leave it open say why."""
    values = line.distinct.to_pylist()
    return {
        at: why_open(criterion, values[at])
        for at in np.flatnonzero(line.value_states == UNKNOWN).tolist()
        if values[at]
    }


def _joined(universe: pa.Table, columns: Sequence[str], *, any_of: bool) -> pa.Array:
    """The columns as one; unknown when the first one is, or (``any_of``) when all are."""
    if len(columns) == 1:
        return text_column(universe, columns[0])
    parts = [text_column(universe, name) for name in columns]
    joined = pc.binary_join_element_wise(*parts, SEPARATOR)
    nothing = SEPARATOR * (len(parts) - 1)
    return pc.if_else(pc.equal(joined, nothing) if any_of else pc.equal(parts[0], ""), "", joined)


def _one_by_one(judge: Callable[[str], int], values: pa.Array) -> npt.NDArray[np.int8]:
    return np.array([judge(value) if value else UNKNOWN for value in values.to_pylist()], dtype=np.int8)


def _judged(
    column: pa.Array, judge: Judging, *, name: str, attribute: str, need: Need, weight: float, wanted: str
) -> Line:
    encoded = column.dictionary_encode()
    return Line(
        name, attribute, need, weight, wanted,
        lookup=ATTRIBUTES[attribute].lookup if attribute in ATTRIBUTES else "",
        distinct=encoded.dictionary,
        value_states=judge(encoded.dictionary),
        rows=encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32),
    )  # fmt: skip


def _tags(universe: pa.Table, exclude: Exclusions) -> tuple[Line, ...]:
    """The profile's exclusions: what we know of applies, what we do not know of does not. No unknown here."""
    # nobody is asked whether a profile wants those who are not to be contacted
    relations = {"suppressed", *exclude.relations} | ({"customer"} if exclude.customers == "exclude" else set())
    lines = [_tag(text_column(universe, "relation"), "relation", relations, relations.__contains__)]
    if exclude.statuses:
        statuses = set(exclude.statuses)
        lines.append(_tag(text_column(universe, "status"), "status", statuses, statuses.__contains__))
    if exclude.organizations:
        listed = set(exclude.organizations)
        ids = pc.binary_join_element_wise(text_column(universe, "org_id"), text_column(universe, "identifiers"), "|")
        lines.append(_tag(ids, "list", listed, lambda value: not listed.isdisjoint(value.split("|"))))
    return tuple(lines)


def _tag(column: pa.Array, name: str, values: set[str], applies: Callable[[str], bool]) -> Line:
    line = _judged(
        column, partial(_one_by_one, lambda value: MET if applies(value) else NOT_MET),
        name=name, attribute=name, need="exclude", weight=0.0,
        wanted=f"not {', '.join(sorted(values)[:8])}",
    )  # fmt: skip
    known = np.where(line.value_states == UNKNOWN, np.int8(NOT_MET), line.value_states)
    return replace(line, value_states=known)


def _bounds(lines: Sequence[Line], rows: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """100 × (weight met) / (weight of all), without and with what is unknown."""
    counted = [line for line in lines if line.need != "exclude"]
    total = sum(line.weight for line in counted)
    lower, upper = np.zeros(rows), np.zeros(rows)
    for line in counted:
        states = line.states
        lower += np.where(states == MET, line.weight, 0.0)
        upper += np.where(states != NOT_MET, line.weight, 0.0)
    return np.round(100 * lower / total, 2), np.round(100 * upper / total, 2)


def _verdict(
    lines: Sequence[Line], lower: npt.NDArray[np.float64], upper: npt.NDArray[np.float64], least: float
) -> npt.NDArray[np.int8]:
    """One verdict per row, the strongest reason winning: see the module's head."""
    verdict = np.full(len(lower), _FITS, dtype=np.int8)
    verdict[lower < least] = _UNKNOWN
    for line in lines:
        if line.need != "nice":
            verdict[line.states == UNKNOWN] = _UNKNOWN
    verdict[upper < least] = _DOES_NOT_FIT
    for line in lines:
        if line.need == "must":
            verdict[line.states == NOT_MET] = _DOES_NOT_FIT
    for line in lines:
        if line.need == "exclude":
            verdict[line.states == MET] = _EXCLUDED
    return verdict


def fit_table(universe: pa.Table, profile: Profile, now: datetime) -> pa.Table:
    """The answer of ``salestrigger fit``: org_id, profile, profile_version, lower, upper, verdict, criteria (JSON)."""
    starts = range(0, max(universe.num_rows, 1), _SLICE)
    return pa.concat_tables([_fit_slice(universe.slice(low, _SLICE), profile, now.date()) for low in starts])


def _fit_slice(universe: pa.Table, profile: Profile, on: date) -> pa.Table:
    columns = fit_columns(universe, profile, on)
    names = pa.array(VERDICTS, pa.string())
    return pa.table(
        {
            "org_id": text_column(universe, "org_id"),
            "profile": pa.repeat(pa.scalar(profile.name), universe.num_rows),
            "profile_version": pa.repeat(pa.scalar(profile.version), universe.num_rows),
            "lower": pa.array(columns.lower),
            "upper": pa.array(columns.upper),
            "verdict": names.take(pa.array(columns.verdict)),
            "criteria": criteria_json(columns.lines),
        }
    )


def qualify(organization: Organization, profile: Profile, now: datetime) -> Fit:
    """The fit of one organisation."""
    return qualify_many([organization], profile, now)[0]


def qualify_many(
    organizations: Sequence[Organization], profile: Profile, now: datetime, *, universe: pa.Table | None = None
) -> list[Fit]:
    """The fit of each organisation, in the given order, with value, source and date of each criterion.

    ``universe`` is ``universe_table(organizations)``, for a caller who has it already.
    """
    table = universe_table(organizations) if universe is None else universe
    columns = fit_columns(table, profile, now.date())
    facts = [{fact.attribute: fact for fact in organization.facts} for organization in organizations]
    criteria = zip(*(_criterion_fits(line, facts) for line in columns.lines), strict=True)
    lower, upper, verdict = columns.lower.tolist(), columns.upper.tolist(), columns.verdict.tolist()
    return [
        Fit(
            organization.organization_id, profile.name, profile.version,
            lower[row], upper[row], VERDICTS[verdict[row]], lines,
        )
        for row, (organization, lines) in enumerate(zip(organizations, criteria, strict=True))
    ]  # fmt: skip


def _criterion_fits(line: Line, facts: Sequence[Mapping[str, Fact]]) -> list[CriterionFit]:
    """The line's part of each organisation's fit; equal parts of many organisations are one object."""
    seen: dict[tuple[int, str, str, date | None], CriterionFit] = {}
    found = []
    for position, known in zip(line.rows.tolist(), facts, strict=True):
        fact = known.get(line.attribute)
        source, as_of = (fact.source_id, fact.valid_from or fact.known_from.date()) if fact else ("", None)
        name = known.get("municipality") if line.attribute == "municipality_code" else None
        key = (position, name.value if name else "", source, as_of)
        if key not in seen:
            seen[key] = criterion_fit(line, position, municipality=key[1], source_id=source, as_of=as_of)
        found.append(seen[key])
    return found


def criterion_fit(line: Line, position: int, *, municipality: str, source_id: str, as_of: date | None) -> CriterionFit:
    """What a line says of an organisation that has its value at ``position``, from that source, as of that day."""
    state, value = STATES[int(line.value_states[position])], readable(line.distinct[position].as_py(), line.attribute)
    if municipality and value:
        value = f"{place_name(municipality)} ({value})"
    return CriterionFit(
        name=line.name, need=line.need, state=state, weight=line.weight, value=value, wanted=line.wanted,
        source_id=source_id, as_of=as_of, lookup=line.lookup_at(position) if state == "unknown" else "",
    )  # fmt: skip
