"""Run the steps with Prefect if it can be reached, without it if not: a broken orchestrator never stops a run."""

from __future__ import annotations

import os
from pathlib import Path

from salestrigger.flows.progress import progress
from salestrigger.flows.settings import Settings, prefect_environment
from salestrigger.flows.steps import DailyRun, run_plain


def execute(run: DailyRun, *, with_prefect: bool) -> None:
    """Every step of the run, under Prefect when asked for and reachable."""
    if with_prefect and _reachable(run.settings):
        from salestrigger.flows.prefect_flow import run_with_prefect

        run_with_prefect(run)
    else:
        run_plain(run)


def configure_prefect(settings: Settings) -> None:
    """Put Prefect's settings into the environment, before its first import reads them."""
    values = prefect_environment(settings)
    Path(values["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)  # its server does not make the parents
    os.environ.update(values)


def _reachable(settings: Settings) -> bool:
    """Whether Prefect's API answers: the configured one, else the temporary one that Prefect starts by itself."""
    configure_prefect(settings)
    try:
        from prefect.client.orchestration import get_client

        with get_client(sync_client=True) as client:
            problem = client.api_healthcheck()
    except Exception as error:  # noqa: BLE001  whatever Prefect raises, the run goes on without it
        problem = error
    if problem is not None:
        where = settings.prefect_api_url or "the temporary server"
        progress().warn(f"Prefect's API cannot be reached at {where!r}; going on without it ({type(problem).__name__})")
    return problem is None
