"""One run's place and time: which home, which sources and profiles, over which route, at which logical now.

Three kinds of run share everything but this: real (the user's own home), demo (the invented market, served on loopback,
with a fixed calendar) and replay (recorded answers, with the recording's clock). Their rows never mix: each has a data
folder of its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from salestrigger.flows.settings import Settings, read_keys
from salestrigger.icp_profiles.profile import Profile, load_profiles
from salestrigger.sources.adapters.accounts import path_of, read_bytes
from salestrigger.sources.adapters.accounts_rows import read_accounts
from salestrigger.sources.collect import paces_of
from salestrigger.sources.errors import UsageError
from salestrigger.sources.http import FetchPolicy, Live, Local, Replay, Route
from salestrigger.sources.recording import read_manifest
from salestrigger.sources.registry import load_catalog
from salestrigger.sources.spec import SourceSpec


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a person (or the schedule) asked for."""

    demo_day: int | None = None
    replay: Path | None = None
    replay_root: Path | None = None
    profiles: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    as_of: datetime | None = None
    also_switched_off: bool = False  #: to look at a source before it is switched on


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run reads and writes, and when it is."""

    kind: str  #: real, demo or replay
    data: Path  #: the folder of the warehouse, snapshot, index, raw store and reports
    specs: Mapping[str, SourceSpec]
    profiles: tuple[Profile, ...]
    route: Route
    now: datetime
    asks_all: bool = True  #: also sources that are not due: they were named, or the clock stands still
    expected_failures: frozenset[str] = frozenset()  #: sources that misbehave on purpose, or were recorded broken

    @property
    def warehouse(self) -> Path:
        """The working file: one writer, nobody else."""
        return self.data / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        """The analysts' snapshot."""
        return self.data / "published" / "salestrigger.duckdb"

    @property
    def raw(self) -> Path:
        """The raw store."""
        return self.data / "raw"

    @property
    def index(self) -> Path:
        """The saved name index."""
        return self.data / "index"

    @property
    def reports(self) -> Path:
        """One file per report."""
        return self.data / "reports"


def data_folder(settings: Settings, request: RunRequest) -> Path:
    """The data folder of a kind of run, without loading anything."""
    if request.demo_day is not None:
        return settings.home / "var" / "demo"
    if request.replay is not None:
        return settings.home / "var" / "replay" / request.replay.resolve().name
    return settings.home / "var"


@contextmanager
def open_place(settings: Settings, request: RunRequest) -> Iterator[Place]:
    """The place of a request; the demo market is served for as long as the block lasts.

    Raises:
        DeclarationError: a catalogue file, profile or manifest is wrong.
        UsageError: an unknown source, profile or day; or no source is switched on.
    """
    if request.demo_day is not None:
        with _demo(settings, request) as place:
            yield _chosen(place, request)
    elif request.replay is not None:
        yield _chosen(_replay(settings, request), request)
    else:
        yield _chosen(_real(settings, request), request)


@contextmanager
def _demo(settings: Settings, request: RunRequest) -> Iterator[Place]:
    from salestrigger.sources import demo

    day = request.demo_day
    if day is None or not 1 <= day <= demo.DAYS:
        raise UsageError(f"unknown day {day!r} of the demo market; allowed: 1 to {demo.DAYS}")
    with demo.serve(day) as server:
        yield Place(
            kind="demo",
            data=data_folder(settings, request),
            specs=demo.demo_specs(),
            profiles=load_profiles(),
            route=Local(hosts=server.hosts),
            now=demo.day_clock(day),
            expected_failures=frozenset(demo.EXPECTED_FAILURES),
        )


def _replay(settings: Settings, request: RunRequest) -> Place:
    folder = request.replay
    assert folder is not None  # noqa: S101  the caller looked
    root = request.replay_root
    if root is not None and not root.is_dir():
        raise UsageError(f"the recorded payloads are not at {str(root)!r}: no such folder")
    recording = read_manifest(folder, root)
    return Place(
        kind="replay",
        data=data_folder(settings, request),
        specs=switched_on(folder),
        profiles=load_profiles(*[own for own in (folder / "icp_profiles",) if own.is_dir()]),
        route=Replay(directory=folder, root=root),
        now=recording.clock or datetime.now(UTC),
        expected_failures=frozenset(recording.broken),
    )


def _real(settings: Settings, request: RunRequest) -> Place:
    return Place(
        kind="real",
        data=data_folder(settings, request),
        specs=in_home(settings.home) if request.also_switched_off else switched_on(settings.home),
        profiles=load_profiles(settings.home / "icp_profiles"),
        route=Live(),
        now=request.as_of or datetime.now(UTC),
        asks_all=bool(request.sources),
    )


def in_home(home: Path) -> dict[str, SourceSpec]:
    """Every source that the home's ``sources/`` has a file for, switched on or not.

    Raises:
        DeclarationError: a catalogue file is wrong.
    """
    own = {path.stem for path in (home / "sources").glob("*.toml")}
    return {name: spec for name, spec in load_catalog(home / "sources").items() if name in own}


def switched_on(home: Path) -> dict[str, SourceSpec]:
    """The sources that the home's ``sources/`` switches on; the shipped ones are a catalogue to choose from.

    Raises:
        DeclarationError: a catalogue file is wrong, or a list of one's own that it names.
        UsageError: there are none, so that a run could only be silent.
    """
    specs = {name: spec for name, spec in load_catalog(home / "sources").items() if spec.enabled}
    if not specs:
        how = "make a home with: salestrigger init DIR --market no"
        raise UsageError(f"no source is switched on in {str(home / 'sources')!r}; {how}")
    for spec in specs.values():
        if spec.adapter == "accounts":  # a wrong list stops the run before anything is fetched
            read_accounts(path_of(spec), read_bytes(path_of(spec)), source_id=spec.id, fetched_at=datetime.now(UTC))
    return specs


def fetch_policy(settings: Settings, specs: Iterable[SourceSpec]) -> FetchPolicy:
    """The pace that each source declares, by host (shared by several: the slowest one), and the keys that are set."""
    specs = tuple(specs)
    return FetchPolicy(user_agent=settings.user_agent, paces=paces_of(specs), keys=read_keys(os.environ, specs))


def _chosen(place: Place, request: RunRequest) -> Place:
    """Only the sources and profiles that were asked for; all, if none were."""
    specs = {k: place.specs[k] for k in _known(request.sources, place.specs, "source")} or place.specs
    by_name = {profile.name: profile for profile in place.profiles}
    profiles = tuple(by_name[k] for k in _known(request.profiles, by_name, "profile")) or place.profiles
    if not profiles:
        raise UsageError(
            "no profile is switched on; put one into icp_profiles/ of your home, or set enabled = true in it"
        )
    now = place.now if request.as_of is None else request.as_of
    return replace(place, specs=specs, profiles=profiles, now=now)


def _known(names: Sequence[str], allowed: Mapping[str, object], what: str) -> Sequence[str]:
    for name in names:
        if name not in allowed:
            raise UsageError(f"unknown {what} {name!r}; allowed: {', '.join(sorted(allowed))}")
    return names
