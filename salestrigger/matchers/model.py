"""The probability that a query and a candidate are one company, from their names alone: a small model in two steps.

The first weighs the features of a pair (``features.py``) by boosted trees; the second, smaller, turns the best
candidate's score, its lead over the next organisation, how many there are and what differs into a calibrated
probability (``ranking.final_columns``). All weights lie in ``name_model.json`` with how they were obtained
(``benchmarks/name_model.py`` makes the file). What speaks for or against a match besides the name is ``resolve.py``'s.

The trees are oblivious (every level asks one question of all its nodes), so that a tree is a few comparisons of whole
columns and one look-up; the form is that of CatBoost (Prokhorenkova et al. 2018).
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

Floats = NDArray[np.float64]

_FEW = 256  # pairs
_BLOCK = 32768  # pairs scored at a time: a block's columns stay in the processor's cache


def sigmoid(logits: Floats) -> Floats:
    """The logistic function, without overflow."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -40, 40))))


@dataclass(frozen=True, slots=True)
class Trees:
    """Boosted oblivious trees: each asks ``feature > threshold`` once per level; the answers are a leaf's number."""

    feature: NDArray[np.int64]  #: trees × levels
    threshold: NDArray[np.float32]
    leaves: NDArray[np.float32]  #: trees × 2^levels, log-odds
    base: float  #: log-odds before any tree

    def scores(self, values: NDArray[np.float32]) -> Floats:
        """Log-odds of every row."""
        if len(values) <= _FEW:
            return self._few(values)
        parts = [self._block(values[low : low + _BLOCK]) for low in range(0, len(values), _BLOCK)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def _few(self, values: NDArray[np.float32]) -> Floats:
        """All questions of all trees at once: for one name's candidates the calls would cost more than the work."""
        yes = values[:, self.feature] > self.threshold
        leaf = yes @ (1 << np.arange(self.feature.shape[1])[::-1])
        terms = np.full((len(values), len(self.leaves) + 1), self.base)
        terms[:, 1:] = self.leaves[np.arange(len(self.leaves)), leaf]
        scores: Floats = terms.cumsum(axis=1)[:, -1]  # tree by tree, as the blocks add them
        return scores

    def _block(self, values: NDArray[np.float32]) -> Floats:
        columns = [np.ascontiguousarray(values[:, place]) for place in range(values.shape[1])]
        total = np.full(len(values), self.base)
        leaf, yes = np.empty(len(values), dtype=np.uint8), np.empty(len(values), dtype=np.bool_)
        answers = yes.view(np.uint8)  # numbers of one kind throughout: others would be converted piece by piece
        trees = zip(self.feature.tolist(), self.threshold, self.leaves.astype(np.float64), strict=True)
        for features, thresholds, leaves in trees:
            np.greater(columns[features[0]], thresholds[0], out=leaf.view(np.bool_))
            for feature, threshold in zip(features[1:], thresholds[1:], strict=True):
                np.add(leaf, leaf, out=leaf)
                np.greater(columns[feature], threshold, out=yes)
                np.bitwise_or(leaf, answers, out=leaf)
            total += leaves.take(leaf)
        return total


@dataclass(frozen=True, slots=True)
class NameModel:
    """The trained weights."""

    pair: Trees
    final: Trees
    about: Mapping[str, Any]  #: how they were obtained

    def scores(self, values: NDArray[np.float32]) -> Floats:
        """Log-odds of every pair, before it is seen against the others of its query."""
        return self.pair.scores(values)

    def odds(self, final: NDArray[np.float32]) -> Floats:
        """The calibrated log-odds of every query's best candidate; the columns are ``ranking.FINAL``."""
        return self.final.scores(final)


@functools.cache
def name_model() -> NameModel:
    """The shipped model, read once."""
    data = json.loads(Path(__file__).with_name("name_model.json").read_text(encoding="utf-8"))
    return NameModel(_trees(data["pair"]), _trees(data["final"]), data["about"])


def _trees(data: Mapping[str, Any]) -> Trees:
    return Trees(
        feature=np.array(data["feature"], dtype=np.int64),
        threshold=np.array(data["threshold"], dtype=np.float32),
        leaves=np.array(data["leaves"], dtype=np.float32),
        base=float(data["base"]),
    )
