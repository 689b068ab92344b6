"""Where the two heavy stages run: in this process, or on a Dask cluster. The rows are the same.

Collecting is split into groups of sources that share no host (so that a host's pace is kept by one worker); analysing
is split into batches of documents, which are read independently of each other. Everything that decides across documents
(merging, qualifying) happens afterwards, in this process, in a stated order.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from salestrigger.flows.settings import Settings
from salestrigger.sources.errors import UsageError
from salestrigger.sources.spec import SourceSpec

In = TypeVar("In")
Out = TypeVar("Out")

BATCH = 200  #: documents a batch: large enough that sending costs little, small enough for progress and memory


class Runner(Protocol):
    """Applies a picklable function to items; results come in the order of the items."""

    parallel: int

    def map(self, function: Callable[[In], Out], items: Sequence[In]) -> Iterator[Out]:
        """The results, one by one, in order."""
        ...


class LocalRunner:
    """In this process: what a run of ordinary size wants."""

    parallel = 1

    def map(self, function: Callable[[In], Out], items: Sequence[In]) -> Iterator[Out]:
        """See :class:`Runner`."""
        return map(function, items)


class DaskRunner:
    """On a Dask cluster, by its own client."""

    def __init__(self, client: Any, parallel: int) -> None:
        self._client, self.parallel = client, parallel

    def map(self, function: Callable[[In], Out], items: Sequence[In]) -> Iterator[Out]:
        """See :class:`Runner`. ``pure=False``: two equal items are two pieces of work, never a cached answer."""
        futures = self._client.map(function, items, pure=False)
        return (future.result() for future in futures)


@contextmanager
def open_runner(settings: Settings) -> Iterator[Runner]:
    """The runner that the settings name.

    Raises:
        UsageError: Dask is asked for and not installed.
    """
    if settings.runner == "local":
        yield LocalRunner()
        return
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise UsageError("SALESTRIGGER_RUNNER=dask needs the extra: pip install 'salestrigger[dask]'") from None
    if settings.dask_address:
        with Client(settings.dask_address) as client:
            yield DaskRunner(client, max(1, len(client.scheduler_info()["workers"])))
        return
    # one thread a worker, for reading texts holds the interpreter anyway; loopback only, and no dashboard to reach
    cluster = LocalCluster(
        n_workers=settings.workers,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
        silence_logs=logging.WARNING,
    )
    with cluster, Client(cluster) as client:
        yield DaskRunner(client, settings.workers)


def groups_by_host(specs: Sequence[SourceSpec], parts: int) -> list[tuple[SourceSpec, ...]]:
    """At most ``parts`` groups of about equal size in which no two share a host.

    Sources of one host stay together because its pace is kept by whoever fetches from it.
    """
    by_host: Mapping[str, list[SourceSpec]] = defaultdict(list)
    for spec in specs:
        by_host[urlsplit(spec.url).hostname or "local"].append(spec)
    groups: list[list[SourceSpec]] = [[] for _ in range(max(1, parts))]
    for host in sorted(by_host, key=lambda h: (-len(by_host[h]), h)):
        min(groups, key=len).extend(by_host[host])
    return [tuple(group) for group in groups if group]


def batches(items: Sequence[In], size: int = BATCH) -> list[tuple[In, ...]]:
    """The items in order, ``size`` at a time."""
    return [tuple(items[i : i + size]) for i in range(0, len(items), size)]
