"""What working on a profile takes over a home of a register's size: check, diff, backtest and learn, each by itself.

The home is that of ``benchmarks.first_load`` (a whole register and a day of its change feed), published here if it is
not yet. Every command runs in a process of its own, so that its memory is its own.

    python -m benchmarks.first_load --entities 1100000 --folder DIR
    python -m benchmarks.profiles --folder DIR
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from salestrigger.flows.profile_learn import learned
from salestrigger.flows.profiles import backtested, checked, diffed, find
from salestrigger.flows.stored import Stored, open_stored
from salestrigger.icp_profiles.profile import default_folder
from salestrigger.warehouse import read
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.migrate import migrate
from salestrigger.warehouse.publish import publish

PROFILE = "facility-services-norway"
#: customers that ``learn`` is given: half by number, half by name
CUSTOMERS = 500
COMMANDS = ("check", "diff", "backtest", "learn")


def wider(folder: Path) -> Path:
    """The shipped profile with another range of employees, without the examples that it would contradict."""
    text = (default_folder() / f"{PROFILE}.toml").read_text(encoding="utf-8").split("[[examples.fit]]")[0]
    path = folder / "wider.toml"
    path.write_text(text.replace("min = 20\nmax = 250", "min = 10\nmax = 500"), encoding="utf-8")
    return path


def customers(stored: Stored, folder: Path) -> Path:
    """A list of customers, every so many organisations one."""
    every = tuple(stored.organizations)
    some = read.organizations(stored.warehouse, every[:: max(len(every) // CUSTOMERS, 1)][:CUSTOMERS]).values()
    path = folder / "customers.csv"
    rows = (f"{o.identifiers[0]},\n" if n % 2 else f',"{o.name}"\n' for n, o in enumerate(some))
    path.write_text("org_id,name\n" + "".join(rows), encoding="utf-8")
    return path


def run(command: str, folder: Path) -> list[str]:
    """The lines of one command."""
    with open_stored(folder / "published" / "salestrigger.duckdb") as stored:
        if command == "learn":
            return learned(customers(stored, folder), stored)[1]
        profile = find(PROFILE, default_folder())
        if command == "backtest":
            return backtested(profile, None, stored)
        if command == "diff":
            return diffed(profile, find(str(wider(folder)), default_folder()), stored)
        return checked(default_folder(), (), stored)[0]


def measured(command: str, folder: Path) -> Mapping[str, float]:
    """Run one command here; seconds on the wall, seconds of processor time, MB at most."""
    begun = time.monotonic()
    for line in run(command, folder):
        print(f"    {line[:150]}")
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"wall": time.monotonic() - begun, "cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1024}


def main() -> int:
    """Each command in a process of its own; print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True, help="of benchmarks.first_load")
    parser.add_argument("--command", choices=COMMANDS, help="only this one, in this process")
    options = parser.parse_args()
    if options.command:
        took = measured(options.command, options.folder)
        seconds = f"{took['wall']:7.1f} s on the wall, {took['cpu']:7.1f} s of CPU"
        print(f"{options.command:9} {seconds}, {took['mb']:.0f} MB")
        return 0
    published = options.folder / "published" / "salestrigger.duckdb"
    if not published.exists():
        with Warehouse.open(options.folder / "warehouse.duckdb") as warehouse:
            migrate(warehouse)
            publish(warehouse, published)
    for command in COMMANDS:
        arguments = [sys.executable, "-m", "benchmarks.profiles", "--folder", str(options.folder), "--command", command]
        subprocess.run(arguments, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
