"""``salestrigger warehouse``: migrate, check, publish, shell."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="The database: migrate, check, publish, look.", no_args_is_help=True)

Home = Annotated[Path | None, typer.Option("--home", help="your home folder")]
Demo = Annotated[bool, typer.Option("--demo", help="the demo market's data")]


@app.command()
def migrate(demo: Demo = False, home: Home = None) -> None:
    """Bring the database to this version."""
    from salestrigger.warehouse.connect import Warehouse
    from salestrigger.warehouse.migrate import migrate as apply

    with Warehouse.open(_data(home, demo) / "warehouse.duckdb") as warehouse:
        applied = apply(warehouse)
    print(f"applied: {', '.join(applied)}" if applied else "nothing to do: the database is of this version")


@app.command()
def check(demo: Demo = False, home: Home = None) -> None:
    """Run every check on the published file; each must return no rows."""
    from salestrigger.warehouse.checks import run_checks
    from salestrigger.warehouse.connect import Warehouse

    with Warehouse.open(_published(home, demo), read_only=True) as warehouse:
        failures = run_checks(warehouse)
    for failure in failures:
        print(failure)
    print(f"{len(failures)} checks failed" if failures else "all checks hold")
    raise typer.Exit(70 if failures else 0)


@app.command()
def publish(demo: Demo = False, home: Home = None) -> None:
    """Make the analysts' snapshot again and swap it in."""
    from salestrigger.warehouse.connect import Warehouse
    from salestrigger.warehouse.publish import publish as swap_in

    target = _published(home, demo)
    with Warehouse.open(_data(home, demo) / "warehouse.duckdb") as warehouse:
        swap_in(warehouse, target)
    print(target)


@app.command()
def shell(
    statement: Annotated[str | None, typer.Option("-c", help="one statement instead of a prompt")] = None,
    demo: Demo = False,
    home: Home = None,
) -> None:
    """SQL on the published file, read-only."""
    from salestrigger.flows.printing import show
    from salestrigger.sources.errors import UsageError
    from salestrigger.warehouse.connect import Warehouse
    from salestrigger.warehouse.shell import ask

    with Warehouse.open(_published(home, demo), read_only=True) as warehouse:
        if statement is not None:
            show(*ask(warehouse, statement))
            return
        print("SQL on the published file, read-only; one statement a line; SHOW TABLES; lists them; Ctrl-D ends")
        while True:
            try:
                line = input("salestrigger> ").strip()
            except EOFError:
                return
            if not line:
                continue
            try:
                show(*ask(warehouse, line))
            except UsageError as error:
                print(error)


def _data(home: Path | None, demo: bool) -> Path:
    from salestrigger.flows.cli import settings_from
    from salestrigger.flows.place import RunRequest, data_folder

    return data_folder(settings_from(home), RunRequest(demo_day=1 if demo else None))


def _published(home: Path | None, demo: bool) -> Path:
    from salestrigger.sources.errors import UsageError

    path = _data(home, demo) / "published" / "salestrigger.duckdb"
    if not path.exists():
        raise UsageError(f"nothing is published yet at {str(path)!r}; run first: salestrigger run")
    return path
