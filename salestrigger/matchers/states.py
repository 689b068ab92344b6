"""The three states of a criterion as numbers, and how the values of several columns are joined into one."""

from __future__ import annotations

from salestrigger.matchers.types import CriterionState

MET, UNKNOWN, NOT_MET = 1, 0, -1
STATES: dict[int, CriterionState] = {MET: "met", UNKNOWN: "unknown", NOT_MET: "not_met"}
#: Joins the values of several columns (industry and its code set, revenue and its currency) into one.
SEPARATOR = "\x1f"
