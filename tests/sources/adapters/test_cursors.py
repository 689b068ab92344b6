"""Cursors: however answers are cut, ordered, repeated or broken off, the same things come in, and none is lost."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salestrigger.sources.adapters import adapter
from salestrigger.sources.errors import FetchError, SourceError
from salestrigger.sources.http import Response
from salestrigger.sources.spec import SourceSpec
from tests.sources.adapters.cursor_worlds import WORLDS, World
from tests.sources.adapters.more_cursor_worlds import MORE_WORLDS
from tests.sources.adapters.running import NOW, spec_of

#: runs after which everything must have come in, however small the caps
RUNS = 120


class Session:
    """A session whose service is a world, and whose line breaks at given requests."""

    def __init__(self, world: World, cursor: Mapping[str, Any], broken: frozenset[int], folder: Path) -> None:
        self.spec: SourceSpec = spec_of(
            adapter=world.adapter, url=f"http://register.example{world.path}", trust="register", size="api",
            options=world.options(),
        )  # fmt: skip
        self.world, self.cursor, self.now = world, cursor, NOW
        self._broken, self._folder = broken, folder

    async def get(self, url: str, *, post: bytes | None = None, into: Path | None = None, **_: Any) -> Response:
        """The world's answer, unless the line breaks."""
        self.world.asked += 1
        if self.world.asked in self._broken:
            raise FetchError(url, "timeout")
        status, body = self.world.respond(url, post)
        if into is not None:
            into.write_bytes(body)
        return Response(url, url, status, {}, b"" if into else body, NOW, body_path=into)

    async def parse(self, function: Callable[[bytes, dict[str, Any]], Any], body: bytes, context: Any) -> Any:
        """In this process: a sandbox changes no result."""
        return function(body, dict(context))

    def key(self) -> str:
        """A key."""
        return "key"

    def place_for(self, name: str) -> Path:
        """A working file."""
        return self._folder / name


def everything(world: World, broken: frozenset[int], folder: Path) -> set[str]:
    """What comes in over so many runs, each from the cursor of the last one that ended well."""
    cursor: Any = {}
    found: set[str] = set()
    for _ in range(RUNS):
        try:
            collected = asyncio.run(adapter(world.adapter)(Session(world, cursor, broken, folder)))  # type: ignore[arg-type]
        except SourceError:
            continue
        new, after = world.found(collected) - found, json.loads(json.dumps(dict(collected.cursor)))
        found |= new
        if not new and after == cursor:
            return found
        cursor = after
    raise AssertionError(f"no end after {RUNS} runs: {cursor}")


@pytest.mark.parametrize("kind", [*WORLDS, *MORE_WORLDS], ids=lambda kind: kind.__name__)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_same_things_come_in(tmp_path: Path, kind: Callable[..., World], data: st.DataObject) -> None:
    """Any page size, cap, order, repetition and any points at which the line breaks."""
    world = kind(
        count=data.draw(st.integers(1, 24)), page=data.draw(st.integers(1, 7)), cap=data.draw(st.integers(2, 9)),
        chance=random.Random(data.draw(st.integers(0, 99))),
    )  # fmt: skip
    broken = data.draw(st.frozensets(st.integers(1, 40), max_size=6))
    with ExitStack() as patched:
        for (module, name), value in world.constants().items():
            patched.enter_context(patch.object(module, name, value))
        assert everything(world, broken, tmp_path) == world.expected()
