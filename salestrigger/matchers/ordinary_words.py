"""Which words with a capital are no name: the capital is due to the word's place, or to what kind of word it is.

Judged by the words beside it and the language's word lists. Which words are one name together, and of what, is decided
in ``name_groups.py``.
"""

from __future__ import annotations

from salestrigger.matchers.naming import Naming
from salestrigger.matchers.reader import ORGANISATION_WORDS

JOINS = frozenset({"'s", ":", "en", "og", "and", "och", "&"})  #: what follows a name rather than a noun
_NO_ARTICLE = frozenset({"bei", "von", "durch", "an", "mit"})  #: right before a name, or a noun in the plural
_INFLECTED = ("e", "en", "er", "es", "em")  #: ends of German adjectives
_ASIDES = frozenset({"which", "who", "whose", "som", "joka"})  #: after a comma: what is said of a name
_OPENERS = frozenset(":–-.|?!")  #: after these a capital says nothing


def is_ordinary(naming: Naming, at: int, *, inside: bool) -> bool:
    """A capitalised word that is no name: its capital is due to its place, or it is a title, a day or a nationality."""
    reader, low, text = naming.reader, naming.low(at), naming.tokens[at].text
    if low in reader.never_names or _position(naming, at):
        return True
    if low == "partners" and naming.low(at + 1) == "with" and naming.sentence.where == "title":
        return True  # "Acme Partners With Teasel"
    if low in reader.name_adjectives and naming.capital(at + 1):
        return False  # "Deutsche Bahn": other adjectives have no capital
    if low in reader.adjectives:
        return not inside
    plural = len(text) > 2 and text.endswith("s") and text[:-1].isupper() and not inside  # CEOs, SUVs
    if plural or (text.isupper() and low in reader.vocabulary and low not in ORGANISATION_WORDS):
        return True  # IPO, MBO, ERP
    if reader.language.nouns_capital and _common_noun(naming, at):
        return True
    starts = _starts(naming, at)
    if not (starts or naming.headline):  # "the U.S. And other partners"
        return low in reader.function_words and not inside and not naming.capital(at + 1)
    company = low in ORGANISATION_WORDS
    if naming.headline and not company and (low in reader.headline_words or f" {low} " in naming.full):
        return True  # the text writes it without a capital, or texts do
    trade = low in reader.trade_words and naming.capital(at + 1) and not inside
    if low in reader.vocabulary:
        own = naming.capital(at + 1) and not (naming.headline or low in reader.function_words)
        return not (company and (own or (inside and not naming.capital(at + 1))))  # "To Acquire Teasel Partners"
    return trade


def _position(naming: Naming, at: int) -> bool:
    """Whether the word is a person's position or opens one: "Chief Executive", but "General Motors" is a name."""
    reader, low = naming.reader, naming.low(at)
    if low not in reader.titles:
        return False
    return low in reader.title_ends or not naming.capital(at + 1) or naming.low(at + 1) in reader.titles


def _after_abbreviation(naming: Naming, at: int) -> bool:
    """Wires write a capital after the dot of "U.S." as if a sentence began."""
    before = naming.tokens[at - 1]
    return not before.code and len(before.text) > 1 and before.text.endswith(".")


def is_due_to_place(naming: Naming, at: int, end: int) -> bool:
    """Whether the capital of a single word says nothing: it opens the sentence, or follows a wire's abbreviation, as in
    "the U.S. Suggested that"."""
    if at == 0:
        return not _surely_name(naming, end)
    word = naming.tokens[at].text
    dotted = _after_abbreviation(naming, at) and naming.tokens[at - 1].text.count(".") > 1
    return dotted and word.istitle() and naming.full.count(word) < 2


def _starts(naming: Naming, at: int) -> bool:
    """Whether a capital at ``at`` is due to its place: it opens a sentence, or perhaps does ("€ 88 mln. Tegelijk")."""
    if at == 0 or naming.low(at - 1) in _OPENERS or _after_abbreviation(naming, at):
        return True
    return naming.tokens[at - 1].code.startswith("§M")


def _common_noun(naming: Naming, at: int) -> bool:
    """Where every noun has a capital: a known noun, one that is built like a noun, or one after an article, a number
    or an adjective."""
    reader, low, text = naming.reader, naming.low(at), naming.tokens[at].text
    if low in ORGANISATION_WORDS:
        return not (naming.capital(at - 1) or naming.capital(at + 1))  # "die Gruppe", but "Hanse Gruppe"
    if low in reader.given_names or low in reader.places or naming.tokens[at].compound:
        return False
    if naming.low(at - 1) in reader.not_companies and naming.tokens[at - 1].capital:
        return False  # "Landkreis Hof"
    if low in reader.vocabulary:
        return not (naming.low(at - 1) in reader.name_adjectives and naming.tokens[at - 1].capital)
    if low in reader.trade_words:  # "beim Hersteller Kranico", but "bei Ostwerft"
        return naming.capital(at + 1) or naming.low(at - 1) not in _NO_ARTICLE
    before = naming.low(at - 1) if naming.capital(at - 1) else ""
    if before in reader.name_adjectives or before in reader.given_names:
        return False  # "Silke Brandauer", whatever nouns end so
    if at and naming.tokens[at - 1].capital and naming.low(at - 1) in reader.trade_words:
        return False  # "Kranbauer Hebewerk"
    if naming.low(at - 1) == "und" and at > 1 and naming.tokens[at - 2].code[:2] in ("§O", "§Q"):
        return False  # "Autohaus Brand und Felten", "Volksbanken Hohenfels und Rieserland"
    if reader.is_noun(low) and (text[1:].islower() or "-" in text):
        return naming.low(at + 1) not in ORGANISATION_WORDS  # "Bundesminister Gabriel", but "Nordlogistik GmbH"
    return _built_as_noun(naming, at)


def _built_as_noun(naming: Naming, at: int) -> bool:
    """Whether what is around a capitalised word says that it is a noun: an article, a number, an adjective."""
    reader, text = naming.reader, naming.tokens[at].text
    if any(c.isupper() or c.isdigit() for c in text[1:]) or naming.capital(at + 1):
        return False
    if "-" in text or (at and naming.tokens[at - 1].code.startswith("§N")):
        return True
    before = naming.low(at - 1)
    adjective = len(before) > 4 and before.endswith(_INFLECTED) and before not in reader.vocabulary
    return before in reader.determiners or (adjective and not naming.capital(at - 1))


def _surely_name(naming: Naming, end: int) -> bool:
    """Whether the single capitalised word that opens a sentence is a name: it returns, is written like one, or, in a
    headline, a verb that we know follows (in a text, adverbs open sentences as often as names)."""
    word, reader = naming.tokens[0].text, naming.reader
    if f" {naming.tokens[0].low} " in naming.full and word.istitle():
        return False  # "Balances rose … their balances"
    returns = naming.full.count(word) >= 2
    if naming.tokens[0].compound:  # "Telefix-sjefen", but also "Matkasse-gründere"
        return returns or word.isupper()
    if naming.low(0) in reader.trade_words:  # "Matkjeden": the headline's company, or a company of that name
        return returns or naming.full.endswith("\n")
    if returns or end >= len(naming.tokens) or "-" in word or any(c.isupper() or c.isdigit() for c in word[1:]):
        return True
    after = naming.low(end)
    if after == "," and end + 1 < len(naming.tokens):
        aside = naming.tokens[end + 1]
        if aside.low in _ASIDES or aside.code.startswith("§N"):
            return True  # "Acme, which …", "Mill, 53, …"
    if naming.sentence.where != "title" and reader.language.verb_second:
        verb = after in reader.openers or after in JOINS
        return verb and not naming.tokens[0].low.endswith(reader.language.noun_endings) and naming.before.opens()
    if after in reader.function_words:
        return after in reader.finite_verbs or after in JOINS
    return after in reader.vocabulary or after in JOINS
