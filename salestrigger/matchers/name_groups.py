"""Which words of a sentence are a name, and of what: an organisation, a person, a place, a public body.

Judged by capitals, the words beside them and the language's word lists; a hint for the roles of an event, not a
resolution: that is the matcher's work on spotted mentions.

====  ==========================================================
O     an organisation, or any name that is nothing else
P     a person
Q     a person or an organisation: two or three plain words
L     a place of the language's list
K     a name where places stand: "in Kompas"
G     a public body, club or school
U     an organisation that the sentence does not name: "the company" (``encode.py``)
====  ==========================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from salestrigger.matchers.capitals import all_capitals, settle_capitals
from salestrigger.matchers.reader import LOWER_FORMS, ORGANISATION_WORDS, Reader
from salestrigger.matchers.sentences import Sentence
from salestrigger.matchers.word_tokens import PLACED, Token

GroupKind = Literal["O", "P", "Q", "L", "K", "G", "U"]
_PARTICLES = frozenset({"van", "de", "der", "den", "von", "av", "af", "du", "di", "la", "le", "ter", "ten", "zu"})
_JOINS = frozenset({"'s", ":", "en", "og", "and", "och", "&"})  #: what follows a name rather than a noun
_NO_ARTICLE = frozenset({"bei", "von", "durch", "an", "mit"})  #: right before a name, or a noun in the plural
_INFLECTED = ("e", "en", "er", "es", "em")  #: ends of German adjectives
_NAMED_AFTER = frozenset({"bank", "university", "ministry", "department", "republic", "house", "bancorp"})
_ARTICLES = frozenset({"de", "het", "the", "den", "det"})
_ASIDES = frozenset({"which", "who", "whose", "som", "joka"})  #: after a comma: what is said of a name
_OPENERS = frozenset(":–-.|?!")  #: after these a capital says nothing
_FORMS_AFTER = LOWER_FORMS - {"as", "ab", "inc"}  #: legal forms in lower case that are no words


@dataclass(frozen=True, slots=True)
class Group:
    """A name in a sentence. Offsets are in the document's full text."""

    kind: GroupKind
    surface: str
    start: int
    end: int
    mention_id: str | None = None


class NamesBefore(Protocol):
    """What the sentences before one say of its names; asked only where it matters.

    ``kind_of``: what somebody is whom the text has named in full, by a surname in lower case. ``opens``: whether the
    sentence opens a text whose headline names nobody, so that it begins with a name as likely as not.
    """

    def kind_of(self, surname: str) -> GroupKind | None: ...
    def opens(self) -> bool: ...


@dataclass(slots=True)
class _Naming:
    """One sentence while its names are found; tokens that became a name are replaced by one coded token."""

    full: str
    sentence: Sentence
    tokens: list[Token]
    reader: Reader
    already: int
    headline: bool  #: nearly every word has a capital, so that capitals say nothing
    before: NamesBefore
    groups: list[Group] = field(default_factory=list)

    def low(self, at: int) -> str:
        """The word at ``at`` in lower case; empty outside and for what is no word."""
        return self.tokens[at].low if 0 <= at < len(self.tokens) else ""

    def capital(self, at: int) -> bool:
        """Whether an uncoded word with a capital stands at ``at``."""
        return 0 <= at < len(self.tokens) and self.tokens[at].capital and not self.tokens[at].code


def find_names(
    full: str, sentence: Sentence, tokens: list[Token], reader: Reader, *, already: int, before: NamesBefore
) -> list[Group]:
    """The names among ``tokens``, which are coded in place (numbered from ``already``)."""
    settle_capitals(full, sentence, tokens, reader)
    headline = all_capitals(tokens) and not reader.language.nouns_capital
    naming = _Naming(full, sentence, tokens, reader, already, headline, before)
    at = 0
    while at < len(tokens):
        if not tokens[at].capital:
            pass
        elif body := _public_name(naming, at):
            _close_public(naming, at, at + body)
        elif (end := _name_end(naming, at)) > at:
            _close_name(naming, at, end)
        at += 1
    return naming.groups


def _public_name(naming: _Naming, at: int) -> int:
    """How many words the public body has that is named at ``at``: "Securities and Exchange Commission"; 0 for none."""
    bodies = naming.reader.public_names.get(naming.low(at), ()) if naming.capital(at) else ()
    return next((len(b) for b in bodies if all(naming.low(at + i) == word for i, word in enumerate(b))), 0)


def _close_public(naming: _Naming, at: int, end: int) -> None:
    start, stop = naming.tokens[at].start, naming.tokens[end - 1].end
    code = f"§G{naming.already + len(naming.groups)}"
    naming.groups.append(Group("G", naming.full[start:stop], start, stop))
    naming.tokens[at:end] = [Token(naming.full[start:stop], "", start, stop, code)]


def _name_end(naming: _Naming, at: int) -> int:
    """The end of the name that begins at ``at``, or ``at`` when none does."""
    end = at
    while end < len(naming.tokens):
        low = naming.low(end)
        if naming.tokens[end].code or not low:
            break
        if (naming.capital(end) and not _ordinary(naming, end, inside=end > at)) or (end > at and low in _FORMS_AFTER):
            end += 1
        elif end > at and (step := _connects(naming, at, end)):
            end += step
        else:
            break
    return end


def _ordinary(naming: _Naming, at: int, *, inside: bool) -> bool:
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


def _position(naming: _Naming, at: int) -> bool:
    """Whether the word is a person's position or opens one: "Chief Executive", but "General Motors" is a name."""
    reader, low = naming.reader, naming.low(at)
    if low not in reader.titles:
        return False
    return low in reader.title_ends or not naming.capital(at + 1) or naming.low(at + 1) in reader.titles


def _after_abbreviation(naming: _Naming, at: int) -> bool:
    """Wires write a capital after the dot of "U.S." as if a sentence began."""
    before = naming.tokens[at - 1]
    return not before.code and len(before.text) > 1 and before.text.endswith(".")


def _due_to_place(naming: _Naming, at: int, end: int) -> bool:
    """Whether the capital of a single word says nothing: it opens the sentence, or follows a wire's abbreviation, as in
    "the U.S. Suggested that"."""
    if at == 0:
        return not _surely_name(naming, end)
    word = naming.tokens[at].text
    dotted = _after_abbreviation(naming, at) and naming.tokens[at - 1].text.count(".") > 1
    return dotted and word.istitle() and naming.full.count(word) < 2


def _starts(naming: _Naming, at: int) -> bool:
    """Whether a capital at ``at`` is due to its place: it opens a sentence, or perhaps does ("€ 88 mln. Tegelijk")."""
    if at == 0 or naming.low(at - 1) in _OPENERS or _after_abbreviation(naming, at):
        return True
    return naming.tokens[at - 1].code.startswith("§M")


def _common_noun(naming: _Naming, at: int) -> bool:
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
    if naming.low(at - 1) in reader.name_adjectives and naming.tokens[at - 1].capital:
        return False
    if at and naming.tokens[at - 1].capital and naming.low(at - 1) in reader.trade_words:
        return False  # "Kranbauer Hebewerk"
    if naming.low(at - 1) == "und" and at > 1 and naming.tokens[at - 2].code[:2] in ("§O", "§Q"):
        return False  # "Autohaus Brand und Felten", "Volksbanken Hohenfels und Rieserland"
    if reader.is_noun(low) and (text[1:].islower() or "-" in text):
        return naming.low(at + 1) not in ORGANISATION_WORDS  # "Bundesminister Gabriel", but "Nordlogistik GmbH"
    return _built_as_noun(naming, at)


def _built_as_noun(naming: _Naming, at: int) -> bool:
    """Whether what is around a capitalised word says that it is a noun: an article, a number, an adjective."""
    reader, text = naming.reader, naming.tokens[at].text
    if any(c.isupper() or c.isdigit() for c in text[1:]) or naming.capital(at + 1):
        return False
    if "-" in text or (at and naming.tokens[at - 1].code.startswith("§N")):
        return True
    before = naming.low(at - 1)
    adjective = len(before) > 4 and before.endswith(_INFLECTED) and before not in reader.vocabulary
    return before in reader.determiners or (adjective and not naming.capital(at - 1))


def _connects(naming: _Naming, at: int, end: int) -> int:
    """How many words join what is before ``end`` to a capitalised word after them: "&", a person's "van der"."""
    low = naming.low(end)
    if low == "of" and naming.low(at) in _NAMED_AFTER and end == at + 1 and naming.capital(end + 1):
        return 1
    particle = low in _PARTICLES and naming.low(at) in naming.reader.given_names
    if low not in ("&", "+") and not particle:
        return 0
    step = 1
    while particle and step < 3 and naming.low(end + step) in _PARTICLES:
        step += 1
    if not naming.capital(end + step):
        return 0
    return 0 if naming.headline and naming.low(end + step) in naming.reader.vocabulary else step


def _close_name(naming: _Naming, at: int, end: int) -> None:
    """Make the tokens ``at:end`` one name."""
    words = naming.tokens[at:end]
    if naming.low(end).endswith(PLACED):
        return  # "the Los Angeles-based maker"
    before = naming.low(at - 1)
    if before in _ARTICLES and naming.low(at - 2) in naming.reader.not_companies:
        before = naming.low(at - 2)  # "Basisschool De Wilg"
    kind = _kind(words, before, naming.low(end), naming.reader)
    if kind == "K" and (naming.low(at - 2) in naming.reader.bodies or naming.low(at - 2) in naming.reader.titles):
        kind = "O"  # "styret i Isfjord Sjømat"
    if kind in ("O", "Q", "K") and len(words) == 1:
        kind = naming.before.kind_of(words[0].low) or kind
    if naming.low(at - 1) in _JOINS and at >= 2 and naming.tokens[at - 2].code.startswith("§G"):
        kind = "G"  # "gemeenten A en B"
    if kind != "P" and naming.low(at - 1) in ("of", "for") and at >= 2 and _public(naming, at - 2):
        kind = "G"  # "Ministry of International Trade"
    if kind in ("O", "Q") and len(words) == 1 and _due_to_place(naming, at, end):
        return
    if kind in ("O", "Q") and naming.low(at - 1) in ("of", "from") and naming.tokens[at - 2].code[:2] in ("§O", "§Q"):
        kind = "K"  # "Redbrick Brewery of Stoke"
    start, stop = words[0].start, words[-1].end
    if stop - start == 1:
        return  # a single letter
    code = f"§{kind}{naming.already + len(naming.groups)}"
    naming.groups.append(Group(kind, naming.full[start:stop], start, stop))
    naming.tokens[at:end] = [Token(naming.full[start:stop], "", start, stop, code)]


def _public(naming: _Naming, at: int) -> bool:
    """Whether a public body, or the word for one, stands at ``at``."""
    return naming.tokens[at].code.startswith("§G") or naming.low(at) in naming.reader.not_companies


def _surely_name(naming: _Naming, end: int) -> bool:
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
        verb = after in reader.openers or after in _JOINS
        return verb and not naming.tokens[0].low.endswith(reader.language.noun_endings) and naming.before.opens()
    if after in reader.function_words:
        return after in reader.finite_verbs or after in _JOINS
    return after in reader.vocabulary or after in _JOINS


def _kind(words: list[Token], before: str, after: str, reader: Reader) -> GroupKind:
    lows = [w.low for w in words]
    if any(low in reader.not_companies for low in (*lows, before, after)):
        return "G"
    if lows[0] == "bank" and lows[1:2] == ["of"]:
        return "G" if " ".join(lows[2:]) in reader.places else "O"  # a central bank
    if any(low in ORGANISATION_WORDS for low in lows):
        return "O"
    plain = all(w.text.translate(_SIGNS).isalpha() for w in words)
    titled = before in reader.title_ends
    if plain and (titled or (lows[0] in reader.given_names and len(words) > 1)):
        return "P"
    if (place := " ".join(lows)) in reader.places or (place.endswith("s") and place[:-1] in reader.places):
        return "L"
    if before in reader.place_prepositions and len(words) <= 2 and plain:
        return "K"
    if before in reader.trade_words or not plain or not 2 <= len(words) <= 3:
        return "O"
    return "Q" if all(w.text[1:].islower() or "." in w.text or "-" in w.text for w in words) else "O"


_SIGNS = str.maketrans("", "", "-'’.")
