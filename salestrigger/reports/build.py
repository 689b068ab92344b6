"""build(warehouse) → Report: which triggers a report tells, in which section, and why the others are not in it.

::

    trigger_rows ─► new in this run (or since a date) ─► ReportLine ─┬─► told: section by what to do, account by account
                                                                     └─► held back: by reason
    fit_change_rows, source_rows, funnel_rows ─► newly known, sources that need attention, how we got here

It reads through ``warehouse.read`` only, decides nothing about a trigger, and has no clock: the report's time is the
run's own. Markup is made by ``reports.render``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from salestrigger.matchers.owners import Owned, Owners
from salestrigger.reports import wording
from salestrigger.reports.lines import report_line
from salestrigger.reports.report import (
    SECTIONS,
    Account,
    FunnelRow,
    HeldBack,
    NewlyKnown,
    Report,
    ReportLine,
    Section,
    SectionKey,
)
from salestrigger.reports.silence import TROUBLE, failed_sources, quiet_because
from salestrigger.sources.errors import UsageError
from salestrigger.warehouse import read
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.owners import read_owners

TITLE = "Sales triggers"
ACCOUNT_CAP = 3  #: triggers of one company told in one section of one report; the others stand under "held back"
NEWLY_KNOWN_SHOWN = 10

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Scope:
    """Which part of what is known the report is about."""

    run: Row
    profile: str | None
    since: datetime | None
    as_of: datetime | None
    is_last: bool = False  #: the run is the last one, which also tells what an interrupted one could not

    @property
    def run_id(self) -> str:
        return str(self.run["run_id"])

    @property
    def at(self) -> datetime:
        """The report's time: ``as_of``, else the run's logical time."""
        at: datetime = self.as_of or self.run["as_of_at"]
        return at


def build(
    wh: Warehouse,
    *,
    profile: str | None = None,
    owner: str | None = None,
    since: datetime | None = None,
    as_of: datetime | None = None,
    run_id: str | None = None,
    asked: Collection[str] | None = None,
) -> Report:
    """The report of one run (by default the last), of all that is new ``since`` a time, or as known ``as_of``.

    Times are aware UTC. ``owner``: only what is whose on the report's day (a deputy's own and what he stands in for).
    ``asked``: the sources whose answers it speaks of (default: all that were ever asked); one that was switched off is
    nobody's trouble any more.
    Raises UsageError for an owner whom nobody named, for a run that does not exist, and when there was no run at all.
    """
    owners = read_owners(wh)
    if owner is not None and owner not in owners.people:
        known = ", ".join(owners.people) or "none; give them with 'salestrigger profile owners FILE'"
        raise UsageError(f"unknown owner {owner!r}; allowed: {known}")
    run = _run(wh, run_id, as_of)
    scope = _Scope(
        run, profile, since, as_of, is_last=as_of is None and run["run_id"] == _run(wh, None, None)["run_id"]
    )
    every = [] if as_of else read.source_rows(wh)
    sources = [row for row in every if asked is None or row["source_id"] in asked]
    rows = read.trigger_rows(wh, profile=profile, since=since, as_of=as_of)
    owned = [_owned(row, owners, scope.at.date()) for row in rows]
    if owner is not None:
        kept = [at for at, whose in enumerate(owned) if whose.owner == owner]
        rows, owned = [rows[at] for at in kept], [owned[at] for at in kept]
    told = [(row, whose) for row, whose in zip(rows, owned, strict=True) if _is_told(row, scope)]
    still_open = _open_before(rows, [row for row, _ in told])
    return _assembled(wh, scope, _lines(told, every), sources=sources, still_open=still_open)


def _owned(row: Row, owners: Owners, on: date) -> Owned:
    return owners.find(
        (row["organization_id"], *(row["identifiers"] or ())), row["profile"], on,
        country=row["country"] or "", municipality=row["municipality_code"] or "",
    )  # fmt: skip


def _run(wh: Warehouse, run_id: str | None, as_of: datetime | None) -> Row:
    if run_id is None:
        last: Row | None = read.last_run(wh, as_of=as_of)
        if last is None:
            before = f" up to {as_of.isoformat()!r}" if as_of else ""
            raise UsageError(f"nothing to report: there was no run{before}; 'salestrigger run' makes one")
        return last
    known = read.runs(wh)
    found = next((run for run in known if run["run_id"] == run_id), None)
    if found is None:
        latest = ", ".join(repr(run["run_id"]) for run in known[-3:])
        raise UsageError(f"unknown run {run_id!r}; the latest are: {latest or 'none'}")
    return found


def _is_told(row: Row, scope: _Scope) -> bool:
    """New in the run, released in it (a doubt was settled) and not told before it, or planned for its day."""
    if scope.since is not None:
        return True
    first_told = row["first_reported_at"]
    if row["first_run_id"] == scope.run_id:
        return True
    if row["is_due"] and not row["held_back"] and row["effect"] != "none":
        untold = (row["told_version_number"] or 0) < row["version_number"]
        return bool(row["run_id"] == scope.run_id or (scope.is_last and untold))  # told once more, on its planned day
    if scope.is_last and not row["held_back"] and row["effect"] != "none" and row["is_open"] and first_told is None:
        return True  # found by a run that ended before it could report
    return bool(row["run_id"] == scope.run_id and not row["held_back"] and (not first_told or first_told >= scope.at))


def _open_before(rows: Sequence[Row], told: Sequence[Row]) -> int:
    now_told = {row["trigger_id"] for row in told}
    return sum(row["is_open"] and not row["held_back"] and row["trigger_id"] not in now_told for row in rows)


def _lines(told: Sequence[tuple[Row, Owned]], sources: Sequence[Row]) -> list[ReportLine]:
    titles = {str(row["source_id"]): str(row["title"]) for row in sources}
    lines = [report_line(row, titles, owned) for row, owned in told]
    return sorted(lines, key=lambda line: (-line.rank, line.company, line.trigger_id))


def _assembled(
    wh: Warehouse, scope: _Scope, lines: Sequence[ReportLine], *, sources: Sequence[Row], still_open: int
) -> Report:
    sections, held = arrange(lines)
    known, known_count = _newly_known(wh, scope)
    funnel = _funnel(wh, scope)
    return Report(
        title=TITLE,
        generated_at=scope.at,
        profiles=_profiles(scope, lines, funnel),
        sections=sections,
        as_of=scope.as_of,
        since=scope.since,
        run_id=scope.run_id,
        held_back=held,
        newly_known=known,
        newly_known_count=known_count,
        quiet="" if sections else quiet_because(funnel, sum(len(group.lines) for group in held), sources),
        failed_sources=failed_sources(sources),
        sources_ok=sum(row["last_status"] not in TROUBLE and row["last_attempt_at"] is not None for row in sources),
        funnel=funnel,
        still_open=still_open,
    )


def _profiles(scope: _Scope, lines: Sequence[ReportLine], funnel: Sequence[FunnelRow]) -> tuple[str, ...]:
    if scope.profile:
        return (scope.profile,)
    return tuple(sorted({line.profile for line in lines} | {row.profile for row in funnel if row.profile}))


def section_of(line: ReportLine) -> SectionKey | None:
    """Where the line is told, or None when it is held back."""
    if line.held_back in wording.DO_NOT_PURSUE:
        return "do_not_pursue" if _concerns_us(line) else None
    return None if line.held_back or line.effect == "none" else line.effect


def _concerns_us(line: ReportLine) -> bool:
    """Whether it would be told but for the reason: this company, a prospect or named by a person."""
    is_sure = line.match is None or line.match.decision == "accept"
    fails = any(f.need == "must" and f.state == "not_met" for f in line.fit)
    return is_sure and (line.effect == "watched" or not fails)


def arrange(lines: Sequence[ReportLine]) -> tuple[tuple[Section, ...], tuple[HeldBack, ...]]:
    """Sections in their order and the groups of what is held back; every line is in exactly one of them."""
    places: dict[SectionKey, list[ReportLine]] = {}
    rest: dict[str, list[ReportLine]] = {}
    for line in lines:
        key = section_of(line)
        if key is None:
            rest.setdefault(line.held_back or "no_hook", []).append(line)
        else:
            places.setdefault(key, []).append(line)
    sections = []
    for key, title, advice in SECTIONS:
        accounts, over = _accounts(places.get(key, ()))
        rest.setdefault("account_cap", []).extend(over)
        if accounts:
            sections.append(Section(key, title, advice, accounts))
    return tuple(sections), _held_back(rest)


def _accounts(lines: Sequence[ReportLine]) -> tuple[tuple[Account, ...], list[ReportLine]]:
    by_company: dict[str, list[ReportLine]] = {}
    for line in lines:
        by_company.setdefault(line.organization_id, []).append(line)
    over = [line for group in by_company.values() for line in group[ACCOUNT_CAP:]]
    return tuple(_account(group[:ACCOUNT_CAP]) for group in by_company.values()), over


def _account(lines: Sequence[ReportLine]) -> Account:
    best = lines[0]
    return Account(best.organization_id, best.company, best.place, best.identifiers, best.website, tuple(lines))


def _held_back(groups: Mapping[str, Sequence[ReportLine]]) -> tuple[HeldBack, ...]:
    ordered = sorted(((reason, lines) for reason, lines in groups.items() if lines), key=lambda g: (-len(g[1]), g[0]))
    return tuple(HeldBack(reason, *wording.held_back_words(reason), tuple(lines)) for reason, lines in ordered)


def _newly_known(wh: Warehouse, scope: _Scope) -> tuple[tuple[NewlyKnown, ...], int]:
    rows = read.fit_change_rows(wh, profile=scope.profile, since=scope.since, as_of=scope.as_of)
    fits = [row for row in rows if row["verdict_after"] == "fits" and (scope.since or row["run_id"] == scope.run_id)]
    best = sorted(fits, key=lambda row: (-float(row["fit_lower"]), str(row["company"]), str(row["organization_id"])))
    return tuple(_known(row) for row in best[:NEWLY_KNOWN_SHOWN]), len(fits)


def _known(row: Row) -> NewlyKnown:
    met = (c for c in row["criteria"] or () if c["state"] == "met" and c["need"] != "exclude")
    reasons = tuple(f"{wording.plain(c['name'])}: {c['value']}" for c in met if c.get("value"))
    return NewlyKnown(
        row["organization_id"], row["company"], wording.place(row["city"], row["country"]),
        row["profile"], row["cause"], reasons,
    )  # fmt: skip


def _funnel(wh: Warehouse, scope: _Scope) -> tuple[FunnelRow, ...]:
    rows = read.funnel_rows(wh, run_id=scope.run_id)
    return tuple(
        FunnelRow(row["profile"], row["stage"], row["reason"], wording.in_words(row["reason"]), row["unit_count"])
        for row in rows
        if not scope.profile or row["profile"] in ("", scope.profile)
    )
