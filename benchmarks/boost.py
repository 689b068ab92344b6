"""Gradient boosting of oblivious trees in numpy: `benchmarks/name_model.py` trains with it, nothing needs it later."""

from __future__ import annotations

import numpy as np

from salestrigger.matchers.model import Trees, sigmoid

BINS = 48


def bins_of(values: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """Per feature the thresholds (between distinct quantiles) and every row's bin."""
    edges, codes = [], np.zeros((values.shape[1], len(values)), dtype=np.uint8)
    for place in range(values.shape[1]):
        column = values[:, place]
        cuts = np.unique(np.quantile(column, np.linspace(0, 1, BINS)).astype(np.float32))
        middle = (cuts[1:] + cuts[:-1]) / 2
        edges.append(middle.astype(np.float32))
        codes[place] = np.searchsorted(edges[place], column, "left")  # bin k: above k thresholds
    return edges, codes


def grow(codes: np.ndarray, edges: list[np.ndarray], gradient: np.ndarray, hessian: np.ndarray, *, levels: int):
    """One tree's questions, and the leaf of every row."""
    leaf = np.zeros(codes.shape[1], dtype=np.int64)
    questions = []
    for _level in range(levels):
        leaves = 1 << len(questions)
        best = (-1.0, 0, 0)
        for feature, cuts in enumerate(edges):
            if not len(cuts):
                continue
            size = len(cuts) + 1
            at = leaf * size + codes[feature]
            g = np.cumsum(np.bincount(at, gradient, leaves * size).reshape(leaves, size), axis=1)
            h = np.cumsum(np.bincount(at, hessian, leaves * size).reshape(leaves, size), axis=1)
            left_g, left_h, all_g, all_h = g[:, :-1], h[:, :-1], g[:, -1:], h[:, -1:]
            gain = (left_g**2 / (left_h + RIDGE) + (all_g - left_g) ** 2 / (all_h - left_h + RIDGE)).sum(axis=0)
            cut = int(gain.argmax())
            if gain[cut] > best[0]:
                best = (float(gain[cut]), feature, cut)
        _, feature, cut = best
        questions.append((feature, cut))
        leaf = leaf * 2 + (codes[feature] > cut)
    return questions, leaf


RATE, RIDGE, SEED, SHARE = 0.12, 8.0, 7, 0.3


def boost(
    values: np.ndarray, right: np.ndarray, *, weight: np.ndarray, trees: int, levels: int, share: float = SHARE
) -> Trees:
    """Trees that tell right pairs from wrong ones (logistic loss); each tree's questions are chosen on a share of the
    rows, its leaves filled from all."""
    rng = np.random.default_rng(SEED)
    edges, codes = bins_of(values)
    mean = float(np.average(right, weights=weight))
    base = float(np.log(mean / (1 - mean)))
    total = np.full(len(right), base)
    features, thresholds, tables = [], [], []
    for number in range(trees):
        chance = sigmoid(total)
        gradient, hessian = weight * (chance - right), weight * np.maximum(chance * (1 - chance), 1e-6)
        some = np.flatnonzero(rng.random(len(right)) < share)
        questions, _ = grow(codes[:, some], edges, gradient[some], hessian[some], levels=levels)
        leaf = np.zeros(len(right), dtype=np.int64)
        for feature, cut in questions:
            leaf = leaf * 2 + (codes[feature] > cut)
        g, h = np.bincount(leaf, gradient, 1 << levels), np.bincount(leaf, hessian, 1 << levels)
        table = np.round(-RATE * g / (h + RIDGE), 4)
        total += table[leaf]
        features.append([feature for feature, _ in questions])
        thresholds.append([float(edges[feature][cut]) for feature, cut in questions])
        tables.append(table)
        if number % 40 == 39:
            loss = -np.average(np.log(np.where(right > 0, sigmoid(total), 1 - sigmoid(total))), weights=weight)
            print(f"{number + 1} trees, log loss {loss:.4f}", flush=True)
    return Trees(np.array(features), np.array(thresholds, dtype=np.float32), np.array(tables, dtype=np.float32), base)
