"""The criteria of many fits as JSON texts, put together from one fragment per distinct value. Nothing is judged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from json.encoder import encode_basestring
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salestrigger.matchers.states import SEPARATOR, STATES, UNKNOWN

if TYPE_CHECKING:
    from salestrigger.matchers.qualify import Line

Rows = npt.NDArray[np.int32] | npt.NDArray[np.int64]
#: So many combinations of neighbouring criteria's values are written out once instead of joined row by row.
_MOST_TOGETHER = 4096
#: From so many distinct values on they are written by column.
_MANY = 1000
#: Characters of a value that are shown.
LONGEST = 120
#: Attributes whose values are put together of several columns.
_COMPOSED = frozenset({"industry", "revenue", "city"})


def criteria_json(lines: Sequence[Line]) -> pa.Array:
    """A JSON list per row, put together from one fragment per distinct value."""
    last = len(lines) - 1
    return joined(
        (_fragments(line, ", " if at else "[", "" if at < last else "]"), line.rows) for at, line in enumerate(lines)
    )


def joined(parts: Iterable[tuple[pa.Array, Rows]]) -> pa.Array:
    """One text per row: of each part (its distinct fragments, and which of them each row has) the row's fragment.

    Neighbours with few fragments are made one first, so that less is copied.
    """
    groups: list[tuple[pa.Array, Rows]] = []
    for fragments, rows in parts:
        if groups and len(groups[-1][0]) * len(fragments) <= _MOST_TOGETHER:
            before, earlier = groups.pop()
            both = [a + b for a in before.to_pylist() for b in fragments.to_pylist()]
            groups.append((pa.array(both, pa.string()), earlier * rows.dtype.type(len(fragments)) + rows))
        else:
            groups.append((fragments, rows))
    return pc.binary_join_element_wise(*(fragments.take(pa.array(rows)) for fragments, rows in groups), "")


def _fragments(line: Line, first: str, last: str) -> pa.Array:
    """One JSON object per distinct value; only the value and the state differ between them."""
    around = {state: _around(line, state, line.lookup) for state in STATES}
    if len(line.distinct) > _MANY and line.attribute not in _COMPOSED:
        return _fragments_of_many(line, {s: (first + a, b + last) for s, (a, _, b) in around.items()})
    texts = []
    for at, (value, state) in enumerate(zip(line.readable, line.value_states.tolist(), strict=True)):
        before, _, after = _around(line, state, line.lookups[at]) if at in line.lookups else around[state]
        texts.append(f"{first}{before}{encode_basestring(value)}{after}{last}")
    return pa.array(texts, pa.string())


def _fragments_of_many(line: Line, around: Mapping[int, tuple[str, str]]) -> pa.Array:
    """The same by column; texts that JSON escapes or that are cut go the ordinary way."""
    values, states = line.distinct, line.value_states
    escaped = pc.match_substring_regex(values, r'["\\\x00-\x1f]')
    odd = np.flatnonzero(pc.or_(escaped, pc.greater(pc.utf8_length(values), LONGEST)).to_numpy(zero_copy_only=False))
    written = pc.binary_join_element_wise('"', values, '"', "")
    if len(odd):
        texts = [encode_basestring(readable(text, line.attribute)) for text in values.take(pa.array(odd)).to_pylist()]
        mask = np.zeros(len(values), dtype=np.bool_)
        mask[odd] = True
        written = pc.replace_with_mask(written, pa.array(mask), pa.array(texts, pa.string()))
    at = pa.array(states.astype(np.int64) + 1)  # -1, 0, 1
    before, after = (pa.array([around[state][side] for state in (-1, 0, 1)], pa.string()) for side in (0, 1))
    return pc.binary_join_element_wise(before.take(at), written, after.take(at), "")


def readable(value: str, attribute: str) -> str:
    """``62.010 (SN2025)``, ``1000 NOK``, a long text cut."""
    first, _, second = value.partition(SEPARATOR)
    if second and attribute == "industry":
        return f"{first.replace('|', ', ')} ({', '.join(dict.fromkeys(second.split('|')))})"
    text = " ".join(f"{first} {second}".replace(SEPARATOR, " ").split()) if second else first
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _around(line: Line, state: int, lookup: str) -> tuple[str, str, str]:
    """What stands before and after the value."""
    return _fragment(line, state, lookup).partition('"\x00"')


def _fragment(line: Line, state: int, lookup: str) -> str:
    content: dict[str, object] = {
        "name": line.name, "need": line.need, "state": STATES[state], "weight": line.weight, "value": "\x00",
        "wanted": line.wanted,
    }  # fmt: skip
    content |= {"lookup": lookup} if state == UNKNOWN else {}
    return json.dumps(content, ensure_ascii=False).replace("\\u0000", "\x00")
