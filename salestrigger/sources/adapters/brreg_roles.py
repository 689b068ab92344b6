"""Who leads an organisation, as the Norwegian register publishes it, reduced to the news. Pure.

The register's answer carries birth dates and everybody's roles. What is kept is one line per group that changed within
the news window: the managing director (DAGL) or the chair of the board (STYR) it names now, when that is somebody else
than the baseline knows (or it never looked). The rest is not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from salestrigger.sources.adapters.brreg_baseline import NOBODY, Baseline, fingerprint
from salestrigger.sources.adapters.brreg_maker import Maker, is_set_up, midday_of
from salestrigger.sources.adapters.brreg_records import date_of, text_of
from salestrigger.sources.errors import ShapeError
from salestrigger.sources.records import OrgChange
from salestrigger.sources.text import clean_text

#: group → (the role in it that is named, what it is called)
NAMED_ROLES: Mapping[str, tuple[str, str]] = {
    "DAGL": ("DAGL", "managing director"),
    "STYR": ("LEDE", "chair of the board"),
}


def changes_of_roles(
    number: str,
    answer: Any,
    maker: Maker,
    *,
    registered: date | None = None,
    url: str = "",
    baseline: Baseline | None = None,
) -> tuple[OrgChange, ...]:
    """The groups of interest whose ``sistEndret`` lies within the news window.

    The register tells the day of a group's last change and not what it was, so ``after`` says who holds the role now.
    With a ``baseline`` only another holder is told, and the baseline sees who it is.

    Raises:
        ShapeError: the answer is not one of roles.
    """
    groups = answer.get("rollegrupper") if isinstance(answer, Mapping) else None
    if not isinstance(groups, list):
        raise ShapeError(url or f"roles of {number}", "rollegrupper as a list", type(groups).__name__)
    named = [group for group in groups if isinstance(group, Mapping) and _kind(group) in NAMED_ROLES]
    if baseline is not None:
        named = [group for group in named if _is_other(number, group, baseline)]
    found = [_change(number, group, maker) for group in named]
    if baseline is not None and groups:
        found += _vacated(number, groups, maker, baseline)
    return tuple(change for change in found if change is not None and not is_set_up(change, registered))


def _vacated(number: str, groups: list[Any], maker: Maker, baseline: Baseline) -> list[OrgChange | None]:
    """A managing director that the baseline knows, where there is no such group any more; the day is not stated."""
    there = {_kind(group) for group in groups if isinstance(group, Mapping)}
    if "DAGL" in there or baseline.known(number, "DAGL") in {None, NOBODY}:
        return []
    baseline.see(number, "DAGL", NOBODY)
    details = {"kind": "DAGL", "role": NAMED_ROLES["DAGL"][1], "holder": ""}
    key = ("DAGL", "vacant", maker.now.date().isoformat())
    return [maker.change(number, "roles", key, after=None, effective_on=None, published_at=maker.now, details=details)]


def holders_of(answer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(group, who holds its named role now) of an answer of roles, or of one entry of the bulk file."""
    groups = answer.get("rollegrupper")
    for group in groups if isinstance(groups, list) else []:
        if isinstance(group, Mapping) and (code := _kind(group)) in NAMED_ROLES:
            yield code, _holder(group, NAMED_ROLES[code][0])


def _is_other(number: str, group: Mapping[str, Any], baseline: Baseline) -> bool:
    """Whether the role's holder is not the one that the baseline knows; it knows this one from now on."""
    code = _kind(group)
    now = fingerprint(number, code, _holder(group, NAMED_ROLES[code][0]))
    before = baseline.known(number, code)
    baseline.see(number, code, now)
    return before != now


def _change(number: str, group: Mapping[str, Any], maker: Maker) -> OrgChange | None:
    code = _kind(group)
    day = date_of(group, "sistEndret")
    if day is None or not maker.is_news(day):
        return None
    role, label = NAMED_ROLES[code]
    holder = _holder(group, role)
    return maker.change(
        number,
        "roles",
        (code, day.isoformat()),
        after=f"{label}: {holder}" if holder else None,
        effective_on=day,
        published_at=midday_of(day, maker),
        details={"kind": code, "role": label, "holder": holder},
    )


def _holder(group: Mapping[str, Any], role: str) -> str:
    """The name of whoever holds the role now; empty when nobody does."""
    roles = group.get("roller")
    for row in roles if isinstance(roles, list) else []:
        if isinstance(row, Mapping) and _kind(row) == role and not row.get("fratraadt") and not row.get("avregistrert"):
            return _name(row)
    return ""


def _name(row: Mapping[str, Any]) -> str:
    """A person's name without anything else about them, or the organisation's that holds the role."""
    person, entity = row.get("person"), row.get("enhet")
    if isinstance(person, Mapping) and isinstance(person.get("navn"), Mapping) and not person.get("erDoed"):
        parts = (text_of(person["navn"], part) for part in ("fornavn", "mellomnavn", "etternavn"))
        return " ".join(part for part in parts if part)
    if isinstance(entity, Mapping) and isinstance(entity.get("navn"), list):
        return clean_text(" ".join(part for part in entity["navn"] if isinstance(part, str)))
    return ""


def _kind(value: Mapping[str, Any]) -> str:
    kind = value.get("type")
    return text_of(kind, "kode") if isinstance(kind, Mapping) else ""
