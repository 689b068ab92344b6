"""The demo market grown to any size for load and fault tests: organisations computed from an index, held nowhere.

Organisation ``i`` is a pure function of the seed and ``i``; its number can be turned back into ``i``; its municipality
and its day of change are arithmetic on ``i``. So a page of a register of a million units costs a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from salestrigger.sources.demo.changes import Change
from salestrigger.sources.demo.organisations import DemoOrg, check_digit, codes_in_use, places
from salestrigger.sources.demo.timeline import DAYS, number_of
from salestrigger.sources.errors import UsageError

#: stems of 8 digits that were never given out; the curated market has the first thousand of them
BLOCKS = (80_000_000, 90_000_000)
BLOCK = 500_000
RESERVED = 1_000
LARGEST = len(BLOCKS) * BLOCK
#: one unit in so many changes in a day
CHANGES_ONE_IN = 200

_FIRST = (
    "Al", "Bjør", "Dal", "Elv", "Fjel", "Gran", "Holm", "Is", "Krå", "Lyng", "Myr", "Nord", "Ospe", "Rim", "Sol", "Tin",
    "Ulv", "Vind", "Øst", "Ask", "Brat", "Dugg", "Eik", "Frost", "Glim", "Hegg", "Jøkul", "Kvern", "Løv", "Moln",
)  # fmt: skip
_SECOND = (
    "berg", "bø", "dokk", "eng", "fold", "gren", "haug", "lia", "mark", "nes", "rud", "sund", "tun", "vang", "vik",
    "voll", "ås", "stein", "li", "krok", "bekk", "holt", "mo", "land", "set", "skar", "topp", "kleiv", "sjø", "tveit",
)  # fmt: skip
_THIRD = ("", "er", "en", "ste", "sta", "a", "ing", "els", "ar", "und")
_TRADES = (
    "Bygg", "Elektro", "Transport", "Eiendom", "Data", "Regnskap", "Maskin", "Invest", "Holding", "Renhold", "Mat",
    "Rådgivning", "Verksted", "Salg", "Anlegg", "Teknikk", "Konsult", "Drift", "Industri", "Service",
)  # fmt: skip
_FORMS = ("AS",) * 16 + ("ANS", "DA", "SA", "ENK")


@dataclass(frozen=True, slots=True)
class Growth:
    """``count`` generated Norwegian organisations, as a sequence that holds none of them."""

    count: int
    seed: int = 7

    def __post_init__(self) -> None:
        if not 0 <= self.count <= LARGEST - RESERVED:
            raise UsageError(f"cannot grow by {self.count!r} organisations; allowed: 0 to {LARGEST - RESERVED}")

    def organisation(self, i: int) -> DemoOrg:
        """Organisation ``i``, 0 ≤ i < count."""
        pick = number_of("grown", str(self.seed), str(i))
        place, form = self._places()[i % len(self._places())], _FORMS[pick % len(_FORMS)]
        name = f"{self._word(pick)} {_TRADES[(pick >> 8) % len(_TRADES)]}"
        name += f" {place}" if (pick >> 16) % 4 == 0 else ""
        return DemoOrg(
            key=f"grown-{i}",
            country="NO",
            number=number_at(RESERVED + i),
            name=name if form == "ENK" else f"{name} {form}",
            short=name,
            form=form,
            place=place,
            industry=codes_in_use()[(pick >> 20) % len(codes_in_use())],
            founded=date(1960, 1, 1) + timedelta(days=(pick >> 28) % 23_000),
            employees=self._employees(pick >> 40),
        )

    def index_of(self, number: str) -> int | None:
        """The index of a number, or None when it is none of ours."""
        i = index_at(number) - RESERVED
        return i if 0 <= i < self.count and number_at(RESERVED + i) == number else None

    def in_place(self, name: str) -> range:
        """The indexes of all organisations of one municipality."""
        names = self._places()
        return range(names.index(name), self.count, len(names)) if name in names else range(0)

    def changes(self, i: int) -> tuple[Change, ...]:
        """What happens to organisation ``i`` over the calendar: at most one change of its headcount."""
        slot = i % CHANGES_ONE_IN
        org = self.organisation(i) if slot < DAYS else None
        if org is None or not org.employees:
            return ()
        return (Change(slot + 1, org.key, "headcount", {"employees": org.employees + 1 + number_of(org.number) % 7}),)

    def changed_on(self, day: int) -> Iterator[tuple[int, Change]]:
        """Index and change of everybody who changes on ``day``, in order."""
        for i in range(day - 1, self.count, CHANGES_ONE_IN) if 1 <= day <= DAYS else ():
            for change in self.changes(i):
                yield i, change

    @staticmethod
    def _places() -> tuple[str, ...]:
        return tuple(places())

    @staticmethod
    def _word(pick: int) -> str:
        first, middle = _FIRST[pick % len(_FIRST)], _THIRD[(pick >> 4) % len(_THIRD)]
        return first + middle + _SECOND[(pick >> 12) % len(_SECOND)]

    @staticmethod
    def _employees(pick: int) -> int | None:
        """Most are small: half withheld, a third 5 to 30, the rest up to 400."""
        share = pick % 100
        if share < 50:
            return None if share < 35 else 0
        return 5 + (pick >> 7) % 26 if share < 85 else 30 + (pick >> 7) % 371


def number_at(i: int) -> str:
    """The ``i``-th valid organisation number of the unused blocks.

    Two neighbouring stems of which the first is even never both lack a check digit (the last weight is 2), so each pair
    of stems gives one number, and the number gives the pair back.
    """
    stem = BLOCKS[i // BLOCK] + 2 * (i % BLOCK)
    digit = check_digit(str(stem))
    if digit is None:
        stem += 1
        digit = check_digit(str(stem))
    return f"{stem}{digit}"


def index_at(number: str) -> int:
    """The inverse of :func:`number_at` for a string of 9 digits in a block; -1 for anything else."""
    if len(number) != 9 or not (number.isascii() and number.isdigit()):
        return -1
    stem = int(number[:8])
    for position, start in enumerate(BLOCKS):
        if start <= stem < start + 2 * BLOCK:
            return position * BLOCK + (stem - start) // 2
    return -1
