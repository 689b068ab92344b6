"""``detect --explain``: for a person on the screen, for a program as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from salestrigger.flows.cli import app

ROWS = [
    {"document_id": "a", "title": "Brackwater Foods acquires Pennine Pies", "text": "", "language": "en"},
    {"document_id": "b", "title": "Ingen oppsigelser i Tindgruppen", "text": "", "language": "nb"},
    {"document_id": "c", "title": "\x1b[31mSun\u202e expected", "text": "", "language": "en"},
    {"document_id": "d", "title": "Pennine Pies launches takeover bid for Combe Cheese", "text": "", "language": "en"},
    {"document_id": "e", "title": "Teltplugg AS åpner butikk i Bodø 1. juni", "text": "", "language": "nb",
     "published_at": "2026-03-01T08:00:00Z"},
]  # fmt: skip


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


def test_a_person_reads_what_was_found_and_why(documents: Path) -> None:
    """Event, words and phrase; or the reason in plain words with its marker. No terminal codes of a stranger."""
    done = CliRunner().invoke(app, ["detect", str(documents), "--explain"])
    assert done.exit_code == 0
    assert "Acquisition (acquisition), announced" in done.output
    assert "in these words: Brackwater Foods acquires Pennine Pies" in done.output
    assert "no event: it says that it did not happen (negated)" in done.output
    assert "negation: 'Ingen'" in done.output
    assert "no word that points to an event (no_cue_word)" in done.output
    assert "not this type, by words that exclude it; excluded: 'launches takeover'" in done.output
    assert "dated ahead: 2026-06-01, right to the day" in done.output
    assert not {"\x1b", "\u202e"} & set(done.output)


def test_a_program_reads_all_of_it(documents: Path, tmp_path: Path) -> None:
    """One JSON object per document with every phrase that was tried."""
    out = tmp_path / "out.jsonl"
    assert CliRunner().invoke(app, ["detect", str(documents), "--explain", "-o", str(out)]).exit_code == 0
    told, negated, quiet, excluded, ahead = (json.loads(line) for line in out.read_text(encoding="utf-8").splitlines())
    assert told["tried"][0]["result"] == "event"
    assert told["events"][0]["evidence"][0]["feature"] == "phrase"
    assert ["negation", "Ingen"] in negated["tried"][0]["markers"]
    assert ["excluded", "launches takeover"] in [
        pair for tried in excluded["tried"] for pair in tried.get("markers", ())
    ]
    assert ahead["events"][0]["effective_on"] == "2026-06-01"
    assert (quiet["outcome"], quiet["tried"]) == ("no_cue_word", [])


def test_either_an_output_or_an_explanation(documents: Path) -> None:
    """Without both there is nothing to do; a reader explains itself by its differences, not here."""
    assert CliRunner().invoke(app, ["detect", str(documents)]).exit_code != 0
    options = ["--explain", "--reader", "http://127.0.0.1:1/v1", "--model", "tiny"]
    assert CliRunner().invoke(app, ["detect", str(documents), *options]).exit_code != 0
