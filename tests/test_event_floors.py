from __future__ import annotations

import json

from salestrigger.matchers.lexicon import load_lexicon
from tests.gate import CASES, FLOORS, broken_floors, load_cases, score


def test_labelled_cases_stay_above_their_floors() -> None:
    """Type F1, precision, roles and modality per language; ``python -m tests.gate --raise`` lifts the floors."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    assert broken_floors(score(load_cases(), load_lexicon()), floors) == []


def test_there_are_floors_for_every_language_with_cases() -> None:
    """A language whose cases were dropped would otherwise pass unseen."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    assert set(floors) == {"all", "held_out", *(path.stem for path in CASES.glob("*.jsonl"))}


def test_a_broken_floor_is_told() -> None:
    """The gate can fail."""
    assert broken_floors({"nl": {"type_f1": 0.5}}, {"nl": {"type_f1": 0.6}}) == ["nl type_f1: 0.5 is below 0.6"]


def test_a_third_of_the_cases_tell_of_nothing() -> None:
    """Negatives are as much of the exam as events, in every language."""
    cases = load_cases()
    for language in {case["language"] for case in cases}:
        own = [case for case in cases if case["language"] == language]
        assert sum(not case["events"] for case in own) >= 0.3 * len(own), language
