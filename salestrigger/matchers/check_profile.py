"""What a profile means, checked before anything runs: event types and code sets exist, its examples hold.

Its syntax was checked when it was read (``icp_profiles.profile``).
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

from salestrigger.icp_profiles.criteria import IndustryCriterion, RevenueCriterion, code_range
from salestrigger.icp_profiles.criteria_more import HistoryCriterion
from salestrigger.icp_profiles.profile import Profile
from salestrigger.icp_profiles.tables import crosswalk
from salestrigger.matchers.judge import codesets, currencies
from salestrigger.matchers.qualify import VERDICTS, fit_columns
from salestrigger.matchers.universe import COLUMNS, example_table
from salestrigger.sources.errors import DeclarationError


class Types(Protocol):
    """What is needed of the lexicon: the names of its event types."""

    @property
    def types(self) -> Mapping[str, Any]:
        """Event types by name."""


def check_profile(profile: Profile, lexicon: Types, *, path: Path | str = "", today: date | None = None) -> None:
    """Refuse a profile that cannot mean what it says; ``path`` is the file to name (default: its file name).

    ``today`` is the day on which the examples must hold (they may ask for an age); default: today.

    Raises:
        DeclarationError: an unknown event type, code set or currency, an unknown attribute in an example, or an
            example that does not hold; names file, key, value and what is allowed.
    """
    file = str(path) or f"{profile.name}.toml"
    for name in profile.event_types:
        if name not in lexicon.types:
            raise DeclarationError(file, _unknown("event type", name, lexicon.types), key=f"event_types.{name}")
    _check_criteria(profile, lexicon, file)
    if profile.order_value and profile.order_value.currency not in currencies().per_euro:
        problem = _unknown("currency", profile.order_value.currency, currencies().per_euro)
        raise DeclarationError(file, problem, key="order_value.currency")
    _check_examples(profile, file, today or datetime.now(UTC).date())


def _check_criteria(profile: Profile, lexicon: Types, file: str) -> None:
    for position, criterion in enumerate(profile.criteria):
        key = f"criteria.{position}"
        if isinstance(criterion, IndustryCriterion):
            for codeset in criterion.codesets:
                if codeset not in codesets():
                    raise DeclarationError(file, _unknown("code set", codeset, codesets()), key=f"{key}.codesets")
            _check_codes(criterion, file, key)
        elif isinstance(criterion, HistoryCriterion):
            stray = next((name for name in criterion.event_types if name not in lexicon.types), None)
            if stray is not None:
                raise DeclarationError(file, _unknown("event type", stray, lexicon.types), key=f"{key}.event_types")
        elif isinstance(criterion, RevenueCriterion) and criterion.currency not in currencies().per_euro:
            problem = _unknown("currency", criterion.currency, currencies().per_euro)
            raise DeclarationError(file, problem, key=f"{key}.currency")


def _check_codes(criterion: IndustryCriterion, file: str, key: str) -> None:
    """Refuse a code or range that no code of any of its sets begins with, as far as the crosswalk has those sets."""
    table = crosswalk(criterion.crosswalk)
    known = [table.codes(codesets()[name].base) for name in criterion.codesets]
    if not all(known):
        return
    for position, code in enumerate(criterion.codes):
        low, high = code_range(code)
        # the last digit is let go: national sets add to it, and a table may lack the newest codes
        digits = [min(len(low), max(map(len, codes)) - 1) for codes in known]
        if not any(low[:n] <= one[:n] <= high[:n] for codes, n in zip(known, digits, strict=True) for one in codes):
            named = "/".join(criterion.codesets)
            divisions = ", ".join(sorted({one[:2] for codes in known for one in codes}))
            problem = f"{code!r} is no code of {named}; allowed: codes that begin with {divisions}"
            raise DeclarationError(file, problem, key=f"{key}.codes.{position}")


def _check_examples(profile: Profile, file: str, today: date) -> None:
    for kind, allowed in (("fit", ("fits",)), ("not_fit", ("does_not_fit", "excluded"))):
        for position, example in enumerate(getattr(profile.examples, kind)):
            key = f"examples.{kind}.{position}"
            stray = next((name for name in example if name not in (*COLUMNS, "name")), None)
            if stray is not None:
                raise DeclarationError(file, _unknown("attribute", stray, ("name", *COLUMNS)), key=f"{key}.{stray}")
            verdict, why = _judge(profile, example, today)
            if verdict not in allowed:
                named = example.get("name", f"number {position}")
                problem = f"the example {named!r} must be {' or '.join(allowed)}, but is {verdict}: {why}"
                raise DeclarationError(file, problem, key=key)


def _judge(profile: Profile, example: Mapping[str, Any], today: date) -> tuple[str, str]:
    """The verdict of one example, and the criteria that led to it."""
    columns = fit_columns(example_table(example), profile, today)
    says = {1: "met", 0: "unknown", -1: "not met"}
    states = [(line, int(line.states[0])) for line in columns.lines if line.need != "nice"]
    why = ", ".join(
        f"{line.name} {says[state]}" for line, state in states if (state == 1) == (line.need == "exclude") or state == 0
    )
    return VERDICTS[int(columns.verdict[0])], why or "everything required is met"


def _unknown(what: str, name: str, known: Mapping[str, Any] | tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"unknown {what} {name!r}{hint}; allowed: {', '.join(sorted(known))}"
