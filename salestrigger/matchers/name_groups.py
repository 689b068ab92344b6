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

import re

from salestrigger.matchers.capitals import all_capitals, settle_capitals
from salestrigger.matchers.naming import Group, GroupKind, NamesBefore, Naming
from salestrigger.matchers.ordinary_words import JOINS, is_due_to_place, is_ordinary
from salestrigger.matchers.reader import LOWER_FORMS, ORGANISATION_WORDS, Reader
from salestrigger.matchers.sentences import Sentence
from salestrigger.matchers.word_tokens import PLACED, Token

_PARTICLES = frozenset({"van", "de", "der", "den", "von", "av", "af", "du", "di", "la", "le", "ter", "ten", "zu"})
_NAMED_AFTER = frozenset({"bank", "university", "ministry", "department", "republic", "house", "bancorp"})
_ARTICLES = frozenset({"de", "het", "the", "den", "det"})
_ANDS = frozenset({"og", "en", "och", "und", "and", "ja"})
_FORMS_AFTER = LOWER_FORMS - {"as", "ab", "inc"}  #: legal forms in lower case that are no words


def find_names(
    full: str, sentence: Sentence, tokens: list[Token], reader: Reader, *, already: int, before: NamesBefore
) -> list[Group]:
    """The names among ``tokens``, which are coded in place (numbered from ``already``)."""
    settle_capitals(full, sentence, tokens, reader)
    headline = all_capitals(tokens) and not reader.language.nouns_capital
    naming = Naming(full, sentence, tokens, reader, already, headline, before)
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


def _public_name(naming: Naming, at: int) -> int:
    """How many words the public body has that is named at ``at``: "Securities and Exchange Commission"; 0 for none."""
    bodies = naming.reader.public_names.get(naming.low(at), ()) if naming.capital(at) else ()
    return next((len(b) for b in bodies if all(naming.low(at + i) == word for i, word in enumerate(b))), 0)


def _close_public(naming: Naming, at: int, end: int) -> None:
    start, stop = naming.tokens[at].start, naming.tokens[end - 1].end
    code = f"§G{naming.already + len(naming.groups)}"
    naming.groups.append(Group("G", naming.full[start:stop], start, stop))
    naming.tokens[at:end] = [Token(naming.full[start:stop], "", start, stop, code)]


def _name_end(naming: Naming, at: int) -> int:
    """The end of the name that begins at ``at``, or ``at`` when none does."""
    end = at
    while end < len(naming.tokens):
        low = naming.low(end)
        if naming.tokens[end].code or not low:
            break
        if (naming.capital(end) and not is_ordinary(naming, end, inside=end > at)) or (
            end > at and low in _FORMS_AFTER
        ):
            end += 1
        elif end > at and (step := _connects(naming, at, end)):
            end += step
        else:
            break
    return end


def _connects(naming: Naming, at: int, end: int) -> int:
    """How many words join what is before ``end`` to a capitalised word after them: "&", a person's "van der"."""
    low = naming.low(end)
    if low in _ANDS and naming.low(at - 1) == ":" and naming.capital(end + 1) and naming.low(end + 2) in LOWER_FORMS:
        return 1  # a register's line: "Innsendt årsregnskap: Solvik Sveis og Montasje AS"
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


def _close_name(naming: Naming, at: int, end: int) -> None:
    """Make the tokens ``at:end`` one name."""
    words = naming.tokens[at:end]
    if naming.low(end).endswith(PLACED) or _counted(naming, at, end):
        return  # "the Los Angeles-based maker"
    before = naming.low(at - 1)
    if before in _ARTICLES and naming.low(at - 2) in naming.reader.not_companies:
        before = naming.low(at - 2)  # "Basisschool De Wilg"
    kind = _kind(words, before, naming.low(end), naming.reader)
    if kind == "K" and (naming.low(at - 2) in naming.reader.bodies or naming.low(at - 2) in naming.reader.titles):
        kind = "O"  # "styret i Isfjord Sjømat"
    if len(words) == 1:
        kind = _of_one_word(naming, words[0], kind)
    if naming.low(at - 1) in JOINS and at >= 2 and naming.tokens[at - 2].code.startswith("§G"):
        kind = "G"  # "gemeenten A en B"
    if kind != "P" and naming.low(at - 1) in ("of", "for") and at >= 2 and _public(naming, at - 2):
        kind = "G"  # "Ministry of International Trade"
    if kind in ("O", "Q") and len(words) == 1 and is_due_to_place(naming, at, end):
        return
    if kind in ("O", "Q") and naming.low(at - 1) in ("of", "from") and naming.tokens[at - 2].code[:2] in ("§O", "§Q"):
        kind = "K"  # "Redbrick Brewery of Stoke"
    start, stop = words[0].start, words[-1].end
    if stop - start == 1:
        return  # a single letter
    code = f"§{kind}{naming.already + len(naming.groups)}"
    naming.groups.append(Group(kind, naming.full[start:stop], start, stop))
    naming.tokens[at:end] = [Token(naming.full[start:stop], "", start, stop, code)]


def _counted(naming: Naming, at: int, end: int) -> bool:
    """Whether a headline's capitals are of things that it counts: "Order for Two Cable Layers"."""
    if not naming.headline:
        return False
    many = naming.reader.numbers.get(naming.low(at - 1), 0) > 1 or (at and naming.tokens[at - 1].code.startswith("§N"))
    while many and naming.capital(end) and naming.low(end) not in naming.reader.function_words:
        end += 1
    return bool(many) and naming.tokens[end - 1].low.endswith("s") and naming.low(end) not in JOINS


def _of_one_word(naming: Naming, word: Token, kind: GroupKind) -> GroupKind:
    """The kind of a name of one word, by what the text has named in full."""
    if kind == "P" and _may_be_whose(naming, word):
        kind = "Q"
    return naming.before.kind_of(word.low) or kind if kind in ("O", "Q", "K") else kind


def _may_be_whose(naming: Naming, word: Token) -> bool:
    """Whether a single name after a position in a headline may be the company's: "Topman Kokvik stapt op". It is the
    person's where the text has a first name before it."""
    reader = naming.reader
    if not reader.language.position_before_company or naming.sentence.where != "title":
        return False
    if word.low in reader.given_names:
        return False
    before = re.findall(rf"(\w+) (?:(?:van|de|der|den|ter|ten) )*{re.escape(word.text)}\b", naming.full[word.end :])
    return not any(first[0].isupper() and first.lower() not in reader.vocabulary for first in before)


def _public(naming: Naming, at: int) -> bool:
    """Whether a public body, or the word for one, stands at ``at``."""
    return naming.tokens[at].code.startswith("§G") or naming.low(at) in naming.reader.not_companies


def _kind(words: list[Token], before: str, after: str, reader: Reader) -> GroupKind:
    lows = [w.low for w in words]
    titled = before in reader.title_ends
    person = len(words) == 2 and (titled or lows[0] in reader.given_names)  # "Ceo Yasmin Oudkerk" is no church
    if any(low in reader.not_companies for low in (*(lows[:-1] if person else lows), before, after)):
        return "G"
    if lows[0] == "bank" and lows[1:2] == ["of"]:
        return "G" if " ".join(lows[2:]) in reader.places else "O"  # a central bank
    if any(low in ORGANISATION_WORDS for low in lows):
        return "O"
    plain = all(w.text.translate(_SIGNS).isalpha() for w in words)
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
