"""Countries, months, days and cities as our languages call them, from the Unicode locale data (CLDR).

``locale_names.json`` is made of what babel brings (``python -m benchmarks.locale_names``): reading that at each start
takes longer than reading a text. A test holds the two equal.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class LocaleNames:
    """What one language calls them, as it writes them."""

    countries: Mapping[str, str]  #: ISO 3166-1 alpha-2, and numbers of larger regions (UN M49) → name
    months: Mapping[str, Sequence[str]]  #: ``wide``, ``abbreviated`` → from January on
    days: Mapping[str, Sequence[str]]  #: ``wide``, ``abbreviated``, ``alone`` (wide, outside a date) → from Monday on
    cities: Sequence[str]  #: after which time zones are called, where the language has a name of its own


def locale_names(language: str) -> LocaleNames:
    """The names in one of our languages."""
    return LocaleNames(**_file()["languages"][language])


def zone_names() -> Sequence[str]:
    """The cities and regions after which time zones are called."""
    names: list[str] = _file()["zones"]
    return names


@functools.cache
def _file() -> Any:
    return json.loads(Path(__file__).with_name("locale_names.json").read_text(encoding="utf-8"))
