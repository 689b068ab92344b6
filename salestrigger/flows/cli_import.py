"""``salestrigger import``: a list of one's own, from a sheet or an export, into the home's accounts.csv."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

#: remarks of a kind that are printed
SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command(name="import")(import_)


def import_(
    kind: Annotated[
        str,
        typer.Argument(help="accounts, customers, competitors, suppliers, or suppressed: who is not to be contacted"),
    ],
    file: Annotated[Path, typer.Argument(help="CSV, TSV or workbook; exports of HubSpot, Salesforce, Pipedrive")],
    column: Annotated[
        list[str] | None, typer.Option("--column", help="HEADING=field, where the guess is wrong")
    ] = None,
    country: Annotated[
        str | None, typer.Option("--country", help="of rows that say none: two letters, or its name")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="take the guess without asking")] = False,
    home: Annotated[Path | None, typer.Option("--home", help="your home folder")] = None,
) -> None:
    """Take a list of your own: the columns are guessed, shown and confirmed; then its rows go into accounts.csv."""
    from salestrigger.flows.cli import settings_from
    from salestrigger.flows.import_lists import KINDS, columns_of, import_list, is_read, read_list
    from salestrigger.flows.printing import show
    from salestrigger.sources.errors import UsageError

    if kind not in KINDS:
        raise UsageError(f"unknown kind of list {kind!r}; allowed: {', '.join(KINDS)}")
    listed = read_list(file, columns_of(column or ()))
    show(("column", "is", "because", "example"), ((g.heading, g.field, g.why, g.example) for g in listed.guesses))
    print(f"{len(listed.rows)} row{'s' * (len(listed.rows) != 1)} of {file}")
    if not yes and not _confirmed():
        print("nothing was taken")
        raise typer.Exit(0)
    folder = settings_from(home).home
    done = import_list(folder, listed, kind=kind, country=country)
    for number, why in done.aside[:SHOWN]:
        print(f"{file}: line {number} left out: {why}")
    for number, why in done.without[:SHOWN]:
        print(f"{file}: line {number} taken without {why}")
    if (more := len(done.aside) + len(done.without) - min(len(done.aside), SHOWN) - min(len(done.without), SHOWN)) > 0:
        print(f"and {more} more lines like these")
    if done.still_suppressed:
        print(
            f"{done.still_suppressed} stay suppressed; to lift that, change their relation in {folder / 'accounts.csv'}"
        )
    print(
        f"{folder / 'accounts.csv'}: {done.new} new, {done.replaced} replaced, {len(done.aside)} left out, "
        f"{len(done.without)} cells left out"
    )
    if not is_read(folder):
        print(
            f"no source of {folder} reads it yet: salestrigger sources enable accounts --home {folder}, "
            "or make a home with: salestrigger init DIR --market no"
        )


def _confirmed() -> bool:
    """What the person says.

    Raises:
        UsageError: nobody is there to say it.
    """
    from salestrigger.sources.errors import UsageError

    try:
        return typer.confirm("take them so?", default=False)
    except typer.Abort:  # the end of what is typed: no terminal, or Ctrl-D
        raise UsageError("nobody said yes, nothing was taken; to take them without asking: --yes") from None
