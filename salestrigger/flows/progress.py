"""What a person sees while a run works: a bar and a count in a terminal, a plain line per step elsewhere.

Steps report through the context's :class:`Progress`, so that the same step can run inside a Prefect task, a test or a
command without knowing which.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.console import Console


class Progress(Protocol):
    """What a step may say."""

    def start(self, step: str, total: int) -> None:
        """A step begins; ``total`` are its units (sources, documents)."""
        ...

    def advance(self, count: int = 1) -> None:
        """So many units are done."""
        ...

    def done(self, says: str) -> None:
        """The step ended; ``says`` is what came of it."""
        ...

    def warn(self, says: str) -> None:
        """Something that a person should act upon."""
        ...


class Silent:
    """For tests and for runs that nobody watches."""

    def start(self, step: str, total: int) -> None:
        """See :class:`Progress`."""

    def advance(self, count: int = 1) -> None:
        """See :class:`Progress`."""

    def done(self, says: str) -> None:
        """See :class:`Progress`."""

    def warn(self, says: str) -> None:
        """See :class:`Progress`."""


class Shown:
    """On a console: a bar where it is a terminal, and one line per finished step either way."""

    def __init__(self, console: Console) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        self._console = console
        self._bar = RichProgress(
            TextColumn("  {task.description:<9}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=console, transient=True, disable=not console.is_terminal,
        )  # fmt: skip
        self._step, self._task = "", self._bar.add_task("", visible=False)

    def start(self, step: str, total: int) -> None:
        """See :class:`Progress`."""
        self._step = step
        self._bar.reset(self._task, total=total or None, description=step, visible=True)

    def advance(self, count: int = 1) -> None:
        """See :class:`Progress`."""
        self._bar.advance(self._task, count)

    def done(self, says: str) -> None:
        """See :class:`Progress`."""
        self._console.print(f"  {self._step:<9} {says}", highlight=False, markup=False, soft_wrap=True)
        self._bar.update(self._task, visible=False)

    def warn(self, says: str) -> None:
        """See :class:`Progress`."""
        self._console.print(f"  warning   {says}", style="yellow", highlight=False, markup=False, soft_wrap=True)


_current: ContextVar[Progress] = ContextVar("progress", default=Silent())  # noqa: B039  it holds no state


def progress() -> Progress:
    """The progress of whoever started this run."""
    return _current.get()


@contextlib.contextmanager
def shown_on(console: Console) -> Iterator[None]:
    """Steps within the block report to the console."""
    shown = Shown(console)
    token = _current.set(shown)
    try:
        with shown._bar:
            yield
    finally:
        _current.reset(token)
