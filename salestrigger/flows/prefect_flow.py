"""The daily run as a Prefect flow: a thin wrapper, five coarse tasks, the same functions and rows as without it.

Importing this module imports Prefect, so nothing else imports it at the top. Results are never persisted or cached (a
persisted Prefect result is a pickle: loading one runs it); what makes a run repeatable is the warehouse.
"""

from __future__ import annotations

import logging
import os
from functools import partial
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE

from salestrigger.flows.place import RunRequest
from salestrigger.flows.progress import progress
from salestrigger.flows.settings import read_settings
from salestrigger.flows.steps import STEPS, DailyRun, open_run


def run_steps(run: DailyRun) -> None:
    """The steps as Prefect tasks, and the run's counts as artifacts."""
    for name, step, retries in STEPS:
        # the task takes no argument: Prefect walks through a task's inputs, and a run holds the whole universe
        tracked = task(
            name=name, retries=retries, retry_delay_seconds=5,
            cache_policy=NO_CACHE, persist_result=False, log_prints=False,
        )(partial(step, run))  # fmt: skip
        tracked()
    try:
        _artifacts(run)
    except Exception as error:  # noqa: BLE001  whatever Prefect raises here, the run itself is done
        progress().warn(f"Prefect did not take the run's artifacts ({type(error).__name__})")


@flow(name="salestrigger-daily", persist_result=False, validate_parameters=True)
def daily(home: str, demo_day: int | None = None, replay: str | None = None) -> dict[str, Any]:
    """The deployment's entry: a home, and for the demo market the day. Returns the run's counts."""
    settings = read_settings(os.environ, home=Path(home))
    request = RunRequest(demo_day=demo_day, replay=Path(replay) if replay else None)
    with open_run(settings, request) as run:
        run_steps(run)
        return run.counts()


def run_with_prefect(run: DailyRun) -> None:
    """A run that is already open, as a flow run of this process."""

    # the temporary server is stopped with connections open, and its pool tells of that after the run's last line
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)

    @flow(name="salestrigger-daily", persist_result=False, validate_parameters=False)
    def daily_run() -> None:
        run_steps(run)

    daily_run()


def _artifacts(run: DailyRun) -> None:
    """The run's counts and its funnel where a person looks in Prefect; never what a document said."""
    rows = [{"what": what, "count": count} for what, count in run.counts().items()]
    create_table_artifact(key="salestrigger-run-counts", table=rows, description=f"run {run.run_id}")
    if run.findings is not None:
        lines = [f"| {c.profile or 'all'} | {c.stage} | {c.reason} | {c.count} |" for c in run.findings.funnel]
        table = "\n".join(["| profile | stage | reason | count |", "|---|---|---|---|", *lines])
        create_markdown_artifact(key="salestrigger-run-funnel", markdown=table, description=f"run {run.run_id}")
