"""``salestrigger sources``: list, check, record, new, enable, disable, discover, adopt, coverage."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from salestrigger.flows.place import Place
    from salestrigger.flows.settings import Settings
    from salestrigger.sources.http import FetchPolicy
    from salestrigger.sources.spec import SourceSpec

app = typer.Typer(help="What is read, whether it works, and how to add one.", no_args_is_help=True)

Home = Annotated[Path | None, typer.Option("--home", help="your home folder")]
Demo = Annotated[bool, typer.Option("--demo", help="the demo market's sources")]


@app.command(name="list")
def list_sources(
    every: Annotated[bool, typer.Option("--all", help="also those of the catalogue that are not switched on")] = False,
    demo: Demo = False,
    home: Home = None,
) -> None:
    """Every source that is switched on: its state, last good answer, when it is due, volume against its own past."""
    from salestrigger.flows.printing import show
    from salestrigger.sources.registry import load_catalog

    states = _states(home, demo)
    specs = dict(load_catalog()) if every else {}
    specs |= _specs(home, demo, required=not every)
    rows = (
        (name, *_state_cells(spec, states.get(name)), spec.country, spec.trust, spec.cost, spec.title)
        for name, spec in sorted(specs.items())
    )
    show(("source", "state", "last good", "next due", "7 days", "usual", "country", "trust", "cost", "title"), rows)


@app.command()
def check(
    source: Annotated[str | None, typer.Argument(help="one source (default: all that are switched on)")] = None,
    demo: Demo = False,
    home: Home = None,
) -> None:
    """One polite request: what the source answers now, and what is missing. Nothing is stored."""
    from salestrigger.flows.place import RunRequest, open_place
    from salestrigger.sources.check import check_sources

    request = RunRequest(demo_day=1 if demo else None, sources=(source,) if source else (), also_switched_off=True)
    with open_place(_settings(home), request) as place:
        specs = [spec for spec in place.specs.values() if spec.enabled or source]
        reports = check_sources(specs, policy=_policy(home, place), route=place.route, now=place.now)
    for report in reports:
        print(report.line())
    raise typer.Exit(0 if all(report.works for report in reports) else 3)


@app.command()
def record(
    source: Annotated[str, typer.Argument(help="the source to record")],
    output: Annotated[Path, typer.Option("-o", help="folder for the recording")],
    demo: Demo = False,
    home: Home = None,
) -> None:
    """Fetch a source once and keep its answers as a recording that `run --replay` can serve; secrets are left out."""
    from salestrigger.flows.place import RunRequest, open_place
    from salestrigger.sources.check import record_source
    from salestrigger.sources.registry import declare

    request = RunRequest(demo_day=1 if demo else None, sources=(source,), also_switched_off=True)
    with open_place(_settings(home), request) as place:
        report = record_source(
            place.specs[source], output, policy=_policy(home, place), route=place.route, now=place.now
        )
    print(report.line())
    if not any((output / "bodies").glob("*")):
        print(f"nothing was answered: nothing is recorded in {output}")
        raise typer.Exit(3)
    declare(place.specs[source], output / "sources")  # so that the recording is a home that a replay can read
    print(f"recorded in {output}; serve it with: salestrigger run --replay {output}")
    raise typer.Exit(0 if report.works else 3)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="the source's id: a-z, 0-9 and -")],
    url: Annotated[str, typer.Argument(help="its address: a feed, a newsroom, a site with feeds")],
    home: Home = None,
) -> None:
    """Look at an address and propose the catalogue file for it; the file is written into your home's sources/."""
    from salestrigger.sources.check import look_at
    from salestrigger.sources.errors import SourceError, UsageError
    from salestrigger.sources.http import FetchPolicy, Live
    from salestrigger.sources.spec import ID_PATTERN

    if not re.fullmatch(ID_PATTERN, name):
        raise UsageError(f"{name!r} cannot be a source's id; allowed: a-z, 0-9 and -, at most 60 characters")
    settings = _settings(home)
    target = settings.home / "sources" / f"{name}.toml"
    if target.exists():
        raise UsageError(f"{str(target)!r} exists already; choose another name, or edit that file")
    try:
        text, notes = look_at(name, url, policy=FetchPolicy(user_agent=settings.user_agent), route=Live())
    except SourceError as error:
        raise UsageError(f"nothing to propose for {url!r}: {error}") from None
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    for note in notes:
        print(note)
    print(f"{target}: read it, complete licence and trust, then: salestrigger sources check {name}")


Names = Annotated[list[str], typer.Argument(help="sources, a pattern as 'svt-*', or wire, newsroom, press")]


@app.command()
def enable(names: Names, home: Home = None) -> None:
    """Switch sources on: by name, by pattern, or all of a kind of news."""
    from salestrigger.flows.switch import switch

    for line in switch(_settings(home).home, names, on=True):
        print(line)


@app.command()
def disable(names: Names, home: Home = None) -> None:
    """Switch sources off: by name, by pattern, or all of a kind of news."""
    from salestrigger.flows.switch import switch

    for line in switch(_settings(home).home, names, on=False):
        print(line)


@app.command()
def discover(
    accounts: Annotated[Path, typer.Argument(help="your accounts, as accounts.csv")],
    output: Annotated[Path, typer.Option("-o", help="the proposals, to be looked through")] = Path("proposals.csv"),
    limit: Annotated[int, typer.Option("--limit", help="accounts to look at")] = 500,
    home: Home = None,
) -> None:
    """Look at each account's site for its newsroom feed, job board and register number; writes proposals only."""
    from salestrigger.flows.discover import discover_accounts
    from salestrigger.sources.http import FetchPolicy, Live

    settings = _settings(home)
    policy = FetchPolicy(user_agent=settings.user_agent)
    print(discover_accounts(accounts, output, policy=policy, route=Live(), limit=limit))


@app.command()
def adopt(
    proposals: Annotated[Path, typer.Argument(help="proposals.csv, with yes in its column take")],
    every: Annotated[
        list[str] | None, typer.Option("--all", help="take all of a kind without yes: feed, board or number")
    ] = None,
    home: Home = None,
) -> None:
    """Take the proposals that say yes: feeds and job boards become sources, numbers go into accounts.csv."""
    from salestrigger.flows.adopt import adopt_proposals

    for line in adopt_proposals(_settings(home).home, proposals, kinds=every or ()):
        print(line)


@app.command()
def coverage(
    accounts: Annotated[Path, typer.Argument(help="your accounts, as accounts.csv")], home: Home = None
) -> None:
    """Of your accounts, how many are identified and how many have a live source; and what would raise it."""
    from salestrigger.flows.coverage import coverage_lines

    for line in coverage_lines(_settings(home), accounts):
        print(line)


@app.command()
def docs(folder: Annotated[Path, typer.Argument(help="the folder of the pages, as docs")]) -> None:
    """Write sources.md and markets.md from the catalogue and the market files."""
    from salestrigger.flows.source_docs import write_docs

    for page in write_docs(folder):
        print(page)


def _settings(home: Path | None) -> Settings:
    from salestrigger.flows.cli import settings_from

    return settings_from(home)


def _policy(home: Path | None, place: Place) -> FetchPolicy:
    from salestrigger.flows.place import fetch_policy

    return fetch_policy(_settings(home), place.specs.values())


def _specs(home: Path | None, demo: bool, *, required: bool) -> dict[str, SourceSpec]:
    """The sources that are switched on; none is an error only where there is nothing else to show."""
    from salestrigger.flows.place import switched_on
    from salestrigger.sources.errors import UsageError

    if demo:
        from salestrigger.sources.demo import demo_specs

        return dict(demo_specs())
    try:
        return switched_on(_settings(home).home)
    except UsageError:
        if required:
            raise
        return {}


def _states(home: Path | None, demo: bool) -> dict[str, dict[str, Any]]:
    """``source_health`` by source, from the published file if there is one."""
    from salestrigger.flows.place import RunRequest, data_folder
    from salestrigger.warehouse import read
    from salestrigger.warehouse.connect import Warehouse

    folder = data_folder(_settings(home), RunRequest(demo_day=1 if demo else None))
    published = folder / "published" / "salestrigger.duckdb"
    if not published.exists():
        return {}
    with Warehouse.open(published, read_only=True) as warehouse:
        return {row["source_id"]: row for row in read.source_rows(warehouse)}


def _state_cells(spec: SourceSpec, state: dict[str, Any] | None) -> tuple[str, str, str, str, str]:
    """(state, last good answer, next due, new in seven days, usual in seven days); times are UTC."""
    from salestrigger.sources.due import next_due

    due = next_due(spec, state)
    when = f"{due:%Y-%m-%d %H:%M}" if due else "next run" if spec.enabled else ""
    if state is None:
        return "never run", "", when, "", ""
    reason = f"{state['last_status']}: {state['last_reason']}" if state["last_reason"] else state["last_status"]
    broke = ": feed broke?" if state["is_below_usual"] or state["is_silent"] else ""
    good = f"{state['last_ok_at']:%Y-%m-%d %H:%M}" if state["last_ok_at"] else "never"
    usual = "" if state["usual_7d"] is None else f"{state['usual_7d']:g}"
    return f"{_short(reason)}{broke}", good, when, str(state["seen_7d"]), usual


def _short(state: str) -> str:
    """``failed: bomb: cannot fetch …`` as ``failed: bomb``; `sources check` tells the rest."""
    status, _, rest = state.partition(": ")
    word = rest.partition(":")[0]
    return status if word in ("", status) else f"{status}: {word}"
