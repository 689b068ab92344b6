"""match, detect and fit over files: the columns and keys that people script against."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from salestrigger.flows.detect_files import detect_file
from salestrigger.flows.fit_files import fit_file
from salestrigger.flows.match_files import MatchRules, explain_match, match_files
from salestrigger.sources.errors import DeclarationError, UsageError

UNIVERSE = (
    "org_id,name,aliases,country,city,website,employees,municipality_code,industry,industry_codeset,legal_form,status\n"
    "1,Fjellbro Teknikk AS,Fjellbro|FBT,NO,Oslo,fjellbro.example,64,0301,43.210,SN2025,AS,active\n"
    "2,Nordlys Bygg AS,,NO,Tromsø,,,5501,41.000,SN2025,AS,active\n"
    "3,Nordlys Bygg AS,,NO,Bergen,,12,4601,41.000,SN2025,AS,active\n"
    "4,Polderwerk B.V.,,NL,Utrecht,polderwerk.example,120,,,,BV,active\n"
)


@pytest.fixture
def universe(tmp_path: Path) -> Path:
    path = tmp_path / "universe.csv"
    path.write_text(UNIVERSE, encoding="utf-8")
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_match_writes_one_row_per_query(universe: Path, tmp_path: Path) -> None:
    """A certain one is accepted, namesakes are for review, a stranger has no company; each with its evidence."""
    queries, out = tmp_path / "queries.csv", tmp_path / "out.csv"
    queries.write_text(
        "query_id,name,country,city\na,Fjellbro Teknikk A/S,NO,Oslo\nb,Nordlys Bygg,NO,\nc,Zonnehoek Kwekerij BV,NL,\n",
        encoding="utf-8",
    )
    match_files(universe, queries, out)
    rows = {row["query_id"]: row for row in read(out)}
    assert list(rows) == ["a", "b", "c"]
    assert list(rows["a"]) == [
        "query_id", "org_id", "probability", "decision", "runner_up_id", "margin", "namesakes", "evidence",
    ]  # fmt: skip
    assert (rows["a"]["org_id"], rows["a"]["decision"]) == ("1", "accept")
    assert rows["b"]["decision"] == "review"
    assert int(rows["b"]["namesakes"]) == 1
    assert (rows["c"]["org_id"], rows["c"]["decision"]) == ("", "reject")
    assert all(row["evidence"] for row in rows.values() if row["org_id"])


@pytest.mark.parametrize("suffix", [".tsv", ".jsonl", ".parquet", ".csv.gz"])
def test_match_reads_and_writes_by_suffix(universe: Path, tmp_path: Path, suffix: str) -> None:
    """What one format gives, another gives as well."""
    queries, out = tmp_path / "queries.jsonl", tmp_path / f"out{suffix}"
    queries.write_text('{"query_id": "a", "name": "Fjellbro Teknikk AS"}\n', encoding="utf-8")
    match_files(universe, queries, out)
    assert out.stat().st_size > 20


def test_explain_names_the_candidates(universe: Path) -> None:
    """A person sees which companies share the name."""
    text = explain_match(universe, "Nordlys Bygg AS")
    assert "2" in text
    assert "3" in text


def test_detect_writes_one_line_per_document(universe: Path, tmp_path: Path) -> None:
    """Events with roles, values and the sentence they stand in; with a universe, companies too; else the reason."""
    documents, out = tmp_path / "documents.jsonl", tmp_path / "out.jsonl"
    texts = [
        {"document_id": "d1", "language": "nb",
         "title": "Fjellbro Teknikk AS kjøper Nordlys Bygg AS for 12 millioner kroner",
         "text": "Fjellbro Teknikk AS overtar alle ansatte."},
        {"document_id": "d2", "title": "Regn i morgen", "text": "Det blir regn på Vestlandet i morgen."},
    ]  # fmt: skip
    documents.write_text("".join(json.dumps(t) + "\n" for t in texts), encoding="utf-8")
    detect_file(documents, out, universe=None)
    first, second = (json.loads(line) for line in out.read_text(encoding="utf-8").splitlines())
    (event,) = first["events"]
    assert event["type"] == "acquisition"
    assert event["roles"] == {"acquirer": ["Fjellbro Teknikk AS"], "target": ["Nordlys Bygg AS"]}
    assert event["attributes"]["amount"] == 12_000_000
    start, end = event["sentence"]
    assert event["quote"].strip("… ")[:20] in (texts[0]["title"] + "\n" + texts[0]["text"])[start:end]
    assert (second["document_id"], second["events"]) == ("d2", [])
    assert second["outcome"]

    said = out.read_bytes()
    nobody = tmp_path / "nobody.csv"
    nobody.write_text("org_id,name\n1,Ganske Andre Folk AS\n", encoding="utf-8")
    detect_file(documents, out, universe=nobody)
    others = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    plain = [json.loads(line) for line in said.splitlines()]
    assert [[e["quote"] for e in o["events"]] for o in others] == [[e["quote"] for e in o["events"]] for o in plain]

    detect_file(documents, out, universe=universe)
    linked = json.loads(out.read_text(encoding="utf-8").splitlines()[0])
    (acquirer,) = linked["events"][0]["roles"]["acquirer"]
    assert (acquirer["text"], acquirer["org_id"], acquirer["decision"]) == ("Fjellbro Teknikk AS", "1", "accept")
    assert all({"org_id", "probability", "decision"} <= mention.keys() for mention in linked["mentions"])


def test_fit_writes_bounds_and_reasons(universe: Path, tmp_path: Path) -> None:
    """A company of which all is known has one number; where something is unknown it is a range, with the look-up."""
    out = tmp_path / "fit.csv"
    fit_file(universe, out, profile="facility-services-norway")
    rows = {row["org_id"]: row for row in read(out)}
    assert rows["1"]["verdict"] == "fits"
    assert rows["3"]["verdict"] == "does_not_fit"
    assert float(rows["2"]["lower"]) < float(rows["2"]["upper"])
    unknown = [c for c in json.loads(rows["2"]["criteria"]) if c["state"] == "unknown"]
    assert unknown
    assert all(c["lookup"] for c in unknown)
    assert rows["1"]["profile_version"] == rows["4"]["profile_version"]


def test_a_person_may_rule_pairs_out_and_ask_for_one_query_each(universe: Path, tmp_path: Path) -> None:
    """A pair that is known to be different is never an answer; one to one accepts only the surest query."""
    queries, never, out = tmp_path / "queries.csv", tmp_path / "never.csv", tmp_path / "out.csv"
    queries.write_text("query_id,name\na,Fjellbro Teknikk AS\nb,Fjellbro Tekknikk AS\nc,Polderwerk\n", encoding="utf-8")
    never.write_text("name,org_id\nPolderwerk BV,4\n", encoding="utf-8")
    match_files(universe, queries, out, MatchRules(never, one_to_one=True))
    rows = {row["query_id"]: row for row in read(out)}
    assert [rows[key]["decision"] for key in "abc"] == ["accept", "review", "reject"]
    assert rows["c"]["org_id"] == ""


def test_an_id_given_twice_is_refused(universe: Path, tmp_path: Path) -> None:
    """An answer is found by its query's id; the message names the file, the id and the rows."""
    queries = tmp_path / "queries.csv"
    queries.write_text("query_id,name\na,Fjellbro\nb,Polderwerk\na,Nordlys Bygg\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"queries.csv: query_id: 'a' is the id of 2 queries \(rows 1, 3\)"):
        match_files(universe, queries, tmp_path / "out.csv")


def test_a_document_given_twice_is_refused(tmp_path: Path) -> None:
    """Nobody could tell their events apart; the line is named and no answer is left behind."""
    documents, out = tmp_path / "documents.jsonl", tmp_path / "out.jsonl"
    line = json.dumps({"document_id": "d1", "title": "Fjordtank AS", "text": ""})
    documents.write_text(f"{line}\n{line}\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"line 2: document_id.*'d1' is also on line 1"):
        detect_file(documents, out, universe=None)
    assert not out.exists()


@pytest.mark.parametrize("empty", ["", " "])
def test_a_row_without_an_id_is_refused(universe: Path, tmp_path: Path, empty: str) -> None:
    """Of queries, of the universe, wherever it is read: the message names file, row and column."""
    queries, nameless, out = tmp_path / "queries.csv", tmp_path / "nameless.csv", tmp_path / "out.csv"
    queries.write_text(f"query_id,name\na,Fjellbro\n{empty},Polderwerk\n", encoding="utf-8")
    nameless.write_text(f"org_id,name\n{empty},Fjellbro\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"queries.csv: row 2, column query_id: empty"):
        match_files(universe, queries, out)
    for work in (lambda: match_files(nameless, None, out), lambda: explain_match(nameless, "Fjellbro")):
        with pytest.raises(DeclarationError, match=r"nameless.csv: row 1, column org_id: empty"):
            work()
    assert not out.exists()


def test_what_is_read_is_not_written_over(universe: Path) -> None:
    """A slip of the hand does not cost the list."""
    with pytest.raises(UsageError, match="is read as well"):
        match_files(universe, None, universe.parent / "." / universe.name)
    assert universe.read_text(encoding="utf-8") == UNIVERSE


def test_match_says_which_countries_it_could_not_read(universe: Path, tmp_path: Path) -> None:
    """A country that is no code counts as unknown, and the answer says so with an example and what is allowed."""
    queries, out = tmp_path / "queries.csv", tmp_path / "out.csv"
    queries.write_text("query_id,name,country\na,Fjellbro,Norge\nb,Polderwerk,nl\n", encoding="utf-8")
    says = match_files(universe, queries, out)
    assert f"{queries}: country: 1 values count as unknown, such as 'Norge'; allowed: two letters" in says
    assert str(universe) not in says


def test_fit_says_what_it_could_not_read(tmp_path: Path) -> None:
    """A number that is none counts as unknown, and the answer says so with an example."""
    universe, out = tmp_path / "universe.csv", tmp_path / "out.csv"
    universe.write_text(
        "org_id,name,country,employees,industry,industry_codeset\n"
        "1,A AS,NO,about ten,43.21,SN2025\n2,B AS,NO,64,43.21,SN25\n",
        encoding="utf-8",
    )
    says = fit_file(universe, out, profile="facility-services-norway")
    assert "employees: 1 values cannot be read and count as unknown, such as 'about ten'" in says
    assert "industry_codeset: not known: 'SN25'; their codes count as unknown; allowed: NACE2, " in says
    assert len(read(out)) == 2
