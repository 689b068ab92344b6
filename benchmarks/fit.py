"""How long the fit of a million organisations to five profiles takes, and how much memory it needs.

The universe is drawn with a fixed seed in the proportions of a Nordic register: headcounts are withheld for most units,
every organisation has a purpose of its own, 800 industry codes, 350 municipalities. Each profile is asked for the whole
answer of ``salestrigger fit`` (bounds, verdict, and every criterion as JSON), slice by slice, in this one process.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from salestrigger.icp_profiles.profile import Profile, load_profiles
from salestrigger.matchers.qualify import fit_table

NOW = datetime(2026, 9, 7, tzinfo=UTC)
SLICE = 100_000
TRADES = ("rør", "tak", "gulv", "transport", "regnskap", "programvare", "fisk", "møbler", "maskiner", "konsulent")


def universe(rows: int) -> pa.Table:
    """So many organisations."""
    dice = np.random.default_rng(5)

    def drawn(values: list[str | None], weights: list[float] | None = None) -> pa.Array:
        picked = dice.choice(len(values), rows, p=weights).astype(np.int32)
        return pa.DictionaryArray.from_arrays(pa.array(picked), pa.array(values, pa.string())).dictionary_decode()

    codes = [f"{n:05d}"[:2] + "." + f"{n:05d}"[2:] for n in range(1100, 99000, 122)]
    people = [None, *map(str, range(5, 400))]
    days = [f"{y}-{m:02d}-{d:02d}" for y in range(1960, 2026) for m in (2, 6, 11) for d in (1, 14)]
    trades = dice.integers(0, len(TRADES), rows)
    return pa.table(
        {
            "org_id": pa.array([f"NO-BRC-{900_000_000 + n}" for n in range(rows)]),
            "country": drawn(["NO", "NL", "SE"], [0.6, 0.3, 0.1]),
            "municipality_code": drawn([f"{n:04d}" for n in range(301, 651)]),
            "city": drawn([f"Tettsted {n}" for n in range(1500)] + ["Oslo", "Tilburg"]),
            "legal_form": drawn(["AS", "ENK", "BV", "ASA", None]),
            "industry": drawn(codes),  # type: ignore[arg-type]
            "industry_codeset": drawn(["SN2025", "SBI2025"]),
            "employees": drawn(people, [0.6, *[0.4 / 395] * 395]),
            "founded": drawn(days),  # type: ignore[arg-type]
            "status": drawn(["active", "bankrupt"], [0.98, 0.02]),
            "description": pa.array([f"Drift av {TRADES[t]} og kontor, enhet {n}" for n, t in enumerate(trades)]),
        }
    )


def five() -> list[Profile]:
    """The shipped profiles and variations of them."""
    shipped = list(load_profiles())
    more = [p.model_copy(update={"name": f"{p.name}-{n}"}) for n, p in enumerate([*shipped, *shipped])]
    return [*shipped, *more][:5]


def main() -> None:
    """Print seconds and megabytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    table = universe(rows)
    print(f"{rows} organisations drawn, {_megabytes():.0f} MB so far")
    wall, cpu, fitting = time.perf_counter(), time.process_time(), 0
    for profile in five():
        started = time.perf_counter()
        for low in range(0, rows, SLICE):
            answers = fit_table(table.slice(low, SLICE), profile, NOW)
            fitting += answers.column("verdict").to_pylist().count("fits")
        print(f"  {profile.name}: {time.perf_counter() - started:.1f} s")
    print(
        f"{rows} x 5: {time.perf_counter() - wall:.1f} s ({time.process_time() - cpu:.1f} s of one processor), "
        f"at most {_megabytes():.0f} MB, {fitting} fit"
    )


def _megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 / (1024 if sys.platform == "darwin" else 1)


if __name__ == "__main__":
    main()
