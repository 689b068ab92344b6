"""What one's best customers have in common, against the whole universe: the lift of each value, with its support.

::

    customers, universe ─► share of each value in both ─► Wilson interval of the customers' share ─► lift ─► proposal

The lift of a value is its share among the customers over its share in the universe, each among the organisations of
which the attribute is known at all. The interval is that of Wilson (1927), "Probable inference, the law of succession,
and statistical inference", at a level that is shared among all values that are tried (Bonferroni), so that trying many
values does not find one by chance. A value is proven when the whole interval of its lift lies above 1. Nothing is read
or written here; what is proposed is a text that a person edits.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salestrigger.matchers.judge import read_span
from salestrigger.matchers.states import SEPARATOR
from salestrigger.matchers.universe import text_column

#: Fewer customers of which an attribute is known prove nothing about it, whatever they have in common.
LEAST_CUSTOMERS = 10
#: A value is looked at when this many customers have it.
LEAST_SUPPORT = 3
#: Chance that any of the values is called proven although customers are like everybody else.
LEVEL = 0.05
#: Bands of the number of people, as most registers publish them.
BANDS = ((0, 4), (5, 9), (10, 19), (20, 49), (50, 99), (100, 249), (250, 499), (500, 999), (1000, None))
#: attribute that is proposed on → the column of the universe that holds it
COLUMNS: Mapping[str, str] = {
    "country": "country", "region": "region", "municipality": "municipality_code", "city": "city",
    "industry": "industry", "legal form": "legal_form", "employees": "employees",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lift:
    """One value of one attribute, among the customers and in the universe."""

    attribute: str
    value: str
    customers: int  #: that have it
    customers_known: int  #: of which the attribute is known
    universe_share: float  #: 0..1, among the organisations of which the attribute is known
    lift: float  #: the customers' share over the universe's
    low: float  #: of the lift, at the shared level
    high: float

    @property
    def is_proven(self) -> bool:
        """Whether enough customers are known and chance alone does not explain it."""
        return self.customers_known >= LEAST_CUSTOMERS and self.low > 1

    @property
    def says(self) -> str:
        """The figures as a person reads them."""
        share = 100 * self.customers / self.customers_known
        everybody = 100 * self.universe_share
        return (
            f"{self.customers} of {self.customers_known} customers ({share:.0f} %), {everybody:.1f} % of the universe: "
            f"lift {self.lift:.1f} ({self.low:.1f} to {self.high:.1f})"
        )


def lifts(parts: Iterable[tuple[pa.Table, npt.NDArray[np.bool_]]]) -> tuple[Lift, ...]:
    """The lift of every value that at least three customers have, the attributes in order, the highest lift first.

    ``parts`` are the universe in one or more tables (see ``matchers.universe``), each with which rows are customers.
    """
    counts = {name: _Counts() for name in COLUMNS}
    for universe, is_customer in parts:
        for name, count in counts.items():
            count.add(*_values(universe, name), is_customer)
    counted = {name: (count.supported(), count.known_ours, count.known) for name, count in counts.items()}
    tried = sum(len(values) for values, _, _ in counted.values())
    z = NormalDist().inv_cdf(1 - LEVEL / 2 / max(tried, 1))
    found = [_lifts_of(name, values, known=known, z=z) for name, (values, *known) in counted.items()]
    return tuple(lift for part in found for lift in part)


class _Counts:
    """How many customers and organisations have each value of one attribute, over parts of a universe."""

    def __init__(self) -> None:
        self._ours: Counter[str] = Counter()
        self._everybody: Counter[str] = Counter()
        self.known_ours = self.known = 0

    def add(
        self, values: Sequence[frozenset[str]], rows: npt.NDArray[np.int64], is_customer: npt.NDArray[np.bool_]
    ) -> None:
        """One part: the distinct values (empty: unknown), and which of them each row has."""
        everybody = np.bincount(rows, minlength=len(values)).tolist()
        ours = np.bincount(rows[is_customer], minlength=len(values)).tolist()
        for found, count, own in zip(values, everybody, ours, strict=True):
            self.known += count if found else 0
            self.known_ours += own if found else 0
            for value in found:
                self._everybody[value] += count
                self._ours[value] += own

    def supported(self) -> dict[str, tuple[int, int]]:
        """Value → (customers, organisations) that have it, for values with support."""
        return {v: (n, self._everybody[v]) for v, n in self._ours.items() if n >= LEAST_SUPPORT}


def _values(universe: pa.Table, attribute: str) -> tuple[list[frozenset[str]], npt.NDArray[np.int64]]:
    """The distinct values of an attribute (empty: unknown), and which of them each row has."""
    column = text_column(universe, COLUMNS[attribute])
    if attribute == "industry":
        column = pc.binary_join_element_wise(column, text_column(universe, "industry_codeset"), SEPARATOR)
    encoded = column.dictionary_encode()
    texts: list[str] = encoded.dictionary.to_pylist()
    if attribute == "employees":
        values = [_band(text) for text in texts]
    elif attribute == "industry":
        values = [_divisions(*text.partition(SEPARATOR)[::2]) for text in texts]
    else:
        values = [frozenset({text.strip()} - {""}) for text in texts]
    return values, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _band(text: str) -> frozenset[str]:
    """The band that the whole range lies in; a range over several says too little."""
    span = read_span(text)
    if span is None or span[1] is None:
        return frozenset({"1000+"}) if span is not None and span[0] >= 1000 else frozenset()
    fitting = (band for band in BANDS if band[0] <= span[0] and (band[1] is None or span[1] <= band[1]))
    return frozenset(f"{low}-{high}" if high is not None else f"{low}+" for low, high in fitting)


def _divisions(codes: str, sets: str) -> frozenset[str]:
    """``SN2025:43`` for every code: the division (two digits) is what customers can share."""
    named = sets.split("|")
    pairs = (
        (named[min(i, len(named) - 1)].strip(), code.replace(".", "").strip())
        for i, code in enumerate(codes.split("|"))
    )
    return frozenset(f"{codeset}:{code[:2]}" for codeset, code in pairs if codeset and code[:2].isdigit() and code[1:2])


def _lifts_of(name: str, values: Mapping[str, tuple[int, int]], *, known: Sequence[int], z: float) -> list[Lift]:
    ours, everybody = known
    found = []
    for value, (customers, organizations) in values.items():
        share = organizations / everybody
        low, high = wilson(customers, ours, z)
        found.append(Lift(name, value, customers, ours, share, customers / ours / share, low / share, high / share))
    return sorted(found, key=lambda lift: (-lift.lift, lift.value))


def wilson(successes: int, trials: int, z: float) -> tuple[float, float]:
    """The Wilson score interval of a share; (0, 1) when nothing was tried."""
    if trials == 0:
        return 0.0, 1.0
    share = successes / trials
    middle = share + z * z / (2 * trials)
    reach = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    whole = 1 + z * z / trials
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)


def proposal(found: Sequence[Lift], *, customers: int, universe: int) -> str:
    """A profile to edit, as TOML: what is proven as criteria, what is not as comments, each with its figures.

    When nothing is proven it says so and proposes nothing: every line is a comment.
    """
    proven = [lift for lift in found if lift.is_proven]
    head = [
        f"# What {customers} customers have in common, against {universe} organisations.",
        "# Lift: share among the customers over share in the universe; in brackets the interval, at a level shared by",
        "# all values that were tried. A lift says who buys today, not who should: read every line before you use it.",
    ]
    if not proven:
        few = (
            f" {customers} customers are too few; {LEAST_CUSTOMERS} is the least."
            if customers < LEAST_CUSTOMERS
            else ""
        )
        head.append(f"#\n# This proves nothing: no value is surely more frequent among the customers.{few}")
        return "\n".join([*head, "", *_comments(found, "Seen, but chance explains it:")]) + "\n"
    body = ['title = "Proposed from customers"', ""]
    for name in COLUMNS:
        body += _criterion(name, [lift for lift in proven if lift.attribute == name])
    rest = [lift for lift in found if not lift.is_proven]
    return "\n".join([*head, "", *body, *_comments(rest, "Seen, but chance explains it:")]) + "\n"


def _criterion(name: str, proven: Sequence[Lift]) -> list[str]:
    """One criterion as TOML: nice-to-have, because a lift is no requirement; the weight grows with the best lift."""
    if not proven:
        return []
    weight = max(1, min(5, round(math.log2(max(lift.lift for lift in proven)))))
    lines = [f"# {_plain(lift.value)}: {lift.says}" for lift in proven]
    lines += ["[[criteria]]", f'name = "{name}"', f'kind = "{name.replace(" ", "_")}"', 'need = "nice"']
    return [*lines, f"weight = {weight}", *_keys(name, [lift.value for lift in proven]), ""]


def _keys(name: str, values: Sequence[str]) -> list[str]:
    if name == "employees":
        lows = [int(v.rstrip("+").partition("-")[0]) for v in values]
        highs = [None if v.endswith("+") else int(v.partition("-")[2]) for v in values]
        bounded = [high for high in highs if high is not None]
        return [f"min = {min(lows)}", *([f"max = {max(bounded)}"] if None not in highs else [])]
    if name == "industry":
        sets = sorted({v.partition(":")[0] for v in values})
        codes = sorted({v.partition(":")[2] for v in values})
        return [f"codesets = {_list(sets)}", f"codes = {_list(codes)}"]
    return [f"{'codes' if name == 'municipality' else 'values'} = {_list(values)}"]


def _list(values: Sequence[str]) -> str:
    """A TOML list of basic strings: TOML and JSON escape alike, but for DEL, which no register writes."""
    return "[" + ", ".join(json.dumps(v, ensure_ascii=False).replace("\x7f", "") for v in values) + "]"


def _comments(found: Sequence[Lift], title: str) -> list[str]:
    if not found:
        return []
    return [f"# {title}", *(f"#   {lift.attribute} {_plain(lift.value)}: {lift.says}" for lift in found[:40])]


def _plain(text: str) -> str:
    """On one line, so that a comment stays a comment."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
