"""For what is built once and stays until the process ends: tables of phrases and words. Knows none of them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def lasting() -> Iterator[None]:
    """Without looking for garbage meanwhile: among hundreds of thousands of fresh objects that stay there is none, and
    looking takes a quarter of the time. Also a decorator."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
