"""The candidates of a few queries, compared: what ``candidates.py`` and ``features.py`` give for many, query by query.

A query that very many names may mean is compared in columns all the same.
"""

from __future__ import annotations

import numpy as np

from salestrigger.matchers.candidates import Effort, Pairs
from salestrigger.matchers.features import FEATURES, Compared, compare
from salestrigger.matchers.few_candidates import Asked, candidates_of
from salestrigger.matchers.few_features import compare_few
from salestrigger.matchers.few_lookups import WordWeights, plain_name
from salestrigger.matchers.index_lookups import NameLookups
from salestrigger.matchers.name_columns import NameColumns
from salestrigger.matchers.words import I64

FEW = 4  #: queries: with more the columns win
_MANY = 40  # candidates: more are compared in columns


def few_pairs(
    index: NameLookups, queries: NameColumns, *, effort: Effort | None = None, own: I64 | None = None
) -> tuple[Pairs, Compared]:
    """The candidate pairs of these queries and their features; ``own``: see ``candidates.find_candidates``."""
    weights = WordWeights(index)
    rows, names, parts = [], [], [np.zeros((0, len(FEATURES)), dtype=np.float32)]
    for row in range(len(queries)):
        asked = Asked(
            index, plain_name(queries, row), int(queries.bag[row]), int(queries.joined[row]),
            -1 if own is None else int(own[row]), weights,
        )  # fmt: skip
        found = np.array(candidates_of(asked, effort or Effort()), dtype=np.int64)
        if not len(found):
            continue
        pairs = Pairs(np.full(len(found), row, dtype=np.int64), found)
        many = len(found) > _MANY
        parts.append(compare(index, queries, pairs).values if many else compare_few(asked, queries, row, found))
        rows.append(pairs.query)
        names.append(found)
    nothing = np.zeros(0, dtype=np.int64)
    return Pairs(np.concatenate([nothing, *rows]), np.concatenate([nothing, *names])), Compared(np.concatenate(parts))
