"""Named accounts that fit no profile: which profile tells what happens there.

An account or customer of one's own was chosen by a person, so that what happens there is told whatever its fit, once,
with the reason shown. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from salestrigger.matchers.effects import NAMED
from salestrigger.matchers.qualify import qualify_many
from salestrigger.matchers.subjects import Known, Subject
from salestrigger.matchers.types import Fit


def subject_key(subject: Subject) -> tuple[str, str, str]:
    """What a subject is, whatever the profile: cause, organisation, role."""
    return subject.cause_id, subject.organization_id, subject.role


def watching(subjects: Sequence[Subject], known: Known) -> Mapping[tuple[str, str, str], str]:
    """Subject → the profile that tells of it, for named accounts that fit none of the profiles and may fit none.

    It is the profile that they come nearest to (by upper bound, then name) among those that watch and want the type.
    """
    named = [s for s in subjects if s.type is not None and s.after.relation in NAMED]
    if not named:
        return {}
    fits = {p.name: qualify_many([s.after for s in named], p, known.now) for p in known.profiles}
    found: dict[tuple[str, str, str], str] = {}
    for at, subject in enumerate(named):
        if all(_is_outside(rows[at]) for rows in fits.values()):
            nearest = _nearest(subject, {name: rows[at] for name, rows in fits.items()}, known)
            if nearest:
                found[subject_key(subject)] = nearest
    return found


def _is_outside(fit: Fit) -> bool:
    """It does not fit, whatever is unknown, and nobody excluded it by name; what is in trouble may be outside too."""
    by_name = any(c.state == "met" and c.need == "exclude" and c.name in ("relation", "list") for c in fit.criteria)
    fails = any(c.state == "not_met" and c.need == "must" for c in fit.criteria)
    return not by_name and (fails or fit.verdict == "does_not_fit")


def _nearest(subject: Subject, fits: Mapping[str, Fit], known: Known) -> str:
    kind = subject.type.id if subject.type else ""
    wanting = [p.name for p in known.profiles if p.watch_accounts and p.event_weight(kind)]
    return min(wanting, key=lambda name: (-fits[name].upper, name), default="")
