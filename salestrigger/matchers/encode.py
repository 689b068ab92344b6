"""One sentence as the row of tokens that patterns are matched on: words, names, numbers.

Decides what in a sentence is a name and of which kind: an organisation (``O``), a person (``P``), either (``Q``), a
place (``L``), a public body, club or school (``G``), a capitalised word of unknown kind (``U``). Mentions that were
spotted are organisations as they stand; the rest is judged by capitals, the words before it and the language's word
lists. It knows no event types.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from salestrigger.matchers.amounts import Value, scan_values
from salestrigger.matchers.reader import LOWER_FORMS, ORGANISATION_WORDS, Reader
from salestrigger.matchers.sentences import Sentence
from salestrigger.matchers.types import Mention

GroupKind = Literal["O", "P", "Q", "L", "G", "U"]
TOKEN_LIMIT = 130  #: tokens of a sentence that are read
_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’.&/+-][^\W_]+)*\+?|[^\w\s]")
_QUOTES = frozenset("\"'“”‘’«»„`*")
_PARTICLES = frozenset({"van", "de", "der", "den", "von", "av", "af", "du", "di", "la", "le", "ter", "ten", "zu"})
_JOINS = frozenset({"'s", ":", "en", "og", "and", "och", "&"})  #: what follows a name rather than a noun
_BRACKETED = re.compile(r"\([^()]{0,60}\)")


@dataclass(frozen=True, slots=True)
class Group:
    """A name in a sentence. Offsets are in the document's full text."""

    kind: GroupKind
    surface: str
    start: int
    end: int
    mention_id: str | None = None


@dataclass(slots=True)
class Line:
    """A sentence, encoded. ``text`` has a space before, between and after its tokens."""

    sentence: Sentence
    text: str = ""
    starts: list[int] = field(default_factory=list)  #: where each token begins in ``text``
    spans: list[tuple[int, int]] = field(default_factory=list)  #: the characters of each token in the full text
    groups: list[Group] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)

    def token_at(self, position: int) -> int:
        """The number of the token that begins at or before ``position`` of ``text``."""
        return max(0, bisect_right(self.starts, position) - 1)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the full text that ``text[start:end]`` stands for."""
        first, last = self.token_at(start), self.token_at(max(start, end - 2))
        return self.spans[first][0], self.spans[last][1]


@dataclass(slots=True)
class _Token:
    text: str
    low: str
    start: int
    end: int
    code: str = ""  #: what it is encoded as, when it is no ordinary word
    capital: bool = False


def encode(full: str, sentence: Sentence, reader: Reader, mentions: Sequence[Mention]) -> Line:
    """Encode one sentence. ``mentions`` are those of the document, sorted by start."""
    line = Line(sentence)
    line.values = scan_values(full[sentence.start : sentence.end], reader, offset=sentence.start)
    tokens = _tokens(full, sentence, line.values)
    inside = [m for m in mentions if m.start < sentence.end and m.end > sentence.start]
    _mark_mentions(tokens, inside, line)
    _mark_names(full, tokens, reader, line)
    _write(tokens, line)
    return line


def _tokens(full: str, sentence: Sentence, values: list[Value]) -> list[_Token]:
    """Words and signs, with each number as one token; quotation marks and short brackets are left out."""
    hidden = [m.span() for m in _BRACKETED.finditer(full, sentence.start, sentence.end)]
    tokens: list[_Token] = []
    numbers = iter(enumerate(values))
    number, value = next(numbers, (0, None))
    position = sentence.start
    while len(tokens) < TOKEN_LIMIT and (match := _TOKEN.search(full, position, sentence.end)):
        start, end = match.span()
        if value is not None and value.start < end:
            start, end = value.start, max(value.end, start + 1)
            if start >= position and not any(a <= start < b for a, b in hidden):
                tokens.append(_Token(full[start:end], "", start, end, f"§{value.kind}{number}"))
            number, value = next(numbers, (0, None))
        elif any(a <= start < b for a, b in hidden):
            end = next(b for a, b in hidden if a <= start < b)
        else:
            tokens.extend(_words(match[0], start))
        position = max(end, position + 1)
    return tokens


def _words(text: str, start: int) -> list[_Token]:
    """A word; the genitive ``'s`` and the second half of "Kompas-topman" become words of their own."""
    if text in _QUOTES:
        return []
    end = start + len(text)
    capital = text[0].isupper() or (len(text) > 1 and text[1].isupper() and text[0].isalnum())
    if capital and text[-2:] in ("'s", "’s") and len(text) > 2:
        return [_Token(text[:-2], text[:-2].lower(), start, end - 2, capital=True), _Token("'s", "'s", end - 2, end)]
    head, dash, tail = text.rpartition("-")
    if capital and dash and tail.islower() and len(head) > 2:
        short = head.isupper() and len(head) <= 3
        first = _Token(head, head.lower(), start, start + len(head), capital=not short)
        return [first, _Token(tail, tail, end - len(tail), end)]
    return [_Token(text, text.lower(), start, end, capital=capital)]


def _mark_mentions(tokens: list[_Token], mentions: list[Mention], line: Line) -> None:
    for mention in mentions:
        covered = [t for t in tokens if t.start < mention.end and t.end > mention.start]
        if not covered or any(t.code for t in covered):
            continue
        code = f"§O{len(line.groups)}"
        line.groups.append(Group("O", mention.text, mention.start, mention.end, mention.mention_id))
        for token in covered:
            token.code, token.low = ("", "") if token is not covered[0] else (code, "")
        covered[0].end = max(covered[0].end, mention.end)
        tokens[:] = [t for t in tokens if t.code or t.low]


def _mark_names(full: str, tokens: list[_Token], reader: Reader, line: Line) -> None:
    headline = _all_capitals(tokens)
    at = 0
    while at < len(tokens):
        end = _name_end(tokens, at, reader, headline=headline)
        if end == at:
            at += 1
            continue
        at = _close_name(full, tokens, at, end, reader, line)


def _all_capitals(tokens: list[_Token]) -> bool:
    """Whether it is a headline in which (nearly) every word has a capital, so that capitals say nothing."""
    long = [t for t in tokens if not t.code and len(t.low) > 3 and t.low[0].isalpha()]
    return len(long) >= 4 and sum(t.capital for t in long) >= 0.75 * len(long)


def _name_end(tokens: list[_Token], at: int, reader: Reader, *, headline: bool) -> int:
    """The end of the name that begins at ``at``, or ``at`` when none does."""
    end = at
    while end < len(tokens):
        token = tokens[end]
        if token.code or not token.low:
            break
        if token.capital and not _ordinary(tokens, end, reader, headline=headline, inside=end > at):
            end += 1
        elif end > at and token.low in LOWER_FORMS and token.low not in ("as", "ab", "inc"):
            end += 1
        elif end > at and (step := _connects(tokens, at, end, reader, headline=headline)):
            end += step
        else:
            break
    return end


def _ordinary(tokens: list[_Token], at: int, reader: Reader, *, headline: bool, inside: bool) -> bool:
    """A capitalised word that is no name: its capital is due to its place, or it is a title or a nationality."""
    low = tokens[at].low
    following = at + 1 < len(tokens) and tokens[at + 1].capital
    if low in reader.titles:
        return True
    if low in reader.adjectives:
        return not inside
    starts = at == 0 or tokens[at - 1].low in (":", "–", "-", ".", "|", "?", "!")
    if starts or headline:
        if low in reader.function_words or low in reader.vocabulary:
            return not (starts and following and not headline and low not in reader.function_words and low in ORGANISATION_WORDS)
        return starts and low in reader.trade_words and not headline
    return low in reader.trade_words and following and not inside and headline


def _connects(tokens: list[_Token], at: int, end: int, reader: Reader, *, headline: bool) -> int:
    """How many words join what is before ``end`` to a capitalised word after them: "&", a person's "van der"."""
    low = tokens[end].low
    if low not in ("&", "+") and (low not in _PARTICLES or tokens[at].low not in reader.given_names):
        return 0
    step = 1
    while end + step < len(tokens) and tokens[end + step].low in _PARTICLES and step < 3 and low in _PARTICLES:
        step += 1
    if end + step >= len(tokens) or not tokens[end + step].capital or tokens[end + step].code:
        return 0
    return 0 if headline and tokens[end + step].low in reader.vocabulary else step


def _close_name(full: str, tokens: list[_Token], at: int, end: int, reader: Reader, line: Line) -> int:
    """Make tokens ``at:end`` one name; returns where to go on."""
    words = tokens[at:end]
    before = tokens[at - 1].low if at else ""
    kind = _kind(words, before, reader)
    if kind in ("O", "Q") and len(words) == 1 and at == 0 and not _surely_name(full, tokens, end, reader):
        kind = "U"
    start, stop = words[0].start, words[-1].end
    code = f"§{kind}{len(line.groups)}"
    line.groups.append(Group(kind, full[start:stop], start, stop))
    tokens[at:end] = [_Token(full[start:stop], "", start, stop, code)]
    return at + 1


def _surely_name(full: str, tokens: list[_Token], end: int, reader: Reader) -> bool:
    """Whether the single capitalised word that opens a sentence is a name: it returns, is written like one, or a verb
    that we know follows."""
    word = tokens[0].text
    if any(c.isupper() for c in word[1:]) or any(c.isdigit() for c in word) or "-" in word:
        return True
    if full.count(word) >= 2 or end >= len(tokens):
        return True
    after = tokens[end].low
    if after in reader.function_words:
        return after in reader.finite_verbs or after in _JOINS
    return after in reader.vocabulary or after in _JOINS


def _kind(words: list[_Token], before: str, reader: Reader) -> GroupKind:
    lows = [w.low for w in words]
    if any(low in reader.not_companies for low in lows) or before in reader.not_companies:
        return "G"
    if any(low in ORGANISATION_WORDS for low in lows):
        return "O"
    plain = all(w.text.replace("-", "").replace("'", "").replace("’", "").replace(".", "").isalpha() for w in words)
    if lows[0] in reader.given_names and (len(words) > 1 or before in reader.titles) and plain:
        return "P"
    if before in reader.titles and plain and len(words) > 1:
        return "P"
    if " ".join(lows) in reader.places or (before in reader.place_prepositions and len(words) <= 2 and plain):
        return "L"
    if before in reader.trade_words or not plain or len(words) == 1 or len(words) > 3:
        return "O"
    return "Q" if all(w.text[1:].islower() or "." in w.text or "-" in w.text for w in words) else "O"


def _write(tokens: list[_Token], line: Line) -> None:
    parts, position = [" "], 1
    for token in tokens:
        word = token.code or token.low
        line.starts.append(position)
        line.spans.append((token.start, token.end))
        parts.append(word + " ")
        position += len(word) + 1
    line.text = "".join(parts)
