"""Why an organisation's industry codes leave a criterion open, in words that tell a person what to look up instead.

The judging itself is ``judge``'s; here only what it answered "unknown" to is looked at again.
"""

from __future__ import annotations

from datetime import date

from salestrigger.icp_profiles.criteria import IndustryCriterion
from salestrigger.icp_profiles.tables import crosswalk
from salestrigger.matchers.judge import codesets, judge_of
from salestrigger.matchers.states import SEPARATOR, UNKNOWN

_INSTEAD = "what it does, on its website"
_ANY_DAY = date(2000, 1, 1)  # an industry has no age


def why_open(criterion: IndustryCriterion, value: str) -> str:
    """What would settle the criterion, and why the first code of ``value`` (codes, then their sets, as ``judge`` reads
    them) that settles nothing does not; empty when every code does."""
    judge = judge_of(criterion, _ANY_DAY)
    codes, _, named = value.partition(SEPARATOR)
    sets = named.split("|")
    for position, code in enumerate(codes.split("|")):
        codeset = (sets[position] if position < len(sets) else sets[-1]).strip()
        if code.strip() and judge(f"{code}{SEPARATOR}{codeset}") == UNKNOWN:
            return f"{_INSTEAD} ({_reason(criterion, code.strip(), codeset)})"
    return ""


def _reason(criterion: IndustryCriterion, code: str, codeset: str) -> str:
    known = codesets()
    wanted = [name for name in criterion.codesets if name in known]
    asked = " or ".join(wanted)
    if codeset not in known:
        return f"{code} is of no code set that we know"
    if code in known[codeset].empty:
        return f"{code} of {codeset} says nothing about an industry"
    bases = {known[name].base for name in wanted}
    if known[codeset].base in bases:
        return f"{code} of {codeset} is too broad to tell"
    digits, table = code.replace(".", "").replace(" ", "")[: known[codeset].digits], crosswalk(criterion.crosswalk)
    if not any(table.became(known[codeset].base, digits, base) for base in bases):
        return f"no published table says what {code} of {codeset} is in {asked}"
    return f"{code} of {codeset} may be several codes of {asked}, only some of which are wanted"
