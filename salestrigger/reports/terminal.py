"""The best triggers as a table for the end of a run in a terminal. It prints nothing itself."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from salestrigger.reports import safe
from salestrigger.reports.report import SECTIONS, Report, ReportLine, SectionKey
from salestrigger.reports.wording import day

_SHORT: dict[SectionKey, tuple[str, str]] = {
    "enters_icp": ("enters ICP", "green"),
    "hook": ("call", "cyan"),
    "hook_unknown_fit": ("call?", "yellow"),
    "watched": ("your account", "cyan"),
    "leaves_icp": ("leaves ICP", "magenta"),
    "do_not_pursue": ("do not pursue", "red"),
}


def top_table(report: Report, limit: int = 10) -> Table:
    """The best lines in the order of what to do, then rank; no text of a source is read as terminal markup."""
    table = Table(title=_title(report, limit), title_justify="left", header_style="bold", expand=False)
    table.add_column("rank", justify="right")
    table.add_column("what to do", no_wrap=True)
    table.add_column("what happened", overflow="fold")
    table.add_column("when", no_wrap=True)
    cleaned = safe.clean(report)
    for key, line in _top(cleaned, limit):
        words, colour = _SHORT[key]
        table.add_row(str(round(line.rank)), Text(words, style=colour), _what(line), _when(line))
    return table


def _top(report: Report, limit: int) -> list[tuple[SectionKey, ReportLine]]:
    order = {key: position for position, (key, _, _) in enumerate(SECTIONS)}
    lines = [(section.key, line) for section in report.sections for line in section.lines]
    return sorted(lines, key=lambda kl: (order[kl[0]], -kl[1].rank, kl[1].trigger_id))[:limit]


def _title(report: Report, limit: int) -> str:
    total = len(report.lines)
    if not total:
        return "no new triggers"
    return f"{min(limit, total)} of the {total} lines of the report" if total > limit else f"the report's {total} lines"


def _what(line: ReportLine) -> Text:
    return Text(line.happened).append(f" {line.place}" if line.place else "", style="dim")


def _when(line: ReportLine) -> str:
    if line.event_on:
        return day(line.event_on, line.precision or "day")
    return f"told {day(line.published_on)}" if line.published_on else ""
