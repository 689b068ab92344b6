"""What a mention's name says about a candidate: equal or similar, how distinctive, legal form, namesakes, conflicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from salestrigger.matchers.features import FEATURES
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.legal_forms import RELATIONS, FormRelation, country_code, country_text, form_table
from salestrigger.matchers.name_columns import GENERIC, INITIAL, NUMBER, PLACE, NameColumns, name_columns, take_columns
from salestrigger.matchers.ranking import FINAL, Ranked, final_columns, namesakes_of, odds_of, rank
from salestrigger.matchers.segment import NAME_KINDS
from salestrigger.matchers.spotting_data import spotting
from salestrigger.matchers.types import Evidence, Mention
from salestrigger.matchers.words import I64

# log-odds; judgements, see resolve.py
EQUAL_DISTINCTIVE, EQUAL_PLAIN, EQUAL_GENERIC = 2.6, 0.4, -1.0
FORM: Mapping[FormRelation, float] = {"equal": 1.5, "near": -0.7, "conflict": -2.5, "missing": 0.0, "none": 0.0}
FORMER, OTHER_KIND = -0.6, -0.1
_SHORT = 3  # letters: a shorter word is distinctive only in capitals
_NEAR = 3  # organisations with a similar name that are weighed


@dataclass(frozen=True, slots=True)
class Surface:
    """A mention's name by itself."""

    mention: Mention
    row: int  #: in ``columns``
    columns: NameColumns
    distinctive: bool  #: one rare word, or two words that are not generic
    generic: bool  #: only generic words and places
    is_one_word: bool  #: besides the legal form


@dataclass(frozen=True, slots=True)
class NameFacts:
    """How a candidate's name compares; everything the decision needs."""

    org: int  #: row of the index
    name: int  #: row of the index: its best matching name
    exact: bool
    score: float  #: calibrated log-odds of the trained model; 0 for equal names
    form: FormRelation
    namesakes: int  #: other organisations with the same core name
    singled_out: bool  #: the legal form, written out, is that of this namesake alone
    conflict: str  #: why they are certainly two companies; empty otherwise


def name_facts(mentions: Sequence[Mention], *, countries: Sequence[str | None]) -> list[Surface]:
    """Every mention's name, normalised once for all; ``countries`` are those of the sources."""
    codes = np.array([country_code(country) for country in countries], dtype=np.int64)
    columns = name_columns([m.text for m in mentions], codes)
    ordinary = _ordinary_words()
    return [
        _surface(mention, row, columns, ordinary)
        for row, mention in enumerate(mentions)
    ]  # fmt: skip


def _ordinary_words() -> frozenset[str]:
    return frozenset().union(*(language.ordinary for language in spotting().language.values()))


def _surface(mention: Mention, row: int, columns: NameColumns, ordinary: frozenset[str]) -> Surface:
    low, high = int(columns.first[row]), int(columns.first[row + 1])
    telling, rare = 0, False
    for place in range(low, high):
        word = bytes(columns.core.data[columns.word_start[place] : columns.word_end[place]]).decode("utf-8")
        if columns.flags[place] & (GENERIC | PLACE | INITIAL):
            continue
        telling += 1
        number = bool(columns.flags[place] & NUMBER) and word.isdigit()
        rare = rare or not (number or word in ordinary or (len(word) < _SHORT))
    return Surface(
        mention, row, columns, distinctive=rare or telling > 1, generic=telling == 0, is_one_word=high - low == 1
    )


def owners(index: OrganizationIndex, surface: Surface) -> list[NameFacts]:
    """Those who have exactly this name, by the mention's candidates; each with its best fitting name."""
    keys = surface.columns.ordered[[surface.row]], surface.columns.whole[[surface.row]]
    found = [index.names_by(table, key)[1] for table, key in zip(("by_ordered", "by_whole"), keys, strict=True)]
    names = np.unique(np.concatenate(found))
    best: dict[int, tuple[FormRelation, int]] = {}
    for name, org, relation in zip(
        names.tolist(), index.org_of(names).tolist(), _relations(index, surface, names), strict=True
    ):
        known = best.get(org)
        if known is None or RELATIONS.index(relation) < RELATIONS.index(known[0]):
            best[org] = (relation, name)
    equal = sum(relation == "equal" for relation, _ in best.values())
    out = []
    for organization_id in surface.mention.candidates:
        row = index.row_of(organization_id)
        if row is None:
            continue
        relation, name = best.get(row, ("missing", -1))
        alone = relation == "equal" and equal == 1
        out.append(NameFacts(row, name, name >= 0, 0.0, relation, max(len(best) - 1, 0), alone, ""))
    return out


def _relations(index: OrganizationIndex, surface: Surface, names: I64) -> list[FormRelation]:
    mine = int(surface.columns.form[surface.row])
    table = form_table().relation
    return [RELATIONS[int(table[mine, form])] for form in index.form_of(names).tolist()] if len(names) else []


def nearest_names(index: OrganizationIndex, surfaces: Sequence[Surface]) -> dict[str, list[NameFacts]]:
    """The organisations with the nearest names, for mentions that no listed name equals."""
    if not surfaces or not len(index):
        return {}
    rows = np.array([s.row for s in surfaces], dtype=np.int64)
    ranked = rank(index, take_columns(surfaces[0].columns, rows))
    if not len(ranked.query):
        return {}
    return {
        surface.mention.mention_id: _near(index, ranked, place, surface) for place, surface in enumerate(surfaces)
    }  # fmt: skip


def _near(index: OrganizationIndex, ranked: Ranked, query: int, surface: Surface) -> list[NameFacts]:
    low, high = int(ranked.first[query]), int(ranked.first[query + 1])
    rows = np.arange(low, min(high, low + _NEAR), dtype=np.int64)
    if not len(rows):
        return []
    final = final_columns(index, ranked, rows)
    odds = odds_of(final)
    relations = _relations(index, surface, ranked.name[rows])
    out = []
    for place, row in enumerate(rows.tolist()):
        values = ranked.compared.values[ranked.pair[row]]
        exact = bool(final[place, FINAL.index("same_words")])
        namesakes = round(float(np.exp(final[place, FINAL.index("namesakes")]))) - 1
        out.append(
            NameFacts(
                int(ranked.org[row]), int(ranked.name[row]), exact, float(odds[place]), relations[place],
                max(namesakes, 0), False, conflict_of(dict(zip(_NAMES, values[_AT].tolist(), strict=True))),
            )
        )  # fmt: skip
    return out


_CONFLICTS = {
    "number_conflict": "a different number in the name",
    "initial_conflict": "different initials",
    "place_conflict": "a different place in the name",
}
_NAMES = tuple(_CONFLICTS)
_AT = [FEATURES.index(name) for name in _NAMES]


def conflict_of(values: Mapping[str, float]) -> str:
    """Why two names are certainly two companies, in words; empty when they may be one."""
    return next((says for name, says in _CONFLICTS.items() if values[name]), "")


def name_evidence(index: OrganizationIndex, surface: Surface, facts: NameFacts) -> list[Evidence]:
    """The evidence of the name itself."""
    text = surface.mention.text
    if facts.name < 0:
        return [Evidence("given", text, 0.0, "the source names this organisation by its number")]
    name = index.texts(np.array([facts.name]), "names.raw")[0]
    kind = NAME_KINDS[int(index.kind_of(np.array([facts.name]))[0])]
    if facts.exact:
        weight = EQUAL_GENERIC if surface.generic else EQUAL_DISTINCTIVE if surface.distinctive else EQUAL_PLAIN
        says = {"former": f"its former name was {name}"}.get(kind, f"same name as in the register: {name}")
        kinds = {"legal": 0.0, "former": FORMER}
        out = [Evidence("exact_name", name, weight + kinds.get(kind, OTHER_KIND), says)]
    else:
        out = [Evidence("similar_name", name, facts.score, f"similar to {name} in the register")]
    if facts.exact and FORM[facts.form]:
        out.append(Evidence("legal_form", facts.form, FORM[facts.form], _FORM_SAYS[facts.form]))
    if facts.namesakes:
        out.append(Evidence("namesakes", str(facts.namesakes), 0.0, _namesakes_say(index, facts)))
    return out


_FORM_SAYS: Mapping[FormRelation, str] = {
    "equal": "the legal form is the same",
    "near": "the legal form is that of another country",
    "conflict": "the legal form differs",
    "missing": "",
    "none": "",
}


def _namesakes_say(index: OrganizationIndex, facts: NameFacts) -> str:
    count = facts.namesakes
    country = index.country_of(np.array([facts.org]))
    here = max(int(namesakes_of(index, np.array([facts.name]), country)[0]) - 1, 0)
    where = f", {here} of them in {country_text(int(country[0]))}" if country[0] else ""
    return f"{count} other organisation{'s' if count > 1 else ''} in the index share this name{where}"
