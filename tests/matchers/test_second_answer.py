"""An answer of a second reader is believed only as far as the article bears it out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salestrigger.matchers.answer_form import AnswerError, is_answer
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.second_answer import Read, read_answer
from salestrigger.matchers.types import Mention
from tests.matchers.event_texts import document, roles_of

TITLE = "Brackwater Foods buys Pennine Pies"
TEXT = (
    "Brackwater Foods has agreed to buy Pennine Pies for £14m. Rhona Gale stays on as managing director. "
    "All 120 staff keep their jobs when the deal closes on 1 July."
)
DEAL: dict[str, Any] = {
    "type": "acquisition",
    "modality": "announced",
    "quote": "Brackwater Foods has agreed to buy Pennine Pies for £14m",
    "roles": [{"role": "acquirer", "name": "Brackwater Foods"}, {"role": "target", "name": "Pennine Pies"}],
    "attributes": [{"key": "amount", "text": "£14m"}],
}


def read(answer: Any, *, mentions: tuple[Mention, ...] = (), title: str = TITLE, text: str = TEXT) -> Read:
    """The answer (JSON, unless it is a text) to the article above."""
    said = answer if isinstance(answer, str) else json.dumps(answer)
    found = document(title, text)
    return read_answer(said, found, lexicon=load_lexicon(), language="en", mentions=mentions, model="tiny")


def one(**changes: Any) -> Read:
    """The deal with some keys changed."""
    return read({"events": [DEAL | changes]})


def test_an_honest_answer_becomes_an_event_with_our_own_offsets() -> None:
    """Type, modality, roles, amount as a number, quote and date; every place is where the words really stand."""
    (event,) = read({"events": [DEAL]}).events
    full = f"{TITLE}\n{TEXT}"
    assert (event.type, event.modality) == ("acquisition", "announced")
    assert roles_of(event) == {"acquirer": ["Brackwater Foods"], "target": ["Pennine Pies"]}
    assert {(a.key, a.value, a.unit) for a in event.attributes} == {
        ("amount", "14000000", "GBP"), ("currency", "GBP", None),
    }  # fmt: skip
    assert all(full[r.start : r.end] == r.surface for r in event.roles)
    assert full[slice(*event.quote_span)] == event.quote
    assert event.evidence[0].value == "tiny"


def test_it_has_the_id_that_the_rules_would_give() -> None:
    """Whoever reads the article: the same document, type and subject are the same event."""
    from tests.matchers.event_texts import events_in

    (rules,) = (e for e in events_in(TITLE, TEXT) if e.type == "acquisition")
    assert read({"events": [DEAL]}).events[0].event_id == rules.event_id


@pytest.mark.parametrize(
    "wrapped",
    [
        "```json\n{}\n```",
        "Here is what I found:\n```\n{}\n```\nAnything else?",
        "<think>It says that they buy it.</think>\n{}",
        "  {}  ",
    ],
)
def test_a_fence_or_a_thought_around_the_answer_is_no_harm(wrapped: str) -> None:
    """Small models wrap what they say; one JSON object is one JSON object."""
    assert len(read(wrapped.replace("{}", json.dumps({"events": [DEAL]}))).events) == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("The article says that Brackwater buys Pennine Pies.", "no_json"),
        ("", "no_json"),
        ('{"events": [', "no_json"),
        ("[" * 100_000, "wrong_shape"),
        ("[" * 50_000, "no_json"),
        ("[]", "wrong_shape"),
        ('{"event": []}', "wrong_shape"),
        ('{"events": ["acquisition"]}', "wrong_shape"),
        ('{"events": "' + "x" * 70_000 + '"}', "wrong_shape"),
        ("```\n{}\n```\n```\n{}\n```", "no_json"),
    ],
)
def test_what_is_no_answer_is_said_so(answer: str, reason: str) -> None:
    """Prose, half an object, endless nesting, another form, an endless text: a stable word, never an exception."""
    with pytest.raises(AnswerError) as caught:
        read(answer)
    assert caught.value.reason == reason
    assert not is_answer(answer)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"type": "takeover"}, "unknown_type"),
        ({"type": 7}, "unknown_type"),
        ({"modality": "certain"}, "unknown_modality"),
        ({"modality": None}, "unknown_modality"),
        ({"quote": "Brackwater Foods swallows Pennine Pies whole"}, "quote_not_in_text"),
        ({"quote": ["a"]}, "quote_not_in_text"),
        ({"roles": [{"role": "acquirer", "name": "Umbrella Holdings"}]}, "invented_name"),
        ({"roles": [{"role": "acquirer", "name": "rackwater Foods"}]}, "invented_name"),
        ({"roles": []}, "no_subject"),
        ({"roles": "Brackwater Foods"}, "no_subject"),
        ({"roles": [{"role": "landlord", "name": "Brackwater Foods"}]}, "no_subject"),
        ({"roles": [{"role": "seller", "name": "Brackwater Foods"}]}, "no_subject"),
        ({"roles": [{"role": "acquirer", "name": "the deal"}]}, "no_subject"),
    ],
)
def test_an_event_that_the_article_does_not_bear_out_is_left_out(changes: dict[str, Any], reason: str) -> None:
    """Words outside the declared lists, invented names and quotes, nobody named: each with its reason."""
    assert one(**changes) == Read((), ((str((DEAL | changes)["type"]), reason),), one(**changes).dropped)


def test_its_siblings_stand() -> None:
    """One invented event among honest ones costs only itself."""
    invented = DEAL | {"roles": [{"role": "acquirer", "name": "Umbrella Holdings"}]}
    found = read({"events": [invented, DEAL]})
    assert [e.type for e in found.events] == ["acquisition"]
    assert found.refused == (("acquisition", "invented_name"),)


def test_offsets_in_an_answer_are_not_looked_at() -> None:
    """Models count badly: whatever numbers they add, the places are found by us."""
    role = {"role": "acquirer", "name": "Brackwater Foods", "start": 4_000, "end": -1}
    (event,) = one(roles=[role], sentence=[999, 12], quote_span="x").events
    assert event.roles[0].start == TITLE.index("Brackwater") or event.roles[0].start > len(TITLE)


@pytest.mark.parametrize(
    ("key", "text", "why"),
    [
        ("amount", "£40m", "value_not_in_text"),
        ("amount", "14000000", "value_not_in_text"),
        ("amount", "Pennine Pies", "value_not_in_text"),
        ("person", "Rhona Gale", "attribute_of_another_type"),
        ("mood", "glad", "attribute_of_another_type"),
    ],
)
def test_a_value_that_cannot_be_read_in_the_article_is_dropped(key: str, text: str, why: str) -> None:
    """The event stays, without the value; what was dropped is counted."""
    found = one(attributes=[{"key": key, "text": text}])
    assert found.events[0].attributes == ()
    assert found.dropped == {why: 1}


def test_a_role_beside_the_quote_widens_the_sentence() -> None:
    """ "The company will move" grounds its company in the sentence before; a name further away stays empty."""
    text = "Pennine Pies has grown. The company will move to York. That pleases the town. Skipton Dairy is not glad."
    moving = {
        "type": "relocation", "modality": "planned", "quote": "The company will move to York",
        "roles": [{"role": "organization", "name": "Pennine Pies"}],
        "attributes": [{"key": "location", "text": "York"}],
    }  # fmt: skip
    (event,) = read({"events": [moving]}, title="A town is glad", text=text).events
    full = f"A town is glad\n{text}"
    assert full[slice(*event.sentence)].startswith("Pennine Pies has grown. The company will move")
    assert event.sentence[0] <= event.roles[0].start < event.sentence[1]
    far = moving | {"roles": [{"role": "organization", "name": "Skipton Dairy"}]}
    assert read({"events": [far]}, title="A town is glad", text=text).refused == (("relocation", "no_subject"),)


def test_a_role_inside_a_spotted_name_carries_its_mention() -> None:
    """The name is looked up as it was spotted, in its full form."""
    start = TITLE.index("Pennine")
    mention = Mention("men_1", "doc", "Pennine Pies", start, start + 12, "title", "known", ("org_1",))
    part = DEAL | {"quote": TITLE, "roles": [{"role": "target", "name": "Pennine"}]}
    (event,) = read({"events": [part]}, mentions=(mention,)).events
    assert (event.roles[0].surface, event.roles[0].mention_id) == ("Pennine Pies", "men_1")


def test_roles_as_an_object_of_lists_are_understood() -> None:
    """Some models prefer {"acquirer": ["…"]}."""
    (event,) = one(roles={"acquirer": ["Brackwater Foods"], "target": "Pennine Pies"}, attributes={}).events
    assert roles_of(event) == {"acquirer": ["Brackwater Foods"], "target": ["Pennine Pies"]}


def test_a_list_without_end_is_cut() -> None:
    """An article has no thousand events."""
    found = read({"events": [DEAL | {"type": t} for t in ("acquisition", "merger") * 50]})
    assert ("", "too_many") in found.refused
    assert len(found.events) + len(found.refused) <= 13


_ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from([TITLE, "acquisition", "acquirer"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["events", *DEAL, "role", "name", "key", "text"]), inner, max_size=5)
    ),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_ANYTHING, max_size=4))
def test_any_json_comes_to_an_end(events: list[Any]) -> None:
    """Whatever the types: events that stand in the article, refusals, or a word for why there is no answer."""
    answer = json.dumps({"events": events})
    if not is_answer(answer):
        with pytest.raises(AnswerError, match=r"no_json|wrong_shape"):
            read(answer)
        return
    found = read(answer)
    assert all(f"{TITLE}\n{TEXT}"[r.start : r.end] == r.surface for e in found.events for r in e.roles)
