"""``salestrigger init``: a folder of one's own, ready to run for real."""

from __future__ import annotations

import importlib.resources
from pathlib import Path

from salestrigger.sources.errors import UsageError
from salestrigger.sources.market import load_market, market_files, market_names
from salestrigger.sources.registry import load_catalog

#: A profile for a market that ships none: it says where, and leaves the rest to you.
BARE_PROFILE = """# Whom you want: this one only says where. Add size, industry, what you sell: docs/profiles.md
title = "{title}"
description = "organisations in {title}"

[[criteria]]
name = "country"
kind = "country"
need = "must"
weight = 1
values = ["{country}"]
"""

ACCOUNTS = "org_id,name,country,city,website,identifiers,relation\n"


def make_home(directory: Path, market: str) -> list[str]:
    """Write the home; nothing that exists is overwritten. Returns what to tell the user.

    Raises:
        UsageError: an unknown market, or the folder already is a home, or cannot be written.
    """
    if market not in market_names():
        raise UsageError(f"unknown market {market!r}; allowed: {', '.join(market_names())}")
    if (directory / "sources").exists() or (directory / "icp_profiles").exists():
        raise UsageError(f"{str(directory)!r} already has sources/ or icp_profiles/; choose another folder")
    profile = load_market(market).profile or f"companies-{market}"
    try:
        switched_on, files = _write(directory, market, profile)
    except OSError as error:
        raise UsageError(f"cannot write {str(directory)!r}: {error.strerror}") from None
    keyed = [spec for spec in load_catalog(directory / "sources").values() if spec.key_env and spec.enabled]
    wanted = [f"   wants a key:             {s.id}: {s.key_env}, from {s.key_from}" for s in keyed]
    return [
        f"made {directory} for market {market!r}: {switched_on} of {files} sources switched on",
        f"1. say whom you want:      {directory / 'icp_profiles' / (profile + '.toml')}",
        f"2. list your accounts:     {directory / 'accounts.csv'}",
        f"3. look at the sources:    salestrigger sources list --home {directory}",
        *wanted,
        "   more news:               salestrigger sources enable press, once you have read their terms",
        f"4. run:                    salestrigger run --home {directory}",
    ]


def _write(directory: Path, market: str, profile: str) -> tuple[int, int]:
    """How many sources are switched on, of how many that were written."""
    files = market_files(market)
    # the list is written below, so it can be read from the first run on
    files["accounts.toml"] = files["accounts.toml"].replace("enabled = false", "enabled = true ")
    for name, text in files.items():
        _put(directory / "sources" / name, text)
    _put(directory / "icp_profiles" / f"{profile}.toml", _profile(market, profile))
    _put(directory / "accounts.csv", ACCOUNTS)
    _put(directory / ".gitignore", "var/\n")
    return sum(spec.enabled for spec in load_catalog(directory / "sources").values()), len(files)


def _profile(market: str, profile: str) -> str:
    """The text of the profile that a home starts with."""
    known = load_market(market)
    if known.profile:
        shipped = importlib.resources.files("salestrigger") / "icp_profiles" / f"{profile}.toml"
        return shipped.read_text(encoding="utf-8")
    return BARE_PROFILE.format(title=known.title, country=known.country)


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
