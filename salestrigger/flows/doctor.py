"""``salestrigger doctor``: what is wrong with a home, and what to do. It reads, changes nothing and asks nobody."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from salestrigger.flows.place import fetch_policy, in_home
from salestrigger.flows.settings import Settings
from salestrigger.icp_profiles.profile import load_profiles
from salestrigger.matchers.check_profile import check_profile
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.sources.adapters.accounts import path_of, read_bytes
from salestrigger.sources.adapters.accounts_rows import read_accounts
from salestrigger.sources.errors import SalestriggerError
from salestrigger.sources.spec import SourceSpec
from salestrigger.warehouse import read
from salestrigger.warehouse.connect import Warehouse

State = Literal["ok", "look", "wrong"]
#: a daily job that has not run for so long was forgotten, or fails before it starts
FORGOTTEN = timedelta(days=3)
#: a register's bulk file and the database that it makes need about so much
ROOM_BYTES = 2 << 30


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    state: State  #: wrong: no run can start
    what: str
    says: str


def examine(settings: Settings, *, now: datetime) -> tuple[Finding, ...]:
    """Everything that a daily run needs, in the order in which it is needed."""
    return (*_sources(settings), *_profiles(settings.home), *_place(settings), *_data(settings.home, now))


def _on(home: Path) -> frozenset[str]:
    """The names of the sources that are switched on; those that cannot be read are told of elsewhere."""
    try:
        return frozenset(name for name, spec in in_home(home).items() if spec.enabled)
    except SalestriggerError:
        return frozenset()


def _sources(settings: Settings) -> Iterator[Finding]:
    try:
        specs = [spec for spec in in_home(settings.home).values() if spec.enabled]
    except SalestriggerError as error:
        yield Finding("wrong", "sources", str(error))
        return
    if not specs:
        yield Finding("wrong", "sources", "none is switched on; make a home with: salestrigger init DIR --market no")
        return
    yield Finding("ok", "sources", f"{len(specs)} are switched on in {settings.home / 'sources'}")
    keys = fetch_policy(settings, specs).keys
    for spec in specs:
        if spec.key_env and spec.id not in keys:
            off = f"or: salestrigger sources disable {spec.id}"
            yield Finding("look", "keys", f"{spec.id} is refused without {spec.key_env}, from {spec.key_from}; {off}")
        if spec.adapter == "accounts":
            yield _accounts(spec)


def _accounts(spec: SourceSpec) -> Finding:
    path = path_of(spec)
    try:
        count = len(read_accounts(path, read_bytes(path), source_id=spec.id, fetched_at=datetime.now(UTC)))
    except SalestriggerError as error:
        return Finding("wrong", "accounts", str(error))
    if count:
        return Finding("ok", "accounts", f"{count} in {path}")
    return Finding("look", "accounts", f"{path} is empty; fill it with: salestrigger import accounts FILE")


def _profiles(home: Path) -> Iterator[Finding]:
    try:
        profiles = load_profiles(home / "icp_profiles")
        lexicon = load_lexicon()
        for profile in profiles:
            check_profile(profile, lexicon)
    except SalestriggerError as error:
        yield Finding("wrong", "profiles", str(error))
        return
    names = ", ".join(profile.name for profile in profiles)
    yield Finding("ok", "profiles", names) if names else Finding("wrong", "profiles", "none is switched on")


def _place(settings: Settings) -> Iterator[Finding]:
    if not settings.contact:
        yield Finding("look", "contact", "sources cannot reach you: set SALESTRIGGER_CONTACT to an address or URL")
    if not os.access(settings.home, os.W_OK):
        yield Finding("wrong", "home", f"{settings.home} cannot be written: a run stores what it finds there")
    free = shutil.disk_usage(settings.home).free
    if free < ROOM_BYTES:
        yield Finding(
            "look", "disk", f"{free >> 20} MiB are free in {settings.home}; a register wants {ROOM_BYTES >> 20}"
        )


def _data(home: Path, now: datetime) -> Iterator[Finding]:
    published = home / "var" / "published" / "salestrigger.duckdb"
    if not published.exists():
        yield Finding("look", "runs", f"there was none yet: salestrigger run --home {home}")
        return
    try:
        with Warehouse.open(published, read_only=True) as warehouse:
            last = warehouse.rows("latest_run")[0]["as_of_at"]
            on = _on(home)
            rows = [r for r in read.source_rows(warehouse) if r["last_attempt_at"] is not None and r["source_id"] in on]
    except SalestriggerError as error:
        again = f"make it again with: salestrigger warehouse publish --home {home}"
        yield Finding("wrong", "database", f"{error}; {again}")
        return
    at = last if last.tzinfo else last.replace(tzinfo=UTC)
    late = now - at > FORGOTTEN
    yield Finding("look" if late else "ok", "runs", f"the last one was of {at:%Y-%m-%d %H:%M} UTC")
    bad = [row["source_id"] for row in rows if row["last_status"] in ("refused", "malformed", "failed")]
    broke = [row["source_id"] for row in rows if row["is_below_usual"] or row["is_silent"]]
    if bad and len(bad) == len([row for row in rows if row["trust"] != "user"]):
        yield Finding(
            "look", "network", "no source answered when it was last asked: is there a connection, or a proxy?"
        )
    elif bad:
        yield Finding("look", "failing", f"{', '.join(bad)}; look with: salestrigger sources check NAME")
    if broke:
        yield Finding("look", "feed broke?", f"{', '.join(broke)}; look with: salestrigger sources check NAME")
