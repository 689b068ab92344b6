"""Owners as stored: who has which account, segment or territory, and who stands in. Writing is ``flows``' affair."""

from __future__ import annotations

from salestrigger.matchers.owners import Absence, Assignment, Owners
from salestrigger.warehouse.connect import Warehouse


def read_owners(wh: Warehouse) -> Owners:
    """Assignments and absences, to ask whose something is on a day."""
    assignments = (
        Assignment(r["level"], r["subject"], r["owner"], r["valid_from_on"], r["valid_to_on"])
        for r in wh.rows("profile_owners")
    )
    absences = (Absence(r["owner"], r["deputy"], r["from_on"], r["to_on"]) for r in wh.rows("profile_absences"))
    return Owners(assignments, absences)
