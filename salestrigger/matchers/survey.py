"""What can be said of all organisations without reading each: for a universe that is too large to be held. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from salestrigger.icp_profiles.profile import Profile
from salestrigger.matchers.places import Place


@dataclass(frozen=True, slots=True)
class Survey:
    """Answers that whoever stores the organisations gives; without it, all of them are looked at one by one."""

    unsettled: Callable[[Profile], Collection[str]]
    """The organisations whose fit to a profile this run has to look at."""
    places: Callable[[], Iterable[Place]]
    """Where organisations are by their records, each place once."""
    expect: Callable[[Iterable[str]], None]
    """Told of the organisations that will be asked for, so that they are read at once."""
