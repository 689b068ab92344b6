"""The criteria of many fits as JSON texts, put together from one fragment per distinct value. Nothing is judged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from json.encoder import encode_basestring
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salestrigger.matchers.states import STATES, UNKNOWN

if TYPE_CHECKING:
    from salestrigger.matchers.qualify import Line

#: So many combinations of neighbouring criteria's values are written out once instead of joined row by row.
_MOST_TOGETHER = 4096


def criteria_json(lines: Sequence[Line]) -> pa.Array:
    """A JSON list per row, put together from one fragment per distinct value."""
    parts = [pa.array(fragments, pa.string()).take(pa.array(rows)) for fragments, rows in _grouped(lines)]
    return pc.binary_join_element_wise(*parts, "")


def _grouped(lines: Sequence[Line]) -> list[tuple[list[str], npt.NDArray[np.int32]]]:
    """The lines' fragments with commas and brackets; neighbours with few values are one, so that less is copied."""
    groups: list[tuple[list[str], npt.NDArray[np.int32]]] = []
    for position, line in enumerate(lines):
        first, last = "[" if position == 0 else ", ", "]" if position == len(lines) - 1 else ""
        fragments = [f"{first}{fragment}{last}" for fragment in _fragments(line)]
        if groups and len(groups[-1][0]) * len(fragments) <= _MOST_TOGETHER:
            before, rows = groups.pop()
            fragments = [a + b for a in before for b in fragments]
            groups.append((fragments, rows * np.int32(len(line.distinct)) + line.rows))
        else:
            groups.append((fragments, line.rows))
    return groups


def _fragments(line: Line) -> list[str]:
    """One JSON object per distinct value; only the value and the state differ between them."""
    around = {state: _fragment(line, state).partition('"\x00"') for state in STATES}
    return [
        f"{around[state][0]}{encode_basestring(value)}{around[state][2]}"
        for value, state in zip(line.readable, line.value_states.tolist(), strict=True)
    ]


def _fragment(line: Line, state: int) -> str:
    content: dict[str, object] = {
        "name": line.name, "need": line.need, "state": STATES[state], "weight": line.weight, "value": "\x00",
        "wanted": line.wanted,
    }  # fmt: skip
    content |= {"lookup": line.lookup} if state == UNKNOWN else {}
    return json.dumps(content, ensure_ascii=False).replace("\\u0000", "\x00")
