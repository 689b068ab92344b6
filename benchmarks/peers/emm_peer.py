"""EMM (ING): its own preparation, default indexers and supervised layer. Runs in its own environment.

It is trained on other labelled queries of the same list, which is more than the other methods are given. Called with a
file for the trained layer that does not exist yet, it trains, writes it and stops: that time is not counted.
"""

import csv
import sys
from pathlib import Path

import joblib
import pandas as pd
from emm import PandasEntityMatching

TRAINED = 3_000  # labelled names: its features cost about a millisecond for each of some 17 candidates a name


def main(universe: str, queries: str, output: str, training: str, layer: str) -> None:
    names = pd.read_csv(universe, dtype=str, keep_default_na=False).rename(columns={"org_id": "id"})
    key = {text: number for number, text in enumerate(names["id"])}
    names["id"] = names["id"].map(key)
    model = PandasEntityMatching({"name_only": True, "entity_id_col": "id", "name_col": "name"})
    model.fit(names)
    if not Path(layer).exists():
        learned = pd.read_csv(training, dtype=str, keep_default_na=False)
        learned["id"] = learned["id"].map(key)
        learned = learned.dropna().astype({"id": int})
        model.fit_classifier(learned, create_negative_sample_fraction=0.25, n_train_ids=TRAINED)
        joblib.dump(model.supervised_models["nm_score"]["model"], layer)
        return
    model.add_supervised_model(model=joblib.load(layer))
    asked = pd.read_csv(queries, dtype=str, keep_default_na=False).rename(columns={"query_id": "id"})
    found = model.transform(asked.assign(id=range(len(asked))), top_n=1)
    best = {int(row.uid): (row.gt_entity_id, row.nm_score) for row in found.itertuples() if row.gt_entity_id >= 0}
    with Path(output).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["query_id", "org_id", "probability", "decision"])
        ids = list(key)
        for number, query in enumerate(asked["id"]):
            org, score = best.get(number, (None, 0.0))
            writer.writerow([query, "" if org is None else ids[int(org)], f"{score:.6f}", ""])


if __name__ == "__main__":
    main(*sys.argv[1:])
