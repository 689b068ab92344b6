"""splink: Fellegi and Sunter's model over the name, its words' frequencies and its parts, in DuckDB, trained without
labels as its guide says. Runs in its own environment."""

import csv
import sys
from pathlib import Path

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on


def table(path: str, key: str) -> pd.DataFrame:
    rows = pd.read_csv(path, dtype=str, keep_default_na=False).rename(columns={key: "unique_id"})
    words = rows["name"].str.split(" ")
    rows["first"], rows["last"] = words.str[0], words.str[-1]
    rows["ordered"] = words.map(sorted).str.join(" ")
    rows["start"] = rows["name"].str.replace(" ", "").str[:5]
    return rows.replace("", None)


def main(universe: str, queries: str, output: str) -> None:
    names, asked = table(universe, "org_id"), table(queries, "query_id")
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.97, 0.93, 0.88, 0.8]).configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("ordered", [1, 2, 4]),
            cl.ExactMatch("first").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("ordered"), block_on("start"), block_on("first", "last"), block_on("substr(name, 1, 7)"),
        ],
        retain_matching_columns=False,
    )  # fmt: skip
    linker = Linker([asked, names], settings, db_api=DuckDBAPI(), input_table_aliases=["a_queries", "b_names"])
    linker.training.estimate_probability_two_random_records_match([block_on("ordered")], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("start"))
    found = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    best = found.sort_values("match_probability", ascending=False).drop_duplicates("unique_id_l")
    answers = {row.unique_id_l: (row.unique_id_r, row.match_probability) for row in best.itertuples()}
    with Path(output).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["query_id", "org_id", "probability", "decision"])
        for query in asked["unique_id"]:
            org, score = answers.get(query, ("", 0.0))
            writer.writerow([query, org, f"{score:.9f}", ""])


if __name__ == "__main__":
    main(*sys.argv[1:])
