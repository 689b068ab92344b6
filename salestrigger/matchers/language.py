"""In which language a text is: the source's own word first, else the words of the text. Deterministic.

Frequent words decide; where they are too few, the words of our phrases; and where those are, a classifier (py3langid).
Bokmål, Nynorsk and Danish have most of those words in common, and the classifier mixes them up: between them the words
and spellings decide that one or two of them have and the others have not (ikke, ikkje; av, af; -sjon, -tion; ei, ej),
counted over the text. What is measured: ``python -m benchmarks.languages``.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.sources.records import Document

LANGUAGES = ("da", "de", "en", "fi", "nb", "nl", "nn", "sv")
HEAD = 500  #: characters that are read; the figure hardly gains from more
MORE = 2_000  #: characters that are read where frequent words leave a doubt: the classifier takes a second to load
SURE = 3  #: frequent words that only one language has, and at most half as many of any other: then it is that one
_ALIASES = {
    "no": "nb",
    "nob": "nb",
    "nno": "nn",
    "nor": "nb",
    "dut": "nl",
    "nld": "nl",
    "eng": "en",
    "swe": "sv",
    "dan": "da",
}
_WORD = re.compile(r"[^\W\d_]+")
_NO_WORD = re.compile(r"\{[^}]*\}|\$\w+|@\w+|\w*\*\w*")  #: of a phrase: slots, sets, tags, parts of words
_HEADLINE = 8  #: words: where there are fewer, one that only one language has is enough
_KIN = ("nb", "nn", "da")  #: told apart by what their declarations tell
_WORD_COUNTS, _FORM_COUNTS = 3, 1  #: what a telling word and a telling form weigh; a word of the vocabulary as the form
_SHORT = 4  #: letters: a shorter word's spelling says nothing
Shares = tuple[int, ...]  #: one per kin, in their order


def language_of(document: Document) -> str:
    """The language as ``nl``, ``nb``, ``nn``, ``en``, ``sv``, ``da``, ``de`` or ``fi``; ``und`` without words.

    A declared language (BCP 47) is taken at its word when it is one of ours, except plain ``no``, which says Norwegian
    without saying which; one that is not ours comes back as declared, so that nothing reads it as something else.
    """
    declared = (document.language or "").lower().replace("_", "-").split("-")[0]
    text = f"{document.title[:HEAD]}\n{document.text[:MORE]}"[:MORE]
    if declared in ("no", "nor"):
        return _norwegian(text[:HEAD])
    declared = _ALIASES.get(declared, declared)
    return declared or detect_language(text)


def detect_language(text: str) -> str:
    """The language of a text that does not state it."""
    words = _WORD.findall(text[:HEAD].lower())
    if not words:
        return "und"
    if plain := _by_function_words(words):
        return plain
    if len(text) > HEAD and (plain := _by_function_words(_WORD.findall(text[:MORE].lower()))):
        return plain
    small = [word for word in _WORD.findall(text[:HEAD]) if word.islower()]  # a name may be a word of any language
    if plain := _most(small, _all_words(), 1 if len(words) < _HEADLINE else 2):
        return plain
    # upper-case letters are features of their own to the classifier: headlines in capitals would mislead it
    label = str(_classifier().classify(text[:HEAD].lower() if text.isupper() else text[:HEAD])[0])
    label = _ALIASES.get(label, label)
    return _nearest(words, label) if label in _KIN else label


def _by_function_words(words: list[str]) -> str:
    """The language whose frequent words the text has, where they leave no doubt; empty otherwise. Some fifty times
    as fast as the classifier."""
    return _most(words, _own_words(), SURE)


def _most(words: list[str], table: Mapping[str, str], least: int) -> str:
    """The language of most of the words, when it has that many and twice as many as the next; empty otherwise."""
    counts = Counter(table[word] for word in words if word in table)
    (best, count), *others = (*counts.most_common(2), ("", 0))
    if count < least or count < 2 * others[0][1]:
        return ""
    return _nearest(words, "") if best == _KIN[0] else best


def _nearest(words: Iterable[str], guess: str) -> str:
    """Which of the kin the words speak for; where two are level, the guess, and without one nothing."""
    told = dict(zip(_KIN, (sum(column) for column in zip(*map(_shares, words), strict=True)), strict=True))
    level = [name for name, count in told.items() if count == max(told.values())]
    return level[0] if len(level) == 1 else guess


@functools.cache
def _own_words() -> dict[str, str]:
    """Frequent words that only one language has → that language; the kin count as one, by their first name."""
    return _of_one({name: one.function_words for name, one in load_lexicon().languages.items()})


@functools.cache
def _all_words() -> dict[str, str]:
    """As :func:`_own_words`, of all words that the languages and the phrases of the types have."""
    lexicon = load_lexicon()
    phrases = (t.phrases for t in lexicon.types.values())
    told: dict[str, list[str]] = {name: [] for name in lexicon.languages}
    for of_type in phrases:
        for name, texts in of_type.items():
            told[name] += _WORD.findall(_NO_WORD.sub(" ", "\n".join(texts)))
    return _of_one(
        {
            name: (*one.function_words, *one.common_words, *one.telling_words, *told[name])
            for name, one in lexicon.languages.items()
        }
    )


def _of_one(words: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Words that only one language has → that language; the kin count as one, by their first name."""
    found: dict[str, str] = {}
    for name, its in words.items():
        group = _KIN[0] if name in _KIN else name
        for word in its:
            found[word] = group if found.get(word, group) == group else ""
    return {word: name for word, name in found.items() if name}


def _norwegian(text: str) -> str:
    shares = [_shares(word) for word in _WORD.findall(text.lower())]
    nb, nn = (sum(share[_KIN.index(name)] for share in shares) for name in ("nb", "nn"))
    return "nn" if nn > nb else "nb"


@functools.lru_cache(maxsize=20_000)
def _shares(word: str) -> Shares:
    """What a lower-case word says for each of the kin."""
    known = _kin_words().get(word)
    if known is not None:
        return known
    said = (0 if len(word) < _SHORT else _FORM_COUNTS * bool(form.fullmatch(word)) for form in _kin_forms())
    return tuple(said)


@functools.cache
def _kin_words() -> dict[str, Shares]:
    """The kin's telling words and, weaker, the other words of their vocabularies → what each says for whom."""
    kin = [load_lexicon().languages[name] for name in _KIN]
    weak = [frozenset((*one.function_words, *one.common_words)) for one in kin]
    telling = [frozenset(one.telling_words) for one in kin]
    found = {word: tuple(_FORM_COUNTS * (word in words) for words in weak) for word in frozenset().union(*weak)}
    return found | {
        word: tuple(_WORD_COUNTS * (word in words) for words in telling) for word in frozenset().union(*telling)
    }


@functools.cache
def _kin_forms() -> tuple[re.Pattern[str], ...]:
    """Per kin one expression of all its telling forms."""
    kin = (load_lexicon().languages[name].telling_forms for name in _KIN)
    return tuple(re.compile("|".join(re.escape(form).replace(r"\*", ".*") for form in forms)) for forms in kin)


@functools.cache
def _classifier() -> Any:
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_DIR / MODEL_FILE)
    identifier.set_languages(["da", "de", "en", "fi", "nl", "nn", "no", "sv"])
    return identifier
