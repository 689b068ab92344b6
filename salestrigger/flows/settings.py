"""Where we run: the only reader of the environment.

What we know (sources, event types, languages, profiles) is declared in TOML; where we run is ``SALESTRIGGER_*``
variables, read once into a frozen :class:`Settings` that is passed down. Secrets are named in the TOML and given by the
environment; they never enter the settings.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salestrigger.sources.errors import DeclarationError

if TYPE_CHECKING:
    from salestrigger.sources.spec import SourceSpec

VARIABLES = {
    "SALESTRIGGER_HOME": "folder with your sources/, icp_profiles/, var/ (default: the current folder)",
    "SALESTRIGGER_RUNNER": "local (default) or dask: where collecting and analysing run",
    "SALESTRIGGER_DASK_ADDRESS": "address of a Dask scheduler; empty: a local cluster is started for the run",
    "SALESTRIGGER_WORKERS": "how many workers a local Dask cluster has (default 2)",
    "SALESTRIGGER_MEMORY": "DuckDB's memory limit, e.g. 1GB (default)",
    "SALESTRIGGER_CONTACT": "an address or URL that sources see in the User-Agent, so that they can reach you",
    "SALESTRIGGER_LOG": "debug, info, warning (default) or error",
    "SALESTRIGGER_READER_KEY": "the key of the second reader, if it wants one; never stored, never logged",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything about the place, nothing about the domain."""

    home: Path
    runner: str = "local"
    dask_address: str = ""
    workers: int = 2
    memory_limit: str = "1GB"
    contact: str = ""
    log_level: str = "warning"
    prefect_api_url: str = ""

    @property
    def user_agent(self) -> str:
        """Who we say we are, with a contact when one is given (asked for by SEC EDGAR and Wikimedia among others)."""
        return "salestrigger/0.1" + (f" (+{self.contact})" if self.contact else "")


def read_settings(environ: Mapping[str, str], *, home: Path | None = None) -> Settings:
    """The settings from the environment; ``home`` (an option of the command) wins over the variable.

    Raises:
        DeclarationError: a variable is unknown or has a value that is not allowed.
    """
    unknown = sorted(k for k in environ if k.startswith("SALESTRIGGER_") and k not in VARIABLES)
    if unknown:
        raise DeclarationError("environment", f"unknown variable; known: {', '.join(VARIABLES)}", key=unknown[0])
    folder = home or Path(environ.get("SALESTRIGGER_HOME") or ".")
    if not folder.is_dir():
        raise DeclarationError("environment", f"{str(folder)!r} is not a folder", key="SALESTRIGGER_HOME")
    return Settings(
        home=folder.resolve(),
        runner=_one_of(environ, "SALESTRIGGER_RUNNER", ("local", "dask")),
        dask_address=environ.get("SALESTRIGGER_DASK_ADDRESS", ""),
        workers=_read(environ, "SALESTRIGGER_WORKERS", "2", _count, "a number from 1 to 64"),
        memory_limit=_read(environ, "SALESTRIGGER_MEMORY", "1GB", _size, "a size such as 512MB or 2GB"),
        contact=environ.get("SALESTRIGGER_CONTACT", ""),
        log_level=_one_of(environ, "SALESTRIGGER_LOG", ("warning", "debug", "info", "error")),
        prefect_api_url=environ.get("PREFECT_API_URL", ""),
    )


def read_keys(environ: Mapping[str, str], specs: Iterable[SourceSpec]) -> dict[str, str]:
    """Source id → the key in the variable that its catalogue file names (``key_env``), where it is set."""
    return {spec.id: environ[spec.key_env].strip() for spec in specs if spec.key_env and environ.get(spec.key_env)}


def secret(name: str) -> str:
    """The value of a variable that a declaration names, read when it is needed; empty when there is none."""
    return os.environ.get(name, "").strip()


def prefect_environment(settings: Settings) -> dict[str, str]:
    """What Prefect must find in its environment before it is imported.

    Its home is ours (no file in the user's own), it does not phone home, results are never pickled to disk, and its
    console stays quiet: the run prints its own progress.
    """
    values = {
        "PREFECT_HOME": str(settings.home / "var" / "prefect"),
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        "PREFECT_LOGGING_LEVEL": "ERROR",
        "PREFECT_LOGGING_SERVER_LEVEL": "ERROR",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "60",
    }
    return values | ({"PREFECT_API_URL": settings.prefect_api_url} if settings.prefect_api_url else {})


def _one_of(environ: Mapping[str, str], key: str, allowed: tuple[str, ...]) -> str:
    """The variable's value, by default the first of the allowed ones."""
    return str(_read(environ, key, allowed[0], {a: a for a in allowed}.__getitem__, " or ".join(sorted(allowed))))


def _read(environ: Mapping[str, str], key: str, default: str, convert: Callable[[str], Any], allowed: str) -> Any:
    raw = environ.get(key) or default
    try:
        return convert(raw)
    except (KeyError, ValueError):
        raise DeclarationError("environment", f"{raw!r} is not allowed; allowed: {allowed}", key=key) from None


def _count(raw: str) -> int:
    number = int(raw)
    if not 1 <= number <= 64:
        raise ValueError(raw)
    return number


def _size(raw: str) -> str:
    number, unit = raw[:-2], raw[-2:].upper()
    if unit not in ("MB", "GB") or not number.isdigit() or int(number) == 0:
        raise ValueError(raw)
    return f"{number}{unit}"
