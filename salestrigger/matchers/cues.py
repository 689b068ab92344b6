"""The wide, cheap filter before a second reader: may this text tell of an event at all?

A text passes when the rules found an event or refused one by judgement (doubtful, negated …), or when all the cue words
of some phrase, in whatever order, stand in its title or first sentence, and a name that may be an organisation's in one
of the two. It knows nothing that the rules do not know: no word list of its own. Recall and share:
``python -m benchmarks.second_reader filter``.
"""

from __future__ import annotations

import functools
import re

from salestrigger.matchers.encode import Line
from salestrigger.matchers.lexicon import Lexicon
from salestrigger.matchers.patterns import Infinitives, Pattern, PatternError, compile_pattern
from salestrigger.matchers.trace import Trace

#: outcomes of the rules that mean: a phrase matched as a whole, and was judged
JUDGED = frozenset(
    {"event", "doubtful", "excluded", "hypothetical", "negated", "historical", "homonym", "opinion"}
)  # fmt: skip
_ORGANISATION = frozenset("OQK")  #: kinds of names that may be an organisation's
_VALUES = frozenset("MRNYPL")  #: kinds of values and of other names
#: a role or value, a gap, a tag, what need not be there
_NO_CUE = re.compile(r"\{[^{}]*\}\??|\([^()]*\)\?|\.\.\.?(?=\s|$)|@[a-z_]+")
_CUE = re.compile(r"\([^()]*\)|\$[a-z_]+|[^\s(){}]+")


def passes(outcome: str, trace: Trace, lexicon: Lexicon) -> bool:
    """Whether a second reader should see the text whose detection ended with ``outcome`` and left ``trace``."""
    if outcome in JUDGED:
        return True
    has_title = any(sentence.number == 0 for sentence in trace.sentences)
    head = 1 if has_title else 2  # a text without a headline says it in its first two sentences
    if not any(_has_name(trace, number) for number in range(head + 1)):
        return False
    return any(_has_phrase(trace, number, lexicon) for number in sorted(trace.phrases) if number <= head)


def in_headline(trace: Trace, lexicon: Lexicon) -> bool:
    """Whether the headline alone has all the cue words of a phrase, and a name: no event there is worth a doubt."""
    return 0 in trace.phrases and _tells(trace, 0, lexicon)


def _tells(trace: Trace, number: int, lexicon: Lexicon) -> bool:
    return _has_name(trace, number) and _has_phrase(trace, number, lexicon)


def _has_name(trace: Trace, number: int) -> bool:
    line = trace.line(number)
    return line is not None and not line.kinds.isdisjoint(_ORGANISATION)


def _has_phrase(trace: Trace, number: int, lexicon: Lexicon) -> bool:
    line = trace.line(number)
    if line is None or trace.reader is None:
        return False
    chain = trace.reader.chain
    return any(_has_cues(pattern, line, lexicon, chain) for _type, pattern in trace.phrases[number])


def _has_cues(pattern: Pattern, line: Line, lexicon: Lexicon, chain: tuple[str, ...]) -> bool:
    """All the words that the phrase cannot do without, and the values (money, a number …) that it speaks of."""
    if any(_VALUES.issuperset(need) and line.kinds.isdisjoint(need) for need in pattern.needs):
        return False
    return all(cue.search(line.text) for cue in _cues(pattern.source, lexicon, chain))


@functools.lru_cache(maxsize=20_000)
def _cues(source: str, lexicon: Lexicon, chain: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """The literal pieces of a phrase, each as an expression of its own over an encoded sentence."""
    sets = {name: words for language in reversed(chain) for name, words in lexicon.sets(language).items()}
    verbs = {verb: form for known in reversed(chain) for verb, form in lexicon.languages[known].infinitives.items()}
    found = []
    for piece in _CUE.findall(_NO_CUE.sub(" ", source)):
        try:
            found.append(
                re.compile(compile_pattern(piece, sets, lambda _slot: False, infinitives=Infinitives(verbs)).regex)
            )
        except PatternError:
            continue  # one letter only ("i", "å"): says nothing by itself
    return tuple(found)
