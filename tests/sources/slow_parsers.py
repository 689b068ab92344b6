"""A module that takes its time to be imported, as a parser does on a busy machine."""

from __future__ import annotations

import time
from typing import Any

time.sleep(0.5)


def length(body: bytes, context: dict[str, Any]) -> int:
    return len(body)
