"""The table at the end of a run."""

from __future__ import annotations

import io

from rich.console import Console

from salestrigger.reports.report import Report
from salestrigger.reports.terminal import top_table


def printed(report: Report, limit: int = 10) -> str:
    out = io.StringIO()
    Console(file=out, width=200, color_system=None).print(top_table(report, limit))
    return out.getvalue()


def test_the_best_lines_come_first_by_what_to_do(full: Report) -> None:
    """What enters the ICP stands above hooks, and within each the best rank is first."""
    text = printed(full)
    places = [text.index(line.happened) for line in full.lines]
    assert places == sorted(places)
    assert text.startswith("the report's 9 lines")


def test_a_limit_says_what_it_leaves_out(full: Report) -> None:
    """Three of nine, and the title says so."""
    text = printed(full, 3)
    assert "3 of the 9 lines" in text
    assert full.lines[2].happened in text
    assert full.lines[3].happened not in text


def test_a_quiet_run_says_so(quiet: Report) -> None:
    """No rows, and the title says why there are none."""
    assert "no new triggers" in printed(quiet)
