from __future__ import annotations

import json

from salestrigger.matchers.lexicon import load_lexicon
from tests.gate import (
    CASES,
    FLOORS,
    WHOLE,
    broken_floors,
    groups_of,
    is_held_out,
    is_press,
    load_cases,
    score,
    set_of,
    wrong,
)


def test_labelled_cases_stay_above_their_floors() -> None:
    """Type F1, precision, roles and modality per language; ``python -m tests.gate --raise`` lifts the floors."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    assert broken_floors(score(load_cases(), load_lexicon()), floors) == []


def test_there_are_floors_for_every_language_with_cases() -> None:
    """A language whose cases were dropped would otherwise pass unseen."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    names = {"all", *(path.stem for path in CASES.glob("??.jsonl"))}
    press = {f"{kind} {half} {name}" for kind in ("press", "fresh") for half in ("open", "held out") for name in names}
    blind = {f"press blind {path.stem[:2]}" for path in CASES.glob("*_press_blind.jsonl")}
    later = [case for case in load_cases() if is_press(case) and set_of(case) in ("third", "fourth", "fifth")]
    press |= {name for case in later for name in groups_of(case)}
    assert set(floors) == {"held_out", *names, *press, *blind}


def test_half_of_the_press_cases_are_held_out() -> None:
    """Every language has both halves of its press cases, and sixty cases in all."""
    cases = load_cases()
    for language in {case["language"] for case in cases}:
        own = [case for case in cases if case["language"] == language]
        press = [case for case in own if is_press(case) and set_of(case) not in WHOLE]
        assert len(own) >= 60, language
        assert 0.35 <= sum(is_held_out(case) for case in press) / len(press) <= 0.65, language


def test_what_went_wrong_is_shown_for_open_cases_only() -> None:
    """Reading the table must not spoil the cases held out."""
    cases = [case for case in load_cases() if is_press(case) and case["language"] == "nl"]
    blind = [case | {"events": [{"type": "tender", "modality": "denied", "roles": {}}]} for case in cases]
    told = {line.split()[0] for line in wrong(blind, load_lexicon())}
    assert told == {case["document_id"] for case in cases if not is_held_out(case)}


def test_a_broken_floor_is_told() -> None:
    """The gate can fail."""
    assert broken_floors({"nl": {"type_f1": 0.5}}, {"nl": {"type_f1": 0.6}}) == ["nl type_f1: 0.5 is below 0.6"]


def test_a_third_of_the_cases_tell_of_nothing() -> None:
    """Negatives are as much of the exam as events, in every language."""
    cases = load_cases()
    for language in {case["language"] for case in cases}:
        own = [case for case in cases if case["language"] == language]
        assert sum(not case["events"] for case in own) >= 0.3 * len(own), language
