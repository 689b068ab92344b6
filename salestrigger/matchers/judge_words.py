"""Words in a text: met when they are there as whole words, without case. Of one text, and of a whole column at once.

Descriptions are nearly all different, so that judging each by itself is what most of the time of a million fits goes
into. The column's way answers the same; texts with letters whose case folding is longer than one letter (ß, ligatures)
are left to the single one. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salestrigger.icp_profiles.criteria import KeywordsCriterion
from salestrigger.matchers.states import MET, NOT_MET, UNKNOWN

_BETWEEN_WORDS = re.compile(r"\W+")
#: what is no letter, number or underscore, as RE2 spells it
_APART = r"[^\p{L}\p{N}_]"
#: letters that casefold() makes longer (Unicode CaseFolding.txt, status F)
_LONGER_FOLDED = "[\u00df\u0130\u0149\u01f0\u0390\u03b0\u0587\u1e96-\u1e9e\u1f50-\u1fff\ufb00-\ufb17]"


def keywords(criterion: KeywordsCriterion) -> Callable[[str], int]:
    """Judges one text."""
    any_of = [_words(w) for w in criterion.any]
    all_of = [_words(w) for w in criterion.all]

    def judge(value: str) -> int:
        if not value.strip():
            return UNKNOWN
        text = _words(value)
        is_met = (not any_of or any(w in text for w in any_of)) and all(w in text for w in all_of)
        return MET if is_met else NOT_MET

    return judge


def _words(text: str) -> str:
    """The words with one blank around each, so that a word or phrase is found whole only."""
    return f" {_BETWEEN_WORDS.sub(' ', text.casefold())} "


def keywords_column(criterion: KeywordsCriterion, texts: pa.Array) -> npt.NDArray[np.int8]:
    """The state of each text."""
    one = keywords(criterion)
    asked = [_pattern([word]) for word in criterion.all] + ([_pattern(criterion.any)] if criterion.any else [])
    if any(not pattern for pattern in asked):  # a keyword without a letter or number
        return np.array([one(text) for text in texts.to_pylist()], dtype=np.int8)
    states = np.where(_all(texts, asked), np.int8(MET), np.int8(NOT_MET))
    blank = pc.equal(pc.utf8_trim_whitespace(texts), "").to_numpy(zero_copy_only=False)
    states[blank] = UNKNOWN
    odd = np.flatnonzero(pc.match_substring_regex(texts, _LONGER_FOLDED).to_numpy(zero_copy_only=False))
    states[odd] = [one(text) for text in texts.take(pa.array(odd)).to_pylist()]
    return states


def _all(texts: pa.Array, patterns: Sequence[str]) -> npt.NDArray[np.bool_]:
    found = np.ones(len(texts), dtype=np.bool_)
    for pattern in patterns:
        found &= pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)
    return found


def _pattern(words: Sequence[str]) -> str:
    """Any of the words or phrases as whole words, for RE2; empty when one of them has nothing to look for."""
    phrases = [_words(word).split() for word in words]
    if not all(phrases):
        return ""
    either = "|".join(f"{_APART}+".join(phrase) for phrase in phrases)
    return f"(?i)(?:^|{_APART})(?:{either})(?:{_APART}|$)"
