"""Any mode of the second reader can be scored on any labelled file; what is asked for wrongly is said in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.second_reader import main

CASES = [
    {"document_id": "told", "title": "Brackwater Foods reportedly buys Pennine Pies, sources say", "text": "",
     "events": [{"type": "acquisition", "modality": "rumour", "attributes": {},
                 "roles": {"acquirer": ["Brackwater Foods"], "target": ["Pennine Pies"]}}]},
    {"document_id": "other", "title": "Pennine Pies acquired taste is a contract with Skipton", "text": "",
     "events": [{"type": "contract", "modality": "announced", "attributes": {},
                 "roles": {"vendor": ["Pennine Pies"], "customer": ["Skipton"]}}]},
    {"document_id": "quiet", "title": "Sun expected at the weekend", "text": ""},
]  # fmt: skip


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(case) + "\n" for case in CASES), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("mode", "says"),
    [("rules", "all  precision 0.500"), ("doubtful", "given 1 of 3 documents"), ("wide", "type_f1 1.000")],
)
def test_each_mode_is_scored(cases: Path, mode: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The labels as reader put right what the rules have wrong, as far as the mode asks."""
    assert main(["score", str(cases), "--mode", mode, "--reader", "labels"]) == 0
    assert says in capsys.readouterr().out


def test_what_the_rules_find_is_written_too(cases: Path, tmp_path: Path) -> None:
    """For a scorer of one's own, also without a reader."""
    out = tmp_path / "out.jsonl"
    assert main(["predict", str(cases), "-o", str(out), "--mode", "rules"]) == 0
    told, _, quiet = (json.loads(line) for line in out.read_text(encoding="utf-8").splitlines())
    assert ([event["type"] for event in told["events"]], quiet["events"]) == (["acquisition"], [])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["score", "CASES", "--mode", "wide"], "--mode wide asks somebody"),
        (["predict", "CASES", "--mode", "rules"], "-o OUT"),
        (["score", "BROKEN", "--mode", "rules"], "line 2 is no JSON object"),
    ],
)
def test_what_is_wrong_is_said(
    cases: Path, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a message of the command, with exit code 2."""
    broken = cases.with_name("broken.jsonl")
    broken.write_text("{}\n[1]\n", encoding="utf-8")
    paths = {"CASES": str(cases), "BROKEN": str(broken)}
    with pytest.raises(SystemExit) as ended:
        main([paths.get(word, word) for word in arguments])
    assert ended.value.code == 2
    assert says in capsys.readouterr().err
