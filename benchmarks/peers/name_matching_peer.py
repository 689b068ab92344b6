"""name_matching (DNB): trigram candidates and its default distance metrics. Runs in its own environment."""

import csv
import sys
from pathlib import Path

import pandas as pd
from name_matching.name_matcher import NameMatcher


def main(universe: str, queries: str, output: str) -> None:
    names = pd.read_csv(universe, dtype=str, keep_default_na=False)
    asked = pd.read_csv(queries, dtype=str, keep_default_na=False)
    matcher = NameMatcher(number_of_matches=1, top_n=10, verbose=False, row_numbers=True, number_of_rows=500)
    matcher.load_and_process_master_data("name", names[["name"]])
    found = matcher.match_names(to_be_matched=asked[["name"]], column_matching="name")
    with Path(output).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["query_id", "org_id", "probability", "decision"])
        for query, row in zip(asked["query_id"], found.itertuples(), strict=True):
            writer.writerow([query, names["org_id"][int(row.match_index)], f"{float(row.score) / 100:.6f}", ""])


if __name__ == "__main__":
    main(*sys.argv[1:])
