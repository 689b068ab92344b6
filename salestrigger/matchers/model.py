"""The probability that a query and a candidate are one company, from their names alone: two small logistic models.

The first weighs the features of a pair (``features.py``), each as a piecewise linear function, with a few products of
two features; the second turns the best candidate's score, its lead over the next organisation, and how many there are
into a calibrated probability. The weights lie in ``name_model.json`` with how they were obtained
(``benchmarks/name_model.py`` makes the file). What speaks for or against a match besides the name is ``resolve.py``'s.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salestrigger.matchers.features import FEATURES

Floats = NDArray[np.float64]

_FINE = (0.0, 0.3, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)  # similarities: what matters is close to 1
_WIDE = (0.0, 0.15, 0.3, 0.45, 0.6, 0.8, 1.0, 1.4)  # weights of words, in units of ln(names)
KNOTS: Mapping[str, tuple[float, ...]] = {
    "ratio": _FINE, "sorted_ratio": _FINE, "jaro_winkler": _FINE, "partial": _FINE, "raw_ratio": _FINE,
    "matched": _FINE, "extra": _WIDE, "missing": _WIDE, "heaviest_extra": _WIDE, "heaviest_missing": _WIDE,
    "rest_ratio": _FINE, "rest_partial": _FINE, "mass": (0.0, 0.2, 0.4, 0.6, 0.8, 1.0), "length": (0.0, 0.15, 0.3, 0.6),
}  # fmt: skip
PRODUCTS: tuple[tuple[str, str], ...] = (
    ("form_conflict", "same_words"), ("form_missing", "same_words"), ("form_equal", "same_words"),
    ("form_equal", "ratio"), ("form_conflict", "ratio"), ("form_missing", "ratio"),
    ("one_word", "same_words"), ("one_word", "ratio"), ("one_word", "extra"), ("one_word", "missing"),
    ("one_word", "rest_ratio"), ("length", "ratio"), ("length", "rest_ratio"), ("length", "same_words"),
    ("mass", "same_words"), ("mass", "extra"), ("mass", "missing"), ("mass", "matched"), ("mass", "rest_ratio"),
    ("first_word", "extra"), ("first_word", "missing"), ("first_word", "rest_ratio"), ("first_word", "matched"),
    ("heaviest_extra", "heaviest_missing"), ("heaviest_extra", "rest_ratio"), ("heaviest_missing", "rest_ratio"),
    ("heaviest_extra", "matched"), ("heaviest_missing", "matched"), ("extra", "missing"),
    ("number_conflict", "rest_ratio"), ("number_conflict", "both_rest"), ("number_conflict", "matched"),
    ("initial_conflict", "rest_ratio"), ("initial_conflict", "both_rest"), ("place_missing", "missing"),
    ("place_missing", "extra"), ("both_rest", "matched"), ("rest_ratio", "matched"), ("rest_ratio", "rest_partial"),
    ("rest_partial", "matched"), ("sorted_ratio", "matched"), ("partial", "missing"), ("partial", "extra"),
    ("same_joined", "length"), ("same_bag", "mass"), ("jaro_winkler", "rest_ratio"), ("sorted_ratio", "rest_ratio"),
)  # fmt: skip
FINAL = ("score", "lead", "lead_capped", "sole", "log_names", "same_words", "namesakes")  #: of the second model


def expand(values: Floats) -> Floats:
    """The first model's columns: a constant, every feature piecewise linear, the products."""
    columns = [np.ones(len(values))]
    at = {name: values[:, place] for place, name in enumerate(FEATURES)}
    for name in FEATURES:
        columns += [np.maximum(at[name] - knot, 0.0) for knot in KNOTS[name]] if name in KNOTS else [at[name]]
    columns += [at[a] * at[b] for a, b in PRODUCTS]
    return np.stack(columns, axis=1)


def sigmoid(logits: Floats) -> Floats:
    """The logistic function, without overflow."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -40, 40))))


@dataclass(frozen=True, slots=True)
class NameModel:
    """The trained weights."""

    pair: Floats  #: of ``expand``'s columns
    final: Floats  #: constant and FINAL
    about: Mapping[str, Any]  #: how they were obtained

    def scores(self, values: Floats) -> Floats:
        """Log-odds of every pair, before it is seen against the others of its query."""
        if not len(values):
            return np.zeros(0)
        blocks = [values[low : low + 65536] for low in range(0, len(values), 65536)]
        return np.concatenate([expand(block) @ self.pair for block in blocks])

    def probabilities(self, final: Floats) -> Floats:
        """The calibrated probability of every query's best candidate; the columns are FINAL."""
        return sigmoid(self.final[0] + final @ self.final[1:])


@functools.cache
def name_model() -> NameModel:
    """The shipped model, read once."""
    data = json.loads(Path(__file__).with_name("name_model.json").read_text(encoding="utf-8"))
    return NameModel(np.array(data["pair"]), np.array(data["final"]), data["about"])
