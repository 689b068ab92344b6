"""In which language a text is: the source's own word first, else the words of the text. Deterministic.

py3langid knows Norwegian (``no``) and nynorsk (``nn``) but mixes them with Danish in short texts; there the frequent
words that only one of the three has decide.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from typing import Any

from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.sources.records import Document

LANGUAGES = ("da", "de", "en", "fi", "nb", "nl", "nn", "sv")
HEAD = 500  #: characters that are read; the figure hardly gains from more
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
_KIN = ("nb", "nn", "da")  #: told apart by their declarations' ``telling_words``


def language_of(document: Document) -> str:
    """The language as ``nl``, ``nb``, ``nn``, ``en``, ``sv``, ``da``, ``de`` or ``fi``; ``und`` without words.

    A declared language (BCP 47) is taken at its word when it is one of ours, except plain ``no``, which says Norwegian
    without saying which; one that is not ours comes back as declared, so that nothing reads it as something else.
    """
    declared = (document.language or "").lower().replace("_", "-").split("-")[0]
    text = f"{document.title[:HEAD]}\n{document.text[:HEAD]}"[:HEAD]
    if declared in ("no", "nor"):
        return _norwegian(text)
    declared = _ALIASES.get(declared, declared)
    return declared or detect_language(text)


def detect_language(text: str) -> str:
    """The language of a text that does not state it."""
    words = _WORD.findall(text[:HEAD].lower())
    if not words:
        return "und"
    if plain := _by_function_words(words):
        return plain
    # upper-case letters are features of their own to the classifier: headlines in capitals would mislead it
    label = str(_classifier().classify(text[:HEAD].lower() if text.isupper() else text[:HEAD])[0])
    return _scandinavian(text, label) if label in ("no", "nn", "da") else label


def _by_function_words(words: list[str]) -> str:
    """The language whose frequent words the text has, where they leave no doubt; empty otherwise. Some fifty times
    as fast as the classifier."""
    table = _own_words()
    counts = Counter(table[word] for word in words if word in table)
    (best, count), *others = (*counts.most_common(2), ("", 0))
    if count < SURE or count < 2 * others[0][1]:
        return ""
    return _kin_by_words(words) if best == _KIN[0] else best


def _kin_by_words(words: list[str]) -> str:
    """Which of the kin, where its telling words outnumber those of the others by three; empty otherwise."""
    table = _unique()
    told = sorted(((sum(word in table[name] for word in words), name) for name in _KIN), reverse=True)
    return told[0][1] if told[0][0] >= told[1][0] + 3 else ""


@functools.cache
def _own_words() -> dict[str, str]:
    """Frequent words that only one language has → that language; the kin count as one, by their first name."""
    found: dict[str, str] = {}
    for name, language in load_lexicon().languages.items():
        group = _KIN[0] if name in _KIN else name
        for word in dict.fromkeys(language.function_words):
            found[word] = group if found.get(word, group) == group else ""
    return {word: name for word, name in found.items() if name}


def _norwegian(text: str) -> str:
    counts = _counts(text)
    return "nn" if counts["nn"] > counts["nb"] else "nb"


def _scandinavian(text: str, label: str) -> str:
    """Bokmål, nynorsk or Danish by the words that only one of them has; in doubt what the classifier said."""
    counts = _counts(text)
    guess = {"no": "nb"}.get(label, label)
    best = max(counts, key=lambda name: (counts[name], name == guess))
    return best if counts[best] > counts[guess] else guess


def _counts(text: str) -> dict[str, int]:
    words = [word.lower() for word in _WORD.findall(text)]
    return {name: sum(word in unique for word in words) for name, unique in _unique().items()}


@functools.cache
def _unique() -> dict[str, frozenset[str]]:
    """The telling words of each of the kin that none of the others shares."""
    languages = load_lexicon().languages
    told = {name: frozenset(languages[name].telling_words) for name in _KIN}
    return {name: words.difference(*(w for k, w in told.items() if k != name)) for name, words in told.items()}


@functools.cache
def _classifier() -> Any:
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_DIR / MODEL_FILE)
    identifier.set_languages(["da", "de", "en", "fi", "nl", "nn", "no", "sv"])
    return identifier
