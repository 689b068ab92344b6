"""Values of registers' JSON and CSV, taken only when they have the type that is documented. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from salestrigger.sources.text import canonical_url, clean_text

_BRITISH_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


def text_of(row: Mapping[str, Any], key: str) -> str:
    """A field's clean text; "" when it is absent or of another type. Whole numbers are written out (CVR, postcodes)."""
    value = row.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return clean_text(value) if isinstance(value, str) else ""


def day_of(value: object) -> date | None:
    """The day of ``YYYY-MM-DD`` with or without a time; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


@lru_cache(maxsize=65_536)  # a bulk file has few days and many rows
def british_day(text: str) -> date | None:
    """``DD/MM/YYYY``."""
    found = _BRITISH_DAY.fullmatch(text.strip())
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def website_of(text: str) -> str | None:
    """A website as an address; registers leave the scheme out."""
    text = text.strip()
    if not text or " " in text or "." not in text:
        return None
    return canonical_url(text if "://" in text else f"https://{text}") or None
