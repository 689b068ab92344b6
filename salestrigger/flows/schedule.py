"""``salestrigger schedule``: serve the daily deployment, on a Prefect server of our own or on the one configured.

A tick only says "look now": what there is to do comes from the warehouse, so a tick that is lost costs nothing but
time. The server we start listens on 127.0.0.1 only, wants a password that lives in this process's environment, and
ends with us.
"""

from __future__ import annotations

import base64
import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from salestrigger.flows.orchestrate import configure_prefect
from salestrigger.flows.settings import Settings
from salestrigger.sources.errors import SalestriggerError, UsageError

#: How long a Prefect server may take to start on a slow machine with a fresh database (8 s were measured on 2 cores).
SERVER_START_S = 120.0


def serve_daily(settings: Settings, *, at: str, timezone: str, cron: str | None, demo: bool) -> None:
    """Serve the deployment until stopped.

    Raises:
        UsageError: the time, the cron line or the zone is not one; or the home is none that a run could start in.
        DeclarationError: a file of the home is wrong.
    """
    line = cron or cron_at(at)
    check_zone(timezone)
    if not demo:
        check_home(settings.home)
    configure_prefect(settings)
    with _server(settings) as url:
        os.environ["PREFECT_API_URL"] = url
        check_cron(line, timezone)  # not sooner: Prefect reads address and password once, when it is first imported
        print(  # noqa: T201  a service says where it is
            f"serving salestrigger-daily at {line!r} in {timezone}; Prefect is at {url}; stop with Ctrl-C", flush=True
        )
        _serve(settings, line, timezone, demo)


def _serve(settings: Settings, line: str, timezone: str, demo: bool) -> None:
    from prefect import serve
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    from salestrigger.flows.prefect_flow import daily

    deployment = daily.to_deployment(
        name="daily",
        schedule=Cron(line, timezone=timezone),
        parameters={"home": str(settings.home), "demo_day": _demo_day(settings) if demo else None, "replay": None},
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    # a pause on shutdown would drop the future runs of a restarted service; one run at a time, for there is one writer
    serve(deployment, pause_on_shutdown=False, limit=1, print_starting_message=False)  # type: ignore[arg-type]


def _demo_day(settings: Settings) -> int:
    """The day at which this home's demo market is; 1 when it has not begun."""
    from salestrigger.flows.place import RunRequest, data_folder
    from salestrigger.sources import demo
    from salestrigger.warehouse import read
    from salestrigger.warehouse.connect import Warehouse

    published = data_folder(settings, RunRequest(demo_day=1)) / "published" / "salestrigger.duckdb"
    if not published.exists():
        return 1
    with Warehouse.open(published, read_only=True) as warehouse:
        last = read.last_run(warehouse)
    return (last["as_of_at"].date() - demo.date_of(1)).days + 1 if last else 1


def cron_at(at: str) -> str:
    """``HH:MM`` as a cron line for every day.

    Raises:
        UsageError: it is no time of day.
    """
    hour, _, minute = at.partition(":")
    if not (hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60):
        raise UsageError(f"{at!r} is not a time of day such as 06:30")
    return f"{int(minute)} {int(hour)} * * *"


def check_home(home: Path) -> None:
    """Refuse now what would stop every run at its hour, when nobody looks.

    Raises:
        UsageError: no source or profile is switched on. DeclarationError: a file is wrong.
    """
    from salestrigger.flows.place import RunRequest, open_place

    with open_place(Settings(home=home), RunRequest()):
        pass


def check_cron(line: str, timezone: str) -> None:
    """Refuse what is no cron line, before it is deployed.

    Raises:
        UsageError: with what is wrong in it.
    """
    from prefect.schedules import Cron

    try:
        Cron(line, timezone=timezone)
    except ValueError as error:
        raise UsageError(f"{line!r} is not a cron line such as '30 6 * * *': {error}") from None


def check_zone(timezone: str) -> None:
    """Refuse what is no IANA zone.

    Raises:
        UsageError: with zones of the same region.
    """
    zones = zoneinfo.available_timezones()
    if timezone not in zones:
        like = sorted(z for z in zones if timezone.lower() in z.lower())[:5]
        raise UsageError(
            f"{timezone!r} is not an IANA time zone; "
            + (f"did you mean {', '.join(like)}?" if like else "for example Europe/Oslo, Europe/Amsterdam")
        )


@contextmanager
def _server(settings: Settings) -> Iterator[str]:
    """The configured server's address, or one of our own for as long as the block lasts."""
    if settings.prefect_api_url:
        yield settings.prefect_api_url
        return
    password = os.environ.setdefault("PREFECT_SERVER_API_AUTH_STRING", f"salestrigger:{secrets.token_urlsafe(24)}")
    os.environ["PREFECT_API_AUTH_STRING"] = password
    port = _free_port()
    process = subprocess.Popen(  # noqa: S603  our own interpreter, our own arguments
        [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_end_with_parent,  # noqa: PLW1509  one prctl call; nothing else runs before exec
    )
    try:
        url = f"http://127.0.0.1:{port}/api"
        _wait_until_healthy(url, process, password)
        yield url
    finally:
        _stop(process)


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes], password: str) -> None:
    import http.client

    host, _, rest = url.removeprefix("http://").partition("/")
    token = base64.b64encode(password.encode()).decode()
    deadline = time.monotonic() + SERVER_START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SalestriggerError(f"the Prefect server ended at once with exit code {process.returncode}")
        connection = http.client.HTTPConnection(host, timeout=5)
        try:
            connection.request("GET", f"/{rest}/health", headers={"Authorization": f"Basic {token}"})
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            time.sleep(0.5)
        finally:
            connection.close()
    raise SalestriggerError(f"the Prefect server did not answer within {SERVER_START_S:.0f} s at {url!r}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """The server and what it started: asked first, then told."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, sign)
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                continue


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end_with_parent() -> None:
    """Linux: have the kernel end the server when we are killed outright (prctl PR_SET_PDEATHSIG = 1)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
