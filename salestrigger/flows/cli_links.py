"""``salestrigger links``: rows of one's own lists that may be an organisation: list, confirm, refuse."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from salestrigger.warehouse.connect import Warehouse

app = typer.Typer(help="Which of your accounts is which organisation: list, confirm, refuse.", no_args_is_help=True)

Home = Annotated[Path | None, typer.Option("--home", help="your home folder")]
Demo = Annotated[bool, typer.Option("--demo", help="the demo market's data")]
Record = Annotated[str, typer.Argument(help="the row of your list, as ACCOUNT-…")]
Organization = Annotated[str, typer.Argument(help="the organisation, as org_…")]


@app.command(name="list")
def list_links(
    made: Annotated[bool, typer.Option("--made", help="the links that hold, to look at or refuse")] = False,
    demo: Demo = False,
    home: Home = None,
) -> None:
    """What may be an organisation, but not surely enough to be linked, the surest first; or what is linked."""
    from salestrigger.flows.printing import show
    from salestrigger.warehouse import unify

    with _warehouse(home, demo) as warehouse:
        rows = unify.made(warehouse) if made else unify.review(warehouse)
    named = ("is_now", "basis", "probability") if made else ("may_be", "probability", "evidence")
    columns = ("record_id", "listed_as", "organization_id", named[0], "country", "city", *named[1:])
    show(columns, ([row[c] for c in columns] for row in rows))


@app.command()
def confirm(record: Record, organization: Organization, demo: Demo = False, home: Home = None) -> None:
    """They are the same."""
    from salestrigger.warehouse import unify

    with _warehouse(home, demo) as warehouse:
        unify.confirm(warehouse, record, organization, datetime.now(UTC))
    print(f"{record} is {organization}; the next run counts it so")


@app.command()
def refuse(record: Record, organization: Organization, demo: Demo = False, home: Home = None) -> None:
    """They are not: a link between them is undone, and never made again."""
    from salestrigger.warehouse import unify

    with _warehouse(home, demo) as warehouse:
        unify.refuse(warehouse, record, organization, datetime.now(UTC))
    print(f"{record} is not {organization}; that is kept")


def _warehouse(home: Path | None, demo: bool) -> Warehouse:
    from salestrigger.flows.cli import settings_from
    from salestrigger.flows.place import RunRequest, data_folder
    from salestrigger.sources.errors import UsageError
    from salestrigger.warehouse.connect import Warehouse

    path = data_folder(settings_from(home), RunRequest(demo_day=1 if demo else None)) / "warehouse.duckdb"
    if not path.exists():
        raise UsageError(f"no database at {str(path)!r}: run first")
    return Warehouse.open(path)
