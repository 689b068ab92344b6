"""``salestrigger init``: a folder of one's own, ready to run for real."""

from __future__ import annotations

import importlib.resources
from pathlib import Path

from salestrigger.sources.errors import UsageError
from salestrigger.sources.registry import load_catalog

#: The profile that a market's home starts with, and its country.
MARKETS = {"no": ("NO", "facility-services-norway"), "nl": ("NL", "it-services-netherlands")}

ACCOUNTS = "org_id,name,country,city,website,identifiers,relation\n"


def make_home(directory: Path, market: str) -> list[str]:
    """Write the home; nothing that exists is overwritten. Returns what to tell the user.

    Raises:
        UsageError: an unknown market, or the folder already is a home, or cannot be written.
    """
    if market not in MARKETS:
        raise UsageError(f"unknown market {market!r}; allowed: {', '.join(sorted(MARKETS))}")
    if (directory / "sources").exists() or (directory / "icp_profiles").exists():
        raise UsageError(f"{str(directory)!r} already has sources/ or icp_profiles/; choose another folder")
    country, profile = MARKETS[market]
    try:
        files = _write(directory, country, profile)
    except OSError as error:
        raise UsageError(f"cannot write {str(directory)!r}: {error.strerror}") from None
    return [
        f"made {directory} for market {market!r}: {files} sources switched on",
        f"1. say whom you want:      {directory / 'icp_profiles' / (profile + '.toml')}",
        f"2. list your accounts:     {directory / 'accounts.csv'}",
        f"3. look at the sources:    salestrigger sources list --home {directory}",
        f"4. run:                    salestrigger run --home {directory}",
    ]


def _write(directory: Path, country: str, profile: str) -> int:
    sources, profiles = directory / "sources", directory / "icp_profiles"
    sources.mkdir(parents=True)
    profiles.mkdir()
    shipped = importlib.resources.files("salestrigger")
    chosen = [
        spec for spec in load_catalog().values() if spec.enabled and (spec.country == country or spec.trust == "user")
    ]
    for spec in chosen:
        text = (shipped / "sources" / "catalog" / f"{spec.id}.toml").read_text(encoding="utf-8")
        (sources / f"{spec.id}.toml").write_text(text, encoding="utf-8")
    text = (shipped / "icp_profiles" / f"{profile}.toml").read_text(encoding="utf-8")
    (profiles / f"{profile}.toml").write_text(text, encoding="utf-8")
    (directory / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    (directory / ".gitignore").write_text("var/\n", encoding="utf-8")
    return len(chosen)
