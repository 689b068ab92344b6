"""Read JSON that a stranger wrote: what the standard allows, and no crash on anything else.

Python's own reader takes NaN and Infinity, recurses without end and refuses huge integers by ValueError; here all of
these are one error.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

MAX_DEPTH = 64
#: bytes that an answer's objects, lists and values may take beside its own: a register's largest page takes 60 MB
MAX_MEMORY = 256 * 1024 * 1024
#: sign → bytes that Python takes for what it begins, measured: {"": 0}, [], and a value with its place
_TAKES = ((b"{", 240), (b"[", 72), (b",", 56))


class NotJsonError(ValueError):
    """The body is not JSON of ordinary depth; the text says where."""


def read_json(body: bytes, *, strict: bool = True) -> Any:
    """The body as JSON (UTF-8, 16 or 32, with or without a byte order mark).

    ``strict=False`` takes raw control characters within texts, as some APIs leave them there.

    Raises:
        NotJsonError: with the place of the fault; or it would take too much memory, told before it is read.
    """
    # seventeen megabytes of {"":0} are half a gigabyte of objects; signs within texts count too, which errs little
    if sum(body.count(sign) * size for sign, size in _TAKES) > MAX_MEMORY:
        raise NotJsonError("too many values")
    try:
        value = json.loads(body, parse_constant=_refuse, strict=strict)
    except RecursionError:
        raise NotJsonError("nested too deep") from None
    except ValueError as error:
        raise NotJsonError(str(error)[:200]) from None
    if _too_deep(value):
        raise NotJsonError(f"nested more than {MAX_DEPTH} deep")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _too_deep(value: Any) -> bool:
    """Whether the value nests deeper than MAX_DEPTH; walks without recursion."""
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        children: list[Any] = []
        for node in level:
            if isinstance(node, dict):
                children.extend(node.values())
            elif isinstance(node, list):
                children.extend(node)
        if not children:
            return False
        level = children
    return True
