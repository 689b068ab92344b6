"""``salestrigger profile``: list, check, learn, backtest, diff; and the tables beside the profiles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Work on a profile: what it selects and tells, over what is stored.", no_args_is_help=True)

Home = Annotated[Path | None, typer.Option("--home", help="your home folder")]
Demo = Annotated[bool, typer.Option("--demo", help="the demo market's data and the shipped profiles")]
A = Annotated[str, typer.Argument(help="a profile's name, or the path of its TOML file")]


@app.command(name="list")
def list_profiles(demo: Demo = False, home: Home = None) -> None:
    """Every profile: name, version, on or off, what it asks."""
    from salestrigger.flows.profiles import listed

    _print(listed(_folder(home, demo)))


@app.command()
def check(
    profile: Annotated[list[str] | None, typer.Argument(help="profiles to check (default: all)")] = None,
    demo: Demo = False,
    home: Home = None,
) -> None:
    """Errors; how many organisations fit or are unknown, per criterion; triggers a week; overlap of profiles."""
    from salestrigger.flows.profiles import checked, open_stored

    names, folder, published = tuple(profile or ()), _folder(home, demo), _published(home, demo)
    if published.exists():
        with open_stored(published) as stored:
            lines, is_right = checked(folder, names, stored)
    else:
        lines, is_right = checked(folder, names, None)
    _print(lines)
    raise typer.Exit(0 if is_right else 2)


@app.command()
def learn(
    customers: Annotated[Path, typer.Argument(help="csv, tsv, parquet or jsonl: org_id, or name[,country][,city]")],
    output: Annotated[Path | None, typer.Option("-o", help="TOML file to write (default: stdout)")] = None,
    demo: Demo = False,
    home: Home = None,
) -> None:
    """Propose a profile from your best customers: what they have more often than others, and how sure that is."""
    from salestrigger.flows.profile_learn import learned
    from salestrigger.flows.profiles import open_stored
    from salestrigger.sources.errors import UsageError

    if output is not None and output.exists():
        raise UsageError(f"{str(output)!r} already exists; choose another file")
    with open_stored(_published(home, demo)) as stored:
        text, says = learned(customers, stored)
    if output is None:
        print(text)
    else:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise UsageError(f"cannot write {str(output)!r}: {error.strerror}") from None
    for line in says:
        typer.echo(line, err=True)


@app.command()
def backtest(
    profile: A,
    against: Annotated[str | None, typer.Option("--against", help="another version to compare with")] = None,
    demo: Demo = False,
    home: Home = None,
) -> None:
    """The triggers that PROFILE would have given over stored events; with --against: gained, lost, examples."""
    from salestrigger.flows.profiles import backtested, find, open_stored

    folder = _folder(home, demo)
    wanted, other = find(profile, folder), find(against, folder) if against else None
    with open_stored(_published(home, demo)) as stored:
        _print(backtested(wanted, other, stored))


@app.command()
def diff(old: A, new: A, demo: Demo = False, home: Home = None) -> None:
    """What is different from OLD to NEW, and what that changes: organisations, triggers a month, examples."""
    from salestrigger.flows.profiles import diffed, find, open_stored

    folder, published = _folder(home, demo), _published(home, demo)
    before, after = find(old, folder), find(new, folder)
    if not published.exists():
        _print(diffed(before, after, None))
        return
    with open_stored(published) as stored:
        _print(diffed(before, after, stored))


@app.command()
def fit(
    organization: Annotated[str, typer.Argument(help="an organisation's id, register number or exact name")],
    profile: Annotated[str | None, typer.Option("--profile", help="only this profile")] = None,
    on: Annotated[
        str | None, typer.Option("--on", help="by what was true on this day (default: the last run's)")
    ] = None,
    known: Annotated[
        str | None, typer.Option("--known", help="by what was known at this ISO time (default: now)")
    ] = None,
    demo: Demo = False,
    home: Home = None,
) -> None:
    """How well one organisation fits, criterion by criterion; now, or as of any date."""
    from salestrigger.flows.cli import parse_time
    from salestrigger.flows.profile_fit import fit_as_of
    from salestrigger.flows.profiles import find, open_stored
    from salestrigger.icp_profiles.profile import load_profiles

    folder = _folder(home, demo)
    wanted = (find(profile, folder),) if profile else load_profiles(folder)
    with open_stored(_published(home, demo)) as stored:
        known_at = parse_time(known) or stored.now
        day = (parse_time(on) or stored.now).date()
        _print(fit_as_of(stored.warehouse, organization, wanted, on=day, known_at=known_at))


@app.command()
def owners(
    table: Annotated[Path | None, typer.Argument(help="level,subject,owner[,valid_from][,valid_to]")] = None,
    absences: Annotated[Path | None, typer.Option("--absences", help="owner,deputy,from,to")] = None,
    hand_over: Annotated[tuple[str, str] | None, typer.Option("--hand-over", help="from whom, to whom")] = None,
    on: Annotated[str | None, typer.Option("--on", help="for --hand-over: from this day (default: today)")] = None,
    demo: Demo = False,
    home: Home = None,
) -> None:
    """Whose is it: list the owners, replace their table (account over segment over territory), hand everything over."""
    from datetime import UTC, datetime

    from salestrigger.flows import profile_owners
    from salestrigger.flows.cli import parse_time
    from salestrigger.sources.errors import UsageError
    from salestrigger.warehouse.connect import Warehouse
    from salestrigger.warehouse.migrate import migrate
    from salestrigger.warehouse.owners import read_owners
    from salestrigger.warehouse.publish import publish

    if table is not None and hand_over is not None:
        raise UsageError("give a TABLE of owners, or --hand-over FROM TO, not both")
    day = (parse_time(on) or datetime.now(UTC)).date()
    assigned = profile_owners.assignments_from(table) if table else ()
    away = profile_owners.absences_from(absences) if absences else None
    published = _published(home, demo)
    with Warehouse.open(published.parent.parent / "warehouse.duckdb") as warehouse:
        migrate(warehouse)
        if table is None and hand_over is None and away is None:
            _print(profile_owners.listed_owners(read_owners(warehouse), day))
            return
        if table is not None:
            print(profile_owners.store(warehouse, assigned, away, table.name))
        elif away is not None:
            print(profile_owners.store_absences(warehouse, away))
        if hand_over is not None:
            print(profile_owners.hand_over(warehouse, old=hand_over[0], new=hand_over[1], on=day))
        if published.exists():  # reports are of the snapshot: what is open moves now, not with the next run
            publish(warehouse, published)


@app.command()
def places(
    files: Annotated[
        list[Path], typer.Argument(help="unpacked files of GeoNames: NO.txt (postal codes), cities500.txt")
    ],
    output: Annotated[Path, typer.Option("-o", help="the table, beside your profiles")] = Path("places.tsv"),
    country: Annotated[list[str] | None, typer.Option("--country", help="only these, such as NO")] = None,
) -> None:
    """Build the table of coordinates that the criterion radius needs."""
    from salestrigger.flows.profile_tables import build_places

    print(build_places(files, output, countries=tuple(country or ())))


@app.command()
def crosswalk(
    table: Annotated[Path, typer.Argument(help="a published correspondence table, with a header")],
    from_column: Annotated[str, typer.Option("--from-column", help="its column of older codes")],
    to_column: Annotated[str, typer.Option("--to-column", help="its column of newer codes")],
    from_set: Annotated[str, typer.Option("--from-set", help="the older code set")] = "NACE2",
    to_set: Annotated[str, typer.Option("--to-set", help="the newer code set")] = "NACE2.1",
    output: Annotated[Path, typer.Option("-o", help="the table, beside your profiles")] = Path("crosswalk.tsv"),
    add: Annotated[bool, typer.Option("--add", help="to what the table holds already, such as a copy of ours")] = False,
) -> None:
    """Build the table that says which industry code became which, so that a recoding changes nobody's fit."""
    from salestrigger.flows.profile_tables import build_crosswalk

    print(build_crosswalk(table, output, columns=(from_column, to_column), sets=(from_set, to_set), is_added=add))


def _print(lines: list[str]) -> None:
    print("\n".join(lines))


def _folder(home: Path | None, demo: bool) -> Path:
    """Where the profiles are: one's own, for the demo market the shipped ones."""
    from salestrigger.flows.cli import settings_from
    from salestrigger.icp_profiles.profile import default_folder

    own = settings_from(home).home / "icp_profiles"
    return default_folder() if demo or not own.is_dir() else own


def _published(home: Path | None, demo: bool) -> Path:
    from salestrigger.flows.cli import settings_from
    from salestrigger.flows.place import RunRequest, data_folder

    data = data_folder(settings_from(home), RunRequest(demo_day=1 if demo else None))
    return data / "published" / "salestrigger.duckdb"
