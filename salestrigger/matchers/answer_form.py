"""The form of a second reader's answer: JSON out of whatever was sent, and words found literally in an article.

Bounded for any text. It knows no event types and believes nothing.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from typing import Any

MOST_TEXT = 60_000  #: characters of an answer that are looked at
MOST_ITEMS = 20  #: roles, and attributes, of one event
LONGEST = 400  #: characters of a name, value or quote
_FENCE = re.compile(r"```[a-zA-Z]{0,10}\s*\n(.*?)```", re.DOTALL)
_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)


class AnswerError(ValueError):
    """An answer that is no answer; ``reason`` is a stable word: no_json, wrong_shape."""

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason = reason
        super().__init__(f"{reason}: {detail}" if detail else reason)


def is_answer(text: str) -> bool:
    """Whether an answer is of the agreed form, whatever it says."""
    try:
        events_of(text)
    except AnswerError:
        return False
    return True


def events_of(text: str) -> list[Mapping[str, Any]]:
    """The events as said, unchecked.

    Raises:
        AnswerError: it is no JSON, or not of the agreed form.
    """
    value = _json(text)
    events = value.get("events") if isinstance(value, dict) else None
    if not isinstance(events, list):
        raise AnswerError("wrong_shape", "no list of events")
    if not all(isinstance(event, dict) for event in events):
        raise AnswerError("wrong_shape", "an event that is no object")
    return events


def _json(text: str) -> Any:
    """The one JSON value of an answer: alone, after a thought, or in a single code fence."""
    if len(text) > MOST_TEXT:
        raise AnswerError("wrong_shape", f"{len(text)} characters; allowed: {MOST_TEXT}")
    body = _THOUGHT.sub("", text).strip()
    fenced = _FENCE.findall(body)
    if len(fenced) == 1:
        body = fenced[0]
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise AnswerError("no_json", repr(body[:60])) from None


def pairs_of(value: Any, key: str, text: str) -> list[tuple[str, str]]:
    """``[{"role": "acquirer", "name": "…"}]`` as pairs; also ``{"acquirer": ["…"]}``, which some models prefer."""
    if isinstance(value, dict):
        value = [
            {key: name, text: said} for name, texts in value.items()
            for said in (texts if isinstance(texts, list) else [texts])
        ]  # fmt: skip
    if not isinstance(value, list):
        return []
    items = [item for item in value[:MOST_ITEMS] if isinstance(item, dict)]
    return [(i[key], i[text]) for i in items if isinstance(i.get(key), str) and isinstance(i.get(text), str)]


def find(full: str, said: Any, area: tuple[int, int] | None = None) -> tuple[int, int] | None:
    """Where words stand literally (only white space may differ), beginning where a word begins; None: nowhere."""
    if not isinstance(said, str) or not said.strip() or len(said) > LONGEST:
        return None
    match = _words(said.strip()).search(full, *(area or (0, len(full))))
    return match.span() if match else None


@functools.lru_cache(maxsize=256)
def _words(said: str) -> re.Pattern[str]:
    body = r"\s{1,5}".join(re.escape(word) for word in said.split())
    return re.compile((r"(?<!\w)" if said[0].isalnum() else "") + body)
