"""sparse_dot_topn: cosine of tf-idf weighted trigrams of letters, the best one. Runs in its own environment."""

import csv
import sys
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sparse_dot_topn import sp_matmul_topn


def column(path: str) -> tuple[list[str], list[str]]:
    with Path(path).open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    return [row[0] for row in rows], [row[1] for row in rows]


def grams(names: list[str], vocabulary: dict[str, int], *, grow: bool) -> csr_matrix:
    columns, counts, starts = [], [], [0]
    for name in names:
        seen: dict[int, int] = {}
        padded = f" {name} "
        for i in range(len(padded) - 2):
            gram = padded[i : i + 3]
            at = vocabulary.setdefault(gram, len(vocabulary)) if grow else vocabulary.get(gram, -1)
            if at >= 0:
                seen[at] = seen.get(at, 0) + 1
        columns.extend(seen)
        counts.extend(seen.values())
        starts.append(len(columns))
    return csr_matrix((np.array(counts, dtype=np.float64), columns, starts), shape=(len(names), len(vocabulary)))


def normal(matrix: csr_matrix, weights: np.ndarray) -> csr_matrix:
    matrix = csr_matrix(matrix.multiply(weights))
    length = np.sqrt(matrix.multiply(matrix).sum(axis=1)).A1
    return csr_matrix(matrix.multiply(1 / np.maximum(length, 1e-9)[:, None]))


def main(universe: str, queries: str, output: str) -> None:
    ids, names = column(universe)
    asked, texts = column(queries)
    vocabulary: dict[str, int] = {}
    known = grams(names, vocabulary, grow=True)
    wanted = grams(texts, vocabulary, grow=False)
    weights = np.log(len(names) / (1 + np.bincount(known.indices, minlength=len(vocabulary)))) + 1
    best = sp_matmul_topn(normal(wanted, weights), normal(known, weights).T.tocsr(), top_n=1, n_threads=2, sort=True)
    with Path(output).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["query_id", "org_id", "probability", "decision"])
        for row, query in enumerate(asked):
            low, high = best.indptr[row], best.indptr[row + 1]
            found = (ids[best.indices[low]], f"{best.data[low]:.6f}") if high > low else ("", "0")
            writer.writerow([query, *found, ""])


if __name__ == "__main__":
    main(*sys.argv[1:])
