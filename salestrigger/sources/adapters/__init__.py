"""The ways of reading a source: one module, one way. A new adapter is a new file here, nothing else.

Every adapter module has ``async def collect(session) -> Collected``, ``Options(Declaration)`` for the ``[options]`` of
its catalogue files, and pure functions that turn bytes into records. Modules with an underscore in their name are parts
of an adapter, not adapters. An adapter asks the network and the sandbox only through its :class:`Session`; it never
sees the database and never decides what a failure means (that is ``collect.py``).
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from salestrigger.sources.errors import DeclarationError
from salestrigger.sources.records import Collected

# a sandboxed parser lives in this package too, and starts in half the time without pydantic
if TYPE_CHECKING:
    from salestrigger.sources.declare import Declaration
    from salestrigger.sources.http import NotModified, Response
    from salestrigger.sources.spec import SizeKind, SourceSpec

T = TypeVar("T")
OptionsT = TypeVar("OptionsT", bound="Declaration")


class Session(Protocol):
    """One source in one run, as its adapter sees it."""

    spec: SourceSpec
    cursor: Mapping[str, Any]  #: what this adapter left in ``Collected.cursor`` last time; empty at first
    now: datetime  #: the run's logical now

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        conditional: bool = True,
        size: SizeKind | None = None,
        keep: bool = True,
        post: bytes | None = None,
        into: Path | None = None,
        listen_s: float | None = None,
    ) -> Response | NotModified:
        """Fetch ``url``; the raw body is stored before the source's state moves, with which validators are remembered.

        404 and 410 come back as responses. ``conditional=False`` asks for the body whatever we have seen before;
        ``keep=False`` leaves a body out of the raw store (it is mostly personal data). ``post`` makes it a POST with
        that body, never conditional. ``into`` writes the decoded body to a file (``Response.body_path``): for bulk.
        ``listen_s`` is for a stream without end: what came in so many seconds is the answer (the run's deadline for
        one fetch still holds).

        Raises:
            FetchError: the network, the server or our own guard said no.
        """
        ...

    def place_for(self, name: str) -> Path:
        """Where this source may keep a working file (a bulk download, its records); the next run replaces it."""
        ...

    def key(self) -> str:
        """The user's key for this source, from the variable that its catalogue file names (``key_env``).

        Send it in a header: headers and parameters named like secrets are masked wherever requests are shown or kept.

        Raises:
            FetchError: reason ``no_key``: there is none.
        """
        ...

    async def parse(self, function: Callable[[bytes, dict[str, Any]], T], body: bytes, context: dict[str, Any]) -> T:
        """``function(body, context)`` in a child process with limits on time and memory.

        Raises:
            SourceError: reason ``parse_timeout``, ``parse_memory`` or ``parse_crash``.
        """
        ...


Adapter = Callable[[Session], Awaitable[Collected]]


@functools.cache  # asked for every source of every run
def adapter_names() -> tuple[str, ...]:
    """Every adapter there is, by name."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if "_" not in module.name))


def adapter_module(name: str, *, path: Path | str = "") -> ModuleType:
    """The module of the adapter ``name``; ``path`` is the file that asks for it.

    Raises:
        DeclarationError: there is no such adapter.
    """
    known = adapter_names()
    if name not in known:
        raise DeclarationError(
            path or "sources", f"{name!r} is not an adapter; known: {', '.join(known)}", key="adapter"
        )
    return importlib.import_module(f"{__name__}.{name}")


def adapter(name: str) -> Adapter:
    """The adapter ``name``.

    Raises:
        DeclarationError: there is no such adapter.
    """
    collect: Adapter = adapter_module(name).collect
    return collect


def options_of(spec: SourceSpec, model: type[OptionsT], *, path: Path | None = None) -> OptionsT:
    """The ``[options]`` of ``spec`` as its adapter's own model.

    Raises:
        DeclarationError: an option is unknown, missing or has a value that is not allowed.
    """
    from salestrigger.sources.declare import validate

    where = path or Path(f"{spec.id}.toml")
    try:
        return validate(where, model, dict(spec.options))
    except DeclarationError as error:
        raise DeclarationError(where, error.problem, key=f"options.{error.key}".rstrip(".")) from None
