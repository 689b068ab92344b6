"""What ``run``, ``report`` and ``explain`` do and print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from salestrigger.flows.orchestrate import execute
from salestrigger.flows.place import RunRequest, data_folder, in_home
from salestrigger.flows.progress import shown_on
from salestrigger.flows.settings import Settings
from salestrigger.flows.steps import DailyRun, open_run
from salestrigger.sources.errors import UsageError
from salestrigger.sources.registry import LOCAL_ADAPTERS
from salestrigger.warehouse import read
from salestrigger.warehouse.connect import Warehouse

#: Done, but sources that should have answered did not.
SOURCES_FAILING = 3
#: sources with the same trouble that share a line
TOGETHER = 3
#: characters of a reason that are printed; an address may have thousands
REASON_SHOWN = 240


def run_and_show(settings: Settings, request: RunRequest, *, with_prefect: bool) -> int:
    """One daily run with progress, the top triggers as a table, and where everything is. Returns the exit code."""
    from salestrigger.reports.terminal import top_table

    console = Console()
    with open_run(settings, request) as run:
        with shown_on(console):
            console.print(_headline(run), highlight=False, markup=False, soft_wrap=True)
            execute(run, with_prefect=with_prefect)
        account = _account(run) if run.place.kind == "replay" else ()
    assert run.report is not None  # noqa: S101  the report step ran
    console.print()
    if run.report.lines:
        console.print(top_table(run.report))
    else:
        _say(console, f"no new triggers: {run.report.quiet}")
    for table in account:
        console.print()
        console.print(table)
    _say(console, f"report    {run.report_path}")
    _say(console, f"database  {run.place.published}")
    for line in failing_lines([(name, run.outcomes[name].status, run.outcomes[name].reason) for name in run.failing]):
        _say(console, f"failing   {line}")
    distant = [o for name, o in run.outcomes.items() if run.place.specs[name].adapter not in LOCAL_ADAPTERS]
    if distant and all(outcome.reason.startswith(("dns", "connect")) for outcome in distant):
        _say(console, "          no source answered: is there a connection, or a proxy?")
    return SOURCES_FAILING if run.failing else 0


def write_report_again(
    settings: Settings,
    request: RunRequest,
    *,
    output_format: str,
    output: Path | None,
    profile: str | None,
    owner: str | None,
    since: datetime | None,
    as_of: datetime | None,
) -> None:
    """The report from the published file.

    Raises:
        UsageError: an unknown format, profile or owner, or nothing is published yet.
    """
    from salestrigger.reports.build import build
    from salestrigger.reports.render import render, write
    from salestrigger.reports.report import FORMATS

    chosen = next((known for known in FORMATS if known == output_format), None)
    if chosen is None:
        raise UsageError(f"unknown format {output_format!r}; allowed: {', '.join(FORMATS)}")
    folder = data_folder(settings, request)
    with Warehouse.open(published_file(folder), read_only=True) as warehouse:
        _check_profile_name(warehouse, profile)
        report = build(
            warehouse, profile=profile, owner=owner, since=since, as_of=as_of, run_id=_telling_run(warehouse, as_of),
            asked=_switched_on(settings, request),
        )  # fmt: skip
    if output is not None and str(output) == "-":
        print(render(report, chosen))
    else:
        print(write(report, output or folder / "reports" / f"report.{chosen}", chosen))


def _switched_on(settings: Settings, request: RunRequest) -> frozenset[str] | None:
    """The sources of one's own home that are on now; of a demo or a replay none is ever switched off."""
    if request.demo_day is not None or request.replay is not None:
        return None
    return frozenset(name for name, spec in in_home(settings.home).items() if spec.enabled)


def failing_lines(failing: Sequence[tuple[str, str, str]]) -> list[str]:
    """Sources, their status and reason, in lines for a person: many with one trouble share a line."""
    from salestrigger.reports.wording import source_trouble

    same: dict[str, list[tuple[str, str]]] = {}
    for name, status, reason in failing:
        same.setdefault(source_trouble(status, reason), []).append((name, reason))
    lines = []
    for trouble, sources in same.items():
        if len(sources) >= TOGETHER:
            lines.append(f"{len(sources)} sources: {trouble}: {', '.join(name for name, _ in sources)}")
        else:
            lines += [f"{name}: {trouble} ({shortened(reason)})" for name, reason in sources]
    return lines


def shortened(reason: str) -> str:
    """A reason of one line, whatever address it names."""
    return reason if len(reason) <= REASON_SHOWN else f"{reason[: REASON_SHOWN // 2]} … {reason[-REASON_SHOWN // 2 :]}"


def _check_profile_name(warehouse: Warehouse, profile: str | None) -> None:
    known = sorted({row["profile"] for row in warehouse.relation("profiles").to_pylist()})
    if profile is not None and profile not in known:
        raise UsageError(f"unknown profile {profile!r}; allowed: {', '.join(known)}")


def _telling_run(warehouse: Warehouse, as_of: datetime | None) -> str | None:
    """The last run that found something: a rerun on the same day has nothing new, and is not what a person asks for."""
    runs = [run for run in read.runs(warehouse) if as_of is None or run["as_of_at"] <= as_of]
    rows = read.trigger_rows(warehouse, as_of=as_of)
    told = {row["first_run_id"] for row in rows} | {row["run_id"] for row in rows if row["is_due"]}
    return next((run["run_id"] for run in reversed(runs) if run["run_id"] in told), None)


def explain_chain(settings: Settings, request: RunRequest, *, trigger_id: str | None, missed: str | None) -> None:
    """Print the chain behind a trigger, or where a document was lost.

    Raises:
        UsageError: the id is unknown, or nothing is published yet.
    """
    from salestrigger.warehouse.lineage import explain, explain_missed

    with Warehouse.open(published_file(data_folder(settings, request)), read_only=True) as warehouse:
        chain = explain(warehouse, trigger_id) if trigger_id else explain_missed(warehouse, missed or "")
    for line in chain.lines():
        print(line)


def published_file(folder: Path) -> Path:
    """The analysts' snapshot of a data folder.

    Raises:
        UsageError: there is none yet.
    """
    path = folder / "published" / "salestrigger.duckdb"
    if not path.exists():
        raise UsageError(f"nothing is published yet at {str(path)!r}; run first: salestrigger run")
    return path


def _headline(run: DailyRun) -> str:
    where = {"demo": "the demo market", "replay": "recorded answers", "real": "your sources"}[run.place.kind]
    profiles = ", ".join(profile.name for profile in run.place.profiles)
    return f"salestrigger over {where}, as of {run.place.now:%a %d %b %Y %H:%M} UTC, profiles {profiles}"


def _account(run: DailyRun) -> tuple[Table, ...]:
    """An exact account of what was read: documents by language and outcome, the events, and the funnel."""
    values = {"run_id": run.run_id}
    funnel = read.funnel_rows(run.warehouse, run_id=run.run_id)
    return (
        _table("documents", ("language", "outcome", "document_count"), run.warehouse.rows("document_account", values)),
        _table(
            "events", ("type", "modality", "language", "organizations", "quote"),
            run.warehouse.rows("event_account", values),
        ),
        _table("where everything went", ("profile", "stage", "reason", "unit_count", "stage_count"), funnel),
    )  # fmt: skip


_HEADINGS = {"document_count": "count", "unit_count": "count", "stage_count": "of", "quote": "in these words"}


def _table(title: str, columns: tuple[str, ...], rows: Iterable[Mapping[str, object]]) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(_HEADINGS.get(column, column), overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(row[column])) for column in columns))
    return table


def _say(console: Console, line: str) -> None:
    console.print(line, highlight=False, markup=False, soft_wrap=True)
