"""Readers of job boards: one module, one kind of board. A new kind is a new file here, nothing else.

Every reader has ``PATH`` (below the source's address, with ``{token}``), optionally ``PAGE`` (the query of one page,
with ``{start}``) or ``ask(start) -> bytes`` (what is posted for it), and ``SIZE``, and the pure
``read(body, context) -> Board``, which runs in the sandbox. A reader says what is on the board now; counting and
comparing are in ``jobs_counts``.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from salestrigger.sources.adapters.api_answer import rows, text
from salestrigger.sources.adapters.item_dates import parse_date
from salestrigger.sources.adapters.json_strict import NotJsonError, read_json

__all__ = ["Ad", "Board", "array", "board_names", "board_of", "joined", "moment", "reader", "salary_of"]


@dataclass(frozen=True, slots=True)
class Ad:
    """One open role, as its board states it."""

    id: str
    title: str
    url: str = ""
    place: str = ""  #: city, or whatever the board calls the location
    department: str = ""
    body: str = ""  #: HTML or plain
    published_at: datetime | None = None
    language: str = ""
    company: str = ""  #: when the board says whose it is
    salary: str = ""  #: as the board writes it
    is_remote: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """One answer of a board. ``problem`` is what was expected instead, when it is not of the known shape."""

    ads: tuple[Ad, ...] = ()
    total: int | None = None  #: how many there are on all pages, when the board says so
    company: str = ""
    set_aside: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    got: str = ""


def board_names() -> tuple[str, ...]:
    """Every kind of board there is, by name."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def reader(name: str) -> ModuleType:
    """The reader of one kind of board; ``name`` is one of :func:`board_names`."""
    return importlib.import_module(f"{__name__}.{name}")


def array(body: bytes, key: str = "") -> tuple[list[Mapping[str, Any]], Mapping[str, Any], str]:
    """The objects of the list at ``key`` (empty: the answer itself is the list), the answer, and what is wrong."""
    try:
        data = read_json(body, strict=False)
    except NotJsonError as error:
        return [], {}, str(error)
    found = data.get(key) if key and isinstance(data, Mapping) else data
    if not isinstance(found, list):
        return [], {}, f"{type(data).__name__} without such a list"
    return rows(found), data if isinstance(data, Mapping) else {}, ""


def board_of(ads: Iterable[Ad], *, total: int | None = None, company: str = "") -> Board:
    """The board of ``ads``: one without id or title is set aside, a second one with the same id too."""
    kept: dict[str, Ad] = {}
    aside: list[tuple[str, str]] = []
    for number, ad in enumerate(ads, start=1):
        if not ad.id or not ad.title:
            aside.append((ad.id or ad.title or f"role {number}", "a role without an id or a title"))
        elif ad.id in kept:
            aside.append((ad.id, "same id as an earlier role"))
        else:
            kept[ad.id] = ad
    named = company or next((ad.company for ad in kept.values() if ad.company), "")
    return Board(tuple(kept.values()), total, named, tuple(aside))


def moment(row: Mapping[str, Any], key: str, context: Mapping[str, Any]) -> datetime | None:
    """A date of the row: ISO in its many forms, or milliseconds since 1970."""
    value = row.get(key)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value / 1000, UTC)
        except (OverflowError, ValueError, OSError):
            return None
    return parse_date(text(row, key).removesuffix(" UTC"), now=context["now"])


def salary_of(low: Any, high: Any, currency: str, per: str = "") -> str:
    """``40000–50000 EUR per year``, as far as it is stated; "" without an amount."""
    amounts = [
        f"{value:g}" if isinstance(value, (int, float)) else str(value).strip()
        for value in (low, high)
        if isinstance(value, (int, float, str)) and not isinstance(value, bool) and str(value).strip()
    ]
    if not amounts:
        return ""
    return " ".join(part for part in ("–".join(dict.fromkeys(amounts)), currency, f"per {per}" if per else "") if part)


def joined(*parts: str) -> str:
    """The parts that are there, with a comma between, each once."""
    return ", ".join(dict.fromkeys(part for part in parts if part))
