"""The ``salestrigger`` command: reads options, calls the layers, says what happened, returns an exit code.

Exit codes: 0 done · 2 usage or a declaration is wrong · 3 done, with sources failing · 70 a fault of ours ·
74 storage · 75 another run is at work · 130 stopped. Imports happen inside the commands, so that ``--help`` is instant
and needs no Prefect.
"""

from __future__ import annotations

import errno
import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from salestrigger.flows import cli_files, cli_import, cli_links, cli_profile, cli_sources, cli_warehouse
from salestrigger.flows.settings import Settings, read_settings
from salestrigger.sources.errors import SalestriggerError, StorageError, UsageError

app = typer.Typer(
    name="salestrigger",
    help="Sales triggers from company news and public registers: local, multilingual, explained.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
app.add_typer(cli_profile.app, name="profile")
app.add_typer(cli_sources.app, name="sources")
app.add_typer(cli_links.app, name="links")
app.add_typer(cli_warehouse.app, name="warehouse")
cli_files.register(app)
cli_import.register(app)

#: What a shell returns for a command that was ended with Ctrl-C (128 + SIGINT).
STOPPED = 130
#: a full disk, a quota, a folder that is read-only or somebody else's
_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM})

Home = Annotated[Path | None, typer.Option("--home", help="your home folder (default: SALESTRIGGER_HOME or here)")]
Demo = Annotated[bool, typer.Option("--demo", help="the demo market's data instead of yours")]
Replay = Annotated[Path | None, typer.Option("--replay", help="the data of a replay folder instead of yours")]


def settings_from(home: Path | None) -> Settings:
    """The settings of this process, with the log level applied."""
    settings = read_settings(os.environ, home=home)
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s %(message)s")
    return settings


@app.command()
def doctor(home: Home = None) -> None:
    """What is wrong with your home, and what to do; it changes nothing. Exit code 2: no run can start."""
    from salestrigger.flows.doctor import examine
    from salestrigger.flows.printing import show

    findings = examine(settings_from(home), now=datetime.now(UTC))
    show(("", "what", "says"), ((found.state, found.what, found.says) for found in findings))
    raise typer.Exit(2 if any(found.state == "wrong" for found in findings) else 0)


@app.command()
def run(
    demo: Annotated[bool, typer.Option("--demo", help="run over the demo market, no network needed")] = False,
    day: Annotated[int | None, typer.Option("--day", help="day of the demo's calendar, 1 (default) to 15")] = None,
    profile: Annotated[list[str] | None, typer.Option("--profile", help="only this profile (may be repeated)")] = None,
    source: Annotated[list[str] | None, typer.Option("--source", help="only this source (may be repeated)")] = None,
    replay: Annotated[Path | None, typer.Option("--replay", help="serve recorded answers from this folder")] = None,
    replay_root: Annotated[Path | None, typer.Option("--replay-root", help="where the recorded bodies lie")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="logical now, ISO time (default: now)")] = None,
    no_prefect: Annotated[bool, typer.Option("--no-prefect", help="the same functions without Prefect")] = False,
    home: Home = None,
) -> None:
    """Collect, analyse, store, publish and report: the daily job."""
    from salestrigger.flows.cli_run import run_and_show
    from salestrigger.flows.place import RunRequest

    if demo and replay:
        raise UsageError("--demo and --replay exclude each other")
    if day is not None and not demo:
        raise UsageError("--day belongs to --demo")
    if replay_root and not replay:
        raise UsageError("--replay-root belongs to --replay")
    request = RunRequest(
        demo_day=(1 if day is None else day) if demo else None,
        replay=replay,
        replay_root=replay_root,
        profiles=tuple(profile or ()),
        sources=tuple(source or ()),
        as_of=parse_time(as_of),
    )
    raise typer.Exit(run_and_show(settings_from(home), request, with_prefect=not no_prefect))


@app.command()
def report(
    output_format: Annotated[str, typer.Option("--format", help="html, md, csv or json")] = "html",
    output: Annotated[
        Path | None, typer.Option("-o", help="file to write (default: the reports folder; - for stdout)")
    ] = None,
    profile: Annotated[str | None, typer.Option("--profile", help="only this profile")] = None,
    owner: Annotated[str | None, typer.Option("--owner", help="only what is this person's")] = None,
    since: Annotated[str | None, typer.Option("--since", help="triggers first seen on or after this date")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="what was known at this ISO time")] = None,
    demo: Demo = False,
    replay: Replay = None,
    home: Home = None,
) -> None:
    """The trigger report again, from the published file, in any format."""
    from salestrigger.flows.cli_run import write_report_again
    from salestrigger.flows.place import RunRequest

    request = RunRequest(demo_day=1 if demo else None, replay=replay)
    write_report_again(
        settings_from(home), request, output_format=output_format, output=output,
        profile=profile, owner=owner, since=parse_time(since), as_of=parse_time(as_of),
    )  # fmt: skip


@app.command()
def explain(
    trigger_id: Annotated[str | None, typer.Argument(help="a trigger's id, as the report shows it")] = None,
    missed: Annotated[str | None, typer.Option("--missed", help="a URL: where on the way was it lost?")] = None,
    demo: Demo = False,
    replay: Replay = None,
    home: Home = None,
) -> None:
    """The chain behind a trigger: source, document, quote, match, event, fit, rank; or where a document was lost."""
    from salestrigger.flows.cli_run import explain_chain
    from salestrigger.flows.place import RunRequest

    if (trigger_id is None) == (missed is None):
        raise UsageError("give a trigger's id, or --missed URL")
    request = RunRequest(demo_day=1 if demo else None, replay=replay)
    explain_chain(settings_from(home), request, trigger_id=trigger_id, missed=missed)


@app.command()
def init(
    directory: Annotated[Path, typer.Argument(help="the folder to make")],
    market: Annotated[str, typer.Option("--market", help="no, nl, se, dk, fi or uk")],
) -> None:
    """A home of one's own: sources switched on, a profile to edit, a list for your accounts."""
    from salestrigger.flows.home import make_home

    for line in make_home(directory, market):
        print(line)


@app.command()
def schedule(
    at: Annotated[str, typer.Option("--at", help="local time of day, HH:MM")] = "06:30",
    timezone: Annotated[str, typer.Option("--timezone", help="IANA zone, e.g. Europe/Oslo")] = "Europe/Amsterdam",
    cron: Annotated[str | None, typer.Option("--cron", help="a cron line instead of --at")] = None,
    demo: Demo = False,
    home: Home = None,
) -> None:
    """Serve the daily deployment: a Prefect server on loopback (or the one configured), until stopped."""
    from salestrigger.flows.schedule import serve_daily

    serve_daily(settings_from(home), at=at, timezone=timezone, cron=cron, demo=demo)


def parse_time(text: str | None) -> datetime | None:
    """An ISO date or time as aware UTC; a time without a zone is taken as UTC.

    Raises:
        UsageError: it is no ISO time.
    """
    if text is None:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not an ISO date or time such as 2026-09-07 or 2026-09-07T06:30:00Z") from None
    return parsed.replace(tzinfo=parsed.tzinfo or UTC).astimezone(UTC)


def main() -> None:
    """Run the command; every error of ours becomes one line on stderr and its exit code."""
    try:
        app()
    except SalestriggerError as error:
        print(f"salestrigger: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except SystemExit as end:
        if end.code == STOPPED:
            print("salestrigger: stopped; what was stored stays, the next run goes on from there", file=sys.stderr)
        raise
    except Exception as error:  # the last line of defence: say whose fault it is
        if isinstance(error, OSError) and error.errno in _DISK:
            where = f" {str(error.filename)!r}" if error.filename else ""
            print(f"salestrigger: cannot write{where}: {error.strerror}", file=sys.stderr)
            sys.exit(StorageError.exit_code)
        logging.getLogger(__name__).exception("a fault of ours")
        print(f"salestrigger: a fault of ours: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(70)


if __name__ == "__main__":
    main()
